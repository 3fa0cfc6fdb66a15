"""reminder of data requests

Revision 0017, after 0016: how many days before its term a request reminds those who have not answered; NULL: not at all.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("data_request", sa.Column("reminder", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Go back."""
    op.drop_column("data_request", "reminder")
