"""Pages of the month's lists: choose a list and a month, look at it, take the Word file."""

from __future__ import annotations

from datetime import date

from flask import Response, abort, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app.calendar.months import month_named
from workflow_app.documents.docx import write
from workflow_app.documents.docx.blocks import Document
from workflow_app.documents.lists.lists import LISTINGS
from workflow_app.errors import N_
from workflow_app.facts import deadlines
from workflow_app.facts.month_orders import month_words
from workflow_app.features.documents import month_list_queries as queries
from workflow_app.features.documents.views import page
from workflow_app.states.vocabulary import Role
from workflow_app.web.file_answer import made
from workflow_app.web.formatting import say
from workflow_app.web.page import Menu, roles
from workflow_app.web.request_scope import here

_READERS = roles(Role.COORDINATOR, Role.DIRECTOR)


def asked_month() -> date:
    """Return the first day of the month asked for; this month, when none is or it is none."""
    scope = here()
    asked = month_named(request.args.get("month", ""))
    return asked or deadlines.today(scope.session, scope.me.municipality_id).replace(day=1)


def _composed(key: str, first: date) -> tuple[Document, int]:
    scope = here()
    material = queries.material(scope.session, scope.me, key, first)
    return LISTINGS[key].compose(material), len(material.rows)


@page("/lists", readers=_READERS, menu=Menu(35, N_("Списки"), "file-table", "documents"))
def lists() -> str:
    """Show the chosen list of the chosen month as it will be printed."""
    key, first = request.args.get("list", ""), asked_month()
    chosen = LISTINGS.get(key)
    document, count = _composed(key, first) if chosen else (None, 0)
    return render_template(
        "documents/lists.html",
        listings=LISTINGS.values(),
        choices=[("", _("выберите")), *((one.key, say(one.title)) for one in LISTINGS.values())],
        chosen=chosen,
        month=f"{first:%Y-%m}",
        period=month_words(first),
        document=document,
        count=count,
        most=queries.MOST,
        url=url_for("papers.list_file", key=key, month=f"{first:%Y-%m}") if chosen else "",
    )


@page("/lists/<key>.docx", readers=_READERS)
def list_file(key: str) -> Response:
    """Give the list as a Word file, with places for the date and the number."""
    if key not in LISTINGS:
        abort(404)
    first = asked_month()
    document, _count = _composed(key, first)
    name = _(
        "%(title)s, %(period)s.docx",
        title=say(LISTINGS[key].title),
        period=month_words(first).removesuffix(" г."),
    )
    return made(write.write(document), name)
