"""The slice of the centre, and its page of help."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Response, render_template, request, url_for

from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.content_types.organization import ORGANIZATION
from workflow_app.features.centre.handbook import default_terms
from workflow_app.features.centre.shared import STAFF
from workflow_app.web.next_page import go_to
from workflow_app.web.page import ANYONE, Slice
from workflow_app.web.request_scope import here

slice_ = Slice("centre")
page = slice_.page


@page("/help", readers=ANYONE)
def help_page() -> str:
    """Say in short who does what, what happens next, what the words mean."""
    known = here().actor is not None
    return render_template(
        "centre/help.html", layout="layout.html" if known else "layout_bare.html", known=known, kinds=CASE_TYPES,
        terms=default_terms(),
    )  # fmt: skip


@page("/organizations", readers=STAFF, name="organizations")
@page("/organizations/<path:rest>", readers=STAFF, name="organizations_of_old")
def organizations_of_old(rest: str = "") -> Response:
    """Lead an address of the time when organisations were no records yet to where they are now."""
    place = "/".join(ORGANIZATION.earlier.get(one, one) for one in rest.split("/"))
    to = f"{url_for('records.organization_list')}/{place}".rstrip("/")
    query = urlencode(request.args.to_dict(flat=False), doseq=True)
    return go_to(f"{to}?{query}" if query else to, 301)
