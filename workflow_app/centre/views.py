"""Pages of the centre: help, organisations, requisites, settings, criteria sheets, workflows."""

from __future__ import annotations

from flask import render_template

from workflow_app.web.page import ANYONE, Slice

slice_ = Slice("centre")
page = slice_.page


@page("/help", readers=ANYONE)
def help_page() -> str:
    """Show where help is found."""
    return render_template("centre/help.html")
