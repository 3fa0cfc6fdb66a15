"""The best set of experts for one case and for many: the same mathematics (``matching.best``), with what people are promised.

Nobody is proposed against whom anything speaks: a bar, a warning, an invitation to this case that they turned down. Nobody gets
more than their limit. Places that experts from outside must have stay theirs, though nobody may be there for them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy.orm import Session

from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Case
from workflow_app.facts import involvement
from workflow_app.facts.candidates import Ranked, candidates
from workflow_app.matching.affinity import Affinity, weighed
from workflow_app.matching.best import match
from workflow_app.matching.conflicts import Conflicts
from workflow_app.matching.terms import Floor, Quota

Pair = tuple[int, int]
"""A case and an expert, by their ids."""
_STAYS: Final = 0.1  # by so much another has to suit a case better than one who was invited and has not answered
_SEED: Final = 1  # the same rows give the same answer


@dataclass(frozen=True, slots=True)
class Row:
    """A case with its candidates by id, how many experts it wants yet and how many of them from outside.

    ``reopened``: whose unanswered invitations count as free places.
    """

    case: Case
    candidates: Mapping[int, Ranked]
    need: int
    outside: int
    reopened: frozenset[int] = frozenset()

    @classmethod
    def of(cls, case: Case, ranked: Sequence[Ranked], reopened: Collection[int] = ()) -> Row:
        """Return the row of a case as it stands."""
        open_ = unanswered(case).intersection(reopened)
        return cls(case, {one.person.id: one for one in ranked}, *needed(case, open_), open_)

    def contested(self) -> Row:
        """Return the row with every unanswered invitation as a free place, for which those who have it compete with an advantage."""
        open_ = unanswered(self.case)
        rivals = {id_: _rival(one) if id_ in open_ else one for id_, one in self.candidates.items()}
        return Row(self.case, rivals, *needed(self.case, open_), open_)

    def leaving(self, many: int) -> list[int]:
        """Return whose unanswered invitation so many new experts take the place of: nobody leaves for an empty place."""
        taken = many - (self.need - len(self.reopened))
        return sorted(self.reopened)[: max(0, taken)]

    def under(self, weights: Mapping[str, float]) -> Row:
        """Return the row with its candidates weighed anew: nothing is read for that."""
        fresh = {
            id_: replace(one, affinity=weighed(one.affinity.parts, weights)) for id_, one in self.candidates.items()
        }
        return replace(self, candidates=fresh)

    def takes(self, person_id: int) -> bool:
        """Whether the expert may be proposed here: nothing speaks against them."""
        return person_id in self.candidates and self.candidates[person_id].free


@dataclass(frozen=True, slots=True)
class Short:
    """A case that lacks experts: ``have`` of ``need``; ``outside`` of those it lacks come from outside.

    ``able`` others could be asked, ``left`` of them have room for one more case.
    """

    case: Case
    have: int
    need: int
    outside: int
    able: int
    left: int


@dataclass(frozen=True, slots=True)
class Quality:
    """What a set of pairs is worth: places taken of all, mean and worst fit of cases in per cent, the load of experts after it."""

    taken: int
    places: int
    mean: int = 0
    worst: int = 0
    worst_case: Case | None = None
    least: int = 0
    most: int = 0


def unanswered(case: Case) -> frozenset[int]:
    """Return the experts who have not answered their invitation to this round of the case."""
    return frozenset(one.expert_id for one in involvement.live(case) if one.state == "invited")


def _rival(one: Ranked) -> Ranked:
    """Return somebody invited as a candidate for the own place: only a bar counts, and whoever replaces them suits clearly better."""
    better = Affinity(min(1.0, one.affinity.total + _STAYS), one.affinity.parts)
    return replace(
        one,
        state="",
        turned_down=False,
        conflicts=Conflicts(one.conflicts.bars, one.conflicts.liftable),
        affinity=better,
    )


def needed(case: Case, without: Collection[int] = ()) -> tuple[int, int]:
    """Return how many experts are wanted yet, and how many of them have to come from outside; ``without``: as if these were not invited."""
    here_now = [one for one in involvement.live(case) if one.expert_id not in without]
    outside = case_type(case.type).outside(case.form, case.required) - sum(one.outside for one in here_now)
    need = max(0, case.required - len(here_now))
    return need, min(need, max(0, outside))


def best(session: Session, case: Case, reader: int | None) -> list[Ranked]:
    """Return the best set for one case, those from outside first, then the best; ``reader``: who is told of it (R30)."""
    row = Row.of(case, candidates(session, case, reader=reader))
    chosen = [row.candidates[person_id] for _, person_id in propose([row])]
    return sorted(chosen, key=lambda one: (not one.candidate.outside, one.order))


def propose(
    rows: Sequence[Row], *, kept: Collection[Pair] = (), removed: Collection[Pair] = (), floor: Floor = "maximin"
) -> tuple[Pair, ...]:
    """Return the best pairs; ``kept`` ones stay if nothing speaks against them by now, ``removed`` ones do not come back.

    A case is served by the mean fit of its experts: by the sum, one that wants three would always be served better than one that wants two.
    """
    rows = [one for one in rows if one.need]
    held = sound(rows, kept)
    people = sorted({id_ for row in rows for id_, one in row.candidates.items() if one.free})
    if not people:
        return ()
    known = {id_: one for row in rows for id_, one in row.candidates.items()}
    columns, places = {id_: at for at, id_ in enumerate(people)}, {row.case.id: at for at, row in enumerate(rows)}
    mine, freed = Counter(person for _, person in held), _freed(rows)
    found = match(
        [[_fit(row, id_) / row.need for id_ in people] for row in rows],
        [row.need for row in rows],
        [(0, max(_room(known[id_]) + freed[id_], mine[id_])) for id_ in people],
        barred=[[not row.takes(id_) or (row.case.id, id_) in removed for id_ in people] for row in rows],
        floor=floor,
        quotas=_quotas(rows, people, known),
        kept=[(places[case_id], columns[id_]) for case_id, id_ in held],
        seed=_SEED,
    )
    pairs = [(rows[one.case].case.id, people[one.expert]) for one in found.pairs]
    return tuple(pair for row in rows for pair in _with_places_left(row, pairs, set(held)))


def sound(rows: Sequence[Row], pairs: Collection[Pair]) -> list[Pair]:
    """Return those of the pairs that may still be asked for: the case wants them, nothing speaks against the expert, once each."""
    known, left = {row.case.id: row for row in rows}, {row.case.id: row.need for row in rows}
    found: list[Pair] = []
    for case_id, person_id in dict.fromkeys(pairs):
        row = known.get(case_id)
        if row is not None and left[case_id] and row.takes(person_id):
            left[case_id] -= 1
            found.append((case_id, person_id))
    return found


def _fit(row: Row, person_id: int) -> float:
    one = row.candidates.get(person_id)
    return one.affinity.total if one else 0.0


def _freed(rows: Sequence[Row]) -> Counter[int]:
    return Counter(id_ for row in rows for id_ in row.reopened)


def _room(one: Ranked) -> int:
    return max(0, one.candidate.load_limit - one.candidate.load)


def _quotas(rows: Sequence[Row], people: Sequence[int], known: Mapping[int, Ranked]) -> list[Quota]:
    outsiders = tuple(at for at, id_ in enumerate(people) if known[id_].candidate.outside)
    return [Quota((at,), outsiders, row.outside) for at, row in enumerate(rows) if row.outside]


def _with_places_left(row: Row, pairs: Sequence[Pair], kept: Collection[Pair]) -> list[Pair]:
    """Return the pairs of a case without those that took a place which only an expert from outside may have: the least fit go."""
    mine = [one for one in pairs if one[0] == row.case.id]
    inside = [one for one in mine if not row.candidates[one[1]].candidate.outside]
    inside.sort(key=lambda one: (one not in kept, row.candidates[one[1]].order))
    gone = set(inside[row.need - row.outside :]) if len(mine) - len(inside) < row.outside else set()
    return [one for one in mine if one not in gone]


def short(rows: Sequence[Row], pairs: Collection[Pair]) -> list[Short]:
    """Return the cases that lack experts with these pairs."""
    found, more, freed = [], Counter(id_ for _, id_ in pairs), _freed(rows)
    for row in rows:
        mine = {id_ for case_id, id_ in pairs if case_id == row.case.id and id_ in row.candidates}
        outside = max(0, row.outside - sum(row.candidates[id_].candidate.outside for id_ in mine))
        if len(mine) < row.need:
            able = [id_ for id_, one in row.candidates.items() if one.free and id_ not in mine]
            left = sum(_room(row.candidates[id_]) + freed[id_] > more[id_] for id_ in able)
            found.append(Short(row.case, len(mine), row.need, outside, len(able), left))
    return found


def measure(rows: Sequence[Row], pairs: Collection[Pair], weights: Mapping[str, float] | None = None) -> Quality:
    """Return what the pairs are worth; ``weights``: others than those by which the rows are ranked."""
    known = {row.case.id: row for row in rows}
    asked = [(known[case_id], known[case_id].candidates[id_]) for case_id, id_ in pairs]
    served = {row.case.id: 0.0 for row in rows if row.need}
    for row, one in asked:
        found = one.affinity if weights is None else weighed(one.affinity.parts, weights)
        served[row.case.id] += found.total / row.need
    people = {id_: one for row in rows for id_, one in row.candidates.items()}
    more = Counter(id_ for _, id_ in pairs)
    freed = _freed(rows)
    loads = [one.candidate.load + more[id_] - freed[id_] for id_, one in people.items()]
    if not served:
        return Quality(0, 0)
    worst = min(served, key=lambda id_: (served[id_], id_))
    mean = sum(served.values()) / len(served)
    return Quality(
        len(asked), sum(row.need for row in rows), round(100 * mean), round(100 * served[worst]), known[worst].case,
        min(loads, default=0), max(loads, default=0),
    )  # fmt: skip
