"""When what waits is reminded of, and whom: ladders of steps by the kind of turn, defaults in ``data/reminders.yaml``.

Days are calendar days after the term, those before it below nought. Of the steps whose day has come only the last day's are
sent, so that a program that stood still does not send them all at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from workflow_app import data
from workflow_app.errors import N_, Broken, Sentence

SELF, COORDINATOR, DIRECTOR = "self", "coordinator", "director"
DEPUTY: Final = "deputy"  # who stands in for a reader who is away (R52): no step names them
WHOM: Final[Mapping[str, Sentence]] = {
    SELF: N_("кого ждут"), COORDINATOR: N_("координатор дела"), DIRECTOR: N_("директор"),
}  # fmt: skip
KEPT: Final = 7
"""Days after its own day for which a step is worth sending: the program may have stood still."""
MOST: Final = 60
"""Days by which a step may stand before or after the term."""
TURNS: Final[Mapping[str, Sentence]] = {
    "answer": N_("Ответ эксперта на приглашение"), "review": N_("Экспертный лист"),
    "signature": N_("Подпись под общим выводом и заключением"),
    "completion": N_("Устранение замечаний заявителем"), "revision": N_("Доработка материала автором"),
    "registration": N_("Регистрация"), "completeness": N_("Проверка комплектности"), "assignment": N_("Назначение экспертов"),
    "conclusion": N_("Подготовка заключения"), "approval": N_("Утверждение директором"),
    "commission": N_("Направление в комиссию и её решение"), "appeal": N_("Рассмотрение апелляции"),
}  # fmt: skip
"""The kinds of turn of cases, in the order of the settings."""
_OF_STEPS: Final[Mapping[str, str]] = {
    "third_review-lead": "signature", "returned-applicant": "completion",
    "on_revision-applicant": "revision", "approved-applicant": "revision", "submitted-coordinator": "registration",
    "registered-coordinator": "completeness", "assigning-coordinator": "assignment", "in_review-coordinator": "assignment",
    "third_review-coordinator": "assignment", "consolidation-coordinator": "conclusion", "on_approval-director": "approval",
    "on_approval-coordinator": "approval", "registered-director": "approval", "returned-director": "approval",
    "approved-coordinator": "commission", "sent_to_commission-coordinator": "commission", "decided-coordinator": "commission",
    "appealed-director": "appeal", "appealed-panel": "appeal",
}  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """One step: so many days after the term, to whom (:data:`WHOM`), at once or in the letter of the day."""

    days: int
    whom: str = SELF
    at_once: bool = False

    def told(self) -> list[Any]:
        """Return the step as rows and data keep it."""
        return [self.days, self.whom, *(("at_once",) if self.at_once else ())]


Ladder = tuple[Step, ...]


_OF_PLACES: Final[Mapping[str, str]] = {
    "invited": "answer", "in_work": "review", "signed": "signature", "consolidated": "signature",
}  # fmt: skip


def turn_of(step: str, place: str = "") -> str:
    """Return the kind of turn of a wait in a case by its step (``states.standings.step``), of an expert's place by its state.

    Empty: it is not reminded of.
    """
    return _OF_PLACES.get(place, "") if place else _OF_STEPS.get(step, "")


def ladder(rows: Iterable[Sequence[Any]]) -> Ladder:
    """Read the steps that data or a row keeps, in the order of their days; Broken for what is no step."""
    found = set()
    for days, whom, *how in rows:
        if whom not in WHOM or not isinstance(days, int) or abs(days) > MOST or how not in ([], ["at_once"]):
            raise Broken(f"no step of a ladder: {days!r}, {whom!r}, {how!r}")
        found.add(Step(days, whom, bool(how)))
    return tuple(sorted(found))


@cache
def defaults() -> Mapping[str, Ladder]:
    """Return the ladder of each kind of turn as the program brings it."""
    rows = data.load("reminders")
    if rows.keys() != TURNS.keys():
        raise Broken(f"ladders of other turns: {sorted(rows.keys() ^ TURNS.keys())}")
    return {turn: ladder(steps) for turn, steps in rows.items()}


def of_days(days: Iterable[int]) -> Ladder:
    """Return the ladder that a record's kind declares: to whom it waits for, on these days."""
    return tuple(Step(one) for one in sorted(set(days)))


def reached(steps: Ladder, due_on: date, begun: date, today: date) -> Ladder:
    """Return the steps to send now: those of the last day that has come, unless it is long past or the wait began later."""
    days = [one.days for one in steps if due_on + timedelta(days=one.days) <= today]
    if not days:
        return ()
    day = due_on + timedelta(days=max(days))
    if day + timedelta(days=KEPT) < today or day <= begun:
        return ()
    return tuple(one for one in steps if one.days == max(days))


def moment(whom: str, late: int) -> str:
    """Return by which text a step is told to those for whom it is, ``late`` days after the term (before it below nought)."""
    if whom != SELF:
        return whom
    return "before" if late < 0 else "after" if late else "on"


@dataclass(frozen=True, slots=True)
class Hours:
    """When letters of reminders may leave in a municipality, in whole hours of its day: quiet from ``since`` to ``until``.

    ``daily``: from this hour on the letter of the day is written. Equal hours: it is never quiet.
    """

    zone: str
    since: int = 21
    until: int = 8
    daily: int = 8

    def leaves(self, moment: datetime) -> datetime:
        """Return when a letter that is written at ``moment`` may leave: then, or at the end of the quiet hours."""
        here = moment.astimezone(ZoneInfo(self.zone))
        if not self._quiet(here.hour):
            return moment
        day = here.date() + timedelta(days=here.hour >= self.until)
        return datetime.combine(day, time(self.until), here.tzinfo).astimezone(moment.tzinfo)

    def is_time(self, moment: datetime) -> bool:
        """Whether the letter of the day may be written now."""
        return self.may_write(moment.astimezone(ZoneInfo(self.zone)).hour)

    def may_write(self, hour: int) -> bool:
        """Whether the letter of the day may be written in this hour of the day."""
        return hour >= self.daily and not self._quiet(hour)

    def _quiet(self, hour: int) -> bool:
        if self.since <= self.until:
            return self.since <= hour < self.until
        return hour >= self.since or hour < self.until


TODAY: Final = N_("Сегодня об этом уже напоминали.")
NOBODY: Final = N_("Напоминать некому: больше никого не ждут, или у этих людей нет адреса почты.")


def vain(told: Collection[bool]) -> Sentence | None:
    """Say why a press would tell nobody; None: it would. ``told``: of each who can be told whether they were today."""
    if not told:
        return NOBODY
    return TODAY if all(told) else None
