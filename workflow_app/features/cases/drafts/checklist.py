"""The checklist of a draft: what is done, what bars the submission, what had better be more. Lines over the one check of the form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workflow_app.case_types.form_check import CONSENT, NO_CONSENT
from workflow_app.case_types.registry import case_type
from workflow_app.errors import N_, Sentence
from workflow_app.facts.subjects import beside
from workflow_app.features.cases.drafts.draft import CHECK, FILES, Draft, Step
from workflow_app.states.forms import asks, is_unfilled
from workflow_app.web.request_scope import here


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to mend inside a line of the checklist: the field, and what is wrong with it; no texts: it is empty."""

    name: str
    label: Sentence
    texts: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """A line of the checklist: ``step`` and ``target`` say where it is mended, ``wanted`` that it is not done."""

    text: Sentence
    wanted: bool
    step: str
    target: str = ""
    parts: tuple[Part, ...] = ()
    bars: bool = True


def checklist(draft: Draft) -> Iterator[Point]:
    """Yield the lines of the checklist. Those that are wanted and bar are the obstacles, each once.

    A step of which nothing is asked and nothing typed is neither done nor missing: it has no line.
    """
    for step in draft.steps:
        parts = tuple(_parts(draft, step))
        if parts:
            yield Point(step.title, wanted=True, step=step.key, target=parts[0].name, parts=parts)
        elif step.key in (FILES, CHECK):
            continue
        elif short := draft.unfinished(step):
            few = tuple(Part(name, label) for name, many in short.items() for label in many)
            yield Point(step.title, wanted=True, step=step.key, target=few[0].name, parts=few, bars=False)
        elif draft.is_filled(step):
            yield Point(step.title, wanted=False, step=step.key)
    yield from _file_points(draft)


def _parts(draft: Draft, step: Step) -> Iterator[Part]:
    """Yield the fields of a step that bar, each once with all that is wrong in it."""
    known = asks(draft.kind)
    texts: dict[str, dict[Sentence, None]] = {}
    for one in draft.barred(step):
        if one.field in known:
            texts.setdefault(one.field, {}).update({one.text: None})
    for name, many in texts.items():
        empty = not draft.is_given(name) and step.key != CHECK and all(map(is_unfilled, many))
        yield Part(name, known[name].label, () if empty else tuple(many))


def _file_points(draft: Draft) -> Iterator[Point]:
    """Yield a line for every wanted kind of attachment and for the consent."""
    barred = {one.place: one.text for one in draft.barred(draft.step(FILES))}
    now = beside(here().session, draft.case)
    for one in case_type(draft.case.type).attachments:
        place = f"attachment:{one.key}"
        if one.required(draft.submission) or one.expected(draft.submission):
            wanted = one.key not in now.kinds
            text = (
                N_("Не хватает: %(what)s", what=one.title)
                if place in barred
                else N_("Документ: %(what)s", what=one.title)
            )
            yield Point(text, wanted, FILES, f"kind-{one.key}", bars=not wanted or place in barred)
    if not now.consent:
        text = N_("Не хватает: %(what)s", what=NO_CONSENT) if CONSENT in barred else NO_CONSENT
        yield Point(text, wanted=True, step=CONSENT, bars=CONSENT in barred)
