"""organizations

Revision 0019, after 0018: organisations are a declared kind (ADR 25): what a centre keeps of one beside its name, the indexes of the list.
Of old rows the kind is guessed by the name; where nothing is told it stays empty. A name is unique among those that are not closed.
What is searched is reckoned anew, as the counter «search» asks: documents of records are called by their kinds since then. So is what
waits: revision 0014 asked only where somebody had asked before, and an instance set up since 0007 had lost its work lists.
"""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

from workflow_app.db import counters, triggers

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_TEXTS = ("short_name", "type", "head", "head_position", "address", "phone", "email", "site")
_LISTS = (
    ("ix_organization_by_title", ["municipality_id", "title_order", "id"]),
    ("ix_organization_by_teachers", ["municipality_id", "teachers", "id"]),
    ("ix_organization_by_id", ["municipality_id", "id"]),
)
# The first that fits: a sports school is no school, a centre of methods for kindergartens no kindergarten. «ДО» in capitals alone.
_GUESSES = (
    (
        "authority",
        r"управлени\w* образовани|отдел\w* образовани|комитет\w* по образовани|департамент|министерств|\bадминистраци",
    ),
    ("institute", r"институт|университет|академи\w* развития|\bиро\b"),
    ("centre", r"методическ|\bи?мц\b|\bцро\b|центр\w* развития образовани"),
    ("", r"(?-i:\bДПО\b)"),  # a school of grown-ups is none of ours
    ("professional", r"техникум|колледж|училищ"),
    (
        "additional",
        r"дополнительн|творчеств|юношеск|дворец|\bюных\b|школ\w* искусств|(спортивн|музыкальн|художественн)\w* школ",
    ),
    ("additional", r"(?-i:\bУ?ДО\b)|\b(ддт|цдт|цдо|дюсш|сш|сшор|дши|дмш|дхш|сют|сюн)\b"),
    ("kindergarten", r"детск\w* сад|дошкольн|\b[а-я]*доу\b|\bясли\b"),
    ("school", r"школ[аыу]\b|гимнази|лице[йя]|общеобразовательн|центр\w* образовани|кадетск|\b(сош|оош|нош)\b"),
    ("partner", r"библиотек|музей|театр|дом\w* культуры"),
)


def guess(name: str) -> str:
    """Return the kind of organisation that its name tells; empty: none."""
    plain = name.replace("ё", "е").replace("Ё", "Е")
    return next((kind for kind, words in _GUESSES if re.search(words, plain, re.IGNORECASE)), "")


def upgrade() -> None:
    """Go forward."""
    op.drop_index("ix_organization_order", table_name="organization")
    op.drop_index("ix_organization_municipality_id", table_name="organization")
    op.execute("ALTER TABLE organization RENAME COLUMN name_order TO title_order")
    with op.batch_alter_table("organization", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_organization_municipality_id_name"), type_="unique")
        for name in _TEXTS:
            batch_op.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
    for index, columns in _LISTS:
        op.create_index(index, "organization", columns)
    table = sa.table(
        "organization", sa.column("id", sa.Integer()), sa.column("name", sa.String()), sa.column("type", sa.String())
    )
    connection = op.get_bind()
    for id_, name in connection.execute(sa.select(table.c.id, table.c.name)).all():
        connection.execute(table.update().where(table.c.id == id_).values(type=guess(name)))
    for what in ("search", "standings"):
        counters.ask(connection, what)
    triggers.install(connection)


def downgrade() -> None:
    """Go back: only while no two organisations have one name."""
    counters.ask(op.get_bind(), "search")
    for index, _ in reversed(_LISTS):
        op.drop_index(index, table_name="organization")
    with op.batch_alter_table("organization", schema=None) as batch_op:
        for name in reversed(_TEXTS):
            batch_op.drop_column(name)
        batch_op.create_unique_constraint(op.f("uq_organization_municipality_id_name"), ["municipality_id", "name"])
    op.execute("ALTER TABLE organization RENAME COLUMN title_order TO name_order")
    op.create_index("ix_organization_municipality_id", "organization", ["municipality_id"])
    op.create_index("ix_organization_order", "organization", ["municipality_id", "name_order"])
    triggers.install(op.get_bind())
