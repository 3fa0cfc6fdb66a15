"""Pages on which the files of a case are attached: in a draft a step of the form, after the submission a page of their own."""

from __future__ import annotations

from flask import Response, render_template, url_for
from flask_babel import gettext as _

from workflow_app import gate
from workflow_app.db.models import Case
from workflow_app.errors import Denied
from workflow_app.facts.subjects import facts_of, workflow_of
from workflow_app.features.cases.blueprint import page
from workflow_app.features.cases.files.attachments import back_url, files_page, item_context
from workflow_app.states import policy
from workflow_app.states.vocabulary import Permission
from workflow_app.web import attaching
from workflow_app.web.next_page import go_to
from workflow_app.web.page import LOGGED_IN
from workflow_app.web.request_scope import here


def receive(id: int) -> None:
    """Store and inspect the files of the request, while nothing is locked."""
    attaching.receive(Case, id)


@page("/cases/<int:id>/files", readers=LOGGED_IN, methods=("POST",), before=receive)
def upload(id: int) -> Response | str:
    """Attach one file or several. A script gets JSON for its one file; the plain form comes back to the page."""
    scope = here()
    case = gate.read(scope.session, scope.me, Case, id)
    return attaching.told(
        attaching.attach(case), back_url(case),
        lambda row: render_template("cases/files_item.html", **item_context(row)),
        lambda errors, kept: files_page(case, errors, kept),
    )  # fmt: skip


@page("/cases/<int:id>/files", readers=LOGGED_IN)
def files(id: int) -> Response | str:
    """Show the attachments where files may be added after the submission (R13); in a draft they are a step of the form."""
    scope = here()
    case = gate.read(scope.session, scope.me, Case, id)
    if policy.may(workflow_of(case), scope.me, facts_of(case, scope.session), Permission.EDIT):
        return go_to(back_url(case), 302)
    if not attaching.may_attach(case):
        raise Denied(attaching.NOT_NOW)
    return files_page(case, [], 0)


@attaching.home_of.register
def _home(owner: Case) -> attaching.Home:
    return attaching.Home(owner.number or _("Дело"), url_for("cases.show", id=owner.id), back_url(owner))
