"""Who belongs to a methodical association or a community of the region: bodies that the centre does not run itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow_app.content_types.behaviors import FileKind, Files
from workflow_app.content_types.declaration import ContentType, Listing, SchoolYear, record_workflow
from workflow_app.content_types.shared import KEEPERS, LEVELS, STAFF, TOLD_OF, Lasting, plan_item
from workflow_app.errors import N_
from workflow_app.states.forms import ask


@dataclass(frozen=True, kw_only=True)
class AssociationMember(Lasting):
    """One teacher in one body, since when, until when."""

    name: str = ask(N_("ФИО педагога"), least=5, most=200, heads=("ФИО", "Педагог", "Участник"))
    person_id: int | None = ask(N_("Учётная запись"), refers="person", stands="told_of", required=False, default=None)
    organization_id: int | None = ask(N_("Организация"), refers="organization", required=False, default=None)
    body: str = ask(N_("Объединение, сообщество"), least=3, most=300, help=N_("Как оно называлось в это время."),
                    heads=("МО", "РУМО", "Методическое объединение", "Сообщество"))  # fmt: skip
    level: str = ask(N_("Уровень"), choices=LEVELS)
    since: date = ask(N_("Состоит с"))
    until: date | None = ask(N_("Состоит по"), required=False, default=None, help=N_("Пусто: состоит и сейчас."))
    paper: str = ask(N_("Основание"), required=False, most=300, default="", help=N_("Приказ, протокол: номер и дата."))
    plan_item_id: int | None = plan_item()


ASSOCIATION_MEMBER = ContentType(
    key="association_member",
    titles=(N_("Участие в объединении"), N_("Участие в МО и региональных сообществах"), N_("Новое участие в объединении")),
    sheet=AssociationMember, title="name",
    about=N_("Здесь педагоги, которые состоят в методических объединениях и региональных сообществах."),
    workflow=record_workflow(
        "association_member", N_("Участие в объединении"), AssociationMember, sees=STAFF | {TOLD_OF}, keeps=KEEPERS
    ),
    behaviors=(SchoolYear(by="since"), Files((FileKind("paper", N_("Приказ, протокол"), 3),))),
    group="programme", icon="users", aside=True,
    listing=Listing(("name", "organization_id", "body", "level", "since", "until"), ("state", "level"), ("name", "body"), "-since"),
)  # fmt: skip
