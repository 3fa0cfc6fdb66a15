"""What the yearly plan of a body is made of, read from its meetings: those of the school year of the next one that is ahead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app.calendar.school_year import school_year
from workflow_app.content_types.meeting_course import AHEAD
from workflow_app.db.models import RECORDS
from workflow_app.documents.kinds.body_plan import PlanCard, PlannedMeeting
from workflow_app.errors import N_, NotYet
from workflow_app.facts import deadlines
from workflow_app.facts.record_names import chosen_words
from workflow_app.gate.issuing.office import person_as_expert

_NOTHING: Final = N_("На этот учебный год заседаний нет: запланируйте их, и они встанут в план.")


def _plan(session: Session, row: Any) -> PlanCard:
    model: Any = RECORDS["meeting"]
    mine = (
        select(model).where(model.body_id == row.id, model.state != "ended").order_by(model.on, model.starts, model.id)
    )
    meetings = session.scalars(mine).all()
    today = deadlines.today(session, row.municipality_id)
    year = school_year(min((one.on for one in meetings if one.state in AHEAD and one.on >= today), default=today))
    found = tuple(_meeting(session, one) for one in meetings if one.on in year)
    if not found:
        raise NotYet((_NOTHING,))
    return PlanCard(row.genitive, f"{year.start}/{(year.start + 1) % 100:02d}", found)


def _meeting(session: Session, row: Any) -> PlannedMeeting:
    model: Any = RECORDS["agenda_item"]
    asked = select(model).where(model.within_id == row.id, model.state != "ended").order_by(model.place, model.id)
    keeper = person_as_expert(session, row.responsible_id)
    return PlannedMeeting(
        row.on, row.title, chosen_words(row, "form"), tuple(_question(session, one) for one in session.scalars(asked)),
        keeper.person.full() if keeper else "",
    )  # fmt: skip


def _question(session: Session, row: Any) -> str:
    known = person_as_expert(session, row.speaker_id)
    speaker = known.person.short() if known else row.speaker.partition(",")[0]
    return f"{row.title} ({speaker})" if speaker else row.title


GATHER: Final[Mapping[type | None, Callable[[Session, Any], Any]]] = {PlanCard: _plan}
