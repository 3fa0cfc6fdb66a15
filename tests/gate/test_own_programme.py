"""The centre's own programme: experts from outside alone, approved outside with a recorded ground; both databases."""

import pytest

from tests.gate.kit import REASON, documents, offered
from tests.play import PDF, cast_of
from workflow_app.demo.sample_form import form_of
from workflow_app.demo.steps import DIRECTOR, Road
from workflow_app.errors import Invalid, NotYet

OUTSIDE = ("nesterov", "ustyuzhanina", "vershinina")
LETTER = {
    "body": "department",
    "number": "01-14/418",
    "dated": "2026-11-20",
    "signatory": "начальник управления Громова Е. В.",
}


@pytest.fixture
def road(stage):
    """The centre's own report on the way to its experts."""
    form = form_of("h_koval_interim", cast_of(stage))
    found = Road(stage, stage.open("koval", "platform_results", form["title"]), "platform_results", "koval")
    stage.attach("koval", found.case_id, "report", "Отчёт.pdf", PDF)
    found.submit(form)
    found.register()
    found.start()
    return found


def approvable(road):
    road.invite(OUTSIDE, REASON)
    road.accept(OUTSIDE)
    for one in OUTSIDE:
        road.sign(one, (0.8, 1.0))
    road.consolidate(OUTSIDE)
    road.propose()


def test_not_one_of_its_experts_is_from_here(road):
    with pytest.raises(Invalid, match="за пределами муниципалитета"):
        road.invite(["bondarenko"], REASON)
    road.invite(OUTSIDE, REASON)


def test_the_centre_does_not_approve_it_and_who_did_is_recorded(road):
    approvable(road)
    with pytest.raises(NotYet, match="работа самого центра"):
        road.approve()
    assert "approve_outside" not in offered(road, DIRECTOR)
    road.stage.act("ershov", road.case_id, "approve_outside", LETTER | {"dated": road.today()})
    assert road.state() == "approved"
    assert "consolidated_conclusion" in [one.document_kind for one in documents(road)]


def test_its_leader_neither_keeps_nor_reviews_nor_approves_it(road):
    with pytest.raises(Invalid):
        road.invite(["koval"], REASON)
    approvable(road)
    assert {"approve", "approve_outside", "send_back"}.isdisjoint(offered(road, "koval"))
