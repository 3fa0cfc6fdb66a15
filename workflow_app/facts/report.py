"""What a report on the programme tells, read from the rows; the values of indicators as they were fixed, else as they stand."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app.content_types.programme_report import is_of
from workflow_app.db.models import RECORDS, Person
from workflow_app.documents.kinds.programme_report import (
    NO_DATA,
    ActLine,
    EventLine,
    IndicatorLine,
    ItemLine,
    PartnerLine,
    ProductLine,
    PublicationLine,
    Told,
)
from workflow_app.documents.russian.grammar import short_day
from workflow_app.facts import deadlines
from workflow_app.facts.programme import Monitor, all_indicators, monitor, passport
from workflow_app.facts.report_lists import label, listed, missing
from workflow_app.monitoring.indicators import CRITERIA, Indicator
from workflow_app.monitoring.values import amount

_MISSING: Final = "missing"
_SORTS: Final = {"interim": "промежуточный отчёт", "final": "итоговый отчёт"}
_LINES: Final[Mapping[str, Callable[..., Any]]] = {
    "items": ItemLine, "products": ProductLine, "events": EventLine, "publications": PublicationLine, "dissemination": ActLine,
    "partners": PartnerLine,
}  # fmt: skip
_NAMES: Final = {*_LINES, _MISSING}


def fixed(session: Session, report: Any) -> dict[str, str]:
    """Return what a report keeps of a day, each as JSON with the day, the period and the stage.

    By indicator: number, parts, target, trend, the rows counted and their versions; by list: its lines, the rows that they tell of
    and their versions, how many there were; ``missing``: what the plan lacked.
    """
    told = _values(session, report) | _lists(session, report)
    return {name: json.dumps(one, ensure_ascii=False) for name, one in told.items()}


def _values(session: Session, report: Any) -> dict[str, Any]:
    now = monitor(session, report.municipality_id)
    of = _of(report, now.town.today)
    return {one.key: _value(now, one, report) | of for one in all_indicators()}


def _lists(session: Session, report: Any) -> dict[str, Any]:
    of = _of(report, deadlines.today(session, report.municipality_id))
    found: dict[str, Any] = {
        name: {"lines": [line.cells for line in one.lines], "rows": [list(line.row) for line in one.lines], "total": one.total} | of
        for name, one in listed(session, report).items()
    }  # fmt: skip
    return found | {_MISSING: {"lines": list(missing(session, report))} | of}


def _of(report: Any, day: date) -> dict[str, Any]:
    days = {"since": report.since.isoformat(), "until": report.until.isoformat()}
    return {"counted_on": day.isoformat(), **days, "stage": report.stage}


def _value(now: Monitor, one: Indicator, report: Any) -> dict[str, Any]:
    value, target = now.value(one, report.since, report.until, report.stage), now.target(one, report.stage)
    return {
        "number": _plain(value.number), "numerator": _plain(value.numerator), "denominator": _plain(value.denominator),
        "target": _plain(target), "paper": value.paper, "rows": [list(row) for row in value.rows],
        "trend": [[stage.key, _plain(then.number)] for stage, then in now.trend(one)],
    }  # fmt: skip


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def latest(session: Session, municipality_id: int, report_kind: str) -> Any:
    """Return the newest report of a kind; None: there is none."""
    model: Any = RECORDS["programme_report"]
    mine = (model.municipality_id == municipality_id, model.report_kind == report_kind, model.state != "ended")
    return session.scalars(select(model).where(*mine).order_by(model.until.desc(), model.id.desc()).limit(1)).first()


def kept(report: Any) -> dict[str, Any]:
    """Return what was fixed for the report's own period and stage, by indicator and by list; nothing where it was not."""
    values = dict(report.fixed or {})
    if not is_of(values, report.since, report.until, report.stage):
        return {}
    return {name: json.loads(one) for name, one in values.items()}


def told(session: Session, report: Any) -> Told:
    """Return the card of a report: its own words, what was fixed or, before that, what stands today.

    A report that was fixed before lists were kept takes them from the rows of today.
    """
    values = kept(report) or _values(session, report)
    if not values.keys() >= _NAMES:
        values |= _lists(session, report)
    lines = indicators(values)
    days = [values[one.key]["counted_on"] for one in all_indicators() if one.key in values]
    said: dict[str, Any] = _passport(session, report)
    said |= {name: tuple(line(*cells) for cells in values[name]["lines"]) for name, line in _LINES.items()}
    return Told(
        title=report.title, sort=_SORTS.get(report.report_kind, ""), **said,
        stage=label("plan_item", "stage", report.stage), since=report.since, until=report.until, counted_on=date.fromisoformat(max(days)),
        indicators=lines,
        deviations=report.deviations, difficulties=report.difficulties,
        conclusions=report.conclusions, forecast=report.forecast, following=report.following,
        missing=(*values[_MISSING]["lines"], *(f"{one.key} «{one.title}»: нет данных" for one in lines if one.fact_number is None)),
        totals=tuple((name, values[name]["total"]) for name in _LINES),
    )  # fmt: skip


def indicators(values: Mapping[str, Any]) -> tuple[IndicatorLine, ...]:
    """Return the indicators of what :func:`kept` returned, in their order."""
    return tuple(_indicator(one, values[one.key]) for one in all_indicators() if one.key in values)


def _passport(session: Session, report: Any) -> dict[str, str]:
    row: Any = (
        session.get(RECORDS["programme"], report.programme_id)
        if report.programme_id
        else passport(session, report.municipality_id)
    )
    if row is None:
        return dict.fromkeys(("theme", "status", "term", "leader", "team", "link"), "")
    return {
        "theme": row.title, "status": f"{row.status} ({row.act})" if row.status and row.act else row.status or row.act,
        "term": f"{short_day(row.since)} – {short_day(row.until)}", "leader": session.get_one(Person, row.leader_id).full_name,
        "team": row.team, "link": row.link,
    }  # fmt: skip


def _indicator(one: Indicator, kept: Mapping[str, Any]) -> IndicatorLine:
    number = Decimal(kept["number"]) if kept["number"] is not None else None
    target = Decimal(kept["target"]) if kept["target"] is not None else None
    top, whole = (Decimal(kept[name] or 0) for name in ("numerator", "denominator"))
    between = "на" if one.unit == "points" else "из"
    parts = (
        f"{amount(top, 'count')} {between} {amount(whole, 'count')}" if whole else ""
    )  # of a count it is the fact itself
    trend = " → ".join(
        amount(Decimal(then), one.unit) if then is not None else NO_DATA for _stage, then in kept["trend"]
    )
    source = f"документ: {kept['paper']}" if kept["paper"] else str(one.source)
    return IndicatorLine(
        str(CRITERIA[one.criterion]), one.name, str(one.title), amount(target, one.unit) if target is not None else "не назначен",
        amount(number, one.unit) if number is not None else NO_DATA, parts, source, trend,
        target, number,
    )  # fmt: skip
