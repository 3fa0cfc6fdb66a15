"""Orders of a month, and the cases in their annexes.

Revision 0033, after 0032, 2026-11-30 11:36:20.594770.
Keep compatible with the code before it; on SQLite a batch may drop triggers: call `triggers.install` at the end.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow_app.db.models.base import Key

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "month_order",
        sa.Column("title", Key, nullable=False),
        sa.Column("order_kind", Key, nullable=False),
        sa.Column("scope", Key, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.Column("signer_id", sa.Integer(), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("title_order", Key, nullable=False),
        sa.Column("number", Key, nullable=True),
        sa.Column("number_key", Key, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_month_order_municipality_id")),
        sa.ForeignKeyConstraint(["responsible_id"], ["person.id"], name=op.f("fk_month_order_responsible_id")),
        sa.ForeignKeyConstraint(["signer_id"], ["person.id"], name=op.f("fk_month_order_signer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_month_order")),
        sa.UniqueConstraint("municipality_id", "number", name=op.f("uq_month_order_municipality_id_number")),
    )
    with op.batch_alter_table("month_order", schema=None) as batch_op:
        batch_op.create_index("ix_month_order_by_id", ["municipality_id", "id"], unique=False)
        batch_op.create_index("ix_month_order_by_month", ["municipality_id", "month", "id"], unique=False)
        batch_op.create_index("ix_month_order_by_number", ["municipality_id", "number_key", "id"], unique=False)
        batch_op.create_index("ix_month_order_by_title", ["municipality_id", "title_order", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_month_order_responsible_id"), ["responsible_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_month_order_signer_id"), ["signer_id"], unique=False)

    op.create_table(
        "ordered_case",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("once", Key, nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("within_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_ordered_case_case_id")),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_ordered_case_municipality_id")),
        sa.ForeignKeyConstraint(["within_id"], ["month_order.id"], name=op.f("fk_ordered_case_within_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ordered_case")),
        sa.UniqueConstraint("once", name=op.f("uq_ordered_case_once")),
    )
    with op.batch_alter_table("ordered_case", schema=None) as batch_op:
        batch_op.create_index("ix_ordered_case_by_id", ["within_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ordered_case_case_id"), ["case_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("ordered_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ordered_case_case_id"))
        batch_op.drop_index("ix_ordered_case_by_id")

    op.drop_table("ordered_case")
    with op.batch_alter_table("month_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_month_order_signer_id"))
        batch_op.drop_index(batch_op.f("ix_month_order_responsible_id"))
        batch_op.drop_index("ix_month_order_by_title")
        batch_op.drop_index("ix_month_order_by_number")
        batch_op.drop_index("ix_month_order_by_month")
        batch_op.drop_index("ix_month_order_by_id")

    op.drop_table("month_order")
