"""Satisfaction of those who were asked (indicator K3.2), over the ended surveys of a centre: the arithmetic is ``surveys.tally``'s."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app.db import survey_answers
from workflow_app.db.models import RECORDS
from workflow_app.surveys import tally
from workflow_app.surveys.questions import Item, items_of


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
    asked = session.scalars(wanted.order_by(model.stage, model.until, model.id)).all()
    found = [
        Row(one.id, one.title, one.stage, one.audience, one.until, *told) for one, told in _told(session, asked, way)
    ]
    rows = tuple(one for one in found if one.share.denominator or one.share.unsure)
    whole = sum((one.share for one in rows), tally.Share())
    return Satisfaction(whole.numerator, whole.denominator, whole.unsure, rows)


Counted = tuple[int, tally.Share]
_KNOWN: dict[tuple[str, tuple[Item, ...], str], Counted] = {}
"""What answers came to, by their digest and what was asked: neither changes once a survey is closed, so it is counted once."""
_KNOWN_MOST: Final = 1000


def _told(session: Session, surveys: Sequence[Any], way: str) -> Iterator[tuple[Any, Counted]]:
    """Yield each survey with the number of its answers and its share: no statement where all are known, one where some are not."""
    keys = {one.id: (str(one.digest), items_of(one.asked), way) for one in surveys}
    known = {id_: _KNOWN[key] for id_, key in keys.items() if key in _KNOWN}
    for id_, answers in survey_answers.kept_of(session, keys.keys() - known.keys()).items():
        digest, items, _way = keys[id_]
        known[id_] = (len(answers), tally.satisfaction(items, answers, way))
        if len(_KNOWN) >= _KNOWN_MOST:
            _KNOWN.clear()
        if digest:
            _KNOWN[keys[id_]] = known[id_]
    yield from ((one, known[one.id]) for one in surveys)
