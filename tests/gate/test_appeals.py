"""Appeals: in time and once, a panel of the uninvolved, votes that stay, and what a granted appeal undoes."""

import io

import docx
import pytest

from tests.gate import acts
from tests.gate.kit import (
    REASON,
    assignments,
    documents,
    facts,
    findings,
    looking,
    may,
    offered,
    people,
    value,
    words,
)
from tests.gate.month_orders import act
from tests.play import EXPERTS
from workflow_app import gate
from workflow_app.content_types.month_order import CancelOrder
from workflow_app.db.models import Case, Document, Person, WorkingCopy
from workflow_app.demo.steps import DIRECTOR
from workflow_app.documents.kinds.registry import TO_APPLICANT
from workflow_app.errors import Denied, Invalid, NotYet
from workflow_app.states.definitions.case.forms import AppointPanel
from workflow_app.states.vocabulary import Permission as P

MATERIAL, ATTESTATION, INNOVATION = "methodical_material", "attestation_portfolio", "innovation_product"


def test_an_appeal_is_open_for_five_working_days_and_once(play):
    road = play("approved", MATERIAL)
    until = value(road, "appeal_until")
    road.stage.wait(days=(until - road.today()).days)
    acts.appeal(road)
    acts.ACTS["withdraw_appeal"](road)
    with pytest.raises(NotYet):
        acts.appeal(road)
    late = play("approved", MATERIAL)
    late.stage.wait(days=(until - late.today()).days + 1)
    with pytest.raises(NotYet):
        acts.appeal(late)


def test_each_decision_may_be_appealed_once(play):
    """One that is given anew is another decision: with a term, a panel and papers of its own."""
    road = play("on_approval", MATERIAL)
    order = acts.approve_by_order(road)
    acts.appeal(road)
    acts.dismiss_appeal(road)
    with pytest.raises(NotYet, match="один раз"):
        acts.appeal(road)
    act(road.stage, order, "cancel_order", CancelOrder(reason=REASON))
    road.approve()
    assert {"appeal", "waive_appeal"} <= offered(road, road.applicant)
    acts.appeal(road)
    assert value(road, "appeals") == 2
    assert "vote" not in offered(road, acts.PANEL[0])
    with pytest.raises(Invalid):
        acts.appoint_panel(road)  # they heard the first one
    others = ("pak", "ershov", "koval")
    road.stage.act(
        DIRECTOR, road.case_id, "appoint_panel", {"members": people(road, *others), "chair": people(road, others[0])[0]}
    )
    acts.vote(road, "dismiss", others)
    road.stage.act(others[0], road.case_id, "dismiss_appeal", {"reason": REASON})
    papers = [(one.state, one.edition, one.number) for one in documents(road, "appeal_decision")]
    assert [(state, edition) for state, edition, _ in papers] == [("superseded", 1), ("issued", 1)]
    assert papers[0][2] != papers[1][2]
    assert offered(road, road.applicant).isdisjoint({"appeal", "waive_appeal"})
    assert findings(road) == []


def test_who_waived_the_appeal_does_not_appeal_and_need_not_wait(play):
    road = play("approved", ATTESTATION)
    assert "send" not in offered(road, road.office)
    acts.ACTS["waive_appeal"](road)
    with pytest.raises(NotYet):
        acts.appeal(road)
    assert "send" in offered(road, road.office)


@pytest.mark.parametrize("member", ["bondarenko", "sokolova", "gradov", "morozova"])
def test_the_panel_is_of_people_who_were_not_involved(play, member):
    road = play("appealed", MATERIAL)
    with pytest.raises(Invalid), road.stage.turn(DIRECTOR) as (session, me):
        case = session.get_one(Case, road.case_id)
        sheet = AppointPanel(members=tuple(people(road, *acts.PANEL[:2], member)), chair=people(road, acts.PANEL[0])[0])
        gate.perform(session, me, case, "appoint_panel", sheet, case.version)


def test_the_panel_decides_by_its_votes(play):
    road = play("appealed", MATERIAL)
    with pytest.raises(Denied):
        acts.vote(road, "grant", acts.PANEL[:1])
    acts.appoint_panel(road)
    acts.vote(road, "grant", acts.PANEL[:2])
    for name in ("grant_appeal", "dismiss_appeal"):
        with pytest.raises(NotYet):
            road.stage.act(acts.PANEL[0], road.case_id, name, {"reason": REASON})
    acts.vote(road, "dismiss", acts.PANEL[2:])
    with pytest.raises(NotYet):
        road.stage.act(acts.PANEL[2], road.case_id, "dismiss_appeal", {"reason": REASON})
    road.stage.act(acts.PANEL[2], road.case_id, "grant_appeal", {"reason": REASON})
    assert road.state() == "assigning"


def test_a_vote_is_not_lost_when_another_member_is_replaced(play):
    """A director who does not like a vote cannot make it undone."""
    road = play("appealed", MATERIAL)
    acts.appoint_panel(road)
    acts.vote(road, "grant", acts.PANEL[:1])
    rest = [*acts.PANEL[1:], "belykh"]
    with pytest.raises(Invalid):
        road.stage.act(
            DIRECTOR, road.case_id, "appoint_panel", {"members": people(road, *rest), "chair": people(road, *rest)[0]}
        )
    road.stage.act(
        DIRECTOR,
        road.case_id,
        "appoint_panel",
        {"members": people(road, *acts.PANEL[:2], "belykh"), "chair": people(road, *acts.PANEL)[0]},
    )
    assert facts(road).votes_for == 1
    assert not may(road, acts.PANEL[2], P.VIEW)


def test_one_members_vote_leaves_the_others_typed_text(play):
    """Decisions 3: a working copy is consumed by the own act."""
    road = play("appealed", MATERIAL)
    acts.appoint_panel(road)
    for one in acts.PANEL:
        with road.stage.turn(one) as (session, me):
            copy = WorkingCopy(
                person_id=me.person_id, subject_kind="case", subject_id=road.case_id, transition="vote",
                data={"opinion": "Пишу обоснование"}, saved_at=road.stage.moment,
            )  # fmt: skip
            session.add(copy)
    acts.vote(road, "grant", acts.PANEL[:1])
    with looking(road) as (session, _):
        left = {one.person_id for one in session.query(WorkingCopy)}
    assert left == set(people(road, *acts.PANEL[1:]))


def test_the_panels_sitting_has_a_protocol_with_the_chair_first_and_every_vote(play):
    """domain.md 6.5, for every type of case."""
    road = play("appealed", MATERIAL)
    acts.dismiss_appeal(road)
    (protocol,) = documents(road, "appeal_protocol")
    assert (protocol.register, protocol.number) == ("protocols", "1")
    with looking(road) as (session, _):
        names = [session.get_one(Person, one).last_name for one in people(road, *acts.PANEL)]
        word = docx.Document(io.BytesIO(road.stage.database.blobs.read(protocol.sha256)))
    said = [one.text for one in word.paragraphs]
    assert next(one for one in said if one.startswith("Председатель")).split("– ")[1].startswith(names[0])
    assert any("за\u00a0–\u00a03, против\u00a0–\u00a00" in one for one in said)
    sheets = [cell.text for row in word.tables[0].rows for cell in row.cells]
    assert sum("подписан простой электронной подписью" in one for one in sheets) == 3
    assert not any("Подписано простой электронной подписью" in one for one in said)


@pytest.mark.parametrize("decide", [acts.dismiss_appeal, acts.grant_appeal])
def test_the_minutes_are_read_by_the_office_and_the_panel_alone(play, decide):
    """Neither the applicant nor the experts whom the panel judged learn who said what."""
    road = play("appealed", MATERIAL)
    acts.appoint_panel(road)
    decide(road)
    (protocol,) = documents(road, "appeal_protocol")
    readers = set()
    for key in ("sokolova", "morozova", DIRECTOR, *EXPERTS[MATERIAL], *acts.PANEL, "belykh"):
        with road.stage.turn(key) as (session, me):
            if gate.visible(session, me, session.get_one(Document, protocol.id)):
                readers.add(key)
    assert readers == {"morozova", DIRECTOR, *acts.PANEL}


def test_the_chair_is_one_of_the_three(play):
    road = play("appealed", MATERIAL)
    with pytest.raises(Invalid, match="один из трёх"):
        road.stage.act(
            DIRECTOR,
            road.case_id,
            "appoint_panel",
            {"members": people(road, *acts.PANEL), "chair": people(road, "belykh")[0]},
        )


def test_a_granted_appeal_annuls_the_sheets_and_bars_the_old_experts(play):
    road = play("appealed", MATERIAL)
    number = documents(road, "consolidated_conclusion")[0].number
    acts.grant_appeal(road)
    assert {state for _, _, state in assignments(road)} == {"voided"}
    judged = [one for one in documents(road) if one.document_kind not in (*TO_APPLICANT, "appeal_protocol")]
    assert {one.state for one in judged} == {"void"}
    with pytest.raises(Invalid, match="Уже участвовал"):
        road.invite(EXPERTS[MATERIAL], REASON)
    fresh = ("belykh", "dyachkova")
    road.invite(fresh, REASON)
    road.accept(fresh)
    for one in fresh:
        road.sign(one, (0.8,))
    acts.finish(road, fresh)
    new = documents(road, "consolidated_conclusion")[-1]
    assert (new.edition, new.replaces_id, new.state) == (1, None, "issued")
    assert new.number != number
    with pytest.raises(NotYet):
        acts.appeal(road)
    assert findings(road) == []


def test_a_decision_on_an_appeal_issued_anew_says_what_the_panel_said(play):
    """R33: not the reason of the new issue, nor today as the day of the sitting, nor the later conclusion."""
    road = play("appealed", MATERIAL)
    acts.dismiss_appeal(road)
    sitting = road.today()
    road.stage.wait(days=30)
    raw = {"kind": "appeal_decision", "reason": "Опечатка в фамилии члена комиссии", "how": "simple"}
    road.stage.act(DIRECTOR, road.case_id, "reissue", raw)
    old, new = (words(road, one.sha256) for one in documents(road, "appeal_decision"))
    assert "Порядок соблюдён" in new
    assert "Опечатка" not in new
    assert f"{sitting.day}" in new
    assert {line for line in old.splitlines() if "рассмотрела" in line} == {
        line for line in new.splitlines() if "рассмотрела" in line
    }


def test_the_notice_of_an_attestation_is_issued_anew(play):
    """R33."""
    road = play("approved", ATTESTATION)
    road.stage.act(DIRECTOR, road.case_id, "reissue", {"kind": "term_notice", "reason": REASON, "how": "simple"})
    assert [one.state for one in documents(road, "term_notice")] == ["replaced", "issued"]
