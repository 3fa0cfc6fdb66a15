"""What of a filled sheet a history shows, and to whom: reasons and remarks, dates and numbers; never a review or a declaration."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workflow_app.case_types.declaration import CaseForm
from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Case, Event
from workflow_app.errors import N_, Sentence, Words
from workflow_app.features.cases.audience import Reading
from workflow_app.states.definitions import file as f
from workflow_app.states.definitions import review_forms as r
from workflow_app.states.definitions.case import forms as s
from workflow_app.states.forms import Ask, Choice, Sheet, asks, parse_date
from workflow_app.states.vocabulary import Transition
from workflow_app.web import form_summary

SHORT = 160
# What is addressed to the applicant, or was said by the applicant.
_TO_AUTHOR: tuple[type[Sheet], ...] = (
    s.ReturnRemarks, s.NoExpert, s.Register, s.Start, s.RecordDecision, s.RecordAct, s.Extend, s.Amend, s.Cancel, s.Appeal, s.DismissAppeal,
    s.GrantAppeal, s.Withdraw, s.AddDocuments, s.AskRevision, s.Reissue, s.Send, f.RenameFile,
)  # fmt: skip
_OF_REVIEWS: tuple[type[Sheet], ...] = (r.Dissent, r.DissentCommon, s.DraftCommonResult)
_NEVER: tuple[type[Sheet], ...] = (CaseForm, r.ReviewSheet, r.Declaration, s.ConclusionText, r.Invitation, f.Attach)
_SIGNING = frozenset({"how", "scan", "scan_name"})


@dataclass(frozen=True, slots=True)
class Details:
    """The words of a person, quoted, and the short facts beside them."""

    quote: str = ""
    changes: tuple[Sentence, ...] = ()


NOTHING = Details()
ERASED = Details(changes=(N_("Содержание записи уничтожено по сроку хранения; отпечаток сохранён"),))


def of(case: Case, event: Event, data: Mapping[str, Any], transition: Transition | None, reading: Reading) -> Details:
    """Return what the reader may know of an event's sheet."""
    if transition is None or not data or not _open(case, event, transition.asks, reading):
        return NOTHING
    if issubclass(transition.asks, s.Amend) and "was" in data:
        return Details(str(data.get("reason") or ""), tuple(_amended(transition.asks, data, reading)))
    known = asks(transition.asks)
    quote = next((str(data[name]) for name, how in known.items() if how.long and data.get(name)), "")
    changes = tuple(_facts(case, known, data, reading))
    return Details(quote, changes)


def _open(case: Case, event: Event, kind: type[Sheet], reading: Reading) -> bool:
    if issubclass(kind, _NEVER) and not issubclass(kind, s.Amend):
        return False
    mine = event.actor_id is not None and event.actor_id == reading.me
    if issubclass(kind, _OF_REVIEWS):
        return mine or reading.see_reviews
    if mine or reading.office:
        return True
    if event.subject_kind == "assignment":  # why one's own assignment ended
        return any(one.id == event.subject_id and one.expert_id == reading.me for one in case.assignments)
    if issubclass(kind, s.Decline):
        return not issubclass(kind, s.ProposeDecline) and (reading.author or reading.panel)
    return issubclass(kind, _TO_AUTHOR) and (reading.author or reading.panel)


def _facts(case: Case, known: Mapping[str, Ask], data: Mapping[str, Any], reading: Reading) -> Iterator[Sentence]:
    for name, how in known.items():
        value = data.get(name)
        if how.long or how.server or name in _SIGNING or value in (None, "", [], False):
            continue
        if name == "remarks" and isinstance(value, list):
            yield from _remarks(case, value)
        elif said := _said(how, value, reading):
            yield N_("%(label)s: %(value)s", label=how.label, value=said)


def _amended(kind: type[Sheet], data: Mapping[str, Any], reading: Reading) -> list[Sentence]:
    """Return what a correction of the card changed: each field with what stood before and what stands now."""
    known = {name: tuple(Choice(value, words) for value, words in many.items()) for name, many in reading.lists.items()}
    known["people"] = tuple(Choice(str(id_), N_(one.full_name)) for id_, one in reading.people.items())
    was = {name: json.loads(text) for name, text in (data.get("was") or {}).items()}
    now = {name: value for name, value in data.items() if name not in ("was", "reason")}
    return form_summary.changes(kind, (was, []), (now, []), known)


def _remarks(case: Case, rows: list[Any]) -> Iterator[Sentence]:
    labels = field_labels(case)
    for one in rows:
        yield N_(
            "%(label)s: %(value)s", label=labels.get(one.get("field", ""), N_("Замечание")), value=one.get("text", "")
        )


def field_labels(case: Case) -> dict[str, Sentence]:
    """Return the words of what a remark may name: the fields of the case form and its attachments."""
    kind = case_type(case.type)
    found = {name: how.label for name, how in asks(kind.form).items()}
    return found | {f"attachment:{one.key}": one.title for one in kind.attachments}


def _said(how: Ask, value: object, reading: Reading) -> Words | None:
    """Return a short value in words; ids and unknown lists say nothing to a reader."""
    if isinstance(how.choices, str):
        return reading.lists.get(how.choices, {}).get(str(value))
    if how.choices is not None:
        return next((one.label for one in how.choices if one.value == value), None)
    if value is True:
        return N_("да")
    if isinstance(value, str) and len(value) <= SHORT:
        try:
            return f"{parse_date(value):%d.%m.%Y}"
        except ValueError:
            return value
    return str(value) if isinstance(value, int) else None
