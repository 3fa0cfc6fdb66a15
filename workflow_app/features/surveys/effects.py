"""What the acts on a survey do: a box for the answers, codes, the count at the end."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy.orm import Session

from workflow_app.content_types.survey import CloseSurvey, EnterAnswers, IssueCodes, OpenSurvey
from workflow_app.db import survey_answers
from workflow_app.gate import effect
from workflow_app.states.vocabulary import Actor

CODES: Final = "survey codes"  # in the notes of the session: what was made, to be shown this once
TABLE: Final = "survey answers"  # in the same: what was read from a table


@effect.register
def _open(sheet: OpenSurvey, session: Session, actor: Actor, subject: Any) -> None:
    del sheet, actor
    survey_answers.begin(session, subject.id)


@effect.register
def _codes(sheet: IssueCodes, session: Session, actor: Actor, subject: Any) -> None:
    del actor
    session.info[CODES] = survey_answers.issue(session, subject.id, sheet.many)


@effect.register
def _enter(sheet: EnterAnswers, session: Session, actor: Actor, subject: Any) -> None:
    """Take what the page has read of the table; the event tells how many, and nothing of them."""
    del sheet, actor
    survey_answers.put(session, subject.id, session.info.pop(TABLE))


@effect.register
def _close(sheet: CloseSurvey, session: Session, actor: Actor, subject: Any) -> None:
    """Count the answers: the event states their number and digest, and ``check`` compares (ADR 31)."""
    del sheet, actor
    subject.counted, subject.digest = survey_answers.close(session, subject.id)
