"""Rows of cases: who applies, what the form would hold, what bars its submission, which cases may be the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from workflow_app import data
from workflow_app.case_types.declaration import CaseType
from workflow_app.case_types.form_check import Beside, Obstacle, obstacles
from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.errors import N_, Sentence
from workflow_app.facts.directory import plain
from workflow_app.features.imports.known_records import Known, KnownCase
from workflow_app.features.imports.lines import OTHER, Line, Twin, filled, find_person, person_raw
from workflow_app.features.imports.table_kinds import CASES, Column
from workflow_app.spelling import number_key
from workflow_app.states.definitions.case.forms import NewCaseOfSchool, NewCaseOnBehalf, Register
from workflow_app.states.forms import Choice, asks, is_unfilled

_NOBODY = "0"  # stands for the applicant who is added by the same import
_CELLS = {"organization_id": "organization", "attested_position": "position", "applicant_id": "full_name"}
_TITLE_MOST = 300
_PLACE = Column("organization", (), of_list="organizations")
_NOT_OURS = N_("Среди педагогов вашей организации такого человека нет. Добавьте карточку: «Новый педагог».")
_NAMESAKES = N_("Таких людей в организации несколько: внесите это дело отдельно.")


def check_cases(line: Line, known: Known) -> object:
    """Check a case: who applies, what, how it came, what its form holds, whether it can be registered."""
    find_person(line, known, person_raw(line, known))
    _register(line, known)
    return _case(line, known, NewCaseOnBehalf)


def check_school_cases(line: Line, known: Known) -> object:
    """Check a case that a school enters for its own teacher: the same, but nobody of another school, and nothing to register."""
    place = line.cell("organization")
    if place and known.find(place, _PLACE)[0] != str(known.school):
        line.wrong("organization", N_("Это не ваша организация: о её педагогах подаёт она сама или центр."))
    line.values["organization"] = str(known.school)
    same = known.named(line.cell("full_name"))
    person_raw(line, known)  # tells of initials
    if len(same) == 1:
        line.applicant = same[0]
    elif "full_name" not in line.problems:
        line.wrong("full_name", _NAMESAKES if same else _NOT_OURS)
    return _case(line, known, NewCaseOfSchool)


def _case(line: Line, known: Known, opens: type[NewCaseOnBehalf | NewCaseOfSchool]) -> object:
    kind = CASE_TYPES.get(line.values.get("case_type", ""))
    if not line.cell("case_type"):
        line.wrong("case_type", N_("Обязательное поле: заполните его."))
    title = line.cell("title") or (_title(line) if kind is None or kind.shape.attestation else "")
    raw = {
        "case_type": kind.key if kind else "",
        "title": title,
        "channel": line.values.get("channel", ""),
        "applicant_id": _NOBODY,
    }
    nobody = (Choice(_NOBODY, N_("заявитель")),)
    lists = {**known.lists, "people": nobody, "school_people": nobody}
    line.sheet = filled(line, opens, raw, lists, known, _CELLS)
    if kind is not None:
        line.form = _form(line, kind, title)
        if not line.double:
            _complete(line, known, kind)
    who, outside = line.applicant.id if line.applicant else 0, number_key(line.cell("outside_number"))
    if kind is not None:
        _twins(line, known, kind, title)
    key = kind.key if kind else ""
    return outside or (who or plain(line.cell("full_name")), key, plain(title))


def _title(line: Line) -> str:
    """Return the title of an application that has none in the table: what is asked for, in the words of the application."""
    titles = {one["key"]: str(one["genitive"]) for one in data.load("categories")["categories"]}
    positions = {one["key"]: str(one["nominative"]) for one in data.load("positions")["positions"]}
    category, position = (
        titles.get(line.values.get("target_category", "")),
        positions.get(line.values.get("position", "")),
    )
    said = f"Установление {category}" if category else "Установление категории"
    return f"{said} по должности «{position}»" if position else said


def _form(line: Line, kind: CaseType, title: str) -> dict[str, Any]:
    """Return what the case form holds by the table; a paper that is signed vouches for what the table does not repeat (0a.2)."""
    fields, values = asks(kind.form), line.values
    form: dict[str, Any] = {key: value for key, value in values.items() if key in fields and value}
    form |= {"title": title[:_TITLE_MOST]} if title else {}
    position = values.get("position", "")
    if place := values.get("organization", "") or str((line.applicant and line.applicant.organization_id) or ""):
        form["organization_id"] = place
    if position := position or (line.applicant.position if line.applicant else ""):
        form |= {"position": position} | ({"attested_position": position} if "attested_position" in fields else {})
    if values.get("signed") == "yes":
        form["declaration_authorship"] = True
        if "in_application" in fields:
            form["in_application"] = True
    return form


def _complete(line: Line, known: Known, kind: CaseType) -> None:
    """Tell what is wrong with the form at its cells; what is only missing leaves the case a draft."""
    fields = asks(kind.form)
    if line.cell("target_category") and "target_category" not in fields and "target_category" not in line.lent:
        line.wrong("target_category", N_("Категория указывается только для аттестации."))
    kinds = frozenset(str(one["kind"]) for one in line.files)
    agreed = "consent_scan" in kinds or (line.applicant is not None and line.applicant.id in known.agreed)
    beside = Beside(kinds, agreed, date.fromisoformat(known.today))
    lists = {**known.lists, "report_sections": ()}
    for one in obstacles(kind, kind.form, line.form, lists, beside):
        key = _CELLS.get(one.field, one.field)
        if key in line.problems:
            continue
        if line.cell(key) and CASES.column(key) is not None and not is_unfilled(one.text):
            line.wrong(key, one.text)
        else:
            line.lacks.append(lack(kind, one))
    line.lacks = list(dict.fromkeys(line.lacks))


def lack(kind: CaseType, one: Obstacle) -> Sentence:
    """Return in a few words what is missing: a field that is only empty by its name."""
    how = asks(kind.form).get(one.field)
    if one.field == "declaration_authorship":
        return N_("отметка, что заявление подписано")
    return how.label if how is not None and is_unfilled(one.text) else one.text


def _register(line: Line, known: Known) -> None:
    """Keep the date and number of the papers for the registration; both are checked as registration will."""
    received, number = line.values.get("received_at", ""), line.cell("outside_number")
    if not received:
        line.wrong("received_at", N_("Нужна дата, когда заявление поступило."))
        received = known.today
    found = filled(line, Register, {"received_at": received, "outside_number": number}, {}, known, {})
    if isinstance(found, Register) and found.received_at > date.fromisoformat(known.today):
        line.wrong("received_at", N_("Дата поступления ещё не наступила."))
    line.registration = {"received_at": received, "outside_number": number}


def _twins(line: Line, known: Known, kind: CaseType, title: str) -> None:
    """Leave out what is there already; put what is likely the same beside the row: of one person and kind, open or of one day."""
    there = known.numbers.get(number_key(line.cell("outside_number"))) if line.cell("outside_number") else None
    mine = known.cases_of(line.applicant.id, kind.key) if line.applicant else []
    open_twins = [one for one in mine if one.is_open and plain(one.title) == plain(title)]
    if exact := [one for one in (there, *open_twins) if one is not None]:
        if line.choice.get("case") == OTHER and there is None:
            return
        line.twins.append(_beside(line, exact[0], kind, title, "same"))
        line.leave(N_("Такое дело уже есть: пропускается."))
        return
    received = line.values.get("received_at", "")
    likely = [one for one in mine if one.is_open or (one.received_at and one.received_at.isoformat() == received)]
    if not likely:
        return
    said = str(line.choice.get("case", ""))
    line.twins.append(_beside(line, likely[-1], kind, title, said))
    if said not in ("", OTHER):
        line.leave(N_("Это то же дело: пропускается."))


def _beside(line: Line, there: KnownCase, kind: CaseType, title: str, said: str) -> Twin:
    state = kind.workflow.states[there.state].title
    pairs: Sequence[tuple[Sentence, str, str]] = (
        (N_("Дело"), title, f"{there.number} {there.title}".strip()),
        (N_("Состояние"), "", str(state)),
        (N_("Поступило"), _day(line.values.get("received_at", "")), f"{there.received_at:%d.%m.%Y}" if there.received_at else ""),
        (N_("Внешний номер"), line.cell("outside_number"), there.outside_number),
    )  # fmt: skip
    return Twin("case", there.id, tuple(pairs), said)


def _day(text: str) -> str:
    try:
        return f"{date.fromisoformat(text):%d.%m.%Y}"
    except ValueError:
        return text
