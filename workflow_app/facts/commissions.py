"""Commissions of experts as an assignment takes them: which may be asked, whom of one, who is left out and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from workflow_app.case_types.registry import case_type
from workflow_app.db.models import RECORDS, Case, Person
from workflow_app.errors import N_, Sentence
from workflow_app.facts import deadlines
from workflow_app.facts.candidates import Ranked, candidates
from workflow_app.facts.involvement import live
from workflow_app.states.vocabulary import Actor

_FULL = N_("Места заняты.")
_UNKNOWN = N_("Нет в реестре экспертов.")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a commission gives to a case: whom to tick, the lead if ticked or invited, who is left out and why."""

    name: str
    chosen: Sequence[Ranked]
    lead_id: int | None
    left_out: Sequence[tuple[str, Sequence[Sentence]]]


def of_case(session: Session, case: Case) -> Sequence[Any]:
    """Return the commissions that work today in a direction of the case, or in any, by name."""
    model: Any = RECORDS["commission"]
    today = deadlines.today(session, case.municipality_id)
    works = (
        model.state == "active", or_(model.since.is_(None), model.since <= today), or_(model.until.is_(None), model.until >= today)
    )  # fmt: skip
    rows = session.scalars(
        select(model).where(model.municipality_id == case.municipality_id, *works).order_by(model.title_order, model.id)
    )
    wanted = {*case_type(case.type).directions}
    return [one for one in rows if not one.directions or wanted & {*one.directions}]


def proposed(session: Session, actor: Actor, case: Case, id_: int, places: int) -> Proposal | None:
    """Return whom of a commission the actor may tick on ``places`` places; None: it does not work for this case.

    Its lead comes first, its chair second, the others as the ranking has them. Whoever is barred, needs the director's decision or
    has as many open cases as the card allows is left out.
    """
    row = next((one for one in of_case(session, case) if one.id == id_), None)
    if row is None:
        return None
    first = [one for one in (row.lead_id, row.chair_id) if one is not None]
    people = [*dict.fromkeys((*first, *_members(session, row)))]
    known = [one for one in candidates(session, case, frozenset(people), reader=actor.person_id) if one.state == ""]
    known.sort(key=lambda one: first.index(one.person.id) if one.person.id in first else len(first))
    engaged = {one.expert_id for one in case.assignments if one.round == case.round and one.expert_id in people}
    chosen: list[Ranked] = []
    left_out: list[tuple[str, Sequence[Sentence]]] = []
    for one in known:
        why = _against(one) or (() if len(chosen) < places else (_FULL,))
        if why:
            left_out.append((one.person.full_name, why))
        else:
            chosen.append(one)
    there = {one.person.id for one in known} | engaged
    strangers = session.scalars(select(Person).where(Person.id.in_([one for one in people if one not in there])))
    left_out += [(one.full_name, (_UNKNOWN,)) for one in strangers.unique()]
    here = {one.person.id for one in chosen} | {one.expert_id for one in live(case)}
    lead = row.lead_id if row.lead_id in here else None
    return Proposal(row.name, chosen, lead, left_out)


def _members(session: Session, commission: Any) -> Sequence[int]:
    part: Any = RECORDS["commission_member"]
    mine = select(part.person_id).where(part.within_id == commission.id, part.state != "ended")
    return session.scalars(mine.order_by(part.id)).all()


def _against(one: Ranked) -> tuple[Sentence, ...]:
    if one.conflicts.why:
        return one.conflicts.why
    if one.turned_down:
        return (N_("Уже отказался от этого дела или не ответил на приглашение."),)
    busy = one.candidate.load >= one.candidate.load_limit
    return (
        (N_("Занят: открыто %(n)s из %(limit)s.", n=one.candidate.load, limit=one.candidate.load_limit),)
        if busy
        else ()
    )
