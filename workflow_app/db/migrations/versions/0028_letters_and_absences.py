"""Lengths of terms from a day on; what kind a letter is and whose; the centre's own texts of letters; calendars; absences.

Revision 0028, after 0026.
Keep compatible with the code before it; on SQLite a batch may drop triggers: call `triggers.install` at the end.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow_app.db.models.base import Moment

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_TERM = ("municipality_id", "case_type", "key")


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("term", schema=None) as batch_op:
        batch_op.add_column(sa.Column("since", sa.Date(), server_default="2000-01-01", nullable=False))
        batch_op.drop_constraint(batch_op.f("pk_term"), type_="primary")
        batch_op.create_primary_key(batch_op.f("pk_term"), [*_TERM, "since"])
        batch_op.alter_column("since", server_default=None)
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("municipality_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("template", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("about_kind", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("about_id", sa.Integer(), nullable=True))
        batch_op.create_index("ix_outbox_list", ["municipality_id", "id"], unique=False)
    of_case = "select municipality_id from cases where cases.id = outbox.case_id"
    of_person = "select municipality_id from person where person.id = outbox.person_id"
    op.execute(f"update outbox set municipality_id = coalesce(({of_case}), ({of_person}))")  # noqa: S608 - our own words
    op.create_table(
        "letter_text",
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("written_at", Moment(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_letter_text_municipality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_text")),
        sa.UniqueConstraint(
            "municipality_id", "template", "edition", name=op.f("uq_letter_text_municipality_id_template_edition")
        ),
    )
    op.create_table(
        "calendar_feed",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_calendar_feed_municipality_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_feed_person_id")),
        sa.PrimaryKeyConstraint("person_id", "municipality_id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("digest", name=op.f("uq_calendar_feed_digest")),
    )
    op.create_table(
        "absence",
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["deputy_id"], ["person.id"], name=op.f("fk_absence_deputy_id")),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_absence_municipality_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index("ix_absence_days", "absence", ["municipality_id", "until"], unique=False)
    op.create_index("ix_absence_person", "absence", ["person_id", "until"], unique=False)


def downgrade() -> None:
    """Go back: of several lengths of a term the latest stays."""
    op.drop_table("absence")
    op.drop_table("calendar_feed")
    op.drop_table("letter_text")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_list")
        for name in ("about_id", "about_kind", "template", "municipality_id"):
            batch_op.drop_column(name)
    op.execute(
        "delete from term where exists (select 1 from term later where later.municipality_id = term.municipality_id "
        "and later.case_type = term.case_type and later.key = term.key and later.since > term.since)"
    )
    with op.batch_alter_table("term", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("pk_term"), type_="primary")
        batch_op.create_primary_key(batch_op.f("pk_term"), [*_TERM])
        batch_op.drop_column("since")
