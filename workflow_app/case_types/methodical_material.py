"""(b) «Методический материал»: two experts, up to three rounds, publication when recommended and asked."""

from __future__ import annotations

from dataclasses import dataclass

from workflow_app.case_types.base import COMMON_TERMS, Attachment, CaseForm, CaseType, Policy, always, listed, working
from workflow_app.errors import N_
from workflow_app.states.definitions.case.build import Shape, build
from workflow_app.states.forms import ask

MATERIAL_TYPES, LEVELS, LICENCES = listed("material_types"), listed("desired_levels"), listed("licences")


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
class MaterialRevision(MaterialForm):
    """The revised material of the next round."""

    changes: str = ask(
        N_("Что изменено по замечаниям"), least=20, most=3000, long=True, section=N_("Доработка"),
        help=N_("Эксперты увидят этот ответ рядом с прежними замечаниями."),
    )  # fmt: skip


_SHAPE = Shape(
    key="methodical_material", title=N_("Методический материал"), form=MaterialForm, revision_form=MaterialRevision
)

MATERIAL = CaseType(
    key="methodical_material",
    letter="ММ",
    title=_SHAPE.title,
    about=N_("Двое экспертов оценивают разработку по десяти критериям и пишут рекомендации. Доработать можно дважды."),
    shape=_SHAPE,
    workflow=build(_SHAPE),
    attachments=(
        Attachment("material", N_("Материал"), required=always, help=N_("Файл docx или pdf.")),
        Attachment("originality", N_("Отчёт об оригинальности")),
        Attachment("council_extract", N_("Выписка из решения педагогического совета")),
        Attachment("supplement", N_("Приложения к материалу")),
        Attachment("consent_scan", N_("Согласие на обработку персональных данных (скан)")),
    ),
    criteria=lambda _form: "b_material",
    criteria_keys=("b_material",),
    policy=Policy(experts=2, terms={**COMMON_TERMS, "review": working(10)}),
    grounds="methodical_material",
)
