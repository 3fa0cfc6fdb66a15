"""Products, contests, membership, headcount, reports of events: who enters them, what is once, what is counted and of nobody's name."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from tests.rows import findings, row_of, rows_of
from tests.web.pages import links_of, text_of
from tests.web.test_records import begun, do, path, states, typed, version_of
from workflow_app import clock
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import RECORDS, Organization, Person

OFFICER = "koroleva"
HEADCOUNT, RESULT = CONTENT_TYPES["headcount"], CONTENT_TYPES["contest_result"]


def school(stage):
    return str(row_of(stage, Person, stage.people[OFFICER]).organization_id)


def another_school(stage):
    found = (
        select(Organization.id).where(Organization.state == "active", Organization.id != int(school(stage))).limit(1)
    )
    with stage.database.transaction(keep=False) as session:
        return str(session.scalar(found))


def told(stage, kind, organization):
    return typed(stage, kind, full=False) | {"organization_id": organization}


@pytest.mark.parametrize("kind", [HEADCOUNT, RESULT], ids=lambda one: one.key)
def test_an_officer_enters_the_numbers_of_their_own_organisation_and_of_no_other(client_as, quick_stage, kind):
    officer = client_as(OFFICER)
    assert f"{path(kind)}/new" in links_of(officer.get(path(kind)))
    assert f'value="{school(quick_stage)}"' in officer.get(f"{path(kind)}/new").get_data(as_text=True), (
        "it is chosen already"
    )
    other = officer.post(f"{path(kind)}/new", data=told(quick_stage, kind, another_school(quick_stage)))
    assert other.status_code == 422
    assert states(quick_stage, kind) == []
    own = officer.post(f"{path(kind)}/new", data=told(quick_stage, kind, school(quick_stage)))
    assert own.status_code == 303
    moved = told(quick_stage, kind, another_school(quick_stage))
    form = officer.get(f"{own.location}/do/edit")
    answer = officer.post(f"{own.location}/do/edit", data=moved | {"version": version_of(form)})
    assert answer.status_code == 422, "nor does a correction make it another's"
    foreign = begun(client_as("morozova"), quick_stage, kind, organization_id=another_school(quick_stage))
    assert officer.get(foreign).status_code == 404
    assert officer.get(f"{foreign}/do/edit").status_code == 404
    assert findings(quick_stage) == []


def test_an_officer_names_nobody_of_another_organisation(client_as, quick_stage):
    people = {one.id: one.organization_id for one in rows_of(quick_stage, Person)}
    mine = int(school(quick_stage))
    stranger = next(id_ for id_, place in people.items() if place not in (mine, None))
    sent = told(quick_stage, RESULT, str(mine)) | {"person_id": str(stranger)}
    answer = client_as(OFFICER).post(f"{path(RESULT)}/new", data=sent)
    assert answer.status_code == 422
    assert "Такого варианта нет в списке" in text_of(answer)


def test_an_organisation_has_one_headcount_in_a_school_year(client_as, quick_stage):
    client = client_as("morozova")
    sent = typed(quick_stage, HEADCOUNT) | {"organization_id": school(quick_stage), "year": "2025", "teachers": "40"}
    assert client.post(f"{path(HEADCOUNT)}/new", data=sent).status_code == 303
    again = client.post(f"{path(HEADCOUNT)}/new", data=sent | {"teachers": "41", "on": "2026-10-01"})
    assert again.status_code == 422
    assert "Такая запись уже есть" in text_of(again)
    assert client.post(f"{path(HEADCOUNT)}/new", data=sent | {"year": "2026"}).status_code == 303
    shown = text_of(client.get(f"/records/organization/{sent['organization_id']}"))
    assert "Начало учебного года Педагогов На какую дату" in shown, "the card tells them apart"
    assert shown.index("2026 40") < shown.index("2025 40"), "the newest first"
    other = sent | {"organization_id": another_school(quick_stage)}
    assert client.post(f"{path(HEADCOUNT)}/new", data=other).status_code == 303


def test_a_number_from_elsewhere_says_from_where(client_as, quick_stage):
    sent = typed(quick_stage, HEADCOUNT) | {"source": "other", "source_name": ""}
    answer = client_as("morozova").post(f"{path(HEADCOUNT)}/new", data=sent)
    assert answer.status_code == 422
    assert "Назовите источник." in text_of(answer)


def test_a_response_is_from_somebody(client_as, quick_stage):
    kind = CONTENT_TYPES["implementation_act"]
    sent = typed(quick_stage, kind) | {"organization_id": "", "from_whom": ""}
    answer = client_as("morozova").post(f"{path(kind)}/new", data=sent)
    assert answer.status_code == 422
    assert "Укажите, от кого" in text_of(answer)
    assert (
        client_as("morozova").post(f"{path(kind)}/new", data=sent | {"from_whom": "Родительский комитет"}).status_code
        == 303
    )


def test_whoever_a_result_is_about_sees_it_and_changes_nothing(client_as, quick_stage):
    card = begun(client_as("morozova"), quick_stage, RESULT)
    person = client_as("sokolova")
    assert person.get(card).status_code == 200
    assert person.get(f"{card}/do/edit").status_code == 403


def test_a_product_says_whether_it_was_examined_and_published(client_as, quick_stage):
    kind, client = CONTENT_TYPES["product"], client_as("morozova")
    card = begun(client, quick_stage, kind)
    assert "экспертизы не было" in text_of(client.get(card))
    publication = begun(client, quick_stage, CONTENT_TYPES["publication"]).rsplit("/", 1)[1]
    assert (
        do(client, card, kind, "edit", **typed(quick_stage, kind) | {"publication_id": publication}).status_code == 303
    )
    assert "публикация указана" in text_of(client.get(card))
    assert do(client, card, kind, "finish").status_code == 303
    assert states(quick_stage, kind) == ["ready"]


def test_the_report_of_an_event_counts_people_and_names_nobody(client_as, quick_stage):
    with clock.at(datetime(2026, 11, 20, 16, tzinfo=UTC)):
        kind, client = CONTENT_TYPES["centre_event"], client_as("morozova")
        card = begun(client, quick_stage, kind, teachers="", parents="", pupils="", outcome="", municipalities="")
        assert client.get(f"{card}/do/report").status_code in (403, 409), "what was not held has no report"
        assert do(client, card, kind, "hold").status_code == 303
        assert "Отчёта о мероприятии ещё нет." in text_of(client.get(card))
        sent = {"teachers": "31", "parents": "12", "pupils": "", "outcome": "Разобрали пять уроков, договорились о новых.",
                "municipalities": "Артёмовский\nРеж"}  # fmt: skip
        assert do(client, card, kind, "report", **sent).status_code == 303
        shown = text_of(client.get(card))
    assert "Отчёта о мероприятии ещё нет." not in shown
    assert "Разобрали пять уроков" in shown
    with quick_stage.database.transaction(keep=False) as session:
        row = session.scalars(select(RECORDS["centre_event"])).one()
        assert (row.teachers, row.parents, row.pupils) == (31, 12, None), "nothing said is no nought"
        assert row.municipalities == ["Артёмовский", "Реж"]
    assert findings(quick_stage) == []
