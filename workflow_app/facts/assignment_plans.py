"""Drafts of whom to invite to many cases: what they are of, read for the one who looks, and how they are changed.

A draft changes nothing of the cases, so it is no event: as a working copy it is kept and compared by its version. Only the
invitations that come of it go through the gate, a case at a time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from workflow_app import clock
from workflow_app.db.models import Assignment, AssignmentPlan, Case, Municipality
from workflow_app.errors import N_, Conflict, NotFound, WorkflowError
from workflow_app.facts import best_set
from workflow_app.facts.best_set import Pair, Row
from workflow_app.facts.candidates import candidates_of
from workflow_app.facts.involvement import LIVE
from workflow_app.facts.locking import lock_root
from workflow_app.facts.standings import performable
from workflow_app.matching.terms import Floor
from workflow_app.states.vocabulary import Actor

MOST: Final = 300  # cases of one draft
WORST, TOTAL = "maximin", "total"
KEPT: Final = 20  # drafts of a centre that are listed
_NO_SUCH: Final = N_("Такого черновика нет: его могли удалить.")
_LIVE_PLACES: Final = (
    select(func.count())
    .where(Assignment.case_id == Case.id, Assignment.round == Case.round, Assignment.state.in_(LIVE))
    .scalar_subquery()
)
_PAIRS: Final = ("pairs", "locked", "removed", "withdrawn")
_AROUND: Final = (
    selectinload(Case.assignments).joinedload(Assignment.expert), selectinload(Case.panel), selectinload(Case.co_authors),
    joinedload(Case.applicant), joinedload(Case.organization),
)  # fmt: skip


def waiting(session: Session, actor: Actor) -> Sequence[Case]:
    """Return the cases with free places to which the actor may invite, by term, without what is around them."""
    mine = performable(actor, "invite").condition
    found = select(Case).where(mine, Case.required > _LIVE_PLACES).options(joinedload(Case.applicant))
    return session.scalars(found.order_by(Case.due_on.is_(None), Case.due_on, Case.id).limit(MOST)).all()


def cases_of(session: Session, actor: Actor, ids: Collection[int]) -> Sequence[Case]:
    """Return these cases as far as the actor may invite to them, by term, with what the choice of experts reads."""
    found = select(Case).where(performable(actor, "invite").condition, Case.id.in_(ids)).options(*_AROUND)
    return session.scalars(found.order_by(Case.due_on.is_(None), Case.due_on, Case.id)).unique().all()


def open_to(session: Session, actor: Actor, case_id: int) -> bool:
    """Whether the actor may invite to a case: of others a draft tells nothing to them and changes nothing for them (R30)."""
    mine = select(Case.id).where(performable(actor, "invite").condition, Case.id == case_id)
    return session.scalar(mine) is not None


def rows_of(
    session: Session,
    actor: Actor,
    cases: Sequence[Case],
    weights: Mapping[str, int] | None = None,
    withdrawn: Collection[Pair] = (),
) -> list[Row]:
    """Return the cases with their candidates: ``weights`` of a draft, none for the centre's; ``withdrawn`` invitations are free places."""
    ranked = candidates_of(session, cases, weights or None, reader=actor.person_id)
    return [Row.of(one, ranked[one.id], [id_ for case_id, id_ in withdrawn if case_id == one.id]) for one in cases]


def plans(session: Session, municipality_id: int) -> Sequence[AssignmentPlan]:
    """Return the drafts of a centre, the last changed first."""
    found = select(AssignmentPlan).where(AssignmentPlan.municipality_id == municipality_id)
    return session.scalars(found.order_by(AssignmentPlan.changed_at.desc(), AssignmentPlan.id.desc()).limit(KEPT)).all()


def plan_of(session: Session, municipality_id: int, id: int, seen: int | None = None) -> AssignmentPlan:
    """Return a draft of the centre; ``seen``: lock it, and raise Conflict where another has changed it since that version."""
    found = session.get(AssignmentPlan, id, with_for_update=True if seen is not None else None)
    if found is None or found.municipality_id != municipality_id:
        raise NotFound(_NO_SUCH)
    if seen is not None and seen != found.version:
        raise Conflict(seen, found.version)
    return found


def first(session: Session, actor: Actor, ids: Iterable[int]) -> tuple[Pair, ...]:
    """Return the best proposal for these cases, as far as the actor may invite to them. It may take long: no lock is to be held."""
    return best_set.propose(rows_of(session, actor, cases_of(session, actor, list(ids)[:MOST])))


def begin(session: Session, actor: Actor, ids: Iterable[int], pairs: Iterable[Pair]) -> AssignmentPlan:
    """Make a draft of these cases with the proposal; those that the actor may not invite to are left out.

    A second press finds the draft of the first one: nobody has touched it yet.
    """
    cases = cases_of(session, actor, list(ids)[:MOST])
    if not cases or actor.person_id is None:
        raise WorkflowError(N_("Не выбрано ни одного дела со свободными местами."))
    lock_root(session, session.get_one(Municipality, actor.municipality_id))
    now, ids = clock.now(), [one.id for one in cases]
    proposal = [list(one) for one in pairs if one[0] in ids]
    for one in plans(session, actor.municipality_id):
        if (one.made_by, one.version, one.cases, one.pairs) == (actor.person_id, 1, ids, proposal):
            return one
    plan = AssignmentPlan(
        municipality_id=actor.municipality_id, cases=ids, made_at=now, made_by=actor.person_id,
        changed_at=now, changed_by=actor.person_id, floor=WORST, weights={}, locked=[], removed=[], withdrawn=[], version=1,
        pairs=proposal,
    )  # fmt: skip
    session.add(plan)
    session.flush()
    return plan


def pairs_of(kept: Iterable[Sequence[int]]) -> list[Pair]:
    """Return what a column keeps as pairs."""
    return [(case_id, person_id) for case_id, person_id in kept]


def floor_of(text: str) -> Floor:
    """Return what comes first, as a draft keeps it: the worst-served case, or the total alone."""
    return None if text == TOTAL else "maximin"


def keep(session: Session, plan: AssignmentPlan, actor: Actor, **values: object) -> None:
    """Write what was changed, and by whom: the version grows."""
    for name, value in values.items():
        setattr(plan, name, [list(one) for one in value] if name in _PAIRS else value)  # type: ignore[attr-defined]
    plan.version, plan.changed_at = plan.version + 1, clock.now()
    plan.changed_by = actor.person_id or plan.changed_by
    session.flush()


def proposed(plan: AssignmentPlan, rows: Sequence[Row], *, all_stay: bool = False, floor: str = "") -> list[Pair]:
    """Return the best pairs for the rows, with what is held; ``all_stay``: only free places are filled. Pairs of other rows stay."""
    mine = {row.case.id for row in rows}
    before = pairs_of(plan.pairs)
    kept = [one for one in (before if all_stay else pairs_of(plan.locked)) if one[0] in mine]
    found = best_set.propose(rows, kept=kept, removed=pairs_of(plan.removed), floor=floor_of(floor or plan.floor))
    return [*(one for one in before if one[0] not in mine), *found]


def contested(plan: AssignmentPlan, rows: Sequence[Row]) -> tuple[list[Pair], list[Pair]]:
    """Return the best pairs where only who has accepted or was locked is held, and the invitations to be withdrawn for them."""
    fresh = [one.contested() for one in rows]
    found = proposed(plan, fresh)
    invited = {(row.case.id, id_) for row in fresh for id_ in row.reopened}
    return [one for one in found if one not in invited], sorted(invited - set(found))


def put(pairs: Sequence[Pair], locked: Collection[Pair], row: Row, person_id: int) -> tuple[list[Pair], list[Pair]]:
    """Return pairs and locks with an expert put into a case by a person, and held there; WorkflowError where that cannot be.

    A full case lets its least fit expert go who is not held.
    """
    if not row.takes(person_id):
        raise WorkflowError(N_("Этого эксперта сюда нельзя без объяснений: пригласите его на странице дела."))
    here = best_set.sound([row], [one for one in pairs if one[0] == row.case.id and one[1] != person_id])
    pair = (row.case.id, person_id)
    if len(here) >= row.need:
        loose = [one for one in here if one not in locked]
        if not loose:
            raise WorkflowError(N_("Все места дела закреплены: сначала открепите или уберите кого-нибудь."))
        here.remove(max(loose, key=lambda one: row.candidates[one[1]].order))
    others = [one for one in pairs if one[0] != row.case.id]
    return [*others, *here, pair], [*(one for one in locked if one != pair), pair]
