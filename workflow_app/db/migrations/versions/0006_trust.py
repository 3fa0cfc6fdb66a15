"""trust

Revision 0006, after 0005. What an event states of its row, the numbers of roots, the log of heads. Rows of before are stated by
``workflow_app.runtime.backfill`` afterwards, which the counter «adopt» asks for: only the gate writes events.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow_app.db import triggers
from workflow_app.db.models.base import JsonOrNull, Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _ask_for_adoption(connection: sa.Connection) -> None:
    """Municipalities with events of before are adopted once."""
    event = sa.table("event", sa.column("municipality_id", sa.Integer()))
    counter = sa.table("counter", *(sa.column(one) for one in ("municipality_id", "register", "year", "last")))
    for id_ in connection.scalars(sa.select(event.c.municipality_id).distinct()).all():
        connection.execute(counter.insert().values(municipality_id=id_, register="adopt", year=0, last=0))


def upgrade() -> None:
    """Go forward. Columns are added in place: the table of events is not made anew."""
    op.add_column("event", sa.Column("facts", JsonOrNull, nullable=True))
    op.add_column("event", sa.Column("root_no", sa.Integer(), nullable=True))
    op.add_column("event", sa.Column("root_previous", sa.String(), nullable=True))
    op.create_index("uq_event_root_no", "event", ["municipality_id", "root_no"], unique=True)
    op.create_table(
        "checkpoint",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkpoint")),
    )
    op.create_table(
        "log_leaf",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("checkpoint_id", sa.Integer(), nullable=False),
        sa.Column("root_kind", sa.String(), nullable=False),
        sa.Column("root_id", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["checkpoint_id"], ["checkpoint.id"], name=op.f("fk_log_leaf_checkpoint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_leaf")),
    )
    op.create_index("ix_log_leaf_checkpoint_id", "log_leaf", ["checkpoint_id"])
    op.create_index("ix_log_leaf_root", "log_leaf", ["root_kind", "root_id", "length"])
    _ask_for_adoption(op.get_bind())
    triggers.install(op.get_bind())


def downgrade() -> None:
    """Go back."""
    op.drop_table("log_leaf")
    op.drop_table("checkpoint")
    op.drop_index("uq_event_root_no", table_name="event")
    with op.batch_alter_table("event") as batch_op:
        batch_op.drop_column("root_previous")
        batch_op.drop_column("root_no")
        batch_op.drop_column("facts")
    triggers.install(op.get_bind())
