"""What the affinity of experts to cases is reckoned from, read for many cases and experts in a constant number of statements.

The past is what the assignments of all years add up to (``facts.past_work``), whether a sheet was in time what was kept when it was
signed (``facts.timeliness``). Texts are those of the search (``facts.search_rows``), stems already: the case forms and files of what an
expert has judged last, against those of the case. Rights are asked by the pages: here a number is made, and nothing of a text is told.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from itertools import chain
from typing import Any, Final

from sqlalchemy import BindParameter, String, and_, bindparam, case, cast, func, literal, null, select, union_all
from sqlalchemy.orm import Session, aliased

from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.db.models import (
    AffinityWeight,
    Assignment,
    Case,
    ExpertCard,
    PastWork,
    Person,
    SearchRow,
)
from workflow_app.db.models import (
    Counter as CounterRow,
)
from workflow_app.facts import deadlines, past_work
from workflow_app.facts.involvement import countable, judged_with
from workflow_app.facts.past_work import EVER, SIGNED, TURNED_DOWN
from workflow_app.facts.search_rows import JUDGED_TEXTS
from workflow_app.matching.affinity import USUAL, Expert, Work
from workflow_app.matching.text_nearness import Readings, stems
from workflow_app.states.vocabulary import Permission
from workflow_app.stemming import tokens_of

OPEN = ("invited", "accepted", "in_work")
NOBODY = 0  # no person has this number
DEFAULT_LIMIT = 5  # open assignments of an expert whose card says nothing
_YEAR = timedelta(days=365)
_TEXTS = 20  # works that an expert has judged last, whose words are compared
_LETTERS = 8_000  # of the tokens of one text: the beginning tells what a work is about
_PEOPLE: Final[BindParameter[Any]] = bindparam("people", expanding=True)
_KEPT_MOST: Final = 4  # centres, of some megabytes each


@dataclass(slots=True)
class Past:
    """What the assignments of one expert add up to; ``places``: of the organisations that are asked about."""

    open: int = 0
    year: int = 0
    signed: int = 0
    in_time: int = 0
    ended: int = 0  # signed in time or late, or due and not signed, or let lapse; where nobody knows it is neither (``facts.timeliness``)
    levels: Counter[str] = field(default_factory=Counter)
    places: Counter[int] = field(default_factory=Counter)
    judged: set[int] = field(default_factory=set)
    refused: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Known:
    """What was read: the case's side by case, the expert's side by expert, the weights of the centre."""

    works: Mapping[int, Work]
    experts: Mapping[int, Expert]
    weights: Mapping[str, int] = field(default_factory=lambda: USUAL)


def weights_of(session: Session, municipality_id: int) -> Mapping[str, int]:
    """Return the weights in force in a centre: its own, else the usual ones."""
    rows = session.execute(
        select(AffinityWeight.part, AffinityWeight.weight).where(AffinityWeight.municipality_id == municipality_id)
    )
    return {**USUAL, **{part: weight for part, weight in rows if part in USUAL}}


def types_of(directions: Iterable[str]) -> frozenset[str]:
    """Return the case types that an expert's directions serve."""
    return _types_of(frozenset(directions))


@cache
def _types_of(mine: frozenset[str]) -> frozenset[str]:
    return frozenset(kind.key for kind in CASE_TYPES.values() if not mine.isdisjoint(kind.directions))


def known(
    session: Session,
    cases: Sequence[Case],
    people: Sequence[Person],
    places: Mapping[int, frozenset[int]],
    reader: int | None = None,
) -> Known:
    """Return both sides for cases of one centre and these experts; ``places``: the organisations of each case's authors.

    ``reader``: before whom assignments are counted (``involvement.countable``). Of the people their cards are read already, of the
    cases the form and the assignments: four statements, whatever their number, one more for a reader, and one where an expert
    has judged something since they were asked about last.
    """
    if not cases:
        return Known({}, {})
    ids = [one.id for one in people]
    past = _past(session, cases, ids, frozenset[int]().union(*places.values()), reader)
    written = _texts(session, {one.id for one in cases})
    texts = {one.id: stems(tokens_of(one.title)) | written.get(one.id, frozenset()) for one in cases}
    words, read = _readings(session, ids, reader).beside(texts, {id_: written.get(id_, frozenset()) for id_ in texts})
    works = {one.id: replace(_work(one, places), words=words[one.id]) for one in cases}
    busiest = max((one.year for one in past.values()), default=0)
    experts = {one.id: replace(_expert(one, past[one.id], busiest), words=read.get(one.id, {})) for one in people}
    return Known(works, experts, weights_of(session, cases[0].municipality_id))


def _work(case: Case, places: Mapping[int, frozenset[int]]) -> Work:
    posts = {case.form.get("position"), case.form.get("attested_position")} - {None, ""}
    return Work(
        case.id, case.type, str(case.form.get("subject_area") or ""), str(case.form.get("education_level") or ""),
        frozenset(map(str, posts)), places.get(case.id, frozenset()),
    )  # fmt: skip


def _expert(person: Person, past: Past, busiest: int) -> Expert:
    card: ExpertCard | None = person.expert
    return Expert(
        types=types_of(card.directions) if card else frozenset(), profile=card.profile if card else "", post=person.position,
        category=card.category if card else "", organization_id=person.organization_id,
        open=past.open, limit=card.load_limit if card else DEFAULT_LIMIT, year=past.year, busiest=busiest, signed=past.signed,
        in_time=past.in_time, ended=past.ended, levels=past.levels, places=past.places,
        judged=frozenset(past.judged), refused=frozenset(past.refused),
    )  # fmt: skip


def _past(
    session: Session, cases: Sequence[Case], people: Collection[int], places: Collection[int], reader: int | None
) -> Mapping[int, Past]:
    """Return what the assignments of these people add up to, by expert: the sums that are kept, and what is open now."""
    today = deadlines.today(session, cases[0].municipality_id)
    found: dict[int, Past] = defaultdict(Past)
    asked = {"people": people, "places": places, "today": today, "since": today - _YEAR, "reader": reader or NOBODY}
    rows = chain(session.execute(_sums(), asked), _untold(session, people, places, today - _YEAR, reader))
    for expert_id, level, place, taken, signed, late, unknown, lapsed, is_open, overdue in rows:
        one = found[expert_id]
        one.year += taken
        one.open += is_open
        if place is None:
            one.signed += signed
            one.levels[level] += signed
            one.in_time += signed - late - unknown
            one.ended += signed - unknown + lapsed + overdue
        elif place and signed:
            one.places[place] += signed
    for mine in (one for work in cases for one in work.assignments):
        if mine.state == "past":
            found[mine.expert_id].judged.add(mine.case_id)
        elif mine.state in TURNED_DOWN:
            found[mine.expert_id].refused.add(mine.case_id)
    return found


def _untold(
    session: Session, people: Collection[int], places: Collection[int], since: date, reader: int | None
) -> Iterator[tuple[Any, ...]]:
    """Yield, as rows of the sums, what they have too much for the reader: what their own cases, while they are judged, added (R30)."""
    if reader is None:
        return
    for (expert_id, day, place, level), name in past_work.added_by(session, people, judged_with(reader)):
        less = [-1 if one == name else 0 for one in past_work.SUMS]
        if day == EVER:
            yield (expert_id, level, None, *less, 0, 0)
        elif day >= since:
            yield (expert_id, "", place if place in places else 0, *less, 0, 0)


@cache
def _sums() -> Any:
    """Return the statement of three kinds of rows: the sums of all days by level, those of a year by place, what is open now.

    A row of a place has its number, or 0 for all others; one of no place has None.
    """
    places = PastWork.organization_id.in_(bindparam("places", expanding=True))
    none, place = literal(0), case((places, PastWork.organization_id), else_=0).label("place")
    ever = (PastWork.signed, PastWork.late, PastWork.unknown, PastWork.lapsed)
    overdue = func.count(case((Assignment.due_on < bindparam("today"), 1)))
    each = (
        select(PastWork.expert_id, PastWork.level, null(), none, *ever, none, none).where(PastWork.day == EVER),
        select(
            PastWork.expert_id, literal(""), place, func.sum(PastWork.taken), func.sum(PastWork.signed), none, none, none, none, none
        ).where(PastWork.day >= bindparam("since")).group_by(PastWork.expert_id, "place"),
        select(Assignment.expert_id, literal(""), null(), none, none, none, none, none, func.count(), overdue)
        .where(Assignment.state.in_(OPEN), *countable(bindparam("reader"))).group_by(Assignment.expert_id),
    )  # fmt: skip
    owners = (PastWork.expert_id, PastWork.expert_id, Assignment.expert_id)
    return union_all(*(one.where(owner.in_(_PEOPLE)) for one, owner in zip(each, owners, strict=True)))


def _readings(session: Session, people: Collection[int], reader: int | None) -> Readings:
    """Return what these experts have judged last: counted when one of them has judged something, or a text is another, and kept."""
    rows = tuple(tuple(one) for one in session.execute(_last(), {"people": people, "reader": reader or NOBODY}))
    kept: OrderedDict[object, Readings] = session.info.get("counted", {}).setdefault("readings", OrderedDict())
    found = kept.pop(rows, None)
    if found is None:
        read = {expert_id: tuple(map(int, ids.split())) for expert_id, ids, _ in rows}
        ids = frozenset[int]().union(*read.values())
        found = Readings(_texts(session, ids) if ids else {}, read)
    kept[rows] = found
    while len(kept) > _KEPT_MOST:
        kept.popitem(last=False)
    return found


@cache
def _last() -> Any:
    """Return the statement of which sheets are signed among what each expert was invited to last, and how often a judged text changed."""
    older, one = aliased(Assignment), Assignment
    oldest = select(older.id).where(older.expert_id == Person.id).order_by(older.id.desc()).offset(_TEXTS - 1).limit(1)
    mine = and_(one.expert_id == Person.id, one.id >= func.coalesce(oldest.scalar_subquery(), 0))
    changed = select(func.sum(CounterRow.last)).where(CounterRow.register == JUDGED_TEXTS).scalar_subquery()
    found = select(Person.id, func.aggregate_strings(cast(one.case_id, String), " "), changed).join(one, mine)
    told = (one.state.in_(SIGNED), *countable(bindparam("reader")))
    return found.where(Person.id.in_(_PEOPLE), *told).group_by(Person.id).order_by(Person.id)


def _texts(session: Session, cases: Collection[int]) -> Mapping[int, frozenset[str]]:
    """Return the stems of what these cases are about, by case: the form, the files' words."""
    rows = session.execute(
        select(SearchRow.case_id, func.substr(SearchRow.tokens, 1, _LETTERS))
        .where(SearchRow.case_id.in_(cases), SearchRow.needs == Permission.SEE_MATERIALS.value)
        .where(SearchRow.subject_kind.in_((Case.kind, "file")))
    )
    found: dict[int, frozenset[str]] = {}
    for case_id, words in rows:
        found[case_id] = found.get(case_id, frozenset()) | stems(words)
    return found
