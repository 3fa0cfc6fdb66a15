"""Pages of the expert: the invitation, the review, the answer to the conclusion."""

from __future__ import annotations

from flask import Response, url_for

from workflow_app import gate
from workflow_app.store import lists
from workflow_app.store.models import Assignment
from workflow_app.web.acting import act
from workflow_app.web.page import LOGGED_IN, Slice
from workflow_app.web.scope import here

slice_ = Slice("reviews")
page = slice_.page


@page("/assignments/<int:id>/do/<name>", readers=LOGGED_IN, methods=("GET", "POST"))
def do(id: int, name: str) -> Response | str:
    """Show or do a transition of an assignment."""
    scope = here()
    assignment = gate.read(scope.session, scope.me, Assignment, id)
    back = url_for("cases.show", id=assignment.case_id)
    return act(assignment, name, lists=lists.of_case(scope.session, assignment.case), back=back)
