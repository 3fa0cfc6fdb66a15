"""The director's pages: the queue, the approval with the signature, the ways back; who may not approve (R29, R30, R35)."""

import io
import re
from datetime import date

import pytest
from sqlalchemy import select

from tests.play import FILES, PASSWORD, PDF, assign, at, cast_of, sample, steps
from tests.rows import row_of, rows_of
from tests.statements import count_statements
from tests.web.office import done, row, ticked, value, version
from tests.web.pages import links_of, text_of
from workflow_app.db.models import Case, Consent, Document, ExpertCard, Membership, Person
from workflow_app.demo.sample_form import form_of
from workflow_app.demo.steps import Road
from workflow_app.facts import standing_rows
from workflow_app.facts.actors import actor_of
from workflow_app.features.cases.conclusion import approval_queue

KIND = "methodical_material"


pytestmark = pytest.mark.usefixtures("held_later")


CLEAR = "/bulk/case/approvals-clear"


def offered(page):
    """The cases that the queue lets be ticked."""
    return [int(one) for one in re.findall(r'name="pick" value="(\d+)\.', page.get_data(as_text=True))]


def approval(stage, road, **more):
    """What the form of the approval sends."""
    return {"how": "simple", "password": PASSWORD, "version": version(stage, road)} | more


def documents(stage, road):
    """The case's own documents in force, by kind."""
    mine = rows_of(stage, Document, case_id=road.case_id, assignment_id=None, state="issued")
    return {one.document_kind: one for one in mine}


def directors_own(stage):
    """A case whose applicant is the director, brought as far as the approval."""
    form = form_of("b_sokolova_tasks", cast_of(stage))
    case_id = stage.open("gradov", KIND, form["title"])
    for one in FILES[KIND]:
        stage.attach("gradov", case_id, one, f"{one}.pdf", PDF)
    road = Road(stage, case_id, KIND, "gradov")
    for name, step in steps(road, form).items():
        step()
        if name == "on_approval":
            return road
    raise AssertionError(road.state())


def test_the_queue_says_what_has_to_be_known_and_the_next_case_opens_after_the_approval(quick_stage, client_as, app):
    first, second = at(quick_stage, "on_approval"), at(quick_stage, "on_approval", "innovation_product")
    client = client_as("gradov")
    with count_statements(app.extensions["workflow_database"].engine) as many:
        queue = client.get("/approvals")
    assert [f"/cases/{one.case_id}/approve" in links_of(queue) for one in (first, second)] == [True, True]
    assert "Вывод по правилу, все эксперты подписали без особых мнений" in text_of(queue)
    page = client.get(f"/cases/{first.case_id}/approve")
    assert "СВОДНОЕ ЭКСПЕРТНОЕ ЗАКЛЮЧЕНИЕ" in text_of(page)
    assert "ПРИКАЗЫВАЮ" in text_of(page)
    answer = client.post(f"/cases/{first.case_id}/approve", data=approval(quick_stage, first))
    assert (answer.status_code, answer.location) == (303, f"/cases/{second.case_id}/approve")
    assert first.state() == "approved"
    told = text_of(client.get(f"/cases/{second.case_id}/approve"))
    assert f"Утверждено: {row(quick_stage, first).number}" in told
    assert "Ниже следующее дело очереди" in told
    assert set(documents(quick_stage, first)) == {"consolidated_conclusion", "order"}
    with count_statements(app.extensions["workflow_database"].engine) as few:
        client.get("/approvals")
    assert len(few) == len(many)  # the second case costs no statement of its own
    last = client.post(f"/cases/{second.case_id}/approve", data=approval(quick_stage, second))
    assert last.location == "/approvals"
    assert "На утверждение ничего нет" in text_of(client.get("/approvals"))


def test_the_signature_asks_for_the_password_again_and_for_the_agreement(quick_stage, client_as):
    """R35."""
    road = at(quick_stage, "on_approval")
    client, address = client_as("gradov"), f"/cases/{road.case_id}/approve"
    without = client.post(address, data=approval(quick_stage, road, password=""))
    assert without.status_code == 422
    assert "введите пароль ещё раз" in text_of(without)
    wrong = client.post(address, data=approval(quick_stage, road, password="не тот пароль", number="45-од"))
    assert wrong.status_code == 422
    assert "Пароль не подходит" in text_of(wrong)
    assert value(wrong, "number") == "45-од"
    with quick_stage.database.transaction(keep=True) as session:
        mine = select(Consent).where(
            Consent.person_id == quick_stage.people["gradov"], Consent.consent_kind == "simple_signature"
        )
        session.scalars(mine).one().state = "withdrawn"
    page = client.get(address)
    assert "Соглашение о простой электронной подписи не принято" in text_of(page)
    assert "/consents/simple_signature" in links_of(page)
    assert client.post(address, data=approval(quick_stage, road)).status_code == 422
    assert road.state() == "on_approval"
    assert done(quick_stage, road, "approve") == 0


def test_on_paper_the_scan_is_the_original_and_the_number_comes_from_the_journal(quick_stage, client_as):
    """0a.9."""
    road = at(quick_stage, "on_approval")
    client, address = client_as("gradov"), f"/cases/{road.case_id}/approve"
    paper = {"how": "paper", "password": "", "number": "45-од", "dated": "2026-10-15"}
    missing = client.post(address, data=approval(quick_stage, road, **paper))
    assert missing.status_code == 422
    assert "Приложите скан" in text_of(missing)
    assert (ticked(missing, "how"), value(missing, "number"), value(missing, "dated")) == (
        {"paper"},
        "45-од",
        "2026-10-15",
    )
    broken = client.post(
        address, data=approval(quick_stage, road, **paper) | {"scan_file": (io.BytesIO(PDF), "приказ.pdf")}
    )
    assert "Скан подписанного листа" in text_of(broken)
    assert "Файл повреждён или обрезан" in text_of(broken)
    scan = {"scan_file": (io.BytesIO(sample("Приказ", "Подпись от руки.")), "приказ с подписью.pdf")}
    answer = client.post(address, data=approval(quick_stage, road, **paper) | scan)
    assert answer.status_code == 303, text_of(answer)
    found = documents(quick_stage, road)
    assert (found["order"].number, f"{found['order'].dated}") == ("45-од", "2026-10-15")
    assert found["signed_original:approve"].file_name == "приказ с подписью.pdf"


def test_a_double_click_approves_once_and_so_do_two_directors(quick_stage, client_as):
    road = at(quick_stage, "on_approval")
    director, deputy = client_as("gradov"), client_as("subbotina")
    assert deputy.get(f"/cases/{road.case_id}/approve").status_code == 200
    seen = approval(quick_stage, road)
    assert director.post(f"/cases/{road.case_id}/approve", data=seen).status_code == 303
    again = director.post(f"/cases/{road.case_id}/approve", data=seen, follow_redirects=True)
    assert "Это уже сделано раньше" in text_of(again)
    late = deputy.post(f"/cases/{road.case_id}/approve", data=seen, follow_redirects=True)
    assert "Это уже сделано раньше" in text_of(late)
    assert done(quick_stage, road, "approve") == 1
    assert documents(quick_stage, road)["consolidated_conclusion"].edition == 1


def test_neither_director_nor_deputy_approves_the_directors_own_and_the_page_says_who_does(quick_stage, client_as):
    """R30, four eyes: the council or the department; a coordinator who did not prepare it records the ground."""
    road = directors_own(quick_stage)
    own = client_as("gradov")
    assert own.get(f"/cases/{road.case_id}").status_code == 200
    assert own.get(f"/cases/{road.case_id}/approve").status_code == 403
    assert own.get(f"/cases/{road.case_id}/preview/consolidated_conclusion").status_code == 403
    assert own.post(f"/cases/{road.case_id}/approve", data=approval(quick_stage, road)).status_code == 403
    assert f"/cases/{road.case_id}/approve" not in links_of(own.get("/approvals"))
    deputy, outside = client_as("subbotina"), f"/cases/{road.case_id}/do/approve_outside"
    queue = deputy.get("/approvals")
    assert "Посмотреть и утвердить" not in text_of(queue)
    assert "Утверждает экспертный совет протоколом" in text_of(queue)
    page = deputy.get(f"/cases/{road.case_id}/approve")
    assert "Утверждает экспертный совет протоколом" in text_of(page)
    assert "password" not in page.get_data(as_text=True)
    assert deputy.post(f"/cases/{road.case_id}/approve", data=approval(quick_stage, road)).status_code == 409
    assert outside not in links_of(deputy.get("/"))
    assert outside not in links_of(client_as("morozova").get("/"))  # she prepared it
    second = client_as("ershov")
    assert outside in links_of(second.get("/"))
    dated = row_of(quick_stage, Case, road.case_id).due_on
    ground = {
        "body": "department",
        "number": "01-12/345",
        "dated": f"{dated}",
        "signatory": "начальник управления Павлюк И. С.",
    }
    seen = {"version": version(quick_stage, road)}
    missing = second.post(outside, data=ground | seen | {"signatory": ""})
    assert (missing.status_code, value(missing, "number")) == (422, "01-12/345")
    assert second.post(outside, data=ground | seen).status_code == 303
    assert set(documents(quick_stage, road)) == {"consolidated_conclusion"}
    assert "Утверждено вне центра" in text_of(second.get(f"/cases/{road.case_id}/history"))


def test_the_batch_says_which_case_is_not_this_persons_to_approve(quick_stage, client_as):
    """Four eyes in the batch too: who prepared one of them gets neither a box for it nor a job with it."""
    first, second, third = (at(quick_stage, "consolidation" if n else "on_approval") for n in range(3))
    second.office = "subbotina"
    second.consolidate(("bondarenko", "lebedev"))
    second.propose()
    third.consolidate(("bondarenko", "lebedev"))
    third.propose()
    deputy = client_as("subbotina")
    queue = deputy.get("/approvals")
    assert "Вы готовили это заключение" in text_of(queue)
    assert sorted(offered(queue)) == sorted([first.case_id, third.case_id])
    refused = deputy.post(CLEAR, data={"pick": [first.case_id, second.case_id], "act": "approve.Approve"})
    assert "Не войдут: 1" in text_of(refused)
    assert "Вы готовили это заключение" in text_of(refused)
    assert "Утвердить: 1" in text_of(refused)
    assert {one.state() for one in (first, second, third)} == {"on_approval"}


def test_a_director_who_was_an_expert_of_the_case_does_not_approve_it(quick_stage, client_as):
    """R30."""
    gradov = quick_stage.people["gradov"]
    with quick_stage.database.transaction(keep=True) as session:
        municipality_id = session.get_one(Person, gradov).municipality_id
        session.add(Membership(person_id=gradov, municipality_id=municipality_id, role="expert"))
        session.add(ExpertCard(person_id=gradov, directions=["materials"]))
    road = at(quick_stage, "assigning")
    experts = ("gradov", "lebedev")
    assign(road, experts)
    for one in experts:
        road.sign(one, (0.8, 1.0))
    road.consolidate(experts)
    road.propose()
    own = client_as("gradov")
    assert own.get(f"/cases/{road.case_id}/approve").status_code == 403
    assert own.post(f"/cases/{road.case_id}/approve", data=approval(quick_stage, road)).status_code == 403
    assert f"/cases/{road.case_id}/approve" not in links_of(own.get("/approvals"))
    assert client_as("subbotina").get(f"/cases/{road.case_id}/approve").status_code == 200
    assert road.state() == "on_approval"


def test_nobody_else_approves_or_sees_the_queue(quick_stage, client_as):
    road = at(quick_stage, "on_approval")
    for key, expected in (("morozova", 403), ("bondarenko", 403), ("sokolova", 403), ("zhuravlyova", 404)):
        client = client_as(key)
        assert client.get(f"/cases/{road.case_id}/approve").status_code == expected
        assert client.post(f"/cases/{road.case_id}/approve", data=approval(quick_stage, road)).status_code == expected
        assert client.get("/approvals").status_code == 403
    assert road.state() == "on_approval"


def test_the_text_comes_back_with_a_reason_that_the_coordinator_reads(quick_stage, client_as):
    road = at(quick_stage, "on_approval")
    client, address = client_as("gradov"), f"/cases/{road.case_id}/do/return_text"
    assert address in links_of(client.get(f"/cases/{road.case_id}/approve"))
    why = "В выводах не сказано, для каких классов рекомендован сборник."
    stale = client.post(address, data={"reason": why, "version": "1"})
    assert stale.status_code == 409
    assert value(stale, "reason") == why
    assert client.post(address, data={"reason": why, "version": version(quick_stage, road)}).status_code == 303
    page = client_as("morozova").get(f"/cases/{road.case_id}/consolidate")
    assert why in text_of(page)
    shown = text_of(client_as("morozova").get(f"/cases/{road.case_id}"))
    assert why in shown
    assert "Текст заключения ещё не направлен экспертам на подпись" in shown
    assert "подписали эксперты: 0" not in shown
    assert value(page, "conclusions") == row(quick_stage, road).conclusion["conclusions"]


def test_the_set_of_an_attestation_is_approved_without_a_stamp_on_the_specialists_conclusion(quick_stage, client_as):
    """0a.5: the director signs the covering letter; the conclusion is not sent back for its content."""
    road = at(quick_stage, "on_approval", "attestation_portfolio")
    client = client_as("gradov")
    page = client.get(f"/cases/{road.case_id}/approve")
    words = text_of(page)
    assert "Утвердить комплект и подписать письмо" in words
    assert "УТВЕРЖД" not in words
    assert f"/cases/{road.case_id}/do/send_back" not in links_of(page)
    assert client.post(f"/cases/{road.case_id}/approve", data=approval(quick_stage, road)).status_code == 303
    assert set(documents(quick_stage, road)) >= {"consolidated_conclusion", "covering_letter"}


def copies(stage, road, many):
    """Cases that wait for approval as this one does: rows as the gate leaves them."""
    with stage.database.transaction(keep=True) as session:
        one = session.get_one(Case, road.case_id)
        columns = [name.key for name in Case.__table__.columns if name.key not in ("id", "number")]
        known = {name: getattr(one, name) for name in columns}
        first = 9000 + len(session.scalars(select(Case.id)).all())
        session.add_all(Case(**known, number=f"ММ-2026-{first + number}") for number in range(many))
        standing_rows.rebuild_in(session)


def waiting_of(page):
    return re.findall(r'href="/cases/(\d+)"', page.get_data(as_text=True))


def test_the_queue_comes_by_pages_in_as_many_statements_whatever_its_length(quick_stage, client_as, app):
    road = at(quick_stage, "on_approval")
    client, engine = client_as("gradov"), app.extensions["workflow_database"].engine
    copies(quick_stage, road, 29)
    client.get("/approvals")
    with count_statements(engine) as few:
        client.get("/approvals")
    copies(quick_stage, road, 270)
    with count_statements(engine) as many:
        first = client.get("/approvals")
    assert len(few) == len(many)
    assert len(waiting_of(first)) == 25
    assert "1–25 из 300" in text_of(first)
    assert "Утвердить всю стопку: 300" in text_of(first)
    found, address = [], "/approvals?size=100"
    while address:
        page = client.get(address)
        found += waiting_of(page)
        link = re.search(r'<a href="([^"]+)" rel="next"', page.get_data(as_text=True))
        address = link[1].replace("&amp;", "&") if link else ""
    assert len(found) == len(set(found)) == 300


def test_the_next_case_is_one_that_this_person_may_approve_however_many_are_not(quick_stage, client_as):
    """Four eyes: thirty cases that she prepared herself stand before it."""
    road = at(quick_stage, "on_approval")
    with quick_stage.database.transaction(keep=True) as session:
        session.get_one(Case, road.case_id).due_on = None  # it stands last
    copies(quick_stage, road, 30)
    with quick_stage.database.transaction(keep=True) as session:
        for one in session.scalars(select(Case).where(Case.id != road.case_id)):
            one.composed_by, one.due_on = quick_stage.people["gradov"], date(2026, 12, 1)
        standing_rows.rebuild_in(session)
        me = actor_of(session, session.get_one(Person, quick_stage.people["gradov"]), quick_stage.municipality_id)
        found = approval_queue.following(session, me)
        assert found is not None
        assert found.id == road.case_id
        assert approval_queue.following(session, me, found) is None
