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

HEAD = "0039"  # pinned: a new migration changes this line, knowingly


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
    assert not migrate.is_current(url(engine))


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
    assert (migrate.current(engine), migrate.is_current(url(engine))) == (HEAD, True)


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


def test_down_and_up_again_and_the_triggers_stand_after_every_way(engine):
    """Decisions 21: a batch of Alembic can drop them on SQLite. What an older run left is migrated, an empty database copied."""
    migrate.upgrade(url(engine))
    triggers_stand(engine)
    migrate.downgrade(url(engine), "base")
    assert tables(engine) == set()
    assert migrate.current(engine) is None
    migrate.upgrade(url(engine))
    assert tables(engine) == set(Base.metadata.tables)
    triggers_stand(engine)
    for _ in range(2):  # installing them again is harmless
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


def test_rows_of_an_older_program_get_the_keys_of_their_order(engine):
    """Revisions 0003 and 0008: lists are right from the first page on, without anybody touching the rows."""
    migrate.upgrade(url(engine), "0002")
    with engine.begin() as connection:
        town = filled(connection, "municipality", zone="UTC", state="working")
        for last in ("Яковлева", "Ёжикова", "Ершов"):
            person = filled(connection, "person", municipality_id=town, state="active", last_name=last)
        filled(connection, "organization", municipality_id=town, state="active", name="Школа № 10")
        filled(connection, "organization", municipality_id=town, state="active", name="Школа № 2")
        case = {"municipality_id": town, "applicant_id": person, "state": "draft", "type": "methodical_material"}
        filled(connection, "cases", **case)
        filled(connection, "cases", **case, number="ММ-2026-7", registered_at=datetime(2026, 9, 1, tzinfo=UTC))
    migrate.upgrade(url(engine))
    with engine.connect() as connection:
        people = connection.scalars(text("SELECT last_name FROM person ORDER BY name_order")).all()
        places = connection.scalars(text("SELECT name FROM organization ORDER BY title_order")).all()
        numbers = connection.scalars(text("SELECT number_key FROM cases ORDER BY number_key")).all()
        by = "SELECT DISTINCT applicant_order, name_order FROM cases JOIN person ON person.id = applicant_id"
        assert [tuple(one) for one in connection.execute(text(by))] == [("ершов  ", "ершов  ")]
    assert people == ["Ёжикова", "Ершов", "Яковлева"]
    assert places == ["Школа № 2", "Школа № 10"]
    assert numbers == ["", "мм-2026-7"]


def test_papers_of_an_older_program_get_codes_and_keep_their_chain_of_versions(engine):
    """Revision 0002, on papers of which one replaces another."""
    migrate.upgrade(url(engine), "0001")
    with engine.begin() as connection:
        town = filled(connection, "municipality", zone="UTC", state="working")
        person = filled(connection, "person", municipality_id=town, state="active")
        case = filled(
            connection, "cases", municipality_id=town, applicant_id=person, state="draft", type="methodical_material"
        )
        old = filled(
            connection, "document", municipality_id=town, case_id=case, edition=1, state="replaced", number="1"
        )
        filled(
            connection,
            "document",
            municipality_id=town,
            case_id=case,
            edition=2,
            state="issued",
            replaces_id=old,
            number="1",
        )
    migrate.upgrade(url(engine))
    with engine.connect() as connection:
        codes = connection.scalars(text("SELECT code FROM document")).all()
        assert len(set(codes)) == 2 and all(len(one) == 12 for one in codes)
        assert connection.scalar(text("SELECT replaces_id FROM document WHERE edition = 2")) == old
    migrate.downgrade(url(engine), "0001")
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM document")) == 2
        assert triggers.installed(connection) == triggers.wanted(connection)


def test_the_standings_of_before_are_asked_for_once(engine):
    """Revision 0007: only the policy knows them, so the program reckons them after the migration."""
    migrate.upgrade(url(engine), "0006")
    with engine.begin() as connection:
        town = filled(connection, "municipality", zone="UTC", state="working")
    migrate.upgrade(url(engine))
    asked = text("SELECT municipality_id, last FROM counter WHERE register = 'standings'")
    with engine.connect() as connection:
        assert connection.execute(asked).all() == [(town, 0)]
    migrate.downgrade(url(engine), "0006")
    with engine.connect() as connection:
        assert connection.execute(asked).all() == []


@pytest.mark.parametrize("before", [[], [("search", 1), ("standings", 1)]])
def test_what_is_kept_is_reckoned_anew_also_where_nobody_ever_asked(engine, before):
    """Revision 0019: an instance set up since 0007 began with everything reckoned, and with no counter that says so."""
    migrate.upgrade(url(engine), "0018")
    with engine.begin() as connection:
        town = filled(connection, "municipality", zone="UTC", state="working")
        for register, last in before:
            filled(connection, "counter", municipality_id=town, register=register, year=0, last=last)
    migrate.upgrade(url(engine))
    asked = text("SELECT register, last FROM counter ORDER BY register")
    with engine.connect() as connection:
        assert [tuple(one) for one in connection.execute(asked)] == [
            ("search", 0),
            ("signed_late", 0),
            ("standings", 0),
            ("stays", 0),
        ]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("МАОУ «СОШ № 4 с углублённым изучением предметов»", "school"), ("МБОУ «Лицей № 3»", "school"),
        ("Центр образования «Луч»", "school"),
        ("МБДОУ «Детский сад № 5 художественно-эстетического развития»", "kindergarten"), ("МАДОУ № 12", "kindergarten"),
        ("МБУ ДО «Дом творчества»", "additional"), ("Детская школа искусств", "additional"), ("ДЮСШ «Старт»", "additional"),
        ("Алапаевский многопрофильный техникум", "professional"), ("МКУ «Информационно-методический центр»", "centre"),
        ("ГАОУ ДПО СО «Институт развития образования»", "institute"), ("Управление образования", "authority"),
        ("Комитет по образованию", "authority"), ("Городская библиотека", "partner"), ("Ромашка", ""),
        ("ЧОУ ДПО «Учебный центр»", ""), ("МБОУ «Центр диагностики и консультирования»", ""), ("МАУ «Школьное питание»", ""),
    ],
)  # fmt: skip
def test_the_kind_of_an_organisation_of_before_is_guessed_by_its_name(name, kind):
    """Revision 0019."""
    revision = ScriptDirectory.from_config(migrate.config()).get_revision("0019").module
    assert revision.guess(name) == kind


def test_organisations_of_an_older_program_get_their_kind(engine):
    migrate.upgrade(url(engine), "0018")
    with engine.begin() as connection:
        town = filled(connection, "municipality", zone="UTC", state="working")
        for name in ("Школа № 10", "Ромашка"):
            filled(connection, "organization", municipality_id=town, state="active", name=name)
    migrate.upgrade(url(engine))
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT name, type, phone FROM organization ORDER BY id"))
        assert [tuple(one) for one in rows] == [("Школа № 10", "school", ""), ("Ромашка", "", "")]


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
