"""What a column of JSON holds, as text: a letter takes its own bytes and not six for its number."""

from sqlalchemy import JSON, Column, Integer, MetaData, Table, insert, select, text

from workflow_app.db.session import open_engine


def test_letters_are_kept_as_themselves_and_older_rows_are_read_alike(empty_database_url):
    engine = open_engine(empty_database_url)
    table = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("said", JSON))
    with engine.connect() as connection:
        table.create(connection)
        connection.execute(insert(table), {"id": 1, "said": {"название": "Учебный план"}})
        connection.execute(text("INSERT INTO t VALUES (2, :said)"), {"said": r'{"план": "\u0443\u0447"}'})
        stored = connection.scalar(text("SELECT CAST(said AS VARCHAR) FROM t WHERE id = 1"))
        assert stored == '{"название": "Учебный план"}'
        assert connection.scalars(select(table.c.said).order_by(table.c.id)).all() == [
            {"название": "Учебный план"},
            {"план": "уч"},
        ]
        connection.rollback()
    engine.dispose()
