"""(c) «Инновационный продукт»: three experts, one of them from outside the municipality, up to three rounds."""

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
from workflow_app.states.forms import Problems, ask, rule

KEY = "innovation_product"
PRODUCT_TYPES, PLATFORMS = listed(KEY, "product_types"), listed(KEY, "platform_statuses")


@dataclass(frozen=True, kw_only=True)
class InnovationForm(CaseForm):
    """The card of an innovation product; the long answers are 300 to 3000 characters each."""

    product_type: str = ask(N_("Вид продукта"), choices=PRODUCT_TYPES, section=N_("Продукт"))
    platform_status: str = ask(N_("Статус площадки"), choices=PLATFORMS, widget="radio")
    platform_act: str = ask(N_("Акт о присвоении статуса"), required=False, most=300, default="")
    term: str = ask(N_("Срок реализации"), most=200)
    problem: str = ask(N_("Какую проблему решает"), least=300, most=3000, long=True, section=N_("Описание"))
    novelty: str = ask(N_("Что нового"), least=300, most=3000, long=True)
    effects: str = ask(N_("Эффекты и их измерение"), least=300, most=3000, long=True)
    resources: str = ask(N_("Ресурсы"), least=300, most=3000, long=True)
    risks: str = ask(N_("Риски и меры"), least=300, most=3000, long=True)
    replication: str = ask(N_("Условия тиражирования"), least=300, most=3000, long=True)

    @rule
    def status_has_its_act(self) -> Problems:
        """A status of a platform stands on an act."""
        if self.platform_status != "none" and not self.platform_act:
            return {"platform_act": (N_("Укажите акт о присвоении статуса."),)}
        return {}


@dataclass(frozen=True, kw_only=True)
class InnovationRevision(Revised, InnovationForm):
    """The revised product of the next round."""


TYPE = CaseType(
    place="c",
    letter="ИП",
    about=N_(
        "Трое экспертов, один из них не из нашего муниципалитета, оценивают продукт и возможность его тиражирования."
    ),
    shape=Shape(key=KEY, title=N_("Инновационный продукт"), form=InnovationForm, revision_form=InnovationRevision),
    examined=Examined("инновационный продукт", "инновационного продукта", "инновационный продукт"),
    attachments=(
        Attachment("product", N_("Продукт"), required=always),
        Attachment("effects_data", N_("Данные об эффектах"), required=always),
        Attachment("school_order", N_("Приказ организации")),
        Attachment("supplement", N_("Приложения к продукту")),
        Attachment("consent_scan", N_("Согласие на обработку персональных данных (скан)")),
    ),
    policy=Policy(experts=3, outside=1, terms={**COMMON_TERMS, "review": working(15), "third_review": working(8)}),
    directions=("innovations", "exchange"),
)
