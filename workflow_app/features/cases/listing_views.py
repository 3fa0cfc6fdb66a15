"""The list of cases: search, filters in the address, sort, columns, pages, and a table of exactly what is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from sqlalchemy import select

from workflow_app.calendar.school_year import SchoolYear
from workflow_app.case_types.registry import CASE_TYPES, case_type
from workflow_app.db import counts
from workflow_app.db.keyset import Walk
from workflow_app.db.models import Assignment, Case, CriteriaRow, Organization, Person
from workflow_app.errors import N_, Sentence
from workflow_app.facts import case_filters, deadlines, leading, stage_history
from workflow_app.facts.pickers import Picker, organizations_of_cases
from workflow_app.facts.standings import Visible
from workflow_app.facts.subjects import state_of
from workflow_app.features.cases import queries
from workflow_app.features.cases.blueprint import new_case_url, page
from workflow_app.features.cases.queries import Wanted
from workflow_app.figures.sides import TIMED, side_words
from workflow_app.files.write_table import Cell
from workflow_app.states.vocabulary import Role, State
from workflow_app.web import deadline_words, pickers
from workflow_app.web import table_page as kit
from workflow_app.web.formatting import counted, say, short_day, zone
from workflow_app.web.page import LOGGED_IN, PAGES, Menu, may_open, roles
from workflow_app.web.panels import Shown, listed, panel
from workflow_app.web.request_scope import Scope, here
from workflow_app.web.whole_lists import ticks_url, whole_list

EXPORT_MOST = 10_000
DUES: dict[str, Sentence] = {
    "overdue": N_("просрочено"), "soon": N_("срок близко"), "normal": N_("срок не скоро"), "none": N_("без срока"),
    queries.FAILING: N_("скорее всего не успеют"),
}  # fmt: skip
_OUTLOOK = "outlook"  # the column of the forecast: as the filter, for the office alone
FILTERS = ("type", "state", "due", "year", "organization", "coordinator")
_OF_NUMBERS = case_filters.SIDES  # what a number of the dashboard brings along
_SHOWN = 20  # cases of an organisation on its card


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the list, and the cases whose verdict they may know."""

    me: int | None
    told: frozenset[int]
    late: frozenset[int] = frozenset()  # those that will probably be late

    @classmethod
    def of(cls, scope: Scope, shown: Sequence[Case], columns: Sequence[str] = ()) -> Reader:
        """Return the present reader of these cases, who looks at these columns."""
        forecasts = (
            stage_history.of_cases(scope.session, scope.me.municipality_id, shown) if _OUTLOOK in columns else {}
        )
        late = frozenset(id_ for id_, one in forecasts.items() if one.fails)
        return cls(scope.me.person_id, queries.verdicts_told(scope.session, scope.me, shown), late)

    def state(self, case: Case) -> State:
        """Return the state as this reader is told of it."""
        return state_of(case, told=case.id in self.told)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, what a cell of a table file holds, the key by which the list is sorted."""

    title: Sentence
    cell: Callable[[Case, Reader], Cell]
    sort: str = ""


def status_of(case: Case, reader: Reader) -> str:
    """Return the state of a case in the words for its reader: applicants and co-authors have words of their own."""
    state = reader.state(case)
    mine = reader.me in {case.applicant_id, *(one.person_id for one in case.co_authors)}
    return say(state.applicant_title if mine else state.title)


COLUMNS: dict[str, Column] = {
    "number": Column(N_("Номер"), lambda case, _me: case.number or "", "number"),
    "title": Column(N_("Название"), lambda case, _me: case.title, "title"),
    "type": Column(N_("Вид экспертизы"), lambda case, _me: say(case_type(case.type).title)),
    "applicant": Column(N_("Заявитель"), lambda case, _me: case.applicant.full_name, "applicant"),
    "organization": Column(N_("Организация"), lambda case, _me: case.organization.name if case.organization else ""),
    "state": Column(N_("Состояние"), status_of),
    "due": Column(N_("Срок"), lambda case, _me: case.due_on if deadlines.binds(case) else None, "due"),
    "since": Column(N_("В этом состоянии с"), lambda case, _me: case.state_since.astimezone(zone()).date()),
    "registered": Column(
        N_("Зарегистрировано"), lambda case, _me: case.registered_at.astimezone(zone()).date() if case.registered_at else None
    ),
    "round": Column(N_("Раунд"), lambda case, _me: case.round),
    _OUTLOOK: Column(N_("Прогноз"), lambda case, reader: say(N_("не успеет")) if case.id in reader.late else ""),
}  # fmt: skip
USUAL = ("number", "title", "type", "applicant", "state", "due")


def _asked() -> tuple[kit.Asked, Wanted, tuple[str, ...]]:
    """Read the address; what it cannot mean counts as not asked, never as an error."""
    what = kit.asked(queries.SORTS, "", (*FILTERS, *_OF_NUMBERS))
    states = {name for kind in CASE_TYPES.values() for name in kind.workflow.states}
    allowed: Mapping[str, Any] = {"type": CASE_TYPES, "state": states, "due": _offered(DUES)}
    chosen = {name: value for name, value in what.chosen.items() if name not in allowed or value in allowed[name]}
    wanted = Wanted(
        q=what.q, type=chosen.get("type", ""), state=chosen.get("state", ""), due=chosen.get("due", ""),
        year=_number(chosen.get("year"), 1990, 2100), organization=_number(chosen.get("organization"), 1, 2**31 - 1),
        coordinator=_whose(chosen.get("coordinator", "")), sides=_sides(what.chosen), sort=what.sort, descending=what.descending,
    )  # fmt: skip
    columns = tuple(name for name in _offered(COLUMNS) if name in request.args.getlist("cols"))
    return what, wanted, columns or USUAL


def _offered(names: Iterable[str]) -> list[str]:
    """Return what of columns or filters the person may choose: a forecast is the office's business."""
    office = case_filters.of_office(here().me)
    return [name for name in names if office or name not in (_OUTLOOK, queries.FAILING)]


def _whose(text: str) -> str:
    """Return whose cases an address asks for, of those who are told who leads what."""
    if not case_filters.of_office(here().me):
        return ""
    return text if text in (queries.MINE, queries.NOBODY) else str(_number(text, 1, 2**31 - 1) or "")


def _sides(chosen: Mapping[str, str]) -> dict[str, str]:
    """Return what a number's address asks for, of those who see the dashboard with its rows."""
    return case_filters.known(chosen) if case_filters.of_office(here().me) else {}


def _number(text: str | None, least: int, most: int) -> int | None:
    known = text is not None and text.isascii() and text.isdigit() and len(text) <= len(str(most))
    return int(text) if known and text and least <= int(text) <= most else None


# An administrator, the department, the region see no case by their role: the menu does not send them to an empty list.
_SEE_CASES = roles(Role.TEACHER, Role.EXPERT, Role.COORDINATOR, Role.DIRECTOR, Role.SCHOOL_OFFICER)


@page("/cases", readers=LOGGED_IN, menu=Menu(20, N_("Все дела"), "folder", "examination", shown_to=_SEE_CASES))
def listing() -> str:
    """List the cases that the person may see."""
    scope = here()
    what, wanted, columns = _asked()
    found = _found(scope, wanted)
    total = found.count(scope.session)
    order = queries.order_of(wanted)
    rows, pager = kit.stretch(what, order, total, lambda walk: queries.cases(scope.session, found, order, walk))
    fields, reader, places = (
        _fields(scope, wanted),
        Reader.of(scope, rows, columns),
        organizations_of_cases(scope.session, scope.me),
    )
    box = pickers.filter_box("organization", _("Организация"), places) if places.has_many() else None
    return render_template(
        "cases/listing.html", rows=[_row(reader, case) for case in rows], shown_columns=columns,
        columns=[kit.heading(what, say(COLUMNS[name].title), COLUMNS[name].sort) for name in columns],
        all_columns=[{"name": name, "title": say(COLUMNS[name].title), "on": name in columns} for name in _offered(COLUMNS)],
        found=_said(total), pagination=pager, total=total,
        fields=fields, wanted=wanted, chips=_chips(fields, wanted, places), organization=box,
        bulk_url=ticks_url("listing"),
        plans_url=url_for("cases.plans") if wanted.state == "assigning" and may_open(PAGES["cases.plans"].readers, scope) else "",
        new_url=new_case_url(scope), reset_url=url_for("cases.listing"),
        kept={name: request.args[name] for name in ("sort", "size", *wanted.sides) if name in request.args},
        exports=kit.exports("cases.export"),
    )  # fmt: skip


@page("/cases/export.<any(csv,xlsx):kind>", readers=LOGGED_IN)
def export(kind: str) -> Response:
    """Give the whole found list, in the columns and the order that are shown."""
    scope = here()
    _what, wanted, columns = _asked()
    rows = queries.cases(scope.session, _found(scope, wanted), queries.order_of(wanted), Walk(EXPORT_MOST))
    reader = Reader.of(scope, rows, columns)
    table = [[COLUMNS[name].cell(case, reader) for name in columns] for case in rows]
    scope.note_reading("export", "case", detail=f"{kind}: {len(table)}")
    return kit.exported(kind, [say(COLUMNS[name].title) for name in columns], table, _("Дела"))


@whole_list("listing", "cases.listing", "case")
def _all_found(most: int) -> Sequence[int]:
    """Return the found cases in the order of the list."""
    scope = here()
    _what, wanted, _columns = _asked()
    return queries.ids(scope.session, _found(scope, wanted), queries.order_of(wanted), Walk(most))


def _said(total: int) -> str:
    if total > counts.MOST:
        return str(_("Найдено дел: %(n)s", n=counted(total)))
    return str(ngettext("Найдено %(num)s дело", "Найдено дел: %(num)s", total))


def _found(scope: Scope, wanted: Wanted) -> Visible:
    return queries.found(scope.session, scope.me, wanted)


def _row(reader: Reader, case: Case) -> dict[str, Any]:
    cells = {name: column.cell(case, reader) for name, column in COLUMNS.items()}
    return {
        **cells, "url": url_for("cases.show", id=case.id), "pick": f"{case.id}.{case.version}", "applicant": case.applicant.short_name,
        "tone": reader.state(case).tone, "since": short_day(case.state_since.astimezone(zone()).date()),
        "registered": short_day(case.registered_at.astimezone(zone()).date()) if case.registered_at else "",
        "due": deadline_words.of_case(case),
    }  # fmt: skip


def _fields(scope: Scope, wanted: Wanted) -> dict[str, list[tuple[str, str]]]:
    """Return the choices of the filters: of years, only those that the person's cases have."""
    every = ("", _("Все"))
    return {
        "type": [every, *((key, say(kind.title)) for key, kind in CASE_TYPES.items())],
        "state": [every, *_states(wanted.type)],
        "due": [every, *((key, say(DUES[key])) for key in _offered(DUES))],
        "year": [every, *((str(year.start), str(year)) for year in queries.years(scope.session, scope.me))],
        "coordinator": _leaders(scope),
    }


def _leaders(scope: Scope) -> list[tuple[str, str]]:
    """Return whose cases the office may ask for; others are not told who leads what."""
    if not case_filters.of_office(scope.me):
        return []
    people = leading.coordinators(scope.session, scope.me.municipality_id)
    own = [(queries.MINE, _("Мои"))] if leading.leads(scope.me) else []
    named = [(str(one.id), one.short_name) for one in people]
    return [("", _("Все")), *own, (queries.NOBODY, _("Никто один не ведёт")), *named]


def _states(type_key: str) -> list[tuple[str, str]]:
    """Return the states of a type, or of all types with their titles side by side where they differ."""
    kinds = [CASE_TYPES[type_key]] if type_key else list(CASE_TYPES.values())
    titles: dict[str, list[str]] = {}
    for kind in kinds:
        for state in kind.workflow.states.values():
            known = titles.setdefault(state.name, [])
            if say(state.title) not in known:
                known.append(say(state.title))
    return [(name, " / ".join(many)) for name, many in titles.items()]


def _chips(choices: Mapping[str, list[tuple[str, str]]], wanted: Wanted, places: Picker) -> list[dict[str, str]]:
    """Return what is filtered by, each with the address without it."""
    found = [{"text": _("«%(words)s»", words=wanted.q), "remove_url": kit.address(q=None)}] if wanted.q else []
    for name in FILTERS:
        if value := getattr(wanted, name):
            words = (
                pickers.words_of(places, str(value))
                if name == "organization"
                else dict(choices[name]).get(str(value), str(value))
            )
            found.append({"text": words, "remove_url": kit.address(**{name: None})})
    return found + [
        {"text": _side(name, value, wanted), "remove_url": kit.address(**dict.fromkeys(_TOGETHER.get(name, (name,))))}
        for name, value in wanted.sides.items()
        if name != "work"
    ]


_TOGETHER = {"expert": ("expert", "work")}
_WORK: Mapping[str, Sentence] = {
    "now": N_("В работе у эксперта: %(name)s"), "late": N_("Просрочено экспертом: %(name)s"), "signed": N_("Подписал эксперт: %(name)s"),
}  # fmt: skip


def _side(name: str, value: str, wanted: Wanted) -> str:
    """Return the words of what a number was of."""
    if name == "expert":
        mine = select(Assignment.expert_id).where(Assignment.municipality_id == here().me.municipality_id)
        person = here().session.scalar(select(Person).where(Person.id == int(value), Person.id.in_(mine)))
        return say(replace(_WORK[wanted.sides["work"]], params=(("name", person.short_name if person else value),)))
    if name == "passed":
        state, _dot, year = value.partition(".")
        words = _("Прошли этап «%(stage)s»", stage=say(TIMED[state]))
        return f"{words}, {SchoolYear(int(year))}" if year else words
    if name == "criteria":
        row = here().session.get(CriteriaRow, int(value))
        known = row is not None and row.municipality_id == here().me.municipality_id
        return (
            str(_("Критерии: %(title)s, версия %(n)s", title=row.data["title"], n=row.number))
            if row and known
            else value
        )
    if name == "month":
        return str(_("Поступили: %(month)s", month=format_date(date.fromisoformat(f"{value}-01"), "LLLL yyyy")))
    words = side_words(name, value)
    prefix = (
        {"turn": _("Ход: %(who)s", who=say(words)), "age": _("На месте: %(days)s", days=say(words))} if words else {}
    )
    return prefix.get(name) or (say(words) if words else value)


@panel("record", tab="cases_of_organization")
def cases_of_organization(place: Organization) -> str:
    """Show the latest cases of an organisation that the reader may see, on its card."""
    scope = here()
    mine = queries.found(scope.session, scope.me, Wanted(organization=place.id))
    lines = [
        [
            Shown(" · ".join(filter(None, (case.number, case.title))), url_for("cases.show", id=case.id)),
            Shown(case.applicant.short_name),
            Shown(say(state.title), tone=state.tone),
        ]
        for case in queries.cases(scope.session, mine, queries.order_of(Wanted()), Walk(_SHOWN))
        for state in (state_of(case, told=False),)
    ]
    columns = [_("Дело"), _("Заявитель"), _("Состояние")]
    url = url_for("cases.listing", organization=place.id)
    return listed("cases", _("Дела"), columns, lines, mine.count(scope.session), url)
