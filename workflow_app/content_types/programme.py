"""The programme of the centre: the passport of the platform, and what it needs by list (acts of K1.2, resources of K1.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow_app.case_types.declaration import with_https
from workflow_app.content_types.behaviors import FileKind, Files
from workflow_app.content_types.declaration import ContentType, Listing, OfRecord, record_workflow
from workflow_app.content_types.shared import KEEPERS, STAFF
from workflow_app.errors import N_
from workflow_app.states.forms import Choice, ask
from workflow_app.states.standings import by_name

LEADER = by_name("leader", N_("руководитель программы"))
OF = (Choice("acts", N_("локальный акт")), Choice("resources", N_("ресурс")))


@dataclass(frozen=True, kw_only=True)
class Programme(OfRecord):
    """The passport: theme, status and the act that gave it, term, head, the open page with the approved programme."""

    title: str = ask(N_("Тема"), least=10, most=500, unique=True)
    status: str = ask(N_("Статус площадки"), required=False, most=200, default="")
    act: str = ask(N_("Акт о статусе"), required=False, most=300, default="", help=N_("Вид, дата и номер."))
    since: date = ask(N_("Начало"))
    until: date = ask(N_("Окончание"))
    leader_id: int = ask(N_("Руководитель"), refers="person", stands="leader")
    team: str = ask(N_("Рабочая группа"), required=False, most=2000, default="", long=True)
    link: str = ask(
        N_("Страница с утверждённой программой"),
        required=False,
        most=500,
        default="",
        tidy=with_https,
        pattern=r"https?://\S+",
    )


@dataclass(frozen=True, kw_only=True)
class ChecklistItem(OfRecord):
    """One act or resource that the programme needs."""

    title: str = ask(N_("Что нужно"), least=3, most=300, unique=True)
    of: str = ask(N_("Что это"), choices=OF)
    local_act_id: int | None = ask(N_("Акт в реестре"), refers="local_act", required=False, default=None)
    there: bool = ask(N_("Ресурс есть"), required=False, default=False)
    checked_on: date | None = ask(N_("Проверено"), required=False, default=None)
    remark: str = ask(N_("Пояснение"), required=False, most=500, default="")


PROGRAMME = ContentType(
    key="programme", titles=(N_("Программа"), N_("Паспорт программы"), N_("Внести программу")), sheet=Programme, title="title",
    about=N_("Здесь паспорт инновационной программы: тема, статус площадки, срок, руководитель. Из него собирается отчёт."),
    workflow=record_workflow("programme", N_("Программа"), Programme, sees=STAFF | {LEADER}, keeps=KEEPERS, serves=N_("Реализуется")),
    behaviors=(Files((FileKind("programme", N_("Утверждённая программа"), 3), FileKind("act", N_("Акт о статусе"), 5))),),
    group="programme", icon="award", aside=True,
    listing=Listing(("title", "since", "until"), ("state",), ("title",), "-since"),
)  # fmt: skip
CHECKLIST_ITEM = ContentType(
    key="checklist_item", titles=(N_("Позиция перечня"), N_("Необходимые акты и ресурсы"), N_("Новая позиция перечня")),
    sheet=ChecklistItem, title="title",
    about=N_("Здесь перечни программы: какие локальные акты должны действовать (К1.2) и какие ресурсы должны быть (К1.5)."),
    workflow=record_workflow("checklist_item", N_("Позиция перечня"), ChecklistItem, sees=STAFF, keeps=KEEPERS, serves=N_("В перечне")),
    group="programme", icon="check-circle", aside=True,
    listing=Listing(("title", "of", "there", "local_act_id"), ("state", "of"), ("title",), "id"),
)  # fmt: skip
