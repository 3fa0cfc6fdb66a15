"""A re-issue: what it replaces, whose marks it bears, which papers go with it."""

from __future__ import annotations

import io

import docx
import pytest

from tests.gate import acts
from tests.gate.kit import REASON, documents, findings, words
from tests.play import EXPERTS
from workflow_app.demo.steps import DIRECTOR

MATERIAL, ATTESTATION = "methodical_material", "attestation_portfolio"
MONTHS = [
    "",
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
]


def said(road, kind):
    """The words of the versions of a kind, the oldest first."""
    return [words(road, one.sha256) for one in documents(road, kind)]


def day(value):
    return f"{value.day} {MONTHS[value.month]} {value.year} г."


@pytest.fixture
def again(play):
    """A material's conclusion, issued anew a month later."""
    road = play("approved", MATERIAL)
    road.stage.wait(days=30)
    acts.reissue(road)
    return road


def test_a_reissue_tells_which_version_it_replaces(again):
    first, second = documents(again, "consolidated_conclusion")
    new = said(again, "consolidated_conclusion")[1]
    assert f"Взамен документа от {day(first.dated)} № {first.number} (версия 1)" in new
    assert "Взамен" not in said(again, "consolidated_conclusion")[0]
    assert second.replaces_id == first.id


def test_a_reissue_has_no_stamp_older_than_itself(again):
    (_, conclusion), (old, order) = documents(again, "consolidated_conclusion"), documents(again, "order")
    new = said(again, "consolidated_conclusion")[1]
    assert order.dated == conclusion.dated > old.dated
    assert f"приказом МКУ ИМЦ\nот {day(order.dated)} № {order.number}" in new
    assert day(old.dated) not in new.split("СВОДНОЕ ЭКСПЕРТНОЕ ЗАКЛЮЧЕНИЕ")[0]


def test_the_order_of_a_reissue_names_the_version_in_force(again):
    (old, new), (_, conclusion) = documents(again, "order"), documents(again, "consolidated_conclusion")
    assert (old.state, new.state, new.number, new.edition) == ("replaced", "issued", old.number, 2)
    named = f"Утвердить сводное экспертное заключение от {day(conclusion.dated)} № {conclusion.number} (версия 2)"
    assert named in said(again, "order")[1]
    assert findings(again) == []


@pytest.mark.parametrize("kind", [MATERIAL, ATTESTATION])
def test_a_reissue_has_no_experts_marks_on_a_text_that_they_did_not_see(play, kind):
    road = play("approved", kind)
    acts.reissue(road)
    old, new = said(road, "consolidated_conclusion")
    marks = [line for line in new.splitlines() if "простой электронной подписью" in line]
    assert old.count("Подписано простой электронной подписью") == len(EXPERTS[kind])
    assert [line for line in marks if "директор" not in line] == []
    assert len(marks) == 1
    first = documents(road, "consolidated_conclusion")[0]
    assert f"стоят в версии 1 заключения от {day(first.dated)} № {first.number}." in new
    acts.reissue(road)
    assert "стоят в версии 1" in said(road, "consolidated_conclusion")[2]


def test_a_dissenting_opinion_stays_in_a_reissue_without_its_mark(play):
    road = play("consolidation", MATERIAL)
    opinion = "Считаю, что апробация описана недостаточно, и прошу учесть это при публикации."
    road.consolidate(EXPERTS[MATERIAL], {EXPERTS[MATERIAL][0]: opinion})
    road.propose()
    road.approve()
    acts.reissue(road)
    new = said(road, "consolidated_conclusion")[1]
    assert opinion in new
    assert new.count("Подписано простой электронной подписью") == 1


def test_a_letter_that_was_not_sent_goes_with_the_conclusion_it_encloses(play):
    road = play("approved", ATTESTATION)
    acts.reissue(road)
    assert [one.state for one in documents(road, "covering_letter")] == ["replaced", "issued"]
    assert "(версия 2) по результатам" in said(road, "covering_letter")[1]
    sent = play("sent_to_commission", ATTESTATION)
    acts.reissue(sent)
    assert [one.state for one in documents(sent, "covering_letter")] == ["issued"]


def test_an_order_alone_is_issued_anew_about_the_conclusion_in_force(play):
    road = play("approved", MATERIAL)
    acts.reissue(road)
    road.stage.act(DIRECTOR, road.case_id, "reissue", {"kind": "order", "reason": REASON, "how": "simple"})
    assert len(documents(road, "consolidated_conclusion")) == 2
    assert "(версия 2)" in said(road, "order")[2]


def test_the_history_of_a_reissue_counts_every_paper_that_it_made(again):
    file = again.stage.database.blobs.read(documents(again, "order")[-1].sha256)
    assert docx.Document(io.BytesIO(file)).core_properties.revision == 2
