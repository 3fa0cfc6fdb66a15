"""The page of a case: five tabs, each at its own address. What the reader may not see is absent; its address is forbidden."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext as _

from workflow_app.errors import N_, Denied
from workflow_app.features.cases import history as past
from workflow_app.features.cases import other_rows, outlook, overview, queries
from workflow_app.features.cases.blueprint import page
from workflow_app.features.cases.files import evidence
from workflow_app.features.cases.header import Shown, frame, look, may_open_tab, past_conclusions, steps
from workflow_app.files.write_table import Cell
from workflow_app.web.formatting import say, zone
from workflow_app.web.page import LOGGED_IN, address
from workflow_app.web.panels import panels
from workflow_app.web.table_page import exported


def opened(id: int, tab: str) -> Shown:
    """Return a case for one of its tabs; Denied for a tab that the reader does not have."""
    shown = look(id)
    if not may_open_tab(shown, tab):
        raise Denied(N_("Эта часть дела вам недоступна."))
    return shown


def _render(shown: Shown, tab: str, **values: Any) -> str:
    return render_template(
        f"cases/{tab}.html", **frame(shown, tab), panels=panels("case", tab, shown.case), **values
    )  # fmt: skip


@page("/cases/<int:id>", readers=LOGGED_IN)
def show(id: int) -> str:
    """Show what the case is about, where it stands and what can be done."""
    shown = opened(id, "show")
    arrivals = queries.arrivals(shown.session, shown.case)
    return _render(
        shown, "show", steps=steps(shown, arrivals), sections=overview.sections(shown), facts=overview.facts(shown),
        notices=[*overview.notices(shown), *outlook.notice(shown)],
        decision=overview.decision(shown), appeal=overview.appeal(shown), remarks=overview.remarks(shown),
        legal=overview.legal_terms(shown, arrivals), result=evidence.result(shown), waits=_waits(shown),
    )  # fmt: skip


@page("/cases/<int:id>/materials", readers=LOGGED_IN)
def materials(id: int) -> str:
    """Show the attached files, and the frozen versions with what changed between them."""
    shown = opened(id, "materials")
    return _render(
        shown, "materials", groups=evidence.files(shown), links=evidence.links(shown), warnings=evidence.warnings(shown),
        versions=evidence.versions(shown), add_url=address("cases.files", id=id),
    )  # fmt: skip


@page("/cases/<int:id>/review", readers=LOGGED_IN)
def review(id: int) -> str:
    """Show the experts and what they have come to, as far as the reader may know."""
    shown = opened(id, "review")
    return _render(
        shown,
        "review",
        assignments=evidence.assignments(shown),
        waits=_waits(shown),
        result=evidence.result(shown),
        means=evidence.means(shown),
        past=evidence.document_cards(shown, past_conclusions(shown)),
    )


def _waits(shown: Shown) -> dict[str, Any]:
    return other_rows.of_case(shown.scope, shown.case, may_remind="remind" in shown.offers)


@page("/cases/<int:id>/documents", readers=LOGGED_IN)
def documents(id: int) -> str:
    """Show the issued documents that the reader may open."""
    shown = opened(id, "documents")
    return _render(shown, "documents", cards=evidence.document_cards(shown))


@page("/cases/<int:id>/history", readers=LOGGED_IN)
def history(id: int) -> str:
    """Show what happened, in words, with the proof that nothing was changed afterwards."""
    shown = opened(id, "history")
    rows, lines, part = _history(shown)
    kinds = {one.kind for one in lines} | ({"document"} if any(one.documents for one in lines) else set())
    return _render(
        shown, "history", lines=[evidence.event(shown, one) for one in lines if one.is_of(part)], part=part, total=len(rows),
        filters={name: title for name, title in past.FILTERS.items() if name in kinds}, fault=past.fault(shown.session, rows),
        last=rows[-1][0] if rows else None, staff=shown.reading.office,
    )  # fmt: skip


@page("/cases/<int:id>/history.<any(csv,xlsx):kind>", readers=LOGGED_IN)
def history_export(id: int, kind: str) -> Response:
    """Give the history as a table, under the same filter and with the same identities left out."""
    shown = opened(id, "history")
    _rows, lines, part = _history(shown)
    head = [_("№"), _("Дата и время"), _("Что произошло"), _("Кто"), _("Как"), _("Пояснение"), _("Отпечаток записи")]
    table: list[list[Cell]] = [_exported(one) for one in lines if one.is_of(part)]
    name = _("История %(number)s", number=shown.case.number or shown.case.id)
    shown.scope.note_reading("export", "case", shown.case.id, f"history.{kind}")
    return exported(kind, head, table, name)


def _history(shown: Shown) -> tuple[list[Any], list[past.Line], str]:
    rows = queries.events(shown.session, shown.case)
    named = {event.actor_id for event, _payload in rows} | queries.amended(rows, "applicant_id") | queries.leaders(rows)
    people = {**shown.people, **queries.know(shown.session, named - set(shown.people))}
    reading = evidence.with_people(
        shown.reading, people, evidence.list_words(shown, queries.amended(rows, "organization_id"))
    )
    letters = queries.letters(shown.session, shown.case) if shown.reading.office else ()
    part = request.args.get("part", "")
    return rows, past.lines(shown.case, rows, letters, reading), part if part in past.FILTERS else ""


def _exported(line: past.Line) -> list[Cell]:
    said = [say(one) for one in line.changes]
    return [
        line.seq, line.at.astimezone(zone()), say(line.text), say(line.who), say(line.via), "; ".join([*said, *filter(None, [line.quote])]),
        line.digest,
    ]  # fmt: skip
