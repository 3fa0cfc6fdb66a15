"""Documents of records behind the pages, on both databases: numbers, versions, who opens them, what `check` says."""

import io
from datetime import date

import docx
import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from tests.gate import template_files
from tests.gate.test_records import begin, me, perform
from tests.rows import findings, rows_of
from workflow_app import clock, config, gate
from workflow_app.content_types.behaviors import EachPaper, Issues, Paper
from workflow_app.content_types.declaration import ContentType, Listing, fault_of
from workflow_app.content_types.event import CentreEvent
from workflow_app.content_types.publication import PUBLICATION, Publication
from workflow_app.content_types.registration import Registration
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import Document, Event, Job, Membership, WordTemplate
from workflow_app.errors import NotFound, NotYet
from workflow_app.runtime import job_worker
from workflow_app.states.definitions.template import SwitchOnTemplate, UploadTemplate

EACH = CONTENT_TYPES["centre_event"].workflow.transition("each_issue_participation_certificate").asks
CERTIFY = CONTENT_TYPES["registration"].workflow.transition("issue_participation_certificate").asks
ATTEND = CONTENT_TYPES["registration"].workflow.transition("attend").asks


def an_event(stage, *who):
    """An event at which these were: its number and theirs."""
    event = CentreEvent(
        title="Портфолио без лишнего", form="seminar", level="municipal", on=date(2026, 8, 20), place="Школа № 4", capacity=40, hours=3
    )  # fmt: skip
    id_ = begin(stage, "centre_event", event)
    there = [
        begin(stage, "registration", Registration(name=f"Участник {one}", person_id=stage.people[one]), whole=id_)
        for one in who
    ]
    for one in there:
        perform(stage, "registration", one, "attend", ATTEND())
    return id_, there


def papers(stage):
    with stage.database.transaction(keep=False) as session:
        columns = (Document.record_kind, Document.record_id, Document.number, Document.edition, Document.state)
        return [tuple(row) for row in session.execute(select(*columns).order_by(Document.id))]


@pytest.fixture
def certify(stage, tmp_path):
    """Certificates for everybody who was there: ordered with one act, issued by the worker; how many items it ended."""

    def ordered(event):
        perform(stage, "centre_event", event, "each_issue_participation_certificate", EACH())
        with clock.at(stage.moment):
            return job_worker.work(stage.database, config.load(tmp_path / "settings", {}))

    return ordered


def test_each_who_was_there_gets_one_certificate_and_a_second_press_gives_nobody_another(stage, certify):
    event, (first, second) = an_event(stage, "sokolova", "bondarenko")
    assert certify(event) == 2
    wanted = [("registration", first, "1", 1, "issued"), ("registration", second, "2", 1, "issued")]
    assert papers(stage) == wanted
    with pytest.raises(NotYet):
        certify(event)
    assert papers(stage) == wanted
    with stage.database.transaction(keep=False) as session:
        job = session.scalars(select(Job)).one()
        assert (job.title, job.state, job.sha256 != "") == (
            "Справка об участии в мероприятии: Портфолио без лишнего", "done", True,
        )  # fmt: skip
        assert [one.label for one in job.items] == ["Участник sokolova", "Участник bondarenko"]
        acts = session.scalars(select(Event).where(Event.transition == "issue_participation_certificate"))
        assert {one.actor_id for one in acts} == {stage.people["morozova"]}
    assert findings(stage) == []


def test_a_job_asks_for_every_certificate_anew_who_may_and_who_has_one(stage, tmp_path):
    event, (first, second) = an_event(stage, "sokolova", "bondarenko")
    perform(stage, "centre_event", event, "each_issue_participation_certificate", EACH())
    perform(stage, "registration", second, "issue_participation_certificate", CERTIFY())
    with stage.database.transaction(keep=True) as session:
        session.execute(delete(Membership).where(Membership.person_id == stage.people["morozova"]))
    with clock.at(stage.moment):
        job_worker.work(stage.database, config.load(tmp_path / "settings", {}))
    assert [one[1:4] for one in papers(stage)] == [(second, "1", 1)], f"{first} is given by nobody who may"
    assert [one.failed for one in rows_of(stage, Job)] == [2]


def test_who_has_a_certificate_since_the_order_gets_no_second_one(stage, tmp_path):
    event, (first, second) = an_event(stage, "sokolova", "bondarenko")
    perform(stage, "centre_event", event, "each_issue_participation_certificate", EACH())
    perform(stage, "registration", second, "issue_participation_certificate", CERTIFY())
    with clock.at(stage.moment):
        job_worker.work(stage.database, config.load(tmp_path / "settings", {}))
    assert [one[1:4] for one in papers(stage)] == [(second, "1", 1), (first, "2", 1)]


def test_a_new_version_keeps_the_number_and_replaces_the_old_one(stage):
    _event, (first,) = an_event(stage, "sokolova")
    for _ in range(3):
        perform(stage, "registration", first, "issue_participation_certificate", CERTIFY())
    assert papers(stage) == [
        ("registration", first, "1", n, state) for n, state in ((1, "replaced"), (2, "replaced"), (3, "issued"))
    ]
    with stage.database.transaction(keep=False) as session:
        acts = session.scalars(select(Event.transition).where(Event.subject_kind == "document").order_by(Event.id))
        assert list(acts) == ["replace", "replace"]
    assert findings(stage) == []


def test_a_certificate_is_made_by_the_template_that_the_centre_has_switched_on(stage):
    _event, (first,) = an_event(stage, "sokolova")
    lines = ("БЛАНК ЦЕНТРА", "{{ participant }}: {{ event }}, {{ hours }}", "{{ number_sign }} {{ signature_person }}")
    blob = stage.database.blobs.put_bytes(template_files.paper(*lines))
    with clock.at(stage.moment), stage.database.transaction(keep=True) as session:
        told = {"document_kind": "participation_certificate", "size": blob.size, "sha256": blob.sha256, "note": ""}
        row = WordTemplate(
            municipality_id=stage.municipality_id, edition=1, file_name="бланк.docx", uploaded_at=clock.now(), **told
        )  # fmt: skip
        gate.begin(session, me(session, stage, "morozova"), row, UploadTemplate(name="бланк.docx", **told))
        gate.perform(session, me(session, stage, "gradov"), row, "switch_on", SwitchOnTemplate(), row.version)
    perform(stage, "registration", first, "issue_participation_certificate", CERTIFY())
    with stage.database.transaction(keep=False) as session:
        paper = session.scalars(select(Document)).one()
        made = docx.Document(io.BytesIO(stage.database.blobs.read(paper.sha256)))
        said = [one.text.replace("\xa0", " ") for one in made.paragraphs]
        assert paper.template_id is not None
    assert said[:2] == ["БЛАНК ЦЕНТРА", "Участник sokolova: семинар «Портфолио без лишнего», 3 (три) часа"]
    assert said[2].startswith("№ 1 ")
    assert findings(stage) == []


def test_a_participant_opens_their_own_certificate_and_nobody_elses(stage, certify):
    event, _there = an_event(stage, "sokolova", "bondarenko")
    certify(event)
    with clock.at(stage.moment), stage.database.transaction(keep=False) as session:
        mine, theirs = session.scalars(select(Document.id).order_by(Document.id)).all()
        person = me(session, stage, "sokolova")
        assert gate.read(session, person, Document, mine)
        with pytest.raises(NotFound):
            gate.read(session, person, Document, theirs)
        assert gate.read(session, me(session, stage, "gradov"), Document, theirs)


def test_a_document_has_one_owner_and_check_names_what_was_moved_past_the_gate(stage):
    _event, (first, second) = an_event(stage, "sokolova", "bondarenko")
    perform(stage, "registration", first, "issue_participation_certificate", CERTIFY())
    with pytest.raises(IntegrityError), stage.database.transaction(keep=True) as session:
        session.execute(update(Document).values(record_id=None))
    with stage.database.transaction(keep=True) as session:
        session.execute(update(Document).values(record_id=second))
    assert any(one.startswith("document 1") for one in findings(stage))


def test_a_declaration_of_documents_with_a_mistake_is_told():
    def faults(issues):
        made = ContentType(
            key="made", titles=PUBLICATION.titles, about=PUBLICATION.about, sheet=Publication, title="title",
            workflow=PUBLICATION.workflow, listing=Listing(("title",)), behaviors=(issues,),
        )  # fmt: skip
        return fault_of((made,))

    known = Paper("registration_sheet", PUBLICATION.about)
    assert "no document of a record" in faults(Issues((Paper("order", PUBLICATION.about),)))
    assert "unknown state 'held'" in faults(Issues((Paper("registration_sheet", PUBLICATION.about, ("held",)),)))
    assert "do not issue 'registration_sheet' themselves" in faults(Issues((), (EachPaper("nothing", known),)))
    assert faults(Issues((known,))) == ""
