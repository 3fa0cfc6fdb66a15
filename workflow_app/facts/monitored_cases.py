"""Reviews and cases of which indicators are counted, with the people in them: as they stand, or as events stated them on a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session

from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.hash_chain import BEGIN
from workflow_app.db.models import Assignment, Case, CaseVersion, CoAuthor, CriteriaRow, Event, EventPayload, Person
from workflow_app.facts import deadlines
from workflow_app.facts.record_history import Past, stood
from workflow_app.monitoring.observed import Approved, Signed
from workflow_app.monitoring.people import Directory, Place
from workflow_app.spelling import order_key

APPROVED: Final = frozenset({"approved", "sent_to_commission", "decided", "closed", "archived", "appealed"})
"""The states of a case whose conclusion is approved; of the archive without those that went there withdrawn or cancelled."""
SIGNED: Final = frozenset({"signed", "consolidated"})
_CARDS: Final = (BEGIN, "edit_person")
"""The acts that say what a person is called and where they work."""
_NAMES: Final = ("last_name", "first_name", "middle_name")


def signed(session: Session, municipality_id: int, then: Past | None) -> Iterator[Signed]:
    """Yield the signed reviews: one statement, and one more of a past day."""
    zone = ZoneInfo(deadlines.zone_of(session, municipality_id))
    before = _reviews_before(session, then) if then else {}
    changed = then.changed.get("assignment", frozenset()) if then else frozenset()
    found = session.execute(
        select(Assignment.id, Assignment.version, Assignment.state, Assignment.expert_id, Assignment.signed_at, Case.type,
               Person.municipality_id)
        .join(Case, Case.id == Assignment.case_id).join(Person, Person.id == Assignment.expert_id)
        .where(Assignment.municipality_id == municipality_id, Assignment.signed_at.is_not(None)).order_by(Assignment.id)
    )  # fmt: skip
    for id_, version, state, expert, at, kind, home in found:
        was = (state, version, at) if id_ not in changed else before.get(id_)
        if was is not None and was[0] in SIGNED and was[2] is not None:
            yield Signed(id_, was[1], expert, kind, was[2].astimezone(zone).date(), own=home == municipality_id)


def _reviews_before(session: Session, then: Past) -> Mapping[int, tuple[str, int, datetime | None]]:
    """Return state, version and moment of signing of the reviews that were changed since."""
    found: dict[int, tuple[str, int, datetime | None]] = {}
    if then.changed.get("assignment"):
        wanted = then.told("assignment", Event.transition, Event.after, Event.subject_version, Event.at)
        for id_, act, state, version, at in session.execute(wanted):
            found[id_] = (state, version, at if act == "sign" else found.get(id_, ("", 0, None))[2])
    return found


def approved(session: Session, municipality_id: int, then: Past | None) -> Iterator[Approved]:
    """Yield the cases whose conclusion is approved: three statements, at most six more of a past day."""
    zone = ZoneInfo(deadlines.zone_of(session, municipality_id))
    cases = _cases_now(session, municipality_id, all_=then is not None)
    if then is not None and then.changed.get("case"):
        cases = _cases_then(session, then, cases)
    authors, positive = _co_authors(session, municipality_id, then), _positive(session)
    for one in cases:
        if one.state in APPROVED and not (one.state == "archived" and one.otherwise) and one.type in CASE_TYPES:
            people, names = authors.get(one.id, (frozenset(), ()))
            yield Approved(
                one.id, one.version, one.type, people | {one.applicant_id}, one.approved_at.astimezone(zone).date(),
                (one.criteria_id, one.verdict) in positive, names, one.organization_id,
            )  # fmt: skip


class _Case(NamedTuple):
    """What is read of a case that was approved; ``otherwise``: it went to the archive withdrawn or cancelled."""

    id: int
    version: int
    state: str
    type: str
    applicant_id: int
    verdict: str | None
    criteria_id: int | None
    approved_at: datetime
    organization_id: int | None
    otherwise: bool


def _cases_now(session: Session, municipality_id: int, *, all_: bool) -> list[_Case]:
    act = (Event.subject_kind == "case", Event.subject_id == Case.id, Event.transition == "archive")
    otherwise = and_(Case.state == "archived", exists().where(*act, Event.before.in_(("withdrawn", "cancelled"))))
    found = select(*(getattr(Case, name) for name in _Case._fields if name != "otherwise"), otherwise).where(
        Case.municipality_id == municipality_id, Case.approved_at.is_not(None)
    )
    living = () if all_ else (Case.state.in_(APPROVED),)
    return [_Case(*tuple(row)) for row in session.execute(found.where(*living).order_by(Case.id))]


def _cases_then(session: Session, then: Past, cases: Sequence[_Case]) -> list[_Case]:
    """Return the cases as the last event before the moment stated them; those that were not approved yet left out."""
    told, days = then.last(session, "case", Event.after, Event.subject_version, Event.facts), _approvals(session, then)
    found = []
    for one in cases:
        if one.id not in then.changed["case"]:
            found.append(one)
        elif one.id in told and one.id in days:
            event = told[one.id]
            now = {"applicant": one.applicant_id, "verdict": one.verdict, "criteria": one.criteria_id} | (
                event.facts or {}
            )
            found.append(one._replace(
                version=event.subject_version, state=event.after, approved_at=days[one.id],
                applicant_id=now["applicant"], verdict=now["verdict"], criteria_id=now["criteria"],
            ))  # fmt: skip
    return found


def _approvals(session: Session, then: Past) -> Mapping[int, datetime]:
    """Return when the cases that were changed since had been approved last."""
    if not then.changed.get("case"):
        return {}
    wanted = then.told("case", func.max(Event.at)).where(
        Event.transition.in_(("approve", "approve_outside", "approve_by_order"))
    )
    return {row[0]: row[1] for row in session.execute(wanted.order_by(None).group_by(Event.subject_id))}


def _positive(session: Session) -> frozenset[tuple[int, Any]]:
    """Return the verdicts that are positive, by the sheet that names them; the sheets never change (R27)."""
    found = session.execute(select(CriteriaRow.id, CriteriaRow.data["verdicts"]))
    return frozenset((id_, one["key"]) for id_, verdicts in found for one in verdicts or () if one.get("positive"))


Authors = tuple[frozenset[int], tuple[str, ...]]
"""The co-authors of a case: those whom the centre knows, and the names of the others."""


def _co_authors(session: Session, municipality_id: int, then: Past | None) -> Mapping[int, Authors]:
    """Return the co-authors of the cases that were approved ever; those of a past day by what was submitted by then."""
    found = session.execute(
        select(CoAuthor.case_id, CoAuthor.name, CoAuthor.person_id).join(Case, Case.id == CoAuthor.case_id)
        .where(Case.municipality_id == municipality_id, Case.approved_at.is_not(None)).order_by(CoAuthor.id)
    )  # fmt: skip
    named: dict[int, dict[str, int | None]] = {}
    for case_id, name, person_id in found:
        named.setdefault(case_id, {})[name] = person_id
    if then is not None:
        named |= _named_then(session, municipality_id, then, named)
    return {
        case_id: (
            frozenset(one for one in people.values() if one is not None),
            tuple(name for name, one in people.items() if one is None),
        )
        for case_id, people in named.items()
    }


def _named_then(
    session: Session, municipality_id: int, then: Past, now: Mapping[int, Mapping[str, int | None]]
) -> dict[int, dict[str, int | None]]:
    """Return the co-authors of the cases of which a version was submitted since, as the version before names them."""
    of = select(CaseVersion.case_id).join(Case, Case.id == CaseVersion.case_id)
    later = of.where(
        Case.municipality_id == municipality_id, Case.approved_at.is_not(None), CaseVersion.at > then.moment
    )
    last = select(func.max(CaseVersion.id)).where(CaseVersion.at <= then.moment, CaseVersion.case_id.in_(later))
    versions = session.execute(
        select(CaseVersion.case_id, CaseVersion.form).where(CaseVersion.id.in_(last.group_by(CaseVersion.case_id)))
    )
    names = {case_id: tuple(form.get("co_authors") or ()) for case_id, form in versions}
    keys = {name: order_key(*name.split()) for many in names.values() for name in many}
    people = select(Person.name_order, Person.id).where(
        Person.municipality_id == municipality_id, Person.name_order.in_(sorted(set(keys.values())))
    )
    known = {row[0]: row[1] for row in session.execute(people)} if keys else {}
    return {
        case_id: {name: now.get(case_id, {}).get(name, known.get(keys[name])) for name in many}
        for case_id, many in names.items()
    }


def directory(session: Session, municipality_id: int, then: Past | None, *, words: bool) -> Directory:
    """Return what people and organisations were called, and where people worked; ``words``: some place is named in words."""
    people: dict[int, tuple[str, Place]] = {
        id_: (" ".join(names), place)
        for id_, place, *names in session.execute(
            select(Person.id, Person.organization_id, Person.last_name, Person.first_name, Person.middle_name)
            .where(Person.municipality_id == municipality_id)
        )
    }  # fmt: skip
    if then is not None and then.changed.get("person"):
        people |= _people_then(session, then)
    places: dict[str, int] = {}
    for one in stood(session, municipality_id, CONTENT_TYPES["organization"], then) if words else ():
        for name in (one.values["name"], one.values["short_name"]):
            if name:
                places.setdefault(order_key(name), one.id)
    return Directory(people, places)


def _people_then(session: Session, then: Past) -> dict[int, tuple[str, Place]]:
    """Return name and organisation of those who were changed since, as their card said before."""
    wanted = then.told("person", EventPayload.data).join(EventPayload, EventPayload.event_id == Event.id)
    return {
        id_: (" ".join(card.get(name) or "" for name in _NAMES), card.get("organization_id"))
        for id_, card in session.execute(wanted.where(Event.transition.in_(_CARDS)))
        if card.get("last_name")
    }
