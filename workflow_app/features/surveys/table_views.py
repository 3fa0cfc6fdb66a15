"""Answers that were given in a form service, entered from its table: first each cell is read and shown, then all go in or none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response, flash, g, make_response, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app.content_types.survey import EnterAnswers
from workflow_app.errors import N_, Sentence, WorkflowError
from workflow_app.features.surveys.effects import TABLE
from workflow_app.features.surveys.views import crumbs, items, page, survey_of
from workflow_app.files.read_table import Table
from workflow_app.files.table_columns import Match, match_columns
from workflow_app.surveys.questions import Item, entered
from workflow_app.web import uploads
from workflow_app.web.formatting import say
from workflow_app.web.next_page import go
from workflow_app.web.page import LOGGED_IN
from workflow_app.web.request_scope import here
from workflow_app.web.transition_view import attempt, offered, take_turn

MOST = 1000  # rows of one table


@dataclass(slots=True)
class Line:
    """A row of the table: its number, its cells by field, the answer that it is, what is wrong by field."""

    number: int
    cells: Mapping[str, str]
    answer: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, Sentence] = field(default_factory=dict)


@page("/surveys/<int:id>/table", readers=LOGGED_IN, methods=("GET", "POST"), before=uploads.read_sent_table)
def table(id: int) -> Response | str:
    """Take the table, show what is wrong in which cell, and on the second press enter all rows."""
    row = survey_of(id)
    may, asked = offered(row, "enter_answers").open and row.anonymous, items(row)
    if request.method != "POST" or not may:
        return _page(row, asked, may=may)
    take_turn(row)
    sent: Table | None = g.sent_table
    match = _columns(asked, sent) if sent else Match({}, (g.table_fault,))
    missing = [
        *match.missing,
        *([N_("Строк больше %(most)s: разделите таблицу.", most=MOST)] if sent and len(sent.rows) > MOST else []),
    ]
    if sent is None or missing:
        return make_response(_page(row, asked, may=may, errors=missing), 422)
    lines = [_line(asked, match, one.number, one.cells) for one in sent.rows]
    wrong = sum(bool(one.problems) for one in lines)
    if request.form.get("do") == "keep" and not wrong:
        return _enter(row, asked, lines)
    shown = _page(
        row, asked, may=may, lines=lines, wrong=wrong, text=sent.as_text(), unused=[*match.unknown, *match.repeated]
    )
    return make_response(shown, 422 if wrong else 200)


def _columns(asked: tuple[Item, ...], sent: Table) -> Match:
    """Find the columns: by the words of a question, of a grid by those of each statement, in brackets after the question or alone."""
    wanted, optional = {}, []
    for item in asked:
        for line in item.lines:
            names = (line.name,) if item.kind != "grid" else (f"{item.name} [{line.name}]", line.name)
            wanted[line.field] = names
            optional += [line.field] if item.optional else []
    return match_columns(sent.header, wanted, optional)


def _line(asked: tuple[Item, ...], match: Match, number: int, cells: Any) -> Line:
    mine = {name: cells[place].strip() if place < len(cells) else "" for name, place in match.columns.items()}
    answer, problems = entered(asked, {name: [one] for name, one in mine.items()})
    return Line(number, mine, answer, problems)


def _enter(row: Any, asked: tuple[Item, ...], lines: list[Line]) -> Response:
    file = request.files.get("file")
    here().session.info[TABLE] = [one.answer for one in lines]
    try:
        attempt(row, "enter_answers", EnterAnswers(many=len(lines), file=(file.filename or "")[:200] if file else ""))
    except WorkflowError as error:
        return make_response(_page(row, asked, may=True, errors=[error.sentence]), 409)
    flash(_("Загружено ответов: %(n)s.", n=len(lines)), "success")
    return go("records.survey", id=row.id)


def _page(  # noqa: PLR0913 - what the page shows, each by name
    row: Any, asked: tuple[Item, ...], *, may: bool, errors: list[Sentence] | None = None, lines: list[Line] | None = None,
    wrong: int = 0, text: str | None = None, unused: list[Sentence] | None = None,
) -> str:  # fmt: skip
    return render_template(
        "surveys/table.html", row=row, columns=[line for item in asked for line in item.lines], may=may, lines=lines or [], wrong=wrong,
        errors=[{"text": say(one), "target": "f-rows"} for one in errors or ()], unused=[say(one) for one in unused or ()],
        text=request.form.get("rows", "") if text is None else text, breadcrumbs=crumbs(row, _("Загрузить ответы")),
        back=url_for("records.survey", id=row.id),
    )  # fmt: skip
