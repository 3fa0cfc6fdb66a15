"""Results of an ended survey by the groups of one question; who is hidden there is hidden in the table, too (``surveys.splits``)."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, render_template, url_for
from flask_babel import gettext as _

from workflow_app.db import survey_answers
from workflow_app.errors import N_
from workflow_app.features.surveys.result_views import cell_of, number
from workflow_app.features.surveys.views import crumbs, items, page, survey_of
from workflow_app.surveys import splits
from workflow_app.surveys.questions import WORDS
from workflow_app.web.formatting import say
from workflow_app.web.page import LOGGED_IN
from workflow_app.web.request_scope import here
from workflow_app.web.table_page import exported, exports

_SILENT = N_("Не ответили на этот вопрос")


def _split_of(id_: int) -> tuple[Any, splits.Split]:
    """Return a survey and its results by groups; 404 while it runs: two looks would tell of those who came between."""
    row = survey_of(id_)
    asked = items(row)
    by = splits.splitting(asked)
    if by is None or row.state != "closed":
        abort(404)
    return row, splits.split(asked, by, survey_answers.kept(here().session, row.id))


def _words() -> dict[str, str]:
    return {splits.SILENT: say(_SILENT), **{key: say(one) for key, one in WORDS.items()}}


@page("/surveys/<int:id>/groups", readers=LOGGED_IN)
def split(id: int) -> str:
    """Show each question by groups, side by side; small groups are hidden, and so much beside them that they cannot be reckoned."""
    row, found = _split_of(id)
    words = _words()
    names = [words.get(one.value, one.value) for one in found.groups]
    shown: list[dict[str, Any]] = []
    for one in found.lines:
        if not shown or shown[-1]["item"] is not one.item:
            shown.append({"item": one.item, "lines": []})
        cells = [cell_of(told, words) if told else None for told in one.groups]
        shown[-1]["lines"].append(
            {"line": one.line, "groups": list(zip(names, cells, strict=True)), "whole": cell_of(one.whole, words)}
        )
    return render_template(
        "surveys/groups.html", row=row, by=found.by, shown=shown, groups=list(zip(names, found.groups, strict=True)),
        away=[name for name, one in zip(names, found.groups, strict=True) if one.n is None],
        exports=exports("surveys.split_export", id=id), back=url_for("surveys.results", id=id), breadcrumbs=crumbs(row, _("По группам")),
    )  # fmt: skip


@page("/surveys/<int:id>/groups.<any(csv, xlsx):kind>", readers=LOGGED_IN)
def split_export(id: int, kind: str) -> Response:
    """Give the same as a table."""
    row, found = _split_of(id)
    words = _words()
    header = [
        _("Вопрос"),
        _("Утверждение"),
        _("Группа"),
        _("Ответили"),
        _("Среднее"),
        _("Ответ"),
        _("Человек"),
        _("Доля в процентах"),
    ]
    lines: list[list[Any]] = []
    for one in found.lines:
        start = [one.item.name, one.line.name if one.item.kind == "grid" else ""]
        for group, told in zip(found.groups, one.groups, strict=True):
            mine = [*start, words.get(group.value, group.value)]
            if told is None:
                lines.append([*mine, _("скрыто"), "", "", "", ""])
                continue
            mean = number(told.mean)
            lines += [
                [*mine, told.n, mean, words.get(bar.value, bar.value), bar.n, number(bar.percent)] for bar in told.bars
            ]
    return exported(kind, header, lines, row.title)
