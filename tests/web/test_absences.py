"""Absences: one's own days, what they leave undone before they are confirmed, cases handed over, nobody invited meanwhile (R52)."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.gate.acts import REASON
from tests.play import EXPERTS, at
from tests.web.pages import plain
from tests.web.test_centre import text_of
from workflow_app import clock, gate
from workflow_app.db.models import Absence, Case, Event, Membership, Outbox
from workflow_app.errors import Invalid
from workflow_app.facts.candidates import candidates
from workflow_app.operations import integrity
from workflow_app.states.definitions.absence import AskAbsence

MATERIAL = "methodical_material"


def days(stage, first, last):
    today = stage.moment.date()
    return {
        "since": f"{today + timedelta(days=first)}",
        "until": f"{today + timedelta(days=last)}",
        "cause": "vacation",
    }


def asked(client, stage, first=0, last=14, page="/profile/absence", **typed):
    """Where the page of the new absence stands."""
    answer = client.post(page, data=days(stage, first, last) | typed)
    assert answer.status_code == 303, plain_refusal(answer)
    return answer.headers["Location"]


def plain_refusal(answer):
    return re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))[:3000]


def done(client, place, name, **typed):
    page = f"{place}/do/{name}"
    version = re.search(r'name="version" value="(\d+)', text_of(client.get(page)))[1]
    return client.post(page, data=typed | {"version": version})


def of(stage, road, key):
    """How the candidates of a case speak of a person: bars, warnings."""
    with clock.at(stage.moment), stage.database.transaction(keep=False) as session:
        case = session.get_one(Case, road.case_id)
        (one,) = candidates(session, case, frozenset({stage.people[key]}))
        return [str(words) for words in one.conflicts.bars], [str(words) for words in one.conflicts.warnings]


def test_r52_nobody_is_invited_while_away_and_who_leaves_soon_is_warned_of(quick_stage, client_as):
    road = at(quick_stage, "assigning", MATERIAL)
    before = of(quick_stage, road, "bondarenko")
    with clock.at(quick_stage.moment):
        place = asked(client_as("bondarenko"), quick_stage)
        assert of(quick_stage, road, "bondarenko") == before  # only asked
        assert done(client_as("morozova"), place, "confirm_absence").status_code == 303
        bars, _warnings = of(quick_stage, road, "bondarenko")
        until = (quick_stage.moment + timedelta(days=14)).date()
        assert f"Отсутствует до {until:%d.%m.%Y}: отпуск." in bars
        page = text_of(client_as("morozova").get(f"/cases/{road.case_id}/assign"))
        assert f"Отсутствует до {until:%d.%m.%Y}: отпуск." in page
        assert done(client_as("bondarenko"), place, "end_absence").status_code == 303
        assert of(quick_stage, road, "bondarenko") == before
        soon = asked(client_as("bondarenko"), quick_stage, 3, 9)
        assert done(client_as("morozova"), soon, "confirm_absence").status_code == 303
    bars, warnings = of(quick_stage, road, "bondarenko")
    assert bars == before[0]
    assert [one for one in warnings if one.startswith("Отсутствует с ")]


def test_what_is_left_undone_is_shown_before_and_led_cases_go_to_the_deputy(quick_stage, client_as):
    road = at(quick_stage, "in_review", MATERIAL)
    with quick_stage.database.transaction(keep=True) as session:
        session.get_one(Case, road.case_id).coordinator_id = quick_stage.people["morozova"]
    other = "kuzmin"
    with quick_stage.database.transaction(keep=True) as session:
        session.add(
            Membership(
                person_id=quick_stage.people[other], municipality_id=quick_stage.municipality_id, role="coordinator"
            )
        )
    with clock.at(quick_stage.moment):
        assert 'name="deputy_id"' not in text_of(client_as("bondarenko").get("/profile/absence"))  # leads nothing
        place = asked(client_as("morozova"), quick_stage, 0, 30, deputy_id=str(quick_stage.people[other]))
        assert "Предложена замена" in plain(client_as("morozova").get(place))
        assert client_as("morozova").get(f"{place}/do/confirm_absence").status_code == 403  # another confirms
        director = client_as("gradov")
        page = plain(director.get(f"{place}/do/confirm_absence"))
        assert "Дел со сроком внутри отсутствия: 1" in page
        assert "Дела, которые человек ведёт: 1" in page
        assert done(director, place, "confirm_absence", deputy_id=str(quick_stage.people[other])).status_code == 303
        assert "Дела переданы" in plain(director.get(place))
    with quick_stage.database.transaction(keep=False) as session:
        case = session.get_one(Case, road.case_id)
        assert case.coordinator_id == quick_stage.people[other]
        (event,) = session.scalars(select(Event).where(Event.transition == "hand_over", Event.root_id == case.id))
        assert event.caused_by is not None
        heads = session.scalars(select(Outbox.template).where(Outbox.template.like("absence%")))
        assert set(heads) == {"absence_asked", "absence_confirmed"}
        assert not [one for one in integrity.findings(session, quick_stage.database.blobs) if "absence" in str(one)]


def test_open_invitations_are_told_of_to_be_replaced(quick_stage, client_as):
    road = at(quick_stage, "assigning", MATERIAL)
    key = EXPERTS[MATERIAL][0]
    road.invite([key])
    with clock.at(quick_stage.moment):
        place = asked(client_as(key), quick_stage)
        page = text_of(client_as("morozova").get(place))
        assert "Приглашения без ответа: замените" in page
        assert "/do/cancel_invitation" in page
        assert "Приглашения без ответа" not in text_of(client_as(key).get(place))  # the office's business


def test_r30_an_absence_tells_nobody_who_else_judges_the_case_in_which_they_take_part(quick_stage, client_as):
    """R30: ershov, a coordinator, is an expert of the case; of koval's days he learns nothing about it."""
    road = at(quick_stage, "assigning", "innovation_product")
    road.invite(["ershov", "nesterov", "koval"], REASON)
    with clock.at(quick_stage.moment):
        place = asked(client_as("koval"), quick_stage)
        for page in (place, f"{place}/do/confirm_absence"):
            assert f"/cases/{road.case_id}" in text_of(client_as("morozova").get(page))
            told = text_of(client_as("ershov").get(page))
            assert f"/cases/{road.case_id}" not in told
            assert "Ничего не остаётся" in told


def test_who_may_be_away_and_when(quick_stage, client_as):
    with clock.at(quick_stage.moment):
        assert client_as("sokolova").get("/profile/absence").status_code == 403
        expert = client_as("bondarenko")
        assert expert.post("/profile/absence", data=days(quick_stage, 5, 3)).status_code == 422
        assert expert.post("/profile/absence", data=days(quick_stage, -9, -3)).status_code == 422
        place = asked(expert, quick_stage)
        again = expert.post("/profile/absence", data=days(quick_stage, 10, 20))
        assert "На эти дни отсутствие уже отмечено." in again.get_data(as_text=True)
        assert client_as("sokolova").get(place).status_code == 404
        assert client_as("sokolova").get("/absences").status_code == 403
        assert "Бондаренко" in plain(client_as("morozova").get("/absences"))
        entered = asked(
            client_as("morozova"), quick_stage, 40, 50, f"/people/{quick_stage.people['bondarenko']}/absence"
        )
        assert done(client_as("morozova"), entered, "confirm_absence").status_code == 303
    with quick_stage.turn("sokolova") as (session, actor):
        row = Absence(municipality_id=actor.municipality_id, person_id=actor.person_id, asked_at=clock.now(), since=clock.now().date(),
                      until=clock.now().date(), cause="vacation")  # fmt: skip
        sheet = AskAbsence(since=row.since, until=row.until, person_id=actor.person_id)
        with pytest.raises(Invalid) as refused:
            gate.begin(session, actor, row, sheet)
        assert "эксперту и координатору" in str(refused.value.problems)
