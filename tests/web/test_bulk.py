"""One act with many cases: chosen by ticks, by the filter, by numbers; seen row by row; done once, in the background."""

import re

import pytest
from sqlalchemy import select

from tests.play import at
from tests.web.office import later
from tests.web.pages import text_of
from workflow_app import config
from workflow_app.db.models import Case, Event
from workflow_app.runtime import job_worker

ALL = "/bulk/case/listing"


@pytest.fixture(autouse=True)
def _clock():
    with later():
        yield


@pytest.fixture
def settings(tmp_path):
    return config.load(tmp_path / "settings", {})


def hidden(answer, name):
    return re.search(rf'name="{name}" value="([^"]*)"', answer.get_data(as_text=True))[1]


def sent(page, **typed):
    """What the form of a preview sends."""
    return {name: hidden(page, name) for name in ("rows", "once", "act")} | {"go": hidden(page, "act")} | typed


def test_ticked_cases_are_registered_at_once_each_with_its_own_event(quick_stage, client_as, settings):
    roads = [at(quick_stage, "submitted"), at(quick_stage, "submitted", "innovation_product")]
    client = client_as("morozova")
    page = client.post(ALL, data={"pick": [one.case_id for one in roads]})
    assert "Зарегистрировать: 2" in text_of(page)
    answer = client.post(ALL, data=sent(page, received_at=""))
    assert answer.status_code == 303, text_of(answer)
    assert client.post(ALL, data=sent(page, received_at="")).location == answer.location
    job_worker.work(quick_stage.database, settings)
    told = client.get(answer.location)
    assert "Сделано 2 из 2" in text_of(told)
    assert [one.state() for one in roads] == ["registered", "registered"]
    with quick_stage.database.transaction(keep=False) as session:
        acts = session.scalars(select(Event).where(Event.transition == "register")).all()
        assert [(one.via, one.actor_id) for one in acts] == [("bulk", quick_stage.people["morozova"])] * 2


def test_a_row_that_changed_meanwhile_stays_with_its_reason_and_the_next_press_takes_the_rest(
    quick_stage, client_as, settings
):
    first, second = at(quick_stage, "submitted"), at(quick_stage, "submitted", "innovation_product")
    client = client_as("morozova")
    page = client.post(ALL, data={"pick": [first.case_id, second.case_id]})
    with quick_stage.database.transaction(keep=True) as session:
        session.get_one(Case, second.case_id).version += 1
    job = client.post(ALL, data=sent(page)).location
    job_worker.work(quick_stage.database, settings)
    told = client.get(job)
    assert "это изменилось: посмотрите, что стало" in text_of(told)
    assert [one.state() for one in (first, second)] == ["registered", "submitted"]
    again = client.get(job.replace("/jobs/", "/bulk/rest/"))
    assert "Зарегистрировать: 1" in text_of(again)
    client.post("/bulk/case/numbers", data=sent(again))
    job_worker.work(quick_stage.database, settings)
    assert second.state() == "registered"
