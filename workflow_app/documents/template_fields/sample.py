"""Invented material of every kind of document, about nobody: what templates are tried on before anything is issued."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from workflow_app.documents.content.snapshot import (
    AgendaItem,
    AppealCard,
    AppealNoticeCard,
    ByDirector,
    CaseCard,
    CentreCard,
    ComparedRow,
    CompletionCard,
    Consolidated,
    CriterionRow,
    Enclosure,
    Examined,
    Expert,
    Issue,
    IssuedRow,
    LetterCard,
    Material,
    NoticeCard,
    OrderCard,
    ProtocolCard,
    Reference,
    RefusalCard,
    ReviewSheet,
    Signature,
    Sitting,
    Votes,
)
from workflow_app.documents.russian.grammar import CASES, Organisation, PersonName, Position
from workflow_app.documents.russian.unconfirmed import unmarked

ROWS: Final = 4  # rows of a list in an ordinary sample
MANY: Final = 40  # in the large one, on which a template proves that it ends in time

CHECKED_AT: Final = "https://example.org/check"

OF_PERSON: Final = Examined(
    "профессиональная деятельность", "профессиональной деятельности", "профессиональную деятельность", personal=True
)
OF_MATERIAL: Final = Examined("методический материал", "методического материала", "методический материал")
_TEACHER: Final = Position("учитель", "учителя", "учителю", "учителя", "учителем")
_METHODIST: Final = Position("методист", "методиста", "методисту", "методиста", "методистом")


def _named(last: str, first: str, middle: str) -> PersonName:
    """Return an invented name whose forms need nobody's confirmation."""
    name = PersonName(last, first, middle)
    return replace(name, overrides={case: unmarked(name.full(case)) for case in CASES})


_APPLICANT: Final = _named("Образцова", "Анна", "Петровна")
_CLERK: Final = _named("Примерова", "Вера", "Ильинична")
_SCHOOL: Final = Organisation("МАОУ «Средняя школа № 1»", "МАОУ «Средняя школа № 1»")
_EXPERTS: Final = (
    _named("Первый", "Иван", "Сергеевич"), _named("Вторая", "Ольга", "Фёдоровна"), _named("Третья", "Нина", "Львовна"),
)  # fmt: skip
_TEXT: Final = (
    "Образец текста: здесь будет то, что напишет эксперт. Материал изложен последовательно, выводы обоснованы."
)
_VERDICT: Final = "Рекомендовать к использованию"
_SHARE: Final = Decimal("80.0")
_CRITERIA: Final = ("Актуальность", "Соответствие стандарту", "Результативность", "Корректность заимствований")
_ATTESTED: Final = frozenset({"covering_letter", "term_notice"})


def sample(key: str, centre: CentreCard, today: date, *, rows: int = ROWS) -> Material:
    """Return a material of which a document of kind ``key`` can be made; ``rows`` is how long its lists are."""
    part, card = _PARTS[key]
    case = _case(today, attested=key in _ATTESTED)
    found: dict[str, Any] = {part: card(centre, today, rows)}
    if key == "consolidated_conclusion":
        found["approval"] = ByDirector(_hand(centre), today)
    issue = Issue("000", today, check_address=CHECKED_AT, digest="0" * 64)
    return Material(centre, case, issue, **found)


def _case(today: date, *, attested: bool) -> CaseCard:
    year = today.year
    return CaseCard(
        number=f"АТ-{year}-000" if attested else f"ММ-{year}-000", attestation=attested, examined=OF_PERSON if attested else OF_MATERIAL,
        type_title="Аттестация: всесторонний анализ" if attested else "Методический материал", title="Сборник заданий: образец",
        applicant=_APPLICANT, position=_TEACHER, organisation=_SCHOOL, received_at=today, registered_at=today,
        target_category="first" if attested else "", attested_position=_TEACHER if attested else None, subject_area="математика",
        methods=("анализ документов", "экспертная оценка по критериям"), criteria_sheet="«Образец листа», версия 1",
    )  # fmt: skip


def _hand(centre: CentreCard) -> Signature:
    return Signature("paper", centre.director, centre.director_position)


def _expert(at: int) -> Expert:
    return Expert(_EXPERTS[at % len(_EXPERTS)], _METHODIST, _SCHOOL)


def _experts(rows: int) -> tuple[Expert, ...]:
    return tuple(map(_expert, range(rows)))


def _of(expert: Expert) -> Signature:
    return Signature("paper", expert.person, expert.position, expert.organisation)


def _title(at: int) -> str:
    return _CRITERIA[at % len(_CRITERIA)]


def _said() -> dict[str, Any]:
    return dict.fromkeys(("strengths", "remarks", "conclusions", "recommendations"), _TEXT)


def _sheet(_centre: CentreCard, today: date, rows: int) -> ReviewSheet:
    expert = _expert(0)
    marks = tuple(
        CriterionRow(at + 1, _title(at), ("показатель назван",), 5, points=4, rationale=_TEXT) for at in range(rows)
    )
    return ReviewSheet(
        expert=expert,
        rows=marks,
        verdict=_VERDICT,
        favourable=True,
        signature=_of(expert),
        signed_at=today,
        total=Decimal(4 * rows),
        maximum=Decimal(5 * rows),
        percent=_SHARE,
        **_said(),
    )


def _consolidated(_centre: CentreCard, _today: date, rows: int) -> Consolidated:
    experts = _experts(min(rows, len(_EXPERTS)))
    marks = tuple(4 for _ in experts)
    compared = tuple(ComparedRow(at + 1, _title(at), 5, marks, Decimal(4)) for at in range(rows))
    return Consolidated(
        experts=experts,
        rows=compared,
        verdict=_VERDICT,
        favourable=True,
        signatures=tuple(map(_of, experts)),
        percents=(_SHARE,) * len(experts),
        percent=_SHARE,
        verdict_by_rule=_VERDICT,
        **_said(),
    )


def _reference(today: date) -> Reference:
    return Reference("000-ЗК", today)


def _order(centre: CentreCard, today: date, rows: int) -> OrderCard:
    return OrderCard(
        _reference(today), _CLERK, _METHODIST, _hand(centre), by=today + timedelta(days=10),
        acquainted=tuple((_expert(at).person, _METHODIST) for at in range(rows)),
    )  # fmt: skip


def _letter(centre: CentreCard, today: date, rows: int) -> LetterCard:
    enclosures = tuple(Enclosure(f"Приложение {at + 1}", 3) for at in range(rows))
    return LetterCard(_reference(today), enclosures, _hand(centre), _CLERK, "8 (000) 000-00-00")


def _notice(centre: CentreCard, today: date, _rows: int) -> NoticeCard:
    return NoticeCard(
        today, today + timedelta(days=60), "всесторонний анализ результатов профессиональной деятельности", centre.short,
        today + timedelta(days=10), _hand(centre), today + timedelta(days=70), _CLERK, "8 (000) 000-00-00",
    )  # fmt: skip


def _refusal(centre: CentreCard, today: date, _rows: int) -> RefusalCard:
    return RefusalCard(
        "такое же заявление уже рассматривается", _TEXT, today + timedelta(days=30), _hand(centre), _CLERK
    )


def _appeal(_centre: CentreCard, today: date, rows: int) -> AppealCard:
    panel = _experts(rows)
    return AppealCard(
        lodged_at=today,
        against=_reference(today),
        arguments=_TEXT,
        reasons=_TEXT,
        granted=True,
        panel=panel,
        signatures=tuple(map(_of, panel)),
        votes=Votes(rows, 0),
        decided_on=today,
        sitting=Sitting(today, "14:00", "кабинет 1"),
    )


def _appeal_notice(centre: CentreCard, today: date, _rows: int) -> AppealNoticeCard:
    return AppealNoticeCard(today, _reference(today), 3, today + timedelta(days=30), _hand(centre), _CLERK)


def _completion(centre: CentreCard, today: date, rows: int) -> CompletionCard:
    issued = tuple(IssuedRow("Экспертное заключение", "000-ЗК", today, "Действует") for _ in range(rows))
    return CompletionCard(today, "экспертиза проведена", 3, 3, _hand(centre), _hand(centre), _VERDICT, issued)


def _protocol(_centre: CentreCard, today: date, rows: int) -> ProtocolCard:
    chair, secretary = _expert(0), _expert(1)
    agenda = tuple(
        AgendaItem("О рассмотрении материала", (_TEXT,), chair, _TEXT, votes=Votes(3, 0)) for _ in range(rows)
    )
    return ProtocolCard(
        "заседания экспертной группы",
        chair,
        agenda,
        (_of(chair), _of(secretary)),
        secretary,
        _experts(rows),
        (),
        held_on=today,
    )


# By kind: the part of the material that it is made from, and who invents it.
_PARTS: Final = {
    "expert_sheet": ("sheet", _sheet), "expert_conclusion": ("sheet", _sheet), "consolidated_conclusion": ("consolidated", _consolidated),
    "order": ("order", _order), "covering_letter": ("letter", _letter), "term_notice": ("notice", _notice),
    "refusal_notice": ("refusal", _refusal), "appeal_decision": ("appeal", _appeal), "appeal_notice": ("appeal_notice", _appeal_notice),
    "completion_act": ("completion", _completion), "protocol": ("protocol", _protocol),
    "appeal_protocol": ("protocol", _protocol),
}  # fmt: skip
