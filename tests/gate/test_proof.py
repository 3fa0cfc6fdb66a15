"""``check``: whatever is changed behind the program's back is found and named; on both databases (R31, R33)."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.play import at
from workflow_app.store import proof, triggers
from workflow_app.store.models import Event


def findings(stage) -> list[str]:
    with stage.database.snapshot() as session:
        return [str(one) for one in proof.findings(session, stage.database.blobs)]


def run(stage, statement: str, **values: object) -> int:
    """Change the database with plain SQL, as somebody with a console would; the number of rows."""
    with stage.database.transaction(keep=True) as session:
        return session.connection().execute(text(statement), values).rowcount


def scalar(stage, statement: str):
    with stage.database.transaction(keep=False) as session:
        return session.connection().execute(text(statement)).scalar()


def drop_triggers(stage) -> None:
    on_table = "" if stage.database.engine.dialect.name == "sqlite" else " ON event"
    with stage.database.transaction(keep=True) as session:
        names = triggers.installed(session.connection())
        for name in names:
            session.connection().execute(text(f"DROP TRIGGER {name}{on_table}"))


@pytest.fixture
def road(stage):
    return at(stage, "registered")


@pytest.mark.parametrize(
    "statement", ["UPDATE event SET ip = 'x' WHERE id = 1", "DELETE FROM event", "DELETE FROM event WHERE id = 1"]
)
def test_the_database_itself_refuses_to_change_or_delete_an_event(stage, road, statement):
    with pytest.raises(DBAPIError, match=triggers.REFUSED):
        run(stage, statement)
    assert findings(stage) == []


def test_the_database_refuses_to_empty_the_table_too(stage, road):
    # SQLite has no TRUNCATE: an unconditional DELETE is its way.
    statement = "DELETE FROM event" if stage.database.engine.dialect.name == "sqlite" else "TRUNCATE event CASCADE"
    with pytest.raises(DBAPIError, match=triggers.REFUSED):
        run(stage, statement)


def test_an_untouched_database_has_no_findings(stage, road):
    assert findings(stage) == []


def test_a_dropped_trigger_is_found(stage, road):
    drop_triggers(stage)
    wanted = triggers.NAMES[:2] if stage.database.engine.dialect.name == "sqlite" else triggers.NAMES
    assert [one.split(":")[0] for one in findings(stage)] == [f"trigger {name}" for name in sorted(wanted)]
    with stage.database.transaction(keep=True) as session:
        triggers.install(session.connection())
    assert findings(stage) == []


COLUMNS = {
    "transition": "'approve'", "before": "'nowhere'", "after": "'closed'", "subject_version": "subject_version + 1", "actor_id": "1",
    "deputy_for": "2", "via": "'api'", "ip": "'1.2.3.4'", "sheet": "'Nothing'", "payload_sha256": "digest", "signature": "'simple:1'",
    "caused_by": "1", "previous": "digest", "digest": "payload_sha256", "municipality_id": "municipality_id + 1",
    "subject_kind": "'file'", "subject_id": "subject_id + 7", "seq": "seq + 100", "root_id": "root_id + 100", "root_kind": "'consent'",
    "at": "'2026-09-01 05:00:00.000000'", "issued": "'[1]'",
}  # fmt: skip


def test_a_change_of_any_column_of_an_event_is_found(quick_stage):
    """Security.md 50: every column that there is but the key, of an event in the middle of a chain."""
    road = at(quick_stage, "registered")
    drop_triggers(quick_stage)
    assert set(COLUMNS) == {one.name for one in Event.__table__.columns} - {"id"}
    id_ = scalar(quick_stage, f"SELECT id FROM event WHERE root_kind = 'case' AND root_id = {road.case_id} AND seq = 3")
    for column, value in COLUMNS.items():
        old = scalar(quick_stage, f"SELECT {column} FROM event WHERE id = {id_}")
        assert run(quick_stage, f"UPDATE event SET {column} = {value} WHERE id = {id_}") == 1
        assert [one for one in findings(quick_stage) if one.startswith("event ")], column
        run(quick_stage, f"UPDATE event SET {column} = :old WHERE id = {id_}", old=old)
        assert [one for one in findings(quick_stage) if one.startswith("event ")] == [], column


@pytest.mark.parametrize("change", ["ip = 'x'", "at = '2026-09-01 05:00:00+00'", "issued = '[1]'", "after = 'closed'"])
def test_a_changed_event_is_found_on_both_databases(stage, road, change):
    drop_triggers(stage)
    run(stage, f"UPDATE event SET {change} WHERE root_kind = 'case' AND root_id = :id AND seq = 2", id=road.case_id)
    found = [one for one in findings(stage) if one.startswith("event ")]
    assert [one.split(":")[0] for one in found] == [f"event case {road.case_id} № 2"]


def test_a_changed_payload_is_found(stage, road):
    event = scalar(
        stage, f"SELECT id FROM event WHERE root_kind = 'case' AND root_id = {road.case_id} AND transition = 'register'"
    )
    seq = scalar(stage, f"SELECT seq FROM event WHERE id = {event}")
    assert (
        run(stage, 'UPDATE event_payload SET data = \'{"received_at": "2020-01-01"}\' WHERE event_id = :id', id=event)
        == 1
    )
    assert findings(stage) == [f"event case {road.case_id} № {seq}: Содержание записи изменено: отпечаток не сходится."]


def test_an_erased_payload_leaves_the_chain_valid(stage, road):
    """Decisions.md 1: destruction of personal data must not look like a forgery."""
    assert run(stage, "DELETE FROM event_payload WHERE event_id IN (SELECT id FROM event WHERE root_kind = 'case')") > 0
    assert findings(stage) == []


def test_a_missing_event_is_found_where_the_chain_is_broken(stage, road):
    drop_triggers(stage)
    seq = 3
    where = f"root_kind = 'case' AND root_id = {road.case_id} AND seq = {seq}"
    run(stage, f"DELETE FROM event_payload WHERE event_id IN (SELECT id FROM event WHERE {where})")
    assert run(stage, f"DELETE FROM event WHERE {where}") == 1
    assert f"event case {road.case_id} № {seq + 1}: В цепочке журнала пропущена запись № {seq}." in findings(stage)


def test_a_cut_off_end_is_found_by_the_state(stage, road):
    drop_triggers(stage)
    last = f"root_kind = 'case' AND root_id = {road.case_id} AND transition = 'register'"
    run(stage, f"DELETE FROM event_payload WHERE event_id IN (SELECT id FROM event WHERE {last})")
    run(stage, f"DELETE FROM event WHERE {last}")
    assert any(one.startswith(f"case {road.case_id}: Состояние «registered") for one in findings(stage))


@pytest.mark.parametrize("change", ["state = 'approved'", "version = version + 1", "state = 'nowhere'"])
def test_a_state_that_the_journal_does_not_tell_of_is_found(stage, road, change):
    assert run(stage, f"UPDATE cases SET {change} WHERE id = :id", id=road.case_id) == 1
    found = findings(stage)
    assert found
    assert all(one.startswith(f"case {road.case_id}: ") for one in found)


def test_a_row_without_any_event_is_found(stage, road):
    run(
        stage,
        "INSERT INTO organization (municipality_id, name, genitive, outside, state, version) VALUES (1, 'Х', 'Х', false, 'active', 1)",
    )
    id_ = scalar(stage, "SELECT max(id) FROM organization")
    assert findings(stage) == [f"organization {id_}: В журнале нет ни одной записи об этой строке."]


def test_a_changed_file_is_found_and_its_row_named(stage, road):
    sha256 = scalar(stage, f"SELECT sha256 FROM case_file WHERE case_id = {road.case_id}")
    id_ = scalar(stage, f"SELECT min(id) FROM case_file WHERE sha256 = '{sha256}'")
    path = stage.database.blobs.path(sha256)
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert findings(stage) == [f"blob file {id_}: Файл {sha256[:12]} повреждён: отпечаток не сходится."]
    path.unlink()
    assert findings(stage) == [f"blob file {id_}: Файл {sha256[:12]} отсутствует."]


def test_a_changed_issued_document_is_found(stage):
    """R33, security.md 46."""
    at(stage, "consolidation")
    sha256 = scalar(stage, "SELECT sha256 FROM document ORDER BY id LIMIT 1")
    path = stage.database.blobs.path(sha256)
    path.write_bytes(path.read_bytes() + b" ")
    id_ = scalar(stage, "SELECT min(id) FROM document")
    assert findings(stage) == [f"blob document {id_}: Файл {sha256[:12]} повреждён: отпечаток не сходится."]


def test_only_the_first_fault_of_a_chain_is_told_and_every_bad_chain(stage):
    first, second = at(stage, "registered"), at(stage, "registered")
    drop_triggers(stage)
    run(stage, "UPDATE event SET ip = 'x' WHERE root_kind = 'case'")
    with stage.database.transaction(keep=True) as session:
        triggers.install(session.connection())
    assert [one.split(":")[0] for one in findings(stage)] == [
        f"event case {one.case_id} № 1" for one in (first, second)
    ]
