"""ADR 18: the heads of all chains leave the house, and what was kept outside finds a cut tail, a removed case, a recomputed chain."""

import json
import re
import stat
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.gate.tampering import drop_triggers, findings, run, scalar
from tests.play import at
from workflow_app import clock, gate
from workflow_app.config import Config
from workflow_app.db import checkpoints, hash_chain, merkle_tree, signed_note, triggers
from workflow_app.db.models import AccessLog, Checkpoint, Event, LogLeaf, Municipality, Outbox
from workflow_app.db.session import open_database
from workflow_app.errors import WorkflowError
from workflow_app.operations import backup, journal_check, journal_export
from workflow_app.runtime import publish_checkpoint
from workflow_app.states.definitions.centre import Switches
from workflow_app.states.vocabulary import Actor, Role, Via


@pytest.fixture
def settings(tmp_path) -> Config:
    folder = tmp_path / "instance"
    folder.mkdir()
    return Config(folder)


@pytest.fixture
def road(stage):
    return at(stage, "registered")


def read(stage, what: str = "login") -> None:
    """A line of the log of reads."""
    with stage.database.transaction(keep=True) as session:
        session.add(
            AccessLog(at=clock.now(), what=what, municipality_id=stage.municipality_id, person_id=1, ip="10.0.0.1")
        )


def point(stage, settings) -> signed_note.Note:
    with clock.at(stage.moment):
        row = publish_checkpoint.checkpoint(stage.database, settings)
    assert row is not None
    return signed_note.read(publish_checkpoint.place(settings.folder, row).read_text(encoding="utf-8"))


def exported(stage) -> list[str]:
    with stage.database.snapshot() as session:
        return list(journal_export.lines(session))


def faults(stage, *known: signed_note.Note) -> list[str]:
    return [f"{row}: {words}" for row, words in journal_check.check(exported(stage), known).faults]


def recompute(stage, root_kind: str, root_id: int) -> None:
    """Make a chain whole again after a change in it, as somebody who knows how it is computed would."""
    with stage.database.transaction(keep=True) as session:
        previous = hash_chain.GENESIS
        mine = (Event.root_kind == root_kind, Event.root_id == root_id)
        for event in session.scalars(select(Event).where(*mine).order_by(Event.seq)):
            event.previous, event.digest = previous, "0"
            event.digest = previous = hash_chain.digest_of(event)


def test_an_untouched_journal_is_the_one_the_checkpoint_saw(stage, road, settings):
    read(stage)
    first = point(stage, settings)
    assert faults(stage, first) == []
    road.start()
    read(stage)
    second = point(stage, settings)
    assert second.size > first.size
    assert faults(stage, first, second) == []
    assert findings(stage) == []


def test_only_what_has_grown_gets_a_leaf(stage, road, settings):
    first = point(stage, settings)
    with clock.at(stage.moment):
        assert publish_checkpoint.checkpoint(stage.database, settings) is None
    road.start()
    second = point(stage, settings)
    assert (second.number, second.size) == (2, first.size + 1)
    with stage.database.snapshot() as session:
        leaf = session.get_one(LogLeaf, first.size)
        told = (leaf.root_kind, leaf.root_id, leaf.length, leaf.checkpoint_id)
    length = scalar(stage, "SELECT max(seq) FROM event WHERE root_kind = 'case' AND root_id = :id", id=road.case_id)
    assert told == ("case", road.case_id, length, 2)


def test_a_leaf_says_root_length_and_head():
    assert checkpoints.Head("case", 5, 12, "ab").data == b"case 5|12|ab"


def test_a_cut_tail_is_found(stage, road, settings):
    known = point(stage, settings)
    drop_triggers(stage)
    last = scalar(stage, "SELECT id FROM event WHERE transition = 'register'")
    run(stage, "DELETE FROM event_payload WHERE event_id = :id", id=last)
    run(stage, "DELETE FROM event WHERE id = :id", id=last)
    (found,) = faults(stage, known)
    assert found.startswith(f"case {road.case_id}: Хвост обрезан")
    assert any(one.startswith(f"checkpoint case {road.case_id}: ") for one in findings(stage))


def remove(stage, road) -> None:
    drop_triggers(stage)
    mine = f"root_kind = 'case' AND root_id = {road.case_id}"
    run(stage, f"DELETE FROM event_payload WHERE event_id IN (SELECT id FROM event WHERE {mine})")
    run(stage, f"DELETE FROM event WHERE {mine}")


def test_a_removed_case_is_found(stage, road, settings):
    known = point(stage, settings)
    remove(stage, road)
    run(stage, "UPDATE counter SET last = last - 1 WHERE register = 'roots'")  # the count inside no longer misses it
    (found,) = faults(stage, known)
    assert found.startswith(f"case {road.case_id}: Цепочка удалена")


def test_a_removed_case_is_found_even_when_its_leaves_are_removed_too(stage, road, settings):
    known = point(stage, settings)
    remove(stage, road)
    place = scalar(stage, "SELECT id FROM log_leaf WHERE root_kind = 'case'")
    run(stage, "DELETE FROM log_leaf WHERE id = :id", id=place)
    (found,) = faults(stage, known)
    assert "Журнал контрольных точек обрезан" in found


def test_a_recomputed_chain_is_found(stage, road, settings):
    known = point(stage, settings)
    drop_triggers(stage)
    run(
        stage, "UPDATE event SET ip = '1.2.3.4' WHERE root_kind = 'case' AND root_id = :id AND seq = 2", id=road.case_id
    )
    recompute(stage, "case", road.case_id)
    with stage.database.transaction(keep=True) as session:
        triggers.install(session.connection())
    (found,) = faults(stage, known)
    assert found.startswith(f"case {road.case_id}: Цепочка пересчитана")
    assert [one.split(":")[0] for one in findings(stage)] == [f"checkpoint case {road.case_id}"]


def test_a_rewritten_log_is_found_and_is_not_signed_on(stage, road, settings):
    known = point(stage, settings)
    drop_triggers(stage)
    run(
        stage, "UPDATE event SET ip = '1.2.3.4' WHERE root_kind = 'case' AND root_id = :id AND seq = 2", id=road.case_id
    )
    recompute(stage, "case", road.case_id)
    with stage.database.transaction(keep=True) as session:
        leaf = session.scalars(select(LogLeaf).where(LogLeaf.root_kind == "case")).one()
        mine = (Event.root_kind == "case", Event.root_id == road.case_id, Event.seq == leaf.length)
        leaf.head = session.scalars(select(Event.digest).where(*mine)).one()
    (found,) = faults(stage, known)
    assert "переписан" in found
    assert any(one.startswith("checkpoint 1: Журнал контрольных точек переписан") for one in findings(stage))
    with clock.at(stage.moment), pytest.raises(WorkflowError, match="переписан"):
        publish_checkpoint.checkpoint(stage.database, settings)


def test_a_log_that_was_made_anew_with_another_key_does_not_fit_the_copy_outside(stage, road, settings, tmp_path):
    known = point(stage, settings)
    remove(stage, road)
    for table in ("log_leaf", "checkpoint"):
        run(stage, f"DELETE FROM {table}")
    other = Config(tmp_path / "other")
    other.folder.mkdir()
    forged = point(stage, other)
    assert forged.number == known.number
    assert faults(stage, known)


@pytest.mark.parametrize(
    "statement", ["UPDATE access_log SET ip = '9.9.9.9' WHERE id = :id", "DELETE FROM access_log WHERE id = :id"]
)
def test_the_log_of_reads_is_under_the_checkpoint(stage, settings, statement):
    for _ in range(3):
        read(stage)
    known = point(stage, settings)
    read(stage)
    assert faults(stage, known) == []
    assert findings(stage) == []
    drop_triggers(stage)
    run(stage, statement, id=scalar(stage, "SELECT min(id) FROM access_log"))
    assert [one for one in faults(stage, known) if one.startswith("access_log: ")]
    assert [one for one in findings(stage) if one.startswith("checkpoint access_log: ")]


@pytest.mark.parametrize("table", ["checkpoint", "log_leaf"])
def test_the_log_of_heads_is_append_only(stage, road, settings, table):
    point(stage, settings)
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id + 1000"):
        with pytest.raises(DBAPIError, match=triggers.REFUSED):
            run(stage, statement)


def test_a_checkpoint_goes_to_the_director_and_to_the_outside_address(stage, road, settings):
    with stage.database.transaction(keep=True) as session, clock.at(stage.moment):
        centre = session.get_one(Municipality, stage.municipality_id)
        by = Actor(None, centre.id, frozenset({Role.ADMIN}), Via.COMMAND)
        gate.perform(session, by, centre, "set_switches", Switches(witness="uchreditel@example.org"), centre.version)
    known = point(stage, settings)
    with stage.database.snapshot() as session:
        letters = {
            one.to_address: one
            for one in session.scalars(select(Outbox).where(Outbox.subject.contains("Контрольная точка")))
        }
        bodies = {address: one.body for address, one in letters.items()}
    assert set(bodies) == {"gradov@example.ru", "uchreditel@example.org"}
    for body in bodies.values():
        assert signed_note.read(body) == known
        assert not re.search(r"\{\{|\}\}", body)


def test_a_day_has_one_checkpoint_and_a_lost_file_is_written_again(stage, road, settings):
    with clock.at(stage.moment):
        first = publish_checkpoint.daily(stage.database, settings)
        assert first is not None
        publish_checkpoint.place(settings.folder, first).unlink()
        read(stage)
        assert publish_checkpoint.daily(stage.database, settings) is None
        assert publish_checkpoint.place(settings.folder, first).read_text(encoding="utf-8") == first.note
    with clock.at(stage.moment + timedelta(days=1)):
        assert publish_checkpoint.daily(stage.database, settings) is not None


def test_the_key_is_for_its_owner_alone_and_made_once(tmp_path):
    first = checkpoints.key_of(tmp_path)
    assert stat.S_IMODE((tmp_path / checkpoints.KEY).stat().st_mode) == 0o600
    assert signed_note.public(checkpoints.key_of(tmp_path)) == signed_note.public(first)
    (tmp_path / checkpoints.KEY).write_text("rot")
    with pytest.raises(WorkflowError, match="не читается"):
        checkpoints.key_of(tmp_path)


def test_a_changed_checkpoint_is_no_checkpoint(tmp_path):
    note = signed_note.signed(checkpoints.key_of(tmp_path), 3, merkle_tree.EMPTY, 7, "2026-09-01T04:00:00+00:00")
    assert signed_note.read(note).number == 7
    assert signed_note.read("Здравствуйте!\r\n\r\n" + note.replace("\n", "\r\n") + "\r\n--\r\nподпись").size == 3
    for wrong in (note.replace("number 7", "number 8"), note.replace("\n3\n", "\n4\n"), note.replace("2026", "2027")):
        with pytest.raises(WorkflowError, match="изменили"):
            signed_note.read(wrong)
    for wrong in ("", "привет", note.replace("key ", "kay "), note.replace("—", "-"), "\n".join(note.splitlines()[:5])):
        with pytest.raises(WorkflowError):
            signed_note.read(wrong)


def test_an_export_has_no_contents_and_is_proved_without_a_database(stage, road, settings):
    known = point(stage, settings)
    lines = exported(stage)
    assert "Сборник заданий" not in "".join(lines)
    assert "Соколова" not in "".join(lines)
    found = journal_check.check(lines, [known])
    assert (found.faults, found.leaves) == ([], known.size)
    assert found.events == scalar(stage, "SELECT count(*) FROM event")


BEGUN = '{"format":"workflow-app journal 1","made_at":""}\n'


@pytest.mark.parametrize(
    "lines",
    [[], ["это не выгрузка\n"], ['{"format":"other"}\n'],
     *([BEGUN, one] for one in ('{"event":{}}\n', '{"leaf":"x"}\n', "[1]\n", '{"new":1}\n'))],
)  # fmt: skip
def test_another_file_is_no_export(lines, tmp_path):
    note = signed_note.read(
        signed_note.signed(checkpoints.key_of(tmp_path), 1, merkle_tree.EMPTY, 1, "2026-09-01T04:00:00+00:00")
    )
    with pytest.raises(WorkflowError, match="не читается"):
        journal_check.check(lines, [note])


def test_a_line_that_was_changed_in_the_export_is_found(quick_stage, settings):
    at(quick_stage, "registered")
    known = point(quick_stage, settings)
    lines = exported(quick_stage)
    place = next(n for n, one in enumerate(lines) if '"transition":"register"' in one)
    row = json.loads(lines[place])
    row["event"]["actor_id"] = 1
    lines[place] = json.dumps(row, ensure_ascii=False) + "\n"
    assert journal_check.check(lines, [known]).faults


def test_a_backup_keeps_the_log_and_goes_on_from_it(stage, road, settings, tmp_path, empty_database_url):
    known = point(stage, settings)
    backup.backup(stage.database, tmp_path / "copy.zip")
    target = tmp_path / "restored"
    backup.restore(empty_database_url, target, tmp_path / "copy.zip")
    restored = open_database(empty_database_url, target / "blobs")
    try:
        with restored.snapshot() as session:
            assert journal_check.check(list(journal_export.lines(session)), [known]).faults == []
            assert session.scalars(select(Checkpoint.note)).one()
            assert (
                set(triggers.NAMES) >= triggers.installed(session.connection()) == triggers.wanted(session.connection())
            )
        with restored.transaction(keep=True) as session:
            session.execute(
                text(
                    "INSERT INTO access_log (at, what, subject_kind, ip, detail) VALUES ('2026-09-02', 'login', '', '', '')"
                )
            )
        other = Config(target)
        with clock.at(stage.moment + timedelta(days=1)):
            row = publish_checkpoint.checkpoint(restored, other)
        assert row is not None
        assert row.id == known.number + 1
        assert not (tmp_path / "restored" / "copy.key").exists()
    finally:
        restored.engine.dispose()
