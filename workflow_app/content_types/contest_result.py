"""How teachers did in contests: told by the centre and by schools, never asked of a teacher (order 779)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow_app.content_types.behaviors import FileKind, Files
from workflow_app.content_types.declaration import ContentType, Listing, OfRecord, SchoolYear, record_workflow
from workflow_app.content_types.shared import KEEPERS, LEVELS, OFFICER, STAFF, TOLD_OF, plan_item
from workflow_app.errors import N_
from workflow_app.states.forms import Choice, ask

RESULTS = (
    Choice("winner", N_("победитель")), Choice("laureate", N_("лауреат, призёр")), Choice("participant", N_("участник")),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ContestResult(OfRecord):
    """What one teacher reached in one contest; of a teacher without an account the name alone."""

    name: str = ask(N_("ФИО педагога"), least=5, most=200, heads=("ФИО", "Педагог", "Участник"))
    person_id: int | None = ask(N_("Учётная запись"), refers="person", stands="told_of", required=False, default=None)
    organization_id: int = ask(N_("Организация"), refers="organization", stands="school_officer")
    contest: str = ask(N_("Конкурс"), least=5, most=300)
    nomination: str = ask(N_("Номинация"), required=False, most=200, default="")
    level: str = ask(N_("Уровень"), choices=LEVELS)
    on: date = ask(N_("Дата итогов"))
    result: str = ask(N_("Результат"), choices=RESULTS)
    paper: str = ask(N_("Подтверждающий документ"), required=False, most=300, default="",
                     help=N_("Приказ об итогах, диплом: номер и дата."))  # fmt: skip
    plan_item_id: int | None = plan_item()


CONTEST_RESULT = ContentType(
    key="contest_result", titles=(N_("Результат конкурса"), N_("Результаты педагогов в конкурсах"), N_("Новый результат конкурса")),
    sheet=ContestResult, title="name",
    about=N_("Здесь победы и участие педагогов в конкурсах. Вносят их центр и организации, педагоги не отчитываются."),
    workflow=record_workflow(
        "contest_result", N_("Результат конкурса"), ContestResult, sees=STAFF | OFFICER | {TOLD_OF}, keeps=KEEPERS | OFFICER,
    ),
    behaviors=(SchoolYear(by="on"), Files((FileKind("diploma", N_("Диплом, приказ об итогах"), 5),))),
    group="programme", icon="star", aside=True,
    listing=Listing(("name", "organization_id", "contest", "level", "result", "on"), ("state", "level", "result"),
                    ("name", "contest", "nomination"), "-on"),
)  # fmt: skip
