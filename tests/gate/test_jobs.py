"""Long work in the background: item by item, seen, stopped, begun again after a crash, and what it ends with."""

import io
import zipfile
from dataclasses import replace

import pytest
from sqlalchemy import delete, select, update

from tests.play import at
from tests.rows import row_of, rows_of
from workflow_app import clock
from workflow_app.conversion import libreoffice
from workflow_app.db import leases
from workflow_app.db.models import AccessLog, Case, Document, Job, JobItem, Lease, Membership, Person
from workflow_app.errors import WorkflowError
from workflow_app.features.bulk import jobs as acts
from workflow_app.features.documents import jobs as kinds
from workflow_app.features.people.effects import end_sessions
from workflow_app.operations import job_queue
from workflow_app.runtime import job_worker, timers


def ordered(stage, name, items, key="morozova", **args):
    with stage.database.transaction(keep=True) as session:
        owner = session.get_one(Person, stage.people[key])
        return job_queue.enqueue(session, owner, stage.municipality_id, name, "Проба", items, args).id


def approval(versions):
    """What a job keeps that approves cases under the password typed just now."""
    return {
        "kind": "case",
        "act": "approve",
        "asks": "Approve",
        "typed": {},
        "versions": versions,
        "signed_at": clock.now().isoformat(),
    }


def told(stage, job_id):
    with stage.database.transaction(keep=False) as session:
        job = session.get_one(Job, job_id)
        return job.state, job.done, job.failed, [(one.state, one.said) for one in job.items]


def papers_of(stage):
    with stage.database.transaction(keep=False) as session:
        rows = session.execute(select(Document.id, Document.file_name, Document.sha256).order_by(Document.id)).all()
        return [tuple(one) for one in rows]


def archive_of(stage, job_id):
    with stage.database.transaction(keep=False) as session:
        job = session.get_one(Job, job_id)
        return zipfile.ZipFile(io.BytesIO(stage.database.blobs.read(job.sha256)))


def test_an_archive_holds_the_very_papers_and_a_list_of_what_came_of_each(stage, settings):
    at(stage, "approved")
    papers = papers_of(stage)
    job = ordered(stage, "archive", [(id_, name) for id_, name, _ in papers])
    assert job_worker.work(stage.database, settings) == len(papers)
    assert told(stage, job) == ("done", len(papers), 0, [("done", "DOCX")] * len(papers))
    archive = archive_of(stage, job)
    names = archive.namelist()
    assert names[-1] == "Опись.xlsx" and len(names) == len(papers) + 1
    for name, (_, file_name, sha256) in zip(names, papers, strict=False):
        assert name.endswith(file_name)
        assert archive.read(name) == stage.database.blobs.read(sha256)
    with stage.database.transaction(keep=False) as session:
        read = session.scalars(select(AccessLog.subject_id).where(AccessLog.detail == f"job {job}")).all()
        assert sorted(read) == [id_ for id_, _, _ in papers]


def test_what_may_not_be_read_is_said_at_its_line_and_hinders_no_other(stage, settings):
    at(stage, "approved")
    first, *_ = papers_of(stage)
    job = ordered(stage, "archive", [(999_999, "чужое"), (first[0], first[1])])
    job_worker.work(stage.database, settings)
    state, done, failed, items = told(stage, job)
    assert (state, done, failed) == ("done", 2, 1)
    assert [one for one, _ in items] == ["failed", "done"]
    assert len(archive_of(stage, job).namelist()) == 2


def test_a_persons_rights_are_asked_at_the_items_turn(stage, settings):
    """Whoever lost the role in between gets nothing."""
    at(stage, "approved")
    papers = papers_of(stage)
    job = ordered(stage, "archive", [(id_, name) for id_, name, _ in papers])
    with stage.database.transaction(keep=True) as session:
        session.execute(delete(Membership).where(Membership.person_id == stage.people["morozova"]))
    job_worker.work(stage.database, settings)
    assert told(stage, job)[2] == len(papers)
    assert row_of(stage, Job, job).sha256 == ""


def test_many_cases_are_approved_under_one_signature_each_on_its_own(stage, settings):
    roads = [at(stage, "on_approval", kind) for kind in ("methodical_material", "innovation_product")]
    versions = {str(one.case_id): row_of(stage, Case, one.case_id).version for one in roads}
    versions[str(roads[1].case_id)] -= 1  # somebody changed it after the director looked
    with clock.at(stage.moment):
        args = approval(versions)
        job = ordered(stage, "bulk", [(one.case_id, "дело") for one in roads], key="gradov", **args)
        job_worker.work(stage.database, settings)
    state, done, failed, items = told(stage, job)
    assert (state, done, failed) == ("done", 2, 1)
    assert "№" in items[0][1] and items[1][0] == "failed"
    assert [row_of(stage, Case, one.case_id).state for one in roads] == ["approved", "on_approval"]
    assert {name[5:].split(" ")[0] for name in archive_of(stage, job).namelist()[:-1]} == {"Сводное", "Приказ"}


def test_a_signature_typed_too_long_ago_signs_nothing(stage, settings):
    road = at(stage, "on_approval")
    version = row_of(stage, Case, road.case_id).version
    with clock.at(stage.moment):
        long_ago = (clock.now() - 2 * acts.SIGNED_FOR).isoformat()
        args = approval({str(road.case_id): version}) | {"signed_at": long_ago}
        job = ordered(stage, "bulk", [(road.case_id, "дело")], key="gradov", **args)
        job_worker.work(stage.database, settings)
    assert told(stage, job)[2] == 1
    assert road.state() == "on_approval"


def test_a_closed_account_signs_nothing_more(stage, settings):
    road = at(stage, "on_approval")
    version = row_of(stage, Case, road.case_id).version
    with clock.at(stage.moment):
        args = approval({str(road.case_id): version})
        job = ordered(stage, "bulk", [(road.case_id, "дело")], key="gradov", **args)
        with stage.database.transaction(keep=True) as session:
            session.get_one(Person, stage.people["gradov"]).state = "blocked"
        job_worker.work(stage.database, settings)
    assert told(stage, job)[2] == 1
    assert road.state() == "on_approval"


def test_a_changed_password_stops_the_work_that_goes_on_in_ones_name(stage, settings):
    at(stage, "approved")
    (id_, name, _), *_rest = papers_of(stage)
    job = ordered(stage, "archive", [(id_, name)])
    with stage.database.transaction(keep=True) as session:
        end_sessions(session, session.get_one(Person, stage.people["morozova"]))
    assert told(stage, job)[0] == "stopped"


def test_an_item_that_breaks_in_an_unforeseen_way_stops_nothing(stage, settings, monkeypatch):
    at(stage, "approved")
    papers = papers_of(stage)
    plain = kinds.KINDS["archive"]

    def broken(session, job, id_):
        if id_ == papers[0][0]:
            raise ValueError("nobody thought of it")
        return plain.do(session, job, id_)

    monkeypatch.setitem(kinds.KINDS, "archive", replace(plain, do=broken))
    job = ordered(stage, "archive", [(id_, name) for id_, name, _ in papers])
    behind = ordered(stage, "archive", [(papers[1][0], papers[1][1])])
    job_worker.work(stage.database, settings)
    assert told(stage, job)[:3] == ("done", len(papers), 1)
    assert told(stage, behind)[0] == "done"


def test_a_kind_that_is_gone_fails_and_lets_the_others_by(stage, settings):
    at(stage, "approved")
    (id_, name, _), *_rest = papers_of(stage)
    gone, behind = ordered(stage, "of_old", [(id_, name)]), ordered(stage, "archive", [(id_, name)])
    job_worker.work(stage.database, settings)
    assert told(stage, gone)[0] == "failed"
    assert told(stage, behind)[0] == "done"


def test_a_signature_does_not_wait_behind_archives(stage, settings, monkeypatch):
    """Nor behind the rest of one that is packed right now: that goes on afterwards."""
    road = at(stage, "approved")
    papers = papers_of(stage)
    packed = ordered(stage, "archive", [(id_, name) for id_, name, _ in papers])
    plain, turns = job_worker._item, []

    def ordered_meanwhile(database, settings, kind, job_id, seq):
        turns.append(job_id)
        plain(database, settings, kind, job_id, seq)
        if len(turns) == 1:
            ordered(stage, "bulk", [(road.case_id, "дело")], key="gradov", **approval({str(road.case_id): 1}))

    monkeypatch.setattr(job_worker, "_item", ordered_meanwhile)
    assert job_worker.work(stage.database, settings) == len(papers) + 1
    assert [one == packed for one in turns] == [True, False] + [True] * (len(papers) - 1)
    assert told(stage, packed)[:3] == ("done", len(papers), 0)


def test_one_person_has_only_so_many_jobs_open(stage):
    at(stage, "approved")
    (id_, name, _), *_rest = papers_of(stage)
    for _ in range(job_queue.OPEN_MOST):
        ordered(stage, "archive", [(id_, name)])
    with pytest.raises(WorkflowError, match="незаконченных заданий"):
        ordered(stage, "archive", [(id_, name)])


def test_an_archive_without_a_pdf_has_the_document_itself(stage, settings, monkeypatch):
    """The converter may be absent: the DOCX is valid without it."""
    at(stage, "approved")
    (id_, name, _), *_rest = papers_of(stage)

    def absent(*_arguments):
        raise libreoffice.Absent

    monkeypatch.setattr(kinds.effects, "make_pdf", absent)
    job = ordered(stage, "archive", [(id_, name)], pdf=True)
    job_worker.work(stage.database, settings)
    state, _, failed, items = told(stage, job)
    assert (state, failed, items) == ("done", 0, [("done", "DOCX; PDF сделать не удалось")])
    assert len(archive_of(stage, job).namelist()) == 2


def test_a_stopped_job_keeps_what_it_did_and_does_no_more(stage, settings, monkeypatch):
    at(stage, "approved")
    papers = papers_of(stage)
    job = ordered(stage, "archive", [(id_, name) for id_, name, _ in papers])
    plain = job_worker._item

    def stop_after_the_first(database, settings, kind, job_id, seq):
        plain(database, settings, kind, job_id, seq)
        with database.transaction(keep=True) as session:
            assert job_queue.stop(session, session.get_one(Job, job_id))

    monkeypatch.setattr(job_worker, "_item", stop_after_the_first)
    assert job_worker.work(stage.database, settings) == 1
    state, done, _, items = told(stage, job)
    assert (state, done) == ("stopped", 1)
    assert [one for one, _ in items].count("waiting") == len(papers) - 1
    assert job_worker.work(stage.database, settings) == 0


def test_after_a_crash_the_job_goes_on_where_it_was(stage, settings, monkeypatch):
    at(stage, "approved")
    papers = papers_of(stage)
    job = ordered(stage, "archive", [(id_, name) for id_, name, _ in papers])
    plain = job_worker._item

    def die_at_the_second(database, settings, kind, job_id, seq):
        if seq == 2:
            raise KeyboardInterrupt
        plain(database, settings, kind, job_id, seq)

    monkeypatch.setattr(job_worker, "_item", die_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        job_worker.work(stage.database, settings)
    assert told(stage, job)[:2] == ("running", 1)
    monkeypatch.setattr(job_worker, "_item", plain)
    assert job_worker.work(stage.database, settings) == len(papers) - 1
    assert told(stage, job)[:3] == ("done", len(papers), 0)


def test_one_worker_at_a_time(stage, settings):
    at(stage, "approved")
    (id_, name, _), *_rest = papers_of(stage)
    job = ordered(stage, "archive", [(id_, name)])
    with leases.held(stage.database, job_worker.LEASE) as hold:
        assert hold is not None
        assert job_worker.work(stage.database, settings) is None
    assert job_worker.work(stage.database, settings) == 1
    assert told(stage, job)[0] == "done"


def test_who_lost_the_lease_leaves_the_work_to_others(stage, settings, monkeypatch):
    """It ran out in a long item, and another worker took it."""
    at(stage, "approved")
    papers = papers_of(stage)
    job = ordered(stage, "archive", [(id_, name) for id_, name, _ in papers])
    plain = job_worker._item

    def lose_it(database, settings, kind, job_id, seq):
        plain(database, settings, kind, job_id, seq)
        with database.transaction(keep=True) as session:
            session.execute(update(Lease).where(Lease.name == job_worker.LEASE).values(holder="another"))

    monkeypatch.setattr(job_worker, "_item", lose_it)
    assert job_worker.work(stage.database, settings) == 1
    assert told(stage, job)[:2] == ("running", 1)


def test_nothing_and_too_much_are_refused_before_anything_is_written(stage):
    for items in ([], [(1, "x")] * (job_queue.MOST + 1)):
        with pytest.raises(WorkflowError):
            ordered(stage, "archive", items)
    assert rows_of(stage, JobItem) == []


def test_the_tick_forgets_old_jobs_by_itself(stage, settings):
    """Nobody has to run a sweep: an archive is a copy of personal files."""
    at(stage, "approved")
    (id_, name, _), *_rest = papers_of(stage)
    old = ordered(stage, "archive", [(id_, name)])
    job_worker.work(stage.database, settings)
    with stage.database.transaction(keep=True) as session:
        session.get_one(Job, old).ended_at -= 2 * job_queue.KEPT
    timers.tick(stage.database)
    with stage.database.transaction(keep=False) as session:
        assert session.get(Job, old) is None


def test_old_jobs_are_forgotten_and_young_ones_are_not(stage, settings):
    at(stage, "approved")
    (id_, name, _), *_rest = papers_of(stage)
    old, young = ordered(stage, "archive", [(id_, name)]), ordered(stage, "archive", [(id_, name)])
    job_worker.work(stage.database, settings)
    with stage.database.transaction(keep=True) as session:
        row = session.get_one(Job, old)
        row.ended_at -= 2 * job_queue.KEPT
        row.sha256 = stage.database.blobs.put_bytes(b"an archive of its own").sha256
        archive = row.sha256
    assert job_queue.forget_old(stage.database) == 1
    assert not stage.database.blobs.exists(archive)
    with stage.database.transaction(keep=False) as session:
        assert session.scalars(select(Job.id)).all() == [young]
