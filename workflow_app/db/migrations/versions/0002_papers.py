"""papers

Revision 0002, after 0001.
Keep compatible with the code before it; on SQLite a batch may drop triggers: call `triggers.install` at the end.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow_app.db import triggers
from workflow_app.db.models.base import Json, Moment
from workflow_app.db.models.papers import new_code

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _give_codes(connection: sa.Connection) -> None:
    """Papers issued before have a code too, though none of them shows it: they are checked by dropping the file."""
    document = sa.table("document", sa.column("id", sa.Integer()), sa.column("code", sa.String()))
    for id_ in connection.scalars(sa.select(document.c.id)).all():
        connection.execute(document.update().where(document.c.id == id_).values(code=new_code()))


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "word_template",
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("document_kind", sa.String(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", Moment(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_word_template_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_word_template")),
        sa.UniqueConstraint(
            "municipality_id",
            "document_kind",
            "edition",
            name=op.f("uq_word_template_municipality_id_document_kind_edition"),
        ),
    )
    with op.batch_alter_table("document") as batch_op:
        batch_op.add_column(sa.Column("code", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("template_id", sa.Integer(), nullable=True))
    _give_codes(op.get_bind())
    with op.batch_alter_table("document") as batch_op:
        batch_op.alter_column("code", existing_type=sa.String(), nullable=False)
        batch_op.create_unique_constraint(op.f("uq_document_code"), ["code"])
        batch_op.create_foreign_key(op.f("fk_document_template_id"), "word_template", ["template_id"], ["id"])

    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("args", Json, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("started_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_job_municipality_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_job_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_job_state"), ["state"], unique=False)

    op.create_table(
        "job_item",
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_job_item_job_id")),
        sa.PrimaryKeyConstraint("job_id", "seq", name=op.f("pk_job_item")),
    )
    op.create_table(
        "attached_signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("signed_form", sa.String(), nullable=False),
        sa.Column("fields", Json, nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_attached_signature_added_by")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_attached_signature_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attached_signature")),
    )
    with op.batch_alter_table("attached_signature", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attached_signature_document_id"), ["document_id"], unique=False)

    op.create_table(
        "rendition",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("fields", Json, nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_rendition_document_id")),
        sa.PrimaryKeyConstraint("document_id", "form", name=op.f("pk_rendition")),
    )
    with op.batch_alter_table("rendition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rendition_sha256"), ["sha256"], unique=False)

    triggers.install(op.get_bind())


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_document_template_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_document_code"), type_="unique")
        batch_op.drop_column("template_id")
        batch_op.drop_column("code")

    with op.batch_alter_table("rendition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rendition_sha256"))

    op.drop_table("rendition")
    with op.batch_alter_table("attached_signature", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attached_signature_document_id"))

    op.drop_table("attached_signature")
    op.drop_table("job_item")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_job_state"))
        batch_op.drop_index(batch_op.f("ix_job_person_id"))

    op.drop_table("job")
    op.drop_table("word_template")
    triggers.install(op.get_bind())
