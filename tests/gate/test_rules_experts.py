"""R15 to R19: who may not review, and what an expert may see when."""

import pytest
from sqlalchemy import select

from tests.gate import acts
from tests.gate.kit import (
    REASON,
    actor,
    assignment_id,
    assignments,
    documents,
    form,
    last,
    looking,
    may,
    offered,
    signed_ids,
)
from tests.play import EXPERTS, PDF
from workflow_app import gate
from workflow_app.db.models import Assignment, Case, CaseFile, Document, Person
from workflow_app.demo.steps import NO_CONFLICT, Road
from workflow_app.errors import Denied, Invalid, NotFound, NotYet
from workflow_app.states.definitions.assignment import ASSIGNMENT as PLACE
from workflow_app.states.definitions.case.forms import Invite, InviteOne
from workflow_app.states.definitions.people import EnterRegister
from workflow_app.states.forms import from_json
from workflow_app.states.vocabulary import Permission as P

MATERIAL, ATTESTATION, INNOVATION = "methodical_material", "attestation_portfolio", "innovation_product"


def refused(road, *experts: dict) -> str:
    """What is said to an invitation that goes round the form, straight to the gate."""
    sheet = Invite(experts=tuple(InviteOne(**one) for one in experts))
    with pytest.raises(Invalid) as found, road.stage.turn(road.office) as (session, me):
        case = session.get_one(Case, road.case_id)
        gate.perform(session, me, case, "invite", sheet, case.version)
    return str(found.value)


def invitation(road, key: str, **more: str) -> dict:
    return {"expert_id": road.stage.people[key], "reason": REASON, **more}


def test_r15_a_colleague_of_the_applicant_is_barred(play):
    """R15: the office of the innovation's applicant is school 6."""
    road = play("assigning", INNOVATION)
    assert "в той же организации" in refused(road, invitation(road, "belykh"))


def test_r15_the_directors_decision_may_lift_it_for_a_material_and_only_there(play):
    """R15, domain.md 0a.13."""
    road = play("assigning", INNOVATION)
    assert "в той же организации" in refused(road, invitation(road, "pak", lifted_by="решение от 01.09.2026 № 3"))
    zorina = melnik_case(play)
    assert "Укажите решение директора" in refused(zorina, invitation(zorina, "zorina"))
    zorina.stage.act(
        zorina.office, zorina.case_id, "invite", {"experts": [invitation(zorina, "zorina", lifted_by="решение № 3")]}
    )
    assert "решение № 3" in str(last(zorina, "begin").data["lifted_by"])


def melnik_case(play):
    """A material of melnik, whose school is zorina's too, on the way to its experts."""
    model = play("draft", MATERIAL)
    case_id = model.stage.open("melnik", MATERIAL, form(model)["title"])
    model.stage.attach("melnik", case_id, "material", "Материал.pdf", PDF)
    road = Road(model.stage, case_id, MATERIAL, "melnik")
    road.submit(form(model))
    road.register()
    road.start()
    return road


def test_r15_applicant_and_co_author_are_barred(play):
    """R15: a co-author is found by the full name."""
    road = play("draft", MATERIAL)
    road.submit({**form(road), "co_authors": ["Лебедев " + _rest_of_name(road, "lebedev")]})
    road.register()
    road.start()
    assert "соавтор" in refused(road, invitation(road, "lebedev"))


def _rest_of_name(road, key):
    with looking(road) as (session, _):
        person = session.get_one(Person, road.stage.people[key])
        return f"{person.first_name} {person.middle_name}"


def test_r15_nobody_outside_the_register_is_invited_and_nobody_twice(play):
    """R15."""
    road = play("assigning", MATERIAL)
    assert "нет в реестре" in refused(road, invitation(road, "chernykh"))
    assert "нет в реестре" in refused(road, {"expert_id": 2**31 - 1, "reason": REASON})
    assert "назван дважды" in refused(road, invitation(road, "lebedev"), invitation(road, "lebedev"))
    road.invite(["lebedev"], REASON)
    assert "уже приглашён" in refused(road, invitation(road, "lebedev"))


def test_r15_a_declared_conflict_bars_acceptance_and_a_later_invitation(play):
    """R15: the expert refuses instead, and is not asked again."""
    road = play("assigning", MATERIAL)
    road.invite(["lebedev"], REASON)
    with pytest.raises(Invalid) as found:
        road.stage.review("lebedev", road.case_id, "accept", {**NO_CONFLICT, "kinship": "yes"})
    assert set(found.value.problems) == {"kinship"}
    road.stage.review("lebedev", road.case_id, "refuse", {"cause": "conflict", "comment": "Родственник"})
    assert "конфликта интересов" in refused(road, invitation(road, "lebedev"))


@pytest.mark.parametrize("how", ["recuse", "void_sheet", "remove"])
def test_r15_who_left_the_case_does_not_come_back(play, how):
    """R15."""
    road = play("in_review", MATERIAL)
    first = EXPERTS[MATERIAL][0]
    if how == "recuse":
        road.stage.review(first, road.case_id, "recuse", {"reason": REASON})
    else:
        if how == "void_sheet":
            road.sign(first, (0.8,))
        road.stage.office(road.office, road.case_id, first, how, {"reason": REASON})
    assert "Уже участвовал" in refused(road, invitation(road, first))


def test_r15_an_innovation_keeps_a_place_for_an_expert_from_outside(play):
    """domain.md 4: at least one of the three."""
    road = play("assigning", INNOVATION)
    at_home = [invitation(road, one) for one in ("bondarenko", "koval", "lebedev")]
    assert "за пределами муниципалитета" in refused(road, *at_home)
    road.invite(["bondarenko", "koval"], REASON)
    assert "за пределами" in refused(road, invitation(road, "lebedev"))
    road.invite(["nesterov"], REASON)


def test_r16_a_warning_needs_a_reason_which_is_kept_in_the_audit_trail(play):
    """R16: koval has no training paper for an attestation, or the load is over the limit."""
    road = play("assigning", ATTESTATION)
    with road.stage.turn("morozova") as (session, me):
        person = session.get_one(Person, road.stage.people["galkina"])
        entry = EnterRegister(
            directions=("attestation",), category="", education="", training="", profile="", load_limit=5
        )
        gate.perform(session, me, person, "enter_register", entry, person.version)
    assert "Объясните выбор" in refused(road, {"expert_id": road.stage.people["galkina"], "reason": ""})
    road.stage.act(road.office, road.case_id, "invite", {"experts": [invitation(road, "galkina")]})
    event = last(road, "begin")
    assert event.data["reason"] == REASON
    assert "ДПП ПК" in event.data["warnings"][0]


def file_of(session, case):
    return session.scalars(select(CaseFile).where(CaseFile.case_id == case.id)).first()


@pytest.mark.parametrize("kind", EXPERTS)
def test_r17_no_material_before_the_declaration_and_the_beginning(play, kind):
    """R17: invited and accepted see the card; the material opens when the review begins."""
    road, expert = play("assigning", kind), EXPERTS[kind][0]
    road.invite(EXPERTS[kind], REASON)
    seen = [(may(road, expert, P.VIEW), may(road, expert, P.SEE_MATERIALS))]
    road.accept([expert])
    seen.append((may(road, expert, P.VIEW), may(road, expert, P.SEE_MATERIALS)))
    with looking(road) as (session, case), pytest.raises(NotFound):
        gate.read(session, actor(session, road, expert), CaseFile, file_of(session, case).id)
    road.accept(EXPERTS[kind][1:])
    if kind == ATTESTATION:
        road.lead(expert)
    assert road.state() == "in_review"
    assert [*seen, (may(road, expert, P.VIEW), may(road, expert, P.SEE_MATERIALS))] == [
        (True, False),
        (True, False),
        (True, True),
    ]
    with looking(road) as (session, case):
        assert gate.read(session, actor(session, road, expert), CaseFile, file_of(session, case).id)


def test_r17_every_question_of_the_declaration_is_answered(play):
    """R17: no answer is not a no."""
    road = play("assigning", MATERIAL)
    road.invite(["lebedev"], REASON)
    for question in NO_CONFLICT.keys() - {"agreement"}:
        with pytest.raises(Invalid):
            road.stage.review("lebedev", road.case_id, "accept", {**NO_CONFLICT, question: ""})
    assert assignments(road) == [("lebedev", 1, "invited")]


def test_r18_recusal_removes_access_at_once(play):
    """R18."""
    road, expert = play("in_review", MATERIAL), EXPERTS[MATERIAL][0]
    road.stage.review(expert, road.case_id, "recuse", {"reason": REASON})
    assert not [one for one in P if may(road, expert, one)]
    with looking(road) as (session, case):
        me = actor(session, road, expert)
        for kind, id_ in (
            (Case, case.id),
            (CaseFile, file_of(session, case).id),
            (Assignment, assignment_id(road, expert)),
        ):
            with pytest.raises(NotFound):
                gate.read(session, me, kind, id_)
    assert offered(road, expert) == set()
    with pytest.raises(NotYet):
        road.sign(expert, (0.8,))


@pytest.mark.parametrize("kind", EXPERTS)
def test_r19_nobody_sees_a_foreign_sheet_before_the_consolidation(play, kind):
    """R19, R26: not the other experts, not the coordinator, not the director; the own sheet always."""
    road, (first, *others) = play("in_review", kind), EXPERTS[kind]
    road.sign(first, (0.8,))
    mine = assignment_id(road, first)
    for key in (*others, "morozova", "gradov", road.applicant):
        assert not may(road, key, P.SEE_REVIEWS)
        with looking(road) as (session, _):
            me = actor(session, road, key)
            for paper in documents(road, "expert_sheet"):
                with pytest.raises(NotFound):
                    gate.read(session, me, Document, paper.id)
    with looking(road) as (session, _):
        me = actor(session, road, first)
        assert gate.read(session, me, Assignment, mine).expert_id == me.person_id
        assert gate.read(session, me, Document, documents(road, "expert_sheet")[0].id)
    for one in others:
        road.sign(one, (0.8,))
    assert road.state() == "consolidation"
    assert all(may(road, key, P.SEE_REVIEWS) for key in (first, *others, "morozova", "gradov"))
    assert not may(road, road.applicant, P.SEE_REVIEWS)


def test_r19_the_added_expert_is_blind_too(play):
    """R19: in a third review."""
    road = play("third_review", MATERIAL)
    road.invite([acts.ONE_MORE], REASON)
    road.accept([acts.ONE_MORE])
    assert not may(road, acts.ONE_MORE, P.SEE_REVIEWS)
    assert not may(road, "bondarenko", P.SEE_REVIEWS)
    with looking(road) as (session, _):
        me = actor(session, road, acts.ONE_MORE)
        with pytest.raises(NotFound):
            gate.read(session, me, Assignment, signed_ids(road)["bondarenko"])


def test_an_expert_does_nothing_with_a_foreign_sheet(play):
    """Security 19: each act on an assignment is its owner's."""
    road = play("in_review", MATERIAL)
    for name in ("recuse", "sign"):
        with pytest.raises((Denied, Invalid)), road.stage.turn("lebedev") as (session, me):
            theirs = session.get_one(Assignment, assignment_id(road, "bondarenko"))
            asks = PLACE.transition(name).asks
            gate.perform(
                session, me, theirs, name, from_json(asks, {"reason": REASON, "how": "simple"}), theirs.version
            )
    assert {state for _, _, state in assignments(road)} == {"in_work"}
