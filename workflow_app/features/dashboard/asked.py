"""What the address of the dashboard asks for, and the numbers that its reader is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import request
from flask_babel import gettext as _
from sqlalchemy import select

from workflow_app.calendar.school_year import SEPTEMBER, SchoolYear, school_year
from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.db.models import Case, Municipality, Organization
from workflow_app.errors import N_, Sentence
from workflow_app.facts import deadlines, figures, pickers
from workflow_app.facts.case_filters import of_office
from workflow_app.figures import grids, lengths
from workflow_app.figures.cube import Where, where
from workflow_app.figures.grids import Count, Figure, Number, Plan
from workflow_app.figures.hiding import allowed
from workflow_app.spelling import order_key
from workflow_app.web.formatting import say
from workflow_app.web.request_scope import here

_MONTHS: Sequence[tuple[int, Sentence]] = (
    (9, N_("сентябрь")), (10, N_("октябрь")), (11, N_("ноябрь")), (12, N_("декабрь")), (1, N_("январь")), (2, N_("февраль")),
    (3, N_("март")), (4, N_("апрель")), (5, N_("май")), (6, N_("июнь")), (7, N_("июль")), (8, N_("август")),
)  # fmt: skip
ORDER = ("stages", "lateness", "ageing", "medians", "experts", "verdicts", "appeals", "seasons")
"""The pictures in the order of the page: what asks for something to be done stands first."""


@dataclass(frozen=True, slots=True)
class Page:
    """The dashboard as it is shown: what it was asked for, in words too, the strip of numbers, the figures."""

    asked: figures.Asked
    years: Sequence[SchoolYear]
    words: Sequence[str]
    strip: Sequence[tuple[Sentence, Number]]
    figures: Sequence[Figure]


def asked() -> figures.Asked:
    """Read the address; what it cannot mean counts as not asked. Outside the centre only a school year may be chosen, and one must."""
    outside = not of_office(here().me)
    years = [one.start for one in known_years()]
    typed = request.args.get("year", "")
    year = int(typed) if typed in {str(one) for one in years} else 0
    if outside:
        return figures.Asked("", None, year or years[0], year or years[0], outside=True, homes=_homes())
    kind = request.args.get("type", "")
    return figures.Asked(kind if kind in CASE_TYPES else "", _organization(), year, year or years[0])


def filters_of(what: figures.Asked) -> int:
    """Return how many filters of the address hold: what it may not ask for is none."""
    held = {"type": what.type, "organization": what.organization, "year": what.year}
    return sum(bool(value) and request.args.get(name) == str(value) for name, value in held.items())


def _organization() -> int | None:
    text = request.args.get("organization", "")
    known = text.isascii() and text.isdigit() and len(text) < 10  # noqa: PLR2004 - what an id can be
    return int(text) if known and text else None


def _homes() -> tuple[int, ...]:
    """Return the municipalities that are shown as one: of who runs cases their own alone."""
    scope = here()
    return (scope.me.municipality_id,) if of_office(scope.me) else figures.homes(scope.session, scope.me)


def known_years() -> list[SchoolYear]:
    """Return the school years from the first case on, the last first."""
    scope = here()
    begun = select(Case.created_at).where(Case.municipality_id.in_(_homes())).order_by(Case.id).limit(1)
    first = scope.session.scalar(begun)
    last = school_year(deadlines.today(scope.session, scope.me.municipality_id)).start
    start = school_year(first.date()).start if first else last
    return [SchoolYear(year) for year in range(last, min(start, last) - 1, -1)]


def page() -> Page:
    """Return what is shown to the present reader: six statements for a municipality at most, however many cases there are."""
    scope, what = here(), asked()
    found = figures.kept(scope.session, scope.me, what)
    plan = _plan(what)
    count = _telling(what, found, plan) if what.outside else found.cube.count
    shown = {key: make(plan, count) for key, make in grids.GRIDS.items()}
    period = str(what.year) if what.year else ""
    shown["medians"] = lengths.medians(found.lasted, _base(what, years=False), period, outside=what.outside)
    shown["experts"] = (
        lengths.experts_in_all(found.experts) if what.outside else lengths.experts(found.experts, _base(what))
    )
    return Page(what, known_years(), words_of(what), grids.strip(plan, count), [shown[key] for key in ORDER])


def _plan(what: figures.Asked) -> Plan:
    types = {key: kind.title for key, kind in CASE_TYPES.items() if what.type in ("", key)}
    scope = here()
    today = deadlines.today(scope.session, scope.me.municipality_id)
    begun = [month for month, _words in _MONTHS]
    if school_year(today).start == what.compared:
        begun = begun[: begun.index(today.month) + 1]
    months = [(f"{month:02}", words) for month, words in _MONTHS if month in begun]
    return Plan(types, _base(what), what.compared, months)


def _base(what: figures.Asked, *, years: bool = True) -> Mapping[str, str]:
    """Return what holds of every number of the page: the filters of the list of cases that it leads to."""
    found = {"type": what.type} if what.type else {}
    if years and what.year:
        found["year"] = str(what.year)
    return found


def _telling(what: figures.Asked, found: figures.Counted, plan: Plan) -> Count:
    """Return the numbers for those outside the centre. A year decides for itself what of it may be told, in whatever page."""
    scope = here()
    before = replace(what, year=what.year - 1, compared=what.year - 1)
    earlier = figures.kept(scope.session, scope.me, before)
    all_months = [(f"{month:02}", words) for month, words in _MONTHS]
    told = {
        str(one.compared): allowed(counted.cube, _of_year(one, plan, all_months))
        for one, counted in ((what, found), (before, earlier))
    }

    def count(condition: Where) -> int | None:
        year = _year_of(condition)
        return found.cube.count(condition) if _with_year(condition, year) in told.get(year, ()) else None

    return count


def _of_year(what: figures.Asked, plan: Plan, months: Sequence[tuple[str, Sentence]]) -> list[Where]:
    """Return every number of a year that any page may tell: all tables of the page of that year, all its months."""
    year = str(what.compared)
    whole = Plan(plan.types, {"year": year}, what.compared, months)
    return [_with_year(one, year) for one in grids.conditions(whole) if _year_of(one) == year]


def _year_of(condition: Where) -> str:
    sides = dict(condition)
    month = sides.get("month", "")
    if month:
        year, number = int(month[:4]), int(month[5:])
        return str(year if number >= SEPTEMBER else year - 1)
    return sides.get("year", "")


def _with_year(condition: Where, year: str) -> Where:
    return where(dict(condition), {"year": year})


def words_of(what: figures.Asked) -> list[str]:
    """Return in words what the numbers are of."""
    scope = here()
    found = [say(CASE_TYPES[what.type].title)] if what.type else [_("все виды экспертизы")]
    found.append(_("дела %(year)s учебного года", year=SchoolYear(what.year)) if what.year else _("за всё время"))
    if places_ := region(what):
        found.append(_("вместе: %(names)s", names=", ".join(places_)))
    if what.organization is not None:
        place = scope.session.get(Organization, what.organization)
        found.append(
            place.name if place and place.municipality_id == scope.me.municipality_id else _("неизвестная организация")
        )
    return [str(one) for one in found]


def region(what: figures.Asked) -> list[str]:
    """Return the names of the municipalities that are summed; none: it is the reader's own."""
    if what.homes in ((), (here().me.municipality_id,)):
        return []
    names = here().session.scalars(select(Municipality.name).where(Municipality.id.in_(what.homes)))
    return sorted(names, key=order_key)


def places() -> Any:
    """Return the organisations that may be filtered by."""
    return pickers.organizations_of_cases(here().session, here().me)
