"""The page of a return: what was submitted by sections, and beside each field the ready remarks that make sense there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wtforms import Form

from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Case
from workflow_app.errors import N_, Sentence
from workflow_app.features.cases.office.shared import rows_of
from workflow_app.features.cases.office.submitted_form import Told, told_fields, told_files
from workflow_app.states.forms import Lists, asks


@dataclass(frozen=True, slots=True)
class Row:
    """One field or kind of attachment: what was given, the remark typed to it, the ready remarks; ``n`` numbers it on the page."""

    told: Told
    n: int
    reasons: tuple[str, ...]
    text: str = ""
    errors: tuple[str, ...] = ()

    @property
    def remarked(self) -> bool:
        """Whether a remark is typed here, or was refused here."""
        return bool(self.text or self.errors)


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the page."""

    title: Sentence
    rows: list[Row] = field(default_factory=list)
    open: bool = False

    @property
    def remarked(self) -> int:
        """How many of its fields have a remark."""
        return sum(one.remarked for one in self.rows)

    @property
    def wanted(self) -> int:
        """How many of its fields should be filled and are not."""
        return sum(one.told.wanted for one in self.rows)


def reasons(case: Case, key: str = "") -> tuple[str, ...]:
    """Return the ready remarks of the case's type: all of them, or those for a field or attachment ``key``.

    In the data ``at`` names fields and ``attachment:kind``, or ``files`` (any attachment), ``texts`` (long answers), ``fields``
    (short answers).
    """
    places = {key, _kind_of(case, key)} if key else set()
    return tuple(one.text for one in case_type(case.type).returns if not key or places & one.at)


def _kind_of(case: Case, key: str) -> str:
    """Return what a phrase of the data may call this place: files, texts or fields."""
    if key.startswith("attachment:"):
        return "files"
    return "texts" if asks(case_type(case.type).form)[key].long else "fields"


def parts(case: Case, lists: Lists, form: Form) -> list[Part]:
    """Return the sections of the page: attachments, then the form's own.

    Open are those with remarks; while there is none, those where something is missing; else all are folded.
    """
    typed, found = remarks_of(form), list[Part]()
    for n, told in enumerate([*told_files(case), *told_fields(case, lists)]):
        title = told.section or N_("Сведения")
        if not found or found[-1].title != title:
            found.append(Part(title))
        mine = typed.get(told.key, {})
        row = Row(told, n, reasons(case, told.key), mine.get("text", ""), tuple(mine.get("errors", ())))
        found[-1].rows.append(row)
    some = any(part.remarked for part in found)
    return [Part(one.title, one.rows, open=bool(one.remarked if some else one.wanted)) for one in found]


def errors_of(parts_: Sequence[Part]) -> list[tuple[Row, str]]:
    """Return what is wrong with the typed remarks, each with its row."""
    return [(row, words) for part in parts_ for row in part.rows for words in row.errors]


def remarks_of(form: Form) -> Mapping[str, dict[str, Any]]:
    """Return the typed remark and its errors by field, for a form whose rows are drawn beside the fields."""
    told: Mapping[str, list[str]] = getattr(form, "told", {})
    found = {}
    for number, entry in enumerate(rows_of(form, "remarks")):
        errors = [words for name in ("field", "text") for words in told.get(f"remarks.{number}.{name}", [])]
        found[str(entry.form["field"].data)] = {"text": entry.form["text"].data or "", "errors": errors}
    return found
