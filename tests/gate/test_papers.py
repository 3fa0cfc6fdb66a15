"""Papers that accompany a case: the refusal, the appeal taken up, the specialists' discussion, the act of completion."""

import pytest

from tests.gate import acts
from tests.gate.kit import actor, documents, findings, looking, value, words
from tests.play import EXPERTS
from workflow_app import gate
from workflow_app.db.models import Document, Person
from workflow_app.documents.checks.run import check
from workflow_app.features.documents import verification
from workflow_app.gate.issuing.context import latest

DUPLICATE = {
    "attestation_portfolio": "такое же заявление уже рассматривается",
    "methodical_material": "этот материал уже находится на экспертизе",
    "innovation_product": "этот продукт уже находится на экспертизе",
    "platform_results": "отчёт этого проекта за этот период уже находится на экспертизе",
}
ATTESTATION, MATERIAL = "attestation_portfolio", "methodical_material"


def only(road, kind):
    """The one document of a kind that is in force."""
    (found,) = [one for one in documents(road, kind) if one.state == "issued"]
    return found


def opens(road, key, document) -> bool:
    with looking(road) as (session, _case):
        return gate.visible(session, actor(session, road, key), session.get_one(Document, document.id))


def surnames(road, keys):
    with looking(road) as (session, _case):
        return [session.get_one(Person, road.stage.people[key]).last_name for key in keys]


@pytest.mark.parametrize("kind", EXPERTS)
def test_a_refusal_is_told_in_a_letter_with_the_ground_and_the_term_of_the_appeal(play, kind):
    """R7, R33."""
    road = play("declined", kind)
    letter = only(road, "refusal_notice")
    said = words(road, letter.sha256)
    assert (letter.register, letter.number) == ("letters", "1")
    assert value(road, "refusal")["comment"].rstrip(".") in said
    assert DUPLICATE[kind] in said
    assert "апелляци" in said
    assert f"{value(road, 'appeal_until').year} г." in said
    assert opens(road, road.applicant, letter)
    assert opens(road, "morozova", letter)
    assert not opens(road, EXPERTS[kind][0], letter)


def test_a_granted_appeal_makes_the_refusal_void(play):
    road = play("appealed:declined", MATERIAL)
    acts.grant_appeal(road)
    assert road.state() == "registered"
    assert [one.state for one in documents(road, "refusal_notice")] == ["void"]
    assert findings(road) == []


def test_there_is_no_second_appeal_and_the_second_refusal_promises_none(play):
    road = play("appealed:declined", MATERIAL)
    acts.grant_appeal(road)
    raw = {"ground": "duplicate", "comment": "Заявление с тем же содержанием уже рассматривается центром."}
    road.stage.act("morozova", road.case_id, "decline", raw)
    said = words(road, only(road, "refusal_notice").sha256)
    assert "апелляци" not in said
    assert "подать документы повторно" in said


def test_a_panel_that_is_appointed_anew_replaces_the_letter(play):
    road = play("appealed", MATERIAL)
    acts.appoint_panel(road)
    acts.appoint_panel(road)
    assert [(one.state, one.edition) for one in documents(road, "appeal_notice")] == [("replaced", 1), ("issued", 2)]
    assert findings(road) == []


def test_what_is_written_to_the_applicant_is_not_for_the_experts(play):
    road = play("in_review", ATTESTATION)
    notice = only(road, "term_notice")
    assert opens(road, road.applicant, notice)
    assert opens(road, "morozova", notice)
    assert not any(opens(road, one, notice) for one in EXPERTS[ATTESTATION])


def test_an_appeal_that_is_taken_up_is_told_without_the_names_of_the_panel(play):
    road = play("appealed", MATERIAL)
    acts.appoint_panel(road)
    letter = only(road, "appeal_notice")
    said = words(road, letter.sha256)
    assert opens(road, road.applicant, letter)
    assert not [name for name in surnames(road, acts.PANEL) if name in said]


def test_the_specialists_discussion_has_a_protocol_with_the_votes_and_the_signatures(play):
    road = play("third_review", ATTESTATION)
    acts.common_result(road)
    protocol = only(road, "protocol")
    said = words(road, protocol.sha256)
    assert (protocol.register, protocol.number) == ("protocols", "1")
    assert "ПРОТОКОЛ" in said
    assert "СЛУШАЛИ" in said
    assert "РЕШИЛИ" in said
    for name in surnames(road, EXPERTS[ATTESTATION]):
        assert name in said
    assert said.count("простой электронной подписью") == len(EXPERTS[ATTESTATION])
    assert opens(road, "morozova", protocol)
    assert not opens(road, road.applicant, protocol), "before the approval"


def test_the_public_check_of_a_protocol_names_none_of_those_who_signed_it(play):
    """An expert leads the discussion and signs it: the signer is named only where the director signs."""
    road = play("third_review", ATTESTATION)
    acts.common_result(road)
    with looking(road) as (session, _):
        told = verification.told(session, session.get_one(Document, only(road, "protocol").id))
    assert [str(one.what) for one in told.signatures] == ["простая электронная подпись"]
    assert [one.who for one in told.signatures] == [""]


def test_a_protocol_falls_with_the_sheets_that_were_discussed(play):
    road = play("third_review", ATTESTATION)
    acts.common_result(road)
    road.consolidate(EXPERTS[ATTESTATION])
    acts.send_back(road)
    assert [one.state for one in documents(road, "protocol")] == ["void"]


def test_a_conclusion_after_an_annulled_one_begins_its_versions_anew(play):
    """R34: a void chain has no next version; the new paper takes a number of its own."""
    road = play("approved", MATERIAL)
    acts.reissue(road)
    acts.appeal(road)
    acts.grant_appeal(road)
    assert [one.state for one in documents(road, "consolidated_conclusion")] == ["replaced", "void"]
    with looking(road) as (session, case):
        assert latest(session, case, None, "consolidated_conclusion") is None


@pytest.mark.parametrize("kind", EXPERTS)
def test_the_end_of_a_case_is_an_act_with_everything_that_was_issued(play, kind):
    """R2: it never says that a category was given."""
    road = play("closed", kind)
    act = only(road, "completion_act")
    said = words(road, act.sha256)
    assert act.register == "acts"
    assert value(road, "number") in said
    for one in documents(road):
        if one.number and one.document_kind != "completion_act":
            assert one.number in said
    assert "категория установлена" not in said
    assert "присвоена" not in said


@pytest.mark.parametrize("state", ["closed", "declined", "appealed"])
def test_every_issued_file_passes_the_checker_of_documents(play, state):
    for kind in EXPERTS:
        road = play(state, kind)
        for one in documents(road):
            if one.file_name.endswith(".docx"):
                with looking(road) as (session, _case):
                    data = session.info["blobs"].path(one.sha256).read_bytes()
                assert check(data) == (), one.file_name
