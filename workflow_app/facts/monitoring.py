"""What indicators are counted from, read from the rows of a town: now, or as they stood at the end of any past day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import Event
from workflow_app.facts import deadlines
from workflow_app.facts.monitored_cases import approved, directory, signed
from workflow_app.facts.record_history import Past, past, stood
from workflow_app.facts.satisfaction import satisfaction
from workflow_app.monitoring.indicators import Typed
from workflow_app.monitoring.observed import Approved, Row, Satisfaction, Town
from workflow_app.monitoring.people import Directory
from workflow_app.monitoring.values import Ref

_PERSON: Final = ("person_id", "name", "organization_id")
COUNTED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({
    "meeting": ("on", "body_id"), "agenda_item": ("is_programme", "within_id"), "body": ("planned",),
    "checklist_item": ("of", "local_act_id", "there"), "local_act": ("on", "replaces_id"),
    "publication": ("on", "channel", "level", "author_id"),
    "association_member": (*_PERSON, "level", "since", "until"), "headcount": ("organization_id", "year", "teachers", "on"),
    "centre_event": ("on", "agreement_id", "municipalities"), "registration": (*_PERSON, "place_of_work", "within_id"),
    "agreement": ("since", "until"), "contest_result": ("on", "result", "level"),
    "expert_record": ("since", "until", "regional_bank"),
})  # fmt: skip
"""The kinds of records that indicators are counted from, with the fields that are looked at."""
_COUNTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"registration": ("attended",), "agenda_item": ("active", "heard")}
)
"""The states of a kind in which alone its records count."""
_AWAY: Final = "ended"
_MENTIONING: Final = ("association_member", "registration")
"""The kinds that name people with or without an account."""


def end_of(session: Session, municipality_id: int, day: date) -> datetime:
    """Return the last moment of a day of the town, in UTC."""
    zone = ZoneInfo(deadlines.zone_of(session, municipality_id))
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC) - timedelta(microseconds=1)


def then_of(session: Session, municipality_id: int, day: date | None) -> Past | None:
    """Return what is to be turned back to see the end of a day; None, of today, of a day to come: nothing."""
    if day is None or day >= deadlines.today(session, municipality_id):
        return None
    return past(session, municipality_id, end_of(session, municipality_id, day))


def town(session: Session, municipality_id: int, day: date | None = None, then: Past | None = None) -> Town:
    """Return what is observed of a town at the end of a day; None: now. Archived records are left out. ``then``: if known."""
    today = deadlines.today(session, municipality_id)
    then = then or then_of(session, municipality_id, day)
    today = min(day or today, today)
    records = {key: tuple(rows(session, municipality_id, key, then)) for key in COUNTED if key in CONTENT_TYPES}
    works = tuple(approved(session, municipality_id, then))
    return Town(
        today=today, records=records, signed=tuple(signed(session, municipality_id, then)), approved=works,
        satisfaction=tuple(_satisfied(session, municipality_id, today, then)),
        directory=_directory(session, municipality_id, then, records, works),
    )  # fmt: skip


def _directory(
    session: Session,
    municipality_id: int,
    then: Past | None,
    records: Mapping[str, Sequence[Row]],
    works: Sequence[Approved],
) -> Directory:
    """Return the directory, read where anybody is named without an account."""
    free = [row for key in _MENTIONING for row in records.get(key, ()) if not row["person_id"]]
    if not free and not any(one.named for one in works):
        return Directory()
    said = any(row["place_of_work"] and row["organization_id"] is None for row in free)
    return directory(session, municipality_id, then, words=said)


def _satisfied(session: Session, municipality_id: int, day: date, then: Past | None) -> Iterator[Satisfaction]:
    """Yield what the surveys say that were closed by a day: their answers change no more."""
    before = then.last(session, "survey", Event.after) if then else {}
    changed = then.changed.get("survey", frozenset()) if then else frozenset()
    for one in satisfaction(session, municipality_id, until=day).rows:
        if one.survey_id in changed and (one.survey_id not in before or before[one.survey_id].after != "closed"):
            continue
        ref = Ref("survey", one.survey_id, 0)
        yield Satisfaction(ref, one.until, Decimal(one.share.numerator), Decimal(one.share.denominator))


def rows(session: Session, municipality_id: int, key: str, then: Past | None = None) -> Iterator[Row]:
    """Yield the living records of a kind as they stood."""
    kind = CONTENT_TYPES[key]
    states = _COUNTS.get(key) or [name for name in kind.workflow.states if name != _AWAY]
    for id_, version, state, values in stood(
        session, municipality_id, kind, then, only=COUNTED.get(key, ()), states=states
    ):
        yield Row(key, id_, version, state, values)


def typed(session: Session, municipality_id: int, then: Past | None = None) -> list[Typed]:
    """Return the values that people typed or imported, the latest first."""
    return [
        Typed(row["indicator"], row["since"], row["until"], row["value"], row["numerator"], row["denominator"], row["paper"], row.ref)
        for row in reversed(list(rows(session, municipality_id, "indicator_value", then)))
    ]  # fmt: skip


def planned(
    session: Session, municipality_id: int, then: Past | None = None
) -> Mapping[tuple[str, str], tuple[Decimal, int | None]]:
    """Return what is planned, by indicator and stage: the target, and for K3.1 of how many people and partners."""
    return {
        (row["indicator"], row["stage"]): (row["target"], row["planned"])
        for row in rows(session, municipality_id, "indicator_target", then)
    }
