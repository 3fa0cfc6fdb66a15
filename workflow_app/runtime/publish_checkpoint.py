"""Heads leave the house: a checkpoint is made, written to a file, and sent to whoever can show it later.

Letters go to the directors and to the outside address of the centre's settings, through the outbox of the same transaction.
"""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.config import Config
from workflow_app.db import checkpoints, leases
from workflow_app.db.blobs import flush_folder
from workflow_app.db.models import Checkpoint, Membership, Municipality, Person
from workflow_app.db.session import Database
from workflow_app.gate import outbox

FOLDER = "checkpoints"
LEASE = "checkpoint"


def checkpoint(database: Database, settings: Config) -> Checkpoint | None:
    """Make a checkpoint, send it and write its file; None when nothing has grown since the last, or another process makes one."""
    key = checkpoints.key_of(settings.folder)
    with leases.held(database, LEASE) as hold:
        if hold is None:
            return None
        with database.transaction(keep=True) as session:
            row = checkpoints.add(session, key, clock.now())
            if row is not None:
                _send(session, row)
                session.expunge(row)
    if row is not None:
        write(settings.folder, row)
    return row


def daily(database: Database, settings: Config) -> Checkpoint | None:
    """Make the checkpoint of a day that has none yet, and write again what a crash kept from its file."""
    with database.transaction(keep=False) as session:
        known = checkpoints.last(session)
        if known is not None:
            session.expunge(known)
    if known is not None and not place(settings.folder, known).exists():
        write(settings.folder, known)
    if known is not None and known.at.date() >= clock.now().date():
        return None
    return checkpoint(database, settings)


def place(folder: Path, row: Checkpoint) -> Path:
    """Return where the file of a checkpoint stands."""
    return folder / FOLDER / f"checkpoint-{row.id:06}.txt"


def write(folder: Path, row: Checkpoint) -> Path:
    """Write the file of a checkpoint, whole or not at all."""
    file = place(folder, row)
    file.parent.mkdir(mode=0o700, exist_ok=True)
    draft = file.with_suffix(".part")
    with draft.open("w", encoding="utf-8", newline="\n") as handle:
        handle.write(row.note)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(file)
    flush_folder(file.parent)
    return file


def _send(session: Session, row: Checkpoint) -> None:
    for centre in session.scalars(
        select(Municipality).where(Municipality.state == "working").order_by(Municipality.id)
    ):
        for one in _receivers(session, centre):
            outbox.compose(session, "checkpoint", one, centre, row=row)


def _receivers(session: Session, centre: Municipality) -> list[Person | str]:
    directors = select(Person).join(Membership, Membership.person_id == Person.id).where(
        Membership.municipality_id == centre.id, Membership.role == "director", Person.email != "",
    )  # fmt: skip
    outside = str(centre.switches.get("witness") or "")
    return [*session.scalars(directors.order_by(Person.id)).unique(), *([outside] if outside else [])]
