"""A month of attestation in the browser: forty rows of a table become forty invited commissions and one signed order."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Walker
from tests.databases import PASSWORD
from tests.play import Stage
from tests.rows import count_of
from workflow_app import clock, config
from workflow_app.db.models import Assignment, Case, Document, ExpertCard, Membership, Organization, Person
from workflow_app.runtime import job_worker

Walk = Callable[[str], Walker]
ROWS, EACH = 40, 3
AGREED = 60  # presses at most
HEAD = "№\tФИО педагога\tОО\tДолжность\tПредмет\tИмеющаяся категория\tЗаявленная категория\tДата заявления\tКак поступило\n"
SURNAMES = ("Берёзин", "Вершинин", "Долгих", "Ельцов", "Журавин", "Зимин", "Ивлев", "Кедров")
NAMES = (("Анна", "Петровна"), ("Вера", "Ильинична"), ("Дарья", "Олеговна"), ("Елена", "Юрьевна"), ("Нина", "Львовна"))


@pytest.fixture(autouse=True)
def experts(quick_stage: Stage) -> None:
    """Thirty experts of another school, with training: a town that has forty applications a month has them."""
    with quick_stage.database.transaction(keep=True) as session:
        like = session.get_one(Person, quick_stage.people["bondarenko"])
        assert like.expert
        for number in range(30):
            one = Person(
                municipality_id=like.municipality_id, last_name=f"Экспертов{'абвгдежзик'[number % 10]}", first_name="Олег",
                middle_name=("Ильич", "Львович", "Юрьевич")[number // 10], gender="m", state="active", version=1,
                email=f"expert{number}@example.org", organization_id=like.organization_id, position=like.position,
                forms={}, login=f"expert{number}",
            )  # fmt: skip
            session.add(one)
            session.flush()
            session.add(Membership(person_id=one.id, municipality_id=one.municipality_id, role="expert"))
            session.add(
                ExpertCard(
                    person_id=one.id, directions=like.expert.directions, training=like.expert.training,
                    profile=like.expert.profile, category=like.expert.category, load_limit=6,
                )
            )  # fmt: skip


class Counted:
    """What a person does to a page, counted: each button, link, choice and pasted text is a press."""

    def __init__(self, walker: Walker) -> None:
        self.walker, self.page, self.presses = walker, walker.page, 0

    def press(self, name: str | re.Pattern[str]) -> None:
        """Press a button or follow a link of the page's content."""
        main = self.page.get_by_role("main")
        exact = isinstance(name, str)
        found = main.get_by_role("button", name=name, exact=exact).or_(main.get_by_role("link", name=name, exact=exact))
        found.first.click()
        self.presses += 1

    def menu(self, group: str, name: str) -> None:
        """Go to a page by its place in the menu: its group is opened first."""
        menu = self.page.get_by_role("navigation").first
        if not menu.get_by_role("link", name=name, exact=True).first.is_visible():
            menu.get_by_text(group, exact=True).locator("visible=true").first.click()
            self.presses += 1
        menu.get_by_role("link", name=name, exact=True).first.click()
        self.presses += 1

    def give(self, label: str, value: str) -> None:
        """Type or paste into a field, or choose in it."""
        field = self.page.get_by_role("main").get_by_label(re.compile(f"^\\s*{label}")).first
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(label=value)
        elif field.evaluate("one => one.type") == "checkbox":
            field.check()
        else:
            field.fill(value)
        self.presses += 1


def table(stage: Stage) -> str:
    """The month's table as the schools send it."""
    with stage.database.transaction(keep=False) as session:
        teacher = session.get_one(Person, stage.people["sokolova"])
        place = session.get_one(Organization, teacher.organization_id).name
    people = [
        f"{last}{'а' if last[-1] != 'х' else ''} {first} {middle}" for last in SURNAMES for first, middle in NAMES
    ]
    return HEAD + "".join(
        f"{n}\t{name}\t{place}\tучитель\tМатематика\tпервая\tвысшая\t{1 + n % 28}.08.2026\tГосуслуги\n"
        for n, name in enumerate(people, 1)
    )


def test_a_month_of_forty_applications_takes_at_most_sixty_presses(
    walk: Walk, quick_stage: Stage, settings: config.Config
) -> None:
    """Paste, check, record; set the dates; propose the commissions for all, invite all; one order, signed by the director."""
    office = Counted(walk("morozova").open("/"))

    def work() -> None:
        while job_worker.work(quick_stage.database, settings):
            pass

    # the table becomes registered cases
    office.menu("Центр", "Импорт")
    office.press(re.compile("^Дела за заявителей"))
    office.give("Строки таблицы вместе с заголовками", table(quick_stage))
    office.press("Проверить")
    office.walker.look("grid")
    for name, value in (
        ("Вид экспертизы", "Аттестация: всесторонний анализ"),
        ("Уровень образования", "основное общее образование"),
        ("Заявление подписано", "да"),
    ):
        office.give(name, value)
    office.press("Проверить ещё раз")
    office.press(f"Записать {ROWS}")
    work()
    expect(office.page.get_by_role("main")).to_contain_text(f"Записано: {ROWS}")
    office.walker.look("recorded")
    assert count_of(quick_stage, Case, Case.state == "registered") == ROWS
    # the dates of all
    office.press("Назначить комиссии")
    attested = f"{clock.now().date() + timedelta(days=40):%Y-%m-%d}"
    office.give("Дата аттестации", attested)
    office.give("Форма и место", "Заочно, по документам; Алапаевск, ул. Примерная, 1")
    office.press(re.compile(f"^Назначить дату и перейти к составу: {ROWS}"))
    work()
    assert count_of(quick_stage, Case, Case.state == "assigning") == ROWS
    # the commissions of all: proposed, looked at, invited
    office.page.reload()
    office.press(f"Дальше с ними: {ROWS}")
    office.press("Предложить экспертов для всех")
    office.walker.look("commissions")
    office.press(f"Пригласить всех ({ROWS * EACH})")
    work()
    assert count_of(quick_stage, Assignment, Assignment.state == "invited") == ROWS * EACH
    # one order for all, signed by the director
    office.press("Собрать приказ о составе комиссий")
    office.walker.look("order")
    office.press("Собрать приказ")
    office.press("Передать на подпись")
    office.walker.look("handed")
    director = Counted(walk("gradov").open("/"))
    director.press(re.compile("^Подписать приказ по делам"))
    director.press("Подписать приказ")
    director.give("Пароль ещё раз", PASSWORD)
    director.press("Подписать приказ")
    director.walker.look("signed")
    assert (
        count_of(quick_stage, Document, Document.document_kind == "commissions_order", Document.state == "issued") == 1
    )
    assert office.presses + director.presses <= AGREED, f"{office.presses} and {director.presses}"
