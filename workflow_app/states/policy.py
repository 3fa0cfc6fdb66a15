"""The only place that decides who may what: standings, permissions, offers.

``gate`` and the web kit ask it. Lists and counters read the same standings from rows that the gate keeps (``facts.standings``);
a property test proves the two equal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from workflow_app.errors import N_, Denied, NotYet, Sentence
from workflow_app.states import standings
from workflow_app.states.vocabulary import (
    Actor,
    Condition,
    Facts,
    Guard,
    Permission,
    Role,
    Transition,
    Trigger,
    Via,
    Who,
    Workflow,
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A transition that this actor could do, with the obstacles in words; none of them: it can be done now."""

    transition: Transition
    obstacles: tuple[Sentence, ...]

    @property
    def open(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.obstacles


def standing(actor: Actor, facts: Facts) -> frozenset[Who]:
    """Return every standing of ``actor`` towards the subject of ``facts``; staff stand only in their own municipality."""
    if actor.is_system:
        return frozenset({Who.SYSTEM, Who.ANYONE})
    case = facts.top
    found = {Who.ANYONE} | _personal(actor, facts)
    if facts.published and facts.consented:
        found.add(Who.PUBLIC)
    if found & standings.AUTHORS:
        return frozenset(found)  # nobody stands as staff towards their own case (R30)
    if actor.municipality_id == facts.municipality_id:
        found |= standings.office(actor)
        if Who.COORDINATOR in found and case.on_behalf and Who.INVOLVED not in found:  # R30
            found.add(Who.ON_BEHALF)
        if Role.SCHOOL_OFFICER in actor.roles and _is_of_school(actor, facts, case):
            found.add(Who.SCHOOL_OFFICER)
            if case.by_school:
                found.add(Who.FOR_SCHOOL)
    return frozenset(found)


def _is_of_school(actor: Actor, facts: Facts, case: Facts) -> bool:
    """Whether the actor's organisation stands there: a part of a record has its own, what is attached that of its owner."""
    owner = case if facts.root_workflow is not None else facts
    mine = actor.organization_id
    return mine is not None and (mine == case.organization_id or mine in owner.schools)


def stands(actor: Actor, facts: Facts, *wanted: Who) -> bool:
    """Whether the actor stands as one of ``wanted``: for the words that a page chooses, never instead of a permission."""
    return not standing(actor, facts).isdisjoint(wanted)


def of_office(actor: Actor, facts: Facts) -> bool:
    """Whether the actor is told of a case as its coordinators are: while it is judged, nobody who takes part in it is (R30)."""
    found = standings.told(standing(actor, facts), actor.person_id, facts, Permission.SEE_EXPERTS)
    return not found.isdisjoint({Who.COORDINATOR, Who.DIRECTOR})


def _personal(actor: Actor, facts: Facts) -> set[Who]:
    if actor.person_id is None:
        return set()
    mine = {who for who, people in standings.places(facts).items() if actor.person_id in people}
    if facts.root is None:
        return mine
    # the people of the whole stand so towards its parts, unless the part names its own
    return mine | (_personal(actor, facts.root) - {Who.OWN} - facts.standings.keys())


def may(workflow: Workflow, actor: Actor, facts: Facts, permission: Permission) -> bool:
    """Whether the state of the subject, or of its root, grants ``permission`` to one of the actor's standings.

    Nothing is granted by default; of an examination nobody is told by an office who takes part in it (R30).
    """
    return _grants(workflow, actor, facts, permission, standing(actor, facts))


def _grants(workflow: Workflow, actor: Actor, facts: Facts, permission: Permission, mine: frozenset[Who]) -> bool:
    granted = standings.granted(workflow, facts, permission)
    if facts.root is not None and facts.root_workflow is not None:
        granted |= standings.granted(facts.root_workflow, facts.root, permission)
    return not granted.isdisjoint(standings.told(mine, actor.person_id, facts, permission))


def _lets(workflow: Workflow, actor: Actor, facts: Facts, guard: Guard, mine: frozenset[Who]) -> bool:
    """Whether one who stands so is let by a guard; its conditions are not asked."""
    if guard.by.isdisjoint(mine) or not guard.unless.isdisjoint(mine):
        return False
    return guard.permission is None or _grants(workflow, actor, facts, guard.permission, mine)


def _obstacles(guard: Guard, facts: Facts, mine: frozenset[Who]) -> tuple[Sentence, ...]:
    stopped = (why for who, why in guard.stops.items() if who in mine)
    found = [why if isinstance(why, Sentence) else why.obstacle(facts) for why in stopped if _bars(why, facts)]
    return (*found, *(one.obstacle(facts) for one in guard.when if not one.test(facts)))


def _bars(why: Sentence | Condition, facts: Facts) -> bool:
    return isinstance(why, Sentence) or not why.test(facts)


def begin_obstacles(workflow: Workflow, actor: Actor, facts: Facts) -> tuple[Sentence, ...]:
    """Return in words what keeps one who may begin the subject of ``facts`` from it now; none: nothing does."""
    return _obstacles(workflow.begin, facts, standing(actor, facts))


def offers(workflow: Workflow, actor: Actor, facts: Facts) -> Mapping[str, Offer]:
    """Return what the actor may do now or as soon as the obstacles are gone, by transition name."""
    mine = standing(actor, facts)
    return {
        one.name: Offer(one, _obstacles(one.guard, facts, mine))
        for one in workflow.exits(facts.state)
        if one.trigger is Trigger.USER and _lets(workflow, actor, facts, one.guard, mine)
    }


def permit(workflow: Workflow, actor: Actor, facts: Facts, name: str) -> Transition:
    """Return the transition if the actor may do it now; else Denied, or NotYet with the obstacles."""
    transition, mine = workflow.transition(name), standing(actor, facts)
    if facts.state not in transition.sources:
        if not transition.guard.by.isdisjoint(mine):
            state = workflow.state(facts.state).title
            raise NotYet((N_("В состоянии «%(state)s» это действие не выполняется.", state=state),))
        raise Denied(N_("Это действие вам недоступно."))
    if not _lets(workflow, actor, facts, transition.guard, mine):
        raise Denied(N_("Это действие вам недоступно."))
    if obstacles := _obstacles(transition.guard, facts, mine):
        raise NotYet(obstacles)
    return transition


def permit_begin(workflow: Workflow, actor: Actor, facts: Facts) -> Actor:
    """Return in whose name the actor may begin the subject of ``facts``; else Denied, or NotYet with the obstacles."""
    if not may_begin(workflow, actor, facts):
        raise Denied(N_("Это действие вам недоступно."))
    if obstacles := begin_obstacles(workflow, actor, facts):
        raise NotYet(obstacles)
    own = _without_office(actor)
    return own if may_begin(workflow, own, facts) else replace(actor, via=Via.DEPUTY)


def may_begin(workflow: Workflow, actor: Actor, facts: Facts) -> bool:
    """Whether the actor stands so that the begin guard lets them; its conditions are not asked."""
    return _lets(workflow, actor, facts, workflow.begin, standing(actor, facts))


def in_own_name(workflow: Workflow, actor: Actor, facts: Facts, name: str) -> Actor:
    """Return the actor of a permitted transition: a deputy acts as one only where the own roles would not do (R30)."""
    own = _without_office(actor)
    if own is actor or name in offers(workflow, own, facts):
        return own
    return replace(actor, via=Via.DEPUTY)


def _without_office(actor: Actor) -> Actor:
    """Return a deputy as the person with the roles of their own; anybody else unchanged."""
    if actor.deputy_for is None:
        return actor
    return replace(actor, roles=actor.roles - {Role.DIRECTOR}, deputy_for=None)


def moves_by_itself(workflow: Workflow, state: str) -> bool:
    """Whether an automatic transition could leave ``state``, whatever the facts."""
    return any(one.trigger is Trigger.AUTOMATIC for one in workflow.exits(state))


def moves_alike(workflow: Workflow, state: str) -> bool:
    """Whether all parts in ``state`` move by themselves or none does, for only their whole is asked: then the first tells."""
    exits = [one for one in workflow.exits(state) if one.trigger is Trigger.AUTOMATIC]
    return all(condition.of_whole for one in exits for condition in one.guard.when)


def automatic(workflow: Workflow, actor: Actor, facts: Facts) -> Transition | None:
    """Return the first automatic transition that fires on these facts, or None."""
    return next(_firing(workflow, actor, facts, Trigger.AUTOMATIC), None)


def due_timers(workflow: Workflow, actor: Actor, facts: Facts) -> tuple[Transition, ...]:
    """Return the timer transitions that fire on these facts, for ``tick``."""
    return tuple(_firing(workflow, actor, facts, Trigger.TIMER))


def _firing(workflow: Workflow, actor: Actor, facts: Facts, trigger: Trigger) -> Iterator[Transition]:
    mine = standing(actor, facts)
    for one in workflow.exits(facts.state):
        if (
            one.trigger is trigger
            and _lets(workflow, actor, facts, one.guard, mine)
            and not _obstacles(one.guard, facts, mine)
        ):
            yield one
