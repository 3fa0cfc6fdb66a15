"""What is observed of a town: records as they stood on a day, signed reviews, approved cases, what surveys say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from workflow_app.calendar.school_year import school_year
from workflow_app.monitoring.people import Directory, Mention
from workflow_app.monitoring.values import Ref


@dataclass(slots=True)  # a town has thousands: a frozen one takes twice as long to make
class Row:
    """A record: ``values`` are its fields, with ``within_id`` of a part."""

    kind: str
    id: int
    version: int
    state: str
    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)

    @property
    def ref(self) -> Ref:
        """How a value names it."""
        return Ref(self.kind, self.id, self.version)


class Signed(NamedTuple):
    """A review that was signed: by whom, on a case of which type, when. ``own``: by an expert of the town."""

    id: int
    version: int
    expert_id: int
    case_type: str
    on: date
    own: bool = True


@dataclass(frozen=True, slots=True)
class Approved:
    """A case whose conclusion was approved: of which type, by whom the work is, when; ``positive`` as its verdict is.

    ``named``: co-authors without an account, by their names; ``organization``: where the work was made.
    """

    id: int
    version: int
    case_type: str
    authors: frozenset[int]
    on: date
    positive: bool
    named: tuple[str, ...] = ()
    organization: int | None = None

    def mentions(self) -> Iterator[Mention]:
        """Yield its authors."""
        ref = Ref("case", self.id, self.version)
        yield from (Mention(ref, one) for one in sorted(self.authors))
        yield from (Mention(ref, None, one, self.organization) for one in self.named)


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """What a closed survey says: so many of those who answered are satisfied; the day it was closed."""

    survey: Ref
    on: date
    satisfied: Decimal
    answered: Decimal


@dataclass(frozen=True, slots=True)
class Town:
    """Everything that indicators are counted from, as it stood on ``today``; records of the archive are left out."""

    today: date
    records: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    signed: Sequence[Signed] = ()
    approved: Sequence[Approved] = ()
    satisfaction: Sequence[Satisfaction] = ()
    directory: Directory = field(default_factory=Directory)
    _mentions: dict[tuple[str, int], Mention] = field(default_factory=dict, compare=False, repr=False)

    def mention(self, row: Row) -> Mention:
        """Return whom a row is about; asked for each period, it is made once."""
        if (row.kind, row.id) not in self._mentions:
            place = self.directory.place(row["organization_id"], row["place_of_work"] or "")
            self._mentions[row.kind, row.id] = Mention(row.ref, row["person_id"], row["name"] or "", place)
        return self._mentions[row.kind, row.id]


@dataclass(frozen=True, slots=True)
class Period:
    """The days of a period, both included; ``planned`` is how many people and partners were planned for it (K3.1)."""

    since: date
    until: date
    planned: int | None = None

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.since <= day <= self.until


@dataclass(frozen=True, slots=True)
class Look:
    """A town over a period."""

    town: Town
    period: Period

    def of(self, kind: str) -> Sequence[Row]:
        """Return all records of a kind."""
        return self.town.records.get(kind, ())

    def within(self, kind: str, day: str = "on", only: Callable[[Row], bool] = lambda _row: True) -> Iterator[Row]:
        """Yield the records of a kind whose day lies in the period and has come."""
        days = Period(self.period.since, self.last_day)
        return (row for row in self.of(kind) if row[day] in days and only(row))

    def valid(self, kind: str, only: Callable[[Row], bool] = lambda _row: True) -> Iterator[Row]:
        """Yield the records of a kind that serve on some day of the period that has come: «since» to «until», if they are said."""
        for row in self.of(kind):
            begun = row["since"] is None or row["since"] <= self.last_day
            if begun and (row["until"] is None or row["until"] >= self.period.since) and only(row):
                yield row

    def at_end(self, kind: str, only: Callable[[Row], bool] = lambda _row: True) -> Iterator[Row]:
        """Yield the records of a kind that serve on the last day of the period."""
        return (row for row in self.valid(kind, only) if row["until"] is None or row["until"] >= self.last_day)

    @property
    def last_day(self) -> date:
        """The last day of the period that has come."""
        return min(self.period.until, self.town.today)

    @property
    def teachers(self) -> int | None:
        """Return the active teachers: the headcounts of the school year of the period's end, the latest of each organisation."""
        year = school_year(self.last_day).start
        latest = {
            row["organization_id"]: int(row["teachers"])
            for row in sorted(self.of("headcount"), key=lambda one: (one["on"], one.id))
            if row["year"] == year
        }
        return sum(latest.values()) if latest else None
