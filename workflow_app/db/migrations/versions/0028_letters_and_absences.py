"""Lengths of terms from a day on.

Revision 0028, after 0025.
Keep compatible with the code before it; on SQLite a batch may drop triggers: call `triggers.install` at the end.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_TERM = ("municipality_id", "case_type", "key")


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("term", schema=None) as batch_op:
        batch_op.add_column(sa.Column("since", sa.Date(), server_default="2000-01-01", nullable=False))
        batch_op.drop_constraint(batch_op.f("pk_term"), type_="primary")
        batch_op.create_primary_key(batch_op.f("pk_term"), [*_TERM, "since"])
        batch_op.alter_column("since", server_default=None)


def downgrade() -> None:
    """Go back: of several lengths of a term the latest stays."""
    op.execute(
        "delete from term where exists (select 1 from term later where later.municipality_id = term.municipality_id "
        "and later.case_type = term.case_type and later.key = term.key and later.since > term.since)"
    )
    with op.batch_alter_table("term", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("pk_term"), type_="primary")
        batch_op.create_primary_key(batch_op.f("pk_term"), [*_TERM])
        batch_op.drop_column("since")
