"""Tables that wait to be recorded, row by row, and the words that a centre has explained once. Typed, not acted: unaudited."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow_app.db.models.base import Base


class ImportTable(Base):
    """A table that a person has brought in; its rows are recorded when they are right, the others wait here.

    ``header``: the headings as they stood; ``shared``: values for the whole table by column; ``loose``: files of an archive
    that belong to no row yet; ``version`` grows with every change that a page must have seen; ``job_id``: who records it.
    """

    __tablename__ = "import_table"
    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    header: Mapped[list[Any]]
    shared: Mapped[dict[str, Any]] = mapped_column(default=dict)
    loose: Mapped[list[Any]] = mapped_column(default=list)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    job_id: Mapped[int | None]


class ImportRow(Base):
    """A row of such a table. ``state``: open, done (what it says is recorded), draft (a case that lacks papers), skipped.

    ``cells``: as they stood; ``typed``: what was typed over them, by column; ``files``: those of an archive that belong to it
    (name, kind, media_type, size, sha256); ``choice``: what was said of likely doubles; ``said``: what came of it.
    """

    __tablename__ = "import_row"
    id: Mapped[int] = mapped_column(primary_key=True)
    table_id: Mapped[int] = mapped_column(ForeignKey("import_table.id"), index=True)
    number: Mapped[int]
    cells: Mapped[list[Any]]
    typed: Mapped[dict[str, Any]] = mapped_column(default=dict)
    files: Mapped[list[Any]] = mapped_column(default=list)
    choice: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(default="open")
    subject_id: Mapped[int | None]
    said: Mapped[str] = mapped_column(default="")


class ImportWord(Base):
    """What a word of people's tables means in a centre: ``word`` as it is compared, ``shown`` as it stood, ``value`` of the list."""

    __tablename__ = "import_word"
    __table_args__ = (UniqueConstraint("municipality_id", "of_list", "word"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    of_list: Mapped[str]
    word: Mapped[str]
    shown: Mapped[str]
    value: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
