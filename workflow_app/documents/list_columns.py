"""What stands in the lists of a month: a case as a row, and the columns that each list shows of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from workflow_app.documents.blocks import Align, Table, Text, text
from workflow_app.documents.findings import Expert
from workflow_app.documents.grammar import Organisation, PersonName, Position, short_day
from workflow_app.documents.wording import glued


@dataclass(frozen=True, slots=True)
class ListRow:
    """One case in a list; a list shows the parts that it needs, empty where a case has none.

    ``lead`` heads the group and is one of ``experts``; ``category`` in one word; ``form`` how it is examined.
    """

    case_number: str
    applicant: PersonName
    position: Position
    organisation: Organisation
    title: str = ""
    attestation: bool = False
    conclusion_number: str = ""
    conclusion_date: date | None = None
    verdict: str = ""
    category: str = ""
    form: str = ""
    begins: date | None = None
    ends: date | None = None
    experts: tuple[Expert, ...] = ()
    lead: Expert | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list: its heading, its width in mm, what stands in it; the number of the row is given too."""

    title: str
    width: int
    words: Callable[[int, ListRow], str]
    align: Align = "left"


def _day(value: date | None) -> str:
    return short_day(value) if value else ""


def _terms(row: ListRow) -> str:
    return f"{_day(row.begins)} –\n{_day(row.ends)}" if row.begins and row.ends else _day(row.begins or row.ends)


def _group(row: ListRow) -> str:
    """Who examines, a line each: position and organisation behind the name."""
    return "\n".join(
        f"{one.person.full()}, {one.position.n}, {glued(one.organisation.n)}{' – руководитель группы' if one == row.lead else ''}"
        for one in row.experts
    )


def _short_group(row: ListRow) -> str:
    return "\n".join(one.person.short(surname_first=True) for one in row.experts)


def _whole(number: str) -> str:
    """A number that no line divides at its hyphens."""
    return number.replace("-", "\N{NON-BREAKING HYPHEN}")


_AT: Final = Column("№", 8, lambda at, _row: str(at), "center")
_WHO: Final = Column(
    "Педагог, должность, организация",
    58,
    lambda _at, row: f"{row.applicant.full()}, {row.position.n}, {glued(row.organisation.n)}",
)
_POSITION: Final = Column("Должность", 26, lambda _at, row: row.position.n)
_SCHOOL: Final = Column("Организация", 29, lambda _at, row: glued(row.organisation.n))
_CASE: Final = Column("Дело", 26, lambda _at, row: _whole(row.case_number))
_CONCLUSION: Final = Column("Номер", 17, lambda _at, row: _whole(row.conclusion_number))

ORDER: Final = (
    _AT,
    Column("Фамилия, имя, отчество", 31, lambda _at, row: row.applicant.full()),
    _POSITION,
    _SCHOOL,
    _CASE,
    _CONCLUSION,
    Column("Вывод", 33, lambda _at, row: row.verdict),
)
GROUPS: Final = (_AT, _WHO, _CASE, Column("Эксперты (специалисты)", 78, lambda _at, row: _group(row)))
SCHEDULE: Final = (
    _AT,
    replace(_WHO, width=48),
    Column("Категория", 26, lambda _at, row: row.category or "–"),
    Column("Форма", 31, lambda _at, row: row.form),
    Column("Сроки", 24, lambda _at, row: _terms(row)),
    Column("Эксперты", 33, lambda _at, row: _short_group(row)),
)
HANDOVER: Final = (
    _AT,
    _CONCLUSION,
    Column("Дата", 23, lambda _at, row: _day(row.conclusion_date)),
    Column("Педагог", 30, lambda _at, row: row.applicant.full()),
    _POSITION,
    _SCHOOL,
    Column("Листов", 17, lambda _at, _row: "", "center"),
    Column("Подпись", 20, lambda _at, _row: ""),
)


def table(caption: str, columns: Sequence[Column], rows: Sequence[ListRow]) -> Table:
    """A list as a table; ``columns`` are one of those above, together 170 mm wide."""
    lines: tuple[tuple[Text, ...], ...] = tuple(
        tuple(text(one.words(at, row)) for one in columns) for at, row in enumerate(rows, start=1)
    )
    return Table(
        caption,
        tuple(one.title for one in columns),
        lines,
        tuple(one.width for one in columns),
        tuple(one.align for one in columns),
    )
