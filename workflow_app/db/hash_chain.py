"""The chain of events: canonical form, payload hash, digest. Fixed before the first migration (ADR 4)."""

from __future__ import annotations

import hashlib
import json
import secrets
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from workflow_app.errors import Broken

GENESIS = "0" * 64
BEGIN = "begin"
ADOPT = "adopt"  # states what an older version of the program left unstated, and numbers the root; also the counter that asks for it
READS = "access_log"  # the root of the log of reads, which is a chain for checkpoints alone: its number is 0
ROOTS = "roots"  # the counter of a municipality's roots
COVERED = (
    "root_kind", "root_id", "seq", "subject_kind", "subject_id", "municipality_id", "transition", "before", "after",
    "subject_version", "actor_id", "deputy_for", "via", "ip", "at", "sheet", "payload_sha256", "issued", "signature",
    "caused_by", "previous", "facts", "root_no", "root_previous",
)  # fmt: skip
LATER = frozenset(
    {"facts", "root_no", "root_previous"}
)  # younger than the first events: left out where they are not set


def canonical(value: Any) -> bytes:
    """Return the one UTF-8 form of a JSON value: sorted keys, NFC, no spaces, no floats. A float raises Broken."""
    return json.dumps(_normal(value), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _normal(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if value is None or isinstance(value, int):  # before what takes longer to tell
        return value
    if isinstance(value, float):
        raise Broken("a record cannot hold a float")
    if isinstance(value, Mapping):
        return {unicodedata.normalize("NFC", str(key)): _normal(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_normal(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    return value


def salt() -> str:
    """Return a fresh salt of 128 bits: without it an erased payload could be guessed from its hash."""
    return secrets.token_hex(16)


def payload_hash(salted: str, payload: Any) -> str:
    """Return SHA-256 of the salt and the canonical payload, hex."""
    return hashlib.sha256(salted.encode() + canonical(payload)).hexdigest()


def digest(row: Mapping[str, Any]) -> str:
    """Return the SHA-256 digest of an event's covered columns, hex."""
    covered = {name: row[name] for name in COVERED if name not in LATER or row[name] is not None}
    return hashlib.sha256(canonical(covered)).hexdigest()


def digest_of(event: object) -> str:
    """Return the digest that an event's columns have as they stand."""
    return digest({name: getattr(event, name) for name in COVERED})


def fold(head: str, digest: str) -> str:
    """Return the head of the log of reads after one more row."""
    return hashlib.sha256(f"{head}{digest}".encode()).hexdigest()
