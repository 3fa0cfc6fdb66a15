"""What is searched: one row for each text and the permission it needs, and the texts that were taken out of files (ADR 26).

Written by ``facts.search_rows`` alone, at the end of an act or of a job; ``check`` compares it, ``db rebuild`` makes it anew.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from workflow_app.db.models.base import Base, Key


class SearchRow(Base):
    """A text of a subject, as tokens (``stemming``), for those who have the permission ``needs`` on it.

    ``id`` is made of the day it is sorted by, the kind with the permission, and the subject (``facts.search_rows.number_of``): the
    order of results is the order of numbers. ``case_id``: the case itself, or that of which the subject is a part. ``text`` is what
    an excerpt is taken from, without what stands in a file (:class:`FileText`). The index over ``tokens`` is made by ``db.search_index``.
    """

    __tablename__ = "search_row"
    __table_args__ = (
        Index("ix_search_row_subject", "subject_kind", "subject_id", "needs", unique=True),
        Index("ix_search_row_here", "municipality_id", "id"),
    )
    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=False
    )
    municipality_id: Mapped[int]
    subject_kind: Mapped[str] = mapped_column(Key)
    subject_id: Mapped[int]
    needs: Mapped[str] = mapped_column(Key)
    case_id: Mapped[int | None] = mapped_column(index=True)
    text: Mapped[str]
    tokens: Mapped[str]


class FileText(Base):
    """The text of a file, taken once by the worker; until then, and where it could not be taken, there is none."""

    __tablename__ = "file_text"
    sha256: Mapped[str] = mapped_column(primary_key=True)
    extension: Mapped[str]
    waits: Mapped[bool] = mapped_column(default=True, index=True)
    text: Mapped[str] = mapped_column(default="")
