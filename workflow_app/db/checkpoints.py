"""The log of heads: an append-only Merkle tree (RFC 9162) whose leaves say how long each chain was and what its head was.

A checkpoint adds a leaf ``root|length|head`` for every chain that has grown since the last one, and signs the tree's head with the
key of the instance. What proves anything is the copy that left the house: a cut tail, a chain that vanished or was computed anew no
longer fits the leaves, and leaves that were rewritten no longer fit the head that somebody else keeps. The log of reads
(``access_log``) is one more chain here: its head is folded over its rows in the order of their numbers.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Integer, func, literal, select, text
from sqlalchemy.orm import Session

from workflow_app.db import hash_chain, merkle_tree, signed_note
from workflow_app.db.models import AccessLog, Checkpoint, Event, LogLeaf
from workflow_app.errors import N_, Sentence, WorkflowError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY: Final = "checkpoint.key"
REWRITTEN = N_("Журнал контрольных точек переписан: подписывать его дальше нельзя. Выполните check.")
_NOT_SIGNED = N_("Журнал контрольных точек переписан: он не тот, что подписан.")
_COLUMNS = tuple(one.name for one in AccessLog.__table__.columns)
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Head:
    """How long a chain is and what its last digest is."""

    root_kind: str
    root_id: int
    length: int
    digest: str

    @property
    def data(self) -> bytes:
        """The leaf that says it."""
        return f"{self.root_kind} {self.root_id}|{self.length}|{self.digest}".encode()


def key_of(folder: Path) -> Ed25519PrivateKey:
    """Return the key of an instance, made when there is none; of mode 0600 and in no backup, like the secret."""
    from cryptography.hazmat.primitives import serialization as written  # noqa: PLC0415 - a server starts without the library
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey as Key  # noqa: PLC0415 - as above

    file = folder / KEY
    if not file.exists():
        made = Key.generate()
        pem = made.private_bytes(written.Encoding.PEM, written.PrivateFormat.PKCS8, written.NoEncryption())
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return key_of(folder)
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(pem)
            handle.flush()
            os.fsync(handle.fileno())
    try:
        found = written.load_pem_private_key(file.read_bytes(), None)
    except ValueError as error:
        raise WorkflowError(N_("Ключ контрольных точек не читается: %(file)s.", file=file.name)) from error
    if not isinstance(found, Key):
        raise WorkflowError(N_("Ключ контрольных точек не читается: %(file)s.", file=file.name))
    return found


def last(session: Session) -> Checkpoint | None:
    """Return the latest checkpoint."""
    return session.scalars(select(Checkpoint).order_by(Checkpoint.id.desc()).limit(1)).first()


def add(session: Session, key: Ed25519PrivateKey, at: datetime) -> Checkpoint | None:
    """Add the leaves of what has grown and a signed checkpoint over the whole tree; None when nothing has grown.

    Refuses (WorkflowError) to sign a tree that does not continue the one of the last checkpoint.
    """
    hashes = [merkle_tree.leaf_hash(one.data) for one in leaves(session)]
    before = last(session)
    if before is not None:
        demand_continued(before, hashes)
    grown = [*_grown(session)]
    if not grown:
        return None
    number, size = (before.id if before else 0) + 1, len(hashes)
    hashes += [merkle_tree.leaf_hash(one.data) for one in grown]
    note = signed_note.signed(key, len(hashes), merkle_tree.head(hashes), number, at.isoformat(timespec="seconds"))
    row = Checkpoint(id=number, at=at, size=len(hashes), note=note)
    session.add(row)
    session.flush()
    session.add_all(
        LogLeaf(
            id=size + n, checkpoint_id=number, root_kind=one.root_kind, root_id=one.root_id, length=one.length, head=one.digest
        )
        for n, one in enumerate(grown)
    )  # fmt: skip
    session.flush()
    return row


def demand_continued(before: Checkpoint, hashes: list[bytes]) -> None:
    """Refuse leaves that do not begin with those of a checkpoint (2.1.4)."""
    known = signed_note.read(before.note)
    if not 0 < known.size <= len(hashes):
        raise WorkflowError(REWRITTEN)
    proof = merkle_tree.consistency(known.size, hashes)
    if not merkle_tree.is_consistent(known.size, len(hashes), proof, known.root, merkle_tree.head(hashes)):
        raise WorkflowError(REWRITTEN)


def leaves(session: Session) -> Generator[Head]:
    """Yield the leaves in their order; close it when it is not read to its end."""
    columns = (LogLeaf.root_kind, LogLeaf.root_id, LogLeaf.length, LogLeaf.head)
    with session.execute(select(*columns).order_by(LogLeaf.id).execution_options(yield_per=_BATCH)) as rows:
        for row in rows:
            yield Head(*row)


def _grown(session: Session) -> Iterator[Head]:
    """Yield the heads of chains that are longer than their last leaf says, then that of the log of reads."""
    told = select(LogLeaf.root_kind, LogLeaf.root_id, func.max(LogLeaf.length).label("length"))
    seen = told.group_by(LogLeaf.root_kind, LogLeaf.root_id).subquery()
    lengths = select(Event.root_kind, Event.root_id, func.max(Event.seq).label("length"))
    now = lengths.group_by(Event.root_kind, Event.root_id).subquery()
    same = (seen.c.root_kind == now.c.root_kind) & (seen.c.root_id == now.c.root_id)
    tip = (Event.root_kind == now.c.root_kind) & (Event.root_id == now.c.root_id) & (Event.seq == now.c.length)
    found = (
        select(now.c.root_kind, now.c.root_id, now.c.length, Event.digest)
        .join(Event, tip).outerjoin(seen, same)
        .where(now.c.length > func.coalesce(seen.c.length, literal(0, Integer)))
        .order_by(now.c.root_kind, now.c.root_id)
    )  # fmt: skip
    for row in session.execute(found):
        yield Head(*row)
    reads = _reads(session)
    if reads is not None:
        yield reads


def _reads(session: Session) -> Head | None:
    """Return the head of the log of reads when it has grown, folded on from its last leaf. Nobody writes to it meanwhile."""
    if session.get_bind().dialect.name == "postgresql":  # a number that was given earlier may be committed later
        session.execute(text("LOCK TABLE access_log IN SHARE MODE"))
    kept = (
        select(LogLeaf.length, LogLeaf.head)
        .where(LogLeaf.root_kind == hash_chain.READS)
        .order_by(LogLeaf.length.desc())
    )
    row = session.execute(kept.limit(1)).one_or_none()
    length, head = (row.length, row.head) if row else (0, hash_chain.GENESIS)
    before = length
    for digest in read_digests(session, skip=length):
        length, head = length + 1, hash_chain.fold(head, digest)
    return Head(hash_chain.READS, 0, length, head) if length > before else None


def read_digests(session: Session, skip: int = 0) -> Generator[str]:
    """Yield the digest of each row of the log of reads in the order of numbers; close it when it is not read to its end."""
    found = select(*AccessLog.__table__.columns).order_by(AccessLog.id).offset(skip)
    with session.execute(found.execution_options(yield_per=_BATCH)) as rows:
        for row in rows:
            yield hashlib.sha256(hash_chain.canonical(dict(zip(_COLUMNS, row, strict=True)))).hexdigest()


def covering(session: Session, event: Event) -> tuple[Checkpoint, Sentence | None] | None:
    """Return the first checkpoint that covers an event, and what is wrong when the chain is no longer what it saw."""
    leaf = select(LogLeaf).where(
        LogLeaf.root_kind == event.root_kind, LogLeaf.root_id == event.root_id, LogLeaf.length >= event.seq
    )
    found = session.scalars(leaf.order_by(LogLeaf.length).limit(1)).first()
    if found is None:
        return None
    row = session.get_one(Checkpoint, found.checkpoint_id)
    tip = select(Event.digest).where(
        Event.root_kind == event.root_kind, Event.root_id == event.root_id, Event.seq == found.length
    )
    if session.scalar(tip) != found.head:
        return row, N_("Цепочка дела не та, что видела контрольная точка № %(n)s.", n=row.id)
    return row, None


def faults(session: Session) -> Iterator[tuple[str, Sentence]]:
    """Yield what is wrong with the log itself, and the chains that are no longer what its leaves say."""
    with closing(leaves(session)) as all_leaves:
        if wrong := _resigned(session, all_leaves):
            yield wrong
    yield from _unlike(session)
    with closing(read_digests(session)) as digests:
        if not _are_seen(session, digests):
            yield (
                hash_chain.READS,
                N_("Журнал доступа не тот, что видела контрольная точка: строки изменены или удалены."),
            )


def _resigned(session: Session, all_leaves: Iterator[Head]) -> tuple[str, Sentence] | None:
    """Compute the tree at every checkpoint; return the first that is not the signed one."""
    tree = merkle_tree.Growing()
    for row in session.scalars(select(Checkpoint).order_by(Checkpoint.id)).all():
        for one in islice(all_leaves, max(row.size - tree.size, 0)):
            tree.add(merkle_tree.leaf_hash(one.data))
        try:
            note = signed_note.read(row.note)
        except WorkflowError as error:
            return f"{row.id}", error.sentence
        if (note.number, note.size, note.root) != (row.id, tree.size, tree.head()):
            return f"{row.id}", _NOT_SIGNED
    return (f"{tree.size}", _NOT_SIGNED) if next(all_leaves, None) is not None else None


def _unlike(session: Session) -> Iterator[tuple[str, Sentence]]:
    """Yield each chain that is shorter than a leaf says, or another, by its first such leaf."""
    tip = (Event.root_kind == LogLeaf.root_kind) & (Event.root_id == LogLeaf.root_id) & (Event.seq == LogLeaf.length)
    found = select(LogLeaf.root_kind, LogLeaf.root_id, func.min(LogLeaf.length)).outerjoin(Event, tip)
    other = Event.digest.is_(None) | (Event.digest != LogLeaf.head)
    rows = found.where(LogLeaf.root_kind != hash_chain.READS, other).group_by(LogLeaf.root_kind, LogLeaf.root_id)
    for kind, id_, length in session.execute(rows.order_by(LogLeaf.root_kind, LogLeaf.root_id)):
        yield f"{kind} {id_}", N_("До записи № %(n)s цепочка не та, что видела контрольная точка.", n=length)


def _are_seen(session: Session, digests: Iterator[str]) -> bool:
    """Whether the log of reads passes through every head that a checkpoint saw of it."""
    kept = select(LogLeaf.length, LogLeaf.head).where(LogLeaf.root_kind == hash_chain.READS)
    wanted, head = {row.length: row.head for row in session.execute(kept)}, hash_chain.GENESIS
    for length, digest in enumerate(digests, 1):
        head = hash_chain.fold(head, digest)
        if wanted.pop(length, head) != head:
            return False
    return not wanted
