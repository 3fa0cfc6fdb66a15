"""Bodies, their meetings, orders and letters.

Revision 0023, after 0022: councils, communities and groups with their composition and former names; meetings with agenda, presence and
decisions; ordinary orders and letters with who reads them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow_app.db.models.base import Key

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "office_paper",
        sa.Column("title", Key, nullable=False),
        sa.Column("paper_kind", Key, nullable=False),
        sa.Column("addressee", Key, nullable=False),
        sa.Column("ground", Key, nullable=False),
        sa.Column("points", Key, nullable=False),
        sa.Column("annexes", Key, nullable=False),
        sa.Column("control_id", sa.Integer(), nullable=True),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("plan_item_id", sa.Integer(), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("title_order", Key, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["control_id"], ["person.id"], name=op.f("fk_office_paper_control_id")),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_office_paper_municipality_id")),
        sa.ForeignKeyConstraint(["plan_item_id"], ["plan_item.id"], name=op.f("fk_office_paper_plan_item_id")),
        sa.ForeignKeyConstraint(["responsible_id"], ["person.id"], name=op.f("fk_office_paper_responsible_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_paper")),
    )
    with op.batch_alter_table("office_paper", schema=None) as batch_op:
        batch_op.create_index("ix_office_paper_by_id", ["municipality_id", "id"], unique=False)
        batch_op.create_index("ix_office_paper_by_title", ["municipality_id", "title_order", "id"], unique=False)
        batch_op.create_index("ix_office_paper_by_until", ["municipality_id", "until", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_office_paper_control_id"), ["control_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_office_paper_plan_item_id"), ["plan_item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_office_paper_responsible_id"), ["responsible_id"], unique=False)

    op.create_table(
        "body",
        sa.Column("name", Key, nullable=False),
        sa.Column("genitive", Key, nullable=False),
        sa.Column("body_kind", Key, nullable=False),
        sa.Column("direction", Key, nullable=False),
        sa.Column("charter_id", sa.Integer(), nullable=True),
        sa.Column("paper", Key, nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=True),
        sa.Column("plan_item_id", sa.Integer(), nullable=True),
        sa.Column("about", Key, nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("title_order", Key, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["charter_id"], ["local_act.id"], name=op.f("fk_body_charter_id")),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_body_municipality_id")),
        sa.ForeignKeyConstraint(["plan_item_id"], ["plan_item.id"], name=op.f("fk_body_plan_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body")),
    )
    with op.batch_alter_table("body", schema=None) as batch_op:
        batch_op.create_index("ix_body_by_id", ["municipality_id", "id"], unique=False)
        batch_op.create_index("ix_body_by_since", ["municipality_id", "since", "id"], unique=False)
        batch_op.create_index("ix_body_by_title", ["municipality_id", "title_order", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_body_charter_id"), ["charter_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_body_plan_item_id"), ["plan_item_id"], unique=False)

    op.create_table(
        "paper_acquaintance",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("within_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_paper_acquaintance_municipality_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_paper_acquaintance_person_id")),
        sa.ForeignKeyConstraint(["within_id"], ["office_paper.id"], name=op.f("fk_paper_acquaintance_within_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_acquaintance")),
    )
    with op.batch_alter_table("paper_acquaintance", schema=None) as batch_op:
        batch_op.create_index("ix_paper_acquaintance_by_id", ["within_id", "id"], unique=False)
        batch_op.create_index("ix_paper_acquaintance_by_until", ["within_id", "until", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_acquaintance_person_id"), ["person_id"], unique=False)

    op.create_table(
        "body_member",
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("name", Key, nullable=False),
        sa.Column("office", Key, nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("position", Key, nullable=False),
        sa.Column("paper", Key, nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("within_id", sa.Integer(), nullable=False),
        sa.Column("title_order", Key, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_body_member_municipality_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_body_member_organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_body_member_person_id")),
        sa.ForeignKeyConstraint(["within_id"], ["body.id"], name=op.f("fk_body_member_within_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body_member")),
    )
    with op.batch_alter_table("body_member", schema=None) as batch_op:
        batch_op.create_index("ix_body_member_by_id", ["within_id", "id"], unique=False)
        batch_op.create_index("ix_body_member_by_since", ["within_id", "since", "id"], unique=False)
        batch_op.create_index("ix_body_member_by_title", ["within_id", "title_order", "id"], unique=False)
        batch_op.create_index("ix_body_member_by_until", ["within_id", "until", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_body_member_organization_id"), ["organization_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_body_member_person_id"), ["person_id"], unique=False)

    op.create_table(
        "body_name",
        sa.Column("name", Key, nullable=False),
        sa.Column("genitive", Key, nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("within_id", sa.Integer(), nullable=False),
        sa.Column("title_order", Key, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_body_name_municipality_id")),
        sa.ForeignKeyConstraint(["within_id"], ["body.id"], name=op.f("fk_body_name_within_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body_name")),
    )
    with op.batch_alter_table("body_name", schema=None) as batch_op:
        batch_op.create_index("ix_body_name_by_id", ["within_id", "id"], unique=False)
        batch_op.create_index("ix_body_name_by_title", ["within_id", "title_order", "id"], unique=False)
        batch_op.create_index("ix_body_name_by_until", ["within_id", "until", "id"], unique=False)

    op.create_table(
        "meeting",
        sa.Column("title", Key, nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("joint_body", Key, nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("starts", Key, nullable=False),
        sa.Column("place", Key, nullable=False),
        sa.Column("form", Key, nullable=False),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.Column("guests", Key, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("plan_item_id", sa.Integer(), nullable=True),
        sa.Column("programme", Key, nullable=False),
        sa.Column("visitors", sa.Integer(), nullable=True),
        sa.Column("questions", Key, nullable=False),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column("ground", Key, nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("paper", Key, nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("title_order", Key, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_meeting_body_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_meeting_case_id")),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_meeting_municipality_id")),
        sa.ForeignKeyConstraint(["plan_item_id"], ["plan_item.id"], name=op.f("fk_meeting_plan_item_id")),
        sa.ForeignKeyConstraint(["responsible_id"], ["person.id"], name=op.f("fk_meeting_responsible_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_body_id"), ["body_id"], unique=False)
        batch_op.create_index("ix_meeting_by_id", ["municipality_id", "id"], unique=False)
        batch_op.create_index("ix_meeting_by_on", ["municipality_id", "on", "id"], unique=False)
        batch_op.create_index("ix_meeting_by_title", ["municipality_id", "title_order", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_plan_item_id"), ["plan_item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_responsible_id"), ["responsible_id"], unique=False)

    op.create_table(
        "agenda_item",
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("title", Key, nullable=False),
        sa.Column("speaker_id", sa.Integer(), nullable=True),
        sa.Column("speaker", Key, nullable=False),
        sa.Column("is_programme", sa.Boolean(), nullable=False),
        sa.Column("plan_item_id", sa.Integer(), nullable=True),
        sa.Column("said", Key, nullable=False),
        sa.Column("decision", Key, nullable=False),
        sa.Column("in_favour", sa.Integer(), nullable=True),
        sa.Column("against", sa.Integer(), nullable=True),
        sa.Column("abstained", sa.Integer(), nullable=True),
        sa.Column("voted", Key, nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("within_id", sa.Integer(), nullable=False),
        sa.Column("title_order", Key, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_agenda_item_municipality_id")),
        sa.ForeignKeyConstraint(["plan_item_id"], ["plan_item.id"], name=op.f("fk_agenda_item_plan_item_id")),
        sa.ForeignKeyConstraint(["speaker_id"], ["person.id"], name=op.f("fk_agenda_item_speaker_id")),
        sa.ForeignKeyConstraint(["within_id"], ["meeting.id"], name=op.f("fk_agenda_item_within_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
    )
    with op.batch_alter_table("agenda_item", schema=None) as batch_op:
        batch_op.create_index("ix_agenda_item_by_id", ["within_id", "id"], unique=False)
        batch_op.create_index("ix_agenda_item_by_place", ["within_id", "place", "id"], unique=False)
        batch_op.create_index("ix_agenda_item_by_title", ["within_id", "title_order", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agenda_item_plan_item_id"), ["plan_item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agenda_item_speaker_id"), ["speaker_id"], unique=False)

    op.create_table(
        "meeting_decision",
        sa.Column("title", Key, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("item", sa.Integer(), nullable=True),
        sa.Column("plan_item_id", sa.Integer(), nullable=True),
        sa.Column("outcome", Key, nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("within_id", sa.Integer(), nullable=False),
        sa.Column("title_order", Key, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_meeting_decision_municipality_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_meeting_decision_person_id")),
        sa.ForeignKeyConstraint(["plan_item_id"], ["plan_item.id"], name=op.f("fk_meeting_decision_plan_item_id")),
        sa.ForeignKeyConstraint(["within_id"], ["meeting.id"], name=op.f("fk_meeting_decision_within_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_decision")),
    )
    with op.batch_alter_table("meeting_decision", schema=None) as batch_op:
        batch_op.create_index("ix_meeting_decision_by_id", ["within_id", "id"], unique=False)
        batch_op.create_index("ix_meeting_decision_by_item", ["within_id", "item", "id"], unique=False)
        batch_op.create_index("ix_meeting_decision_by_title", ["within_id", "title_order", "id"], unique=False)
        batch_op.create_index("ix_meeting_decision_by_until", ["within_id", "until", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_decision_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_decision_plan_item_id"), ["plan_item_id"], unique=False)

    op.create_table(
        "meeting_member",
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("name", Key, nullable=False),
        sa.Column("office", Key, nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("position", Key, nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("within_id", sa.Integer(), nullable=False),
        sa.Column("title_order", Key, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_meeting_member_municipality_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_meeting_member_organization_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_meeting_member_person_id")),
        sa.ForeignKeyConstraint(["within_id"], ["meeting.id"], name=op.f("fk_meeting_member_within_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_member")),
    )
    with op.batch_alter_table("meeting_member", schema=None) as batch_op:
        batch_op.create_index("ix_meeting_member_by_id", ["within_id", "id"], unique=False)
        batch_op.create_index("ix_meeting_member_by_title", ["within_id", "title_order", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_member_organization_id"), ["organization_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_member_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("meeting_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_member_person_id"))
        batch_op.drop_index(batch_op.f("ix_meeting_member_organization_id"))
        batch_op.drop_index("ix_meeting_member_by_title")
        batch_op.drop_index("ix_meeting_member_by_id")

    op.drop_table("meeting_member")
    with op.batch_alter_table("meeting_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_decision_plan_item_id"))
        batch_op.drop_index(batch_op.f("ix_meeting_decision_person_id"))
        batch_op.drop_index("ix_meeting_decision_by_until")
        batch_op.drop_index("ix_meeting_decision_by_title")
        batch_op.drop_index("ix_meeting_decision_by_item")
        batch_op.drop_index("ix_meeting_decision_by_id")

    op.drop_table("meeting_decision")
    with op.batch_alter_table("agenda_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agenda_item_speaker_id"))
        batch_op.drop_index(batch_op.f("ix_agenda_item_plan_item_id"))
        batch_op.drop_index("ix_agenda_item_by_title")
        batch_op.drop_index("ix_agenda_item_by_place")
        batch_op.drop_index("ix_agenda_item_by_id")

    op.drop_table("agenda_item")
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_responsible_id"))
        batch_op.drop_index(batch_op.f("ix_meeting_plan_item_id"))
        batch_op.drop_index(batch_op.f("ix_meeting_case_id"))
        batch_op.drop_index("ix_meeting_by_title")
        batch_op.drop_index("ix_meeting_by_on")
        batch_op.drop_index("ix_meeting_by_id")
        batch_op.drop_index(batch_op.f("ix_meeting_body_id"))

    op.drop_table("meeting")
    with op.batch_alter_table("body_name", schema=None) as batch_op:
        batch_op.drop_index("ix_body_name_by_until")
        batch_op.drop_index("ix_body_name_by_title")
        batch_op.drop_index("ix_body_name_by_id")

    op.drop_table("body_name")
    with op.batch_alter_table("body_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_body_member_person_id"))
        batch_op.drop_index(batch_op.f("ix_body_member_organization_id"))
        batch_op.drop_index("ix_body_member_by_until")
        batch_op.drop_index("ix_body_member_by_title")
        batch_op.drop_index("ix_body_member_by_since")
        batch_op.drop_index("ix_body_member_by_id")

    op.drop_table("body_member")
    with op.batch_alter_table("paper_acquaintance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_acquaintance_person_id"))
        batch_op.drop_index("ix_paper_acquaintance_by_until")
        batch_op.drop_index("ix_paper_acquaintance_by_id")

    op.drop_table("paper_acquaintance")
    with op.batch_alter_table("body", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_body_plan_item_id"))
        batch_op.drop_index(batch_op.f("ix_body_charter_id"))
        batch_op.drop_index("ix_body_by_title")
        batch_op.drop_index("ix_body_by_since")
        batch_op.drop_index("ix_body_by_id")

    op.drop_table("body")
    with op.batch_alter_table("office_paper", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_office_paper_responsible_id"))
        batch_op.drop_index(batch_op.f("ix_office_paper_plan_item_id"))
        batch_op.drop_index(batch_op.f("ix_office_paper_control_id"))
        batch_op.drop_index("ix_office_paper_by_until")
        batch_op.drop_index("ix_office_paper_by_title")
        batch_op.drop_index("ix_office_paper_by_id")

    op.drop_table("office_paper")
