"""Invented people, texts and marks, about nobody: what the samples of documents are made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from workflow_app.documents.content.snapshot import (
    CaseCard,
    CentreCard,
    CriterionRow,
    Examined,
    Expert,
    Reference,
    ReviewSheet,
    Signature,
)
from workflow_app.documents.russian.grammar import CASES, Organisation, PersonName, Position
from workflow_app.documents.russian.unconfirmed import unmarked

TEXT: Final = (
    "Образец текста: здесь будет то, что напишет эксперт. Материал изложен последовательно, выводы обоснованы."
)
VERDICT: Final = "Рекомендовать к использованию"
SHARE: Final = Decimal("80.0")
PHONE: Final = "8 (000) 000-00-00"
METHODIST: Final = Position("методист", "методиста", "методисту", "методиста", "методистом")
_TEACHER: Final = Position("учитель", "учителя", "учителю", "учителя", "учителем")
_CRITERIA: Final = ("Актуальность", "Соответствие стандарту", "Результативность", "Корректность заимствований")
_PERSON: Final = Examined(
    "профессиональная деятельность", "профессиональной деятельности", "профессиональную деятельность", personal=True
)
_MATERIAL: Final = Examined("методический материал", "методического материала", "методический материал")


def _named(last: str, first: str, middle: str) -> PersonName:
    """Return an invented name whose forms need nobody's confirmation."""
    name = PersonName(last, first, middle)
    return replace(name, overrides={case: unmarked(name.full(case)) for case in CASES})


CLERK: Final = _named("Примерова", "Вера", "Ильинична")
_APPLICANT: Final = _named("Образцова", "Анна", "Петровна")
_SCHOOL: Final = Organisation("МАОУ «Средняя школа № 1»", "МАОУ «Средняя школа № 1»")
_EXPERTS: Final = (
    _named("Первый", "Иван", "Сергеевич"), _named("Вторая", "Ольга", "Фёдоровна"), _named("Третья", "Нина", "Львовна"),
)  # fmt: skip


def case(today: date, *, attested: bool) -> CaseCard:
    """Return an invented case: of a methodical material, or of an attestation."""
    return CaseCard(
        number=f"АТ-{today.year}-000" if attested else f"ММ-{today.year}-000", attestation=attested,
        examined=_PERSON if attested else _MATERIAL,
        type_title="Аттестация: всесторонний анализ" if attested else "Методический материал", title="Сборник заданий: образец",
        applicant=_APPLICANT, position=_TEACHER, organisation=_SCHOOL, received_at=today, registered_at=today,
        target_category="first" if attested else "", attested_position=_TEACHER if attested else None, subject_area="математика",
        methods=("анализ документов", "экспертная оценка по критериям"), criteria_sheet="«Образец листа», версия 1",
    )  # fmt: skip


def hand(centre: CentreCard) -> Signature:
    """Return a place for the director's hand."""
    return Signature("paper", centre.director, centre.director_position)


def expert(at: int) -> Expert:
    """Return one of the invented experts."""
    return Expert(_EXPERTS[at % len(_EXPERTS)], METHODIST, _SCHOOL)


def experts(rows: int) -> tuple[Expert, ...]:
    """Return so many experts."""
    return tuple(map(expert, range(rows)))


def signed(one: Expert) -> Signature:
    """Return a place for an expert's hand."""
    return Signature("paper", one.person, one.position, one.organisation)


def criterion(at: int) -> str:
    """Return the title of a criterion."""
    return _CRITERIA[at % len(_CRITERIA)]


def reference(today: date) -> Reference:
    """Return a conclusion by date and number."""
    return Reference("000-ЗК", today)


def said() -> dict[str, Any]:
    """Return what an expert writes besides marks."""
    return dict.fromkeys(("strengths", "remarks", "conclusions", "recommendations"), TEXT)


def sheet(_centre: CentreCard, today: date, rows: int) -> ReviewSheet:
    """Return an expert's sheet of so many criteria."""
    marks = tuple(
        CriterionRow(at + 1, criterion(at), ("показатель назван",), 5, points=4, rationale=TEXT) for at in range(rows)
    )
    one = expert(0)
    return ReviewSheet(
        expert=one, rows=marks, verdict=VERDICT, favourable=True, signature=signed(one), signed_at=today, total=Decimal(4 * rows),
        maximum=Decimal(5 * rows), percent=SHARE, **said(),
    )  # fmt: skip
