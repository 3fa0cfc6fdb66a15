"""A page that reads computes the facts of a subject once, and once what may be done with it; a request that acts asks anew."""

from collections import Counter

import pytest

from tests.play import at
from tests.web.pages import text_of
from workflow_app import clock
from workflow_app.db.models import Case, Person
from workflow_app.facts import subjects
from workflow_app.facts.actors import actor_of
from workflow_app.facts.subjects import compute_once, facts_of, offers_of
from workflow_app.states import policy


@pytest.fixture
def computed(monkeypatch):
    """How often facts and offers were computed, by what they are of."""
    told, kept = Counter(), []
    facts, offers = subjects._facts_of, policy.offers

    def counting_facts(subject, session):
        told["facts", subject.kind, subject.id] += 1
        return facts(subject, session)

    def counting_offers(workflow, actor, known):
        kept.append(known)  # held: no other gets its number
        told["offers", workflow.name, id(known)] += 1
        return offers(workflow, actor, known)

    monkeypatch.setattr(subjects, "_facts_of", counting_facts)
    monkeypatch.setattr(policy, "offers", counting_offers)
    return told


CASE = (
    "/cases/{id}",
    "/cases/{id}/history",
    "/cases/{id}/documents",
    "/cases/{id}/files",
    "/cases/{id}/assign",
    "/cases/{id}/review",
)


@pytest.mark.parametrize("state", ["submitted", "assigning", "in_review", "on_approval"])
@pytest.mark.parametrize("key", ["morozova", "gradov", "sokolova"])
def test_the_pages_of_a_case(quick_stage, client_as, computed, state, key):
    road, client = at(quick_stage, state), client_as(key)
    for address in CASE:
        computed.clear()
        answer = client.get(address.format(id=road.case_id))
        assert answer.status_code in (200, 403, 404)
        assert [one for one, times in computed.items() if times > 1] == [], address


@pytest.mark.parametrize(
    "address",
    ["/people/{sokolova}", "/people/{bondarenko}/do/edit_person", "/settings", "/profile", "/records/organization"],
)
def test_other_cards(quick_stage, client_as, computed, address):
    client = client_as("morozova")
    assert client.get(address.format(**quick_stage.people)).status_code == 200
    assert [one for one, times in computed.items() if times > 1] == []


def test_the_page_of_a_record_with_parts(quick_stage, client_as, computed):
    client = client_as("morozova")
    made = client.post(
        "/records/publication/new",
        data={"title": "Статья о школе", "on": "2026-11-20", "channel": "site", "level": "municipal"},
    )
    assert made.status_code == 303, text_of(made)
    computed.clear()
    assert client.get(made.location).status_code == 200
    assert [one for one, times in computed.items() if times > 1] == []


def test_a_transaction_that_acts_computes_anew(quick_stage):
    road = at(quick_stage, "submitted")
    with clock.at(quick_stage.moment), quick_stage.database.transaction(keep=False) as session:
        case = session.get_one(Case, road.case_id)
        before = facts_of(case, session)
        case.state = "registered"
        assert (before.state, facts_of(case, session).state) == ("submitted", "registered")
        compute_once(session)
        assert facts_of(case, session) is facts_of(case, session)
        me = actor_of(session, session.get_one(Person, quick_stage.people["morozova"]), quick_stage.municipality_id)
        assert offers_of(case, session, me) is offers_of(case, session, me)
