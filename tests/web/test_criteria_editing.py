"""The next version of a criteria sheet: typed by the coordinator without a script, put in force by the director (R27)."""

import re

import pytest
from sqlalchemy import func, select

from tests.core.test_criteria_editing import sent
from tests.play import at
from tests.web.pages import text_of
from workflow_app import clock, gate
from workflow_app.assessment import editing
from workflow_app.assessment.criteria import from_data
from workflow_app.db.models import Case, CriteriaRow, Event, Person, WorkingCopy
from workflow_app.errors import Denied, Invalid
from workflow_app.facts import standing_rows, worklist
from workflow_app.facts.actors import actor_of
from workflow_app.features.centre.effects import next_number
from workflow_app.states.definitions.centre import EditedSheet, NewVersion, PutInForce
from workflow_app.states.forms import Nothing, fill
from workflow_app.states.standings import SHEET

EDIT = "/criteria/b_material/2/edit"


def version_of(answer):
    return re.search(r'name="version" value="([^"]*)"', answer.get_data(as_text=True))[1]


def begun(client):
    """The draft of version 2 as its form stands."""
    assert client.post("/criteria/b_material/1/new").headers["Location"].endswith(EDIT)
    return client.get(EDIT)


def states(stage):
    with stage.database.snapshot() as session:
        rows = session.execute(select(CriteriaRow.number, CriteriaRow.state).where(CriteriaRow.key == "b_material"))
        return dict(rows.all())


def waiting(stage, key):
    """How many versions wait for a person, as the bell counts; what is kept for it is as ``check`` reckons it."""
    with stage.database.snapshot() as session:
        assert [*standing_rows.differing(session)] == []
        actor = actor_of(session, session.get_one(Person, stage.people[key]), stage.municipality_id)
        return worklist.count_waiting(session, actor, step=SHEET)


@pytest.fixture
def typed(quick_stage):
    with quick_stage.database.snapshot() as session:
        return editing.typed_of(
            from_data(session.scalar(select(CriteriaRow.data).where(CriteriaRow.key == "b_material")))
        )


def test_a_version_is_typed_proposed_and_put_in_force_and_running_cases_keep_theirs(quick_stage, client_as, typed):
    road = at(quick_stage, "in_review")
    at(quick_stage, "registered")
    coordinator, director = client_as("morozova"), client_as("gradov")
    form = begun(coordinator)
    typed["criteria"][0]["title"] = "Востребованность"
    assert coordinator.post(EDIT, data=sent(typed) | {"version": version_of(form)}).status_code == 303
    page = coordinator.get("/criteria/b_material/2")
    assert "Критерий «Актуальность»: название" in text_of(page)
    assert "Дел в работе на версии 1: 1" in text_of(page)
    act = "/criteria/b_material/2/do/"
    assert director.get(f"{act}put_in_force").status_code in (403, 409)  # it is a draft yet
    ask = coordinator.get(f"{act}propose_sheet")
    coordinator.post(f"{act}propose_sheet", data={"version": version_of(ask)})
    home = director.get("/").get_data(as_text=True)
    assert f'href="{act}put_in_force"' in home
    assert [waiting(quick_stage, key) for key in ("gradov", "subbotina", "morozova", "kuzmin")] == [1, 1, 0, 0]
    assert coordinator.get(f"{act}put_in_force").status_code == 403
    ask = director.get(f"{act}put_in_force")
    assert "Дел, которые ещё не начались и начнутся уже на новой версии: 1" in text_of(ask)
    director.post(f"{act}put_in_force", data={"version": version_of(ask)})
    assert states(quick_stage) == {1: "superseded", 2: "in_force"}
    assert waiting(quick_stage, "gradov") == 0
    with quick_stage.database.snapshot() as session:
        pinned = session.get_one(Case, road.case_id).criteria_id
        assert session.get_one(CriteriaRow, pinned).number == 1
        found = director.get(f"/cases?criteria={pinned}")
    assert "Найдено 1 дело" in text_of(found)
    assert "версия 1" in text_of(found)


def test_nothing_typed_is_lost_by_a_mistake_or_by_a_button(quick_stage, client_as, typed):
    client = client_as("morozova")
    version = version_of(begun(client))
    typed["criteria"][0] |= {"title": "Мой текст", "weight": "ноль"}
    answer = client.post(EDIT, data=sent(typed) | {"version": version})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert 'value="Мой текст"' in page
    assert 'aria-describedby="c-0-weight-notes" aria-invalid="true"' in page
    assert "Критерий 1: Число больше нуля." in text_of(answer)
    answer = client.post(EDIT, data=sent(typed) | {"version": version_of(answer), "do": "add-criterion"})
    assert 'value="Мой текст"' in answer.get_data(as_text=True)
    assert f'id="c-{len(typed["criteria"])}-title"' in answer.get_data(as_text=True)
    again = client.get(EDIT)
    assert 'value="Мой текст"' in again.get_data(as_text=True)
    assert "Мы вернули правки" in text_of(again)
    with quick_stage.database.snapshot() as session:
        row = session.scalar(select(CriteriaRow).where(CriteriaRow.key == "b_material", CriteriaRow.number == 2))
        assert row.data["criteria"][0]["title"] == "Актуальность"


def test_a_look_shows_the_sheet_as_the_expert_and_the_paper_have_it(quick_stage, client_as, typed):
    client = client_as("morozova")
    version = version_of(begun(client))
    typed["criteria"][0]["title"] = "Новое имя критерия"
    said = text_of(client.post(EDIT, data=sent(typed) | {"version": version, "do": "look"}))
    assert "Как увидит эксперт" in said
    assert said.partition("Как увидит эксперт")[2].count("Новое имя критерия") >= 2
    assert "Как стоит в экспертном листе" in text_of(client.get("/criteria/b_material/1?paper=1"))


def test_what_follows_the_typing_is_checked_like_a_look_and_keeps_nothing(quick_stage, client_as, typed):
    client, address = client_as("morozova"), EDIT.replace("edit", "look")
    form = begun(client)
    before = everything_of(quick_stage)
    typed["criteria"][0]["title"] = "Новое имя критерия"
    said = client.post(address, data=sent(typed))
    assert text_of(said).partition("Как увидит эксперт")[2].count("Новое имя критерия") >= 2
    assert "было: Актуальность" in text_of(said)
    typed["criteria"][0]["weight"] = "ноль"
    said = client.post(address, data=sent(typed))
    assert said.status_code == 200
    assert "Ошибок: 1" in text_of(said)
    assert "Число больше нуля." in text_of(said)
    assert "Как увидит эксперт" not in text_of(said)
    assert everything_of(quick_stage) == before
    assert version_of(client.get(EDIT)) == version_of(form)
    assert client_as("gradov").post(address, data=sent(typed)).status_code == 403
    assert client_as("sokolova").post(address, data=sent(typed)).status_code in (403, 404)


def everything_of(stage):
    """The draft, its working copies and how many events there are."""
    with stage.database.snapshot() as session:
        draft = session.scalar(select(CriteriaRow).where(CriteriaRow.key == "b_material", CriteriaRow.number == 2))
        copies = session.scalars(select(WorkingCopy.data)).all()
        return draft.data, draft.version, copies, session.scalar(select(func.count()).select_from(Event))


def test_there_is_one_draft_and_it_is_the_offices(quick_stage, client_as):
    client = client_as("morozova")
    begun(client)
    assert client.post("/criteria/b_material/1/new").headers["Location"].endswith(EDIT)
    assert states(quick_stage) == {1: "in_force", 2: "draft"}
    for who in ("sokolova", "bondarenko", "pavlyuk"):
        assert client_as(who).get("/criteria/b_material/2").status_code == 404
        assert client_as(who).get(EDIT).status_code in (403, 404)
    assert client_as("gradov").get(EDIT).status_code == 403
    assert client_as("gradov").post("/criteria/a_first/1/new").status_code == 403


def test_the_gate_takes_no_draft_that_is_not_its_bases_next_and_nothing_that_cannot_be_used(quick_stage):
    with clock.at(quick_stage.moment), quick_stage.database.transaction(keep=False) as session:
        people = (session.get_one(Person, quick_stage.people[who]) for who in ("morozova", "gradov"))
        me, chief = (actor_of(session, one, quick_stage.municipality_id) for one in people)
        base = session.scalar(select(CriteriaRow).where(CriteriaRow.key == "b_material"))

        def draft():
            number = next_number(session, base.municipality_id, base.key)
            data = base.data | {"version": number}
            row = CriteriaRow(
                municipality_id=base.municipality_id, key=base.key, number=number, data=data, created_at=clock.now()
            )
            return gate.begin(session, me, row, fill(NewVersion, {"base": 1}, {}))

        first = draft()
        with pytest.raises(Invalid):
            draft()
        spoiled = from_data(first.data).to_json().replace('"threshold":"80"', '"threshold":"30"')
        with pytest.raises(Invalid):
            gate.perform(session, me, first, "edit_sheet", EditedSheet(content=spoiled), first.version)
        gate.perform(session, me, first, "propose_sheet", Nothing(), first.version)
        with pytest.raises(Denied):
            gate.perform(session, me, first, "put_in_force", PutInForce(), first.version)
        gate.perform(session, chief, first, "put_in_force", PutInForce(), first.version)
        assert (base.state, first.state) == ("superseded", "in_force")
