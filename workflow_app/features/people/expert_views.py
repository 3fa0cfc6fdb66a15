"""The register of experts: directions, training, load now; the same as a file."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, render_template
from flask_babel import gettext as _
from sqlalchemy import Select

from workflow_app.db.keyset import Order, Walk
from workflow_app.db.models import Person
from workflow_app.errors import N_
from workflow_app.facts import choices
from workflow_app.facts.naming import position_of
from workflow_app.features.people import queries
from workflow_app.features.people.labels import category_said, training_said
from workflow_app.features.people.list_views import listed, read, searched
from workflow_app.features.people.views import page
from workflow_app.files.write_table import Cell
from workflow_app.states.vocabulary import Role
from workflow_app.web import table_page
from workflow_app.web.formatting import say
from workflow_app.web.page import Menu, roles
from workflow_app.web.request_scope import here

_READERS = roles(Role.COORDINATOR, Role.DIRECTOR)
_FILTERS = ("direction", "trained")


def _wanted() -> tuple[table_page.Asked, Select[Person], Order]:
    what = table_page.asked(("name",), "name", _FILTERS)
    found = searched(queries.experts(here().me, **what.chosen), what)
    return what, found, queries.BY_NAME.turned(down=what.descending)


@page("/experts", readers=_READERS, menu=Menu(50, N_("Реестр экспертов"), "award", "community"))
def experts() -> str:
    """List the register: who, for what, how busy."""
    scope = here()
    what, found, order = _wanted()
    rows, pager, total = listed(what, found, order)
    load = queries.load(scope.session, scope.me, [one.id for one in rows])
    choices = {"direction": _directions(), "trained": [("yes", _("есть документ")), ("no", _("нет документа"))]}
    chips = [
        {"text": dict(choices[name]).get(value, value), "remove_url": table_page.address(**{name: None})}
        for name, value in what.chosen.items()
    ]
    columns = [
        table_page.heading(what, _("Эксперт"), "name"), table_page.heading(what, _("Организация")),
        table_page.heading(what, _("Направления")), table_page.heading(what, _("Подготовка")),
        table_page.heading(what, _("Открыто экспертиз"), numeric=True),
    ]  # fmt: skip
    return render_template(
        "people/experts.html", rows=[_row(one, load) for one in rows], total=total, what=what, choices=choices, chips=chips,
        columns=columns, page=pager, exports=table_page.exports("people.experts_export"),
    )  # fmt: skip


def _directions() -> list[tuple[str, str]]:
    return [(one.value, say(one.label)) for one in choices.of_file("directions")]


def _row(person: Person, load: Mapping[int, int]) -> dict[str, object]:
    card, titles = person.expert, dict(_directions())
    return {
        "person": person, "position": position_of(person.position).n, "organization": person.organization,
        "directions": [titles.get(one, one) for one in card.directions] if card else [],
        "training": training_said(card.training) if card else "", "category": category_said(card.category) if card else "",
        "uncategorised": card is not None and card.category == "none",
        "load": load.get(person.id, 0), "limit": card.load_limit if card else None,
    }  # fmt: skip


@page("/experts/export.<any(csv, xlsx):kind>", readers=_READERS)
def experts_export(kind: str) -> Response:
    """Give the register, with its search and filters, as a file."""
    scope = here()
    _what, found, order = _wanted()
    rows = read(found, order, Walk(table_page.EXPORT_MOST))
    load = queries.load(scope.session, scope.me, [one.id for one in rows])
    scope.note_reading("experts exported", detail=kind)
    header = [
        _("Эксперт"), _("Должность"), _("Организация"), _("За пределами муниципалитета"), _("Направления"), _("Предметная область"),
        _("Категория"), _("Документ ДПП ПК"), _("Открыто экспертиз"), _("Предел"),
    ]  # fmt: skip
    return table_page.exported(kind, header, [_cells(one, load) for one in rows], _("Реестр экспертов"))


def _cells(person: Person, load: Mapping[int, int]) -> list[Cell]:
    row, areas = _row(person, load), {one.value: say(one.label) for one in choices.of_file("subject_areas")}
    organization, card = person.organization, person.expert
    return [
        person.full_name, str(row["position"]), organization.name if organization else "", bool(organization and organization.outside),
        "; ".join(dict(_directions()).get(one, one) for one in (card.directions if card else [])),
        areas.get(card.profile, "") if card else "", str(row["category"]), card.training if card else "",
        load.get(person.id, 0), card.load_limit if card else None,
    ]  # fmt: skip
