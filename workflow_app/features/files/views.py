"""Pages that give attached files out: the download, the look at them inside our own pages.

What may be shown inside a page is a short list, sandboxed; everything else is only ever downloaded (security.md 39 to 41).
Every reading of a file is noted: attachments are personal data.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response, abort, flash, make_response, render_template, request
from flask_babel import gettext as _
from sqlalchemy import select

from workflow_app import clock, gate
from workflow_app.db.models import AccessLog, Case, CaseFile
from workflow_app.errors import Denied
from workflow_app.facts import choices, subjects
from workflow_app.facts.attachments import files_of, kinds_of
from workflow_app.facts.subjects import owner_of
from workflow_app.states.forms import Lists
from workflow_app.web import attaching, doubted_documents, file_previews
from workflow_app.web.errors import later
from workflow_app.web.file_answer import sent
from workflow_app.web.file_viewer import Unviewable
from workflow_app.web.formatting import say
from workflow_app.web.headers import FRAMED
from workflow_app.web.next_page import go_to
from workflow_app.web.page import LOGGED_IN, Slice
from workflow_app.web.request_scope import here, settings
from workflow_app.web.transition_view import act

slice_ = Slice("files")
page = slice_.page

# In the name of a browser that is carried about. A tablet that calls itself a desk is found by its script (kit.js, showsPdf).
_CARRIED = ("Mobi", "Android", "iPad", "Tablet")
_SAME_READING = timedelta(minutes=10)  # the pages of one file turned within it are one reading in the access log


def readable(id: int) -> CaseFile:
    """Return a file that the person may read; a removed one only while a frozen version holds it."""
    scope = here()
    row = gate.read(scope.session, scope.me, CaseFile, id)
    if row.state == "removed" and not _is_frozen(row):
        abort(404)
    doubted_documents.demand_file(row)
    return row


def _is_frozen(row: CaseFile) -> bool:
    """Whether a submitted version of a case holds the file."""
    return row.case_id is not None and any(one["id"] == row.id for kept in row.case.versions for one in kept.files)


def _note(row: CaseFile, detail: str) -> None:
    """Put the reading of a personal file into the access log."""
    here().note_reading("file read", "file", row.id, detail)


def _noted_lately(row: CaseFile) -> bool:
    scope = here()
    found = select(AccessLog.id).where(
        AccessLog.subject_kind == "file", AccessLog.subject_id == row.id, AccessLog.what == "file read",
        AccessLog.person_id == scope.who.id, AccessLog.at > clock.now() - _SAME_READING,
    )  # fmt: skip
    return scope.session.scalar(found.limit(1)) is not None


@page("/files/<int:id>", readers=LOGGED_IN)
def download(id: int) -> Response:
    """Download a file: always an attachment, under its own name."""
    row = readable(id)
    _note(row, "download")
    return sent(row, inline=False)


@page("/files/<int:id>/inline", readers=LOGGED_IN)
def inline(id: int) -> Response:
    """Give a PDF or a picture to be shown inside our own page, sandboxed (decisions.md 22)."""
    row = readable(id)
    if row.media_type not in file_previews.INLINE and file_previews.way_of(row.media_type) != "image":
        abort(404)
    if not _noted_lately(row):
        _note(row, "inline")
    answer = sent(row, inline=True) if row.media_type in file_previews.INLINE else _photograph(row)
    answer.headers["Content-Security-Policy"] = FRAMED
    return answer


def _photograph(row: CaseFile) -> Response:
    try:
        answer = make_response(file_previews.photograph(row))
    except Unviewable:
        abort(404)
    answer.mimetype = "image/jpeg"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@page("/files/<int:id>/page/<int:number>.png", readers=LOGGED_IN)
def picture(id: int, number: int) -> Response:
    """Give the picture of one page of a PDF, or of what LibreOffice prints of a file: phones often have no viewer (ADR 2)."""
    row = readable(id)
    if not file_previews.has_pages(row.media_type):
        abort(404)
    try:
        if not 1 <= number <= file_previews.pages(row):
            abort(404)
        data = file_previews.page_png(row, number)
    except Unviewable:
        abort(404)
    if not _noted_lately(row):
        _note(row, "page")
    answer = make_response(data)
    answer.mimetype = "image/png"
    answer.headers["Content-Security-Policy"] = FRAMED
    return answer


@page("/files/<int:id>/view", readers=LOGGED_IN)
def view(id: int) -> str:
    """Show a file without leaving the page; whatever cannot be shown can be downloaded."""
    scope = here()
    row = readable(id)
    _note(row, "view")
    way = file_previews.way_of(row.media_type)
    shown: dict[str, Any] = {}
    try:
        shown = _look(row, way)
        way = str(shown.pop("way", way))
    except Unviewable as error:
        way, shown = "", {"trouble": error.sentence}
    owner = owner_of(scope.session, row)
    there, home = files_of(scope.session, owner), attaching.home_of(owner)
    place = next((n for n, one in enumerate(there) if one.id == row.id), None)
    kinds = {one.value: one.label for one in kinds_of(owner)}
    return render_template(
        "files/view.html", file=row, home=home, way=way, kind_title=kinds.get(row.attachment),
        previous=there[place - 1] if place else None, count=len(there), place=place,
        following=there[place + 1] if place is not None and place + 1 < len(there) else None,
        confirm=_confirmable(row), me_id=scope.who.id, first_way=file_previews.way_of(row.media_type),
        printed=file_previews.is_printed(row.media_type), **shown,
    )  # fmt: skip


def _confirmable(row: CaseFile) -> bool:
    """Whether this person is asked to confirm that no pupil can be recognised in the file (R41)."""
    scope = here()
    if row.names_confirmed:
        return False
    return "confirm_names" in subjects.offers_of(row, scope.session, scope.me)


def _look(row: CaseFile, way: str) -> dict[str, Any]:
    asked = request.args.get("as")
    if way == "pdf":
        carried = any(word in request.user_agent.string for word in _CARRIED)
        by_pages = asked == "pages" or (asked != "pdf" and carried)
        return file_previews.pictures(row) | {
            "way": "pdf",
            "by_pages": by_pages,
            "chosen": asked == "pdf",
        }
    if way == "pages" or (asked == "pages" and file_previews.has_pages(row.media_type)):
        return file_previews.pictures(row)
    return file_previews.content(row, way)


@page("/files/<int:id>/do/<name>", readers=LOGGED_IN, methods=("GET", "POST"))
def do(id: int, name: str) -> Response | str:
    """Rename, move, remove, take back, confirm: the transitions of a file."""
    scope = here()
    row = gate.read(scope.session, scope.me, CaseFile, id)
    owner = owner_of(scope.session, row)
    start: dict[str, Any] = {"name": row.name, "kind": row.attachment, "note": row.note}
    there = [one.id for one in files_of(scope.session, owner)]
    start["place"] = there.index(row.id) + 1 if row.id in there else len(there) + 1
    lists: Lists = (
        choices.of_case(scope.session, owner) if isinstance(owner, Case) else {"attachment_kinds": kinds_of(owner)}
    )
    home = attaching.home_of(owner)
    crumbs = [{"title": home.title, "url": home.url}, {"title": row.name, "url": ""}]
    return act(row, name, lists=lists, back=home.back, start=start, context={"breadcrumbs": crumbs})


def receive_instead(id: int) -> None:
    """Store and inspect the file that comes in the place of another, while nothing is locked."""
    scope = here()
    row = gate.read(scope.session, scope.me, CaseFile, id)
    owner = owner_of(scope.session, row)
    attaching.receive(type(owner), owner.id)


@page("/files/<int:id>/replace", readers=LOGGED_IN, methods=("GET", "POST"), before=receive_instead)
def replace(id: int) -> Response | str:
    """Put another file in the place of one of a record: the former is removed and stays among the removed."""
    scope = here()
    row = gate.read(scope.session, scope.me, CaseFile, id)
    owner = owner_of(scope.session, row)
    if isinstance(owner, Case) or row.state != "attached":
        abort(404)
    if not attaching.may_attach(owner):
        raise Denied(attaching.NOT_NOW)
    home, error = attaching.home_of(owner), None
    if request.method == "POST":
        error = attaching.replace(owner, row)
        if error is None:
            flash(_("Файл заменён."), "success")
            return go_to(home.back)
    answer = make_response(
        render_template(
            "files/replace.html", file=row, home=home, errors=[say(error.sentence)] if error else [],
            extensions=attaching.EXTENSIONS, megabytes=settings().upload_bytes // 1024 // 1024,
        )
    )  # fmt: skip
    return later(answer, error) if error else answer
