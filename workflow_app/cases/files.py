"""What attaching, renaming and removing files does to rows."""

from __future__ import annotations

from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.errors import Invalid, N_
from workflow_app.gate import effect
from workflow_app.states import file_workflow as f
from workflow_app.states.vocabulary import Actor
from workflow_app.store.models import Case, CaseFile
from workflow_app.store.names import clean_name

FILES_MOST = 80  # per case, domain.md 0a.14
CASE_BYTES_MOST = 150 * 1024 * 1024
FILE_BYTES_MOST = 25 * 1024 * 1024


@effect.register
def _attach(sheet: f.Attach, session: Session, actor: Actor, subject: CaseFile) -> None:
    """Attach within the limits of the case (domain.md 4)."""
    case = session.get_one(Case, subject.case_id)
    there = [one for one in case.files if one.state == "attached" and one.id != subject.id]
    if len(there) >= FILES_MOST:
        raise Invalid({"": (N_("В деле уже %(n)s файлов: больше нельзя.", n=FILES_MOST),)})
    if sum(one.size for one in there) + sheet.size > CASE_BYTES_MOST:
        raise Invalid({"": (N_("Файлы дела вместе больше %(n)s МБ.", n=CASE_BYTES_MOST // 1024 // 1024),)})
    subject.attachment, subject.note = sheet.kind, sheet.note
    subject.name, subject.media_type, subject.size, subject.sha256 = sheet.name, sheet.media_type, sheet.size, sheet.sha256
    subject.uploaded_by_id, subject.uploaded_at = actor.person_id, clock.now()
    subject.place = max((one.place for one in there), default=0) + 1


@effect.register
def _remove(sheet: f.RemoveFile, session: Session, actor: Actor, subject: CaseFile) -> None:
    """Leave the row: a frozen version may name it."""
    del sheet, session, actor, subject


@effect.register
def _rename(sheet: f.RenameFile, session: Session, actor: Actor, subject: CaseFile) -> None:
    del session, actor
    suffix = subject.name.rpartition(".")[2]
    name = clean_name(sheet.name)
    subject.name = name if name.lower().endswith(f".{suffix.lower()}") else f"{name}.{suffix}"
    subject.attachment, subject.note, subject.place = sheet.kind, sheet.note, sheet.place


@effect.register
def _confirm(sheet: f.ConfirmNames, session: Session, actor: Actor, subject: CaseFile) -> None:
    del sheet, session, actor
    subject.names_confirmed = True
