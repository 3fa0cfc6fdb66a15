"""Attendance by a list: pasted names are found among the registered; whoever is not there is entered when that is wished."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Response, flash, make_response, render_template, request
from flask_babel import gettext as _
from sqlalchemy import select

from workflow_app import gate
from workflow_app.content_types.registration import Registration
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import RECORDS
from workflow_app.errors import Invalid, WorkflowError
from workflow_app.facts.record_rows import row_of
from workflow_app.features.events.door import read_for_keeper
from workflow_app.features.events.telling import crumbs, slice_
from workflow_app.spelling import clean, order_key
from workflow_app.states.forms import Nothing, fill
from workflow_app.web.formatting import say
from workflow_app.web.next_page import go
from workflow_app.web.page import LOGGED_IN
from workflow_app.web.request_scope import here
from workflow_app.web.transition_view import take_turn

_MOST = 300


@dataclass(slots=True)
class Marked:
    """What came of a list: how many are marked, who is not registered, whose name two have, what stood in the way."""

    done: int = 0
    absent: list[str] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def names_of(text: str) -> list[tuple[str, str, str]]:
    """Return the lines of a pasted list as (name, place of work, position): cells are parted by tabs or semicolons."""
    found = []
    for line in text.splitlines()[:_MOST]:
        cells = [clean(one) for one in line.replace(";", "\t").split("\t")]
        cells = cells[1:] if cells and cells[0].rstrip(".").isdecimal() else cells
        if cells and cells[0]:
            found.append((cells[0], *([*cells[1:], "", ""][:2])))
    return found  # type: ignore[return-value]  # three of them


@slice_.page("/records/centre-event/<int:id>/attendance", readers=LOGGED_IN, methods=("GET", "POST"))
def attendance(id: int) -> Response | str:
    """Mark everybody whose name was pasted."""
    row = read_for_keeper(id)
    if request.method != "POST":
        return _page(row, "", Marked())
    take_turn(row)
    text = request.form.get("names", "")
    marked = _mark(row, names_of(text), enter=request.form.get("enter") == "1")
    if marked.done:
        flash(_("Отмечено участников: %(n)s.", n=marked.done), "success")
    left = [*marked.absent, *marked.unclear, *marked.refused]
    if left or not names_of(text):
        return make_response(_page(row, "\n".join(left), marked), 200 if marked.done else 422)
    return go("records.centre_event", id=row.id)


def _page(row: Any, text: str, marked: Marked) -> str:
    way = crumbs(row, _("Кто пришёл: по списку"))
    return render_template("events/attendance.html", row=row, text=text, marked=marked, breadcrumbs=way)


def _mark(row: Any, names: Sequence[tuple[str, str, str]], *, enter: bool) -> Marked:
    scope, model, marked = here(), RECORDS["registration"], Marked()
    there: Any = model
    rows = scope.session.scalars(select(there).where(there.within_id == row.id, there.state != "ended")).all()
    for name, place, position in names:
        found = [one for one in rows if one.title_order == order_key(name)]
        if len(found) > 1:
            marked.unclear.append(name)
        elif found and found[0].state == "attended":
            continue
        elif found or enter:
            _attend(row, found[0] if found else (name, place, position), marked)
        else:
            marked.absent.append("\t".join(filter(None, (name, place, position))))
    return marked


def _attend(row: Any, who: Any, marked: Marked) -> None:
    """Mark one; who is not in the list yet is entered first, both or nothing."""
    scope = here()
    name = who[0] if isinstance(who, tuple) else who.name
    try:
        with scope.session.begin_nested():
            part = _entered(row, *who) if isinstance(who, tuple) else who
            gate.perform(scope.session, scope.me, part, "attend", Nothing(), part.version)
    except WorkflowError as error:
        why = (
            next((say(one[0]) for one in error.problems.values()), "")
            if isinstance(error, Invalid)
            else say(error.sentence)
        )
        marked.refused.append(f"{name}")
        flash(f"{name}: {why}", "danger")
    else:
        marked.done += 1


def _entered(row: Any, name: str, place: str, position: str) -> Any:
    scope = here()
    sheet = fill(
        Registration,
        {"name": name, "place_of_work": place, "position": position},
        {"refers:person": (), "refers:organization": ()},
    )
    part = row_of(CONTENT_TYPES["registration"], row.municipality_id, sheet, row)
    return gate.begin(scope.session, scope.me, part, sheet)
