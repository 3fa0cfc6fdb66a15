"""The lists of a report on the programme, read from the rows of today: plan, products, events, publications, acts, partners.

A report that was fixed prints what was kept of them (``facts.report``); one that was not, or before lists were kept, prints these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import RECORDS, Case, Organization
from workflow_app.documents.russian.grammar import short_day
from workflow_app.facts import deadlines
from workflow_app.facts.programme import Item, plan
from workflow_app.monitoring.values import Ref

MOST: Final = 200
"""So many lines of a list are printed and kept; the paper says how many there are."""


class Told(NamedTuple):
    """A line of a list: the row that it tells of, its cells."""

    row: Ref
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of a report, at most :data:`MOST` of its ``total`` lines."""

    lines: tuple[Told, ...]
    total: int


def listed(session: Session, report: Any) -> dict[str, Listed]:
    """Return the lists of a report by the names that its card has for them."""
    found = {name: tuple(read(session, report)) for name, read in _LISTS.items()}
    return {name: Listed(lines[:MOST], len(lines)) for name, lines in found.items()}


def missing(session: Session, report: Any) -> Iterator[str]:
    """Yield what the plan lacks, in words."""
    for one in plan(session, report.municipality_id, deadlines.today(session, report.municipality_id)):
        name = f"{one.row.code} «{one.row.title}»".strip()
        if one.is_late:
            yield f"{name}: срок прошёл {short_day(one.row.until)}, не отмечено, чем закончилось"
        elif one.lacks:
            yield (
                f"{name}: нет подтверждений"
                if not one.evidence
                else f"{name}: подтверждений {one.evidence} из {one.row.at_least}"
            )


def label(kind: str, name: str, value: str) -> str:
    """Return the words of a choice in a field of a kind."""
    known = CONTENT_TYPES[kind].fields[name].choices or ()
    return next((str(one.label) for one in known if not isinstance(one, str) and one.value == value), value)


def _told(row: Any, *cells: str) -> Told:
    return Told(Ref(row.kind, row.id, row.version), cells)


def _items(session: Session, report: Any) -> Iterator[Told]:
    for one in plan(session, report.municipality_id, deadlines.today(session, report.municipality_id)):
        yield _told(one.row, *_item(one))


def _item(one: Item) -> tuple[str, ...]:
    """Return the cells of an item: what came of it, or what is awaited; confirmations are missed only when it is finished."""
    row = one.row
    words = " ".join(part for part in (row.outcome, row.reason) if part)
    awaited = f"Ожидается: {row.expected}" if row.expected else ""
    planned = " – ".join(short_day(day) for day in (row.since, row.baseline or row.until) if day)
    fact = short_day(row.done_on) if row.done_on else f"перенесено на {short_day(row.until)}" if row.baseline else ""
    proof = str(one.evidence) if one.evidence else "нет" if one.is_finished else ""
    return row.code, row.title, planned, fact, words or awaited, proof, str(row.content.workflow.state(row.state).title)


def _within(session: Session, report: Any, kind: str, day: str = "on") -> Iterator[Any]:
    """Yield the records of a kind that lie in the report's period, by their day."""
    model: Any = RECORDS[kind]
    column = getattr(model, day)
    mine = (
        model.municipality_id == report.municipality_id,
        model.state != "ended",
        column.between(report.since, report.until),
    )
    yield from session.scalars(select(model).where(*mine).order_by(column, model.id))


def _products(session: Session, report: Any) -> Iterator[Told]:
    for row in _within(session, report, "product"):
        case = session.get(Case, row.case_id) if row.case_id else None
        examined = "не проводилась" if case is None else f"дело {case.number or 'без номера'}"
        yield _told(row, row.title, label("product", "product_kind", row.product_kind), examined)


def _events(session: Session, report: Any) -> Iterator[Told]:
    model: Any = RECORDS["registration"]
    came = select(model.within_id, func.count()).where(
        model.municipality_id == report.municipality_id, model.state == "attended"
    )
    many = {row[0]: row[1] for row in session.execute(came.group_by(model.within_id))}
    for row in _within(session, report, "centre_event"):
        if row.state == "held":
            form = f"{label('centre_event', 'level', row.level)}, {label('centre_event', 'form', row.form)}"
            came_by_number = sum(one or 0 for one in (row.teachers, row.parents, row.pupils))
            yield _told(row, short_day(row.on), row.title, form, str(max(many.get(row.id, 0), came_by_number) or ""))


def _publications(session: Session, report: Any) -> Iterator[Told]:
    for row in _within(session, report, "publication"):
        where = f"{label('publication', 'channel', row.channel)}, {label('publication', 'level', row.level)}"
        yield _told(row, short_day(row.on), row.title, where, row.output or row.link.removeprefix("https://"))


def _dissemination(session: Session, report: Any) -> Iterator[Told]:
    for row in _within(session, report, "implementation_act"):
        place = session.get(Organization, row.organization_id) if row.organization_id else None
        what = label("implementation_act", "act_kind", row.act_kind)
        whose = ", ".join(part for part in (place.name if place else "", row.from_whom) if part)
        yield _told(row, short_day(row.on), row.about_what, f"{what} № {row.paper}" if row.paper else what, whose)


def _partners(session: Session, report: Any) -> Iterator[Told]:
    model: Any = RECORDS["agreement"]
    lasts = (model.until.is_(None)) | (model.until >= report.since)
    mine = (model.municipality_id == report.municipality_id, model.state != "ended", model.since <= report.until, lasts)
    for row in session.scalars(select(model).where(*mine).order_by(model.since, model.id)):
        until = short_day(row.until) if row.until else "бессрочно"
        yield _told(row, row.partner, row.subject, f"{short_day(row.since)} – {until}")


_LISTS: Final[Mapping[str, Callable[[Session, Any], Iterator[Told]]]] = {
    "items": _items, "products": _products, "events": _events, "publications": _publications, "dissemination": _dissemination,
    "partners": _partners,
}  # fmt: skip
