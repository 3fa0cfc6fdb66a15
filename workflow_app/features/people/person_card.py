"""A person's card: what stands in its form, and the forms of the name that documents will use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflow_app.db.models import ExpertCard, Person
from workflow_app.documents.russian.grammar import PersonName
from workflow_app.errors import N_, Sentence
from workflow_app.facts import choices
from workflow_app.facts.naming import name_of

FORMS: tuple[tuple[str, str, Sentence], ...] = (
    ("g", "genitive", N_("кого? (родительный)")),
    ("d", "dative", N_("кому? (дательный)")),
    ("a", "accusative", N_("кого? (винительный)")),
    ("i", "instrumental", N_("кем? (творительный)")),
)


@dataclass(frozen=True, slots=True)
class NameForm:
    """One case of the name: the question it answers, the text, whether a person confirmed it."""

    question: Sentence
    text: str
    confirmed: bool


def name_forms(person: Person) -> list[NameForm]:
    """Return the name as documents will decline it: confirmed forms win over the library's."""
    name = name_of(person)
    return [NameForm(question, name.declined(case), bool(person.forms.get(case))) for case, _field, question in FORMS]  # type: ignore[arg-type]  # the keys are cases


def card_start(person: Person) -> Mapping[str, Any]:
    """Return what the form of the card begins with."""
    return {
        "last_name": person.last_name, "first_name": person.first_name, "middle_name": person.middle_name, "gender": person.gender,
        "email": person.email, "organization_id": person.organization_id, "position": person.position,
        **{field: person.forms.get(case, "") for case, field, _question in FORMS},
    }  # fmt: skip


def confirm_start(person: Person) -> dict[str, str]:
    """Return what stands where the forms of the name are confirmed: the known ones, else those by the rules."""
    return forms_start(name_of(person))


def forms_start(name: PersonName) -> dict[str, str]:
    """Return the fields of the confirmation for a name."""
    forms = {field: name.declined(case) for case, field, _question in FORMS}  # type: ignore[arg-type]  # the keys are cases
    return {"gender": name.gender or "", **forms}


# A category that was typed in words before it came to be chosen from the list.
_CATEGORIES = {str(one.label): one.value for one in choices.of_file("held_categories")}


def register_start(card: ExpertCard | None) -> Mapping[str, Any]:
    """Return what the form of the register's entry begins with."""
    if card is None:
        return {"load_limit": 5}
    return {
        "directions": card.directions, "category": _CATEGORIES.get(card.category, card.category),
        "education": card.education, "training": card.training,
        "profile": card.profile, "load_limit": card.load_limit,
    }  # fmt: skip
