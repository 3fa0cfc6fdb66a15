"""standings

Revision 0007, after 0006. Who stands where and what waits for whom, kept beside the rows (ADR 23), and the indexes that lists walk.
The rows of before are reckoned by ``workflow_app.runtime.backfill`` afterwards, which the counter «standings» asks for: only the pure
policy knows them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow_app.db.models.base import Key

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_INDEXES: tuple[tuple[str, str, list[str | sa.TextClause]], ...] = (
    ("ix_case_newest", "cases", ["municipality_id", "id", "state", "type", "channel"]),
    ("ix_case_due", "cases", ["municipality_id", "due_on", sa.text("id DESC"), "state", "type", "channel"]),
    ("ix_case_school", "cases", ["organization_id", "municipality_id", "id", "state", "type", "channel"]),
    ("ix_cases_criteria_id", "cases", ["criteria_id"]),
    ("ix_document_replaces_id", "document", ["replaces_id"]),
)


def _ask_for_standings(connection: sa.Connection) -> None:
    """Municipalities of before are reckoned once."""
    municipality = sa.table("municipality", sa.column("id", sa.Integer()))
    counter = sa.table("counter", *(sa.column(one) for one in ("municipality_id", "register", "year", "last")))
    for id_ in connection.scalars(sa.select(municipality.c.id)).all():
        connection.execute(counter.insert().values(municipality_id=id_, register="standings", year=0, last=0))


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "standing",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject_kind", Key, nullable=False),
        sa.Column("who", Key, nullable=False),
        sa.Column("subject_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "subject_kind", "who", "subject_id", name=op.f("pk_standing")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_standing_subject", "standing", ["subject_kind", "subject_id"])
    op.create_table(
        "waiting",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("municipality_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("who", Key, nullable=False),
        sa.Column("todo", Key, nullable=False),
        sa.Column("subject_kind", Key, nullable=False),
        sa.Column("subject_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("root_kind", sa.String(), nullable=False),
        sa.Column("root_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("four_eyes", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint(
            "person_id", "municipality_id", "who", "todo", "subject_kind", "subject_id", name=op.f("pk_waiting")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_waiting_root", "waiting", ["root_kind", "root_id"])
    for index, table, columns in _INDEXES:
        op.create_index(index, table, columns)
    _ask_for_standings(op.get_bind())


def downgrade() -> None:
    """Go back."""
    for index, table, _ in reversed(_INDEXES):
        op.drop_index(index, table_name=table)
    op.drop_table("waiting")
    op.drop_table("standing")
    op.execute("DELETE FROM counter WHERE register = 'standings'")
