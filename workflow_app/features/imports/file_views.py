"""Archives of papers: before rows are recorded each file finds its row, afterwards the draft of its row, which goes on then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from flask import Response, flash, g, request
from flask_babel import gettext as _

from workflow_app.db.models import ImportRow, ImportTable
from workflow_app.errors import N_, WorkflowError
from workflow_app.features.imports import archive, later_papers, table_store
from workflow_app.features.imports.apply_rows import SMALL
from workflow_app.features.imports.grid_typed import beside_files
from workflow_app.features.imports.slice import ENTERERS, opened, page
from workflow_app.operations import job_queue
from workflow_app.states.vocabulary import Via
from workflow_app.web import uploads
from workflow_app.web.formatting import say
from workflow_app.web.next_page import go
from workflow_app.web.request_scope import blobs, here, settings


def _unpack(**_arguments: object) -> None:
    """Store and inspect the files of the sent archive, while no lock is held."""
    g.unpacked = g.archive_fault = None
    file = request.files.get("archive")
    try:
        if file is None or not file.filename:
            g.archive_fault = N_("Выберите архив ZIP.")
            return
        uploads.demand_clean(file)
        g.unpacked = archive.unpack(file.stream.read(), blobs(), settings().upload_bytes)
    except WorkflowError as error:
        g.archive_fault = error.sentence


def _taken(kind: str, id: int) -> ImportTable | None:
    """Return the person's table, locked; None: its kind takes no files, or a job records its rows right now."""
    one, scope = opened(kind), here()
    table = table_store.own(scope.session, scope.me, one, id)
    table_store.lock(scope.session, table)
    return table if one.files and not table_store.is_busy(scope.session, table) else None


def _refused(back: Callable[..., Response], fragment: str) -> Response:
    flash(say(g.archive_fault), "error")
    return back(fragment=fragment)


@page("/imports/<kind>/<int:id>/files", readers=ENTERERS, methods=("POST",), before=_unpack)
def files(kind: str, id: int) -> Response:
    """Take one archive: each file goes to the row that its name tells, the others are named."""
    table, back = _taken(kind, id), partial(go, "imports.grid", kind=kind, id=id)
    if table is None:
        return back()
    if g.archive_fault is not None or g.unpacked is None:
        return _refused(back, "files")
    placed = _place(table, g.unpacked)
    table_store.change(here().session, table)
    flash(
        _("Файлов разложено по строкам: %(n)s, не нашли своей строки: %(left)s.", n=placed, left=len(table.loose)),
        "success",
    )
    return back(fragment="files")


def _place(table: ImportTable, unpacked: list[archive.Found]) -> int:
    """Give files to the rows they name; one that is there already is not given twice. Return how many were given."""
    session = here().session
    lines = {one.id: one for one in table_store.checked(session, here().me, table).lines}
    rows = {one.id: one for one in table_store.rows_of(session, table)}
    every = table_store.lines_of(session, here().me, table)  # a file of a recorded row belongs to no other
    whose = archive.match((one for one in unpacked if not one.why), every)
    loose, placed = [], 0
    for file in unpacked:
        row = rows.get(whose.get(file.path, 0))
        if row is None:
            loose.append(file.as_data())
        elif file.sha256 not in {one["sha256"] for one in row.files}:
            kind = archive.kind_of(file, lines[row.id].values.get("case_type", ""), (one["kind"] for one in row.files))
            row.files = [*row.files, file.as_data(kind)]
            placed += 1
    table.loose = [*table.loose, *(one for one in loose if one["path"] not in {had["path"] for had in table.loose})]
    return placed


@page("/imports/<kind>/<int:id>/papers", readers=ENTERERS, methods=("POST",), before=_unpack)
def papers(kind: str, id: int) -> Response:
    """Take what came later for the drafts of a table, an archive or numbers typed beside its files, and let these drafts go on."""
    scope, table, back = here(), _taken(kind, id), partial(go, "imports.result", kind=kind, id=id)
    if table is None:
        return back()
    sent = request.files.get("archive")
    if g.archive_fault is not None and sent and sent.filename:  # not a press that goes on with what is there
        return _refused(back, "papers")
    placed, dropped = later_papers.place_typed(scope.session, table, beside_files())
    if g.unpacked is not None:
        placed += later_papers.place(scope.session, scope.me, table, g.unpacked)
    waiting = later_papers.waiting(scope.session, table)
    if g.archive_fault is not None and not waiting and not dropped:
        return _refused(back, "papers")
    table_store.change(scope.session, table)
    flash(
        _("Файлов разложено по черновикам: %(n)s, не нашли своей строки: %(left)s.", n=placed, left=len(table.loose)),
        "success" if placed else "info",
    )
    _go_on(table, waiting)
    return back()


def _go_on(table: ImportTable, rows: Sequence[ImportRow]) -> None:
    """Let drafts go on with the papers that wait for them: a few at once, many in the background, each in a transaction of its own."""
    scope = here()
    if len(rows) > SMALL:
        names = {line.id: line.cell("full_name") for line in table_store.lines_of(scope.session, scope.me, table)}
        job = job_queue.enqueue(
            scope.session, scope.who, scope.me.municipality_id, later_papers.JOB, _("Импорт: документы к черновикам"),
            [(row.id, _("Строка %(n)s: %(who)s", n=row.number, who=names[row.id])) for row in rows], {"ip": scope.me.ip},
        )  # fmt: skip
        table.job_id = job.id
        scope.session.flush()
        return
    for row in rows:
        try:
            with scope.session.begin_nested():
                later_papers.finish(scope.session, replace(scope.me, via=Via.BULK), row.id)
        except WorkflowError as error:
            scope.session.get_one(ImportRow, row.id, populate_existing=True).said = say(error.sentence)
