"""The approved roster of specialists for the comprehensive analysis: by which act, for which posts, until when.

It is no record of the town's register: the region approves it. As long as a centre has entered nobody, nobody is barred (R51).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from workflow_app.content_types.awaited import Letter
from workflow_app.content_types.behaviors import FileKind, Files
from workflow_app.content_types.declaration import ContentType, Listing, OfRecord, SchoolYear, Valid, record_workflow
from workflow_app.content_types.shared import KEEPERS, STAFF
from workflow_app.errors import N_
from workflow_app.states.forms import Problems, ask, rule
from workflow_app.states.standings import by_name

SPECIALIST: Final = by_name("specialist", N_("специалист этой записи"))


@dataclass(frozen=True, kw_only=True)
class ApprovedSpecialist(OfRecord):
    """One specialist of the roster that an act of the region has approved."""

    person_id: int = ask(N_("Специалист"), refers="person", stands="specialist")
    act: str = ask(
        N_("Акт"), least=3, most=300, help=N_("Например: «Приказ Министерства образования Свердловской области».")
    )
    paper: str = ask(N_("Номер акта"), most=100)
    on: date = ask(N_("Дата акта"))
    posts: str = ask(
        N_("По каким должностям, предметам"),
        required=False,
        most=500,
        default="",
        help=N_("Как в акте. Пусто: по всем."),
    )
    since: date | None = ask(N_("Действует с"), required=False, default=None, help=N_("Пусто: с даты акта."))
    until: date | None = ask(N_("Действует по"), required=False, default=None, help=N_("Пусто: бессрочно."))

    @rule
    def does_not_end_before_it_begins(self) -> Problems:
        """A specialist is in the roster for a day at least."""
        wrong = self.until is not None and self.until < (self.since or self.on)
        return {"until": (N_("Окончание раньше начала."),)} if wrong else {}


APPROVED_SPECIALIST = ContentType(
    key="approved_specialist", titles=(N_("Специалист состава"), N_("Состав специалистов"), N_("Внести специалиста")),
    sheet=ApprovedSpecialist, title="person_id",
    about=N_("Здесь состав специалистов для всестороннего анализа, утверждённый региональным актом. Пока здесь пусто, приглашать можно "
             "любого эксперта; после первой записи по аттестации приглашают только тех, кто в составе."),
    workflow=record_workflow(
        "approved_specialist", N_("Специалист состава"), ApprovedSpecialist, sees=STAFF | {SPECIALIST}, keeps=KEEPERS, until="until",
        serves=N_("В составе"), away=N_("Вне состава"),
    ),
    behaviors=(SchoolYear(by="on"), Valid(until="until"),
               Files((FileKind("act", N_("Акт"), 3),))),
    group="community", icon="award", aside=True,
    listing=Listing(("person_id", "posts", "paper", "on", "until"), ("state",), ("act", "paper", "posts"), "-on"),
    letters=(
        Letter("lapse", frozenset({SPECIALIST, *KEEPERS}), "Истёк срок в составе специалистов",
               ("Срок в утверждённом составе специалистов истёк %(until)s: %(called)s.",
                "До нового акта приглашать на всесторонний анализ нельзя."),
               "это ваша запись в составе специалистов, или вы его ведёте."),
    ),
)  # fmt: skip
