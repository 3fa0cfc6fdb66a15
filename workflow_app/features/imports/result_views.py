"""What came of a table: how far the recording is, a result per row with links, the rows that wait as a file with the reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Response, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from workflow_app.db.models import Case, ImportRow, ImportTable, Person
from workflow_app.errors import NotFound
from workflow_app.facts.standings import visible
from workflow_app.facts.subjects import workflow_of
from workflow_app.features.imports import later_papers, table_store
from workflow_app.features.imports.lines import Line
from workflow_app.features.imports.slice import ENTERERS, crumbs, opened, page, steps
from workflow_app.features.imports.table_kinds import Column, Kind
from workflow_app.features.imports.table_store import Checked
from workflow_app.files.write_table import Cell, write_xlsx
from workflow_app.gate import NO_SUCH
from workflow_app.operations import job_queue
from workflow_app.states.vocabulary import Permission
from workflow_app.web.file_answer import made
from workflow_app.web.formatting import say
from workflow_app.web.next_page import go, go_to
from workflow_app.web.page import address
from workflow_app.web.request_scope import here

_TONES = {"done": "good", "draft": "attention", "skipped": "done"}


@page("/imports/<kind>/<int:id>/result", readers=ENTERERS)
def result(kind: str, id: int) -> str:
    """Show how far it is and what came of each row; the script asks for this very page again while it goes on."""
    one, scope = opened(kind), here()
    table = table_store.own(scope.session, scope.me, one, id)
    rows = table_store.rows_of(scope.session, table, *table_store.CAME)
    open_rows = table_store.rows_of(scope.session, table)
    job = table_store.job_of(scope.session, table)
    shown, said = (
        _TOLD[kind](sorted({row.subject_id for row in rows if row.subject_id})),
        _said([*rows, *open_rows], job),
    )
    told = [_row(row, shown.get(row.subject_id or 0), said[row.id]) for row in rows]
    recorded = [row.subject_id for row in rows if row.state == "done" and row.subject_id]
    counts = {state: sum(row.state == state for row in rows) for state in table_store.CAME}
    return render_template(
        "imports/result.html", kind=one, table=table, job=job, busy=job is not None and job.state in job_queue.OPEN,
        rows=told, waiting=len(open_rows),
        failed=[{"number": row.number, "said": said[row.id], "id": row.id} for row in open_rows if said[row.id]],
        counts=counts | {"draft": sum(row["draft"] for row in told)},
        papers=len(later_papers.waiting(scope.session, table)) if one.files else 0,
        recorded=" ".join(map(str, recorded)) if kind == "cases" else "",
        steps=steps(one, 2, id), breadcrumbs=crumbs(one),
    )  # fmt: skip


def _row(row: ImportRow, told: Mapping[str, str] | None, said: str) -> dict[str, Any]:
    titles = {"done": _("записано"), "draft": _("черновик"), "skipped": _("пропуск")}
    cells, state, tone = next((str(one) for one in row.cells if one), ""), titles[row.state], _TONES[row.state]
    draft, moved = row.state == "draft", (told or {}).get("moved", "")
    if draft and moved:  # by hand, on its own card
        draft, state, tone, said = (
            False,
            _("на карточке"),
            "done",
            _("Это уже не черновик. Сейчас: %(state)s", state=moved),
        )
    return {
        "number": row.number, "state": state, "tone": tone, "said": said, "draft": draft,
        "title": told["title"] if told else cells, "note": told["note"] if told else "", "url": told["url"] if told else "",
    }  # fmt: skip


def _said(rows: Sequence[ImportRow], job: Any) -> dict[int, str]:
    """Return what was said of each row last: by the job where it failed there and waits again, else when it was recorded."""
    items = {one.subject_id: one.said for one in job.items if one.state == "failed"} if job is not None else {}
    return {
        row.id: (items.get(row.id) if row.state == table_store.OPEN or later_papers.waits(row) else "") or row.said
        for row in rows
    }


def _people(ids: Sequence[int]) -> dict[int, dict[str, str]]:
    rows = here().session.scalars(select(Person).where(Person.id.in_(ids))).unique()
    return {
        row.id: {
            "title": row.full_name, "note": row.organization.name if row.organization else "", "url": address("people.person", id=row.id),
        }
        for row in rows
    }  # fmt: skip


def _cases(ids: Sequence[int]) -> dict[int, dict[str, str]]:
    seen = visible(here().me, Permission.VIEW).condition  # who brought a case in may have lost it since
    rows = (
        here().session.scalars(select(Case).where(Case.id.in_(ids), seen).options(joinedload(Case.applicant))).unique()
    )
    return {
        row.id: {
            "title": f"{row.number} {row.title}" if row.number else row.title, "note": row.applicant.full_name,
            "url": url_for("cases.show", id=row.id), "moved": "" if row.state == "draft" else say(workflow_of(row).state(row.state).title),
        }
        for row in rows
    }  # fmt: skip


_TOLD: Mapping[str, Callable[[Sequence[int]], dict[int, dict[str, str]]]] = {
    "people": _people, "experts": _people, "cases": _cases, "school_cases": _cases,
}  # fmt: skip


@page("/imports/<kind>/<int:id>/left.xlsx", readers=ENTERERS)
def left(kind: str, id: int) -> Response:
    """Give the rows that wait as a table, each with the reasons: mended in Excel it can be brought in again."""
    one, scope = opened(kind), here()
    table = table_store.own(scope.session, scope.me, one, id)
    found = table_store.checked(scope.session, scope.me, table)
    columns = [column for column in one.columns if any(line.cells.get(column.key) for line in found.lines)]
    header = [_("Строка"), *(column.titles[0] for column in columns), _("Что исправить")]
    wanted = [line for line in found.lines if line.outcome in ("wrong", "ask", "wait")] or [*found.lines]
    rows: list[list[Cell]] = [
        [line.number, *(_shown(found, line, column) for column in columns), _reasons(one, line)] for line in wanted
    ]
    return made(write_xlsx(header, rows, say(one.title)), f"{say(one.title)}: что осталось.xlsx")


def _shown(found: Checked, line: Line, column: Column) -> str:
    """Return a cell as a person reads it: a value of a list that stands for the whole table in its words."""
    text = line.cell(column.key)
    if column.key not in line.lent or column.widget != "list":
        return text
    return next((str(one.label) for one in found.known.list_of(column) if one.value == text), text)


def _reasons(kind: Kind, line: Line) -> str:
    titles = {column.key: column.titles[0] for column in kind.columns}
    said = [
        f"{titles[key]}: {say(one)}" if key in titles else say(one)
        for key, many in line.problems.items()
        for one in many
    ]
    said += [_("Похоже на запись, которая уже есть")] if line.asked else []
    return "; ".join(said)


@page("/imports/rows/<int:id>", readers=ENTERERS)
def row(id: int) -> Response:
    """Lead from a row to what it became, or to where it waits."""
    scope = here()
    found = scope.session.get(ImportRow, id)
    table = scope.session.get(ImportTable, found.table_id) if found is not None else None
    if found is None or table is None or table.person_id != scope.who.id:
        raise NotFound(NO_SUCH)
    shown = _TOLD[table.kind]([found.subject_id] if found.subject_id else [])
    if told := shown.get(found.subject_id or 0):
        return go_to(told["url"])
    return go("imports.grid", f"row-{found.number}", kind=table.kind, id=table.id, show="all")


@page("/imports/jobs/<int:id>", readers=ENTERERS)
def rest(id: int) -> Response:
    """Lead from a job to the table whose rows it recorded: what was left waits there."""
    scope = here()
    mine = select(ImportTable).where(ImportTable.job_id == id, ImportTable.person_id == scope.who.id)
    table = scope.session.scalars(mine).first()
    if table is None:
        raise NotFound(NO_SUCH)
    job = table_store.job_of(scope.session, table)
    later = job is not None and job.name == later_papers.JOB
    return go("imports.result" if later else "imports.grid", kind=table.kind, id=table.id)
