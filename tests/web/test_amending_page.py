"""The page of a correction: the whole card stands in it, what is settled is told, and the case says what it led to."""

from sqlalchemy import select

from tests.play import at
from tests.web.drafts import typed
from tests.web.office import fields, row, value, version
from tests.web.pages import text_of
from workflow_app.db.models import Case, Organization
from workflow_app.features.cases.office import card_correction

ATTESTATION = "attestation_portfolio"
REASON = "Опечатка в карточке, исправлена по письму школы."


def sent(stage, road, **changes):
    """What the browser sends: the card as the page shows it, with some fields changed."""
    with stage.database.transaction(keep=False) as session:
        case = session.get_one(Case, road.case_id)
        shown = {
            name: one for name, one in card_correction.standing(case).items() if name not in card_correction.kept(case)
        }
    return typed(shown | {"reason": REASON} | changes) | {"version": version(stage, road)}


def another_place(stage, case):
    with stage.database.transaction(keep=False) as session:
        found = select(Organization).where(Organization.id != case.organization_id, Organization.state == "active")
        place = session.scalars(found.order_by(Organization.id)).first()
        return place.id, place.name


def test_the_card_is_corrected_on_its_page_and_the_history_tells_what_stood_before(quick_stage, client_as):
    road = at(quick_stage, "registered")
    client, address = client_as("morozova"), f"/cases/{road.case_id}/do/amend"
    page = client.get(address)
    old = row(quick_stage, road)
    assert (value(page, "title"), value(page, "received_at")) == (old.title, old.received_at.isoformat())
    assert fields(page, "applicant_id") == []  # it came through the system
    place, name = another_place(quick_stage, old)
    answer = client.post(address, data=sent(quick_stage, road, organization_id=place), follow_redirects=True)
    assert "Карточка исправлена" in text_of(answer)
    assert row(quick_stage, road).organization_id == place
    told = text_of(client.get(f"/cases/{road.case_id}/history"))
    assert f"стало «{name}»" in told and REASON in told
    assert "Название: было" not in told  # what did not change is not told


def test_the_category_is_told_and_not_asked_once_the_experts_are_appointed(quick_stage, client_as):
    road = at(quick_stage, "in_review", ATTESTATION)
    client, address = client_as("morozova"), f"/cases/{road.case_id}/do/amend"
    page = client.get(address)
    assert fields(page, "target_category") == fields(page, "attested_position") == []
    assert "категорию и должность уже не меняют" in text_of(page)
    answer = client.post(address, data=sent(quick_stage, road, target_category="first", education="высшее, 1999 год"))
    assert answer.status_code == 303  # a field that the page does not have is not read
    form = row(quick_stage, road).form
    assert (form["target_category"], form["education"]) == ("highest", "высшее, 1999 год")


def test_a_new_conflict_is_told_and_an_old_warning_is_not(quick_stage, client_as):
    """R15: with the right organisation an expert turns out to be a colleague of the applicant."""
    road = at(quick_stage, "in_review", ATTESTATION)
    client, address = client_as("morozova"), f"/cases/{road.case_id}/do/amend"
    quiet = client.post(address, data=sent(quick_stage, road, outside_number="ГУ-20"), follow_redirects=True)
    assert "Появился конфликт интересов" not in text_of(quiet)
    with quick_stage.database.transaction(keep=False) as session:
        expert = session.get_one(Case, road.case_id).assignments[0].expert
        place, name = expert.organization_id, expert.short_name
    told = client.post(address, data=sent(quick_stage, road, organization_id=place), follow_redirects=True)
    assert "Появился конфликт интересов" in text_of(told)
    assert name.split("\u00a0")[0] in text_of(told)


def test_a_wrong_correction_keeps_what_was_typed(quick_stage, client_as):
    road = at(quick_stage, "registered", ATTESTATION)
    client, address = client_as("morozova"), f"/cases/{road.case_id}/do/amend"
    answer = client.post(address, data=sent(quick_stage, road, target_category="mentor", education="высшее, 1998 год"))
    assert answer.status_code == 422
    assert "нужна высшая категория" in text_of(answer)  # R4
    assert value(answer, "education") == "высшее, 1998 год"
    assert value(client.get(address), "education") == "высшее, 1998 год"


def test_the_case_names_the_papers_with_the_old_text_until_they_are_issued_again(quick_stage, client_as):
    road = at(quick_stage, "approved")
    client = client_as("morozova")
    title = "Исправленное название методического материала"
    client.post(f"/cases/{road.case_id}/do/amend", data=sent(quick_stage, road, title=title))
    told = "В документах прежние сведения"
    assert told in text_of(client.get(f"/cases/{road.case_id}"))
    assert told not in text_of(client_as("sokolova").get(f"/cases/{road.case_id}"))
    director = client_as("gradov")
    assert told in text_of(director.get(f"/cases/{road.case_id}"))
    page = director.get(f"/cases/{road.case_id}/do/reissue")
    chosen = {one.get("value") for one in fields(page, "kind") if one.get("checked") is not None}
    assert len(chosen) == 1 and chosen <= {"consolidated_conclusion", "order"}
