"""At the same moment: nothing gets lost, one of two wins, and the other is told (security.md 54 to 57, decisions.md 5)."""

from datetime import timedelta

import pytest

from tests.gate import acts, month_orders
from tests.gate.kit import (
    REASON,
    assignment_id,
    assignments,
    documents,
    events,
    findings,
    form,
    people,
    signed_ids,
    value,
)
from tests.gate.races import doing, outcome, race
from tests.play import EXPERTS, at
from workflow_app import clock, gate
from workflow_app.content_types.month_order import CancelOrder, SignApproval
from workflow_app.db.models import RECORDS, Absence, Assignment, Case, Person
from workflow_app.demo import sample_reviews
from workflow_app.demo.steps import DIRECTOR, NO_CONFLICT, TEXTS, Road
from workflow_app.errors import Broken, Conflict, NotYet
from workflow_app.states.definitions.absence import AskAbsence
from workflow_app.states.definitions.case.forms import Start, Vote
from workflow_app.states.definitions.review_forms import Remove

MATERIAL, ATTESTATION = "methodical_material", "attestation_portfolio"
MANY = 6


@pytest.mark.parametrize("kind", EXPERTS)
def test_last_reviews_signed_at_once_still_reach_the_consolidation(stage, kind):
    """Trap 1: each saw the other's sheet unsigned, and holds on to that row."""
    road = at(stage, "in_review", kind)
    raw = sample_reviews.review(road.sheet(), kind, (0.8, 1.0), "conforms")
    jobs = [(one, doing(Assignment, assignment_id(road, one), "sign", raw)) for one in EXPERTS[kind]]
    assert outcome(race(stage, jobs)) == {"signed": len(jobs)}
    assert road.state() == "consolidation"
    assert [one.transition for one in events(road)].count("review_done") == 1
    assert findings(road) == []


def test_last_acceptances_at_once_begin_the_review_once(stage):
    road = at(stage, "assigning", MATERIAL)
    road.invite(EXPERTS[MATERIAL], REASON)
    jobs = [(one, doing(Assignment, assignment_id(road, one), "accept", NO_CONFLICT)) for one in EXPERTS[MATERIAL]]
    assert outcome(race(stage, jobs)) == {"accepted": 2}
    assert road.state() == "in_review"
    assert {state for _, _, state in assignments(road)} == {"in_work"}


def test_last_answers_to_the_conclusion_at_once_let_it_be_proposed(stage):
    road = at(stage, "consolidation", MATERIAL)
    road.stage.act(road.office, road.case_id, "circulate", TEXTS)
    jobs = [(one, doing(Assignment, assignment_id(road, one), "agree", {"how": "simple"})) for one in EXPERTS[MATERIAL]]
    assert outcome(race(stage, jobs)) == {"consolidated": 2}
    assert value(road, "turn") == "coordinator"
    road.propose()


def test_a_double_submission_is_one(stage):
    """Security 54: the same form, sent many times at once."""
    road = at(stage, "draft", MATERIAL)
    jobs = [(road.applicant, doing(Case, road.case_id, "submit", form(road))) for _ in range(MANY)]
    found = outcome(race(stage, jobs))
    assert (found["submitted"], found["Conflict"] + found["NotYet"]) == (1, MANY - 1)
    assert [one.transition for one in events(road) if one.subject_kind == "case"] == ["begin", "submit"]
    assert findings(road) == []


def test_a_double_approval_is_one(stage):
    """Security 55: the director and the deputy at once; one order, one conclusion, one number of each."""
    road = at(stage, "on_approval", MATERIAL)
    jobs = [(one, doing(Case, road.case_id, "approve", {"how": "simple"})) for one in (DIRECTOR, "subbotina") * 2]
    found = outcome(race(stage, jobs))
    assert (found["approved"], found["Conflict"] + found["NotYet"]) == (1, 3)
    assert [one.document_kind for one in documents(road)][-2:] == ["consolidated_conclusion", "order"]
    assert len(documents(road, "order")) == 1
    assert findings(road) == []


def test_an_approval_and_a_return_of_the_text_at_once(stage):
    road = at(stage, "on_approval", MATERIAL)
    jobs = [
        (DIRECTOR, doing(Case, road.case_id, "approve", {"how": "simple"})),
        ("subbotina", doing(Case, road.case_id, "return_text", {"reason": REASON})),
    ]
    found = race(stage, jobs)
    won = [one for one in found if isinstance(one, str)]
    assert [type(one) in (Conflict, NotYet) for one in found if not isinstance(one, str)] == [True]
    assert [road.state()] == won


def test_an_order_of_a_month_is_signed_once_and_never_beside_what_takes_its_case_away(stage):
    """R53: two who sign; a signature and a returned text; two who cancel, and a signature that nobody sees any more."""
    road = at(stage, "on_approval", MATERIAL)
    order, kind = month_orders.with_cases(stage, road), RECORDS["month_order"]
    month_orders.act(stage, order, "offer")
    sign = doing(kind, order, "sign_approval", SignApproval())
    found = outcome(race(stage, [(DIRECTOR, sign), ("subbotina", sign), (DIRECTOR, sign)]))
    assert (found["signed"], found["Conflict"] + found["NotYet"]) == (1, 2)
    assert (road.state(), month_orders.papers(stage, order)) == ("approved", [("conclusions_order", "1", 1, "issued")])
    cancel = doing(kind, order, "cancel_order", CancelOrder(reason=REASON))
    found = outcome(race(stage, [(DIRECTOR, cancel), ("subbotina", cancel)]))
    assert (found["void"], found["Conflict"] + found["NotYet"]) == (1, 1)
    assert road.state() == "on_approval"
    order = month_orders.with_cases(stage, road, title="Об утверждении заключений, ещё раз")
    month_orders.act(stage, order, "offer")
    sign = doing(kind, order, "sign_approval", SignApproval())
    back = doing(Case, road.case_id, "return_text", {"reason": REASON})
    found = outcome(race(stage, [(DIRECTOR, sign), ("subbotina", back)]))
    assert len(found) == 2
    assert (found["signed"], road.state()) in ((1, "approved"), (0, "consolidation"))
    assert len(month_orders.papers(stage, order)) == found["signed"]
    assert findings(road) == []


def test_the_last_place_is_given_once(stage):
    """Two coordinators invite for one place."""
    road = at(stage, "in_review", MATERIAL)
    road.stage.review(EXPERTS[MATERIAL][0], road.case_id, "recuse", {"reason": REASON})
    jobs = []
    for key, expert in (("morozova", "kravchuk"), ("subbotina", "galkina")):
        raw = {"experts": [{"expert_id": people(road, expert)[0], "reason": REASON}]}
        jobs.append((key, doing(Case, road.case_id, "invite", raw)))
    found = outcome(race(stage, jobs))
    assert (found["in_review"], found["Conflict"] + found["NotYet"] + found["Invalid"]) == (1, 1)
    assert len([one for one in assignments(road) if one[2] in ("invited", "in_work")]) == 2


def test_a_signature_and_a_replacement_at_once(stage):
    """Either the sheet is signed or its expert is replaced: never both."""
    road = at(stage, "in_review", MATERIAL)
    expert = EXPERTS[MATERIAL][0]
    raw = sample_reviews.review(road.sheet(), MATERIAL, (0.8,))
    mine = assignment_id(road, expert)
    jobs = [
        (expert, doing(Assignment, mine, "sign", raw)),
        (road.office, doing(Assignment, mine, "remove", Remove(reason=REASON))),
    ]
    found = outcome(race(stage, jobs))
    assert found["signed"] + found["removed"] == 1
    assert assignments(road)[0][2] in found
    assert len(documents(road, "expert_sheet")) == found["signed"]
    assert findings(road) == []


def test_votes_at_once_are_all_counted(stage):
    road = at(stage, "approved", MATERIAL)
    acts.appeal(road)
    acts.appoint_panel(road)
    seen = value(road, "version")
    raw = {"grant": "grant", "opinion": "Изучены материалы дела и доводы апелляции.", "how": "simple"}
    jobs = [(one, doing(Case, road.case_id, "vote", raw, seen)) for one in acts.PANEL]
    found = outcome(race(stage, jobs))
    assert (found["appealed"], found["Conflict"]) == (1, 2)
    with pytest.raises(Conflict):
        _again(road, seen)


def _again(road: Road, seen: int) -> None:
    with road.stage.turn(acts.PANEL[1]) as (session, me):
        sheet = Vote(grant="grant", opinion="Изучены материалы дела.", how="simple")
        gate.perform(session, me, session.get_one(Case, road.case_id), "vote", sheet, seen)


@pytest.mark.parametrize("ahead", [-1, 1, 100])
def test_a_stale_page_changes_nothing(play, ahead):
    """Security 56: the version that was looked at is the version that is changed."""
    road = play("registered", MATERIAL)
    number = len(events(road))
    with pytest.raises(Conflict) as found, road.stage.turn(road.office) as (session, me):
        case = session.get_one(Case, road.case_id)
        gate.perform(session, me, case, "start", Start(names_checked=True), case.version + ahead)
    assert found.value.current == value(road, "version")
    assert (road.state(), len(events(road))) == ("registered", number)


def test_an_act_of_a_person_always_says_what_was_seen(play):
    road = play("registered", MATERIAL)
    with pytest.raises(Broken), road.stage.turn(road.office) as (session, me):
        gate.perform(session, me, session.get_one(Case, road.case_id), "start", Start(names_checked=True), None)


def test_sheets_sent_back_at_once_are_sent_back_once(stage):
    road = at(stage, "consolidation", MATERIAL)
    raw = {"assignments": [signed_ids(road)[EXPERTS[MATERIAL][0]]], "reason": REASON}
    jobs = [(one, doing(Case, road.case_id, "send_back", raw)) for one in ("morozova", "subbotina", DIRECTOR)]
    found = outcome(race(stage, jobs))
    assert found["in_review"] == 1
    assert [state for _, _, state in assignments(road)].count("voided") == 1
    assert findings(road) == []


def test_of_two_presses_one_absence_is_kept(stage):
    """The same days asked for twice at once: the second is told so."""
    days = {"since": stage.moment.date() + timedelta(days=3), "until": stage.moment.date() + timedelta(days=9)}

    def ask(session, me, barrier):
        person = session.get_one(Person, me.person_id)
        row = Absence(
            municipality_id=me.municipality_id, person_id=person.id, cause="vacation", asked_at=clock.now(), **days
        )
        barrier.wait()
        return gate.begin(session, me, row, AskAbsence(person_id=person.id, **days)).state

    found = race(stage, [("bondarenko", ask), ("bondarenko", ask)])
    assert outcome(found) == {"asked": 1, "Invalid": 1}
