"""How well an expert suits a case: parts between 0 and 1, weighed; and how near two texts are."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.matching.affinity import PARTS, USUAL, Expert, Work, affinity, shares, weighed, why
from workflow_app.matching.text_nearness import Corpus, nearness, stems
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
    words=st.just(Corpus([frozenset({"=задач"})]).vector(frozenset({"=задач"}))),
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


def test_texts_are_near_by_their_stems_and_rare_ones_count_more():
    texts = [
        stems(tokens_of(one))
        for one in ("Урок решения задач на движение", "Уроки: как решать задачи о движении", "Урок пения в хоре")
    ]
    corpus = Corpus(texts)
    sums, again, song = (corpus.vector(one) for one in texts)
    assert nearness(sums, sums) == pytest.approx(1)
    assert nearness(sums, again) == nearness(again, sums) > 0.4 > nearness(sums, song) > 0  # of the lesson both speak
    assert nearness(sums, {}) == 0
    assert nearness(corpus.vector(*texts[:2]), again) > nearness(corpus.vector(texts[2]), again)
