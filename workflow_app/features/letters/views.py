"""The page of letters: what was sent to whom, what waits, what failed, with the reason and what helps; sending again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, abort, flash, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app import gate
from workflow_app.content_types.letter_kinds import LETTERS, title_of
from workflow_app.db import counts
from workflow_app.db.models import Municipality, Outbox, Person
from workflow_app.documents.letter_kinds import FIXED, SECRET
from workflow_app.errors import N_, WorkflowError
from workflow_app.features.letters import queries
from workflow_app.features.letters.reasons import reason_of
from workflow_app.operations.smtp import SITE
from workflow_app.states.definitions.centre import SendAgain
from workflow_app.states.vocabulary import Role
from workflow_app.web import table_page
from workflow_app.web.formatting import say
from workflow_app.web.next_page import go
from workflow_app.web.page import Menu, Slice, roles
from workflow_app.web.request_scope import here, settings
from workflow_app.web.transition_view import seen_version

slice_ = Slice("letters")
page = slice_.page
KEEPERS = roles(Role.ADMIN, Role.COORDINATOR)
_FILTERS = ("state", "template")


@page("/letters", readers=KEEPERS, menu=Menu(80, N_("Письма"), "mail", "centre"))
def letters() -> str:
    """List the letters of the centre, the latest first."""
    scope = here()
    what = table_page.asked((), "", _FILTERS)
    chosen = what.chosen
    found = queries.letters(
        scope.session, scope.me, words=what.q, state=chosen.get("state", ""), template=chosen.get("template", "")
    )
    total = counts.count(scope.session, found.with_only_columns(Outbox.id))
    rows, pager = table_page.stretch(what, queries.ORDER, total, lambda walk: queries.page(scope.session, found, walk))
    people = queries.people_of(scope.session, rows)
    choices = {
        "state": [(key, say(title)) for key, (title, _tone) in queries.STATES.items()],
        "template": sorted(((key, _called(key)) for key in (*LETTERS, *FIXED)), key=lambda one: one[1]),
    }
    chips = [
        {"text": dict(choices[name]).get(value, value), "remove_url": table_page.address(**{name: None})}
        for name, value in chosen.items()
    ]
    return render_template(
        "outgoing/letters.html", rows=[_row(one, people) for one in rows], total=total, what=what, choices=choices, chips=chips,
        page=pager, troubled=queries.troubled(scope.session, scope.me),
    )  # fmt: skip


def _called(template: str, subject: str = "") -> str:
    title = title_of(template, subject)
    return title if isinstance(title, str) else say(title)


def _row(row: Outbox, people: Mapping[int, Person]) -> dict[str, Any]:
    state = queries.state_of(row)
    title, tone = queries.STATES[state]
    person = people.get(row.person_id or 0)
    reason = reason_of(row.error) if row.error and state in ("late", "failed") else None
    return {
        "row": row, "to": person.full_name if person else row.to_address, "address": row.to_address if person else "",
        "called": _called(row.template, _("Письмо")), "state": say(title), "tone": tone, "reason": reason, "key": state,
    }  # fmt: skip


def _open(id: int) -> Outbox:
    """Return a letter that the person may know of; 404 for any other."""
    scope = here()
    row = scope.session.scalar(queries.letters(scope.session, scope.me).where(Outbox.id == id))
    if row is None:
        abort(404)
    return row


@page("/letters/<int:id>", readers=KEEPERS)
def letter(id: int) -> str:
    """Show one letter: what became of it, why, what helps; its text to who may read it."""
    scope = here()
    row = _open(id)
    sight = queries.sight_of(scope.session, scope.me, row)
    if sight.text and row.case_id is not None:
        scope.note_reading("letter", "case", row.case_id)
    shown = _row(row, queries.people_of(scope.session, [row]))
    centre = scope.session.get_one(Municipality, scope.me.municipality_id)
    may = shown["key"] != "waiting" and not (shown["key"] == "sent" and row.template in SECRET)
    return render_template(
        "outgoing/letter.html", one=shown, row=row, sight=sight, may=may, version=centre.version,
        text=row.body.replace(SITE, (settings().base_url or request.url_root).rstrip("/")) if sight.text else "",
        breadcrumbs=[{"title": _("Письма"), "url": url_for("letters.letters")}, {"title": shown["called"], "url": ""}],
    )  # fmt: skip


@page("/letters/<int:id>/again", readers=KEEPERS, methods=("POST",))
def again(id: int) -> Response:
    """Send a letter once more; the centre's records keep who did it."""
    scope = here()
    row = _open(id)
    centre = gate.read(scope.session, scope.me, Municipality, scope.me.municipality_id)
    try:
        gate.perform(scope.session, scope.me, centre, "send_again", SendAgain(letter=row.id), seen_version(centre))
    except WorkflowError as error:
        problems = getattr(error, "problems", None)
        words = [say(one) for many in problems.values() for one in many] if problems else [say(error.sentence)]
        flash(" ".join(words), "error")
        return go("letters.letter", id=id)
    flash(_("Письмо отправится ещё раз в течение минуты."), "success")
    return go(
        "letters.letters", **({"state": request.form["state"]} if request.form.get("state") in queries.STATES else {})
    )
