"""The plan on a line of time: where bars stand, that nothing leaves the picture, what is read out."""

import re
from datetime import date, timedelta
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from workflow_app.monitoring.timeline import Band, Bar, Line, bar, head, line_of

STAGES = (Band("1 этап", date(2024, 6, 1), date(2024, 12, 15)), Band("2 этап", date(2024, 12, 16), date(2026, 11, 30)))
DAYS = st.dates(date(2023, 1, 1), date(2028, 12, 31))


def drawn(line, **values):
    one = {
        "since": date(2024, 10, 1),
        "until": date(2025, 10, 31),
        "fact": None,
        "was": None,
        "loose": False,
        "tone": "work",
    }
    return ET.fromstring(bar(line, Bar(**one | values, said="срок <важный>")))  # noqa: S314 - our own picture


def of_class(picture, name):
    return [one for one in picture.iter() if name in one.get("class", "").split()]


def per_cent(one, name):
    return float(one.get(name).removesuffix("%"))


@given(days=st.lists(st.tuples(DAYS, DAYS, DAYS, DAYS), min_size=1, max_size=8), today=DAYS)
def test_every_bar_stands_within_the_picture_and_a_day_is_seen(days, today):
    bars = [Bar(min(a, b), max(a, b), c, d, loose=False, tone="good", said="") for a, b, c, d in days]
    line = line_of(STAGES, bars, today)
    for one in bars:
        for rect in ET.fromstring(bar(line, one)).iter("{http://www.w3.org/2000/svg}rect"):  # noqa: S314 - our own picture
            left, wide = per_cent(rect, "x"), per_cent(rect, "width")
            assert left >= 0
            assert 0.5 < wide <= 100
            assert left + wide <= 100.01


@given(day=DAYS, later=st.integers(0, 400))
def test_what_is_later_never_stands_further_left(day, later):
    line = Line(date(2024, 6, 1), date(2027, 6, 30), date(2026, 11, 30), STAGES)
    assert line.at(day) <= line.at(day + timedelta(days=later))
    assert 0 <= line.at(day) <= 100


def test_the_line_is_as_long_as_stages_and_items_outside_them():
    early = Bar(date(2024, 3, 1), date(2024, 4, 1), None, None, loose=False, tone="work", said="")
    line = line_of(STAGES, [early], date(2026, 11, 30))
    assert (line.since, line.until) == (date(2024, 3, 1), date(2026, 11, 30))
    assert re.findall(r">(\d{4})<", head(line)) == ["2024", "2025", "2026"]
    assert "1 этап" in head(line)


def test_an_empty_plan_has_a_line_too():
    line = line_of((), (), date(2026, 11, 30))
    assert line.since == date(2026, 11, 30) < line.until
    assert head(line).startswith("<svg")


def test_a_bar_shows_what_was_done_the_former_term_and_today():
    line = line_of(STAGES, [], date(2025, 6, 1))
    picture = drawn(line, fact=date(2025, 6, 1), was=date(2025, 5, 31))
    plan, fact = of_class(picture, "line-plan")[0], of_class(picture, "line-fact")[0]
    assert per_cent(fact, "x") == per_cent(plan, "x")
    assert per_cent(fact, "width") < per_cent(plan, "width")
    assert len(of_class(picture, "line-was")) == len(of_class(picture, "line-today")) == 1
    assert picture.get("aria-label") == "срок <важный>"
    assert not of_class(drawn(line), "line-fact")
    assert not of_class(drawn(line_of(STAGES, [], date(2030, 1, 1))), "line-today")


def test_what_was_done_before_its_beginning_is_a_point():
    assert of_class(drawn(line_of(STAGES, [], date(2025, 6, 1)), fact=date(2024, 9, 1)), "line-fact")[0].get("cx")


def test_an_item_without_days_of_its_own_is_drawn_loosely():
    assert of_class(drawn(line_of(STAGES, [], date(2025, 6, 1)), loose=True), "is-loose")
