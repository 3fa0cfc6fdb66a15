"""Results of a survey: n first, how the answers are spread, in pictures with their tables; beside them those of other stages.

Compared are surveys that ask the very same, and those that repeat each other: these stand there at once, question by question in
the same words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from flask import Response, render_template, request, url_for
from flask_babel import format_decimal
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select

from workflow_app.content_types.plan_item import STAGES
from workflow_app.db import survey_answers
from workflow_app.db.models import RECORDS, Municipality
from workflow_app.facts import succession
from workflow_app.facts.standings import visible
from workflow_app.features.surveys.views import crumbs, items, may_begin, open_url, page, picture_of, survey_of
from workflow_app.spelling import order_key
from workflow_app.states.vocabulary import Permission
from workflow_app.surveys import picture, tally
from workflow_app.surveys.questions import WHO, WORDS, Item, Line
from workflow_app.surveys.splits import splitting
from workflow_app.web.formatting import say
from workflow_app.web.page import LOGGED_IN
from workflow_app.web.request_scope import here
from workflow_app.web.table_page import exported, exports

_COMPARED = 2  # surveys beside the one that was asked for


@dataclass(frozen=True, slots=True)
class Column:
    """One of the surveys that stand side by side: its row, its words, its kept answers, what they say by question and statement."""

    row: Any
    title: str
    answers: list[dict[str, Any]]
    told: tuple[tally.Told, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """What is shown of one line of one survey."""

    told: tally.Told
    bars: list[dict[str, Any]]
    svg: Markup
    mean: str
    satisfied: str
    texts: list[tuple[str, int]]


@page("/surveys/<int:id>/results", readers=LOGGED_IN)
def results(id: int) -> str:
    """Show what the answers say; of fewer than five nothing. ``with`` names surveys that are shown beside it, else its repetitions."""
    row = survey_of(id)
    alike, linked = _alike(row)
    named = request.args.getlist("with")
    chosen = [one for one in alike if (str(one.id) in named if named else one.id in linked)][:_COMPARED]
    columns = [_column(one) for one in sorted((row, *chosen), key=lambda one: (one.stage, one.until, one.id))]
    mine = next(one for one in columns if one.row is row)
    return render_template(
        "surveys/results.html", row=row, n=len(mine.answers), least=tally.LEAST, groups=_groups(items(row), columns),
        columns=[{"title": one.title, "n": len(one.answers), "url": "" if one.row is row else _url(one.row)} for one in columns],
        shares=[_shares(one) for one in columns] if any(one.counts for one in items(row)) else [],
        others=[
            {"title": f"{one.title}, {_stage(one)}", "url": _url(row, *(other.id for other in chosen), one.id)}
            for one in alike if one not in chosen
        ],
        exports=exports("surveys.export", id=id), alone_url=_url(row, 0) if chosen else "",
        split_url=url_for("surveys.split", id=id) if row.state == "closed" and splitting(items(row)) else "",
        repeat_url=url_for("surveys.repeat", id=id) if may_begin() else "", breadcrumbs=crumbs(row, _("Результаты")),
    )  # fmt: skip


def _url(row: Any, *beside: int) -> str:
    return url_for("surveys.results", id=row.id) + (
        f"?{urlencode([('with', one) for one in beside])}" if beside else ""
    )


def _stage(row: Any) -> str:
    return next((say(one.label) for one in STAGES if one.value == row.stage), "")


def _alike(row: Any) -> tuple[list[Any], set[int]]:
    """Return the other surveys that ask the very same or repeat each other, by stage, and which repeat: those the reader may see."""
    scope, model = here(), RECORDS["survey"]
    found = visible(scope.me, Permission.VIEW, model).among(model.state.in_(("open", "closed")), model.id != row.id)
    rows = scope.session.scalars(select(model).where(found.condition)).all()
    linked = succession.linked(scope.session, row) - {row.id}
    alike = (one for one in rows if one.id in linked or _asked(one) == _asked(row))
    return sorted(alike, key=lambda one: (one.stage, one.until, one.id)), linked


def _asked(row: Any) -> list[Item]:
    return [replace(one, splits=False) for one in items(row)]


def _column(row: Any) -> Column:
    answers = survey_answers.kept(here().session, row.id)
    return Column(row, _stage(row).partition(",")[0], answers, tally.tally(items(row), answers))


def _groups(asked: Sequence[Item], columns: Sequence[Column]) -> list[dict[str, Any]]:
    words, found = {key: say(one) for key, one in WORDS.items()}, []
    by_words = [{_same(one.item, one.line): one for one in column.told} for column in columns]
    for item in asked:
        told = {line: [one.get(_same(item, line)) for one in by_words] for line in item.lines}
        lines = [
            {"line": line, "told": [cell_of(one, words) if one else None for one in those]}
            for line, those in told.items()
        ]
        found.append({"item": item, "lines": lines})
    return found


def _same(item: Item, line: Line) -> tuple[object, ...]:
    """Return by what a line is the same in two surveys: its words and what may be answered."""
    return order_key(item.name), item.kind, item.values, order_key(line.name)


def cell_of(told: tally.Told, words: dict[str, str]) -> Cell:
    """Return what is shown of one line; ``words`` of the answers that are kept as words of the program."""
    bars = [{"label": words.get(one.value, one.value), "n": one.n, "percent": number(one.percent)} for one in told.bars]
    drawn = [
        picture.Drawn(words.get(one.value, one.value), one.n / told.n, f"{one.n} · {number(one.percent)} %")
        for one in told.bars
    ]
    svg = Markup(picture.bars(told.line.name, drawn)) if drawn else Markup("")  # noqa: S704 - the words in it are escaped there
    texts = sorted(Counter(told.texts).items(), key=lambda one: (-one[1], one[0]))
    return Cell(told, bars, svg, number(told.mean), _share(told.satisfied) if told.satisfied else "", texts)


def _shares(column: Column) -> dict[str, str]:
    asked = items(column.row)
    statements = tally.satisfaction(asked, column.answers)
    people = tally.satisfaction(asked, column.answers, tally.BY_PEOPLE)
    return {
        "title": column.title,
        "statements": _share(statements),
        "people": _share(people),
        "unsure": str(statements.unsure),
    }


def _share(share: tally.Share) -> str:
    if share.percent is None:
        return "—"
    said: str = _(
        "%(percent)s %% (%(part)s из %(whole)s)",
        percent=number(share.percent),
        part=share.numerator,
        whole=share.denominator,
    )
    return said


def number(value: Decimal | None) -> str:
    """Return a number as people write it; nothing for none."""
    return "" if value is None else format_decimal(value)


@page("/surveys/<int:id>/results.<any(csv, xlsx):kind>", readers=LOGGED_IN)
def export(id: int, kind: str) -> Response:
    """Give the distributions as a table: sums alone, never an answer as a whole; of a named survey the answers by name."""
    row = survey_of(id)
    if not row.anonymous:
        return _named(row, kind)
    mine, words = _column(row), {key: say(one) for key, one in WORDS.items()}
    lines: list[list[Any]] = []
    for told in mine.told if len(mine.answers) >= tally.LEAST else ():
        start = [told.item.name, told.line.name if told.item.kind == "grid" else "", told.n]
        lines += [[*start, words.get(one.value, one.value), one.n, number(one.percent)] for one in told.bars]
        lines += [[*start, text, "", ""] for text in told.texts]
        lines += [[*start, _("меньше пяти ответов: не показано"), "", ""]] if told.hidden else []
    header = [_("Вопрос"), _("Утверждение"), _("Ответили"), _("Ответ"), _("Человек"), _("Доля в процентах")]
    return exported(kind, header, lines, row.title)


def _named(row: Any, kind: str) -> Response:
    """Give the answers of a survey that told everybody that it is not anonymous; the reading is logged."""
    here().note_reading("survey answers", "survey", row.id)
    words = {key: say(one) for key, one in WORDS.items()}
    lines = [line for item in items(row) for line in item.lines]
    answers = sorted(survey_answers.kept(here().session, row.id), key=lambda one: str(one.get(WHO, "")))
    rows = [[one.get(WHO, ""), *(_words(one.get(line.field), words) for line in lines)] for one in answers]
    return exported(kind, [_("Кто отвечал"), *(line.name for line in lines)], rows, row.title)


def _words(value: Any, words: dict[str, str]) -> str:
    many = value if isinstance(value, list) else [value or ""]
    return "; ".join(words.get(one, one) for one in many)


@page("/surveys/<int:id>/poster", readers=LOGGED_IN)
def poster(id: int) -> str:
    """Show a sheet to be hung up: what is asked, the address, its QR code."""
    row = survey_of(id)
    url = open_url(survey_answers.box_of(here().session, row.id))
    return render_template(
        "surveys/poster.html", row=row, url=url, picture=picture_of(url),
        until=f"{row.until:%d.%m.%Y}", breadcrumbs=crumbs(row, _("Листовка с QR-кодом")),
        centre_name=here().session.get_one(Municipality, row.municipality_id).name,
    )  # fmt: skip
