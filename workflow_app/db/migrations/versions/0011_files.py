"""files

Revision 0011, after 0010: a file belongs to a case or to a record of a content type (ADR 28).
Keep compatible with the code before it; on SQLite a batch may drop triggers: call `triggers.install` at the end.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow_app.db import triggers
from workflow_app.db.models.base import Key

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_OWNER = "(case_id is null) <> (record_id is null) and (record_kind is null) = (record_id is null)"


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.alter_column("case_id", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column("record_kind", Key, nullable=True))
        batch_op.add_column(sa.Column("record_id", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(op.f("ck_case_file_owner"), _OWNER)
        batch_op.create_index("ix_case_file_record", ["record_kind", "record_id"], unique=False)
    triggers.install(op.get_bind())


def downgrade() -> None:
    """Go back: only while no record has files."""
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.drop_index("ix_case_file_record")
        batch_op.drop_constraint(op.f("ck_case_file_owner"), type_="check")
        batch_op.drop_column("record_id")
        batch_op.drop_column("record_kind")
        batch_op.alter_column("case_id", existing_type=sa.Integer(), nullable=False)
    triggers.install(op.get_bind())
