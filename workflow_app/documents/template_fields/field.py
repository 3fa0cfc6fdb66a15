"""What a user's Word template may name: fields and lists of rows, each with the words that explain it.

Nothing but plain strings leaves this room: a template gets no object, so that there is nothing in it to be reached.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from workflow_app.documents.content.assessment_cards import Expert, Signature
from workflow_app.documents.content.snapshot import Material
from workflow_app.documents.docx.blocks import SignatureLine, clean
from workflow_app.documents.kinds.shared_parts import signature_line
from workflow_app.documents.russian.grammar import (
    BLANK_DAY,
    CASES,
    Case,
    PersonName,
    Position,
    capitalised,
    day,
)
from workflow_app.documents.russian.unconfirmed import pieces
from workflow_app.errors import N_, Sentence

Row = Mapping[str, str]
Values = dict[str, str | list[dict[str, str]]]

_POSITION_WIDTH: Final = 30  # letters of a position in one line beside the place for the hand, as ``docx.body`` has it
_TO_CHECK: Final = " [проверьте]"  # after a form that nobody has confirmed: a template cannot colour it
_CASES: Final[Mapping[Case, Sentence]] = {
    "n": N_("кто"),
    "g": N_("кого"),
    "d": N_("кому"),
    "a": N_("кого (винительный)"),
    "i": N_("кем"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One value: ``name`` is what stands in the template, ``about`` says in Russian what it is."""

    name: str
    about: Sentence
    value: Callable[[Any], str]  # of a ``Material`` or a ``RecordMaterial``


@dataclass(frozen=True, slots=True)
class RowsField:
    """A list for a loop: ``columns`` are the names that each row has, with the words for them."""

    name: str
    about: Sentence
    columns: Mapping[str, Sentence]
    rows: Callable[[Any], Iterable[Row]]


@dataclass(frozen=True, slots=True)
class Group:
    """Fields and lists that belong together, under one title."""

    title: Sentence
    fields: tuple[Field, ...]
    lists: tuple[RowsField, ...] = ()


def plain(value: str) -> str:
    """The value as it may stand in a file; a form of a name that is to be checked is followed by a word that says so."""
    return clean("".join(f"{said}{_TO_CHECK}" if unsure else said for said, unsure in pieces(value)))


def on_day(value: date | None) -> str:
    """A date in words, or nothing."""
    return day(value) if value else ""


def of_person(name: str, about: Sentence, get: Callable[[Material], PersonName | None]) -> tuple[Field, ...]:
    """The full name in five cases, and the short one in the nominative, genitive and dative."""

    def full(case: Case) -> Callable[[Material], str]:
        return lambda material: person.full(case) if (person := get(material)) else ""

    def short(case: Case) -> Callable[[Material], str]:
        return lambda material: person.short(case, surname_first=case != "n") if (person := get(material)) else ""

    return (
        *(
            Field(_in_case(name, case), N_("%(whose)s: %(case)s", whose=about, case=_CASES[case]), full(case))
            for case in CASES
        ),
        *(
            Field(
                _in_case(f"{name}_short", case),
                N_("%(whose)s, с инициалами: %(case)s", whose=about, case=_CASES[case]),
                short(case),
            )
            for case in CASES[:3]
        ),
    )


def of_position(name: str, about: Sentence, get: Callable[[Material], Position | None]) -> tuple[Field, ...]:
    """A position in five cases."""

    def said(case: Case) -> Callable[[Material], str]:
        return lambda material: position.form(case) if (position := get(material)) else ""

    return tuple(
        Field(_in_case(name, case), N_("%(whose)s: %(case)s", whose=about, case=_CASES[case]), said(case))
        for case in CASES
    )


def _in_case(name: str, case: Case) -> str:
    return name if case == "n" else f"{name}_{case}"


PEOPLE: Final[Mapping[str, Sentence]] = {
    "n": N_("порядковый номер"),
    "name": N_("фамилия, имя, отчество"),
    "name_g": N_("имя: кого"),
    "name_d": N_("имя: кому"),
    "name_i": N_("имя: кем"),
    "short": N_("инициалы и фамилия"),
    "position": N_("должность"),
    "position_cap": N_("должность с прописной буквы"),
    "position_i": N_("должность: кем"),
    "organisation": N_("организация"),
    "organisation_g": N_("организация: кого, чего"),
}


def people(experts: Iterable[Expert]) -> list[Row]:
    """The rows of a list of people, by :data:`PEOPLE`."""
    return [
        {
            "n": str(at),
            "name": one.person.full(),
            "name_g": one.person.full("g"),
            "name_d": one.person.full("d"),
            "name_i": one.person.full("i"),
            "short": one.person.short(),
            "position": one.position.n,
            "position_cap": capitalised(one.position.n),
            "position_i": one.position.form("i"),
            "organisation": one.organisation.n,
            "organisation_g": one.organisation.g,
        }
        for at, one in enumerate(experts, start=1)
    ]


SIGNED: Final[Mapping[str, Sentence]] = {
    "n": N_("порядковый номер"),
    "position": N_("должность"),
    "lines": N_("должность короткими строками, для места подписи"),
    "person": N_("инициалы и фамилия"),
    "note": N_("отметка об электронной подписи; пусто, если подписывают от руки"),
    "dated": N_("место для даты от руки; пусто, если дату не ставят"),
}


def signed(signatures: Iterable[Signature]) -> list[Row]:
    """The rows of a list of signatures, by :data:`SIGNED`."""
    return signed_lines(signature_line(one) for one in signatures)


def signed_lines(lines: Iterable[SignatureLine]) -> list[Row]:
    """The same of places of signatures."""
    return [
        {
            "n": str(at),
            "position": one.position,
            "lines": "\n".join(textwrap.wrap(one.position, _POSITION_WIDTH)),
            "person": one.person,
            "note": evidence(one.evidence, one.certificate),
            "dated": BLANK_DAY if one.dated else "",
        }
        for at, one in enumerate(lines, start=1)
    ]


def evidence(note: str, certificate: object) -> str:
    """What is said of an electronic signature: the words of the mark of a qualified one first."""
    lines: tuple[str, ...] = getattr(certificate, "lines", ())
    return "\n".join(filter(None, (*lines, note)))
