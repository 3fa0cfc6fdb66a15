"""What the affinity of experts to cases is reckoned from, read for many cases and experts in a constant number of statements.

The past is what the assignments of all years say, whether a sheet was in time what was kept when it was signed
(``facts.timeliness``). Texts are those of the search (``facts.search_rows``), stems already: the case forms and files of what an
expert has judged last, against those of the case. Rights are asked by the pages: here a number is made, and nothing of a text is told.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, case, func, literal, select, union_all
from sqlalchemy.orm import Session

from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.db.models import AffinityWeight, Assignment, Case, ExpertCard, Person, SearchRow
from workflow_app.facts import deadlines
from workflow_app.matching.affinity import USUAL, Expert, Work
from workflow_app.matching.text_nearness import Corpus, stems
from workflow_app.states.vocabulary import Permission
from workflow_app.stemming import tokens_of

OPEN = ("invited", "accepted", "in_work")
SIGNED = ("signed", "consolidated", "past")
TURNED_DOWN = ("refused", "expired")
DEFAULT_LIMIT = 5  # open assignments of an expert whose card says nothing
_YEAR = timedelta(days=365)
_TEXTS = 20  # works that an expert has judged last, whose words are compared
_LETTERS = 8_000  # of the tokens of one text: the beginning tells what a work is about


@dataclass(slots=True)
class Past:
    """What the assignments of one expert add up to; ``read``: the cases that they have judged last, whose words are compared."""

    open: int = 0
    year: int = 0
    signed: int = 0
    in_time: int = 0
    ended: int = 0  # signed in time or late, or due and not signed, or let lapse; where nobody knows it is neither (``facts.timeliness``)
    levels: Counter[str] = field(default_factory=Counter)
    places: Counter[int] = field(default_factory=Counter)
    judged: set[int] = field(default_factory=set)
    refused: set[int] = field(default_factory=set)
    read: list[int] = field(default_factory=list)


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
    mine = frozenset(directions)
    return frozenset(kind.key for kind in CASE_TYPES.values() if not mine.isdisjoint(kind.directions))


def known(
    session: Session, cases: Sequence[Case], people: Sequence[Person], places: Mapping[int, frozenset[int]]
) -> Known:
    """Return both sides for cases of one centre and these experts; ``places``: the organisations of each case's authors.

    Of the people their cards are read already, of the cases the form: six statements, whatever their number.
    """
    if not cases:
        return Known({}, {})
    centre = cases[0].municipality_id
    past = _past(session, centre, [one.id for one in people], [one.id for one in cases])
    texts = _texts(session, cases, {id_ for one in past.values() for id_ in one.read})
    corpus = Corpus(texts.values())
    works = {one.id: replace(_work(one, places), words=corpus.vector(texts.get(one.id, frozenset()))) for one in cases}
    busiest = max((one.year for one in past.values()), default=0)
    experts = {}
    for one in people:
        mine = past[one.id]
        words = corpus.vector(*(texts[id_] for id_ in mine.read if id_ in texts))
        experts[one.id] = replace(_expert(one, mine, busiest), words=words)
    return Known(works, experts, weights_of(session, centre))


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


def _past(session: Session, centre: int, people: Collection[int], cases: Collection[int]) -> Mapping[int, Past]:
    """Return what the assignments of these people add up to, by expert: summed by the database, however many there are."""
    today, zone = deadlines.today(session, centre), ZoneInfo(deadlines.zone_of(session, centre))
    since = datetime.combine(today - _YEAR, time.min, zone)
    found: dict[int, Past] = defaultdict(Past)
    for expert_id, state, level, many, late, unknown, year, overdue in session.execute(_sums(people, since, today)):
        one, is_open, is_signed = found[expert_id], state in OPEN, state in SIGNED
        one.open += many if is_open else 0
        one.year += year
        one.ended += many if state == "expired" else overdue if is_open else 0
        if is_signed:
            one.signed += many
            one.in_time += many - late - unknown
            one.ended += many - unknown
            one.levels[level] += many
    mine = (Assignment.expert_id.in_(people), Assignment.state.in_(SIGNED), Assignment.signed_at >= since)
    places = select(Assignment.expert_id, Case.organization_id, func.count()).join(Case, Case.id == Assignment.case_id)
    grouped: Any = places.where(*mine, Case.organization_id.is_not(None)).group_by(
        Assignment.expert_id, Case.organization_id
    )
    for expert_id, place, many in session.execute(grouped):
        found[expert_id].places[place] = many
    for expert_id, case_id, state, is_last in session.execute(_last(people, cases)):
        one = found[expert_id]
        if is_last and state in SIGNED:
            one.read.append(case_id)
        elif not is_last:
            (one.judged if state == "past" else one.refused).add(case_id)
    return found


def _sums(people: Collection[int], since: datetime, today: date) -> Any:
    """Return the statement of how many assignments of each expert stand in each state, of each level of education."""
    level = func.coalesce(Case.form["education_level"].as_string(), "")
    taken = and_(Assignment.state.not_in((*TURNED_DOWN, "called_off")), Assignment.invited_at >= since)
    flags: tuple[Any, ...] = (
        Assignment.signed_late,
        Assignment.signed_late.is_(None),
        taken,
        Assignment.due_on < today,
    )
    found = select(
        Assignment.expert_id, Assignment.state, case((Assignment.state.in_(SIGNED), level), else_="").label("level"), func.count(),
        *(func.count(case((one, 1))) for one in flags),
    ).join(Case, Case.id == Assignment.case_id)  # fmt: skip
    return found.where(Assignment.expert_id.in_(people)).group_by(Assignment.expert_id, Assignment.state, "level")


def _last(people: Collection[int], cases: Collection[int]) -> Select[Any]:
    """Return the statement of what each expert was invited to last, and of what they judged before or turned down among these cases."""
    newest = func.row_number().over(partition_by=Assignment.expert_id, order_by=Assignment.id.desc())
    each = (
        select(Assignment.id, newest.label("place")).where(Assignment.expert_id.in_(people)).subquery()
    )  # the index alone
    shown = (Assignment.expert_id, Assignment.case_id, Assignment.state)
    last = (
        select(*shown, literal(1).label("is_last")).join(each, each.c.id == Assignment.id).where(each.c.place <= _TEXTS)
    )
    mine = (
        Assignment.case_id.in_(cases),
        Assignment.expert_id.in_(people),
        Assignment.state.in_(("past", *TURNED_DOWN)),
    )
    return select(union_all(last, select(*shown, literal(0)).where(*mine)).subquery())


def _texts(session: Session, cases: Sequence[Case], read: Collection[int]) -> Mapping[int, frozenset[str]]:
    """Return the stems of what these cases and those judged before are about, by case: the title, the form, the files' words."""
    wanted = {one.id for one in cases} | set(read)
    tokens = func.substr(SearchRow.tokens, 1, _LETTERS)
    rows = session.execute(
        select(SearchRow.case_id, tokens)
        .where(SearchRow.case_id.in_(wanted), SearchRow.needs == Permission.SEE_MATERIALS.value)
        .where(SearchRow.subject_kind.in_((Case.kind, "file")))
    )
    found: dict[int, frozenset[str]] = {one.id: stems(tokens_of(one.title)) for one in cases}
    for case_id, words in rows:
        found[case_id] = found.get(case_id, frozenset()) | stems(words)
    return found
