"""What another length of a term does to the steps that run already: told before it is kept, done with it (ADR 33).

A step keeps the date that was named unless the centre has it reckoned anew from the step's beginning. Three dates are never
moved then: one that somebody extended by hand, one that the law caps, and, to an earlier day, one that was promised to the applicant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app.calendar.terms import Due, Term, due
from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Case
from workflow_app.errors import N_, Invalid, Sentence
from workflow_app.facts import deadlines
from workflow_app.states.definitions.centre import TAKE, SetTerm

PROMISED = frozenset({"completion", "revision", "appeal"})
"""Terms of the applicant: the day stands in a letter, and nobody is given less than was said."""

_LAW = N_("Так велит приказ № 196 Минпросвещения: центр этого не меняет.")
LOCKED = {
    "consideration": N_("Правило R8: заявление рассматривают не дольше 30 календарных дней. %(law)s", law=_LAW),
    "decision": N_("Правило R9: решение принимают не позже 60 календарных дней. %(law)s", law=_LAW),
    "archive": N_("Задаётся в правилах центра: через сколько месяцев дело уходит в архив."),
}
"""Terms that are not set here, with why."""


@dataclass(frozen=True, slots=True)
class Running:
    """A case whose step runs: until when, and until when by the new length; ``fixed``: the day was set by hand and stays."""

    id: int
    number: str
    old: date
    new: Due
    fixed: bool

    @property
    def moves(self) -> bool:
        """Whether the new length gives it another day."""
        return not self.fixed and self.new.day != self.old


@dataclass(frozen=True, slots=True)
class Effect:
    """What a new length would do: the running steps in the order of their days, and which of the moved ones were late at once."""

    running: tuple[Running, ...]
    today: date

    @property
    def moved(self) -> list[Running]:
        """Those that would get another day."""
        return [one for one in self.running if one.moves]

    @property
    def fixed(self) -> list[Running]:
        """Those whose day was set by hand."""
        return [one for one in self.running if one.fixed]

    @property
    def overdue(self) -> list[Running]:
        """Those that would be late at once, and are not late now."""
        return [one for one in self.moved if one.new.day < self.today <= one.old]


def is_ours(type_key: str, key: str) -> bool:
    """Whether the centre sets this term of this kind of case."""
    return key in case_type(type_key).policy.terms and key not in LOCKED


def effect_of(session: Session, municipality_id: int, type_key: str, key: str, term: Term) -> Effect:
    """Reckon the running steps of a kind with another length, each from the day on which it began. One statement."""
    now, calendar = deadlines.today(session, municipality_id), deadlines.calendar_of(session, municipality_id)
    zone = ZoneInfo(deadlines.zone_of(session, municipality_id))
    states = [one.name for one in case_type(type_key).workflow.states.values() if one.term == key]
    columns = select(Case.id, Case.number, Case.due_on, Case.state_since)
    mine = (Case.municipality_id == municipality_id, Case.type == type_key, Case.state.in_(states))
    rows = session.execute(columns.where(*mine, Case.due_on.is_not(None)).order_by(Case.due_on, Case.id)).all()
    own = deadlines.lengths_of(session, municipality_id).get((type_key, key), ())
    lengths = (case_type(type_key).policy.terms[key], *(term_of(one.length, one.unit) for one in own))
    found = []
    for id_, number, day, since in rows:
        old: date = day or now  # asked for
        begun = since.astimezone(zone).date()
        new = due(calendar, begun, term)
        by_rule = any(due(calendar, begun, one).day == old for one in lengths)
        if key in PROMISED and new.day < old:
            new = Due(old, new.provisional, new.warn_on)
        found.append(Running(id_, number or "", old, new, fixed=not by_rule))
    return Effect(tuple(found), now)


def term_of(length: int, unit: str) -> Term:
    """Return the term that a sheet describes."""
    return Term(length, "working" if unit == "working" else "calendar")


def written(found: Effect) -> tuple[str, ...]:
    """Return what the record of the act says of the steps that get another day."""
    return tuple(f"{one.id} {one.old} {one.new.day}" for one in found.moved)


def demand_sense(session: Session, municipality_id: int, sheet: SetTerm, *, shown: bool = True) -> list[Running]:
    """Return the running steps that get another day; Invalid, told at the field, for what cannot be set.

    Nothing is changed backwards; ``shown``: the sheet names the new days, and they are still what the length makes of the cases.
    """
    told: dict[str, tuple[Sentence, ...]] = {}
    now = deadlines.today(session, municipality_id)
    if not is_ours(sheet.case_type, sheet.key):
        raise Invalid({"": (LOCKED.get(sheet.key, N_("Такого срока нет.")),)})
    present = deadlines.term_of(session, municipality_id, sheet.case_type, sheet.key, sheet.since)
    length = term_of(sheet.length, sheet.unit)
    if sheet.since < now:
        told["since"] = (N_("Задним числом срок не меняют: выберите сегодняшний день или более поздний."),)
    elif sheet.running == TAKE and sheet.since > now:
        told["running"] = (
            N_("Пересчитать идущие шаги можно только сегодняшним днём. На будущее оставьте названные даты."),
        )
    elif length == present and sheet.running != TAKE:
        told["length"] = (N_("Это и есть нынешний срок: назовите другой."),)
    if told:
        raise Invalid(told)
    if sheet.running != TAKE:
        return []
    found = effect_of(session, municipality_id, sheet.case_type, sheet.key, length)
    if shown and written(found) != tuple(sheet.moved):
        raise Invalid({"": (N_("Пока страница была открыта, дела изменились: посмотрите последствия ещё раз."),)})
    return found.moved
