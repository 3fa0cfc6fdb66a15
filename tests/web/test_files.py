"""Attached files: what is taken and what is refused, whose they are, what can be looked at and what only downloaded."""

import errno
import io
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.core.files import kit
from tests.play import at, draft
from tests.rows import row_of
from tests.web.drafts import events, files, submit
from tests.web.pages import text
from workflow_app.conversion import heic, libreoffice
from workflow_app.db import blobs
from workflow_app.db.models import AccessLog, CaseFile
from workflow_app.files import sandbox
from workflow_app.files.sample_pdf import pdf_from_text
from workflow_app.web import file_previews, file_viewer
from workflow_app.web.headers import FRAMED

PDF = pdf_from_text("Материал", "Задача первая.")
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"


def send(client, case_id, name, data, kind="material", script=True):
    """Send a file as a browser does; the body is made here, because the client's own leaves a large one open."""
    headers = {"Content-Type": "multipart/form-data; boundary=x"} | ({"Accept": "application/json"} if script else {})
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + data + b"\r\n--x--\r\n"
    return client.post(f"/cases/{case_id}/files?kind={kind}", data=body, headers=headers)


@pytest.fixture
def teacher(client_as, quick_stage):
    """(client, id of an empty draft)."""
    return client_as("sokolova"), quick_stage.open("sokolova", "methodical_material", "Сборник задач по физике")


def act(client, file, what, **data):
    return client.post(f"/files/{file.id}/do/{what}", data={"version": file.version} | data)


def renamed(file, **more):
    return {"name": file.name, "kind": file.attachment, "note": file.note, "place": file.place} | more


# -- taking in


@pytest.mark.parametrize("extension", sorted(kit.ACCEPTED))
def test_a_file_of_every_accepted_kind_becomes_a_row_and_is_given_out_as_nothing_that_can_run(
    teacher, quick_stage, extension
):
    """A download is always an attachment; only a PDF and a picture are shown inline, and only sandboxed."""
    client, case_id = teacher
    data = kit.ACCEPTED[extension]
    answer = send(client, case_id, f"Мой материал.{extension}", data)
    assert answer.status_code == 201, answer.json
    assert answer.json["name"] == f"Мой материал.{extension}"
    assert f"Мой материал.{extension}" in answer.json["html"]
    (file,) = files(quick_stage, case_id)
    assert (file.attachment, file.size) == ("material", len(data))
    assert f"Мой материал.{extension}" in text(client.get(f"/cases/{case_id}/edit?step=files"))
    taken = client.get(f"/files/{file.id}")
    assert taken.data == data
    assert taken.headers["Content-Disposition"].startswith("attachment; ")
    assert "filename*=UTF-8''%D0%9C%D0%BE%D0%B9" in taken.headers["Content-Disposition"]
    assert taken.headers["X-Content-Type-Options"] == "nosniff"
    assert taken.headers["Cache-Control"] == "no-store"
    assert taken.mimetype == file.media_type
    assert "html" not in taken.mimetype
    shown = client.get(f"/files/{file.id}/inline")
    if extension not in ("pdf", "png", "jpg", "jpeg"):
        assert shown.status_code == 404
        return
    assert shown.headers["Content-Security-Policy"] == FRAMED
    assert shown.headers["Content-Disposition"].startswith("inline; ")
    part = client.get(f"/files/{file.id}/inline", headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.data) == (206, data[:4])


def test_the_plain_form_takes_several_at_once_and_comes_back(teacher, quick_stage):
    client, case_id = teacher
    sent = {"file": [(io.BytesIO(kit.pdf()), "один.pdf"), (io.BytesIO(kit.word()), "два.docx")]}
    answer = client.post(f"/cases/{case_id}/files?kind=material", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 303
    page = text(client.get(answer.location))
    assert "Приложено файлов: 2." in page
    assert [one.name for one in files(quick_stage, case_id)] == ["один.pdf", "два.docx"]
    assert events(quick_stage, case_id).count("begin") == 3


def test_of_several_files_the_good_ones_stay(teacher, quick_stage):
    client, case_id = teacher
    sent = {"file": [(io.BytesIO(kit.pdf()), "хороший.pdf"), (io.BytesIO(b"MZ"), "плохой.exe")]}
    answer = client.post(f"/cases/{case_id}/files?kind=material", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 400
    assert "плохой.exe: Файлы такого вида не принимаются" in text(answer)
    assert "Остальные файлы приложены: 1." in text(answer)
    assert [one.name for one in files(quick_stage, case_id)] == ["хороший.pdf"]


def test_the_same_bytes_are_taken_once(teacher, quick_stage):
    client, case_id = teacher
    assert send(client, case_id, "первый.pdf", PDF).status_code == 201
    for kind in ("material", "supplement"):
        again = send(client, case_id, "второй.pdf", PDF, kind)
        assert again.status_code == 422
        assert again.json["error"] == "Такой файл уже приложен: «первый.pdf»."
    assert len(files(quick_stage, case_id)) == 1


REFUSED = {
    "empty.pdf": b"",
    "page.pdf": b"<html><script>alert(1)</script></html>",
    "picture.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "page.html": b"<html></html>",
    "program.exe": b"MZ\x90\0",
    "document.docx": b"PK\x03\x04 broken",
    "picture.png": b"\x89PNG\r\n\x1a\n broken",
    "scan.exe.pdf": PDF,
    "locked.pdf": kit.locked_pdf(),
    "huge.png": kit.huge_png(20_000),
    "lying.zip": kit.lying(1 << 20),
    "overlap.zip": kit.overlapping(),
    "secret.zip": kit.encrypted_flag(),
    "noextension": PDF,
    ".pdf": PDF,
    "word.pdf": kit.word(),
}


def test_a_bad_file_is_refused_in_words_and_leaves_nothing(teacher, quick_stage, subtests):
    client, case_id = teacher
    for name, data in REFUSED.items():
        with subtests.test(name):
            told, shown = send(client, case_id, name, data), send(client, case_id, name, data, script=False)
            assert 400 <= told.status_code < 500
            assert 400 <= shown.status_code < 500
            assert len(told.json["error"]) > 10
            assert "Файл не приложен" in text(shown)
            assert not files(quick_stage, case_id)


@pytest.mark.parametrize("size", [(25 << 20) + 1, 28 << 20])
@pytest.mark.parametrize("script", [True, False])
def test_a_file_that_is_too_large_is_told_so(teacher, quick_stage, size, script):
    client, case_id = teacher
    answer = send(client, case_id, "большой.pdf", b"%PDF-1.4" + b"0" * (size - 8), script=script)
    assert answer.status_code == 413
    words = answer.json["error"] if script else text(answer)
    assert "большой" in words.lower()
    assert not files(quick_stage, case_id)


def test_a_full_disk_is_told_and_the_case_stays_as_it_was(teacher, quick_stage, monkeypatch):
    client, case_id = teacher
    send(client, case_id, "прежний.pdf", kit.pdf())

    def full(*_given):
        raise blobs.NotStored(OSError(errno.ENOSPC, "No space left on device"))

    monkeypatch.setattr(blobs.Blobs, "put", full)
    for script in (True, False):
        answer = send(client, case_id, "новый.pdf", PDF, script=script)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "300")
        assert "закончилось место" in (answer.json["error"] if script else text(answer))
    assert [one.name for one in files(quick_stage, case_id)] == ["прежний.pdf"]
    assert client.get(f"/cases/{case_id}/edit?step=files").status_code == 200


def test_a_case_has_room_for_so_many_files_and_bytes(teacher, quick_stage, monkeypatch):
    client, case_id = teacher
    monkeypatch.setattr("workflow_app.facts.attachments.FILES_MOST", 1)
    assert send(client, case_id, "первый.pdf", PDF).status_code == 201
    answer = send(client, case_id, "второй.pdf", kit.pdf())
    assert (answer.status_code, answer.json["error"]) == (422, "В деле уже 1 файлов: больше нельзя.")
    monkeypatch.setattr("workflow_app.facts.attachments.FILES_MOST", 80)
    monkeypatch.setattr("workflow_app.facts.attachments.BYTES_MOST", len(PDF) + 1)
    assert send(client, case_id, "второй.pdf", kit.pdf()).status_code == 422
    assert len(files(quick_stage, case_id)) == 1


@pytest.mark.parametrize("kind", ["", "nothing", "material\0", "<b>"])
def test_the_kind_is_one_of_the_list(teacher, quick_stage, kind):
    client, case_id = teacher
    answer = client.post(
        f"/cases/{case_id}/files",
        data={"file": (io.BytesIO(PDF), "файл.pdf"), "kind": kind},
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == (201 if kind == "material\0" else 422)


def test_no_file_is_no_error_of_the_server(teacher):
    client, case_id = teacher
    for data in ({}, {"file": "text"}, {"file": (io.BytesIO(b""), "")}):
        answer = client.post(f"/cases/{case_id}/files?kind=material", data=data, content_type="multipart/form-data")
        assert answer.status_code == 400
        assert "Файл не выбран" in text(answer)


BOUNDARY = b"--x\r\n"
PART = (
    BOUNDARY
    + b'Content-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    + PDF
    + b"\r\n"
)
ODD = {
    "nothing": (b"", "multipart/form-data; boundary=x"),
    "no boundary": (PART + b"--x--", "multipart/form-data"),
    "another boundary": (PART + b"--x--", "multipart/form-data; boundary=y"),
    "no end": (PART, "multipart/form-data; boundary=x"),
    "cut header": (b'--x\r\nContent-Disposition: form-data; name="fi', "multipart/form-data; boundary=x"),
    "long header": (b"--x\r\nX: " + b"a" * (1 << 20) + b"\r\n\r\n1\r\n--x--", "multipart/form-data; boundary=x"),
    "many parts": (
        (BOUNDARY + b'Content-Disposition: form-data; name="a"\r\n\r\n1\r\n') * 20_000 + b"--x--",
        "multipart/form-data; boundary=x",
    ),
    "no name": (
        BOUNDARY + b'Content-Disposition: form-data; filename="a.pdf"\r\n\r\n1\r\n--x--',
        "multipart/form-data; boundary=x",
    ),
    "starred name": (
        BOUNDARY
        + b"Content-Disposition: form-data; name=\"file\"; filename*=UTF-8''%2e%2e%2fa.pdf\r\n\r\n"
        + b"1\r\n--x--",
        "multipart/form-data; boundary=x",
    ),
    "json": (b'{"file": 1}', "application/json"),
    "nul boundary": (PART, "multipart/form-data; boundary=\0"),
    "long boundary": (PART, "multipart/form-data; boundary=" + "x" * 5000),
    "urlencoded": (b"file=" + b"a" * 3_000_000, "application/x-www-form-urlencoded"),
}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the parser leaves a torn part open
def test_an_odd_request_is_refused_and_breaks_nothing(teacher, quick_stage, subtests):
    client, case_id = teacher
    for odd, (body, content_type) in ODD.items():
        with subtests.test(odd):
            sent = {"data": body, "headers": {"Content-Type": content_type}}
            answer = client.post(f"/cases/{case_id}/files?kind=material", **sent)
            assert 400 <= answer.status_code < 500, answer.status_code
            assert not files(quick_stage, case_id)


def test_two_parts_of_one_name_are_two_files(teacher, quick_stage):
    client, case_id = teacher
    body = PART + PART.replace(b"a.pdf", b"b.pdf").replace(PDF, kit.pdf()) + b"--x--"
    answer = client.post(
        f"/cases/{case_id}/files?kind=material", data=body, headers={"Content-Type": "multipart/form-data; boundary=x"}
    )
    assert answer.status_code == 303
    assert [one.name for one in files(quick_stage, case_id)] == ["a.pdf", "b.pdf"]


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\\\Документы\\\\план.pdf", "план.pdf"),
        ("отчёт\u202efdp.pdf", "отчётfdp.pdf"),
        ("a\0b.pdf", "ab.pdf"),
        ("<img src=x onerror=alert(1)>.pdf", "_img src=x onerror=alert(1)_.pdf"),
        ("con.pdf", "_con.pdf"),
        ("й" * 300 + ".pdf", None),
    ],
)
def test_a_name_cannot_hurt_its_reader(teacher, quick_stage, sent, shown):
    client, case_id = teacher
    answer = send(client, case_id, sent, PDF)
    assert answer.status_code == 201
    (row,) = files(quick_stage, case_id)
    assert shown is None or row.name == shown
    assert len(row.name) <= 120
    for url in (f"/cases/{case_id}/edit?step=files", f"/files/{row.id}/view", f"/cases/{case_id}/preview"):
        page = client.get(url)
        assert page.status_code == 200
        assert "<img src=x" not in text(page)
    header = client.get(f"/files/{row.id}").headers["Content-Disposition"]
    assert header.startswith("attachment; filename=")
    assert "\n" not in header


# -- whose they are


def test_files_of_a_foreign_case_do_not_exist(client_as, quick_stage):
    road, _form = draft(quick_stage)
    file = files(quick_stage, road.case_id)[0]
    for who in ("zhuravlyova", "morozova", "bondarenko", "koroleva"):
        client = client_as(who)
        assert send(client, road.case_id, "чужой.pdf", kit.pdf()).status_code == 404
        for url in ("", "/view", "/inline", "/page/1.png", "/do/remove_file"):
            assert client.get(f"/files/{file.id}{url}").status_code == 404
        assert act(client, file, "remove_file").status_code == 404
    assert len(files(quick_stage, road.case_id)) == 1


def test_unknown_files_and_cases_are_not_found(client_as):
    client = client_as("sokolova")
    assert send(client, 999999, "файл.pdf", PDF).status_code == 404
    for url in (
        "/files/999999",
        "/files/999999/view",
        "/files/0",
        "/files/99999999999999999999",
        "/cases/999999/files",
    ):
        assert client.get(url).status_code == 404


def test_nothing_of_a_strangers_upload_is_stored(client_as, quick_stage, app):
    road, _form = draft(quick_stage)
    before = sum(1 for _one in quick_stage.database.blobs.all())
    send(client_as("zhuravlyova"), road.case_id, "чужой.pdf", kit.pdf())
    assert send(app.test_client(), road.case_id, "чужой.pdf", kit.pdf()).status_code == 401
    assert sum(1 for _one in quick_stage.database.blobs.all()) == before


def test_after_the_submission_nothing_is_attached_or_removed(client_as, quick_stage):
    road = at(quick_stage, "submitted")
    client, file = client_as("sokolova"), files(quick_stage, road.case_id)[0]
    assert send(client, road.case_id, "ещё.pdf", kit.pdf()).status_code == 403
    assert act(client, file, "remove_file").status_code == 403
    assert act(client, file, "rename_file", **renamed(file, name="другое.pdf")).status_code == 403
    assert client.get(f"/cases/{road.case_id}/files").status_code == 403
    assert client.get(f"/files/{file.id}").status_code == 200


def test_documents_are_added_to_a_registered_attestation(client_as, quick_stage):
    """R13: the applicant of an attestation may add documents after the registration."""
    road = at(quick_stage, "registered", "attestation_portfolio")
    client = client_as("sokolova")
    assert client.get(f"/cases/{road.case_id}/files").status_code == 200
    assert send(client, road.case_id, "грамота.pdf", kit.pdf(), "evidence").status_code == 201
    assert act(client, files(quick_stage, road.case_id)[-1], "remove_file").status_code == 403, (
        "only a draft is taken apart"
    )


def test_after_their_last_day_documents_are_no_longer_added(client_as, quick_stage):
    """R13: five working days before the attestation; on the stage that day has passed."""
    road = at(quick_stage, "assigning", "attestation_portfolio")
    answer = send(client_as("sokolova"), road.case_id, "грамота.pdf", kit.pdf(), "evidence")
    assert answer.status_code == 409
    assert "Дополнительные документы принимались до" in answer.json["error"]


def test_an_expert_reads_the_files_only_while_the_review_is_open_to_them(client_as, quick_stage):
    road = at(quick_stage, "assigning")
    file = files(quick_stage, road.case_id)[0]
    road.invite(("bondarenko", "lebedev"), "Специалисты по предмету заявителя")
    assert client_as("bondarenko").get(f"/files/{file.id}").status_code == 404
    road.accept(("bondarenko", "lebedev"))
    assert client_as("bondarenko").get(f"/files/{file.id}").status_code == 200
    assert client_as("dyachkova").get(f"/files/{file.id}").status_code == 404


# -- changing


def test_a_file_gets_another_name_kind_and_note_and_keeps_its_extension(teacher, quick_stage):
    client, case_id = teacher
    send(client, case_id, "scan0001.pdf", PDF)
    (file,) = files(quick_stage, case_id)
    answer = act(
        client,
        file,
        "rename_file",
        **renamed(file, name="Отчёт об оригинальности", kind="originality", note="Антиплагиат"),
    )
    assert answer.status_code == 303
    (now,) = files(quick_stage, case_id)
    assert (now.name, now.attachment, now.note) == ("Отчёт об оригинальности.pdf", "originality", "Антиплагиат")


def test_a_wrong_change_of_a_file_is_refused_with_what_was_typed(teacher, quick_stage):
    client, case_id = teacher
    send(client, case_id, "план.pdf", PDF)
    (file,) = files(quick_stage, case_id)
    for wrong in (
        {"name": ""},
        {"name": "a.exe"},
        {"kind": "nothing"},
        {"place": "0"},
        {"place": "x"},
        {"note": "ы" * 501},
    ):
        answer = act(client, file, "rename_file", **renamed(file) | wrong)
        assert answer.status_code == 422, wrong
        assert files(quick_stage, case_id)[0].name == "план.pdf"


def test_files_are_put_in_another_order_one_act_a_move(teacher, quick_stage):
    client, case_id = teacher
    for name, data in (("а.pdf", PDF), ("б.docx", kit.word()), ("в.png", kit.picture("PNG"))):
        send(client, case_id, name, data)
    last = files(quick_stage, case_id)[-1]
    assert act(client, last, "rename_file", **renamed(last, place=1)).status_code == 303
    assert [one.name for one in files(quick_stage, case_id)] == ["в.png", "а.pdf", "б.docx"]
    assert events(quick_stage, case_id).count("rename_file") == 1


def test_a_removal_is_taken_back(teacher, quick_stage):
    client, case_id = teacher
    send(client, case_id, "план.pdf", PDF)
    (file,) = files(quick_stage, case_id)
    assert act(client, file, "remove_file").status_code == 303
    assert not files(quick_stage, case_id)
    assert client.get(f"/files/{file.id}").status_code == 404
    page = text(client.get(f"/cases/{case_id}/edit?step=files"))
    assert "Убранные файлы" in page
    (gone,) = files(quick_stage, case_id, "removed")
    assert act(client, gone, "restore_file").status_code == 303
    assert [one.name for one in files(quick_stage, case_id)] == ["план.pdf"]


def test_a_double_click_on_remove_removes_once(teacher, quick_stage):
    client, case_id = teacher
    send(client, case_id, "план.pdf", PDF)
    (file,) = files(quick_stage, case_id)
    assert act(client, file, "remove_file").status_code == 303
    assert act(client, file, "remove_file").status_code in (403, 409)
    assert events(quick_stage, case_id).count("remove_file") == 1


def test_a_removed_file_is_read_only_through_a_frozen_version(client_as, quick_stage):
    road = at(quick_stage, "registered")
    quick_stage.act("morozova", road.case_id, "return", {"general": "Приложите исправленный файл."})
    client, (file,) = client_as("sokolova"), files(quick_stage, road.case_id)
    assert act(client, file, "remove_file").status_code == 303
    assert client.get(f"/files/{file.id}").status_code == 200, "version 1 holds it"
    send(client, road.case_id, "ошибка.pdf", kit.pdf())
    fresh = files(quick_stage, road.case_id)[-1]
    act(client, fresh, "remove_file")
    assert client.get(f"/files/{fresh.id}").status_code == 404
    send(client, road.case_id, "исправленный.docx", kit.word())
    assert submit(client, road.case_id).status_code == 303


def test_a_stale_row_changes_nothing(teacher, quick_stage):
    client, case_id = teacher
    send(client, case_id, "план.pdf", PDF)
    (file,) = files(quick_stage, case_id)
    for version in ("0", "", "7", "²"):
        assert client.post(f"/files/{file.id}/do/remove_file", data={"version": version}).status_code == 409
    assert client.post(f"/files/{file.id}/do/nothing", data={"version": 1}).status_code == 404
    assert files(quick_stage, case_id)[0].version == 1


def test_the_coordinator_confirms_that_no_child_can_be_recognised(client_as, quick_stage):
    """R41: the upload warns, the coordinator confirms."""
    road = at(quick_stage, "registered")
    file = files(quick_stage, road.case_id)[0]
    office = client_as("morozova")
    assert "Подтвердить обезличивание" in text(office.get(f"/files/{file.id}/view"))
    assert "Подтвердить обезличивание" not in text(client_as("sokolova").get(f"/files/{file.id}/view"))
    assert act(client_as("sokolova"), file, "confirm_names", note="").status_code == 403
    assert act(office, file, "confirm_names", note="Имена закрашены").status_code == 303
    assert files(quick_stage, road.case_id)[0].names_confirmed
    assert "Подтвердить обезличивание" not in text(office.get(f"/files/{file.id}/view"))


def test_the_step_of_the_files_warns_of_childrens_names(teacher):
    client, case_id = teacher
    assert "Имена детей в документах" in text(client.get(f"/cases/{case_id}/edit?step=files"))


# -- giving out


SHOWN = {
    "pdf": "<iframe", "docx": "Пояснительная записка", "odt": "Показан текст без оформления", "png": "/inline", "jpg": "/inline",
    "zip": "Отчёт.txt", "xlsx": "<td>Смирнова А. П.</td><td>7</td>", "heic": "здесь не показать", "doc": "здесь не показать",
    "pptx": "здесь не показать", "txt": "Первый пункт", "csv": "<td>Смирнова А. П.</td><td>7</td>",
}  # fmt: skip


@pytest.fixture
def alone(monkeypatch):
    """A server that has neither LibreOffice nor libheif."""
    monkeypatch.setattr(libreoffice, "_soffice", lambda: None)
    monkeypatch.setattr(heic, "_program", lambda: None)


@pytest.mark.parametrize("extension", sorted(SHOWN))
def test_a_file_is_looked_at_without_leaving_the_page_and_without_other_programs(
    teacher, quick_stage, alone, extension
):
    client, case_id = teacher
    written = kit.opendocument("text", "<office:text><text:p>Цель</text:p></office:text>")
    send(client, case_id, f"файл.{extension}", written if extension == "odt" else kit.ACCEPTED[extension])
    (file,) = files(quick_stage, case_id)
    page = text(client.get(f"/files/{file.id}/view"))
    assert SHOWN[extension] in page
    assert f'href="/files/{file.id}"' in page
    assert "Как в Word" not in page, "nothing is offered that cannot be had"


@pytest.fixture
def office(monkeypatch):
    """A LibreOffice that has all its parts and prints every file as one and the same PDF; the list says what was asked."""
    asked = []

    def look(_self, data, extension):
        asked.append((extension, data))
        return kit.pdf()

    monkeypatch.setattr(libreoffice.Converter, "reads", lambda _self, extension: extension in libreoffice.READERS)
    monkeypatch.setattr(libreoffice.Converter, "look", look)
    return asked


@pytest.mark.parametrize("extension", ["doc", "rtf", "odp", "ppt", "pptx", "ppsx"])
def test_with_libreoffice_a_file_is_shown_as_it_is_printed(teacher, quick_stage, office, extension):
    client, case_id = teacher
    send(client, case_id, f"файл.{extension}", kit.ACCEPTED[extension])
    (file,) = files(quick_stage, case_id)
    page = text(client.get(f"/files/{file.id}/view"))
    assert f'src="/files/{file.id}/page/1.png"' in page
    assert "Показано так, как печатает LibreOffice" in page
    assert client.get(f"/files/{file.id}/page/1.png").data.startswith(b"\x89PNG")
    assert client.get(f"/files/{file.id}/page/2.png").status_code == 404
    assert office == [(extension, kit.ACCEPTED[extension])], "printed once, and kept by the hash of the file"


@pytest.mark.parametrize(
    ("extension", "first", "other"),
    [("docx", "Текст", "Как в Word"), ("odt", "Текст", "Как на бумаге"), ("xlsx", "Таблица", "Как на бумаге")],
)
def test_a_text_and_a_table_are_printed_only_when_that_is_asked(teacher, quick_stage, office, extension, first, other):
    client, case_id = teacher
    written = kit.opendocument("text", "<office:text><text:p>Цель</text:p></office:text>")
    send(client, case_id, f"файл.{extension}", written if extension == "odt" else kit.ACCEPTED[extension])
    (file,) = files(quick_stage, case_id)
    page = text(client.get(f"/files/{file.id}/view"))
    assert first in page
    assert other in page
    assert f'href="/files/{file.id}/view?as=pages"' in page
    assert not office
    printed = text(client.get(f"/files/{file.id}/view?as=pages"))
    assert f'src="/files/{file.id}/page/1.png"' in printed
    assert f'href="/files/{file.id}/view"' in printed
    assert [one for one, _data in office] == [extension]


def test_a_file_that_libreoffice_cannot_print_is_not_tried_again_today_and_one_that_waited_is(
    teacher, quick_stage, office, monkeypatch
):
    client, case_id = teacher
    send(client, case_id, "файл.pptx", kit.ACCEPTED["pptx"])
    (file,) = files(quick_stage, case_id)
    tried = []

    def fails(_self, _data, _extension):
        tried.append(1)
        raise libreoffice.Busy(libreoffice.NOT_NOW) if len(tried) == 1 else libreoffice.NotConverted(libreoffice.LATE)

    monkeypatch.setattr(libreoffice.Converter, "look", fails)
    assert "Просмотр ещё готовится" in text(client.get(f"/files/{file.id}/view"))
    for _ in range(3):
        assert "Просмотр не получился, скачайте файл." in text(client.get(f"/files/{file.id}/view"))
    assert len(tried) == 2
    assert client.get(f"/files/{file.id}/page/1.png").status_code == 404


def test_a_file_of_more_pages_than_are_printed_says_so(teacher, quick_stage, office, monkeypatch):
    client, case_id = teacher
    send(client, case_id, "файл.doc", kit.ACCEPTED["doc"])
    (file,) = files(quick_stage, case_id)
    monkeypatch.setattr(file_viewer, "pdf_pages", lambda _path: libreoffice.LOOK_PAGES)
    assert "показаны первые 200 страниц" in text(client.get(f"/files/{file.id}/view"))


def test_a_photograph_of_an_iphone_is_shown_as_jpeg_and_one_that_fails_says_so(teacher, quick_stage, monkeypatch):
    client, case_id = teacher
    send(client, case_id, "доска.heic", kit.ACCEPTED["heic"])
    (file,) = files(quick_stage, case_id)
    monkeypatch.setattr(heic, "_program", lambda: "heif-dec")
    monkeypatch.setattr(heic, "jpeg", lambda _path, _seconds: kit.ACCEPTED["jpg"])
    assert f'src="/files/{file.id}/inline"' in text(client.get(f"/files/{file.id}/view"))
    answer = client.get(f"/files/{file.id}/inline")
    assert (answer.mimetype, answer.data) == ("image/jpeg", kit.ACCEPTED["jpg"])
    assert answer.headers["Content-Security-Policy"] == FRAMED
    send(client, case_id, "другая.heic", kit.heic(100, 100))
    other = files(quick_stage, case_id)[-1]

    def fails(_path, _seconds):
        raise sandbox.ChildFailed

    monkeypatch.setattr(heic, "jpeg", fails)
    assert "здесь не показать" in text(client.get(f"/files/{other.id}/view"))
    assert client.get(f"/files/{other.id}/inline").status_code == 404


def test_text_is_shown_escaped_and_its_download_cannot_run(teacher, quick_stage):
    client, case_id = teacher
    send(client, case_id, "код урока.txt", b"<html><script>alert(1)</script>")
    (file,) = files(quick_stage, case_id)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in client.get(f"/files/{file.id}/view").text
    answer = client.get(f"/files/{file.id}")
    assert (answer.mimetype, answer.headers["X-Content-Type-Options"]) == ("text/plain", "nosniff")
    assert answer.headers["Content-Disposition"].startswith("attachment; ")


def test_a_file_kept_as_another_kind_says_so_by_its_name(teacher, quick_stage):
    client, case_id = teacher
    assert send(client, case_id, "фото.jfif", kit.ACCEPTED["jpg"]).json["name"] == "фото.jpg"
    assert send(client, case_id, "приказ.doc", kit.rtf()).json["name"] == "приказ.rtf"
    assert {one.media_type for one in files(quick_stage, case_id)} == {"image/jpeg", "application/rtf"}


def test_a_phone_gets_the_pages_of_a_pdf_as_pictures(teacher, quick_stage, monkeypatch):
    client, case_id = teacher
    send(client, case_id, "файл.pdf", kit.pdf())
    (file,) = files(quick_stage, case_id)
    page = text(client.get(f"/files/{file.id}/view", headers={"User-Agent": PHONE}))
    assert f"/files/{file.id}/page/1.png" in page
    assert "<iframe" not in page
    answer = client.get(f"/files/{file.id}/page/1.png")
    assert answer.mimetype == "image/png"
    assert answer.data.startswith(b"\x89PNG")

    def unused(*_given):
        raise AssertionError("the picture is kept by the hash of the file")

    monkeypatch.setattr(file_viewer, "pdf_page_png", unused)
    assert client.get(f"/files/{file.id}/page/1.png").data == answer.data
    for number in ("0", "2", "99999999999", "-1", "x"):
        assert client.get(f"/files/{file.id}/page/{number}.png").status_code == 404


TABLETS = (
    "Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 Chrome/120.0 Safari/537.36",
    "Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) AppleWebKit/605.1.15 Version/12.1 Safari/604.1",
)


@pytest.mark.parametrize("tablet", TABLETS)
def test_a_tablet_gets_the_pages_of_a_pdf_as_pictures_too(teacher, quick_stage, tablet):
    client, case_id = teacher
    send(client, case_id, "файл.pdf", kit.pdf())
    (file,) = files(quick_stage, case_id)
    assert "<iframe" not in text(client.get(f"/files/{file.id}/view", headers={"User-Agent": tablet}))
    chosen = text(client.get(f"/files/{file.id}/view?as=pdf", headers={"User-Agent": tablet}))
    assert "<iframe" in chosen
    assert "data-instead" not in chosen, "who chose the document gets the document"
    assert f'data-instead="/files/{file.id}/view?as=pages"' in text(client.get(f"/files/{file.id}/view"))


@pytest.mark.parametrize(
    ("number", "first", "last"), [("", 1, 50), ("2", 51, 100), ("60", 2951, 3000), ("999", 2951, 3000)]
)
def test_pages_of_a_long_file_come_by_fifty(teacher, quick_stage, monkeypatch, number, first, last):
    client, case_id = teacher
    send(client, case_id, "файл.pdf", kit.pdf())
    (file,) = files(quick_stage, case_id)
    monkeypatch.setattr(file_viewer, "pdf_pages", lambda _path: 3000)
    page = text(client.get(f"/files/{file.id}/view?as=pages&page={number}"))
    assert re.findall(r"/page/(\d+)\.png", page) == [str(one) for one in range(first, last + 1)]
    assert f"{first}–{last} из 3000" in page
    assert len(page) < 60_000


def test_a_file_that_cannot_be_shown_can_still_be_downloaded(teacher, quick_stage, monkeypatch):
    client, case_id = teacher
    send(client, case_id, "файл.docx", kit.word())
    (file,) = files(quick_stage, case_id)

    def fails(*_given):
        raise file_viewer.Unviewable

    monkeypatch.setattr(file_viewer, "docx_look", fails)
    assert "здесь не показать" in text(client.get(f"/files/{file.id}/view"))
    assert client.get(f"/files/{file.id}").status_code == 200


def test_a_failure_is_remembered_until_the_program_changes_or_a_day_has_passed(teacher, quick_stage, monkeypatch):
    client, case_id = teacher
    send(client, case_id, "файл.docx", kit.word())
    (file,) = files(quick_stage, case_id)
    tried = []

    def fails(*_given):
        tried.append(1)
        raise file_viewer.Unviewable(lasting=len(tried) > 1)

    monkeypatch.setattr(file_viewer, "docx_look", fails)
    for times in (1, 2, 2):  # the first time was the moment's fault, the second time it is the file's
        assert "Просмотр не получился, скачайте файл." in text(client.get(f"/files/{file.id}/view"))
        assert len(tried) == times
    with monkeypatch.context() as changed:
        changed.setattr(file_previews, "_MADE_BY", "another program")
        client.get(f"/files/{file.id}/view")
        assert len(tried) == 3
    monkeypatch.setattr(file_previews, "FAILURE_KEPT", timedelta(0))
    client.get(f"/files/{file.id}/view")
    assert len(tried) == 4


def test_what_a_look_leaves_out_and_that_it_was_cut_is_told(teacher, quick_stage, monkeypatch):
    client, case_id = teacher
    send(client, case_id, "файл.docx", kit.word())
    (file,) = files(quick_stage, case_id)
    look = file_viewer.Look("<p>Начало</p>", {"charts": 2, "comments": 1}, cut=True)
    monkeypatch.setattr(file_viewer, "docx_look", lambda _path: look)
    page = " ".join(text(client.get(f"/files/{file.id}/view")).split())
    assert "Не показано: диаграммы — 2, примечания — 1. Смотрите их в скачанном файле." in page
    assert "Файл большой: показано только его начало." in page


def test_one_person_has_one_look_made_at_a_time_and_others_do_not_wait_for_it(
    teacher, client_as, quick_stage, monkeypatch
):
    client, case_id = teacher
    send(client, case_id, "файл.docx", kit.word())
    send(client, case_id, "другой.docx", kit.word("Другой."))
    heavy, other = files(quick_stage, case_id)
    director = client_as("gradov")
    theirs = quick_stage.open("gradov", "methodical_material", "Сборник задач по химии")
    send(director, theirs, "третий.docx", kit.word("Третий."))
    (third,) = files(quick_stage, theirs)
    begun, ended = threading.Event(), threading.Event()

    def slow(path):
        begun.set()
        assert ended.wait(60)
        return file_viewer.Look("<p>Тяжёлый</p>")

    monkeypatch.setattr(file_previews, "TURN", 0.05)
    with ThreadPoolExecutor(1) as pool, monkeypatch.context() as weighty:
        weighty.setattr(file_viewer, "docx_look", slow)
        first = pool.submit(client.get, f"/files/{heavy.id}/view")
        assert begun.wait(60)
        weighty.setattr(file_viewer, "docx_look", lambda _path: file_viewer.Look("<p>Лёгкий</p>"))
        assert "Просмотр ещё готовится" in text(client_as("sokolova").get(f"/files/{other.id}/view"))
        assert "Лёгкий" in text(director.get(f"/files/{third.id}/view"))
        ended.set()
        assert "Тяжёлый" in text(first.result())
        assert "Лёгкий" in text(client.get(f"/files/{other.id}/view")), "busy is nothing that is remembered"


def test_a_damaged_file_is_refused_rather_than_given(teacher, quick_stage):
    client, case_id = teacher
    send(client, case_id, "файл.pdf", PDF)
    (file,) = files(quick_stage, case_id)
    quick_stage.database.blobs.path(file.sha256).write_bytes(b"%PDF-1.4 another")
    answer = client.get(f"/files/{file.id}")
    assert answer.status_code == 500
    assert "повреждён" in text(answer)


def test_every_reading_of_a_file_is_noted(teacher, quick_stage):
    client, case_id = teacher
    send(client, case_id, "файл.pdf", kit.pdf())
    (file,) = files(quick_stage, case_id)
    for url in ("", "/view", "/inline", "/page/1.png", "/page/1.png"):
        client.get(f"/files/{file.id}{url}")
    with quick_stage.database.transaction(keep=False) as session:
        found = select(AccessLog.detail, AccessLog.person_id).where(AccessLog.subject_kind == "file")
        rows = session.execute(found.where(AccessLog.subject_id == file.id)).all()
    assert [row.detail for row in rows] == ["download", "view"], "pages turned within one reading are one entry"
    assert {row.person_id for row in rows} == {quick_stage.people["sokolova"]}


def test_reading_changes_no_row(teacher, quick_stage):
    client, case_id = teacher
    send(client, case_id, "файл.pdf", kit.pdf())
    before = events(quick_stage, case_id)
    (file,) = files(quick_stage, case_id)
    for url in (
        f"/files/{file.id}",
        f"/files/{file.id}/view",
        f"/cases/{case_id}/edit?step=files&add=awards",
        f"/files/{file.id}/do/remove_file",
    ):
        assert client.get(url).status_code == 200
    assert events(quick_stage, case_id) == before
    assert row_of(quick_stage, CaseFile, file.id).version == 1
