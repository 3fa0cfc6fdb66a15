"""What the centre's pages share: who reads them, the tabs of the settings, addresses of other slices' pages, exports."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from workflow_app import gate
from workflow_app.db.models import Municipality, Subject
from workflow_app.errors import N_, Sentence
from workflow_app.facts import subjects
from workflow_app.states.policy import Offer
from workflow_app.states.vocabulary import Role
from workflow_app.web.formatting import say
from workflow_app.web.page import PAGES, may_open, roles
from workflow_app.web.request_scope import here

OFFICE = roles(Role.ADMIN, Role.COORDINATOR, Role.DIRECTOR)
STAFF = roles(Role.ADMIN, Role.COORDINATOR, Role.DIRECTOR, Role.DEPARTMENT)
KEEPERS = roles(Role.ADMIN, Role.COORDINATOR)

_TABS: tuple[tuple[str, Sentence], ...] = (
    ("centre.settings", N_("Обзор")), ("centre.requisites", N_("Реквизиты")), ("centre.calendar", N_("Календарь")),
    ("centre.lengths", N_("Сроки")), ("centre.reminders", N_("Напоминания")),
    ("centre.weights", N_("Подбор экспертов")),
)  # fmt: skip


def centre() -> Municipality:
    """Return the present centre, if the person may see its settings."""
    scope = here()
    return gate.read(scope.session, scope.me, Municipality, scope.me.municipality_id)


def offers_of(subject: Subject) -> dict[str, Offer]:
    """Return what the present person may do with a record of the centre."""
    scope = here()
    return dict(subjects.offers_of(subject, scope.session, scope.me))


def tabs() -> list[dict[str, Any]]:
    """Return the tabs of the settings."""
    return [
        {"title": say(title), "url": url_for(endpoint), "current": request.endpoint == endpoint}
        for endpoint, title in _TABS
    ]


def crumbs(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """Return breadcrumbs: words and addresses; the last needs no address."""
    return [{"title": title, "url": url} for title, url in steps]


def settings_crumbs(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """Return breadcrumbs under the settings."""
    return crumbs((_("Настройки"), url_for("centre.settings")), *steps)


def may_visit(endpoint: str) -> bool:
    """Whether the present person may open a page: its button is shown to nobody else."""
    return endpoint in PAGES and may_open(PAGES[endpoint].readers, here())
