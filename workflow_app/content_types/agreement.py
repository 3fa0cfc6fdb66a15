"""Partners and the agreements with them: with whom, about what, until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow_app.content_types.awaited import Letter
from workflow_app.content_types.behaviors import FileKind, Files
from workflow_app.content_types.declaration import ContentType, Listing, SchoolYear, Valid, record_workflow
from workflow_app.content_types.shared import KEEPERS, RESPONSIBLE, STAFF, Lasting, plan_item
from workflow_app.errors import N_
from workflow_app.states.forms import Choice, ask

PARTNERS = (
    Choice("school", N_("образовательная организация")), Choice("university", N_("вуз или колледж")),
    Choice("institute", N_("институт развития образования")), Choice("centre", N_("методический центр")),
    Choice("library", N_("библиотека, музей")), Choice("public", N_("общественная организация")), Choice("other", N_("другое")),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Agreement(Lasting):
    """An agreement on co-operation."""

    partner: str = ask(N_("Партнёр"), least=3, most=300)
    partner_kind: str = ask(N_("Кто это"), choices=PARTNERS)
    organization_id: int | None = ask(
        N_("Организация справочника"), refers="organization", required=False, default=None
    )
    subject: str = ask(N_("Предмет соглашения"), least=10, most=1000, long=True)
    paper: str = ask(N_("Номер соглашения"), required=False, most=100, default="")
    since: date = ask(N_("Заключено"))
    until: date | None = ask(N_("Действует по"), required=False, default=None, help=N_("Пусто: бессрочно."))
    plan_item_id: int | None = plan_item()
    contact: str = ask(N_("Контактное лицо партнёра"), required=False, most=300, default="")
    responsible_id: int | None = ask(
        N_("Ответственный в центре"), refers="person", stands="responsible", required=False, default=None
    )


AGREEMENT = ContentType(
    key="agreement", titles=(N_("Соглашение"), N_("Партнёры и соглашения"), N_("Новое соглашение")), sheet=Agreement, title="partner",
    about=N_("Здесь собраны партнёры центра: о чём договорились и до какого дня. Об истекшем сроке система скажет сама."),
    workflow=record_workflow("agreement", N_("Соглашение"), Agreement, sees=STAFF | {RESPONSIBLE}, keeps=KEEPERS, until="until"),
    behaviors=(SchoolYear(by="since"), Valid(until="until"),
               Files((FileKind("scan", N_("Скан соглашения"), 5), FileKind("report", N_("Отчёты о выполнении"))))),
    group="programme", icon="handshake", aside=True,
    listing=Listing(("partner", "partner_kind", "since", "until"), ("state", "partner_kind"), ("partner", "subject", "paper"), "title"),
    letters=(
        Letter("lapse", frozenset({RESPONSIBLE, *KEEPERS}), "Истёк срок соглашения",
               ("Срок соглашения с партнёром «%(called)s» истёк %(until)s.", "Продлите его или уберите запись в архив."),
               "вы ведёте соглашения центра."),
    ),
)  # fmt: skip
