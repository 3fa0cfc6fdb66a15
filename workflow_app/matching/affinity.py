"""How well an expert suits a case: parts between 0 and 1, each a fact about the two, weighed as the centre decides. Pure.

``affinity(expert, work, weights)`` is the weighed mean of the parts. It ranks and never bars: conflicts are another matter
(``matching.conflicts``). Every part says in words what it stands on, so that a card tells in one line why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from workflow_app.errors import N_, Broken, Sentence
from workflow_app.matching import text_nearness
from workflow_app.matching.subject_distance import Nearness, level_of, nearness
from workflow_app.states.definitions.centre import AffinityWeights
from workflow_app.states.forms import to_json

SENIOR: Final = 10  # signed sheets after which an expert is a senior one (domain.md 4)
PRIOR: Final = (
    2  # sheets that everybody is thought to have signed in time before the first: one late sheet is not «never in time»
)
_LEVELS: Final = 3  # sheets on cases of a level of education after which an expert is at home there
_CATEGORIES: Final[Mapping[str, float]] = {"highest": 1.0, "methodist": 1.0, "mentor": 1.0, "first": 0.6}
_NEAR_TEXT: Final = 0.15  # from here on the nearness of texts is worth a word


@dataclass(frozen=True, slots=True)
class Work:
    """The case's side: its type, subject area, level, the posts it is about, the organisations of its authors, its text."""

    case_id: int
    type: str
    area: str = ""
    level: str = ""
    posts: frozenset[str] = frozenset()
    organizations: frozenset[int] = frozenset()
    words: text_nearness.Vector = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expert:
    """The expert's side: the card of the register, and what the assignments of the past tell.

    ``signed``, ``levels``: sheets ever signed, by level of education too. ``open`` of ``limit`` assignments now; ``year`` taken in
    12 months, ``busiest``: by the one who took most. ``in_time`` of ``ended`` sheets and invitations. ``places``: sheets of 12 months by
    the organisation judged. ``judged``, ``refused``: cases where a sheet of an earlier round is theirs, which they turned down.
    """

    types: frozenset[str] = frozenset()
    profile: str = ""
    post: str = ""
    category: str = ""
    organization_id: int | None = None
    open: int = 0
    limit: int = 1
    year: int = 0
    busiest: int = 0
    signed: int = 0
    in_time: int = 0
    ended: int = 0
    levels: Mapping[str, int] = field(default_factory=dict)
    places: Mapping[int, int] = field(default_factory=dict)
    judged: frozenset[int] = frozenset()
    refused: frozenset[int] = frozenset()
    words: text_nearness.Vector = field(default_factory=dict)


def _direction(expert: Expert, work: Work) -> float:
    return float(work.type in expert.types)


def _subject(expert: Expert, work: Work) -> float:
    return max(0, nearness(expert.profile, work.area, work.level)) / Nearness.SAME


def _level(expert: Expert, work: Work) -> float:
    if not work.level:
        return 0.0
    return 1.0 if level_of(expert.profile) == work.level else min(1.0, expert.levels.get(work.level, 0) / _LEVELS)


def _post(expert: Expert, work: Work) -> float:
    return float(expert.post in work.posts)


def _category(expert: Expert, _work: Work) -> float:
    return _CATEGORIES.get(expert.category, 0.0)


def _grade(expert: Expert, _work: Work) -> float:
    return min(1.0, expert.signed / SENIOR)


def _load(expert: Expert, _work: Work) -> float:
    """Half is what lies open now against the limit, half what was taken in a year against the one who took most."""
    now = min(1.0, expert.open / max(1, expert.limit))
    year = expert.year / expert.busiest if expert.busiest else 0.0
    return 1.0 - (now + min(1.0, year)) / 2


def _timeliness(expert: Expert, _work: Work) -> float:
    return (expert.in_time + PRIOR) / (expert.ended + PRIOR)


def _distance(expert: Expert, work: Work) -> float:
    """An expert of the same organisation stands nearest; who has judged its works in the last year stands nearer each time."""
    if expert.organization_id in work.organizations:
        return 0.0
    return 1.0 / (1 + sum(expert.places.get(one, 0) for one in work.organizations))


def _history(expert: Expert, work: Work) -> float:
    return 1.0 if work.case_id in expert.judged else 0.0 if work.case_id in expert.refused else 0.5


def _text(expert: Expert, work: Work) -> float:
    return text_nearness.nearness(expert.words, work.words)


PARTS: Final[Mapping[str, Callable[[Expert, Work], float]]] = {
    "direction": _direction, "subject": _subject, "level": _level, "post": _post, "category": _category, "grade": _grade,
    "load": _load, "timeliness": _timeliness, "distance": _distance, "history": _history, "text": _text,
}  # fmt: skip
"""How each part is measured, by its name in the sheet of the weights, which says what it is called and its usual weight."""
USUAL: Final[Mapping[str, int]] = dict(to_json(AffinityWeights()))
"""The weights of a centre that has set none."""
if USUAL.keys() != PARTS.keys():
    raise Broken("the parts of the affinity and the sheet of their weights differ")


@dataclass(frozen=True, slots=True)
class Affinity:
    """How well an expert suits a case: ``total`` from 0 to 1, ``parts`` by key, each from 0 to 1."""

    total: float = 0.0
    parts: Mapping[str, float] = field(default_factory=dict)

    @property
    def percent(self) -> int:
        """The total in whole per cent, as pages show it."""
        return round(100 * self.total)


def shares(weights: Mapping[str, float]) -> Mapping[str, float]:
    """Return what each part counts of the whole: not negative, together 1. A part that is not named, or all 0, has the usual weight.

    ValueError: a weight below 0.
    """
    found = {key: float(weights.get(key, usual)) for key, usual in USUAL.items()}
    if min(found.values()) < 0:
        raise ValueError("a weight is not negative")
    whole = sum(found.values())
    return {key: one / whole for key, one in found.items()} if whole else shares({})


def affinity(expert: Expert, work: Work, weights: Mapping[str, float] = USUAL) -> Affinity:
    """Return how well an expert suits a case by these weights."""
    parts = {key: measure(expert, work) for key, measure in PARTS.items()}
    return weighed(parts, weights)


def weighed(parts: Mapping[str, float], weights: Mapping[str, float]) -> Affinity:
    """Return measured parts under other weights: what-if needs no facts."""
    found = sum(share * parts[key] for key, share in shares(weights).items())
    return Affinity(min(1.0, max(0.0, found)), parts)


def why(expert: Expert, work: Work) -> tuple[Sentence, ...]:
    """Return in a few words what speaks for an expert and what does not, the weightiest first: the one line of a card."""
    return tuple(one for one in _told(expert, work) if one is not None)


def _told(expert: Expert, work: Work) -> tuple[Sentence | None, ...]:
    near = {
        Nearness.SAME: N_("предмет тот же"), Nearness.KINDRED: N_("предмет смежный"), Nearness.OTHER: N_("предмет другой"),
    }.get(nearness(expert.profile, work.area, work.level))  # fmt: skip
    times = sum(expert.places.get(one, 0) for one in work.organizations)
    return (
        N_("оценивал эту работу раньше") if work.case_id in expert.judged else None,
        near,
        None if work.type in expert.types else N_("не его направление"),
        N_("та же должность") if expert.post in work.posts else None,
        N_("%(n)s из %(limit)s дел", n=expert.open, limit=expert.limit),
        N_("за год %(n)s", n=expert.year) if expert.year else None,
        N_("в срок %(n)s из %(all)s", n=expert.in_time, all=expert.ended) if expert.ended else N_("ещё не оценивал"),
        N_("похожие работы оценивал") if _text(expert, work) >= _NEAR_TEXT else None,
        N_("работы этой организации за год: %(n)s", n=times) if times else None,
    )
