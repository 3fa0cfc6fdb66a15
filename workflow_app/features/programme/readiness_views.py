"""The readiness board: what of the report is there, in work or missing, who owes it; and the report itself at one press."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from workflow_app import data
from workflow_app.db.models import RECORDS
from workflow_app.errors import N_
from workflow_app.facts.programme import Item, Stage, all_indicators, kept_monitor, passport, plan, stage_at, stages
from workflow_app.facts.record_names import Names, names_of
from workflow_app.features.programme import preload
from workflow_app.features.programme.indicator_views import Over, Shown, shown, value_form
from workflow_app.features.programme.slice import STAFF, may_begin, slice_, today
from workflow_app.monitoring.indicators import CRITERIA
from workflow_app.web import awaited_words
from workflow_app.web.formatting import say, short_day
from workflow_app.web.next_page import go_to, safe_next
from workflow_app.web.page import Menu
from workflow_app.web.request_scope import here

DONE, WORK, MISSING = "done", "work", "missing"


@dataclass(frozen=True, slots=True)
class Ready:
    """A row of the board: what it is, how it stands, what is missing, who owes it until when, what to press."""

    title: str
    url: str
    standing: str
    lacks: str
    owes: str
    until: str
    remind: str = ""
    reminded: str = ""
    version: int = 0
    enter: str = ""


_WORDS = {DONE: (N_("готово"), "good"), WORK: (N_("в работе"), "work"), MISSING: (N_("нет"), "attention")}


@slice_.page("/programme", readers=STAFF, menu=Menu(20, N_("Готовность отчёта"), "check-circle", "programme"))
def readiness() -> str:
    """Show for each item and indicator of a stage whether the report has it."""
    scope, now = here(), today()
    stage = next((one for one in stages() if one.key == request.args.get("stage")), stage_at(now))
    home = scope.me.municipality_id
    every = plan(scope.session, home, now)
    items = [one for one in every if one.row.stage <= stage.key]
    people = names_of(scope.session, [one.row for one in items], "responsible_id")
    waits = awaited_words.buttons(scope, [one.row for one in items])
    rows = [
        (stage_, [_item(one, people, waits.get(one.row, ("", ""))) for one in items if one.row.stage == stage_.key])
        for stage_ in stages()
    ]
    counted = kept_monitor(scope.session, home)
    over = Over(stage.since, stage.until, say(stage.title), stage)
    lines = [_indicator(shown(counted, one, over, trend=False), over) for one in all_indicators()]
    criteria = [
        (say(title), [line for one, line in zip(all_indicators(), lines, strict=True) if one.criterion == key])
        for key, title in CRITERIA.items()
    ]
    ready = [one for _stage, many in rows for one in many]
    tabs = [
        {"title": say(one.title), "url": url_for("programme.readiness", stage=one.key), "current": one.key == stage.key}
        for one in stages()
    ]
    return render_template(
        "programme/readiness.html", stage=stage,
        tabs=tabs,
        words=_WORDS,
        items=[(say(one.title), many) for one, many in rows if many], criteria=criteria, programme=passport(scope.session, home),
        items_ready=_ready(ready), items_of=len(ready), indicators_ready=_ready(lines), indicators_of=len(lines),
        reports=_reports(home),
        may_enter=len(every) < len(data.load("programme")["items"]) and may_begin("plan_item"),
        new_url=_report_of(stage) if may_begin("programme_report") else "",
        may_passport=may_begin("programme"),
    )  # fmt: skip


def _ready(rows: list[Ready]) -> int:
    return sum(1 for one in rows if one.standing == DONE)


def _item(one: Item, people: Names, waits: tuple[str, str]) -> Ready:
    row = one.row
    said = list(_lacks(one))
    standing = DONE if one.is_finished and not one.lacks else MISSING if one.is_late or one.lacks else WORK
    return Ready(
        f"{row.code} {row.title}".strip(), url_for("records.plan_item", id=row.id), standing, "; ".join(said),
        people.get(("person", row.responsible_id), "") or _("ответственный не назван"), short_day(row.until) if row.until else "",
        *(waits if standing != DONE else ("", "")), row.version,
    )  # fmt: skip


def _lacks(one: Item) -> Iterator[str]:
    if one.is_late:
        yield _("срок прошёл, не отмечено, чем закончилось")
    elif not one.is_finished:
        yield _("срок ещё не наступил") if one.row.until else _("срок не назван")
    if one.lacks:
        yield (
            _("подтверждений %(n)s из %(of)s", n=one.evidence, of=one.row.at_least)
            if one.evidence
            else _("нет подтверждений")
        )


def _report_of(stage: Stage) -> str:
    """Return the form of a new report over a stage."""
    days: dict[str, Any] = {"since": stage.since.isoformat(), "until": stage.until.isoformat()}
    final = stage.key == stages()[-1].key
    return url_for("records.programme_report_new", report_kind="final" if final else "interim", stage=stage.key, **days)


def _indicator(line: Shown, over: Over) -> Ready:
    there = line.value.number is not None
    enter = "" if there or not may_begin("indicator_value") else value_form(line.one, over)
    lacks = "" if there and line.plan else _("не назначен план") if there else _("нет данных")
    return Ready(
        f"{line.one.name} {say(line.one.title)}", url_for("programme.indicator", key=line.one.key, period=over.stage.key),
        DONE if there else MISSING, lacks, _("координатор"), line.words if there else "", enter=enter,
    )  # fmt: skip


def _reports(home: int) -> list[dict[str, str]]:
    model: Any = RECORDS["programme_report"]
    mine = select(model).where(model.municipality_id == home, model.state != "ended")
    found = here().session.scalars(mine.order_by(model.until.desc(), model.id.desc()).limit(10))
    states = [(one, one.content.workflow.state(one.state)) for one in found]
    return [
        {
            "title": one.title,
            "url": url_for("records.programme_report", id=one.id),
            "state": say(state.title),
            "tone": state.tone,
        }
        for one, state in states
    ]


@slice_.page("/programme/preload", readers=STAFF, methods=("POST",))
def enter_plan() -> Response:
    """Enter the plan as the programme has it, and what it needs; what is there already is passed over."""
    scope = here()
    many = preload.enter(scope.session, scope.me)
    flash(
        _("Внесено: %(n)s.", n=many) if many else _("План уже внесён: добавлять нечего."), "success" if many else "info"
    )
    return go_to(safe_next(request.form.get("next"), url_for("programme.readiness")))
