"""What a row of the work list shows: of a case, of an expert's own part, of a record that waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.keyset import Walk
from workflow_app.db.models import CriteriaRow, Record
from workflow_app.facts import worklist
from workflow_app.facts.record_names import titles_of
from workflow_app.facts.subjects import state_of, workflow_of
from workflow_app.facts.tasks import AnyTask, RecordTask, SheetTask, Task
from workflow_app.facts.worklist import ENTER
from workflow_app.features.cases.home import FILTERS, Home
from workflow_app.features.cases.urls import task_url
from workflow_app.states.standings import SHEET
from workflow_app.web import deadline_words, table_page
from workflow_app.web.formatting import say
from workflow_app.web.request_scope import Scope, here
from workflow_app.web.whole_lists import whole_list


def cards(scope: Scope, tasks: Sequence[AnyTask]) -> list[dict[str, Any]]:
    """Return the rows for the macro ``tasks``; records are named by a statement for each kind that they refer to."""
    pieces = [one for one in tasks if isinstance(one, RecordTask)]
    titles = titles_of(scope.session, {row for one in pieces for row in (one.whole, one.record)})
    found = []
    for one in tasks:
        if isinstance(one, SheetTask):
            found.append(_of_sheet(one.row))
        elif isinstance(one, RecordTask):
            found.append(_of_record(one, titles, scope.me.person_id))
        else:
            found.append(_of_case(scope, one))
    return found


@whole_list("work", "cases.work", "case")
def _all_found(most: int) -> Sequence[int]:
    """Return the cases that wait for the person, in the order of the list."""
    scope, what = here(), table_page.asked((), "", FILTERS)
    home = Home.of(scope, what.chosen)
    return worklist.case_ids(scope.session, scope.me, Walk(most), step=home.step, **home.asked)


@whole_list("others", "cases.work", "case")
def _all_awaited(most: int) -> Sequence[int]:
    """Return the cases that wait for others, in the order of the list."""
    return Home.of(here(), table_page.asked((), "", FILTERS).chosen).awaited(most)


def _records_awaited(kind: str, most: int) -> Sequence[int]:
    """Return the records of a kind that wait for others, in the order of the list."""
    return Home.of(here(), table_page.asked((), "", FILTERS).chosen).records_awaited(kind, most)


for _kind in CONTENT_TYPES.values():
    if not _kind.within:
        whole_list(f"others-{_kind.key}", "cases.work", _kind.key)(partial(_records_awaited, _kind.key))


def _of_case(scope: Scope, task: Task) -> dict[str, Any]:
    case, workflow, own = task.case, workflow_of(task.case), task.assignment
    mine = case.applicant_id == scope.me.person_id
    state = state_of(case, told=True)  # tasks are the author's own and the office's
    due = deadline_words.of_case(case) if task.due_on else None  # an act beside the turn has no term of its own
    if own is not None and own.due_on:
        due = deadline_words.of_assignment(own)
    return {
        "title": case.title, "url": url_for("cases.show", id=case.id), "number": case.number or "", "kind": say(workflow.title),
        "people": "" if mine else case.applicant.short_name, "verb": say(task.verb),
        "verb_url": task_url(task, dict(workflow.transitions)),
        "status": {"title": say(state.applicant_title if mine else state.title), "tone": state.tone},
        "due": due, "value": f"{case.id}.{case.version}" if own is None and not mine else "",
    }  # fmt: skip


def _of_sheet(row: CriteriaRow) -> dict[str, Any]:
    state = workflow_of(row).state(row.state)
    place: dict[str, Any] = {"key": row.key, "number": row.number}
    return {
        "title": row.data["title"], "url": url_for("centre.criteria_sheet", **place), "number": "",
        "kind": _("Критерии оценивания, версия %(n)s", n=row.number), "people": "", "verb": say(ENTER),
        "verb_url": url_for("centre.criteria_do", **place, name=SHEET), "due": None,
        "status": {"title": say(state.title), "tone": state.tone},
    }  # fmt: skip


def _of_record(task: RecordTask, titles: Mapping[Record, str], me: int | None) -> dict[str, Any]:
    row, whole = task.record, task.whole
    state = row.content.workflow.state(row.state)
    card = url_for(f"records.{whole.kind}", id=whole.id)
    act = url_for(f"records.{row.kind}_act", id=row.id, name=task.awaits.do)
    mine = row is whole or me in {row.values[name] for name in row.content.stands}
    return {
        "title": titles[whole], "url": card, "number": "", "kind": say(whole.content.titles[0]), "people": "" if mine else titles[row],
        "verb": say(task.awaits.verb), "verb_url": card if task.awaits.on_card else act,
        "status": {"title": say(state.title), "tone": state.tone},
        "due": deadline_words.shown(row.municipality_id, task.due_on, whose=deadline_words.YOURS),
    }  # fmt: skip
