"""What acts on the plan do to its rows beyond taking over what was filled in."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from workflow_app.content_types.plan_item import ItemMoved
from workflow_app.content_types.programme_report import FixReport
from workflow_app.errors import N_, Invalid
from workflow_app.facts import report
from workflow_app.gate import effect
from workflow_app.states.vocabulary import Actor


@effect.register
def _moved(sheet: ItemMoved, session: Session, actor: Actor, subject: Any) -> None:
    """The term of before the first move is kept: the plan is compared with it for ever."""
    del session, actor
    if sheet.until == subject.until:
        raise Invalid({"until": (N_("Это и есть нынешний срок: назовите другой день."),)})
    subject.baseline = subject.baseline or subject.until
    subject.until, subject.ground = sheet.until, sheet.ground


@effect.register
def _fixed(sheet: FixReport, session: Session, actor: Actor, subject: Any) -> None:
    """The values and lists of today stay with the report, whatever the rows become later."""
    del sheet, actor
    subject.fixed = report.fixed(session, subject)
