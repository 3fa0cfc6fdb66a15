"""What stands in a body: who is in it, by which order and until when, and what it was called before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow_app.content_types.body import BODY_MEMBER
from workflow_app.content_types.declaration import ContentType, Listing, OfRecord, record_workflow
from workflow_app.content_types.shared import KEEPERS, STAFF, Lasting
from workflow_app.errors import N_
from workflow_app.states.forms import Choice, Problems, ask, rule

OFFICES = (
    Choice("member", N_("член")), Choice("chair", N_("председатель, руководитель")), Choice("deputy", N_("заместитель")),
    Choice("secretary", N_("секретарь")),
)  # fmt: skip
_ACCOUNT = N_("Если человек есть в системе. ФИО, организация и должность тогда возьмутся из его карточки.")


@dataclass(frozen=True, kw_only=True)
class Named(OfRecord):
    """Somebody in a list of people: by the account, or by name alone."""

    person_id: int | None = ask(
        N_("Человек"), refers="person", unique=True, required=False, default=None, help=_ACCOUNT
    )
    name: str = ask(N_("ФИО"), required=False, most=200, default="")
    office: str = ask(N_("Роль"), choices=OFFICES, default="member")
    organization_id: int | None = ask(N_("Организация"), refers="organization", required=False, default=None)
    position: str = ask(N_("Должность"), required=False, most=200, default="")

    @rule
    def is_somebody(self) -> Problems:
        """Whoever has no account is named."""
        return {} if self.person_id or self.name else {"name": (N_("Выберите человека или напишите ФИО."),)}


@dataclass(frozen=True, kw_only=True)
class BodyMember(Named, Lasting):
    """A member of a body: by which order, since when, until when."""

    person_id: int | None = ask(
        N_("Человек"), refers="person", stands="body_member", unique=True, required=False, default=None, help=_ACCOUNT
    )
    paper: str = ask(N_("Приказ: номер, дата"), required=False, most=200, default="")
    since: date | None = ask(N_("В составе с"), required=False, default=None)
    until: date | None = ask(N_("По"), required=False, default=None, help=N_("Пусто: бессрочно."))


@dataclass(frozen=True, kw_only=True)
class BodyName(OfRecord):
    """What a body was called before: until which day."""

    name: str = ask(N_("Прежнее наименование"), least=5, most=300)
    genitive: str = ask(N_("Наименование в родительном падеже"), least=5, most=300)
    until: date = ask(N_("До какого дня"))


BODY_MEMBERS = ContentType(
    key="body_member", within="body", titles=(N_("Член состава"), N_("Состав"), N_("Включить в состав")), sheet=BodyMember,
    title="name", about=N_("Внесите состав по приказу: из него берутся участники каждого заседания и считается кворум."),
    workflow=record_workflow("body_member", N_("Член состава"), BodyMember, sees=STAFF | {BODY_MEMBER}, keeps=KEEPERS,
                             serves=N_("В составе"), away=N_("Вышел из состава")),
    listing=Listing(("name", "office", "organization_id", "position", "since", "until"), ("state",), ("name",), "title"),
    many="person_id",
)  # fmt: skip
BODY_NAMES = ContentType(
    key="body_name", within="body", titles=(N_("Прежнее наименование"), N_("Прежние наименования"), N_("Внести прежнее наименование")),
    sheet=BodyName, title="name", about=N_("Если орган назывался иначе: документы берут наименование своего дня."),
    workflow=record_workflow("body_name", N_("Прежнее наименование"), BodyName, sees=STAFF | {BODY_MEMBER}, keeps=KEEPERS,
                             serves=N_("Прежнее"), tone="done"),
    listing=Listing(("name", "until"), ("state",), ("name",), "id"),
)  # fmt: skip
