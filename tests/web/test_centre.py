"""The centre's own pages: requisites, switches, calendar, terms, criteria, roads of cases, help."""

import re

import pytest
from sqlalchemy import select

from tests.play import at
from tests.rows import count_of, rows_of
from tests.web.pages import plain
from workflow_app.db.models import CalendarOverride, Case, CriteriaRow, Event, Municipality
from workflow_app.features.centre.handbook import SHOWN
from workflow_app.matching.affinity import PARTS

STAFF = ("morozova", "kuzmin", "gradov")
PAGES = (
    "/settings", "/settings/requisites", "/settings/calendar", "/settings/terms", "/settings/weights", "/criteria", "/workflows",
)  # fmt: skip


def text_of(answer):
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def version_of(page):
    return re.search(r'name="version" value="(\d+)[.0-9a-f]*"', text_of(page))[1]


# -- who reads them ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_staff_read_every_page_of_the_centre(client_as, page):
    for key in STAFF:
        assert client_as(key).get(page).status_code == 200, key


@pytest.mark.parametrize(
    "page",
    [
        "/settings",
        "/settings/requisites",
        "/settings/calendar",
    ],
)
def test_a_teacher_and_an_expert_read_no_settings(client_as, page):
    for key in ("sokolova", "bondarenko"):
        assert client_as(key).get(page).status_code == 403, key


@pytest.mark.parametrize(
    "page", ["/settings", "/settings/requisites", "/settings/calendar", "/settings/terms", "/settings/do/set_switches"]
)
def test_the_department_reads_no_settings(client_as, page):
    """It watches the cases; what the centre is set to, and whether its files are scanned, is the centre's own."""
    assert client_as("pavlyuk").get(page).status_code == 403
    assert "/settings" not in client_as("pavlyuk").get("/help").get_data(as_text=True)


def test_the_menu_leads_keepers_to_the_centre_and_teachers_nowhere_near(client_as):
    keeper, teacher = plain(client_as("morozova").get("/help")), plain(client_as("sokolova").get("/help"))
    menu = ("Организации", "Настройки", "Импорт")
    assert all(f" {word} " in keeper for word in menu)
    assert " Настройки " in plain(client_as("gradov").get("/help"))  # whose the terms are
    assert not any(f" {word} " in teacher for word in menu)


# -- requisites, switches, terms ---------------------------------------------------------------------------------------


REQUISITES = {
    "since": "2026-10-01", "short_name": "МКУ ИМЦ", "full_name": "Муниципальное казённое учреждение «Новый методический центр»",
    "municipality_genitive": "муниципального образования", "city": "г. Алапаевск", "address": "ул. Новая, 1",
    "director_position": "director", "ministry": "Министерство", "commission": "аттестационной комиссии",
}  # fmt: skip


def test_requisites_are_shown_with_a_letter_on_their_letterhead(client_as):
    page = text_of(client_as("morozova").get("/settings/requisites"))
    letter = page.split('class="doc doc-letter"')[1].split("</article>")[0]
    assert "МКУ ИМЦ" in letter
    assert "Градов" in letter
    assert "Аттестационная комиссия" in letter


def test_new_requisites_begin_from_the_last_and_join_the_history(client_as, quick_stage):
    head = client_as("gradov")
    form = head.get("/settings/do/set_requisites")
    assert "МКУ ИМЦ" in text_of(form)
    assert head.post("/settings/do/set_requisites", data=REQUISITES | {"version": version_of(form)}).status_code == 303
    page = plain(head.get("/settings/requisites"))
    assert "Новый методический центр" in page
    assert "Информационно-методический центр" in page
    assert "С 1 января 2024" in page
    assert "Изменены реквизиты" in plain(head.get("/settings"))


def test_requisites_of_a_later_day_are_told_apart_from_those_in_force(client_as):
    head = client_as("gradov")
    later = REQUISITES | {"since": "2099-01-01", "version": version_of(head.get("/settings/do/set_requisites"))}
    assert head.post("/settings/do/set_requisites", data=later).status_code == 303
    page = plain(head.get("/settings/requisites"))
    assert "Вступят в силу 1 января 2099 г." in page
    assert page.index("Информационно-методический центр") < page.index("Вступят в силу")


def test_a_coordinator_reads_requisites_and_does_not_change_them(client_as):
    keeper = client_as("morozova")
    assert "set_requisites" not in text_of(keeper.get("/settings/requisites"))
    assert keeper.get("/settings/do/set_requisites").status_code == 403
    assert keeper.post("/settings/do/set_requisites", data=REQUISITES | {"version": "2"}).status_code == 403


def test_wrong_requisites_are_refused_with_what_was_typed(client_as):
    head = client_as("gradov")
    wrong = REQUISITES | {
        "since": "32.13.2026",
        "address": "",
        "version": version_of(head.get("/settings/do/set_requisites")),
    }
    answer = head.post("/settings/do/set_requisites", data=wrong)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Новый методический центр" in page
    assert "Нужна дата" in page


def test_switches_are_said_in_words_and_changed(client_as, quick_stage):
    admin = client_as("kuzmin")
    form = admin.get("/settings/do/set_switches")
    assert (
        admin.post(
            "/settings/do/set_switches",
            data={"version": version_of(form), "attestation_points": "1", "archive_months": "24"},
        ).status_code
        == 303
    )
    switches = rows_of(quick_stage, Municipality)[0].switches
    assert switches["attestation_points"] is True
    assert switches["self_registration"] is False
    assert "Через сколько месяцев дело уходит в архив 24" in plain(admin.get("/settings"))
    ticks = re.findall(r"<input[^>]*checkbox[^>]*>", text_of(admin.get("/settings/do/set_switches")))
    assert [re.search('name="(.*?)"', one)[1] for one in ticks if "checked" in one] == ["attestation_points"]


def test_the_length_of_the_archive_follows_the_switch_on_the_page_of_terms(client_as):
    admin = client_as("kuzmin")
    assert "730 календ. дн." not in plain(admin.get("/settings/terms"))
    form = admin.get("/settings/do/set_switches")
    admin.post("/settings/do/set_switches", data={"version": version_of(form), "archive_months": "24"})
    page = plain(admin.get("/settings/terms"))
    assert "730 календ. дн." in page
    assert "обычно 365 календ. дн." in page


def test_terms_say_how_long_and_where_they_run(client_as):
    page = plain(client_as("morozova").get("/settings/terms"))
    assert "Проверка комплектности 5 раб. дн. Зарегистрировано" in page
    assert "Проведение аттестации 60 календ. дн. предел по закону" in page
    assert "Ответ эксперта на приглашение 2 раб. дн. у эксперта: Приглашение направлено" in page


# -- the calendar ------------------------------------------------------------------------------------------------------


def test_a_year_shows_holidays_transfers_and_the_count_of_working_days(client_as):
    page = text_of(client_as("morozova").get("/settings/calendar?year=2026"))
    assert "День народного единства" in page
    assert "перенесено с 03.01.2026" in page
    assert "Рабочих дней: 247" in page
    assert "предварительно" not in page


def test_a_saturday_worked_by_decree_is_marked(client_as):
    page = text_of(client_as("morozova").get("/settings/calendar?year=2024"))
    assert re.search(r'is-moved"[^>]*href="/settings/calendar/2024-04-27"', page)
    assert "Рабочий день по переносу" in page


def test_a_year_without_a_decree_is_provisional(client_as):
    """R12: dates through a year whose transfers are not settled are provisional."""
    assert "предварительно" in plain(client_as("morozova").get("/settings/calendar?year=2031"))


@pytest.mark.parametrize("path", ["?year=1999", "?year=9999", "/2026-02-31", "/завтра"])
def test_a_day_or_year_that_does_not_exist_is_not_found(client_as, path):
    assert client_as("morozova").get(f"/settings/calendar{path}").status_code == 404


def test_a_year_that_is_no_number_shows_the_present_one(client_as):
    assert client_as("morozova").get("/settings/calendar?year=позапрошлый").status_code == 200


def test_a_day_is_changed_with_its_ground_and_counts_from_then_on(client_as, quick_stage):
    keeper = client_as("morozova")
    form = keeper.get("/settings/calendar/2026-09-04")
    answer = keeper.post(
        "/settings/calendar/2026-09-04",
        data={"version": version_of(form), "day": "2026-09-04", "why": "Указ губернатора № 5"},
    )
    assert answer.status_code == 303
    page = text_of(keeper.get(answer.location))
    assert "Указ губернатора № 5" in page
    assert "Рабочих дней: 246" in page
    assert rows_of(quick_stage, CalendarOverride)[0].working is False
    assert "Изменён календарь" in plain(keeper.get("/settings"))


def test_a_day_without_a_ground_is_refused(client_as, quick_stage):
    keeper = client_as("morozova")
    form = keeper.get("/settings/calendar/2026-09-04")
    answer = keeper.post(
        "/settings/calendar/2026-09-04", data={"version": version_of(form), "day": "2026-09-04", "why": " "}
    )
    assert answer.status_code == 422
    assert rows_of(quick_stage, CalendarOverride) == []


def test_a_director_sees_the_calendar_without_links_to_change_it(client_as):
    assert "/settings/calendar/2026-" not in text_of(client_as("gradov").get("/settings/calendar?year=2026"))
    assert client_as("gradov").get("/settings/calendar/2026-09-04").status_code == 403


# -- criteria ----------------------------------------------------------------------------------------------------------


def test_a_teacher_reads_the_sheet_in_force(client_as):
    page = plain(client_as("sokolova").get("/criteria/b_material/1"))
    assert "Корректность заимствований" in page
    assert "не меньше 3 для положительного вывода" in page
    assert "СТОП" in page
    assert "вес 1,5" in page
    assert "от 80 %" in page
    assert "Методический материал" in page


def test_an_attestation_sheet_is_shown_in_words_until_the_centre_chooses_points(client_as):
    """0a.3: order 196 has no points; the point sheets are a setting."""
    teacher, admin = client_as("sokolova"), client_as("kuzmin")
    page = plain(teacher.get("/criteria/a_first/1"))
    assert "подтверждено частично" in page
    assert "баллов" not in page.replace("Баллов нет", "")
    form = admin.get("/settings/do/set_switches")
    admin.post(
        "/settings/do/set_switches",
        data={"version": version_of(form), "attestation_points": "1", "archive_months": "12"},
    )
    assert "до 6 баллов" in plain(teacher.get("/criteria/a_first/1"))


def supersede(stage, key):
    """Let the sheet of ``key`` be replaced by a second version."""
    with stage.database.transaction(keep=True) as session:
        old = session.scalars(select(CriteriaRow).where(CriteriaRow.key == key)).one()
        old.state = "superseded"
        session.flush()
        new = CriteriaRow(
            municipality_id=old.municipality_id,
            key=key,
            number=2,
            data={**old.data, "version": 2},
            created_at=old.created_at,
            state="in_force",
        )
        session.add(new)


def test_an_old_version_is_read_by_the_office_and_by_those_whose_case_stands_on_it(client_as, quick_stage):
    """R27: a case keeps the version it began with, so its people must be able to read that version."""
    at(quick_stage, "in_review")
    supersede(quick_stage, "b_material")
    assert client_as("morozova").get("/criteria/b_material/1").status_code == 200
    assert client_as("sokolova").get("/criteria/b_material/1").status_code == 200
    assert client_as("zhuravlyova").get("/criteria/b_material/1").status_code == 404
    assert client_as("zhuravlyova").get("/criteria/b_material/2").status_code == 200
    assert "Заменена новой версией" in plain(client_as("morozova").get("/criteria"))
    assert "Заменена новой версией" not in plain(client_as("zhuravlyova").get("/criteria"))


@pytest.mark.parametrize("path", ["/criteria/b_material/7", "/criteria/no_such/1"])
def test_a_version_that_does_not_exist_is_not_found(client_as, path):
    assert client_as("morozova").get(path).status_code == 404


# -- roads of cases ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", SHOWN)
def test_the_page_of_a_road_draws_it_and_says_it_in_tables(client_as, key):
    page = text_of(client_as("sokolova").get(f"/workflows/{key}"))
    assert '<svg class="diagram"' in page
    assert "style=" not in page.split("<svg", 1)[1].split("</svg>")[0]
    words = plain(client_as("sokolova").get(f"/workflows/{key}"))
    assert "Состояния" in words
    assert "Кто что может видеть" in words
    assert "Действия" in words


def test_the_page_says_who_may_approve_and_who_may_not(client_as):
    page = plain(client_as("sokolova").get("/workflows/methodical_material"))
    row = (
        page.split("Действие Откуда Куда Кто Условия Что появляется")[1]
        .split(" Утвердить ")[1]
        .split(" Выдать документ заново ")[0]
    )
    assert "На утверждении" in row
    assert "директор кроме: причастный к делу" in row
    assert "Сводное экспертное заключение" in row
    assert "подпись" in row


def test_an_unknown_road_is_not_found(client_as):
    assert client_as("morozova").get("/workflows/no_such").status_code == 404


def test_a_case_shows_its_road_so_far(client_as, quick_stage):
    road = at(quick_stage, "consolidation")
    page = text_of(client_as("morozova").get(f"/cases/{road.case_id}/workflow"))
    here = re.findall(r'is-here">\s*<rect.*?</g>', page, re.DOTALL)
    assert len(here) == 1
    assert "Подготовка" in here[0]
    assert page.count(" is-past") >= 8
    passed = plain(client_as("morozova").get(f"/cases/{road.case_id}/workflow")).split("Пройдено")[-1]
    titles = [
        "Черновик",
        "Подано",
        "Зарегистрировано",
        "Назначение экспертов",
        "На экспертизе",
        "Подготовка сводного заключения",
    ]
    assert [passed.index(one) for one in titles] == sorted(passed.index(one) for one in titles)


def test_a_case_of_a_stranger_has_no_road_page(client_as, quick_stage):
    road = at(quick_stage, "submitted")
    assert client_as("zhuravlyova").get(f"/cases/{road.case_id}/workflow").status_code == 404
    assert client_as("kuzmin").get(f"/cases/{road.case_id}/workflow").status_code == 404


def test_the_applicant_reads_the_road_in_the_applicant_s_words(client_as, quick_stage):
    road = at(quick_stage, "in_review")
    page = plain(client_as("sokolova").get(f"/cases/{road.case_id}/workflow"))
    assert "Идёт экспертиза" in page
    assert "Дополнительная экспертиза" not in page


def test_a_third_review_leaves_no_trace_on_the_applicant_s_road(client_as, quick_stage):
    """Until the approval the applicant does not learn that the experts differ."""
    road = at(quick_stage, "in_review")
    road.sign("bondarenko", (0.2, 0.3))
    road.sign("lebedev", (0.95, 1.0))
    assert road.state() == "third_review"
    staff = plain(client_as("morozova").get(f"/cases/{road.case_id}/workflow")).split("Пройдено")[-1]
    mine = plain(client_as("sokolova").get(f"/cases/{road.case_id}/workflow")).split("Пройдено")[-1]
    assert "Дополнительная экспертиза" in staff
    assert mine.count("Идёт экспертиза") == 1


def test_who_may_not_see_the_history_sees_only_where_the_case_stands(client_as, quick_stage):
    road = at(quick_stage, "in_review")
    officer = client_as("koroleva")
    case = rows_of(quick_stage, Case, id=road.case_id)[0]
    with quick_stage.database.transaction(keep=True) as session:
        from workflow_app.db.models import Person

        session.get_one(Person, quick_stage.people["koroleva"]).organization_id = case.organization_id
    answer = officer.get(f"/cases/{road.case_id}/workflow")
    page = text_of(answer)
    assert "Пройденный путь вам не показан" in page
    assert page.count(" is-here") == 1
    assert 'id="passed"' not in page


# -- help --------------------------------------------------------------------------------------------------------------


def test_help_is_there_for_everybody(client_as, app):
    for client in (app.test_client(), client_as("sokolova"), client_as("gradov")):
        page = plain(client.get("/help"))
        assert "Кто что делает" in page
        assert "Словарь" in page
        assert "Особое мнение" in page


def test_a_visitor_s_help_has_no_links_into_the_house(app):
    page = text_of(app.test_client().get("/help"))
    assert "/workflows" not in page
    assert "/criteria" not in page


def test_reading_changes_nothing(client_as, quick_stage):
    reader = client_as("morozova")
    before = count_of(quick_stage, Event)
    for page in (
        *PAGES,
        "/settings/calendar/2026-09-04",
        "/settings/do/set_day",
        "/criteria/b_material/1",
        "/workflows/assignment",
    ):
        reader.get(page)
    assert count_of(quick_stage, Event) == before


def test_a_number_that_no_row_can_have_is_not_found(client_as):
    client = client_as("morozova")
    for address in ("/criteria/b_material/9223372036854775808", "/cases/99999999999999999999", "/criteria/x/1"):
        assert client.get(address).status_code == 404


# -- the weights of the choice of experts ------------------------------------------------------------------------------


def test_other_weights_show_what_they_would_do_before_they_are_saved(quick_stage, client_as):
    road = at(quick_stage, "assigning")
    client, silent = client_as("morozova"), "&".join(f"{part}=0" for part in PARTS if part != "category")
    shown = plain(client.get(f"/settings/weights?{silent}&category=10"))
    assert "выше на" in shown and "ниже на" in shown
    assert "выше на" not in plain(client.get("/settings/weights"))
    assert "Примера нет" in plain(client_as("kuzmin").get("/settings/weights")), "who sees no cases is shown none"
    sent = dict.fromkeys(PARTS, "0") | {"version": version_of(client.get("/settings/weights"))}
    assert client.post("/settings/weights", data=sent).status_code == 422, "nobody would suit anything"
    assert client.post("/settings/weights", data=sent | {"category": "10"}).status_code == 303
    best = plain(client.get(f"/cases/{road.case_id}/assign"))
    assert "подходит на 100 %" in best
    assert "Изменены веса подбора экспертов" in plain(client.get("/settings"))
