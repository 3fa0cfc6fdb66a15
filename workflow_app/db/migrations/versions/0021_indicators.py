"""The programme, its indicators, its reports.

Revision 0021, after 0020: the passport of the programme, lists of needed acts and resources, targets and typed values of indicators, reports.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow_app.db.models.base import Json, Key

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "indicator_target",
        sa.Column("indicator", Key, nullable=False),
        sa.Column("stage", Key, nullable=False),
        sa.Column("target", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=True),
        sa.Column("ground", Key, nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("title_order", Key, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_indicator_target_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_target")),
    )
    with op.batch_alter_table("indicator_target", schema=None) as batch_op:
        batch_op.create_index("ix_indicator_target_by_id", ["municipality_id", "id"], unique=False)
        batch_op.create_index("ix_indicator_target_by_title", ["municipality_id", "title_order", "id"], unique=False)

    op.create_table(
        "indicator_value",
        sa.Column("indicator", Key, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("value", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("numerator", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("denominator", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("paper", Key, nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("title_order", Key, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_indicator_value_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_value")),
    )
    with op.batch_alter_table("indicator_value", schema=None) as batch_op:
        batch_op.create_index("ix_indicator_value_by_id", ["municipality_id", "id"], unique=False)
        batch_op.create_index("ix_indicator_value_by_since", ["municipality_id", "since", "id"], unique=False)
        batch_op.create_index("ix_indicator_value_by_title", ["municipality_id", "title_order", "id"], unique=False)
        batch_op.create_index("ix_indicator_value_by_until", ["municipality_id", "until", "id"], unique=False)

    op.create_table(
        "programme",
        sa.Column("title", Key, nullable=False),
        sa.Column("status", Key, nullable=False),
        sa.Column("act", Key, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("leader_id", sa.Integer(), nullable=False),
        sa.Column("team", Key, nullable=False),
        sa.Column("link", Key, nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("title_order", Key, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["leader_id"], ["person.id"], name=op.f("fk_programme_leader_id")),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_programme_municipality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
    )
    with op.batch_alter_table("programme", schema=None) as batch_op:
        batch_op.create_index("ix_programme_by_id", ["municipality_id", "id"], unique=False)
        batch_op.create_index("ix_programme_by_since", ["municipality_id", "since", "id"], unique=False)
        batch_op.create_index("ix_programme_by_title", ["municipality_id", "title_order", "id"], unique=False)
        batch_op.create_index("ix_programme_by_until", ["municipality_id", "until", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_programme_leader_id"), ["leader_id"], unique=False)

    op.create_table(
        "programme_report",
        sa.Column("title", Key, nullable=False),
        sa.Column("report_kind", Key, nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.Column("stage", Key, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("deviations", Key, nullable=False),
        sa.Column("difficulties", Key, nullable=False),
        sa.Column("conclusions", Key, nullable=False),
        sa.Column("forecast", Key, nullable=False),
        sa.Column("following", Key, nullable=False),
        sa.Column("fixed", Json, nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("title_order", Key, nullable=False),
        sa.Column("number", Key, nullable=True),
        sa.Column("number_key", Key, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_programme_report_municipality_id")
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_programme_report_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_report")),
        sa.UniqueConstraint("municipality_id", "number", name=op.f("uq_programme_report_municipality_id_number")),
    )
    with op.batch_alter_table("programme_report", schema=None) as batch_op:
        batch_op.create_index("ix_programme_report_by_id", ["municipality_id", "id"], unique=False)
        batch_op.create_index("ix_programme_report_by_number", ["municipality_id", "number_key", "id"], unique=False)
        batch_op.create_index("ix_programme_report_by_title", ["municipality_id", "title_order", "id"], unique=False)
        batch_op.create_index("ix_programme_report_by_until", ["municipality_id", "until", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_programme_report_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "checklist_item",
        sa.Column("title", Key, nullable=False),
        sa.Column("of", Key, nullable=False),
        sa.Column("local_act_id", sa.Integer(), nullable=True),
        sa.Column("there", sa.Boolean(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("remark", Key, nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("title_order", Key, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["local_act_id"], ["local_act.id"], name=op.f("fk_checklist_item_local_act_id")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_checklist_item_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_item")),
    )
    with op.batch_alter_table("checklist_item", schema=None) as batch_op:
        batch_op.create_index("ix_checklist_item_by_id", ["municipality_id", "id"], unique=False)
        batch_op.create_index("ix_checklist_item_by_title", ["municipality_id", "title_order", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_checklist_item_local_act_id"), ["local_act_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("checklist_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_checklist_item_local_act_id"))
        batch_op.drop_index("ix_checklist_item_by_title")
        batch_op.drop_index("ix_checklist_item_by_id")

    op.drop_table("checklist_item")
    with op.batch_alter_table("programme_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_programme_report_programme_id"))
        batch_op.drop_index("ix_programme_report_by_until")
        batch_op.drop_index("ix_programme_report_by_title")
        batch_op.drop_index("ix_programme_report_by_number")
        batch_op.drop_index("ix_programme_report_by_id")

    op.drop_table("programme_report")
    with op.batch_alter_table("programme", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_programme_leader_id"))
        batch_op.drop_index("ix_programme_by_until")
        batch_op.drop_index("ix_programme_by_title")
        batch_op.drop_index("ix_programme_by_since")
        batch_op.drop_index("ix_programme_by_id")

    op.drop_table("programme")
    with op.batch_alter_table("indicator_value", schema=None) as batch_op:
        batch_op.drop_index("ix_indicator_value_by_until")
        batch_op.drop_index("ix_indicator_value_by_title")
        batch_op.drop_index("ix_indicator_value_by_since")
        batch_op.drop_index("ix_indicator_value_by_id")

    op.drop_table("indicator_value")
    with op.batch_alter_table("indicator_target", schema=None) as batch_op:
        batch_op.drop_index("ix_indicator_target_by_title")
        batch_op.drop_index("ix_indicator_target_by_id")

    op.drop_table("indicator_target")
