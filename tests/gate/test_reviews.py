"""The side roads of the review: replaced experts, third reviews, sheets sent back, rounds of revision."""

from datetime import timedelta

import pytest

from tests.gate import acts
from tests.gate.kit import (
    REASON,
    assignment_id,
    assignments,
    documents,
    events,
    facts,
    findings,
    looking,
    may,
    offered,
    people,
    signed_ids,
    tick,
    value,
)
from tests.play import EXPERTS
from workflow_app.db.models import Assignment
from workflow_app.demo.steps import DIRECTOR
from workflow_app.errors import Denied, Invalid, NotYet
from workflow_app.facts import assessment
from workflow_app.states.vocabulary import Permission as P

MATERIAL, ATTESTATION, INNOVATION = "methodical_material", "attestation_portfolio", "innovation_product"


def test_who_does_not_answer_is_replaced_by_the_next(play):
    """The invitation lapses after two working days; a late acceptance is refused."""
    road = play("assigning", MATERIAL)
    road.invite(EXPERTS[MATERIAL], REASON)
    assert tick(road, days=5) == ["expire", "expire"]
    with pytest.raises(NotYet):
        road.accept(["lebedev"])
    assert not may(road, "lebedev", P.VIEW)
    road.invite([acts.ONE_MORE, "galkina"], REASON)
    road.accept([acts.ONE_MORE, "galkina"])
    assert road.state() == "in_review"


def test_an_invitation_may_be_taken_back(play):
    road = play("assigning", MATERIAL)
    road.invite(EXPERTS[MATERIAL], REASON)
    road.accept(["lebedev"])
    for one in EXPERTS[MATERIAL]:
        road.stage.office(road.office, road.case_id, one, "cancel_invitation", {"reason": REASON})
    assert {state for _, _, state in assignments(road)} == {"called_off"}
    assert value(road, "turn") == "coordinator"


def test_when_all_refuse_the_director_may_give_up_a_material_but_not_an_attestation(play):
    road = play("assigning", MATERIAL)
    with pytest.raises(NotYet):
        road.stage.act(DIRECTOR, road.case_id, "no_expert", {"reason": REASON})
    acts.no_expert(road)
    assert (road.state(), value(road, "refusal")["ground"]) == ("declined", "no_experts")
    assert "no_expert" not in offered(play("assigning", ATTESTATION), DIRECTOR)


def test_a_lead_who_leaves_is_named_anew(play):
    """An attestation does not begin without its lead specialist."""
    road = play("assigning", ATTESTATION)
    road.invite(EXPERTS[ATTESTATION], REASON)
    road.accept(EXPERTS[ATTESTATION][:2])
    road.lead(EXPERTS[ATTESTATION][0])
    road.stage.review(EXPERTS[ATTESTATION][0], road.case_id, "recuse", {"reason": REASON})
    assert value(road, "lead_id") is None
    road.invite([acts.ONE_MORE], REASON)
    road.accept([EXPERTS[ATTESTATION][2], acts.ONE_MORE])
    assert (road.state(), value(road, "turn")) == ("assigning", "coordinator")
    with pytest.raises(Invalid):
        road.stage.act(road.office, road.case_id, "name_lead", {"expert_id": people(road, "galkina")[0]})
    road.lead(acts.ONE_MORE)
    assert road.state() == "in_review"


@pytest.mark.parametrize("kind", [MATERIAL, INNOVATION])
def test_a_discrepancy_asks_one_more_expert(play, kind):
    road = play("third_review", kind)
    first = len(EXPERTS[kind])
    assert value(road, "required") == first + 1
    road.invite([acts.ONE_MORE], REASON)
    road.accept([acts.ONE_MORE])
    road.sign(acts.ONE_MORE, (0.4,))
    assert road.state() == "consolidation"
    assert len(signed_ids(road)) == first + 1
    acts.finish(road, [*EXPERTS[kind], acts.ONE_MORE])
    assert road.state() == "approved"


def test_nobody_is_late_on_the_day_they_come(play):
    """An expert added after the end of the review has its whole length from the day of the answer."""
    road = play("third_review", MATERIAL)
    ended = value(road, "due_on")
    road.stage.moment += timedelta(days=30)
    road.invite([acts.ONE_MORE], REASON)
    road.accept([acts.ONE_MORE])
    with looking(road) as (session, case):
        place = session.get_one(Assignment, assignment_id(road, acts.ONE_MORE))
        assert case.due_on == ended < place.due_on, "the step of the case is late, the expert is not"
    road.sign(acts.ONE_MORE, (0.4,))
    with looking(road) as (session, _):
        assert session.get_one(Assignment, assignment_id(road, acts.ONE_MORE)).signed_late is False


def test_the_specialists_of_an_attestation_meet_instead(play):
    """A signed common result replaces the majority; a dissent is kept and printed."""
    road = play("third_review", ATTESTATION)
    first, lead, other = EXPERTS[ATTESTATION]
    assert value(road, "required") == 3
    with pytest.raises((Denied, NotYet)):
        road.stage.act(first, road.case_id, "draft_common", {"verdict": "conforms", "reasoning": "x" * 60})
    acts.draft_common(road)
    with pytest.raises(NotYet):
        road.stage.act(lead, road.case_id, "common_result", {"how": "simple"})
    road.stage.review(first, road.case_id, "join_common", {"how": "simple"})
    acts.draft_common(road)
    assert facts(road).undecided == set(people(road, first, other))
    road.stage.review(first, road.case_id, "join_common", {"how": "simple"})
    opinion = "Подтверждающих документов по первому критерию в материалах дела нет."
    road.stage.review(other, road.case_id, "dissent_common", {"how": "simple", "opinion": opinion})
    road.stage.act(lead, road.case_id, "common_result", {"how": "simple"})
    assert road.state() == "consolidation"
    with looking(road) as (session, case):
        outcome = assessment.outcome(session, case)
        assert outcome.verdict_key == "conforms"
        assert sorted(outcome.verdicts.values()) == ["conforms", "not_conforms", "not_conforms"]
        assert [one.common_opinion for one in case.assignments if one.common_opinion] == [opinion]


def test_a_discrepancy_may_be_left_by_the_director_when_nobody_can_be_found(play):
    for kind in EXPERTS:
        road = play("third_review", kind)
        road.stage.act(DIRECTOR, road.case_id, "settle_without", {"reason": REASON})
        assert (road.state(), value(road, "settled_without")) == ("consolidation", REASON)
        assert value(road, "required") == len(EXPERTS[kind])
    road = play("third_review", MATERIAL)
    road.invite([acts.ONE_MORE], REASON)
    with pytest.raises(NotYet):
        road.stage.act(DIRECTOR, road.case_id, "settle_without", {"reason": REASON})
    for kind in (
        EXPERTS
    ):  # the added review alone is dispensed with: no conclusion stands on fewer sheets than the type asks for
        road = play("third_review", kind)
        road.stage.office(road.office, road.case_id, EXPERTS[kind][0], "void_sheet", {"reason": REASON})
        with pytest.raises(NotYet):
            road.stage.act(DIRECTOR, road.case_id, "settle_without", {"reason": REASON})
        assert (road.state(), value(road, "settled_without")) == ("third_review", "")
    road = play("third_review", ATTESTATION)
    first, lead, other = EXPERTS[ATTESTATION]
    road.stage.office(road.office, road.case_id, other, "void_sheet", {"reason": REASON})
    acts.draft_common(road)
    road.stage.review(first, road.case_id, "join_common", {"how": "simple"})
    with pytest.raises(NotYet):  # R14: nor do two specialists agree for three
        road.stage.act(lead, road.case_id, "common_result", {"how": "simple"})


def test_a_sheet_sent_back_is_void_and_goes_on_from_the_old_text(play):
    """R28: the expert keeps the declaration, the draft holds what was written, the old documents are void."""
    road = play("on_approval", MATERIAL)
    first, second = EXPERTS[MATERIAL]
    with looking(road) as (_, case):
        before = case.assignments[0].review
    acts.send_back(road)
    assert assignments(road) == [(first, 1, "voided"), (second, 1, "consolidated"), (first, 1, "in_work")]
    with looking(road) as (_, case):
        assert case.assignments[2].review == before
    assert {one.state for one in documents(road) if one.document_kind.startswith("expert") and one.id <= 2} == {"void"}
    road.sign(first, (0.8,))
    assert road.state() == "consolidation"
    with pytest.raises(NotYet):
        road.propose("recommend_use")
    acts.finish(road, EXPERTS[MATERIAL])
    assert findings(road) == []


def test_a_send_back_names_a_sheet_and_a_reason(play):
    road = play("consolidation", MATERIAL)
    for wrong in ({"assignments": []}, {"assignments": ["999"]}, {"reason": "коротко"}):
        raw = {"assignments": list(signed_ids(road).values())[:1], "reason": REASON, **wrong}
        with pytest.raises(Invalid):
            road.stage.act(road.office, road.case_id, "send_back", raw)


def test_the_director_does_not_send_an_attestation_back_to_its_specialists(play):
    """domain.md 0a.5."""
    assert "send_back" not in offered(play("on_approval", ATTESTATION), DIRECTOR)
    assert "send_back" in offered(play("on_approval", MATERIAL), DIRECTOR)


def test_a_lead_whose_sheet_comes_back_stays_the_lead(play):
    road = play("consolidation", ATTESTATION)
    lead = EXPERTS[ATTESTATION][1]
    raw = {"assignments": [signed_ids(road)[lead]], "reason": REASON}
    road.stage.act(road.office, road.case_id, "send_back", raw)
    assert value(road, "lead_id") == people(road, lead)[0]


def test_specialists_who_signed_the_text_already_can_still_meet(play):
    """A sheet sent back after the others had signed the conclusion may differ now: everybody has to be able to answer."""
    road = play("consolidation", ATTESTATION)
    road.consolidate(EXPERTS[ATTESTATION])
    acts.send_back(road)
    road.sign(EXPERTS[ATTESTATION][0], (0.1,), "not_conforms")
    assert road.state() == "third_review"
    acts.common_result(road)
    assert road.state() == "consolidation"


def test_a_resumed_sheet_needs_no_new_declaration_and_a_new_round_does(play):
    """R17."""
    road = play("consolidation", MATERIAL)
    seen = len(events(road))
    acts.send_back(road)
    followed = [one for one in events(road)[seen:] if one.subject_kind == "assignment"]
    assert [one.transition for one in followed] == ["annul", "begin", "resume", "begin_work"]
    assert {(one.via, one.actor_id) for one in followed} == {("system", None)}
    again = play("on_revision", MATERIAL)
    acts.resubmit(again)
    assert {state for _, number, state in assignments(again) if number == 2} == {"invited"}


def test_three_rounds_and_no_more(play):
    """Old sheets pass, their documents are superseded, the same experts are asked again; after the third nothing is left."""
    road = play("on_revision", MATERIAL)
    for number in (2, 3):
        acts.resubmit(road)
        assert (value(road, "round"), road.state(), value(road, "verdict")) == (number, "assigning", None)
        assert [one for one in assignments(road) if one[1] == number] == [
            (one, number, "invited") for one in EXPERTS[MATERIAL]
        ]
        road.accept(EXPERTS[MATERIAL])
        for one in EXPERTS[MATERIAL]:
            road.sign(one, (0.4,))
        acts.propose(road)
        road.approve()
        papers = documents(road, "consolidated_conclusion")
        assert [one.state for one in papers] == ["superseded"] * (number - 1) + ["issued"]
        assert len({one.number for one in papers}) == number
        if number == 2:
            acts.ask_revision(road)
    assert {state for _, number, state in assignments(road) if number < 3} == {"past"}
    with pytest.raises(NotYet):
        acts.ask_revision(road)
    assert value(road, "turn") is None
    road.stage.act(road.applicant, road.case_id, "waive_appeal")
    road.stage.act(road.office, road.case_id, "close")
    assert findings(road) == []


def test_a_revision_not_sent_in_time_closes_the_case(play):
    road = play("on_revision", MATERIAL)
    assert tick(road, days=60) == ["lapse_revision"]
    assert road.state() == "closed"


def test_a_case_with_the_verdict_revise_waits_for_the_author(play):
    road = play("approved:revise", MATERIAL)
    assert (value(road, "turn"), "close" in offered(road, road.office)) == ("applicant", False)
    road.stage.act(road.applicant, road.case_id, "waive_appeal")
    assert "close" not in offered(road, road.office)
    assert tick(road, days=20) == ["close_without_revision"]
