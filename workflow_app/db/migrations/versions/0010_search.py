"""search

Revision 0010, after 0009. What is searched and the texts of files (ADR 26). The rows of before are made by
``workflow_app.runtime.backfill`` afterwards, which the counter «search» asks for; the worker then takes the texts of their files.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow_app.db import search_index
from workflow_app.db.models.base import Key

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "search_row",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", Key, nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("needs", Key, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("tokens", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_row")),
    )
    op.create_index("ix_search_row_subject", "search_row", ["subject_kind", "subject_id", "needs"], unique=True)
    op.create_index("ix_search_row_here", "search_row", ["municipality_id", "id"])
    op.create_index("ix_search_row_case_id", "search_row", ["case_id"])
    op.create_table(
        "file_text",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("extension", sa.String(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_file_text")),
    )
    op.create_index("ix_file_text_waits", "file_text", ["waits"])
    connection = op.get_bind()
    search_index.install(connection)
    connection.execute(
        sa.text(
            "INSERT INTO counter (municipality_id, register, year, last) SELECT id, 'search', 0, 0 FROM municipality"
        )
    )


def downgrade() -> None:
    """Go back."""
    search_index.remove(op.get_bind())
    op.drop_table("file_text")
    op.drop_table("search_row")
    op.execute("DELETE FROM counter WHERE register = 'search'")
