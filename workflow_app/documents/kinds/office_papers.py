"""Ordinary orders and letters of the centre, and the order on who is in a body."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from workflow_app.documents.content.assessment_cards import Expert
from workflow_app.documents.content.snapshot import CentreCard, RecordMaterial, needed
from workflow_app.documents.content.told import Say, told
from workflow_app.documents.docx.blocks import Block, Document, Items, Paragraph, Table, bold, text
from workflow_app.documents.kinds import invented, shared_parts
from workflow_app.documents.kinds.kind import Kind
from workflow_app.documents.kinds.wording import glued, sentence
from workflow_app.documents.russian.grammar import PersonName, capitalised, day
from workflow_app.errors import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeCard:
    """An order or a letter as it was put together: ``heading`` answers «о чём», points and annexes are lines."""

    heading: str = told(Say(N_("заголовок"), "heading_text"))
    points: tuple[str, ...] = told(N_("пункты приказа или абзацы письма"))
    ground: str = told(N_("основание"), default="")
    addressee: tuple[str, ...] = told(Say(N_("кому письмо"), "written_to"), default=())
    annexes: tuple[str, ...] = told(N_("приложения"), default=())
    control: Expert | None = told(Say(N_("кто контролирует исполнение"), "control"), default=None)
    prepared_by: PersonName | None = told(N_("исполнитель"), default=None)


class LetterCard(OfficeCard):
    """The same of a letter: a kind of its own, for a centre has a template of each."""


@dataclass(frozen=True, slots=True)
class InBody:
    """One of a body: as an expert of documents, and in what role («председатель»)."""

    who: Expert = told(Say(N_("член состава"), "name"))
    role: str = told(N_("роль"))


@dataclass(frozen=True, slots=True, kw_only=True)
class CompositionCard:
    """Who is in a body: its name in the genitive, the ground, the members in their order."""

    body_g: str = told(Say(N_("орган в родительном падеже"), "body"))
    members: tuple[InBody, ...] = told(N_("состав"))
    since: date | None = told(N_("с какого дня"), default=None)


_ORDERS: Final = Paragraph(text(bold("ПРИКАЗЫВАЮ:")), indent=False, keep_with_next=True)


def _order(kind: Kind, material: RecordMaterial) -> Document:
    card = needed(material, OfficeCard)
    points = (*(sentence(glued(one)) for one in card.points), _control(card.control))
    blocks = (
        *((Paragraph(text(glued(card.ground.strip().rstrip(".,:;")))),) if card.ground.strip() else ()), _ORDERS,
        Items(tuple(text(one) for one in points), numbered=True), *_annexes(card), *_end(material, card),
    )  # fmt: skip
    return shared_parts.compose(
        material, kind, name="Приказ", title="ПРИКАЗ", heading=capitalised(card.heading), on=material.issue.date, subject=card.heading,
        blocks=blocks,
    )  # fmt: skip


def _control(who: Expert | None) -> str:
    if who is None:
        return "Контроль исполнения приказа оставляю за собой."
    position = f"{who.position.form('a')} " if who.position.n else ""
    return sentence(f"Контроль исполнения приказа возложить на {position}{who.person.short('a', surname_first=True)}")


def _annexes(card: OfficeCard) -> tuple[Block, ...]:
    if not card.annexes:
        return ()
    if len(card.annexes) == 1:
        return (Paragraph(text(sentence(f"Приложение: {glued(card.annexes[0])}")), indent=False),)
    lines = tuple(text(sentence(glued(one))) for one in card.annexes)
    return (Paragraph(text("Приложения:"), indent=False, keep_with_next=True), Items(lines, numbered=True))


def _end(material: RecordMaterial, card: OfficeCard) -> tuple[Block, ...]:
    """The director's line, and in small type who prepared the paper."""
    line = shared_parts.director_line(material.centre, material.director)
    if card.prepared_by is None:
        return (line,)
    return (line, Paragraph(text(f"Исполнитель: {card.prepared_by.full()}"), align="left", indent=False, small=True))


def _letter(kind: Kind, material: RecordMaterial) -> Document:
    card = needed(material, LetterCard)
    blocks = (*shared_parts.paragraphs("\n".join(card.points)), *_annexes(card), *_end(material, card))
    return shared_parts.compose(
        material, kind, name="Письмо", title="", heading=capitalised(card.heading), on=material.issue.date, subject=card.heading,
        addressee=card.addressee, blocks=blocks,
    )  # fmt: skip


def _composition(kind: Kind, material: RecordMaterial) -> Document:
    card = needed(material, CompositionCard)
    since = f" с {day(card.since)}" if card.since else ""
    rows = tuple(
        tuple(text(glued(words)) for words in (str(at), one.who.person.full(), _placed(one.who), one.role))
        for at, one in enumerate(card.members, start=1)
    )
    table = Table(f"Состав {card.body_g}", ("№", "Фамилия, имя, отчество", "Должность, организация", "Роль"), rows, (10, 56, 64, 40),
                  ("center", "left", "left", "left"))  # fmt: skip
    points = (text(f"Утвердить состав {card.body_g}{since} (прилагается)."), text(_control(None)))
    return shared_parts.compose(
        material, kind, name="Приказ", title="ПРИКАЗ", heading=f"О составе {card.body_g}", on=material.issue.date, subject=card.body_g,
        blocks=(_ORDERS, Items(points, numbered=True), shared_parts.director_line(material.centre, material.director),
                *shared_parts.annex_of_order(material, table)),
    )  # fmt: skip


def _placed(who: Expert) -> str:
    return f"{who.position.n} {who.organisation.g}".strip()


def _sample(_centre: CentreCard, _today: date, rows: int) -> OfficeCard:
    return OfficeCard(
        heading="О проведении семинара", points=(invented.TEXT,) * rows, ground="В соответствии с планом работы центра",
        control=invented.expert(0), annexes=("Программа семинара на 1 л. в 1 экз.",) * rows, prepared_by=invented.CLERK,
    )  # fmt: skip


def _sample_of_letter(_centre: CentreCard, _today: date, rows: int) -> LetterCard:
    return LetterCard(
        heading="О проведении семинара", points=(invented.TEXT,) * rows, addressee=("Руководителям образовательных организаций",) * rows,
        annexes=("Программа семинара на 1 л. в 1 экз.",) * rows, prepared_by=invented.CLERK,
    )  # fmt: skip


def _sample_of_composition(_centre: CentreCard, today: date, rows: int) -> CompositionCard:
    members = tuple(InBody(one, "член") for one in invented.experts(rows))
    return CompositionCard(body_g="экспертного совета", members=members, since=today)


ORDER: Final = Kind(
    key="office_order", title=N_("Приказ по основной деятельности"), of="record", register="orders", card=OfficeCard, words=_order,
    sample=_sample, form="order",
)  # fmt: skip
LETTER: Final = Kind(
    key="office_letter", title=N_("Письмо центра"), of="record", register="letters", card=LetterCard, words=_letter,
    sample=_sample_of_letter, form="letter",
)  # fmt: skip
COMPOSITION: Final = Kind(
    key="composition_order", title=N_("Приказ о составе"), of="record", register="orders", card=CompositionCard, words=_composition,
    sample=_sample_of_composition, form="order",
)  # fmt: skip
