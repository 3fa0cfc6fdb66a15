"""Files of records through their pages: every kind that declares some, alike; of parts too."""

import functools
import io

from sqlalchemy import select

from tests.core.files import kit
from tests.rows import findings, rows_of
from tests.web.pages import links_of, text_of
from tests.web.test_records import begun, do, path, typed, version_of
from workflow_app.content_types.behaviors import Files
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import RECORDS, AccessLog, CaseFile, Event
from workflow_app.files.sample_pdf import pdf_from_text
from workflow_app.states.vocabulary import Who

WITH = [one for one in CONTENT_TYPES.values() if one.behavior(Files)]


@functools.cache
def a_pdf(word="Материал"):
    return pdf_from_text(word, "Страница первая.")


def send(client, url, name, data, *, script=True):
    headers = {"Accept": "application/json"} if script else {}
    sent = {"file": (io.BytesIO(data), name)}
    return client.post(url, data=sent, content_type="multipart/form-data", headers=headers)


def place_of(client, stage, kind):
    """The page with the files of a new record of the kind, and the address they are sent to."""
    if not kind.within:
        card = begun(client, stage, kind)
        return card, f"{card}/files"
    with stage.database.transaction(keep=False) as session:
        there = session.scalar(select(RECORDS[kind.within].id).limit(1))
    whole = there or begun(client, stage, CONTENT_TYPES[kind.within]).rsplit("/", 1)[1]
    assert client.post(f"{path(kind)}/new/{whole}", data=typed(stage, kind)).status_code == 303
    return f"{path(kind)}/1/files", f"{path(kind)}/1/files"


def rows(stage, kind=None):
    of_kind = CaseFile.record_kind == kind.key if kind else CaseFile.record_kind.is_not(None)
    return rows_of(stage, CaseFile, of_kind)


def key_of(kind, place=0):
    return kind.behavior(Files).kinds[place].key


def test_a_file_is_attached_looked_at_taken_home_and_told_in_the_history(client_as, quick_stage, subtests):
    client = client_as("morozova")
    for kind in WITH:
        with subtests.test(kind.key):
            _attached_looked_at_and_taken_home(client, quick_stage, kind)
    assert findings(quick_stage) == []


def _attached_looked_at_and_taken_home(client, quick_stage, kind):
    page, url = place_of(client, quick_stage, kind)
    answer = send(client, f"{url}?kind={key_of(kind)}", "Программа дня.pdf", a_pdf())
    assert answer.status_code == 201, answer.json
    assert "Программа дня.pdf" in answer.json["html"]
    shown = client.get(page)
    assert "Программа дня.pdf" in text_of(shown)
    assert "Морозова" in text_of(shown)
    (file,) = rows(quick_stage, kind)
    assert (file.record_kind, file.case_id, file.attachment) == (kind.key, None, key_of(kind))
    assert {f"/files/{file.id}", f"/files/{file.id}/view"} <= set(links_of(shown))
    taken = client.get(f"/files/{file.id}")
    assert (taken.status_code, taken.get_data()) == (200, a_pdf())
    assert client.get(f"/files/{file.id}/view").status_code == 200
    assert client.get(f"/files/{file.id}/inline").mimetype == "application/pdf"
    with quick_stage.database.transaction(keep=False) as session:
        event = session.scalars(select(Event).where(Event.subject_kind == "file", Event.subject_id == file.id)).one()
        assert (event.root_kind, event.transition) == (kind.within or kind.key, "begin")
        noted = session.scalars(select(AccessLog.what).where(AccessLog.subject_id == file.id)).all()
        assert "file read" in noted


def test_a_file_is_replaced_removed_with_a_reason_and_brought_back(client_as, quick_stage, subtests):
    client = client_as("morozova")
    for kind in WITH:
        with subtests.test(kind.key):
            _replaced_removed_and_brought_back(client, quick_stage, kind)
    assert findings(quick_stage) == []


def _replaced_removed_and_brought_back(client, quick_stage, kind):
    page, url = place_of(client, quick_stage, kind)
    assert send(client, f"{url}?kind={key_of(kind)}", "первый.pdf", a_pdf("Первый")).status_code == 201
    (old,) = rows(quick_stage, kind)
    again = send(client, f"/files/{old.id}/replace", "второй.pdf", a_pdf("Второй"), script=False)
    assert again.status_code == 303, text_of(again)
    old, new = rows(quick_stage, kind)
    assert (old.state, new.state, new.attachment, new.name) == ("removed", "attached", old.attachment, "второй.pdf")
    assert client.get(f"/files/{old.id}").status_code == 404, "what is removed is given to nobody"
    assert (
        do(client, f"/files/{new.id}/do/remove_file", kind, "remove_file", reason="Приложен не туда").status_code == 303
    )
    assert [one.state for one in rows(quick_stage, kind)] == ["removed", "removed"]
    assert "Убранные файлы: 2" in text_of(client.get(page))
    assert do(client, f"/files/{new.id}/do/restore_file", kind, "restore_file").status_code == 303
    assert client.get(f"/files/{new.id}").status_code == 200
    form = version_of(client.get(f"/files/{new.id}/do/rename_file"))
    renamed = {"name": "Итоговый", "kind": new.attachment, "place": "1", "version": form}
    assert client.post(f"/files/{new.id}/do/rename_file", data=renamed).status_code == 303
    assert "Итоговый.pdf" in text_of(client.get(page))


def test_whoever_does_not_see_a_record_has_none_of_its_files(client_as, quick_stage, subtests):
    client, stranger = client_as("morozova"), client_as("bondarenko")
    for kind in WITH:
        with subtests.test(kind.key):
            _none_of_its_files(client, stranger, quick_stage, kind)


def _none_of_its_files(client, stranger, quick_stage, kind):
    nobody = {name: "" for name, how in kind.fields.items() if how.stands and not how.required}
    if not kind.within and any(how.stands and how.required for how in kind.fields.values()):
        people = [name for name, how in kind.fields.items() if how.stands and how.refers != "organization"]
        nobody = {name: str(quick_stage.people["zorina"]) for name in people}
    if kind.within:
        page, url = place_of(client, quick_stage, kind)
    else:
        page = begun(client, quick_stage, kind, **nobody)
        url = f"{page}/files"
    send(client, f"{url}?kind={key_of(kind)}", "первый.pdf", a_pdf())
    (file,) = rows(quick_stage, kind)
    for address in (
        f"/files/{file.id}",
        f"/files/{file.id}/view",
        f"/files/{file.id}/inline",
        f"/files/{file.id}/page/1.png",
    ):
        assert stranger.get(address).status_code in (403, 404), address
    announced = stranger.get(page)  # an event is announced to everybody, without its files
    assert announced.status_code in (403, 404) or (Who.MEMBER in kind.seen and "первый.pdf" not in text_of(announced))
    assert stranger.get(f"/files/{file.id}/do/remove_file").status_code in (403, 404)
    assert send(stranger, f"{url}?kind={key_of(kind)}", "чужой.pdf", a_pdf("Чужой")).status_code in (403, 404)
    assert send(stranger, f"/files/{file.id}/replace", "чужой.pdf", a_pdf("Чужой"), script=False).status_code in (
        403,
        404,
    )
    assert len(rows(quick_stage, kind)) == 1


def test_no_more_files_of_a_kind_than_it_declares(client_as, quick_stage, subtests):
    client = client_as("morozova")
    for kind in WITH:
        with subtests.test(kind.key):
            _no_more_than_declared(client, quick_stage, kind)


def _no_more_than_declared(client, quick_stage, kind):
    declared = min(kind.behavior(Files).kinds, key=lambda one: one.most)
    _page, url = place_of(client, quick_stage, kind)
    for n in range(min(declared.most, 3)):
        assert send(client, f"{url}?kind={declared.key}", f"{n}.pdf", a_pdf(f"Лист {n}")).status_code == 201
    if declared.most <= 3:
        more = send(client, f"{url}?kind={declared.key}", "лишний.pdf", a_pdf("Лишний"))
        assert more.status_code == 422
        assert "больше файлов этого вида нельзя" in more.json["error"]
    assert send(client, f"{url}?kind=nonsense", "не того вида.pdf", a_pdf("Не того")).status_code == 422
    assert send(client, f"{url}?kind={declared.key}", "program.exe", b"MZ").status_code == 400


def test_the_plain_form_says_what_it_did_not_take_and_keeps_the_rest(client_as, quick_stage):
    client, kind = client_as("morozova"), CONTENT_TYPES["centre_event"]
    card, url = place_of(client, quick_stage, kind)
    sent = {"file": [(io.BytesIO(kit.pdf()), "хороший.pdf"), (io.BytesIO(b"MZ"), "плохой.exe")]}
    answer = client.post(f"{url}?kind=materials", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 400
    assert "плохой.exe: Файлы такого вида не принимаются" in text_of(answer)
    assert "Остальные файлы приложены: 1." in text_of(answer)
    again = client.post(f"{url}?kind=materials", data={}, content_type="multipart/form-data")
    assert "Файл не выбран" in text_of(again)
    assert "хороший.pdf" in text_of(client.get(card))


def test_whom_a_declaration_lets_attach_does_and_who_only_looks_does_not(client_as, quick_stage):
    office, kind = client_as("morozova"), CONTENT_TYPES["publication"]
    author = client_as("sokolova")
    card = begun(office, quick_stage, kind)  # by sokolova
    assert send(author, f"{card}/files?kind=text", "статья.pdf", a_pdf()).status_code == 201
    assert "Убрать" in text_of(author.get(card))
    other = begun(office, quick_stage, CONTENT_TYPES["centre_event"], responsible_id=str(quick_stage.people["zorina"]))
    number = other.rsplit("/", 1)[1]
    part = CONTENT_TYPES["registration"]
    office.post(f"{path(part)}/new/{number}", data=typed(quick_stage, part, full=True))
    assert send(office, f"{other}/files?kind=materials", "раздатка.pdf", a_pdf("Раздатка")).status_code == 201
    page = author.get(other)
    assert "раздатка.pdf" in text_of(page), "a participant has the materials"
    assert "Приложить" not in text_of(page)
    assert "Морозова" not in text_of(page), "who attached them is the office's business"
    assert send(author, f"{other}/files?kind=materials", "своё.pdf", a_pdf("Своё")).status_code == 403


def test_a_file_of_a_part_is_nobody_elses_who_only_sees_the_whole(client_as, quick_stage):
    client, part = client_as("morozova"), CONTENT_TYPES["acquaintance"]
    page, url = place_of(client, quick_stage, part)  # sokolova reads
    whole = 1
    second = typed(quick_stage, part) | {"person_id": str(quick_stage.people["bondarenko"])}
    assert client.post(f"{path(part)}/new/{whole}", data=second).status_code == 303
    assert send(client, f"{url}?kind=signed", "подпись.pdf", a_pdf()).status_code == 201
    (file,) = rows(quick_stage)
    mine, other = client_as("sokolova"), client_as("bondarenko")
    assert mine.get(f"/files/{file.id}").status_code == 200
    assert other.get(f"/records/local-act/{whole}").status_code == 200
    assert other.get(f"/files/{file.id}").status_code == 404
    assert other.get(page).status_code == 404
    assert "Файлы: 1" in text_of(client.get(f"/records/local-act/{whole}"))


def test_nothing_is_attached_to_what_is_put_away(client_as, quick_stage):
    client, kind = client_as("morozova"), CONTENT_TYPES["agreement"]
    card, url = place_of(client, quick_stage, kind)
    send(client, f"{url}?kind=scan", "скан.pdf", a_pdf())
    (file,) = rows(quick_stage)
    assert do(client, card, kind, "end", reason="Больше не нужно").status_code == 303
    assert send(client, f"{url}?kind=scan", "второй.pdf", a_pdf("Второй")).status_code == 403
    assert client.get(f"/files/{file.id}/do/remove_file").status_code == 403
    assert client.get(f"/files/{file.id}").status_code == 200, "what is there is still read"


def test_the_page_of_a_replacement_says_what_it_does_and_why_it_did_not(client_as, quick_stage):
    client, kind = client_as("morozova"), CONTENT_TYPES["agreement"]
    _card, url = place_of(client, quick_stage, kind)
    send(client, f"{url}?kind=scan", "скан.pdf", a_pdf())
    (file,) = rows(quick_stage)
    form = client.get(f"/files/{file.id}/replace")
    assert "Прежний останется среди убранных" in text_of(form)
    same = send(client, f"/files/{file.id}/replace", "снова.pdf", b"MZ", script=False)
    assert same.status_code == 400
    none = client.post(f"/files/{file.id}/replace", data={}, content_type="multipart/form-data")
    assert "Файл не выбран" in text_of(none)
    assert [one.state for one in rows(quick_stage)] == ["attached"]
    assert version_of(client.get(f"/files/{file.id}/do/remove_file"))
