"""The page of a document: its PDF/A, the organisation's seal, signatures made outside; who may what, and what is never shown."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace

import pypdfium2
import pytest

from tests.authority import OWNER, Authority, gost_signature, here, signature_of
from tests.authority import PASSWORD as SEAL_PASSWORD
from tests.play import PASSWORD, PDF, at
from tests.play import sample as pdf_file
from tests.rows import row_of, rows_of
from tests.web.office import later
from tests.web.pages import links_of, text_of
from workflow_app.conversion import libreoffice
from workflow_app.db.models import AttachedSignature, Case, Document, Event, Rendition
from workflow_app.features.documents import effects, renditions
from workflow_app.files import sandbox
from workflow_app.signatures import detached

MARK = "ДОКУМЕНТ ПОДПИСАН ЭЛЕКТРОННОЙ ПОДПИСЬЮ"
MADE = b"%PDF-1.7 <pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance> %%EOF"


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr(sandbox, "call", here)  # the children are tested in tests/gate
    with later():
        yield


class Office:
    """Stands for LibreOffice: the real one is tested in tests/gate/test_converter.py."""

    def __init__(self, made=MADE, there=True):
        self.made, self.there, self.asked = made, there, 0

    def available(self):
        return self.there

    def pdf(self, docx, *, wait=True):
        self.waited = wait
        assert docx.startswith(b"PK")
        self.asked += 1
        if not self.there:
            raise libreoffice.Absent
        return self.made


@pytest.fixture
def office(monkeypatch):
    """A LibreOffice whose answers are known."""
    found = Office()
    monkeypatch.setattr(libreoffice, "of", lambda _config: found)
    return found


@pytest.fixture
def order(quick_stage, approved):
    """The id, version and bytes of its conclusion."""
    return conclusion(quick_stage, approved)


def conclusion(stage, road):
    (row,) = rows_of(stage, Document, case_id=road.case_id, document_kind="consolidated_conclusion")
    return row


def events(stage, name):
    return [one for one in rows_of(stage, Event) if one.transition == name]


def bytes_of(stage, document):
    return stage.database.blobs.read(document.sha256)


def attach(client, document, data, version=None, **more):
    sent = {
        "version": version or document.version,
        "claimed": "docx",
        "file": (io.BytesIO(data), "подпись директора.sig"),
    } | more
    return client.post(f"/documents/{document.id}/do/attach_signature", data=sent, content_type="multipart/form-data")


# ----------------------------------------------------------------------------------------------------------------- PDF


def test_the_pdf_is_made_once_on_request_and_then_given_as_it_is(quick_stage, client_as, order, office):
    client = client_as("sokolova")  # whoever reads the document may have its PDF
    page = client.get(f"/documents/{order.id}")
    assert "Сделать PDF/A" in text_of(page)
    assert client.get(f"/documents/{order.id}.pdf").status_code == 404  # reading makes nothing
    assert rows_of(quick_stage, Rendition) == []
    answer = client.post(f"/documents/{order.id}/pdf")
    assert (answer.status_code, answer.location) == (303, f"/documents/{order.id}")
    assert "PDF/A готов" in text_of(client.get(answer.location))
    given = client.get(f"/documents/{order.id}.pdf")
    assert given.data == MADE
    assert given.mimetype == "application/pdf"
    assert given.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in given.headers["Content-Security-Policy"]
    office.made = MADE + b" another"
    client.post(f"/documents/{order.id}/pdf")
    assert office.asked == 1
    assert client.get(f"/documents/{order.id}.pdf").data == MADE
    assert "Сделать PDF/A" not in text_of(client.get(f"/documents/{order.id}"))


def test_a_pdf_whose_bytes_were_lost_is_made_anew_if_nothing_stands_over_it(quick_stage, client_as, order, office):
    client = client_as("morozova")
    client.post(f"/documents/{order.id}/pdf")
    lost = rows_of(quick_stage, Rendition)[0].sha256
    quick_stage.database.blobs.remove(lost)
    assert client.get(f"/documents/{order.id}.pdf").status_code == 500
    office.made = MADE + b" again"
    client.post(f"/documents/{order.id}/pdf")
    assert client.get(f"/documents/{order.id}.pdf").data == office.made


def test_without_libreoffice_the_page_says_so_and_the_docx_is_there(client_as, order, office):
    office.there = False
    client = client_as("sokolova")
    page = client.get(f"/documents/{order.id}")
    assert "на сервере нет LibreOffice" in text_of(page)
    assert "Документ DOCX действителен и без него" in text_of(page)
    assert "Сделать PDF/A" not in text_of(page)
    assert client.get(f"/documents/{order.id}.docx").status_code == 200
    told = client.get(client.post(f"/documents/{order.id}/pdf").location)
    assert text_of(told).count("на сервере нет LibreOffice") == 2  # beside the files, and as the answer
    assert "LibreOffice не установлен" in text_of(client_as("gradov").get("/settings"))


def test_a_document_that_is_not_the_readers_has_no_pdf_for_them(client_as, order, office):
    other = client_as("zhuravlyova")
    for path in (
        f"/documents/{order.id}.pdf",
        f"/documents/{order.id}/sealed.pdf",
        f"/documents/{order.id}/signatures/1.sig",
    ):
        assert other.get(path).status_code == 404
    assert other.post(f"/documents/{order.id}/pdf").status_code == 404
    assert attach(other, order, b"x").status_code == 404
    assert office.asked == 0


def test_a_scan_is_not_converted(quick_stage, client_as, office):
    road = at(quick_stage, "on_approval")
    data = {
        "how": "paper",
        "scan_file": (io.BytesIO(pdf_file("Приказ", "Подпись от руки.")), "приказ.pdf"),
        "version": 0,
    }
    client = client_as("gradov")
    data["version"] = row_of(quick_stage, Case, road.case_id).version
    answer = client.post(f"/cases/{road.case_id}/approve", data=data, content_type="multipart/form-data")
    assert answer.status_code == 303, text_of(answer)
    scan = next(one for one in rows_of(quick_stage, Document) if one.document_kind.startswith("signed_original"))
    assert "Сделать PDF/A" not in text_of(client.get(f"/documents/{scan.id}"))
    assert "Это скан" in text_of(client.get(client.post(f"/documents/{scan.id}/pdf").location))
    assert office.asked == 0


class Slow(libreoffice.Converter):
    """A pool whose soffice is slow: it is done when the test says so."""

    def __init__(self, workers):
        super().__init__(workers)
        self.begun, self.let = threading.Semaphore(0), threading.Event()

    def _with_a_worker(self, *_given):
        self.begun.release()
        assert self.let.wait(60)
        return MADE


def test_eight_requests_at_once_hold_one_thread_and_the_others_answer(quick_stage, client_as, order, monkeypatch):
    """Eight threads serve everybody: conversions never take more of them than there are converters, and none waits."""
    pool = Slow(2)
    monkeypatch.setattr(libreoffice, "of", lambda _config: pool)
    monkeypatch.setattr(libreoffice, "_soffice", lambda: "soffice")
    clients = [client_as("sokolova") for _ in range(8)]
    path = f"/documents/{order.id}"
    with ThreadPoolExecutor(8) as many:
        first = many.submit(copy_context().run, clients[0].post, f"{path}/pdf")  # with the clock of the test
        assert pool.begun.acquire(timeout=60)
        try:
            others = [many.submit(copy_context().run, one.post, f"{path}/pdf").result(60) for one in clients[1:]]
            assert not first.done()
        finally:
            pool.let.set()
        assert first.result(60).status_code == 303
    assert {(one.status_code, one.location) for one in others} == {(303, path)}
    assert "Сейчас делаются другие PDF, повторите через минуту" in text_of(clients[1].get(path))
    assert "PDF/A готов" in text_of(clients[0].get(path))
    assert not pool.begun.acquire(blocking=False)


def test_a_page_never_waits_for_a_converter_and_work_in_the_background_does(quick_stage, client_as, order, office):
    client_as("sokolova").post(f"/documents/{order.id}/pdf")
    assert office.waited is False
    quick_stage.database.blobs.remove(rows_of(quick_stage, Rendition)[0].sha256)
    effects.make_pdf(quick_stage.database, office, order.id)
    assert office.waited is True


def test_one_person_does_not_keep_the_converters_to_themselves(client_as, order, office):
    office.there = False  # nothing is made, so each request would convert
    client, path = client_as("sokolova"), f"/documents/{order.id}"
    for _ in range(20):
        client.post(f"{path}/pdf")
    assert office.asked == 20
    assert client.post(f"{path}/pdf").location == path
    assert office.asked == 20
    assert "слишком много PDF подряд" in text_of(client.get(path))
    client_as("morozova").post(f"{path}/pdf")
    assert office.asked == 21  # others are not hindered


# ---------------------------------------------------------------------------------------------------------------- seal


@pytest.fixture
def sealing(app, tmp_path, office):
    """The organisation's key in the settings, and a real PDF to seal."""
    authority = Authority()
    known = app.extensions["workflow_config"]
    app.extensions["workflow_config"] = replace(
        known, seal_file=authority.p12(tmp_path, authority.issue()), seal_password=SEAL_PASSWORD,
        signature_trust=authority.pem(tmp_path),
    )  # fmt: skip
    office.made = real_pdf()
    return authority


def real_pdf():
    """A page that pdfium made, with the words by which a PDF/A-2b is known."""
    document = pypdfium2.PdfDocument.new()
    document.new_page(200, 200)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def seal(client, document, **more):
    return client.post(
        f"/documents/{document.id}/do/seal",
        data={"how": "simple", "password": PASSWORD, "version": document.version} | more,
    )


def test_the_director_seals_the_pdf_with_the_password_typed_again(quick_stage, client_as, order, sealing):
    client = client_as("gradov")
    page = client.get(f"/documents/{order.id}/do/seal")
    assert OWNER in text_of(page)
    assert SEAL_PASSWORD not in page.get_data(as_text=True)
    answer = seal(client, order)
    assert (answer.status_code, answer.location) == (303, f"/documents/{order.id}")
    shown = client.get(f"/documents/{order.id}")
    assert "PAdES-B-B" in text_of(shown)
    assert OWNER in text_of(shown)
    assert MARK not in text_of(shown)  # R36: the seal is not a person's qualified signature
    assert "Поставить печать" not in text_of(shown)
    given = client.get(f"/documents/{order.id}/sealed.pdf").data
    assert b"ETSI.CAdES.detached" in given
    assert given.startswith(
        client.get(f"/documents/{order.id}.pdf").data
    )  # an increment: what was sealed is inside untouched
    event = events(quick_stage, "seal")[0]
    assert (event.signature.split(":")[0], event.actor_id) == ("simple", quick_stage.people["gradov"])
    assert "PDF заверен печатью организации" in text_of(client.get(f"/cases/{order.case_id}/history"))
    assert seal(client, order, version=order.version + 1).status_code == 409  # once
    assert bytes_of(quick_stage, order)  # the issued file is what it was


def test_without_the_right_password_nothing_is_sealed(quick_stage, client_as, order, sealing, office):
    client = client_as("gradov")
    answer = seal(client, order, password="не тот пароль")
    assert answer.status_code == 422
    assert "Пароль не подходит" in text_of(answer)
    assert seal(client, order, password="").status_code == 422
    assert seal(client, order, version=order.version + 7).status_code == 409
    assert seal(client, order, how="paper").status_code == 422
    assert rows_of(quick_stage, Rendition) == []
    assert office.asked == 0  # the key was not even touched


def test_nobody_but_the_director_may_seal(client_as, order, sealing):
    assert seal(client_as("morozova"), order).status_code == 403
    assert seal(client_as("sokolova"), order).status_code == 403
    assert client_as("morozova").get(f"/documents/{order.id}/do/seal").status_code == 403
    assert "Поставить печать" not in text_of(client_as("morozova").get(f"/documents/{order.id}"))


def test_a_seal_that_cannot_be_put_says_why_and_leaves_nothing(quick_stage, client_as, app, order, sealing, office):
    client = client_as("gradov")
    known = app.extensions["workflow_config"]
    app.extensions["workflow_config"] = replace(known, tsa_url="http://127.0.0.1:9/none")
    answer = seal(client, order)
    assert answer.status_code == 422
    assert "служба меток времени не ответила" in text_of(answer)
    app.extensions["workflow_config"] = replace(known, seal_password="wrong")
    assert "пароль к нему не подходит" in text_of(seal(client, order))
    app.extensions["workflow_config"] = replace(known, seal_file="")
    assert "Печать организации не настроена" in text_of(seal(client, order))
    app.extensions["workflow_config"] = known
    office.there = False
    assert "на сервере нет LibreOffice" in text_of(seal(client, order))
    assert rows_of(quick_stage, Rendition) == []
    assert events(quick_stage, "seal") == []


def test_the_settings_show_the_seal_and_warn_before_it_expires(client_as, app, tmp_path, sealing):
    client = client_as("gradov")
    assert OWNER in text_of(client.get("/settings"))
    known = app.extensions["workflow_config"]
    old = sealing.p12(tmp_path, sealing.issue("Старый ключ", days=(-400, -300)), "old.p12")
    app.extensions["workflow_config"] = replace(known, seal_file=old)
    shown = client.get("/settings")
    assert "Срок действия сертификата печати истёк" in text_of(shown)
    assert SEAL_PASSWORD not in shown.get_data(as_text=True)


# ---------------------------------------------------------------------------------------------- signatures made outside


def test_a_signature_whose_issuer_is_trusted_is_shown_as_verified_with_the_mark(quick_stage, client_as, order, sealing):
    """R36: the frame stands only with the certificate's own data."""
    client = client_as("gradov")
    holder = sealing.issue(
        "Градов Павел Андреевич", surname="Градов", given_name="Павел Андреевич", snils="11223344595"
    )
    made = signature_of(holder, bytes_of(quick_stage, order))
    answer = attach(client, order, made)
    assert answer.status_code == 303, text_of(answer)
    shown = text_of(client.get(f"/documents/{order.id}"))
    assert "подпись проверена" in shown
    assert "не проверено" not in shown
    assert f"{MARK} Сертификат {holder.certificate.serial_number:X} Владелец Градов Павел Андреевич" in shown
    assert "11223344595" in shown
    row = rows_of(quick_stage, AttachedSignature)[0]
    assert (row.verdict, row.signed_form, row.file_name) == ("verified", "docx", "подпись директора.sig")
    given = client.get(f"/documents/{order.id}/signatures/{row.id}.sig")
    assert given.data == made
    assert given.headers["Content-Disposition"].startswith("attachment")
    assert events(quick_stage, "attach_signature")[0].actor_id == quick_stage.people["gradov"]
    assert text_of(client_as("sokolova").get(f"/documents/{order.id}")).count(MARK) == 1  # readers of the paper see it


def test_a_signature_of_an_unknown_issuer_is_marked_as_not_verified(quick_stage, client_as, order, office):
    made = signature_of(Authority("Чужой центр").issue("Иванов Иван"), bytes_of(quick_stage, order))
    client = client_as("morozova")
    assert attach(client, order, made).status_code == 303
    shown = text_of(client.get(f"/documents/{order.id}"))
    assert "не проверено: издатель неизвестен" in shown
    assert "подпись проверена" not in shown
    assert MARK not in shown  # the frame is read as «this is signed»: it stands for what was verified
    assert "Владелец Иванов Иван" in shown
    version = order.version + 1
    assert "Эта подпись уже приложена" in text_of(attach(client, order, made, version))


def test_a_signature_by_gost_is_kept_with_its_certificate_and_marked_as_not_verified(
    quick_stage, client_as, order, office
):
    made = gost_signature(Authority(), surname="Градов", given_name="Павел Андреевич", snils="11223344595")
    client = client_as("morozova")
    assert attach(client, order, made).status_code == 303
    shown = text_of(client.get(f"/documents/{order.id}"))
    assert "не проверено: алгоритм ГОСТ" in shown
    assert "ГОСТ Р 34.10-2012 (256 бит)" in shown
    assert "По словам приложившего: к выпущенному файлу" in shown
    assert MARK not in shown  # it may be a signature of any file: the same bytes are accepted for every document
    assert "Владелец Градов Павел Андреевич" in shown
    assert "к какому файлу она сделана и верна ли она" in text_of(
        client.get(f"/documents/{order.id}/do/attach_signature")
    )
    assert (
        rows_of(quick_stage, AttachedSignature)[0].verdict,
        rows_of(quick_stage, AttachedSignature)[0].signed_form,
    ) == (
        "unverified",
        "",
    )


def test_a_signature_over_the_pdf_is_found_to_be_over_the_pdf(quick_stage, client_as, order, office):
    client = client_as("morozova")
    client.post(f"/documents/{order.id}/pdf")
    assert attach(client, order, signature_of(Authority().issue("Иванов"), MADE)).status_code == 303
    assert "Сделана к PDF/A" in text_of(client.get(f"/documents/{order.id}"))
    quick_stage.database.blobs.remove(rows_of(quick_stage, Rendition)[0].sha256)
    client.post(f"/documents/{order.id}/pdf")
    assert office.asked == 1  # a signature stands over those bytes: they are restored, not made anew


def test_the_public_page_names_the_owner_of_a_verified_signature_and_of_no_other(client_as, app, order, sealing):
    """A name that nobody proved is not published as that of a signer."""
    client, data = client_as("morozova"), app.extensions["workflow_database"].blobs.read(order.sha256)
    others = (
        gost_signature(sealing, surname="Неведомов", given_name="Иван"),
        signature_of(Authority("Чужой центр").issue("Чужаков Пётр"), data),
        signature_of(sealing.issue("Градов Павел Андреевич"), data),
    )
    for place, made in enumerate(others):
        assert attach(client, order, made, order.version + place).status_code == 303
    shown = text_of(app.test_client().get(f"/check/{order.code}"))
    assert "Неведомов" not in shown
    assert "Чужаков" not in shown
    assert shown.count("отсоединённая подпись, не проверено") == 2
    assert "Градов Павел Андреевич, отсоединённая подпись, проверена" in shown


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "Это не файл электронной подписи"),
        (b"just words", "Это не файл электронной подписи"),
        (PDF, "Это не файл электронной подписи"),
        (b"\x30\x80" * 3000, "Это не файл электронной подписи"),
        (b"0" * 20_001, "Файл больше 1 МБ"),
    ],
)  # fmt: skip
def test_what_is_no_signature_is_refused_in_words_and_not_kept(
    quick_stage, client_as, order, office, monkeypatch, data, told
):
    monkeypatch.setattr(detached, "MOST", 20_000)
    before = {one.sha256 for one in quick_stage.database.blobs.all()}
    answer = attach(client_as("morozova"), order, data)
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert rows_of(quick_stage, AttachedSignature) == []
    assert {one.sha256 for one in quick_stage.database.blobs.all()} == before


def test_a_signature_of_another_file_or_a_changed_one_is_refused(quick_stage, client_as, order, office):
    client, holder = client_as("morozova"), Authority().issue("Иванов Иван")
    assert "Подпись сделана не к этому документу" in text_of(
        attach(client, order, signature_of(holder, b"another file"))
    )
    spoiled = bytearray(signature_of(holder, bytes_of(quick_stage, order)))
    spoiled[-10] ^= 1
    assert "Подпись не сходится" in text_of(attach(client, order, bytes(spoiled)))
    no_file = client.post(
        f"/documents/{order.id}/do/attach_signature", data={"version": order.version, "claimed": "pdf"}
    )
    assert "Выберите файл подписи" in text_of(no_file)
    assert rows_of(quick_stage, AttachedSignature) == []


def test_only_the_office_attaches_and_nobody_involved(quick_stage, client_as, order, office):
    """R30: the applicant reads the signatures and attaches none."""
    made = signature_of(Authority().issue("Иванов Иван"), bytes_of(quick_stage, order))
    assert attach(client_as("sokolova"), order, made).status_code == 403
    assert attach(client_as("bondarenko"), order, made).status_code in (403, 404)
    assert "Приложить подпись" not in text_of(client_as("sokolova").get(f"/documents/{order.id}"))
    stale = attach(client_as("morozova"), order, made, order.version + 5)
    assert stale.status_code == 409
    assert rows_of(quick_stage, AttachedSignature) == []


def test_a_mistaken_signature_is_withdrawn_with_a_reason_and_stays(quick_stage, client_as, order, office):
    client = client_as("morozova")
    attach(client, order, signature_of(Authority().issue("Иванов Иван"), bytes_of(quick_stage, order)))
    row = rows_of(quick_stage, AttachedSignature)[0]
    path = f"/documents/{order.id}/signatures/{row.id}/withdraw"
    assert path in links_of(client.get(f"/documents/{order.id}"))
    version = order.version + 1
    short = client.post(path, data={"reason": "нет", "version": version})
    assert short.status_code == 422
    assert client.post(path, data={"reason": "Приложена подпись другого лица.", "version": version}).status_code == 303
    shown = client.get(f"/documents/{order.id}")
    assert "Приложена подпись другого лица." in text_of(shown)
    assert MARK not in text_of(shown)
    assert path not in links_of(shown)
    assert client.get(f"/documents/{order.id}/signatures/{row.id}.sig").status_code == 200
    again = client.post(path, data={"reason": "Приложена подпись другого лица.", "version": version + 1})
    assert "уже отозвана" in text_of(again)
    assert client.get(f"/documents/{order.id}/signatures/{row.id + 1}/withdraw").status_code == 404


def test_a_simple_signature_is_a_plain_line_and_never_the_frame(client_as, order, office):
    """R36: approved by the password typed again, the conclusion says so in a line."""
    shown = text_of(client_as("gradov").get(f"/documents/{order.id}"))
    assert "Подписано простой электронной подписью" in shown
    assert MARK not in shown


def test_a_deputy_seals_in_the_directors_stead(quick_stage, client_as, order, sealing):
    """R30."""
    assert seal(client_as("subbotina"), order).status_code == 303
    event = events(quick_stage, "seal")[0]
    assert (event.via, event.deputy_for) == ("deputy", quick_stage.people["gradov"])


def test_work_in_the_background_makes_the_pdf_once(quick_stage, order, office):
    made = effects.make_pdf(quick_stage.database, office, order.id)
    assert quick_stage.database.blobs.read(made.sha256) == MADE
    office.made = MADE + b" another"
    assert effects.make_pdf(quick_stage.database, office, order.id) == made
    assert office.asked == 1


def test_of_two_requests_at_once_the_first_pdf_stands(quick_stage, order, office):
    """Both converted, because neither held a lock; the second finds the row of the first."""
    database = quick_stage.database
    first, second = database.blobs.put_bytes(MADE), database.blobs.put_bytes(MADE + b" second")
    for blob in (first, second):
        with database.transaction(keep=True) as session:
            row = renditions.enter(session, session.get_one(Document, order.id), renditions.PDF, blob)
            assert row.sha256 == first.sha256
    assert [one.sha256 for one in rows_of(quick_stage, Rendition)] == [first.sha256]
