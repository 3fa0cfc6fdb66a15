"""One story from end to end in the browser: a methodical material from the first click to the conclusion that the teacher downloads."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Walker
from tests.databases import PASSWORD
from tests.play import CASES, Stage, cast_of, sample
from workflow_app.demo.sample_form import form_of
from workflow_app.demo.steps import TEXTS

Walk = Callable[[str], Walker]
KIND = "methodical_material"
EXPERTS = {"bondarenko": "Бондаренко", "lebedev": "Лебедев"}
WHY = "Опора на раздел 2: приведены данные за весь период, источники указаны."
MOST_STEPS = 8


def press(page: Page | Locator, name: str) -> None:
    """Press the button or follow the link of that name."""
    page.get_by_role("button", name=name, exact=True).or_(page.get_by_role("link", name=name, exact=True)).first.click()


def put(field: Locator, value: Any) -> None:
    """Give one answer to the field or fields of one name, as their kind wants it."""
    kind = field.first.evaluate("one => one.type")
    if kind in ("checkbox", "radio"):
        wanted = value if isinstance(value, (list, tuple)) else [value]
        for one in field.all():
            if value is True or one.get_attribute("value") in {str(item) for item in wanted}:
                one.check()
    elif kind.startswith("select"):
        field.first.select_option(str(value))
    else:
        field.first.fill("\n".join(value) if isinstance(value, list) else str(value))


def answer(form: Locator, values: Mapping[str, Any]) -> None:
    """Give the answers that this form asks for, once it stands there whole."""
    form.wait_for()
    form.page.wait_for_load_state("domcontentloaded")
    for name, value in values.items():
        field = form.locator(f"[name='{name}']")
        if field.count():
            put(field, value)


def test_a_methodical_material_goes_the_whole_road_in_the_browser(walk: Walk, quick_stage: Stage) -> None:
    """The ordinary road of domain.md 5, every step by the person whose step it is."""
    form = form_of(CASES[KIND], cast_of(quick_stage))
    teacher, office = walk("sokolova"), walk("morozova")
    case = open_case(teacher, form["title"])
    fill_by_steps(teacher, form)
    submit(teacher, form)
    register_and_start(office, case)
    assign(office, case)
    experts = {key: walk(key) for key in EXPERTS}
    for expert in experts.values():
        accept(expert, form["title"])
    for expert in experts.values():
        review(expert)
    circulate(office, case)
    for expert in experts.values():
        co_sign(expert)
    propose(office, case)
    approve(walk("gradov"), form["title"])
    read_the_conclusion(teacher, case)


def open_case(teacher: Walker, title: str) -> str:
    """Choose the kind of expertise and name the work; return the path of the case."""
    page = teacher.open("/cases/new").page
    teacher.look("new")
    page.locator(f"input[name=case_type][value={KIND}]").check()
    page.locator("[name=title]").fill(title)
    press(page, "Создать черновик")
    page.wait_for_url(re.compile(r"/cases/\d+/edit"))
    found = re.search(r"/cases/\d+", page.url)
    assert found, page.url
    return found[0]


def fill_by_steps(teacher: Walker, form: Mapping[str, Any]) -> None:
    """Answer each step and go on, until the check."""
    page = teacher.page
    for number in range(MOST_STEPS):
        if page.locator("input[name=step]").first.input_value() == "check":
            return
        if page.locator("#upload-material-input").count():
            upload(teacher, sample(form["title"], form["annotation"] * 4))
        answer(page.locator("form:has(input[name=step])"), form)
        if number == 1:  # the guide shows this step, and when it was kept
            expect(page.locator("[data-autosave-status]")).to_contain_text("Сохранено в")
        teacher.look(f"step-{number + 1}")
        with page.expect_navigation():
            press(page, "Дальше")
    raise AssertionError(f"the check is not reached: {page.url}")


def upload(teacher: Walker, content: bytes) -> None:
    """Choose a file in the zone of the main document; it appears in the list with no other press."""
    teacher.page.locator("#upload-material-input").set_input_files(
        {"name": "Сборник заданий.pdf", "mimeType": "application/pdf", "buffer": content}
    )
    expect(teacher.page.locator("#files-material")).to_contain_text("Сборник заданий.pdf")


def submit(teacher: Walker, form: Mapping[str, Any]) -> None:
    """The check has nothing to ask; the case goes to the office."""
    page = teacher.page
    teacher.look("check")
    expect(page.get_by_text("Всё заполнено и приложено.")).to_be_visible()
    answer(page.locator("#case-check"), form)
    page.locator("button[name=do][value=submit]").click()
    page.wait_for_url(re.compile(r"/cases/\d+$"))
    teacher.look("submitted")


def register_and_start(office: Walker, case: str) -> None:
    """Register with today's date, then confirm that the set is complete."""
    page = office.open("/").page
    office.look("office-inbox")
    office.open(f"{case}/do/register")
    office.look("register")
    press(page, "Зарегистрировать")
    page.wait_for_url(re.compile(r"/cases/\d+$"))
    office.open(f"{case}/do/start")
    office.look("start")
    page.locator("[name=names_checked]").check()
    page.locator("#start button.btn-primary").click()
    page.wait_for_url(lambda url: not url.endswith("/do/start"))


def assign(office: Walker, case: str) -> None:
    """Tick the experts by name; give a reason wherever a warning asks for one."""
    page = office.open(f"{case}/assign").page
    office.look("assign")
    for surname in EXPERTS.values():
        card = page.locator("article.candidate").filter(has_text=surname)
        card.get_by_role("checkbox").check()
        why = card.locator("textarea[name^=why-]")
        if why.count():
            why.fill("Специалист по предмету заявителя")
    press(page, "Пригласить отмеченных")
    expect(page.get_by_text("Приглашён").first).to_be_visible()
    office.look("invited")


def glance(expert: Walker, name: str) -> None:
    """Look at a page that both experts pass, once."""
    if expert.key == next(iter(EXPERTS)):
        expert.look(name)


def accept(expert: Walker, title: str) -> None:
    """Read the invitation, answer the declaration, accept: the material opens."""
    page = expert.open("/reviews").page
    page.get_by_role("link", name=title).first.click()
    glance(expert, "invitation")
    form = page.locator("#accept-form")
    answer(form, dict.fromkeys(("kinship", "subordination", "mentoring", "consulted", "interest"), "no"))
    answer(form, {"confirmed": True, "agreement": True})
    press(form, "Принять приглашение")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Приглашение к экспертизе")
    glance(expert, "accepted")


def review(expert: Walker) -> None:
    """Click the points, type the rationales and the texts beside the material, sign with the password."""
    page = expert.page
    page.reload()
    glance(expert, "sheet-empty")
    for scores in page.locator("fieldset[data-scores]").all():
        scores.locator("label.score").last.click()
    expect(page.locator("fieldset[data-scores]:not(:has(input:checked))")).to_have_count(0)
    for rationale in page.locator("textarea[name$=-rationale]").all():
        rationale.fill(WHY)
    answer(page.locator("#review"), TEXTS)
    glance(expert, "sheet-filled")
    press(page, "Проверить и подписать")
    page.wait_for_url(re.compile(r"/assignments/\d+/(check|sign)"))
    glance(expert, "signing")
    sign(page.locator("#sign"), "Подписать")
    page.wait_for_url(lambda url: not url.endswith(("/sign", "/check")))
    glance(expert, "signed")


def sign(form: Locator, button: str) -> None:
    """Sign by the password."""
    form.locator("[name=how][value=simple]").check()
    form.get_by_role("textbox", name="Пароль ещё раз").fill(PASSWORD)
    press(form, button)


def circulate(office: Walker, case: str) -> None:
    """Put the consolidated text together and send it to the experts."""
    page = office.open(f"{case}/consolidate").page
    office.look("consolidate")
    answer(page.locator("#conclusion"), TEXTS)
    press(page, "Направить экспертам на подпись")
    expect(page.get_by_text("Ждём подписи").first).to_be_visible()
    office.look("circulated")


def co_sign(expert: Walker) -> None:
    """Read the conclusion and sign it."""
    page = expert.page
    page.reload()
    glance(expert, "conclusion")
    sign(page.locator("#answer"), "Подписать заключение")
    expect(page.locator("#answer")).to_have_count(0)


def propose(office: Walker, case: str) -> None:
    """All have signed: the verdict of the rule goes to the director."""
    page = office.open(f"{case}/consolidate").page
    office.look("co-signed")
    page.locator("#verdict [name=verdict]").first.check()
    press(page, "Передать на утверждение")
    expect(page.locator("#verdict")).to_have_count(0)


def approve(director: Walker, title: str) -> None:
    """The director finds the case in the queue and approves with the password."""
    page = director.open("/approvals").page
    director.look("queue")
    press(page, f"Посмотреть и утвердить: {title}")
    director.look("approve")
    form = page.locator("#approve")
    sign(form, "Утвердить")
    expect(form).to_have_count(0)
    director.look("approved")


def read_the_conclusion(teacher: Walker, case: str) -> None:
    """The teacher sees the documents and takes the conclusion away as a DOCX."""
    page = teacher.open(case).page
    teacher.look("result")
    teacher.open(f"{case}/documents")
    teacher.look("documents")
    card = page.locator("article.document").filter(has_text=re.compile("заключение", re.IGNORECASE)).first
    with page.expect_download() as waiting:
        card.locator("a[href$='.docx']").first.click()
    name, content = waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()
    assert re.search(r"заключение.*\.docx$", name, re.IGNORECASE), name
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert "word/document.xml" in parts.namelist()
