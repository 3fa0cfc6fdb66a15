"""Four eyes: who prepared a conclusion does not approve it, whatever roles and deputyships they hold."""

import random
from itertools import combinations

import pytest

from tests.core.actors_and_facts import CASES
from tests.core.model import DIRECTOR, World
from tests.core.test_workflows import step_or_stray
from workflow_app.states.vocabulary import Actor, Role

PREPARES = {"circulate", "propose"}
APPROVES = {"approve", "approve_outside"}
DEPUTY = "deputy"
OFFICES = [*Role, DEPUTY]
PAIRS = [pair for n in (1, 2) for pair in combinations(OFFICES, n)]


def holder(person: int, offices: tuple[str, ...]) -> Actor:
    """A person of staff with these roles; a deputy acts as the director too, as ``facts.actors`` makes one."""
    deputy = DEPUTY in offices and Role.DIRECTOR not in offices
    roles = frozenset(Role(one) for one in offices if one != DEPUTY) | ({Role.DIRECTOR} if deputy else set())
    return Actor(person, 1, roles, organization_id=5, deputy_for=DIRECTOR if deputy else None)


def wander(world: World, seed: int, steps: int) -> set[str]:
    """Walk mostly forward, stray everywhere; after each approval look at whose hands prepared what stands now."""
    chance, done, approvals = random.Random(seed), set(), set()
    for _ in range(steps):
        if world.state == "archived":
            break
        before = len(world.hands)
        step_or_stray(world, chance, done)
        done |= set(world.past)
        if before < len(world.hands) and world.hands[-1][0] in APPROVES:
            approvals.add(world.hands[-1][0])
            look(world)
    return approvals


def look(world: World) -> None:
    who = dict(world.hands)  # the last of each: earlier texts went back
    approver = world.hands[-1][1]
    assert approver not in {who["circulate"], who["propose"], world.told["composed_by"]}, world.hands
    assert len({one for name, one in world.hands if name in PREPARES | APPROVES}) > 1


@pytest.mark.parametrize("kind", CASES)
def test_one_person_of_staff_brings_no_case_to_approval(kind):
    """Every pair of roles and a deputyship, every road: returned, sent back, recalled, appealed, revised; the director's own too."""
    for number, pair in enumerate(PAIRS):
        for own in (False, True):
            world = World(kind, office=(holder(10, pair),), own=own, same_text=bool(number % 2), verdict_to_be="revise")
            wander(world, number, 80)
            assert "propose_decline" not in world.past or "decline" not in world.past, (pair, world.past)
            assert "approved" not in world.past, (pair, world.past)
            assert not APPROVES & set(world.past), (pair, world.past)


@pytest.mark.parametrize("kind", CASES)
def test_two_persons_of_staff_never_approve_what_they_prepared(kind):
    """All pairs of roles beside each other: whoever approves had no hand in the text that is approved."""
    seen: set[str] = set()
    for number, (first, second) in enumerate((a, b) for a in PAIRS for b in PAIRS if Role.COORDINATOR in a):
        world = World(
            kind, office=(holder(10, first), holder(11, second)), own=number % 3 == 0, same_text=number % 2 == 0
        )
        world.grant, world.verdict_to_be = number % 5 == 0, "revise" if number % 4 == 0 else "conforms"
        seen |= wander(world, 1000 + number, 70)
    assert seen == APPROVES  # both ways were taken


@pytest.mark.parametrize("kind", CASES)
def test_neither_director_nor_deputy_approves_what_the_director_wrote(kind):
    for number, pair in enumerate(PAIRS):
        world = World(
            kind, office=(holder(10, (Role.COORDINATOR,)), holder(11, pair), holder(12, (Role.COORDINATOR,))), own=True
        )
        wander(world, number, 70)
        approved = {one for name, one in world.hands if name in APPROVES}
        assert "approve" not in world.past
        assert not (approved & {11} and {Role.DIRECTOR, DEPUTY} & set(pair)), (pair, world.hands)
