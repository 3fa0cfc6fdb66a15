"""Indicators: the table of all 17 by stages, and one with its parts, its course, the very rows that were counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Response, abort, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select

from workflow_app.calendar.school_year import SchoolYear, school_year
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import Assignment, Case, Record
from workflow_app.errors import N_
from workflow_app.facts.programme import Monitor, Stage, all_indicators, kept_monitor, stage_at, stages
from workflow_app.facts.record_names import title_of, titles_of
from workflow_app.facts.standings import visible
from workflow_app.facts.subjects import KINDS
from workflow_app.features.programme.slice import STAFF, may_begin, slice_, today
from workflow_app.monitoring.indicators import CRITERIA, INDICATORS, Indicator
from workflow_app.monitoring.picture import Column, columns
from workflow_app.monitoring.values import NO_DATA, Ref, Value, amount
from workflow_app.monitoring.values import parts as parts_of
from workflow_app.states.vocabulary import Permission
from workflow_app.web.formatting import say
from workflow_app.web.page import Menu
from workflow_app.web.request_scope import here
from workflow_app.web.table_page import exported, exports

_ROWS_MOST = 200


@dataclass(frozen=True, slots=True)
class Over:
    """What a value is asked over: the days, their words, the stage whose plan counts."""

    since: date
    until: date
    title: str
    stage: Stage


def asked_day() -> date | None:
    """Return the day in the address on which the programme is looked at: a past one; None: now."""
    try:
        day = date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return None
    return day if day < today() else None


def years(now: date) -> list[SchoolYear]:
    """Return the school years of the programme, as far as they have begun."""
    first, last = school_year(stages()[0].since).start, min(school_year(now), school_year(stages()[-1].until)).start
    return [SchoolYear(one) for one in range(first, last + 1)]


def over(now: date) -> Over:
    """Return the period in the address: a stage, a school year, the whole programme; else the stage of today."""
    chosen = request.args.get("period", "")
    if chosen == "all":
        whole = stages()
        return Over(whole[0].since, min(now, whole[-1].until), _("вся программа"), stage_at(now))
    for year in years(now):
        if chosen == f"year{year.start}":
            last = min(now, year.last_day)
            return Over(year.first_day, year.last_day, _("%(year)s учебный год", year=year), stage_at(last))
    stage = next((one for one in stages() if one.key == chosen), stage_at(now))
    return Over(stage.since, stage.until, say(stage.title), stage)


def periods(now: date) -> list[tuple[str, str]]:
    """Return the periods that may be asked, as values of the filter with their words."""
    return [
        *((one.key, say(one.title)) for one in stages()),
        *((f"year{one.start}", _("%(year)s учебный год", year=one)) for one in years(now)),
        ("all", _("вся программа")),
    ]


@dataclass(frozen=True, slots=True)
class Shown:
    """A value as pages show it; ``tone`` and ``state`` say how it stands to the plan."""

    one: Indicator
    value: Value
    target: Decimal | None
    words: str
    plan: str
    parts: str
    tone: str
    state: str
    trend: Sequence[str] = ()


def shown(now: Monitor, one: Indicator, period: Over, *, trend: bool = True) -> Shown:
    """Return how a value is shown; ``trend``: with its course by stages."""
    value, target = now.value(one, period.since, period.until, period.stage.key), now.target(one, period.stage.key)
    number = value.number
    if number is None:
        tone, state = "waiting", say(NO_DATA)
    elif target is None:
        tone, state = "info", _("план не назначен")
    else:
        tone, state = ("good", _("план выполнен")) if number >= target else ("attention", _("ниже плана"))
    return Shown(
        one, value, target, said(value, one),
        amount(target, one.unit) if target is not None else "", parts(value),
        tone, state, [said(then, one) for _stage, then in now.trend(one)] if trend else (),
    )  # fmt: skip


def said(value: Value, one: Indicator) -> str:
    """Return a value in words, «нет данных» for none."""
    return say(NO_DATA) if value.number is None else amount(value.number, one.unit)


def parts(value: Value) -> str:
    """Return numerator and denominator in words; empty where a paper told the value alone."""
    told = parts_of(value)
    return say(told) if told is not None else ""


def value_form(one: Indicator, period: Over) -> str:
    """Return the form of a value of an indicator from a paper; its days are those of a whole stage."""
    whole = (period.since, period.until) == (period.stage.since, period.stage.until)
    days: dict[str, Any] = {"since": period.since.isoformat(), "until": period.until.isoformat()} if whole else {}
    return url_for("records.indicator_value_new", indicator=one.key, **days)


def _monitor() -> Monitor:
    scope = here()
    return kept_monitor(scope.session, scope.me.municipality_id, asked_day())


@slice_.page("/programme/indicators", readers=STAFF, menu=Menu(21, N_("Показатели"), "chart", "programme"))
def indicators() -> str:
    """Show all indicators over a period, by criteria."""
    now = _monitor()
    period = over(now.town.today)
    lines = [shown(now, one, period) for one in all_indicators()]
    return render_template(
        "programme/indicators.html", period=period, periods=periods(now.town.today), chosen=request.args.get("period", period.stage.key),
        on=asked_day(), begun=[say(stage.title).partition(",")[0] for stage in stages() if stage.since <= now.town.today],
        criteria=[(key, say(title), [line for line in lines if line.one.criterion == key]) for key, title in CRITERIA.items()],
        exports=exports("programme.indicators_export"), may_enter=may_begin("indicator_value"),
        full=sum(1 for line in lines if line.value.number is not None), of=len(lines),
    )  # fmt: skip


@slice_.page("/programme/indicators/export.<any(csv, xlsx):kind>", readers=STAFF)
def indicators_export(kind: str) -> Response:
    """Give exactly what the table shows, with numerators and denominators."""
    now = _monitor()
    period = over(now.town.today)
    lines = [shown(now, one, period) for one in all_indicators()]
    header = [
        _("№"), _("Показатель"), _("Период"), _("План"), _("Факт"), _("Числитель"), _("Знаменатель"), _("Источник"), _("Как считается"),
    ]  # fmt: skip
    rows = [
        [line.one.name, say(line.one.title), period.title, line.plan, line.words, *_cells(line.value),
         line.value.paper or say(line.one.source), say(line.one.how)]
        for line in lines
    ]  # fmt: skip
    return exported(kind, header, rows, _("Показатели"))


def _cells(value: Value) -> tuple[str, str]:
    """Return numerator and denominator as cells of a table: a share of nothing has no data, not nought of nought."""
    lacks = "" if value.number is not None else say(NO_DATA)
    top = amount(value.numerator, "count") if value.numerator or (value.numerator is not None and not lacks) else lacks
    return top, amount(value.denominator, "count") if value.denominator else lacks


@slice_.page("/programme/indicators/<key>", readers=STAFF)
def indicator(key: str) -> str:
    """Show an indicator: its value large, of what it was counted, its course, the rows."""
    if key not in INDICATORS:
        abort(404)
    one, now = INDICATORS[key], _monitor()
    period = over(now.town.today)
    line, course = shown(now, one, period), now.trend(one)
    by_years = [(str(year), now.value(one, year.first_day, year.last_day)) for year in years(now.town.today)]
    top = Decimal(100) if one.unit == "percent" else None
    picture = columns(
        say(one.title),
        [
            Column(say(stage.title).partition(",")[0], value.number, said(value, one), now.target(one, stage.key))
            for stage, value in course
        ],
        top,
    )  # fmt: skip
    keys = list(INDICATORS)
    at = keys.index(key)
    return render_template(
        "programme/indicator.html", one=one, line=line, period=period, periods=periods(now.town.today),
        picture=Markup(picture),  # noqa: S704 - our own SVG, its words escaped
        chosen=request.args.get("period", period.stage.key), on=asked_day(), groups=list(_groups(line.value)),
        course=[(say(stage.title), said(value, one), parts(value), _planned(now, one, stage), value.paper) for stage, value in course],
        years=[(words, said(value, one), parts(value), value.paper) for words, value in by_years],
        rows=_counted(line.value.rows), rows_total=len(line.value.rows), note=say(line.value.note) if line.value.note else "",
        value_url=value_form(one, period) if may_begin("indicator_value") else "",
        target_url=url_for("records.indicator_target_list", indicator=key),
        before=keys[at - 1] if at else "", after=keys[at + 1] if at + 1 < len(keys) else "",
        breadcrumbs=[{"title": _("Показатели"), "url": url_for("programme.indicators")}, {"title": one.name, "url": ""}],
    )  # fmt: skip


def _planned(now: Monitor, one: Indicator, stage: Stage) -> str:
    """Return what is planned for a stage in words; empty where nothing is."""
    target = now.target(one, stage.key)
    return "" if target is None else amount(target, one.unit)


def _groups(value: Value) -> Iterator[tuple[str, str]]:
    """Yield the groups of a value in words: a channel, a level, a type of case."""
    for word, number in value.groups.items():
        yield _group(word), amount(number, "count")


def _group(word: str) -> str:
    from workflow_app.case_types.registry import CASE_TYPES  # noqa: PLC0415 - the registry is large, and few pages ask it

    plain = {"partners": _("партнёры"), "municipalities": _("муниципалитеты")}
    if word in CASE_TYPES:
        return say(CASE_TYPES[word].workflow.title)
    for kind, name in (("publication", "channel"), ("publication", "level")):
        known = CONTENT_TYPES[kind].fields[name].choices or ()
        for choice in known:
            if not isinstance(choice, str) and choice.value == word:
                return say(choice.label)
    return str(plain.get(word, word))


def _counted(refs: Sequence[Ref]) -> list[dict[str, str]]:
    """Return the counted rows that the reader may see, each with its kind, its name and its page."""
    scope, found = here(), []
    for kind in dict.fromkeys(ref.kind for ref in refs):
        ids = [ref.id for ref in refs if ref.kind == kind][:_ROWS_MOST]
        model: Any = KINDS[kind]
        seen = visible(scope.me, Permission.VIEW, model).condition
        rows = scope.session.scalars(select(model).where(model.id.in_(ids), seen).order_by(model.id)).unique().all()
        found += list(_lines(kind, rows))
    return found


def _lines(kind: str, rows: Sequence[Any]) -> Iterator[dict[str, str]]:
    records = [one for one in rows if isinstance(one, Record)]
    names = titles_of(here().session, records)
    for row in rows:
        if isinstance(row, Record):
            content = row.content
            top, id_ = (content.within, row.within_id) if content.within else (kind, row.id)
            yield {"kind": say(content.titles[0]), "name": names[row], "url": url_for(f"records.{top}", id=id_)}
        elif isinstance(row, Assignment):
            yield {
                "kind": _("Экспертный лист"),
                "name": _("дело %(n)s", n=row.case_id),
                "url": url_for("cases.show", id=row.case_id),
            }
        elif isinstance(row, Case):
            yield {"kind": _("Дело"), "name": title_of(row), "url": url_for("cases.show", id=row.id)}
