"""Whether sheets of before revision 0032 were signed in time.

Revision 0036, after 0035. ``workflow_app.runtime.backfill`` reckons it from the journal afterwards, which the counter «signed_late» asks
for: only the program knows calendars and terms. What is known already stays.
"""

from __future__ import annotations

from alembic import op

from workflow_app.db import counters

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    counters.ask(op.get_bind(), "signed_late")


def downgrade() -> None:
    """Go back."""
    op.execute("DELETE FROM counter WHERE register = 'signed_late'")
