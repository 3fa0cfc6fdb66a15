"""What attaching, renaming and removing files does to rows."""

from __future__ import annotations

from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.db.models import CaseFile
from workflow_app.errors import N_, Invalid
from workflow_app.facts import attachments
from workflow_app.facts.subjects import owner_of
from workflow_app.files.file_kinds import RUNNABLE
from workflow_app.files.file_names import clean_name, inner_extensions
from workflow_app.gate import effect
from workflow_app.states.definitions import file as f
from workflow_app.states.vocabulary import Actor


@effect.register
def _attach(sheet: f.Attach, session: Session, actor: Actor, subject: CaseFile) -> None:
    """Attach within the limits of the case (domain.md 4) or of the record."""
    subject.attachment, subject.note = sheet.kind, sheet.note
    subject.place = _room(session, subject, sheet.size)
    subject.name, subject.media_type, subject.size, subject.sha256 = (
        sheet.name,
        sheet.media_type,
        sheet.size,
        sheet.sha256,
    )
    subject.uploaded_by_id, subject.uploaded_at = actor.person_id, clock.now()


def _others(session: Session, file: CaseFile) -> list[CaseFile]:
    """Return the other attached files beside one, in their order."""
    return [one for one in attachments.files_of(session, owner_of(session, file)) if one.id != file.id]


def _room(session: Session, file: CaseFile, size: int) -> int:
    """Return the place at the end of the list for a file of ``size`` bytes; Invalid when there is no room for it."""
    there = _others(session, file)
    attachments.demand_room(owner_of(session, file), file.attachment, size, there)
    return max((one.place for one in there), default=0) + 1


@effect.register
def _restore(sheet: f.RestoreFile, session: Session, actor: Actor, subject: CaseFile) -> None:
    """Put a removed file back at the end, if there still is room for it."""
    del sheet, actor
    subject.place = _room(session, subject, subject.size)


@effect.register
def _rename(sheet: f.RenameFile, session: Session, actor: Actor, subject: CaseFile) -> None:
    """Name the file anew with its own extension, and let the others make room for it in the list."""
    del actor
    suffix = subject.name.rpartition(".")[2]
    name = clean_name(sheet.name)
    name = name if name.lower().endswith(f".{suffix.lower()}") else clean_name(f"{name}.{suffix}")
    if RUNNABLE.intersection(inner_extensions(name)):
        raise Invalid({"name": (N_("В имени файла два расширения: оставьте одно."),)})
    order = _others(session, subject)
    if sheet.kind != subject.attachment:  # of the other kind there may be no more
        attachments.demand_room(owner_of(session, subject), sheet.kind, subject.size, order)
    subject.name = name
    subject.attachment, subject.note = sheet.kind, sheet.note
    order.insert(sheet.place - 1, subject)
    for place, one in enumerate(order, 1):
        one.place = place


@effect.register
def _confirm(sheet: f.ConfirmNames, session: Session, actor: Actor, subject: CaseFile) -> None:
    del sheet, session, actor
    subject.names_confirmed = True
