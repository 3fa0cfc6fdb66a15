"""A school's officer enters cases of the teachers of the own school, singly and by table, follows them, and meets nobody else's."""

import pytest
from sqlalchemy import select

from tests.play import at
from tests.rows import rows_of
from tests.web.imports import SOKOLOVA, bring, confirm, press
from tests.web.pages import links_of, plain
from workflow_app import clock, gate
from workflow_app.db.models import Case, Event, ImportWord, Organization, Person
from workflow_app.errors import Denied, Invalid, NotFound
from workflow_app.facts import standing_rows, standings, worklist
from workflow_app.facts.subjects import facts_of
from workflow_app.states.definitions.case.forms import BY_SCHOOL, NewCaseOfSchool, entered_for
from workflow_app.states.definitions.people import Invited, NewColleague, NewPerson
from workflow_app.states.vocabulary import Permission

KIND, TITLE = "methodical_material", "Сборник упражнений по чтению"
HEAD = "ФИО\tВид\tНазвание\tОрганизация\tЗаявленная категория\tИмеющаяся категория\n"
FOR_ALL = {
    "all-education_level": "basic",
    "all-subject_area": "mathematics",
    "all-signed": "yes",
    "all-position": "teacher",
}


@pytest.fixture
def turn(quick_stage):
    return quick_stage.turn


def begin(session, actor, applicant_id, organization_id):
    sheet = NewCaseOfSchool(case_type=KIND, title=TITLE, applicant_id=applicant_id)
    case = Case(
        municipality_id=actor.municipality_id, type=KIND, title=TITLE, applicant_id=applicant_id, organization_id=organization_id,
        channel=entered_for(sheet, None)[1], created_at=clock.now(), state_since=clock.now(),
    )  # fmt: skip
    return gate.begin(session, actor, case, sheet)


def test_an_officer_enters_nobody_of_another_school_by_the_gate_either(quick_stage, turn):
    """0a.18: whatever the form held, the guard asks for the own school, the effect for the teacher's."""
    people = rows_of(quick_stage, Person)
    officer = next(one for one in people if one.id == quick_stage.people["koroleva"])
    entered = 0
    with turn("koroleva") as (session, actor):
        for one in people:
            for place in {officer.organization_id, one.organization_id} - {None}:
                try:
                    with session.begin_nested():
                        case = begin(session, actor, one.id, place)
                except (Denied, Invalid):
                    assert officer.organization_id != one.organization_id or place != officer.organization_id
                else:
                    entered += 1
                    assert case.organization_id == one.organization_id == officer.organization_id
    assert entered > 2


def test_an_officer_opens_own_drafts_and_none_of_what_others_entered(quick_stage, turn, client_as):
    people = quick_stage.people
    with turn("koroleva") as (session, actor):
        mine = begin(session, actor, people["sokolova"], actor.organization_id).id
    theirs = quick_stage.open("morozova", KIND, TITLE, applicant="chernykh", channel="school")
    own = quick_stage.open("sokolova", KIND, TITLE)
    with turn("koroleva") as (session, actor):
        drafts = standings.visible(actor, Permission.VIEW).among(Case.state == "draft")
        assert set(session.scalars(drafts.column(Case.id))) == {mine}
        assert [one.case.id for one in worklist.tasks(session, actor)] == [mine]
        for hidden in (theirs, own):
            with pytest.raises(NotFound):
                gate.read(session, actor, Case, hidden)
    with turn("vdovina") as (session, actor), pytest.raises(NotFound):
        gate.read(session, actor, Case, mine)
    with turn("morozova") as (session, actor):
        assert mine not in {one.case.id for one in worklist.tasks(session, actor)}  # it waits for the school
    assert client_as("vdovina").get(f"/cases/{mine}/edit").status_code == 404
    assert client_as("koroleva").get(f"/cases/{mine}/edit").status_code == 200


def test_the_page_offers_the_own_teachers_and_refuses_others(quick_stage, client_as):
    officer = client_as("koroleva")
    page = officer.get("/cases/new/of-school").get_data(as_text=True)
    own, other = quick_stage.people["sokolova"], quick_stage.people["lebedev"]
    assert f'value="{own}"' in page and f'value="{other}"' not in page
    typed = {"case_type": KIND, "title": TITLE}
    assert officer.post("/cases/new/of-school", data=typed | {"applicant_id": other}).status_code == 422
    answer = officer.post("/cases/new/of-school", data=typed | {"applicant_id": own})
    assert answer.status_code == 303 and answer.location.endswith("/edit")
    (case,) = rows_of(quick_stage, Case)
    assert (case.channel, case.applicant_id, case.entered_by_id) == (BY_SCHOOL, own, quick_stage.people["koroleva"])
    assert client_as("sokolova").get("/cases/new/of-school").status_code == 403
    assert client_as("morozova").get("/cases/new/of-school").status_code == 403
    work = plain(officer.get("/"))
    assert TITLE in work and "Начать новую экспертизу" in work


def test_once_submitted_the_officer_sees_the_state_until_it_is_returned(quick_stage, turn, client_as):
    road = at(quick_stage, "submitted")
    case_id = road.case_id
    with quick_stage.database.transaction(keep=True) as session:
        session.get_one(Case, case_id).channel = BY_SCHOOL
    officer = client_as("koroleva")
    assert officer.get(f"/cases/{case_id}").status_code == 200
    assert officer.get(f"/cases/{case_id}/edit").status_code in (403, 404)
    assert officer.get(f"/cases/{case_id}/materials").status_code in (403, 404)
    with turn("koroleva") as (session, actor):
        assert worklist.tasks(session, actor) == []
    assert "Следующий шаг: координатор" in plain(officer.get("/"))
    quick_stage.act("morozova", case_id, "register", {"received_at": f"{quick_stage.moment:%Y-%m-%d}"})
    quick_stage.act("morozova", case_id, "return", {"general": "Приложите рецензию"})
    with turn("koroleva") as (session, actor):
        assert [one.case.id for one in worklist.tasks(session, actor)] == [case_id]
    assert officer.get(f"/cases/{case_id}/edit").status_code == 200
    with turn("vdovina") as (session, actor), pytest.raises(NotFound):
        gate.read(session, actor, Case, case_id)


def test_a_table_with_a_person_of_another_school_names_the_row_and_tells_nothing(quick_stage, client_as):
    places = {one.id: one.name for one in rows_of(quick_stage, Organization)}
    people = {one.id: one for one in rows_of(quick_stage, Person)}
    stranger = people[quick_stage.people["lebedev"]]
    ours = places[people[quick_stage.people["koroleva"]].organization_id]
    text = HEAD + "".join(
        f"{name}\tМетодический материал\t{TITLE} {n}\t{place}\t\t\n"
        for n, (name, place) in enumerate(
            (
                (SOKOLOVA, ours),
                (stranger.full_name, ""),
                (SOKOLOVA, places[stranger.organization_id]),
                ("Ничья Анна Петровна", ""),
            )
        )
    )
    officer = client_as("koroleva")
    grid = bring(officer, "school_cases", text)
    page = plain(officer.get(grid))
    assert (
        page.count("Среди педагогов вашей организации такого человека нет") == 2
    )  # one known elsewhere, one to nobody
    assert page.count("Это не ваша организация") == 1
    assert officer.get(f"{grid}/left.xlsx").status_code == 200
    confirm(officer, grid)
    assert {one.applicant_id for one in rows_of(quick_stage, Case)} <= {quick_stage.people["sokolova"]}
    assert len(rows_of(quick_stage, Person)) == len(people)


def test_a_table_of_a_school_becomes_submitted_cases_that_wait_for_registration(quick_stage, client_as):
    officer = client_as("koroleva")
    text = HEAD + "".join(
        f"{one.full_name}\t\t\t\tпервая\tнет\n"
        for one in rows_of(quick_stage, Person)
        if one.id in (quick_stage.people["sokolova"], quick_stage.people["polevaya"])
    )
    grid = bring(officer, "school_cases", text)
    press(officer, grid, "check", **FOR_ALL, **{"all-case_type": "attestation_portfolio"})
    answer = confirm(officer, grid)
    page = plain(officer.get(answer.location))
    cases = rows_of(quick_stage, Case)
    assert [one.state for one in cases] == ["submitted", "submitted"], page
    assert {one.channel for one in cases} == {BY_SCHOOL} and {one.number for one in cases} == {None}
    assert "ждёт регистрации в центре" in page and "Назначить комиссии" not in page
    assert "bulk" in {one.via for one in rows_of(quick_stage, Event, transition="submit")}
    assert rows_of(quick_stage, ImportWord) == []
    assert client_as("vdovina").get(answer.location).status_code == 404
    assert officer.get("/imports/cases").status_code == officer.get("/imports/people").status_code == 404
    assert officer.get("/imports/words").status_code == 403
    shown = [f"/cases/{one.id}" for one in cases]
    assert {*shown} <= {*links_of(officer.get(answer.location))}
    with quick_stage.database.transaction(keep=True) as session:
        who = session.get_one(Person, quick_stage.people["koroleva"])
        who.organization_id = session.get_one(Person, quick_stage.people["lebedev"]).organization_id
        for one in session.scalars(select(Case)):
            standing_rows.keep(session, one, facts_of(one, session), ())
    left = officer.get(answer.location)  # of another school now: the own table stays, the cases are no longer told of
    assert left.status_code == 200
    assert not {*shown} & {*links_of(left)}


# -- the card of a colleague -------------------------------------------------------------------------------------------

CARD = {
    "last_name": "Новикова",
    "first_name": "Дарья",
    "middle_name": "Ильинична",
    "gender": "f",
    "position": "teacher",
}


def test_an_officer_enters_the_card_of_a_colleague_and_goes_on_with_the_case(quick_stage, client_as):
    """A card and nothing else: no role, no account, no address; the coordinator sees who entered it and invites a teacher."""
    officer, keeper = client_as("koroleva"), client_as("morozova")
    assert "/people/new/colleague" in officer.get("/cases/new/of-school").get_data(as_text=True)
    page = officer.get("/people/new/colleague").get_data(as_text=True)
    assert all(f'name="{name}"' not in page for name in ("role", "email", "organization_id"))
    answer = officer.post(
        "/people/new/colleague", data=CARD | {"role": "admin", "email": "x@example.org", "organization_id": "1"}
    )
    (person,) = rows_of(quick_stage, Person, last_name="Новикова")
    home = next(one for one in rows_of(quick_stage, Person) if one.id == quick_stage.people["koroleva"]).organization_id
    assert (person.organization_id, person.position, person.email, person.state) == (home, "teacher", "", "listed")
    assert (person.memberships, person.login) == ([], None)
    (event,) = rows_of(quick_stage, Event, root_kind="person", root_id=person.id)
    assert (event.transition, event.actor_id) == ("begin", quick_stage.people["koroleva"])
    assert f'selected value="{person.id}"' in officer.get(answer.location).get_data(as_text=True)
    words = plain(keeper.get(f"/people/{person.id}"))
    assert "Карточку внёс(ла) Королёва" in words and "ответственный от организации" in words and "Ролей нет" in words
    assert "Карточка создана" in plain(keeper.get(f"/people/{person.id}/history"))
    assert officer.get(f"/people/{person.id}").status_code == 403
    with quick_stage.turn("morozova") as (session, actor):
        row = session.get_one(Person, person.id)
        row.email = "novikova@example.org"
        gate.perform(session, actor, row, "invite_person", Invited(), row.version)
        assert [one.role for one in row.memberships] == ["teacher"]


def test_a_namesake_is_shown_in_the_own_school_and_nothing_is_told_of_others(quick_stage, client_as):
    officer, people = client_as("koroleva"), {one.id: one for one in rows_of(quick_stage, Person)}
    own, other = people[quick_stage.people["sokolova"]], people[quick_stage.people["lebedev"]]

    def card(one):
        return CARD | {"last_name": one.last_name, "first_name": one.first_name, "middle_name": one.middle_name}

    answer = officer.post("/people/new/colleague", data=card(own))
    assert "Человек с таким именем уже есть" in plain(answer, 409) and f"/people/{own.id}" not in answer.get_data(
        as_text=True
    )
    assert len(rows_of(quick_stage, Person)) == len(people)
    assert officer.post("/people/new/colleague", data=card(own) | {"sure": "1"}).status_code == 303
    assert officer.post("/people/new/colleague", data=card(other)).status_code == 303  # the coordinator sees the other
    mine = rows_of(quick_stage, Person, last_name=other.last_name, organization_id=own.organization_id)
    assert "Есть человек с таким же именем" in plain(client_as("morozova").get(f"/people/{mine[-1].id}"))
    assert officer.post("/people/new/colleague", data=CARD | {"last_name": ""}).status_code == 422
    for stranger in ("sokolova", "morozova", "gradov"):
        assert client_as(stranger).get("/people/new/colleague").status_code == 403


def test_the_gate_lets_an_officer_enter_nobody_elses_people_and_give_no_role(quick_stage, turn):
    elsewhere = next(
        one for one in rows_of(quick_stage, Person) if one.id == quick_stage.people["lebedev"]
    ).organization_id
    with turn("koroleva") as (session, actor):
        names = {"last_name": "Новикова", "first_name": "Дарья"}
        for place, sheet in (
            (elsewhere, NewColleague(**names, position="teacher", organization_id=elsewhere)),
            (actor.organization_id, NewColleague(**names, position="teacher", organization_id=elsewhere)),
            (None, NewColleague(**names, position="teacher", organization_id=actor.organization_id)),
            (actor.organization_id, NewPerson(**names, role="teacher", organization_id=actor.organization_id)),
            (actor.organization_id, NewPerson(**names, role="expert", organization_id=actor.organization_id)),
        ):
            row = Person(municipality_id=actor.municipality_id, organization_id=place, **names)
            with pytest.raises(Denied), session.begin_nested():
                gate.begin(session, actor, row, sheet)
    assert rows_of(quick_stage, Person, last_name="Новикова") == []
