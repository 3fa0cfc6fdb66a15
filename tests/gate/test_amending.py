"""«Исправить карточку»: everything that was entered, by the rules of the submission, with all that rests on it."""

import json
from datetime import date, timedelta

import pytest

from tests.gate.kit import REASON, actor, assignments, documents, events, last, looking, offered, value
from tests.play import amend, at
from workflow_app.db.models import Case, CriteriaRow, Organization, Person
from workflow_app.demo.steps import DIRECTOR
from workflow_app.errors import Broken, Invalid
from workflow_app.facts.worklist import count_waiting, tasks
from workflow_app.features.cases.office import card_correction
from workflow_app.states.definitions.case.forms import CHANNELS

ATTESTATION, MATERIAL = "attestation_portfolio", "methodical_material"


def key_of_sheet(road):
    with looking(road) as (session, case):
        return session.get_one(CriteriaRow, case.criteria_id).key


def place_of(road, key):
    with looking(road) as (session, _):
        return session.get_one(Person, road.stage.people[key]).organization_id


def another_place(road):
    with looking(road) as (session, case):
        known = session.query(Organization.id).filter(
            Organization.municipality_id == case.municipality_id, Organization.id != case.organization_id
        )
        return known.order_by(Organization.id).first()[0]


def test_what_stood_before_and_what_stands_now_are_in_the_event(stage):
    road = at(stage, "registered")
    old = value(road, "title")
    amend(road, title="Исправленное название материала", outside_number="ГУ-17")
    data = last(road, "amend").data
    assert (json.loads(data["was"]["title"]), data["title"]) == (old, "Исправленное название материала")
    assert ("outside_number" in data["was"], data["outside_number"]) == (False, "ГУ-17")
    assert (value(road, "title"), value(road, "form")["title"]) == ("Исправленное название материала",) * 2


def test_a_correction_that_misquotes_the_card_is_refused(play):
    """The event would say what never stood."""
    road = play("registered", MATERIAL)
    with pytest.raises(Broken, match="stood before"):
        road.stage.act(road.office, road.case_id, "amend", _raw(road) | {"was": {"title": '"Другое"'}})
    assert last(road, "register") and not [one for one in events(road) if one.transition == "amend"]


def _raw(road):
    with looking(road) as (_, case):
        return card_correction.standing(case) | {"reason": REASON, "was": card_correction.before(case)}


def test_everything_that_was_entered_can_be_corrected(play):
    road = play("registered", MATERIAL)
    place = another_place(road)
    amend(
        road,
        organization_id=place,
        position="methodist",
        annotation="Исправленная аннотация. " * 12,
        received_at="2026-08-31",
        co_authors=["Новиков Пётр Ильич"],
    )
    with looking(road) as (_, case):
        assert (case.organization_id, case.form["position"], case.received_at) == (
            place,
            "methodist",
            date(2026, 8, 31),
        )
        assert [one.name for one in case.co_authors] == ["Новиков Пётр Ильич"]
        assert len(case.versions) == 2 and case.versions[-1].form == case.form


def test_another_category_is_judged_by_its_own_sheet(stage):
    """R27: the sheet is pinned anew."""
    road = at(stage, "assigning", ATTESTATION)
    assert key_of_sheet(road) == "a_highest"
    assert "methodical_work" in value(road, "form")["report"]
    amend(road, target_category="first")
    assert key_of_sheet(road) == "a_first"
    assert "methodical_work" not in value(road, "form")["report"]  # the first category is not judged by it
    assert "methodical_work" in last(road, "amend").data["report"]  # and nothing that was typed is lost


def test_the_category_and_the_post_are_settled_once_the_experts_are_appointed(play):
    road = play("in_review", ATTESTATION)
    for changes in ({"target_category": "first"}, {"attested_position": "methodist"}):
        with pytest.raises(Invalid, match="аннулируйте дело и заведите новое"):
            amend(road, **changes)
    amend(road, organization_id=another_place(road))
    assert key_of_sheet(road) == "a_highest"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"target_category": "highest", "current_category": "none", "earlier_category": "none"}, "target_category"),  # R3
        ({"target_category": "mentor"}, "target_category"),  # R4
        ({"target_category": "methodist", "attested_position": "methodist", "earlier_category": "highest"}, "attested_position"),  # R5
        ({"refused_category": "highest", "refused_on": "2026-05-01"}, "refused_on"),  # R6
        ({"annotation": "", "title": ""}, "title"),
        ({"received_at": "2027-01-01"}, "received_at"),
        ({"received_at": None}, "received_at"),
        ({"attestation_on": "2035-01-01"}, "attestation_on"),
    ],
)  # fmt: skip
def test_the_rules_of_the_submission_hold_for_a_correction(play, changes, field):
    """R3 to R6, and the limits of every field."""
    road = play("assigning", ATTESTATION)
    with pytest.raises(Invalid) as refused:
        amend(road, **changes)
    assert field in refused.value.problems


def test_the_legal_terms_follow_the_corrected_dates(play):
    """R8, R9."""
    road = play("assigning", ATTESTATION)
    on = value(road, "attestation_on") + timedelta(days=3)
    amend(road, received_at="2026-08-30", attestation_on=on.isoformat())
    assert value(road, "consideration_due") == date(2026, 9, 29)
    assert value(road, "decision_due") == on + timedelta(days=60)


def test_the_applicant_of_a_case_that_came_through_the_system_is_nobody_else(play):
    road = play("registered", MATERIAL)
    for changes in ({"applicant_id": road.stage.people["zhuravlyova"]}, {"channel": CHANNELS[1].value}):
        with pytest.raises(Invalid, match="Этого в деле не меняют"):
            amend(road, **changes)


def test_a_wrong_applicant_of_a_case_entered_on_behalf_is_mended_but_never_to_oneself(stage):
    road = at(stage, "registered")
    with stage.database.transaction(keep=True) as session:
        session.get_one(Case, road.case_id).channel = "paper"
    with pytest.raises(Invalid, match="Себя заявителем"):
        amend(road, applicant_id=stage.people["morozova"])
    with pytest.raises(Invalid, match="через систему оно не поступало"):
        amend(road, channel="web")
    amend(road, applicant_id=stage.people["zhuravlyova"])
    assert value(road, "applicant_id") == stage.people["zhuravlyova"]


def test_a_conflict_that_the_correction_brings_stands_beside_the_expert(play):
    """R15: the organisation was wrong, and with the right one an expert is a colleague of the applicant."""
    road = play("in_review", ATTESTATION)
    expert = assignments(road)[0][0]
    amend(road, organization_id=place_of(road, expert))
    with looking(road) as (_, case):
        warned = {one.expert_id: one.warnings for one in case.assignments}
        assert any("в той же организации" in said for said in warned[road.stage.people[expert]])
    amend(road, outside_number="ГУ-18")
    with looking(road) as (_, case):
        again = {one.expert_id: one.warnings for one in case.assignments}
    assert again == warned


def outdated(road):
    return [one for one in documents(road) if one.outdated and one.state == "issued"]


def waiting(road, key):
    """What the person's work list offers about this case, and whether the count says the same."""
    with looking(road) as (session, case):
        me = actor(session, road, key)
        found = tasks(session, me)
        assert len(found) == count_waiting(session, me)
        return [str(one.verb) for one in found if one.case.id == case.id]


def test_papers_that_say_what_stood_before_are_offered_to_be_issued_again(stage):
    """R33: the bytes that were issued stay; the new version replaces them."""
    road = at(stage, "approved")
    amend(road, outside_number="ГУ-19")
    assert outdated(road) == []
    amend(road, title="Исправленное название материала")
    old = outdated(road)
    assert {one.document_kind for one in old} >= {"consolidated_conclusion"}
    assert "reissue" in offered(road, DIRECTOR)
    assert "Выдать документ заново" in waiting(road, DIRECTOR)
    assert "Выдать документ заново" not in waiting(road, "morozova")
    road.stage.act(
        DIRECTOR, road.case_id, "reissue", {"kind": "consolidated_conclusion", "reason": REASON, "how": "simple"}
    )
    states = {one.id: one.state for one in documents(road, "consolidated_conclusion")}
    assert sorted(states.values()) == ["issued", "replaced"]
    assert states[next(one.id for one in old if one.document_kind == "consolidated_conclusion")] == "replaced"


def test_the_notice_of_an_attestation_date_is_issued_again_while_the_experts_work(play):
    road = play("in_review", ATTESTATION)
    on = value(road, "attestation_on") + timedelta(days=7)
    amend(road, attestation_on=on.isoformat())
    (notice,) = outdated(road)
    road.stage.act(DIRECTOR, road.case_id, "reissue", {"kind": "term_notice", "reason": REASON, "how": "simple"})
    assert [one.edition for one in documents(road, "term_notice")] == [1, 2]
    assert notice.edition == 1
    assert outdated(road) == []
    assert "Выдать документ заново" not in waiting(road, DIRECTOR)


@pytest.mark.parametrize("state", ["approved", "closed"])
def test_people_and_organisation_are_corrected_to_the_end(play, state):
    road = play(state, MATERIAL)
    place = another_place(road)
    amend(road, organization_id=place)
    assert value(road, "organization_id") == place


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_the_card_of_a_draft_and_of_an_ended_case_is_not_the_offices(play, state):
    assert "amend" not in offered(play(state, MATERIAL), "morozova")
