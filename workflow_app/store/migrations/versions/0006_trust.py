"""trust

Revision 0006, after 0005. What an event states of its row, and the numbers of roots. Rows of before are stated by
``workflow_app.adopting`` afterwards, which the counter «adopt» asks for: only the gate writes events.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow_app.store import triggers
from workflow_app.store.models.base import JsonOrNull

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
    _ask_for_adoption(op.get_bind())
    triggers.install(op.get_bind())


def downgrade() -> None:
    """Go back."""
    op.drop_index("uq_event_root_no", table_name="event")
    with op.batch_alter_table("event") as batch_op:
        batch_op.drop_column("root_previous")
        batch_op.drop_column("root_no")
        batch_op.drop_column("facts")
    triggers.install(op.get_bind())
