"""published

Revision 0012, after 0011: whether strangers see a record, for each kind with an open page (ADR 28).
Keep compatible with the code before it; on SQLite a batch may drop triggers: call `triggers.install` at the end.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow_app.db import triggers

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("centre_event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("published", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_index("ix_centre_event_published", ["published", "on", "id"], unique=False)

    with op.batch_alter_table("expert_record", schema=None) as batch_op:
        batch_op.add_column(sa.Column("published", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_index("ix_expert_record_published", ["published", "id"], unique=False)

    with op.batch_alter_table("local_act", schema=None) as batch_op:
        batch_op.add_column(sa.Column("published", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_index("ix_local_act_published", ["published", "on", "id"], unique=False)

    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.add_column(sa.Column("published", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_index("ix_publication_published", ["published", "on", "id"], unique=False)
    triggers.install(op.get_bind())


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.drop_index("ix_publication_published")
        batch_op.drop_column("published")

    with op.batch_alter_table("local_act", schema=None) as batch_op:
        batch_op.drop_index("ix_local_act_published")
        batch_op.drop_column("published")

    with op.batch_alter_table("expert_record", schema=None) as batch_op:
        batch_op.drop_index("ix_expert_record_published")
        batch_op.drop_column("published")

    with op.batch_alter_table("centre_event", schema=None) as batch_op:
        batch_op.drop_index("ix_centre_event_published")
        batch_op.drop_column("published")
    triggers.install(op.get_bind())
