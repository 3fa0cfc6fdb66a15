"""keys

Revision 0003: the papers that a correction of the card leaves behind, and the keys by which lists are ordered and numbers are searched, made for the rows that are there.
Keep compatible with the code before it: the columns have a default, which that code needs to go on adding rows.
"""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from workflow_app.db.models.base import Key
from workflow_app.spelling import number_key, order_key

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# table -> key -> (how it is made, of which columns)
_KEYS: dict[str, dict[str, tuple[Callable[..., str], tuple[str, ...]]]] = {
    "person": {"name_order": (order_key, ("last_name", "first_name", "middle_name"))},
    "organization": {"name_order": (order_key, ("name",))},
    "cases": {
        "number_order": (order_key, ("number",)),
        "number_key": (number_key, ("number",)),
        "title_order": (order_key, ("title",)),
    },
    "document": {"number_order": (order_key, ("number",)), "number_key": (number_key, ("number",))},
}
_INDEXES = (
    ("ix_person_order", "person", ["municipality_id", "name_order"]),
    ("ix_organization_order", "organization", ["municipality_id", "name_order"]),
    ("ix_case_number_order", "cases", ["municipality_id", "number_order"]),
    ("ix_case_title_order", "cases", ["municipality_id", "title_order"]),
    ("ix_document_order", "document", ["municipality_id", "register", "year", "number_order"]),
)
_LOT = 500


def _fill(connection: sa.Connection, name: str) -> None:
    """Make the keys of a table's rows."""
    keys = _KEYS[name]
    of = sorted({column for _, columns in keys.values() for column in columns})
    table = sa.table(name, sa.column("id", sa.Integer()), *(sa.column(one, sa.String()) for one in (*of, *keys)))
    change = (
        table.update().where(table.c.id == sa.bindparam("row")).values({one: sa.bindparam(f"k_{one}") for one in keys})
    )
    rows = connection.execute(sa.select(table.c.id, *(table.c[one] for one in of))).mappings().all()
    made = [
        {"row": row["id"]}
        | {f"k_{key}": make(*(row[one] or "" for one in columns)) for key, (make, columns) in keys.items()}
        for row in rows
    ]
    for first in range(0, len(made), _LOT):
        connection.execute(change, made[first : first + _LOT])


def upgrade() -> None:
    """Go forward."""
    for name, keys in _KEYS.items():
        for key in keys:
            op.add_column(name, sa.Column(key, Key, nullable=False, server_default=""))
        _fill(op.get_bind(), name)
    for index, table, columns in _INDEXES:
        op.create_index(index, table, columns)
    op.add_column("document", sa.Column("outdated", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Go back."""
    op.drop_column("document", "outdated")
    for index, table, _ in reversed(_INDEXES):
        op.drop_index(index, table_name=table)
    for name, keys in _KEYS.items():
        for key in keys:
            op.drop_column(name, key)
