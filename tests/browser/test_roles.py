"""One short story per role: what a teacher, coordinator, expert, director, administrator, school officer and visitor do first."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, expect

from tests import play
from tests.browser.conftest import Walker
from tests.databases import PASSWORD
from tests.play import Stage, at
from workflow_app import clock
from workflow_app.files.sample_pdf import pdf_from_text

Walk = Callable[[str], Walker]
REMARK = "Добавьте сведения об апробации во втором классе."
TITLE = "Сборник заданий по функциональной грамотности для 5 класса"
PAGE = """Сборник для учителя математики. Каждое задание начинается с рисунка или таблицы из жизни города и занимает один урок.

Задание 1. Автобус. На остановке висит расписание: рейсы идут каждые 25 минут, первый в 6:40. Занятие начинается в 8:30, дорога \
занимает 18 минут, до школы ещё пять минут пешком. Каким рейсом нужно ехать? Каким рейсом можно ехать самым поздним?

За ответ с объяснением ставится 2 балла, за верный ответ без объяснения 1 балл. Частая ошибка: забывают время на дорогу пешком.

Задание 2. Краска. На стену длиной 6 м и высотой 2,7 м нужно две банки краски. Сколько банок нужно на комнату, в которой таких стен \
четыре, а окно и дверь занимают вместе 5 квадратных метров?

Обсудите в парах, что в условии лишнее, и придумайте свою задачу о ремонте школьного кабинета."""
NEW_PASSWORD = "озеро и три сосны"
PAUSE = 8_000  # ms: autosave waits 1.5 s after the last key, and this machine may be busy


def today(stage: Stage) -> Stage:
    """The stage this morning: the guides' pictures come from here, and no term on them has passed."""
    stage.moment = clock.now() - timedelta(hours=8)
    return stage


def button(walker: Walker, name: str) -> Locator:
    """The one button of the page's content called ``name``."""
    return walker.page.get_by_role("main").get_by_role("button", name=name, exact=True)


def title(walker: Walker, words: str) -> None:
    """The page that has come is headed ``words``."""
    expect(walker.page.get_by_role("heading", level=1)).to_have_text(words)


def autosaved(walker: Walker) -> None:
    """The form says that the server has the text."""
    expect(walker.page.locator("[data-autosave-status]")).to_contain_text("Сохранено в", timeout=PAUSE)


def test_a_teacher_reads_the_remarks_edits_and_withdraws(walk: Walk, quick_stage: Stage) -> None:
    """A returned case: the remark is on the page, what was typed is there after a reload, and the case can be withdrawn."""
    road = at(today(quick_stage), "registered")
    road.stage.act(road.office, road.case_id, "return", {"general": REMARK})
    teacher = walk("sokolova").open("/")
    page = teacher.page
    teacher.look("waits-for-me")
    teacher.open(f"/cases/{road.case_id}")
    expect(page.get_by_role("main")).to_contain_text(REMARK)
    teacher.look("returned")

    teacher.open(f"/cases/{road.case_id}/edit")
    expect(page.get_by_role("main").locator("blockquote")).to_have_text(REMARK)
    page.get_by_label("Соавторы").fill("Полевая Ксения Романовна")
    autosaved(teacher)
    page.reload()
    expect(page.get_by_label("Соавторы")).to_have_value("Полевая Ксения Романовна")
    teacher.look("typed")

    teacher.open(f"/cases/{road.case_id}")
    page.get_by_role("link", name="Отозвать").click()
    teacher.look("withdraw")
    page.get_by_role("main").get_by_role("button", name="Отозвать").click()
    page.wait_for_url(re.compile(rf"/cases/{road.case_id}$"))
    assert road.state() == "withdrawn"
    teacher.look("withdrawn")


def test_a_coordinator_enters_a_case_on_behalf_and_chooses_experts(walk: Walk, quick_stage: Stage) -> None:
    """A case that came on paper becomes a draft; on the page of experts the best ones are marked by one button and invited."""
    road = at(quick_stage, "assigning")
    office = walk("morozova")
    page = office.page
    office.open("/cases/new/on-behalf").look("on-behalf")
    office.choose("Заявитель", "Черных")
    page.get_by_label("Как поступило").select_option(label="лично, на бумаге")
    page.get_by_role("radio", name=re.compile("^Методический материал")).check(force=True)
    page.get_by_role("textbox", name="Название").fill("Тетрадь наблюдений")
    button(office, "Создать черновик").click()
    page.wait_for_url(re.compile(r"/cases/\d+/edit"))
    title(office, "Тетрадь наблюдений")
    office.look("entered")

    office.open(f"/cases/{road.case_id}/assign").look("experts")
    page.get_by_role("button", name="Выбрать лучших: 2").click()
    expect(page.get_by_role("main").locator("input[type=checkbox]:checked")).to_have_count(2)
    expect(page.get_by_label("Назначить: Лебедев Никита Фомич")).to_be_checked()
    button(office, "Пригласить отмеченных").click()
    expect(page.get_by_role("main")).to_contain_text("2 из 2")
    office.look("invited")


def test_an_expert_declares_accepts_and_marks_by_the_keyboard(
    walk: Walk, quick_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The invitation is accepted with the declaration; two panes open; a digit marks, autosave keeps it over a reload."""
    monkeypatch.setattr(play, "PDF", pdf_from_text(TITLE, PAGE))  # a page to be seen beside the sheet
    road = at(today(quick_stage), "assigning")
    road.invite(("bondarenko", "lebedev"), "Специалисты по предмету заявителя")
    road.accept(("lebedev",))  # the materials open when the last expert has accepted
    expert = walk("bondarenko").open("/")
    page = expert.page
    with page.expect_navigation():
        page.get_by_role("link", name=re.compile("^Ответить на приглашение")).click()
    expert.look("invitation")
    declaration = page.get_by_role("group", name="Декларация об отсутствии конфликта интересов")
    for one in declaration.get_by_role("radio", name="нет", exact=True).all():
        one.check()
    page.get_by_role("checkbox", name=re.compile("^Подтверждаю сведения")).check()
    button(expert, "Принять приглашение").click()
    expect(page.get_by_role("heading", name="Экспертный лист")).to_be_visible()
    expect(page.get_by_role("heading", name="Материалы")).to_be_visible()
    page.get_by_role("link", name="По страницам").click()  # the browser's own reader of PDFs is not seen on a picture
    expect(page.get_by_role("img", name="Страница 1", exact=True)).to_have_js_property("complete", value=True)
    expert.look("two-panes")

    scores = page.locator("[data-scores]")
    scores.first.locator("input").first.focus()
    page.keyboard.press("4")
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("3")
    autosaved(expert)
    page.reload()
    expect(scores.nth(0).locator("input:checked")).to_have_attribute("data-points", "4")
    expect(scores.nth(1).locator("input:checked")).to_have_attribute("data-points", "3")
    expert.look("marked")


def test_a_director_approves_with_the_right_password_only(walk: Walk, quick_stage: Stage) -> None:
    """The queue leads to the approval; a wrong password is refused in words, the right one approves (R35)."""
    road = at(today(quick_stage), "on_approval")
    director = walk("gradov")
    page = director.page
    director.open("/approvals").look("queue")
    page.get_by_role("link", name=re.compile("^Посмотреть и утвердить")).click()
    director.look("approval")
    for password, state in (("не тот пароль", "on_approval"), (PASSWORD, "approved")):
        page.get_by_role("radio", name=re.compile("^простой электронной подписью")).check()
        page.get_by_role("textbox", name="Пароль ещё раз").fill(password)
        button(director, "Утвердить").click()
        if state == "on_approval":
            expect(page.locator(".field-error").first).to_contain_text("ароль")
            director.look("refused")
        else:
            page.wait_for_url(re.compile(r"/approvals$"))
        assert road.state() == state
    director.look("approved")


def test_an_administrator_adds_a_person_who_takes_the_account(
    walk: Walk, visit: Callable[[], Walker], quick_stage: Stage
) -> None:
    """The invitation's link is shown once; who opens it chooses a login and a password, and logs in with them later."""
    admin = walk("kuzmin")
    page = admin.page
    admin.open("/people/new").look("new")
    for label, text in (("Фамилия", "Ветрова"), ("Имя", "Анна"), ("Отчество", "Юрьевна")):
        page.get_by_role("main").get_by_role("textbox", name=re.compile(f"^{label}")).fill(text)
    admin.choose("Организация", "Школа № 1»")
    page.get_by_label("Должность").select_option(label="учитель")
    page.get_by_label("Роль").select_option(label="педагог")
    button(admin, "Создать карточку").click()
    page.wait_for_url(re.compile(r"/people/\d+"))
    admin.look("card")
    page.get_by_role("main").get_by_role("link", name=re.compile("^Пригласить")).click()
    button(admin, "Пригласить").click()
    field = page.get_by_label("Ссылка для приглашённого")
    expect(field).to_be_visible()
    admin.look("link")

    guest = visit()
    guest.page.goto(field.input_value())
    title(guest, "Создание учётной записи")
    guest.look("take")
    guest.page.get_by_role("textbox", name="Логин").fill("vetrova")
    guest.page.get_by_role("textbox", name="Новый пароль (обязательно)").fill(NEW_PASSWORD)
    guest.page.get_by_role("textbox", name="Новый пароль ещё раз").fill(NEW_PASSWORD)
    button(guest, "Создать учётную запись").click()
    guest.page.wait_for_url(re.compile(r"/consents$"))
    guest.look("consents")

    later = visit()
    later.open("/login")
    later.page.get_by_label("Логин или электронная почта").fill("vetrova")
    later.page.get_by_label("Пароль").fill(NEW_PASSWORD)
    button(later, "Войти").click()
    expect(later.page.locator(".me summary")).to_contain_text("Ветрова А. Ю.")


def test_a_school_officer_sees_the_state_and_nothing_more(walk: Walk, quick_stage: Stage) -> None:
    """Of the case of a teacher of the own school the state is shown; no tab of materials or experts, no name of an expert."""
    road = at(quick_stage, "in_review")
    officer = walk("koroleva")
    page = officer.page
    officer.open("/cases").look("cases")
    page.get_by_role("main").get_by_role("link", name=TITLE).first.click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("На экспертизе")
    expect(main.get_by_role("link", name=re.compile("Материалы|Эксперт"))).to_have_count(0)
    expect(main).not_to_contain_text("Бондаренко")
    officer.look("case")
    for part in ("materials", "review"):
        answer = page.request.get(f"{officer.address}/cases/{road.case_id}/{part}")
        assert answer.status in (403, 404), part


def test_a_visitor_reads_the_open_pages_in_two_languages_and_large(visit: Callable[[], Walker]) -> None:
    """Login, forgotten password and a wrong address need no account; English and the large version are one click away."""
    visitor = visit()
    page = visitor.page
    visitor.open("/")
    title(visitor, "Вход")
    visitor.look("login")
    page.get_by_role("link", name="Забыли пароль?").click()
    title(visitor, "Восстановление пароля")
    visitor.look("forgot")
    visitor.open("/no-such-page")
    title(visitor, "Такой страницы нет")
    assert [one for one in visitor.faults if "status of 404" in one] == visitor.faults
    visitor.faults.clear()  # the browser tells of the 404 that was asked for
    visitor.look("not-found")

    visitor.open("/login")
    size = "parseFloat(getComputedStyle(document.querySelector('main label')).fontSize)"
    before = page.evaluate(size)
    page.get_by_role("link", name="Версия для слабовидящих").click()
    expect(page.get_by_role("link", name="Обычная версия")).to_be_visible()
    assert page.evaluate(size) > before
    visitor.look("large")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("main").get_by_role("button")).to_have_text(re.compile("^(Log|Sign) in$"))
    visitor.look("english")
