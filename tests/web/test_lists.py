"""The month's lists: which cases stand in them, who reads them, the same as a Word file."""

import io
from datetime import UTC, date, datetime

import docx
import pytest

from tests.play import at
from tests.statements import count_statements
from tests.web.pages import text_of
from workflow_app import clock
from workflow_app.db.models import Case
from workflow_app.documents.lists.lists import LISTINGS
from workflow_app.facts import standing_rows
from workflow_app.facts.subjects import facts_of

MATERIAL, ATTESTATION = "methodical_material", "attestation_portfolio"


def month_of(road) -> str:
    return f"{road.stage.moment:%Y-%m}"


def shown(client, key, road, month=None):
    return text_of(client.get(f"/lists?list={key}&month={month or month_of(road)}"))


def cells_of(answer):
    assert answer.status_code == 200
    found = docx.Document(io.BytesIO(answer.data))
    return [cell.text.replace("\u00a0", " ") for row in found.tables[0].rows for cell in row.cells]


@pytest.mark.parametrize("key", ["morozova", "gradov"])
def test_the_office_chooses_a_list_and_a_month(client_as, key):
    page = text_of(client_as(key).get("/lists"))
    assert all(str(one.title) in page for one in LISTINGS.values())


@pytest.mark.parametrize("key", ["sokolova", "bondarenko", "kuzmin", "koroleva"])
def test_others_have_no_lists(client_as, key):
    client = client_as(key)
    assert client.get("/lists").status_code == 403
    assert client.get("/lists/groups.docx").status_code == 403


def test_a_month_without_cases_says_so_and_a_wrong_month_is_this_one(client_as):
    client = client_as("morozova")
    assert "За январь 2020 г. таких дел нет" in text_of(client.get("/lists?list=groups&month=2020-01"))
    for wrong in ("2020-13", "abc", "9999-01", ""):
        assert client.get(f"/lists?list=groups&month={wrong}").status_code == 200
    assert client.get("/lists/passports.docx").status_code == 404
    assert client.get("/lists?list=passports").status_code == 200


def test_numbers_stand_in_the_order_in_which_people_count(quick_stage, client_as):
    roads = [at(quick_stage, "in_review", MATERIAL) for _ in range(3)]
    with quick_stage.database.transaction(keep=True) as session:
        for road, number in zip(roads, ("ММ-2026-10", "ММ-2026-9", "ММ-2026-100"), strict=True):
            session.get_one(Case, road.case_id).number = number
    with clock.at(quick_stage.moment):
        cells = cells_of(client_as("gradov").get(f"/lists/groups.docx?month={month_of(roads[0])}"))
    found = [one.replace("\u2011", "-") for one in cells if one.startswith("ММ")]
    assert found == ["ММ-2026-9", "ММ-2026-10", "ММ-2026-100"]


def test_a_month_and_a_day_begin_at_the_municipalitys_own_midnight(quick_stage, client_as):
    """At 20:30 of the world's 31 October it is already 1 November in the Urals."""
    road = at(quick_stage, "in_review", MATERIAL)
    with quick_stage.database.transaction(keep=True) as session:
        case = session.get_one(Case, road.case_id)
        case.registered_at, case.due_on = datetime(2026, 10, 31, 20, 30, tzinfo=UTC), date(2026, 11, 20)
        for one in case.assignments:
            one.invited_at = case.registered_at
    client = client_as("morozova")
    assert "Соколова" in shown(client, "groups", road, "2026-11")
    assert "таких дел нет" in shown(client, "groups", road, "2026-10")
    assert "таких дел нет" in shown(client, "schedule", road, "2026-10")
    assert "01.11.2026" in shown(client, "schedule", road, "2026-11")
    with clock.at(datetime(2026, 10, 31, 20, 30, tzinfo=UTC)):
        made = client_as("gradov").get("/lists/groups.docx?month=2026-11")
    assert "Сформировано 1\u00a0ноября" in "\n".join(
        one.text for one in docx.Document(io.BytesIO(made.data)).sections[0].footer.paragraphs
    )


@pytest.mark.parametrize("kind", [MATERIAL, ATTESTATION])
def test_groups_and_the_schedule_name_the_experts(quick_stage, client_as, kind):
    road = at(quick_stage, "in_review", kind)
    with clock.at(quick_stage.moment):
        client = client_as("morozova")
        groups = shown(client, "groups", road)
        schedule = shown(client, "schedule", road, f"{road.stage.moment:%Y-%m}")
    assert "Бондаренко" in groups
    assert ("руководитель группы" in groups) is (kind == ATTESTATION)
    assert "Бондаренко" in schedule
    assert ("всесторонний анализ" in schedule) is (kind == ATTESTATION)


def test_what_was_sent_to_the_commission_stands_in_the_register_of_the_month(quick_stage, client_as):
    road = at(quick_stage, "approved", ATTESTATION)
    with clock.at(quick_stage.moment):
        assert "таких дел нет" in shown(client_as("morozova"), "handover", road), "approved, not sent yet"
    quick_stage.wait(days=10)
    quick_stage.act("morozova", road.case_id, "send", {"sent_on": f"{quick_stage.moment:%d.%m.%Y}"})
    with clock.at(quick_stage.moment):
        client = client_as("morozova")
        assert "О передаче экспертных заключений" in shown(client, "handover", road)
        cells = cells_of(client.get(f"/lists/handover.docx?month={month_of(road)}"))
        assert any(one.startswith("Соколова Ольга Викторовна, учитель") for one in cells)


def test_the_coordinators_own_case_stands_in_no_list_of_theirs(quick_stage, client_as):
    """R30: towards one's own case nobody stands as staff."""
    road = at(quick_stage, "in_review", MATERIAL)
    with quick_stage.database.transaction(keep=True) as session:
        case = session.get_one(Case, road.case_id)
        case.applicant_id = quick_stage.people["gradov"]
        standing_rows.keep(session, case, facts_of(case, session), ())
    with clock.at(quick_stage.moment):
        assert "таких дел нет" in shown(client_as("gradov"), "groups", road)


@pytest.mark.parametrize("key", LISTINGS)
def test_a_longer_list_asks_no_more_statements(app, quick_stage, client_as, key):
    kind = ATTESTATION if key == "handover" else MATERIAL
    engine, counts = app.extensions["workflow_database"].engine, []
    for _ in range(3):
        road = at(quick_stage, {"handover": "approved"}.get(key, "in_review"), kind)
        if key == "handover":
            quick_stage.wait(days=10)
            quick_stage.act("morozova", road.case_id, "send", {"sent_on": f"{quick_stage.moment:%d.%m.%Y}"})
        with clock.at(quick_stage.moment):
            client = client_as("morozova")
            client.get("/lists")
            with count_statements(engine) as told:
                page = shown(client, key, road)
        assert "таких дел нет" not in page
        counts.append(len(told))
    assert counts[0] == counts[1] == counts[2] > 0
