"""letters of a case

Revision 0018, after 0017: an index of the letters by the case that they are about: its history read all letters there are.
"""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_index("ix_outbox_case", "outbox", ["case_id"])


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_outbox_case", table_name="outbox")
