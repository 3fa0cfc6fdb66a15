"""Products of the programme, how they spread, who takes part.

Revision 0022, after 0021: products, acts of implementation and responses, results of teachers in contests, members of associations,
headcount; of events how many came and what was, of registrations how to reach who has no account.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow_app.db.models.base import Json, Key

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "headcount",
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("teachers", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("source", Key, nullable=False),
        sa.Column("source_name", Key, nullable=False),
        sa.Column("way", Key, nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_headcount_municipality_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_headcount_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_headcount")),
    )
    with op.batch_alter_table("headcount", schema=None) as batch_op:
        batch_op.create_index("ix_headcount_by_id", ["municipality_id", "id"], unique=False)
        batch_op.create_index("ix_headcount_by_on", ["municipality_id", "on", "id"], unique=False)
        batch_op.create_index("ix_headcount_by_teachers", ["municipality_id", "teachers", "id"], unique=False)
        batch_op.create_index("ix_headcount_by_year", ["municipality_id", "year", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_headcount_organization_id"), ["organization_id"], unique=False)

    op.create_table(
        "association_member",
        sa.Column("name", Key, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("body", Key, nullable=False),
        sa.Column("level", Key, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("paper", Key, nullable=False),
        sa.Column("plan_item_id", sa.Integer(), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("title_order", Key, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_association_member_municipality_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_association_member_organization_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_association_member_person_id")),
        sa.ForeignKeyConstraint(["plan_item_id"], ["plan_item.id"], name=op.f("fk_association_member_plan_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_association_member")),
    )
    with op.batch_alter_table("association_member", schema=None) as batch_op:
        batch_op.create_index("ix_association_member_by_id", ["municipality_id", "id"], unique=False)
        batch_op.create_index("ix_association_member_by_since", ["municipality_id", "since", "id"], unique=False)
        batch_op.create_index("ix_association_member_by_title", ["municipality_id", "title_order", "id"], unique=False)
        batch_op.create_index("ix_association_member_by_until", ["municipality_id", "until", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_association_member_organization_id"), ["organization_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_association_member_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_association_member_plan_item_id"), ["plan_item_id"], unique=False)

    op.create_table(
        "contest_result",
        sa.Column("name", Key, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("contest", Key, nullable=False),
        sa.Column("nomination", Key, nullable=False),
        sa.Column("level", Key, nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("result", Key, nullable=False),
        sa.Column("paper", Key, nullable=False),
        sa.Column("plan_item_id", sa.Integer(), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("title_order", Key, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_contest_result_municipality_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_contest_result_organization_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_contest_result_person_id")),
        sa.ForeignKeyConstraint(["plan_item_id"], ["plan_item.id"], name=op.f("fk_contest_result_plan_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_result")),
    )
    with op.batch_alter_table("contest_result", schema=None) as batch_op:
        batch_op.create_index("ix_contest_result_by_id", ["municipality_id", "id"], unique=False)
        batch_op.create_index("ix_contest_result_by_on", ["municipality_id", "on", "id"], unique=False)
        batch_op.create_index("ix_contest_result_by_title", ["municipality_id", "title_order", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contest_result_organization_id"), ["organization_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contest_result_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contest_result_plan_item_id"), ["plan_item_id"], unique=False)

    op.create_table(
        "product",
        sa.Column("title", Key, nullable=False),
        sa.Column("product_kind", Key, nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("with_whom", Key, nullable=False),
        sa.Column("about", Key, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("publication_id", sa.Integer(), nullable=True),
        sa.Column("link", Key, nullable=False),
        sa.Column("plan_item_id", sa.Integer(), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("title_order", Key, nullable=False),
        sa.Column("published", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_product_author_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_product_case_id")),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_product_municipality_id")),
        sa.ForeignKeyConstraint(["plan_item_id"], ["plan_item.id"], name=op.f("fk_product_plan_item_id")),
        sa.ForeignKeyConstraint(["publication_id"], ["publication.id"], name=op.f("fk_product_publication_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
    )
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_product_author_id"), ["author_id"], unique=False)
        batch_op.create_index("ix_product_by_id", ["municipality_id", "id"], unique=False)
        batch_op.create_index("ix_product_by_on", ["municipality_id", "on", "id"], unique=False)
        batch_op.create_index("ix_product_by_title", ["municipality_id", "title_order", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_product_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_product_plan_item_id"), ["plan_item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_product_publication_id"), ["publication_id"], unique=False)
        batch_op.create_index("ix_product_published", ["published", "title_order", "id"], unique=False)

    op.create_table(
        "implementation_act",
        sa.Column("about_what", Key, nullable=False),
        sa.Column("act_kind", Key, nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("from_whom", Key, nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("paper", Key, nullable=False),
        sa.Column("gist", Key, nullable=False),
        sa.Column("plan_item_id", sa.Integer(), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("title_order", Key, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_implementation_act_municipality_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_implementation_act_organization_id")
        ),
        sa.ForeignKeyConstraint(["plan_item_id"], ["plan_item.id"], name=op.f("fk_implementation_act_plan_item_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_implementation_act_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_implementation_act")),
    )
    with op.batch_alter_table("implementation_act", schema=None) as batch_op:
        batch_op.create_index("ix_implementation_act_by_id", ["municipality_id", "id"], unique=False)
        batch_op.create_index("ix_implementation_act_by_on", ["municipality_id", "on", "id"], unique=False)
        batch_op.create_index("ix_implementation_act_by_title", ["municipality_id", "title_order", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_implementation_act_organization_id"), ["organization_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_implementation_act_plan_item_id"), ["plan_item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_implementation_act_product_id"), ["product_id"], unique=False)

    with op.batch_alter_table("centre_event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("link", Key, nullable=False, server_default=""))
        batch_op.add_column(sa.Column("open_form", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("agreement_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("municipalities", Json, nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("teachers", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("parents", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("pupils", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("outcome", Key, nullable=False, server_default=""))
        batch_op.create_index(batch_op.f("ix_centre_event_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_centre_event_agreement_id"), "agreement", ["agreement_id"], ["id"])

    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contact", Key, nullable=False, server_default=""))
        batch_op.add_column(sa.Column("place_of_work", Key, nullable=False, server_default=""))
        batch_op.add_column(sa.Column("consent", Key, nullable=False, server_default=""))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_column("consent")
        batch_op.drop_column("place_of_work")
        batch_op.drop_column("contact")

    with op.batch_alter_table("centre_event", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_centre_event_agreement_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_centre_event_agreement_id"))
        batch_op.drop_column("outcome")
        batch_op.drop_column("pupils")
        batch_op.drop_column("parents")
        batch_op.drop_column("teachers")
        batch_op.drop_column("municipalities")
        batch_op.drop_column("agreement_id")
        batch_op.drop_column("open_form")
        batch_op.drop_column("link")

    with op.batch_alter_table("implementation_act", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_implementation_act_product_id"))
        batch_op.drop_index(batch_op.f("ix_implementation_act_plan_item_id"))
        batch_op.drop_index(batch_op.f("ix_implementation_act_organization_id"))
        batch_op.drop_index("ix_implementation_act_by_title")
        batch_op.drop_index("ix_implementation_act_by_on")
        batch_op.drop_index("ix_implementation_act_by_id")

    op.drop_table("implementation_act")
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.drop_index("ix_product_published")
        batch_op.drop_index(batch_op.f("ix_product_publication_id"))
        batch_op.drop_index(batch_op.f("ix_product_plan_item_id"))
        batch_op.drop_index(batch_op.f("ix_product_case_id"))
        batch_op.drop_index("ix_product_by_title")
        batch_op.drop_index("ix_product_by_on")
        batch_op.drop_index("ix_product_by_id")
        batch_op.drop_index(batch_op.f("ix_product_author_id"))

    op.drop_table("product")
    with op.batch_alter_table("contest_result", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contest_result_plan_item_id"))
        batch_op.drop_index(batch_op.f("ix_contest_result_person_id"))
        batch_op.drop_index(batch_op.f("ix_contest_result_organization_id"))
        batch_op.drop_index("ix_contest_result_by_title")
        batch_op.drop_index("ix_contest_result_by_on")
        batch_op.drop_index("ix_contest_result_by_id")

    op.drop_table("contest_result")
    with op.batch_alter_table("association_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_association_member_plan_item_id"))
        batch_op.drop_index(batch_op.f("ix_association_member_person_id"))
        batch_op.drop_index(batch_op.f("ix_association_member_organization_id"))
        batch_op.drop_index("ix_association_member_by_until")
        batch_op.drop_index("ix_association_member_by_title")
        batch_op.drop_index("ix_association_member_by_since")
        batch_op.drop_index("ix_association_member_by_id")

    op.drop_table("association_member")
    with op.batch_alter_table("headcount", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_headcount_organization_id"))
        batch_op.drop_index("ix_headcount_by_year")
        batch_op.drop_index("ix_headcount_by_teachers")
        batch_op.drop_index("ix_headcount_by_on")
        batch_op.drop_index("ix_headcount_by_id")

    op.drop_table("headcount")
