"""Rows of people and of experts: who is added, who is known already, what the register would say of an expert."""

from __future__ import annotations

from collections.abc import Mapping

from workflow_app.errors import N_
from workflow_app.facts.directory import plain
from workflow_app.features.imports.known_records import Known
from workflow_app.features.imports.lines import (
    OTHER,
    PERSON_CELLS,
    Line,
    ask_same_person,
    filled,
    find_person,
    person_raw,
)
from workflow_app.spelling import one_line
from workflow_app.states.definitions.people import EnterRegister, NewPerson

_ANYONES = ("teacher", "expert")
_LOAD = "5"  # what the form of the register begins with


def check_people(line: Line, known: Known) -> object:
    """Check a person: the same name in the same place is the same person, whatever mailbox stands beside it."""
    raw = person_raw(line, known) | {"role": line.values.get("role") or "teacher"}
    if raw["role"] not in _ANYONES and not known.may_give_roles:
        line.wrong("role", N_("Эту роль даёт администратор."))
    line.sheet = filled(line, NewPerson, raw, known.lists, known, PERSON_CELLS)
    name, place = plain(line.cell("full_name")), raw["organization_id"]
    namesakes = known.named(line.cell("full_name"))
    same = [one for one in namesakes if not place or one.organization_id in (None, int(place))]
    owner = known.emails.get(raw["email"].lower())
    if same or (owner is not None and plain(owner.name) == name):
        line.leave(N_("Такой человек уже есть: пропускается."))
    elif namesakes and ask_same_person(line, known, namesakes[0]) not in ("", OTHER):
        line.leave(N_("Это тот же человек: пропускается."))
    return (name, place) if name else None


def check_experts(line: Line, known: Known) -> object:
    """Check an expert: the person, known or new, and the entry in the register."""
    raw = person_raw(line, known)
    find_person(line, known, raw)
    values = line.values
    entry = {
        "directions": [one for one in values.get("directions", "").split(";") if one],
        "category": values.get("category", ""), "education": values.get("education", ""),
        "training": training(values), "profile": values.get("profile", ""), "load_limit": values.get("load_limit") or _LOAD,
    }  # fmt: skip
    columns = {"training": "training_number"} | {f"directions.{n}": "directions" for n in range(20)}
    line.sheet = filled(line, EnterRegister, entry, known.lists, known, columns)
    name = plain(line.cell("full_name"))
    return (line.applicant.id if line.applicant else (name, raw["organization_id"])) if name else None


def training(values: Mapping[str, str]) -> str:
    """Return the document of training in one line: «№ У-0101 от 15.05.2025, 72 ч.», of what is given."""
    number, day, hours = (values.get(f"training_{part}", "") for part in ("number", "on", "hours"))
    parts = day.split("-")
    day = ".".join(reversed(parts)) if len(parts) == 3 else day  # noqa: PLR2004 - year, month, day
    said = number if not number or "№" in number else f"№ {number}"
    if day and number:
        said = f"{said} от {day}".strip()
    return one_line(", ".join(part for part in (said, f"{hours} ч." if hours and number else "") if part))
