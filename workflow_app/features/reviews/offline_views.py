"""The review without internet: the sheet as a Word file, the way back with the difference shown before anything is kept."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, g, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import HTTPException

from workflow_app.db.models import Assignment
from workflow_app.errors import N_, Sentence, WorkflowError
from workflow_app.facts import deadlines, naming
from workflow_app.features.reviews import offline_import, offline_sheet
from workflow_app.features.reviews.offline_docx import MOST_BYTES, File, Foreign, read
from workflow_app.features.reviews.sheet_views import ACT, criteria_of, kept, own
from workflow_app.features.reviews.views import page
from workflow_app.states.definitions.review_forms import ReviewSheet
from workflow_app.web import deadline_words, uploads
from workflow_app.web.file_answer import made
from workflow_app.web.formatting import day, say
from workflow_app.web.next_page import go
from workflow_app.web.page import LOGGED_IN
from workflow_app.web.request_scope import here, settings
from workflow_app.web.transition_view import offered, save_copy, stamp, working_copy


def _ids(assignment: Assignment) -> tuple[int, int]:
    return assignment.id, assignment.case.criteria_id or 0


@page("/assignments/<int:id>/offline.docx", readers=LOGGED_IN)
def offline_file(id: int) -> Response:
    """Give the sheet as a Word file with places to fill in, with what is kept so far in them."""
    assignment, scope = own(id), here()
    offered(assignment, ACT)
    case = assignment.case
    known = naming.requisites(scope.session, case.municipality_id, deadlines.today(scope.session, case.municipality_id))
    about = offline_sheet.About(
        case.number or "",
        case.title,
        scope.who.full_name,
        known["short_name"],
        day(assignment.due_on) if assignment.due_on else "",
    )
    raw = kept(assignment, working_copy(assignment, ACT))
    data = offline_sheet.written(criteria_of(assignment), raw, _ids(assignment), settings().secret_key, about)
    scope.note_reading("read", "assignment", assignment.id, "offline sheet")
    return made(data, f"Экспертный лист {case.number}.docx")


def _receive(id: int) -> None:
    """Read the file while no lock is held: a stranger's Word file can take a second, and others want to write meanwhile."""
    g.offline = N_("Выберите файл.")
    file: FileStorage | None = request.files.get("file")
    if file is None or not file.filename:
        return
    with file.stream as stream:
        try:
            offered(own(id), ACT)
        except (WorkflowError, HTTPException):  # the view says so; nobody else's file is read
            return
        data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        g.offline = N_("Файл слишком большой для листа.")
        return
    try:
        uploads.demand_clean(file)
        g.offline = read(data)
    except WorkflowError as error:
        g.offline = error.sentence


@page("/assignments/<int:id>/offline", readers=LOGGED_IN, methods=("GET", "POST"), before=_receive, name="offline")
def offline_page(id: int) -> Response | str:
    """Take a filled file back: show what it would change; nothing is kept yet."""
    assignment = own(id)
    offered(assignment, ACT)
    if request.method != "POST":
        return _page(assignment)
    file: File | Sentence = g.pop("offline")
    if isinstance(file, Sentence):
        return make_response(_page(assignment, problem=file), 422)
    try:
        found = offline_import.brought(file, criteria_of(assignment), _ids(assignment), settings().secret_key)
    except Foreign as error:
        return make_response(_page(assignment, problem=error.sentence), 422)
    return _page(assignment, found=found)


def _page(
    assignment: Assignment, *, problem: Sentence | None = None, found: offline_import.Brought | None = None
) -> str:
    sheet, copy = criteria_of(assignment), working_copy(assignment, ACT)
    changes: list[dict[str, Any]] = []
    wrong: list[Sentence] = []
    if found is not None:
        told, wrong = offline_import.changes(sheet, found, kept(assignment, copy))
        for one in told:
            shown = offline_import.named(one, sheet)
            changes.append({"name": "-".join(one.place.path), "value": one.file, "shown": shown, "way": one.way})
    return render_template(
        "reviews/offline.html", assignment=assignment, case=assignment.case,
        due=deadline_words.of_assignment(assignment), found=found, changes=changes,
        wrong=[say(one) for one in wrong], problem=say(problem) if problem else "", version=stamp(assignment, copy),
        remarks=[say(one) for one in found.remarks] if found else [],
    )  # fmt: skip


@page("/assignments/<int:id>/offline/take", readers=LOGGED_IN, methods=("POST",))
def take_offline(id: int) -> Response | str:
    """Put the chosen values into the sheet that is being filled; a sheet changed meanwhile is not touched."""
    assignment = own(id)
    offered(assignment, ACT)
    copy, sheet = working_copy(assignment, ACT), criteria_of(assignment)
    if request.form.get("version", "") != stamp(assignment, copy):
        told = N_(
            "Лист за это время изменён на странице. Ничего не перенесено: загрузите файл ещё раз и сравните снова."
        )
        return make_response(_page(assignment, problem=told), 409)
    taken = {}
    for place in offline_sheet.places(sheet):
        name = "-".join(place.path)
        if request.form.get(f"take-{name}") == "file":
            taken[place.path] = request.form.get(f"value-{name}", "")
    if not taken:
        flash(_("Ничего не перенесено: везде выбрано то, что на странице."), "info")
        return go("reviews.show", id=id)
    save_copy(assignment, ACT, ReviewSheet, offline_import.merged(kept(assignment, copy), taken))
    flash(_("Перенесено из файла полей: %(n)s. Проверьте лист и подпишите.", n=len(taken)), "success")
    return go("reviews.show", id=id)
