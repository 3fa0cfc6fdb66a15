"""The dashboard: at most eight pictures, each with a sentence as its title, a table behind it, rows behind every number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast
from urllib.parse import urlencode

from flask import Response, render_template, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from workflow_app import clock
from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.documents.docx import write
from workflow_app.errors import N_
from workflow_app.facts import deadlines, naming
from workflow_app.features.dashboard import asked, paper
from workflow_app.features.dashboard.asked import Page
from workflow_app.figures import drawing
from workflow_app.figures.grids import Figure, Number, Words
from workflow_app.files.write_table import Cell, write_sheets
from workflow_app.states.vocabulary import Role
from workflow_app.web import pickers
from workflow_app.web import table_page as kit
from workflow_app.web.formatting import say
from workflow_app.web.page import Menu, Slice, roles
from workflow_app.web.request_scope import here

slice_ = Slice("dashboard")
READERS = roles(Role.DIRECTOR, Role.COORDINATOR, Role.DEPARTMENT, Role.REGIONAL)


@slice_.page("/dashboard", readers=READERS, menu=Menu(15, N_("Сводка"), "chart", "examination"))
def dashboard() -> str:
    """Show the pictures."""
    page = asked.page()
    what, outside = page.asked, page.asked.outside
    places = None if outside else asked.places()
    exports = kit.exports("dashboard.export", ("xlsx", "docx"))
    return render_template(
        "dashboard/dashboard.html", outside=outside, words=page.words, exports=exports, what=what,
        strip=[(say(words), *_shown(number, page)) for words, number in page.strip],
        figures=[_figure(one, page) for one in page.figures], places=_box(places),
        types=[("", _("Все")), *((key, say(kind.title)) for key, kind in CASE_TYPES.items())],
        years=[*([] if outside else [("", _("За всё время"))]), *((str(one.start), str(one)) for one in page.years)],
        reset_url=url_for("dashboard.dashboard"), active=asked.filters_of(what),
    )  # fmt: skip


def _box(places: Any) -> Any:
    return (
        pickers.filter_box("organization", _("Организация"), places)
        if places is not None and places.has_many()
        else None
    )


def _figure(one: Figure, page: Page) -> dict[str, Any]:
    """Return a figure as the template shows it."""
    title = _said(one.title)
    return {
        "key": one.key, "title": title, "hint": say(one.hint), "headers": [say(words) for words in one.headers],
        "lines": [
            {"label": _said(line.label), "total": line.total, "cells": [_cell(cell, page) for cell in line.cells]}
            for line in one.lines
        ],
        "picture": "" if one.is_empty else Markup(drawing.bars(title, one.bars, _said)),  # noqa: S704 - our own SVG, its words escaped
        "legend": [(say(words), tone) for words, tone in one.legend],
    }  # fmt: skip


def _said(words: Words) -> str:
    """Return words as the beginning of a sentence."""
    found = say(words)
    return found[:1].upper() + found[1:]


def _cell(cell: Number | Words, page: Page) -> tuple[str, str]:
    return _shown(cell, page) if isinstance(cell, Number) else (say(cell), "")


def _shown(number: Number, page: Page) -> tuple[str, str]:
    """Return a number as written, and the address of its rows; those outside the centre have none, and nothing has no rows."""
    if page.asked.outside or not number.where or not number.value:
        return say(number.said), ""
    sides = dict(number.where)
    if page.asked.organization is not None:
        sides["organization"] = str(page.asked.organization)
    return say(number.said), f"{url_for('cases.listing')}?{urlencode(sides)}"


@slice_.page("/dashboard/export.<any(xlsx, docx):kind>", readers=READERS)
def export(kind: str) -> Response:
    """Give exactly what is shown: every table, under the sentence of its picture."""
    scope, page = here(), asked.page()
    with force_locale("ru"):  # the log is kept in the language of the centre, whoever reads
        scope.note_reading("export", "dashboard", detail=f"{kind}: {', '.join(asked.words_of(page.asked))}")
    title = cast("str", _("Сводка"))
    if kind == "xlsx":
        sheets = [(say(paper.NAMES[one.key]), _heading(one), _rows(one)) for one in page.figures]
        return kit.sent(kind, write_sheets(title, sheets), title)
    today = deadlines.today(scope.session, scope.me.municipality_id)
    centre = naming.centre_card(scope.session, scope.me.municipality_id, today)
    by, position = naming.name_of(scope.who), naming.position_of(scope.who.position)
    made = paper.Made(centre, by, position, today, clock.now(), asked.region(page.asked))
    document = paper.document(made, page.words, [_told(one) for one in page.figures])
    return kit.sent(kind, write.write(document), title)


def _told(one: Figure) -> paper.Told:
    """Return a figure in words, as the paper takes it; where the page draws nothing, neither does the paper."""
    title = _said(one.title)
    bars = tuple(replace(bar, title=_said(bar.title), said=say(bar.said)) for bar in one.bars)
    return paper.Told(
        title, say(paper.NAMES[one.key]), say(one.hint), _heading(one), _rows(one), bool(one.lines) and one.lines[-1].total,
        () if one.is_empty else bars, tuple((say(words), tone) for words, tone in one.legend), drawing.spoken(title, one.bars, _said),
    )  # fmt: skip


def _heading(one: Figure) -> list[str]:
    return [_said(one.title), *(say(words) for words in one.headers)]


def _rows(one: Figure) -> list[Sequence[Cell]]:
    return [[_said(line.label), *(_plain(cell) for cell in line.cells)] for line in one.lines]


def _plain(cell: Number | Words) -> Cell:
    if isinstance(cell, Number):
        return say(cell.said) if cell.value is None else cell.value
    return say(cell)
