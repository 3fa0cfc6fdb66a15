"""What acts on local acts do: a new one ends the force of the one that it replaces, by that one's own act."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy.orm import Session

from workflow_app import gate
from workflow_app.content_types.declaration import OfRecord
from workflow_app.content_types.local_act import LocalAct, ReinstateAct, RepealAct
from workflow_app.db.models import RECORDS
from workflow_app.errors import N_, Invalid
from workflow_app.facts import succession
from workflow_app.gate import effect
from workflow_app.states.vocabulary import Actor

_CIRCLE: Final = N_("Этот акт сам заменён нынешним: круга быть не может.")


@effect.register
def _entered(sheet: LocalAct, session: Session, actor: Actor, subject: Any) -> None:
    """Take the fields over; the act that is replaced has no force from the day of the new one. Invalid when they replace each other."""
    effect.dispatch(OfRecord)(sheet, session, actor, subject)
    model: Any = RECORDS["local_act"]
    if sheet.replaces_id is None:
        return
    if subject.id in succession.before(session, subject):
        raise Invalid({"replaces_id": (_CIRCLE,)})
    former = session.get_one(model, sheet.replaces_id)
    if former.state == "active":
        gate.entail(
            session, actor, former, "repeal", RepealAct(repealed_on=sheet.on, why=f"{sheet.title}, {sheet.paper}"[:500])
        )


@effect.register
def _reinstated(sheet: ReinstateAct, session: Session, actor: Actor, subject: Any) -> None:
    """Forget the day from which it had no force."""
    effect.dispatch(OfRecord)(sheet, session, actor, subject)
    subject.repealed_on = None
