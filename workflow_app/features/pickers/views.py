"""The one address of all pickers: words or numbers in, names out."""

from __future__ import annotations

from flask import Response, abort, make_response, request

from workflow_app.facts.pickers import MOST
from workflow_app.spelling import clean
from workflow_app.states.forms import Choice
from workflow_app.web import pickers, rate_limit
from workflow_app.web.formatting import say
from workflow_app.web.page import ANYONE, Slice
from workflow_app.web.request_scope import here

slice_ = Slice("pickers")


@slice_.page(
    "/pick/<key>", readers=ANYONE
)  # the key is signed for whom the form was given to: registering teachers too
def find(key: str) -> Response:
    """Return what the words ``q`` find, or which of the numbers ``value`` may be chosen, as JSON. 404: a key of somebody else."""
    scope = here()
    picker = pickers.asked(key)
    if picker is None:
        abort(404)
    rate_limit.searches(scope.me.person_id if scope.actor is not None else None)
    values = request.args.getlist("value")[:MOST]
    found = picker.known(values) if values else picker.search(clean(request.args.get("q", "")))
    return make_response({"found": [_said(one) for one in found[:MOST]], "said": pickers.said(found)})


def _said(one: Choice) -> dict[str, str]:
    return {"value": one.value, "label": say(one.label), "note": say(one.note)}
