"""own lists

Revision 0016, after 0015: whether the forms of a person's name wait for confirmation, with an index that the list of such people walks;
an index for each order of an expert's own list.
Keep compatible with the code before it: the column has a default.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow_app.db.models.base import Key

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_INDEXES = (
    ("ix_person_forms", "person", ["municipality_id", "forms_wait", "name_order", "id"]),
    ("ix_assignment_newest", "assignment", ["expert_id", "id"]),
    ("ix_assignment_due", "assignment", ["expert_id", "due_on", "id"]),
    ("ix_assignment_signed", "assignment", ["expert_id", "signed_at", "id"]),
)


def upgrade() -> None:
    """Go forward. Only cases with a form are kept, and their keys stand in the JSON text between quotation marks."""
    op.add_column("person", sa.Column("forms_wait", Key, nullable=False, server_default="1"))
    whole = " AND ".join(f"CAST(forms AS TEXT) LIKE '%\"{one}\"%'" for one in "gdai")
    op.execute(f"UPDATE person SET forms_wait = '' WHERE {whole}")  # noqa: S608 - no word of it is anybody's
    for index, table, columns in _INDEXES:
        op.create_index(index, table, columns)


def downgrade() -> None:
    """Go back."""
    for index, table, _ in reversed(_INDEXES):
        op.drop_index(index, table_name=table)
    op.drop_column("person", "forms_wait")
