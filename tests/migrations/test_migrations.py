"""The schema that the migrations make is the schema that the models describe, on both databases."""

from datetime import UTC, date, datetime

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Connection, Engine, MetaData, Table, inspect, text
from sqlalchemy.exc import DBAPIError

from tests.gate.kit import looking
from tests.play import at
from workflow_app.db import migrate, search_index, triggers
from workflow_app.db.models import Base
from workflow_app.db.session import open_engine

HEAD = "0042"  # pinned: a new migration changes this line, knowingly


@pytest.fixture
def engine(empty_database_url):
    """An engine on a database without any table; ``url`` stands beside it."""
    found = open_engine(empty_database_url)
    yield found
    found.dispose()


def url(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def tables(engine: Engine) -> set[str]:
    return {
        one for one in inspect(engine).get_table_names() if one != "alembic_version" and not search_index.is_ours(one)
    }


def test_there_is_one_head_and_it_is_the_one_we_know():
    script = ScriptDirectory.from_config(migrate.config())
    assert script.get_heads() == [HEAD]
    assert [one.revision for one in script.walk_revisions()][::-1] == migrate.revisions()
    assert migrate.head() == HEAD
    assert migrate.knows(HEAD)
    assert not migrate.knows("9999")


def test_an_empty_database_is_at_no_revision(engine):
    assert migrate.current(engine) is None


def _is_seen(_item, name, *_rest):
    return not search_index.is_ours(name)


def test_the_migrations_make_what_the_models_describe(engine):
    """Tables, columns, their types and nullability, indexes, unique constraints, foreign keys."""
    migrate.upgrade(url(engine))
    with engine.connect() as connection:
        opts = {"compare_type": True, "target_metadata": Base.metadata, "include_object": _is_seen}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, Base.metadata) == []
    assert tables(engine) == set(Base.metadata.tables)
    assert migrate.current(engine) == HEAD


def test_checks_and_partial_indexes_stand_too(engine):
    """The comparison of Alembic does not look at CHECK constraints, nor at the condition of an index."""
    migrate.upgrade(url(engine))
    found = inspect(engine)
    for table in Base.metadata.tables.values():
        named = {one.name for one in table.constraints if type(one).__name__ == "CheckConstraint"}
        assert {one["name"] for one in found.get_check_constraints(table.name)} >= named, table.name
    for name, table in (("uq_assignment_live", "assignment"), ("uq_criteria_sheet_in_force", "criteria_sheet")):
        index = next(one for one in found.get_indexes(table) if one["name"] == name)
        assert index["unique"]
        where = index["dialect_options"][f"{engine.dialect.name}_where"]
        assert "state" in str(where)


MUNICIPALITY = "INSERT INTO municipality (municipality_id, name, zone, switches, state, version) VALUES (1, 'Х', 'UTC', '{}', 'working', 1)"


def test_upgrading_twice_changes_nothing(engine):
    migrate.upgrade(url(engine))
    with engine.begin() as connection:
        connection.execute(text(MUNICIPALITY))
    migrate.upgrade(url(engine))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM municipality")).scalar() == 1


def test_the_triggers_stand_and_installing_them_again_is_harmless(engine):
    """Decisions 21: a batch of Alembic can drop them on SQLite."""
    migrate.upgrade(url(engine))
    triggers_stand(engine)
    for _ in range(2):
        with engine.begin() as connection:
            triggers.install(connection)
    triggers_stand(engine)


def triggers_stand(engine: Engine) -> None:
    with engine.connect() as connection:
        assert triggers.installed(connection) == triggers.wanted(connection)
        assert triggers.wanted(connection) >= {"event_no_update", "event_no_delete"}


EVENT = (
    "INSERT INTO event (root_kind, root_id, seq, subject_kind, subject_id, municipality_id, transition, after, subject_version,"
    " via, ip, at, sheet, payload_sha256, issued, signature, previous, digest) VALUES ('case', 1, 1, 'case', 1, 1, 'begin',"
    " 'draft', 1, 'web', '', '2026-09-01 04:00:00', 'Nothing', 'x', '[]', '', 'x', 'x')"
)


def test_an_event_is_written_once_and_never_changed(engine):
    """R31: by whatever program."""
    migrate.upgrade(url(engine))
    with engine.begin() as connection:
        connection.execute(text(EVENT))
    emptied = "DELETE FROM event" if engine.dialect.name == "sqlite" else "TRUNCATE event CASCADE"
    for statement in (
        "UPDATE event SET ip = 'x'",
        "DELETE FROM event WHERE id = 1",
        emptied,
        "UPDATE event SET id = 7",
    ):
        with pytest.raises(DBAPIError, match=triggers.REFUSED), engine.begin() as connection:
            connection.execute(text(statement))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM event")).scalar() == 1


def test_the_database_knows_what_a_place_must_have(stage):
    """decisions.md 34: invariants stand in the database too."""
    road = at(stage, "in_review", "methodical_material")
    needed = {"signed": "signed_at", "consolidated": "signed_at", "accepted": "declared_at", "in_work": "declared_at"}
    for change in (
        *(f"UPDATE assignment SET state = '{state}', {column} = NULL" for state, column in needed.items()),
        "UPDATE assignment SET expert_id = (SELECT min(expert_id) FROM assignment)",
        "UPDATE cases SET registered_at = NULL",
        "UPDATE cases SET applicant_id = 999999",
    ):
        with looking(road) as (session, _):
            try:
                session.execute(text(change))
            except DBAPIError:
                continue
        pytest.fail(f"the database takes {change}")


def filled(connection: Connection, table: str, **values: object) -> int:
    """Insert a row as an older program would have: what must not be empty and is not given gets any value of its type."""
    found = Table(table, MetaData(), autoload_with=connection)
    blank = {str: "", int: 1, bool: False, date: date(2026, 9, 1), datetime: datetime(2026, 9, 1, tzinfo=UTC)}
    for column in found.columns:
        if column.nullable or column.name in values or (column.primary_key and column.autoincrement is not False):
            continue
        is_json = isinstance(column.type, JSON)
        values[column.name] = {} if is_json else blank.get(column.type.python_type, "")
    return connection.execute(found.insert().values(**values)).inserted_primary_key[0]


def town(connection: Connection, name: str) -> int:
    return filled(connection, "municipality", zone="UTC", state="working", name=name)


def leave_papers(connection: Connection) -> dict[str, int]:
    """At revision 0001: two papers, of which one replaces the other."""
    here = {"municipality_id": town(connection, "Бумаги")}
    person = filled(connection, "person", **here, state="active")
    case = filled(connection, "cases", **here, applicant_id=person, state="draft", type="methodical_material")
    paper = {**here, "case_id": case, "number": "1"}
    old = filled(connection, "document", **paper, edition=1, state="replaced")
    filled(connection, "document", **paper, edition=2, state="issued", replaces_id=old)
    return {"old": old}


def papers_have_codes_and_keep_their_chain_of_versions(connection: Connection, old: int) -> None:
    codes = connection.scalars(text("SELECT code FROM document")).all()
    assert len(set(codes)) == 2 and all(len(one) == 12 for one in codes)
    assert connection.scalar(text("SELECT replaces_id FROM document WHERE edition = 2")) == old


def leave_what_is_sorted(connection: Connection) -> dict[str, int]:
    """At revision 0002."""
    here = {"municipality_id": town(connection, "Списки")}
    for last in ("Яковлева", "Ёжикова", "Ершов"):
        person = filled(connection, "person", **here, state="active", last_name=last)
    filled(connection, "organization", **here, state="active", name="Школа № 10")
    filled(connection, "organization", **here, state="active", name="Школа № 2")
    case = {**here, "applicant_id": person, "state": "draft", "type": "methodical_material"}
    filled(connection, "cases", **case)
    filled(connection, "cases", **case, number="ММ-2026-7", registered_at=datetime(2026, 9, 1, tzinfo=UTC))
    return here


def rows_have_the_keys_of_their_order(connection: Connection, municipality_id: int) -> None:
    """Revisions 0003 and 0008: lists are right from the first page on, without anybody touching the rows."""

    def listed(column: str, table: str, key: str) -> list[str]:
        asked = f"SELECT {column} FROM {table} WHERE municipality_id = :here ORDER BY {key}"
        return list(connection.scalars(text(asked), {"here": municipality_id}))

    assert listed("last_name", "person", "name_order") == ["Ёжикова", "Ершов", "Яковлева"]
    assert listed("name", "organization", "title_order") == ["Школа № 2", "Школа № 10"]
    assert listed("number_key", "cases", "number_key") == ["", "мм-2026-7"]
    by = (
        "SELECT DISTINCT applicant_order, name_order FROM cases JOIN person ON person.id = applicant_id"
        " WHERE cases.municipality_id = :here"
    )
    found = connection.execute(text(by), {"here": municipality_id})
    assert [tuple(one) for one in found] == [("ершов  ", "ершов  ")]


def leave_standings(connection: Connection) -> dict[str, int]:
    """At revision 0006."""
    return {"municipality_id": town(connection, "Кто как стоит")}


STANDINGS = "SELECT municipality_id, last FROM counter WHERE register = 'standings'"


def standings_are_asked_for_once(connection: Connection, municipality_id: int) -> None:
    """Revision 0007: only the policy knows them, so the program reckons them after the migration."""
    assert [tuple(one) for one in connection.execute(text(STANDINGS)) if one[0] == municipality_id] == [
        (municipality_id, 0)
    ]


def leave_what_was_reckoned(connection: Connection) -> dict[str, list[int]]:
    """At revision 0018: an instance set up since 0007 began with everything reckoned, and with no counter that says so."""
    never, done = town(connection, "Не спрашивали"), town(connection, "Посчитано")
    for register in ("search", "standings"):
        filled(connection, "counter", municipality_id=done, register=register, year=0, last=1)
    return {"towns": [never, done]}


def what_is_kept_is_reckoned_anew_also_where_nobody_ever_asked(connection: Connection, towns: list[int]) -> None:
    """Revision 0019."""
    for one in towns:
        asked = text("SELECT register, last FROM counter WHERE municipality_id = :one ORDER BY register")
        found = [tuple(row) for row in connection.execute(asked, {"one": one})]
        assert found == [("past_work", 0), ("search", 0), ("signed_late", 0), ("standings", 0), ("stays", 0)]


def leave_organizations(connection: Connection) -> dict[str, int]:
    """At revision 0018."""
    here = {"municipality_id": town(connection, "Виды")}
    for name in ("Школа № 10", "Ромашка"):
        filled(connection, "organization", **here, state="active", name=name)
    return here


def organizations_have_their_kind(connection: Connection, municipality_id: int) -> None:
    asked = text("SELECT name, type, phone FROM organization WHERE municipality_id = :here ORDER BY id")
    rows = connection.execute(asked, {"here": municipality_id})
    assert [tuple(one) for one in rows] == [("Школа № 10", "school", ""), ("Ромашка", "", "")]


def leave_verdicts(connection: Connection) -> dict[str, list[int]]:
    """At revision 0041: a case in the archive that had been withdrawn, one that was cancelled, one that ended well."""
    here = {"municipality_id": town(connection, "Выводы")}
    case = {**here, "applicant_id": filled(connection, "person", **here, state="active"), "type": "methodical_material"}
    cases = [
        filled(connection, "cases", **case, state=state, verdict="approve")
        for state in ("archived", "cancelled", "archived")
    ]
    for one, before in ((cases[0], "withdrawn"), (cases[2], "closed")):
        archived = {"transition": "archive", "before": before, "after": "archived", "digest": f"archived {one}"}
        filled(connection, "event", **here, root_id=one, subject_kind="case", subject_id=one, **archived)
    return {"cases": cases}


def what_came_to_nothing_has_no_verdict(connection: Connection, cases: list[int]) -> None:
    """Revision 0042."""
    found = dict(connection.execute(text("SELECT id, verdict FROM cases WHERE verdict IS NOT NULL")).all())
    assert [found.get(one) for one in cases] == [None, None, "approve"]


LEFT = (
    ("0001", leave_papers, papers_have_codes_and_keep_their_chain_of_versions),
    ("0002", leave_what_is_sorted, rows_have_the_keys_of_their_order),
    ("0006", leave_standings, standings_are_asked_for_once),
    ("0018", leave_what_was_reckoned, what_is_kept_is_reckoned_anew_also_where_nobody_ever_asked),
    ("0018", leave_organizations, organizations_have_their_kind),
    ("0041", leave_verdicts, what_came_to_nothing_has_no_verdict),
)


def test_what_older_programs_left_is_completed_and_down_and_up_again_all_stands(engine):
    """On the way of one database, which is copied at no revision but the first: rows of each age, the triggers, all tables."""
    left = []
    for revision, leave, stands in LEFT:
        migrate.upgrade(url(engine), revision)
        with engine.begin() as connection:
            left.append((stands, leave(connection)))
    migrate.upgrade(url(engine))
    with engine.connect() as connection:
        for stands, known in left:
            stands(connection, **known)
    migrate.downgrade(url(engine), "0006")
    with engine.connect() as connection:
        assert connection.execute(text(STANDINGS)).all() == []
    migrate.downgrade(url(engine), "0001")
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM document")) == 2
    triggers_stand(engine)
    migrate.downgrade(url(engine), "base")
    assert (tables(engine), migrate.current(engine)) == (set(), None)
    migrate.upgrade(url(engine))
    assert tables(engine) == set(Base.metadata.tables)
    triggers_stand(engine)


GUESSED = (
    ("МАОУ «СОШ № 4 с углублённым изучением предметов»", "school"), ("МБОУ «Лицей № 3»", "school"),
    ("Центр образования «Луч»", "school"),
    ("МБДОУ «Детский сад № 5 художественно-эстетического развития»", "kindergarten"), ("МАДОУ № 12", "kindergarten"),
    ("МБУ ДО «Дом творчества»", "additional"), ("Детская школа искусств", "additional"), ("ДЮСШ «Старт»", "additional"),
    ("Алапаевский многопрофильный техникум", "professional"), ("МКУ «Информационно-методический центр»", "centre"),
    ("ГАОУ ДПО СО «Институт развития образования»", "institute"), ("Управление образования", "authority"),
    ("Комитет по образованию", "authority"), ("Городская библиотека", "partner"), ("Ромашка", ""),
    ("ЧОУ ДПО «Учебный центр»", ""), ("МБОУ «Центр диагностики и консультирования»", ""), ("МАУ «Школьное питание»", ""),
)  # fmt: skip


def test_the_kind_of_an_organisation_of_before_is_guessed_by_its_name():
    """Revision 0019."""
    revision = ScriptDirectory.from_config(migrate.config()).get_revision("0019").module
    assert [(name, revision.guess(name)) for name, _kind in GUESSED] == list(GUESSED)


def test_who_prepared_what_waits_for_the_director_is_read_from_the_events(stage, centre_url):
    """Four eyes hold for the cases that were under way when the rule came."""
    road = at(stage, "on_approval", "methodical_material")
    where = centre_url
    stage.database.engine.dispose()
    command.stamp(migrate.config(where), HEAD)  # a test's database is made by the models
    migrate.downgrade(where, "0004")
    migrate.upgrade(where)
    with looking(road) as (_, case):
        assert [case.composed_by, case.circulated_by, case.proposed_by] == [stage.people["morozova"]] * 3
        assert (case.approval_ground, {str(one.lifted) for one in case.assignments}) == ({}, {"{}"})
