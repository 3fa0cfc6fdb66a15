"""Surveys.

Revision 0024, after 0023: surveys, and apart from them the boxes in which answers wait, the answers, the codes (ADR 31).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow_app.db.models.base import Json, Key

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "survey",
        sa.Column("title", Key, nullable=False),
        sa.Column("audience", Key, nullable=False),
        sa.Column("stage", Key, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("by_code", sa.Boolean(), nullable=False),
        sa.Column("introduction", Key, nullable=False),
        sa.Column("asked", Json, nullable=False),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("plan_item_id", sa.Integer(), nullable=True),
        sa.Column("counted", sa.Integer(), nullable=True),
        sa.Column("digest", Key, nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("title_order", Key, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["centre_event.id"], name=op.f("fk_survey_event_id")),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_survey_municipality_id")),
        sa.ForeignKeyConstraint(["plan_item_id"], ["plan_item.id"], name=op.f("fk_survey_plan_item_id")),
        sa.ForeignKeyConstraint(["responsible_id"], ["person.id"], name=op.f("fk_survey_responsible_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
    )
    with op.batch_alter_table("survey", schema=None) as batch_op:
        batch_op.create_index("ix_survey_by_counted", ["municipality_id", "counted", "id"], unique=False)
        batch_op.create_index("ix_survey_by_id", ["municipality_id", "id"], unique=False)
        batch_op.create_index("ix_survey_by_title", ["municipality_id", "title_order", "id"], unique=False)
        batch_op.create_index("ix_survey_by_until", ["municipality_id", "until", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_plan_item_id"), ["plan_item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_responsible_id"), ["responsible_id"], unique=False)

    op.create_table(
        "survey_answer",
        sa.Column("id", Key, nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("answers", Json, nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_answer_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_answer")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("survey_answer", schema=None) as batch_op:
        batch_op.create_index("ix_survey_answer_survey_id", ["survey_id"], unique=False)

    op.create_table(
        "survey_box",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("slug", Key, nullable=False),
        sa.Column("answers", Json, nullable=False),
        sa.Column("codes", Json, nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_box_survey_id")),
        sa.PrimaryKeyConstraint("survey_id", name=op.f("pk_survey_box")),
        sa.UniqueConstraint("slug", name=op.f("uq_survey_box_slug")),
    )
    op.create_table(
        "survey_code",
        sa.Column("hash", Key, nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("used", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_code_survey_id")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_survey_code")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("survey_code", schema=None) as batch_op:
        batch_op.create_index("ix_survey_code_survey_id", ["survey_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("survey_code", schema=None) as batch_op:
        batch_op.drop_index("ix_survey_code_survey_id")

    op.drop_table("survey_code")
    op.drop_table("survey_box")
    with op.batch_alter_table("survey_answer", schema=None) as batch_op:
        batch_op.drop_index("ix_survey_answer_survey_id")

    op.drop_table("survey_answer")
    with op.batch_alter_table("survey", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_survey_responsible_id"))
        batch_op.drop_index(batch_op.f("ix_survey_plan_item_id"))
        batch_op.drop_index(batch_op.f("ix_survey_event_id"))
        batch_op.drop_index("ix_survey_by_until")
        batch_op.drop_index("ix_survey_by_title")
        batch_op.drop_index("ix_survey_by_id")
        batch_op.drop_index("ix_survey_by_counted")

    op.drop_table("survey")
