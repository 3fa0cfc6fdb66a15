"""The work list: what waits for a person, by deadline, in a constant number of statements. Written by ``perform``, read here.

What waits stands in rows of its own (``facts.standing_rows``); a row that waits for a role is not shown to the involved (R30).
Cases wait by their turn, records as their kinds declare it: one list holds both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    CTE,
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    false,
    literal,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, joinedload, lazyload, load_only

from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.content_types.awaited import Awaits, todo_of
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db import counts, keyset
from workflow_app.db.by_id import by_id
from workflow_app.db.keyset import Order, Walk
from workflow_app.db.models import RECORDS, Assignment, Case, CriteriaRow, Person, Record, Waiting
from workflow_app.db.own_words import is_word, one_of
from workflow_app.errors import N_, Sentence
from workflow_app.facts import deadlines, keeping, leading, turn_verbs
from workflow_app.facts.standings import own
from workflow_app.facts.tasks import AnyTask, RecordTask, SheetTask, Task
from workflow_app.states import standings as pure
from workflow_app.states.standings import CONFLICT, PLACE, REISSUE, SHEET
from workflow_app.states.vocabulary import Actor, Role, Who

SETTLE = N_("Разобрать конфликт интересов эксперта")
AGAIN = N_("Выдать документ заново")
ENTER = N_("Ввести в действие")
_OF_VERB: Final = (Case.type, Case.state, Case.turn, Case.circulated, Case.required, Case.lead_id)
_OF_PLACE: Final = pure.step(PLACE, "", None)


_OF_RECORDS: Final = {todo_of(kind, one): (kind, one) for kind in CONTENT_TYPES.values() for one in kind.awaits}
_KINDS_OF_RECORDS: Final = sorted({kind.key for kind, _ in _OF_RECORDS.values()})
_WHOLES_OF_RECORDS: Final = sorted({kind.within or kind.key for kind, _ in _OF_RECORDS.values()})
Branch = Sequence[ColumnElement[bool]]
ORDER: Final = Order(Waiting, ("due_on", "root_id", "todo"), blank=None, id="subject_id")
_PRESSING: Final = ("overdue", "soon")
_WHOLE: Final = Walk(counts.MOST)
# A task shows a third of its case, and of the applicant the name.
_SHOWN: Final = (
    joinedload(Case.applicant).options(
        load_only(Person.last_name, Person.first_name, Person.middle_name), lazyload(Person.organization), lazyload(Person.memberships)
    ),
    load_only(
        *_OF_VERB, Case.municipality_id, Case.version, Case.number, Case.title, Case.applicant_id,
        Case.due_on, Case.due_provisional, Case.verdict,
    ),
)  # fmt: skip


def tasks(
    session: Session, actor: Actor, walk: Walk = _WHOLE, *, step: str = "", due: str = "", everyone: bool = False
) -> list[AnyTask]:
    """Return a stretch of what waits for the actor, overdue first: of one step (``states.standings.step``), of one colour.

    Of what waits for the coordinators only what stands in the actor's own list (``facts.leading``), or with ``everyone`` all.
    """
    if actor.person_id is None:
        return []
    days = deadlines.bounds(session, actor.municipality_id)
    found = session.execute(*_page(actor, days, walk, step, due, everyone)).unique().all()
    records = _records(session, [(todo, id_) for todo, _, id_, case, _, _ in found if case is None and todo != SHEET])
    told: list[AnyTask] = []
    for todo, due_on, id_, case, place, sheet in found:
        if case is not None:
            told.append(_task(todo, due_on, case, place))
        elif sheet is not None:
            told.append(SheetTask(sheet, due_on))
        elif (todo, id_) in records:
            told.append(RecordTask(*records[todo, id_], due_on, todo))
    return told


@keeping.asked
def _page(
    actor: Actor,
    days: tuple[date, date],
    walk: Walk,
    step: str,
    due: str,
    everyone: bool,  # noqa: FBT001 - as said
) -> Any:
    """Return the statement of a stretch: what waits, with the case, the part or the sheet that it is about. No row is in it."""
    asked = [Waiting.step == step] if step else []
    asked += [deadlines.of_colour(Waiting.due_on, due, days)] if due else []
    waits = [select(Waiting).where(*one, *asked) for one in _waits_for(actor, days[0], everyone)]
    page = keyset.stretch(waits, ORDER, walk)
    rows = select(page.c.todo, page.c.due_on, page.c.subject_id, Case, Assignment, CriteriaRow).select_from(page)
    rows = rows.outerjoin(Case, and_(not_(one_of(page.c.todo, (*_OF_RECORDS, SHEET))), Case.id == page.c.root_id))
    rows = rows.outerjoin(CriteriaRow, and_(page.c.todo == SHEET, CriteriaRow.id == page.c.root_id))
    rows = rows.outerjoin(Assignment, and_(page.c.todo == PLACE, Assignment.id == page.c.subject_id))
    return rows.options(*_SHOWN).order_by(*keyset.in_order(page, ORDER))


def case_ids(
    session: Session, actor: Actor, walk: Walk, *, step: str = "", due: str = "", everyone: bool = False
) -> Sequence[int]:
    """Return the cases themselves, without experts' own parts and records, that :func:`tasks` would give, in the same order."""
    if actor.person_id is None:
        return ()
    asked = (*_asked(session, actor, step, due), Waiting.subject_kind == Case.kind)
    waits = [select(Waiting).where(*one) for one in _branches(session, actor, *asked, everyone=everyone)]
    page = keyset.stretch(waits, ORDER, walk)
    return session.scalars(select(page.c.root_id).order_by(*keyset.in_order(page, ORDER))).all()


def _records(
    session: Session, wanted: Sequence[tuple[str, int]]
) -> dict[tuple[str, int], tuple[Awaits, Record, Record]]:
    """Return what is awaited in each record, the record and its whole: two statements for each kind that is there."""
    found: dict[tuple[str, int], tuple[Awaits, Record, Record]] = {}
    for todo in dict.fromkeys(one for one, _ in wanted):
        kind, awaits = _OF_RECORDS[todo]
        rows = by_id(session, RECORDS[kind.key], [id_ for one, id_ in wanted if one == todo])
        wholes = by_id(session, RECORDS[kind.within], [one.within_id for one in rows.values()]) if kind.within else rows
        for id_, row in rows.items():
            found[todo, id_] = (awaits, row, wholes[row.within_id if kind.within else id_])
    return found


def verb(todo: str, case: Case, place: Assignment | None) -> Sentence:
    """Return what is to be done where something of a case waits; ``place``: the expert's own part, if it is one."""
    return _task(todo, None, case, place).verb


def verb_of_record(todo: str) -> Sentence:
    """Return the verb of what waits in a record."""
    return _OF_RECORDS[todo][1].verb


def waits_within(
    actor: Actor, days: tuple[date, date], *, everyone: bool = False, due: str = ""
) -> ColumnElement[bool]:
    """Return the condition on ``Case`` that something in it waits for the actor, as :func:`tasks` would give it.

    ``days`` are those of ``deadlines.bounds``: without a session, so that it can be kept.
    """
    if actor.person_id is None:
        return false()
    here = [is_word(Waiting.root_kind, Case.kind), Waiting.root_id == Case.id]
    here += [deadlines.of_colour(Waiting.due_on, due, days)] if due else []
    return or_(*(exists().where(*here, *one) for one in _waits_for(bare(actor), days[0], everyone)))


def of_records(actor: Actor, days: tuple[date, date], *, everyone: bool = False, due: str = "") -> list[Select[Any]]:
    """Return the disjoint statements over what waits for the actor in records, as :func:`tasks` would give it; of one colour.

    ``days`` are those of ``deadlines.bounds``: without a session, so that it can be kept.
    """
    if actor.person_id is None:
        return []
    asked = [
        one_of(Waiting.subject_kind, _KINDS_OF_RECORDS),
        one_of(Waiting.root_kind, _WHOLES_OF_RECORDS),
        *([deadlines.of_colour(Waiting.due_on, due, days)] if due else []),
    ]
    return [select(Waiting.root_id).where(*one, *asked) for one in _waits_for(bare(actor), days[0], everyone)]


def _task(todo: str, due_on: date | None, case: Case, place: Assignment | None) -> Task:
    if todo == PLACE and place is not None:
        return Task(turn_verbs.of_place(place), case, due_on, "expert", todo, place)
    if todo == CONFLICT:
        return Task(SETTLE, case, due_on, CONFLICT, todo)
    if todo == REISSUE:
        return Task(AGAIN, case, due_on, REISSUE, todo, transition=REISSUE)
    return Task(turn_verbs.of_case(case), case, due_on, case.turn or "", todo)


def count_waiting(
    session: Session,
    actor: Actor,
    *conditions: ColumnElement[bool],
    step: str = "",
    due: str = "",
    everyone: bool = False,
) -> int:
    """Return how many tasks :func:`tasks` would give of those that meet the conditions, as ``db.counts``: one statement."""
    if actor.person_id is None:
        return 0
    if not (conditions or step or due):
        today = deadlines.today(session, actor.municipality_id)
        many: int = session.execute(*_number(actor, (today, today), everyone)).scalar_one()
        return min(many, counts.MOST + 1)
    asked = _asked(session, actor, step, due)
    branches = _branches(session, actor, *asked, *conditions, everyone=everyone)
    return counts.count(session, *(select(Waiting.root_id).where(*one) for one in branches))


@keeping.asked
def _number(actor: Actor, days: keeping.Days, everyone: bool) -> Any:  # noqa: FBT001 - a key of what is kept
    """Return the statement of how much waits in all, which every page asks for its bell; no row is in it."""
    branches = _waits_for(actor, days[0], everyone)
    return select(counts.capped(*(select(Waiting.root_id).where(*one) for one in branches)))


@dataclass(frozen=True, slots=True)
class Step:
    """What waits at one step, counted as ``db.counts``, with the verb of one of its tasks."""

    key: str
    verb: Sentence
    count: int


@dataclass(frozen=True, slots=True)
class Summary:
    """How much waits: in all, of each colour that presses, at each step. Counts are those of ``db.counts``."""

    total: int
    colours: Mapping[str, int]
    steps: Sequence[Step]


def summary(session: Session, actor: Actor, *, everyone: bool = False) -> Summary:
    """Return how much waits for the actor, as :func:`tasks` gives it, by one statement of looks into the index, one a step."""
    if actor.person_id is None:
        return Summary(0, dict.fromkeys(_PRESSING, 0), ())
    most = counts.MOST + 1
    colours: dict[str, int] = {}
    many: Counter[str] = Counter()
    examples: dict[str, int] = {}
    days = deadlines.bounds(session, actor.municipality_id)
    for name, found, subject_id in session.execute(*_looks(actor, days, counts.MOST, everyone)):
        if name in _PRESSING:
            colours[name] = min(found, most)
        else:
            many[name] = min(many[name] + found, most)
            examples.setdefault(name, subject_id)
    verbs = _verbs(session, examples)
    most_first = sorted((name for name in many if name in verbs), key=lambda one: (-many[one], one))
    return Summary(min(many.total(), most), colours, [Step(one, verbs[one], many[one]) for one in most_first])


@keeping.asked
def _looks(actor: Actor, days: keeping.Days, most: int, everyone: bool) -> Any:  # noqa: FBT001 - a key of what is kept
    """Return the statement of how much waits of each colour, and at each step with the subject that stands there first."""
    branches = _waits_for(actor, days[0], everyone)
    colours = {one: (deadlines.of_colour(Waiting.due_on, one, days),) for one in _PRESSING}
    found: list[Select[Any, Any, Any]] = []
    for name, day in colours.items():
        pressing = counts.capped(*(select(Waiting.root_id).where(*one, *day) for one in branches), most=most)
        found.append(select(literal(name), pressing, literal(0)))
    for number, branch in enumerate(branches):
        steps = _steps(branch, number)
        here = (*branch, Waiting.step == steps.c.step)
        count = counts.capped(select(Waiting.root_id).where(*here).correlate(steps), most=most)
        first = select(Waiting.subject_id).where(*here).order_by(Waiting.step, Waiting.due_on, Waiting.root_id).limit(1)
        example = first.correlate(steps).scalar_subquery()
        found.append(select(steps.c.step, count, example).where(steps.c.step.is_not(None)))
    return union_all(*found)


def _steps(branch: Branch, number: int) -> CTE:
    """Return the steps of a branch: one look into the index for each, whatever the number of rows; the last one is NULL."""
    first = select(Waiting.step).where(*branch).order_by(Waiting.step).limit(1)
    known = select(first.scalar_subquery().label("step")).cte(f"steps_{number}", recursive=True)
    after = first.where(Waiting.step > known.c.step).correlate(known).scalar_subquery()
    return known.union_all(select(after).where(known.c.step.is_not(None)))


_IDS: Final[BindParameter[Any]] = bindparam("ids", expanding=True)
_PLACES: Final = (
    select(Assignment).where(Assignment.id.in_(_IDS)).options(joinedload(Assignment.case).load_only(*_OF_VERB))
)
_TURNS: Final = select(Case).where(Case.id.in_(_IDS)).options(load_only(*_OF_VERB))


def _verbs(session: Session, examples: Mapping[str, int]) -> Mapping[str, Sentence]:
    """Return the verb of each step by the subject that is its example."""
    places = {name: id_ for name, id_ in examples.items() if name.startswith(_OF_PLACE)}
    known_verbs = {
        CONFLICT: SETTLE,
        REISSUE: AGAIN,
        SHEET: ENTER,
        **{todo: one.verb for todo, (_, one) in _OF_RECORDS.items()},
    }
    cases = {name: id_ for name, id_ in examples.items() if name not in places and name not in known_verbs}
    mine = {one.id: one for one in session.scalars(_PLACES, {"ids": [*places.values()]})} if places else {}
    known = {one.id: one for one in session.scalars(_TURNS, {"ids": [*cases.values()]})} if cases else {}
    return {
        **{name: turn_verbs.of_place(mine[id_]) for name, id_ in places.items() if id_ in mine},
        **{name: turn_verbs.of_case(known[id_]) for name, id_ in cases.items() if id_ in known},
        **known_verbs,
    }  # fmt: skip


def _asked(session: Session, actor: Actor, step: str, due: str) -> list[ColumnElement[bool]]:
    found = [Waiting.step == step] if step else []
    return [*found, deadlines.coloured(session, actor.municipality_id, Waiting.due_on, due)] if due else found


def _branches(session: Session, actor: Actor, *conditions: ColumnElement[bool], everyone: bool = False) -> list[Branch]:
    """Return the disjoint conditions on ``Waiting``: what waits for the actor in person, what for a role of theirs."""
    today = deadlines.today(session, actor.municipality_id)
    return [(*one, *conditions) for one in _waits_for(bare(actor), today, everyone)]


def bare(actor: Actor) -> Actor:
    """Return the actor without what differs from one request to the next."""
    return replace(actor, ip="", proof=None)


def waits_for(actor: Actor, today: date) -> tuple[Branch, ...]:
    """Return the disjoint conditions on ``Waiting`` that it waits for the actor, in all lists: without a session, to be kept."""
    return _waits_for(bare(actor), today, True) if actor.person_id is not None else ()  # noqa: FBT003 - as said


@keeping.statements
def _waits_for(actor: Actor, today: date, everyone: bool) -> tuple[Branch, ...]:  # noqa: FBT001 - a key of what is kept
    """Return the same for who the actor is: every page asks for its bell, and each would build it anew. No row is in it."""
    me = 0 if actor.person_id is None else actor.person_id
    begun = or_(Waiting.since.is_(None), Waiting.since <= today)
    branches: list[Branch] = [(Waiting.person_id == me, begun)]
    here = (Waiting.person_id == 0, Waiting.municipality_id == actor.municipality_id)
    if offices := _offices(actor):
        of_record = one_of(Waiting.subject_kind, (*_KINDS_OF_RECORDS, CriteriaRow.kind))
        branches.append(
            (
                *here,
                Waiting.organization_id == 0,
                one_of(Waiting.who, offices),
                begun,
                or_(of_record, Waiting.root_id.not_in(_mine(me, Who.INVOLVED))),
                or_(~Waiting.four_eyes, Waiting.root_id.not_in(_mine(me, Who.PREPARED))),
                *([not_(one_of(Waiting.todo, closed))] if (closed := _closed(actor)) else ()),
                *((leading.in_list(actor, Waiting.keeper_id),) if leading.leads(actor) and not everyone else ()),
            )
        )
    if Role.SCHOOL_OFFICER in actor.roles and actor.organization_id:
        of_school = (Waiting.organization_id == actor.organization_id, is_word(Waiting.who, Who.SCHOOL_OFFICER.value))
        apart = Waiting.root_id.not_in(own(me, Case.kind, pure.AUTHORS))  # nobody stands as an office towards their own
        branches.append((*here, *of_school, begun, or_(one_of(Waiting.subject_kind, _KINDS_OF_RECORDS), apart)))
    return tuple(branches)


def _mine(person_id: int, who: Who) -> Select[int]:
    return own(person_id, Case.kind, {who})


def _offices(actor: Actor) -> list[str]:
    """Return the words of the roles for which something waits; a coordinator acts for who applied on paper too."""
    found = pure.office(actor) & {Who.COORDINATOR, Who.DIRECTOR}
    return sorted({one.value for one in found} | ({Who.ON_BEHALF.value} if Role.COORDINATOR in actor.roles else set()))


def _closed(actor: Actor) -> list[str]:
    """Return the acts that another role of the actor's closes to them: a director records no approval made outside."""
    return sorted(_closed_to(pure.office(actor)))


@cache
def _closed_to(office: frozenset[Who]) -> frozenset[str]:
    return frozenset[str]().union(*(pure.closed_to(kind.workflow, office) for kind in CASE_TYPES.values()))
