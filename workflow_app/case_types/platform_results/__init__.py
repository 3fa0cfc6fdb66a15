"""(h) «Результаты проекта (площадки)»: what a project or a base platform reached in a period; the verdict only recommends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow_app.case_types.declaration import (
    COMMON_TERMS,
    Attachment,
    CaseForm,
    CaseType,
    Policy,
    always,
    listed,
    working,
)
from workflow_app.documents.content.snapshot import Examined
from workflow_app.errors import N_
from workflow_app.states.definitions.case.build import Shape
from workflow_app.states.definitions.case.forms import RecordAct
from workflow_app.states.forms import Problems, Sheet, ask, rule

KEY = "platform_results"


@dataclass(frozen=True, kw_only=True)
class Step(Sheet):
    """A line of the plan and what became of it."""

    planned: str = ask(N_("Мероприятие по плану"), least=3, most=500)
    term: str = ask(N_("Срок по плану"), most=60)
    done: str = ask(N_("Выполнение"), choices=listed(KEY, "done"))
    fact: str = ask(N_("Что сделано, чем подтверждено; если не сделано – почему"), least=3, most=1000)


@dataclass(frozen=True, kw_only=True)
class Product(Sheet):
    """A product of the period."""

    name: str = ask(N_("Продукт"), least=3, most=300)
    use: str = ask(N_("Готовность, экспертиза, где используется"), most=500)


@dataclass(frozen=True, kw_only=True)
class Happening(Sheet):
    """An event at which the results were shown or used."""

    name: str = ask(N_("Событие"), least=3, most=300)
    held_on: date = ask(N_("Дата"))
    people: int = ask(N_("Участников"), least=0, most=100_000)


@dataclass(frozen=True, kw_only=True)
class Publication(Sheet):
    """A publication about the results."""

    name: str = ask(N_("Публикация"), least=3, most=300)
    source: str = ask(N_("Где опубликована: издание, номер, ссылка"), most=500)


@dataclass(frozen=True, kw_only=True)
class Indicator(Sheet):
    """An indicator of the plan: as people write values, «24 чел.» or «не менее 60 %»."""

    name: str = ask(N_("Показатель"), least=3, most=300)
    plan: str = ask(N_("План"), most=100)
    fact: str = ask(N_("Факт"), most=100)


@dataclass(frozen=True, kw_only=True)
class ResultsForm(CaseForm):
    """The report of a project or a platform for a period."""

    examined: str = ask(N_("Что представлено"), choices=listed(KEY, "objects"), widget="radio", section=N_("Отчёт"))
    own_programme: bool = ask(
        N_("Это программа самого методического центра"), required=False, default=False,
        help=N_("Тогда все три эксперта – не из нашего муниципалитета, а утверждает заключение не центр."),
    )  # fmt: skip
    status_act: str = ask(N_("Акт о статусе или об утверждении проекта"), least=5, most=300)
    period_from: date = ask(N_("Отчётный период: с"))
    period_to: date = ask(N_("Отчётный период: по"))
    steps: tuple[Step, ...] = ask(N_("План и факт"), least=1, most=60, section=N_("Что сделано"))
    products: tuple[Product, ...] = ask(N_("Продукты"), required=False, most=40, default=())
    events: tuple[Happening, ...] = ask(N_("События"), required=False, most=40, default=())
    publications: tuple[Publication, ...] = ask(N_("Публикации"), required=False, most=40, default=())
    indicators: tuple[Indicator, ...] = ask(N_("Показатели"), least=3, most=40, section=N_("Итоги"))
    difficulties: str = ask(N_("Трудности и риски"), least=100, most=3000, long=True)
    next_plan: str = ask(N_("План следующего периода"), least=100, most=3000, long=True)

    @rule
    def the_period_has_an_order(self) -> Problems:
        """A period ends after it begins."""
        right = self.period_from < self.period_to
        return {} if right else {"period_to": (N_("Окончание периода должно быть позже начала."),)}


TYPE = CaseType(
    place="h", letter="РП", directions=("platforms", "exchange"), settled=("examined", "own_programme"),
    about=N_("Трое экспертов оценивают, что сделано за период. Вывод – рекомендация тому, кто решает."),
    shape=Shape(
        key=KEY, title=N_("Результаты проекта (площадки)"), form=ResultsForm, decision=RecordAct, own_programme=True
    ),
    examined=Examined("отчёт о результатах", "отчёта о результатах", "отчёт о результатах"),
    attachments=(
        Attachment("report", N_("Отчёт"), required=always, help=N_("Отчёт о результатах за период, docx или pdf.")),
        Attachment("products", N_("Продукты"), expected=lambda form: bool(form.get("products"))),
        Attachment("status_act", N_("Копия акта о статусе или об утверждении проекта")),
        Attachment("evidence", N_("Подтверждения: программы событий, публикации, данные показателей")),
        Attachment("consent_scan", N_("Согласие на обработку персональных данных (скан)")),
    ),
    picks=lambda form: "h_project" if form.get("examined") == "project" else "h_platform",
    policy=Policy(experts=3, outside=1, terms={**COMMON_TERMS, "review": working(15), "third_review": working(8)}),
    own=lambda form: bool(form.get("own_programme")),
)  # fmt: skip
