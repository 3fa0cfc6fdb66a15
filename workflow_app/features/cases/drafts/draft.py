"""The draft of a case form: its steps, what is typed so far, what is wrong with it, what is missing.

A step is a section of the sheet; two more follow, the attachments and the check before submitting. A request carries the
fields of one step (or of several): they are laid over what was typed before, so nothing typed elsewhere is lost.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from werkzeug.datastructures import MultiDict

from workflow_app.case_types.form_check import CONSENT, Obstacle, obstacles
from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Case
from workflow_app.errors import N_, Denied, Sentence
from workflow_app.facts import choices
from workflow_app.facts.subjects import beside, facts_of, typed_form, workflow_of
from workflow_app.spelling import visible
from workflow_app.states import policy
from workflow_app.states.forms import (
    Ask,
    Lists,
    Problems,
    Sheet,
    asks,
    choices_of,
    chosen,
    clean,
    is_unfilled,
    lines_of,
    to_json,
)
from workflow_app.states.vocabulary import Actor, Facts, Permission, Transition, Workflow
from workflow_app.web.forms import SEPARATOR, raw_of
from workflow_app.web.request_scope import here

FILES, CHECK = "files", "check"
# Two declarations stand where they are true: of the files beside the files, of the whole at the end.
_ELSEWHERE = {"no_minors_data": FILES, "declaration_authorship": CHECK}
_DIGEST = 16  # characters: enough to tell two texts of one person apart


@dataclass(frozen=True, slots=True)
class Step:
    """One step: ``key`` for the address, the fields of the sheet that it asks."""

    key: str
    title: Sentence
    fields: tuple[str, ...]


def steps_of(kind: type[Sheet]) -> tuple[Step, ...]:
    """Return the steps of a form: its sections by the name of their first field, then the files and the check."""
    found: list[tuple[str, Sentence, list[str]]] = []
    for name, how in asks(kind).items():
        if how.section is not None or not found:
            found.append((name, how.section or N_("Сведения"), []))
        if name not in _ELSEWHERE:
            found[-1][2].append(name)
    last = [(FILES, N_("Документы")), (CHECK, N_("Проверка и подача"))]
    ends = [(key, title, [name for name in asks(kind) if _ELSEWHERE.get(name) == key]) for key, title in last]
    return tuple(Step(key, title, tuple(names)) for key, title, names in (*found, *ends))


def plain(value: Any) -> Any:
    """Return a value by which two texts are compared: numbers as they are typed, everything empty as one nothing."""
    if isinstance(value, Mapping):
        return {str(key): one for key, part in value.items() if (one := plain(part))} or ""
    if isinstance(value, (list, tuple)):
        return [one for part in value if (one := plain(part))] or ""
    return "" if value is None or value is False else str(to_json(value))


def _listed(typed: Any) -> Any:
    """Return a text of several lines as its lines: a field of short texts is kept either way."""
    return lines_of(typed) if isinstance(typed, str) else typed


def _length(typed: Any) -> int:
    return visible(clean(str(typed or "")))


@dataclass
class Draft:
    """The form of one case while its author fills it in; ``values`` are JSON values and typed strings by field name."""

    case: Case
    me: Actor
    facts: Facts
    workflow: Workflow
    transition: Transition
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> type[Sheet]:
        """The class of the form."""
        return self.transition.asks

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The steps of the form."""
        return steps_of(self.kind)

    def step(self, key: str | None) -> Step:
        """Return the step of a key, the first one when there is none of that name."""
        return next((one for one in self.steps if one.key == key), self.steps[0])

    def following(self, step: Step) -> Step:
        """Return the step after this one; the last one stays where it is."""
        place = self.steps.index(step)
        return self.steps[min(place + 1, len(self.steps) - 1)]

    def home(self, name: str) -> Step:
        """Return the step where a place is mended: that of the field, or that of the documents."""
        if name == CONSENT or name.startswith("attachment:"):
            return self.step(FILES)
        return next((one for one in self.steps if name in one.fields), self.steps[-1])

    @cached_property
    def lists(self) -> Lists:
        """The closed lists of the form; the sections of an attestation's report follow the category typed so far."""
        return choices.of_case(here().session, self.case)

    @cached_property
    def obstacles(self) -> tuple[Obstacle, ...]:
        """What the submission would be refused for, as the draft stands: every step, the checklist and the act say the same."""
        of_type = case_type(self.case.type)
        return obstacles(of_type, self.kind, self.submission, self.lists, beside(here().session, self.case))

    @cached_property
    def submission(self) -> dict[str, Any]:
        """What would be submitted: without texts for the criteria of a category that is no longer sought."""
        found = dict(self.values)
        for name, how in asks(self.kind).items():
            typed = found.get(name)
            if isinstance(typed, Mapping) and isinstance(how.choices, str):
                known = chosen(self.lists[how.choices], typed)
                found[name] = {key: text for key, text in typed.items() if key in known}
            elif how.tidy is not None and typed:
                found[name] = [how.tidy(clean(one)) for one in _listed(typed)]
        return found

    def left_over(self, name: str) -> dict[str, str]:
        """Return texts typed for criteria that the present category does not have: they are kept, not submitted."""
        typed, kept = self.values.get(name), self.submission.get(name)
        if not isinstance(typed, Mapping) or not isinstance(kept, Mapping):
            return {}
        return {key: str(text) for key, text in typed.items() if key not in kept and text}

    @cached_property
    def remarks(self) -> dict[str, tuple[str, ...]]:
        """The remarks with which the case was returned, by field or ``attachment:kind``."""
        found: dict[str, tuple[str, ...]] = {}
        for one in self.case.remarks.get("remarks") or []:
            found[one["field"]] = (*found.get(one["field"], ()), one["text"])
        return found

    @property
    def general_remark(self) -> str:
        """The remark to the whole form."""
        return str(self.case.remarks.get("general") or "")

    def is_given(self, name: str) -> bool:
        """Whether something is typed in a field."""
        return bool(plain(self.values.get(name)))

    def barred(self, step: Step) -> list[Obstacle]:
        """Return the obstacles that are mended in a step."""
        return [one for one in self.obstacles if self.home(one.field) is step]

    def troubles(self, step: Step, *, checking: bool = True) -> Problems:
        """Return the obstacles at the fields of a step, by path. Before the check nobody is scolded for what is not filled yet."""
        found: Problems = {}
        for one in self.barred(step):
            if one.field in step.fields and (checking or self.is_given(one.field) or not is_unfilled(one.text)):
                found[one.place] = (*found.get(one.place, ()), one.text)
        return found

    def is_mended(self, key: str) -> bool:
        """Whether what a remark is about has been changed since the return: the field, or the files of the kind."""
        kind = key.partition("attachment:")[2]
        if kind:
            return any(one.attachment == kind and one.uploaded_at >= self.case.state_since for one in self.case.files)
        before, now = self.case.form.get(key), self.values.get(key)
        return bool(plain(_listed(before)) != plain(_listed(now)))

    def unfinished(self, step: Step) -> dict[str, tuple[Sentence, ...]]:
        """Return the texts of a step that are empty or too short to be read, by field, though they bar nothing (0a.2)."""
        found = {
            name: self._short(name, how) for name, how in asks(self.kind).items() if name in step.fields and how.enough
        }
        return {name: labels for name, labels in found.items() if labels}

    def _short(self, name: str, how: Ask) -> tuple[Sentence, ...]:
        typed, parts = self.submission.get(name), choices_of(how, self.lists)
        if not isinstance(parts, Sequence):
            return (how.label,) if _length(typed) < (how.enough or 0) else ()
        texts = typed if isinstance(typed, Mapping) else {}
        return tuple(one.label for one in parts if _length(texts.get(one.value)) < (how.enough or 0))

    def is_filled(self, step: Step) -> bool:
        """Whether a step of fields is done: something is typed, nothing of it is wrong, lacking or too short."""
        return not self.barred(step) and not self.unfinished(step) and any(map(self.is_given, step.fields))

    def token(self, step: Step) -> str:
        """Return what a page shows: the version of the case and a digest of the step's fields (all of them at the check)."""
        return f"{self.case.version}.{self.digest(step)}"

    def digest(self, step: Step) -> str:
        """Return a digest of the fields of a step as they stand."""
        names = list(asks(self.kind)) if step.key == CHECK else step.fields
        text = json.dumps({name: plain(self.values.get(name)) for name in names}, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:_DIGEST]

    def laid_over(self, form: MultiDict[str, str], step: Step | None) -> dict[str, Any]:
        """Return the values with what a request carries: the whole of ``step``, and any other field that is named."""
        typed, named = raw_of(form, self.kind), {name.split(SEPARATOR)[0] for name in form}
        found = dict(self.values)
        for name, value in typed.items():
            if name not in named and (step is None or name not in step.fields):
                continue
            before = found.get(name)
            found[name] = {**before, **value} if isinstance(before, Mapping) and isinstance(value, Mapping) else value
        return found

    def hold(self, values: dict[str, Any]) -> None:
        """Go on with other values: everything that was worked out from the former ones is forgotten."""
        self.values = values
        for name in ("lists", "obstacles", "submission"):
            self.__dict__.pop(name, None)


def open_draft(case: Case) -> Draft:
    """Return the draft of a case that the present person may edit and submit; Denied when it is not theirs to edit now."""
    scope = here()
    workflow, facts = workflow_of(case), facts_of(case, scope.session)
    offers = policy.offers(workflow, scope.me, facts)
    found = next((one.transition for one in offers.values() if one.transition.subject_of == "submit"), None)
    if found is None or not policy.may(workflow, scope.me, facts, Permission.EDIT):
        raise Denied(N_("Сейчас заполнять эту форму нельзя."))
    return Draft(case, scope.me, facts, workflow, found, dict(typed_form(scope.session, case)))
