"""What the pages of records read: a page of a list, the names of what rows refer to, the parts of a record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import MAXYEAR, MINYEAR, date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from workflow_app.calendar.school_year import SchoolYear as Year
from workflow_app.calendar.school_year import school_year
from workflow_app.content_types.declaration import ContentType, SchoolYear
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.keyset import NEVER, Order, Walk, rows
from workflow_app.db.models import RECORDS, Record
from workflow_app.facts import choices, late_records, pickers, search
from workflow_app.facts.standings import Visible, visible
from workflow_app.states import standings
from workflow_app.states.forms import Lists
from workflow_app.states.vocabulary import Actor, Permission
from workflow_app.web.table_page import Asked, row_id

LIVING = "living"
_BEGUN = ("title", "-title", "id", "-id")  # orders of a list that its parts do not take: they stand as they were begun
OVERDUE = "overdue"  # the value of the filter of terms, as in the list of cases
NONE = "none"  # the value of a filter: nothing stands in the field
_ORDERS = {"title": "title_order", "number": "number_key"}


def meant(actor: Actor, kind: ContentType, what: Asked) -> Asked:
    """Return what an address asks for without the filters that its list has not, or not for this actor."""
    chosen = {name: value for name, value in what.chosen.items() if _is_meant(actor, kind, name, value)}
    return replace(what, chosen=chosen)


def _is_meant(actor: Actor, kind: ContentType, name: str, value: str) -> bool:
    if name == "state":
        return value in (LIVING, "all", *kind.workflow.states)
    if name == "due":
        return value == OVERDUE and late_records.has_filter(actor, kind)
    if name == "school_year":
        is_year = value.isdecimal() and len(value) == 4 and MINYEAR <= int(value) < MAXYEAR  # noqa: PLR2004 - a year
        return is_year and kind.behavior(SchoolYear) is not None
    return name in kind.fields and _is_of_field(kind, name, value)


def _is_of_field(kind: ContentType, name: str, value: str) -> bool:
    how = kind.fields[name]
    if how.refers:
        return row_id(value) is not None
    if kind.kind_of(name) is bool:
        return value in ("0", "1")
    known = how.choices if isinstance(how.choices, tuple) else None
    return known is None or value == NONE or value in {one.value for one in known}


def wanted(session: Session, actor: Actor, kind: ContentType, what: Asked) -> Visible:
    """Return the records of a kind that the actor may see and the address asks for."""
    model = RECORDS[kind.key]
    more = [search.among(session, what.q, model)] if what.q else []
    more += [late_records.of_kind(session, actor, kind)] if what.chosen.get("due") == OVERDUE else []
    return visible(actor, Permission.VIEW, model).among(*_chosen(kind, what), *more)


def _chosen(kind: ContentType, what: Asked) -> Iterable[ColumnElement[bool]]:
    model = RECORDS[kind.key]
    state = what.chosen.get("state", LIVING)
    if state in kind.workflow.states:
        yield model.state == state
    elif state == LIVING:
        yield model.state != "ended"
    for name in kind.listing.filters:
        if name in kind.fields and (value := what.chosen.get(name)):
            yield getattr(model, name) == _held(kind, name, value)
    by, start = kind.behavior(SchoolYear), what.chosen.get("school_year", "")
    if by is not None and start:
        year = Year(int(start))
        yield getattr(model, by.by).between(year.first_day, year.last_day)


def _held(kind: ContentType, name: str, value: str) -> Any:
    """Return what a column holds where an address asks for a value."""
    if kind.fields[name].refers:
        return row_id(value)
    if kind.kind_of(name) is bool:
        return value == "1"
    return "" if value == NONE else value


def order_of(kind: ContentType, what: Asked) -> Order:
    """Return the asked order of a list; what has no date stands last."""
    model = RECORDS[kind.key]
    if what.sort == "id":
        return Order(model, down=what.descending)
    blank = None if what.sort in kind.fields and kind.is_optional(what.sort) else NEVER
    return Order(model, (_ORDERS.get(what.sort, what.sort),), what.descending, blank)


def read(session: Session, found: Visible, order: Order, walk: Walk) -> Sequence[Record]:
    """Return the rows of a stretch of a list."""
    page = found.page(select(found.of), order, walk)
    return session.scalars(rows(page, order)).all()


def parts_of(actor: Actor, kind: ContentType, whole: Record) -> Visible:
    """Return the parts of one kind that the actor may see of a record."""
    model = RECORDS[kind.key]
    return visible(actor, Permission.VIEW, model).among(model.within_id == whole.id)


def how_many(session: Session, parts: Visible) -> int:
    """Return how many there are: a record has few enough of them to be counted to the end."""
    return session.scalar(select(func.count()).select_from(parts.of).where(parts.condition)) or 0


def in_turn(session: Session, parts: Visible, page: Mapping[str, Any] | None = None) -> Sequence[Record]:
    """Return parts of a record, the living first, by their number where their kind has one, as they were begun: one page, or all."""
    of: Any = parts.of
    sort = CONTENT_TYPES[of.kind].listing.sort
    placed = (getattr(of, sort),) if sort not in _BEGUN else ()
    found = select(of).where(parts.condition).order_by(of.state == "ended", *placed, of.id)
    return session.scalars(found.limit(page["size"]).offset(page["offset"]) if page else found).all()


def named(row: Record, name: str) -> tuple[int, ...]:
    """Return the numbers of what a field refers to."""
    value = getattr(row, name)
    return tuple(value) if isinstance(value, list) else () if value is None else (value,)


def of_own_school(actor: Actor, kind: ContentType) -> bool:
    """Whether an actor keeps records of a kind for the organisation alone whose officer they are."""
    return bool(kind.school) and not kind.within and not standings.office(actor) & kind.workflow.begin.by


def lists_of(session: Session, actor: Actor, kind: ContentType, row: Record | None = None) -> Lists:
    """Return the lists that the fields of a kind name; what stands in ``row`` may stay there."""
    found: dict[str, Any] = {}
    # who keeps records of their organisation alone names it and its people, and no others
    own = of_own_school(actor, kind)
    for name, how in kind.fields.items():
        if how.refers:
            ask = pickers.of_own if own and how.refers in pickers.OWN else pickers.referred
            picker = found.get(str(how.choices)) or ask(session, actor, how.refers)
            found[str(how.choices)] = picker.keeping(named(row, name)) if row is not None else picker
        elif isinstance(how.choices, str):
            found[how.choices] = choices.of_file(how.choices)
    return found


def years(session: Session, actor: Actor, kind: ContentType, today: date) -> tuple[Year, ...]:
    """Return the school years that the filter offers, the last first: from that of the centre's first record to the next one."""
    by = kind.behavior(SchoolYear)
    if by is None:
        return ()
    model, day = RECORDS[kind.key], getattr(RECORDS[kind.key], by.by)
    mine = select(day).where(model.municipality_id == actor.municipality_id).order_by(day).limit(1)
    first, now = school_year(session.scalar(mine) or today), school_year(today)
    return tuple(Year(one) for one in range(now.start + 1, min(first, now).start - 1, -1))
