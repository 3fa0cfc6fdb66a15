"""The pages of people: the list, a person, the register of experts, the access log; who may see and do what there."""

import csv
import io

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from tests.play import EXPERTS, at
from tests.statements import count_statements
from tests.web.accounts import alive, do, log, person
from tests.web.pages import text_of
from workflow_app.db.models import Case, Membership, Person
from workflow_app.db.seeding import new_municipality
from workflow_app.facts import search_rows, standing_rows
from workflow_app.facts.subjects import facts_of


def page_of(stage, key, tail=""):
    return f"/people/{stage.people[key]}{tail}"


def post(client, stage, about, name, **fields):
    """An act through the page, with the version that the page shows."""
    return client.post(page_of(stage, about, f"/do/{name}"), data=fields | {"version": person(stage, about).version})


def roles(stage, key):
    with stage.database.transaction(keep=False) as session:
        return {*session.scalars(select(Membership.role).where(Membership.person_id == stage.people[key]))}


# ------------------------------------------------------------------------------------------------------------- the list


def test_the_list_is_searched_whatever_the_case_and_filtered_and_says_how_many(client_as):
    client = client_as("morozova")
    assert "Соколова Ольга Викторовна" in text_of(client.get("/people?q=соКОЛ ольга"))
    found = text_of(client.get("/people?role=director"))
    assert "Найдено людей: 1" in found
    assert "Градов Игорь Алексеевич" in found
    assert "Никого не нашлось" in text_of(client.get("/people?q=Никитский"))
    assert "Найдено людей: 0" in text_of(client.get("/people?state=blocked"))


def test_the_list_is_sorted_and_paged_by_its_address(client_as):
    client = client_as("kuzmin")
    first = text_of(client.get("/people?sort=name"))
    last = text_of(client.get("/people?sort=-name"))
    assert first.index("Ахметова") < first.index("Бондаренко")
    assert "Ахметова" not in last
    assert "26–" in text_of(client.get("/people?page=2"))


@pytest.mark.parametrize("query", [
    "page=0", "page=-1", "page=999999999999", "page=x", "size=7", "sort=password_hash", "sort=-", "role=%27", "organization=x",
    "organization=99999999999999999999", "state=%00", "q=%25_%5C", "q=" + "a+" * 300,
])  # fmt: skip
def test_an_address_that_makes_no_sense_shows_a_list_all_the_same(client_as, query):
    assert client_as("morozova").get(f"/people?{query}").status_code == 200


@pytest.mark.parametrize(
    "path", ["/people", "/people/new", "/people/export.csv", "/experts", "/experts/export.xlsx", "/access"]
)
def test_a_teacher_and_an_expert_do_not_open_the_lists(client_as, quick_stage, path):
    for key in ("sokolova", "bondarenko"):
        assert client_as(key).get(path).status_code == 403
    assert {one.detail for one in log(quick_stage, "denied")} == {f"GET {path}"}


def test_nobody_but_the_administrator_reads_the_access_log(client_as):
    for key in ("morozova", "gradov", "koroleva"):
        assert client_as(key).get("/access").status_code == 403
        assert client_as(key).get("/access/export.csv").status_code == 403


def test_people_of_another_municipality_are_not_there(client_as, quick_stage):
    with quick_stage.database.transaction(keep=True) as session:
        other = new_municipality(session, "Соседний округ", "Asia/Yekaterinburg").id
        stranger = Person(municipality_id=other, last_name="Чужакова", first_name="Рита", state="listed", version=1)
        session.add(stranger)
        session.flush()
        id_ = stranger.id
    for key in ("morozova", "kuzmin", "gradov"):
        client = client_as(key)
        assert "Чужакова" not in text_of(client.get("/people?q=Чужакова"))
        for tail in ("", "/history", "/do/edit_person", "/do/grant_role"):
            assert client.get(f"/people/{id_}{tail}").status_code == 404
            assert client.get(f"/people/9{id_}99{tail}").status_code == 404
    assert client_as("kuzmin").post(f"/people/{id_}/sessions/end").status_code == 404
    assert client_as("kuzmin").post(f"/people/{id_}/invite").status_code == 404


def test_the_exports_hold_what_is_shown_and_nothing_in_them_comes_alive(client_as, quick_stage):
    """security.md 34: a name that begins like a formula stays text."""
    with quick_stage.database.transaction(keep=True) as session:
        session.get_one(Person, quick_stage.people["sokolova"]).last_name = "=cmd|' /C calc'!A0"
        search_rows.rebuild_in(session)
    client = client_as("kuzmin")
    table = client.get("/people/export.csv?q=calc").get_data().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(table), delimiter=";"))
    assert len(rows) == 2
    assert rows[1][0].startswith("'=")
    sheet = (
        CalamineWorkbook.from_filelike(io.BytesIO(client.get("/people/export.xlsx").get_data()))
        .get_sheet_by_index(0)
        .to_python()
    )
    assert len(sheet) == len(quick_stage.people) + 1
    assert any(row[0].startswith("=cmd") for row in sheet)
    assert client.get("/people/export.pdf").status_code == 404
    assert len(log(quick_stage, "people exported")) == 2


def test_the_statements_do_not_grow_with_the_people(client_as, quick_stage, app):
    client = client_as("morozova")
    engine = app.extensions["workflow_database"].engine
    paths = ("/people?size=100", "/experts?size=100", "/people/export.csv", "/experts/export.csv")

    def counted(path):
        with count_statements(engine) as found:
            assert client.get(path).status_code == 200
        return len(found)

    few = [counted(one) for one in paths]
    with quick_stage.database.transaction(keep=True) as session:
        for n in range(40):
            row = Person(
                municipality_id=quick_stage.municipality_id,
                last_name=f"Много{n}",
                first_name="Их",
                state="listed",
                version=1,
            )
            session.add(row)
            session.flush()
            session.add(Membership(person_id=row.id, municipality_id=quick_stage.municipality_id, role="expert"))
    assert [counted(one) for one in paths] == few


# ------------------------------------------------------------------------------------------------------------- a person


def test_each_is_offered_what_they_may_do(client_as, quick_stage):
    def offered(key, about="lebedev"):
        page = client_as(key).get(page_of(quick_stage, about)).get_data(as_text=True)
        return {
            name
            for name in ("grant_role", "revoke_role", "block", "edit_person", "enter_register", "appoint_deputy")
            if f"/do/{name}" in page
        }

    assert offered("kuzmin") == {"grant_role", "revoke_role", "block", "edit_person", "appoint_deputy"}
    assert offered("morozova") == {"edit_person", "enter_register"}
    assert offered("gradov") == {"appoint_deputy"}


def test_what_is_not_offered_is_forbidden(client_as, quick_stage):
    """R32: the attempt is refused with 403, changes nothing, and stands in the log."""
    for key, name, fields in (
        ("morozova", "grant_role", {"role": "admin"}), ("morozova", "block", {"reason": "Просто так"}),
        ("gradov", "grant_role", {"role": "coordinator"}), ("gradov", "edit_person", {"last_name": "Икс", "first_name": "Игрек"}),
    ):  # fmt: skip
        assert post(client_as(key), quick_stage, "lebedev", name, **fields).status_code == 403
    assert person(quick_stage, "lebedev").version == person(quick_stage, "dyachkova").version
    assert len(log(quick_stage, "denied")) == 4


def test_acts_that_carry_a_secret_are_no_acts_of_the_page(client_as, quick_stage):
    for name in ("change_password", "reset_password", "take_account", "invite_person", "nonsense"):
        for key in ("kuzmin", "morozova"):
            assert client_as(key).post(page_of(quick_stage, key, f"/do/{name}"), data={"version": 1}).status_code == 404


def test_a_role_is_given_and_taken_and_the_register_entered(client_as, quick_stage):
    admin = client_as("kuzmin")
    assert post(admin, quick_stage, "sokolova", "grant_role", role="coordinator").status_code == 303
    assert roles(quick_stage, "sokolova") == {"teacher", "coordinator"}
    twice = post(admin, quick_stage, "sokolova", "grant_role", role="coordinator")
    assert twice.status_code == 422
    assert "Эта роль уже есть" in text_of(twice)
    assert post(admin, quick_stage, "sokolova", "revoke_role", role="coordinator").status_code == 303
    entry = {"directions": ["materials", "lessons"], "load_limit": "3", "training": "Программа: № 12"}
    assert post(client_as("morozova"), quick_stage, "sokolova", "enter_register", **entry).status_code == 303
    assert roles(quick_stage, "sokolova") == {"teacher", "expert"}
    assert "Соколова" in text_of(client_as("gradov").get("/experts?direction=lessons&trained=yes"))


def test_the_centre_keeps_an_administrator(client_as, quick_stage):
    answer = post(client_as("kuzmin"), quick_stage, "kuzmin", "revoke_role", role="admin")
    assert answer.status_code == 422
    assert "admin" in roles(quick_stage, "kuzmin")


def test_what_was_typed_stays_when_an_act_does_not_go_through(client_as, quick_stage):
    client = client_as("kuzmin")
    answer = post(
        client, quick_stage, "subbotina", "appoint_deputy", order="№ 7-од", since="2026-12-01", until="2026-11-01"
    )
    assert answer.status_code == 422
    assert "Окончание раньше начала" in text_of(answer)
    assert 'value="№ 7-од"' in answer.get_data(as_text=True)


def test_an_act_on_a_card_that_was_changed_meanwhile_is_a_conflict(client_as, quick_stage):
    seen = person(quick_stage, "lebedev").version
    do(quick_stage, "kuzmin", "lebedev", "grant_role", role="school_officer")
    data = {"last_name": "Лебедев", "first_name": "Никита", "version": seen}
    assert client_as("morozova").post(page_of(quick_stage, "lebedev", "/do/edit_person"), data=data).status_code == 409


def test_the_forms_of_the_name_are_shown_as_documents_will_use_them(client_as, quick_stage):
    page = text_of(client_as("morozova").get(page_of(quick_stage, "sokolova")))
    for form in (
        "Соколовой Ольги Викторовны",
        "Соколовой Ольге Викторовне",
        "Соколову Ольгу Викторовну",
        "Соколовой Ольгой Викторовной",
    ):
        assert form in page


def test_the_history_says_what_was_done_by_whom_and_the_address_only_to_the_administrator(client_as, quick_stage):
    assert post(client_as("kuzmin"), quick_stage, "sokolova", "grant_role", role="school_officer").status_code == 303
    told = text_of(client_as("kuzmin").get(page_of(quick_stage, "sokolova", "/history")))
    for words in (
        "Дана роль",
        "Роль: ответственный от организации",
        "Кузьмин А. П.",
        "через сайт, 127.0.0.1",
        "Согласие дано",
    ):
        assert words.replace("\u00a0", " ") in told.replace("\u00a0", " ")
    assert "127.0.0.1" not in text_of(client_as("morozova").get(page_of(quick_stage, "sokolova", "/history")))


def test_reading_the_card_of_another_stands_in_the_log(client_as, quick_stage):
    client = client_as("morozova")
    client.get(page_of(quick_stage, "sokolova"))
    client.get(page_of(quick_stage, "morozova"))
    found = log(quick_stage, "person seen")
    assert [(one.person_id, one.subject_id) for one in found] == [
        (quick_stage.people["morozova"], quick_stage.people["sokolova"])
    ]


def test_the_administrator_ends_the_sessions_of_another(client_as, quick_stage):
    client = client_as("sokolova")
    assert client_as("morozova").post(page_of(quick_stage, "sokolova", "/sessions/end")).status_code == 403
    assert client.get("/").status_code == 200
    assert client_as("kuzmin").post(page_of(quick_stage, "sokolova", "/sessions/end")).status_code == 303
    assert client.get("/").status_code == 302
    assert alive(quick_stage, "sokolova") == 0


def test_markup_in_a_name_is_shown_as_text(client_as, quick_stage):
    with quick_stage.database.transaction(keep=True) as session:
        session.get_one(Person, quick_stage.people["lebedev"]).last_name = "<script>alert(1)</script>"
    client = client_as("kuzmin")
    for path in (
        "/people",
        page_of(quick_stage, "lebedev"),
        page_of(quick_stage, "lebedev", "/do/edit_person"),
        "/people/new",
    ):
        assert "<script>alert" not in client.get(path).get_data(as_text=True)


# --------------------------------------------------------------------------------------------------------- a new person

FIELDS = {"last_name": "Белкина", "first_name": "Нина", "middle_name": "Олеговна", "role": "teacher"}


def test_a_coordinator_enters_teachers_and_experts_only(client_as, quick_stage):
    client = client_as("morozova")
    page = client.get("/people/new").get_data(as_text=True)
    assert 'value="teacher"' in page
    assert 'value="coordinator"' not in page
    for role in ("director", "admin", "coordinator"):
        assert client.post("/people/new", data=FIELDS | {"role": role}).status_code == 403
    assert client.post("/people/new", data=FIELDS | {"role": "expert"}).status_code == 303
    assert 'value="coordinator"' in client_as("kuzmin").get("/people/new").get_data(as_text=True)


def test_a_second_person_of_the_same_name_is_asked_about(client_as):
    client = client_as("morozova")
    twin = FIELDS | {"last_name": "соколова", "first_name": "Ольга", "middle_name": "Викторовна"}
    asked = client.post("/people/new", data=twin)
    assert asked.status_code == 409
    assert "Соколова Ольга Викторовна" in text_of(asked)
    assert client.post("/people/new", data=twin | {"sure": "1"}).status_code == 303


@pytest.mark.parametrize("wrong", [
    {"last_name": ""}, {"email": "нет"}, {"email": "sokolova@example.ru"}, {"role": "king"}, {"organization_id": "x"},
    {"position": "wizard"},
])  # fmt: skip
def test_a_card_with_nonsense_is_refused_and_keeps_what_was_typed(client_as, wrong):
    answer = client_as("kuzmin").post("/people/new", data=FIELDS | wrong)
    assert answer.status_code == 422
    assert "Нина" in answer.get_data(as_text=True)


# ------------------------------------------------------------------------------------------------- the register of experts


def load(client, name):
    """The number beside an expert in the register."""
    found = client.get("/experts/export.csv").get_data().decode("utf-8-sig")
    row = next(one for one in csv.reader(io.StringIO(found), delimiter=";") if one[0].startswith(name))
    return int(row[8])


def test_the_register_shows_how_busy_each_expert_is(client_as, quick_stage):
    at(quick_stage, "in_review")
    client = client_as("morozova")
    assert load(client, "Бондаренко") == 1
    assert load(client, "Дьячкова") == 0
    busiest = text_of(client.get("/experts?sort=-load"))
    assert busiest.index("Бондаренко") < busiest.index("Дьячкова")


def test_a_coordinator_does_not_see_their_own_case_in_anybodys_load(client_as, quick_stage):
    """security.md 72: a number that grows when one's own case is assigned names the expert."""
    do(quick_stage, "kuzmin", "sokolova", "grant_role", role="coordinator")
    at(quick_stage, "in_review")  # the case of Sokolova
    assert load(client_as("sokolova"), "Бондаренко") == 0
    assert load(client_as("morozova"), "Бондаренко") == 1


# -------------------------------------------------------------------------------------------------------- the access log


def test_the_log_tells_logins_refusals_and_denials_and_is_filtered(client_as, quick_stage, app):
    app.test_client().post(
        "/login", data={"login": "sokolova", "password": "не тот"}, environ_overrides={"REMOTE_ADDR": "192.0.2.9"}
    )
    app.test_client().log_in("sokolova").get("/access")
    client = client_as("kuzmin")
    everything = text_of(client.get("/access"))
    for words in ("Неудачный вход", "Отказ в доступе", "GET /access", "192.0.2.9", "Соколова", "Кузьмин А. П."):
        assert words in everything
    client_as("morozova").get("/dashboard/export.xlsx")
    exported = text_of(client.get("/access?what=export"))
    assert "сводка" in exported and "dashboard" not in exported
    assert "Найдено записей: 1" in text_of(client.get("/access?what=login+refused"))
    assert "Найдено записей: 1" in text_of(client.get("/access?ip=192.0.2.9"))
    mine = text_of(client.get(f"/access?person={quick_stage.people['sokolova']}"))
    assert "Найдено записей: 3" in mine
    assert "Найдено записей: 0" in text_of(client.get("/access?since=2020-01-01&until=2020-12-31"))
    assert "Найдено записей: 0" not in text_of(client.get("/access?since=2020-01-01"))


def test_r30_the_log_tells_an_administrator_nothing_of_who_reads_their_own_case(client_as, quick_stage):
    road, reader = at(quick_stage, "in_review"), EXPERTS["methodical_material"][0]
    with quick_stage.database.transaction(keep=False) as session:
        file = session.get_one(Case, road.case_id).files[0].id
    assert client_as(reader).get(f"/files/{file}").status_code == 200
    mine = f"/access?what=file+read&person={quick_stage.people[reader]}"
    assert "Найдено записей: 1" in text_of(client_as("kuzmin").get(mine))
    with quick_stage.database.transaction(keep=True) as session:
        case = session.get_one(Case, road.case_id)
        case.applicant_id = quick_stage.people["kuzmin"]
        standing_rows.keep(session, case, facts_of(case, session), ())
    assert "Найдено записей: 0" in text_of(client_as("kuzmin").get(mine))
    assert "файл" not in client_as("kuzmin").get(f"/access/export.csv{mine[7:]}").get_data().decode("utf-8-sig")


def test_nonsense_in_the_filters_of_the_log_is_no_error(client_as):
    client = client_as("kuzmin")
    for query in (
        "since=x",
        "until=31.02.2026",
        "person=x",
        "person=99999999999999999999",
        "what=<b>",
        "ip='",
        "sort=x&page=-5",
    ):
        assert client.get(f"/access?{query}").status_code == 200, query


def test_the_log_is_given_as_a_file(app, quick_stage):
    client = app.test_client().log_in("kuzmin")
    rows = list(
        csv.reader(
            io.StringIO(client.get("/access/export.csv?what=login").get_data().decode("utf-8-sig")), delimiter=";"
        )
    )
    assert rows[1][1:4] == ["Вход", "Кузьмин Артём Павлович", "Кузьмин Артём Павлович"]
    assert len(log(quick_stage, "access exported")) == 1
