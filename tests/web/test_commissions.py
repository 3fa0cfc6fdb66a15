"""Commissions of experts on the page of assignment, and the approved roster of specialists behind it."""

from datetime import date, timedelta

from tests.gate.test_records import begin
from tests.play import EXPERTS, at
from tests.rows import row_of
from tests.web.office import version
from tests.web.pages import text_of
from workflow_app import clock, gate
from workflow_app.content_types.approved_specialist import ApprovedSpecialist
from workflow_app.content_types.commission import Commission, CommissionMember
from workflow_app.db.models import Case
from workflow_app.errors import Invalid
from workflow_app.facts import roster
from workflow_app.states.definitions.case.forms import Invite, InviteOne

ATTESTATION = "attestation_portfolio"
WHO = EXPERTS[ATTESTATION]
MATERIAL_ONLY = ("materials",)


def a_commission(stage, members=WHO, lead=WHO[0], name="Комиссия № 1", **more):
    id_ = begin(stage, "commission", Commission(name=name, lead_id=lead and stage.people[lead], **more))
    for one in members:
        begin(stage, "commission_member", CommissionMember(person_id=stage.people[one]), whole=id_)
    return id_


def approve(stage, who, until=None, paper="15-Д", posts="", on=date(2026, 1, 12)):
    told = ApprovedSpecialist(
        person_id=stage.people[who], act="Приказ Министерства образования", paper=paper, on=on, until=until, posts=posts
    )  # fmt: skip
    return begin(stage, "approved_specialist", told)


def pressed(client, road, commission, **more):
    sent = {"version": version(road.stage, road), "add": "commission", "commission": str(commission)} | more
    return client.post(f"/cases/{road.case_id}/assign", data=sent)


def ticked(answer):
    return answer.text.count('name="expert"') and answer.text.count(" checked")


def refused(road, *experts):
    sheet = Invite(
        experts=tuple(InviteOne(expert_id=road.stage.people[one], reason="Проверка правила") for one in experts)
    )
    try:
        with road.stage.turn(road.office) as (session, me):
            case = session.get_one(Case, road.case_id)
            gate.perform(session, me, case, "invite", sheet, case.version)
    except Invalid as error:
        return str(error)
    return ""


def lead_of(road):
    return row_of(road.stage, Case, road.case_id).lead_id


def test_a_commission_ticks_its_members_and_its_lead_leads_once_accepted(quick_stage, client_as):
    road = at(quick_stage, "assigning", ATTESTATION)
    commission = a_commission(quick_stage)
    with clock.at(quick_stage.moment):
        client = client_as("morozova")
        page = pressed(client, road, commission)
        assert (page.status_code, ticked(page)) == (200, 3)
        lead = str(quick_stage.people[WHO[0]])
        assert f'name="lead_id" value="{lead}"' in page.text
        sent = {
            "version": version(quick_stage, road),
            "lead_id": lead,
            "expert": [str(quick_stage.people[one]) for one in WHO],
        }
        sent |= {f"why-{quick_stage.people[one]}": "Проверено, возражений нет" for one in WHO}
        assert client.post(f"/cases/{road.case_id}/assign", data=sent).status_code == 303
    road.accept([WHO[1]])
    assert lead_of(road) is None
    road.accept([WHO[0]])
    assert lead_of(road) == quick_stage.people[WHO[0]]


def test_who_is_left_out_of_a_commission_is_told_with_the_reason(quick_stage, client_as):
    road = at(quick_stage, "assigning", ATTESTATION)
    commission = a_commission(quick_stage, (*WHO, "zorina", "koval"))  # zorina works with the applicant
    with clock.at(quick_stage.moment):
        words = text_of(pressed(client_as("morozova"), road, commission))
    assert "Комиссия № 1: отмечены не все" in words
    assert "Места заняты." in words


def test_a_commission_that_ended_or_works_in_another_direction_is_not_offered(quick_stage, client_as):
    road = at(quick_stage, "assigning", ATTESTATION)
    a_commission(quick_stage, name="Прежняя комиссия", until=quick_stage.moment.date() - timedelta(days=3))
    other = a_commission(quick_stage, name="Комиссия по материалам", directions=MATERIAL_ONLY)
    with clock.at(quick_stage.moment):
        page = pressed(client_as("morozova"), road, other)
    assert "Прежняя комиссия" not in page.text
    assert "Комиссия по материалам" not in page.text
    assert ticked(page) == 0


def test_without_a_roster_nobody_is_barred_and_the_page_warns(quick_stage, client_as):
    road = at(quick_stage, "assigning", ATTESTATION)
    with clock.at(quick_stage.moment):
        assert "Состав специалистов в системе не внесён" in text_of(
            client_as("morozova").get(f"/cases/{road.case_id}/assign")
        )
    assert refused(road, WHO[0]) == ""


def test_r51_who_is_not_in_the_approved_roster_on_that_day_is_not_invited(quick_stage, client_as):
    """R51: with the act and the day in the reason; a material asks nothing of the kind."""
    road = at(quick_stage, "assigning", ATTESTATION)
    yesterday = quick_stage.moment.date() - timedelta(days=1)
    approve(quick_stage, WHO[0], posts="учитель")
    approve(quick_stage, WHO[1], until=yesterday, paper="3-Д")
    assert "Не входит в утверждённый состав специалистов." in refused(road, WHO[2])
    said = refused(road, WHO[1])
    assert f"{yesterday:%d.%m.%Y}" in said
    assert "Приказ Министерства образования от 12.01.2026 № 3-Д" in said
    with clock.at(quick_stage.moment):
        words = text_of(client_as("morozova").get(f"/cases/{road.case_id}/assign"))
    assert "В составе специалистов: Приказ Министерства образования от 12.01.2026 № 15-Д" in words
    assert "не внесён" not in words
    approve(quick_stage, WHO[1], paper="20-Д", on=date(2026, 2, 2))  # a later act
    assert refused(road, WHO[0], WHO[1]) == ""


def test_the_record_that_holds_stands_before_the_one_that_ended(quick_stage):
    approve(quick_stage, WHO[0])
    approve(quick_stage, WHO[0], until=date(2026, 2, 1), paper="1-Д", on=date(2026, 1, 11))
    with quick_stage.database.transaction(keep=False) as session:
        found = roster.approvals(session, quick_stage.municipality_id, date(2026, 3, 1))
        assert found[quick_stage.people[WHO[0]]].act.endswith("№ 15-Д")
        assert not found[quick_stage.people[WHO[0]]].holds(date(2026, 1, 11))
