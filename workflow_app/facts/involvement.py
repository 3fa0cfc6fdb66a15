"""What ties people to a case, read from the rows as they stand; that it waits for the coordinator is kept (ADR 23)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session, aliased

from workflow_app.case_types.declaration import never
from workflow_app.case_types.registry import CASE_TYPES, case_type
from workflow_app.content_types.behaviors import AWAY, TellsOfCases
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import RECORDS, Assignment, Case, CoAuthor, Membership, Person, Record, Standing, Subject
from workflow_app.errors import N_, Sentence
from workflow_app.matching import conflicts
from workflow_app.matching.conflicts import Conflicts, Examined
from workflow_app.states.standings import EXAMINED
from workflow_app.states.vocabulary import Role, Who

LIVE = ("invited", "accepted", "in_work", "signed", "consolidated")


def authors_of(case: Case) -> frozenset[int]:
    """Return the applicant and the co-authors whom the centre knows."""
    return frozenset({case.applicant_id, *(one.person_id for one in case.co_authors if one.person_id is not None)})


def examined_of(session: Session, case: Case) -> Examined:
    """Return the case's side of the conflict rules."""
    return examined_by_case(session, [case])[case.id]


def examined_by_case(session: Session, cases: Sequence[Case]) -> Mapping[int, Examined]:
    """Return the side of each case of the conflict rules, by its id: two statements at most."""
    places = _places(session, frozenset[int]().union(*map(authors_of, cases)))
    group = groups(session, cases)
    return {one.id: _examined(one, places, group) for one in cases}


_PLACES = select(Person.id, Person.organization_id).where(Person.id.in_(bindparam("people", expanding=True)))


def _places(session: Session, people: frozenset[int]) -> dict[int, int | None]:
    return dict(session.execute(_PLACES, {"people": [*people]}).all())


def _examined(case: Case, places: Mapping[int, int | None], group: Mapping[int, frozenset[int]]) -> Examined:
    authors, of_type = authors_of(case), case_type(case.type)
    organizations = {case.organization_id, *(places.get(one) for one in authors)}
    return Examined(
        authors, frozenset(one for one in organizations if one is not None), str(case.form.get("subject_area") or ""),
        of_type.policy.liftable, wants_training=of_type.shape.attestation, group=group.get(case.id, frozenset()),
    )  # fmt: skip


def live(case: Case) -> list[Assignment]:
    """Return this round's assignments that have not ended."""
    return [one for one in case.assignments if one.round == case.round and one.state in LIVE]


def unlifted(session: Session, cases: Sequence[Case]) -> Mapping[int, Conflicts]:
    """Return what bars an expert who was invited already, by assignment id; no entry: nothing does. Two statements."""
    there = [(case, one) for case in cases for one in live(case)]
    if not there:
        return {}
    authors = frozenset[int]().union(*(authors_of(case) for case, _ in there))
    places, group = _places(session, authors | {one.expert_id for _, one in there}), groups(session, cases)
    found = {one.id: _unlifted(one, places.get(one.expert_id), _examined(case, places, group)) for case, one in there}
    return {id_: tied for id_, tied in found.items() if not tied.clear}


def _unlifted(assignment: Assignment, place: int | None, examined: Examined) -> Conflicts:
    tied = conflicts.ties(assignment.expert_id, place, examined)
    return Conflicts(tied.bars) if assignment.lifted.get("organization") == place else tied


def of_the_centre(case: Case) -> bool:
    """Tell whether the case is about the centre's own programme: it is judged and approved from outside."""
    return case_type(case.type).own(case.form)


def groups(session: Session, cases: Sequence[Case]) -> Mapping[int, frozenset[int]]:
    """Return who is in a working group of the centre, by the id of a case about its own programme; no statement where none is.

    Whoever has not left bars, whatever the days of the term and whether the group still works.
    """
    own = [one for one in cases if of_the_centre(one)]
    if not own:
        return {}
    member: Any = RECORDS["body_member"]
    rows = session.execute(_in_groups(own, member.municipality_id, member.person_id)).all()
    return {case.id: frozenset(who for place, who in rows if who and place == case.municipality_id) for case in own}


def _in_groups(cases: Sequence[Case], *columns: Any) -> Select[Any]:
    body: Any = RECORDS["body"]
    member: Any = RECORDS["body_member"]
    found = select(*columns).join(body, member.within_id == body.id)
    places = {one.municipality_id for one in cases}
    return found.where(body.municipality_id.in_(places), body.body_kind == "group", member.state != "ended")


def insiders(session: Session, case: Case) -> Sequence[str]:
    """Return the full names of who does not approve a work of the centre: its authors, of its own programme the working group too."""
    authors = [case.applicant.full_name, *(one.name for one in case.co_authors)]
    if not of_the_centre(case):
        return authors
    member: Any = RECORDS["body_member"]
    return [*authors, *session.scalars(_in_groups([case], member.name))]


def of_groups(session: Session, changed: Iterable[Subject]) -> Sequence[Case]:
    """Return the cases towards which people stand otherwise once these subjects have changed: by who is in a working group."""
    places = {one.municipality_id for one in changed if one.kind in ("body", "body_member")}
    if not places:
        return ()
    types = [key for key, one in CASE_TYPES.items() if one.own is not never]
    found = select(Case).where(Case.municipality_id.in_(places), Case.type.in_(types)).order_by(Case.id)
    return [one for one in session.scalars(found) if of_the_centre(one)]


def of_a_director() -> ColumnElement[bool]:
    """Return the condition that a director of the case's municipality is its applicant or a co-author."""
    author = or_(
        Membership.person_id == Case.applicant_id,
        Membership.person_id.in_(select(CoAuthor.person_id).where(CoAuthor.case_id == Case.id).correlate(Case)),
    )
    return exists().where(
        Membership.municipality_id == Case.municipality_id, Membership.role == Role.DIRECTOR.value, author
    ).correlate(Case)  # fmt: skip


def tells_of_cases(kind: str) -> bool:
    """Whether documents of a kind of records tell who judges cases (R30)."""
    return kind in CONTENT_TYPES and CONTENT_TYPES[kind].behavior(TellsOfCases) is not None


def judged_with(person_id: int | BindParameter[Any], cases: Collection[int] | None = None) -> Select[Any]:
    """Return the numbers of those of these cases, or of all, in which the person takes part, and which are judged now (R30)."""
    mine = (Standing.person_id == person_id, Standing.subject_kind == Case.kind, Standing.who == Who.INVOLVED.value)
    found = select(Case.id).join(Standing, and_(Standing.subject_id == Case.id, *mine)).where(Case.state.in_(EXAMINED))
    return found if cases is None else found.where(Case.id.in_(cases))


def countable(reader: int | BindParameter[Any] | None) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on assignments that may be counted before ``reader``: no number grows when their own case is judged (R30)."""
    return () if reader is None else (Assignment.case_id.not_in(judged_with(reader)),)


class Invited(NamedTuple):
    """What an invitation keeps: what spoke against the expert, and the reason that was given for them (R16)."""

    warnings: Sequence[str]
    reason: str


def invited_with(session: Session, reader: int | None, found: Collection[Assignment]) -> Mapping[int, Invited]:
    """Return what these invitations keep as far as ``reader`` is told, by id of the assignment.

    While their own case is judged, nothing that was reckoned from other cases, and no reason that was asked for by that alone (R30).
    """
    counted = any(conflicts.counts_cases(words) for one in found for words in one.warnings)
    if not counted or reader is None or session.scalar(judged_with(reader).limit(1)) is None:
        return {one.id: Invited(one.warnings, one.reason) for one in found}
    told = {one.id: [words for words in one.warnings if not conflicts.counts_cases(words)] for one in found}
    return {one.id: Invited(told[one.id], one.reason if told[one.id] or not one.warnings else "") for one in found}


def telling_of(kind: str, person_id: int) -> Select[Any]:
    """Return the numbers of the records of a kind that tell of a case in which the person takes part while it is judged (R30)."""
    part, found = _told_parts(kind)
    return found.where(Standing.person_id == person_id).with_only_columns(part.within_id)


def judging(session: Session, record: Record) -> frozenset[int]:
    """Return who takes part in a case that a record tells of and that is judged now; nobody where its kind tells of none (R30)."""
    if not tells_of_cases(record.kind):
        return frozenset()
    part, found = _told_parts(record.kind)
    return frozenset(session.scalars(found.where(part.within_id == record.id).with_only_columns(Standing.person_id)))


def _told_parts(kind: str) -> tuple[Any, Select[Any]]:
    """Return the part of a kind that names cases, and it joined with who takes part in those that are judged."""
    how: Any = CONTENT_TYPES[kind].behavior(TellsOfCases)
    part, whole, case = aliased(RECORDS[how.part]), aliased(RECORDS[kind]), aliased(Case)
    named: Any = getattr(part, how.case)
    involved = (Standing.subject_kind == Case.kind, Standing.who == Who.INVOLVED.value, Standing.subject_id == named)
    found = (
        select(part)
        .join(case, case.id == named)
        .join(whole, whole.id == part.within_id)
        .join(Standing, and_(*involved))
    )
    return part, found.where(case.state.in_(EXAMINED), or_(part.state != AWAY, whole.state.in_(how.issued))).correlate(
        None
    )


def told(tied: Conflicts) -> list[Sentence]:
    """Return what bars in words, as it is said of an expert who works already."""
    return [N_("Конфликт интересов: %(what)s", what=str(one)) for one in tied.why]


def note(session: Session, case: Case, known: Mapping[int, Conflicts] | None = None) -> None:
    """Write down with each expert what bars them at this moment: an act goes on in spite of it, and the record says so.

    ``known``: what ``unlifted`` found before the act; only what came with the act is written then.
    """
    found, before = unlifted(session, [case]), known or {}
    for one in live(case):
        old = {*one.warnings, *map(str, told(before.get(one.id, Conflicts())))}
        new = [str(words) for words in told(found.get(one.id, Conflicts())) if str(words) not in old]
        if new:
            one.warnings = [*one.warnings, *new]
