"""Who leads a case, what reminds of it, when letters of reminders leave.

Revision 0026, after 0025. A running case is led by who registered it first, as its chain tells; whose list a wait stands in is
reckoned anew. Ladders of reminders that a centre changed, reminders that were written, what a person chose of letters.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow_app.db import counters, triggers
from workflow_app.db.models.base import Json, Key, Moment

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

REGISTERED = """
    UPDATE cases SET coordinator_id = (
        SELECT event.actor_id FROM event JOIN person ON person.id = event.actor_id
        WHERE event.subject_kind = 'case' AND event.subject_id = cases.id AND event.transition = 'register'
        ORDER BY event.id LIMIT 1)
    WHERE registered_at IS NOT NULL
"""
_WALKED = ("root_id", "todo", "subject_id", "who", "since", "four_eyes", "subject_kind")
_WHOSE = ("person_id", "municipality_id", "organization_id")
_JUDGED = ("state", "type", "channel")


def _index_waits(*more: str) -> None:
    op.create_index("ix_waiting_due", "waiting", [*_WHOSE, "due_on", *_WALKED, *more])
    op.create_index("ix_waiting_step", "waiting", [*_WHOSE, "step", "due_on", *_WALKED, *more])


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("coordinator_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_cases_coordinator_id"), "person", ["coordinator_id"], ["id"])
        batch_op.create_index(
            "ix_case_coordinator", ["coordinator_id", "municipality_id", "due_on", "id", *_JUDGED], unique=False
        )
    op.execute(REGISTERED)

    op.drop_index("ix_waiting_due", table_name="waiting")
    op.drop_index("ix_waiting_step", table_name="waiting")
    op.add_column("waiting", sa.Column("keeper_id", sa.Integer(), nullable=False, server_default="0"))
    _index_waits("keeper_id")

    op.add_column("person", sa.Column("letters", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "reminder_ladder",
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("turn", sa.String(), nullable=False),
        sa.Column("steps", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_reminder_ladder_municipality_id")
        ),
        sa.PrimaryKeyConstraint("municipality_id", "turn", name=op.f("pk_reminder_ladder")),
    )
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("once", Key, nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("whom", sa.String(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("root_kind", sa.String(), nullable=False),
        sa.Column("root_id", sa.Integer(), nullable=False),
        sa.Column("todo", Key, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.Column("gathered", sa.Boolean(), nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_reminder_municipality_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reminder_person_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_reminder_by_id")),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_reminder_outbox_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("once", name=op.f("uq_reminder_once")),
    )
    op.create_index("ix_reminder_thing", "reminder", ["root_kind", "root_id", "todo", "subject_id"])
    op.create_index("ix_reminder_gathered", "reminder", ["gathered", "municipality_id", "person_id"])
    counters.ask(op.get_bind(), "standings")
    triggers.install(op.get_bind())


def downgrade() -> None:
    """Go back."""
    op.drop_table("reminder")
    op.drop_table("reminder_ladder")
    op.drop_column("person", "letters")
    op.drop_index("ix_waiting_due", table_name="waiting")
    op.drop_index("ix_waiting_step", table_name="waiting")
    op.drop_column("waiting", "keeper_id")
    _index_waits()
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index("ix_case_coordinator")
        batch_op.drop_constraint(batch_op.f("fk_cases_coordinator_id"), type_="foreignkey")
        batch_op.drop_column("coordinator_id")
    triggers.install(op.get_bind())
