"""The centre gives a term another length (ADR 33): what it does is shown first; running steps keep their day or are reckoned anew."""

import re
from datetime import timedelta

from tests.play import at
from tests.rows import rows_of
from tests.web.pages import plain
from tests.web.test_centre import text_of
from workflow_app import clock
from workflow_app.db.models import Case, Event, EventPayload, TermOverride, Waiting
from workflow_app.operations import integrity

PAGE = "/settings/terms/methodical_material/assignment"


def sent(client, page, *, again=True, **typed):
    """Fill the form; ``again``: press the second button too, as the first one shows what will change."""
    form = {
        "length": "2",
        "unit": "working",
        "running": "keep",
        "why": "Приказ № 7",
        "since": f"{clock.today('Asia/Yekaterinburg')}",
    }
    form |= typed
    form["version"] = re.search(r'name="version" value="(\d+)', text_of(client.get(page)))[1]
    answer = client.post(page, data=form)
    seen = re.search(r'name="seen" value="(\w+)"', answer.get_data(as_text=True))
    return client.post(page, data=form | {"seen": seen[1]}) if seen and again else answer


def test_what_changes_is_shown_first_and_running_steps_take_it_only_when_told(quick_stage, client_as):
    road = at(quick_stage, "assigning", "methodical_material")
    (case,) = rows_of(quick_stage, Case, Case.id == road.case_id)
    director = client_as("gradov")
    with clock.at(quick_stage.moment):
        page = plain(sent(director, PAGE, again=False, running="take", length="9"))
        assert "Было: 5 раб. дн., станет: 9 раб. дн. Дел, где этот шаг сейчас идёт: 1." in page
        assert "получат новую дату: 1" in page
        assert rows_of(quick_stage, TermOverride) == []  # only shown
        assert sent(director, PAGE, length="9").status_code == 303
        assert rows_of(quick_stage, Case, Case.id == road.case_id)[0].due_on == case.due_on  # the day that was named
        assert sent(director, PAGE, length="9", running="take").status_code == 303
        (now,) = rows_of(quick_stage, Case, Case.id == road.case_id)
        assert now.due_on > case.due_on
        assert {one.due_on for one in rows_of(quick_stage, Waiting, Waiting.root_id == case.id)} == {now.due_on}
        last = rows_of(quick_stage, Event, Event.transition == "set_term")[-1]
        (said,) = rows_of(quick_stage, EventPayload, EventPayload.event_id == last.id)
        assert said.data["moved"] == [f"{case.id} {case.due_on} {now.due_on}"]
        assert "9 раб. дн. обычно 5 раб. дн." in plain(director.get("/settings/terms"))
    with quick_stage.database.transaction(keep=False) as session:
        assert not [one for one in integrity.findings(session, quick_stage.database.blobs) if "сходится" in str(one)]


def test_who_would_be_late_at_once_is_said_before_it_is_kept_and_a_day_set_by_hand_stays(quick_stage, client_as):
    road = at(quick_stage, "assigning", "methodical_material")
    quick_stage.wait(days=4)
    director = client_as("gradov")
    with clock.at(quick_stage.moment):
        assert "Сразу станут просроченными: 1" in plain(sent(director, PAGE, again=False, running="take", length="1"))
    quick_stage.act(road.office, road.case_id, "extend", {"days": 5, "reason": "Болезнь эксперта, приказ № 12"})
    with clock.at(quick_stage.moment):
        page = plain(sent(director, PAGE, again=False, running="take", length="1"))
    assert "останутся с датой, которую назначили вручную: 1" in page


def test_nothing_is_set_backwards_and_a_later_day_waits_for_its_day(quick_stage, client_as):
    director = client_as("gradov")
    with clock.at(quick_stage.moment):
        today = clock.today("Asia/Yekaterinburg")
        back = sent(director, PAGE, since=f"{today - timedelta(days=1)}")
        assert (back.status_code, "Задним числом срок не меняют" in back.get_data(as_text=True)) == (422, True)
        future = {"since": f"{today + timedelta(days=30)}", "length": "7"}
        assert "только сегодняшним днём" in sent(director, PAGE, running="take", **future).get_data(as_text=True)
        assert "Сколько дней: " in sent(director, PAGE, length="0").get_data(as_text=True)
        assert sent(director, PAGE, **future).status_code == 303
        assert "5 раб. дн. с " in plain(director.get("/settings/terms"))
    with clock.at(quick_stage.moment + timedelta(days=31)):
        assert "7 раб. дн. обычно 5 раб. дн." in plain(director.get("/settings/terms"))


def test_terms_of_the_law_are_locked_and_a_coordinator_does_not_lengthen_the_own_ones(client_as):
    """R8, R9."""
    director, coordinator = client_as("gradov"), client_as("morozova")
    page = plain(director.get("/settings/terms"))
    assert "Правило R8" in page
    assert "Правило R9" in page
    for key in ("consideration", "decision", "archive"):
        assert director.get(f"/settings/terms/attestation_portfolio/{key}").status_code == 404
    assert coordinator.get(PAGE).status_code == 403
    assert PAGE not in text_of(coordinator.get("/settings/terms"))
