"""How much each fact counts where experts are ranked: the weights, and what other ones would do to a real case, before saving."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Response, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import Form

from workflow_app.db.models import Case
from workflow_app.facts.affinity import weights_of
from workflow_app.facts.candidates import Ranked, candidates
from workflow_app.facts.standings import visible
from workflow_app.features.centre.shared import OFFICE, centre, settings_crumbs, tabs
from workflow_app.features.centre.views import page
from workflow_app.matching.affinity import PARTS, shares, weighed
from workflow_app.states.definitions.centre import WEIGHT_MOST
from workflow_app.states.vocabulary import Actor, Permission
from workflow_app.web.request_scope import here
from workflow_app.web.table_page import row_id
from workflow_app.web.transition_view import act

_SHOWN: Final = 8  # experts of the example
_EXAMPLES: Final = 12  # cases to choose it from
_STATES: Final = ("assigning", "in_review", "third_review", "consolidation", "on_approval", "approved", "closed")


@page("/settings/weights", readers=OFFICE, methods=("GET", "POST"), name="weights")
def weights_page() -> Response | str:
    """Show the weights in a form, and beside it the first experts of a case by the weights in force and by the typed ones."""
    row, session = centre(), here().session
    stands = weights_of(session, row.id)

    def typed(form: Form) -> dict[str, int]:
        return {**stands, **_typed(form.data), **_typed(request.args)}

    return act(
        row, "set_weights", lists={}, template="centre/weights.html", back=url_for("centre.weights"),
        start={**stands, **_typed(request.args)},
        context=lambda: {
            "tabs": tabs(), "breadcrumbs": settings_crumbs((_("Подбор экспертов"), "")), "parts": tuple(PARTS),
            "shares_of": lambda form: _shares(typed(form)), "example": _example(session, here().me),
            "compare": lambda ranked, form: _compare(ranked, stands, typed(form)),
        },
    )  # fmt: skip


def _typed(given: Mapping[str, Any]) -> dict[str, int]:
    """Return the weights among what was typed: whole numbers in their bounds; the rest counts as not typed."""
    found = {}
    for part in PARTS:
        text = str(given.get(part) if given.get(part) is not None else "").strip()
        if text.isascii() and text.isdigit() and len(text) <= len(str(WEIGHT_MOST)) and int(text) <= WEIGHT_MOST:
            found[part] = int(text)
    return found


def _shares(weights: Mapping[str, int]) -> dict[str, int]:
    return {part: round(100 * share) for part, share in shares(weights).items()}


def _example(session: Session, me: Actor) -> dict[str, Any] | None:
    """Return the case whose experts are compared: the one asked for, else the newest of those that wait for experts."""
    mine = visible(me, Permission.VIEW).among(Case.state.in_(_STATES))
    newest = (Case.state != "assigning", Case.id.desc())
    found = session.scalars(select(Case).where(mine.condition).order_by(*newest).limit(_EXAMPLES)).all()
    wanted = row_id(request.values.get("case", ""))
    case = next((one for one in found if one.id == wanted), found[0] if found else None)
    if case is None:
        return None
    ranked = [one for one in candidates(session, case, reader=me.person_id) if not one.conflicts.bars]
    return {
        "case": case, "ranked": ranked,
        "choices": [(one.id, f"{one.number or _('без номера')} {one.title}"[:80]) for one in found],
    }  # fmt: skip


def _compare(ranked: list[Ranked], now: Mapping[str, int], then: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return the first experts by the weights typed, with their places by those in force."""
    places = {one.person.id: place for place, one in enumerate(_ordered(ranked, now), 1)}
    return [
        {
            "name": one.person.short_name, "moved": places[one.person.id] - place, "why": one.why,
            "fit": weighed(one.affinity.parts, then).percent, "before": weighed(one.affinity.parts, now).percent,
        }
        for place, one in enumerate(_ordered(ranked, then)[:_SHOWN], 1)
    ]  # fmt: skip


def _ordered(ranked: list[Ranked], weights: Mapping[str, int]) -> list[Ranked]:
    return sorted(ranked, key=lambda one: (-weighed(one.affinity.parts, weights).percent, one.person.name_order))
