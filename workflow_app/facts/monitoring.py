"""What indicators are counted from, read from the rows of a town: now, or as they stood at the end of any past day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import Assignment, Case, CoAuthor, CriteriaRow, Event, Person
from workflow_app.facts import deadlines
from workflow_app.facts.record_history import stood
from workflow_app.facts.satisfaction import satisfaction
from workflow_app.monitoring.indicators import Typed
from workflow_app.monitoring.observed import Approved, Row, Satisfaction, Signed, Town
from workflow_app.monitoring.values import Ref

COUNTED: Final = (
    "meeting", "agenda_item", "body", "checklist_item", "local_act", "publication", "association_member", "headcount", "centre_event",
    "registration", "agreement", "contest_result", "expert_record",
)  # fmt: skip
"""The kinds of records that indicators are counted from."""
_AWAY: Final = "ended"
_APPROVED: Final = frozenset({"approved", "sent_to_commission", "decided", "closed", "archived", "appealed"})
_SIGNED: Final = frozenset({"signed", "consolidated"})


def end_of(session: Session, municipality_id: int, day: date) -> datetime:
    """Return the last moment of a day of the town, in UTC."""
    zone = ZoneInfo(deadlines.zone_of(session, municipality_id))
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC) - timedelta(microseconds=1)


def town(session: Session, municipality_id: int, day: date | None = None) -> Town:
    """Return what is observed of a town at the end of a day; None: now. Archived records are left out."""
    today = deadlines.today(session, municipality_id)
    moment = None if day is None or day >= today else end_of(session, municipality_id, day)
    return Town(
        today=min(day or today, today),
        records={key: tuple(rows(session, municipality_id, key, moment)) for key in COUNTED if key in CONTENT_TYPES},
        signed=tuple(_signed(session, municipality_id, moment)),
        approved=tuple(_approved(session, municipality_id, moment)),
        satisfaction=tuple(_satisfied(session, municipality_id, min(day or today, today))),
    )


def _satisfied(session: Session, municipality_id: int, day: date) -> Iterator[Satisfaction]:
    """Yield what the surveys say that were closed by a day: their answers change no more."""
    for one in satisfaction(session, municipality_id, until=day).rows:
        ref = Ref("survey", one.survey_id, 0)
        yield Satisfaction(ref, one.until, Decimal(one.share.numerator), Decimal(one.share.denominator))


def rows(session: Session, municipality_id: int, key: str, moment: datetime | None = None) -> Iterator[Row]:
    """Yield the living records of a kind as they stood."""
    for one in stood(session, municipality_id, CONTENT_TYPES[key], moment):
        if one.state != _AWAY:
            yield Row(key, one.id, one.version, one.state, one.values)


def typed(session: Session, municipality_id: int, moment: datetime | None = None) -> list[Typed]:
    """Return the values that people typed or imported, the latest first."""
    return [
        Typed(row["indicator"], row["since"], row["until"], row["value"], row["numerator"], row["denominator"], row["paper"], row.ref)
        for row in reversed(list(rows(session, municipality_id, "indicator_value", moment)))
    ]  # fmt: skip


def _states(
    session: Session, municipality_id: int, kind: str, moment: datetime | None
) -> Mapping[int, tuple[str, int]] | None:
    """Return the state and the version of the rows of a kind at a moment, by number; None: as they stand."""
    if moment is None:
        return None
    of = (Event.municipality_id == municipality_id, Event.subject_kind == kind, Event.at <= moment)
    last = select(func.max(Event.id)).where(*of).group_by(Event.subject_id)
    found = session.execute(select(Event.subject_id, Event.after, Event.subject_version).where(Event.id.in_(last)))
    return {id_: (state, version) for id_, state, version in found}


def _signed(session: Session, municipality_id: int, moment: datetime | None) -> Iterator[Signed]:
    then = _states(session, municipality_id, "assignment", moment)
    zone = ZoneInfo(deadlines.zone_of(session, municipality_id))
    found = session.execute(
        select(Assignment.id, Assignment.version, Assignment.state, Assignment.expert_id, Assignment.signed_at, Case.type,
               Person.municipality_id)
        .join(Case, Case.id == Assignment.case_id).join(Person, Person.id == Assignment.expert_id)
        .where(Assignment.municipality_id == municipality_id, Assignment.signed_at.is_not(None)).order_by(Assignment.id)
    )  # fmt: skip
    for id_, version, state, expert, at, kind, home in found:
        was, number = (state, version) if then is None else then.get(id_, ("", 0))
        if was in _SIGNED and at is not None and (moment is None or at <= moment):
            yield Signed(id_, number, expert, kind, at.astimezone(zone).date(), own=home == municipality_id)


def _approved(session: Session, municipality_id: int, moment: datetime | None) -> Iterator[Approved]:
    then = _states(session, municipality_id, "case", moment)
    zone = ZoneInfo(deadlines.zone_of(session, municipality_id))
    last = select(Event.subject_id, func.max(Event.at).label("at")).where(
        Event.municipality_id == municipality_id, Event.subject_kind == "case", Event.transition == "approve",
        *(() if moment is None else (Event.at <= moment,)),
    ).group_by(Event.subject_id).subquery()  # fmt: skip
    positive = _positive(session)
    with_whom: dict[int, set[int]] = {}
    for case_id, person_id in session.execute(
        select(CoAuthor.case_id, CoAuthor.person_id).join(Case, Case.id == CoAuthor.case_id)
        .where(Case.municipality_id == municipality_id, CoAuthor.person_id.is_not(None))
    ):  # fmt: skip
        with_whom.setdefault(case_id, set()).update(() if person_id is None else (person_id,))
    found = session.execute(
        select(Case.id, Case.version, Case.state, Case.type, Case.applicant_id, Case.verdict, Case.criteria_id, last.c.at)
        .join(last, last.c.subject_id == Case.id).where(Case.municipality_id == municipality_id).order_by(Case.id)
    )  # fmt: skip
    for id_, version, state, kind, applicant, verdict, criteria, at in found:
        was, number = (state, version) if then is None else then.get(id_, ("", 0))
        if was in _APPROVED and kind in CASE_TYPES:
            authors = frozenset({applicant, *with_whom.get(id_, ())})
            yield Approved(
                id_, number, kind, authors, at.astimezone(zone).date(), positive=(criteria, verdict) in positive
            )


def _positive(session: Session) -> frozenset[tuple[int, Any]]:
    """Return the verdicts that are positive, by the sheet that names them."""
    found = session.execute(select(CriteriaRow.id, CriteriaRow.data))
    return frozenset(
        (id_, one["key"]) for id_, data in found for one in data.get("verdicts", ()) if one.get("positive")
    )


def planned(
    session: Session, municipality_id: int, moment: datetime | None = None
) -> Mapping[tuple[str, str], tuple[Decimal, int | None]]:
    """Return what is planned, by indicator and stage: the target, and for K3.1 of how many people and partners."""
    return {
        (row["indicator"], row["stage"]): (row["target"], row["planned"])
        for row in rows(session, municipality_id, "indicator_target", moment)
    }
