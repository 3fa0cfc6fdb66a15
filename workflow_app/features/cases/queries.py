"""What the pages of cases read: lists of what the reader may see, and one case with its parts in a constant number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, lazyload, load_only, selectinload

from workflow_app.calendar.school_year import SchoolYear, school_year
from workflow_app.db import keyset
from workflow_app.db.keyset import Order, Walk
from workflow_app.db.models import Assignment, Case, Document, Event, EventPayload, Outbox, Person
from workflow_app.facts import (
    case_filters,
    deadlines,
    issued_documents,
    leading,
    others,
    search,
    stage_history,
    worklist,
)
from workflow_app.facts.standings import Visible, kept_with, visible
from workflow_app.states.vocabulary import Actor, Permission

FAILING = "failing"  # beside the colours of a term: it will probably be late
MINE, NOBODY = "mine", "nobody"  # whose list: the reader's own, that of all coordinators
_FEW = 500
# Each walks an index of its own (``db.models.cases``): a sort without one reads the whole list.
SORTS: dict[str, Order] = {
    "number": Order(Case, ("number_order",), blank=""),
    "title": Order(Case, ("title_order",)),
    "applicant": Order(Case, ("applicant_order",)),
    "due": Order(Case, ("due_on",), blank=None),
}
_NEWEST = Order(Case, down=True)
# A row of a list shows a third of a case, and of a person the name: the rest would be read and parsed 25 times for nothing.
_SHORT = load_only(
    Case.municipality_id, Case.type, Case.state, Case.turn, Case.version, Case.number, Case.number_order, Case.title, Case.title_order,
    Case.applicant_id, Case.applicant_order, Case.organization_id, Case.round, Case.due_on, Case.due_provisional, Case.state_since,
    Case.registered_at, Case.verdict, Case.circulated, Case.required, Case.lead_id, Case.appeals,
    Case.appeal, Case.appeal_waived, Case.appeal_until,
)  # fmt: skip
_NAME_ALONE = (
    load_only(Person.last_name, Person.first_name, Person.middle_name), lazyload(Person.organization), lazyload(Person.memberships),
)  # fmt: skip

_PEOPLE = select(Person).where(Person.id.in_(bindparam("ids", expanding=True))).options(lazyload(Person.memberships))

# Of one case, made once.
_OF_CASE: Final[Any] = bindparam("case")
_IN_CHAIN: Final = (Event.root_kind == "case", Event.root_id == _OF_CASE)
_ARRIVALS: Final = (
    select(Event.after, Event.at)
    .where(*_IN_CHAIN, Event.subject_kind == "case", or_(Event.before.is_(None), Event.before != Event.after))
    .order_by(Event.seq)
)
_DOCUMENTS: Final = (
    select(Document)
    .where(Document.case_id == _OF_CASE)
    .order_by(Document.round.desc(), Document.state != "issued", Document.assignment_id.is_not(None), Document.id)
)
_EVENTS: Final = (
    select(Event, EventPayload)
    .outerjoin(EventPayload, EventPayload.event_id == Event.id)
    .where(*_IN_CHAIN)
    .order_by(Event.seq)
)
_LETTERS: Final = select(Outbox).where(Outbox.case_id == _OF_CASE).order_by(Outbox.id)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of cases is asked for. Empty values ask for nothing; ``due`` is a colour, ``none`` or ``FAILING``.

    ``sides``: what a number of the dashboard is of (``facts.case_filters``).
    """

    q: str = ""
    type: str = ""
    state: str = ""
    due: str = ""
    year: int | None = None
    organization: int | None = None
    coordinator: str = ""  # «mine», «nobody» or the number of who leads it
    sides: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    descending: bool = False


def found(session: Session, actor: Actor, wanted: Wanted) -> Visible:
    """Return what a list is of: the cases that its reader may see, and those of them that are asked for."""
    conditions: list[ColumnElement[bool]] = [search.among(session, wanted.q, Case)] if wanted.q else []
    if wanted.type:
        conditions.append(Case.type == wanted.type)
    if wanted.state:
        conditions.append(Case.state == wanted.state)
    if wanted.organization is not None:
        conditions.append(Case.organization_id == wanted.organization)
    if wanted.year is not None:
        conditions += case_filters.in_year(session, actor.municipality_id, SchoolYear(wanted.year))
    if wanted.coordinator:
        conditions.append(_led(session, actor, wanted.coordinator))
    if wanted.due == FAILING:
        conditions.append(Case.id.in_(stage_history.failing(session, actor.municipality_id)))
    elif wanted.due:
        conditions.append(case_filters.due(session, actor.municipality_id, wanted.due))
    conditions += case_filters.among(session, actor, wanted.sides)
    return visible(actor, Permission.VIEW).among(*conditions)


def _led(session: Session, actor: Actor, whose: str) -> ColumnElement[bool]:
    """Return the condition on who leads a case; one's own are also those in which something waits for one."""
    if whose == MINE:
        return _mine(actor, deadlines.bounds(session, actor.municipality_id))
    return Case.coordinator_id.is_(None) if whose == NOBODY else Case.coordinator_id == int(whose)


def _mine(actor: Actor, days: tuple[date, date]) -> ColumnElement[bool]:
    return or_(leading.led_by(actor), worklist.waits_within(actor, days))


def pressing(actor: Actor, days: tuple[date, date], colour: str, *, mine: bool) -> Visible:
    """Return the list of one colour, all of it or one's own, for the days of ``deadlines.bounds``: as :func:`found` gives it."""
    led = (_mine(actor, days),) if mine else ()
    return visible(actor, Permission.VIEW).among(*led, case_filters.due_within(colour, days))


def cases(session: Session, listed: Visible, order: Order, walk: Walk, *, co_authors: bool = True) -> Sequence[Case]:
    """Return a stretch of the list with everything that a row shows."""
    made = _first_rows if walk.place is None else rows_of
    return session.scalars(made(listed, order, walk, co_authors=co_authors)).unique().all()


def rows_of(listed: Visible, order: Order, walk: Walk, *, co_authors: bool = True) -> Any:
    """Return the statement of :func:`cases`."""
    rows = keyset.rows(listed.page(select(Case), order, walk), order)
    return rows.join(Person, Person.id == Case.applicant_id).options(
        contains_eager(Case.applicant).options(*_NAME_ALONE),
        joinedload(Case.organization),
        *((selectinload(Case.co_authors),) if co_authors else ()),
        _SHORT,
    )


_first_rows = kept_with(rows_of)


def ids(session: Session, listed: Visible, order: Order, walk: Walk) -> Sequence[int]:
    """Return the numbers of a stretch of the list, in its order."""
    page = listed.page(select(Case), order, walk)
    return session.scalars(select(page.c.id).order_by(*keyset.in_order(page, order))).all()


def order_of(wanted: Wanted) -> Order:
    """Return the order that the list is asked for in; without one the newest stand first."""
    return SORTS[wanted.sort].turned(down=wanted.descending) if wanted.sort in SORTS else _NEWEST


def years(session: Session, actor: Actor) -> list[SchoolYear]:
    """Return the school years that the actor's cases have, the last first: what there is to filter by."""
    mine = visible(actor, Permission.VIEW)
    earliest = session.execute(_earliest(mine)).scalar()
    last = school_year(deadlines.today(session, actor.municipality_id)).start
    first = school_year(earliest.date()).start if earliest else last
    return [SchoolYear(year) for year in range(last, first - 1, -1)]


@kept_with
def _earliest(mine: Visible) -> Any:
    return select(func.min(Case.created_at)).where(Case.id.in_(mine.first_ids()))


def verdicts_told(session: Session, actor: Actor, shown: Sequence[Case]) -> frozenset[int]:
    """Return which of the shown cases are approved and let the actor see the conclusion, and so its verdict."""
    approved = [one.id for one in shown if one.state == "approved"]
    if not approved:
        return frozenset()
    told = visible(actor, Permission.SEE_CONCLUSION)
    if len(approved) <= _FEW:
        return frozenset(session.scalars(_among_few(told), {"few": approved}))
    # an export may show more cases than a statement takes numbers
    return frozenset(session.scalars(told.among(Case.state == "approved").column(Case.id)))


@kept_with
def _among_few(told: Visible) -> Any:
    # one condition, not a branch after the other: SQLite would rather walk all of the municipality than look each number up
    return select(Case.id).where(told.condition, Case.id.in_(bindparam("few", expanding=True)))


def running(session: Session, actor: Actor) -> int:
    """Return how many cases of the actor's own are under way: sent and not ended."""
    own = select(func.count()).where(Case.applicant_id == actor.person_id, Case.state.not_in(("draft", *others.ENDED)))
    return session.scalar(own) or 0


# ------------------------------------------------------------------------------------------------------------ one case


def know(session: Session, ids: Iterable[int | None]) -> dict[int, Person]:
    """Read people at once, so that rows which name them ask nothing more; what they may do nobody asks there."""
    wanted = [one for one in {*ids} if one is not None]
    return {one.id: one for one in session.scalars(_PEOPLE, {"ids": wanted})} if wanted else {}


def people_of(session: Session, case: Case) -> dict[int, Person]:
    """Read everybody whom the pages of a case may name."""
    ids = {one.expert_id for one in case.assignments} | {one.person_id for one in case.panel}
    return know(session, {*ids, case.applicant_id, case.entered_by_id, case.lead_id, case.coordinator_id})


def arrivals(session: Session, case: Case) -> dict[str, datetime]:
    """Return when the case last came into each state."""
    return dict(session.execute(_ARRIVALS, {"case": case.id}).all())  # later rows win


def documents(session: Session, case: Case) -> Sequence[Document]:
    """Return every document of a case: the present round first, the ones in force first."""
    return session.scalars(_DOCUMENTS, {"case": case.id}).all()


def events(session: Session, case: Case) -> list[tuple[Event, EventPayload | None]]:
    """Return the whole chain of a case with what of the sheets is not erased, in order."""
    return [(event, payload) for event, payload in session.execute(_EVENTS, {"case": case.id})]


def amended(rows: Iterable[tuple[Event, EventPayload | None]], field: str) -> set[int | None]:
    """Return which rows the corrections of the card name in a field (the applicant, the organisation), before and after."""
    found: set[int | None] = set()
    for event, payload in rows:
        if event.transition == "amend" and payload is not None:
            found |= {payload.data.get(field), int((payload.data.get("was") or {}).get(field) or 0)}
    return found


def leaders(rows: Iterable[tuple[Event, EventPayload | None]]) -> set[int | None]:
    """Return to whom a case was handed over."""
    handed = (payload for event, payload in rows if event.transition == "hand_over" and payload is not None)
    return {payload.data.get("coordinator_id") for payload in handed}


def signatures(session: Session, case: Case) -> Sequence[Event]:
    """Return the signed acts of a case in order, and between them the texts that were sent out to be signed."""
    signed = or_(Event.signature != "", Event.transition == "circulate")
    found = select(Event).where(Event.root_kind == "case", Event.root_id == case.id, signed)
    return session.scalars(found.order_by(Event.seq)).all()


def origins(session: Session, case: Case) -> dict[int, Event]:
    """Return the events that issued a case's documents, by the document's id."""
    rows = session.scalars(select(Event).where(Event.root_kind == "case", Event.root_id == case.id).order_by(Event.seq))
    return {one["document"]: event for event in rows for one in issued_documents.entries(event.issued)}


def letters(session: Session, case: Case) -> Sequence[Outbox]:
    """Return the letters about a case."""
    return session.scalars(_LETTERS, {"case": case.id}).all()


def own_assignments(case: Case, person_id: int | None) -> list[Assignment]:
    """Return the person's assignments of this round, the latest first."""
    mine = [one for one in case.assignments if one.expert_id == person_id and one.round == case.round]
    return sorted(mine, key=lambda one: one.id, reverse=True)
