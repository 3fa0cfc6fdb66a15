"""A checkpoint as it leaves the house: a text that a person can keep and a program can check, signed with Ed25519.

The form is the signed note of transparency logs: origin, size, head in base64, lines of ours, an empty line, the signature
(«— origin base64(4 bytes of the key's name, 64 of the signature)»). Pure: no database, no settings.
"""

from __future__ import annotations

import base64
import binascii
import email.message
import email.policy
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflow_app.errors import N_, WorkflowError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

NOT_A_CHECKPOINT = N_("Это не контрольная точка журнала.")
_ED25519 = b"\x01"  # the signature's kind in the name of a key
_DASH = "—"


@dataclass(frozen=True, slots=True)
class Note:
    """What a checkpoint says: the log it is of, how many leaves, their head, its number, when (ISO, UTC), the public key."""

    origin: str
    size: int
    root: bytes
    number: int
    at: str
    key: bytes

    @property
    def text(self) -> str:
        """The signed part, each line with its end."""
        lines = (
            self.origin,
            str(self.size),
            _b64(self.root),
            f"number {self.number}",
            f"time {self.at}",
            f"key {_b64(self.key)}",
        )
        return "".join(f"{one}\n" for one in lines)

    @property
    def fingerprint(self) -> str:
        """The public key's SHA-256, shortened to what people compare."""
        return hashlib.sha256(self.key).hexdigest()[:16]


def origin_of(key: bytes) -> str:
    """Return the name of the log that a public key signs."""
    return f"workflow-app/{hashlib.sha256(key).hexdigest()[:16]}"


def public(key: Ed25519PrivateKey) -> bytes:
    """Return the 32 bytes of the public key."""
    return key.public_key().public_bytes_raw()


def signed(key: Ed25519PrivateKey, size: int, root: bytes, number: int, at: str) -> str:
    """Return a signed checkpoint."""
    known = public(key)
    note = Note(origin_of(known), size, root, number, at, known)
    signature = key.sign(note.text.encode())
    return f"{note.text}\n{_DASH} {note.origin} {_b64(_name(note) + signature)}\n"


def read(text: str) -> Note:
    """Return what a checkpoint says once its signature holds under the key it names; WorkflowError says what is wrong.

    A letter may have words around it: the checkpoint begins at its origin and ends with its signature.
    """
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - a server starts without the library
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 - as above

    lines = [one.strip() for one in text.replace("\r\n", "\n").split("\n")]
    try:
        start = next(n for n, one in enumerate(lines) if one.startswith("workflow-app/"))
        origin, size, root, number, at, key, empty, signature = lines[start : start + 8]
        note = Note(
            origin, int(size), _bytes(root), int(number.removeprefix("number ")), at.removeprefix("time "), _bytes(key.removeprefix("key "))
        )  # fmt: skip
        dash, name, encoded = signature.split(" ")
        raw = _bytes(encoded)
    except (StopIteration, ValueError) as error:
        raise WorkflowError(NOT_A_CHECKPOINT) from error
    if (dash, name, empty, origin) != (_DASH, origin, "", origin_of(note.key)) or raw[:4] != _name(note):
        raise WorkflowError(NOT_A_CHECKPOINT)
    try:
        Ed25519PublicKey.from_public_bytes(note.key).verify(raw[4:], note.text.encode())
    except (InvalidSignature, ValueError) as error:
        raise WorkflowError(N_("Подпись контрольной точки не сходится: её изменили.")) from error
    return note


def of_letter(data: bytes) -> str:
    """Return the text of a checkpoint's file, or of the letter (.eml) that brought it."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    if not message["subject"]:
        return data.decode("utf-8", "replace")
    body = message.get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


def _name(note: Note) -> bytes:
    return hashlib.sha256(note.origin.encode() + b"\n" + _ED25519 + note.key).digest()[:4]


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(text) from error
