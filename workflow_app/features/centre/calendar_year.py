"""A year of the centre's calendar as twelve months of weeks, for the page: what each day is and why (R11, R12)."""

from __future__ import annotations

from calendar import Calendar as Weeks
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from workflow_app.calendar.production import Calendar, day_name, is_base_working
from workflow_app.errors import N_, Sentence

MONTHS = (
    N_("Январь"), N_("Февраль"), N_("Март"), N_("Апрель"), N_("Май"), N_("Июнь"), N_("Июль"), N_("Август"), N_("Сентябрь"),
    N_("Октябрь"), N_("Ноябрь"), N_("Декабрь"),
)  # fmt: skip
WEEKDAYS = ((N_("Пн"), N_("понедельник")), (N_("Вт"), N_("вторник")), (N_("Ср"), N_("среда")), (N_("Чт"), N_("четверг")),
            (N_("Пт"), N_("пятница")), (N_("Сб"), N_("суббота")), (N_("Вс"), N_("воскресенье")))  # fmt: skip
KINDS: Mapping[str, Sentence] = {
    "work": N_("рабочий день"), "off": N_("выходной"), "holiday": N_("праздник или перенос"), "moved": N_("рабочий по переносу"),
    "own": N_("изменён центром"),
}  # fmt: skip
_WEEK = 5  # working days of an ordinary week: Saturday and Sunday come after


@dataclass(frozen=True, slots=True)
class Day:
    """A day: ``kind`` of KINDS but own, ``own`` when the centre's table decides, ``why`` in words."""

    day: date
    kind: str
    own: bool
    why: str


@dataclass(frozen=True, slots=True)
class Month:
    """A month: its name, weeks of seven days (None outside the month), how many days are worked."""

    title: Sentence
    weeks: tuple[tuple[Day | None, ...], ...]
    working: int


def months(calendar: Calendar, year: int, reasons: Mapping[date, str]) -> tuple[Month, ...]:
    """Return the twelve months; ``reasons``: why the centre changed a day."""
    return tuple(_month(calendar, year, number, reasons) for number in range(1, 13))


def marked(months_: tuple[Month, ...]) -> Iterator[Day]:
    """Yield the days that differ from an ordinary week: holidays, transfers, the centre's own."""
    for month in months_:
        for week in month.weeks:
            yield from (day for day in week if day is not None and (day.own or day.why))


def _month(calendar: Calendar, year: int, number: int, reasons: Mapping[date, str]) -> Month:
    weeks = tuple(
        tuple(_day(calendar, day, reasons) if day.month == number else None for day in week)
        for week in Weeks().monthdatescalendar(year, number)
    )
    working = sum(day is not None and calendar.is_working(day.day) for week in weeks for day in week)
    return Month(MONTHS[number - 1], weeks, working)


def _day(calendar: Calendar, day: date, reasons: Mapping[date, str]) -> Day:
    own = day in calendar.overrides
    weekend = day.weekday() >= _WEEK
    off = "off" if weekend and not day_name(day) else "holiday"
    worked = "moved" if weekend else "work"
    kind = worked if calendar.is_working(day) else off
    why = reasons.get(day, "") if own else day_name(day)
    if not why and weekend and is_base_working(day):
        why = str(N_("Рабочий день по переносу"))
    return Day(day, kind, own, why)
