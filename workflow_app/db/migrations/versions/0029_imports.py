"""Tables that are brought in: the tables, their rows, the words that a centre has explained.

Revision 0029, after 0032: rows of a table wait until they are right, each is recorded once.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow_app.db.models.base import Json, Key, Moment

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "import_table",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", Key, nullable=False),
        sa.Column("header", Json, nullable=False),
        sa.Column("shared", Json, nullable=False),
        sa.Column("loose", Json, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("saved_at", Moment(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_import_table_municipality_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_import_table_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_table")),
    )
    with op.batch_alter_table("import_table", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_table_person_id"), ["person_id"], unique=False)

    op.create_table(
        "import_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("table_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cells", Json, nullable=False),
        sa.Column("typed", Json, nullable=False),
        sa.Column("files", Json, nullable=False),
        sa.Column("choice", Json, nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("said", Key, nullable=False),
        sa.ForeignKeyConstraint(["table_id"], ["import_table.id"], name=op.f("fk_import_row_table_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
    )
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_row_table_id"), ["table_id"], unique=False)

    op.create_table(
        "import_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("of_list", Key, nullable=False),
        sa.Column("word", Key, nullable=False),
        sa.Column("shown", Key, nullable=False),
        sa.Column("value", Key, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_import_word_municipality_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_import_word_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_word")),
        sa.UniqueConstraint(
            "municipality_id", "of_list", "word", name=op.f("uq_import_word_municipality_id_of_list_word")
        ),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("import_word")
    op.drop_table("import_row")
    op.drop_table("import_table")
