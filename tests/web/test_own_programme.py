"""The centre's own programme on its pages: the way to the public defence, what a member of the group is told, the act recorded."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.gate import acts
from tests.gate.test_own_programme import a_group, conclude, defend, joins
from tests.gate.test_own_programme import led as _led
from tests.gate.test_own_programme import road as _road
from tests.gate.test_records import begin
from tests.play import at
from tests.web.office import version
from tests.web.pages import links_of, text_of
from workflow_app.content_types.meeting import Meeting
from workflow_app.content_types.meeting_parts import MeetingMember
from workflow_app.db.models import Outbox

NEW = "/records/meeting/new"


@pytest.fixture
def stage(quick_stage):
    return quick_stage


led, road = _led, _road


pytestmark = pytest.mark.usefixtures("held_later")


def ways(page):
    return [one for one in links_of(page) if one.startswith(NEW)]


def test_the_page_leads_to_the_defence_until_there_is_one(road, client_as):
    office, here = client_as("morozova"), f"/cases/{road.case_id}"
    (way,) = ways(office.get(here))
    assert ways(client_as("koval").get(here)) == [], "who keeps no meetings is led nowhere"
    form = office.get(way).get_data(as_text=True)
    assert f'value="{road.case_id}"' in form
    assert '<option value="defence" selected' in form or 'selected value="defence"' in form
    conclude(road)
    assert "Публичной защиты программы ещё не было" in text_of(office.get(here))
    assert "Публичной защиты программы ещё не было" in text_of(office.get(f"{here}/consolidate"))
    defend(road)
    shown = office.get(here)
    assert ways(shown) == []
    assert "Публичная защита программы" in text_of(shown)
    assert "Публичной защиты программы ещё не было" not in text_of(shown)


def test_who_sits_in_the_defence_is_not_led_to_a_case_that_is_closed_to_them(road, client_as):
    """The meeting names the case; its link is for those who may see it."""
    body = a_group(road.stage, "coordination")
    joins(road.stage, body, "orlova")
    told = {
        "title": "Публичная защита программы",
        "body_id": body,
        "on": road.today(),
        "form": "defence",
        "case_id": road.case_id,
    }
    meeting = begin(road.stage, "meeting", Meeting(**told))
    begin(road.stage, "meeting_member", MeetingMember(person_id=road.stage.people["orlova"]), whole=meeting)
    here, member = f"/cases/{road.case_id}", client_as("orlova")
    assert here in links_of(client_as("morozova").get(f"/records/meeting/{meeting}"))
    page = member.get(f"/records/meeting/{meeting}")
    assert page.status_code == 200
    assert here not in links_of(page)
    assert member.get(here).status_code == 404


def test_a_member_of_the_group_is_told_why_there_is_nothing_to_do(road, client_as):
    office, here = client_as("morozova"), f"/cases/{road.case_id}"
    assert f"{here}/assign" in links_of(office.get(here))
    joins(road.stage, a_group(road.stage), "morozova")
    page = office.get(here)
    assert "Вы входите в рабочую группу этой программы" in text_of(page)
    assert f"{here}/assign" not in links_of(page)
    assert office.get(f"{here}/assign").status_code == 403
    assert "рабочую группу" not in text_of(client_as("ershov").get(here))


def test_what_was_decided_by_the_recommendation_stands_in_the_case(quick_stage, client_as):
    road = at(quick_stage, "approved", "platform_results")
    office, here = client_as("morozova"), f"/cases/{road.case_id}"
    assert f"{here}/do/record_act" in links_of(office.get(here))
    act = {
        "body": "Управление образования",
        "number": "174",
        "dated": date(2026, 1, 15),
        "decision": "Сохранить статус площадки на год.",
    }
    seen = {"version": version(quick_stage, road)}
    early = office.post(f"{here}/do/record_act", data=act | seen | {"followed": "yes"})
    assert early.status_code == 422
    assert "решить по нему раньше нельзя" in text_of(early)
    acts.record_act(road)
    page = office.get(here)
    assert f"{here}/do/record_act" not in links_of(page)
    assert "Решение по рекомендации экспертов" in text_of(page)
    assert "принято по рекомендации экспертов" in text_of(page)
    assert 'value="174"' in office.get(f"{here}/do/correct_act").get_data(as_text=True)
    author = client_as("orlova")
    assert "Сохранить статус площадки на год." in text_of(author.get(here))
    assert f"{here}/do/correct_act" not in links_of(author.get(here))
    with quick_stage.database.transaction(keep=False) as session:
        heads = session.scalars(select(Outbox.subject)).all()
    assert any("решение по рекомендации" in one for one in heads)
