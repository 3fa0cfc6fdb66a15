"""Letters: what is kept of typed text, what is counted, and how names and numbers are compared and ordered."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow_app.assessment.marks import RATIONALE_LEAST
from workflow_app.case_types.declaration import CaseForm
from workflow_app.errors import Invalid
from workflow_app.spelling import clean, latin_inside, number_key, one_line, order_key, visible
from workflow_app.states.definitions.case.forms import Appeal, CommonResult, NewCase, Register
from workflow_app.states.definitions.people import ConfirmForms, NewPerson
from workflow_app.states.forms import Choice, asks, doubts, fill

TODAY = date(2026, 11, 23)


def test_shift_enter_of_word_is_a_line_break():
    """Word puts a vertical tab into the clipboard; other ends of a line are one too."""
    assert clean("Класс: 5\x0bПредмет: математика") == "Класс: 5\nПредмет: математика"
    assert clean("а\u2028б\u2029в\x0cг\x85д\r\nе\rж") == "а\nб\nв\nг\nд\nе\nж"


@given(st.text())
def test_cleaning_twice_changes_nothing_and_one_line_has_no_break(text):
    assert clean(clean(text)) == clean(text)
    assert not set(one_line(clean(text))) & set("\n\t\r\x0b")


def test_a_field_of_one_line_holds_no_line_break_and_a_long_one_keeps_them():
    sheet = fill(
        NewCase, {"case_type": "x", "title": "Рабочая\nпрограмма\x0bпо \n алгебре"}, {"case_types": [Choice("x", "x")]}
    )
    assert sheet.title == "Рабочая программа по алгебре"
    text = "Первая строка жалобы, достаточно длинная.\nВторая строка жалобы, тоже длинная."
    assert fill(Appeal, {"text": text}).text == text


@pytest.mark.parametrize("blank", ["\u2800", "\u3164", "\u200d", "\u115f", "\uffa0", "\u00a0", "\u2003"])
def test_what_nobody_sees_counts_towards_no_minimum(blank):
    assert visible(blank * 300) == 0
    for typed in (blank * 300, "а" + blank * 298 + "б"):
        with pytest.raises(Invalid):
            fill(Appeal, {"text": typed})


def test_a_run_of_spaces_counts_as_one_and_an_accent_with_its_letter():
    assert (visible("а" + " " * 298 + "б"), visible("а" + "\u0301" * 29), visible("Ёлка и й")) == (3, 1, 8)
    with pytest.raises(Invalid, match="Слишком коротко: знаков 3,"):
        fill(Appeal, {"text": "а" + " \n" * 298 + "б"})


def test_a_rationale_of_blanks_is_no_rationale():
    """R20."""
    assert visible("\u2800" * RATIONALE_LEAST) < RATIONALE_LEAST <= visible("о" * RATIONALE_LEAST)


def test_latin_letters_inside_a_name_are_asked_about_and_bar_nothing():
    raw = {"last_name": "Cepгеева", "first_name": "Анна", "role": "teacher"}
    sheet = fill(NewPerson, raw, {"organizations": [], "positions": []})
    (said,) = doubts(sheet, TODAY)["last_name"]
    assert "«Cepгеева»" in str(said) and "C, e, p" in str(said)
    assert (
        doubts(fill(NewPerson, {**raw, "last_name": "Сергеева"}, {"organizations": [], "positions": []}), TODAY) == {}
    )


@pytest.mark.parametrize(
    "words", ["Сергеева", "Smith", "МАОУ «IT-лицей»", "Гимназия XXI века", "Школа № 2 B", "O'Нил и партнёры"]
)
def test_names_that_are_written_rightly_raise_no_doubt(words):
    assert latin_inside(words) is None


@pytest.mark.parametrize(
    ("words", "letters"), [("МAОУ", "A"), ("Петрoва", "o"), ("CEPA", "C, E, P, A"), ("Сокoлoва Анна", "o")]
)
def test_letters_that_only_look_russian_are_named(words, letters):
    assert latin_inside(words)[1] == letters


def test_every_name_that_papers_print_is_looked_at():
    for kind, names in (
        (NewPerson, ("last_name", "first_name", "middle_name")),
        (ConfirmForms, ("genitive", "dative")),
        (CaseForm, ("co_authors",)),
    ):
        assert all(asks(kind)[name].doubt for name in names), kind


def test_a_date_of_receipt_in_another_year_is_asked_about():
    assert doubts(fill(Register, {"received_at": "01.01.1999"}), TODAY).keys() == {"received_at"}
    assert doubts(fill(Register, {"received_at": "20.11.2026"}), TODAY) == {}


def test_a_sheet_without_doubtful_fields_raises_none():
    assert doubts(fill(CommonResult, {"how": "simple"}), TODAY) == {}


@pytest.mark.parametrize(
    "typed", ["MM-2026-21", "ММ–2026–21", "мм—2026−21", "№ ММ-2026-21", "ММ\u00a0- 2026 -21", "ММ‑2026‑21"]
)
def test_a_number_is_one_in_any_letters_and_dashes(typed):
    assert number_key(typed) == "мм-2026-21"


def in_order(*names):
    return list(names) == sorted(names, key=order_key)


def test_lists_are_ordered_as_russians_do():
    assert in_order("Ёжикова", "Ершов", "Ещё", "Жуков", "Яковлева")
    assert in_order("Елкин Андрей", "Ёлкин Борис", "Елкин Виктор")
    assert in_order("МАОУ «СОШ № 2»", "МАОУ СОШ № 3", "маоу сош № 010", "МАОУ СОШ № 11")
    assert in_order("АТ-2026-2", "АТ-2026-10", "АТ-2027-1", "ИП-2026-1", "ММ-2026-1")
    assert in_order("7", "45", "45/1", "45-од", "100", "101-од")


def test_a_surname_is_compared_whole_before_the_first_name():
    assert order_key("Иванова", "Яна", "") < order_key("Иванова-Петрова", "Анна", "")
    assert order_key("Иванов", "Пётр", "") < order_key("Иванова", "Анна", "")


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_numbers_in_a_name_are_compared_as_numbers(one, other):
    assert (order_key(f"№ {one}") < order_key(f"№ {other}")) == (one < other)
