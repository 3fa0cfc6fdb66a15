"""What the affinity of experts to cases is reckoned from, as the rows and the journal tell it."""

from collections import Counter as Counted
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.core.test_affinity import slowly
from tests.play import amend, at
from tests.statements import count_statements
from workflow_app import clock, gate
from workflow_app.calendar.terms import Term
from workflow_app.db.models import Assignment, Case, Counter, Municipality, PastWork, SearchRow, TermOverride
from workflow_app.facts import past_work, term_change, timeliness
from workflow_app.facts.affinity import weights_of
from workflow_app.facts.candidates import candidates, candidates_of
from workflow_app.facts.involvement import examined_of
from workflow_app.facts.past_work import SIGNED
from workflow_app.matching.affinity import USUAL
from workflow_app.matching.text_nearness import nearness, stems
from workflow_app.operations import integrity
from workflow_app.runtime import backfill
from workflow_app.states.definitions.centre import AffinityWeights, SetTerm
from workflow_app.stemming import tokens_of


def of(stage, road, key):
    """The expert as a candidate for the case, today."""
    with clock.at(stage.moment), stage.database.transaction(keep=False) as session:
        found = candidates(session, session.get_one(Case, road.case_id))
        return next(one for one in found if one.person.id == stage.people[key])


def told_slowly(session, case, expert_id, moment):
    """The past of an expert and the nearness of their texts to a case, of every assignment's row: the second way."""
    mine = session.scalars(select(Assignment).where(Assignment.expert_id == expert_id).order_by(Assignment.id)).all()
    since, signed = moment - timedelta(days=365), [one for one in mine if one.state in SIGNED]
    here = examined_of(session, case).organizations
    late = [
        one
        for one in mine
        if one.state in ("invited", "accepted", "in_work") and one.due_on and one.due_on < moment.date()
    ]
    past = {
        "open": sum(one.state in ("invited", "accepted", "in_work") for one in mine),
        "year": sum(one.state not in ("refused", "expired", "called_off") and one.invited_at >= since for one in mine),
        "signed": len(signed), "in_time": sum(one.signed_late is False for one in signed),
        "ended": sum(one.signed_late is not None for one in signed) + sum(one.state == "expired" for one in mine) + len(late),
        "levels": Counted(one.case.form.get("education_level", "") for one in signed),
        "places": Counted(one.case.organization_id for one in signed if one.signed_at >= since and one.case.organization_id in here),
        "judged": {one.case_id for one in mine if one.state == "past" and one.case is case},
    }  # fmt: skip
    return past, [one.case_id for one in mine[-20:] if one.state in SIGNED]


def texts_slowly(session, case, cases):
    """The stems of the texts of these cases, and of this one with its title."""
    found = {id_: frozenset() for id_ in cases}
    for row in session.scalars(select(SearchRow).where(SearchRow.needs == "see_materials")):
        if row.case_id in (*cases, case.id) and row.subject_kind in ("case", "file"):
            found[row.case_id] = found.get(row.case_id, frozenset()) | stems(row.tokens)
    return found | {case.id: found.get(case.id, frozenset()) | stems(tokens_of(case.title))}


def as_counted_slowly(stage, case_id):
    """Whether the facts of each candidate are those of the second way; how many of them have judged something."""
    with clock.at(stage.moment), stage.database.transaction(keep=False) as session:
        case = session.get_one(Case, case_id)
        found = candidates(session, case)
        told = {one.person.id: told_slowly(session, case, one.person.id, stage.moment) for one in found}
        texts = texts_slowly(session, case, {id_ for _, read in told.values() for id_ in read})
        work = slowly(texts.values(), texts[case.id])
        for one in found:
            past, read = told[one.person.id]
            assert {name: getattr(one.past, name) for name in past} == past
            mine = slowly(texts.values(), *(texts[id_] for id_ in read)) if read else {}
            assert one.affinity.parts["text"] == pytest.approx(nearness(mine, work))
        assert list(past_work.differing(session)) == []
        return sum(bool(read) for _, read in told.values())


def kept(stage):
    """Of each signed sheet whether it was late, as the column keeps it."""
    with stage.database.transaction(keep=False) as session:
        return dict(
            session.execute(
                select(Assignment.expert_id, Assignment.signed_late).where(Assignment.signed_at.is_not(None))
            ).all()
        )


def lengthen(stage, days):
    """Give the sheets that are filled in now a longer term, from the day on which they were begun."""
    with stage.turn("gradov") as (session, me):
        term = Term(days, "working")
        found = term_change.effect_of(session, stage.municipality_id, "innovation_product", "review", term)
        centre = session.get_one(Municipality, stage.municipality_id)
        sheet = SetTerm(
            case_type="innovation_product", key="review", length=days, unit="working", why="Приказ № 1", running="take",
            since=stage.moment.date(), moved=term_change.written(found),
        )  # fmt: skip
        gate.perform(session, me, centre, "set_term", sheet, centre.version)


def test_in_time_is_one_answer_and_old_sheets_get_it_from_the_journal(stage):
    """The term that was set then: extended, moved by a new length, never that of today. What is known already stays."""
    first, second = at(stage, "in_review"), at(stage, "in_review", "innovation_product")
    stage.act("morozova", first.case_id, "extend", {"days": 5, "reason": "Эксперт просил о продлении срока"})
    lengthen(stage, 20)
    stage.wait(days=18)  # past the ten working days, within the fifteen and the twenty
    first.sign("bondarenko", (0.8, 1.0))
    second.sign("nesterov", (0.8,))
    stage.wait(days=20)
    first.sign("lebedev", (0.8, 1.0))
    second.sign("koval", (0.8,))
    told = kept(stage)
    people = {key: stage.people[key] for key in ("bondarenko", "nesterov", "lebedev", "koval")}
    assert told == dict(zip(people.values(), (False, False, True, True), strict=True))

    with stage.database.transaction(keep=True) as session:
        session.execute(update(Assignment).values(signed_late=None))
        session.execute(update(Assignment).where(Assignment.expert_id == people["koval"]).values(signed_late=False))
        for one in ("signed_late", "past_work"):
            session.add(Counter(municipality_id=stage.municipality_id, register=one, year=0, last=0))
        for kind in ("methodical_material", "innovation_product"):
            mine = TermOverride(
                municipality_id=stage.municipality_id, case_type=kind, key="review", length=1, unit="working"
            )
            mine.since = stage.moment.date()
            session.add(mine)
    assert backfill.reckon_all(stage.database) == 3 + 1  # what was typed here by hand makes one sum another
    assert backfill.reckon_all(stage.database) == timeliness.fill(stage.database) == 0
    assert kept(stage) == told | {people["koval"]: False}

    other = at(stage, "assigning")
    good, late, known = (of(stage, other, key) for key in ("bondarenko", "lebedev", "koval"))
    assert [(one.past.in_time, one.past.ended) for one in (good, late, known)] == [(1, 2), (0, 1), (1, 1)]
    assert good.affinity.parts["timeliness"] > late.affinity.parts["timeliness"]
    assert "в срок 0 из 1" in map(str, late.why)
    assert good.past.words, "the words of what an expert has judged are compared"
    assert 0 < good.affinity.parts["text"] <= 1
    assert as_counted_slowly(stage, other.case_id) == 4
    assert as_counted_slowly(stage, first.case_id) == 4  # one that they have read themselves


def test_what_is_kept_of_the_past_follows_every_act_and_check_finds_what_does_not(quick_stage):
    """Turned down, called off, signed; the work gets another level, another text after it was read."""
    stage, road = quick_stage, at(quick_stage, "in_review")
    other = at(stage, "assigning")
    other.invite(("bondarenko", "lebedev"), "Специалисты по предмету заявителя")
    stage.review("lebedev", other.case_id, "refuse", {"cause": "busy", "comment": ""})
    road.sign("bondarenko", (0.8, 1.0))
    assert as_counted_slowly(stage, other.case_id) == 1
    before = of(stage, other, "bondarenko").affinity.parts["text"]
    amend(road, education_level="secondary", annotation="Музыка, хор и пение на уроках и после них. " * 6)
    assert as_counted_slowly(stage, other.case_id) == 1
    assert of(stage, other, "bondarenko").affinity.parts["text"] < before

    with stage.database.transaction(keep=True) as session:
        session.execute(update(PastWork).where(PastWork.taken > 0).values(taken=9))
    with stage.database.snapshot() as session:
        found = [one for one in integrity.findings(session, stage.database.blobs) if one.kind == "past_work"]
        assert [one.row for one in found] == [f"person {min(stage.people[one] for one in ('bondarenko', 'lebedev'))}"]
    assert past_work.rebuild(stage.database) > 0
    assert past_work.rebuild(stage.database) == 0
    assert as_counted_slowly(stage, other.case_id) == 1


def test_who_judged_the_round_before_is_told(quick_stage):
    road = at(quick_stage, "on_approval", shares={"bondarenko": (0.5, 0.6), "lebedev": (0.5, 0.6)})
    with quick_stage.database.transaction(keep=True) as session:
        for one in session.scalars(select(Assignment).where(Assignment.case_id == road.case_id)):
            one.state = "past"
    assert str(of(quick_stage, road, "lebedev").why[0]) == "оценивал эту работу раньше"
    assert of(quick_stage, road, "lebedev").affinity.parts["history"] == 1
    assert of(quick_stage, road, "koval").affinity.parts["history"] == 0.5


def test_many_cases_are_read_in_as_many_statements_as_one(stage):
    roads = [
        at(stage, "assigning"),
        at(stage, "assigning", "innovation_product"),
        at(stage, "in_review"),
    ]
    asked = []
    for many in (roads[:1], roads):
        with clock.at(stage.moment), stage.database.transaction(keep=False) as session:
            cases = [session.get_one(Case, one.case_id) for one in many]
            for one in cases:
                assert one.assignments is not None and one.panel is not None and one.co_authors is not None
            with count_statements(session.get_bind().engine) as counted:
                found = candidates_of(session, cases)
            asked.append(len(counted))
            assert {*found} == {one.case_id for one in many}
    assert asked[0] == asked[1] <= 16


def test_the_centres_weights_rank_and_stand_in_the_record(quick_stage):
    road = at(quick_stage, "assigning")
    before = of(quick_stage, road, "koval").affinity
    with quick_stage.database.transaction(keep=False) as session:
        assert weights_of(session, quick_stage.municipality_id) == USUAL
    with quick_stage.turn("morozova") as (session, actor):
        centre = session.get_one(Municipality, quick_stage.municipality_id)
        sheet = AffinityWeights(**(dict.fromkeys(USUAL, 0) | {"load": 7}))
        assert gate.perform(session, actor, centre, "set_weights", sheet, centre.version).facts["weights"]
    with quick_stage.database.transaction(keep=False) as session:
        assert weights_of(session, quick_stage.municipality_id) == dict.fromkeys(USUAL, 0) | {"load": 7}
    after = of(quick_stage, road, "koval").affinity
    assert after.total == after.parts["load"] == before.parts["load"]
