"""The access log for the administrator: logins, refusals, denials, who read whose card (security.md 52, 74)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta

from flask import Response, render_template
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, or_

from workflow_app.db import counts, keyset
from workflow_app.db.keyset import Order, Walk
from workflow_app.db.models import AccessLog, Person
from workflow_app.errors import N_
from workflow_app.facts.pickers import people
from workflow_app.features.people import queries
from workflow_app.features.people.labels import ACCESS, access_said, detail_said
from workflow_app.features.people.views import page
from workflow_app.files.write_table import Cell
from workflow_app.states.forms import parse_date
from workflow_app.states.vocabulary import Role
from workflow_app.web import pickers, table_page
from workflow_app.web.formatting import say, short_day, zone
from workflow_app.web.page import Menu, roles
from workflow_app.web.request_scope import here

_READERS = roles(Role.ADMIN)
_SEARCHED = (AccessLog.detail, AccessLog.ip)  # what was typed into an address: no words of ours
_FILTERS = ("what", "person", "ip", "since", "until")


def _moment(text: str, *, after: bool = False) -> datetime | None:
    """Return the beginning of a typed day in the municipality's zone, or of the next one; None for what is no day."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return datetime.combine(day + timedelta(days=1) if after else day, time.min, zone())


def _wanted() -> tuple[table_page.Asked, list[Select[AccessLog]], Order]:
    what = table_page.asked(("at",), "at", _FILTERS, descending=True)
    chosen = what.chosen
    words = what.q.lower().split()[: table_page.WORDS_MOST]
    conditions: list[ColumnElement[bool]] = [
        or_(*(func.lower(one).contains(word, autoescape=True) for one in _SEARCHED)) for word in words
    ]
    if ip := chosen.get("ip"):
        conditions.append(AccessLog.ip == ip)
    if since := _moment(chosen.get("since", "")):
        conditions.append(AccessLog.at >= since)
    if until := _moment(chosen.get("until", ""), after=True):
        conditions.append(AccessLog.at < until)
    person = table_page.row_id(chosen.get("person", ""))
    conditions += queries.unread(here().session, here().me)
    found = queries.access(here().me, *conditions, what=chosen.get("what", ""), person=person)
    return what, found, Order(AccessLog, ("at",), down=what.descending)


def _read(found: list[Select[AccessLog]], order: Order, walk: Walk) -> Sequence[AccessLog]:
    return here().session.scalars(keyset.rows(keyset.stretch(found, order, walk), order)).all()


@page("/access", readers=_READERS, menu=Menu(90, N_("Журнал доступа"), "shield", "centre"))
def access() -> str:
    """List who came in, who was refused, who read what."""
    scope = here()
    what, found, order = _wanted()
    total = counts.count(scope.session, *(one.with_only_columns(AccessLog.id) for one in found))
    rows, pager = table_page.stretch(what, order, total, lambda walk: _read(found, order, walk))
    known = _people(rows)
    kinds = sorted(((one, say(words)) for one, words in ACCESS.items()), key=lambda one: one[1])
    chips = [
        {"text": _chip(name, value, known), "remove_url": table_page.address(**{name: None})}
        for name, value in what.chosen.items()
    ]
    columns = [
        table_page.heading(what, _("Когда"), "at"), table_page.heading(what, _("Что")), table_page.heading(what, _("Кто")),
        table_page.heading(what, _("О ком или о чём")), table_page.heading(what, _("Адрес")),
    ]  # fmt: skip
    return render_template(
        "people/access.html", rows=[_row(one, known) for one in rows], total=total, what=what, kinds=kinds, chips=chips, columns=columns,
        page=pager, who=pickers.filter_box("person", _("Человек"), people(scope.session, scope.me.municipality_id)),
        exports=table_page.exports("people.access_export"),
    )  # fmt: skip


def _people(rows: Sequence[AccessLog]) -> Mapping[int, Person]:
    ids = {one.person_id for one in rows} | {one.subject_id for one in rows if one.subject_kind == "person"}
    return queries.named(here().session, {one for one in ids if one is not None})


def _chip(name: str, value: str, known: Mapping[int, Person]) -> str:
    if name == "what":
        return access_said(value)
    if name == "person":
        found = known.get(table_page.row_id(value) or 0)
        return found.full_name if found else value
    day = _moment(value)
    words = short_day(day.date()) if day else value
    said: dict[str, str] = {"since": _("с %(day)s", day=words), "until": _("по %(day)s", day=words)}
    return said.get(name, value)


def _row(one: AccessLog, known: Mapping[int, Person]) -> dict[str, object]:
    about = known.get(one.subject_id or 0) if one.subject_kind == "person" else None
    return {
        "at": one.at, "what": access_said(one.what), "who": known.get(one.person_id or 0), "about": about,
        "detail": detail_said(one.detail),
        "ip": one.ip, "bad": one.what in ("denied", "login refused", "code refused", "virus"),
        "subject": _subject(one) if about is None else "",
    }  # fmt: skip


def _subject(one: AccessLog) -> str:
    """Return «дело 5» for what is not a person; many that left as a file have no number, the log says how many."""
    if not one.subject_kind:
        return ""
    kinds = {
        "case": _("дело"),
        "file": _("файл"),
        "document": _("документ"),
        "assignment": _("назначение"),
        "centre": _("муниципалитет"),
        "job": _("задание"),
        "dashboard": _("сводка"),
        "survey": _("опрос"),
    }
    many = {"case": _("дела"), "document": _("документы")} if one.subject_id is None else {}
    words = (kinds | many).get(one.subject_kind, one.subject_kind)
    return f"{words} {one.subject_id or ''}".strip()


@page("/access/export.<any(csv, xlsx):kind>", readers=_READERS)
def access_export(kind: str) -> Response:
    """Give the log, with its filters, as a file: the report of who saw what, for a period."""
    scope = here()
    _what, found, order = _wanted()
    rows = _read(found, order, Walk(table_page.EXPORT_MOST))
    scope.note_reading("access exported", detail=kind)
    header = [_("Когда"), _("Что"), _("Кто"), _("О ком или о чём"), _("Подробности"), _("Адрес")]
    return table_page.exported(kind, header, _cells(rows), _("Журнал доступа"))


def _cells(rows: Sequence[AccessLog]) -> Iterable[list[Cell]]:
    known, here_ = _people(rows), zone()
    for one in rows:
        who, about = (
            known.get(one.person_id or 0),
            known.get(one.subject_id or 0) if one.subject_kind == "person" else None,
        )
        yield [
            one.at.astimezone(here_), access_said(one.what), who.full_name if who else "",
            about.full_name if about else _subject(one), detail_said(one.detail), one.ip,
        ]  # fmt: skip
