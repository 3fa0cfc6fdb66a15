"""The production calendar of the centre: a year at a glance, and the days that the centre changes itself (R11, R12)."""

from __future__ import annotations

from datetime import date

from flask import Response, abort, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app.facts import deadlines
from workflow_app.features.centre import calendar_year, queries
from workflow_app.features.centre.shared import OFFICE, centre, offers_of, settings_crumbs, tabs
from workflow_app.features.centre.views import page
from workflow_app.web.request_scope import here
from workflow_app.web.transition_view import act

FIRST, LAST = 2000, 2100


@page("/settings/calendar", readers=OFFICE)
def calendar() -> str:
    """Show a year: what is worked, what is off and why, what the centre changed."""
    scope, row = here(), centre()
    today = deadlines.today(scope.session, row.id)
    shown = request.args.get("year", "")
    number = int(shown) if shown.isdecimal() and len(shown) == len("2026") else today.year
    if not FIRST <= number <= LAST:
        abort(404)
    days = deadlines.calendar_of(scope.session, row.id)
    months = calendar_year.months(days, number, queries.reasons(scope.session, row.id, number))
    return render_template(
        "centre/calendar.html", tabs=tabs(), year=number, today=today, months=months, marked=list(calendar_year.marked(months)),
        weekdays=calendar_year.WEEKDAYS, kinds=calendar_year.KINDS, known=days.is_known(number), working=sum(one.working for one in months),
        may_edit="set_day" in offers_of(row),
        earlier=number - 1 if number > FIRST else None, later=number + 1 if number < LAST else None,
        breadcrumbs=settings_crumbs((_("Календарь"), "")),
    )  # fmt: skip


@page("/settings/calendar/<day>", readers=OFFICE, methods=("GET", "POST"))
def calendar_day(day: str) -> Response | str:
    """Change one day: worked or not, and on what ground."""
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        abort(404)
    scope, row = here(), centre()
    days = deadlines.calendar_of(scope.session, row.id)
    reason = queries.reasons(scope.session, row.id, wanted.year).get(wanted, "")
    back = url_for("centre.calendar", year=wanted.year)
    trail = settings_crumbs((_("Календарь"), back), (f"{wanted:%d.%m.%Y}", ""))
    start = {
        "day": wanted.isoformat(),
        "working": days.is_working(wanted) if reason else not days.is_working(wanted),
        "why": reason,
    }
    return act(row, "set_day", lists={}, back=back, start=start, context={"breadcrumbs": trail})
