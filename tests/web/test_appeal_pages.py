"""Pages of an appeal: the panel of the uninvolved, the signed votes, the decision. And the specialists' meeting."""

import re

import pytest

from tests.play import PASSWORD, amend, at, draft, steps
from tests.web.office import done, offered, picked_by, row, ticked, value, version
from tests.web.pages import links_of, text_of
from workflow_app.db.models import PanelMember, Person

APPEAL = "Не согласна с выводом: результаты апробации, приведённые в приложении, при оценке не учтены."
OPINION = "Порядок соблюдён, снижение баллов объяснено в листах обоих экспертов."
PANEL = ("galkina", "rakhimova", "koval")


pytestmark = pytest.mark.usefixtures("held_later")


def appealed(stage):
    """A case whose approved conclusion is appealed."""
    road = at(stage, "approved")
    stage.act("sokolova", road.case_id, "appeal", {"text": APPEAL})
    return road


def vote(stage, road, **more):
    """What the form of a vote sends."""
    return {
        "grant": "dismiss",
        "opinion": OPINION,
        "how": "simple",
        "password": PASSWORD,
        "version": version(stage, road),
    } | more


def members(stage, road):
    """Who sits on the panel."""
    with stage.database.transaction(keep=False) as session:
        return {one.person_id for one in session.query(PanelMember).filter_by(case_id=road.case_id)}


def test_the_panel_is_three_people_who_were_not_involved(quick_stage, client_as):
    road, people = appealed(quick_stage), quick_stage.people
    client, address = client_as("gradov"), f"/cases/{road.case_id}/do/appoint_panel"
    page = client.get(address)
    assert APPEAL in text_of(page)
    found = {one["value"] for one in picked_by(client, page, "members", "")}
    assert {str(people[one]) for one in PANEL} <= found
    assert str(people["bondarenko"]) not in found
    assert "Был приглашён экспертом по этому делу" in text_of(page)
    for wrong in (
        ("galkina", "rakhimova"),
        ("galkina", "rakhimova", "bondarenko"),
        ("galkina", "galkina", "rakhimova"),
    ):
        sent = {
            "members": [str(people[one]) for one in wrong],
            "chair": str(people[wrong[0]]),
            "version": version(quick_stage, road),
        }
        answer = client.post(address, data=sent)
        assert answer.status_code == 422
        assert str(people["galkina"]) in ticked(answer, "members")
    sent = {
        "members": [str(people[one]) for one in PANEL],
        "chair": str(people[PANEL[0]]),
        "version": version(quick_stage, road),
    }
    assert client.post(address, data=sent).status_code == 303
    assert members(quick_stage, road) == {people[one] for one in PANEL}
    assert client_as("morozova").get(address).status_code == 403


def test_the_list_for_the_panel_shows_how_busy_each_is_and_keeps_its_chair(quick_stage, client_as):
    road, people = appealed(quick_stage), quick_stage.people
    quick_stage.act(
        "gradov",
        road.case_id,
        "appoint_panel",
        {"members": [people[one] for one in PANEL], "chair": people["rakhimova"]},
    )
    other = at(quick_stage, "assigning")
    other.invite(["galkina"], "Единственный эксперт по этой предметной области.")
    client, address = client_as("gradov"), f"/cases/{road.case_id}/do/appoint_panel"
    page = client.get(address)
    assert "открыто 1 из 5" in text_of(page)
    assert ticked(page, "chair") == {str(people["rakhimova"])}
    sent = {
        "members": [str(people["galkina"])],
        "chair": str(people["rakhimova"]),
        "version": version(quick_stage, road),
    }
    refused = client.post(address, data=sent)
    assert (refused.status_code, ticked(refused, "chair")) == (422, {str(people["rakhimova"])})
    with quick_stage.database.transaction(keep=False) as session:
        chair = session.get_one(Person, people["rakhimova"]).full_name
    for told in (client.get(f"/cases/{road.case_id}"), client_as("galkina").get(f"/cases/{road.case_id}/do/vote")):
        assert f"{chair} (председатель)" in text_of(told)
    with quick_stage.database.transaction(keep=False) as session:
        director = session.get_one(Person, people["gradov"]).full_name
    amend(other, co_authors=[director])
    assert "открыто 1 из 5" not in text_of(client.get(address))  # R30: it is the director's own case that is judged


def test_who_kept_the_case_as_a_coordinator_cannot_judge_the_appeal(quick_stage, client_as):
    """domain.md 5: none of the three was involved before; a coordinator who is an expert too may have kept the case."""
    road = at(quick_stage, "submitted")
    road.office = "ershov"
    _other, form = draft(quick_stage)
    for name, step in steps(road, form).items():
        if name != "submitted":
            step()
    quick_stage.act("sokolova", road.case_id, "appeal", {"text": APPEAL})
    people = quick_stage.people
    client, address = client_as("gradov"), f"/cases/{road.case_id}/do/appoint_panel"
    page = client.get(address)
    assert "Уже принимал решения по этому делу" in text_of(page)
    assert str(people["ershov"]) not in offered(page, "members")
    sent = {
        "members": [str(people[one]) for one in ("galkina", "rakhimova", "ershov")],
        "chair": str(people["galkina"]),
        "version": version(quick_stage, road),
    }
    assert client.post(address, data=sent).status_code == 422


def test_members_vote_apart_and_the_majority_decides(quick_stage, client_as):
    road, people = appealed(quick_stage), quick_stage.people
    quick_stage.act(
        "gradov", road.case_id, "appoint_panel", {"members": [people[one] for one in PANEL], "chair": people[PANEL[0]]}
    )
    address = f"/cases/{road.case_id}/do/vote"
    first = client_as("galkina")
    page = first.get(address)
    assert APPEAL in text_of(page)
    assert "89,5 %" in text_of(page)
    assert ticked(page, "grant") == set()
    papers = set(re.findall(r"/documents/\d+[^\"]*", page.text))
    assert papers
    assert {first.get(one).status_code for one in papers} == {200}, (
        "a link on the page leads where its reader may not go"
    )
    unsigned = first.post(address, data=vote(quick_stage, road, password=""))
    assert unsigned.status_code == 422
    assert value(unsigned, "opinion") == OPINION
    assert first.post(address, data=vote(quick_stage, road)).status_code == 303
    second = client_as("rakhimova")
    before = text_of(second.get(address))
    assert "Голос подан" in before
    assert OPINION not in before
    for path in ("", "/review", "/history"):
        assert OPINION not in text_of(second.get(f"/cases/{road.case_id}{path}"))
    mine = "Обоснование одного критерия не опирается на материал."
    second.post(address, data=vote(quick_stage, road, grant="grant", opinion=mine))
    third = client_as("koval")
    last = third.post(address, data=vote(quick_stage, road))
    assert last.location == f"/cases/{road.case_id}/do/dismiss_appeal"
    assert (
        third.post(
            f"/cases/{road.case_id}/do/grant_appeal", data={"reason": OPINION, "version": version(quick_stage, road)}
        ).status_code
        == 409
    )
    page = third.get(last.location)
    assert value(page, "reason") == OPINION
    assert mine in text_of(page)
    assert third.post(last.location, data={"reason": OPINION, "version": version(quick_stage, road)}).status_code == 303
    assert road.state() == "approved"
    assert "Решение по апелляции" in text_of(client_as("sokolova").get(f"/cases/{road.case_id}/documents"))


def test_only_the_panel_votes(quick_stage, client_as):
    road, people = appealed(quick_stage), quick_stage.people
    quick_stage.act(
        "gradov", road.case_id, "appoint_panel", {"members": [people[one] for one in PANEL], "chair": people[PANEL[0]]}
    )
    address = f"/cases/{road.case_id}/do/vote"
    for key, expected in (("sokolova", 403), ("gradov", 403), ("bondarenko", 403), ("zhuravlyova", 404)):
        client = client_as(key)
        assert client.get(address).status_code == expected
        assert client.post(address, data=vote(quick_stage, road)).status_code == expected
    assert done(quick_stage, road, "vote") == 0


def test_a_refusal_that_is_appealed_is_shown_with_its_ground(quick_stage, client_as):
    road, people = at(quick_stage, "registered"), quick_stage.people
    why = "Материал уже рассматривается по заявлению соавтора, повторно он не принимается."
    quick_stage.act("morozova", road.case_id, "decline", {"ground": "duplicate", "comment": why})
    quick_stage.act("sokolova", road.case_id, "appeal", {"text": APPEAL})
    quick_stage.act(
        "gradov", road.case_id, "appoint_panel", {"members": [people[one] for one in PANEL], "chair": people[PANEL[0]]}
    )
    page = text_of(client_as("galkina").get(f"/cases/{road.case_id}/do/vote"))
    assert "Этот материал уже находится на экспертизе" in page
    assert why in page


# -- The specialists' meeting


@pytest.fixture
def differing(quick_stage):
    """An attestation whose specialists came to different conclusions."""
    road = at(quick_stage, "in_review", "attestation_portfolio")
    road.sign("bondarenko", (1.0, 1.0))
    road.sign("lebedev", (1.0, 1.0))
    road.sign("dyachkova", (0.3, 0.3), "not_conforms")
    assert road.state() == "third_review"
    return road


def test_the_lead_proposes_a_common_result_and_the_others_answer_without_knowing_each_other(
    quick_stage, client_as, differing
):
    address = f"/cases/{differing.case_id}/review"
    reasoning = "Специалисты обсудили документы по внешнему мониторингу и пришли к общему выводу о соответствии."
    lead = client_as("lebedev")
    page = lead.get(address)
    assert "Выводы специалистов не совпадают" in text_of(page)
    assert offered(page, "verdict") == {"conforms", "not_conforms"}
    assert "Дьячкова" not in text_of(page)
    sent = {"verdict": "conforms", "reasoning": reasoning, "version": value(page, "version")}
    assert lead.post(f"/cases/{differing.case_id}/do/draft_common", data=sent).status_code == 303
    other = client_as("dyachkova")
    page = other.get(address)
    assert reasoning in text_of(page)
    assert "высказались 1 из 3" in text_of(page)
    assert "Лебедев" not in text_of(page)
    assert {"join_common", "dissent_common"} <= {one.rsplit("/", 1)[-1] for one in links_of(page)}
    office = text_of(client_as("morozova").get(address))
    assert "Согласен(на)" in office
    assert "Дьячкова" in office
    applicant = client_as("sokolova").get(address)
    assert reasoning not in text_of(applicant)
    assert "разошлись" not in text_of(applicant)


def test_the_common_result_waits_for_everybody(quick_stage, client_as, differing):
    draft = {
        "verdict": "conforms",
        "reasoning": "Специалисты обсудили документы и пришли к общему выводу о соответствии.",
    }
    quick_stage.act("lebedev", differing.case_id, "draft_common", draft)
    lead = client_as("lebedev")
    page = lead.get(f"/cases/{differing.case_id}/review")
    assert "Ещё не высказались специалистов: 2" in text_of(page)
    signed = {"how": "simple", "password": PASSWORD, "version": version(quick_stage, differing)}
    assert lead.post(f"/cases/{differing.case_id}/do/common_result", data=signed).status_code == 409
    quick_stage.review("bondarenko", differing.case_id, "join_common", {"how": "simple"})
    opinion = "Результаты внешнего мониторинга документами не подтверждены, с выводом не согласна."
    quick_stage.review("dyachkova", differing.case_id, "dissent_common", {"opinion": opinion, "how": "simple"})
    assert lead.post(f"/cases/{differing.case_id}/do/common_result", data=signed).status_code == 303
    assert differing.state() == "consolidation"
    page = text_of(client_as("morozova").get(f"/cases/{differing.case_id}/consolidate"))
    assert "Вывод сделан по подписанному специалистами общему результату" in page
    assert "большинством голосов" in page
    assert row(quick_stage, differing).common["signed"] is True


def test_a_discrepancy_of_a_material_leads_the_office_to_one_more_expert(quick_stage, client_as):
    road = at(quick_stage, "in_review")
    road.sign("bondarenko", (1.0, 1.0))
    road.sign("lebedev", (0.2, 0.4))
    assert road.state() == "third_review"
    page = client_as("morozova").get(f"/cases/{road.case_id}/review")
    assert "Итоговые оценки расходятся" in text_of(page)
    assert f"/cases/{road.case_id}/assign" in links_of(page)
    again = client_as("morozova").get(f"/cases/{road.case_id}/assign")
    assert not {str(quick_stage.people[one]) for one in ("bondarenko", "lebedev")} & offered(again, "expert")
    assert client_as("morozova").get(f"/cases/{road.case_id}/consolidate").status_code == 403
