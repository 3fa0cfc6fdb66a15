"""The plan of the programme.

Revision 0020, after 0019: items of the plan with what confirms them and who does what, projects within the programme;
other records name the item that they are evidence of.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow_app.db.models.base import Key

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "plan_item",
        sa.Column("code", Key, nullable=False),
        sa.Column("title", Key, nullable=False),
        sa.Column("stage", Key, nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("place", Key, nullable=False),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.Column("expected", Key, nullable=False),
        sa.Column("at_least", sa.Integer(), nullable=True),
        sa.Column("baseline", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("outcome", Key, nullable=False),
        sa.Column("reason", Key, nullable=False),
        sa.Column("ground", Key, nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("title_order", Key, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_plan_item_municipality_id")),
        sa.ForeignKeyConstraint(["responsible_id"], ["person.id"], name=op.f("fk_plan_item_responsible_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_item")),
    )
    with op.batch_alter_table("plan_item", schema=None) as batch_op:
        batch_op.create_index("ix_plan_item_by_id", ["municipality_id", "id"], unique=False)
        batch_op.create_index("ix_plan_item_by_title", ["municipality_id", "title_order", "id"], unique=False)
        batch_op.create_index("ix_plan_item_by_until", ["municipality_id", "until", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_item_responsible_id"), ["responsible_id"], unique=False)

    op.create_table(
        "plan_duty",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("duty", Key, nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("within_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_plan_duty_municipality_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_plan_duty_person_id")),
        sa.ForeignKeyConstraint(["within_id"], ["plan_item.id"], name=op.f("fk_plan_duty_within_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_duty")),
    )
    with op.batch_alter_table("plan_duty", schema=None) as batch_op:
        batch_op.create_index("ix_plan_duty_by_id", ["within_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_duty_person_id"), ["person_id"], unique=False)

    op.create_table(
        "plan_evidence",
        sa.Column("title", Key, nullable=False),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("link", Key, nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("within_id", sa.Integer(), nullable=False),
        sa.Column("title_order", Key, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_plan_evidence_case_id")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_plan_evidence_municipality_id")
        ),
        sa.ForeignKeyConstraint(["within_id"], ["plan_item.id"], name=op.f("fk_plan_evidence_within_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_evidence")),
    )
    with op.batch_alter_table("plan_evidence", schema=None) as batch_op:
        batch_op.create_index("ix_plan_evidence_by_id", ["within_id", "id"], unique=False)
        batch_op.create_index("ix_plan_evidence_by_on", ["within_id", "on", "id"], unique=False)
        batch_op.create_index("ix_plan_evidence_by_title", ["within_id", "title_order", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_evidence_case_id"), ["case_id"], unique=False)

    op.create_table(
        "subproject",
        sa.Column("title", Key, nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("plan_item_id", sa.Integer(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("goal", Key, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("defended_on", sa.Date(), nullable=True),
        sa.Column("verdict", Key, nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("title_order", Key, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_subproject_case_id")),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_subproject_municipality_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_subproject_owner_id")),
        sa.ForeignKeyConstraint(["plan_item_id"], ["plan_item.id"], name=op.f("fk_subproject_plan_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subproject")),
    )
    with op.batch_alter_table("subproject", schema=None) as batch_op:
        batch_op.create_index("ix_subproject_by_id", ["municipality_id", "id"], unique=False)
        batch_op.create_index("ix_subproject_by_since", ["municipality_id", "since", "id"], unique=False)
        batch_op.create_index("ix_subproject_by_title", ["municipality_id", "title_order", "id"], unique=False)
        batch_op.create_index("ix_subproject_by_until", ["municipality_id", "until", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_subproject_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_subproject_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_subproject_plan_item_id"), ["plan_item_id"], unique=False)

    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("plan_item_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_agreement_plan_item_id"), ["plan_item_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_agreement_plan_item_id"), "plan_item", ["plan_item_id"], ["id"])

    with op.batch_alter_table("centre_event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("plan_item_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_centre_event_plan_item_id"), ["plan_item_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_centre_event_plan_item_id"), "plan_item", ["plan_item_id"], ["id"])

    with op.batch_alter_table("local_act", schema=None) as batch_op:
        batch_op.add_column(sa.Column("plan_item_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_local_act_plan_item_id"), ["plan_item_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_local_act_plan_item_id"), "plan_item", ["plan_item_id"], ["id"])

    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.add_column(sa.Column("plan_item_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_publication_plan_item_id"), ["plan_item_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_publication_plan_item_id"), "plan_item", ["plan_item_id"], ["id"])


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_publication_plan_item_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_publication_plan_item_id"))
        batch_op.drop_column("plan_item_id")

    with op.batch_alter_table("local_act", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_local_act_plan_item_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_local_act_plan_item_id"))
        batch_op.drop_column("plan_item_id")

    with op.batch_alter_table("centre_event", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_centre_event_plan_item_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_centre_event_plan_item_id"))
        batch_op.drop_column("plan_item_id")

    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_agreement_plan_item_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_agreement_plan_item_id"))
        batch_op.drop_column("plan_item_id")

    with op.batch_alter_table("subproject", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subproject_plan_item_id"))
        batch_op.drop_index(batch_op.f("ix_subproject_owner_id"))
        batch_op.drop_index(batch_op.f("ix_subproject_case_id"))
        batch_op.drop_index("ix_subproject_by_until")
        batch_op.drop_index("ix_subproject_by_title")
        batch_op.drop_index("ix_subproject_by_since")
        batch_op.drop_index("ix_subproject_by_id")

    op.drop_table("subproject")
    with op.batch_alter_table("plan_evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_evidence_case_id"))
        batch_op.drop_index("ix_plan_evidence_by_title")
        batch_op.drop_index("ix_plan_evidence_by_on")
        batch_op.drop_index("ix_plan_evidence_by_id")

    op.drop_table("plan_evidence")
    with op.batch_alter_table("plan_duty", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_duty_person_id"))
        batch_op.drop_index("ix_plan_duty_by_id")

    op.drop_table("plan_duty")
    with op.batch_alter_table("plan_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_item_responsible_id"))
        batch_op.drop_index("ix_plan_item_by_until")
        batch_op.drop_index("ix_plan_item_by_title")
        batch_op.drop_index("ix_plan_item_by_id")

    op.drop_table("plan_item")
