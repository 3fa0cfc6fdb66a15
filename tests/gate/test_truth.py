"""ADR 17: every fact that rests on an event is rebuilt from the events, and the first row that differs is named; both databases."""

import hashlib

import pytest

from tests.gate import acts
from tests.gate.tampering import after, drop_triggers, findings, run, scalar
from tests.play import at
from workflow_app import clock, gate
from workflow_app.db import hash_chain, stated_facts, triggers
from workflow_app.db.models import Document, Event, Person
from workflow_app.db.session import open_database
from workflow_app.facts import issued_documents, search_rows, standing_rows
from workflow_app.facts.subjects import KINDS
from workflow_app.operations import backup, integrity
from workflow_app.runtime import backfill
from workflow_app.states.definitions import people as p

ROWS = ("facts", "papers")  # the steps that compare rows with what was stated of them


@pytest.fixture
def road(stage):
    return at(stage, "approved")


def first(stage, kind: str) -> int:
    table = KINDS[kind].__tablename__
    return scalar(stage, f"SELECT min(id) FROM {table}")


COLUMNS = {
    ("document", "number"): "'777'", ("document", "edition"): "9", ("document", "document_kind"): "'order'",
    ("document", "dated"): "'2020-01-01'",
    ("document", "sha256"): f"'{'a' * 64}'", ("document", "code"): "'AAAAAAAAAAAA'",
    ("case", "number"): "'М-2026-99'", ("case", "percent"): "12.5",
    ("case", "verdict"): "'reject'", ("case", "rule_verdict"): "'reject'", ("case", "applicant_id"): "2", ("case", "criteria_id"): "1",
    ("case", "conclusion"): "'{}'", ("case", "round"): "2", ("case", "received_at"): "'2020-01-01'", ("assignment", "percent"): "99.9",
    ("assignment", "verdict"): "'reject'", ("assignment", "review"): "'{}'", ("assignment", "expert_id"): "1", ("assignment", "round"): "3",
    ("assignment", "declaration"): "'{}'", ("assignment", "dissent"): "'не согласен'",
    ("case", "form"): "'{}'", ("case", "title"): "'Другое'",
    ("file", "sha256"): f"'{'b' * 64}'", ("file", "name"): "'чужое.pdf'", ("file", "attachment"): "'other'",
    ("person", "password_hash"): "'$argon2id$forged'", ("person", "login"): "'intruder'", ("person", "email"): "'thief@example.ru'",
    ("person", "last_name"): "'Чужой'", ("consent", "text_version"): "'0'", ("consent", "person_id"): "2",
    ("organization", "name"): "'Другая'",
    ("criteria_sheet", "data"): "'{}'", ("criteria_sheet", "number"): "9",
}  # fmt: skip


def test_a_change_of_any_stated_column_is_found_and_its_row_named(quick_stage):
    at(quick_stage, "approved")
    assert findings(quick_stage) == []
    for (kind, column), value in COLUMNS.items():
        table, id_ = KINDS[kind].__tablename__, first(quick_stage, kind)
        found = after(quick_stage, f"UPDATE {table} SET {column} = {value} WHERE id = {id_}", only=ROWS)
        assert [one for one in found if one.startswith(f"{kind} {id_}: ")], (kind, column)


CHANGES = (
    ("document", "number = '777'"), ("case", "percent = 12.5"), ("case", "verdict = 'reject'"), ("assignment", "percent = 99.9"),
    ("assignment", "verdict = 'reject'"), ("person", "password_hash = 'forged'"), ("document", "dated = '2020-01-01'"),
    ("assignment", "review = '{}'"), ("criteria_sheet", "data = '{}'"),
)  # fmt: skip


def test_a_changed_fact_is_found_on_both_databases(stage, road):
    for kind, change in CHANGES:
        id_ = first(stage, kind)
        found = after(stage, f"UPDATE {KINDS[kind].__tablename__} SET {change} WHERE id = {id_}")
        # what is searched is made of the rows, and so differs too
        assert [one.split(":")[0] for one in found if not one.startswith("search ")] == [f"{kind} {id_}"], change


def test_a_finding_says_what_stands_and_what_was_stated(quick_stage):
    road = at(quick_stage, "approved")
    told = scalar(quick_stage, f"SELECT percent FROM cases WHERE id = {road.case_id}")
    run(quick_stage, "UPDATE cases SET percent = 12.5")
    (found,) = findings(quick_stage)
    assert found.endswith(f"не сходится: процент. В журнале «{told:.1f}», стоит «12.5».")


GIVEN = (
    "INSERT INTO membership (person_id, municipality_id, role) VALUES (:id, 1, 'admin')",
    "DELETE FROM membership WHERE person_id = :id AND role = 'teacher'",
    "UPDATE membership SET role = 'director' WHERE person_id = :id AND role = 'teacher'",
    "INSERT INTO deputy (person_id, municipality_id, order_no, since, until) VALUES (:id, 1, '№ 1', '2026-01-01', '2027-01-01')",
)


def test_a_role_or_a_deputyship_that_no_event_gave_is_found(stage):
    id_ = stage.people["sokolova"]
    for statement in GIVEN:
        assert [one.split(":")[0] for one in after(stage, statement, id=id_)] == [f"person {id_}"], statement


def test_another_order_or_term_of_a_deputy_is_found(stage):
    id_ = scalar(stage, "SELECT person_id FROM deputy")
    for change in ("order_no = 'приказ № 99'", "until = '2099-01-01'", "since = '2020-01-01'"):
        (found,) = after(stage, f"UPDATE deputy SET {change}")
        assert found.startswith(f"person {id_}: ") and "замещение директора" in found, change


def test_a_password_is_stated_with_the_act_that_changes_it(quick_stage):
    with quick_stage.turn("sokolova") as (session, me):
        person = session.get_one(Person, me.person_id)
        person.password_hash = "$argon2id$new"
        gate.perform(session, me, person, "change_password", p.ChangePassword(), person.version)
    assert findings(quick_stage) == []


def test_of_a_kind_and_a_fact_only_the_first_row_is_named(quick_stage):
    at(quick_stage, "approved")
    run(quick_stage, "UPDATE assignment SET percent = 1.5, verdict = 'reject'")
    assert [one.split(":")[0] for one in findings(quick_stage)] == [
        f"assignment {first(quick_stage, 'assignment')}"
    ] * 2


def test_a_document_that_is_deleted_or_that_nobody_issued_is_found(stage, road):
    last = scalar(stage, "SELECT max(id) FROM document")
    found = after(stage, f"DELETE FROM document WHERE id = {last}")
    assert any(one.startswith(f"document {last}: Документ выпущен записью №") for one in found)
    columns = ", ".join(one.name for one in Document.__table__.columns if one.name not in ("id", "code", "edition"))
    found = after(
        stage,
        f"INSERT INTO document (id, {columns}, code, edition) SELECT {last + 1}, {columns}, 'ZZZZZZZZZZZZ', 77 FROM document WHERE id = 1",
    )
    # what is kept beside the rows is reckoned from them: it proves nothing
    told = [one for one in found if not one.startswith(("search ", "standing "))]
    assert told == [f"document {last + 1}: {issued_documents.UNKNOWN}"]


def forge(stage, id_: int) -> bytes:
    """A file of one's own in the store, and its hash written into the row: what was served before, and called «действует»."""
    data = b"PK forged " + str(id_).encode()
    sha256 = stage.database.blobs.put_bytes(data).sha256
    run(stage, "UPDATE document SET sha256 = :sha, size = :size WHERE id = :id", id=id_, sha=sha256, size=len(data))
    return data


def test_a_forged_file_is_found_with_its_hash_in_the_row_and_in_the_event_too(stage, road):
    id_ = first(stage, "document")
    data = forge(stage, id_)
    (found,) = (one for one in findings(stage) if not one.startswith("search "))
    assert found.startswith(f"document {id_}: ")
    assert "отпечаток файла" in found
    drop_triggers(stage)
    with stage.database.transaction(keep=True) as session:
        document = session.get_one(Document, id_)
        event = issued_documents.origin(session, document)
        told = [
            one | {"sha256": hashlib.sha256(data).hexdigest()} if one["document"] == id_ else one
            for one in event.issued
        ]
        session.connection().execute(
            Event.__table__.update().where(Event.__table__.c.id == event.id).values(issued=told)
        )
    with stage.database.snapshot() as session:
        assert (
            issued_documents.doubt(session, stage.database.blobs, session.get_one(Document, id_))
            == issued_documents.CHANGED
        )
    assert any(one.startswith("event case") for one in findings(stage, only=["chains"]))


def vanish(stage, kind: str, id_: int) -> None:
    """Delete a whole chain with its payloads, as somebody who knows the tables would."""
    chain_of = f"SELECT id FROM event WHERE root_kind = '{kind}' AND root_id = {id_}"
    run(stage, f"DELETE FROM event_payload WHERE event_id IN ({chain_of})")
    run(stage, f"DELETE FROM event WHERE root_kind = '{kind}' AND root_id = {id_}")


def test_a_case_that_vanished_with_its_chain_is_found(stage):
    gone, left = (at(stage, "draft") for _ in range(2))
    drop_triggers(stage)
    number = scalar(
        stage, f"SELECT root_no FROM event WHERE root_kind = 'case' AND root_id = {gone.case_id} AND seq = 1"
    )
    vanish(stage, "case", gone.case_id)
    for table in ("case_file", "working_copy", "cases"):
        column = {"case_file": "case_id", "cases": "id", "working_copy": "subject_id"}[table]
        run(stage, f"DELETE FROM {table} WHERE {column} = {gone.case_id}")
    with stage.database.transaction(keep=True) as session:
        triggers.install(session.connection())
    search_rows.rebuild(stage.database)
    standing_rows.rebuild(stage.database)  # what is kept beside the rows is reckoned from them: it proves nothing
    assert findings(stage) == [
        f"root {number}: Пропал корень журнала № {number}: дело или запись удалены вместе с цепочкой."
    ]
    assert left.state() == "draft"


def test_the_last_case_that_vanished_is_missed_by_the_count(quick_stage):
    gone = at(quick_stage, "draft")
    drop_triggers(quick_stage)
    vanish(quick_stage, "case", gone.case_id)
    run(quick_stage, "DELETE FROM case_file")
    run(quick_stage, "DELETE FROM cases")
    assert any("Корней в журнале" in one for one in findings(quick_stage, only=["roots"]))


def test_an_assignment_that_vanished_is_missed_by_the_journal(stage, road):
    drop_triggers(stage)
    id_ = first(stage, "assignment")
    run(stage, f"DELETE FROM document WHERE assignment_id = {id_}")
    run(stage, f"DELETE FROM assignment WHERE id = {id_}")
    found = findings(stage, only=["states"])
    assert f"assignment {id_}: Строки нет, а журнал о ней рассказывает." in found
    events = f"SELECT id FROM event WHERE subject_kind = 'assignment' AND subject_id = {id_}"
    run(stage, f"DELETE FROM event_payload WHERE event_id IN ({events})")
    run(stage, f"DELETE FROM event WHERE subject_kind = 'assignment' AND subject_id = {id_}")
    assert any("пропущена запись" in one for one in findings(stage, only=["chains"]))


def test_roots_are_numbered_without_gaps_and_each_names_the_one_before(stage):
    at(stage, "draft")
    with stage.database.snapshot() as session:
        rows = session.query(Event).filter(Event.root_no.is_not(None)).order_by(Event.root_no).all()
        session.expunge_all()
    assert [one.root_no for one in rows] == list(range(1, len(rows) + 1))
    assert [one.root_previous for one in rows] == [hash_chain.GENESIS, *(one.digest for one in rows[:-1])]
    assert {one.seq for one in rows} == {1}


def test_every_kind_of_subject_declares_its_facts():
    assert set(stated_facts.FACTS) == set(KINDS)
    for many in stated_facts.FACTS.values():
        assert len({one.name for one in many}) == len(many)


def test_a_sealed_fact_tells_nothing_without_its_salt(quick_stage):
    """A digest of a short secret could be guessed: it is salted, and the salt goes with the payload."""
    with quick_stage.database.snapshot() as session:
        person = session.get_one(Person, quick_stage.people["sokolova"])
        stated = {salt: stated_facts.stated(session, person, salt) for salt in ("1", "2")}
    assert stated["1"]["password"] != stated["2"]["password"]
    assert stated["1"]["roles"] == stated["2"]["roles"] == [f"{quick_stage.municipality_id}:teacher"]


def as_before(stage) -> None:
    """Make the database what the version before left: events that state nothing and number no roots."""
    drop_triggers(stage)
    run(stage, "UPDATE event SET facts = NULL, root_no = NULL, root_previous = NULL")
    run(stage, "DELETE FROM counter WHERE register = 'roots'")
    with stage.database.transaction(keep=True) as session:
        previous: dict[tuple[str, int], str] = {}
        for event in session.query(Event).order_by(Event.id):
            root = (event.root_kind, event.root_id)
            event.previous = previous.get(root, hash_chain.GENESIS)
            event.issued = [
                {key: one[key] for key in ("document", "kind", "edition", "number", "sha256")} for one in event.issued
            ]
            previous[root] = event.digest = hash_chain.digest_of(event)
    run(
        stage,
        f"INSERT INTO counter (municipality_id, register, year, last) VALUES ({stage.municipality_id}, 'adopt', 0, 0)",
    )
    with stage.database.transaction(keep=True) as session:
        triggers.install(session.connection())


def test_an_instance_of_before_is_adopted_once_and_then_proved_like_any_other(stage):
    road = at(stage, "approved")
    as_before(stage)
    assert findings(stage) == []
    with clock.at(stage.moment):
        assert backfill.adopt_all(stage.database) > 0
        assert backfill.adopt_all(stage.database) == 0
    assert findings(stage) == []
    run(stage, "UPDATE assignment SET percent = 1.5")
    run(stage, "UPDATE cases SET verdict = 'reject'")
    named = [one.split(":")[0] for one in findings(stage)]
    assert named == [f"case {road.case_id}", f"assignment {first(stage, 'assignment')}"]


def test_a_copy_of_an_instance_of_before_can_be_adopted_too(quick_stage, tmp_path, empty_database_url):
    at(quick_stage, "in_review")
    as_before(quick_stage)
    backup.backup(quick_stage.database, tmp_path / "copy.zip")
    backup.restore(empty_database_url, tmp_path / "restored", tmp_path / "copy.zip")
    restored = open_database(empty_database_url, tmp_path / "restored" / "blobs")
    try:
        with restored.snapshot() as session:
            assert session.query(Event).filter(Event.facts.is_not(None)).count() == 0
        with clock.at(quick_stage.moment):
            backfill.adopt_all(restored)
        with restored.snapshot() as session:
            assert integrity.findings(session, restored.blobs) == []
            numbered = session.query(Event).filter(Event.root_no.is_not(None), Event.root_kind == "case").one()
            assert any(one.startswith("assignment ") for one in numbered.facts[stated_facts.ROWS])
    finally:
        restored.engine.dispose()


def test_a_document_of_before_is_compared_with_its_event_all_the_same(quick_stage):
    at(quick_stage, "approved")
    as_before(quick_stage)
    forge(quick_stage, first(quick_stage, "document"))
    assert any(one.startswith("document ") for one in findings(quick_stage, only=ROWS))


def test_a_row_that_is_smuggled_in_without_a_number_is_not_adopted(quick_stage):
    at(quick_stage, "draft")
    drop_triggers(quick_stage)
    run(quick_stage, "UPDATE event SET root_no = NULL WHERE root_kind = 'case' AND seq = 1")
    assert backfill.adopt_all(quick_stage.database) == 0
    assert any("без номера корня" in one for one in findings(quick_stage, only=["roots"]))


def test_a_vote_of_the_panel_rests_on_its_act(play):
    road = play("approved", "methodical_material")
    acts.appeal(road)
    acts.vote(road, "dismiss")
    assert findings(road.stage) == []
    run(road.stage, "UPDATE panel_member SET vote = 'grant' WHERE vote = 'dismiss'")
    (found,) = findings(road.stage)
    assert "голоса апелляционной комиссии" in found
