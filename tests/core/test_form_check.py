"""The one check of a case form: pure, everything at once, each once, and exactly what the submission would refuse."""

from dataclasses import fields
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflow_app import data
from workflow_app.case_types.declaration import with_https
from workflow_app.case_types.form_check import CONSENT, Beside, missing, obstacles
from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.errors import Invalid
from workflow_app.states.forms import Choice, asks, check, fill
from workflow_app.states.forms.declare import Sheet

TODAY = date(2026, 9, 1)
NOTHING = Beside(frozenset(), consent=False, today=TODAY)
SOME = Choice("1", data.load("categories")["categories"][0]["title"])
KEYS = [one["key"] for one in data.load("positions")["positions"]]


class Lists(dict):
    """Every closed list that a form names: some values, so that any form can be checked without a database."""

    def __missing__(self, name):
        return tuple(Choice(key, key) for key in ("1", "2", *KEYS))

    def __contains__(self, name):
        return True


LISTS = Lists()
TYPED = st.one_of(
    st.none(), st.sampled_from(["", "1", "2", "none", "first", "highest", "methodist", "2026-01-01", "2025-01-01", "да" * 200, "x.ru", "http://x.ru"]),
    st.integers(-5, 70).map(str), st.booleans(), st.lists(st.text(max_size=5), max_size=3),
)  # fmt: skip


def forms(kind):
    return st.fixed_dictionaries({}, optional=dict.fromkeys(asks(kind.form), TYPED))


@pytest.mark.parametrize("key", CASE_TYPES)
@given(st.data())
@settings(max_examples=60, deadline=None)
def test_the_check_says_exactly_what_would_be_refused(key, data):
    kind = CASE_TYPES[key]
    raw = data.draw(forms(kind))
    found = obstacles(kind, kind.form, raw, LISTS, NOTHING)
    assert len(found) == len(set(found)), "each once"
    try:
        fill(kind.form, raw, LISTS)
        refused = {}
    except Invalid as error:
        refused = error.problems
    beside = set(missing(kind, raw, NOTHING))
    assert {(one.place, one.text) for one in found if one not in beside} == {
        (path, text) for path, many in refused.items() for text in many
    }


def test_rules_between_fields_are_told_beside_empty_fields_and_all_at_once():
    form = CASE_TYPES["attestation_portfolio"].form
    raw = {
        "target_category": "highest", "current_category": "none", "earlier_category": "none", "experience_total": "3",
        "experience_position": "8", "interattestation_from": "2026-01-01", "interattestation_to": "2025-01-01", "links": "ftp://x",
    }  # fmt: skip
    found = check(form, raw, LISTS)
    assert found.keys() >= {
        "target_category",
        "experience_position",
        "interattestation_to",
        "links",
        "title",
        "education",
    }
    assert "attested_position" in found, "empty"
    assert all(len(many) == 1 for many in found.values())


def test_a_rule_that_reads_a_wrong_field_says_nothing_yet():
    form = CASE_TYPES["attestation_portfolio"].form
    found = check(form, {"experience_total": "много", "experience_position": "8"}, LISTS)
    assert str(found["experience_total"][0]) == "Нужно целое число."
    assert "experience_position" not in found


def test_every_rule_of_every_form_is_asked_by_itself():
    rules = {
        name
        for kind in CASE_TYPES.values()
        for name in dir(kind.form)
        if getattr(getattr(kind.form, name), "is_rule", False)
    }
    assert rules >= {"links_are_https", "highest_after_first", "period_in_order", "status_has_its_act"}
    assert "problems" not in {
        name for kind in CASE_TYPES.values() for one in kind.form.__mro__ if one is not Sheet for name in vars(one)
    }


@pytest.mark.parametrize("refused", ["2026-13-45", "вчера", "", None, [], {}])
def test_a_date_that_is_none_bars_nothing_and_breaks_nothing(refused):
    kind = CASE_TYPES["attestation_portfolio"]
    raw = {"target_category": "first", "refused_category": "first", "refused_on": refused}
    assert [one.place for one in missing(kind, raw, NOTHING)] == ["attachment:application"]


def test_the_same_category_within_a_year_is_barred_at_the_date_of_the_refusal():
    """R6: with the first allowed day."""
    kind = CASE_TYPES["attestation_portfolio"]
    raw = {"target_category": "first", "refused_category": "first", "refused_on": "10.10.2025"}
    found = [one for one in missing(kind, raw, NOTHING) if one.place == "refused_on"]
    assert [str(one.text) for one in found] == ["повторное заявление на ту же категорию принимается с 10.10.2026"]


def test_consent_and_required_attachments_bar_a_material():
    kind = CASE_TYPES["methodical_material"]
    assert [one.place for one in missing(kind, {}, NOTHING)] == ["attachment:material", CONSENT]
    assert list(missing(kind, {}, Beside(frozenset({"material"}), consent=True, today=TODAY))) == []


LINKS = {
    "rutube.ru/video/1": "https://rutube.ru/video/1", "www.school.ru": "https://www.school.ru", "//school.ru/a?b#c": "https://school.ru/a?b#c",
    "школа.рф/план": "https://школа.рф/план", "school.ru:8443/x": "https://school.ru:8443/x", "https://school.ru": "https://school.ru",
    "http://school.ru": "http://school.ru", "ftp://school.ru": "ftp://school.ru", "javascript:alert(1)": "javascript:alert(1)",
    "смотрите на сайте": "смотрите на сайте", "school.ru и ещё": "school.ru и ещё", "конспект.": "конспект.", "": "",
}  # fmt: skip


@pytest.mark.parametrize("typed", LINKS)
def test_a_link_without_its_beginning_gets_it(typed):
    assert with_https(typed) == LINKS[typed]
    assert with_https(LINKS[typed]) == LINKS[typed]


def test_a_submitted_form_keeps_the_whole_link():
    form = CASE_TYPES["methodical_material"].form
    assert "links" not in check(form, {"links": "rutube.ru/video/1\nhttps://school.ru"}, LISTS)
    assert "links" in check(form, {"links": "http://school.ru"}, LISTS)
    assert {one.name for one in fields(form)} >= {"links"}
