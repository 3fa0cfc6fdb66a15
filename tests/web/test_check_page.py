"""Anybody who holds a paper learns whether it is in force; nobody learns more than the paper says."""

import io
import re

import pytest
from sqlalchemy import select

from tests.gate.tampering import drop_triggers, run
from tests.statements import count_statements
from tests.web.pages import text_of
from workflow_app import clock
from workflow_app.config import Config
from workflow_app.db.models import Assignment, Case, Document, Person
from workflow_app.features.documents import verification
from workflow_app.runtime import publish_checkpoint


@pytest.fixture
def visitor(app):
    return app.test_client()


def paper(stage, kind="consolidated_conclusion", edition=1):
    with stage.database.transaction(keep=False) as session:
        found = session.scalars(
            select(Document).where(Document.document_kind == kind, Document.edition == edition)
        ).one()
        data = stage.database.blobs.read(found.sha256)
        session.expunge(found)
    return found, data


def reissued(stage, road):
    with clock.at(stage.moment):
        stage.act(
            "gradov",
            road.case_id,
            "reissue",
            {"kind": "consolidated_conclusion", "reason": "Опечатка в названии.", "how": "simple"},
        )


def asked(visitor, **form):
    return visitor.post("/check", data=form, content_type="multipart/form-data")


def dropped(visitor, data, **form):
    return asked(visitor, file=(io.BytesIO(data), "документ.docx"), **form)


def test_the_code_of_a_paper_leads_to_what_it_is(quick_stage, approved, visitor):
    found, _ = paper(quick_stage)
    shown = text_of(visitor.get(f"/check/{found.code}"))
    assert "Документ действует" in shown
    for words in (
        "Сводное экспертное заключение",
        found.number,
        "И.А. Градов",
        "простая электронная подпись",
        found.sha256,
    ):
        assert words in shown.replace("\u00a0", " ")


def test_the_checkpoint_that_covers_a_paper_is_named(quick_stage, approved, visitor, tmp_path):
    found, _ = paper(quick_stage)
    assert "документ войдёт в ближайшую" in text_of(visitor.get(f"/check/{found.code}"))
    with clock.at(quick_stage.moment):
        publish_checkpoint.checkpoint(quick_stage.database, Config(tmp_path))
    shown = text_of(visitor.get(f"/check/{found.code}"))
    assert re.search(r"Контрольная точка журнала № 1 от \d+ \w+ 2026", shown), shown
    assert "Документ действует" in shown


def test_a_chain_that_the_checkpoint_did_not_see_is_told(quick_stage, approved, visitor, tmp_path):
    with clock.at(quick_stage.moment):
        publish_checkpoint.checkpoint(quick_stage.database, Config(tmp_path))
    drop_triggers(quick_stage)
    run(quick_stage, "UPDATE log_leaf SET head = 'other' WHERE root_kind = 'case'")
    shown = text_of(visitor.get(f"/check/{paper(quick_stage)[0].code}"))
    assert "Подлинность не подтверждена" in shown
    assert "не та, что видела контрольная точка № 1" in shown


def test_neither_the_applicant_nor_the_experts_nor_the_work_are_named(quick_stage, approved, visitor):
    """152-ФЗ: minimal personal data."""
    with quick_stage.database.transaction(keep=False) as session:
        case = session.get_one(Document, paper(quick_stage)[0].id)
        of = session.get_one(Case, case.case_id)
        people = [session.get_one(Person, of.applicant_id).last_name]
        people += [session.get_one(Person, one.expert_id).last_name for one in session.scalars(select(Assignment))]
        title = of.title
    for kind in ("consolidated_conclusion", "order"):
        shown = text_of(visitor.get(f"/check/{paper(quick_stage, kind)[0].code}"))
        assert title not in shown
        assert not [name for name in people if name in shown]


def test_an_experts_sheet_says_that_an_expert_signed_it_and_not_who(quick_stage, approved, visitor):
    with quick_stage.database.transaction(keep=False) as session:
        code = session.scalars(
            select(Document.code).where(Document.document_kind.in_(("expert_sheet", "expert_conclusion")))
        ).first()
    shown = text_of(visitor.get(f"/check/{code}"))
    assert "эксперт, простая электронная подпись" in shown


def test_a_number_beside_the_code_has_to_be_its_own(quick_stage, approved, visitor):
    found, _ = paper(quick_stage)
    right = asked(visitor, code=found.code, number=f" № {found.number.upper()} ")
    latin = asked(visitor, code=found.code, number=found.number.replace("-", "–").replace("М", "M"))
    assert text_of(latin) == text_of(right)
    wrong = asked(visitor, code=found.code, number="999-ЗК")
    assert "Документ действует" in text_of(right)
    assert wrong.status_code == 404
    assert "Такой документ не выдавался" in text_of(wrong)


@pytest.mark.parametrize("spell", [str.lower, verification.spelled, lambda code: f" {code[:6]} {code[6:]} "])
def test_a_code_is_read_however_it_is_typed(quick_stage, approved, visitor, spell):
    found, _ = paper(quick_stage)
    assert "Документ действует" in text_of(asked(visitor, code=spell(found.code)))


def test_letters_that_look_alike_are_told_apart():
    assert verification.normal("о1lI-АВСЕ-НКМТ") == "0111ABCEHKMT"
    assert verification.normal("K7QF-2M9X-4TP") == ""
    assert verification.normal("K7QF-2M9X-4TPU") == ""


def test_an_address_in_another_spelling_leads_to_the_one(quick_stage, approved, visitor):
    found, _ = paper(quick_stage)
    assert visitor.get(f"/check/{verification.spelled(found.code).lower()}").location == f"/check/{found.code}"


def test_a_replaced_version_says_by_which(quick_stage, approved, visitor):
    found, _ = paper(quick_stage)
    reissued(quick_stage, approved)
    newer, _ = paper(quick_stage, edition=2)
    shown = text_of(visitor.get(f"/check/{found.code}"))
    assert "Документ заменён" in shown
    assert re.search(rf"№ {newer.number} от [\d.]+, версия 2", shown)
    assert "Документ действует" in text_of(visitor.get(f"/check/{newer.code}"))
    assert newer.code != found.code


def test_a_void_paper_is_told_to_be_void(quick_stage, approved, visitor):
    found, data = paper(quick_stage)
    with quick_stage.database.transaction(keep=True) as session:
        session.get_one(Document, found.id).state = "void"
    assert "Документ недействителен" in text_of(visitor.get(f"/check/{found.code}"))
    assert "Документ недействителен" in text_of(dropped(visitor, data))


def test_the_file_itself_is_recognised_and_one_changed_byte_is_not(quick_stage, approved, visitor):
    found, data = paper(quick_stage)
    same = text_of(dropped(visitor, data))
    assert "Документ действует" in same
    assert "тот самый" in same
    changed = data[:-1] + bytes([data[-1] ^ 1])
    assert "среди выданных нет" in text_of(dropped(visitor, changed))
    other = text_of(dropped(visitor, changed, code=found.code))
    assert "Файл не тот" in other
    assert found.sha256 not in other


def test_an_empty_form_asks_for_one_of_the_two(visitor):
    answer = asked(visitor, code=" ", number="12-ЗК")
    assert answer.status_code == 422
    assert "Введите код" in text_of(answer)
    assert 'value="12-ЗК"' in answer.get_data(as_text=True)


def test_whoever_guesses_is_stopped_and_who_asks_rightly_is_not(quick_stage, approved, visitor):
    found, _ = paper(quick_stage)
    for _ in range(40):
        assert visitor.get(f"/check/{found.code}").status_code == 200
    answers = [visitor.get(f"/check/{'ABCDEFGHJK00'[:10]}{at:02}").status_code for at in range(40)]
    assert set(answers) == {404, 429}
    assert visitor.get(f"/check/{found.code}").status_code == 429


def test_unknown_answers_do_the_same_work_whatever_is_wrong(quick_stage, approved, visitor):
    """Neither the body nor the number of statements tells a wrong code from a wrong number of a true code's neighbour."""
    bodies, statements = set(), set()
    with quick_stage.database.transaction(keep=False) as session:
        sheet = session.scalars(select(Document.code).where(Document.number.is_(None))).first()
    real = paper(quick_stage)[0].code
    asked(visitor, code="ABCDEFGH0001", number="1")  # the first failure of an address makes the row that counts them
    for code, number in (("ABCDEFGH0000", "1"), (real, "999-ЗК"), (sheet, "999-ЗК"), ("не код", "1")):
        with count_statements(quick_stage.database.engine) as counted:
            body = asked(visitor, code=code, number=number).get_data(as_text=True)
        bodies.add(re.sub(r'(nonce|value|content)="[^"]*"', "", body))
        statements.add(tuple(counted))
    assert len(bodies) == 1
    assert len(statements) == 1


def test_the_door_page_leads_to_the_check(visitor):
    assert "/check" in visitor.get("/login").get_data(as_text=True)
