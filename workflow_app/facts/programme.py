"""The programme as it stands: stages, the plan with what confirms it, indicators over any period, what is missing and who owes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from typing import Any, Final

from sqlalchemy import Integer, bindparam, func, select, union_all
from sqlalchemy.orm import Session

from workflow_app import data
from workflow_app.content_types.plan_item import FINISHED, OPEN, STAGES
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import RECORDS, CaseFile, Record
from workflow_app.errors import Sentence
from workflow_app.facts import deadlines, monitoring
from workflow_app.facts.keeping import Readings
from workflow_app.facts.standings import visible
from workflow_app.monitoring.indicators import INDICATORS, Indicator, Typed, value_of
from workflow_app.monitoring.observed import Look, Period, Town
from workflow_app.monitoring.values import Value
from workflow_app.states.vocabulary import Actor, Permission

_ATTACHED: Final = (CaseFile.record_kind == "plan_item", CaseFile.state == "attached")
CONFIRMS: Final = tuple(
    (key, name) for key, kind in CONTENT_TYPES.items() for name, how in kind.fields.items() if how.refers == "plan_item"
)
"""The kinds whose records confirm an item of the plan, and the field by which they name it."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the programme; its days by the programme (section 2.1) and by its plan (section 3.1), which differ."""

    key: str
    title: Sentence
    since: date
    until: date
    plan_since: date
    plan_until: date


@cache
def stages() -> tuple[Stage, ...]:
    """Return the stages in their order; the programme's text never changes while the program runs."""
    titles = {one.value: one.label for one in STAGES}
    return tuple(
        Stage(one["key"], titles[one["key"]], *one["in_programme"], *one["in_plan"]) for one in data.load("programme")["stages"]
    )  # fmt: skip


def stage_at(day: date) -> Stage:
    """Return the stage in which a day lies, the first before all, the last behind them."""
    known = stages()
    return next((one for one in known if day <= one.until), known[-1])


@dataclass(frozen=True)
class Monitor:
    """All indicators of a town on a day: rows are read once, periods are counted from them."""

    town: Town
    typed: Sequence[Typed]
    targets: Mapping[tuple[str, str], tuple[Decimal, int | None]]
    _kept: dict[tuple[str, date, date, str], Value] = field(default_factory=dict, compare=False)

    def value(self, one: Indicator, since: date, until: date, stage: str = "") -> Value:
        """Return the value of an indicator over a period; ``stage``: whose number of planned participants counts."""
        stage = stage or stage_at(until).key
        key = (one.key, since, until, stage)
        if key not in self._kept:
            plan = self.targets.get((one.key, stage))
            look = Look(self.town, Period(since, until, plan[1] if plan else None))
            self._kept[key] = value_of(one, look, self.typed)
        return self._kept[key]

    def target(self, one: Indicator, stage: str) -> Decimal | None:
        """Return what is planned for an indicator in a stage."""
        found = self.targets.get((one.key, stage))
        return found[0] if found else None

    def trend(self, one: Indicator) -> list[tuple[Stage, Value]]:
        """Return the values of an indicator by stages, as far as they have begun."""
        begun = [stage for stage in stages() if stage.since <= self.town.today]
        return [(stage, self.value(one, stage.since, stage.until, stage.key)) for stage in begun]


def monitor(session: Session, municipality_id: int, day: date | None = None) -> Monitor:
    """Return the indicators of a town on a day; None: as they stand."""
    then = monitoring.then_of(session, municipality_id, day)
    return Monitor(
        monitoring.town(session, municipality_id, day, then), monitoring.typed(session, municipality_id, then),
        monitoring.planned(session, municipality_id, then),
    )  # fmt: skip


KEPT: Final = Readings[Monitor](most=4)  # towns and days, of some megabytes each


def kept_monitor(session: Session, municipality_id: int, day: date | None = None) -> Monitor:
    """Return the same for pages, kept until something is done."""
    key = (municipality_id, day, deadlines.today(session, municipality_id))
    return KEPT.of(session, key, lambda: monitor(session, municipality_id, day))


@dataclass(frozen=True)
class Item:
    """An item of the plan, with how many records, parts and files confirm it."""

    row: Any
    evidence: int
    today: date

    @property
    def is_late(self) -> bool:
        """Whether its term is over and nobody has said how it ended."""
        return self.row.state in OPEN and self.row.until is not None and self.row.until < self.today

    @property
    def is_finished(self) -> bool:
        """Whether it is said how it ended."""
        return self.row.state in FINISHED

    @property
    def needs(self) -> int:
        """How many confirmations make it complete: one, or as many as the programme names."""
        return int(self.row.at_least or 1)

    @property
    def lacks(self) -> bool:
        """Whether it was done and too little confirms it: nothing, or fewer than the programme names."""
        return self.row.state in ("done", "partly") and self.evidence < self.needs

    def spans(self, stage: Stage) -> tuple[date, date]:
        """Return its first and its last day: where it names none, those of its stage in the plan."""
        until = self.row.until or stage.plan_until
        return min(self.row.since or stage.plan_since, until), until

    @cached_property
    def order(self) -> tuple[Any, ...]:
        """By stage, then by the number in the programme: 2.9 before 2.10."""
        parts = tuple(int(one) if one.isdigit() else 0 for one in self.row.code.split(".")) if self.row.code else ()
        return (self.row.stage, not parts, parts, self.row.until or date.max, self.row.id)


def plan(session: Session, municipality_id: int, today: date, rows: Sequence[Any] | None = None) -> list[Item]:
    """Return the items of the plan in their order: two statements."""
    model: Any = RECORDS["plan_item"]
    if rows is None:
        mine = select(model).where(model.municipality_id == municipality_id, model.state != "ended")
        rows = session.scalars(mine).all()
    counted = evidence(session, municipality_id)
    return sorted((Item(one, counted.get(one.id, 0), today) for one in rows), key=lambda one: one.order)


def evidence(session: Session, municipality_id: int) -> Mapping[int, int]:
    """Return how many records, parts and files confirm each item, by the item's number."""
    found: dict[int, int] = {}
    for item, many in session.execute(_confirmations(), {"home": municipality_id}).all():
        found[item] = found.get(item, 0) + many
    return found


def confirming(session: Session, actor: Actor, item_id: int, most: int = 20) -> list[Record]:
    """Return the records that confirm an item and that the actor may see, at most so many of a kind; files are not among them."""
    found: list[Record] = []
    for key, name in (*CONFIRMS, ("plan_evidence", "within_id")):
        model: Any = RECORDS[key]
        seen = visible(actor, Permission.VIEW, model).among(getattr(model, name) == item_id, model.state != "ended")
        found += session.scalars(select(model).where(seen.condition).order_by(model.id).limit(most)).unique()
    return found


def files_of(session: Session, item_id: int) -> Sequence[str]:
    """Return the names of the files that are attached to an item."""
    return session.scalars(
        select(CaseFile.name).where(CaseFile.record_id == item_id, *_ATTACHED).order_by(CaseFile.id)
    ).all()


@cache
def _confirmations() -> Any:
    """Return the statement of how many of each kind confirm an item in a town, ``home``."""
    home, counts = bindparam("home", type_=Integer), []
    for key, name in (*CONFIRMS, ("plan_evidence", "within_id")):
        model: Any = RECORDS[key]
        column = getattr(model, name)
        own = (model.municipality_id == home, column.is_not(None), model.state != "ended")
        counts.append(select(column, func.count()).where(*own).group_by(column))
    mine = (CaseFile.municipality_id == home, *_ATTACHED, CaseFile.record_id.is_not(None))
    of = select(CaseFile.record_id, func.count()).where(*mine)
    return union_all(*counts, of.group_by(CaseFile.record_id))


def passport(session: Session, municipality_id: int) -> Record | None:
    """Return the programme of the centre; of several the latest."""
    model = RECORDS["programme"]
    mine = select(model).where(model.municipality_id == municipality_id, model.state != "ended")
    return session.scalars(mine.order_by(model.id.desc()).limit(1)).first()


def all_indicators() -> Sequence[Indicator]:
    """Return the 17 indicators in their order."""
    return tuple(INDICATORS.values())
