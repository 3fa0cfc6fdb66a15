"""ADR 17: what is not as its event says is refused to everybody who opens it, told by the open check, and reported."""

import io

import pytest
from sqlalchemy import select

from tests.gate.tampering import drop_triggers, run
from tests.play import at
from tests.rows import rows_of
from tests.web.pages import text_of
from workflow_app import clock
from workflow_app.db.models import AccessLog, CaseFile, Counter, Document, Outbox, Rendition
from workflow_app.runtime import backfill


@pytest.fixture
def road(quick_stage):
    return at(quick_stage, "approved")


@pytest.fixture
def director(client_as):
    return client_as("gradov")


def conclusion(stage) -> Document:
    with stage.database.transaction(keep=False) as session:
        kind = Document.document_kind == "consolidated_conclusion"
        found = session.scalars(select(Document).where(kind).order_by(Document.id.desc())).first()
        session.expunge(found)
    return found


def forge(stage, document: Document) -> bytes:
    """A file of one's own in the store, and its hash written into the row."""
    data = stage.database.blobs.read(document.sha256) + b"forged"
    sha256 = stage.database.blobs.put_bytes(data).sha256
    run(
        stage,
        "UPDATE document SET sha256 = :sha, size = :size WHERE id = :id",
        sha=sha256,
        size=len(data),
        id=document.id,
    )
    return data


def test_a_forged_file_whose_hash_stands_in_the_row_is_not_given(quick_stage, road, director):
    document = conclusion(quick_stage)
    forge(quick_stage, document)
    for address in (f"/documents/{document.id}.docx", f"/documents/{document.id}"):
        answer = director.get(address)
        assert answer.status_code == 409
        shown = text_of(answer)
        assert "Файл не выдаётся: он расходится с журналом" in shown
        assert "отпечаток файла" in shown
        assert "Данные целы" not in shown
    assert {one.subject_id for one in rows_of(quick_stage, AccessLog, what="forged")} == {document.id}
    (letter,) = rows_of(
        quick_stage, Outbox, subject="Файл расходится с журналом"
    )  # once a day, however often it is opened
    assert f"/documents/{document.id}" in letter.body
    assert "workflow-app check" in letter.body


@pytest.mark.parametrize("change", ["number = '777'", "dated = '2020-01-01'", "edition = 7", "code = 'AAAAAAAAAAAA'"])
def test_a_row_that_is_not_as_it_was_issued_is_not_given_either(quick_stage, road, director, change):
    document = conclusion(quick_stage)
    run(quick_stage, f"UPDATE document SET {change} WHERE id = {document.id}")
    assert director.get(f"/documents/{document.id}.docx").status_code == 409


def test_the_open_check_tells_a_forged_file_and_never_calls_it_in_force(quick_stage, road, app):
    document = conclusion(quick_stage)
    data = forge(quick_stage, document)
    visitor = app.test_client()
    by_code = visitor.get(f"/check/{document.code}")
    by_file = visitor.post(
        "/check", data={"file": (io.BytesIO(data), "заключение.docx")}, content_type="multipart/form-data"
    )
    for answer in (by_code, by_file):
        shown = text_of(answer)
        assert "Подлинность не подтверждена" in shown
        assert "Запись об этом документе расходится с журналом" in shown
        assert "действует" not in shown.replace("действует ли он", "")
        assert "тот самый" not in shown
    assert len(rows_of(quick_stage, AccessLog, what="forged")) == 2


def test_a_broken_file_is_told_by_the_open_check_too(quick_stage, road, app):
    document = conclusion(quick_stage)
    quick_stage.database.blobs.path(document.sha256).write_bytes(b"rot")
    shown = text_of(app.test_client().get(f"/check/{document.code}"))
    assert "Подлинность не подтверждена" in shown


def test_a_forged_pdf_is_neither_given_nor_called_genuine(quick_stage, road, director, app):
    document, forged = conclusion(quick_stage), quick_stage.database.blobs.put_bytes(b"%PDF-1.4 forged")
    with quick_stage.database.transaction(keep=True) as session:
        session.add(
            Rendition(
                document_id=document.id, form="pdf", sha256=forged.sha256, size=forged.size, made_at=quick_stage.moment
            )
        )
    assert director.get(f"/documents/{document.id}.pdf").status_code == 409
    by_file = app.test_client().post(
        "/check", data={"file": (io.BytesIO(b"%PDF-1.4 forged"), "заключение.pdf")}, content_type="multipart/form-data"
    )
    assert "Подлинность не подтверждена" in text_of(by_file)


def test_the_history_and_the_list_of_documents_say_it(quick_stage, road, director):
    before = text_of(director.get(f"/cases/{road.case_id}/history"))
    assert "ни одна не изменена и не пропущена" in before
    forge(quick_stage, conclusion(quick_stage))
    shown = text_of(director.get(f"/cases/{road.case_id}/history"))
    assert "Журнал расходится с тем, что хранится" in shown
    assert "документ не тот, что выпущен" in shown
    assert "Расходится с журналом" in text_of(director.get(f"/cases/{road.case_id}/documents"))


def test_a_payload_that_is_gone_stands_in_the_history(quick_stage, road, director):
    run(quick_stage, "DELETE FROM event_payload WHERE event_id IN (SELECT id FROM event WHERE transition = 'register')")
    assert "Содержание записи пропало" in text_of(director.get(f"/cases/{road.case_id}/history"))


def test_a_material_that_was_exchanged_is_not_given(quick_stage, road, director):
    with quick_stage.database.transaction(keep=False) as session:
        id_ = session.scalars(select(CaseFile.id).order_by(CaseFile.id)).first()
    assert director.get(f"/files/{id_}").status_code == 200
    forged = quick_stage.database.blobs.put_bytes(b"%PDF-1.4 other")
    run(quick_stage, "UPDATE case_file SET sha256 = :sha WHERE id = :id", sha=forged.sha256, id=id_)
    answer = director.get(f"/files/{id_}")
    assert answer.status_code == 409
    assert "расходится с журналом" in text_of(answer)
    assert len(rows_of(quick_stage, Outbox, subject="Файл расходится с журналом")) == 1


def test_an_adopted_card_and_case_say_what_happened_in_words(quick_stage, road, client_as):
    drop_triggers(quick_stage)
    run(quick_stage, "UPDATE event SET root_no = NULL, root_previous = NULL")
    with quick_stage.database.transaction(keep=True) as session:
        session.add(Counter(municipality_id=quick_stage.municipality_id, register="adopt", year=0, last=0))
    with clock.at(quick_stage.moment):
        assert backfill.adopt_all(quick_stage.database) > 0
    case = text_of(client_as("morozova").get(f"/cases/{road.case_id}/history"))
    card = text_of(client_as("kuzmin").get(f"/people/{quick_stage.people['sokolova']}/history"))
    for shown in (case, card):
        assert "Записи прежней версии программы закреплены в журнале" in shown
