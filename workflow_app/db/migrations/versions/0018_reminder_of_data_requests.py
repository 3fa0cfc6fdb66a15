"""reminder of data requests

Revision 0018, after 0017: how many days before its term a request reminds those who have not answered; NULL: not at all.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("data_request", sa.Column("reminder", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Go back."""
    op.drop_column("data_request", "reminder")
