"""The list of profiles is no longer sorted by the limit of work, whose index goes.

Revision 0041, after 0040. An instance that leaves the index keeps working: only the list used it.
"""

from __future__ import annotations

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_NAME = "ix_expert_profile_by_load_limit"


def upgrade() -> None:
    """Go forward."""
    op.drop_index(_NAME, table_name="expert_profile")


def downgrade() -> None:
    """Go back."""
    op.create_index(_NAME, "expert_profile", ["municipality_id", "load_limit", "id"])
