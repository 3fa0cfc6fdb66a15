"""A case type is one folder: proved whole at the start, and what is missing is named."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from workflow_app import data
from workflow_app.case_types import declaration, registry
from workflow_app.case_types.attestation_portfolio import one_year_after
from workflow_app.case_types.declaration import Attachment, CaseForm, CaseType
from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.case_types.verify import prove_types
from workflow_app.documents.content.snapshot import Examined
from workflow_app.errors import Broken
from workflow_app.facts import choices
from workflow_app.states.forms import Sheet, ask

DIRECTIONS = frozenset(one.value for one in choices.of_file("directions"))
KIND = CASE_TYPES["methodical_material"]


@dataclass(frozen=True, kw_only=True)
class Hiding(CaseForm):
    """A form with a field that would shut off the check."""

    problems: str = ask(KIND.title)  # type: ignore[assignment]  # that is what the test is about


@dataclass(frozen=True, kw_only=True)
class Bare(Sheet):
    """A form that asks nothing of what every case has."""


@dataclass(frozen=True, kw_only=True)
class Choosing(CaseForm):
    """A form with a list that nobody keeps."""

    colour: str = ask(KIND.title, choices="colours")


def prove(*kinds: CaseType) -> None:
    prove_types(kinds, choices.OF_FORMS, DIRECTIONS)


def test_every_type_is_whole() -> None:
    prove(*CASE_TYPES.values())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"directions": ()}, "no direction's experts review it"),
        ({"directions": ("astrology",)}, "the direction 'astrology' is not in data/directions.yaml"),
        ({"examined": Examined("материал", "", "материал")}, "examined.g is empty"),
        ({"settled": ("colour",)}, "the settled field 'colour' is not in the form"),
        ({"picks": lambda _form: "z_none"}, "judged by 'z_none', which criteria.yaml does not have"),
        ({"policy": replace(KIND.policy, terms={})}, "its policy has no term 'appeal'"),
        ({"policy": replace(KIND.policy, experts=0)}, "at least one expert"),
        ({"attachments": KIND.attachments[:1] * 2}, "the attachment 'material' is named twice"),
        ({"attachments": KIND.attachments[1:]}, "stands at attachment:material, which the form does not have"),
        ({"attachments": (Attachment("other", KIND.title),)}, "which the form does not have"),
        ({"shape": replace(KIND.shape, form=Hiding)}, "Hiding.problems hides what every sheet has under this name"),
        ({"shape": replace(KIND.shape, revision_form=None)}, "no revision form that asks what was changed"),
        ({"shape": replace(KIND.shape, revision_form=Bare)}, "its form Bare is no CaseForm"),
        ({"shape": replace(KIND.shape, form=Choosing)}, "Choosing.colour chooses from the unknown list 'colours'"),
        ({"shape": replace(KIND.shape, key="nowhere")}, "No module named 'workflow_app.case_types.nowhere'"),
    ],
)
def test_a_part_that_is_missing_is_named(changes: dict[str, Any], words: str) -> None:
    with pytest.raises((Broken, ModuleNotFoundError), match=words):
        prove(replace(KIND, **changes))


@pytest.mark.parametrize(
    ("file", "missing", "words"),
    [
        ("criteria", None, "the file criteria.yaml is missing"),
        ("lists", None, "the file lists.yaml is missing"),
        ("criteria", "sheets", "criteria.yaml has no 'sheets' where sheets are read"),
        ("lists", "grounds", "lists.yaml has no 'grounds' where grounds are read"),
        ("lists", "returns", "lists.yaml has no 'returns' where returns are read"),
        ("lists", "phrases", "lists.yaml has no 'phrases' where phrases are read"),
    ],
)
def test_data_that_is_missing_beside_a_type_is_named(monkeypatch, file: str, missing: str | None, words: str) -> None:
    whole = data.load

    def without(name: str, package: str = data.__name__) -> Any:
        if name == file and missing is None:
            raise FileNotFoundError(name)
        return {key: one for key, one in whole(name, package).items() if name != file or key != missing}

    monkeypatch.setattr(declaration.data, "load", without)
    with pytest.raises(Broken, match=f"case type methodical_material: {words}"):
        prove(replace(KIND))


def emptied(phrases: Any, many: list[str]) -> Any:
    """Put these in the place of every list of phrases, however deep."""
    return {key: emptied(one, many) for key, one in phrases.items()} if isinstance(phrases, dict) else many


def changed(monkeypatch, file: str, part: str, by: Any) -> None:
    """Let a part of a file beside the type be another."""
    whole = data.load

    def other(name: str, package: str = data.__name__) -> Any:
        return {key: by(one) if (name, key) == (file, part) else one for key, one in whole(name, package).items()}

    monkeypatch.setattr(declaration.data, "load", other)


@pytest.mark.parametrize(
    ("file", "part", "by", "words"),
    [
        ("criteria", "sheets", lambda _: 5, "criteria.yaml: sheets cannot be read"),
        ("criteria", "sheets", lambda one: type(one)(), "criteria.yaml has no sheet"),
        ("lists", "grounds", lambda one: [*one, one[0]], "the grounds for declining are none, or one is named twice"),
        ("lists", "returns", lambda _: [], "lists.yaml has no ready remark for a return"),
        ("lists", "phrases", lambda one: emptied(one, []), "lists.yaml has no phrase for"),
        ("lists", "phrases", lambda one: emptied(one, ["Раскрыто."]), "«Раскрыто.» ends with a full stop"),
    ],
)
def test_data_that_says_too_little_beside_a_type_is_named(
    monkeypatch, file: str, part: str, by: Any, words: str
) -> None:
    changed(monkeypatch, file, part, by)
    with pytest.raises(Broken, match=words):
        prove(replace(KIND))


def test_a_sheet_without_a_verdict_that_says_no_is_named(monkeypatch) -> None:
    def always_yes(sheets: Any) -> Any:
        many = sheets if isinstance(sheets, list) else [*sheets.values()]
        for one in many:
            for rule in one["verdicts"]:
                rule["positive"] = True
        return sheets

    changed(monkeypatch, "criteria", "sheets", lambda one: always_yes(deepcopy(one)))
    with pytest.raises(Broken, match="a verdict that is positive and one that is not are needed"):
        prove(replace(KIND))


def test_two_sheets_have_not_one_key() -> None:
    other = replace(CASE_TYPES["innovation_product"])
    vars(other)["sheets"] = KIND.sheets
    with pytest.raises(Broken, match="two criteria sheets have one key"):
        prove(KIND, other)


def test_a_folder_without_its_declaration_is_named(monkeypatch) -> None:
    monkeypatch.delattr("workflow_app.case_types.methodical_material.TYPE")
    with pytest.raises(Broken, match="case_types/methodical_material declares no TYPE"):
        [*registry._found()]
    with pytest.raises(Broken, match="unknown case type 'astrology'"):
        registry.case_type("astrology")


def test_a_case_without_the_word_on_minors_warns_the_coordinator() -> None:
    """0a.10."""
    assert [one.msgid for one in KIND.warnings({}, frozenset({one.key for one in KIND.attachments}))] == [
        "Не подтверждено, что имена обучающихся обезличены."
    ]
    assert not KIND.warnings({"no_minors_data": True}, frozenset({one.key for one in KIND.attachments}))


def test_the_day_after_a_refusal_on_the_29th_of_february_is_the_first_of_march() -> None:
    """R6."""
    assert one_year_after(date(2028, 2, 29)) == date(2029, 3, 1)
    assert one_year_after(date(2027, 3, 1)) == date(2028, 3, 1)


@pytest.mark.parametrize("name", ["place", "letter"])
def test_two_types_share_neither_place_nor_letter(name: str) -> None:
    other = CASE_TYPES["innovation_product"]
    with pytest.raises(Broken, match=f"two case types have one {name}"):
        prove(KIND, replace(other, **{name: getattr(KIND, name)}))


def test_a_verdict_says_itself_whether_it_is_a_yes() -> None:
    """Decisions 18."""
    verdicts = [rule.key for rule in KIND.sheets["b_material"].verdicts]
    assert [one for one in verdicts if KIND.favourable(one)] == ["recommend_publish", "recommend_use"]
    assert not KIND.favourable(None)
