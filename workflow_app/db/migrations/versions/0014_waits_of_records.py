"""waits of records

Revision 0014, after 0013: what waits for the officers of a school, and in records at all (ADR 29). What stands in the table is
reckoned from the other rows, so it is made anew; the counter «standings» asks for the reckoning. A letter that is written once
has a key that says for what.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow_app.db import counters
from workflow_app.db.models.base import Key

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_WALKED = ("root_id", "todo", "subject_id", "who", "since", "four_eyes")


def _table(*whose: sa.Column[int]) -> None:
    """Make the table of what waits, empty; ``whose`` it is beside a person's and a municipality's."""
    names = ("person_id", "municipality_id", "who", "todo", "subject_kind", "subject_id", *(one.name for one in whose))
    op.create_table(
        "waiting",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("municipality_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("who", Key, nullable=False),
        sa.Column("todo", Key, nullable=False),
        sa.Column("subject_kind", Key, nullable=False),
        sa.Column("subject_id", sa.Integer(), autoincrement=False, nullable=False),
        *whose,
        sa.Column("root_kind", sa.String(), nullable=False),
        sa.Column("root_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("four_eyes", sa.Boolean(), nullable=False),
        sa.Column("step", Key, nullable=False, server_default=""),
        sa.PrimaryKeyConstraint(*names, name=op.f("pk_waiting")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_waiting_root", "waiting", ["root_kind", "root_id"])
    mine = ("person_id", "municipality_id", *(one.name for one in whose))
    walked = (*_WALKED, *(("subject_kind",) if whose else ()))
    op.create_index("ix_waiting_due", "waiting", [*mine, "due_on", *walked])
    op.create_index("ix_waiting_step", "waiting", [*mine, "step", "due_on", *walked])
    counters.ask(op.get_bind(), "standings")


def upgrade() -> None:
    """Go forward."""
    op.drop_table("waiting")
    _table(sa.Column("organization_id", sa.Integer(), autoincrement=False, nullable=False))
    op.create_index("ix_waiting_term", "waiting", ["todo", "due_on"])
    op.add_column("outbox", sa.Column("once", Key, nullable=True))
    op.create_index("uq_outbox_once", "outbox", ["once"], unique=True)


def downgrade() -> None:
    """Go back."""
    op.drop_index("uq_outbox_once", table_name="outbox")
    op.drop_column("outbox", "once")
    op.drop_table("waiting")
    _table()
