"""План работы of a council, a bureau, a community: its meetings of a school year with what they are about and who speaks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from workflow_app.documents.content.snapshot import CentreCard, RecordMaterial, needed
from workflow_app.documents.content.told import Say, told
from workflow_app.documents.docx.blocks import Document, Paragraph, Table, text
from workflow_app.documents.kinds.kind import Kind
from workflow_app.documents.kinds.shared_record import compose
from workflow_app.documents.kinds.wording import glued
from workflow_app.documents.russian.grammar import short_day
from workflow_app.errors import N_


@dataclass(frozen=True, slots=True)
class PlannedMeeting:
    """A meeting that is planned or was held: its day, theme, form in words, questions, who answers for it."""

    on: date = told(Say(N_("дата заседания"), "date"))
    title: str = told(N_("тема заседания"))
    form: str = told(Say(N_("форма заседания"), "form"), default="")
    questions: tuple[str, ...] = told(N_("вопросы повестки с докладчиками"), default=())
    responsible: str = told(Say(N_("ответственный"), "name"), default="")


@dataclass(frozen=True, slots=True)
class PlanCard:
    """The card of the plan: whose it is, of which school year («2026/27»), the meetings by their days."""

    body_g: str = told(Say(N_("орган в родительном падеже"), "body"))
    year: str = told(Say(N_("учебный год"), "year"))
    meetings: tuple[PlannedMeeting, ...] = told(N_("заседания"))


def _words(kind: Kind, material: RecordMaterial) -> Document:
    card = needed(material, PlanCard)
    rows = tuple(
        tuple(text(glued(words)) for words in (str(at), short_day(one.on), _about(one), one.form, one.responsible))
        for at, one in enumerate(card.meetings, start=1)
    )
    heads = ("№", "Дата", "Тема и вопросы", "Форма", "Ответственный")
    table = Table("Заседания", heads, rows, (10, 24, 72, 28, 36), ("center", "center", "left", "left", "left"))
    subject = f"{card.body_g} на {card.year} учебный год"
    said = Paragraph(text(glued(f"План работы {subject}. Заседаний: {len(card.meetings)}.")))
    about = f"О заседаниях {card.body_g} в {card.year} учебном году"
    return compose(kind, material, "ПЛАН РАБОТЫ", about, subject, said, table)


def _about(meeting: PlannedMeeting) -> str:
    asked = (f"{at}. {one}" for at, one in enumerate(meeting.questions, start=1))
    return "\n".join((meeting.title, *asked))


def _sample(_centre: CentreCard, today: date, rows: int) -> PlanCard:
    one = PlannedMeeting(
        today, "Об итогах этапа", "очное", ("О выполнении плана (Образцова А.П.)",) * rows, "Образцова Анна Петровна"
    )
    return PlanCard("экспертного совета", "2026/27", (one,) * rows)


KIND: Final = Kind(
    key="body_plan", title=N_("План работы"), of="record", register="plans", card=PlanCard, words=_words, sample=_sample
)
