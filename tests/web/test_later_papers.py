"""Drafts that an import has left get their papers from a later archive, and go on: each its own, and none a second time."""

import re

from tests.rows import rows_of
from tests.web.imports import SOKOLOVA, bring, confirm, packed, send
from tests.web.pages import plain
from workflow_app.db import working_copies
from workflow_app.db.models import Case, CaseFile, Event, ImportRow, Job, Organization, Person
from workflow_app.features.imports.apply_rows import SMALL
from workflow_app.files.sample_pdf import pdf_from_text
from workflow_app.runtime import job_worker

FORM = {
    "Предмет": "Математика", "Уровень": "основное общее образование", "Должность": "учитель", "Заявление подписано": "да",
    "Аннотация": "Сборник упражнений по чтению для начальной школы с методическими пояснениями и примерами. " * 3,
    "Вид материала": "методические рекомендации", "Для кого": "Учителя начальной школы", "Объём, страниц": "40",
    "Где апробирован": "В двух классах школы", "Когда апробирован": "2025 год",
    "Результат апробации": "Дети читают увереннее: это видно по работам в начале и в конце года. " * 6,
    "На какой уровень претендует": "муниципальный",
}  # fmt: skip
PDF = pdf_from_text("Материал", "Сборник упражнений.")
NAMES = ("Березина Анна Петровна", "Вершинина Ольга Марковна", "Вершинина Анна Ильинична")


def table(rows):
    """A table of materials that lack nothing but their papers; ``rows``: what each has of its own."""
    rows = [row | FORM | {"Вид": "Методический материал"} for row in rows]
    return "\n".join("\t".join(one) for one in ([*rows[0]], *(row.values() for row in rows)))


def drafts(client, stage, names=NAMES):
    """Record such a table of the coordinator's: every row has become a draft. Return its result."""
    own = {"ОО": rows_of(stage, Organization)[0].name, "Канал": "почтой", "Дата поступления": "28.08.2026"}
    rows = [{"ФИО": name, "Название": f"Сборник упражнений номер {n}"} | own for n, name in enumerate(names, 1)]
    return confirm(client, bring(client, "cases", table(rows))).location


def papers(result):
    return result.replace("/result", "/papers")


def whole(name):
    """What a case of material needs: the material itself and the consent of somebody without an account."""
    return {f"{name} материал.pdf": PDF + name.encode(), f"{name} согласие.pdf": PDF + name.encode() + b"%"}


def kinds_of(stage, case):
    return {one.attachment for one in rows_of(stage, CaseFile, case_id=case.id)}


def test_a_later_archive_brings_each_draft_its_own_papers_and_registers_what_is_complete(client_as, quick_stage):
    keeper = client_as("morozova")
    result = drafts(keeper, quick_stage)
    assert "Осталось черновиками: 3" in plain(keeper.get(result)) and "Документы к черновикам" in plain(
        keeper.get(result)
    )
    assert "Дела за заявителей: черновиков 3" in plain(keeper.get("/imports"))
    first, second, third = rows_of(quick_stage, Case)
    content = packed(
        **whole("Березина А. П."), **{"Вершинина О. М. материал.pdf": PDF, "Вершинина.pdf": PDF, "чужой.pdf": PDF}
    )
    words = plain(keeper.get(send(keeper, papers(result), content).location))
    assert "Файлов разложено по черновикам: 3, не нашли своей строки: 2" in words
    assert "Записано: 1. Осталось черновиками: 2" in words and "Не хватает: согласие на обработку" in words
    cases = rows_of(quick_stage, Case)
    assert [one.state for one in cases] == ["registered", "draft", "draft"]
    assert [kinds_of(quick_stage, one) for one in cases] == [{"material", "consent_scan"}, {"material"}, set()]
    assert (f"{cases[0].received_at}", first.id) == ("2026-08-28", cases[0].id)  # by the date of its papers
    events = rows_of(quick_stage, Event, root_kind="case", root_id=first.id)
    assert {(one.actor_id, one.via) for one in events if one.transition in ("submit", "register")} == {
        (quick_stage.people["morozova"], "bulk")
    }
    # the rest: an archive again, and a number typed beside the file that fits two
    page = keeper.get(result).get_data(as_text=True)
    assert re.search(r'name="file-0-of" value="Вершинина.pdf"', page)
    typed = {"file-0-of": "Вершинина.pdf", "file-0": "4", "file-1-of": "чужой.pdf", "file-1": "-"}
    again = packed(**whole("Березина А. П."), **{"Вершинина О. М. согласие.pdf": PDF + b"%"})
    words = plain(keeper.get(send(keeper, papers(result), again, **typed).location))
    assert "Строка 2 уже не черновик: приложите файл на карточке дела." in words  # never a second time, nor to another
    cases = rows_of(quick_stage, Case)
    assert [one.state for one in cases] == ["registered", "registered", "draft"]
    assert [len(rows_of(quick_stage, CaseFile, case_id=one.id)) for one in cases] == [2, 2, 1]
    assert second.id in {one.case_id for one in rows_of(quick_stage, CaseFile, attachment="consent_scan")}
    assert third.number is None


def test_many_drafts_go_on_in_one_job_and_a_second_press_goes_on_with_the_rest(client_as, quick_stage, settings):
    keeper = client_as("morozova")
    names = [f"Учителева{'абвгде'[n % 6]}{'абвгдежз'[n // 6]} Анна Петровна" for n in range(SMALL + 2)]
    result = drafts(keeper, quick_stage, names)
    job_worker.work(quick_stage.database, settings)
    content = packed(**{path: body for name in names for path, body in whole(name).items()})
    send(keeper, papers(result), content)
    job = rows_of(quick_stage, Job)[-1]
    assert (job.name, job.total) == ("import_papers", SMALL + 2)
    assert "data-progress-again" in keeper.get(result).get_data(as_text=True)
    assert send(keeper, papers(result), content).location == result and len(rows_of(quick_stage, Job)) == 2
    assert {one.state for one in rows_of(quick_stage, Case)} == {"draft"}
    keeper.post(f"/jobs/{job.id}/stop")
    assert f"Разложенные файлы ждут, черновиков: {SMALL + 2}" in plain(keeper.get(result))
    assert keeper.get(f"/imports/jobs/{job.id}").location == result
    assert send(keeper, papers(result), b"no archive").location.endswith("#papers")  # said, and nothing goes on by it
    assert len(rows_of(quick_stage, Job)) == 2
    gone = rows_of(quick_stage, Case)[0]
    with quick_stage.turn("morozova") as (session, _actor):
        session.get_one(Case, gone.id).state = "withdrawn"  # meanwhile somebody has dropped one
    send(keeper, papers(result), None)
    while job_worker.work(quick_stage.database, settings):
        pass
    words = plain(keeper.get(result))
    assert f"Записано: {SMALL + 1}. Осталось черновиками: 0" in words
    assert "Это уже не черновик. Сейчас: Отозвано" in words
    cases = rows_of(quick_stage, Case)
    assert [one.state for one in cases] == ["withdrawn"] + ["registered"] * (SMALL + 1)
    for case in cases[1:]:
        (person,) = rows_of(quick_stage, Person, id=case.applicant_id)
        assert {one.name.split()[0] for one in rows_of(quick_stage, CaseFile, case_id=case.id)} == {person.last_name}


def test_a_draft_goes_on_with_what_its_card_says_now(client_as, quick_stage):
    """What was typed on the card of the draft after the import is submitted, and a file attached there is not attached twice."""
    keeper = client_as("morozova")
    result = drafts(keeper, quick_stage, NAMES[:1])
    (case,) = rows_of(quick_stage, Case)
    title = "Сборник, названный на карточке заново"
    with quick_stage.turn("morozova") as (session, actor):
        place = (actor.person_id, "case", case.id, "submit")
        working_copies.keep(session, place, {**working_copies.find(session, place).data, "title": title})
    send(keeper, papers(result), packed(**whole("Березина А. П.")))
    send(keeper, papers(result), packed(**whole("Березина А. П.")))
    (case,) = rows_of(quick_stage, Case)
    assert (case.state, case.form["title"]) == ("registered", title)
    assert len(rows_of(quick_stage, CaseFile)) == 2


def test_what_is_no_archive_or_somebody_elses_changes_nothing(client_as, quick_stage):
    keeper = client_as("morozova")
    result = drafts(keeper, quick_stage, NAMES[:1])
    for content in (b"PK\x03\x04 broken", PDF, packed(), None):
        assert keeper.get(send(keeper, papers(result), content).location).status_code == 200
    assert client_as("subbotina").post(papers(result)).status_code == 404
    assert client_as("koroleva").post(papers(result)).status_code == 404
    assert rows_of(quick_stage, CaseFile) == [] and rows_of(quick_stage, ImportRow)[0].files == []


def test_a_school_goes_on_with_its_drafts_the_same_way(client_as, quick_stage):
    officer = client_as("koroleva")
    rows = [{"ФИО": SOKOLOVA, "Название": "Сборник упражнений по чтению"}]
    result = confirm(officer, bring(officer, "school_cases", table(rows))).location
    assert [one.state for one in rows_of(quick_stage, Case)] == ["draft"]
    words = plain(officer.get(send(officer, papers(result), packed(**whole("Соколова"))).location))
    assert "ждёт регистрации в центре" in words
    assert [(one.state, one.number) for one in rows_of(quick_stage, Case)] == [("submitted", None)]
