"""Every transition of assignments, files and documents, from every state that it may start in, through the real gate."""

from collections.abc import Callable

import pytest

from tests.gate import acts
from tests.gate.kit import REASON, assignment_id, by_system, documents, events, looking, sound, tick
from tests.play import EXPERTS
from workflow_app import gate
from workflow_app.db.models import Assignment, Case, CaseFile, Document, Person
from workflow_app.demo import sample_reviews
from workflow_app.demo.steps import DIRECTOR, NO_CONFLICT, TEXTS, Road
from workflow_app.facts import choices
from workflow_app.states.definitions.assignment import ASSIGNMENT
from workflow_app.states.definitions.document import DOCUMENT
from workflow_app.states.definitions.file import FILE
from workflow_app.states.definitions.review_forms import Annul, CallOff
from workflow_app.states.forms import Nothing, fill
from workflow_app.states.vocabulary import Trigger, Workflow

MATERIAL, ATTESTATION = "methodical_material", "attestation_portfolio"
EXPERT = EXPERTS[MATERIAL][0]
OPINION = "Подтверждающих документов в материалах нет, с выводом согласиться нельзя."


def invited(play) -> Road:
    road = play("assigning", MATERIAL)
    road.invite(EXPERTS[MATERIAL], REASON)
    return road


def accepted(play) -> Road:
    road = invited(play)
    road.accept([EXPERT])
    return road


def in_work(play) -> Road:
    return play("in_review", MATERIAL)


def signed(play) -> Road:
    road = play("in_review", MATERIAL)
    road.sign(EXPERT, (0.8,))
    return road


def circulated(play) -> Road:
    road = play("consolidation", MATERIAL)
    road.stage.act(road.office, road.case_id, "circulate", TEXTS)
    return road


def answered(play) -> Road:
    road = circulated(play)
    road.stage.review(EXPERT, road.case_id, "agree", {"how": "simple"})
    road.stage.act(road.office, road.case_id, "circulate", TEXTS)
    return road


def sent_back(play) -> Road:
    """One sheet void, the other one consolidated, the case in review again."""
    road = play("consolidation", MATERIAL)
    road.consolidate(EXPERTS[MATERIAL])
    other = [acts.signed_ids(road)[EXPERTS[MATERIAL][1]]]
    road.stage.act(road.office, road.case_id, "send_back", {"assignments": other, "reason": REASON})
    return road


def common(play) -> Road:
    road = play("third_review", ATTESTATION)
    acts.draft_common(road)
    return road


def common_again(play) -> Road:
    """The same with specialists who had signed the conclusion already."""
    road = play("consolidation", ATTESTATION)
    road.consolidate(EXPERTS[ATTESTATION])
    lead = EXPERTS[ATTESTATION][1]
    road.stage.act(
        road.office, road.case_id, "send_back", {"assignments": [acts.signed_ids(road)[lead]], "reason": REASON}
    )
    road.sign(lead, (0.1,), "not_conforms")
    acts.draft_common(road)
    return road


def own(name: str, **raw: object) -> Callable[[Road], None]:
    return lambda road: road.stage.review(EXPERT, road.case_id, name, raw)


def office(name: str) -> Callable[[Road], None]:
    return lambda road: road.stage.office(road.office, road.case_id, EXPERT, name, {"reason": REASON})


def system(name: str, sheet: object) -> Callable[[Road], None]:
    return lambda road: by_system(road, Assignment, assignment_id(road, EXPERT), name, sheet)


def sign(road: Road) -> None:
    raw = sample_reviews.review(road.sheet(), MATERIAL, (0.8,))
    road.stage.review(EXPERT, road.case_id, "sign", raw)


def accept_all(road: Road) -> None:
    road.accept([one for one in EXPERTS[MATERIAL] if one != EXPERT])


def lift(road: Road) -> None:
    """The expert works at the applicant's school now; the director lets them go on (0a.13)."""
    with road.stage.database.transaction(keep=True) as session:
        expert, applicant = (session.get_one(Person, road.stage.people[one]) for one in (EXPERT, road.applicant))
        expert.organization_id = applicant.organization_id
    road.stage.office(DIRECTOR, road.case_id, EXPERT, "lift_conflict", {"reason": REASON})


ASSIGNMENTS: dict[tuple[str, str], tuple[Callable, Callable[[Road], None]]] = {
    ("accept", "invited"): (invited, own("accept", **NO_CONFLICT)),
    ("resume", "invited"): (lambda play: play("consolidation", MATERIAL), acts.send_back),
    ("refuse", "invited"): (invited, own("refuse", cause="busy", comment="")),
    ("expire", "invited"): (invited, lambda road: tick(road, days=20)),
    ("cancel_invitation", "invited"): (invited, office("cancel_invitation")),
    ("cancel_invitation", "accepted"): (accepted, office("cancel_invitation")),
    ("begin_work", "accepted"): (accepted, accept_all),
    ("sign", "in_work"): (in_work, sign),
    ("recuse", "accepted"): (accepted, own("recuse", reason=REASON)),
    ("recuse", "in_work"): (in_work, own("recuse", reason=REASON)),
    ("remove", "in_work"): (in_work, office("remove")),
    ("lift_conflict", "invited"): (invited, lift),
    ("lift_conflict", "accepted"): (accepted, lift),
    ("lift_conflict", "in_work"): (in_work, lift),
    ("lift_conflict", "signed"): (signed, lift),
    ("lift_conflict", "consolidated"): (lambda play: play("on_approval", MATERIAL), lift),
    ("void_sheet", "signed"): (signed, office("void_sheet")),
    ("void_sheet", "consolidated"): (sent_back, office("void_sheet")),
    ("annul", "signed"): (signed, system("annul", Annul(reason=REASON))),
    ("annul", "consolidated"): (lambda play: play("on_approval", MATERIAL), acts.send_back),
    ("call_off", "invited"): (invited, acts.ACTS["withdraw"]),
    ("call_off", "accepted"): (accepted, acts.ACTS["withdraw"]),
    ("call_off", "in_work"): (in_work, system("call_off", CallOff(reason=REASON))),
    ("pass", "signed"): (signed, system("pass", Nothing())),
    ("pass", "consolidated"): (lambda play: play("on_revision", MATERIAL), acts.resubmit),
    ("agree", "signed"): (circulated, own("agree", how="simple")),
    ("agree", "consolidated"): (answered, own("agree", how="simple")),
    ("dissent", "signed"): (circulated, own("dissent", how="simple", opinion=OPINION)),
    ("dissent", "consolidated"): (answered, own("dissent", how="simple", opinion=OPINION)),
    ("join_common", "signed"): (common, own("join_common", how="simple")),
    ("join_common", "consolidated"): (common_again, own("join_common", how="simple")),
    ("dissent_common", "signed"): (common, own("dissent_common", how="simple", opinion=OPINION)),
    ("dissent_common", "consolidated"): (common_again, own("dissent_common", how="simple", opinion=OPINION)),
}  # fmt: skip


def ways(workflow: Workflow) -> set[tuple[str, str]]:
    return {(one.name, source) for one in workflow.transitions.values() for source in one.sources}


def check(road: Road, kind: str, workflow: Workflow, name: str, source: str, seen: int) -> None:
    done = [one for one in events(road)[seen:] if (one.subject_kind, one.transition) == (kind, name)]
    assert done
    assert source in {one.before for one in done}
    targets = {target.state for target in workflow.transition(name).targets} or {source}
    assert {one.after for one in done} <= targets
    assert sound(road)


def test_every_way_of_an_assignment_is_tried():
    assert set(ASSIGNMENTS) == ways(ASSIGNMENT)


@pytest.mark.parametrize(("name", "source"), ASSIGNMENTS)
def test_an_assignment_goes_every_way(play, name, source):
    beginning, act = ASSIGNMENTS[name, source]
    road = beginning(play)
    seen = len(events(road))
    act(road)
    check(road, "assignment", ASSIGNMENT, name, source, seen)


FILES = {
    ("remove_file", "attached"): ("sokolova", {}),
    ("restore_file", "removed"): ("sokolova", {}),
    ("rename_file", "attached"): ("sokolova", {"name": "Сборник", "kind": "material", "note": "", "place": 1}),
    ("confirm_names", "attached"): ("morozova", {"note": "проверено"}),
}


def test_every_way_of_a_file_is_tried():
    assert set(FILES) == ways(FILE)


def on_file(road: Road, key: str, name: str, raw: dict) -> None:
    with road.stage.turn(key) as (session, me):
        case = session.get_one(Case, road.case_id)
        file = session.get_one(CaseFile, min(one.id for one in case.files))
        sheet = fill(FILE.transition(name).asks, raw, choices.of_case(session, case))
        gate.perform(session, me, file, name, sheet, file.version)


@pytest.mark.parametrize(("name", "source"), FILES)
def test_a_file_goes_every_way(play, name, source):
    road = play("registered" if name == "confirm_names" else "draft", MATERIAL)
    if source == "removed":
        on_file(road, "sokolova", "remove_file", {})
    seen = len(events(road))
    on_file(road, *(FILES[name, source][0], name, FILES[name, source][1]))
    check(road, "file", FILE, name, source, seen)


DOCUMENTS = [
    ("replace", "issued"),
    ("replace", "superseded"),
    ("supersede", "issued"),
    ("void", "issued"),
    ("void", "superseded"),
]


def test_every_way_of_a_document_is_tried():
    """The ways that people take have tests of their own: tests/web/test_paper_signatures.py."""
    by_hand = {one for one in ways(DOCUMENT) if DOCUMENT.transition(one[0]).trigger is Trigger.USER}
    attested = {
        one for one in ways(DOCUMENT) if one[0] == "make_pdf"
    }  # moves nothing: tests/web/test_paper_signatures.py
    assert set(DOCUMENTS) == ways(DOCUMENT) - by_hand - attested
    assert {name for name, _ in by_hand} == {"seal", "attach_signature", "withdraw_signature"}


@pytest.mark.parametrize(("name", "source"), DOCUMENTS)
def test_a_document_goes_every_way(play, name, source):
    road = play("on_revision", MATERIAL)
    if source == "superseded":
        acts.resubmit(road)
    paper = documents(road, "consolidated_conclusion")[0]
    seen = len(events(road))
    by_system(road, Document, paper.id, name, Nothing())
    check(road, "document", DOCUMENT, name, source, seen)


def test_the_bytes_of_a_void_document_stay_what_they_were(play):
    """R33."""
    road = play("approved", MATERIAL)
    paper = documents(road, "consolidated_conclusion")[0]
    before = road.stage.database.blobs.read(paper.sha256)
    acts.ACTS["cancel"](road)
    with looking(road) as (session, _):
        assert session.get_one(Document, paper.id).sha256 == paper.sha256
    assert road.stage.database.blobs.read(paper.sha256) == before
