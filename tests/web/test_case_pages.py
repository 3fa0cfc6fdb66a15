"""The page of a case: what each reader sees in each state, and what is absent. Information must not leak in any place."""

import hashlib
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.play import PASSWORD, at, draft
from tests.rows import row_of, rows_of
from tests.statements import count_statements
from tests.web.pages import links_of, tab, text_of
from workflow_app import clock
from workflow_app.db.models import AccessLog, Assignment, Case, Document
from workflow_app.files.read_table import read_table

TABS = ("", "/materials", "/review", "/documents", "/history")
EXPERTS = ("Бондаренко", "Лебедев")


def document_of(stage, road, kind):
    return rows_of(stage, Document, Document.case_id == road.case_id, Document.document_kind == kind)[-1]


# ------------------------------------------------------------------------------------------------------------ who may see


def test_a_foreign_case_is_the_same_as_a_missing_one(quick_stage, client_as):
    road, client = at(quick_stage, "registered"), client_as("bondarenko")
    for name in TABS:
        foreign, missing = tab(client, road, name), client.get(f"/cases/9999{name}")
        assert foreign.status_code == missing.status_code == 404, name
        assert text_of(foreign) == text_of(missing), name


def test_the_tabs_that_a_reader_lacks_are_absent_and_forbidden(quick_stage, client_as):
    road = at(quick_stage, "in_review")
    author, school = client_as("sokolova"), client_as("koroleva")
    assert f"/cases/{road.case_id}/review" not in links_of(tab(author, road))
    assert tab(author, road, "/review").status_code == 403
    assert tab(school, road).status_code == 200
    for name in ("/materials", "/review", "/history", "/documents"):
        assert f"/cases/{road.case_id}{name}" not in links_of(tab(school, road))
        assert tab(school, road, name).status_code == 403


def test_a_refusal_is_noted_in_the_access_log(quick_stage, client_as):
    """R32: an attempt that was refused leaves an entry."""
    road = at(quick_stage, "in_review")
    client_as("sokolova").get(f"/cases/{road.case_id}/review")
    notes = rows_of(quick_stage, AccessLog, AccessLog.what == "denied")
    assert [one.detail for one in notes] == [f"GET /cases/{road.case_id}/review"]


def test_before_the_answer_an_expert_sees_only_what_is_needed_to_decide(quick_stage, client_as):
    road = at(quick_stage, "assigning")
    road.invite(["bondarenko"], "Специалист по предмету")
    client = client_as("bondarenko")
    page = tab(client, road)
    assert "Математика" in text_of(page)
    assert "Соколова" in text_of(page)  # the declaration asks about the applicant
    assert "Аннотация" not in text_of(page)
    assert tab(client, road, "/materials").status_code == 403
    assert tab(client, road, "/history").status_code == 403


def test_the_status_is_said_in_the_words_of_the_reader(quick_stage, client_as):
    road = at(quick_stage, "submitted")
    assert "Подано, ждёт регистрации" in text_of(tab(client_as("sokolova"), road))
    assert "Подано, ждёт регистрации" not in text_of(tab(client_as("morozova"), road))


@pytest.mark.parametrize("state", ["assigning", "in_review", "consolidation", "on_approval"])
def test_the_applicant_never_sees_who_the_experts_are_before_the_approval(quick_stage, client_as, state):
    road = at(quick_stage, state)
    if state == "assigning":
        road.invite(["bondarenko", "lebedev"], "Специалисты по предмету")
    client = client_as("sokolova")
    for name in (*TABS, "/history.csv"):
        answer = tab(client, road, name)
        assert answer.status_code in (200, 403)
        assert not [one for one in EXPERTS if one in answer.get_data(as_text=True)], name
    table = read_table(tab(client, road, "/history.xlsx").data, "История.xlsx")
    assert not [cell for row in table.rows for cell in row.cells for one in EXPERTS if one in cell]
    for one in rows_of(quick_stage, Document, Document.case_id == road.case_id):
        assert client.get(f"/documents/{one.id}").status_code == 404
        assert client.get(f"/documents/{one.id}.docx").status_code == 404


def test_after_the_approval_the_applicant_sees_names_and_means_and_no_sheet(quick_stage, client_as):
    road = at(quick_stage, "approved")
    client = client_as("sokolova")
    page = text_of(tab(client, road, "/review"))
    assert all(one in page for one in EXPERTS)
    assert "Средние по критериям" in page
    assert "подписано" not in page
    shown = text_of(tab(client, road, "/documents"))
    assert "Сводное экспертное заключение" in shown
    assert "Экспертный лист" not in shown
    sheet = document_of(quick_stage, road, "expert_sheet")
    assert client.get(f"/documents/{sheet.id}.docx").status_code == 404


def test_nobody_reads_a_signed_sheet_before_all_are_signed(quick_stage, client_as):
    """R26: the coordinator included; the expert reads the own one."""
    road = at(quick_stage, "in_review")
    road.sign("bondarenko", (1.0, 1.0))
    sheet = document_of(quick_stage, road, "expert_sheet")
    percent = str(rows_of(quick_stage, Assignment, Assignment.case_id == road.case_id)[0].percent).replace(".", ",")
    for who in ("morozova", "gradov", "lebedev"):
        assert f"{percent} %" not in text_of(tab(client_as(who), road, "/review"))
        assert client_as(who).get(f"/documents/{sheet.id}.docx").status_code == 404
    own = client_as("bondarenko")
    assert f"{percent} %" in text_of(tab(own, road, "/review"))
    assert own.get(f"/documents/{sheet.id}.docx").status_code == 200
    road.sign("lebedev", (1.0, 1.0))
    assert f"{percent} %" in text_of(tab(client_as("morozova"), road, "/review"))


def test_an_expert_sees_the_colleagues_from_consolidation_on(quick_stage, client_as):
    road = at(quick_stage, "in_review")
    client = client_as("bondarenko")
    assert "Лебедев" not in text_of(tab(client, road, "/review"))
    for one in ("bondarenko", "lebedev"):
        road.sign(one, (1.0, 0.8))
    assert "Лебедев" in text_of(tab(client, road, "/review"))


def test_the_office_sees_the_warnings_and_reasons_and_the_applicant_does_not(quick_stage, client_as):
    road = at(quick_stage, "approved")
    with quick_stage.database.transaction(keep=True) as session:
        for one in session.scalars(select(Assignment).where(Assignment.case_id == road.case_id)):
            one.warnings, one.reason = ["Работали вместе в жюри"], "Других математиков нет"
    assert "Других математиков нет" in text_of(tab(client_as("morozova"), road, "/review"))
    shown = text_of(tab(client_as("sokolova"), road, "/review"))
    assert "Других математиков нет" not in shown
    assert "Работали вместе" not in shown


# ---------------------------------------------------------------------------------------------------- what stands on it


def test_the_road_shows_what_is_passed_where_it_stands_and_what_is_ahead(quick_stage, client_as):
    road = at(quick_stage, "in_review")
    page = tab(client_as("morozova"), road).get_data(as_text=True)
    assert page.count('class="road-done"') == 4
    assert page.count('class="road-current"') == 1
    assert "01.09.2026" in page


def test_a_case_that_ended_early_shows_how_it_ended(quick_stage, client_as):
    road = at(quick_stage, "registered")
    quick_stage.act(
        "morozova",
        road.case_id,
        "decline",
        {"ground": "not_methodical", "comment": "Приложен отчёт о поездке, а не материал."},
    )
    page = text_of(tab(client_as("sokolova"), road))
    assert "Отказано в приёме документов" in page
    assert "не является методическим материалом" in page
    assert "Приложен отчёт о поездке" in page
    assert "not_methodical" not in page


def test_an_offer_that_cannot_be_done_yet_says_why(quick_stage, client_as):
    road = at(quick_stage, "consolidation")
    page = tab(client_as("morozova"), road)
    assert "Текст заключения ещё не направлен экспертам на подпись." in text_of(page)
    assert f"/cases/{road.case_id}/do/propose" not in links_of(page)
    assert f"/cases/{road.case_id}/consolidate" in links_of(page)


def test_an_expert_finds_the_own_work_on_the_case(quick_stage, client_as):
    road = at(quick_stage, "in_review")
    page = tab(client_as("bondarenko"), road)
    mine = rows_of(quick_stage, Assignment, Assignment.expert_id == quick_stage.people["bondarenko"])[-1]
    assert f"/assignments/{mine.id}" in links_of(page)
    assert "Заполнить экспертный лист" in text_of(page)


def test_the_remarks_of_a_return_stand_at_their_fields(quick_stage, client_as):
    road = at(quick_stage, "registered")
    remarks = {"general": "Исправьте два места.", "remarks": [{"field": "annotation", "text": "Назовите класс."}]}
    quick_stage.act("morozova", road.case_id, "return", remarks)
    page = tab(client_as("sokolova"), road).get_data(as_text=True)
    assert "Исправьте два места." in page
    field = page.index('filled-remark"')
    assert page.index("Аннотация</dt>") < field < page.index("Ключевые слова</dt>")
    assert "Назовите класс." in page[field : field + 400]


def test_a_proposed_refusal_is_nobodys_business_before_it_is_decided(quick_stage, client_as):
    road = at(quick_stage, "registered", "attestation_portfolio")
    why = {"ground": "wrong_body", "comment": "Заявление адресовано другому органу, верните его заявителю."}
    quick_stage.act("morozova", road.case_id, "propose_decline", why)
    assert "Предложен отказ" in text_of(tab(client_as("gradov"), road))
    for name in ("", "/history"):
        assert "адресовано другому органу" not in text_of(tab(client_as("sokolova"), road, name))


def test_the_legal_terms_of_an_attestation_are_shown_to_the_office_and_a_missed_one_is_flagged(quick_stage, client_as):
    """R8, R9: 30 days to set the date, 60 days to decide."""
    road, form = draft(quick_stage, "attestation_portfolio")
    road.submit(form)
    road.register(received=road.today() - timedelta(days=40))
    road.start()
    page = text_of(tab(client_as("morozova"), road))
    assert "Назначить дату аттестации: 30 дней" in page
    assert "просрочен" in page
    assert "Провести аттестацию: 60 дней" in page
    assert "Назначить дату аттестации: 30 дней" not in text_of(tab(client_as("sokolova"), road))


def test_the_end_of_an_appeals_term_is_nobodys_delay(quick_stage, client_as):
    road = at(quick_stage, "approved")
    quick_stage.wait(days=60)
    with clock.at(quick_stage.moment):
        assert "просрочено на" not in text_of(tab(client_as("sokolova"), road))
        assert "просрочено на" not in text_of(client_as("morozova").get("/cases"))


def test_an_appeal_is_read_by_those_who_decide_it_and_by_nobody_else(quick_stage, client_as):
    road = at(quick_stage, "approved")
    why = "Эксперты не учли приложение с листами самооценки, хотя оно было среди материалов с самого начала."
    quick_stage.act("sokolova", road.case_id, "appeal", {"text": why})
    members = [quick_stage.people[one] for one in ("nesterov", "koval", "dyachkova")]
    quick_stage.act("gradov", road.case_id, "appoint_panel", {"members": members, "chair": members[0]})
    for who in ("sokolova", "morozova", "gradov", "nesterov"):
        assert "листами самооценки" in text_of(tab(client_as(who), road)), who
    for name in ("", "/history"):
        assert "листами самооценки" not in text_of(tab(client_as("bondarenko"), road, name))
    assert "Нестеров" not in text_of(tab(client_as("sokolova"), road))


def test_every_link_of_the_page_leads_somewhere(quick_stage, client_as):
    """What a reader is offered can be opened by that reader: no dead ends, no doors that turn out shut."""
    opened = set()  # the menu stands on every page: each of its pages is opened once by each reader
    for state in ("in_review", "approved"):
        road = at(quick_stage, state)
        for who in ("sokolova", "morozova", "gradov", "bondarenko"):
            client = client_as(who)
            shown = {one for name in TABS for one in links_of(tab(client, road, name)) if one.startswith("/")}
            for one in sorted(shown - {"/"} - {address for reader, address in opened if reader == who}):
                answer = client.get(one)
                assert answer.status_code in (200, 302, 303), (state, who, one)
                opened.add((who, one))


def test_the_versions_say_what_changed_between_them(quick_stage, client_as):
    road, form = draft(quick_stage)
    road.submit(form)
    road.register()
    quick_stage.act("morozova", road.case_id, "return", {"general": "Уточните аннотацию и название."})
    quick_stage.attach("sokolova", road.case_id, "material", "Приложение.pdf", b"%PDF-1.4 x")
    road.submit(
        {
            **form,
            "title": "Сборник заданий, второе издание",
            "annotation": form["annotation"] + " Добавлен раздел о проверке.",
        }
    )
    page = text_of(tab(client_as("morozova"), road, "/materials"))
    assert "Версия 2" in page
    assert "Добавлен файл «Приложение.pdf»" in page
    assert "стало «Сборник заданий, второе издание»" in page
    assert "Изменено поле «Аннотация»" in page


def test_what_was_typed_is_escaped_on_every_tab(quick_stage, client_as):
    road, form = draft(quick_stage)
    nasty = "<script>alert(1)</script> Сборник {{ 7*7 }} заданий"
    road.submit({**form, "title": nasty})
    for name in TABS:
        page = tab(client_as("sokolova"), road, name)
        if page.status_code == 200:
            assert "<script>alert" not in page.get_data(as_text=True)
            assert "{{ 7*7 }}" in page.get_data(as_text=True)


# ------------------------------------------------------------------------------------------------------------- documents


def test_a_document_leaves_as_it_was_issued_and_the_reading_is_noted(quick_stage, client_as):
    road = at(quick_stage, "approved")
    document = document_of(quick_stage, road, "consolidated_conclusion")
    answer = client_as("sokolova").get(f"/documents/{document.id}.docx")
    assert hashlib.sha256(answer.data).hexdigest() == document.sha256
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    notes = rows_of(quick_stage, AccessLog, AccessLog.what == "read")
    assert [(one.subject_kind, one.subject_id, one.person_id) for one in notes] == [
        ("document", document.id, quick_stage.people["sokolova"])
    ]


def test_a_document_whose_bytes_no_longer_match_is_refused_and_noted(quick_stage, client_as):
    road = at(quick_stage, "approved")
    document = document_of(quick_stage, road, "order")
    path = quick_stage.database.blobs.path(document.sha256)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    client = client_as("gradov")
    for address in (f"/documents/{document.id}.docx", f"/documents/{document.id}"):
        answer = client.get(address)
        assert answer.status_code == 500
        assert "повреждён" in text_of(answer)
    assert len(rows_of(quick_stage, AccessLog, AccessLog.what == "damaged")) == 2


def test_a_look_at_a_document_shows_the_text_of_the_issued_file(quick_stage, client_as):
    road = at(quick_stage, "approved")
    document = document_of(quick_stage, road, "consolidated_conclusion")
    page = client_as("sokolova").get(f"/documents/{document.id}")
    assert page.status_code == 200
    assert "СВОДНОЕ" in text_of(page).upper()
    assert f"/documents/{document.id}.docx" in links_of(page)


def test_a_void_document_is_called_so_and_cannot_be_mistaken(quick_stage, client_as):
    road = at(quick_stage, "approved", "attestation_portfolio")
    quick_stage.act("gradov", road.case_id, "cancel", {"reason": "Дело заведено по ошибке регистрации."})
    notice = document_of(quick_stage, road, "term_notice")
    client = client_as("sokolova")
    assert "Недействителен" in text_of(tab(client, road, "/documents"))
    assert "Пользоваться им нельзя" in text_of(client.get(f"/documents/{notice.id}"))


def test_a_document_issued_anew_stands_beside_the_replaced_one(quick_stage, client_as):
    """R33: the old version stays and is called replaced."""
    road = at(quick_stage, "approved")
    why = {"kind": "order", "reason": "Опечатка в дате приказа.", "how": "simple"}
    quick_stage.act("gradov", road.case_id, "reissue", why)
    page = text_of(tab(client_as("gradov"), road, "/documents"))
    assert "версия 2" in page
    assert "Заменён" in page


# ------------------------------------------------------------------------------------------------------- pages of an act


def test_an_act_that_is_not_offered_is_forbidden_and_an_unknown_one_is_not_there(quick_stage, client_as):
    road = at(quick_stage, "on_approval")
    client = client_as("morozova")
    assert tab(client, road, "/do/return_text").status_code == 403
    assert tab(client, road, "/do/nonsense").status_code == 404
    assert tab(client_as("bondarenko"), road, "/do/cancel").status_code == 403
    foreign = client_as("nesterov")
    assert tab(foreign, road, "/do/cancel").status_code == 404
    assert foreign.post(f"/cases/{road.case_id}/do/cancel", data={"version": "1"}).status_code == 404
    assert foreign.post(f"/cases/{road.case_id}/do/cancel/keep").status_code == 404


def test_the_page_of_an_act_says_what_follows(quick_stage, client_as):
    road = at(quick_stage, "approved", "attestation_portfolio")
    quick_stage.wait(days=30)
    with clock.at(quick_stage.moment):
        page = text_of(tab(client_as("morozova"), road, "/do/send"))
    assert "Состояние станет «Направлено в аттестационную комиссию»." in page
    assert "Следующий шаг: «Внести решение комиссии»." in page


def test_bad_input_keeps_what_was_typed_and_names_the_field(quick_stage, client_as):
    road = at(quick_stage, "on_approval")
    client = client_as("gradov")
    answer = client.post(
        f"/cases/{road.case_id}/do/return_text", data={"version": str(_version(quick_stage, road)), "reason": "коротко"}
    )
    assert answer.status_code == 422
    assert "Слишком коротко" in text_of(answer)
    assert re.search(r">\s*коротко</textarea>", answer.get_data(as_text=True))
    assert 'href="#reason"' in answer.get_data(as_text=True)
    assert road.state() == "on_approval"
    again = text_of(tab(client, road, "/do/return_text"))
    assert "Мы вернули текст" in again


def test_a_stale_page_keeps_the_text_and_says_what_came_between(quick_stage, client_as):
    road = at(quick_stage, "on_approval")
    client, seen = client_as("gradov"), _version(quick_stage, road)
    quick_stage.act("morozova", road.case_id, "extend", {"days": 3, "reason": "Директор в отпуске до пятницы."})
    typed = "Перепишите выводы: они не следуют из листов."
    answer = client.post(f"/cases/{road.case_id}/do/return_text", data={"version": str(seen), "reason": typed})
    assert answer.status_code == 409
    assert typed in text_of(answer)
    assert "Срок продлён" in text_of(answer)
    assert road.state() == "on_approval"
    sent = client.post(
        f"/cases/{road.case_id}/do/return_text", data={"version": str(_version(quick_stage, road)), "reason": typed}
    )
    assert sent.status_code == 303
    assert road.state() == "consolidation"


def test_a_row_is_added_without_a_script_and_nothing_is_done(quick_stage, client_as):
    road = at(quick_stage, "draft")
    client = client_as("sokolova")
    before = _version(quick_stage, road)
    data = {"version": str(before), "title": "Название, которое не должно пропасть", "add": "awards"}
    attestation = at(quick_stage, "draft", "attestation_portfolio")
    answer = client.post(f"/cases/{attestation.case_id}/do/submit", data=data)
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    assert 'name="awards-0-name"' in page
    assert "Название, которое не должно пропасть" in page
    twice = client.post(f"/cases/{attestation.case_id}/do/submit", data={**data, "awards-0-name": "Почётная грамота"})
    assert 'name="awards-1-name"' in twice.get_data(as_text=True)
    assert "Почётная грамота" in twice.get_data(as_text=True)
    assert attestation.state() == "draft"


def test_a_wrong_password_signs_nothing_and_says_so(quick_stage, client_as):
    """R35: the simple signature is the password typed again."""
    road = at(quick_stage, "approved")
    client = client_as("gradov")
    data = {
        "version": str(_version(quick_stage, road)),
        "kind": "order",
        "reason": "Опечатка в дате приказа.",
        "how": "simple",
    }
    wrong = client.post(f"/cases/{road.case_id}/do/reissue", data={**data, "password": "не тот"})
    assert wrong.status_code == 422
    assert "Пароль не подходит" in text_of(wrong)
    assert "не тот" not in wrong.get_data(as_text=True)
    right = client.post(f"/cases/{road.case_id}/do/reissue", data={**data, "password": PASSWORD})
    assert right.status_code == 303, text_of(right)
    assert document_of(quick_stage, road, "order").edition == 2


def test_the_paper_path_asks_for_the_scan(quick_stage, client_as):
    road = at(quick_stage, "approved")
    client = client_as("gradov")
    data = {
        "version": str(_version(quick_stage, road)),
        "kind": "order",
        "reason": "Опечатка в дате приказа.",
        "how": "paper",
    }
    answer = client.post(f"/cases/{road.case_id}/do/reissue", data=data)
    assert answer.status_code == 422
    assert 'href="#f-scan_file"' in answer.get_data(as_text=True)
    assert "Приложите скан" in text_of(answer)


def test_what_is_typed_is_kept_while_typing_and_comes_back(quick_stage, client_as):
    road = at(quick_stage, "on_approval")
    client = client_as("gradov")
    kept = client.post(f"/cases/{road.case_id}/do/return_text/keep", data={"reason": "Начал писать"})
    assert kept.status_code == 200
    assert "saved_at" in kept.get_json()
    assert "Начал писать" in text_of(tab(client, road, "/do/return_text"))
    assert "Начал писать" not in text_of(tab(client_as("subbotina"), road, "/do/return_text"))


# ------------------------------------------------------------------------------------------------------------ statements


@pytest.mark.parametrize("who", ["sokolova", "morozova", "bondarenko"])
def test_the_statements_of_a_case_do_not_grow_with_its_parts(quick_stage, app, client_as, who):
    """Whatever the number of events, files, assignments and documents."""
    road = at(quick_stage, "in_review")
    client, engine = client_as(who), app.extensions["workflow_database"].engine

    def asked():
        found = {}
        for name in TABS:
            tab(client, road, name)
            with count_statements(engine) as told:
                tab(client, road, name)
            found[name] = len(told)
        return found

    few = asked()
    for number in range(4):
        quick_stage.act(
            "morozova", road.case_id, "extend", {"days": 1, "reason": f"Продление для опыта, раз {number}."}
        )
        _another_expert(quick_stage, road, number)
    _more_files(quick_stage, road, 6)
    assert asked() == few


def _version(stage, road):
    return row_of(stage, Case, road.case_id).version


def _another_expert(stage, road, number):
    """One more assignment of an expert who refused, with a document of it: rows, as many as wanted."""
    key = ["nesterov", "koval", "dyachkova", "zhuravlyova"][number]
    with stage.database.transaction(keep=True) as session:
        case = session.get_one(Case, road.case_id)
        row = Assignment(
            municipality_id=case.municipality_id, case_id=case.id, expert_id=stage.people[key], round=1, invited_at=stage.moment,
            state="refused", version=1,
        )  # fmt: skip
        session.add(row)
        session.flush()
        session.add(
            Document(
                municipality_id=case.municipality_id, case_id=case.id, assignment_id=row.id, document_kind="expert_sheet", round=1,
                dated=stage.moment.date(), file_name="Лист.docx", sha256=f"{number}" * 64, size=1, issued_at=stage.moment, state="void",
                version=1,
            )
        )  # fmt: skip


def _more_files(stage, road, many):
    from workflow_app.db.models import CaseFile

    with stage.database.transaction(keep=True) as session:
        case = session.get_one(Case, road.case_id)
        for number in range(many):
            session.add(
                CaseFile(
                    municipality_id=case.municipality_id, case_id=case.id, attachment="material", name=f"Лист {number}.pdf",
                    media_type="application/pdf", size=10, sha256=f"{number}" * 64, uploaded_at=stage.moment, state="attached", version=1,
                    uploaded_by_id=case.applicant_id,
                )
            )  # fmt: skip
