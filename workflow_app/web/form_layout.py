"""How the page of an act is laid out: the fields in sections, every error with a link, what follows, what has changed since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import Field, FieldList, Form, FormField

from workflow_app.db.models import Event, Subject
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.errors import N_, Sentence
from workflow_app.facts.subjects import workflow_of
from workflow_app.states.forms import Sheet, asks
from workflow_app.states.vocabulary import Facts, Transition, Workflow
from workflow_app.web.formatting import say

_STRAY = {
    "password": "f-password",
    "scan": "f-scan_file",
    "file": "f-file",
}  # problems of signatures stand at fields of the page's own


@dataclass(frozen=True, slots=True)
class Part:
    """The fields of one section, in their order; the first section of a form often has no title."""

    title: str
    fields: tuple[Field, ...]


def layout(form: Form, workflow: Workflow, transition: Transition, facts: Facts, *, as_author: bool) -> dict[str, Any]:
    """Return what the page of an act is drawn from beside the form itself."""
    following = [say(one) for one in follows(workflow, transition, facts, as_author=as_author)]
    return {
        "parts": sections(form, getattr(form, "of_sheet", transition.asks)), "errors": summary(form), "follows": following,
        "restored": None, "conflict": None, "changes": [],
    }  # fmt: skip


def sections(form: Form, kind: type[Sheet]) -> list[Part]:
    """Divide a form as its sheet says: a section goes on until a field names the next one."""
    found: list[tuple[str, list[Field]]] = [("", [])]
    for name, how in asks(kind).items():
        if how.section is not None:
            found.append((say(how.section), []))
        if name in form:
            found[-1][1].append(form[name])
    return [Part(title, tuple(fields)) for title, fields in found if fields]


def summary(form: Form) -> list[dict[str, str]]:
    """Return every error of a form with the id of its field, those of rows inside rows too: the list at the top.

    They stand in the order of the page: what belongs to no field, the fields, then those of a signature below them.
    """
    told: Mapping[str, list[str]] = getattr(form, "told", {})
    stray = {words: _STRAY[path] for path, many in told.items() if path in _STRAY for words in many}
    loose = [{"text": words, "target": stray.get(words, "")} for words in form.form_errors]
    fields = [{"text": f"{label}: {words}", "target": target} for label, words, target in _errors(form, "")]
    return [*(one for one in loose if not one["target"]), *fields, *(one for one in loose if one["target"])]


def _errors(form: Form, within: str) -> Iterator[tuple[str, str, str]]:
    for field in form:
        label = f"{within}{field.label.text}"
        if isinstance(field, FieldList):
            for number, entry in enumerate(field.entries, start=1):
                yield from _errors(entry.form, f"{label}, {number}: ")
        elif isinstance(field, FormField):
            yield from _errors(field.form, f"{label}: ")
        elif field.errors:
            many = (
                hasattr(field, "option_widget")
                and not hasattr(field.widget, "input_type")
                and not hasattr(field.widget, "multiple")
            )
            yield label, " ".join(map(str, field.errors)), f"{field.id}-0" if many else field.id


def with_one_more(raw: Mapping[str, Any], field: str) -> dict[str, Any]:
    """Return what was typed with an empty row more in ``field``; a name that is no list of rows changes nothing."""
    rows = raw.get(field)
    return {**raw, field: [*rows, {}]} if isinstance(rows, list) else dict(raw)


def was_typed(kept: Mapping[str, Any], first: Mapping[str, Any]) -> bool:
    """Whether a kept form holds anything but what it began with.

    Autosave keeps the whole form, and so does a refused press of the button: where nothing was typed, nothing came back.
    """
    return any(_plain(value) not in ("", _plain(first.get(name))) for name, value in kept.items())


def _plain(value: Any) -> str:
    """Return a value by which what was typed is told from what stood there: empty lists, rows and words are one nothing."""
    if isinstance(value, Mapping):
        return "; ".join(text for one in value.values() if (text := _plain(one)))
    if isinstance(value, (list, tuple)):
        return "; ".join(text for one in value if (text := _plain(one)))
    return "" if value in (None, False) else " ".join(str(value).split())


def follows(workflow: Workflow, transition: Transition, facts: Facts, *, as_author: bool) -> list[Sentence]:
    """Say what happens after the act: the state in the reader's words, the next step, the number, the documents."""
    ways = [one for one in transition.targets if one.when is None or one.when.test(facts)] or transition.targets
    states = [workflow.state(one.state) for one in ways]
    titles = list(dict.fromkeys((one.applicant_title if as_author else one.title).msgid for one in states))
    found: list[Sentence] = []
    if len(titles) == 1:
        found.append(N_("Состояние станет «%(state)s».", state=N_(titles[0])))
        if states[0].todo and not as_author:
            found.append(N_("Следующий шаг: «%(todo)s».", todo=states[0].todo))
    elif titles:
        found.append(N_("Состояние станет «%(first)s» или «%(second)s».", first=N_(titles[0]), second=N_(titles[1])))
    elif not transition.means:
        found.append(N_("Состояние не изменится."))
    if transition.means:
        found.append(transition.means)
    if transition.numbers:
        found.append(N_("Делу будет присвоен регистрационный номер."))
    issued = [say(KINDS[one].title) for one in transition.issues if one in KINDS]
    if issued:
        found.append(N_("Будут выпущены документы: %(what)s.", what=", ".join(issued)))
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """One act that came in between: its words and its moment, not its author, who may have to stay unnamed."""

    text: str
    at: datetime


def changed_since(session: Session, subject: Subject, seen: int) -> list[Change]:
    """Return the acts on a subject after the version that was seen: what made a page stale."""
    rows = session.execute(
        select(Event.transition, Event.at)
        .where(Event.subject_kind == subject.kind, Event.subject_id == subject.id, Event.subject_version > seen)
        .order_by(Event.id)
    )
    known = workflow_of(subject).transitions
    return [Change(say(known[name].told), at) for name, at in rows if name in known]
