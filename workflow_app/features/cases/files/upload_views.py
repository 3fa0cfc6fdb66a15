"""Pages that change attached files: taking them in, renaming, moving, removing, taking back, confirming.

A received file is stored and inspected before the writing transaction begins (ADR 7), and only for a person who
may attach: nobody else's bytes reach the disk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, flash, g, jsonify, make_response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from workflow_app import clock, gate
from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Case, CaseFile
from workflow_app.errors import N_, Denied, Invalid, NotFound, WorkflowError
from workflow_app.facts import choices
from workflow_app.facts.locking import lock_root
from workflow_app.facts.subjects import facts_of, workflow_of
from workflow_app.features.cases.blueprint import page
from workflow_app.features.cases.files.attachments import attached, back_url, files_page, item_context
from workflow_app.features.cases.files.effects import FILES_MOST
from workflow_app.files.file_names import clean_name
from workflow_app.states import policy
from workflow_app.states.definitions.file import Attach
from workflow_app.states.forms import Choice, fill
from workflow_app.states.vocabulary import Permission
from workflow_app.web import uploads
from workflow_app.web.errors import later, status_of
from workflow_app.web.formatting import say
from workflow_app.web.page import LOGGED_IN
from workflow_app.web.request_scope import here
from workflow_app.web.transition_view import act

_AT_ONCE = FILES_MOST  # files in one request of the plain form


@dataclass(frozen=True, slots=True)
class Received:
    """A file of the request: what it was called, and what became of it."""

    name: str
    taken: uploads.Taken | None
    refusal: WorkflowError | None = None


def _may_attach(case: Case) -> bool:
    scope = here()
    return policy.may(workflow_of(case), scope.me, facts_of(case, scope.session), Permission.ATTACH)


def receive(id: int) -> None:
    """Store and inspect the files of the request, while nothing is locked. Nobody else's bytes are stored at all."""
    scope = here()
    try:
        case = gate.read(scope.session, scope.me, Case, id)
    except NotFound:
        return
    if not _may_attach(case):
        return
    sent = [one for one in request.files.getlist("file") if one.filename]
    g.received = [_receive(one) for one in sent[:_AT_ONCE]]


def _receive(file: FileStorage) -> Received:
    name = clean_name(file.filename or "")
    try:
        return Received(name, uploads.take(file))
    except WorkflowError as error:
        return Received(name, None, error)


@page("/cases/<int:id>/files", readers=LOGGED_IN, methods=("POST",), before=receive)
def upload(id: int) -> Response | str:
    """Attach one file or several. A script gets JSON for its one file; the plain form comes back to the page."""
    scope = here()
    case = gate.read(scope.session, scope.me, Case, id)
    if not _may_attach(case):
        raise Denied(N_("Сейчас прикладывать файлы к этому делу нельзя."))
    received: list[Received] = g.pop("received", [])
    if not received:
        received = [Received("", None, WorkflowError(N_("Файл не выбран.")))]
    done = [_attach(case, one) for one in received]
    return _told_script(done) if _is_script() else _told_page(case, done)


def _is_script() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _attach(case: Case, one: Received) -> Received | CaseFile:
    """Attach a received file; return the row, or the file with the reason why not."""
    scope = here()
    if one.taken is None:
        return one
    try:
        with scope.session.begin_nested():
            lock_root(scope.session, case)
            return _begin(case, one.taken)
    except Denied:
        raise
    except WorkflowError as error:
        return Received(one.name, None, error)


def _begin(case: Case, taken: uploads.Taken) -> CaseFile:
    scope = here()
    twin = next((one for one in attached(case) if one.sha256 == taken.sha256), None)
    if twin is not None:
        raise Invalid({"": (N_("Такой файл уже приложен: «%(name)s».", name=twin.name),)})
    known = {"attachment_kinds": tuple(Choice(one.key, one.title) for one in case_type(case.type).attachments)}
    typed = {"kind": request.values.get("kind"), "note": request.values.get("note")}
    sheet = fill(
        Attach,
        typed | {"name": taken.name, "media_type": taken.media_type, "size": taken.size, "sha256": taken.sha256},
        known,
    )
    row = CaseFile(
        case_id=case.id, municipality_id=case.municipality_id, attachment=sheet.kind, name=taken.name, media_type=taken.media_type,
        size=taken.size, sha256=taken.sha256, uploaded_at=clock.now(),
    )  # fmt: skip
    return gate.begin(scope.session, scope.me, row, sheet)


def _told_script(done: list[Received | CaseFile]) -> Response:
    """Answer for the first file: the script sends each by itself."""
    one = done[0]
    if isinstance(one, CaseFile):
        html = render_template("cases/files_item.html", **item_context(one))
        return make_response(jsonify(name=one.name, html=html), 201)
    refusal = one.refusal or WorkflowError(N_("Файл не выбран."))
    return later(make_response(jsonify(error=say(refusal.sentence))), refusal)


def _told_page(case: Case, done: list[Received | CaseFile]) -> Response | str:
    refused = [one for one in done if isinstance(one, Received)]
    kept = len(done) - len(refused)
    if refused:
        errors = [f"{one.name}: {_why(one)}" if one.name else _why(one) for one in refused]
        worst = max((one.refusal for one in refused if one.refusal is not None), key=status_of)
        return later(make_response(files_page(case, errors, kept)), worst)
    flash(_("Файл приложен.") if kept == 1 else _("Приложено файлов: %(n)s.", n=kept), "success")
    return redirect(back_url(case), code=303)  # type: ignore[return-value]  # werkzeug's response class


def _why(one: Received) -> str:
    return say(one.refusal.sentence) if one.refusal is not None else ""


@page("/cases/<int:id>/files", readers=LOGGED_IN)
def files(id: int) -> Response | str:
    """Show the attachments where files may be added after the submission (R13); in a draft they are a step of the form."""
    scope = here()
    case = gate.read(scope.session, scope.me, Case, id)
    if policy.may(workflow_of(case), scope.me, facts_of(case, scope.session), Permission.EDIT):
        return redirect(back_url(case))  # type: ignore[return-value]
    if not _may_attach(case):
        raise Denied(N_("Сейчас прикладывать файлы к этому делу нельзя."))
    return files_page(case, [], 0)


@page("/files/<int:id>/do/<name>", readers=LOGGED_IN, methods=("GET", "POST"))
def file_do(id: int, name: str) -> Response | str:
    """Rename, move, remove, take back, confirm: the transitions of a file."""
    scope = here()
    row = gate.read(scope.session, scope.me, CaseFile, id)
    start: dict[str, Any] = {"name": row.name, "kind": row.attachment, "note": row.note}
    there = [one.id for one in attached(row.case)]
    start["place"] = there.index(row.id) + 1 if row.id in there else len(there) + 1
    return act(row, name, lists=choices.of_case(scope.session, row.case), back=back_url(row.case), start=start)
