"""One act with many cases: chosen by ticks, by the filter, by numbers; seen row by row; done once, in the background."""

import re

import pytest
from sqlalchemy import select

from tests.play import at
from tests.rows import row_of
from tests.statements import count_statements
from tests.web.office import row, value, version
from tests.web.pages import links_of, text_of
from workflow_app.db.models import RECORDS, Case, Event, Person
from workflow_app.facts import standing_rows
from workflow_app.runtime import job_worker

ALL = "/bulk/case/listing"


pytestmark = pytest.mark.usefixtures("held_later")


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
    late = client.post(ALL, data=sent(page, received_at="2031-01-01"))
    assert late.status_code == 422
    assert "Дата поступления не может быть в будущем" in text_of(late), "what all would be refused for is said before"
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


def test_after_one_act_the_page_leads_to_the_next_case_of_the_same_step(quick_stage, client_as):
    first, second = at(quick_stage, "submitted"), at(quick_stage, "submitted", "innovation_product")
    client = client_as("morozova")
    typed = {"received_at": f"{row(quick_stage, first).submitted_at:%Y-%m-%d}", "version": version(quick_stage, first)}
    page = client.post(f"/cases/{first.case_id}/do/register", data=typed, follow_redirects=True)
    assert "Следующее дело:" in text_of(page)
    assert f"/cases/{second.case_id}/do/register" in links_of(page)
    assert "Следующее дело:" not in text_of(client.get(f"/cases/{first.case_id}"))
    typed = {
        "received_at": f"{row(quick_stage, second).submitted_at:%Y-%m-%d}",
        "version": version(quick_stage, second),
    }
    last = client.post(f"/cases/{second.case_id}/do/register", data=typed, follow_redirects=True)
    assert "Следующее дело:" not in text_of(last)


def test_pasted_numbers_answer_alike_for_a_hidden_and_a_missing_case(quick_stage, client_as):
    road = at(quick_stage, "registered")
    number = row(quick_stage, road).number
    page = text_of(
        client_as("morozova").post(
            "/bulk/case/numbers", data={"numbers": f"Дела № {number.lower()}; XX-2026-7\nи YY-2026-8."}
        )
    )
    assert "Выбрано: 1" in page
    assert "Не найдены или вам недоступны: 2" in page
    long = ["Ъ" * 90_000 + "7", *(f"XX-2026-{n}" for n in range(100, 123))]
    page = text_of(client_as("morozova").post("/bulk/case/numbers", data={"numbers": f"{number} {' '.join(long)}"}))
    assert "Не найдены или вам недоступны: 24" in page
    assert f"{'Ъ' * 39}…, XX-2026-100," in page
    assert "Ъ" * 40 not in page
    assert "XX-2026-110 и ещё 12" in page
    stranger = client_as("kuzmin")
    told = [
        text_of(stranger.post("/bulk/case/numbers", data={"numbers": one})).replace(one, "…")
        for one in (number, "XX-2026-7")
    ]
    assert told[0] == told[1]
    ticked = stranger.post(ALL, data={"pick": [road.case_id]})
    assert row(quick_stage, road).title not in text_of(ticked)


@pytest.mark.parametrize("key", ["sokolova", "bondarenko"])
def test_who_has_no_office_orders_nothing(quick_stage, client_as, key):
    road = at(quick_stage, "submitted")
    client = client_as(key)
    assert "data-pick" not in client.get("/cases").get_data(as_text=True)
    assert client.post(ALL, data={"pick": [road.case_id]}).status_code == 403


def test_nobody_sees_anothers_job_as_the_rest_of_theirs(quick_stage, client_as):
    at(quick_stage, "submitted")
    client = client_as("morozova")
    page = client.post(ALL, data={"all": "listing"})
    job = client.post(ALL, data=sent(page)).location
    assert client.get(job.replace("/jobs/", "/bulk/rest/")).status_code == 404  # it has not ended
    assert client_as("ershov").get(job.replace("/jobs/", "/bulk/rest/")).status_code == 404


def copies(stage, road, many):
    """Cases in the state of this one: rows as the gate leaves them."""
    with stage.database.transaction(keep=True) as session:
        one = session.get_one(Case, road.case_id)
        columns = [name.key for name in Case.__table__.columns if name.key not in ("id", "number")]
        session.add_all(Case(**{name: getattr(one, name) for name in columns}) for _ in range(many))
        standing_rows.rebuild_in(session)


def test_all_of_the_filter_is_more_than_a_page_in_as_many_statements(quick_stage, client_as, app):
    road = at(quick_stage, "submitted")
    client, engine = client_as("morozova"), app.extensions["workflow_database"].engine
    copies(quick_stage, road, 9)
    client.post(f"{ALL}?state=submitted", data={"all": "listing"})
    with count_statements(engine) as few:
        client.post(f"{ALL}?state=submitted", data={"all": "listing"})
    copies(quick_stage, road, 50)
    with count_statements(engine) as many:
        page = client.post(f"{ALL}?state=submitted", data={"all": "listing"})
    assert "Зарегистрировать: 60" in text_of(page)
    assert len(few) == len(many)
    assert "Ни одно дело не выбрано" in text_of(client.post(f"{ALL}?state=closed", data={"all": "listing"}))


def test_what_is_wrong_for_all_is_said_at_its_field_and_nothing_is_ordered(quick_stage, client_as, settings):
    roads = [at(quick_stage, "registered"), at(quick_stage, "assigning", "innovation_product")]
    client = client_as("morozova")
    page = client.post(ALL, data={"all": "listing", "act": "extend.Extend"})
    assert value(page, "days") == "5"
    answer = client.post(ALL, data=sent(page, days="7", reason="мало"))
    assert answer.status_code == 422
    assert "Слишком коротко" in text_of(answer)
    assert value(answer, "days") == "7"
    before = [row(quick_stage, one).due_on for one in roads]
    client.post(ALL, data=sent(answer, days="7", reason="Эксперты заняты на конкурсе"))
    job_worker.work(quick_stage.database, settings)
    assert all(row(quick_stage, one).due_on > day for one, day in zip(roads, before, strict=True))


def test_records_are_put_away_together(quick_stage, client_as, settings, app):
    model = RECORDS["organization"]
    with quick_stage.database.transaction(keep=False) as session:
        ids = session.scalars(
            select(model.id).where(model.municipality_id == quick_stage.municipality_id).limit(2)
        ).all()
    client = client_as("morozova")
    assert "data-pick" in client.get("/records/organization").get_data(as_text=True)
    asked = []
    for some in (ids[:1], ids):
        with count_statements(app.extensions["workflow_database"].engine) as statements:
            page = client.post("/bulk/organization/organization", data={"pick": some, "act": "end.EndRecord"})
        asked.append(len(statements))
    assert asked[0] == asked[1] > 0, "records are read together"
    assert "Убрать в архив: 2" in text_of(page)
    job = client.post("/bulk/organization/organization", data=sent(page, reason="Сведения устарели")).location
    job_worker.work(quick_stage.database, settings)
    assert {row_of(quick_stage, model, one).state for one in ids} == {"ended"}
    assert f"/records/organization/{ids[0]}" in links_of(client.get(job))


def test_cases_are_handed_over_together_to_a_coordinator_found_by_name(quick_stage, client_as, settings):
    roads = [at(quick_stage, "registered"), at(quick_stage, "assigning", "innovation_product")]
    client = client_as("morozova")
    page = client.post(ALL, data={"all": "listing", "act": "hand_over.HandOver"})
    asked = {"find-coordinator_id": "Ершов", "look": "1", "reason": "Отпуск", "go": ""}
    looked = client.post(ALL, data=sent(page, **asked))
    assert "Ершов" in text_of(looked)
    assert "Отпуск" in looked.get_data(as_text=True)
    answer = client.post(ALL, data=sent(looked, coordinator_id=quick_stage.people["ershov"], reason="Отпуск"))
    assert answer.status_code == 303, text_of(answer)
    job_worker.work(quick_stage.database, settings)
    assert {row(quick_stage, one).coordinator_id for one in roads} == {quick_stage.people["ershov"]}


def test_everybody_who_is_waited_for_is_reminded_at_one_press_and_the_best_are_invited_by_name(
    quick_stage, client_as, settings
):
    assigning, review = at(quick_stage, "assigning"), at(quick_stage, "in_review", "innovation_product")
    client = client_as("morozova")
    preview = client.post(ALL, data={"pick": [assigning.case_id], "act": "invite.Invite"})
    invited = client.post(ALL, data=sent(preview)).location
    job_worker.work(quick_stage.database, settings)
    assert "Приглашены эксперты: " in text_of(client.get(invited))
    page = client.post("/bulk/case/others", data={"all": "others", "act": "remind.Remind"})
    assert "Напомнить: 2" in text_of(page)
    client.post("/bulk/case/others", data=sent(page))
    job_worker.work(quick_stage.database, settings)
    with quick_stage.database.transaction(keep=False) as session:
        told = session.scalars(select(Event.root_id).where(Event.transition == "remind", Event.via == "bulk")).all()
        assert set(told) == {assigning.case_id, review.case_id}
    again = {"pick": [assigning.case_id, review.case_id], "act": "remind.Remind"}
    assert text_of(client.post(ALL, data=again)).count("Сегодня об этом уже напоминали.") == 2


def test_what_only_the_act_itself_would_refuse_is_said_at_its_row_however_many_there_are(quick_stage, client_as, app):
    road, silent = at(quick_stage, "assigning"), at(quick_stage, "assigning", "innovation_product")
    with quick_stage.database.transaction(keep=True) as session:
        everyone = session.scalars(select(Person)).unique()
        for one in everyone:
            one.email = "" if one.login == "ershov" else one.email
        session.get_one(Case, silent.case_id).coordinator_id = quick_stage.people["ershov"]
        standing_rows.rebuild_in(session)
    client, engine = client_as("gradov"), app.extensions["workflow_database"].engine
    copies(quick_stage, road, 3)
    asked = []
    for more in (0, 20):
        copies(quick_stage, road, more)
        with count_statements(engine) as statements:
            page = client.post(f"{ALL}?state=assigning", data={"all": "listing", "act": "remind.Remind"})
        asked.append(len(statements))
        assert f"Напомнить: {4 + more}" in text_of(page)
        assert text_of(page).count("Напоминать некому") == 1
    assert asked[0] == asked[1]
