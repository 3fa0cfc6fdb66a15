"""A case type is one folder: proved whole at the start, and what is missing is named."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from workflow_app import data
from workflow_app.case_types import declaration
from workflow_app.case_types.declaration import Attachment, CaseForm, CaseType
from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.case_types.verify import prove_types
from workflow_app.documents.content.snapshot import Examined
from workflow_app.errors import Broken
from workflow_app.facts import choices
from workflow_app.states.forms import ask

DIRECTIONS = frozenset(one.value for one in choices.of_file("directions"))
KIND = CASE_TYPES["methodical_material"]


@dataclass(frozen=True, kw_only=True)
class Hiding(CaseForm):
    """A form with a field that would shut off the check."""

    problems: str = ask(KIND.title)  # type: ignore[assignment]  # that is what the test is about


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
