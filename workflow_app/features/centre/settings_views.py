"""The settings of the centre: an overview, the requisites with their history and letterhead, the switches, the terms."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.db.models import Municipality, Person, RequisitesRow
from workflow_app.errors import N_
from workflow_app.facts import choices, deadlines, naming, pickers
from workflow_app.facts.changes import changes
from workflow_app.facts.term_change import LOCKED
from workflow_app.features.centre import ladders, queries
from workflow_app.features.centre.letterhead import sample_letter
from workflow_app.features.centre.shared import OFFICE, centre, may_visit, offers_of, settings_crumbs, tabs
from workflow_app.features.centre.views import page
from workflow_app.files import virus_scanner
from workflow_app.states.definitions.assignment import ASSIGNMENT
from workflow_app.states.definitions.centre import CENTRE, Requisites, Switches
from workflow_app.states.forms import Known, asks, fill, to_json
from workflow_app.states.pictures.handbook import TERMS
from workflow_app.web.formatting import say
from workflow_app.web.page import Menu
from workflow_app.web.panels import panels
from workflow_app.web.request_scope import here
from workflow_app.web.request_scope import settings as app_settings
from workflow_app.web.transition_view import act


@page("/settings", readers=OFFICE, menu=Menu(90, N_("Настройки"), "settings", "centre"))
def settings() -> str:
    """Show what stands where, the switches, and what was changed lately."""
    scope, row = here(), centre()
    return render_template(
        "centre/settings.html", row=row, tabs=tabs(), offers=offers_of(row), rules=_switches(row), now=_in_force(row),
        changes=changes(scope.session, row), via_command="command", places=_places(), scanner=virus_scanner.state(app_settings()),
        panels=panels("settings", "overview", row),
    )  # fmt: skip


def _places() -> list[dict[str, str]]:
    known = (
        ("centre.requisites", N_("Реквизиты и бланк"), N_("Наименования, адрес, органы: то, что стоит в документах.")),
        ("centre.calendar", N_("Календарь"), N_("Праздники, переносы и дни, которые центр изменил сам.")),
        ("centre.lengths", N_("Сроки"), N_("Сколько дней даётся на каждый шаг и где это действует.")),
        ("centre.reminders", N_("Напоминания"), N_("Когда и кому напоминать, тихие часы, письмо дня.")),
        ("centre.weights", N_("Подбор экспертов"), N_("Что при подборе важнее: предмет, занятость, сроки и другое.")),
        ("centre.criteria", N_("Критерии оценивания"), N_("Критерии, показатели, шкалы, пороги выводов.")),
        ("centre.workflows", N_("Маршруты дел"), N_("Состояния, права и действия для каждого вида экспертизы.")),
        ("records.organization_list", N_("Организации"), N_("Справочник организаций муниципалитета и внешних.")),
    )
    return [
        {"title": say(title), "note": say(note), "url": url_for(endpoint)}
        for endpoint, title, note in known
        if may_visit(endpoint)
    ]


def _switches(row: Municipality) -> list[tuple[str, str]]:
    """Return the switches in words: their labels and values."""
    found = []
    for name, how in asks(Switches).items():
        value = row.switches.get(name, getattr(Switches(), name))
        if how.choices == "people":
            who = here().session.get(Person, value) if value else None
            found.append((say(how.label), who.full_name if who else "—"))
            continue
        told = (say(N_("да")) if value else say(N_("нет"))) if isinstance(value, bool) else str(value or "—")
        found.append((say(how.label), told))
    return found


def _in_force(row: Municipality) -> RequisitesRow | None:
    today = deadlines.today(here().session, row.id)
    known = [one for one in row.requisites if one.since <= today]
    return known[-1] if known else row.requisites[0] if row.requisites else None


@page("/settings/requisites", readers=OFFICE)
def requisites() -> str:
    """Show the requisites in force, those before and those to come, and a letter on the letterhead."""
    scope, row = here(), centre()
    now = _in_force(row)
    others = [(one, _told(one)) for one in reversed(row.requisites) if one is not now]
    ready = now is not None and queries.has_director(scope.session, row.id)
    return render_template(
        "centre/requisites.html", row=row, tabs=tabs(), offers=offers_of(row), now=now, told=_told(now) if now else [], others=others,
        today=deadlines.today(scope.session, row.id), letter=sample_letter(scope.session, row.id) if ready else None,
        breadcrumbs=settings_crumbs((_("Реквизиты"), "")),
    )  # fmt: skip


def _told(row: RequisitesRow) -> list[tuple[str, str]]:
    """Return requisites as labels and values, in the order of the form; what is empty is left out."""
    found = []
    for name, how in asks(Requisites).items():
        value = row.data.get(name)
        if value and name != "since":
            found.append((say(how.label), naming.position_of(value).n if how.choices == "positions" else str(value)))
    return found


@page("/settings/do/<name>", readers=OFFICE, methods=("GET", "POST"))
def change_centre(name: str) -> Response | str:
    """Change requisites, switches or a day, each a form that begins with what stands now."""
    row = centre()
    backs = {
        "set_requisites": "centre.requisites",
        "set_ladder": "centre.reminders",
        "set_letter_hours": "centre.reminders",
    }
    back = url_for(backs.get(name, "centre.settings"))
    trail = settings_crumbs((say(CENTRE.transitions[name].title) if name in CENTRE.transitions else "", ""))
    return act(row, name, lists=_lists(row), back=back, start=_start(row, name), context={"breadcrumbs": trail})


def _lists(row: Municipality) -> dict[str, Known]:
    """Return the lists of the settings' sheets."""
    return {
        "positions": choices.of_file("positions"),
        "turns": ladders.turns(),
        "people": pickers.people(here().session, row.id).keeping((row.switches.get("orders_chair_id"),)),
    }


def _start(row: Municipality, name: str) -> dict[str, Any]:
    if name == "set_requisites":
        last = dict(row.requisites[-1].data) if row.requisites else {}
        return last | {"since": deadlines.today(here().session, row.id).isoformat()}
    if name == "set_switches":
        return dict(to_json(fill(Switches, {"archive_months": Switches().archive_months} | row.switches, _lists(row))))
    if name == "set_ladder":
        return ladders.start(here().session, row.id, request.args.get("turn", ""))
    return ladders.hours(here().session, row.id) if name == "set_letter_hours" else {}


@page("/settings/reminders", readers=OFFICE)
def reminders() -> str:
    """Show when and whom what waits is reminded of, and in which hours letters leave."""
    scope, row = here(), centre()
    return render_template(
        "centre/reminders.html", tabs=tabs(), offers=offers_of(row), groups=ladders.groups(scope.session, row.id),
        hours=ladders.hours(scope.session, row.id), breadcrumbs=settings_crumbs((_("Напоминания"), "")),
    )  # fmt: skip


@page("/settings/terms", readers=OFFICE)
def lengths() -> str:
    """Show the lengths of the terms of each case type and in which states they run."""
    scope, row = here(), centre()
    runs = {one.key: _runs(one.key) for one in CASE_TYPES.values()}
    known = queries.lengths(scope.session, row.id)
    used = {kind: [line for line in lines if line.key in runs[kind]] for kind, lines in known.items()}
    return render_template(
        "centre/lengths.html", tabs=tabs(), kinds=CASE_TYPES, lengths=used, titles=TERMS, runs=runs,
        locked=LOCKED, may_set="set_term" in offers_of(row),
        breadcrumbs=settings_crumbs((_("Сроки"), "")),
    )  # fmt: skip


def _runs(kind: str) -> dict[str, list[str]]:
    """Return in which states each term runs, in the staff's words; those of an expert's place are marked."""
    found: dict[str, list[str]] = {}
    for state in CASE_TYPES[kind].workflow.states.values():
        if state.term:
            found.setdefault(state.term, []).append(say(state.title))
    for state in ASSIGNMENT.states.values():
        if state.term and state.term not in found:
            found.setdefault(state.term, []).append(say(N_("у эксперта: %(state)s", state=state.title)))
    found.setdefault("consideration", [say(N_("со дня поступления до начала аттестации"))])
    return found
