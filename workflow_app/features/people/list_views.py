"""The list of people: search, filters, sorting, pages, and the same as a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Response, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from workflow_app.db import counts, keyset
from workflow_app.db.models import Organization, Person
from workflow_app.errors import N_
from workflow_app.facts import search
from workflow_app.facts.naming import position_of
from workflow_app.facts.pickers import organizations
from workflow_app.facts.standings import visible
from workflow_app.features.people import queries
from workflow_app.features.people.labels import ACCOUNTS
from workflow_app.features.people.views import page
from workflow_app.states.definitions.people import PERSON, ROLES
from workflow_app.states.vocabulary import Permission, Role
from workflow_app.web import panels, pickers, table_page
from workflow_app.web.context import roles_said
from workflow_app.web.formatting import say
from workflow_app.web.page import Menu, may_open, roles
from workflow_app.web.panels import Shown, panel
from workflow_app.web.request_scope import here

ENTERERS = roles(Role.ADMIN, Role.COORDINATOR)
KEEPERS = roles(Role.ADMIN, Role.COORDINATOR, Role.DIRECTOR)
_FILTERS = ("role", "organization", "state")
_SHOWN = 20  # people of an organisation on its card


def searched(found: Select[Person], what: table_page.Asked) -> Select[Person]:
    """Return the statement with the words of the search: names, login, address, organisation."""
    return found.where(search.among(here().session, what.q, Person)) if what.q else found


def _wanted() -> tuple[table_page.Asked, Select[Person], keyset.Order]:
    what = table_page.asked(queries.SORTS, "name", _FILTERS)
    chosen = what.chosen
    found = queries.people(
        here().me,
        role=chosen.get("role", ""),
        organization=table_page.row_id(chosen.get("organization", "")),
        state=chosen.get("state", ""),
    )
    return what, searched(found, what), queries.SORTS[what.sort].turned(down=what.descending)


def listed(
    what: table_page.Asked, found: Select[Person], order: keyset.Order
) -> tuple[Sequence[Person], dict[str, Any], int]:
    """Return the people of the asked page, what the macro ``pagination`` draws, and how many there are."""
    total = counts.count(here().session, found.with_only_columns(Person.id, maintain_column_froms=True))
    rows, pager = table_page.stretch(what, order, total, lambda walk: read(found, order, walk))
    return rows, pager, total


def read(found: Select[Person], order: keyset.Order, walk: keyset.Walk) -> Sequence[Person]:
    """Return a stretch of a list of people."""
    rows = keyset.rows(keyset.stretch([found], order, walk), order).options(selectinload(Person.expert))
    return here().session.scalars(rows).unique().all()


@page("/people", readers=KEEPERS, menu=Menu(60, N_("Люди"), "users", "centre"))
def people() -> str:
    """List the people of the municipality."""
    scope = here()
    what, found, order = _wanted()
    rows, pager, total = listed(what, found, order)
    places = organizations(scope.session, scope.me.municipality_id)
    choices = {
        "role": [(one.value, say(one.label)) for one in ROLES],
        "state": [(name, say(words)) for name, words in ACCOUNTS.items()],
    }
    chips = [
        {
            "text": pickers.words_of(places, value)
            if name == "organization"
            else dict(choices[name]).get(value, value),
            "remove_url": table_page.address(**{name: None}),
        }
        for name, value in what.chosen.items()
    ]
    columns = [
        table_page.heading(what, _("Фамилия, имя, отчество"), "name"), table_page.heading(what, _("Роли")),
        table_page.heading(what, _("Организация")), table_page.heading(what, _("Учётная запись"), "state"),
    ]  # fmt: skip
    return render_template(
        "people/people.html", rows=[_row(one) for one in rows], total=total, what=what, choices=choices, chips=chips, columns=columns,
        page=pager, organization=pickers.filter_box("organization", _("Организация"), places),
        exports=table_page.exports("people.people_export"), enters=may_open(ENTERERS, scope),
    )  # fmt: skip


def _row(person: Person) -> dict[str, object]:
    return {
        "person": person,
        "roles": _roles(person),
        "position": position_of(person.position).n,
        "state": PERSON.state(person.state),
        "account": say(ACCOUNTS[person.state]),
    }


def _roles(person: Person) -> str:
    place = here().me.municipality_id
    return roles_said(frozenset(Role(one.role) for one in person.memberships if one.municipality_id == place))


@page("/people/export.<any(csv, xlsx):kind>", readers=KEEPERS)
def people_export(kind: str) -> Response:
    """Give the list, with its search and filters, as a file."""
    scope = here()
    _what, found, order = _wanted()
    scope.note_reading("people exported", detail=kind)
    header = [
        _("Фамилия"),
        _("Имя"),
        _("Отчество"),
        _("Роли"),
        _("Организация"),
        _("Должность"),
        _("Электронная почта"),
        _("Учётная запись"),
    ]
    return table_page.exported(kind, header, _cells(read(found, order, keyset.Walk(table_page.EXPORT_MOST))), _("Люди"))


def _cells(rows: Iterable[Person]) -> Iterable[list[str]]:
    for one in rows:
        yield [
            one.last_name, one.first_name, one.middle_name, _roles(one), one.organization.name if one.organization else "",
            position_of(one.position).n, one.email, say(ACCOUNTS[one.state]),
        ]  # fmt: skip


@panel("record", tab="people_of_organization")
def people_of_organization(place: Organization) -> str:
    """Show who works in an organisation, by name, on its card."""
    scope = here()
    # few work in one place: they are found by it, and sorted
    mine = select(Person).where(
        Person.organization_id == place.id,
        Person.state != "blocked",
        visible(scope.me, Permission.VIEW, Person).condition,
    )
    found = scope.session.scalars(mine.order_by(Person.name_order, Person.id).limit(_SHOWN)).unique()
    total = counts.count(scope.session, mine.with_only_columns(Person.id))
    lines = [
        [Shown(one.full_name, url_for("people.person", id=one.id)), Shown(position_of(one.position).n or "—")]
        for one in found
    ]
    url = url_for("people.people", organization=place.id) if may_open(KEEPERS, scope) else ""
    return panels.listed("people", _("Люди"), [_("ФИО"), _("Должность")], lines, total, url)
