"""Documents of records through the pages: issued, numbered, read by whom they are for, checked by anybody, issued anew."""

import io
import re

import docx
import pytest
from sqlalchemy import select, update

from tests.play import PASSWORD
from tests.rows import findings, rows_of
from tests.web.pages import links_of, text_of
from tests.web.test_records import begun, do, path, typed
from workflow_app import config
from workflow_app.content_types.behaviors import Issues
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import Document, Event
from workflow_app.facts import consent_texts
from workflow_app.runtime import job_worker

EVENT, PART = CONTENT_TYPES["centre_event"], CONTENT_TYPES["registration"]
WHOLE = [CONTENT_TYPES[one] for one in ("centre_event", "local_act")]  # whose papers need nothing that is begun later


def papers(stage):
    return rows_of(stage, Document, Document.record_kind.is_not(None))


def words_of(client, document):
    answer = client.get(f"/documents/{document.id}.docx")
    assert answer.status_code == 200
    made = docx.Document(io.BytesIO(answer.get_data()))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in made.paragraphs), *cells]).replace("\u00a0", " ")


def an_event(client, stage, *names):
    """An event with people who were there: its card."""
    card = begun(client, stage, EVENT, capacity="40", hours="3", responsible_id=str(stage.people["zorina"]))
    number = card.rsplit("/", 1)[1]
    for at, (name, person) in enumerate(names, 1):
        sent = {"name": name, "person_id": person, "position": "учитель"}
        assert client.post(f"{path(PART)}/new/{number}", data=sent).status_code == 303
        assert do(client, f"{path(PART)}/{at}", PART, "attend").status_code == 303
    return card


@pytest.mark.parametrize("kind", WHOLE, ids=lambda one: one.key)
def test_a_record_issues_each_of_its_documents_numbered_and_anew(client_as, quick_stage, kind):
    client = client_as("morozova")
    card = begun(client, quick_stage, kind)
    for one in kind.behavior(Issues).papers:
        for edition in (1, 2):
            assert do(client, card, kind, f"issue_{one.document}").status_code == 303
            assert papers(quick_stage)[-1].edition == edition
        old, new = papers(quick_stage)[-2:]
        assert (old.state, new.state, old.number, new.replaces_id) == ("replaced", "issued", new.number, old.id)
        page = client.get(card)
        assert {f"/documents/{old.id}", f"/documents/{new.id}"} <= set(links_of(page))
        assert typed(quick_stage, kind)[kind.title] in words_of(client, new)
        shown = client.get(f"/documents/{new.id}")
        assert typed(quick_stage, kind)[kind.title] in text_of(shown)
        assert card in links_of(shown), "the way back to the record"
        assert new.number in text_of(client.get(f"/registers/{new.register}"))
        assert client.get(f"/registers/{new.register}/export.docx").status_code == 200
        assert client.get(f"/registers/{new.register}?q={new.number}").status_code == 200
    assert findings(quick_stage) == []


@pytest.fixture
def certify(quick_stage, tmp_path):
    """Certificates for everybody: ordered with one press, which leads to the job; the worker issues them. The page of the job."""

    def ordered(client, card):
        answer = do(client, card, EVENT, "each_issue_participation_certificate")
        assert answer.status_code == 303
        assert "Сделано 0 из" in text_of(client.get(answer.location))
        job_worker.work(quick_stage.database, config.load(tmp_path / "settings", {}))
        return answer.location

    return ordered


def test_everybody_who_was_there_gets_a_certificate_once_and_reads_only_their_own(client_as, quick_stage, certify):
    client = client_as("morozova")
    mine, theirs = quick_stage.people["sokolova"], quick_stage.people["bondarenko"]
    card = an_event(
        client, quick_stage, ("Соколова Ольга Викторовна", str(mine)), ("Бондаренко Ирина Львовна", str(theirs))
    )
    number = card.rsplit("/", 1)[1]
    client.post(f"{path(PART)}/new/{number}", data={"name": "Ветрова Анна Ильинична"})
    job = certify(client, card)
    assert "Сделано 2 из 2" in text_of(client.get(job))
    assert client.get(f"{job}/result.zip").status_code == 200
    found = papers(quick_stage)
    assert [(one.record_kind, one.record_id, one.number) for one in found] == [
        ("registration", 1, "1"),
        ("registration", 2, "2"),
    ]
    assert "3 (три) часа" in words_of(client, found[0])
    assert "Ветрова" not in words_of(client, found[1])
    reader, other = client_as("sokolova"), client_as("chernykh")
    assert "Соколова Ольга Викторовна" in words_of(reader, found[0])
    assert reader.get(f"/documents/{found[1].id}").status_code == 404
    assert other.get(f"/documents/{found[0].id}").status_code == 404
    assert f"/documents/{found[0].id}" in links_of(reader.get(card))
    assert f"/documents/{found[1].id}" not in links_of(reader.get(card))
    again = client.get(f"{card}/do/each_issue_participation_certificate")
    version = re.search(r'name="version" value="([\d.a-f]+)"', again.get_data(as_text=True))[1]
    refused = client.post(f"{card}/do/each_issue_participation_certificate", data={"version": version})
    assert refused.status_code == 409
    assert "Выдавать некому" in text_of(refused)
    assert len(papers(quick_stage)) == 2
    with quick_stage.database.transaction(keep=False) as session:
        event = session.scalars(select(Event).where(Event.transition == "issue_participation_certificate")).first()
        assert (event.root_kind, event.subject_kind) == ("centre_event", "registration")
    assert findings(quick_stage) == []


def test_anybody_checks_a_certificate_and_learns_no_name(client_as, app, quick_stage, certify):
    client = client_as("morozova")
    card = an_event(client, quick_stage, ("Соколова Ольга Викторовна", ""))
    certify(client, card)
    (paper,) = papers(quick_stage)
    told = text_of(app.test_client().get(f"/check/{paper.code}"))
    assert "Документ действует" in told
    assert "Справка об участии в мероприятии" in told
    assert "Соколова" not in told
    data = client.get(f"/documents/{paper.id}.docx").get_data()
    sent = {"file": (io.BytesIO(data), "справка.docx")}
    by_file = app.test_client().post("/check", data=sent, content_type="multipart/form-data")
    assert "Файл – тот самый, что выдан" in text_of(by_file)


def test_a_sheet_of_acquaintance_says_who_read_the_act_and_how(client_as, quick_stage):
    client, kind, part = client_as("morozova"), CONTENT_TYPES["local_act"], CONTENT_TYPES["acquaintance"]
    card = begun(client, quick_stage, kind)
    number = card.rsplit("/", 1)[1]
    for key in ("sokolova", "bondarenko", "zorina"):
        client.post(f"{path(part)}/new/{number}", data={"person_id": str(quick_stage.people[key])})
    reader = client_as("sokolova")
    assert card in links_of(reader.get(f"{path(part)}/1/do/acquaint")), "what is signed lies beside the signature"
    refused = do(reader, f"{path(part)}/1", part, "acquaint", password=PASSWORD)
    assert "соглашение о простой подписи должно быть принято" in text_of(refused)
    assert (
        reader.post(
            "/consents/simple_signature", data={"version": consent_texts.version_of("simple_signature_agreement")}
        ).status_code
        == 303
    )
    assert do(reader, f"{path(part)}/1", part, "acquaint", password=PASSWORD).status_code == 303
    assert do(client, f"{path(part)}/2", part, "acquaint_on_paper", on="2026-11-21").status_code == 303
    assert do(client, card, kind, "issue_acquaintance_sheet").status_code == 303
    words = words_of(client, papers(quick_stage)[0])
    assert "простой электронной подписью" in words
    assert "21.11.2026\nна бумаге" in words
    assert words.count("\n\n") >= 1, "room for the signature of who has not read it"
    reader, paper = client_as("sokolova"), papers(quick_stage)[0]
    assert reader.get(card).status_code == 200
    assert reader.get(f"/documents/{paper.id}").status_code == 404, "it names the others"
    assert f"/documents/{paper.id}" not in links_of(reader.get(card))


def test_a_document_of_a_record_that_differs_from_the_journal_is_refused_and_found(client_as, quick_stage):
    client = client_as("morozova")
    card = begun(client, quick_stage, EVENT)
    do(client, card, EVENT, "issue_registration_sheet")
    (paper,) = papers(quick_stage)
    assert client.get(f"/documents/{paper.id}").status_code == 200
    with quick_stage.database.transaction(keep=True) as session:
        session.execute(update(Document).where(Document.id == paper.id).values(number="77"))
    assert client.get(f"/documents/{paper.id}").status_code >= 400
    assert any(one.startswith(f"document {paper.id}") for one in findings(quick_stage))


def test_who_does_not_keep_records_issues_nothing(client_as, quick_stage):
    client = client_as("morozova")
    card = an_event(client, quick_stage, ("Соколова Ольга Викторовна", str(quick_stage.people["sokolova"])))
    person = client_as("sokolova")
    for name in ("issue_registration_sheet", "each_issue_participation_certificate"):
        assert person.get(f"{card}/do/{name}").status_code == 403
        assert person.post(f"{card}/do/{name}", data={"version": "1"}).status_code == 403
    certificate = f"{path(PART)}/1/do/issue_participation_certificate"
    assert person.get(certificate).status_code == 403, "they were there, and still the centre gives it"
    assert person.post(certificate, data={"version": "2"}).status_code == 403
    assert papers(quick_stage) == []
