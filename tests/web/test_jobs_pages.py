"""Long work as people see it: ordered from a register or the queue, watched, stopped, downloaded; nobody else's."""

import io
import re
import zipfile

import pytest

from tests.play import PASSWORD, at
from tests.rows import row_of, rows_of
from tests.web.pages import links_of, text_of
from workflow_app import clock
from workflow_app.conversion.libreoffice import Converter
from workflow_app.db.models import Case, Job, Membership, Person
from workflow_app.runtime import job_worker


def job_of(answer):
    assert answer.status_code == 303, text_of(answer)
    return answer.location


def test_a_register_is_packed_and_downloaded(quick_stage, client_as, settings):
    at(quick_stage, "approved")
    client = client_as("morozova")
    assert "/registers/conclusions/archive" in client.get("/registers/conclusions").get_data(as_text=True)
    address = job_of(client.post("/registers/conclusions/archive"))
    waiting = client.get(address)
    assert "Ждёт очереди" in text_of(waiting)
    assert "data-progress-again" in waiting.get_data(as_text=True)
    assert client.get(f"{address}/result.zip").status_code == 404
    job_worker.work(quick_stage.database, settings)
    done = client.get(address)
    assert "Готово" in text_of(done)
    assert "data-progress-again" not in done.get_data(as_text=True)
    assert f"{address}/result.zip" in links_of(done)
    answer = client.get(f"{address}/result.zip")
    assert answer.content_length == len(answer.data)
    assert zipfile.ZipFile(io.BytesIO(answer.data)).testzip() is None
    assert address in links_of(client.get("/jobs"))


def test_only_what_was_found_is_packed(quick_stage, client_as):
    at(quick_stage, "approved")
    client = client_as("morozova")
    assert client.post("/registers/conclusions/archive?year=1999").location == "/registers/conclusions?year=1999"
    assert "не выбрано ни одной строки" in text_of(client.get("/registers/conclusions"))


def test_a_job_is_its_owners_alone(quick_stage, client_as, settings):
    at(quick_stage, "approved")
    address = job_of(client_as("morozova").post("/registers/conclusions/archive"))
    job_worker.work(quick_stage.database, settings)
    for key in ("gradov", "kuzmin"):
        other = client_as(key)
        assert other.get(address).status_code == 404
        assert other.get(f"{address}/result.zip").status_code == 404
        assert other.post(f"{address}/stop").status_code == 404
    assert client_as("sokolova").get("/jobs").status_code == 403


def test_an_archive_is_not_given_to_who_may_not_read_its_papers_any_more(quick_stage, client_as, settings):
    """The role may end after the archive was packed."""
    at(quick_stage, "approved")
    client = client_as("morozova")
    address = job_of(client.post("/registers/conclusions/archive"))
    job_worker.work(quick_stage.database, settings)
    assert client.get(f"{address}/result.zip").status_code == 200
    with quick_stage.database.transaction(keep=True) as session:
        key = (quick_stage.people["morozova"], quick_stage.municipality_id)
        session.delete(session.get_one(Membership, (*key, "coordinator")))
        session.add(Membership(person_id=key[0], municipality_id=key[1], role="admin"))
    assert client.get(address).status_code == 200
    assert client.get(f"{address}/result.zip").status_code == 404


def test_the_pdf_is_offered_only_where_it_can_be_made(quick_stage, client_as, monkeypatch):
    at(quick_stage, "approved")
    client = client_as("morozova")
    for can in (True, False):
        monkeypatch.setattr(Converter, "available", lambda _self, can=can: can)
        assert ("вместе с PDF" in text_of(client.get("/registers/conclusions"))) is can


def test_a_job_is_stopped_by_its_button_once(quick_stage, client_as):
    at(quick_stage, "approved")
    client = client_as("morozova")
    address = job_of(client.post("/registers/conclusions/archive"))
    client.post(f"{address}/stop")
    assert "Остановлено" in text_of(client.get(address))
    client.post(f"{address}/stop")
    assert "уже закончилось" in text_of(client.get(address))


@pytest.fixture
def two_waiting(quick_stage):
    return [at(quick_stage, "on_approval", kind).case_id for kind in ("methodical_material", "innovation_product")]


PILES = "/bulk/case/approvals-clear", "/bulk/case/approvals-attention"


def offered(page):
    """The ticks of the queue: a case and its version each."""
    return re.findall(r'name="pick" value="([\d.]+)"', page.get_data(as_text=True))


def sent(page, password):
    """What the form of the signature sends."""
    fields = {
        name: re.search(rf'name="{name}" value="([^"]*)"', page.get_data(as_text=True))[1]
        for name in ("rows", "once", "act")
    }
    return fields | {"go": fields["act"], "password": password}


def states_of(stage, cases):
    return [row_of(stage, Case, id_).state for id_ in cases]


def test_the_director_approves_a_whole_pile_with_one_password(quick_stage, client_as, two_waiting, settings):
    client = client_as("gradov")
    with clock.at(quick_stage.moment):
        assert len(offered(client.get("/approvals"))) == 2
        page = client.post(PILES[0], data={"all": "approvals-clear", "act": "approve.Approve"})
        assert "Утвердить: 2" in text_of(page)
        address = job_of(client.post(PILES[0], data=sent(page, PASSWORD)))
        assert job_of(client.post(PILES[0], data=sent(page, PASSWORD))) == address
        job_worker.work(quick_stage.database, settings)
    assert states_of(quick_stage, two_waiting) == ["approved", "approved"]
    shown = text_of(client.get(address))
    assert "Сделано 2 из 2" in shown
    assert "Сводное экспертное заключение №" in shown


def test_a_wrong_password_approves_nothing_and_the_choice_stays(quick_stage, client_as, two_waiting):
    client = client_as("gradov")
    page = client.post(PILES[0], data={"pick": offered(client.get("/approvals"))[:1], "act": "approve.Approve"})
    answer = client.post(PILES[0], data=sent(page, "не тот"))
    assert answer.status_code == 422
    assert "Пароль не подходит" in text_of(answer)
    assert sent(answer, "")["rows"] == sent(page, "")["rows"]
    assert states_of(quick_stage, two_waiting) == ["on_approval", "on_approval"]
    assert rows_of(quick_stage, Job) == []


def test_a_case_with_unconfirmed_names_is_approved_on_its_own_page_alone(quick_stage, client_as, two_waiting, settings):
    third = at(quick_stage, "on_approval").case_id
    with quick_stage.database.transaction(keep=True) as session:
        session.get_one(Case, third).applicant_id = quick_stage.people["tkach"]
        session.get_one(Person, quick_stage.people["tkach"]).forms = {}
    client = client_as("gradov")
    with clock.at(quick_stage.moment):
        page = client.get("/approvals")
    assert "Требуют внимания" in text_of(page)
    assert text_of(page).count("Формы имён не подтверждены: в документах они будут выделены") == 1
    assert sorted(int(one.split(".")[0]) for one in offered(page)) == sorted(two_waiting)
    assert f"/cases/{third}/approve" in links_of(page)
    assert "Формы имён не подтверждены" in text_of(client.get(f"/cases/{third}/approve"))
    preview = client.post(PILES[0], data={"pick": [two_waiting[0], third], "act": "approve.Approve"})
    assert "такое дело утверждается на своей странице" in text_of(preview)
    forged = sent(preview, PASSWORD) | {"rows": f"{two_waiting[0]} {third}"}
    with clock.at(quick_stage.moment):
        job_of(client.post(PILES[0], data=forged))
        job_worker.work(quick_stage.database, settings)
    assert states_of(quick_stage, [two_waiting[0], third]) == ["approved", "on_approval"]


@pytest.mark.parametrize("key", ["sokolova", "bondarenko", "morozova", "gradov"])
def test_whoever_a_case_names_makes_it_unsure(quick_stage, client_as, two_waiting, key):
    """The applicant, an expert, who keeps the case, the director: then no ticks are left to approve together by."""
    with quick_stage.database.transaction(keep=True) as session:
        session.get_one(Person, quick_stage.people[key]).forms = {"g": "Не все"}
    page = client_as("gradov").get("/approvals")
    assert "Формы имён не подтверждены" in text_of(page)
    assert offered(page) == []


def test_one_case_alone_is_approved_on_its_own_page(quick_stage, client_as):
    at(quick_stage, "on_approval")
    assert offered(client_as("gradov").get("/approvals")) == []
