"""What the office's pages of a case share: the way in, the frame around a form, deadlines in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, abort, flash, request, url_for
from wtforms import FieldList, Form

from workflow_app import gate
from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Case
from workflow_app.errors import N_, Denied, NotYet, Sentence
from workflow_app.facts import choices, subjects
from workflow_app.facts.subjects import facts_of, state_of, workflow_of
from workflow_app.features.cases import next_case
from workflow_app.states import policy
from workflow_app.states.policy import Offer
from workflow_app.states.vocabulary import Permission
from workflow_app.web import deadline_words
from workflow_app.web.formatting import say
from workflow_app.web.next_page import go
from workflow_app.web.page import address
from workflow_app.web.request_scope import here
from workflow_app.web.transition_view import act


def open_case(id: int) -> Case:
    """Return the case if the person may see it; else NotFound, the same as for a missing one."""
    scope = here()
    return gate.read(scope.session, scope.me, Case, id)


def offers_of(case: Case) -> dict[str, Offer]:
    """Return what the present person may do with the case."""
    scope = here()
    return dict(subjects.offers_of(case, scope.session, scope.me))


def demand(case: Case, permission: Permission) -> None:
    """Raise Denied unless the person has the permission on the case."""
    scope = here()
    if not policy.may(workflow_of(case), scope.me, facts_of(case, scope.session), permission):
        raise Denied(N_("Эта страница вам недоступна."))


def frame(case: Case, title: Sentence) -> dict[str, Any]:
    """Return what stands around every form of a case: its kind, state and the way back."""
    number = case.number or say(N_("без номера"))
    return {
        "kind": case_type(case.type),
        "state": state_of(case, told=True),
        "due": deadline_words.of_case(case),
        "page_title": say(title),
        "breadcrumbs": [
            {"title": say(N_("Все дела")), "url": url_for("cases.listing")},
            {"title": number, "url": url_for("cases.show", id=case.id)},
            {"title": say(title)},
        ],
    }


def rows_of(form: Form, name: str) -> Sequence[Any]:
    """Return the rows of a form's list of sub-sheets, for pages that draw them beside something else."""
    field = form[name]
    return tuple(field.entries) if isinstance(field, FieldList) else ()


def do(case: Case, name: str, template: str = "do.html", **how: Any) -> Response | str:
    """Show or do a transition of the case; a second press, or a colleague's, is told and nothing is done twice."""
    scope = here()
    back = how.pop("back", url_for("cases.show", id=case.id))
    if name not in workflow_of(case).transitions:
        abort(404)
    if request.method == "POST" and name not in offers_of(case):
        try:
            policy.permit(workflow_of(case), scope.me, facts_of(case, scope.session), name)
        except NotYet as late:
            flash(say(N_("Это уже сделано раньше или дело ушло дальше. %(why)s", why=late.sentence)), "info")
            return go("cases.show", id=case.id)
    more, title = how.pop("context", None), how.pop("title", None) or workflow_of(case).transition(name).title
    place = next_case.Place.of(case)
    answer = act(
        case, name, lists=choices.of_case(scope.session, case, reader=scope.who.id), back=back, template=template,
        context=lambda: frame(case, title) | {"consents_url": _agreement()} | (more() if more else {}), **how,
    )  # fmt: skip
    return answer if name == "approve" else next_case.told(place, answer)  # the queue leads on by itself


def _agreement() -> str:
    """Return where the agreement on the simple signature is accepted (R35)."""
    return address("people.consent", kind="simple_signature")
