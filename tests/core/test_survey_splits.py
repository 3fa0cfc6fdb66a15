"""Results by groups: what is hidden cannot be reckoned from what is shown."""

from collections import Counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.errors import Invalid
from workflow_app.states.forms import fill
from workflow_app.surveys.questions import Item
from workflow_app.surveys.splits import SILENT, hidden, split, splitting
from workflow_app.surveys.tally import told_of

WHO = Item("q1", "Кто вы", "one", ("Родитель", "Педагог", "Партнёр"), unsure=True, optional=True, splits=True)
SCALE = Item("q2", "Довольны ли вы", "scale", unsure=True, optional=True)
MANY = Item("q3", "Что помогло", "many", ("Лекции", "Разбор"), optional=True)
GRID = Item("q4", "Согласны ли вы", "grid", ("Понятно", "Полезно"), optional=True)
NUMBER, TEXT = Item("q5", "Сколько раз", "number", optional=True), Item("q6", "Что улучшить", "long", optional=True)
ALL = (WHO, SCALE, MANY, GRID, NUMBER, TEXT)
VALUES = {
    "q2": ["1", "3", "5", "unsure"], "q3": [["Лекции"], ["Лекции", "Разбор"]], "q4.1": ["1", "5"], "q4.2": ["4"], "q5": ["0", "7"],
    "q6": ["Слово"],
}  # fmt: skip


@st.composite
def answered(draw):
    """Answers of groups of any size: small ones beside large ones, questions left out here and there."""
    found = []
    for value in (*WHO.options, "unsure", None):
        for _ in range(draw(st.sampled_from([0, 1, 2, 3, 4, 5, 6, 9, 14]))):
            one = {field: draw(st.sampled_from([*known, None])) for field, known in VALUES.items()}
            found.append({name: kept for name, kept in {"q1": value, **one}.items() if kept is not None})
    return found


def of_group(answers, value):
    return [one for one in answers if one.get("q1", SILENT) == value]


@given(answered())
def test_what_is_left_of_the_total_is_of_two_groups_and_five_people_or_of_nobody(answers):
    told = split(ALL, WHO, answers)
    values = [one.value for one in told.groups]
    assert sorted(values) == sorted({one.get("q1", SILENT) for one in answers})
    for line in told.lines:
        field, away = line.line.field, [value for value, one in zip(values, line.groups, strict=True) if one is None]
        left = line.whole.n - sum(one.n for one in line.groups if one)
        assert left == sum(field in one for value in away for one in of_group(answers, value))
        assert (left >= 5 and len(away) >= 2) or not away or away == values
        for value, one in zip(values, line.groups, strict=True):
            assert one is None or (one.n >= 5 and one == told_of(line.item, line.line, of_group(answers, value)))
            assert one is not None or line.item.kind != "long"


@given(answered(), st.data())
def test_nothing_that_is_shown_depends_on_which_hidden_group_said_what(answers, data):
    """Two people of different hidden groups change their answers to a question: the page stays as it was."""
    told = split(ALL, WHO, answers)
    line = data.draw(st.sampled_from(told.lines))
    field = line.line.field
    away = {group.value for group, one in zip(told.groups, line.groups, strict=True) if one is None}
    those = [n for n, one in enumerate(answers) if field in one and one.get("q1", SILENT) in away]
    assume(len(those) > 1)
    a, b = data.draw(st.lists(st.sampled_from(those), min_size=2, max_size=2, unique=True))
    swapped = [dict(one) for one in answers]
    swapped[a][field], swapped[b][field] = answers[b][field], answers[a][field]
    assert split(ALL, WHO, swapped) == told


@given(st.dictionaries(st.sampled_from("абвгде"), st.integers(0, 30), min_size=1))
def test_no_group_is_hidden_without_need(counts):
    away = hidden(counts)
    small = {one for one, n in counts.items() if n < 5}
    assert small <= away and bool(away) == bool(small)
    more = away - small
    assert all(counts[one] <= counts[other] for one in more for other in counts.keys() - away)
    if more:  # without the largest of them one group alone, or fewer than five, would be left
        last = max(more, key=lambda one: counts[one])
        rest = away - {last}
        assert len(rest) < 2 or sum(counts[one] for one in rest) < 5


def test_one_small_group_takes_the_next_one_with_it():
    answers = [
        {"q1": who, "q2": mark}
        for who, mark, n in (("Родитель", "5", 20), ("Педагог", "3", 7), ("Партнёр", "1", 2))
        for _ in range(n)
    ]
    told = split(ALL, WHO, answers)
    assert [(one.value, one.n) for one in told.groups] == [("Родитель", 20), ("Педагог", None), ("Партнёр", None)]
    assert Counter(one is None for one in told.lines[0].groups) == {True: 2, False: 1}
    assert told.lines[0].groups[0].mean == 5 and told.lines[0].whole.n == 29


def test_free_answers_are_never_told_by_groups():
    told = split(ALL, WHO, [{"q1": "Родитель", "q6": "Слово"}] * 9)
    assert "q6" not in {one.line.field for one in told.lines}


def test_a_survey_is_split_by_one_question_that_parts_people():
    kind = CONTENT_TYPES["survey"]
    asked = {"name": "Кто вы", "held": "one", "options": "А\nБ", "splits": "1"}
    typed = {
        "title": "Опрос о программе",
        "audience": "parents",
        "stage": "1",
        "since": "2026-11-01",
        "until": "2026-11-20",
    }
    assert fill(kind.sheet, {**typed, "asked": [asked]}, {}).asked[0].splits
    for wrong in ([asked, asked | {"name": "Откуда вы"}], [asked | {"held": "many"}], [asked | {"held": "scale"}]):
        with pytest.raises(Invalid):
            fill(kind.sheet, {**typed, "asked": wrong}, {})
    assert splitting(ALL) is WHO and splitting((SCALE, TEXT)) is None
