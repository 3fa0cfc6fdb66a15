"""list indexes

Revision 0008, after 0007: an index for every order that a list offers, each with the number of the row behind it, so that a page
is read by key in either direction; of a case the order of its applicant's name, which such an index needs beside the case; of what
waits its step, which is reckoned afterwards with the other standings (0007).
Keep compatible with the code before it: the columns have a default.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow_app.db.models.base import Key

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_JUDGED = ["state", "type", "channel"]
_WALKED = ["root_id", "todo", "subject_id", "who", "since", "four_eyes"]
_INDEXES = (
    ("ix_case_due", "cases", ["municipality_id", "due_on", "id", *_JUDGED]),
    ("ix_case_state_due", "cases", ["municipality_id", "state", "due_on", "id", "type", "channel"]),
    ("ix_case_number", "cases", ["municipality_id", "number_order", "id", *_JUDGED]),
    ("ix_case_title", "cases", ["municipality_id", "title_order", "id", *_JUDGED]),
    ("ix_case_applicant", "cases", ["municipality_id", "applicant_order", "id", *_JUDGED]),
    ("ix_person_order", "person", ["municipality_id", "name_order", "id", "state"]),
    ("ix_person_state", "person", ["municipality_id", "state", "name_order", "id"]),
    ("ix_membership_role", "membership", ["municipality_id", "role", "person_id"]),
    ("ix_document_order", "document", ["municipality_id", "register", "year", "number_order", "edition", "id"]),
    ("ix_document_dated", "document", ["municipality_id", "register", "dated", "id"]),
    ("ix_waiting_due", "waiting", ["person_id", "municipality_id", "due_on", *_WALKED]),
    ("ix_waiting_step", "waiting", ["person_id", "municipality_id", "step", "due_on", *_WALKED]),
    ("ix_access_log_list", "access_log", ["municipality_id", "at", "id"]),
)
_BEFORE: tuple[tuple[str, str, list[str | sa.TextClause]], ...] = (
    ("ix_case_work", "cases", ["municipality_id", "turn", "due_on"]),
    ("ix_case_due", "cases", ["municipality_id", "due_on", sa.text("id DESC"), *_JUDGED]),
    ("ix_case_number_order", "cases", ["municipality_id", "number_order"]),
    ("ix_case_title_order", "cases", ["municipality_id", "title_order"]),
    ("ix_person_order", "person", ["municipality_id", "name_order"]),
    ("ix_document_order", "document", ["municipality_id", "register", "year", "number_order"]),
)


def upgrade() -> None:
    """Go forward."""
    op.add_column("cases", sa.Column("applicant_order", Key, nullable=False, server_default=""))
    op.execute(
        "UPDATE cases SET applicant_order = (SELECT name_order FROM person WHERE person.id = cases.applicant_id)"
    )
    op.add_column("waiting", sa.Column("step", Key, nullable=False, server_default=""))
    op.execute("UPDATE counter SET last = 0 WHERE register = 'standings'")
    for index, table, _ in _BEFORE:
        op.drop_index(index, table_name=table)
    for index, table, columns in _INDEXES:
        op.create_index(index, table, columns)


def downgrade() -> None:
    """Go back."""
    for index, table, _ in reversed(_INDEXES):
        op.drop_index(index, table_name=table)
    for index, table, columns in _BEFORE:
        op.create_index(index, table, columns)
    op.drop_column("waiting", "step")
    op.drop_column("cases", "applicant_order")
