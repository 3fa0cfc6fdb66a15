"""The access log for the administrator: logins, refusals, denials, who read whose card (security.md 52, 74)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta

from flask import Response, abort, render_template
from flask_babel import gettext as _
from sqlalchemy import Select

from workflow_app.db.models import AccessLog, Person
from workflow_app.errors import N_
from workflow_app.features.people import queries
from workflow_app.features.people.labels import access_said, detail_said
from workflow_app.features.people.views import page
from workflow_app.files.write_table import Cell
from workflow_app.states.forms import parse_date
from workflow_app.states.vocabulary import Role
from workflow_app.web import table_page
from workflow_app.web.formatting import short_day, zone
from workflow_app.web.page import Menu, roles
from workflow_app.web.request_scope import here

_READERS = roles(Role.ADMIN)
_FILTERS = ("what", "person", "ip", "since", "until")


def _moment(text: str, *, after: bool = False) -> datetime | None:
    """Return the beginning of a typed day in the municipality's zone, or of the next one; None for what is no day."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return datetime.combine(day + timedelta(days=1) if after else day, time.min, zone())


def _wanted() -> tuple[table_page.Asked, Select[AccessLog]]:
    what = table_page.asked(("at",), "at", _FILTERS, descending=True)
    chosen = what.chosen
    found = queries.access(here().me, what=chosen.get("what", ""), person=table_page.row_id(chosen.get("person", "")))
    if ip := chosen.get("ip"):
        found = found.where(AccessLog.ip == ip)
    if since := _moment(chosen.get("since", "")):
        found = found.where(AccessLog.at >= since)
    if until := _moment(chosen.get("until", ""), after=True):
        found = found.where(AccessLog.at < until)
    found = found.where(*table_page.matches(what.q, AccessLog.detail, AccessLog.ip))
    order = (AccessLog.at.desc(), AccessLog.id.desc()) if what.descending else (AccessLog.at, AccessLog.id)
    return what, found.order_by(*order)


@page("/access", readers=_READERS, menu=Menu(90, N_("Журнал доступа"), "shield", "centre"))
def access() -> str:
    """List who came in, who was refused, who read what."""
    scope = here()
    what, found = _wanted()
    rows, total = table_page.page_of(scope.session, found, what)
    known = _people(rows)
    kinds = [(one, access_said(one)) for one in queries.kinds_of_access(scope.session, scope.me)]
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
        page=table_page.pagination(what, total), exports=table_page.exports("people.access_export"),
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
    """Return «дело, запись 5» for what is not a person."""
    kinds = {
        "case": _("дело"),
        "file": _("файл"),
        "document": _("документ"),
        "assignment": _("назначение"),
        "centre": _("муниципалитет"),
        "job": _("задание"),
    }
    return f"{kinds.get(one.subject_kind, one.subject_kind)} {one.subject_id or ''}".strip() if one.subject_kind else ""


@page("/access/export.<kind>", readers=_READERS)
def access_export(kind: str) -> Response:
    """Give the log, with its filters, as a file: the report of who saw what, for a period."""
    if kind not in ("xlsx", "csv"):
        abort(404)
    scope = here()
    rows = scope.session.scalars(_wanted()[1].limit(table_page.EXPORT_MOST)).all()
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
