"""The pages of the orders of a month: what is proposed and what is not, the draft, the signature, the order on a case's page."""

import io
import re

import docx
import pytest
from sqlalchemy import select, update

from tests.databases import PASSWORD
from tests.gate.kit import REASON
from tests.gate.month_orders import act, papers, signed, with_cases
from tests.play import EXPERTS, at
from tests.statements import count_statements
from tests.web.pages import links_of, text_of
from workflow_app import clock
from workflow_app.content_types import month_order as o
from workflow_app.db.models import Case, Document, Municipality

MATERIAL, ATTESTATION = "methodical_material", "attestation_portfolio"
APPROVAL = "/orders/collect?kind=approval&scope=expertise"
COMPOSITION = "/orders/collect?kind=composition&scope=attestation"


def ticked(page):
    return [int(one) for one in re.findall(r'name="case"[^>]*value="(\d+)"[^>]* checked', page.text)]


def collected(client, url, *cases):
    answer = client.post(url, data={"case": list(map(str, cases))})
    assert answer.status_code == 303, text_of(answer)
    return answer.location.rpartition("/")[2]


def first_buttons(page):
    return re.findall(r"btn-primary[^>]*>(?:<svg.*?</svg>)?<span>(.*?)</span>", page.text, re.DOTALL)


def test_an_order_is_collected_looked_at_and_signed(quick_stage, client_as):
    ready, early = at(quick_stage, "on_approval", MATERIAL), at(quick_stage, "consolidation", MATERIAL)
    with clock.at(quick_stage.moment):
        office, head = client_as("morozova"), client_as("gradov")
        page = office.get(APPROVAL)
        assert ticked(page) == [ready.case_id]
        assert "Ещё не передано на утверждение: Подготовка сводного заключения." in text_of(page)
        refused = office.post(APPROVAL, data={"case": [str(early.case_id)]})
        assert refused.status_code == 422
        order = collected(office, APPROVAL, ready.case_id)
        card = office.get(f"/records/month-order/{order}")
        assert "Утвердить экспертные заключения согласно приложению" in text_of(card)
        assert first_buttons(card) == ["Передать на подпись"], "the next step, not the room"
        file = docx.Document(io.BytesIO(office.get(f"/orders/{order}/draft.docx").data))
        assert any("ПРИКАЗ" in one.text for one in file.paragraphs)
        assert "стоит в приказе" in text_of(head.get("/approvals"))
        assert office.post(f"/records/month-order/{order}/do/offer", data={"version": "1"}).status_code == 303
        assert "Подписать приказ по делам" in text_of(head.get("/"))
        assert first_buttons(office.get(f"/records/month-order/{order}")) == ["Дела приказа"], "it waits for another"
        card = head.get(f"/records/month-order/{order}")
        assert first_buttons(card) == ["Подписать приказ"]
        offered = links_of(card)
        assert [one.rpartition("/")[2] for one in offered if "/do/" in one] == [
            "sign_approval",
            "enter_approval",
            "end",
        ]
        done = head.post(f"/records/month-order/{order}/do/sign_approval", data={"version": "2", "password": PASSWORD})
        assert done.status_code == 303, text_of(done)
        assert "Об утверждении заключений" in text_of(office.get(f"/cases/{ready.case_id}"))
        assert "Исключить" not in text_of(office.get(f"/records/month-order/{order}"))
        assert f"/records/month-order/{order}/do/reissue_composition" not in links_of(
            head.get(f"/records/month-order/{order}")
        )
    assert ready.state() == "approved"
    assert papers(quick_stage, int(order)) == [("conclusions_order", "1", 1, "issued")]


def test_cases_leave_a_draft_and_come_back(quick_stage, client_as):
    road = at(quick_stage, "on_approval", MATERIAL)
    with clock.at(quick_stage.moment):
        office = client_as("morozova")
        order = collected(office, APPROVAL, road.case_id)
        assert ticked(office.get(f"/orders/{order}")) == [road.case_id]
        assert office.post(f"/orders/{order}", data={}).status_code == 303
        assert ticked(office.get(f"/orders/{order}")) == []
        assert ticked(office.get(APPROVAL)) == [road.case_id], "it is free for another"
        assert office.post(f"/orders/{order}", data={"case": [str(road.case_id)]}).status_code == 303
        assert ticked(office.get(f"/orders/{order}")) == [road.case_id]


@pytest.mark.parametrize("key", ["sokolova", "bondarenko", "koroleva"])
def test_others_collect_no_orders_and_do_not_see_them(quick_stage, client_as, key):
    order = signed(quick_stage, at(quick_stage, "on_approval", MATERIAL))
    with clock.at(quick_stage.moment):
        client = client_as(key)
        assert client.get(APPROVAL).status_code == 403
        assert client.get(f"/orders/{order}").status_code == 404
        assert client.get(f"/orders/{order}/draft.docx").status_code == 404


def test_a_signed_order_shows_its_cases_without_ticks(quick_stage, client_as):
    road = at(quick_stage, "assigning", ATTESTATION)
    road.invite(EXPERTS[ATTESTATION], REASON)
    with clock.at(quick_stage.moment):
        assert ticked(client_as("morozova").get(COMPOSITION)) == [road.case_id]
    order = signed(quick_stage, road, kind=o.COMPOSITION, scope=o.ATTESTATION)
    with clock.at(quick_stage.moment):
        office = client_as("morozova")
        page = office.get(f"/orders/{order}")
        assert 'name="case"' not in page.text
        assert "Соколова" in page.text
        assert office.post(f"/orders/{order}", data={}).status_code == 403
        assert "Уже стоит в приказе" in text_of(office.get(COMPOSITION))


def test_more_cases_ask_no_more_statements(app, quick_stage, client_as):
    engine, counts = app.extensions["workflow_database"].engine, []
    for _ in range(3):
        at(quick_stage, "on_approval", MATERIAL)
        with clock.at(quick_stage.moment):
            client = client_as("morozova")
            client.get(APPROVAL)
            with count_statements(engine) as told:
                assert client.get(APPROVAL).status_code == 200
        counts.append(len(told))
    assert counts[0] == counts[1] == counts[2] > 0


def test_who_has_a_part_in_a_case_neither_orders_about_it_nor_reads_the_order(quick_stage, client_as):
    """R30: ershov is a coordinator and an expert of the case; another coordinator puts it into an order."""
    road = at(quick_stage, "assigning", "innovation_product")
    road.invite(["ershov", "nesterov", "koval"], REASON)
    url = "/orders/collect?kind=composition&scope=expertise"
    with clock.at(quick_stage.moment):
        refused = client_as("ershov").post(url, data={"case": [str(road.case_id)]})
        assert refused.status_code == 422
        assert "Вы сами участвуете в этом деле" in text_of(refused)
    order = with_cases(quick_stage, road, kind=o.COMPOSITION)
    with clock.at(quick_stage.moment):
        involved, other = client_as("ershov"), client_as("morozova")
        for page in (f"/orders/{order}", f"/records/month-order/{order}"):
            assert "Коваль" in text_of(other.get(page))
            assert "Коваль" not in text_of(involved.get(page))
        assert other.get(f"/orders/{order}/draft.docx").status_code == 200
        assert involved.get(f"/orders/{order}/draft.docx").status_code == 403
        assert involved.post(f"/orders/{order}", data={}).status_code == 303
        assert ticked(other.get(f"/orders/{order}")) == [road.case_id], "what is not shown is not taken out"
    for name, sheet in (("offer", None), ("sign_composition", o.SignComposition())):
        act(quick_stage, order, name, sheet)
    with quick_stage.database.transaction(keep=False) as session:
        paper = session.scalars(select(Document.id).where(Document.record_kind == "month_order")).one()
    with clock.at(quick_stage.moment):
        addresses = (f"/documents/{paper}", f"/documents/{paper}.docx")
        assert [other.get(one).status_code for one in addresses] == [200, 200]
        assert [involved.get(one).status_code for one in addresses] == [404, 404]
        lists = ("/registers/orders", f"/records/month-order/{order}", "/search?q=приказ&kind=documents")
        assert all({*addresses} & {*links_of(other.get(one))} for one in lists)
        assert not [one for one in lists if {*addresses} & {*links_of(involved.get(one))}]
        names = ("Коваль", "Нестеров")
        for one in (
            f"/orders/{order}",
            *(f"/cases/{road.case_id}{tab}" for tab in ("", "/review", "/history", "/documents")),
        ):
            assert not [name for name in names if name in text_of(involved.get(one))]
        assert "Коваль" in text_of(other.get(f"/cases/{road.case_id}/review"))


def test_a_pasted_number_of_a_foreign_case_tells_nothing(quick_stage, client_as):
    road = at(quick_stage, "consolidation", MATERIAL)
    with quick_stage.database.transaction(keep=True) as session:
        here = session.get_one(Municipality, 1)
        told = {one.name: getattr(here, one.key) for one in Municipality.__table__.columns}
        session.execute(Municipality.__table__.insert().values(told | {"id": 2, "name": "Другой"}))
        session.execute(update(Case).where(Case.id == road.case_id).values(municipality_id=2))
    with clock.at(quick_stage.moment):
        refused = client_as("morozova").post(APPROVAL, data={"case": [str(road.case_id)]})
        assert refused.status_code == 422
        assert "Такой записи нет" in text_of(refused)
        assert "Ещё не передано" not in text_of(refused)
