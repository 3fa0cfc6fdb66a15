"""What the pages of a draft show: the step with its fields, the line of steps, the remarks to mend, the check at the end."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from workflow_app.assessment.criteria import CriteriaSheet, from_data
from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Municipality
from workflow_app.errors import N_, Invalid, NotYet, Sentence, WorkflowError
from workflow_app.facts import choices
from workflow_app.features.cases.drafts.checklist import checklist
from workflow_app.features.cases.drafts.draft import CHECK, FILES, Draft, Step
from workflow_app.features.cases.drafts.duplicates import twins
from workflow_app.features.cases.files import attachments
from workflow_app.states import policy
from workflow_app.states.forms import Sheet, asks, hints
from workflow_app.states.vocabulary import Permission
from workflow_app.web import deadline_words, form_summary
from workflow_app.web.formatting import say
from workflow_app.web.forms import form_of, show_problems
from workflow_app.web.page import address
from workflow_app.web.request_scope import here


def step_page(
    draft: Draft,
    step: Step,
    *,
    others: Mapping[str, Any] | None = None,
    stale: str = "",
    failed: WorkflowError | None = None,
    refused: bool = False,
) -> str:
    """Return the page of a step.

    ``stale`` is the token of what stands in the draft when another window was first, ``others`` what it typed there;
    ``refused``: the obstacles bar the submission that was asked for; ``failed``: it did not go through for another reason.
    """
    checking = refused or failed is not None or is_checking()
    form = form_of(draft.kind, draft.lists, _with_rows(draft))
    show_problems(form, draft.troubles(step, checking=checking))
    context: dict[str, Any] = {
        "draft": draft, "case": draft.case, "kind": case_type(draft.case.type), "step": step, "form": form,
        "fields": [form[name] for name in step.fields if name in form], "token": stale or draft.token(step),
        "steps": marks(draft, step, checking=checking), "following": draft.following(step), "checking": checking,
        "before": draft.steps[draft.steps.index(step) - 1] if step is not draft.steps[0] else None,
        "others": _in_words(draft, others or {}), "stale": bool(stale), "sayings": _to_mend(draft), "conclusion": _conclusion(draft),
        "criteria": criteria_of(draft), "left_over": {name: draft.left_over(name) for name in step.fields},
        "due": deadline_words.of_case(draft.case),
    }  # fmt: skip
    if step.key == FILES:
        context |= attachments.section_context(draft.case, draft.submission, draft.remarks)
    if step.key in (FILES, CHECK):
        context |= _check_context(draft) | {"refused": refused, "errors": _reasons(draft, failed)}
    return render_template("cases/edit.html", **context)


def is_checking() -> bool:
    """Whether the draft has been checked: from then on every step says what is missing, until it is mended."""
    return "check" in request.args


def marks(draft: Draft, step: Step, *, checking: bool) -> list[dict[str, Any]]:
    """Return the line of steps as it is seen from ``step``."""
    return [_mark(draft, one, step, checking=checking) for one in draft.steps]


def _with_rows(draft: Draft) -> dict[str, Any]:
    """Return the values with an empty row more where «Добавить» was pressed."""
    name = request.args.get("add", "")
    item = next(iter(typing.get_args(hints(draft.kind).get(name))), None)
    if not (isinstance(item, type) and issubclass(item, Sheet)):
        return draft.values
    return {**draft.values, name: [*(draft.values.get(name) or []), {}]}


def _mark(draft: Draft, one: Step, current: Step, *, checking: bool) -> dict[str, Any]:
    """Return a step for the line of steps: done, current, ahead, or to be mended. The current one may be done as well."""
    url = url_for("cases.edit", id=draft.case.id, step=one.key, check=1 if checking else None)
    state = _state(draft, one, checking=checking)
    return {
        "title": say(one.title), "url": url, "state": "current" if one is current else state, "done": state == "done",
    }  # fmt: skip


def _state(draft: Draft, one: Step, *, checking: bool) -> str:
    """Return how a step stands: done when nothing bars in it, nothing is too short, and something is given."""
    keys = (
        [f"attachment:{kind.key}" for kind in case_type(draft.case.type).attachments]
        if one.key == FILES
        else one.fields
    )
    if any(key in draft.remarks and not draft.is_mended(key) for key in keys):
        return "attention"
    if one.key == CHECK:
        return "ahead"
    if draft.troubles(one, checking=checking) or (checking and draft.barred(one)):
        return "attention"
    return "done" if (_files_done(draft, one) if one.key == FILES else draft.is_filled(one)) else "ahead"


def _files_done(draft: Draft, one: Step) -> bool:
    """Return whether there are documents and none is waited for, barring or not."""
    wanted = [point for point in checklist(draft) if point.step == FILES and point.wanted]
    return not wanted and not draft.barred(one) and any(file.state == "attached" for file in draft.case.files)


def _to_mend(draft: Draft) -> list[dict[str, Any]]:
    """Return the remarks with which the case was returned, each with the place where it is mended."""
    found: list[dict[str, Any]] = []
    for key, many in draft.remarks.items():
        is_file = key.startswith("attachment:")
        step = draft.step(FILES) if is_file else draft.home(key)
        anchor = f"kind-{key.partition(':')[2]}" if is_file else key
        titles = {f"attachment:{one.key}": one.title for one in case_type(draft.case.type).attachments}
        label = titles.get(key) or (asks(draft.kind)[key].label if key in asks(draft.kind) else N_("Форма"))
        url = url_for("cases.edit", id=draft.case.id, step=step.key, _anchor=anchor)
        found += [{"label": say(label), "text": text, "url": url, "mended": draft.is_mended(key)} for text in many]
    return found


def _conclusion(draft: Draft) -> list[tuple[str, str]]:
    """Return what the conclusion of the last round asks for, while the author revises and may see it."""
    if not policy.may(draft.workflow, draft.me, draft.facts, Permission.SEE_CONCLUSION):
        return []
    parts = (("remarks", _("Замечания")), ("recommendations", _("Рекомендации")))
    return [(title, str(draft.case.conclusion[key])) for key, title in parts if draft.case.conclusion.get(key)]


def _in_words(draft: Draft, values: Mapping[str, Any]) -> list[tuple[str, form_summary.Answer | None, str]]:
    """Return what another window typed: the label, the answer in words (None when it was cleared), the plain title."""
    found = []
    for name, value in values.items():
        parts = form_summary.sections(draft.kind, {name: value}, draft.lists)
        answer = parts[0].answers[0] if parts else None
        found.append((say(asks(draft.kind)[name].label), answer, "" if answer or value is None else str(value)))
    return found


def _check_context(draft: Draft) -> dict[str, Any]:
    points = list(checklist(draft))
    mine = draft.case.applicant_id == draft.me.person_id
    wanted = [point for point in points if point.bars and point.wanted]
    return {
        "points": [point for point in points if point.bars], "wanted": wanted, "advice": [one for one in points if not one.bars],
        "twins": twins(here().session, draft.me, draft.case, draft.submission), "ready": not wanted,
        "almost": bool(wanted) and all(point.step == CHECK for point in wanted),
        "consent_url": address("people.consent", kind="processing") if mine else "",
    }  # fmt: skip


def _reasons(draft: Draft, failed: WorkflowError | None) -> list[dict[str, str]]:
    """Return why a submission that nothing barred did not go through, each reason with the field where it is mended."""
    if isinstance(failed, Invalid):
        return [_at_field(draft, path, many) for path, many in failed.problems.items()]
    told = failed.obstacles if isinstance(failed, NotYet) else [failed.sentence] if failed is not None else ()
    return [{"label": "", "url": "", "text": say(one)} for one in told]


def _at_field(draft: Draft, path: str, many: tuple[Sentence, ...]) -> dict[str, str]:
    name, words = path.split(".", maxsplit=1)[0], " ".join(say(one) for one in many)
    how = asks(draft.kind).get(name)
    if how is None:
        return {"label": "", "url": "", "text": words}
    url = url_for("cases.edit", id=draft.case.id, step=draft.home(name).key, check=1, _anchor=name)
    return {"label": say(how.label), "url": url, "text": words}


def criteria_of(draft: Draft) -> CriteriaSheet | None:
    """Return the very criteria by which this case will be judged, as far as the form tells: for a look at oneself first."""
    scope = here()
    key = case_type(draft.case.type).criteria(draft.submission)
    row = choices.criteria_in_force(scope.session, draft.case.municipality_id, key)
    if row is None:
        return None
    switches = scope.session.get_one(Municipality, draft.case.municipality_id).switches
    words = case_type(draft.case.type).shape.attestation and not switches.get("attestation_points")
    return from_data(row.data).in_mode("words" if words else "points")
