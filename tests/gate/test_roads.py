"""What happens on the side roads of a case: returns, refusals, corrections of the card, withdrawal, the commission."""

from datetime import date, timedelta

import pytest

from tests.gate import acts
from tests.gate.kit import (
    REASON,
    assignments,
    documents,
    events,
    findings,
    form,
    last,
    looking,
    may,
    offered,
    tick,
    value,
)
from tests.play import EXPERTS, PDF
from workflow_app.demo.steps import DIRECTOR, TEXTS
from workflow_app.errors import Denied, Invalid, NotYet
from workflow_app.states.vocabulary import Permission as P

MATERIAL, ATTESTATION, INNOVATION = "methodical_material", "attestation_portfolio", "innovation_product"


def test_a_return_carries_a_remark_for_each_field(play):
    road = play("submitted", MATERIAL)
    road.register()
    remarks = [
        {"field": "annotation", "text": "Для кого материал?"},
        {"field": "attachment:material", "text": "Файл не открывается"},
    ]
    road.stage.act(road.office, road.case_id, "return", {"remarks": remarks, "general": ""})
    assert value(road, "remarks")["remarks"] == remarks
    assert may(road, road.applicant, P.EDIT)
    with pytest.raises(Invalid) as found:
        play_return = play("registered", MATERIAL)
        play_return.stage.act(
            play_return.office,
            play_return.case_id,
            "return",
            {"remarks": [{"field": "нет такого", "text": "Исправьте это"}]},
        )
    assert set(found.value.problems) == {"remarks.0.field"}


def test_a_return_without_a_word_is_refused(play):
    road = play("registered", MATERIAL)
    with pytest.raises(Invalid):
        road.stage.act(road.office, road.case_id, "return", {"remarks": [], "general": ""})


@pytest.mark.parametrize(("kind", "most"), [(MATERIAL, 2), (INNOVATION, 2), (ATTESTATION, 1)])
def test_a_case_is_returned_so_often_and_no_more(play, kind, most):
    """domain.md 5: twice; an attestation once, or its legal terms cannot be kept."""
    road = play("registered", kind)
    for _ in range(most):
        road.stage.act(road.office, road.case_id, "return", acts.RETURN)
        road.submit(form(road))
        road.register()
    with pytest.raises(NotYet):
        road.stage.act(road.office, road.case_id, "return", acts.RETURN)
    assert value(road, "returns") == most


def test_an_attestation_is_refused_in_two_steps(play):
    """The coordinator proposes, the director confirms; nobody does both."""
    road = play("registered", ATTESTATION)
    with pytest.raises(NotYet):
        road.stage.act(DIRECTOR, road.case_id, "decline")
    acts.propose_decline(road)
    assert value(road, "turn") == "director"
    for name in ("start", "return", "propose_decline"):
        assert name not in offered(road, road.office)
    with pytest.raises(Denied):
        road.stage.act(road.office, road.case_id, "decline")
    road.stage.act(DIRECTOR, road.case_id, "decline")
    assert (road.state(), value(road, "refusal")["ground"]) == ("declined", "duplicate")


def test_the_directors_disagreement_keeps_the_case_and_gives_the_author_a_new_term(play):
    """Else the timer would propose the same refusal again the next night."""
    road = play("returned", ATTESTATION)
    tick(road, days=40)
    assert (value(road, "decline_proposed"), road.state()) == (True, "returned")
    road.stage.act(DIRECTOR, road.case_id, "refuse_decline", {"reason": REASON})
    assert value(road, "due_on") > road.today()
    assert tick(road, days=1) == []
    road.submit(form(road))
    assert road.state() == "submitted"


def test_papers_brought_after_the_term_take_the_proposed_refusal_back(play):
    """The ground «not completed» is gone when they are completed before the director decides."""
    road = play("returned", ATTESTATION)
    tick(road, days=40)
    road.submit(form(road))
    road.register()
    assert not value(road, "decline_proposed")
    assert "start" in offered(road, road.office)
    assert "decline" not in offered(road, DIRECTOR)


def test_a_lapsed_material_is_withdrawn_and_a_lapsed_attestation_only_proposed_for_refusal(play):
    for kind, state in ((MATERIAL, "withdrawn"), (INNOVATION, "withdrawn"), (ATTESTATION, "returned")):
        road = play("returned", kind)
        assert tick(road, days=40) == ["lapse"]
        assert road.state() == state
        assert tick(road, days=1) == []


def test_a_refusal_from_returned_waits_for_the_term(play):
    road = play("returned", ATTESTATION)
    raw = {"ground": "duplicate", "comment": "Заявление с тем же содержанием уже рассматривается."}
    with pytest.raises(NotYet):
        road.stage.act(road.office, road.case_id, "propose_decline", raw)


def test_a_draft_that_is_discarded_takes_no_number(play):
    road = play("draft", MATERIAL)
    acts.ACTS["discard"](road)
    assert (road.state(), value(road, "number")) == ("withdrawn", None)
    assert not may(road, "morozova", P.EDIT)


@pytest.mark.parametrize("state", ["assigning", "in_review"])
def test_withdrawal_calls_the_open_assignments_off_and_shuts_their_experts_out(play, state):
    road = play(state, MATERIAL)
    if state == "assigning":
        road.invite(EXPERTS[MATERIAL], REASON)
    road.stage.act(road.applicant, road.case_id, "withdraw", {"reason": ""})
    assert {one for _, _, one in assignments(road)} == {"called_off"}
    assert not any(may(road, one, P.VIEW) for one in EXPERTS[MATERIAL])
    assert may(road, road.office, P.VIEW)
    assert not may(road, road.office, P.SEE_REVIEWS)


def test_cancellation_voids_the_documents_and_keeps_the_number(play):
    """R34."""
    road = play("approved", ATTESTATION)
    number = value(road, "number")
    acts.ACTS["cancel"](road)
    assert value(road, "number") == number
    assert {one.state for one in documents(road)} == {"void"}
    assert {one.transition for one in events(road) if one.caused_by == last(road, "cancel").id} == {"void"}
    assert findings(road) == []


def test_amending_keeps_what_stood_before_in_the_trail(play):
    road = play("in_review", MATERIAL)
    acts.ACTS["amend"](road)
    assert (value(road, "title"), value(road, "form")["title"]) == (acts.AMENDED["title"],) * 2
    titles = [one.data["title"] for one in events(road) if one.data.get("title")]
    assert titles[-1] == acts.AMENDED["title"]
    assert titles[0] != titles[-1]


def test_extending_moves_the_term_and_the_experts_with_it(play):
    road = play("in_review", MATERIAL)
    before = value(road, "due_on")
    acts.ACTS["extend"](road)
    after = value(road, "due_on")
    assert after >= before + timedelta(days=5)
    with pytest.raises(Invalid):
        road.stage.act(road.office, road.case_id, "extend", {"days": 0, "reason": REASON})


def test_extending_does_not_move_the_legal_caps_of_an_attestation(play):
    """R8, R9."""
    road = play("in_review", ATTESTATION)
    caps = value(road, "consideration_due"), value(road, "decision_due")
    acts.ACTS["extend"](road)
    assert (value(road, "consideration_due"), value(road, "decision_due")) == caps


def test_additional_documents_freeze_a_new_version(play):
    """R13."""
    road = play("in_review", ATTESTATION)
    acts.add_documents(road)
    with looking(road) as (_, case):
        first, second = case.versions
        assert len(second.files) == len(first.files) + 1
        assert first.sha256 != second.sha256
        assert first.form == second.form


@pytest.mark.parametrize("kind", [MATERIAL, INNOVATION])
def test_nothing_is_added_to_what_is_under_review(play, kind):
    road = play("in_review", kind)
    with pytest.raises(Denied):
        road.stage.attach(road.applicant, road.case_id, "supplement", "Ещё.pdf", PDF)


def test_the_director_returns_the_text_and_the_sheets_stay(play):
    road = play("on_approval", MATERIAL)
    acts.ACTS["return_text"](road)
    assert {state for _, _, state in assignments(road)} == {"consolidated"}
    with pytest.raises(NotYet):
        road.propose()
    road.consolidate(EXPERTS[MATERIAL])
    road.propose()
    road.approve()
    assert road.state() == "approved"


def test_a_changed_text_is_answered_anew(play):
    """domain.md 0a.8: who signed the old text has not signed the new one."""
    road = play("consolidation", MATERIAL)
    road.consolidate(EXPERTS[MATERIAL])
    road.stage.act(
        road.office, road.case_id, "circulate", {**TEXTS, "remarks": "Замечание добавлено после подписания."}
    )
    with pytest.raises(NotYet):
        road.propose()
    first, second = EXPERTS[MATERIAL]
    road.stage.review(first, road.case_id, "agree", {"how": "simple"})
    with pytest.raises(NotYet):
        road.propose()
    opinion = "Замечание не относится к представленному материалу, с ним не согласен."
    road.stage.review(second, road.case_id, "dissent", {"how": "simple", "opinion": opinion})
    with pytest.raises(NotYet):
        road.stage.review(first, road.case_id, "agree", {"how": "simple"})
    road.propose()
    road.approve()
    assert findings(road) == []


def test_what_the_commission_returns_is_approved_anew_and_replaces_the_old_set(play):
    """R33: recall, a new text, a new letter of the same number; nothing old stays in force."""
    road = play("sent_to_commission", ATTESTATION)
    acts.ACTS["recall"](road)
    assert (road.state(), value(road, "sent_on")) == ("consolidation", None)
    acts.propose(road)
    road.approve()
    for kind in ("consolidated_conclusion", "covering_letter"):
        first, second = documents(road, kind)
        assert (first.state, second.state, second.edition, second.number) == ("replaced", "issued", 2, first.number)
    assert findings(road) == []


def test_a_record_is_corrected_with_a_reason_and_both_stay_in_the_trail(play):
    """R2."""
    road = play("decided", ATTESTATION)
    days = {"protocol_date": road.today(), "order_date": road.today()}
    with pytest.raises(Invalid):
        road.stage.act(road.office, road.case_id, "correct_record", {**acts.DECIDED, **days, "reason": ""})
    raw = {**acts.DECIDED, **days, "decision": "refuse", "reason": REASON}
    road.stage.act(road.office, road.case_id, "correct_record", raw)
    assert value(road, "decision")["decision"] == "refuse"
    assert [one.data["decision"] for one in events(road) if one.transition in ("record", "correct_record")] == [
        "establish",
        "refuse",
    ]


def test_a_decided_case_stays_open_for_corrections_until_its_term_is_over(play):
    road = play("decided", ATTESTATION)
    assert tick(road, days=1) == []
    assert tick(road, days=30) == ["close_on_time"]
    assert road.state() == "closed"


def test_an_attestation_never_closes_from_approved(play):
    road = play("approved", ATTESTATION)
    assert tick(road, days=400) == []
    assert "close" not in offered(road, road.office)
    assert isinstance(value(road, "appeal_until"), date)
