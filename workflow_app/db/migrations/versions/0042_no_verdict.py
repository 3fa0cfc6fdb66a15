"""What was withdrawn or cancelled, and came into the archive before its verdict was taken back with it, has none any more.

Revision 0042, after 0041. Which way a case came into the archive is read from its event.
"""

from __future__ import annotations

from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.execute(
        """
        UPDATE cases SET percent = NULL, rule_verdict = NULL, verdict = NULL
        WHERE verdict IS NOT NULL AND (
            state IN ('withdrawn', 'cancelled') OR state = 'archived' AND id IN (
                SELECT subject_id FROM event
                WHERE subject_kind = 'case' AND transition = 'archive' AND before IN ('withdrawn', 'cancelled')
            )
        )
        """
    )


def downgrade() -> None:
    """Go back: what came to nothing stays without a verdict."""
