"""What a report on the programme tells, read from the rows; the values of indicators as they were fixed, else as they stand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow_app.content_types.programme_report import is_of
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import RECORDS, Case, Person
from workflow_app.documents.kinds.programme_report import NO_DATA, IndicatorLine, ItemLine, Line, Told
from workflow_app.documents.russian.grammar import short_day
from workflow_app.facts import deadlines
from workflow_app.facts.programme import Item, Monitor, all_indicators, monitor, passport, plan
from workflow_app.monitoring.indicators import CRITERIA, Indicator
from workflow_app.monitoring.values import amount


def fixed(now: Monitor, since: date, until: date, stage: str) -> dict[str, str]:
    """Return the values of a day by indicator, each as JSON: number, parts, target, trend, the rows counted and their versions."""
    return {one.key: json.dumps(_fixed(now, one, since, until, stage), ensure_ascii=False) for one in all_indicators()}


def _fixed(now: Monitor, one: Indicator, since: date, until: date, stage: str) -> dict[str, Any]:
    value, target = now.value(one, since, until, stage), now.target(one, stage)
    return {
        "number": _plain(value.number), "numerator": _plain(value.numerator), "denominator": _plain(value.denominator),
        "target": _plain(target), "paper": value.paper, "rows": [list(row) for row in value.rows],
        "trend": [[stage_.key, _plain(then.number)] for stage_, then in now.trend(one)], "counted_on": now.town.today.isoformat(),
        "since": since.isoformat(), "until": until.isoformat(), "stage": stage,
    }  # fmt: skip


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def latest(session: Session, municipality_id: int, report_kind: str) -> Any:
    """Return the newest report of a kind; None: there is none."""
    model: Any = RECORDS["programme_report"]
    mine = (model.municipality_id == municipality_id, model.report_kind == report_kind, model.state != "ended")
    return session.scalars(select(model).where(*mine).order_by(model.until.desc(), model.id.desc()).limit(1)).first()


def told(session: Session, report: Any) -> Told:
    """Return the card of a report: its own words, the plan, the values that were fixed or, before that, those of today."""
    today, home = deadlines.today(session, report.municipality_id), report.municipality_id
    values = dict(report.fixed or {})
    if not is_of(values, report.since, report.until, report.stage):
        values = fixed(monitor(session, home), report.since, report.until, report.stage)
    lines = [_indicator(one, json.loads(values[one.key])) for one in all_indicators() if one.key in values]
    items = plan(session, home, today)
    days = [json.loads(one)["counted_on"] for one in values.values()]
    return Told(
        title=report.title, **_passport(session, report), stage=_label("plan_item", "stage", report.stage), since=report.since,
        until=report.until, counted_on=date.fromisoformat(max(days)) if days else today,
        items=tuple(_item(one) for one in items), indicators=tuple(lines), products=tuple(_products(session, report)),
        events=tuple(_events(session, report)), publications=tuple(_publications(session, report)),
        partners=tuple(_partners(session, report)), deviations=report.deviations, difficulties=report.difficulties,
        conclusions=report.conclusions, forecast=report.forecast, following=report.following,
        missing=tuple(_missing(items, lines)),
    )  # fmt: skip


def _passport(session: Session, report: Any) -> dict[str, str]:
    row: Any = (
        session.get(RECORDS["programme"], report.programme_id)
        if report.programme_id
        else passport(session, report.municipality_id)
    )
    if row is None:
        return dict.fromkeys(("theme", "status", "term", "leader", "team", "link"), "")
    return {
        "theme": row.title, "status": ", ".join(one for one in (row.status, row.act) if one),
        "term": f"{short_day(row.since)} – {short_day(row.until)}", "leader": session.get_one(Person, row.leader_id).full_name,
        "team": row.team, "link": row.link,
    }  # fmt: skip


def _item(one: Item) -> ItemLine:
    row = one.row
    words = " ".join(part for part in (row.outcome, row.reason) if part)
    planned = " – ".join(short_day(day) for day in (row.since, row.baseline or row.until) if day)
    fact = short_day(row.done_on) if row.done_on else f"перенесено на {short_day(row.until)}" if row.baseline else ""
    state = str(row.content.workflow.state(row.state).title)
    return ItemLine(
        row.code, row.title, planned, fact, words or row.expected, str(one.evidence) if one.evidence else "нет", state
    )


def _indicator(one: Indicator, kept: Mapping[str, Any]) -> IndicatorLine:
    number = Decimal(kept["number"]) if kept["number"] is not None else None
    target = Decimal(kept["target"]) if kept["target"] is not None else None
    top, whole = (Decimal(kept[name] or 0) for name in ("numerator", "denominator"))
    parts = (
        "" if kept["numerator"] is None else amount(top, "count") + (f" из {amount(whole, 'count')}" if whole else "")
    )
    trend = " → ".join(amount(Decimal(then), one.unit) if then is not None else "–" for _stage, then in kept["trend"])
    source = f"документ: {kept['paper']}" if kept["paper"] else str(one.source)
    return IndicatorLine(
        str(CRITERIA[one.criterion]), one.name, str(one.title), amount(target, one.unit) if target is not None else "не назначен",
        amount(number, one.unit) if number is not None else NO_DATA, parts, source, trend,
    )  # fmt: skip


def _missing(items: list[Item], lines: list[IndicatorLine]) -> Iterator[str]:
    for one in items:
        name = f"{one.row.code} «{one.row.title}»".strip()
        if one.is_late:
            yield f"{name}: срок прошёл {short_day(one.row.until)}, не отмечено, чем закончилось"
        elif one.lacks:
            yield (
                f"{name}: нет подтверждений"
                if not one.evidence
                else f"{name}: подтверждений {one.evidence} из {one.row.at_least}"
            )
    for line in lines:
        if line.fact == NO_DATA:
            yield f"{line.key} «{line.title}»: нет данных"


def _label(kind: str, name: str, value: str) -> str:
    known = CONTENT_TYPES[kind].fields[name].choices or ()
    return next((str(one.label) for one in known if not isinstance(one, str) and one.value == value), value)


def _within(session: Session, report: Any, kind: str, day: str = "on") -> Iterator[Any]:
    """Yield the records of a kind that lie in the report's period, by their day."""
    model: Any = RECORDS[kind]
    column = getattr(model, day)
    mine = (
        model.municipality_id == report.municipality_id,
        model.state != "ended",
        column.between(report.since, report.until),
    )
    yield from session.scalars(select(model).where(*mine).order_by(column, model.id))


def _products(session: Session, report: Any) -> Iterator[Line]:
    for row in _within(session, report, "product"):
        case = session.get(Case, row.case_id) if row.case_id else None
        examined = "не проводилась" if case is None else f"дело {case.number or 'без номера'}"
        yield Line(row.title, _label("product", "product_kind", row.product_kind), examined)


def _events(session: Session, report: Any) -> Iterator[Line]:
    model: Any = RECORDS["registration"]
    came = select(model.within_id, func.count()).where(
        model.municipality_id == report.municipality_id, model.state == "attended"
    )
    many = {row[0]: row[1] for row in session.execute(came.group_by(model.within_id))}
    for row in _within(session, report, "centre_event"):
        if row.state == "held":
            form = f"{_label('centre_event', 'level', row.level)}, {_label('centre_event', 'form', row.form)}"
            yield Line(short_day(row.on), row.title, form, str(many.get(row.id, "")))


def _publications(session: Session, report: Any) -> Iterator[Line]:
    for row in _within(session, report, "publication"):
        where = f"{_label('publication', 'channel', row.channel)}, {_label('publication', 'level', row.level)}"
        yield Line(short_day(row.on), row.title, where, row.link or row.output)


def _partners(session: Session, report: Any) -> Iterator[Line]:
    model: Any = RECORDS["agreement"]
    lasts = (model.until.is_(None)) | (model.until >= report.since)
    mine = (model.municipality_id == report.municipality_id, model.state != "ended", model.since <= report.until, lasts)
    for row in session.scalars(select(model).where(*mine).order_by(model.since, model.id)):
        until = short_day(row.until) if row.until else "бессрочно"
        yield Line(row.partner, row.subject, f"{short_day(row.since)} – {until}")
