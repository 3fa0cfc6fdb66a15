"""The files of a case or of a record: which there are, of which kinds, how much is allowed."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app.case_types.registry import case_type
from workflow_app.content_types.behaviors import Files
from workflow_app.db.models import Case, CaseFile, Record
from workflow_app.errors import N_, Invalid
from workflow_app.states.forms import Choice

Owner = Case | Record
FILES_MOST: Final = 80  # of a case, or of a record: domain.md 0a.14
BYTES_MOST: Final = 150 * 1024 * 1024


def files_of(session: Session, owner: Owner, state: str = "attached") -> list[CaseFile]:
    """Return the files in a state, in their order; the removed ones the last first."""
    there = list(owner.files) if isinstance(owner, Case) else _of_record(session, owner)
    mine = sorted((one for one in there if one.state == state), key=lambda one: (one.place, one.id))
    return mine if state == "attached" else sorted(mine, key=lambda one: -one.id)


def _of_record(session: Session, record: Record) -> list[CaseFile]:
    here = (CaseFile.record_kind == record.kind, CaseFile.record_id == record.id)
    return list(session.scalars(select(CaseFile).where(*here)))


def belonging(owner: Owner) -> dict[str, object]:
    """Return the columns that say to what a file or a document belongs."""
    return {"case_id": owner.id} if isinstance(owner, Case) else {"record_kind": owner.kind, "record_id": owner.id}


def kinds_of(owner: Owner) -> tuple[Choice, ...]:
    """Return the kinds of files that an owner may have."""
    if isinstance(owner, Case):
        return tuple(Choice(one.key, one.title) for one in case_type(owner.type).attachments)
    declared = owner.content.behavior(Files)
    return tuple(Choice(one.key, one.title) for one in declared.kinds) if declared else ()


def demand_room(owner: Owner, kind: str, size: int, others: list[CaseFile]) -> None:
    """Invalid when an owner with these other files has no room for one of ``size`` bytes more."""
    if len(others) >= FILES_MOST:
        many = N_("В деле уже %(n)s файлов: больше нельзя.", n=FILES_MOST)
        raise Invalid(
            {"": (many if isinstance(owner, Case) else N_("Файлов уже %(n)s: больше нельзя.", n=FILES_MOST),)}
        )
    if sum(one.size for one in others) + size > BYTES_MOST:
        large = N_("Файлы дела вместе больше %(n)s МБ.", n=BYTES_MOST // 1024 // 1024)
        more = N_("Файлы вместе больше %(n)s МБ.", n=BYTES_MOST // 1024 // 1024)
        raise Invalid({"": (large if isinstance(owner, Case) else more,)})
    if isinstance(owner, Case):
        return
    declared = owner.content.behavior(Files).kind(kind)
    if sum(one.attachment == kind for one in others) >= declared.most:
        raise Invalid(
            {
                "": (
                    N_(
                        "«%(kind)s»: больше файлов этого вида нельзя. Уберите или замените прежний.",
                        kind=declared.title,
                    ),
                )
            }
        )
