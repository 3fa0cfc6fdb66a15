"""The weights by which experts are ranked, and drafts of whom to invite to many cases.

Revision 0034, after 0033, 2026-11-30 10:50:00.
Keep compatible with the code before it; on SQLite a batch may drop triggers: call `triggers.install` at the end.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow_app.db.models.base import Json, Moment

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "affinity_weight",
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.CheckConstraint("weight >= 0", name=op.f("ck_affinity_weight_weight")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_affinity_weight_municipality_id")
        ),
        sa.PrimaryKeyConstraint("municipality_id", "part", name=op.f("pk_affinity_weight")),
    )
    op.create_table(
        "assignment_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("cases", Json, nullable=False),
        sa.Column("weights", Json, nullable=False),
        sa.Column("floor", sa.String(), nullable=False),
        sa.Column("pairs", Json, nullable=False),
        sa.Column("locked", Json, nullable=False),
        sa.Column("removed", Json, nullable=False),
        sa.Column("withdrawn", Json, nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_assignment_plan_changed_by")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_assignment_plan_job_id")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_assignment_plan_made_by")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_assignment_plan_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_plan")),
    )
    with op.batch_alter_table("assignment_plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_plan_municipality_id"), ["municipality_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    op.drop_table("assignment_plan")
    op.drop_table("affinity_weight")
