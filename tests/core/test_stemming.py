"""ADR 26: words as a search compares them."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow_app.stemming import answers, excerpt, marked, question, stem_of, tokens_of

TITLE = "Сборник заданий «Ёлка и звери»: деятельность педагогов 7а класса, № АТ-2026-17"


@pytest.mark.parametrize(
    "words",
    [
        "сборники", "ЗАДАНИЕ", "задан", "елкой", "ёлки звер", "педагог", "педагоги класс", "деятельнос", "деятельностью", "7а", "7",
        "АТ-2026-17", "ат 2026", "at-2026-17", "AT–2026–1", "2026-17", "АТ-2026", "17 сборник", "№17", '(сборник) "ёлка"*', "а́т-2026-17",
    ],
)  # fmt: skip
def test_a_text_is_found_by_forms_beginnings_and_numbers(words):
    assert answers(words, TITLE)


@pytest.mark.parametrize(
    "words", ["сборная", "заяц", "борник", "АТ-2026-7", "026", "сборник зайцев", "АТ-202-6", "***", "—", "7б"]
)
def test_a_text_is_not_found_by_other_words(words):
    assert not answers(words, TITLE)


def test_only_the_last_word_may_be_a_beginning():
    assert answers("сборник задан", TITLE)
    assert not answers("сбор заданий", TITLE)
    assert not answers("картон", "карта") and answers("картош", "картошка")


def test_every_word_has_to_be_there_and_nothing_typed_asks_for_nothing():
    assert answers("", TITLE) and not answers("сборник сказок", TITLE)
    assert question("") == question("«»!") == ()


def test_surnames_are_found_in_every_case_and_no_first_name_is_taken_for_one():
    people = [tokens_of("", [one]) for one in ("Иванова Анна Петровна", "Иванов Пётр Ильич", "Лебедев Иван Ильич")]

    def who(words):
        return [place for place, tokens in enumerate(people) if all(one.is_in(tokens) for one in question(words))]

    assert who("Иванов") == who("Иванову") == who("иванова ") == [0, 1]
    assert who("иванов петр") == [0, 1] and who("петр иванов") == [1]
    assert who("Иван") == [0, 1, 2]  # it may be the beginning of a surname
    assert who("иван ильич") == [2]
    assert who("лебедеву") == [2]


@given(st.text(max_size=60), st.text(max_size=30))
def test_whatever_is_typed_is_tokens_between_single_spaces(text, words):
    found = tokens_of(text).split(" ") if tokens_of(text) else []
    assert len(found) == len(set(found)) and all(one.strip("=_").replace("_", "").isalnum() for one in found)
    for one in question(words):
        assert one.form.replace("_", "").isalnum()


@given(st.lists(st.text(alphabet="абвгдеёжзиклмнопрст", min_size=2, max_size=12), min_size=1, max_size=5))
def test_a_text_is_found_by_each_of_its_words_and_by_every_beginning_of_one(words):
    text = " ".join(words)
    assert answers(text, text)
    for one in words:
        assert all(answers(one[:size], text) for size in range(2, len(one) + 1))


def test_what_was_found_is_marked():
    assert [one for one, is_found in marked(TITLE, question("ёлки педагог")) if is_found] == ["Ёлка", "педагогов"]
    assert "".join(one for one, _ in marked(TITLE, question("зад"))) == TITLE
    assert marked("<b>", question("b")) == [("<", False), ("b", True), (">", False)]


def test_an_excerpt_shows_the_first_place_with_what_stands_around_it():
    text = "Вступление. " * 60 + "Здесь говорится о конспектах уроков физики. " + "Заключение. " * 60
    pieces = excerpt(text, question("конспект"))
    assert [one for one, is_found in pieces if is_found] == ["конспектах"]
    assert pieces[0] == ("… ", False) and pieces[-1] == (" …", False)
    assert 100 < sum(len(one) for one, _ in pieces) < 320
    assert excerpt(text, question("химия")) == []
    assert excerpt("Конспект", question("конспект")) == [("Конспект", True)]


def test_people_who_search_at_once_do_not_mix_up_their_words():
    words = ["преподавателями", "педагогические", "информационными", "экспертизы"] * 200
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(stem_of.__wrapped__, words))
    finally:
        sys.setswitchinterval(usual)
    assert found == [stem_of.__wrapped__(one) for one in words]
