"""What stands in an item of the plan: what confirms it where no record of ours does, and who does what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow_app.case_types.declaration import with_https
from workflow_app.content_types.behaviors import Files
from workflow_app.content_types.declaration import ContentType, Listing, OfRecord, record_workflow
from workflow_app.content_types.plan_item import DOES, PROOF
from workflow_app.content_types.shared import KEEPERS, RESPONSIBLE, STAFF
from workflow_app.errors import N_
from workflow_app.states.forms import ask


@dataclass(frozen=True, kw_only=True)
class PlanEvidence(OfRecord):
    """What shows that an item was done, where no record of ours tells it."""

    title: str = ask(N_("Что подтверждает"), least=3, most=300)
    on: date | None = ask(N_("Дата"), required=False, default=None)
    case_id: int | None = ask(N_("Дело"), refers="case", required=False, default=None)
    link: str = ask(N_("Ссылка"), required=False, most=500, default="", tidy=with_https, pattern=r"https?://\S+")


@dataclass(frozen=True, kw_only=True)
class PlanDuty(OfRecord):
    """Who does what in an item («распределение обязанностей»)."""

    person_id: int = ask(N_("Кто"), refers="person", stands="responsible", unique=True)
    duty: str = ask(N_("Обязанность"), least=3, most=500)


PLAN_EVIDENCE = ContentType(
    key="plan_evidence", within="plan_item", titles=(N_("Подтверждение"), N_("Подтверждения"), N_("Добавить подтверждение")),
    sheet=PlanEvidence, title="title", about=N_("Приложите файл, ссылку или дело, которые показывают, что мероприятие выполнено."),
    workflow=record_workflow("plan_evidence", N_("Подтверждение"), PlanEvidence, sees=STAFF | {RESPONSIBLE}, keeps=DOES),
    behaviors=(Files(PROOF, DOES),), listing=Listing(("title", "on", "case_id", "link"), ("state",), (), "id"),
)  # fmt: skip
PLAN_DUTY = ContentType(
    key="plan_duty", within="plan_item", titles=(N_("Обязанность"), N_("Обязанности"), N_("Распределить обязанности")), sheet=PlanDuty,
    title="person_id", about=N_("Кто что делает в этом мероприятии."),
    workflow=record_workflow("plan_duty", N_("Обязанность"), PlanDuty, sees=STAFF | {RESPONSIBLE}, keeps=KEEPERS),
    listing=Listing(("person_id", "duty"), ("state",), (), "id"),
)  # fmt: skip
