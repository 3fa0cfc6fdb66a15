"""(b) «Методический материал»: two experts, up to three rounds, publication when recommended and asked."""

from __future__ import annotations

from dataclasses import dataclass

from workflow_app.case_types.declaration import (
    COMMON_TERMS,
    Attachment,
    CaseForm,
    CaseType,
    Policy,
    Revised,
    always,
    listed,
    working,
)
from workflow_app.documents.content.snapshot import Examined
from workflow_app.errors import N_
from workflow_app.states.definitions.case.build import Shape
from workflow_app.states.forms import ask

KEY = "methodical_material"
MATERIAL_TYPES, LEVELS, LICENCES = (listed(KEY, name) for name in ("material_types", "desired_levels", "licences"))


@dataclass(frozen=True, kw_only=True)
class MaterialForm(CaseForm):
    """The card of a methodical material."""

    material_type: str = ask(N_("Вид материала"), choices=MATERIAL_TYPES, section=N_("Материал"))
    audience: str = ask(N_("Для кого"), most=300)
    pages: int = ask(N_("Объём, страниц"), least=1, most=300)
    approbation_place: str = ask(N_("Где апробирован"), most=300, section=N_("Апробация"))
    approbation_period: str = ask(N_("Когда апробирован"), most=200)
    approbation_result: str = ask(N_("Результат апробации"), least=300, most=3000, long=True)
    desired_level: str = ask(
        N_("На какой уровень претендует"), choices=LEVELS, widget="radio", section=N_("Использование")
    )
    originality_percent: int | None = ask(
        N_("Оригинальность текста, %"), required=False, least=0, most=100, default=None
    )
    licence: str = ask(N_("Условия использования"), choices=LICENCES, widget="radio", required=False, default="")
    publish: bool = ask(
        N_("Прошу опубликовать в муниципальном банке, если заключение это рекомендует"), required=False, default=False
    )
    previous_case: str = ask(N_("Номер прежней экспертизы этого материала"), required=False, most=40, default="")


@dataclass(frozen=True, kw_only=True)
class MaterialRevision(Revised, MaterialForm):
    """The revised material of the next round."""


TYPE = CaseType(
    place="b",
    letter="ММ",
    about=N_("Двое экспертов оценивают разработку по десяти критериям и пишут рекомендации. Доработать можно дважды."),
    shape=Shape(key=KEY, title=N_("Методический материал"), form=MaterialForm, revision_form=MaterialRevision),
    examined=Examined("методический материал", "методического материала", "методический материал"),
    attachments=(
        Attachment("material", N_("Материал"), required=always, help=N_("Файл docx или pdf.")),
        Attachment("originality", N_("Отчёт об оригинальности")),
        Attachment("council_extract", N_("Выписка из решения педагогического совета")),
        Attachment("supplement", N_("Приложения к материалу")),
        Attachment("consent_scan", N_("Согласие на обработку персональных данных (скан)")),
    ),
    policy=Policy(experts=2, terms={**COMMON_TERMS, "review": working(10)}, liftable=True),
    directions=("materials", "exchange"),
)
