"""data requests

Revision 0015, after 0014: tables of «сбор сведений» and of the answers to it, as the content types declare them (ADR 25).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow_app.db.models.base import Json, Key

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "data_request",
        sa.Column("title", Key, nullable=False),
        sa.Column("what", Key, nullable=False),
        sa.Column("asked", Json, nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("ground", Key, nullable=False),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("title_order", Key, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_data_request_municipality_id")),
        sa.ForeignKeyConstraint(["responsible_id"], ["person.id"], name=op.f("fk_data_request_responsible_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_request")),
    )
    with op.batch_alter_table("data_request", schema=None) as batch_op:
        batch_op.create_index("ix_data_request_by_id", ["municipality_id", "id"], unique=False)
        batch_op.create_index("ix_data_request_by_title", ["municipality_id", "title_order", "id"], unique=False)
        batch_op.create_index("ix_data_request_by_until", ["municipality_id", "until", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_data_request_responsible_id"), ["responsible_id"], unique=False)

    op.create_table(
        "data_answer",
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("told", Json, nullable=False),
        sa.Column("remark", Key, nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("within_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_data_answer_municipality_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_data_answer_organization_id")),
        sa.ForeignKeyConstraint(["within_id"], ["data_request.id"], name=op.f("fk_data_answer_within_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_answer")),
    )
    with op.batch_alter_table("data_answer", schema=None) as batch_op:
        batch_op.create_index("ix_data_answer_by_id", ["within_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_data_answer_organization_id"), ["organization_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("data_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_data_answer_organization_id"))
        batch_op.drop_index("ix_data_answer_by_id")

    op.drop_table("data_answer")
    with op.batch_alter_table("data_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_data_request_responsible_id"))
        batch_op.drop_index("ix_data_request_by_until")
        batch_op.drop_index("ix_data_request_by_title")
        batch_op.drop_index("ix_data_request_by_id")

    op.drop_table("data_request")
