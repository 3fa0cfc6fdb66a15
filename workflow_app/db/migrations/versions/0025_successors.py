"""What takes the place of what: local acts that replace others, surveys that repeat others.

Revision 0025, after 0024, 2026-11-30 07:47:42.736032.
Keep compatible with the code before it; on SQLite a batch may drop triggers: call `triggers.install` at the end.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("local_act", schema=None) as batch_op:
        batch_op.add_column(sa.Column("replaces_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("repealed_on", sa.Date(), nullable=True))
        batch_op.create_index(batch_op.f("ix_local_act_replaces_id"), ["replaces_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_local_act_replaces_id"), "local_act", ["replaces_id"], ["id"])

    with op.batch_alter_table("survey", schema=None) as batch_op:
        batch_op.add_column(sa.Column("repeats_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_survey_repeats_id"), ["repeats_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_survey_repeats_id"), "survey", ["repeats_id"], ["id"])


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("survey", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_survey_repeats_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_survey_repeats_id"))
        batch_op.drop_column("repeats_id")

    with op.batch_alter_table("local_act", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_local_act_replaces_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_local_act_replaces_id"))
        batch_op.drop_column("repealed_on")
        batch_op.drop_column("replaces_id")
