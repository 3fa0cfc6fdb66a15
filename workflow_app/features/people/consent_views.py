"""Pages of consents: each a document of its own, given and withdrawn by the person alone (R37, R38)."""

from __future__ import annotations

from flask import Response, abort, flash, render_template, request
from flask_babel import gettext as _

from workflow_app import clock, gate
from workflow_app.db.models import Consent
from workflow_app.features.people.consents import Standing, standing, standings
from workflow_app.features.people.views import page
from workflow_app.states.definitions.people import GiveConsent, WithdrawConsent
from workflow_app.web.next_page import go
from workflow_app.web.page import LOGGED_IN
from workflow_app.web.request_scope import here


@page("/consents", readers=LOGGED_IN)
def consents() -> str:
    """Show every consent and agreement, and how it stands."""
    scope = here()
    return render_template("people/consents.html", consents=standings(scope.session, scope.who))


@page("/consents/<kind>", readers=LOGGED_IN, methods=("GET", "POST"))
def consent(kind: str) -> Response | str:
    """Show one with its text; give it or withdraw it. The version, the date and the address are the server's."""
    scope = here()
    found = standing(scope.session, scope.who, kind)
    if found is None:
        abort(404)
    if request.method != "POST":
        return render_template("people/consent.html", consent=found)
    if request.form.get("act") == "withdraw":
        _withdraw(found)
    elif request.form.get("version") != found.version:
        flash(_("Пока страница была открыта, текст изменился. Прочитайте новый текст."), "warning")
        return go("people.consent", kind=kind)
    elif found.lacking:
        flash(_("Принять пока нельзя: в тексте не хватает сведений."), "warning")
        return go("people.consent", kind=kind)
    elif not found.current:
        _give(found)
    return go("people.consents")


def _give(found: Standing) -> None:
    """Give it; an acceptance of an older text stays in force beside it."""
    scope = here()
    row = Consent(
        municipality_id=scope.who.municipality_id, person_id=scope.who.id, consent_kind=found.kind, text_version=found.version,
        given_at=clock.now(),
    )  # fmt: skip
    gate.begin(scope.session, scope.me, row, GiveConsent(kind=found.kind, text_version=found.version, ip=scope.me.ip))
    flash(_("Принято: %(title)s.", title=found.title), "success")


def _withdraw(found: Standing) -> None:
    """Withdraw every acceptance of the kind that stands: what it allowed ends at once."""
    scope = here()
    for one in found.given:
        gate.perform(scope.session, scope.me, one, "withdraw_consent", WithdrawConsent(), one.version)
    if found.given:
        flash(_("Отозвано: %(title)s. Что оно разрешало, прекращено сразу.", title=found.title), "success")
