"""What a record waits for, and whom letters tell of what happened to it: as its kind declares it (ADR 29)."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from workflow_app.errors import Sentence
from workflow_app.states import standings
from workflow_app.states.standings import Wait
from workflow_app.states.vocabulary import Facts, Who

if TYPE_CHECKING:
    from workflow_app.content_types.declaration import ContentType

WITHIN: Final = "within."
EARLY_MOST: Final = 30
"""Days before a term at which a record may ask for a reminder."""
OFFICES: Final = frozenset({Who.COORDINATOR, Who.DIRECTOR})
"""For whom something can wait by role."""


@dataclass(frozen=True, slots=True)
class Awaits:
    """An act that a record waits for wherever it can be done, or in ``states`` of it alone: ``do``, said as ``verb``.

    ``by``: it waits for the first of these standings that anybody has; an office always has somebody. ``due``: the field with the
    day, of the whole where «within.» stands before it; so many ``days`` later its term ends, and from ``since`` days after it on
    it waits at all (None: from the beginning). ``remind``: how many days after the term a letter reminds, -3 for three days
    before; ``early``: the field with the number of days before it, where a record says that itself. A part waits while its whole is
    in one of the states ``whole``. ``on_card``: the work list leads to the card.
    """

    do: str
    by: tuple[Who, ...]
    verb: Sentence
    due: str = ""
    days: int = 0
    since: int | None = None
    remind: tuple[int, ...] = ()
    early: str = ""
    whole: tuple[str, ...] = ("active",)
    on_card: bool = False
    states: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that follows the act ``after``: to people who stand by name, to an office, to the officers of a school.

    ``source``: only of the act that left this state.
    ``head`` names nothing and nobody: it is seen where the letter is not opened.
    ``head``, ``why`` and the sentences of ``words`` are Russian, as all letters are; ``%(name)s`` puts in a field of the record,
    of its whole or of the sheet, ``%(called)s`` what the whole is called. A sentence whose field is empty is left out.
    """

    after: str
    to: frozenset[Who]
    head: str
    words: tuple[str, ...]
    why: str
    source: str = ""


def todo_of(kind: ContentType, one: Awaits) -> str:
    """Return how a wait is called among all that wait: its kind and its act."""
    return f"{kind.key}.{one.do}"


def states_of(kind: ContentType, one: Awaits) -> tuple[str, ...]:
    """Return the states in which a record waits so."""
    return one.states or kind.workflow.transition(one.do).sources


def value_of(facts: Facts, field: str) -> Any:
    """Return what a field of a record holds, or of its whole («within.until»)."""
    name = field.removeprefix(WITHIN)
    holder = facts.root if name != field and facts.root is not None else facts
    return holder.values.get(name)


def day_of(facts: Facts, field: str) -> date | None:
    """Return the day in a field of a record, or of its whole."""
    found = value_of(facts, field)
    return found if isinstance(found, date) else None


def early_of(one: Awaits, facts: Facts) -> int | None:
    """Return how many days before the term of its wait a record asks to be reminded of; None: it asks for nothing."""
    days = value_of(facts, one.early) if one.early else None
    return days if isinstance(days, int) else None


def waits(kind: ContentType, facts: Facts) -> Iterator[Wait]:
    """Yield what waits in a record, for whom, until when."""
    for one in kind.awaits:
        if facts.state not in states_of(kind, one):
            continue
        if facts.root is not None and facts.root.state not in one.whole:
            continue
        day = day_of(facts, one.due)
        due_on = None if day is None else day + timedelta(days=one.days)
        since = None if day is None or one.since is None else day + timedelta(days=one.since)
        for who, person_id, school in _whom(one, facts):
            yield Wait(todo_of(kind, one), who, person_id, due_on, since, organization_id=school)


def _whom(one: Awaits, facts: Facts) -> Iterator[tuple[Who, int, int]]:
    for who in one.by:
        found: list[tuple[Who, int, int]]
        if who in OFFICES:
            found = [(who, 0, 0)]
        elif who is Who.SCHOOL_OFFICER:
            found = [(who, 0, school) for school in facts.schools]
        else:
            found = [(who, person_id, 0) for person_id in standing_as(facts, who)]
        if found:
            yield from found
            return


def standing_as(facts: Facts, who: Who) -> AbstractSet[int]:
    """Return the people who stand so by name: the part's own, else those of its whole, as in the policy."""
    if facts.root is None or who in facts.standings:
        return facts.standings.get(who, frozenset())
    return facts.root.standings.get(who, frozenset())


def faults(kind: ContentType) -> Iterator[str]:
    """Yield what is wrong with the waits and letters of a declaration."""
    acts = kind.workflow.transitions
    for one in kind.awaits:
        if one.do not in acts:
            yield f"it awaits the unknown act {one.do!r}"
        elif not {*one.states} <= {*acts[one.do].sources}:
            yield f"it awaits {one.do!r} where it cannot be done"
        yield from (f"nothing can wait for {who!r}" for who in one.by if not _can_wait(who))
        if one.due and not one.due.startswith(WITHIN) and _held(kind, one.due) is not date:
            yield f"it awaits by {one.due!r}, which is no date"
        if (one.remind or one.early) and not one.due:
            yield f"{one.do} reminds of no day"
    for letter in kind.letters:
        if letter.after != "begin" and letter.after not in acts:
            yield f"a letter follows the unknown act {letter.after!r}"
        if "%(" in letter.head:
            yield f"the head of the letter after {letter.after!r} names something: it is read on the way"
        if not letter.to:
            yield f"the letter after {letter.after!r} goes to nobody"


def _held(kind: ContentType, name: str) -> Any:
    return kind.kind_of(name) if name in kind.fields else None


def _can_wait(who: Who) -> bool:
    return who in OFFICES or who is Who.SCHOOL_OFFICER or who in standings.PERSONAL
