"""Pages of attached files: taking them in, giving them out, looking at them, changing what is said of them.

A received file is stored and inspected before the writing transaction begins (decisions.md 21); what may be shown inside
our own page is a short list, everything else is only ever downloaded (security.md 36 to 43).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import (
    Response,
    abort,
    flash,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from workflow_app import clock, gate
from workflow_app.case_types.registry import case_type
from workflow_app.cases.attachments import attached, files_page, item_context
from workflow_app.cases.files import FILES_MOST
from workflow_app.cases.views import page
from workflow_app.errors import N_, Denied, Invalid, NotFound, WorkflowError
from workflow_app.states import policy
from workflow_app.states.file_workflow import Attach
from workflow_app.states.sheets import Choice, fill
from workflow_app.states.vocabulary import Permission
from workflow_app.store import lists
from workflow_app.store.blobs import Damaged
from workflow_app.store.locking import lock_root
from workflow_app.store.models import AccessLog, Case, CaseFile
from workflow_app.store.names import clean_name, content_disposition
from workflow_app.store.subjects import facts_of, workflow_of
from workflow_app.web import previews, uploads
from workflow_app.web.acting import act
from workflow_app.web.errors import status_of
from workflow_app.web.headers import FRAMED
from workflow_app.web.page import LOGGED_IN
from workflow_app.web.scope import blobs, here
from workflow_app.web.texts import say
from workflow_app.web.viewer import Unviewable

_AT_ONCE = FILES_MOST  # files in one request of the plain form
_SAME_READING = timedelta(minutes=10)  # the pages of one file turned within it are one reading in the access log


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
    return make_response(jsonify(error=say(refusal.sentence)), status_of(refusal))


def _told_page(case: Case, done: list[Received | CaseFile]) -> Response | str:
    refused = [one for one in done if isinstance(one, Received)]
    kept = len(done) - len(refused)
    if refused:
        errors = [f"{one.name}: {_why(one)}" if one.name else _why(one) for one in refused]
        worst = max(status_of(one.refusal) for one in refused if one.refusal is not None)
        return make_response(files_page(case, errors, kept), worst)
    flash(_("Файл приложен.") if kept == 1 else _("Приложено файлов: %(n)s.", n=kept), "success")
    return redirect(_back(case), code=303)  # type: ignore[return-value]  # werkzeug's response class


def _why(one: Received) -> str:
    return say(one.refusal.sentence) if one.refusal is not None else ""


def _back(case: Case) -> str:
    """Return where the files of a case are changed by this person, else the case."""
    scope = here()
    facts = facts_of(case, scope.session)
    if policy.may(workflow_of(case), scope.me, facts, Permission.EDIT):
        return url_for("cases.edit", id=case.id, step="files", _anchor="files")
    if policy.may(workflow_of(case), scope.me, facts, Permission.ATTACH):
        return url_for("cases.files", id=case.id)
    return url_for("cases.show", id=case.id)


@page("/cases/<int:id>/files", readers=LOGGED_IN)
def files(id: int) -> Response | str:
    """Show the attachments where files may be added after the submission (R13); in a draft they are a step of the form."""
    scope = here()
    case = gate.read(scope.session, scope.me, Case, id)
    if policy.may(workflow_of(case), scope.me, facts_of(case, scope.session), Permission.EDIT):
        return redirect(_back(case))  # type: ignore[return-value]
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
    return act(row, name, lists=lists.of_case(scope.session, row.case), back=_back(row.case), start=start)


def readable(id: int) -> CaseFile:
    """Return a file that the person may read; a removed one only while a frozen version holds it."""
    scope = here()
    row = gate.read(scope.session, scope.me, CaseFile, id)
    frozen = {one["id"] for version in row.case.versions for one in version.files}
    if row.state == "removed" and row.id not in frozen:
        abort(404)
    return row


def _note(row: CaseFile, detail: str) -> None:
    """Put the reading of a personal file into the access log."""
    here().note("file read", "file", row.id, detail)


def _noted_lately(row: CaseFile) -> bool:
    scope = here()
    found = select(AccessLog.id).where(
        AccessLog.subject_kind == "file", AccessLog.subject_id == row.id, AccessLog.what == "file read",
        AccessLog.person_id == scope.who.id, AccessLog.at > clock.now() - _SAME_READING,
    )  # fmt: skip
    return scope.session.scalar(found.limit(1)) is not None


def _sent(row: CaseFile, *, inline: bool) -> Response:
    """Answer with the file's bytes under its own name. A damaged one is refused rather than given."""
    partial = "Range" in request.headers
    if not (blobs().exists(row.sha256) if partial else blobs().verify(row.sha256)):
        raise Damaged(row.sha256)
    answer = send_file(blobs().path(row.sha256), mimetype=row.media_type, etag=row.sha256)
    answer.headers["Content-Disposition"] = content_disposition(row.name, inline=inline)
    answer.headers["Cache-Control"] = (
        "no-store"  # not the library's no-cache: a personal file stays in no cache (ASVS 14.3.2)
    )
    return answer


@page("/files/<int:id>", readers=LOGGED_IN)
def file(id: int) -> Response:
    """Download a file: always an attachment, under its own name."""
    row = readable(id)
    _note(row, "download")
    return _sent(row, inline=False)


@page("/files/<int:id>/inline", readers=LOGGED_IN)
def file_inline(id: int) -> Response:
    """Give a PDF or a picture to be shown inside our own page, sandboxed (decisions.md 22)."""
    row = readable(id)
    if row.media_type not in previews.INLINE:
        abort(404)
    if not _noted_lately(row):
        _note(row, "inline")
    answer = _sent(row, inline=True)
    answer.headers["Content-Security-Policy"] = FRAMED
    return answer


@page("/files/<int:id>/page/<int:number>.png", readers=LOGGED_IN)
def file_page(id: int, number: int) -> Response:
    """Give the picture of one page of a PDF: phones often have no viewer of their own (decisions.md 23)."""
    row = readable(id)
    if previews.way_of(row.media_type) != "pdf":
        abort(404)
    try:
        if not 1 <= number <= previews.pages(row.sha256):
            abort(404)
        data = previews.page_png(row.sha256, number)
    except Unviewable:
        abort(404)
    if not _noted_lately(row):
        _note(row, "page")
    answer = make_response(data)
    answer.mimetype = "image/png"
    answer.headers["Content-Security-Policy"] = FRAMED
    return answer


@page("/files/<int:id>/view", readers=LOGGED_IN)
def file_view(id: int) -> str:
    """Show a file without leaving the page; whatever cannot be shown can be downloaded."""
    scope = here()
    row = readable(id)
    _note(row, "view")
    way = previews.way_of(row.media_type)
    shown: dict[str, Any] = {}
    try:
        shown = _look(row, way)
    except Unviewable:
        way = ""
    there = attached(row.case)
    place = next((n for n, one in enumerate(there) if one.id == row.id), None)
    kinds = {one.key: one.title for one in case_type(row.case.type).attachments}
    return render_template(
        "cases/file_view.html", file=row, case=row.case, way=way, kind_title=kinds.get(row.attachment), back=_back(row.case),
        previous=there[place - 1] if place else None, count=len(there), place=place,
        following=there[place + 1] if place is not None and place + 1 < len(there) else None,
        confirm=_confirmable(row), me_id=scope.who.id, **shown,
    )  # fmt: skip


def _confirmable(row: CaseFile) -> bool:
    """Whether this person is asked to confirm that no pupil can be recognised in the file (R41)."""
    scope = here()
    if row.names_confirmed:
        return False
    return "confirm_names" in policy.offers(workflow_of(row), scope.me, facts_of(row, scope.session))


def _look(row: CaseFile, way: str) -> dict[str, Any]:
    if way == "pdf":
        asked = request.args.get("as")
        by_pages = asked == "pages" or (asked != "pdf" and "Mobi" in request.user_agent.string)
        return {"by_pages": by_pages, "pages": previews.pages(row.sha256)}
    if way == "docx":
        return {"html": Markup(previews.docx_html(row.sha256))}  # noqa: S704 - rebuilt from an allow-list, viewer.clean_html
    if way == "odt":
        return {"text": previews.odt_text(row.sha256)}
    if way == "zip":
        return {"entries": previews.listing(row.sha256)}
    return {}
