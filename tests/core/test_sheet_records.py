"""A sheet becomes the JSON of a record without floats, and comes back equal."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.sheet_samples import LISTS, Everything, Row
from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.errors import Broken
from workflow_app.states.forms import fill, from_json, to_json
from workflow_app.states.vocabulary import Workflow

TEXT = st.text(max_size=20)
DATES = st.dates(date(1900, 1, 1), date(2100, 12, 31))
ROWS = st.builds(Row, text=TEXT, on=st.none() | DATES)
SHEETS = st.builds(
    Everything,
    text=TEXT, long=TEXT, flag=st.booleans(), number=st.integers(0, 100), maybe=st.none() | st.integers(-5, 5),
    weight=st.decimals(0, 10, places=3), on=DATES, way=TEXT, named=TEXT, words=st.lists(TEXT, max_size=3).map(tuple),
    numbers=st.lists(st.integers(0, 9), max_size=3).map(tuple), rows=st.lists(ROWS, max_size=2).map(tuple),
    keyed=st.dictionaries(TEXT, TEXT, max_size=3), keyed_rows=st.dictionaries(TEXT, ROWS, max_size=3), digest=TEXT,
)  # fmt: skip


@given(SHEETS)
def test_a_sheet_comes_back_from_its_record(sheet):
    stored = json.loads(json.dumps(to_json(sheet)))
    assert from_json(Everything, stored) == sheet


@given(SHEETS)
def test_a_record_holds_no_floats(sheet):
    def walk(value):
        assert not isinstance(value, float)
        for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            walk(one)

    walk(to_json(sheet))


def test_a_record_refuses_what_json_would_blur():
    for value in (1.5, {1, 2}, object(), b"bytes"):
        with pytest.raises(Broken):
            to_json({"a": [value]})
    assert to_json((date(2026, 1, 1), Decimal("1.50"), None, True)) == ["2026-01-01", "1.50", None, True]


def test_a_record_made_before_a_field_existed_comes_back_with_an_empty_one():
    found = from_json(Everything, {"text": "старая запись"})
    assert (found.text, found.long, found.flag, found.maybe, found.rows, found.keyed) == (
        "старая запись",
        "",
        False,
        None,
        (),
        {},
    )


@pytest.mark.parametrize("kind", CASE_TYPES)
def test_the_form_of_a_case_survives_its_record(kind):
    workflow: Workflow = CASE_TYPES[kind].workflow
    for transition in workflow.transitions.values():
        empty = from_json(transition.asks, {})
        assert from_json(transition.asks, to_json(empty)) == empty


def test_a_filled_sheet_and_its_record_say_the_same():
    sheet = fill(Everything, {"text": "текст", "number": 1, "weight": "0,5", "on": "2026-09-01", "words": ["а"]}, LISTS)
    assert from_json(Everything, to_json(sheet)) == sheet
