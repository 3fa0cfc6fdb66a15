"""How the papers of an appeal come from the records: the sitting that was called, the votes that were given."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.gate import acts
from tests.gate.kit import documents, findings, looking, people, value, words
from workflow_app.db.models import Case
from workflow_app.demo.steps import DIRECTOR
from workflow_app.errors import Invalid, NotYet

MATERIAL = "methodical_material"


def call(road, **more):
    """Appoint the panel, to a sitting in two days or as told."""
    whom = people(road, *acts.PANEL)
    held = {"sitting": True, "sits_on": road.today() + timedelta(days=2), "sits_at": "14:00", "place": "кабинет 12"}
    road.stage.act(DIRECTOR, road.case_id, "appoint_panel", {"members": whom, "chair": whom[0], **held, **more})


def decide(road, *answers):
    """Let the members vote and the first of the majority record the decision."""
    for member, answer in zip(acts.PANEL, answers, strict=True):
        acts.vote(road, answer, (member,))
    name = "grant_appeal" if answers.count("grant") > 1 else "dismiss_appeal"
    whose = acts.PANEL[answers.index(name.split("_", maxsplit=1)[0])]
    road.stage.act(whose, road.case_id, name, {"reason": "Порядок проверен, приложения изучены."})


def texts(road):
    """The words of the decision and of the protocol."""
    return [
        words(road, documents(road, kind)[-1].sha256).replace("\u00a0", " ")
        for kind in ("appeal_decision", "appeal_protocol")
    ]


@pytest.mark.parametrize("answers", [("dismiss", "dismiss", "grant"), ("grant", "dismiss", "grant")])
def test_decision_and_protocol_count_the_same_votes(play, answers):
    road = play("appealed", MATERIAL)
    acts.appoint_panel(road)
    decide(road, *answers)
    for said in texts(road):
        assert said.count("за – 2, против – 1, воздержались – 0") == 1
        assert ("Апелляцию удовлетворить." if answers[0] == "grant" else "Апелляцию отклонить.") in said
    assert findings(road) == []


def test_votes_given_in_absence_make_the_protocol_of_a_poll(play):
    road = play("appealed", MATERIAL)
    acts.appoint_panel(road)
    decide(road, "dismiss", "dismiss", "dismiss")
    decision, protocol = texts(road)
    assert "заочно (опросными листами)" in decision
    assert "Заочного голосования апелляционной комиссии" in protocol
    assert "Присутствовали" not in protocol
    assert "Подписано простой электронной подписью" not in protocol + decision
    assert "заочно, опросными листами" in words(road, documents(road, "appeal_notice")[-1].sha256)


def test_a_sitting_has_one_day_one_hour_and_one_place_in_every_paper(play):
    road = play("appealed", MATERIAL)
    call(road)
    notice = words(road, documents(road, "appeal_notice")[-1].sha256).replace("\u00a0", " ")
    with pytest.raises(NotYet, match="Комиссия заседает"):
        acts.vote(road, "dismiss", acts.PANEL[:1])
    road.stage.wait(days=2)
    decide(road, "dismiss", "dismiss", "grant")
    for said in (notice, *texts(road)):
        assert "в 14:00, кабинет 12" in said
    protocol = texts(road)[1]
    assert "Присутствовали:" in protocol
    assert "опрос" not in protocol.lower()
    assert "простой электронной подписью" not in protocol  # a vote's mark is older than the minutes


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sits_on": None}, "sits_on"),
        ({"sits_at": ""}, "sits_at"),
        ({"sits_at": "в два"}, "sits_at"),
        ({"place": ""}, "place"),
        ({"sitting": False}, "sitting"),
    ],
)
def test_a_sitting_is_called_whole_or_not_at_all(play, changes, field):
    road = play("appealed", MATERIAL)
    with pytest.raises(Invalid) as refused:
        call(road, **changes)
    assert field in refused.value.problems


def test_a_sitting_is_neither_in_the_past_nor_after_the_term(play):
    road = play("appealed", MATERIAL)
    for day in (road.today() - timedelta(days=1), value(road, "due_on") + timedelta(days=1)):
        with pytest.raises(Invalid):
            call(road, sits_on=day)
    with looking(road) as (session, _):
        assert session.get_one(Case, road.case_id).panel == []
