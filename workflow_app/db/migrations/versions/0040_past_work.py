"""What the assignments of experts add up to, and the index that tells what each was invited to last.

Revision 0040, after 0039. ``workflow_app.runtime.backfill`` reckons the past afterwards, which the counter «past_work» asks for: only the
program knows the days of a centre.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow_app.db import counters
from workflow_app.db.models.base import Key

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_SUMS = ("taken", "signed", "late", "unknown", "lapsed")
_KEYS = ("expert_id", "day", "organization_id", "level")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "past_work",
        sa.Column("expert_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("organization_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("level", Key, nullable=False),
        *(sa.Column(one, sa.Integer(), nullable=False) for one in _SUMS),
        sa.PrimaryKeyConstraint(*_KEYS, name=op.f("pk_past_work")),
        sqlite_with_rowid=False,
    )
    _newest(["expert_id", "id", "state", "case_id"])
    counters.ask(op.get_bind(), "past_work")


def downgrade() -> None:
    """Go back."""
    op.execute("DELETE FROM counter WHERE register IN ('past_work', 'judged_texts')")
    _newest(["expert_id", "id"])
    op.drop_table("past_work")


def _newest(columns: list[str]) -> None:
    op.drop_index("ix_assignment_newest", table_name="assignment")
    op.create_index("ix_assignment_newest", "assignment", columns)
