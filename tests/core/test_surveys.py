"""Surveys, pure: what is an answer, how answers are mixed, how they are counted against a plain recount."""

from decimal import ROUND_HALF_UP, Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow_app.surveys import mixing, picture, tally
from workflow_app.surveys.questions import Item, Wrong, entered, items_of, taken

ONE = Item("q1", "Где были", "one", ("На семинаре", "На практикуме, дважды"), unsure=True)
MANY = Item("q2", "Что помогло", "many", ("Лекции", "Занятия, пары", "Разбор"), unsure=True, optional=True)
SCALE = Item("q3", "Доволен", "scale", unsure=True, counts=True, optional=True)
GRID = Item("q4", "Согласны ли вы", "grid", ("Было понятно", "Было полезно"), unsure=True, counts=True, optional=True)
FLAG = Item("q5", "Пришли бы ещё", "yes_no", unsure=True, counts=True, optional=True)
NUMBER, TEXT = Item("q6", "Сколько раз", "number", optional=True), Item("q7", "Что улучшить", "long", optional=True)
ALL = (ONE, MANY, SCALE, GRID, FLAG, NUMBER, TEXT)
MARK = st.sampled_from(["1", "2", "3", "4", "5", "unsure", None])


@st.composite
def answer(draw):
    found = {
        "q1": draw(st.sampled_from([*ONE.options, "unsure"])),
        "q2": draw(st.sampled_from([None, ["Лекции"], ["Лекции", "Разбор"], ["unsure"]])),
        "q3": draw(MARK), "q4.1": draw(MARK), "q4.2": draw(MARK), "q5": draw(st.sampled_from(["yes", "no", "unsure", None])),
        "q6": draw(st.sampled_from(["0", "2.5", "12", None])), "q7": draw(st.sampled_from([None, "Больше света", "Ничего"])),
    }  # fmt: skip
    return {name: value for name, value in found.items() if value is not None}


def rounded(part, whole):
    return (Decimal(100) * part / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


@given(st.lists(answer(), max_size=40))
def test_a_tally_is_a_plain_recount(answers):
    for told in tally.tally(ALL, answers):
        mine = [one[told.line.field] for one in answers if told.line.field in one]
        assert told.n == len(mine)
        assert told.hidden == (len(mine) < 5)
        if told.hidden:
            assert not told.bars and not told.texts and told.mean is None and told.satisfied is None
            continue
        for bar in told.bars:
            many = sum(bar.value in one if isinstance(one, list) else bar.value == one for one in mine)
            assert (bar.n, bar.percent) == (many, rounded(many, len(mine)))
        if told.item.kind in ("scale", "grid"):
            marks = [int(one) for one in mine if one != "unsure"]
            assert (told.mean is None) == (not marks)
            assert not marks or abs(float(told.mean) - sum(marks) / len(marks)) < 0.00501
        if told.item.kind == "long":
            assert list(told.texts) == sorted(mine)


@given(st.lists(answer(), min_size=5, max_size=40))
def test_both_ways_to_satisfaction_are_a_plain_recount(answers):
    fields = ["q3", "q4.1", "q4.2", "q5"]
    given_ = [one[field] for one in answers for field in fields if field in one]
    good = sum(one in ("4", "5", "yes") for one in given_)
    spoke = sum(one != "unsure" for one in given_)
    share = tally.satisfaction(ALL, answers)
    assert (share.numerator, share.denominator, share.unsure) == (good, spoke, len(given_) - spoke)
    people = [
        [{"yes": 5, "no": 1}.get(one[f], one[f]) for f in fields if one.get(f, "unsure") != "unsure"] for one in answers
    ]
    means = [sum(map(int, one)) / len(one) for one in people if one]
    found = tally.satisfaction(ALL, answers, tally.BY_PEOPLE)
    assert (found.numerator, found.denominator) == (sum(one >= 4 for one in means), len(means))


def test_of_fewer_than_five_nothing_is_reckoned():
    four = [{"q1": "На семинаре", "q3": "5"}] * 4
    assert tally.satisfaction(ALL, four) == tally.Share()
    assert all(one.hidden and not one.bars for one in tally.tally(ALL, four))
    assert tally.percent(1, 0) is None


@given(st.integers(0, 60), st.integers())
def test_at_least_five_stay_behind_and_nothing_is_lost(many, seed):
    lot, held, kept = Random(seed), [], []
    for one in range(many):
        leaving, held = mixing.drawn([*held, one], lot)
        assert len(leaving) in (0, 5)
        kept += leaving
        assert len(held) == many or len(held) >= min(5, one + 1)
    assert sorted([*kept, *held]) == list(range(many))


@given(st.lists(answer(), max_size=20), st.integers())
def test_neither_order_nor_digest_tells_when_an_answer_came(answers, seed):
    chance = Random(seed)
    mixed = [dict(sorted(one.items(), reverse=chance.random() < 0.5)) for one in answers]
    chance.shuffle(mixed)
    assert mixing.in_no_order(mixed) == mixing.in_no_order(answers)
    assert mixing.digest(mixed) == mixing.digest(answers)
    if answers:
        assert mixing.digest(answers[1:]) != mixing.digest(answers)


@pytest.mark.parametrize(
    ("item", "typed", "kept"),
    [
        (ONE, ["на семинаре"], "На семинаре"), (ONE, ["Затрудняюсь ответить"], "unsure"), (ONE, [" "], None),
        (MANY, ["Разбор", "Лекции"], ["Лекции", "Разбор"]), (MANY, ["Лекции; Разбор"], ["Лекции", "Разбор"]),
        (MANY, ["Лекции, Занятия, пары"], ["Лекции", "Занятия, пары"]), (SCALE, ["5 — полностью согласен"], "5"), (FLAG, ["Да"], "yes"),
        (NUMBER, ["1 000,50"], "1000.5"), (NUMBER, ["0"], "0"), (TEXT, ["  слово "], "слово"),
    ],
)  # fmt: skip
def test_an_answer_is_read_from_a_form_and_from_a_table(item, typed, kept):
    assert taken(item, typed) == kept


@pytest.mark.parametrize(
    ("item", "typed"),
    [(ONE, ["Нигде"]), (MANY, ["Лекции", "unsure"]), (SCALE, ["6"]), (SCALE, ["4.5"]), (SCALE, ["55"]), (NUMBER, ["много"]),
     (NUMBER, ["9999999999"]), (TEXT, ["я" * 4001]), (FLAG, ["может быть"])],
)  # fmt: skip
def test_what_is_no_answer_is_said_in_words(item, typed):
    with pytest.raises(Wrong) as told:
        taken(item, typed)
    assert told.value.sentence.msgid


def test_a_form_says_what_is_missing_and_keeps_what_is_there():
    asked = items_of(
        [
            {"name": "Где были", "held": "one", "options": "А\n\n Б \nА"},
            {"name": "Ещё", "held": "text", "optional": True},
        ]
    )
    assert asked[0].options == ("А", "Б")
    assert entered(asked, {"q1": ["Б"], "q9": ["лишнее"]}) == ({"q1": "Б"}, {})
    given_, wrong = entered(asked, {"q2": ["слово"]})
    assert given_ == {"q2": "слово"} and list(wrong) == ["q1"]


def test_the_picture_says_its_numbers_and_lets_no_markup_in():
    drawn = [picture.Drawn("<b>&", 0.5, "5 · 50 %"), picture.Drawn("я" * 60, 0, "0 · 0 %")]
    svg = picture.bars('Что "было"', drawn)
    assert "<b>" not in svg and "&lt;b&gt;&amp;: 5 · 50 %" in svg and 'role="img"' in svg
    assert "я" * 45 + "…" in svg
