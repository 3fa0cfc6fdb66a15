"""What the rules say in words is what they are: the golden table of permissions, the generated page, words for everything.

``UPDATE_GOLDEN=1 pytest tests/core/test_workflows_doc.py`` writes both files anew.
"""

import os
from pathlib import Path

import pytest

from workflow_app.features.centre.handbook import default_terms, permissions_text, workflows, workflows_text
from workflow_app.states.pictures.handbook import (
    PERMISSIONS,
    TERMS,
    TRIGGERS,
    WHO,
    conditions,
    grant_rows,
    has_words,
    moves,
    ordered,
    words_of,
)
from workflow_app.states.vocabulary import Condition, Guard, Permission, Trigger, Who

ROOT = Path(__file__).parents[2]
FILES = {ROOT / "tests/golden/permissions.txt": permissions_text, ROOT / "docs/workflows.md": workflows_text}
FLOWS = workflows()


@pytest.mark.parametrize("file", FILES, ids=[one.name for one in FILES])
def test_the_file_says_what_the_data_says(file):
    text = FILES[file]()
    if os.environ.get("UPDATE_GOLDEN") == "1":
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text, "a right or a road changed: see the diff after UPDATE_GOLDEN=1"


def test_every_condition_in_use_has_words_of_its_own():
    used = [
        one
        for flow in FLOWS
        for each in flow.transitions.values()
        for one in (*each.guard.when, *(t.when for t in each.targets if t.when))
    ]
    assert used
    assert {one.name for one in used if not has_words(one)} == set()


def test_a_condition_without_words_says_what_is_said_when_it_fails():
    from workflow_app.errors import N_

    unknown = Condition("a new one", lambda _facts: True, N_("Так нельзя."))
    assert not has_words(unknown)
    assert str(words_of(unknown)) == "Так нельзя."
    assert str(words_of(Condition("another", lambda _facts: True, lambda _facts: N_("Нет.")))) == "another"


def test_the_number_of_a_counting_condition_stands_in_its_words():
    flow = next(one for one in FLOWS if one.name == "methodical_material")
    said = [str(one) for one in conditions(flow.transitions["return"].guard)]
    assert "дело возвращали меньше чем 2 раз" in said


def test_a_right_that_a_guard_asks_for_is_said():
    said = conditions(Guard(frozenset({Who.APPLICANT}), permission=Permission.EDIT))
    assert [str(one) for one in said] == ["есть право: правит форму"]


def test_every_standing_permission_trigger_and_term_has_words():
    assert set(WHO) == set(Who)
    assert set(PERMISSIONS) == set(Permission)
    assert set(TRIGGERS) == set(Trigger)
    assert {key for terms in default_terms().values() for key in terms} <= set(TERMS)
    letters = [str(letter) for letter, _ in PERMISSIONS.values()]
    assert len(set(letters)) == len(letters)


@pytest.mark.parametrize("flow", FLOWS, ids=[one.name for one in FLOWS])
def test_the_tables_hold_every_state_and_every_transition_once(flow):
    assert sorted(one.name for one in ordered(flow)) == sorted(flow.states)
    assert [row.state.name for row in grant_rows(flow)] == [one.name for one in ordered(flow)]
    assert [one.transition.name for one in moves(flow)] == list(flow.transitions)


def test_states_are_read_in_the_order_of_the_road_with_the_final_one_last():
    flow = next(one for one in FLOWS if one.name == "attestation_portfolio")
    names = [one.name for one in ordered(flow)]
    assert [one for one in names if one in flow.road] == list(flow.road)
    assert names.index("registered") < names.index("returned") < names.index("assigning")
    assert names[-1] == "archived"


def test_the_table_of_rights_shows_who_is_barred_and_what_waits_for_a_condition():
    text = permissions_text()
    draft = text.split("## draft")[1].split("## ")[0]
    assert "applicant: view edit attach see_materials see_history | submit? discard" in draft
    assert "approve?-involved!prepared" in text
    assert "remove_file[edit]" in text
