"""``check``: whatever is changed behind the program's back is found and named; on both databases (R31, R33)."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.gate.tampering import after, drop_triggers, findings, run, scalar
from tests.play import at
from workflow_app import gate
from workflow_app.db import triggers
from workflow_app.db.models import Event, Municipality
from workflow_app.errors import Invalid
from workflow_app.states.definitions.centre import DestroyRecords
from workflow_app.states.vocabulary import system

CHAINS = ("chains",)


@pytest.fixture
def road(stage):
    return at(stage, "registered")


def test_the_database_itself_refuses_to_change_or_delete_what_is_recorded_and_to_empty_the_table(stage, road):
    """Events and the log of reads; SQLite has no TRUNCATE: an unconditional DELETE is its way."""
    run(stage, "INSERT INTO access_log (at, what, subject_kind, ip, detail) VALUES ('2026-09-01', 'login', '', '', '')")
    emptied = () if stage.database.engine.dialect.name == "sqlite" else ("TRUNCATE event CASCADE",)
    for statement in (
        "UPDATE event SET ip = 'x' WHERE id = 1", "DELETE FROM event WHERE id = 1", "DELETE FROM event", *emptied,
        "UPDATE access_log SET ip = 'x'", "DELETE FROM access_log",
    ):  # fmt: skip
        with pytest.raises(DBAPIError, match=triggers.REFUSED):
            run(stage, statement)
    assert findings(stage) == []


def test_an_untouched_database_has_no_findings_and_a_dropped_trigger_is_found(stage, road):
    assert findings(stage) == []
    drop_triggers(stage)
    with stage.database.transaction(keep=False) as session:
        wanted = triggers.wanted(session.connection())
    assert [one.split(":")[0] for one in findings(stage)] == [f"trigger {name}" for name in sorted(wanted)]
    with stage.database.transaction(keep=True) as session:
        triggers.install(session.connection())
    assert findings(stage) == []


COLUMNS = {
    "transition": "'approve'", "before": "'nowhere'", "after": "'closed'", "subject_version": "subject_version + 1", "actor_id": "1",
    "deputy_for": "2", "via": "'api'", "ip": "'1.2.3.4'", "sheet": "'Nothing'", "payload_sha256": "digest", "signature": "'simple:1'",
    "caused_by": "1", "previous": "digest", "digest": "payload_sha256", "municipality_id": "municipality_id + 1",
    "subject_kind": "'file'", "subject_id": "subject_id + 7", "seq": "seq + 100", "root_id": "root_id + 100", "root_kind": "'consent'",
    "at": "'2026-09-01 05:00:00.000000'", "issued": "'[1]'", "facts": "'{}'", "root_no": "7777", "root_previous": "digest",
}  # fmt: skip


def test_a_change_of_any_column_of_an_event_is_found(quick_stage):
    """security.md 50: every column that there is but the key, of an event in the middle of a chain."""
    road = at(quick_stage, "registered")
    drop_triggers(quick_stage)
    assert set(COLUMNS) == {one.name for one in Event.__table__.columns} - {"id"}
    id_ = scalar(quick_stage, f"SELECT id FROM event WHERE root_kind = 'case' AND root_id = {road.case_id} AND seq = 3")
    assert findings(quick_stage, only=CHAINS) == []
    for column, value in COLUMNS.items():
        assert after(quick_stage, f"UPDATE event SET {column} = {value} WHERE id = {id_}", only=CHAINS), column


def test_a_changed_event_or_payload_and_one_that_is_gone_are_found_on_both_databases(stage, road):
    drop_triggers(stage)
    here = f"root_kind = 'case' AND root_id = {road.case_id}"
    for change in ("ip = 'x'", "at = '2026-09-01 05:00:00+00'", "issued = '[1]'", "after = 'closed'"):
        found = after(stage, f"UPDATE event SET {change} WHERE {here} AND seq = 2", only=CHAINS)
        assert [one.split(":")[0] for one in found] == [f"event case {road.case_id} № 2"], change
    with stage.database.transaction(keep=True) as session:
        triggers.install(session.connection())
    event = scalar(stage, f"SELECT id FROM event WHERE {here} AND transition = 'register'")
    seq = scalar(stage, f"SELECT seq FROM event WHERE id = {event}")
    forged = f"UPDATE event_payload SET data = :data WHERE event_id = {event}"
    assert after(stage, forged, data='{"received_at": "2020-01-01"}') == [
        f"event case {road.case_id} № {seq}: Содержание записи изменено: отпечаток не сходится."
    ]
    assert after(stage, f"DELETE FROM event_payload WHERE event_id IN ({events_of(road)})") == [
        f"event case {road.case_id} № 1: Содержание записи пропало, и акта об уничтожении нет."
    ]


def test_a_payload_that_an_act_of_destruction_names_is_no_fault_and_what_rested_on_it_is_not_proved(stage, road):
    """ADR 4: destruction of personal data must not look like a forgery, and must not look like a proof either."""
    with stage.database.transaction(keep=True) as session:
        erased = tuple(session.connection().execute(text(events_of(road))).scalars())
        centre = session.get_one(Municipality, stage.municipality_id)
        act = DestroyRecords(act="№ 4 от 01.09.2026", events=erased)
        gate.perform(session, system(centre.id), centre, "destroy_records", act, None)
    assert scalar(stage, f"SELECT count(*) FROM event_payload WHERE event_id IN ({events_of(road)})") == 0
    assert findings(stage) == []
    unproved = {one.split(":")[0] for one in findings(stage, unproved=True)}
    assert {f"case {road.case_id}", "file 1"} <= unproved
    found = after(stage, "UPDATE cases SET number = 'М-2026-99' WHERE id = :id", id=road.case_id, only=["facts"])
    assert [one for one in found if "номер" in one]  # what is stated openly is proved all the same


def test_an_act_of_destruction_names_events_of_its_own_centre_alone(quick_stage):
    with quick_stage.database.transaction(keep=True) as session, pytest.raises(Invalid):
        centre = session.get_one(Municipality, quick_stage.municipality_id)
        act = DestroyRecords(act="№ 5", events=(10**6,))
        gate.perform(session, system(centre.id), centre, "destroy_records", act, None)


def events_of(road) -> str:
    return f"SELECT id FROM event WHERE root_kind = 'case' AND root_id = {road.case_id}"


def test_a_missing_event_is_found_where_the_chain_is_broken_and_a_cut_off_end_by_the_state(stage, road):
    drop_triggers(stage)
    for where, words in (
        ("seq = 3", f"event case {road.case_id} № 4: В цепочке журнала пропущена запись № 3."),
        ("transition = 'register'", f"case {road.case_id}: Состояние «registered"),
    ):
        gone = f"root_kind = 'case' AND root_id = {road.case_id} AND {where}"
        payload = f"DELETE FROM event_payload WHERE event_id IN (SELECT id FROM event WHERE {gone})"
        found = after(stage, payload, f"DELETE FROM event WHERE {gone}", only=["chains", "states"])
        assert any(one.startswith(words) for one in found), where


def test_a_state_that_the_journal_does_not_tell_of_and_a_row_without_any_event_are_found(stage, road):
    for change in ("state = 'approved'", "version = version + 1", "state = 'nowhere'"):
        found = after(stage, f"UPDATE cases SET {change} WHERE id = {road.case_id}")
        assert found and found[0].startswith(f"case {road.case_id}: "), change
        # what waits on the case is reckoned from its state, and so differs too
        assert all(one.startswith((f"case {road.case_id}: ", f"standing case {road.case_id}: ")) for one in found), (
            change
        )
    added = (
        "INSERT INTO organization (id, municipality_id, name, genitive, outside, state, version) VALUES"
        " (777, 1, 'Х', 'Х', false, 'active', 1)"
    )
    assert after(stage, added) == [
        "organization 777: В журнале нет ни одной записи об этой строке.",
        "search organization 777: Запись ищется не по тем словам, которые в ней стоят.",
    ]


def test_a_changed_file_is_found_and_its_row_named(stage, road):
    sha256 = scalar(stage, f"SELECT sha256 FROM case_file WHERE case_id = {road.case_id}")
    id_ = scalar(stage, f"SELECT min(id) FROM case_file WHERE sha256 = '{sha256}'")
    path = stage.database.blobs.path(sha256)
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert findings(stage) == [f"blob file {id_}: Файл {sha256[:12]} повреждён: отпечаток не сходится."]
    path.unlink()
    assert findings(stage, only=["blobs"]) == [f"blob file {id_}: Файл {sha256[:12]} отсутствует."]


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
