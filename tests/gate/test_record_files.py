"""Files of records behind the pages, on both databases: who has them, what `check` and `sweep` say, what is restored."""

import io
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from tests.gate.test_records import begin, me, perform, publication
from tests.gate.test_standings import actors
from tests.rows import findings
from workflow_app import clock, gate
from workflow_app.content_types.acquaintance import Acquaintance
from workflow_app.content_types.behaviors import FileKind, Files
from workflow_app.content_types.declaration import ContentType, EndRecord, Listing
from workflow_app.content_types.local_act import LocalAct
from workflow_app.content_types.publication import PUBLICATION, Publication
from workflow_app.db.models import RECORDS, CaseFile, Standing
from workflow_app.errors import Denied, Invalid, NotFound
from workflow_app.facts import standing_rows
from workflow_app.facts.attachments import belonging
from workflow_app.facts.subjects import facts_of
from workflow_app.operations import sweep
from workflow_app.states import policy
from workflow_app.states.definitions.file import Attach, RenameFile, WithdrawFile
from workflow_app.states.vocabulary import Permission, Who


def attach(stage, key, id_, kind, who="morozova", content=b"text"):
    """Attach a file to a record, past the page; return its number."""
    blob = stage.database.blobs.put(io.BytesIO(content), 1000)
    sheet = Attach(kind=kind, name="скан.pdf", media_type="application/pdf", size=blob.size, sha256=blob.sha256)
    with clock.at(stage.moment), stage.database.transaction(keep=True) as session:
        row = session.get_one(RECORDS[key], id_)
        file = CaseFile(
            municipality_id=row.municipality_id, attachment=kind, name=sheet.name, media_type=sheet.media_type, size=sheet.size,
            sha256=sheet.sha256, uploaded_at=clock.now(), **belonging(row),
        )  # fmt: skip
        return gate.begin(session, me(session, stage, who), file, sheet).id


def an_act(stage, *readers):
    """A local act whom these have to read: its number and those of the acquaintances."""
    act = LocalAct(title="Положение об экспертизе", act_kind="regulation", paper="12-од", on=date(2026, 9, 1))
    id_ = begin(stage, "local_act", act)
    return id_, [begin(stage, "acquaintance", Acquaintance(person_id=stage.people[one]), whole=id_) for one in readers]


def test_whoever_sees_a_record_or_a_part_sees_its_files_and_nobody_else(stage):
    """The policy on a file equals the policy on what it belongs to, for everybody there is."""
    act, (first, second) = an_act(stage, "sokolova", "bondarenko")
    mine = begin(stage, "publication", publication(stage.people["sokolova"]))
    places = [
        ("local_act", act, "text"),
        ("acquaintance", first, "signed"),
        ("acquaintance", second, "signed"),
        ("publication", mine, "text"),
    ]
    files = [(attach(stage, *one), one) for one in places]
    with clock.at(stage.moment), stage.database.transaction(keep=False) as session:
        seen = 0
        for actor, (file_id, (key, id_, _kind)) in product(actors(session, stage), files):
            owner, file = session.get_one(RECORDS[key], id_), session.get_one(CaseFile, file_id)
            told = gate.visible(session, actor, file)
            workflow, facts = owner.content.workflow, facts_of(owner, session)
            assert told == policy.may(workflow, actor, facts, Permission.SEE_MATERIALS), (actor, key)
            may = policy.may(workflow, actor, facts, Permission.ATTACH)
            assert bool(policy.offers(gate.workflow_of(file), actor, facts_of(file, session))) == may
            seen += told
        assert seen
        other = me(session, stage, "bondarenko")
        assert gate.read(session, other, CaseFile, files[0][0])
        with pytest.raises(NotFound):
            gate.read(session, other, CaseFile, files[1][0])
    assert findings(stage) == []


def test_only_whom_the_state_lets_attaches(stage):
    id_ = begin(stage, "publication", publication(stage.people["sokolova"]))
    attach(stage, "publication", id_, "text", who="sokolova")
    with pytest.raises(NotFound):  # nor learns that there is such a record
        attach(stage, "publication", id_, "text", who="bondarenko", content=b"other")
    perform(stage, "publication", id_, "end", EndRecord(reason="Больше не нужна"))
    with pytest.raises(Denied):
        attach(stage, "publication", id_, "text", content=b"third")


def test_of_a_kind_there_are_no_more_by_renaming_either(stage):
    id_, _readers = an_act(stage)
    for content in (b"1", b"2", b"3"):
        attach(stage, "local_act", id_, "scan", content=content)
    file = attach(stage, "local_act", id_, "text", content=b"4")
    with clock.at(stage.moment), stage.database.transaction(keep=True) as session:
        row = session.get_one(CaseFile, file)
        with pytest.raises(Invalid, match="больше файлов этого вида нельзя"):
            gate.perform(
                session,
                me(session, stage, "morozova"),
                row,
                "rename_file",
                RenameFile(name="скан", kind="scan", place=1),
                1,
            )
        assert row.attachment == "text"


def test_whose_file_it_is_stands_beside_the_rows_and_a_rebuild_finds_nothing(stage):
    id_ = begin(stage, "publication", publication(stage.people["sokolova"]))
    file = attach(stage, "publication", id_, "text", who="sokolova")
    with stage.database.transaction(keep=True) as session:
        found = session.execute(
            select(Standing.person_id, Standing.who).where(Standing.subject_kind == "file", Standing.subject_id == file)
        )
        assert list(found) == [(stage.people["sokolova"], Who.OWN.value)]
        assert list(standing_rows.differing(session)) == []


def test_a_file_has_one_owner_and_check_names_the_one_whose_record_is_gone(stage):
    id_ = begin(stage, "publication", publication())
    other = begin(stage, "publication", publication(title="Другая заметка"))
    file = attach(stage, "publication", id_, "text")
    assert findings(stage) == []
    mine = update(CaseFile).where(CaseFile.id == file)
    with pytest.raises(IntegrityError), stage.database.transaction(keep=True) as session:
        session.execute(mine.values(record_id=None, record_kind=None))
    with stage.database.transaction(keep=True) as session:
        session.execute(mine.values(record_id=other))
    assert any("запись, к которой приложен файл" in one for one in findings(stage)), "moved past the gate"
    with stage.database.transaction(keep=True) as session:
        session.execute(mine.values(record_kind="nothing"))
    with stage.database.transaction(keep=False) as session:
        from workflow_app.operations import integrity

        told = [str(one) for one in integrity._owners(session, stage.database.blobs)]
    assert told == [f"file {file}: Записи, к которой строка относится, нет: nothing {other}."]


def test_a_sweep_leaves_the_files_of_records_even_the_removed_ones(stage):
    id_ = begin(stage, "publication", publication())
    file = attach(stage, "publication", id_, "text")
    with clock.at(stage.moment), stage.database.transaction(keep=True) as session:
        row = session.get_one(CaseFile, file)
        sheet = WithdrawFile(reason="Приложен не туда")
        gate.perform(session, me(session, stage, "morozova"), row, "remove_file", sheet, row.version)
    orphan = stage.database.blobs.put(io.BytesIO(b"nobody's"), 1000)
    swept = sweep.sweep(stage.database, stage.database.blobs.root / "none", datetime.now(UTC) + timedelta(days=1))
    assert swept.orphans == 1
    assert not stage.database.blobs.exists(orphan.sha256)
    assert findings(stage) == []


def test_a_declaration_of_files_with_a_mistake_is_told():
    def faults(files):
        made = ContentType(
            key="made", titles=PUBLICATION.titles, about=PUBLICATION.about, sheet=Publication, title="title",
            workflow=PUBLICATION.workflow, listing=Listing(("title",)), behaviors=(files,),
        )  # fmt: skip
        return " ".join(made.faults())

    kind = FileKind("text", PUBLICATION.about)
    assert "files need kinds" in faults(Files(()))
    assert "files need kinds" in faults(Files((kind, kind)))
    assert "does not see the record" in faults(Files((kind,), frozenset({Who.REGIONAL})))
    assert faults(Files((kind,))) == ""
