"""Profiles that experts fill in themselves.

Revision 0035, after 0034, 2026-11-30 12:24:32.
Keep compatible with the code before it; on SQLite a batch may drop triggers: call `triggers.install` at the end.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow_app.db.models.base import Json, Key

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "expert_profile",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("word", Key, nullable=False),
        sa.Column("directions", Json, nullable=False),
        sa.Column("profile", Key, nullable=False),
        sa.Column("category", Key, nullable=False),
        sa.Column("education", Key, nullable=False),
        sa.Column("training", Key, nullable=False),
        sa.Column("load_limit", sa.Integer(), nullable=False),
        sa.Column("remark", Key, nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_expert_profile_municipality_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_expert_profile_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_profile")),
    )
    with op.batch_alter_table("expert_profile", schema=None) as batch_op:
        batch_op.create_index("ix_expert_profile_by_id", ["municipality_id", "id"], unique=False)
        batch_op.create_index("ix_expert_profile_by_load_limit", ["municipality_id", "load_limit", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_expert_profile_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    op.drop_table("expert_profile")
