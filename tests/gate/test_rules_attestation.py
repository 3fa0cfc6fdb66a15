"""R1 to R9, R13, R14: what the order on attestation asks of the centre, through the gate."""

from datetime import date, timedelta

import pytest

from tests.gate import acts
from tests.gate.kit import REASON, documents, facts, form, last, offered, tick, value, words
from tests.play import EXPERTS, PDF
from workflow_app import gate
from workflow_app.case_types.attestation_portfolio import CATEGORIES
from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Municipality
from workflow_app.demo.steps import DIRECTOR
from workflow_app.errors import Invalid, NotYet
from workflow_app.states.definitions.centre import Switches
from workflow_app.states.vocabulary import Who

KIND = "attestation_portfolio"
HELD = {"current_on": "2020-05-01", "current_act": "приказ № 1", "current_position": "учитель"}


def refused(road, **changes):
    """Paths of what is wrong with the application after the changes."""
    with pytest.raises(Invalid) as found:
        road.submit({**form(road), **changes})
    assert road.state() == "draft"
    return set(found.value.problems)


def barred(road, **changes):
    """What keeps a well filled application from being submitted."""
    with pytest.raises(NotYet) as found:
        road.submit({**form(road), **changes})
    assert road.state() == "draft"
    return " ".join(map(str, found.value.obstacles))


def test_r1_only_four_categories_exist(play):
    """R1."""
    assert [one.value for one in CATEGORIES] == ["first", "highest", "methodist", "mentor"]
    assert refused(play("draft", KIND), target_category="second", report={}) == {"target_category"}


def test_r2_a_case_is_decided_only_with_protocol_and_order(play):
    """R2: nothing but the record of a coordinator leads there, and it is refused without either number or date."""
    road = play("sent_to_commission", KIND)
    whole = {**acts.DECIDED, "protocol_date": road.today(), "order_date": road.today()}
    for missing in whole:
        with pytest.raises(Invalid) as found:
            road.stage.act(road.office, road.case_id, "record", {**whole, missing: ""})
        assert set(found.value.problems) == {missing}
    with pytest.raises(Invalid):
        road.stage.act(road.office, road.case_id, "record", {**whole, "order_date": road.today() - timedelta(days=1)})
    tick(road, days=400)
    assert road.state() == "sent_to_commission"
    flow = case_type(road.kind).workflow
    assert {one.name for one in flow.transitions.values() if any(t.state == "decided" for t in one.targets)} == {
        "record"
    }
    assert flow.transition("record").guard.by == {Who.COORDINATOR}


def test_r2_the_commission_decides_after_it_was_given_the_set_and_not_after_today(play):
    """R2: what is recorded has happened."""
    road = play("sent_to_commission", "attestation_portfolio")
    sent, today = value(road, "sent_on"), road.today()
    for days, wrong in (
        ({"protocol_date": sent - timedelta(days=1), "order_date": today}, {"protocol_date"}),
        ({"protocol_date": today, "order_date": today + timedelta(days=1)}, {"order_date"}),
        (
            {"protocol_date": today + timedelta(days=1), "order_date": today + timedelta(days=2)},
            {"protocol_date", "order_date"},
        ),
    ):
        with pytest.raises(Invalid) as found:
            road.stage.act(road.office, road.case_id, "record", {**acts.DECIDED, **days})
        assert set(found.value.problems) == wrong
    assert road.state() == "sent_to_commission"


def test_r2_no_document_says_that_a_category_was_given(play):
    """R2: the centre's papers recommend; «установлена» is the commission's word."""
    road = play("decided", KIND)
    papers = documents(road)
    assert {one.document_kind for one in papers} >= {
        "expert_sheet",
        "consolidated_conclusion",
        "covering_letter",
        "term_notice",
    }
    for one in papers:
        told = words(road, one.sha256).lower()
        assert "категория установлена" not in told
        assert "установить категорию" not in told


@pytest.mark.parametrize(
    ("current", "earlier", "passes"), [("none", "none", False), ("first", "none", True), ("none", "highest", True)]
)
def test_r3_the_highest_category_needs_a_first_or_highest_now_or_before(play, current, earlier, passes):
    """R3."""
    road = play("draft", KIND)
    changes = {"target_category": "highest", "current_category": current, "earlier_category": earlier, **HELD}
    if passes:
        road.submit({**form(road), **changes})
        assert road.state() == "submitted"
    else:
        assert refused(road, **changes) == {"target_category"}


def test_r4_methodist_and_mentor_need_the_highest_category_and_a_petition(play):
    """R4."""
    for target in ("methodist", "mentor"):
        road = play("draft", KIND)
        wish = {"target_category": target, "attested_position": "teacher", "report": {}, **HELD}
        assert refused(road, **wish, current_category="first") == {"target_category"}
        assert "Ходатайство" in barred(road, **wish, current_category="highest")
        road.stage.attach(road.applicant, road.case_id, "petition", "Ходатайство.pdf", PDF)
        road.submit({**form(road), **wish, "current_category": "highest"})
        assert road.state() == "submitted"


def test_a_held_category_needs_its_date_act_and_position_each_told_at_its_own_field(play):
    """Domain 4 (a): required unless there is no category."""
    road = play("draft", KIND)
    empty = {"current_category": "first", "current_on": None, "current_act": "", "current_position": ""}
    assert refused(road, **empty) == {"current_on", "current_act", "current_position"}
    assert refused(road, **empty | HELD | {"current_position": ""}) == {"current_position"}
    assert refused(road, **empty, education="") == {"current_on", "current_act", "current_position", "education"}
    assert refused(road, refused_category="highest", refused_on=None) == {"refused_on"}
    assert refused(road, refused_category="", refused_on="2026-08-01") == {"refused_category"}


def test_a_signed_application_that_the_centre_holds_is_enough(play):
    """Domain 0a.1, 0a.2: its details and its scan bar nothing; what it asks for stands in the form."""
    road = play("draft", KIND)
    bare = dict.fromkeys(("education", "current_act", "current_position"), "") | dict.fromkeys(
        ("experience_total", "experience_position", "interattestation_from", "interattestation_to", "current_on"), None
    )
    assert len(refused(road, **bare, current_category="first")) == len(bare)
    assert "target_category" in refused(road, **bare, in_application=True, target_category="")
    road.submit({**form(road), **bare, "current_category": "first", "in_application": True})
    assert road.state() == "submitted"
    kind = case_type(KIND)
    told = {"in_application": True}
    assert [one.key for one in kind.attachments if one.required({})] == ["application"]
    assert [one.key for one in kind.attachments if one.required(told)] == []
    assert any("Заявление" in str(one) for one in kind.warnings(told, frozenset()))


def test_years_in_the_post_are_not_more_than_years_in_all_and_a_period_ends_after_it_begins(play):
    road = play("draft", KIND)
    assert refused(road, experience_total=5, experience_position=12) == {"experience_position"}
    turned = {"interattestation_from": "2026-08-01", "interattestation_to": "2021-08-01"}
    assert refused(road, **turned) == {"interattestation_to"}
    road.submit({**form(road), "experience_total": 5, "experience_position": 5})
    assert road.state() == "submitted"


@pytest.mark.parametrize("position", ["methodist", "senior_methodist"])
def test_r5_a_methodist_cannot_become_pedagogue_methodist(play, position):
    """R5."""
    wish = {
        "target_category": "methodist",
        "attested_position": position,
        "current_category": "highest",
        "report": {},
        **HELD,
    }
    assert refused(play("draft", KIND), **wish) == {"attested_position"}


def test_r6_the_refused_category_may_be_asked_again_after_a_year_and_the_date_is_told(play):
    """R6: the stage begins on 1 September 2026."""
    road = play("draft", KIND)
    again = {"refused_category": "highest", "refused_on": "2025-09-15"}
    assert "15.09.2026" in barred(road, **again)
    road.stage.wait(days=14)
    road.submit({**form(road), **again})
    assert road.state() == "submitted"


def test_r6_another_category_is_not_barred(play):
    """R6."""
    road = play("draft", KIND)
    road.submit({**form(road), "refused_category": "mentor", "refused_on": "2026-08-01"})
    assert road.state() == "submitted"


@pytest.mark.parametrize("kind", EXPERTS)
@pytest.mark.parametrize(
    "ground", ["education_profile", "parental_leave", "break_in_work", "short_service", "anything"]
)
def test_r7_the_forbidden_grounds_of_refusal_are_in_no_list(play, kind, ground):
    """R7."""
    road = play("registered", kind)
    name = "propose_decline" if kind == KIND else "decline"
    with pytest.raises(Invalid) as found:
        road.stage.act(
            road.office, road.case_id, name, {"ground": ground, "comment": "Пояснение заявителю на двадцать знаков."}
        )
    assert set(found.value.problems) == {"ground"}
    assert road.state() == "registered"


def test_r8_the_consideration_ends_thirty_days_after_the_receipt_and_is_not_moved(play):
    """R8, R10: 28 August and 30 days is a Sunday, and the legal cap of the centre stays on it."""
    road = play("submitted", KIND)
    road.register(date(2026, 8, 28))
    assert value(road, "consideration_due") == date(2026, 9, 27)


def test_r8_a_receipt_in_the_future_is_a_slip(play):
    """R8."""
    road = play("submitted", KIND)
    with pytest.raises(Invalid):
        road.register(road.today() + timedelta(days=2))


def test_r8_the_notice_of_date_and_form_is_issued_with_the_start(play):
    """R8."""
    road = play("registered", KIND)
    road.start()
    (notice,) = documents(road, "term_notice")
    assert value(road, "attestation_on") == date(2026, 9, 27)
    assert "27 сентября 2026" in words(road, notice.sha256)
    assert last(road, "start").issued[0]["sha256"] == notice.sha256


def test_r9_the_decision_is_due_sixty_days_after_the_attestation_and_lateness_is_flagged(play):
    """R9."""
    road = play("sent_to_commission", KIND)
    due = value(road, "attestation_on") + timedelta(days=60)
    assert value(road, "decision_due") == due == value(road, "due_on")
    for day, late in ((due, False), (due + timedelta(days=1), True)):
        road.stage.wait(days=(day - road.today()).days + 1)
        name, extra = ("correct_record", {"reason": REASON}) if road.state() == "decided" else ("record", {})
        raw = {**acts.DECIDED, **extra, "protocol_date": day, "order_date": day}
        road.stage.act(road.office, road.case_id, name, raw)
        assert value(road, "decision")["late"] is late


def test_r13_documents_are_added_until_five_working_days_before_the_attestation(play):
    """R13."""
    road = play("assigning", KIND)
    until = facts(road).additions_until
    assert until is not None
    road.stage.wait(days=(until - road.today()).days)
    acts.add_documents(road)
    road.stage.wait(days=1)
    with pytest.raises(NotYet) as late:
        road.stage.attach(road.applicant, road.case_id, "evidence", "Поздно.pdf", PDF)
    assert f"{until:%d.%m.%Y}" in str(late.value)
    with pytest.raises(NotYet):
        road.stage.act(road.applicant, road.case_id, "add_documents", {"note": "Ещё одна грамота"})


def test_r13_the_date_is_five_working_days_before(play):
    """R13: of an attestation on Monday, 28 September 2026, the last day is Monday, the 21st."""
    road = play("registered", KIND)
    road.stage.act(road.office, road.case_id, "start", {"attestation_on": "2026-09-28", "place": "заочно"})
    assert facts(road).additions_until == date(2026, 9, 21)


def test_r14_three_specialists_exactly(play):
    """R14."""
    road = play("assigning", KIND)
    assert value(road, "required") == 3
    with pytest.raises(Invalid):
        road.invite([*EXPERTS[KIND], acts.ONE_MORE], REASON)
    road.invite(EXPERTS[KIND], REASON)
    with pytest.raises(NotYet):
        road.invite([acts.ONE_MORE], REASON)
    road.accept(EXPERTS[KIND][:2])
    road.lead(EXPERTS[KIND][0])
    assert road.state() == "assigning"
    road.accept(EXPERTS[KIND][2:])
    assert road.state() == "in_review"


def test_r14_two_are_enough_only_for_an_award_and_by_the_centres_setting(play):
    """R14, 0a.5."""
    road = play("draft", KIND)
    award = {"name": "Почётная грамота министерства", "document": "приказ № 5"}
    road.submit({**form(road), "awards": [award]})
    road.register()
    with road.stage.turn(DIRECTOR) as (session, actor):
        centre = session.get_one(Municipality, road.stage.municipality_id)
        sheet = Switches(self_registration=False, attestation_points=False, simplified_two=True, archive_months=12)
        gate.perform(session, actor, centre, "set_switches", sheet, centre.version)
    road.start()
    assert value(road, "required") == 2


def test_the_date_of_the_attestation_cannot_lie_in_the_past_or_years_away(play):
    """R8."""
    road = play("registered", KIND)
    for days in (-1, 400):
        with pytest.raises(Invalid):
            road.stage.act(road.office, road.case_id, "start", {"attestation_on": road.today() + timedelta(days=days)})
    assert "start" in offered(road, "morozova")
