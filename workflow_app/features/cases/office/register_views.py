"""The registers of issued documents as pages and files: every number in its place, what may be opened with a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any

from flask import Response, flash, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Select, func, or_, select

from workflow_app import clock
from workflow_app.conversion import libreoffice
from workflow_app.db import counts
from workflow_app.db.keyset import Order, Walk
from workflow_app.db.models import Case, Document
from workflow_app.documents.docx import write
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.documents.lists import register
from workflow_app.errors import N_, NotFound, WorkflowError
from workflow_app.facts import deadlines, naming, registers, search
from workflow_app.facts.registers import REGISTERS, Line
from workflow_app.facts.worklist import bare
from workflow_app.features.cases.blueprint import page
from workflow_app.features.cases.urls import document_url
from workflow_app.files.write_table import Cell
from workflow_app.gate import NO_SUCH
from workflow_app.operations import job_queue
from workflow_app.states.definitions.document import DOCUMENT
from workflow_app.states.vocabulary import Role
from workflow_app.web import table_page
from workflow_app.web.formatting import counted, day, say, zone
from workflow_app.web.next_page import go, go_to
from workflow_app.web.page import Menu, roles
from workflow_app.web.request_scope import here, settings
from workflow_app.web.whole_lists import ticks_url, whole_list

_READERS = roles(Role.COORDINATOR, Role.DIRECTOR)
_FILTERS = ("year", "state", "kind")


OF_CASES = frozenset(one.register for one in KINDS.values() if one.of == "case" and one.register)
"""The registers whose papers lead to cases: a tick there means the case of the paper, for no act on papers is done with many."""


def _wanted(register: str) -> tuple[table_page.Asked, Select[Document], Order]:
    """Read the address. Only papers that the reader may open are found by words: a masked line answers no search."""
    if register not in REGISTERS:
        raise NotFound(NO_SUCH)
    me = here().me
    what = table_page.asked(registers.SORTS, "number", _FILTERS, descending=True)
    found = registers.papers(me, register)
    if what.q:
        words = [search.among(here().session, what.q, one) for one in (Document, Case)]
        found = found.outerjoin(Case, Case.id == Document.case_id).where(registers.opens(me), or_(*words))
    if (year := table_page.row_id(what.chosen.get("year", ""))) is not None:
        found = found.where(Document.year == year)
    if (state := what.chosen.get("state")) in DOCUMENT.states:
        found = found.where(Document.state == state)
    if (kind := what.chosen.get("kind")) in KINDS:
        found = found.where(Document.document_kind == kind)
    return what, found, registers.SORTS[what.sort].turned(down=what.descending)


@page("/registers", readers=_READERS, menu=Menu(30, N_("Реестры"), "archive", "documents"))
def registers_home() -> Response:
    """Go to the first register."""
    return go_to(url_for("cases.register_list", name=next(iter(REGISTERS))), 302)


@page("/registers/<name>", readers=_READERS)
def register_list(name: str) -> str:
    """Show a register: number, date, what it is, of which case, and whether it is in force."""
    scope = here()
    what, found, order = _wanted(name)
    total = counts.count(scope.session, found.with_only_columns(Document.id, maintain_column_froms=True))
    lines, pager = table_page.stretch(
        what, order, total, partial(_page, name, found, order, filtered=bool(what.q or what.chosen)), of=itemgetter(0)
    )
    columns = [
        table_page.heading(what, _("Номер"), "number"),
        table_page.heading(what, _("Дата"), "dated"),
        table_page.heading(what, _("Документ")),
        table_page.heading(what, _("Дело или запись")),
        table_page.heading(what, _("Состояние")),
    ]
    return render_template(
        "cases/register_list.html", name=name, title=say(REGISTERS[name]), rows=_rows(lines), total=total, what=what,
        columns=columns, tabs=_tabs(name), years=_years(name),
        states=[(key, say(one.applicant_title)) for key, one in DOCUMENT.states.items()],
        kinds=[(key, say(one.title)) for key, one in KINDS.items() if one.register == name], page=pager,
        exports=table_page.exports("cases.register_export", ("xlsx", "docx", "csv"), name=name),
        bulk_url=ticks_url(f"register-{name}") if name in OF_CASES else "", can_pdf=libreoffice.of(settings()).available(),
        archive_url=table_page.kept("cases.register_archive", name=name),
    )  # fmt: skip


def _cases_found(name: str, most: int) -> Sequence[int]:
    """Return the cases of the found papers that the reader may open: of a masked line the case is not told."""
    what, found, _order = _wanted(name)
    if not what.q:
        found = found.outerjoin(Case, Case.id == Document.case_id).where(registers.opens(here().me))
    ids = found.where(Document.case_id.is_not(None)).with_only_columns(Document.case_id, maintain_column_froms=True)
    rows = here().session.scalars(ids.distinct().order_by(Document.case_id.desc()).limit(most))
    return [one for one in rows if one is not None]


for _name in OF_CASES:
    whole_list(f"register-{_name}", "cases.register_list", "case", name=_name)(partial(_cases_found, _name))


@page("/registers/<name>/export.<any(csv,xlsx,docx):kind>", readers=_READERS)
def register_export(name: str, kind: str) -> Response:
    """Give the whole found register as a table."""
    scope = here()
    _what, found, order = _wanted(name)
    head = [
        _("Номер"),
        _("Дата"),
        _("Версия"),
        _("Документ"),
        _("Дело"),
        _("Название"),
        _("Заявитель"),
        _("Состояние"),
        _("SHA-256"),
    ]
    rows = _lines(found, order, Walk(table_page.EXPORT_MOST))
    scope.note_reading("export", "document", detail=f"{name}.{kind}: {len(rows)}")
    if kind == "docx":
        return table_page.sent("docx", write.write(register.compose(_card(name, rows))), say(REGISTERS[name]))
    return table_page.exported(
        kind, head, [_cells(one, row) for one, row in zip(rows, _rows(rows), strict=True)], say(REGISTERS[name])
    )


@page("/registers/<name>/archive", readers=_READERS, methods=("POST",))
def register_archive(name: str) -> Response:
    """Order an archive of the found papers that the reader may open; it is packed in the background."""
    scope = here()
    _what, found, order = _wanted(name)
    items = [
        (one.id, _label(one, of))
        for one, of, may_open, _by in _lines(found, order, Walk(job_queue.MOST + 1))
        if may_open and one.document_kind in KINDS
    ]
    try:
        args = {"pdf": request.form.get("pdf") == "1", "ip": scope.me.ip}
        job = job_queue.enqueue(
            scope.session, scope.who, scope.me.municipality_id, "archive", say(REGISTERS[name]), items, args
        )
    except WorkflowError as error:
        flash(say(error.sentence), "danger")
        return go_to(table_page.kept("cases.register_list", name=name))
    return go("papers.job", id=job.id)


def _label(document: Document, of: Case | None) -> str:
    """Return how a paper is named in the list of an archive: number, what it is, of which case."""
    case = (of.number if of else None) or ""
    return ", ".join(filter(None, (document.number or case, say(KINDS[document.document_kind].title), case)))


def _page(name: str, found: Select[Document], order: Order, walk: Walk, *, filtered: bool) -> list[Line]:
    """Return a stretch of what is found; the statement of the ends of a whole register is kept."""
    if filtered or walk.place is not None:
        return _lines(found, order, walk)
    return _read(registers.whole(bare(here().me), name, order, walk))


def _lines(found: Select[Document], order: Order, walk: Walk) -> list[Line]:
    return _read(registers.lines(here().me, found, order, walk))


def _read(lines: registers.Lines) -> list[Line]:
    return [(one, of, bool(may_open), by) for one, of, may_open, by in here().session.execute(lines)]


def _card(name: str, lines: list[Line]) -> register.RegisterCard:
    """Return the found part of a register as it is printed: in Russian whatever the page's language is."""
    scope = here()
    what, municipality = (
        table_page.asked(registers.SORTS, "number", _FILTERS, descending=True),
        scope.me.municipality_id,
    )
    chosen = [f"за {what.chosen['year']} год"] if what.chosen.get("year") else []
    chosen += [f"поиск «{what.q}»"] if what.q else []
    chosen += (
        [str(DOCUMENT.state(what.chosen["state"]).applicant_title).lower()]
        if what.chosen.get("state") in DOCUMENT.states
        else []
    )
    printed = [
        register.RegisterLine(
            one.number or "", one.dated, str(KINDS[one.document_kind].title), (of.number or "") if may_open and of else "",
            of.applicant.short_name if may_open and of else "", _printed_state(one, by),
        )
        for one, of, may_open, by in lines if one.document_kind in KINDS
    ]  # fmt: skip
    return register.RegisterCard(
        naming.centre_card(scope.session, municipality, deadlines.today(scope.session, municipality)), str(REGISTERS[name]),
        f"Отбор: {', '.join(chosen)}." if chosen else "", printed, naming.name_of(scope.who), naming.position_of(scope.who.position),
        clock.now().astimezone(zone()),
    )  # fmt: skip


def _printed_state(document: Document, successor: int | None) -> str:
    edition = f"версия {document.edition}, " if document.edition > 1 else ""
    after = f", взамен версия {successor}" if successor else ""
    return f"{edition}{str(DOCUMENT.state(document.state).applicant_title).lower()}{after}"


def _rows(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Return the lines as the page shows them; of what the reader may not open, neither case nor record is told."""
    named = registers.titles(here().session, [line[0] for line in lines if line[2]])
    return [_row(line, named) for line in lines]


def _row(line: Line, named: Mapping[tuple[str, int], str]) -> dict[str, Any]:
    document, of, may_open, successor = line
    state = DOCUMENT.state(document.state)
    case = of if may_open else None
    record = named.get((document.record_kind or "", document.record_id or 0), "")
    return {
        "number": document.number or "", "edition": document.edition, "dated": day(document.dated), "open": may_open,
        "title": say(KINDS[document.document_kind].title) if document.document_kind in KINDS else "", "tone": state.tone,
        "state": say(state.applicant_title), "by": _("взамен выдана версия %(n)s", n=successor) if successor else "",
        "url": document_url(document), "case": case, "case_url": url_for("cases.show", id=case.id) if case else "", "record": record,
    }  # fmt: skip


def _cells(line: Line, row: Mapping[str, Any]) -> list[Cell]:
    document, _of, may_open, _by = line
    case = row["case"]
    return [
        row["number"], document.dated, document.edition, row["title"], case.number if case else "", case.title if case else row["record"],
        case.applicant.full_name if case else "", " ".join(filter(None, (row["state"], row["by"]))), document.sha256 if may_open else "",
    ]  # fmt: skip


def _tabs(name: str) -> list[dict[str, Any]]:
    """Return the registers with how many papers stand in each."""
    scope = here()
    many = scope.session.execute(_sizes(scope.me.municipality_id)).one()
    return [
        {
            "title": say(title), "url": url_for("cases.register_list", name=key), "current": key == name,
            "count": counted(count), "icon": "",
        }
        for (key, title), count in zip(REGISTERS.items(), many, strict=True)
    ]  # fmt: skip


@lru_cache(128)
def _sizes(municipality_id: int) -> Any:
    """Return the statement of how many papers stand in each register of a centre; no row is in it."""
    ours = select(Document.id).where(Document.municipality_id == municipality_id)
    return select(*(counts.capped(ours.where(Document.register == key)) for key in REGISTERS))


def _years(name: str) -> list[tuple[str, str]]:
    scope = here()
    ours = (Document.municipality_id == scope.me.municipality_id, Document.register == name)
    ends = [
        select(end(Document.year)).where(*ours).scalar_subquery() for end in (func.min, func.max)
    ]  # each one look into the index
    first, last = scope.session.execute(select(*ends)).one()
    return [(str(year), str(year)) for year in range(last, first - 1, -1)] if last is not None else []
