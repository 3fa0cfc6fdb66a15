"""The ladders of reminders in words: of cases by the kind of turn, of records as their kinds declare them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app.content_types.awaited import todo_of
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import LadderRow
from workflow_app.errors import N_, Sentence
from workflow_app.gate.reminders import RECORD_LADDERS, hours_of, ladders_of
from workflow_app.states import reminders
from workflow_app.states.forms import Choice
from workflow_app.states.reminders import Ladder
from workflow_app.web.formatting import say


def turns() -> tuple[Choice, ...]:
    """Return what may be reminded of, cases first."""
    return tuple(Choice(key, title) for key, title in {**reminders.TURNS, **_of_records()}.items())


def _of_records() -> dict[str, Sentence]:
    known = {todo_of(kind, one): (kind, one) for kind in CONTENT_TYPES.values() for one in kind.awaits}
    return {
        todo: N_("%(kind)s: %(verb)s", kind=known[todo][0].titles[0], verb=known[todo][1].verb)
        for todo in RECORD_LADDERS
    }


def groups(session: Session, municipality_id: int) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the ladders of a centre in two tables: title, rows of turn, words, whether the centre changed it."""
    own = set(session.scalars(select(LadderRow.turn).where(LadderRow.municipality_id == municipality_id)))
    known = ladders_of(session, municipality_id)
    parts = ((_("Дела"), reminders.TURNS), (_("Записи"), _of_records()))
    return [
        (
            title,
            [
                {"turn": key, "title": say(words), "steps": list(_told(known[key])), "own": key in own}
                for key, words in many.items()
            ],
        )
        for title, many in parts
    ]


def _told(steps: Ladder) -> Iterator[str]:
    """Yield the days of a ladder in words, each with whom it tells."""
    for days, many in groupby(steps, key=lambda one: one.days):
        order = sorted(many, key=lambda one: list(reminders.WHOM).index(one.whom))
        whom = [say(reminders.WHOM[one.whom]) + (f" ({_('сразу')})" if one.at_once else "") for one in order]
        yield f"{_day(days)}: {', '.join(whom)}"


def _day(days: int) -> str:
    if days == 0:
        return str(_("в день срока"))
    if days < 0:
        return str(ngettext("за %(num)s день до срока", "за %(num)s дней до срока", -days))
    return str(ngettext("через %(num)s день после срока", "через %(num)s дней после срока", days))


def _side(days: int) -> str:
    return "before" if days < 0 else "after" if days else "on"


def start(session: Session, municipality_id: int, turn: str) -> dict[str, Any]:
    """Return what the form of one ladder begins with; nothing for an unknown one."""
    known = ladders_of(session, municipality_id)
    if turn not in known:
        return {}
    steps = [
        {"days": abs(one.days) or "", "when": _side(one.days), "whom": one.whom, "at_once": one.at_once}
        for one in known[turn]
    ]
    return {"turn": turn, "steps": steps}


def hours(session: Session, municipality_id: int) -> dict[str, int]:
    """Return when letters leave, as the form has it."""
    now = hours_of(session, municipality_id)
    return {"letters_since": now.since, "letters_until": now.until, "letters_daily": now.daily}
