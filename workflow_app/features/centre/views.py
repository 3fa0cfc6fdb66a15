"""The slice of the centre, and its page of help."""

from __future__ import annotations

from flask import render_template

from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.features.centre.handbook import default_terms
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
