"""Commissions of experts, the approved roster of specialists.

Revision 0027, after 0025.
Keep compatible with the code before it; on SQLite a batch may drop triggers: call `triggers.install` at the end.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow_app.db.models.base import Json, Key

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "approved_specialist",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("act", Key, nullable=False),
        sa.Column("paper", Key, nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("posts", Key, nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_approved_specialist_municipality_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_approved_specialist_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approved_specialist")),
    )
    with op.batch_alter_table("approved_specialist", schema=None) as batch_op:
        batch_op.create_index("ix_approved_specialist_by_id", ["municipality_id", "id"], unique=False)
        batch_op.create_index("ix_approved_specialist_by_on", ["municipality_id", "on", "id"], unique=False)
        batch_op.create_index("ix_approved_specialist_by_until", ["municipality_id", "until", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_approved_specialist_person_id"), ["person_id"], unique=False)

    op.create_table(
        "commission",
        sa.Column("name", Key, nullable=False),
        sa.Column("directions", Json, nullable=False),
        sa.Column("posts", Key, nullable=False),
        sa.Column("chair_id", sa.Integer(), nullable=True),
        sa.Column("lead_id", sa.Integer(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("paper", Key, nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("title_order", Key, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["chair_id"], ["person.id"], name=op.f("fk_commission_chair_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["person.id"], name=op.f("fk_commission_lead_id")),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_commission_municipality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commission")),
    )
    with op.batch_alter_table("commission", schema=None) as batch_op:
        batch_op.create_index("ix_commission_by_id", ["municipality_id", "id"], unique=False)
        batch_op.create_index("ix_commission_by_since", ["municipality_id", "since", "id"], unique=False)
        batch_op.create_index("ix_commission_by_title", ["municipality_id", "title_order", "id"], unique=False)
        batch_op.create_index("ix_commission_by_until", ["municipality_id", "until", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_commission_chair_id"), ["chair_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_commission_lead_id"), ["lead_id"], unique=False)

    op.create_table(
        "commission_member",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("within_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_commission_member_municipality_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_commission_member_person_id")),
        sa.ForeignKeyConstraint(["within_id"], ["commission.id"], name=op.f("fk_commission_member_within_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commission_member")),
    )
    with op.batch_alter_table("commission_member", schema=None) as batch_op:
        batch_op.create_index("ix_commission_member_by_id", ["within_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_commission_member_person_id"), ["person_id"], unique=False)

    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("meant_lead_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_cases_meant_lead_id"), "person", ["meant_lead_id"], ["id"])


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_cases_meant_lead_id"), type_="foreignkey")
        batch_op.drop_column("meant_lead_id")

    with op.batch_alter_table("commission_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_commission_member_person_id"))
        batch_op.drop_index("ix_commission_member_by_id")

    op.drop_table("commission_member")
    with op.batch_alter_table("commission", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_commission_lead_id"))
        batch_op.drop_index(batch_op.f("ix_commission_chair_id"))
        batch_op.drop_index("ix_commission_by_until")
        batch_op.drop_index("ix_commission_by_title")
        batch_op.drop_index("ix_commission_by_since")
        batch_op.drop_index("ix_commission_by_id")

    op.drop_table("commission")
    with op.batch_alter_table("approved_specialist", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approved_specialist_person_id"))
        batch_op.drop_index("ix_approved_specialist_by_until")
        batch_op.drop_index("ix_approved_specialist_by_on")
        batch_op.drop_index("ix_approved_specialist_by_id")

    op.drop_table("approved_specialist")
