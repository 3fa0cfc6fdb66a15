"""Answers to surveys: apart from everybody and from each other (ADR 31). No row here says who, when or from where."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from workflow_app.db.models.base import Base


class SurveyBox(Base):
    """Where answers wait together until enough of them are there to be kept: one row a survey, always written as a whole.

    ``answers`` stand in the order of their own texts, ``codes`` (the hashes of codes that were used meanwhile) in that of the
    hashes. ``slug``: the open address of the survey.
    """

    __tablename__ = "survey_box"
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    answers: Mapped[list[Any]]
    codes: Mapped[list[Any]]


class SurveyAnswer(Base):
    """One answer: a random id and what was answered. The table is ordered by the ids alone, on SQLite physically, too."""

    __tablename__ = "survey_answer"
    __table_args__ = (Index("ix_survey_answer_survey_id", "survey_id"), {"sqlite_with_rowid": False})
    id: Mapped[str] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    answers: Mapped[dict[str, Any]]


class SurveyCode(Base):
    """A code that was given out: its hash, and whether it was used; marked together with others, never with its answer."""

    __tablename__ = "survey_code"
    __table_args__ = (Index("ix_survey_code_survey_id", "survey_id"), {"sqlite_with_rowid": False})
    hash: Mapped[str] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    used: Mapped[bool] = mapped_column(default=False, server_default=false())
