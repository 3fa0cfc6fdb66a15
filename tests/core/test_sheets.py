"""What was typed becomes a checked sheet or sentences about everything that is wrong; nothing else is ever raised."""

import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.sheet_samples import GOOD, LABEL, LISTS, Agreed, Everything, Needed, Row
from workflow_app.errors import Broken, Invalid
from workflow_app.states.definitions.case.forms import NewCase
from workflow_app.states.forms import Sheet, ask, asks, clean, fill, parse_date


def filled(**raw: object) -> Everything:
    return fill(Everything, {**GOOD, **raw}, LISTS)


def wrong(**raw: object) -> dict[str, str]:
    """The first sentence at each path."""
    with pytest.raises(Invalid) as refused:
        filled(**raw)
    return {path: str(many[0]) for path, many in refused.value.problems.items()}


def test_a_number_that_was_left_empty_and_cannot_be_nothing_is_the_usual_one():
    @dataclass(frozen=True, kw_only=True)
    class Numbered(Sheet):
        """A number with a default, and one that may be missing."""

        edition: int = ask(LABEL, least=1, most=99, default=1, required=False)
        places: int | None = ask(LABEL, required=False, default=40)

    made = fill(Numbered, {"edition": "", "places": " "})
    assert (made.edition, made.places) == (1, None)
    assert fill(Numbered, {"edition": "3", "places": "2"}).edition == 3


def test_a_good_sheet_is_filled_with_values_of_its_types():
    sheet = filled(flag="on", maybe="-3", way="1", named="b", words="один; два\nтри", numbers="1, 2 3")
    assert (sheet.text, sheet.number, sheet.weight, sheet.on) == ("текст", 7, Decimal("1.5"), date(2026, 11, 23))
    assert (sheet.flag, sheet.maybe, sheet.way, sheet.named) == (True, -3, "1", "b")
    assert (sheet.words, sheet.numbers, sheet.rows, sheet.keyed) == (("один", "два", "три"), (1, 2, 3), (), {})


def test_every_problem_is_told_at_once():
    with pytest.raises(Invalid) as refused:
        fill(Everything, {}, LISTS)
    assert set(refused.value.problems) == {"text", "number", "weight", "on"}


@pytest.mark.parametrize(
    "typed",
    [
        "семь", "7.5", "7,0", "1_0", "0x7", "1e2", "--1", "", " ", "\N{ARABIC-INDIC DIGIT SEVEN}" * 11, "9" * 5000,
        "2147483648", "-2147483649",
        7.5, float("nan"), float("inf"), True, [7], {"a": 7}, None, b"7",
    ],
)  # fmt: skip
def test_what_is_no_whole_number_that_a_column_holds_is_refused(typed):
    assert set(wrong(number=typed)) == {"number"}


@pytest.mark.parametrize(
    ("typed", "number"),
    [("7", 7), (" 007 ", 7), (7, 7), (7.0, 7), ("\N{ARABIC-INDIC DIGIT SEVEN}", 7), ("+7", 7), ("100", 100)],
)
def test_whole_numbers_are_read(typed, number):
    assert filled(number=typed).number == number


@pytest.mark.parametrize("typed", ["-1", "101"])
def test_numbers_have_limits(typed):
    assert set(wrong(number=typed)) == {"number"}


@pytest.mark.parametrize(
    "typed", ["NaN", "Infinity", "-Infinity", "1e5", "1_0", "1,2,3", "", "9" * 13, "0.1234567", [], True]
)
def test_what_is_no_decimal_is_refused(typed):
    assert set(wrong(weight=typed)) == {"weight"}


@pytest.mark.parametrize(("typed", "value"), [("0,1", "0.1"), (0.1, "0.1"), (3, "3"), (" 2.50 ", "2.50")])
def test_decimals_are_exact_whatever_the_comma(typed, value):
    assert str(filled(weight=typed).weight) == value


@pytest.mark.parametrize(
    "typed",
    [
        "31.02.2026", "2026-02-30", "вчера", "23/11/2026", "1.1.26", "00.01.2026", "2026-13-01", "01.01.1899", "2101-01-01",
        date(1899, 1, 1), datetime(2026, 1, 1, tzinfo=UTC), "2026-11-23T10:00", 20.26, ["2026-11-23"], "",
    ],
)  # fmt: skip
def test_what_is_no_date_of_a_living_persons_papers_is_refused(typed):
    assert set(wrong(on=typed)) == {"on"}


@pytest.mark.parametrize("typed", ["2026-11-23", "23.11.2026", " 23.11.2026 г.", "23.11.2026г", date(2026, 11, 23)])
def test_dates_are_read_in_both_spellings(typed):
    assert filled(on=typed).on == parse_date(typed) == date(2026, 11, 23)


@pytest.mark.parametrize("field", ["way", "named"])
def test_a_closed_list_is_closed(field):
    assert wrong(**{field: "нет такого"}) == {field: "Такого варианта нет в списке: выберите из предложенных."}


def test_a_list_that_was_not_given_is_a_mistake_of_the_program():
    with pytest.raises(Broken, match="case_types"):
        fill(NewCase, {"case_type": "b", "title": "Название дела"}, {})


@pytest.mark.parametrize("typed", ["ab", "a" * 21, " ab ", "a\u200b\u200b"])
def test_texts_have_limits_and_padding_does_not_help(typed):
    assert set(wrong(text=typed)) == {"text"}


def test_ten_thousand_characters_pass_and_one_more_does_not():
    assert len(filled(long="ж" * 10_000).long) == 10_000
    assert wrong(long="ж" * 10_001) == {"long": "Слишком длинно: знаков 10001, можно не больше 10000."}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("а\x00б\x07в", "абв"),
        ("до\u202eпосле\u2066\u200f", "допосле"),
        ("и\u0306", "й"),
        ("e\u200e\u0301", "é"),
        ("строка\r\nдругая\rтретья", "строка\nдругая\nтретья"),
        ("\ud800край\uffff", "край"),
        ("\u00adпере\u00adнос\ufeff", "перенос"),
        ("\u00a0с краю\u2003", "с краю"),
    ],
)
def test_text_is_made_storable(typed, kept):
    assert clean(typed) == kept
    assert filled(long=typed).long == kept


@given(st.text())
def test_clean_text_is_normal_and_cleaning_again_changes_nothing(text):
    once = clean(text)
    assert clean(once) == once == unicodedata.normalize("NFC", once)
    assert not {unicodedata.category(c) for c in once if c not in "\n\t"} & {"Cc", "Cs", "Cn"}


def test_a_text_of_invisible_signs_is_an_empty_one():
    assert wrong(text="\u200b\u200b\u202e\x00\u2060") == {"text": "Обязательное поле: заполните его."}


@pytest.mark.parametrize(
    ("typed", "value"), [("on", True), ("да", True), (True, True), ("", False), ("нет", False), (None, False)]
)
def test_boxes_are_read(typed, value):
    assert filled(flag=typed).flag is value


def test_a_box_that_is_needed_must_be_ticked():
    for typed in ("", False, "off", None, "кто знает"):
        with pytest.raises(Invalid):
            fill(Agreed, {"agreed": typed})
    assert fill(Agreed, {"agreed": "1"}).agreed


def test_rows_are_checked_one_by_one_and_named_by_their_place():
    assert filled(rows=[{"text": "первая"}, {"text": "вторая", "on": "1.9.2026"}]).rows[1].on == date(2026, 9, 1)
    found = wrong(rows=[{"text": "ряд"}, {"text": "x", "on": "когда-то"}])
    assert set(found) == {"rows.1.text", "rows.1.on"}
    assert wrong(rows=[{"text": "ряд"}] * 3) == {"rows": "Не больше 2, сейчас 3."}


def test_a_list_that_is_needed_has_a_least_and_a_most():
    row = {"text": "ряд"}
    for rows in ([], [row], [row] * 4):
        with pytest.raises(Invalid) as refused:
            fill(Needed, {"rows": rows, "keyed": {"a": "x"}})
        assert set(refused.value.problems) == {"rows"}
    with pytest.raises(Invalid) as refused:
        fill(Needed, {"rows": [row, row], "keyed": {}})
    assert set(refused.value.problems) == {"keyed"}


def test_the_keys_of_a_keyed_field_come_from_its_closed_list():
    assert filled(keyed={"a": "один"}).keyed == {"a": "один"}
    assert set(wrong(keyed={"a": "один", "\x00чужой": "два"})) == {"keyed"}
    assert set(wrong(keyed={"a": "ж" * 31})) == {"keyed.a"}
    assert set(wrong(keyed_rows={"любой": {"text": "x"}})) == {"keyed_rows.любой.text"}


@pytest.mark.parametrize("field", ["rows", "keyed", "keyed_rows", "words", "numbers"])
@pytest.mark.parametrize("shape", [5, {"a": {"b": [1]}}, [[1]], [None], ["\x00"], True, [{"text": []}], {"a": 1}])
def test_a_strange_shape_is_a_sentence_and_never_a_crash(field, shape):
    try:
        sheet = filled(**{field: shape})
    except Invalid as refused:
        assert all(path.split(".")[0] == field for path in refused.problems)
    else:
        assert isinstance(getattr(sheet, field), (tuple, dict))


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.decimals() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(list(asks(Everything))), ANYTHING))
def test_whatever_comes_in_a_sheet_comes_out_or_sentences_do(raw):
    try:
        sheet = fill(Everything, raw, LISTS)
    except Invalid as refused:
        assert all(str(one) for many in refused.problems.values() for one in many)
    else:
        assert type(sheet) is Everything


def test_a_filled_row_is_taken_as_it_is():
    row = Row(text="готовый ряд", on=None)
    assert filled(rows=[row]).rows == (row,)


def test_what_two_fields_say_together_is_checked_when_each_is_right():
    assert wrong(way="post", number="60") == {"way": "Почтой чисел не шлют."}
    assert set(wrong(way="post", number="600")) == {"number"}


def test_a_field_that_nobody_asks_is_a_mistake_of_the_program():
    class Bare(Sheet):
        pass

    bare = type("Bare", (Sheet,), {"__annotations__": {"name": str}, "name": ""})
    from dataclasses import dataclass

    with pytest.raises(Broken, match="declared without ask"):
        asks(dataclass(frozen=True, kw_only=True)(bare))
    assert ask(LABEL) is not None
    assert asks(Bare) == {}


def test_an_optional_field_is_told_to_be_needed_together_with_everything_else():
    @dataclass(frozen=True, kw_only=True)
    class Held(Sheet):
        kind: str = ask(LABEL)
        act: str = ask(LABEL, required=False, default="", needed=lambda values: values["kind"] == "held")
        on: date | None = ask(LABEL, required=False, default=None, needed=lambda values: values["kind"] == "held")
        years: int = ask(LABEL)

    with pytest.raises(Invalid) as refused:
        fill(Held, {"kind": "held"})
    assert set(refused.value.problems) == {"act", "on", "years"}
    assert fill(Held, {"kind": "none", "years": 0}).act == ""
    assert fill(Held, {"kind": "held", "act": "№ 1", "on": "2020-05-01", "years": 0}).act == "№ 1"


def test_a_rule_that_reads_a_field_that_is_wrong_waits_until_it_is_right():
    @dataclass(frozen=True, kw_only=True)
    class Span(Sheet):
        since: date = ask(LABEL)
        until: date = ask(LABEL)

        def problems(self):
            return {"until": (LABEL,)} if self.until < self.since else {}

    with pytest.raises(Invalid) as refused:
        fill(Span, {"since": "вчера", "until": "2026-01-01"})
    assert set(refused.value.problems) == {"since"}
    with pytest.raises(Invalid) as refused:
        fill(Span, {"since": "2026-02-01", "until": "2026-01-01"})
    assert set(refused.value.problems) == {"until"}


def test_a_field_of_a_type_that_no_column_holds_is_a_mistake_of_the_program():
    @dataclass(frozen=True, kw_only=True)
    class Strange(Sheet):
        ratio: float = ask(LABEL)

    with pytest.raises(Broken, match="cannot hold"):
        fill(Strange, {"ratio": "0.5"})
