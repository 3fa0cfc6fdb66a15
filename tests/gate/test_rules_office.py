"""R10 to R12 and R30 to R34: terms of live cases, four eyes, the trail, documents, numbers."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.gate import acts
from tests.gate.kit import REASON, documents, events, form, last, looking, offered, people, tick, value, words
from tests.play import PDF, at
from workflow_app import gate
from workflow_app.db.models import Case, Municipality, Person
from workflow_app.demo.steps import DIRECTOR, OFFICE, TEXTS, Road
from workflow_app.documents.russian.grammar import NBSP, day
from workflow_app.errors import Denied, Invalid, NotYet
from workflow_app.facts import deadlines
from workflow_app.facts.naming import local_moment
from workflow_app.states.definitions.case.forms import Cancel
from workflow_app.states.definitions.centre import CalendarDay
from workflow_app.states.definitions.people import AppointDeputy, EnterRegister

MATERIAL, ATTESTATION = "methodical_material", "attestation_portfolio"
PREPARED = ("composed_by", "circulated_by", "proposed_by")


def returned(road: Road, moment: datetime | None = None) -> None:
    if moment is not None:
        road.stage.moment = moment
    road.stage.act(road.office, road.case_id, "return", acts.RETURN)


def test_r10_a_term_begins_on_the_day_after(play):
    """R10: ten working days from Tuesday, 1 September, end on Tuesday, the 15th."""
    road = play("registered", MATERIAL)
    returned(road)
    assert value(road, "due_on") == road.today() + timedelta(days=14)
    with looking(road) as (session, case):
        assert deadlines.due_from(session, case, "completion", date(2026, 9, 1)).day == date(2026, 9, 15)


def test_r10_on_the_last_day_itself_nothing_has_lapsed(play):
    """R10, R8."""
    road = play("returned", MATERIAL)
    due = value(road, "due_on")
    assert tick(road, days=(due - road.today()).days) == []
    assert tick(road, days=1) == ["lapse"]
    assert road.state() == "withdrawn"


def test_r11_a_day_that_the_centre_declares_free_is_no_working_day(play):
    """R11: transfers come with the calendar, and a centre may add its own."""
    road = play("registered", MATERIAL)
    with looking(road) as (session, case):
        before = deadlines.due_from(session, case, "completion").day
    with road.stage.turn("morozova") as (session, me):
        centre = session.get_one(Municipality, road.stage.municipality_id)
        day = CalendarDay(day=road.today() + timedelta(days=6), working=False, why="День города")
        assert day.day.weekday() < 5
        gate.perform(session, me, centre, "set_day", day, centre.version)
    returned(road)
    assert value(road, "due_on") == before + timedelta(days=1)


def test_r11_the_new_years_transfers_are_honoured(play):
    """R11: 31 December 2026 is free."""
    road = play("registered", MATERIAL)
    returned(road, datetime(2026, 12, 29, 5, tzinfo=UTC))
    with looking(road) as (session, _):
        calendar = deadlines.calendar_of(session, road.stage.municipality_id)
        assert not calendar.is_working(date(2026, 12, 31))
        assert value(road, "due_on") > date(2027, 1, 12)


def test_r12_a_date_through_a_year_without_a_decree_is_provisional(play):
    """R12: nobody knows the transfers of 2028 yet."""
    road = play("registered", MATERIAL)
    returned(road, datetime(2027, 12, 27, 5, tzinfo=UTC))
    assert value(road, "due_provisional") is True
    road = play("registered", MATERIAL)
    returned(road)
    assert value(road, "due_provisional") is False


@pytest.mark.parametrize("part", ["applicant", "co_author"])
def test_r30_what_the_director_wrote_is_approved_outside_and_another_coordinator_records_it(stage, part):
    """R30, four eyes: neither the director nor the deputy; the council by a protocol, the department by a letter."""
    road = _with_director(stage, part)
    assert "approve" not in offered(road, DIRECTOR) | offered(road, "subbotina") | offered(road, OFFICE)
    with pytest.raises(Denied):
        road.approve()
    with pytest.raises(NotYet, match="экспертный совет протоколом или управление образования письмом"):
        road.stage.act("subbotina", road.case_id, "approve", {"how": "simple"})
    ground = {**acts.OUTSIDE, "dated": road.today()}
    assert value(road, "turn") == "coordinator"
    with pytest.raises(NotYet, match="готовили это заключение"):
        road.stage.act(OFFICE, road.case_id, "approve_outside", ground)
    with pytest.raises(Denied):
        road.stage.act("subbotina", road.case_id, "approve_outside", ground)
    early = {"dated": road.today() - timedelta(days=9)}
    for wrong in (early, {"dated": road.today() + timedelta(days=1)}):
        with pytest.raises(Invalid):
            road.stage.act("ershov", road.case_id, "approve_outside", ground | wrong)
    road.stage.act("ershov", road.case_id, "approve_outside", ground)
    assert (road.state(), value(road, "approval_ground")["number"]) == ("approved", "7")
    assert [one.document_kind for one in documents(road)[-1:]] == ["consolidated_conclusion"]
    paper = words(road, documents(road)[-1].sha256)
    assert "УТВЕРЖДЕНО" in paper
    assert "решением экспертного совета" in paper
    assert f"(протокол от {day(road.today())} № 7)".replace(NBSP, " ") in paper.replace(NBSP, " ")
    assert "подписано: председатель совета Кравчук Е. М." in paper
    assert not documents(road, "order")


def test_four_eyes_who_prepared_the_conclusion_approves_it_in_no_role(play):
    """Coordinator and deputy in one person: composed, circulated and proposed by her, approved by the director alone."""
    road = play("consolidation", MATERIAL)
    road.office = "subbotina"
    acts.propose(road)
    assert [value(road, name) for name in PREPARED] == [road.stage.people["subbotina"]] * 3
    with pytest.raises(NotYet, match="Утверждает его другой сотрудник"):
        road.stage.act("subbotina", road.case_id, "approve", {"how": "simple"})
    road.approve()
    with pytest.raises(NotYet, match="Утверждает его другой сотрудник"):  # nor signs a new edition of it
        road.stage.act(
            "subbotina", road.case_id, "reissue", {"kind": "consolidated_conclusion", "reason": REASON, "how": "simple"}
        )


def test_four_eyes_go_with_the_text_when_it_comes_back(play):
    """Who circulated and proposed is asked anew; the author stays the author until somebody writes another text."""
    road = play("consolidation", MATERIAL)
    road.office = "subbotina"
    acts.propose(road)
    road.stage.act(DIRECTOR, road.case_id, "return_text", {"reason": REASON})
    subbotina, morozova = people(road, "subbotina", "morozova")
    assert [value(road, name) for name in PREPARED] == [subbotina, None, None]
    road.office = "morozova"
    acts.propose(road)  # the same text, sent out by another
    assert [value(road, name) for name in PREPARED] == [subbotina, morozova, morozova]
    assert "approve" not in offered(road, "subbotina")
    road.stage.act(DIRECTOR, road.case_id, "return_text", {"reason": REASON})
    road.stage.act(
        "morozova",
        road.case_id,
        "circulate",
        {**TEXTS, "remarks": "Замечаний у экспертов нет, кроме оформления списка."},
    )
    assert [value(road, name) for name in PREPARED] == [morozova, morozova, None]


def test_four_eyes_who_proposed_a_refusal_does_not_confirm_it(play):
    """An attestation is refused in two steps, and by two people."""
    road = play("registered", ATTESTATION)
    road.office = "subbotina"
    acts.propose_decline(road)
    assert value(road, "proposed_by") == people(road, "subbotina")[0]
    with pytest.raises(NotYet, match="Отказ предложили вы"):
        road.stage.act("subbotina", road.case_id, "decline")
    road.stage.act(DIRECTOR, road.case_id, "decline")
    assert (road.state(), value(road, "proposed_by")) == ("declined", None)


def test_a_deputy_neither_appoints_nor_prolongs_deputies(stage):
    """Only the director in person or an administrator does, and nobody for longer than a year."""
    who = [
        ("subbotina", "subbotina", True),
        ("subbotina", "ershov", True),
        (DIRECTOR, "ershov", False),
        ("kuzmin", "ershov", False),
    ]
    for key, whom, refused in who:
        with stage.turn(key) as (session, me):
            person, today = session.get_one(Person, stage.people[whom]), stage.moment.date()
            sheet = AppointDeputy(order="№ 7-од", since=today, until=today + timedelta(days=30))
            if refused:
                with pytest.raises(Denied):
                    gate.perform(session, me, person, "appoint_deputy", sheet, person.version)
            else:
                gate.perform(session, me, person, "appoint_deputy", sheet, person.version)
    day = date(2028, 2, 29)
    year = {"order": "№ 8-од", "since": day}
    assert AppointDeputy(**year, until=date(2029, 2, 28)).problems() == {}
    assert "не больше чем на год" in str(AppointDeputy(**year, until=date(2029, 3, 1)).problems()["until"][0])


def test_r30_a_director_who_reviews_the_case_does_not_approve_and_a_deputy_does(stage):
    """R30: the deputy acts under a recorded order, in the director's name."""
    road = _with_director(stage, "expert")
    assert road.state() == "on_approval"
    assert not offered(road, DIRECTOR) & {"approve", "return_text", "send_back", "cancel"}
    with pytest.raises(Denied):
        road.approve()
    road.stage.act("subbotina", road.case_id, "approve", {"how": "simple"})
    event = last(road, "approve")
    assert (event.actor_id, event.deputy_for, event.via) == (*people(road, "subbotina", DIRECTOR), "deputy")
    with looking(road) as (session, _):
        assert session.get_one(Person, event.deputy_for).last_name == "Градов"


def _with_director(stage, part: str) -> Road:
    if part == "expert":
        _make_expert(stage)
        road = at(stage, "assigning", MATERIAL)
        road.invite([DIRECTOR, "lebedev"], REASON)
        road.accept([DIRECTOR, "lebedev"])
        for one in (DIRECTOR, "lebedev"):
            road.sign(one, (0.8,))
        road.consolidate([DIRECTOR, "lebedev"])
        road.propose()
        return road
    model = at(stage, "draft", MATERIAL)
    applicant = DIRECTOR if part == "applicant" else "sokolova"
    case_id = stage.open(applicant, MATERIAL, form(model)["title"])
    stage.attach(applicant, case_id, "material", "Материал.pdf", PDF)
    road = Road(stage, case_id, MATERIAL, applicant)
    with looking(road) as (session, _):
        name = session.get_one(Person, stage.people[DIRECTOR]).full_name
    road.submit({**form(model), "co_authors": [name] if part == "co_author" else []})
    road.register()
    road.start()
    acts.begin(road)
    acts.review_done(road)
    acts.propose(road)
    return road


def _make_expert(stage) -> None:
    with stage.turn("morozova") as (session, me):
        person = session.get_one(Person, stage.people[DIRECTOR])
        entry = EnterRegister(
            directions=("materials",), category="", education="", training="№ 1", profile="", load_limit=5
        )
        gate.perform(session, me, person, "enter_register", entry, person.version)


def test_r30_a_deputy_acts_in_the_own_name_where_the_own_role_is_enough(play):
    """R30: as a coordinator subbotina needs no order."""
    road = play("submitted", MATERIAL)
    road.stage.act("subbotina", road.case_id, "register", {"received_at": road.today()})
    case_id = road.stage.open("subbotina", MATERIAL, "Материал заместителя директора")
    assert (last(road, "register").deputy_for, last(road, "register").via) == (None, "command")
    begun = events(Road(road.stage, case_id, MATERIAL, "subbotina"))[0]
    assert (begun.deputy_for, begun.via) == (None, "command")


def test_r30_a_deputy_whose_term_is_over_is_none(play):
    """R30."""
    road = play("on_approval", MATERIAL)
    road.stage.wait(days=4000)
    assert "approve" not in offered(road, "subbotina")


def test_r30_a_coordinator_who_reviews_the_case_does_not_keep_it(play):
    """R30, domain.md 0a.8: ershov is both."""
    road = play("assigning", "innovation_product")
    road.invite(["ershov", "nesterov", "koval"], REASON)
    assert offered(road, "ershov") == set()
    road.accept(["ershov", "nesterov", "koval"])
    for one in ("ershov", "nesterov", "koval"):
        road.sign(one, (0.8,))
    assert offered(road, "ershov") == set()
    assert "circulate" in offered(road, "morozova")


def test_r30_a_coordinator_does_not_choose_themselves(play):
    """R30: another coordinator invites them, and keeps the case from then on."""
    road = play("assigning", "innovation_product")
    experts = [{"expert_id": one, "reason": REASON} for one in people(road, "ershov")]
    with pytest.raises(Invalid):
        road.stage.act("ershov", road.case_id, "invite", {"experts": experts})
    road.stage.act("morozova", road.case_id, "invite", {"experts": experts})


def test_r31_every_step_is_in_the_trail_with_who_when_whence_and_why(stage):
    """R31: in UTC, shown in Yekaterinburg's time; the reason in the payload."""
    road = at(stage, "registered", MATERIAL)
    with stage.turn("gradov") as (session, me):
        case = session.get_one(Case, road.case_id)
        forged = replace(me, ip="10.0.0.7\r\nforged")
        gate.perform(session, forged, case, "cancel", Cancel(reason=REASON), case.version)
    event = last(road, "cancel")
    assert (event.before, event.after, event.data["reason"]) == ("registered", "cancelled", REASON)
    assert (event.actor_id, event.ip, event.at) == (*people(road, "gradov"), "10.0.0.7forged", stage.moment)
    assert event.at.utcoffset() == timedelta(0)
    with looking(road) as (session, _):
        told = local_moment(session, stage.municipality_id, event.at)
    assert f"{event.at + timedelta(hours=5):%H:%M}" in told
    assert "ЕКБ" in told
    chain = events(road)
    assert [one.seq for one in chain] == list(range(1, len(chain) + 1))
    assert [one.previous for one in chain[1:]] == [one.digest for one in chain[:-1]]


def test_r32_a_forbidden_act_is_denied_and_changes_nothing(play):
    """R32: the pages answer 403 and write the access log; the gate raises Denied and leaves no event."""
    road = play("submitted", MATERIAL)
    seen = len(events(road))
    for key in ("sokolova", "lebedev", "kuzmin", "pavlyuk", "akhmetova", "koroleva", "gradov"):
        with pytest.raises(Denied):
            road.stage.act(key, road.case_id, "register", {"received_at": road.today()})
    assert (road.state(), len(events(road))) == ("submitted", seen)


def test_r33_an_issued_document_equals_the_data_and_keeps_its_hash(play):
    """R33."""
    road = play("approved", MATERIAL)
    (conclusion,) = documents(road, "consolidated_conclusion")
    content = road.stage.database.blobs.read(conclusion.sha256)
    assert (hashlib.sha256(content).hexdigest(), len(content)) == (conclusion.sha256, conclusion.size)
    told = words(road, conclusion.sha256)
    for what in (
        value(road, "title"),
        f"{value(road, 'percent')}".replace(".", ","),
        value(road, "number"),
        value(road, "conclusion")["strengths"],
    ):
        assert what in told
    assert {one["sha256"] for one in last(road, "approve").issued} == {one.sha256 for one in documents(road)[-2:]}


def test_r33_a_new_issue_is_version_two_and_the_old_one_is_replaced(play):
    """R33: the same number, «Взамен» on the new one, the bytes of the old one untouched."""
    road = play("approved", MATERIAL)
    (old,) = documents(road, "consolidated_conclusion")
    acts.reissue(road)
    first, second = documents(road, "consolidated_conclusion")
    assert (first.state, first.edition, first.sha256) == ("replaced", 1, old.sha256)
    assert (second.state, second.edition, second.number, second.replaces_id) == ("issued", 2, old.number, first.id)
    assert last(road, "reissue").data["reason"] == REASON
    assert last(road, "replace").caused_by == last(road, "reissue").id
    with pytest.raises(Invalid):
        road.stage.act(DIRECTOR, road.case_id, "reissue", {"kind": "term_notice", "reason": REASON, "how": "simple"})


def test_r34_a_cancelled_case_keeps_its_number_and_the_next_one_goes_on(stage):
    """R34."""
    road = at(stage, "registered", MATERIAL)
    number = value(road, "number")
    acts.ACTS["cancel"](road)
    assert value(road, "number") == number == "ММ-2026-1"
    assert value(at(stage, "registered", MATERIAL), "number") == "ММ-2026-2"
    assert value(at(stage, "registered", ATTESTATION), "number") == "АТ-2026-1"


def test_r34_a_second_registration_keeps_the_number(play):
    """Decisions 13."""
    road = play("returned", MATERIAL)
    number = value(road, "number")
    road.submit(form(road))
    road.register()
    assert value(road, "number") == number
    road.stage.moment = datetime(2027, 3, 1, 5, tzinfo=UTC)
    model = play("submitted", MATERIAL)
    model.stage.moment = datetime(2027, 3, 1, 5, tzinfo=UTC)
    model.register()
    assert value(model, "number") == "ММ-2027-1"
