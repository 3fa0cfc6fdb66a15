"""Taking files in for a case or a record: received and inspected while nothing is locked, then attached through the gate (ADR 7).

Nobody else's bytes reach the disk: the page asks who may attach before a file is read at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import singledispatch

from flask import Response, flash, g, jsonify, make_response, request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from workflow_app import clock, gate
from workflow_app.db.models import CaseFile, Record
from workflow_app.errors import N_, Broken, Denied, Invalid, NotFound, WorkflowError
from workflow_app.facts.attachments import FILES_MOST, Owner, belonging, files_of, kinds_of
from workflow_app.facts.locking import lock_root
from workflow_app.facts.subjects import facts_of, root_of, workflow_of
from workflow_app.files.file_kinds import ACCEPTED
from workflow_app.files.file_names import clean_name
from workflow_app.states import policy
from workflow_app.states.definitions.file import Attach, WithdrawFile
from workflow_app.states.forms import fill
from workflow_app.states.vocabulary import Permission
from workflow_app.web import uploads
from workflow_app.web.errors import later, status_of
from workflow_app.web.formatting import say
from workflow_app.web.next_page import go_to
from workflow_app.web.request_scope import here, is_script

AT_ONCE = FILES_MOST  # files in one request of the plain form
EXTENSIONS = ",".join(f".{one}" for one in ACCEPTED)
NOT_NOW = N_("Сейчас прикладывать файлы сюда нельзя.")


@dataclass(frozen=True, slots=True)
class Home:
    """Where the files of a case or of a record are at home: its title, its page, and the page on which they are changed."""

    title: str
    url: str
    back: str


@singledispatch
def home_of(owner: object) -> Home:
    """Return where files are at home: each feature with files of its own registers it for what they belong to."""
    raise Broken(f"files of {type(owner).__name__} have no home")


@dataclass(frozen=True, slots=True)
class Received:
    """A file of the request: what it was called, and what became of it."""

    name: str
    taken: uploads.Taken | None
    refusal: WorkflowError | None = None


def may_attach(owner: Owner) -> bool:
    """Whether the present person may attach files here."""
    scope = here()
    return policy.may(workflow_of(owner), scope.me, facts_of(owner, scope.session), Permission.ATTACH)


def receive(kind: type[Owner], id_: int) -> None:
    """Store and inspect the files of the request, while nothing is locked: ``before`` of an upload page."""
    scope = here()
    try:
        owner = gate.read(scope.session, scope.me, kind, id_)
    except NotFound:
        return
    if may_attach(owner):
        sent = [one for one in request.files.getlist("file") if one.filename]
        g.received = [_receive(one) for one in sent[:AT_ONCE]]


def _receive(file: FileStorage) -> Received:
    name = clean_name(file.filename or "")
    try:
        return Received(name, uploads.take(file))
    except WorkflowError as error:
        return Received(name, None, error)


def attach(owner: Owner) -> list[Received | CaseFile]:
    """Attach what was received: for each file its row, or the file with the reason why not. Denied where nothing may be attached."""
    if not may_attach(owner):
        raise Denied(NOT_NOW)
    received: list[Received] = g.pop("received", [])
    return [_attach(owner, one) for one in received or [Received("", None, WorkflowError(N_("Файл не выбран.")))]]


def _attach(owner: Owner, one: Received) -> Received | CaseFile:
    scope = here()
    if one.taken is None:
        return one
    try:
        with scope.session.begin_nested():
            lock_root(scope.session, root_of(scope.session, owner))
            return begin(owner, one.taken, {"kind": request.values.get("kind"), "note": request.values.get("note")})
    except Denied:
        raise
    except WorkflowError as error:
        return Received(one.name, None, error)


def replace(record: Record, old: CaseFile) -> WorkflowError | None:
    """Put the received file in the place of ``old``: both acts or none. Return why not."""
    scope = here()
    received: list[Received] = g.pop("received", [])
    one = received[0] if received else Received("", None, WorkflowError(N_("Файл не выбран.")))
    if one.taken is None:
        return one.refusal
    try:
        with scope.session.begin_nested():
            lock_root(scope.session, root_of(scope.session, record))
            reason = WithdrawFile(reason=_("Заменён файлом «%(name)s»", name=one.taken.name)[:500])
            gate.perform(scope.session, scope.me, old, "remove_file", reason, old.version)
            begin(record, one.taken, {"kind": old.attachment, "note": old.note})
    except Denied:
        raise
    except WorkflowError as error:
        return error
    return None


def begin(owner: Owner, taken: uploads.Taken, typed: Mapping[str, object]) -> CaseFile:
    """Begin the row of one file through the gate. Invalid when the very same file is attached already."""
    scope = here()
    twin = next((one for one in files_of(scope.session, owner) if one.sha256 == taken.sha256), None)
    if twin is not None:
        raise Invalid({"": (N_("Такой файл уже приложен: «%(name)s».", name=twin.name),)})
    sheet = fill(
        Attach,
        {**typed, "name": taken.name, "media_type": taken.media_type, "size": taken.size, "sha256": taken.sha256},
        {"attachment_kinds": kinds_of(owner)},
    )
    row = CaseFile(
        municipality_id=owner.municipality_id, attachment=sheet.kind, name=taken.name, media_type=taken.media_type,
        size=taken.size, sha256=taken.sha256, uploaded_at=clock.now(), **belonging(owner),
    )  # fmt: skip
    return gate.begin(scope.session, scope.me, row, sheet)


def told(
    done: list[Received | CaseFile], back: str, row: Callable[[CaseFile], str], refused: Callable[[list[str], int], str]
) -> Response:
    """Answer an upload. A script gets JSON for its one file with its ``row``; the plain form goes ``back``, or sees what was refused."""
    if is_script():
        return _told_script(done[0], row)
    bad = [one for one in done if isinstance(one, Received)]
    kept = len(done) - len(bad)
    if bad:
        errors = [f"{one.name}: {_why(one)}" if one.name else _why(one) for one in bad]
        worst = max((one.refusal for one in bad if one.refusal is not None), key=status_of)
        return later(make_response(refused(errors, kept)), worst)
    flash(_("Файл приложен.") if kept == 1 else _("Приложено файлов: %(n)s.", n=kept), "success")
    return go_to(back)


def _told_script(one: Received | CaseFile, row: Callable[[CaseFile], str]) -> Response:
    if isinstance(one, CaseFile):
        return make_response(jsonify(name=one.name, html=row(one)), 201)
    refusal = one.refusal or WorkflowError(N_("Файл не выбран."))
    return later(make_response(jsonify(error=say(refusal.sentence))), refusal)


def _why(one: Received) -> str:
    return say(one.refusal.sentence) if one.refusal is not None else ""
