"""The preview: each row of a table with what it would become, what is wrong in which cell, and what is there already."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from workflow_app.case_types.registry import CASE_TYPES, case_type
from workflow_app.errors import N_, Invalid, Sentence
from workflow_app.facts.directory import plain
from workflow_app.features.imports.known_records import Known, KnownPerson, find
from workflow_app.features.imports.table_kinds import Kind
from workflow_app.files.read_table import Row
from workflow_app.spelling import number_key
from workflow_app.states.definitions.case.forms import CHANNELS, NewCaseOnBehalf, Register
from workflow_app.states.definitions.people import GENDERS, ROLES, NewPerson
from workflow_app.states.forms import Choice, Sheet, asks, choices_of, doubts, fill

_ANYONES = ("teacher", "expert")
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?)+[^\W\d_]?|[^\W\d_]")
# Where the fields of a person's card stand in a table.
_CELLS = {
    "last_name": "full_name",
    "first_name": "full_name",
    "middle_name": "full_name",
    "organization_id": "organization",
}
_NOBODY = "0"  # stands for the applicant who is added by the same import
_GENDERS = (*GENDERS, Choice("f", N_("ж")), Choice("m", N_("м")), Choice("f", N_("жен")), Choice("m", N_("муж")))


@dataclass(slots=True)
class Line:
    """A row of the preview. ``sheet``: what it becomes, None while something is wrong; ``double``: it is left out.

    For a case ``applicant`` is a person known already or None, ``person`` the card of a new one, ``prefill`` what the
    forms of the draft and of its registration begin with.
    """

    number: int
    cells: Mapping[str, str]
    problems: dict[str, list[Sentence]] = field(default_factory=dict)
    notes: dict[str, list[Sentence]] = field(default_factory=dict)
    double: bool = False
    sheet: Sheet | None = None
    applicant: KnownPerson | None = None
    person: NewPerson | None = None
    prefill: dict[str, str] = field(default_factory=dict)
    registration: dict[str, str] = field(default_factory=dict)

    @property
    def is_ready(self) -> bool:
        """Whether the row will be entered."""
        return not self.problems and not self.double

    def wrong(self, key: str, *sentences: Sentence) -> None:
        """Note problems of a cell; ``key`` "" for the whole row."""
        if sentences:
            self.problems.setdefault(key, []).extend(sentences)

    def note(self, key: str, sentence: Sentence) -> None:
        """Note what will happen and bars nothing."""
        self.notes.setdefault(key, []).append(sentence)

    def cell(self, key: str) -> str:
        """Return what stands in a column; a missing column is empty."""
        return self.cells.get(key, "")


def check(kind: Kind, rows: Sequence[Row], columns: Mapping[str, int], known: Known) -> list[Line]:
    """Check every row alone and against the others; ``columns``: where each key stands in a row."""
    lines = [Line(row.number, {key: row.cells[place] for key, place in columns.items()}) for row in rows]
    known = replace(known, shared=_shared(lines))
    seen: dict[object, int] = {}
    for line in lines:
        if _is_example(kind, line):
            line.double = True
            line.note("", N_("Строка примера из шаблона: пропускается."))
            continue
        key = _CHECKS[kind.key](line, known)
        if key is not None and key in seen:
            line.double = True
            line.note("", N_("Повторяет строку %(n)s: пропускается.", n=seen[key]))
        elif key is not None:
            seen[key] = line.number
        if line.double:
            line.problems.clear()
            line.notes = {"": line.notes[""]}
    return lines


def _shared(lines: Sequence[Line]) -> frozenset[str]:
    """Return the addresses that stand beside different names: a school's mailbox, nobody's own."""
    names: dict[str, set[str]] = {}
    for line in lines:
        names.setdefault(line.cell("email").lower(), set()).add(plain(line.cell("full_name")))
    return frozenset(address for address, many in names.items() if address and len(many) > 1)


def _is_example(kind: Kind, line: Line) -> bool:
    shown = {key: text for key, text in kind.example.items() if key in line.cells and text}
    return bool(shown) and all(line.cells[key] == text or key == "received_at" for key, text in shown.items())


def _people(line: Line, known: Known) -> object:
    """Check a person: the same name in the same place is the same person, whatever mailbox stands beside it."""
    raw = _person_raw(line, known)
    for key, words, choices in (("gender", line.cell("gender"), _GENDERS), ("role", line.cell("role"), ROLES)):
        raw[key], problems = find(words.rstrip("."), choices)
        line.wrong(key, *problems)
    raw["role"] = raw["role"] or "teacher"
    if raw["role"] not in _ANYONES and not known.may_give_roles:
        line.wrong("role", N_("Эту роль даёт администратор."))
    line.sheet = _filled(
        line,
        NewPerson,
        raw,
        known,
        _CELLS,
    )
    name, place = plain(line.cell("full_name")), raw["organization_id"]
    namesakes = known.named(line.cell("full_name"))
    same = [one for one in namesakes if not place or one.organization_id in (None, int(place))]
    owner = known.emails.get(raw["email"].lower())
    if same or (owner is not None and plain(owner.name) == name):
        line.double = True
        line.note("", N_("Такой человек уже есть: пропускается."))
    elif namesakes:
        line.note("full_name", N_("Тёзка уже есть в другой организации."))
    return (name, place) if name else None


def _person_raw(line: Line, known: Known) -> dict[str, str]:
    last, first, *middle = [*line.cell("full_name").split(), "", ""]
    if not first:
        line.wrong("full_name", N_("Нужны фамилия, имя и отчество целиком."))
    elif any(_INITIALS.fullmatch(part) for part in (last, first, *middle)):
        line.wrong("full_name", N_("Стоят инициалы: напишите имя и отчество целиком."))
    place, problems = find(line.cell("organization"), known.places)
    line.wrong("organization", *problems)
    position, wrong = find(line.cell("position"), known.lists["positions"])
    line.wrong("position", *wrong)
    return {
        "last_name": last, "first_name": first, "middle_name": " ".join(part for part in middle if part),
        "email": _own_address(line, known),
        "organization_id": place, "position": position, "gender": "", "role": "teacher",
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


def _filled(
    line: Line,
    kind: type[Sheet],
    raw: Mapping[str, object],
    known: Known,
    columns: Mapping[str, str],
    **lists: Sequence[Choice],
) -> Sheet | None:
    """Fill the sheet; its problems go to the cells. A cell that is wrong already is not scolded twice."""
    try:
        sheet = fill(kind, raw, {**known.lists, **lists})
    except Invalid as error:
        for path, sentences in error.problems.items():
            key = columns.get(path, path)
            if key not in line.problems:
                line.wrong(key if key in line.cells else "", *sentences)
        return None
    _ask(line, sheet, known, columns)
    return sheet if not line.problems else None


def _ask(line: Line, sheet: Sheet, known: Known, columns: Mapping[str, str]) -> None:
    """Note what looks like a slip; whoever then presses «Записать» has confirmed it."""
    for path, sentences in doubts(sheet, date.fromisoformat(known.today)).items():
        key = columns.get(path, path)
        for said in sentences:
            line.note(key if key in line.cells else "", said)


def _cases(line: Line, known: Known) -> object:
    """Check a case: who applies, what, how it came; the form of the draft begins with the rest."""
    type_key, problems = find(line.cell("case_type"), tuple(Choice(one.key, one.title) for one in CASE_TYPES.values()))
    line.wrong("case_type", *problems)
    channel, wrong = find(line.cell("channel"), CHANNELS[1:])
    line.wrong("channel", *wrong)
    _find_applicant(line, known)
    _prefill(line, known, type_key)
    _register(line, known)
    raw = {"case_type": type_key, "title": line.cell("title"), "channel": channel, "applicant_id": _NOBODY}
    line.sheet = _filled(
        line, NewCaseOnBehalf, raw, known, {"applicant_id": "full_name"}, people=(Choice(_NOBODY, N_("заявитель")),)
    )
    who = line.applicant.id if line.applicant else 0
    outside = number_key(line.cell("outside_number"))
    if (who, type_key, plain(line.cell("title"))) in known.cases or outside in known.numbers:
        line.double = True
        line.note("", N_("Такое дело уже есть: пропускается."))
    return outside or (who or plain(line.cell("full_name")), type_key, plain(line.cell("title")))


def _find_applicant(line: Line, known: Known) -> None:
    """Find the applicant by address, else by full name; nobody: the import adds the person."""
    raw = _person_raw(line, known)
    if "full_name" in line.problems:
        return
    owner = known.emails.get(raw["email"].lower())
    same = known.named(line.cell("full_name"))
    if len(same) > 1 and raw["organization_id"]:
        same = [one for one in same if one.organization_id == int(raw["organization_id"])]
    if owner is not None or len(same) == 1:
        line.applicant = owner or same[0]
    elif same:
        line.wrong("full_name", N_("Таких людей несколько: укажите почту или организацию."))
    else:
        card = _filled(line, NewPerson, raw, known, _CELLS)
        line.person = card if isinstance(card, NewPerson) else None
        line.note("full_name", N_("Человек будет добавлен."))


def _prefill(line: Line, known: Known, type_key: str) -> None:
    """Put into the draft's form what the table says and the form asks."""
    place, _ = find(line.cell("organization"), known.places)
    position, _ = find(line.cell("position"), known.lists["positions"])
    line.prefill = {key: value for key, value in (("organization_id", place), ("position", position)) if value}
    words, fields = line.cell("target_category"), asks(case_type(type_key).form) if type_key else {}
    if position and "attested_position" in fields:
        line.prefill["attested_position"] = position
    if not words or not type_key:
        return
    if "target_category" not in fields:
        line.wrong("target_category", N_("Категория указывается только для аттестации."))
        return
    listed = choices_of(fields["target_category"], known.lists)
    category, problems = find(words, _categories(listed if isinstance(listed, Sequence) else ()))
    line.wrong("target_category", *problems)
    line.prefill["target_category"] = category


def _categories(choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """Return the categories with their short names: «первая» is written oftener than the whole."""
    short = tuple(Choice(one.value, N_(str(one.label).split()[0])) for one in choices)
    return (*short, *choices)


def _register(line: Line, known: Known) -> None:
    """Keep the date and number of the papers for the registration; both are checked as registration will."""
    received, number = line.cell("received_at"), line.cell("outside_number")
    if not received and not number:
        return
    found = _filled_alone(line, {"received_at": received or known.today, "outside_number": number})
    if found is None:
        return
    if found.received_at > date.fromisoformat(known.today):
        line.wrong("received_at", N_("Дата поступления ещё не наступила."))
    _ask(line, found, known, {})
    line.registration = {"outside_number": number} | (
        {"received_at": found.received_at.isoformat()} if received else {}
    )


def _filled_alone(line: Line, raw: Mapping[str, str]) -> Register | None:
    try:
        return fill(Register, raw)
    except Invalid as error:
        for key, sentences in error.problems.items():
            line.wrong(key, *sentences)
        return None


_CHECKS: Mapping[str, Callable[[Line, Known], object]] = {
    "people": _people,
    "cases": _cases,
}
