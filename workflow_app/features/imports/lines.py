"""A row on its way: what stands in its cells, what they mean, what is wrong, what may be there already."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from workflow_app.errors import N_, Invalid, Sentence
from workflow_app.facts.directory import plain
from workflow_app.features.imports.known_records import Known, KnownPerson
from workflow_app.features.imports.table_kinds import Column, Kind
from workflow_app.states.definitions.people import NewPerson
from workflow_app.states.forms import Choice, Sheet, doubts, fill

SAME, OTHER = "same", "other"
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?)+[^\W\d_]?|[^\W\d_]")
PERSON_CELLS = {
    "last_name": "full_name",
    "first_name": "full_name",
    "middle_name": "full_name",
    "organization_id": "organization",
}
"""Where the fields of a person's card stand in a table."""


@dataclass(frozen=True, slots=True)
class Twin:
    """What may be the same as the row: ``of`` person or case, its id, what stands here and there, what was said of it."""

    of: str
    id: int
    pairs: tuple[tuple[Sentence, str, str], ...]
    said: str


@dataclass(slots=True)
class Line:
    """A row as it is checked. ``cells``: what counts in each column; ``values``: what the cells mean, by column.

    ``sheet``: what it becomes, None while something is wrong; ``double``: it is left out; ``twins``: the likely doubles,
    asked about until something is said of each; ``lacks``: why a case stays a draft. ``applicant`` is a person known
    already or None, ``person`` the card of a new one, ``form`` what the case form holds, ``registration`` its registration;
    ``waits``: the columns of which no row has a value yet and one value for the whole table is enough.
    """

    id: int
    number: int
    cells: Mapping[str, str]
    lent: frozenset[str] = frozenset()  # the cells that have their value from the whole table
    files: Sequence[Mapping[str, Any]] = ()
    choice: Mapping[str, Any] = field(default_factory=dict)
    problems: dict[str, list[Sentence]] = field(default_factory=dict)
    notes: dict[str, list[Sentence]] = field(default_factory=dict)
    unknown: dict[str, list[str]] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    twins: list[Twin] = field(default_factory=list)
    lacks: list[Sentence] = field(default_factory=list)
    double: bool = False
    sheet: Sheet | None = None
    applicant: KnownPerson | None = None
    person: NewPerson | None = None
    form: dict[str, Any] = field(default_factory=dict)
    registration: dict[str, str] = field(default_factory=dict)
    waits: frozenset[str] = frozenset()

    @property
    def asked(self) -> list[Twin]:
        """The likely doubles of which nothing was said yet."""
        return [] if self.double else [one for one in self.twins if not one.said]

    @property
    def outcome(self) -> str:
        """What will become of it: wrong, wait (for a value of the whole table), skip, ask (a likely double), draft, ready."""
        if self.problems:
            return "wait" if self.problems.keys() <= self.waits else "wrong"
        if self.double:
            return "skip"
        if self.asked:
            return "ask"
        return "draft" if self.lacks else "ready"

    @property
    def is_ready(self) -> bool:
        """Whether the row will be recorded."""
        return self.outcome in ("ready", "draft")

    def wrong(self, key: str, *sentences: Sentence) -> None:
        """Note problems of a cell; ``key`` "" for the whole row."""
        if sentences:
            self.problems.setdefault(key, []).extend(sentences)

    def note(self, key: str, sentence: Sentence) -> None:
        """Note what will happen and bars nothing."""
        self.notes.setdefault(key, []).append(sentence)

    def leave(self, why: Sentence) -> None:
        """Leave the row out."""
        self.double = True
        self.note("", why)

    def cell(self, key: str) -> str:
        """Return what stands in a column; a missing column is empty."""
        return self.cells.get(key, "")


def read_cells(kind: Kind, line: Line, known: Known) -> None:
    """Read every cell as its column says: words of lists become values, dates and numbers are understood; unknown words are noted."""
    for column in kind.columns:
        text = line.cell(column.key)
        if not text:
            continue
        if not (column.of_list or column.choices):
            line.values[column.key] = column.parse(text)
        elif column.many:
            found = [_word(line, column, one.strip(), known) for one in re.split(r"[;\n]", text) if one.strip()]
            line.values[column.key] = ";".join(one for one in found if one)
        else:
            line.values[column.key] = _word(line, column, text, known)


def _word(line: Line, column: Column, text: str, known: Known) -> str:
    value, problems = known.find(text if column.key != "gender" else text.rstrip("."), column)
    if problems:
        line.unknown.setdefault(column.key, []).append(text)
        line.wrong(column.key, *problems)
    return value


def person_raw(line: Line, known: Known) -> dict[str, str]:
    """Return what the card of the row's person holds; what is wrong with the name goes to its cell."""
    last, first, *middle = [*line.cell("full_name").split(), "", ""]
    if not first:
        line.wrong("full_name", N_("Нужны фамилия, имя и отчество целиком."))
    elif any(_INITIALS.fullmatch(part) for part in (last, first, *middle)):
        line.wrong("full_name", N_("Стоят инициалы: напишите имя и отчество целиком."))
    return {
        "last_name": last, "first_name": first, "middle_name": " ".join(part for part in middle if part),
        "email": _own_address(line, known), "organization_id": line.values.get("organization", ""),
        "position": line.values.get("position", ""), "gender": line.values.get("gender", ""), "role": "teacher",
    }  # fmt: skip


def _own_address(line: Line, known: Known) -> str:
    """Return the address for the card. One that several people share opens nobody's account: it stays out of the card."""
    address = line.cell("email")
    owner = known.emails.get(address.lower())
    others = owner is not None and plain(owner.name) != plain(line.cell("full_name"))
    if address.lower() not in known.shared and not others:
        return address
    line.note("email", N_("Общий адрес, он есть и у другого человека: карточка будет без адреса."))
    return ""


def find_person(line: Line, known: Known, raw: Mapping[str, str]) -> None:
    """Find the row's person by address, else by full name; nobody: the import adds one. A namesake elsewhere is asked about."""
    if "full_name" in line.problems:
        return
    owner, namesakes = known.emails.get(raw["email"].lower()), known.named(line.cell("full_name"))
    place = raw["organization_id"]
    same = [one for one in namesakes if not place or one.organization_id in (None, int(place))]
    if owner is not None or len(same) == 1:
        line.applicant = owner or same[0]
    elif same or len(namesakes) > 1:
        line.wrong("full_name", N_("Таких людей несколько: укажите почту или организацию."))
    elif namesakes and (said := ask_same_person(line, known, namesakes[0])) != OTHER:
        line.applicant = namesakes[0] if said == SAME else None
    else:
        card = filled(line, NewPerson, raw, known.lists, known, PERSON_CELLS)
        line.person = card if isinstance(card, NewPerson) else None
        line.note("full_name", N_("Человек будет добавлен."))


def ask_same_person(line: Line, known: Known, there: KnownPerson) -> str:
    """Put a namesake of another organisation beside the row; return what was said of them."""
    places = {one.value: str(one.label) for one in known.places}
    said = str(line.choice.get("person", ""))
    pairs = (
        (N_("Человек"), line.cell("full_name"), there.name),
        (N_("Организация"), line.cell("organization"), places.get(str(there.organization_id), "")),
        (N_("Почта"), line.cell("email"), there.email),
    )
    line.twins.append(Twin("person", there.id, pairs, said))
    return said


def filled(
    line: Line,
    kind: type[Sheet],
    raw: Mapping[str, object],
    lists: Mapping[str, Sequence[Choice]],
    known: Known,
    columns: Mapping[str, str],
) -> Sheet | None:
    """Fill a sheet; its problems go to the cells. A cell that is wrong already is not scolded twice."""
    try:
        sheet = fill(kind, raw, lists)
    except Invalid as error:
        for path, sentences in error.problems.items():
            key = columns.get(path, path)
            if key not in line.problems:
                line.wrong(key, *sentences)
        return None
    for path, sentences in doubts(sheet, date.fromisoformat(known.today)).items():
        for said in sentences:
            line.note(columns.get(path, path), said)
    return sheet if not line.problems else None
