"""What stands in the lists of a month: a case as a row, and the columns that each list shows of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from workflow_app.documents.content.assessment_cards import Expert
from workflow_app.documents.docx.blocks import Align, Table, Text, text
from workflow_app.documents.kinds.wording import glued
from workflow_app.documents.russian.grammar import Organisation, PersonName, Position, quoted, short_day
from workflow_app.documents.russian.hyphens import fitted

PADDING: Final = 4  # mm: the space at both sides of a cell


@dataclass(frozen=True, slots=True)
class ListRow:
    """One case in a list; a list shows the parts that it needs, empty where a case has none.

    ``lead`` heads the group and is one of ``experts``; ``category`` in one word; ``form`` how it is examined;
    ``applicant_id`` tells people of one name apart.
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
    applicant_id: int = 0


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


def _group(row: ListRow, head: str = "руководитель группы") -> str:
    """Who examines, a line each: position and organisation behind the name; ``head``: what the lead is called."""
    return "\n".join(
        f"{one.person.full()}, {one.position.n}, {glued(one.organisation.n)}{f' – {head}' if one == row.lead else ''}"
        for one in row.experts
    )


def _short_group(row: ListRow) -> str:
    return "\n".join(one.person.short(surname_first=True) for one in row.experts)


def whole(number: str) -> str:
    """A number that no line divides at its hyphens."""
    return number.replace("-", "\N{NON-BREAKING HYPHEN}")


_AT: Final = Column("№", 8, lambda at, _row: str(at), "center")
_WHO: Final = Column(
    "Педагог, должность, организация",
    57,
    lambda _at, row: f"{row.applicant.full()}, {row.position.n}, {glued(row.organisation.n)}",
)
_CASE: Final = Column("Дело", 29, lambda _at, row: whole(row.case_number))

_CATEGORY: Final = Column("Категория", 28, lambda _at, row: row.category)
_TITLE: Final = Column("Название работы", 42, lambda _at, row: quoted(glued(row.title)))
_AUTHOR: Final = replace(_WHO, title="Автор, должность, организация", width=48)
_VERDICT: Final = Column("Вывод", 43, lambda _at, row: row.verdict)
# The annexes of the orders of a month: of an attestation, and of works that are examined.
COMMISSIONS: Final = (
    _AT, _CASE, replace(_WHO, width=50), _CATEGORY, Column("Состав комиссии", 55, lambda _at, row: _group(row, "ведущий специалист")),
)  # fmt: skip
GROUPS_OF_WORKS: Final = (
    _AT, _CASE, _AUTHOR, replace(_TITLE, width=36), Column("Состав экспертной группы", 49, lambda _at, row: _group(row)),
)  # fmt: skip
ATTESTED: Final = (_AT, _CASE, replace(_WHO, width=62), _CATEGORY, _VERDICT)
APPROVED: Final = (_AT, _CASE, _AUTHOR, _TITLE, _VERDICT)
GROUPS: Final = (_AT, _WHO, _CASE, Column("Эксперты (специалисты)", 76, lambda _at, row: _group(row)))
SCHEDULE: Final = (
    _AT,
    _WHO,
    Column("Форма, категория", 33, lambda _at, row: ", ".join(filter(None, (row.form, row.category)))),
    Column("Сроки", 27, lambda _at, row: _terms(row)),
    Column("Эксперты", 45, lambda _at, row: _short_group(row)),
)
HANDOVER: Final = (
    _AT,
    Column("Номер", 20, lambda _at, row: whole(row.conclusion_number)),
    Column("Дата", 26, lambda _at, row: _day(row.conclusion_date)),
    replace(_WHO, width=71),
    Column("Листов", 21, lambda _at, _row: "", "center"),
    Column("Подпись", 24, lambda _at, _row: ""),
)


def table(caption: str, columns: Sequence[Column], rows: Sequence[ListRow]) -> Table:
    """A list as a table; ``columns`` are one of those above, together 170 mm wide.

    Words stay whole; one that is longer than its column is divided by the rules, so that nothing else divides it.
    """
    lines: tuple[tuple[Text, ...], ...] = tuple(
        tuple(text(fitted(one.words(at, row), one.width - PADDING)) for one in columns)
        for at, row in enumerate(rows, start=1)
    )
    return Table(
        caption,
        tuple(one.title for one in columns),
        lines,
        tuple(one.width for one in columns),
        tuple(one.align for one in columns),
    )
