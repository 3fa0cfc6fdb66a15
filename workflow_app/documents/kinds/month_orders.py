"""Orders of a month whose annex is cases: on the commissions before the review, on the conclusions after it (ADR 35).

The conclusion of an attestation's specialists is never approved itself (domain.md 0a.5): the order approves the list of those that
go to the commission.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from workflow_app.documents.content.assessment_cards import Expert, Signature
from workflow_app.documents.content.snapshot import CentreCard, RecordMaterial, needed
from workflow_app.documents.content.told import Say, told
from workflow_app.documents.docx.blocks import (
    Block,
    Document,
    Items,
    Paragraph,
    SignatureLine,
    Table,
    bold,
    text,
)
from workflow_app.documents.kinds import invented, shared_parts
from workflow_app.documents.kinds.kind import Kind
from workflow_app.documents.kinds.wording import sentence
from workflow_app.documents.lists.columns import APPROVED, ATTESTED, COMMISSIONS, GROUPS_OF_WORKS, ListRow, table
from workflow_app.documents.russian.grammar import (
    PersonName,
    Position,
    capitalised,
    counted,
)
from workflow_app.errors import N_

CHAIR: Final = Position(
    "председатель рабочей группы", "председателя рабочей группы", "председателю рабочей группы", "председателя рабочей группы",
    "председателем рабочей группы",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AnnexLine:
    """A case of the annex as a centre's own template takes it."""

    number: str = told(Say(N_("номер дела"), "case_no"))
    applicant: str = told(N_("педагог, автор: фамилия, имя, отчество"))
    post: str = told(Say(N_("его должность"), "post"))
    place: str = told(Say(N_("его организация"), "place"))
    category: str = told(Say(N_("категория"), "sought"))
    title: str = told(Say(N_("название работы"), "work"))
    group: str = told(Say(N_("состав комиссии, группы"), "group"))
    verdict: str = told(Say(N_("вывод"), "outcome"))


def lines_of(rows: Sequence[ListRow]) -> tuple[AnnexLine, ...]:
    """Return the lines of an annex from its rows."""
    return tuple(
        AnnexLine(
            one.case_number, one.applicant.full(), one.position.n, one.organisation.n, one.category, one.title,
            ", ".join(each.person.short(surname_first=True) for each in one.experts), one.verdict,
        )
        for one in rows
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOrderCard:
    """What an order says: its cases, who is charged with what follows, who signs it if not the director."""

    attestation: bool
    rows: tuple[ListRow, ...]
    executor: Expert | None = told(Say(N_("исполнитель"), "executor"), default=None)
    chair: PersonName | None = told(N_("председатель рабочей группы"), default=None)
    lines: tuple[AnnexLine, ...] = told(Say(N_("дела приложения"), "cases"))


class CommissionsCard(MonthOrderCard):
    """Of an order on commissions: a kind of its own, for a centre has a template of each."""


class ConclusionsCard(MonthOrderCard):
    """Of an order on conclusions."""


@dataclass(frozen=True, slots=True)
class _Words:
    """What an order says: its heading, its ground, its points, the annex."""

    heading: str
    ground: str
    points: tuple[str, ...]
    annex: Table


def _commissions(kind: Kind, material: RecordMaterial) -> Document:
    card = needed(material, CommissionsCard)
    executor = _charged(card.executor)
    if card.attestation:
        many = counted(len(card.rows), "комиссия", "комиссии", "комиссий")
        said = _Words(
            "О составе комиссий специалистов для проведения всестороннего анализа",
            "В целях проведения всестороннего анализа профессиональной деятельности педагогических работников, "
            "аттестуемых для установления квалификационной категории",
            (
                f"Утвердить составы комиссий специалистов согласно приложению (всего {many}).",
                "Специалистам провести всесторонний анализ и представить заключения в установленные сроки.",
                *((f"{executor} ознакомить специалистов с приказом",) if executor else ()),
            ),
            table("Составы комиссий специалистов", COMMISSIONS, card.rows),
        )
    else:
        many = counted(len(card.rows), "группа", "группы", "групп")
        said = _Words(
            "О составе экспертных групп",
            _ground(material, "в целях проведения экспертизы"),
            (
                f"Утвердить составы экспертных групп согласно приложению (всего {many}).",
                "Экспертам провести экспертизу и представить экспертные заключения в установленные сроки.",
                *((f"{executor} ознакомить экспертов с приказом",) if executor else ()),
            ),
            table("Составы экспертных групп", GROUPS_OF_WORKS, card.rows),
        )
    return _order(kind, material, card, said)


def _conclusions(kind: Kind, material: RecordMaterial) -> Document:
    card = needed(material, ConclusionsCard)
    executor = _charged(card.executor)
    many = counted(len(card.rows), "заключение", "заключения", "заключений")
    if card.attestation:
        commission = material.centre.requisite("commission_d", material.issue.date) or "аттестационной комиссии"
        said = _Words(
            "Об утверждении перечня экспертных заключений, направляемых в аттестационную комиссию",
            "По результатам всестороннего анализа профессиональной деятельности педагогических работников",
            (
                f"Утвердить перечень экспертных заключений, направляемых в аттестационную комиссию, согласно приложению (всего {many}).",
                *((f"{executor} передать экспертные заключения {commission}",) if executor else ()),
            ),
            table("Перечень экспертных заключений", ATTESTED, card.rows),
        )
    else:
        said = _Words(
            "Об утверждении экспертных заключений",
            _ground(material, "по результатам экспертизы"),
            (
                f"Утвердить экспертные заключения согласно приложению (всего {many}).",
                *((f"{executor} ознакомить авторов с экспертными заключениями",) if executor else ()),
            ),
            table("Экспертные заключения, которые утверждаются", APPROVED, card.rows),
        )
    return _order(kind, material, card, said)


def _ground(material: RecordMaterial, why: str) -> str:
    regulation = material.centre.requisite("regulation_i", material.issue.date)
    return f"В соответствии с {regulation} и {why}" if regulation else capitalised(why)


def _charged(executor: Expert | None) -> str:
    """«Методисту Морозовой Л.П.»; empty: nobody is charged."""
    if executor is None:
        return ""
    position = f"{capitalised(executor.position.form('d'))} " if executor.position.n else ""
    return f"{position}{executor.person.short('d', surname_first=True)}"


def _order(kind: Kind, material: RecordMaterial, card: MonthOrderCard, said: _Words) -> Document:
    points = (*map(sentence, said.points), "Контроль исполнения приказа оставляю за собой.")
    blocks: tuple[Block, ...] = (
        Paragraph(text(said.ground)), Paragraph(text(bold("ПРИКАЗЫВАЮ:")), indent=False, keep_with_next=True),
        Items(tuple(text(one) for one in points), numbered=True), _signed(material, card),
        *shared_parts.annex_of_order(material, said.annex),
    )  # fmt: skip
    return shared_parts.compose(
        material,
        kind,
        name="Приказ",
        title="ПРИКАЗ",
        heading=said.heading,
        on=material.issue.date,
        subject=said.heading,
        blocks=blocks,
    )


def _signed(material: RecordMaterial, card: MonthOrderCard) -> SignatureLine:
    """The line of who signs: the director, or the chair of the working group."""
    if card.chair is None:
        return shared_parts.director_line(material.centre, material.director)
    if material.signed is None:
        return shared_parts.signature_line(Signature("paper", card.chair, CHAIR))
    return shared_parts.signature_line(replace(material.signed, position=CHAIR))


def _row(at: int, *, attestation: bool) -> ListRow:
    who = invented.expert(at)
    return ListRow(
        f"{'АТ' if attestation else 'ММ'}-2026-{at + 1}", who.person, who.position, who.organisation,
        title="Сборник заданий по читательской грамотности", attestation=attestation, verdict="Рекомендовать к использованию",
        category="высшая", experts=invented.experts(3), lead=invented.expert(0),
    )  # fmt: skip


def _sample_of_commissions(_centre: CentreCard, _today: date, rows: int) -> CommissionsCard:
    found = tuple(_row(at, attestation=True) for at in range(rows))
    return CommissionsCard(attestation=True, rows=found, lines=lines_of(found), executor=invented.expert(0))


def _sample_of_conclusions(_centre: CentreCard, _today: date, rows: int) -> ConclusionsCard:
    found = tuple(_row(at, attestation=False) for at in range(rows))
    return ConclusionsCard(attestation=False, rows=found, lines=lines_of(found), executor=invented.expert(0))


COMMISSIONS_ORDER: Final = Kind(
    key="commissions_order", title=N_("Приказ о составе комиссий, экспертных групп"), of="record", register="orders",
    card=CommissionsCard, words=_commissions, sample=_sample_of_commissions, form="order",
)  # fmt: skip
CONCLUSIONS_ORDER: Final = Kind(
    key="conclusions_order", title=N_("Приказ об утверждении заключений месяца"), of="record", register="orders",
    card=ConclusionsCard, words=_conclusions, sample=_sample_of_conclusions, form="order",
)  # fmt: skip
