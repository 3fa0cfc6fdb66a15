"""One thing of the work list: in a case, in a record, a criteria sheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow_app.content_types.awaited import Awaits
from workflow_app.db.models import Assignment, Case, CriteriaRow, Record
from workflow_app.errors import Sentence
from workflow_app.states.standings import SHEET


@dataclass(frozen=True, slots=True)
class RecordTask:
    """One thing to do in a record: an act of its kind, with the verb, until when; ``whole``: on whose card the record stands."""

    awaits: Awaits
    record: Record
    whole: Record
    due_on: date | None
    todo: str

    @property
    def root_id(self) -> int:
        """The id of the whole: a part of the key, as ``subject_id``."""
        return self.whole.id

    @property
    def subject_id(self) -> int:
        """The id of the record."""
        return self.record.id


@dataclass(frozen=True, slots=True)
class SheetTask:
    """A version of a criteria sheet that the director is asked to put in force; it has no term."""

    row: CriteriaRow
    due_on: date | None
    todo: str = SHEET

    @property
    def root_id(self) -> int:
        """The id of the version: a part of the key, as ``subject_id``."""
        return self.row.id

    @property
    def subject_id(self) -> int:
        """The id of the version."""
        return self.row.id


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: the verb, the case, until when; ``assignment`` when it is the expert's own.

    ``todo`` is that of ``states.standings.Wait``, ``transition`` the act when it is known and the case's turn does not tell it.
    """

    verb: Sentence
    case: Case
    due_on: date | None
    kind: str
    todo: str
    assignment: Assignment | None = None
    transition: str = ""

    @property
    def assignment_id(self) -> int | None:
        """The id of the expert's own part, if the task is one of theirs."""
        return self.assignment.id if self.assignment else None

    @property
    def root_id(self) -> int:
        """The id of the case: a part of the key, as ``subject_id``."""
        return self.case.id

    @property
    def subject_id(self) -> int:
        """The id of what waits: the expert's own part, or the case."""
        return self.assignment_id or self.case.id


AnyTask = Task | RecordTask | SheetTask
