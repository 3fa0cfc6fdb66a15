"""The second factor of a log-in: time-based codes (RFC 6238, by pyotp), and recovery codes that stand in once.

The secret is encrypted with a key derived from the instance's own: a copy of the database alone makes no code. A recovery code
has 80 random bits, so that its plain digest is enough; it outlives a lost instance key. The ADR on logging in has the reasons.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import secrets
from functools import cache
from typing import TYPE_CHECKING

import pyotp
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.db.models import Municipality, Person, RecoveryCode, SecondFactor
from workflow_app.facts.actors import actor_of
from workflow_app.states.vocabulary import Role

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

STEP, _AROUND = (
    30,
    1,
)  # seconds of one code; so many steps before and after the present one pass, for clocks that differ
CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another
_SIZE, _GROUP = 16, 4
OBLIGED = frozenset({Role.DIRECTOR, Role.ADMIN})  # a deputy of today has the director's role (facts/actors.py)
_log = logging.getLogger(__name__)


def new_secret() -> str:
    """Return a random secret of 160 bits, in base32 as the applications take it."""
    return pyotp.random_base32()


def address(secret: str, login: str, issuer: str) -> str:
    """Return the ``otpauth://`` address that the QR code holds."""
    return pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=login, issuer_name=issuer)


def code(secret: str, step: int) -> str:
    """Return the six digits of a step: RFC 6238, SHA-1."""
    return pyotp.TOTP(secret, interval=STEP).generate_otp(step)


def matched(secret: str, typed: str, after: int = 0) -> int | None:
    """Return the step whose code was typed, if it is near the present one and later than ``after``: a code works once."""
    digits = "".join(typed.split())
    now = int(clock.now().timestamp()) // STEP
    steps = range(now - _AROUND, now + _AROUND + 1)
    found = [one for one in steps if hmac.compare_digest(code(secret, one).encode(), digits.encode())]
    return next((one for one in found if one > after), None)


def seal(key: str, secret: str) -> str:
    """Return a secret encrypted with the instance's key."""
    return _box(key).encrypt(secret.encode()).decode()


def unseal(key: str, sealed: str) -> str | None:
    """Return the secret; None when it was sealed with another key, or was tampered with."""
    from cryptography.fernet import InvalidToken  # noqa: PLC0415 - see _box

    try:
        return _box(key).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


@cache
def _box(key: str) -> Fernet:
    from cryptography.fernet import Fernet  # noqa: PLC0415 - 9 MB: a server starts without the library
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415 - as above

    derived = HKDF(hashes.SHA256(), length=32, salt=None, info=b"second factor").derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def of(session: Session, person_id: int) -> SecondFactor | None:
    """Return a person's second factor, if there is one."""
    return session.get(SecondFactor, person_id)


def is_obliged(session: Session, person: Person) -> bool:
    """Whether a centre obliges the person: as its director, their deputy of today or its administrator."""
    places = {person.municipality_id, *(one.municipality_id for one in person.memberships)}
    return any(
        session.get_one(Municipality, one).switches.get("second_factor")
        and actor_of(session, person, one).roles & OBLIGED
        for one in places
    )


def is_lacking(session: Session, person: Person) -> bool:
    """Whether the person must have a second factor and has none."""
    return is_obliged(session, person) and of(session, person.id) is None


def add(session: Session, person: Person, sealed: str, step: int) -> list[str]:
    """Give the person a second factor, whose code of ``step`` was just used; return the recovery codes, never seen again."""
    remove(session, person)
    session.add(SecondFactor(person_id=person.id, secret=sealed, since=clock.now(), last_step=step))
    return renew_codes(session, person)


def remove(session: Session, person: Person) -> None:
    """Take the second factor away, with its recovery codes."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    session.execute(delete(SecondFactor).where(SecondFactor.person_id == person.id))
    session.flush()


def renew_codes(session: Session, person: Person) -> list[str]:
    """Return new recovery codes; the old ones stop working."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    made = ["".join(secrets.choice(_LETTERS) for _ in range(_SIZE)) for _ in range(CODES)]
    session.add_all(RecoveryCode(person_id=person.id, digest=_digest(person.id, one)) for one in made)
    session.flush()
    return ["-".join(one[at : at + _GROUP] for at in range(0, _SIZE, _GROUP)) for one in made]


def codes_left(session: Session, person_id: int) -> int:
    """Return how many recovery codes are unused."""
    mine = (RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(*mine)) or 0


def are_codes(session: Session, person_id: int, codes: list[str]) -> bool:
    """Whether all of these are the person's unused recovery codes."""
    digests = {_digest(person_id, _bare(one)) for one in codes}
    mine = (RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None), RecoveryCode.digest.in_(digests))
    return bool(digests) and len(session.scalars(select(RecoveryCode.id).where(*mine)).all()) == len(digests)


def accept(session: Session, person: Person, key: str, typed: str) -> str:
    """Use what was typed: return "code" or "recovery code" when it is right, "" when not. Each works once, even twice at a time."""
    found = select(SecondFactor).where(SecondFactor.person_id == person.id).with_for_update()
    row = session.scalar(found.execution_options(populate_existing=True))
    if row is None:
        return ""
    secret = unseal(key, row.secret)
    if secret is None:
        _log.warning("the second factor of person %s was sealed with another key", person.id)
    elif (step := matched(secret, typed, row.last_step)) is not None:
        row.last_step = step
        return "code"
    mine = (RecoveryCode.digest == _digest(person.id, _bare(typed)), RecoveryCode.used_at.is_(None))
    used = session.execute(update(RecoveryCode).where(*mine).values(used_at=clock.now()).returning(RecoveryCode.id))
    return "recovery code" if used.one_or_none() else ""


def _bare(typed: str) -> str:
    return "".join(one for one in typed.casefold() if one.isalnum())


def _digest(person_id: int, bare: str) -> str:
    return hashlib.sha256(f"{person_id}:{bare}".encode("utf-8", "surrogatepass")).hexdigest()
