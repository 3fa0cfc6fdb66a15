"""Figures of the dashboard: how long stages lasted, whether sheets were signed in time, indexes that are summed.

Revision 0032, after 0025. The stays of before are reckoned from the events by ``workflow_app.runtime.backfill`` afterwards, which
the counter «stays» asks for; whether older sheets were signed in time nobody kept.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow_app.db.models.base import Key

revision = "0032"
down_revision = "0029"
branch_labels = None
depends_on = None

_CASE = (
    "municipality_id", "state", "type", "channel", "organization_id", "turn", "due_on", "state_since", "registered_at",
    "submitted_at", "created_at", "approved_at", "criteria_id", "verdict", "appeals", "applicant_id", "id",
)  # fmt: skip
_PLACE = ("municipality_id", "case_id", "expert_id", "state", "due_on", "signed_late")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "stay",
        sa.Column("case_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("left_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_stay")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_stay_lengths", "stay", ["municipality_id", "state", "left_on", "days", "case_id"])
    op.add_column("assignment", sa.Column("signed_late", sa.Boolean(), nullable=True))
    op.create_index("ix_assignment_figures", "assignment", list(_PLACE))
    op.create_index("ix_case_figures", "cases", list(_CASE))
    op.execute("INSERT INTO counter (municipality_id, register, year, last) SELECT id, 'stays', 0, 0 FROM municipality")


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_case_figures", table_name="cases")
    op.drop_index("ix_assignment_figures", table_name="assignment")
    op.drop_column("assignment", "signed_late")
    op.drop_table("stay")
    op.execute("DELETE FROM counter WHERE register = 'stays'")
