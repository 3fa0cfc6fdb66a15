"""The plan of the programme on a line of time: stages, items with term, state and what confirms them; one opens in its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from workflow_app import data
from workflow_app.calendar.school_year import SchoolYear, school_year
from workflow_app.content_types.reminding import REMIND
from workflow_app.db.models import Record
from workflow_app.errors import N_, Sentence
from workflow_app.facts.programme import Item, Stage, confirming, files_of, plan, stages
from workflow_app.facts.record_names import Names, names_of, titles_of
from workflow_app.facts.subjects import offers_of
from workflow_app.features.programme.slice import STAFF, may_begin, slice_, today
from workflow_app.monitoring.timeline import Band, Bar, Line, bar, head, line_of
from workflow_app.spelling import order_key
from workflow_app.web import awaited_words
from workflow_app.web.formatting import say, short_day
from workflow_app.web.page import Menu
from workflow_app.web.request_scope import here
from workflow_app.web.table_page import Asked, address, asked, exported, exports

_FILTERS: Final = ("stage", "responsible", "standing", "school_year")
STANDINGS: Final[Mapping[str, tuple[Sentence, Callable[[Item], bool]]]] = {
    "open": (N_("в работе"), lambda one: not one.is_finished),
    "late": (N_("просрочено"), lambda one: one.is_late),
    "moved": (N_("перенесено"), lambda one: one.row.baseline is not None),
    "done": (N_("выполнено"), lambda one: one.row.state == "done"),
    "partly": (N_("выполнено частично"), lambda one: one.row.state == "partly"),
    "missed": (N_("не выполнено"), lambda one: one.row.state == "missed"),
    "bare": (N_("без подтверждений"), lambda one: one.lacks or (one.is_late and not one.evidence)),
}
"""How items stand, as the filter names it; some stand in two ways."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An item as the page shows it."""

    item: Item
    title: str
    state: str
    tone: str
    term: str
    was: str
    responsible: str
    confirmed: str
    picture: Markup
    url: str
    remind: str
    reminded: str


@slice_.page("/programme/plan", readers=STAFF, menu=Menu(20, N_("План программы"), "flag", "programme"))
def plan_page() -> str:
    """Show the plan: what is asked of it stands in the address, and which item is open."""
    what, every, names, found = _looked_for()
    groups, line = _drawn(found, names)
    opened = next((one for one in found if str(one.row.id) == request.args.get("item")), None)
    return render_template(
        "programme/plan.html", asked=what, groups=groups, head=Markup(head(line)),  # noqa: S704 - our own SVG, its words escaped
        found=found, total=len(every), opened=opened and _more(opened), filters=_filters(every, names), sums=_sums(every),
        exports=exports("programme.plan_export"), may_add=may_begin("plan_item"),
        may_enter=len(every) < len(data.load("programme")["items"]) and may_begin("plan_item"),
    )  # fmt: skip


@slice_.page("/programme/plan/export.<any(csv, xlsx):kind>", readers=STAFF)
def plan_export(kind: str) -> Response:
    """Give the items that the page shows, with all that is known of them."""
    _what, _every, names, found = _looked_for()
    titles = {one.key: say(one.title) for one in stages()}
    header = [
        _("№"), _("Мероприятие"), _("Этап"), _("Начало"), _("Срок"), _("Срок до переноса"), _("Основание переноса"), _("Ответственный"),
        _("Ожидаемый результат, продукт"), _("Состояние"), _("Выполнено, дата"), _("Что сделано"), _("Причина отклонения"),
        _("Подтверждений"), _("Нужно"),
    ]  # fmt: skip
    rows = [
        [one.row.code, one.row.title, titles.get(one.row.stage, ""), one.row.since, one.row.until, one.row.baseline, one.row.ground,
         _responsible(one, names), one.row.expected, _state(one)[0], one.row.done_on, one.row.outcome, one.row.reason, one.evidence,
         one.needs]
        for one in found
    ]  # fmt: skip
    return exported(kind, header, rows, _("План программы"))


def _looked_for() -> tuple[Asked, Sequence[Item], Names, Sequence[Item]]:
    """Return what the address asks for, the whole plan, the names of who is responsible, the items that are asked for."""
    scope, what = here(), asked((), "", _FILTERS)
    every = plan(scope.session, scope.me.municipality_id, today())
    names = names_of(scope.session, [one.row for one in every], "responsible_id")
    return what, every, names, [one for one in every if _wanted(one, what, names)]


def _wanted(one: Item, what: Asked, names: Names) -> bool:
    row, chosen = one.row, what.chosen
    start = chosen.get("school_year", "")
    year = SchoolYear(int(start)) if re.fullmatch("20[0-9]{2}", start) else None
    standing = STANDINGS.get(chosen.get("standing", ""))
    return (
        chosen.get("stage", row.stage) == row.stage
        and chosen.get("responsible", str(row.responsible_id)) == str(row.responsible_id)
        and (standing is None or standing[1](one))
        and (year is None or _lies_in(one, year))
        and _has_words(what.q, f"{row.code} {row.title} {row.expected} {_responsible(one, names)}")
    )


def _lies_in(one: Item, year: SchoolYear) -> bool:
    since, until = one.spans(_stage_of(one))
    return since <= year.last_day and until >= year.first_day


def _stage_of(one: Item) -> Stage:
    return next(stage for stage in stages() if stage.key == one.row.stage)


def _responsible(one: Item, names: Names) -> str:
    return names.get(("person", one.row.responsible_id), "")


def _state(one: Item) -> tuple[str, str]:
    """Return the state in words with its tone; of what is late that it is."""
    state = one.row.content.workflow.state(one.row.state)
    return (_("Просрочено"), "overdue") if one.is_late else (say(state.title), state.tone)


def _drawn(found: Sequence[Item], names: Names) -> tuple[list[tuple[Stage, list[Shown]]], Line]:
    """Return the items by stages with their bars, and the line on which they stand."""
    known = stages()
    bands = [Band(say(one.title).partition(",")[0], one.since, one.until) for one in known]
    bars = {one.row.id: _bar(one) for one in found}
    line = line_of(bands, list(bars.values()), today())
    waits = awaited_words.buttons(here(), [one.row for one in found])
    groups = [
        (
            stage,
            [
                _shown(one, line, bars[one.row.id], names, waits.get(one.row, ("", "")))
                for one in found
                if one.row.stage == stage.key
            ],
        )
        for stage in known
    ]
    return [(stage, many) for stage, many in groups if many], line


def _bar(one: Item) -> Bar:
    row = one.row
    since, until = one.spans(_stage_of(one))
    words, tone = _state(one)
    began = min(today(), until) if not one.is_finished and since <= today() else None
    fact = row.done_on if one.is_finished else today() if one.is_late else began
    said = f"{short_day(since)} – {short_day(until)}: {words.lower()}"
    return Bar(since, until, fact, row.baseline, row.until is None, tone, said)


def _shown(one: Item, line: Line, drawn: Bar, names: Names, waits: tuple[str, str]) -> Shown:
    row = one.row
    words, tone = _state(one)
    many = (
        _("%(n)s, нужно %(of)s", n=one.evidence, of=row.at_least)
        if one.evidence < (row.at_least or 0)
        else str(one.evidence)
    )
    return Shown(
        one, f"{row.code} {row.title}".strip(), words, tone, _term(row.since, row.until), short_day(row.baseline) if row.baseline else "",
        _responsible(one, names), many, Markup(bar(line, drawn)),  # noqa: S704 - our own SVG, its words escaped
        address(item=row.id) + f"#item-{row.id}",
        *waits,
    )  # fmt: skip


def _term(since: date | None, until: date | None) -> str:
    if until is None:
        return str(_("срок не назван"))
    return f"{short_day(since)} – {short_day(until)}" if since else _("до %(day)s", day=short_day(until))


def _has_words(asked_for: str, text: str) -> bool:
    """Whether all words that were typed stand in a text, «ё» as «е»."""
    there = order_key(text)
    return all(order_key(word) in there for word in asked_for.split())


def _sums(every: Sequence[Item]) -> list[tuple[str, int, str, str]]:
    """Return how many items stand how, as words, number, tone and the address that shows them; late and bare ones stand first."""
    tones = {
        "late": "overdue",
        "bare": "attention",
        "open": "work",
        "done": "good",
        "partly": "attention",
        "missed": "stopped",
    }
    counted = {key: sum(1 for one in every if STANDINGS[key][1](one)) for key in tones}
    return [
        (say(STANDINGS[key][0]), counted[key], tone, address(standing=key, item=None))
        for key, tone in tones.items()
        if counted[key]
    ]


def _filters(every: Sequence[Item], names: Names) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """Yield the filters: name, label, choices; only people and years that stand in the plan can be chosen."""
    everything = ("", _("все"))
    yield "stage", _("Этап"), [everything, *((one.key, say(one.title)) for one in stages())]
    people = {str(one.row.responsible_id): _responsible(one, names) for one in every if one.row.responsible_id}
    yield "responsible", _("Ответственный"), [everything, *sorted(people.items(), key=lambda pair: order_key(pair[1]))]
    yield (
        "standing",
        _("Как выполняется"),
        [everything, *((key, say(words)) for key, (words, _how) in STANDINGS.items())],
    )
    years = {year.start: year for one in every for day in one.spans(_stage_of(one)) for year in (school_year(day),)}
    between = range(min(years, default=0), max(years, default=-1) + 1)
    yield "school_year", _("Учебный год"), [everything, *((str(start), str(SchoolYear(start))) for start in between)]


def _more(one: Item) -> dict[str, Any]:
    """Return what is told of the item that is open: what is expected, what was done, what confirms it, what may be done now."""
    scope, row = here(), one.row
    told = [
        (_("Ожидаемый результат, продукт"), row.expected), (_("Место"), row.place), (_("Что сделано"), row.outcome),
        (_("Причина отклонения"), row.reason), (_("Основание переноса"), row.ground),
    ]  # fmt: skip
    confirms = confirming(scope.session, scope.me, row.id)
    return {
        "id": row.id, "told": [(label, text) for label, text in told if text], "files": files_of(scope.session, row.id),
        "confirms": list(_confirms(confirms)), "url": url_for("records.plan_item", id=row.id),
        "close": address(item=None) + f"#item-{row.id}",
        "acts": [
            (say(offer.transition.title), url_for("records.plan_item_act", id=row.id, name=name))
            for name, offer in offers_of(row, scope.session, scope.me).items()
            if offer.open and name not in {*row.content.presses, "edit", "end", REMIND}
        ],
    }  # fmt: skip


def _confirms(found: Sequence[Record]) -> Iterator[tuple[str, str, str]]:
    """Yield what confirms an item: its kind, what it is called, its page."""
    called = titles_of(here().session, found)
    for one in found:
        whole = one.content.within
        yield (
            say(one.content.titles[0]),
            called[one],
            url_for(f"records.{whole or one.kind}", id=one.within_id if whole else one.id),
        )
