"""Who sees what (decisions.md 33): every case type, state, person and permission; written from the table, not the code."""

import pytest

from tests.gate import acts
from tests.gate.kit import actor, documents, looking
from tests.play import EXPERTS
from workflow_app import gate
from workflow_app.db.models import Document
from workflow_app.demo.steps import DIRECTOR
from workflow_app.facts.standings import visible
from workflow_app.facts.subjects import facts_of, workflow_of
from workflow_app.features.cases import queries
from workflow_app.features.cases.queries import Wanted
from workflow_app.states import policy
from workflow_app.states.vocabulary import Permission as P

ATTESTATION = "attestation_portfolio"
# In the order of the road, so that "from assigning" means this place and everything after it.
ORDER = (
    "draft", "submitted", "registered", "returned", "assigning", "in_review", "third_review", "consolidation", "on_approval",
    "approved", "appealed", "on_revision", "sent_to_commission", "decided", "closed",
)  # fmt: skip
OTHERS = {"attestation_portfolio": {"on_revision"}, "methodical_material": {"sent_to_commission", "decided"}}
OTHERS["innovation_product"] = OTHERS["methodical_material"]
OTHERS["platform_results"] = OTHERS["methodical_material"] | {"on_revision"}
STATES = [(kind, state) for kind in EXPERTS for state in ORDER if state not in OTHERS[kind]]
NOBODY = ("chernykh", "kuzmin", "pavlyuk", "akhmetova", "vdovina", "zorina")


def since(state: str, first: str) -> bool:
    return ORDER.index(state) >= ORDER.index(first)


def between(state: str, first: str, last: str) -> bool:
    return since(state, first) and ORDER.index(state) <= ORDER.index(last)


def of_applicant(kind: str, state: str) -> set[P]:
    found = {P.VIEW, P.SEE_MATERIALS, P.SEE_HISTORY}
    if state in ("draft", "returned", "on_revision"):
        found |= {P.EDIT, P.ATTACH}
    if kind == ATTESTATION and state in ("registered", "assigning", "in_review"):
        found |= {P.ATTACH}
    return found | ({P.SEE_EXPERTS, P.SEE_CONCLUSION} if since(state, "approved") else set())


def of_coordinator(state: str) -> set[P]:
    if state == "draft":
        return set()
    found = {P.VIEW, P.SEE_MATERIALS, P.SEE_HISTORY}
    found |= {P.SEE_EXPERTS} if since(state, "assigning") else set()
    return found | ({P.SEE_REVIEWS, P.SEE_CONCLUSION} if since(state, "consolidation") else set())


def of_director(state: str) -> set[P]:
    return of_coordinator(state) - ({P.SEE_CONCLUSION} if state == "consolidation" else set())


def of_expert(state: str) -> set[P]:
    if not since(state, "in_review"):
        return set()
    found = {P.VIEW, P.SEE_HISTORY} | ({P.SEE_MATERIALS} if between(state, "in_review", "on_approval") else set())
    return found | ({P.SEE_EXPERTS, P.SEE_REVIEWS, P.SEE_CONCLUSION} if since(state, "consolidation") else set())


def told(road, key: str) -> set[P]:
    """What a person may on the case: facts and person are read once for all permissions."""
    with looking(road) as (session, case):
        me, facts = actor(session, road, key), facts_of(case, session)
        return {one for one in P if policy.may(workflow_of(case), me, facts, one)}


@pytest.mark.parametrize(("kind", "state"), STATES)
def test_everybody_sees_what_the_table_says(play, kind, state):
    """Security 19, R17, R19, R26."""
    road = play(state, kind)
    expert = EXPERTS[kind][0]
    expected = {
        road.applicant: of_applicant(kind, state),
        "morozova": of_coordinator(state),
        "subbotina": of_coordinator(state) | of_director(state),
        DIRECTOR: of_director(state),
        expert: of_expert(state) if state not in ("in_review", "third_review") else of_expert(state) - {P.SEE_REVIEWS},
        **dict.fromkeys(NOBODY, frozenset()),
    }
    assert {key: told(road, key) for key in expected} == expected


@pytest.mark.parametrize("kind", EXPERTS)
def test_the_school_sees_the_state_of_its_teachers_case_and_nothing_in_it(play, kind):
    """domain.md 0a.17: koroleva answers for the school of sokolova."""
    for state in ("submitted", "in_review", "approved", "closed"):
        road = play(state, kind)
        own_school = road.applicant == "sokolova"
        assert told(road, "koroleva") == ({P.VIEW} if own_school else set())
    assert told(play("draft", kind), "koroleva") == set()


def test_the_panel_sees_everything_while_the_appeal_is_open_and_nothing_after_it(play):
    road = play("appealed", "methodical_material")
    assert told(road, acts.PANEL[0]) == set()
    acts.appoint_panel(road)
    seen = {P.VIEW, P.SEE_MATERIALS, P.SEE_EXPERTS, P.SEE_REVIEWS, P.SEE_CONCLUSION, P.SEE_HISTORY}
    assert told(road, acts.PANEL[0]) == seen
    acts.ACTS["withdraw_appeal"](road)
    assert told(road, acts.PANEL[0]) == set()


@pytest.mark.parametrize("kind", EXPERTS)
@pytest.mark.parametrize("state", ["withdrawn", "cancelled", "declined"])
def test_what_ended_early_shows_the_card_and_no_sheets(play, kind, state):
    road = play(state, kind)
    for key in (road.applicant, "morozova", DIRECTOR):
        assert told(road, key) == {P.VIEW, P.SEE_MATERIALS, P.SEE_HISTORY}
    for key in (*NOBODY, *EXPERTS[kind]):
        assert told(road, key) == set()


@pytest.mark.parametrize("state", ["withdrawn", "cancelled"])
def test_what_ended_early_tells_no_more_of_its_examination_once_it_is_archived(play, state):
    """R30, security.md 72: neither by its pages nor by the filter of verdicts, though an earlier round was approved."""
    road = play("on_revision")
    acts.resubmit(road)
    road.accept(EXPERTS[road.kind])
    for one in EXPERTS[road.kind]:
        road.sign(one, (0.8, 1.0))
    road.consolidate(EXPERTS[road.kind])
    road.propose(road.rule())
    acts.ACTS["withdraw" if state == "withdrawn" else "cancel"](road)
    for _ in range(2):  # as it ended, then in the archive
        for key in (road.applicant, "morozova", DIRECTOR, *EXPERTS[road.kind]):
            assert not {P.SEE_EXPERTS, P.SEE_REVIEWS, P.SEE_CONCLUSION} & told(road, key)
            with looking(road) as (session, _case):
                me = actor(session, road, key)
                for verdict in ("any", "positive", "revise", "negative") if key in ("morozova", DIRECTOR) else ():
                    assert queries.found(session, me, Wanted(sides={"verdict": verdict})).count(session) == 0
                assert visible(me, P.SEE_CONCLUSION).count(session) == 0
        acts.waited(road)
    assert road.state() == "archived"


@pytest.mark.parametrize("kind", EXPERTS)
def test_the_archive_keeps_the_card_and_the_conclusion(play, kind):
    road = play("closed", kind)
    acts.waited(road)
    assert road.state() == "archived"
    assert P.SEE_CONCLUSION in told(road, road.applicant)
    assert not {P.EDIT, P.ATTACH, P.SEE_REVIEWS} & told(road, road.applicant)
    assert not {P.EDIT, P.ATTACH} & (told(road, "morozova") | told(road, DIRECTOR))


def opened(road, key: str) -> set[tuple[str, str]]:
    """Kinds and states of the case's documents that a person may open."""
    with looking(road) as (session, _case):
        by = actor(session, road, key)
        return {
            (one.document_kind, one.state)
            for one in documents(road)
            if gate.visible(session, by, session.get_one(Document, one.id))
        }


def test_the_applicant_keeps_the_conclusion_of_the_last_round_while_the_next_one_goes_on(play):
    road = play("on_revision", "methodical_material")
    acts.resubmit(road)
    assert road.state() == "assigning"
    past = ("consolidated_conclusion", "superseded")
    for key in (road.applicant, "morozova", DIRECTOR):
        assert past in opened(road, key)
    assert not any(kind.startswith("expert") for kind, _ in opened(road, road.applicant))
    for key in (*NOBODY, *EXPERTS["methodical_material"]):
        assert past not in opened(road, key)


def test_a_conclusion_that_failed_stays_with_the_centre_alone(play):
    road = play("approved", "methodical_material")
    acts.ACTS["cancel"](road)
    void = {one for one in opened(road, "morozova") if one[1] == "void"}
    assert ("consolidated_conclusion", "void") in void
    assert void & opened(road, DIRECTOR) == void
    assert not void & opened(road, road.applicant)
