"""Where words may be divided in a narrow column."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow_app.documents.russian.hyphens import SOFT, divided, fitted

VOWELS = "аеёиоуыэюя"


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("контролировать", "кон-тро-ли-ро-вать"),
        ("здоровьесбережение", "здо-ровье-сбе-ре-же-ние"),
        ("больница", "боль-ни-ца"),
        ("Константинопольский", "Кон-стан-ти-но-поль-ский"),
        ("учитель", "учи-тель"),
        ("взгляд", "взгляд"),
        ("аист", "аист"),
    ],
)
def test_a_word_is_divided_between_syllables(word, parts):
    found = divided(word).replace(SOFT, "-")
    assert set(parts_of(found)) and found.replace("-", "") == word
    for part in parts_of(found):
        assert len(part) >= 2
        assert any(letter in VOWELS for letter in part.lower())
        assert part[0].lower() not in "ьъй"
    if "-" not in parts:
        assert found == word


def parts_of(found):
    return found.split("-")


@given(st.text(alphabet="абвгдеийклмнопрстуьъюя", min_size=1, max_size=30))
def test_every_part_of_every_word_can_stand_on_its_line(word):
    found = divided(word)
    assert found.replace(SOFT, "") == word
    for part in found.split(SOFT):
        assert found == word or (len(part) >= 2 and any(letter in VOWELS for letter in part))
    assert all(part[0] not in "ьъй" for part in found.split(SOFT)[1:])


def test_only_what_is_too_long_for_its_column_is_divided():
    words = "учитель общеобразовательной школы"
    assert fitted(words, 60) == words
    assert [SOFT in one for one in fitted(words, 30).split(" ")] == [False, True, False]


def test_initials_never_part_from_the_surname():
    long, short = "Константинопольский\u00a0А.В.", "Ким\u00a0О.А."
    assert fitted(f"{long}\n{short}", 41).split("\n")[1] == short
    last = re.split(SOFT, fitted(long, 41))[-1]
    assert last.endswith("\u00a0А.В.")
    assert len(last) > len("А.В.") + 3
