"""The centre's own programme: experts from outside alone, approved outside with a recorded ground; both databases."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.gate import acts
from tests.gate.kit import REASON, actor, assignments, documents, events, facts, looking, offered, value, words
from tests.gate.test_records import begin, perform
from tests.play import PDF, cast_of
from tests.roads import Roads
from tests.rows import findings
from workflow_app.content_types.body import Body
from workflow_app.content_types.body_parts import BodyMember
from workflow_app.content_types.declaration import EndRecord
from workflow_app.content_types.meeting import Meeting
from workflow_app.content_types.meeting_course import MeetingHeldWithout
from workflow_app.content_types.programme import Programme
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import Case
from workflow_app.demo.sample_form import form_of
from workflow_app.demo.steps import DIRECTOR, OFFICE, Road
from workflow_app.errors import Denied, Invalid, NotYet
from workflow_app.facts import standings
from workflow_app.states.standings import places
from workflow_app.states.vocabulary import Who

OUTSIDE = ("nesterov", "ustyuzhanina", "vershinina")
LETTER = {
    "body": "department",
    "number": "01-14/418",
    "dated": "2026-11-20",
    "signatory": "начальник управления Громова Е. В.",
}


def played(stage, kind):
    """The centre's own report: its set not looked through yet, on the way to its experts, with a conclusion that they signed."""
    form = form_of("h_koval_interim", cast_of(stage))
    found = Road(stage, stage.open("koval", kind, form["title"]), kind, "koval")
    stage.attach("koval", found.case_id, "report", "Отчёт.pdf", PDF)
    found.submit(form)
    found.register()
    yield "registered", found
    found.start()
    yield "assigning", found
    conclude(found)
    yield "concluded", found


def conclude(road):
    road.invite(OUTSIDE, REASON)
    road.accept(OUTSIDE)
    for one in OUTSIDE:
        road.sign(one, (0.8, 1.0))
    road.consolidate(OUTSIDE)


@pytest.fixture(scope="module")
def led(tmp_path_factory):
    """Leads the report on a fresh stage to a state: it is played once on each database and copied."""
    own = {}

    def lead(stage, state):
        if stage.roads not in own:
            own[stage.roads] = Roads(
                tmp_path_factory.mktemp("own"), type(stage.roads.rows)(), stage.roads.centre, played
            )
        return own[stage.roads].restored(stage, "platform_results", state)

    return lead


@pytest.fixture
def road(led, quick_stage):
    """On the way to its experts."""
    return led(quick_stage, "assigning")


@pytest.fixture
def concluded(led, quick_stage):
    """The conclusion is signed by the experts; what is left is to pass it on."""
    return led(quick_stage, "concluded")


@pytest.fixture
def approvable(concluded):
    """Defended and passed on to its approval."""
    return passed_on(concluded)


def test_it_is_brought_by_the_leader_of_the_programme(led, quick_stage):
    """By the passport of the programme, where the centre has entered one."""
    stage, registered = quick_stage, led(quick_stage, "registered")
    passport = {"title": "Развитие экспертного уровня педагогов", "since": date(2024, 6, 1), "until": date(2027, 6, 30)}
    id_ = begin(stage, "programme", Programme(**passport, leader_id=stage.people["subbotina"]))
    with pytest.raises(NotYet, match="представляет её руководитель"):
        registered.start()
    edit = CONTENT_TYPES["programme"].workflow.transition("edit").asks
    perform(stage, "programme", id_, "edit", edit(**passport, leader_id=stage.people["koval"]))
    registered.start()
    assert registered.state() == "assigning"


def defend(road, body=None, **more):
    """Hold the public defence: a meeting about the case, with those who came as a count."""
    told = {
        "form": "defence",
        "case_id": road.case_id,
        "programme": "Доклад, вопросы, решение",
        "visitors": 24,
        "questions": "Как?",
    }
    body = body or a_group(road.stage, "coordination")
    sheet = Meeting(**{"title": "Публичная защита программы", "body_id": body, "on": road.today()} | told | more)
    meeting = begin(road.stage, "meeting", sheet)
    perform(road.stage, "meeting", meeting, "hold_without", MeetingHeldWithout(ground="Голосования не было."))
    return body


def passed_on(road):
    defend(road)
    road.propose()
    return road


def test_it_is_not_passed_on_before_its_public_defence(led, stage):
    """The defence is a meeting of that form, about this case, with its programme, visitors as a count, questions and answers."""
    road, body = led(stage, "concluded"), a_group(stage, "coordination")
    for lacking in ({"form": "present"}, {"case_id": None}, {"visitors": None}, {"questions": ""}, {"programme": ""}):
        defend(road, body, **lacking)
        with pytest.raises(NotYet, match=r"Публичной защиты программы ещё не было\. Внесите заседание"):
            pytest.fail(f"passed on without {lacking}: {road.propose()}")
        assert "propose" not in offered(road, OFFICE), lacking
    planned = Meeting(title="Публичная защита", body_id=body, on=road.today(), form="defence",
                      case_id=road.case_id, programme="Доклад", visitors=0, questions="Нет")  # fmt: skip
    begin(stage, "meeting", planned)  # and one that is only planned is none
    with pytest.raises(NotYet, match="Публичной защиты"):
        road.propose()
    defend(road, body)
    road.propose()
    assert road.state() == "on_approval"


def test_the_work_of_a_platform_is_passed_on_without_a_defence(play):
    assert play("on_approval", "platform_results").state() == "on_approval"


def a_group(stage, kind="group"):
    return begin(stage, "body", Body(name=f"Орган {kind}", genitive="рабочей группы", body_kind=kind))


def joins(stage, group, who):
    """Make a person a member; the days of the term are behind, which changes nothing."""
    member = BodyMember(person_id=stage.people[who], since=date(2020, 1, 1), until=date(2020, 12, 31))
    return begin(stage, "body_member", member, whole=group)


def leaves(stage, member):
    perform(stage, "body_member", member, "end", EndRecord(reason="Вышла из группы"))


def listed(road, who, act):
    """Whether the list of what a person may do names the case."""
    with looking(road) as (session, case):
        found = standings.performable(actor(session, road, who), act)
        return case.id in session.scalars(select(Case.id).where(found.condition)).all()


def test_a_member_of_the_working_group_does_not_coordinate_it(led, stage):
    road = led(stage, "assigning")
    assert "invite" in offered(road, OFFICE) and listed(road, OFFICE, "invite")
    member = joins(road.stage, a_group(road.stage), OFFICE)
    assert "invite" not in offered(road, OFFICE) and not listed(road, OFFICE, "invite")
    assert road.stage.people[OFFICE] in standings_of(facts(road))
    with pytest.raises(Denied):
        road.invite(OUTSIDE, REASON)
    assert findings(road.stage) == [], "the kept standings are those of the policy"
    leaves(road.stage, member)
    assert listed(road, OFFICE, "invite") and findings(road.stage) == []
    road.invite(OUTSIDE, REASON)


def standings_of(found):
    return places(found)[Who.INVOLVED]


def test_members_of_other_bodies_go_on(led, stage):
    """Only a working group bars; a body that becomes one bars from then on."""
    road = led(stage, "assigning")
    council = a_group(road.stage, "expert_council")
    joins(road.stage, council, OFFICE)
    assert listed(road, OFFICE, "invite")
    edit = CONTENT_TYPES["body"].workflow.transition("edit").asks
    perform(road.stage, "body", council, "edit",
            edit(name="Рабочая группа", genitive="рабочей группы", body_kind="group"))  # fmt: skip
    assert not listed(road, OFFICE, "invite")
    assert findings(road.stage) == []


def test_who_comes_into_the_group_later_is_neither_invited_nor_left_among_the_experts(road):
    group = a_group(road.stage)
    joins(road.stage, group, "vershinina")
    with pytest.raises(Invalid, match="рабочую группу"):
        road.invite(OUTSIDE, REASON)
    road.invite(OUTSIDE[:2], REASON)
    road.accept(OUTSIDE[:1])
    joins(road.stage, group, "ustyuzhanina")
    assert facts(road).barred == {road.stage.people["ustyuzhanina"]}
    with pytest.raises(NotYet, match="конфликт"):
        road.accept(["ustyuzhanina"])
    assert [one[2] for one in assignments(road)] == ["accepted", "invited"]
    assert findings(road.stage) == []


def test_who_comes_into_the_group_after_the_submission_does_not_record_its_approval(led, stage):
    road = passed_on(led(stage, "concluded"))
    assert "approve_outside" in offered(road, "ershov") and listed(road, "ershov", "approve_outside")
    joins(road.stage, a_group(road.stage), "ershov")
    assert "approve_outside" not in offered(road, "ershov") and not listed(road, "ershov", "approve_outside")
    with pytest.raises(Denied):
        road.stage.act("ershov", road.case_id, "approve_outside", LETTER | {"dated": road.today()})
    assert findings(road.stage) == []


def test_not_one_of_its_experts_is_from_here(road):
    with pytest.raises(Invalid, match="за пределами муниципалитета"):
        road.invite(["bondarenko"], REASON)
    road.invite(OUTSIDE, REASON)


def test_the_centre_does_not_approve_it_and_who_did_is_recorded(approvable):
    road = approvable
    with pytest.raises(NotYet, match="работа самого центра"):
        road.approve()
    assert "approve_outside" not in offered(road, DIRECTOR)
    road.stage.act("ershov", road.case_id, "approve_outside", LETTER | {"dated": road.today()})
    assert road.state() == "approved"
    assert "consolidated_conclusion" in [one.document_kind for one in documents(road)]


def test_its_leader_neither_keeps_nor_reviews_it(road):
    with pytest.raises(Invalid):
        road.invite(["koval"], REASON)


def test_its_leader_does_not_approve_it(approvable):
    road = approvable
    assert {"approve", "approve_outside", "send_back"}.isdisjoint(offered(road, "koval"))


def test_nobody_of_the_working_group_signs_its_approval(approvable):
    """Neither the leader nor a member whom the register knows by name alone."""
    road = approvable
    begin(road.stage, "body_member", BodyMember(name="Кораблев Петр Ильич"), whole=a_group(road.stage))
    for signatory in ("руководитель программы Коваль Н. К.", "Н.К. Коваль, методист", "Кораблёв Пётр Ильич, эксперт"):
        told = LETTER | {"dated": road.today(), "signatory": signatory}
        with pytest.raises(Invalid, match="член рабочей группы"):
            pytest.fail(f"{signatory} signs: {road.stage.act('ershov', road.case_id, 'approve_outside', told)}")


def test_a_person_from_outside_approves_with_a_recorded_ground(approvable):
    road = approvable
    by = {"body": "person", "signatory": "Лыкова Раиса Егоровна, заместитель главы", "dated": road.today()}
    with pytest.raises(Invalid, match="поручил"):
        road.stage.act("ershov", road.case_id, "approve_outside", LETTER | by)
    entrusted = {"authority": "распоряжение главы округа от 02.11.2026 № 211-р"}
    road.stage.act("ershov", road.case_id, "approve_outside", LETTER | by | entrusted)
    paper = " ".join(words(road, documents(road)[-1].sha256).split())
    assert "УТВЕРЖДЕНО письмом от" in paper
    assert "Поручение: распоряжение главы округа от 02.11.2026 № 211-р." in paper
    assert "письмо управления образования" not in paper


def test_the_act_of_who_decides_is_recorded_and_corrected(approvable):
    """The verdict only recommends: who decided, by what act, what, and whether as the experts advised."""
    road = approvable
    assert {"record_act", "correct_act"}.isdisjoint(offered(road, OFFICE))
    road.stage.act("ershov", road.case_id, "approve_outside", LETTER | {"dated": road.today()})
    act = {
        "body": "Управление образования",
        "number": "211",
        "decision": "Продолжить программу до июня.",
        "followed": "yes",
    }
    assert "correct_act" not in offered(road, OFFICE)
    for wrong in ({"dated": road.today() + timedelta(days=1)}, {"dated": road.today() - timedelta(days=30)}):
        with pytest.raises(Invalid):
            road.stage.act(OFFICE, road.case_id, "record_act", act | wrong)
    with pytest.raises(Denied):
        road.stage.act(DIRECTOR, road.case_id, "record_act", act | {"dated": road.today()})
    road.stage.act(OFFICE, road.case_id, "record_act", act | {"dated": road.today()})
    assert (road.state(), "record_act" in offered(road, OFFICE)) == ("approved", False)
    again = act | {"dated": road.today(), "followed": "partly", "reason": REASON}
    road.stage.act(OFFICE, road.case_id, "correct_act", again)
    assert (value(road, "decision")["followed"], value(road, "decision")["number"]) == ("partly", "211")
    acts.close(road)
    completion = words(road, documents(road)[-1].sha256)
    assert "Решение по рекомендации экспертов: Управление образования, акт от" in completion
    assert "с отступлениями от рекомендации" in completion
    road.stage.act(OFFICE, road.case_id, "correct_act", again | {"followed": "no"})
    assert [one.data["followed"] for one in events(road) if one.transition in ("record_act", "correct_act")] == [
        "yes",
        "partly",
        "no",
    ]
    assert findings(road.stage) == []


def test_a_granted_appeal_takes_the_recorded_act_back(play):
    """The new conclusion is decided on anew; what was recorded before stays in the trail."""
    road = play("approved", "platform_results")
    acts.record_act(road)
    acts.appeal(road)
    acts.grant_appeal(road)
    assert value(road, "decision") == {}
