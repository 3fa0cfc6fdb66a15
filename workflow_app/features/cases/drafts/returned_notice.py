"""A case that came back: why, in whose words, and what its applicant has changed since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Case, Event, Person
from workflow_app.errors import Sentence
from workflow_app.facts import choices
from workflow_app.facts.subjects import workflow_of
from workflow_app.features.cases.history_details import field_labels
from workflow_app.web import form_summary
from workflow_app.web.formatting import say

# How a conclusion comes back from the director or the commission, and what ends that.
COMES_BACK = (("return_text", "recall"), ("circulate", "propose"))


@dataclass(frozen=True, slots=True)
class Word:
    """What was said when the case was sent back: by which act, why, by whom, when."""

    title: Sentence
    reason: str
    who: str
    at: datetime


def last_word(session: Session, case: Case, returning: tuple[str, ...], ending: tuple[str, ...]) -> Word | None:
    """Return why the case came back, if since then none of the ``ending`` transitions was done."""
    found = session.scalars(
        select(Event).options(joinedload(Event.payload))
        .where(Event.subject_kind == "case", Event.subject_id == case.id, Event.transition.in_((*returning, *ending)))
        .order_by(Event.seq.desc()).limit(1)
    ).first()  # fmt: skip
    if found is None or found.transition not in returning:
        return None
    person = session.get(Person, found.actor_id) if found.actor_id else None
    reason = str(found.payload.data.get("reason") or "") if found.payload else ""
    return Word(
        workflow_of(case).transition(found.transition).told, reason, person.short_name if person else "", found.at
    )


@dataclass(frozen=True, slots=True)
class Mended:
    """What the office compares when a returned case is submitted again: the remarks, and the changes since."""

    remarks: tuple[str, ...]
    changes: tuple[Sentence, ...]


def mended(session: Session, case: Case) -> Mended | None:
    """Return the remarks of the last return beside what was changed after it; None for a case that was never returned."""
    found = session.scalars(
        select(Event).options(joinedload(Event.payload))
        .where(Event.subject_kind == "case", Event.subject_id == case.id, Event.transition == "return")
        .order_by(Event.seq.desc()).limit(1)
    ).first()  # fmt: skip
    if found is None or found.payload is None or len(case.versions) < 2:  # noqa: PLR2004 - before and after
        return None
    data, labels = found.payload.data, field_labels(case)
    told = [f"{say(labels.get(one['field'], one['field']))}: {one['text']}" for one in data.get("remarks", ())]
    old, new = case.versions[-2:]
    known = choices.of_case(session, case, old.form, new.form)
    changes = form_summary.changes(case_type(case.type).form, (old.form, old.files), (new.form, new.files), known)
    return Mended(tuple(filter(None, [str(data.get("general") or ""), *told])), tuple(changes))
