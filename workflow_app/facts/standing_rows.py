"""Standings and waits as rows: kept by the gate at the end of an act, compared by ``check``, made anew by ``db rebuild``.

Every row is reckoned by ``states.standings`` from the facts; nothing else is written, and only what differs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, delete, exists, insert, null, select, union_all, update
from sqlalchemy.orm import Session, selectinload

from workflow_app.content_types import awaited
from workflow_app.content_types.registry import parts_of
from workflow_app.db.models import (
    Absence,
    Assignment,
    Case,
    CaseFile,
    Consent,
    CriteriaRow,
    Document,
    Person,
    Record,
    Standing,
    Subject,
    Waiting,
)
from workflow_app.db.session import Database
from workflow_app.errors import N_, Sentence
from workflow_app.facts import deadlines, involvement, month_orders
from workflow_app.facts.case_standing import standing_facts
from workflow_app.facts.record_people import living_parts, stands_in
from workflow_app.facts.subjects import KINDS, Piece, facts_of, facts_within, inhabited, workflow_of
from workflow_app.states import standings
from workflow_app.states.next_step import turn
from workflow_app.states.standings import Wait
from workflow_app.states.vocabulary import Facts, Who

Row = tuple[Any, ...]  # in the order of the table's columns
_LOT = 500
_PARTS: Final = (Assignment, CaseFile, Document)
# Made once: an act asks it each time. A wait, or in its columns a standing, which has no root.
_KEPT_OF: Final = union_all(
    select(*Waiting.__table__.columns).where(
        Waiting.root_kind == bindparam("kind"), Waiting.root_id == bindparam("id")
    ),
    select(
        *(Standing.__table__.columns.get(one.name, null()) for one in Waiting.__table__.columns),
    ).where(Standing.subject_kind == bindparam("kind"), Standing.subject_id == bindparam("id")),
)
_EXPERT_OF_PAPER = select(Assignment.expert_id).where(Assignment.id == Document.assignment_id).scalar_subquery()
_OWN: Final[dict[type[Subject], Any]] = {
    Assignment: Assignment.expert_id, CaseFile: CaseFile.uploaded_by_id, Document: _EXPERT_OF_PAPER, Person: Person.id,
    Consent: Consent.person_id, Absence: Absence.person_id,
}  # fmt: skip


def turned(session: Session, case: Case) -> Facts:
    """Keep whose turn a case is; return the facts that say so."""
    facts = facts_of(case, session)
    who = turn(workflow_of(case), facts).who
    case.turn = who.value if who else None
    return facts


def keep(session: Session, root: Subject, facts: Facts, begun: Collection[Subject]) -> None:
    """Bring the rows of a root up to its facts, and those of what an act began beneath it; the caller holds the root's lock."""
    session.flush()
    wanted = _standings(root, facts)
    for one in begun:  # of which no row can stand yet
        if one is not root:
            wanted |= _standings(one, _facts(session, one, root, facts))
    fields = (one for one in begun if isinstance(one, Record) and one is not root)  # where people stand by their fields
    stand = [
        row
        for one in (root, *fields)
        for row in session.connection().execute(_KEPT_OF, {"kind": one.kind, "id": one.id})
    ]
    places = {(one.person_id, one.subject_kind, one.who, one.subject_id) for one in stand if one.root_kind is None}
    _write(session, Standing, places, wanted)
    waits: set[Row] = set()
    if isinstance(root, Case):
        outdated = _may_be_reissued(root) and bool(_outdated(session, [root.id]))
        waits = _waits(session, root, facts, outdated=outdated)
    elif isinstance(root, Record):
        waits = _waits_of_record(session, root, facts)
    elif isinstance(root, CriteriaRow):
        waits = _waits_of_sheet(root)
    _write(session, Waiting, {tuple(one) for one in stand if one.root_kind is not None}, waits)


def in_review_by_or_of(session: Session, person_id: int) -> Sequence[Case]:
    """Return the cases with experts at work in which the person is involved: their ties change when the person's place does."""
    mine = select(Standing.subject_id).where(
        Standing.person_id == person_id, Standing.subject_kind == Case.kind, Standing.who == Who.INVOLVED.value
    )
    live = exists().where(
        Assignment.case_id == Case.id, Assignment.round == Case.round, Assignment.state.in_(involvement.LIVE)
    )
    return session.scalars(select(Case).where(Case.id.in_(mine), live).order_by(Case.id)).all()


def _facts(session: Session, subject: Subject, root: Subject, facts: Facts) -> Facts:
    if isinstance(subject, Record):
        return facts_of(subject, session)
    return facts if subject is root or not isinstance(subject, _PARTS) else facts_within(subject, session, facts)


def _standings(subject: Subject, facts: Facts) -> set[Row]:
    return {
        (person_id, subject.kind, who.value, subject.id)
        for who, people in standings.places(facts).items()
        for person_id in people
    }


def _waits(session: Session, case: Case, facts: Facts, *, outdated: bool) -> set[Row]:
    """Return the rows of what waits on a case and for its experts."""
    turn = Who(case.turn) if case.turn else None
    bound = case.due_on if deadlines.binds(case) else None
    found = standings.waits(workflow_of(case), facts, turn, bound, outdated=outdated)
    rows = {
        _row(case, case, one, standings.step(one.todo, case.state, case.turn), standings.keeper(one, facts, case.coordinator_id))
        for one in found
    }  # fmt: skip
    for place in involvement.live(case):
        due_on = place.due_on or bound
        rows |= {
            _row(case, place, one, standings.step(one.todo, case.state, case.turn))
            for one in standings.waits_at_place(facts_within(place, session, facts), due_on)
        }  # fmt: skip
    return rows


def _waits_of_record(session: Session, root: Record, facts: Facts) -> set[Row]:
    """Return the rows of what a record and its parts wait for, as their kinds declare it; a part's own chain is its whole's."""
    rows = {_row(root, root, one, one.todo) for one in awaited.waits(root.content, facts)}
    for kind in parts_of(root.kind):
        if kind.awaits:
            for part in living_parts(session, root, kind.key):
                found = awaited.waits(kind, facts_within(part, session, facts))
                rows |= {_row(root, part, one, one.todo) for one in found}
    return rows


def _waits_of_sheet(row: CriteriaRow) -> set[Row]:
    return {_row(row, row, one, one.todo) for one in standings.waits_of_sheet(row.state)}


def _row(
    root: Case | Record | CriteriaRow, subject: Case | Piece | CriteriaRow, wait: Wait, step: str, keeper_id: int = 0
) -> Row:
    return (
        wait.person_id, root.municipality_id, wait.who.value, wait.todo, subject.kind, subject.id, wait.organization_id,
        root.kind, root.id, wait.due_on, wait.since, wait.four_eyes, step, keeper_id,
    )  # fmt: skip


def _may_be_reissued(case: Case) -> bool:
    again = workflow_of(case).transitions.get(standings.REISSUE)
    return again is not None and case.state in again.sources


def _outdated(session: Session, ids: Sequence[int]) -> frozenset[int]:
    """Return which of these cases have a paper in force, of this round, that says what stood before a correction."""
    old = select(Case.id).join(Document, and_(Document.case_id == Case.id, Document.round == Case.round))
    found = old.where(Case.id.in_(ids), Document.outdated, Document.state == "issued")
    return frozenset(session.scalars(found))


def _write(session: Session, model: type[Standing | Waiting], stand: set[Row], wanted: set[Row]) -> int:
    """Write the difference between the rows that stand and those that are wanted; return how many rows it was."""
    connection, size = session.connection(), len(model.__mapper__.primary_key)
    gone, new = {one[:size]: one for one in stand - wanted}, {one[:size]: one for one in wanted - stand}
    # A row takes another's place: under its own key where that stands, so that no key is met twice on the way.
    places = [(key, key) for key in gone.keys() & new.keys()]
    places += zip(gone.keys() - new.keys(), new.keys() - gone.keys(), strict=False)
    if places:
        connection.execute(
            _there(model, update), [_named(model, gone[old], "old_") | _named(model, new[key]) for old, key in places]
        )
    changed = len(gone) + len(new)
    for old, key in places:
        del gone[old], new[key]
    if gone:
        connection.execute(_there(model, delete), [_named(model, one, "old_") for one in gone.values()])
    if new:
        connection.execute(insert(model), [_named(model, one) for one in new.values()])
    return changed


def _stored(session: Session, model: type[Standing | Waiting], here: ColumnElement[bool]) -> set[Row]:
    return {tuple(row) for row in session.execute(select(*model.__table__.columns).where(here))}


@cache
def _there(model: type[Standing | Waiting], kind: Callable[[Any], Any]) -> Any:
    """Return an UPDATE or DELETE of the row with the key ``old_…``."""
    keys = model.__table__.primary_key
    return kind(model).where(*(one == bindparam(f"old_{one.name}") for one in keys))


def _named(model: type[Standing | Waiting], row: Row, prefix: str = "") -> dict[str, Any]:
    return {f"{prefix}{one.name}": value for one, value in zip(model.__table__.columns, row, strict=True)}


# ---------------------------------------------------------------------------------------------------------- all of them


@dataclass(frozen=True, slots=True)
class _Lot:
    """Subjects of one kind with numbers in ``(after, last]``, ``last`` None: to the end; and the rows that they should have."""

    kind: str
    after: int
    last: int | None
    standings: set[Row]
    waits: set[Row]

    def where(self, kind: Any, id_: Any) -> ColumnElement[bool]:
        """Return the condition on the rows of this lot."""
        upper = () if self.last is None else (id_ <= self.last,)
        return and_(kind == self.kind, id_ > self.after, *upper)

    def differences(self, session: Session) -> Iterator[tuple[type[Standing | Waiting], set[Row], set[Row]]]:
        """Yield what stands too much and what is missing, by table."""
        for model, wanted, here in (
            (Standing, self.standings, self.where(Standing.subject_kind, Standing.subject_id)),
            (Waiting, self.waits, self.where(Waiting.root_kind, Waiting.root_id)),
        ):
            stand = _stored(session, model, here)
            yield model, stand - wanted, wanted - stand

    def write(self, session: Session) -> int:
        """Write what differs; return how many rows it was."""
        changed = 0
        for model, extra, lost in self.differences(session):
            changed += _write(session, model, extra, lost)
        return changed


def rebuild(database: Database) -> int:
    """Reckon every standing and wait anew, some hundred subjects in a transaction; return how many rows were wrong."""
    changed = 0
    for model in KINDS.values():
        after: int | None = 0
        while after is not None:
            with database.transaction(keep=True) as session:
                lot = _lot(session, model, after, lock=True)
                changed += lot.write(session)
                after = lot.last
    return changed


def rebuild_in(session: Session) -> None:
    """The same within one transaction: for a small instance, or rows that somebody has just written by hand."""
    session.flush()
    for lot in _lots(session):
        lot.write(session)


def differing(session: Session) -> Iterator[tuple[str, int, Sentence]]:
    """Yield each subject whose rows are not as they are reckoned: its kind, its number, what is wrong in words."""
    kept = union_all(select(Standing.subject_kind).distinct(), select(Waiting.root_kind).distinct())
    for lot in _lots(session, inhabited(session) | {*session.scalars(kept)}):
        for model, extra, lost in lot.differences(session):
            place = 3 if model is Standing else 8  # of the number in a row
            for id_ in sorted({row[place] for row in extra | lost}):
                wrong = [[row for row in rows if row[place] == id_] for rows in (extra, lost)]
                yield (lot.kind, id_, _told(model, *wrong))


def _told(model: type[Standing | Waiting], extra: list[Row], lost: list[Row]) -> Sentence:
    said = {"extra": _short(extra), "lost": _short(lost)}
    if model is Standing:
        return N_("Кто как стоит к записи, посчитано неверно. Лишнее: %(extra)s. Не хватает: %(lost)s.", **said)
    return N_("Кого запись ждёт, посчитано неверно. Лишнее: %(extra)s. Не хватает: %(lost)s.", **said)


def _short(rows: list[Row]) -> str:
    """Return «applicant 12, involved 12»: a standing and whose it is; of a wait the act too."""
    said = [
        f"{row[2]} {row[0]}" if len(row) == 4 else f"{row[3]} {row[2]} {row[0] or ''}".rstrip()  # noqa: PLR2004 - a standing
        for row in rows
    ]
    return ", ".join(sorted(said)) or "—"


def _lots(session: Session, kinds: Collection[str] = KINDS.keys()) -> Iterator[_Lot]:
    for model in (model for kind, model in KINDS.items() if kind in kinds):
        after: int | None = 0
        while after is not None:
            lot = _lot(session, model, after)
            yield lot
            after = lot.last


def _lot(session: Session, model: type[Subject], after: int, *, lock: bool = False) -> _Lot:
    """Reckon the next subjects of a kind; ``lock`` keeps acts on them away until the end of the transaction."""
    if model is Case:
        return _cases(session, after, lock=lock)
    if issubclass(model, Record):
        return _records(session, model, after, lock=lock)
    if model is CriteriaRow:  # the few that the director is asked for
        asked = session.scalars(
            select(CriteriaRow).where(CriteriaRow.id > after, CriteriaRow.state == "proposed")
        ).all()
        return _Lot(model.kind, after, None, set(), {row for one in asked for row in _waits_of_sheet(one)})
    own = _OWN.get(model)
    if own is None:  # nobody stands to it by name
        return _Lot(model.kind, after, None, set(), set())
    found = select(model.id, own).where(model.id > after).order_by(model.id).limit(_LOT)
    rows = session.execute(found).all()
    stands = {(person_id, model.kind, Who.OWN.value, id_) for id_, person_id in rows if person_id is not None}
    return _Lot(model.kind, after, rows[-1][0] if len(rows) == _LOT else None, stands, set())


def _records(session: Session, model: type[Record], after: int, *, lock: bool) -> _Lot:
    found = select(model).where(model.id > after).order_by(model.id).limit(_LOT)
    if lock:
        found = found.with_for_update(of=model, key_share=True)
    rows = session.scalars(found.execution_options(populate_existing=lock)).all()
    stands: set[Row] = set()
    waits: set[Row] = set()
    for one in rows:
        if one.content.within:
            named, _schools = stands_in(one, session)
            stands |= {(person_id, one.kind, who.value, one.id) for who, many in named.items() for person_id in many}
        else:  # what waits in a part is reckoned with its whole
            facts = facts_of(one, session)
            stands |= _standings(one, facts)
            waits |= _waits_of_record(session, one, facts)
    return _Lot(model.kind, after, rows[-1].id if len(rows) == _LOT else None, stands, waits)


def _cases(session: Session, after: int, *, lock: bool) -> _Lot:
    found = select(Case).where(Case.id > after).order_by(Case.id).limit(_LOT)
    if lock:
        found = found.with_for_update(of=Case, key_share=True)
    parts = (selectinload(Case.assignments), selectinload(Case.co_authors), selectinload(Case.panel))
    cases = session.scalars(found.options(*parts).execution_options(populate_existing=lock)).all()
    tied, outdated = involvement.unlifted(session, cases), _outdated(session, [one.id for one in cases])
    days: dict[int, date] = {}
    groups, ordered = involvement.groups(session, cases), month_orders.approving(session, cases)
    stands: set[Row] = set()
    waits: set[Row] = set()
    for case in cases:
        today = days.setdefault(case.municipality_id, deadlines.today(session, case.municipality_id))
        facts = standing_facts(case, today, tied, groups, ordered)
        stands |= _standings(case, facts)
        waits |= _waits(session, case, facts, outdated=case.id in outdated)
    return _Lot(Case.kind, after, cases[-1].id if len(cases) == _LOT else None, stands, waits)
