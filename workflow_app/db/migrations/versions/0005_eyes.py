"""eyes

Revision 0005, after 0004.
Keep compatible with the code before it; on SQLite a batch may drop triggers: call `triggers.install` at the end.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow_app.db import triggers
from workflow_app.db.models.base import Json

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_PREPARED = ("composed_by", "circulated_by", "proposed_by")


def _name_who_prepared(connection: sa.Connection) -> None:
    """What waits for the director has its people in the events: the last who circulated, who proposed."""
    cases = sa.table("cases", *map(sa.column, ("id", "state", "decline_proposed", *_PREPARED)))
    event = sa.table("event", *map(sa.column, ("subject_kind", "subject_id", "transition", "actor_id", "seq")))

    def last(transition: str) -> sa.ScalarSelect[int]:
        found = sa.select(event.c.actor_id).where(event.c.subject_kind == "case", event.c.subject_id == cases.c.id)
        found = found.where(event.c.transition == transition).order_by(event.c.seq.desc()).limit(1)
        return found.scalar_subquery()

    texts = cases.c.state.in_(("consolidation", "on_approval"))
    waits = cases.c.state == "on_approval"
    connection.execute(
        cases.update().where(texts).values(composed_by=last("circulate"), circulated_by=last("circulate"))
    )
    connection.execute(cases.update().where(waits).values(proposed_by=last("propose")))
    connection.execute(cases.update().where(cases.c.decline_proposed).values(proposed_by=last("propose_decline")))


def upgrade() -> None:
    """Go forward. Plain statements that both databases know: a batch would make the tables anew, without their checks."""
    for name in _PREPARED:
        op.execute(f"ALTER TABLE cases ADD COLUMN {name} INTEGER CONSTRAINT fk_cases_{name} REFERENCES person (id)")
    op.add_column("cases", sa.Column("approval_ground", Json, nullable=False, server_default="{}"))
    op.add_column("assignment", sa.Column("lifted", Json, nullable=False, server_default="{}"))
    _name_who_prepared(op.get_bind())
    triggers.install(op.get_bind())


def downgrade() -> None:
    """Go back."""
    op.drop_column("assignment", "lifted")
    op.drop_column("cases", "approval_ground")
    checks = (
        sa.CheckConstraint("round between 1 and 9", name=op.f("ck_cases_round")),
        sa.CheckConstraint(
            "(number is null) or (registered_at is not null)", name=op.f("ck_cases_numbered_when_registered")
        ),
    )  # what a batch on SQLite would forget
    with op.batch_alter_table("cases", table_args=checks) as batch_op:
        for name in _PREPARED:
            batch_op.drop_column(name)  # and its foreign key with it
    triggers.install(op.get_bind())
