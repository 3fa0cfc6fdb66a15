"""How well an expert suits a case: parts between 0 and 1, weighed; and how near two texts are."""

from collections import Counter
from dataclasses import replace
from math import log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.matching.affinity import PARTS, USUAL, Expert, Work, affinity, shares, weighed, why
from workflow_app.matching.text_nearness import Readings, nearness, stems
from workflow_app.stemming import tokens_of

KIND = next(iter(CASE_TYPES))
WORK = Work(7, KIND, "mathematics", "basic", frozenset({"teacher"}), frozenset({3}))
counts = st.integers(0, 40)
experts = st.builds(
    Expert,
    types=st.sets(st.sampled_from(sorted(CASE_TYPES))).map(frozenset),
    profile=st.sampled_from(["", "mathematics", "physics", "music", "primary"]), post=st.sampled_from(["", "teacher"]),
    category=st.sampled_from(["", "none", "first", "highest"]), organization_id=st.sampled_from([None, 3, 4]),
    open=counts, limit=counts, year=counts, busiest=counts, signed=counts, in_time=st.just(0), ended=counts,
    levels=st.dictionaries(st.sampled_from(["basic", "primary"]), counts), places=st.dictionaries(st.sampled_from([3, 4]), counts),
    judged=st.sets(st.sampled_from([7, 8])).map(frozenset), refused=st.sets(st.sampled_from([7, 8])).map(frozenset),
    words=st.just({"=задач": 1.0}),
)  # fmt: skip
works = st.builds(
    Work, case_id=st.just(7), type=st.sampled_from(sorted(CASE_TYPES)), area=st.sampled_from(["", "mathematics", "music"]),
    level=st.sampled_from(["", "basic"]), organizations=st.sets(st.sampled_from([3, 4])).map(frozenset),
)  # fmt: skip
weights = st.fixed_dictionaries({}, optional={key: st.integers(0, 10) for key in PARTS})


@given(experts, works, weights)
def test_every_part_and_the_total_lie_between_nothing_and_all(expert, work, some):
    found = affinity(expert, work, some)
    assert found.parts.keys() == PARTS.keys()
    assert all(0 <= one <= 1 for one in (found.total, *found.parts.values()))


@given(weights)
def test_weights_are_shares_of_one_whole(some):
    found = shares(some)
    assert sum(found.values()) == pytest.approx(1)
    assert all(one >= 0 for one in found.values())
    doubled = shares({key: 2 * some.get(key, usual) for key, usual in USUAL.items()})
    assert doubled == pytest.approx(found)


def test_a_weight_below_nothing_is_refused():
    with pytest.raises(ValueError, match="negative"):
        shares({"subject": -1})


@given(
    st.fixed_dictionaries({key: st.floats(0, 1) for key in PARTS}),
    weights,
    st.sampled_from(sorted(PARTS)),
    st.floats(0, 1),
)
def test_a_part_that_grows_never_lowers_the_total(parts, some, part, value):
    less, more = sorted((parts[part], value))
    totals = [weighed(parts | {part: one}, some).total for one in (less, more)]
    assert totals[0] <= totals[1] + 1e-12


@pytest.mark.parametrize(
    ("part", "worse", "better"),
    [
        ("direction", {}, {"types": frozenset({KIND})}), ("subject", {"profile": "music"}, {"profile": "physics"}),
        ("subject", {"profile": "physics"}, {"profile": "mathematics"}), ("level", {"levels": {"basic": 1}}, {"levels": {"basic": 3}}),
        ("post", {}, {"post": "teacher"}), ("category", {"category": "first"}, {"category": "highest"}),
        ("grade", {"signed": 2}, {"signed": 9}), ("load", {"open": 3, "limit": 5}, {"open": 1, "limit": 5}),
        ("load", {"year": 8, "busiest": 8}, {"year": 2, "busiest": 8}),
        ("timeliness", {"in_time": 3, "ended": 5}, {"in_time": 5, "ended": 5}),
        ("timeliness", {"in_time": 1, "ended": 10}, {"in_time": 0, "ended": 1}),
        ("distance", {"organization_id": 3}, {"organization_id": 4}),
        ("distance", {"places": {3: 2}}, {"places": {4: 2}}), ("history", {}, {"judged": frozenset({7})}),
        ("history", {"refused": frozenset({7})}, {}),
    ],
)  # fmt: skip
def test_each_fact_counts_the_way_it_should(part, worse, better):
    less, more = (affinity(replace(Expert(), **one), WORK) for one in (worse, better))
    assert less.parts[part] < more.parts[part]
    assert {key for key in PARTS if less.parts[key] != more.parts[key]} == {part}
    assert less.total < more.total


def test_the_line_of_a_card_says_why():
    expert = Expert(
        types=frozenset({KIND}),
        profile="mathematics",
        open=2,
        limit=5,
        year=6,
        busiest=9,
        signed=9,
        in_time=9,
        ended=10,
    )
    assert " · ".join(map(str, why(expert, WORK))) == "предмет тот же · 2 из 5 дел · за год 6 · в срок 9 из 10"
    assert "ещё не оценивал" in map(str, why(Expert(), WORK))
    assert str(why(replace(expert, judged=frozenset({7})), WORK)[0]) == "оценивал эту работу раньше"


def slowly(texts, *some):
    """The direction of some texts among all of them, with every text counted again: the second way."""
    many = [one for one in texts if one]
    seen = Counter(stem for one in many for stem in one)
    counted = Counter(stem for one in some for stem in one)
    found = {stem: n * (log((1 + len(many)) / (1 + seen[stem])) + 1) for stem, n in counted.items()}
    length = sqrt(sum(one * one for one in found.values()))
    return {stem: one / length for stem, one in found.items()}


def test_texts_are_near_by_their_stems_and_rare_ones_count_more():
    sums, again, song = (
        stems(tokens_of(one))
        for one in ("Урок решения задач на движение", "Уроки: как решать задачи о движении", "Урок пения в хоре")
    )
    works, read = Readings({1: again, 2: song}, {7: [1], 8: [2], 9: [1, 2]}).beside({3: sums}, {3: frozenset()})
    near = {who: nearness(one, works[3]) for who, one in read.items()}
    assert nearness(works[3], works[3]) == pytest.approx(1)
    assert near[7] > 0.4 > near[8] > 0  # of the lesson both speak
    assert near[7] > near[9] > near[8]
    assert nearness(works[3], {}) == 0


words = st.frozensets(st.sampled_from([f"={one}" for one in "абвгдежз"]))


@given(st.lists(words, max_size=5), st.data())
def test_what_was_counted_once_compares_as_counting_all_again_would(texts, data):
    """Also where a work is among what was read, with less text there than here; and where it was read twice."""
    known = dict(enumerate(texts))
    read = (
        data.draw(st.dictionaries(st.integers(0, 3), st.lists(st.sampled_from(sorted(known)), max_size=4)))
        if known
        else {}
    )
    known = {id_: one for id_, one in known.items() if any(id_ in some for some in read.values())}
    works = data.draw(st.dictionaries(st.integers(0, 8), words, max_size=3))
    works = {id_: one | known.get(id_, frozenset()) for id_, one in works.items()}
    every = known | works
    found, readers = Readings(known, read).beside(works, {id_: known.get(id_, frozenset()) for id_ in works})
    for id_, one in works.items():
        work = slowly(every.values(), one) if one else {}
        assert found[id_] == pytest.approx(work)
        for who, some in read.items():
            mine = [every[one] for one in some]
            all_ = slowly(every.values(), *mine) if any(mine) else {}
            assert nearness(readers[who], found[id_]) == pytest.approx(nearness(all_, work))
