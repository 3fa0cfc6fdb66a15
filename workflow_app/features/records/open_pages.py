"""Open pages: what strangers see of published records, without logging in; nothing but what the kind declares (ADR 28)."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from flask import Response, abort, make_response, render_template, url_for
from sqlalchemy import ColumnElement, func, or_

from workflow_app import gate
from workflow_app.content_types.behaviors import Published
from workflow_app.content_types.declaration import ContentType
from workflow_app.db.models import RECORDS, CaseFile, Municipality, Record
from workflow_app.facts.attachments import files_of
from workflow_app.facts.published import who_consents
from workflow_app.facts.record_names import Names, names_of
from workflow_app.facts.standings import visible
from workflow_app.features.records import cells, reading
from workflow_app.spelling import comparable
from workflow_app.states.actors import STRANGER
from workflow_app.states.vocabulary import Permission
from workflow_app.web import doubted_documents
from workflow_app.web.file_answer import sent
from workflow_app.web.formatting import size
from workflow_app.web.panels import panels
from workflow_app.web.request_scope import here
from workflow_app.web.table_page import WORDS_MOST, Asked, asked, stretch


def _shows(kind: ContentType) -> Published:
    declared: Published = kind.behavior(Published)
    return declared


def listing(kind: ContentType) -> Response:
    """List the published records of a kind, of every centre: in its one order, searched by nothing that strangers do not see."""
    shows, sort = _shows(kind).shows, kind.listing.sort
    what = asked((), sort.removeprefix("-"), descending=sort.startswith("-"))
    total, rows, pager = _found(kind, what)
    columns = [name for name in kind.listing.columns if name in shows] or [kind.title]
    columns = [kind.title, *(name for name in columns if name != kind.title)]
    page = render_template(
        "records/open_list.html", kind=kind, asked=what, total=total, page=pager, rows=_lines(rows, columns),
        searched=any(name in shows for name in kind.listing.search), columns=[cells.label_of(kind, one) for one in columns],
        personal=_is_personal(kind),
    )  # fmt: skip
    return _answer(kind, page)


def _found(kind: ContentType, what: Asked) -> tuple[int, Any, dict[str, Any]]:
    scope, model = here(), RECORDS[kind.key]
    words = [getattr(model, name) for name in kind.listing.search if name in _shows(kind).shows]
    found = visible(STRANGER, Permission.SEE_PUBLISHED, model).among(*_said_in(words, what.q))
    total, order = found.count(scope.session), reading.order_of(kind, what)
    rows, pager = stretch(what, order, total, lambda walk: reading.read(scope.session, found, order, walk))
    return total, rows, pager


def _said_in(columns: list[Any], q: str) -> list[ColumnElement[bool]]:
    """Return the condition that each word stands in one of the fields that strangers see: the index of all has others, too."""
    plainly = [func.replace(func.lower(one), "ё", "е") for one in columns]
    words = comparable(q).split()[:WORDS_MOST] if columns else []
    return [or_(*(one.contains(word, autoescape=True) for one in plainly)) for word in words]


def _lines(rows: list[Record], columns: list[str]) -> list[tuple[str, list[cells.Cell]]]:
    known = _names(rows)
    return [
        (url_for(f"records.{one.kind}_open", id=one.id), [_cell(one, name, known) for name in columns]) for one in rows
    ]


Known = tuple[Names, frozenset[int]]


def _names(rows: list[Record]) -> Known:
    """Return what the shown rows refer to, in words, and who of the people among it lets strangers see their name."""
    session, names = here().session, names_of(here().session, rows)
    return names, who_consents(session, {id_ for target, id_ in names if target == "person"})


def _cell(row: Record, name: str, known: Known) -> cells.Cell:
    """Return a field in words; a person without consent stands nowhere."""
    names, consenting = known
    how = row.content.fields[name]
    if how.refers.startswith("person") and getattr(row, name) not in consenting:
        return cells.Cell(cells.label_of(row.content, name), cells.NOTHING)
    found = cells.cell(row, name, names)
    return cells.Cell(
        found.label, found.text, found.url if not how.refers else "", long=found.long, nowrap=found.nowrap
    )


def card(kind: ContentType, id: int) -> Response:
    """Show a published record: the declared fields and files, and nothing that could be done."""
    scope = here()
    row = gate.read_published(scope.session, RECORDS[kind.key], id)
    known, shows = _names([row]), _shows(kind).shows
    facts = [one for name in shows if name != kind.title and (one := _cell(row, name, known)).text != cells.NOTHING]
    page = render_template(
        "records/open.html", kind=kind, row=row, title=_cell(row, kind.title, known).text, facts=facts, personal=_is_personal(kind),
        panels=panels("open", kind.key, row), centre_name=scope.session.get_one(Municipality, row.municipality_id).name,
        files=[
            {"name": one.name, "url": url_for(f"records.{kind.key}_open_file", id=row.id, file=one.id), "size": size(one.size),
             "kind": PurePath(one.name).suffix.lstrip(".")}
            for one in _files(row)
        ],
    )  # fmt: skip
    return _answer(kind, page)


def _files(row: Record) -> list[CaseFile]:
    shown = _shows(row.content).files
    return [one for one in files_of(here().session, row) if one.attachment in shown] if shown else []


def file(kind: ContentType, id: int, file: int) -> Response:
    """Give a file of a published record; of a kind of files that strangers are not shown there is none."""
    row = gate.read_published(here().session, RECORDS[kind.key], id)
    found = next((one for one in _files(row) if one.id == file), None)
    if found is None:
        abort(404)
    doubted_documents.demand_file(found)
    return _answer(kind, sent(found, inline=False))


def _is_personal(kind: ContentType) -> bool:
    """Whether the pages of a kind may name a person: search engines are asked to keep none of them."""
    return any(kind.fields[name].refers.startswith("person") for name in _shows(kind).shows)


def _answer(kind: ContentType, page: str | Response) -> Response:
    answer = make_response(page)
    if _is_personal(kind):
        answer.headers["X-Robots-Tag"] = "noindex"
    return answer
