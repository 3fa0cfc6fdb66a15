"""Satisfaction of those who were asked (indicator K3.2), over the ended surveys of a centre: the arithmetic is ``surveys.tally``'s."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app.db import survey_answers
from workflow_app.db.models import RECORDS
from workflow_app.surveys import tally
from workflow_app.surveys.questions import items_of


@dataclass(frozen=True, slots=True)
class Row:
    """What one survey adds: its id, title, stage («1» to «3»), audience, last day, number of answers, its share."""

    survey_id: int
    title: str
    stage: str
    audience: str
    until: date
    n: int
    share: tally.Share


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """``numerator`` of ``denominator``: answers to statements, or people, by the way; ``unsure`` stand in neither. ``rows``: of what."""

    numerator: int
    denominator: int
    unsure: int
    rows: tuple[Row, ...]


def satisfaction(
    session: Session,
    municipality_id: int,
    *,
    surveys: Collection[int] | None = None,
    since: date | None = None,
    until: date | None = None,
    stage: str = "",
    way: str = tally.BY_STATEMENTS,
) -> Satisfaction:
    """Return the satisfaction over the ended surveys whose last day lies in the period, or over those named.

    A survey of fewer than five answers, or one without a question that counts, adds nothing and stands in no row.
    """
    model: Any = RECORDS["survey"]
    wanted = select(model).where(model.municipality_id == municipality_id, model.state == "closed")
    if surveys is not None:
        wanted = wanted.where(model.id.in_(surveys))
    if since is not None:
        wanted = wanted.where(model.until >= since)
    if until is not None:
        wanted = wanted.where(model.until <= until)
    if stage:
        wanted = wanted.where(model.stage == stage)
    found = (_row(session, one, way) for one in session.scalars(wanted.order_by(model.stage, model.until, model.id)))
    rows = tuple(one for one in found if one.share.denominator or one.share.unsure)
    whole = sum((one.share for one in rows), tally.Share())
    return Satisfaction(whole.numerator, whole.denominator, whole.unsure, rows)


def _row(session: Session, survey: Any, way: str) -> Row:
    answers = survey_answers.kept(session, survey.id)
    share = tally.satisfaction(items_of(survey.asked), answers, way)
    return Row(survey.id, survey.title, survey.stage, survey.audience, survey.until, len(answers), share)
