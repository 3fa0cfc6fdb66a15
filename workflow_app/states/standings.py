"""Standings and waits of a subject as sets, not of one actor: what is kept beside the rows so that lists need no facts.

``policy`` decides by the same places; ``facts.standing_rows`` keeps them at the end of an act, ``facts.standings`` reads them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from workflow_app.errors import Sentence
from workflow_app.states.vocabulary import Actor, Facts, Permission, Role, Who, Workflow

STAFF: Final = {
    Who.DIRECTOR: Role.DIRECTOR,
    Who.COORDINATOR: Role.COORDINATOR,
    Who.DEPARTMENT: Role.DEPARTMENT,
    Who.REGIONAL: Role.REGIONAL,
    Who.ADMIN: Role.ADMIN,
}
AUTHORS: Final = frozenset({Who.APPLICANT, Who.CO_AUTHOR})
PERSONAL: Final = {
    Who.OWN, Who.APPLICANT, Who.CO_AUTHOR, Who.INVITEE, Who.ACCEPTED, Who.EXPERT, Who.COUNTED, Who.LEAD, Who.PANEL,
    Who.PREPARED, Who.INVOLVED,
}  # fmt: skip
"""What a person is by name; everything else follows from roles. Content types add their own words (:func:`by_name`)."""


EXAMINED: Final = ("assigning", "in_review", "third_review", "consolidation", "on_approval")
"""The states of a case in which it is judged, until its conclusion is issued."""
OF_EXAMINATION: Final = frozenset({Permission.SEE_EXPERTS, Permission.SEE_REVIEWS, Permission.SEE_CONCLUSION})
"""Who judges a case, and how: told by no office to whoever takes part in it while it is judged (R30)."""
ARCHIVED: Final = "archived"
"""The state of a case that ended, however: one that was withdrawn or cancelled has no verdict there."""
TOLD_OF_CASES: Final = frozenset({Permission.SEE_CONCLUSION, Permission.SEE_MATERIALS})
"""The documents and the files of a record that tells of cases: closed to whoever takes part in one that is judged (R30)."""
_BY_ROLE: Final = frozenset({*STAFF, Who.MEMBER, Who.DEPUTY, Who.ON_BEHALF, Who.SCHOOL_OFFICER, Who.FOR_SCHOOL})


def told(found: AbstractSet[Who], person_id: int | None, facts: Facts, permission: Permission) -> AbstractSet[Who]:
    """Return those of a person's standings that count for a permission: who takes part in a case has no office towards it (R30).

    That is so of who judges it and how, as long as it is judged; so it is of what a record tells of such a case, to nobody
    who takes part in it.
    """
    top = facts.top
    if permission in TOLD_OF_CASES and person_id in top.judging:
        return frozenset()
    if permission in OF_EXAMINATION and Who.INVOLVED in found and top.state in EXAMINED:
        return found - _BY_ROLE
    return found


def granted(workflow: Workflow, facts: Facts, permission: Permission) -> AbstractSet[Who]:
    """Return to whom the state of a subject grants a permission; of an examination that came to nothing the archive tells nobody."""
    if permission in OF_EXAMINATION and facts.state == ARCHIVED and facts.verdict is None:
        return frozenset()
    return workflow.state(facts.state).grants.get(permission, frozenset())


TITLES: Final[dict[Who, Sentence]] = {}
"""The words of the standings that content types have declared."""


def by_name(word: str, title: Sentence) -> Who:
    """Declare what a person is by name towards a record of a content type, and how it is called: «author», «автор»."""
    found = Who.declare(word)
    PERSONAL.add(found)
    TITLES[found] = title
    return found


def places(facts: Facts) -> Mapping[Who, AbstractSet[int]]:
    """Return who stands where by name towards the subject itself; what its root gives stands with the root."""
    working = facts.working | facts.signed
    applicant, experts = _one(facts.applicant_id), facts.invited | facts.accepted | working
    return {
        Who.OWN: _one(facts.own_id),
        Who.APPLICANT: applicant,
        Who.CO_AUTHOR: facts.co_authors,
        Who.INVITEE: facts.invited,
        Who.ACCEPTED: facts.accepted,
        Who.EXPERT: working,
        Who.COUNTED: facts.signed,
        Who.LEAD: _one(facts.lead_id) & working,
        Who.PANEL: facts.panel,
        Who.PREPARED: facts.prepared,
        Who.INVOLVED: applicant | facts.co_authors | experts | facts.former | facts.group,
        **facts.standings,
    }


def _one(person_id: int | None) -> frozenset[int]:
    return frozenset() if person_id is None else frozenset({person_id})


def _member(actor: Actor) -> set[Who]:
    return {Who.MEMBER} if actor.roles and actor.person_id is not None else set()


def office(actor: Actor) -> frozenset[Who]:
    """Return what the actor is by role towards what belongs to their municipality, as long as R30 leaves it to them."""
    found = {who for who, role in STAFF.items() if role in actor.roles} | _member(actor)
    return frozenset(found | {Who.DEPUTY} if actor.deputy_for is not None else found)


# ------------------------------------------------------------------------------------------------------------- what waits

TURN: Final = "turn"  # the case's own turn; its page knows which act that is
CONFLICT: Final = "conflict"  # an expert's ties have to be settled, whosever turn it is
REISSUE: Final = "reissue"  # a paper in force says what stood before a correction
PLACE: Final = "place"  # an expert's own part
SHEET: Final = "put_in_force"  # a version of a criteria sheet was handed to the director
WITH_SCHOOL: Final = ("draft", "returned")  # what a school has entered is filled in by the school
_AT_WORK: Final = ("invited", "in_work")


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing that waits: for ``person_id``, or with 0 for whoever stands as ``who`` in the municipality and is not involved.

    ``todo`` names the act where it is known. It waits from ``since`` on; None: already. ``four_eyes``: who prepared it
    does not decide it. ``organization_id``: the school whose officers it waits for.
    """

    todo: str
    who: Who
    person_id: int = 0
    due_on: date | None = None
    since: date | None = None
    four_eyes: bool = False
    organization_id: int = 0


def waits(
    workflow: Workflow, facts: Facts, turn: Who | None, due_on: date | None, *, outdated: bool
) -> frozenset[Wait]:
    """Return what waits on a case whose turn it is ``turn``'s; ``outdated``: a paper in force says what stood before."""
    found = set(_turn(workflow, facts, turn, due_on))
    if facts.barred:
        found.add(Wait(CONFLICT, Who.COORDINATOR, due_on=due_on))
    again = workflow.transitions.get(REISSUE)
    if outdated and again is not None and facts.state in again.sources:
        found |= {Wait(REISSUE, who) for who in again.guard.by}
    return frozenset(found)


def _turn(workflow: Workflow, facts: Facts, turn: Who | None, due_on: date | None) -> Iterator[Wait]:
    if turn in (Who.COORDINATOR, Who.DIRECTOR):
        todo = TURN
        if facts.state == "on_approval":
            if facts.in_order:  # the order waits for its signature, not each of its cases
                return
            todo = "approve" if turn is Who.DIRECTOR else "approve_outside"
            if todo not in workflow.transitions:
                return
        # where another person than who proposed it decides
        final = facts.state == "on_approval" or facts.decline_proposed
        yield Wait(todo, turn, due_on=due_on, since=_after_appeals(facts), four_eyes=final)
    elif turn is Who.APPLICANT:
        yield from (Wait(TURN, Who.APPLICANT, one, due_on) for one in _one(facts.applicant_id))
        if facts.by_school and facts.state in WITH_SCHOOL:
            yield Wait(TURN, Who.SCHOOL_OFFICER, due_on=due_on, organization_id=facts.organization_id or 0)
        elif facts.on_behalf:
            yield Wait(TURN, Who.ON_BEHALF, due_on=due_on)
    elif turn in (Who.LEAD, Who.PANEL):
        yield from (Wait(TURN, turn, one, due_on) for one in places(facts)[turn])


def keeper(wait: Wait, facts: Facts, coordinator_id: int | None) -> int:
    """Return in whose list a wait for the coordinators stands: in that of who leads the case; 0: in those of all of them.

    Who is involved, or has prepared what another is to decide, does not do it: then it is everybody's.
    """
    leads = coordinator_id or 0
    barred = wait.four_eyes or leads in places(facts)[Who.INVOLVED]
    return leads if wait.who in (Who.COORDINATOR, Who.ON_BEHALF) and not barred else 0


def _after_appeals(facts: Facts) -> date | None:
    """Return from which day on the office acts on what is approved: until then the applicant may appeal."""
    waived = facts.appeal_waived or facts.appealed
    if facts.state != "approved" or facts.appeal_until is None or waived:
        return None
    return facts.appeal_until + timedelta(days=1)


def waits_at_place(facts: Facts, due_on: date | None) -> frozenset[Wait]:
    """Return what waits for an expert at their own place of this round; ``facts`` are the place's, their root the case's."""
    root, own = facts.root, facts.own_id
    if root is None or own is None:
        return frozenset()
    to_sign = root.state == "consolidation" and root.circulated and own in root.unanswered
    to_settle = root.state == "third_review" and root.verdict is not None and own in root.undecided
    if facts.state in _AT_WORK or (facts.state in ("signed", "consolidated") and (to_sign or to_settle)):
        return frozenset({Wait(PLACE, Who.OWN, own, due_on)})
    return frozenset()


def waits_of_sheet(state: str) -> frozenset[Wait]:
    """Return what waits on a version of a criteria sheet: once it is proposed, the director's word."""
    return frozenset({Wait(SHEET, Who.DIRECTOR)} if state == "proposed" else ())


def step(todo: str, state: str, turn: str | None) -> str:
    """Return what is to be done, as far as the work list tells it apart: by the state and whose turn it is where they decide it."""
    if todo in (CONFLICT, REISSUE):
        return todo
    return f"assignment-{state}" if todo == PLACE else f"{state}-{turn or ''}"


def closed_to(workflow: Workflow, office: frozenset[Who]) -> frozenset[str]:
    """Return the acts of a workflow that one of these standings closes, whatever another of them would let do."""
    return frozenset(one.name for one in workflow.transitions.values() if one.guard.unless & office)
