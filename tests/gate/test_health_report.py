"""Health is read on both databases; the page's and the command's own tests stand in ``tests/web/test_health.py``."""

from sqlalchemy import event, text

from workflow_app import config
from workflow_app.db import leases, migrate
from workflow_app.operations import health


def test_the_parts_of_the_database_are_read_on_both(stage, tmp_path):
    known = config.Config(tmp_path)
    with leases.held(stage.database, leases.TICK):
        pass
    parts = {one.key: one for one in health.report(stage.database, known).parts}
    assert [parts[key].state for key in ("database", "timers", "jobs", "versions")] == ["well"] * 4
    assert "МБ" in str(parts["database"].said)
    assert stage.database.engine.dialect.name in str(parts["versions"].said).lower()


def test_a_database_of_another_version_is_named(stage, tmp_path):
    with stage.database.transaction(keep=True) as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    found = health.report(stage.database, config.Config(tmp_path)).parts[0]
    assert (found.key, found.state) == ("database", "attention")
    assert migrate.head() in str(found.said)
    assert "db upgrade" in str(found.todo)


def test_a_database_that_takes_no_writes_any_more_is_named_on_both(stage, tmp_path):
    engine = stage.database.engine
    closed = {"sqlite": "PRAGMA query_only=ON", "postgresql": "SET default_transaction_read_only = on"}

    def close(connection, _record):
        connection.cursor().execute(closed[engine.dialect.name])
        connection.commit()

    engine.dispose()
    event.listen(engine, "connect", close)
    try:
        found = health.report(stage.database, config.Config(tmp_path)).parts[0]
    finally:
        event.remove(engine, "connect", close)
        engine.dispose()
    assert (found.state, "Не записывает" in str(found.said)) == ("attention", True)
    assert "права" in str(found.todo)
