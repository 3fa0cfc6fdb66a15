"""What the affinity of experts to cases is reckoned from, read for many cases and experts in a constant number of statements.

The past is what the assignments of all years say, whether a sheet was in time what was kept when it was signed
(``facts.timeliness``). Texts are those of the search (``facts.search_rows``), stems already: the case forms and files of what an
expert has judged last, against those of the case. Rights are asked by the pages: here a number is made, and nothing of a text is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
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


@dataclass(frozen=True, slots=True)
class Past:
    """One assignment of an expert: of which case, how it stands, until when it is due now, whether its sheet was signed late.

    ``late`` is None where nobody knows: then it is counted neither for nor against, as in «Сводка» (``facts.timeliness``).
    """

    expert_id: int
    case_id: int
    state: str
    invited: date
    signed: date | None
    due: date | None
    late: bool | None
    organization_id: int | None
    level: str


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

    Of the people their cards are read already, of the cases the form: five statements, whatever their number.
    """
    if not cases:
        return Known({}, {})
    centre = cases[0].municipality_id
    past = _past(session, centre, [one.id for one in people])
    ours = {
        one.expert_id: sorted(past[one.expert_id], key=_newest)[:_TEXTS] for some in past.values() for one in some[:1]
    }
    read = {one.case_id for some in ours.values() for one in some if one.state in SIGNED}
    texts = _texts(session, cases, read)
    corpus = Corpus(texts.values())
    works = {one.id: replace(_work(one, places), words=corpus.vector(texts.get(one.id, frozenset()))) for one in cases}
    today = deadlines.today(session, centre)
    since = today - _YEAR
    busiest = max((sum(one.invited >= since for one in _taken(some)) for some in past.values()), default=0)
    experts = {one.id: _expert(one, past.get(one.id, []), since, busiest, today) for one in people}
    for id_, some in ours.items():
        signed = [texts[one.case_id] for one in some if one.state in SIGNED and one.case_id in texts]
        experts[id_] = replace(experts[id_], words=corpus.vector(*signed))
    return Known(works, experts, weights_of(session, centre))


def _newest(one: Past) -> tuple[int, int]:
    return (-one.invited.toordinal(), -one.case_id)


def _taken(some: Collection[Past]) -> list[Past]:
    return [one for one in some if one.state not in TURNED_DOWN and one.state != "called_off"]


def _work(case: Case, places: Mapping[int, frozenset[int]]) -> Work:
    posts = {case.form.get("position"), case.form.get("attested_position")} - {None, ""}
    return Work(
        case.id, case.type, str(case.form.get("subject_area") or ""), str(case.form.get("education_level") or ""),
        frozenset(map(str, posts)), places.get(case.id, frozenset()),
    )  # fmt: skip


def _expert(person: Person, past: Sequence[Past], since: date, busiest: int, today: date) -> Expert:
    card: ExpertCard | None = person.expert
    signed = [one for one in past if one.state in SIGNED]
    in_time, late = (sum(one.late is known for one in signed) for known in (False, True))
    overdue = sum(one.state in OPEN and one.due is not None and one.due < today for one in past)
    lapsed = sum(one.state == "expired" for one in past)
    levels: dict[str, int] = defaultdict(int)
    places: dict[int, int] = defaultdict(int)
    for one in signed:
        levels[one.level] += 1
        if one.organization_id is not None and one.signed is not None and one.signed >= since:
            places[one.organization_id] += 1
    return Expert(
        types=types_of(card.directions) if card else frozenset(), profile=card.profile if card else "", post=person.position,
        category=card.category if card else "", organization_id=person.organization_id,
        open=sum(one.state in OPEN for one in past), limit=card.load_limit if card else DEFAULT_LIMIT,
        year=sum(one.invited >= since for one in _taken(past)), busiest=busiest, signed=len(signed),
        in_time=in_time, ended=in_time + late + overdue + lapsed, levels=dict(levels), places=dict(places),
        judged=frozenset(one.case_id for one in past if one.state == "past"),
        refused=frozenset(one.case_id for one in past if one.state in TURNED_DOWN),
    )  # fmt: skip


def _past(session: Session, centre: int, people: Collection[int]) -> Mapping[int, list[Past]]:
    """Return every assignment of these people, by expert."""
    level = func.coalesce(Case.form["education_level"].as_string(), "")
    rows = session.execute(
        select(
            Assignment.expert_id, Assignment.case_id, Assignment.state, Assignment.invited_at,
            Assignment.signed_at, Assignment.due_on, Assignment.signed_late, Case.organization_id, level.label("level"),
        ).join(Case, Case.id == Assignment.case_id).where(Assignment.expert_id.in_(people)).order_by(Assignment.id)
    ).all()  # fmt: skip
    zone = ZoneInfo(deadlines.zone_of(session, centre))
    found: dict[int, list[Past]] = defaultdict(list)
    for one in rows:
        signed = _day(one.signed_at, zone)
        found[one.expert_id].append(
            Past(one.expert_id, one.case_id, one.state, one.invited_at.astimezone(zone).date(), signed, one.due_on,
                 one.signed_late, one.organization_id, one.level)
        )  # fmt: skip
    return found


def _day(moment: datetime | None, zone: ZoneInfo) -> date | None:
    return moment.astimezone(zone).date() if moment is not None else None


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
