"""Organisations: where people work, and with whom the centre works; the name in two cases, the kind, whom to write to."""

from __future__ import annotations

from dataclasses import dataclass

from workflow_app.case_types.declaration import with_https
from workflow_app.content_types.declaration import ContentType, Listing, OfRecord, record_workflow
from workflow_app.content_types.shared import STAFF
from workflow_app.errors import N_
from workflow_app.states.forms import Choice, ask
from workflow_app.states.forms.plausibility import latin
from workflow_app.states.vocabulary import Who

TYPES = (
    Choice("school", N_("школа")), Choice("kindergarten", N_("детский сад")),
    Choice("additional", N_("дополнительное образование")), Choice("professional", N_("профессиональное образование")),
    Choice("centre", N_("методический центр или служба")), Choice("institute", N_("вуз или институт развития образования")),
    Choice("partner", N_("социальный партнёр")), Choice("authority", N_("орган управления")), Choice("other", N_("другое")),
)  # fmt: skip
_KEEPERS = frozenset({Who.ADMIN, Who.COORDINATOR})


@dataclass(frozen=True, kw_only=True)
class OrganizationCard(OfRecord):
    """An organisation: names by hand, the genitive for documents."""

    name: str = ask(N_("Наименование"), least=3, most=300, doubt=latin, unique=True,
                    heads=("Название", "Организация", "Полное наименование"))  # fmt: skip
    genitive: str = ask(
        N_("Наименование в родительном падеже"), least=3, most=300, doubt=latin,
        heads=("В родительном падеже", "Родительный падеж", "Кого, чего"),
        help=N_("Стоит в документах: «учителя МАОУ „Школа № 2“». Система его не угадывает, проверьте кавычки и номер."),
    )  # fmt: skip
    short_name: str = ask(N_("Краткое наименование"), required=False, most=150, doubt=latin, default="")
    type: str = ask(N_("Вид организации"), choices=TYPES, required=False, default="", heads=("Тип организации", "Вид", "Тип"),
                    help=N_("По виду отбирают организации и рассылают запросы: «все школы», «все детские сады»."))  # fmt: skip
    outside: bool = ask(
        N_("За пределами муниципалитета"), required=False, default=False, heads=("Внешняя", "Другой муниципалитет"),
        help=N_("Эксперт из такой организации считается внешним."),
    )  # fmt: skip
    teachers: int | None = ask(
        N_("Педагогов"), required=False, least=0, most=5000, default=None, help=N_("По последнему отчёту."),
        heads=("Численность педагогов", "Педагогов по отчёту", "Количество педагогов"),
    )  # fmt: skip
    head: str = ask(
        N_("Руководитель"), required=False, most=200, default="", help=N_("Фамилия, имя, отчество."),
        heads=("ФИО руководителя", "Директор", "Заведующий"),
    )  # fmt: skip
    head_position: str = ask(
        N_("Должность руководителя"), required=False, most=200, default="", help=N_("Как в документах: «директор», «заведующий».")
    )  # fmt: skip
    address: str = ask(
        N_("Почтовый адрес"), required=False, most=300, default="", section=N_("Адрес и связь"), heads=("Адрес",)
    )
    phone: str = ask(N_("Телефон"), required=False, most=100, default="")
    email: str = ask(N_("Электронная почта"), required=False, most=200, default="",
                     pattern=r"[^@\s]+@[^@\s]+\.[^@\s]+", heads=("Почта", "E-mail", "Email"))  # fmt: skip
    site: str = ask(N_("Сайт"), required=False, most=200, default="", tidy=with_https, pattern=r"https?://\S+")


ORGANIZATION = ContentType(
    key="organization", titles=(N_("Организация"), N_("Организации"), N_("Новая организация")), sheet=OrganizationCard, title="name",
    about=N_("Здесь организации, где работают педагоги и с которыми работает центр: наименования для документов, вид, руководитель."),
    workflow=record_workflow("organization", N_("Организация"), OrganizationCard, sees=STAFF, keeps=_KEEPERS, away=N_("Закрыта")),
    icon="building", earlier={"edit_organization": "edit", "end_organization": "end"},
    panels=("people_of_organization", "cases_of_organization"),
    listing=Listing(("name", "type", "head", "phone", "teachers"), ("state", "type", "outside"),
                    ("short_name", "genitive", "head"), "title"),
)  # fmt: skip
