"""How the instance is: the administrator's page of it, and the notice at home while something requires attention."""

from __future__ import annotations

from flask import render_template, url_for

from workflow_app.errors import N_
from workflow_app.features.centre.views import page
from workflow_app.operations import health
from workflow_app.states.vocabulary import Role
from workflow_app.web.formatting import ago, say
from workflow_app.web.page import Menu, address, may_open, roles
from workflow_app.web.panels import panel
from workflow_app.web.request_scope import Scope, database, here, settings

ADMIN = roles(Role.ADMIN)


def _report(scope: Scope) -> health.Report:
    return health.report(database(), settings(), scope.me.municipality_id)


@page("/health", readers=ADMIN, menu=Menu(95, N_("Состояние системы"), "check-circle", "centre"), name="health")
def health_page() -> str:
    """Show each part of the instance: how it stands, when it last worked, what to do."""
    found = _report(here())
    parts = [
        {
            "title": say(one.title), "state": say(health.STATES[one.state][0]), "tone": health.STATES[one.state][1], "at": one.at,
            "said": say(one.said), "todo": say(one.todo), "url": address(one.page) if one.page else "", "key": one.key,
            "live": one.live, "icon": {"unknown": "help", "off": "minus"}.get(one.state, ""),
        }
        for one in sorted(found.parts, key=lambda one: one.state != "attention")
    ]  # fmt: skip
    return render_template("centre/health.html", parts=parts, said=say(found.sentence(ago)), wrong=found.wrong)


@panel("home", tab="work")
def notice(scope: Scope) -> str:
    """Tell an administrator at home what requires attention; nothing to others, or while all is well."""
    if not may_open(ADMIN, scope):
        return ""
    found = _report(scope)
    if not found.wrong:
        return ""
    points = [f"{say(one.title)}: {say(one.said)}" for one in found.parts if one.state == "attention"]
    return render_template(
        "centre/health_notice.html", said=say(found.sentence(ago)), points=points, url=url_for("centre.health")
    )
