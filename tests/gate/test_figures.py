"""The dashboard counts what a plain walk over the rows and events counts, and every number has as many rows behind it (ADR 34)."""

import random
import statistics
from collections import Counter, defaultdict
from datetime import timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from sqlalchemy import select

from tests.statements import count_statements
from workflow_app import clock
from workflow_app.calendar.production import Calendar
from workflow_app.calendar.terms import SOON
from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.db.models import Assignment, Case, CriteriaRow, Event, Organization, Person
from workflow_app.facts import figures, standing_rows, stays
from workflow_app.facts.actors import actor_of
from workflow_app.features.cases import queries
from workflow_app.features.cases.queries import Wanted
from workflow_app.figures import grids, lengths, sides
from workflow_app.figures.grids import Plan
from workflow_app.states.pictures.handbook import WHOSE

YEAR = 2026
BUSY, SIGNED = {"invited", "accepted", "in_work"}, {"signed", "consolidated"}
MONTHS = [(f"{month:02}", str(month)) for month in (*range(9, 13), *range(1, 9))]


def scatter(session, stage, chance, many=50):
    """Cases that stand anywhere, for any time, with experts and moves of any kind."""
    people = list(session.scalars(select(Person.id).order_by(Person.id)))
    places = [*session.scalars(select(Organization.id)), None]
    sheets = {row.id: [one["key"] for one in row.data["verdicts"]] for row in session.scalars(select(CriteriaRow))}
    now = clock.now()

    def ago(most):
        return now - timedelta(minutes=chance.randrange(most * 24 * 60))

    for _ in range(many):
        kind = chance.choice(list(CASE_TYPES))
        sheet = chance.choice(list(sheets))
        case = Case(
            municipality_id=stage.municipality_id, type=kind, title="Дело", state=chance.choice(list(CASE_TYPES[kind].workflow.states)),
            version=1, applicant_id=chance.choice(people), organization_id=chance.choice(places), channel=chance.choice(["web", "paper"]),
            created_at=ago(700), submitted_at=chance.choice([None, ago(600)]), registered_at=chance.choice([None, ago(500)]),
            state_since=ago(90), turn=chance.choice([None, *list(sides.TURNS)[:-1]]), criteria_id=sheet,
            due_on=chance.choice([None, now.date() + timedelta(days=chance.randrange(-20, 20))]), required=2,
            verdict=chance.choice([None, *sheets[sheet]]), approved_at=chance.choice([None, ago(50)]), appeals=chance.choice([0, 0, 1]),
        )  # fmt: skip
        session.add(case)
        session.flush()
        for expert in chance.sample(people, chance.randrange(4)):
            state = chance.choice([*BUSY, *SIGNED, "refused", "removed"])
            session.add(Assignment(
                municipality_id=case.municipality_id, case_id=case.id, expert_id=expert, round=1, state=state, version=1, invited_at=now,
                declared_at=now, signed_at=now, due_on=chance.choice([None, now.date() + timedelta(days=chance.randrange(-9, 9))]),
                signed_late=chance.choice([None, True, False]) if state in SIGNED else None,
            ))  # fmt: skip
        _moves(session, case, chance, ago(400))
    session.flush()
    standing_rows.rebuild_in(session)
    stays.rebuild_in(session)
    session.expire_all()


def _moves(session, case, chance, at_):
    states = ["draft", *(chance.choice([*sides.TIMED]) for _ in range(chance.randrange(6)))]
    before = None
    for seq, state in enumerate(states, 1):
        session.add(Event(
            root_kind="case", root_id=case.id, seq=seq, subject_kind="case", subject_id=case.id, municipality_id=case.municipality_id,
            transition="x", before=before, after=state, subject_version=seq, via="web", ip="", at=at_, sheet="", payload_sha256="",
            issued=[], previous="", digest=f"{case.id}-{seq}",
        ))  # fmt: skip
        before, at_ = state, at_ + timedelta(hours=chance.randrange(1, 400))


def staff(session, stage, who):
    return actor_of(session, session.get_one(Person, stage.people[who]), stage.municipality_id)


# ------------------------------------------------------------------------------------------------ counted in a plain way


def facts_of(case, zone, today, calendar, classes):
    """The sides of a case, told in plain words of Python."""

    def local(moment):
        return moment.astimezone(zone).date()

    began = local(case.registered_at or case.submitted_at or case.created_at)
    state = CASE_TYPES[case.type].workflow.states[case.state]
    stage = next((key for key, states in sides.STATES_OF.items() if case.state in states), None)
    bound = case.due_on if state.term is None or state.term in WHOSE else None
    left = None if bound is None else _working_days(calendar, today, bound)
    stood = (today - local(case.state_since)).days
    again = {"assigning", "in_review", "third_review", "consolidation", "on_approval", "withdrawn", "cancelled"}
    verdict = classes.get((case.criteria_id, case.verdict)) if case.approved_at and case.state not in again else None
    appeal = "now" if case.state == "appealed" else "over" if case.appeals else None
    return {
        "type": {case.type}, "state": {case.state}, "stage": {stage, "all"} if stage else set(),
        "open": {"yes"} if stage in ("intake", "assigning", "review", "conclusion", "after", "appeal") else set(),
        "turn": {case.turn or "nobody"},
        "due": {"none" if left is None else "overdue" if left < 0 else "soon" if left <= SOON else "normal"},
        "age": {"week" if stood <= 7 else "fortnight" if stood <= 14 else "month" if stood <= 30 else "two" if stood <= 60 else "more"},
        "month": {f"{began:%Y-%m}"}, "year": {str(began.year if began.month >= 9 else began.year - 1)},
        "verdict": {verdict, "any"} if verdict else set(), "appeal": {appeal, "any"} if appeal else set(),
    }  # fmt: skip


def _working_days(calendar, today, until):
    if until < today:
        return -1
    return sum(calendar.is_working(today + timedelta(days=one)) for one in range(1, (until - today).days + 1))


def classes_of(session):
    found = {}
    for row in session.scalars(select(CriteriaRow)):
        for one in row.data["verdicts"]:
            good = one.get("positive", one["key"] == "conforms" or one["key"].startswith("recommend_"))
            found[row.id, one["key"]] = "positive" if good else "revise" if one["key"] == "revise" else "negative"
    return found


def naive_lengths(session, zone, year):
    """Lengths of the stages that ended, from the events alone."""
    came, found = {}, defaultdict(list)
    cases = defaultdict(set)
    for event in session.scalars(select(Event).where(Event.subject_kind == "case").order_by(Event.root_id, Event.seq)):
        if event.before == event.after:
            continue
        day = event.at.astimezone(zone).date()
        in_year = year is None or (day.year if day.month >= 9 else day.year - 1) == year
        if event.before not in (None, "draft") and in_year:
            found[event.before].append((day - came[event.root_id]).days)
            cases[event.before].add(event.root_id)
        came[event.root_id] = day
    return found, cases


def plan(what):
    base = {"type": what.type} if what.type else {}
    if what.year:
        base["year"] = str(what.year)
    return Plan({key: key for key in CASE_TYPES if what.type in ("", key)}, base, what.compared, MONTHS)


ASKED = (
    figures.Asked("", None, 0, YEAR), figures.Asked("methodical_material", None, 0, YEAR), figures.Asked("", None, YEAR - 1, YEAR - 1),
)  # fmt: skip


def listed(session, me, condition, organization=None):
    """How many rows the list of cases has under the address of a number."""
    known = dict(condition)
    plain = {name: known.pop(name) for name in ("type", "state", "due") if name in known}
    year = int(known.pop("year")) if "year" in known else None
    return queries.found(session, me, Wanted(**plain, year=year, organization=organization, sides=known)).count(session)


def test_every_number_is_what_a_plain_walk_counts_and_has_as_many_rows(stage):
    with clock.at(stage.moment), stage.database.transaction(keep=False) as session:
        chance = random.Random(1)
        scatter(session, stage, chance)
        zone = ZoneInfo("Asia/Yekaterinburg")
        today = clock.now().astimezone(zone).date()
        classes = classes_of(session)
        cases = [facts_of(one, zone, today, Calendar({}), classes) for one in session.scalars(select(Case))]
        place = session.scalar(select(Organization.id).limit(1))
        for number, what in enumerate((*ASKED, figures.Asked("", place, 0, YEAR))):
            me = staff(session, stage, ("morozova", "gradov")[number % 2])
            shown = figures.counted(session, me, what)
            numbers = {
                one.where: one.value
                for make in grids.GRIDS.values()
                for line in make(plan(what), shown.cube.count).lines
                for one in line.cells
            }
            some = [condition for condition, value in numbers.items() if value]
            assert len(some) > 15
            for condition, value in numbers.items():
                if what.organization is None:
                    counted = sum(all(value_ in one[side] for side, value_ in condition) for one in cases)
                    assert value == counted, condition
            for condition in chance.sample(some, 15):
                assert listed(session, me, condition, what.organization) == numbers[condition], condition


def test_medians_are_those_of_the_events(stage):
    with clock.at(stage.moment), stage.database.transaction(keep=False) as session:
        scatter(session, stage, random.Random(3), 40)
        me = staff(session, stage, "gradov")
        for year in (0, YEAR):
            lasted = figures.counted(session, me, figures.Asked("", None, year, YEAR)).lasted
            found, cases = naive_lengths(session, ZoneInfo("Asia/Yekaterinburg"), year or None)
            assert {one.state for one in lasted} == set(found)
            for one in lasted:
                assert lengths.median(one.days) == Fraction(statistics.median(found[one.state]))
                assert one.cases == len(cases[one.state])
                number = lengths.medians([one], {}, str(year) if year else "").lines[0].cells[2]
                drafts = {id_ for id_ in cases[one.state] if session.get(Case, id_).state == "draft"}
                assert listed(session, me, number.where) == one.cases - len(drafts)


def test_experts_work_is_what_their_sheets_say(stage):
    with clock.at(stage.moment), stage.database.transaction(keep=False) as session:
        scatter(session, stage, random.Random(4), 30)
        me = staff(session, stage, "gradov")
        today = clock.now().astimezone(ZoneInfo("Asia/Yekaterinburg")).date()
        hidden = {"draft", "submitted", "registered", "returned", "declined", "withdrawn", "cancelled"}
        many: dict[int, Counter] = defaultdict(Counter)
        for one in session.scalars(select(Assignment)):
            case = session.get(Case, one.case_id)
            if case.state in hidden or (case.state == "archived" and case.verdict is None):
                continue
            many[one.expert_id]["now"] += one.state in BUSY
            many[one.expert_id]["late"] += one.state in BUSY and one.due_on is not None and one.due_on < today
            many[one.expert_id]["signed"] += one.state in SIGNED
            many[one.expert_id]["in_time"] += one.state in SIGNED and one.signed_late is False
        busy = figures.counted(session, me, figures.Asked("", None, 0, YEAR)).experts
        assert {one.id for one in busy} == {id_ for id_, counts in many.items() if counts["now"] + counts["signed"]}
        for one in busy:
            assert (one.now, one.late, one.signed, one.in_time) == tuple(
                many[one.id][name] for name in ("now", "late", "signed", "in_time")
            )
            for work in ("now", "late", "signed"):
                sides_ = (("expert", str(one.id)), ("work", work))
                assert listed(session, me, sides_) == getattr(one, work), work


def test_the_numbers_take_as_many_statements_whatever_there_is(quick_stage):
    with clock.at(quick_stage.moment), quick_stage.database.transaction(keep=False) as session:
        me = staff(session, quick_stage, "gradov")
        asked = []
        for many in (4, 30):
            scatter(session, quick_stage, random.Random(5), many)
            with count_statements(quick_stage.database.engine) as told:
                figures.counted(session, me, figures.Asked("", None, 0, YEAR))
            asked.append(len(told))
        assert asked[1] <= asked[0] <= 6  # four, and the calendar and the zone once
