"""What people enter about indicators: targets, and values that stand in papers (before the system, or where no record of ours tells)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workflow_app.content_types.behaviors import FileKind, Files
from workflow_app.content_types.declaration import ContentType, Listing, OfRecord, SchoolYear, record_workflow
from workflow_app.content_types.plan_item import STAGES
from workflow_app.content_types.shared import KEEPERS, STAFF
from workflow_app.errors import N_
from workflow_app.monitoring.indicators import INDICATORS
from workflow_app.monitoring.values import Value
from workflow_app.states.forms import Choice, Problems, ask, rule

OF = tuple(Choice(one.key, N_("%(key)s %(title)s", key=one.name, title=one.title)) for one in INDICATORS.values())


@dataclass(frozen=True, kw_only=True)
class IndicatorValue(OfRecord):
    """A value over the days from ``since`` to ``until``, with the paper that it stands in."""

    indicator: str = ask(N_("Показатель"), choices=OF)
    since: date = ask(N_("Период с"))
    until: date = ask(N_("Период по"))
    value: Decimal = ask(N_("Значение"), least=-1000, most=1000000)
    numerator: Decimal | None = ask(N_("Числитель"), required=False, default=None)
    denominator: Decimal | None = ask(N_("Знаменатель"), required=False, default=None)
    paper: str = ask(
        N_("Документ-источник"), least=3, most=300, help=N_("Название, дата, номер: откуда взято значение.")
    )

    @rule
    def is_what_its_parts_give(self) -> Problems:
        """The value of a percentage or a mean is what numerator and denominator come to; a period does not end before it begins."""
        if self.until < self.since:
            return {"until": (N_("Период кончается раньше, чем начинается."),)}
        unit = INDICATORS[self.indicator].unit
        whole = Value(unit, self.numerator, self.denominator).number if self.numerator is not None else None
        if whole is not None and whole != self.value:
            return {"value": (N_("По числителю и знаменателю выходит %(n)s.", n=whole),)}
        return {}


@dataclass(frozen=True, kw_only=True)
class IndicatorTarget(OfRecord):
    """What is planned for an indicator in a stage; ``planned``: for K3.1, of how many people and partners."""

    indicator: str = ask(N_("Показатель"), choices=OF)
    stage: str = ask(N_("Этап"), choices=STAGES)
    target: Decimal = ask(N_("План"), least=0, most=1000000)
    ground: str = ask(
        N_("Чем назначен план"), least=3, most=300, help=N_("Документ или решение: название, дата, номер.")
    )
    planned: int | None = ask(
        N_("Запланировано участников и партнёров"), required=False, least=1, most=1000000, default=None,
        help=N_("Только для К3.1: от этого числа считается доля."),
    )  # fmt: skip


INDICATOR_VALUE = ContentType(
    key="indicator_value", titles=(N_("Значение показателя"), N_("Внесённые значения"), N_("Внести значение")), sheet=IndicatorValue,
    title="paper",
    about=N_("Здесь значения показателей из документов: за годы до системы и те, которых в системе ещё нечем посчитать."),
    workflow=record_workflow("indicator_value", N_("Значение показателя"), IndicatorValue, sees=STAFF, keeps=KEEPERS),
    behaviors=(SchoolYear(by="until"), Files((FileKind("source", N_("Документ-источник"), 5),))),
    group="programme", icon="chart", aside=True,
    listing=Listing(("paper", "indicator", "since", "until", "value"), ("state", "indicator"), ("paper",), "-until"),
)  # fmt: skip
INDICATOR_TARGET = ContentType(
    key="indicator_target", titles=(N_("План показателя"), N_("Плановые значения"), N_("Внести план показателя")), sheet=IndicatorTarget,
    title="ground", about=N_("Здесь плановые значения показателей по этапам. Без них отчёт показывает один факт."),
    workflow=record_workflow("indicator_target", N_("План показателя"), IndicatorTarget, sees=STAFF, keeps=KEEPERS),
    group="programme", icon="chart", aside=True,
    listing=Listing(("ground", "indicator", "stage", "target"), ("state", "indicator", "stage"), ("ground",), "id"),
)  # fmt: skip
