"""The seed data: complete, in agreement with itself, and within the rules."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from workflow_app import data
from workflow_app.assessment.criteria import CriteriaSheet
from workflow_app.case_types.registry import CASE_TYPES, seed_sheets
from workflow_app.states.forms import asks

SHEETS = seed_sheets()
TYPES = CASE_TYPES.keys()
# The table of criteria sheets in the domain description: criterion maximum × weight, minimum, N/A, STOP.
TABLE = {
    "a_first": "6×2≥2 4×1N/A 4×1.5≥1 6×1.5≥2",
    "a_highest": "6×2≥3 4×1N/A 6×1.5≥2 6×2≥3 6×1.5≥2",
    "a_methodist": "4×1.5≥2 4×1.5≥1 4×1 4×1.5≥1 4×1",
    "a_mentor": "4×1 4×2≥2 4×1 4×1≥1",
    "b_material": "5×1 5×1 5×1.5≥3STOP 5×1.5≥3 5×1.5 5×1 5×1 5×0.5 5×0.5 5×1≥3STOP",
    "c_innovation": "5×1 5×1.5≥2 5×1 5×1 5×1.5≥2 5×1 5×1.5 5×0.5 5×1≥3STOP",
    "h_platform": "5×1.5≥2 5×1.5 5×1.5 5×1 5×1 5×1 5×0.5",
    "h_project": "5×1.5≥2 5×1.5 5×1.5 5×1 5×1 5×1 5×0.5",
}
TOTALS = {
    "a_first": 31,
    "a_highest": 46,
    "a_methodist": 26,
    "a_mentor": 20,
    "b_material": Decimal("52.5"),
    "c_innovation": 50,
    "h_platform": 40,
    "h_project": 40,
}
LADDERS = {
    "a_first": "60 conforms 0 not_conforms",
    "a_highest": "75 conforms 0 not_conforms",
    "a_methodist": "70 conforms 0 not_conforms",
    "a_mentor": "70 conforms 0 not_conforms",
    "b_material": "80 recommend_publish 60 recommend_use 40 revise 0 reject",
    "c_innovation": "80 recommend_scale 60 recommend_pilot 40 revise 0 reject",
    "h_platform": "75 keep_status 50 refine_plan 0 end_status",
    "h_project": "75 continue 50 continue_adjusted 0 stop",
}
PEOPLE = data.load("demo_people")
CASES: list[dict[str, Any]] = data.load("demo_cases")["cases"]


def keys(items: list[dict[str, Any]]) -> list[str]:
    return [item["key"] for item in items]


def row(sheet: CriteriaSheet) -> str:
    return " ".join(
        f"{c.maximum}×{c.weight}"
        + (f"≥{c.minimum}" if c.minimum else "")
        + ("N/A" if c.may_skip else "")
        + ("STOP" if c.stop else "")
        for c in sheet.criteria
    )


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS.keys())
def test_every_sheet_is_well_formed_in_both_modes(sheet: CriteriaSheet) -> None:
    assert sheet.check() == sheet.in_mode("points").check() == ()


def test_the_sheets_equal_the_table_of_the_domain_description() -> None:
    told = {key: SHEETS[key] for key in TABLE}
    assert {key: row(sheet) for key, sheet in told.items()} == TABLE
    assert {key: sum(c.weight * c.maximum for c in sheet.criteria) for key, sheet in told.items()} == TOTALS
    assert {
        key: " ".join(f"{rule.threshold} {rule.key}" for rule in sheet.verdicts) for key, sheet in told.items()
    } == LADDERS


def test_attestation_is_judged_in_words_and_the_rest_in_points() -> None:
    """Order 196 has no points; they stay available as a setting."""
    for kind in CASE_TYPES.values():
        assert {sheet.mode for sheet in kind.sheets.values()} == {"words" if kind.shape.attestation else "points"}


def test_only_four_categories_exist() -> None:
    """R1."""
    categories = data.load("categories")["categories"]

    assert keys(categories) == ["first", "highest", "methodist", "mentor"]
    assert {one["sheet"] for one in categories} == set(CASE_TYPES["attestation_portfolio"].criteria_keys)


def test_conformity_to_the_position_is_named_nowhere_in_the_lists() -> None:
    """R1: «соответствие занимаемой должности» is outside the acts; the programme itself says so."""
    texts = {one.name: one.read_text("utf-8") for one in Path(data.__file__).parent.glob("*.yaml")}
    assert "categories.yaml" in texts
    for key in TYPES:
        texts |= {
            f"{key}/{name}": data.text(name, f"workflow_app.case_types.{key}")
            for name in ("criteria.yaml", "lists.yaml")
        }
    for name, text in texts.items():
        content = re.sub(r"(?m)^\s*#.*$", "", text)
        assert "соответствие занимаемой должности" not in content.lower(), name


def test_no_decline_ground_is_a_forbidden_one() -> None:
    """R7: education profile, parental leave, a break in work, short service."""
    forbidden = re.compile(r"профил|образовани|отпуск|перерыв|стаж|декрет", re.IGNORECASE)
    never = {*keys(data.load("decline_grounds")["never"])}

    for kind in CASE_TYPES.values():
        assert not [str(one.label) for one in kind.grounds if forbidden.search(str(one.label)) or one.value in never]


def test_the_forbidden_grounds_are_told_to_whoever_declines() -> None:
    """R7."""
    assert keys(data.load("decline_grounds")["never"]) == [
        "education_profile",
        "parental_leave",
        "break_in_work",
        "short_service",
    ]


def test_holders_of_methodists_positions_are_barred_from_the_category_methodist() -> None:
    """R5."""
    positions = data.load("positions")["positions"]
    barred = {one["key"] for one in positions if "methodist" in one.get("excluded_categories", [])}

    assert barred == {"methodist", "senior_methodist"}


def test_every_position_has_all_its_case_forms() -> None:
    positions = data.load("positions")["positions"]

    assert len(keys(positions)) == len(set(keys(positions)))
    for one in positions:
        forms = [one[case] for case in ("nominative", "genitive", "dative", "accusative", "instrumental")]
        assert all(forms)
        assert forms[1] == forms[3], "a position is animate: its accusative is its genitive"


def test_every_text_that_is_accepted_has_a_version_of_its_own() -> None:
    texts = data.load("texts")["texts"]
    versions = [one["version"] for one in texts]

    assert {"conflict_declaration", "consent_processing", "consent_distribution", "simple_signature_agreement"} <= {
        *keys(texts)
    }
    assert len(versions) == len(set(versions))
    assert data.load("ethics_code")["version"] in versions


def test_each_load_gives_a_copy_of_its_own() -> None:
    data.load("calendar")["known_years"].clear()

    assert data.load("calendar")["known_years"] == [2024, 2025, 2026, 2027]


def test_an_unknown_name_is_not_found() -> None:
    with pytest.raises(FileNotFoundError):
        data.load("nothing")


def test_the_people_of_the_demonstration_can_play_every_part() -> None:
    people = PEOPLE["people"]
    roles = {role for person in people for role in person["roles"]}
    outside = {org["key"] for org in PEOPLE["organizations"] if org.get("outside")}
    specialists = [p for p in people if "attestation" in p.get("directions", []) and "pk_document" in p]

    assert len(people) >= 24
    assert len(PEOPLE["organizations"]) >= 6
    assert roles == {
        "teacher",
        "expert",
        "coordinator",
        "director",
        "department",
        "regional",
        "admin",
        "school_officer",
    }
    assert sum("coordinator" in person["roles"] for person in people) >= 2
    assert len(specialists) >= 7
    assert any(person["organization"] in outside and "innovations" in person.get("directions", []) for person in people)


def test_people_belong_to_organisations_positions_and_lists_that_exist() -> None:
    organizations = {*keys(PEOPLE["organizations"])}
    positions = {*keys(data.load("positions")["positions"])}
    areas = {*keys(data.load("subject_areas")["areas"])}
    directions = {*keys(data.load("directions")["directions"])}
    known = {*keys(PEOPLE["people"])}

    assert len(known) == len(PEOPLE["people"])
    for person in PEOPLE["people"]:
        assert person["organization"] in organizations
        assert person["position"] in positions
        assert person.get("subject_area", "primary") in areas
        assert directions.issuperset(person.get("directions", []))
        assert {person.get(link, person["key"]) for link in ("mentor_of", "deputy_for")} <= known


@pytest.mark.parametrize("case", CASES, ids=keys(CASES))
def test_a_case_of_the_demonstration_fills_every_field_within_its_limits(case: dict[str, Any]) -> None:
    people = {person["key"]: person for person in PEOPLE["people"]}

    assert case["type"] in TYPES
    assert 10 <= len(case["title"]) <= 300
    assert 200 <= len(case["annotation"]) <= 2000
    assert 1 <= len(case["keywords"]) <= 10
    assert people.keys() >= {case["applicant"], *case.get("co_authors", [])}
    assert case["position"] == people[case["applicant"]]["position"]
    assert case["subject_area"] in keys(data.load("subject_areas")["areas"])
    assert case["education_level"] in keys(data.load("education_levels")["levels"])
    for text in long_texts(case):
        assert 300 <= len(text) <= 3000


def long_texts(case: dict[str, Any]) -> list[str]:
    if case["type"] == "attestation_portfolio":
        return list(case["sections"].values())
    if case["type"] == "methodical_material":
        return [case["approbation_result"]]
    if case["type"] == "platform_results":
        return [case["difficulties"], case["next_plan"]]
    return [case[field] for field in ("problem", "novelty", "effects", "resources", "risks", "replication")]


def test_choices_of_the_cases_are_choices_of_the_forms() -> None:
    for case in CASES:
        for name, how in asks(CASE_TYPES[case["type"]].form).items():
            if name in case and not isinstance(how.choices, str) and how.choices:
                assert case[name] in {one.value for one in how.choices}, (case["key"], name)


def test_an_attestation_of_the_demonstration_has_a_section_for_each_criterion_and_keeps_the_rules() -> None:
    """R3, R4: highest needs a category, methodist and mentor need the highest."""
    for case in (one for one in CASES if one["type"] == "attestation_portfolio"):
        target, current = case["target_category"], case["current_category"]

        assert list(case["sections"]) == [criterion.key for criterion in SHEETS[f"a_{target}"].criteria]
        assert case["interattestation_from"] < case["interattestation_to"] <= date(2026, 11, 30)
        assert target == "first" or current in (
            {"highest"} if target in {"methodist", "mentor"} else {"first", "highest"}
        )


def test_there_are_cases_enough_of_each_type() -> None:
    assert len(CASES) >= 14
    played = [case["type"] for case in CASES]
    assert all(
        played.count(kind) >= 5 for kind in ("attestation_portfolio", "methodical_material", "innovation_product")
    )
    assert all(played.count(kind) >= 2 for kind in played)


def test_the_programme_of_the_centre_names_no_person() -> None:
    """Decisions 32: neither signatories nor authors of references; initials and e-mail would betray one."""
    text = data.text("innovation_project.ru.txt")

    assert len(text) > 30_000
    assert not re.search(r"[А-ЯЁ]\.\s?[А-ЯЁ]\.", text)
    assert not re.search(r"[А-ЯЁ][а-яё]+(?:ович|евич|овна|евна|ична)\b", text)
    assert "@" not in text
    assert "ISBN" not in text
    assert "<" not in text
