"""Logins: Argon2id passwords, sessions as rows on the server, the cookie that only holds a secret."""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import timedelta
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION
from flask import Flask, g, request
from flask import session as cookie
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy import Select, bindparam, exists, func, select
from sqlalchemy.orm import Session, joinedload, lazyload

from workflow_app import clock
from workflow_app.config import PASSWORD_MOST
from workflow_app.db.models import Deputy, Login, Membership, Municipality, Person, RequisitesRow
from workflow_app.db.session import HURRIED_MS
from workflow_app.facts import actors, second_factor
from workflow_app.spelling import order_key
from workflow_app.web import known_devices, rate_limit
from workflow_app.web.request_scope import Scope, database, settings

_SEEN_EVERY = timedelta(minutes=1)
manager = LoginManager()


def _present() -> Select[Any]:
    """One statement for everything that every page asks of its reader; built once."""
    latest = (
        select(RequisitesRow.data["short_name"].as_string())
        .where(RequisitesRow.municipality_id == Login.municipality_id)
        .order_by(RequisitesRow.since.desc())
        .limit(1)
    )
    around = exists().where(
        Deputy.person_id == Login.person_id, Deputy.municipality_id == Login.municipality_id,
        Deputy.since <= bindparam("latest"), Deputy.until >= bindparam("earliest"),
    )  # fmt: skip
    found = select(Login, Person, Municipality, latest.scalar_subquery(), around)
    joined = found.join(Person, Person.id == Login.person_id).join(
        Municipality, Municipality.id == Login.municipality_id
    )
    return joined.where(Login.digest == bindparam("digest")).options(
        joinedload(Person.memberships), lazyload(Person.organization)
    )


_PRESENT = _present()
_A_DAY = timedelta(days=1)  # no zone is further from UTC


class Visitor(UserMixin):  # type: ignore[misc]  # the library has no types
    """Flask-Login's user: the secret of a login row is its id, so that ending the row ends the session."""

    def __init__(self, token: str, login: Login, person: Person) -> None:
        self.token, self.login, self.person = token, login, person
        self.municipality: Municipality | None = None
        self.centre = ""
        self.may_deputise = True

    def get_id(self) -> str:
        """Return what the cookie keeps."""
        return self.token


def init_app(app: Flask) -> None:
    """Set Flask-Login up; a page that needs a person says so itself."""
    manager.session_protection = None  # the row on the server is the session; an address may change on a phone
    manager.init_app(app)
    manager.user_loader(_load)


def digest(secret: str) -> str:
    """Return the digest under which a random secret is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _load(token: str) -> Visitor | None:
    scope = g.get("scope")
    if not isinstance(scope, Scope):
        return None
    today = clock.now().date()
    asked = {"digest": digest(token), "latest": today + _A_DAY, "earliest": today - _A_DAY}
    found = scope.session.execute(_PRESENT, asked).unique().one_or_none()
    if found is None or not is_alive(found[0]):
        return None
    row, person, municipality, centre, may_deputise = found
    if person.state != "active" or second_factor.is_lacking(scope.session, person):
        return None
    visitor = Visitor(token, row, person)
    visitor.municipality, visitor.centre = municipality, centre or ""
    visitor.may_deputise = may_deputise
    return visitor


def is_alive(row: Login) -> bool:
    """Whether a login is neither ended, nor idle or old beyond the limits (ASVS 7.3)."""
    limits, now = settings(), clock.now()
    if row.ended_at is not None or now - row.seen_at > timedelta(minutes=limits.idle_minutes):
        return False
    return now - row.created_at <= timedelta(hours=limits.session_hours)


def enter(scope: Scope) -> None:
    """Fill the scope with the person of the cookie, if any."""
    if not current_user.is_authenticated:
        return
    visitor: Visitor = current_user._get_current_object()  # noqa: SLF001 - the library's own way to the object
    person, home = visitor.person, visitor.login.municipality_id
    scope.person, scope.login, scope.municipality, scope.centre = (
        person,
        visitor.login,
        visitor.municipality,
        visitor.centre,
    )
    roles = [one.role for one in person.memberships if one.municipality_id == home]
    ip, may = request.remote_addr or "", visitor.may_deputise
    scope.actor = actors.with_roles(scope.session, person, home, roles, ip=ip, may_deputise=may)


def log_in(scope: Scope, person: Person) -> Login:
    """Begin a session: a new row, a new secret, an empty cookie, whatever it held before."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    row = Login(
        digest=digest(token), person_id=person.id, municipality_id=home_of(scope.session, person), created_at=now, seen_at=now,
        ip=request.remote_addr or "", agent=request.user_agent.string[:200],
    )  # fmt: skip
    scope.session.add(row)
    scope.session.flush()
    empty_cookie()
    login_user(Visitor(token, row, person))
    known_devices.remember(account_of(person.id))
    scope.person, scope.login = person, row
    return row


def empty_cookie() -> None:
    """Forget whatever the cookie held but the language."""
    language = cookie.get("language")
    cookie.clear()
    if language:
        cookie["language"] = language


def log_out(scope: Scope) -> None:
    """End the session on the server and forget the cookie."""
    if scope.login is not None:
        scope.login.ended_at = clock.now()
    logout_user()
    cookie.clear()


def home_of(session: Session, person: Person) -> int:
    """Return the municipality where the person acts first: their own, else the first where they have a role."""
    known = session.scalars(select(Membership.municipality_id).where(Membership.person_id == person.id)).all()
    return person.municipality_id if person.municipality_id in known or not known else min(known)


def touch(login_id: int) -> None:
    """Note that a session was seen, at most once a minute, in a transaction of its own: a GET changes nothing else."""
    now = clock.now()
    with database().transaction(keep=True, patience=HURRIED_MS) as session:
        row = session.get(Login, login_id)
        if row is not None and now - row.seen_at > _SEEN_EVERY:
            row.seen_at = now


def is_due(row: Login) -> bool:
    """Whether :func:`touch` would write."""
    return clock.now() - row.seen_at > _SEEN_EVERY


@cache
def _hasher(memory_kib: int) -> PasswordHasher:
    return PasswordHasher(memory_cost=memory_kib)


def hash_password(password: str) -> str:
    """Return the Argon2id hash of a password."""
    return _hasher(settings().argon2_memory_kib).hash(password)


@cache
def nobody(memory_kib: int) -> str:
    """Return what no password hashes to, written as a hash of the same cost: making one up takes no time, looking at it as much as ever."""
    how = _hasher(memory_kib)
    cost = f"m={how.memory_cost},t={how.time_cost},p={how.parallelism}"
    salt, rest = (base64.b64encode(secrets.token_bytes(n)).decode().rstrip("=") for n in (how.salt_len, how.hash_len))
    return f"$argon2id$v={ARGON2_VERSION}${cost}${salt}${rest}"


def verify(known: str | None, password: str) -> bool:
    """Whether the password is the one; without an account it takes as long and says no (no enumeration by time)."""
    if len(password) > PASSWORD_MOST:
        return False
    hasher = _hasher(settings().argon2_memory_kib)
    try:
        hasher.verify(known or nobody(settings().argon2_memory_kib), password)
    except (VerificationError, InvalidHashError):
        return False
    return known is not None


def checked(known: str | None, password: str, account: str) -> bool:
    """Whether the password is the one, the attempt counted; after too many wrong ones 429 (security.md 2)."""
    rate_limit.attempt(account)
    if verify(known, password):
        rate_limit.right(account)
        return True
    rate_limit.wrong()
    return False


def is_dated(known: str) -> bool:
    """Whether a hash was made with other parameters than the present ones."""
    return _hasher(settings().argon2_memory_kib).check_needs_rehash(known)


def account_of(person_id: int) -> str:
    """Return the name under which a person's attempts are counted, by login, address or signature alike."""
    return f"person:{person_id}"


def normal(login: str) -> str:
    """Return a typed login or address as it is looked for: outer spaces and case do not matter."""
    return login.strip().lower()


def find(session: Session, login: str) -> Person | None:
    """Return the person of a login or an address who may log in."""
    key = normal(login)
    if not key or len(key) > 200:  # noqa: PLR2004 - no login is that long
        return None
    by_address = (func.lower(Person.email) == key) & Person.login.is_not(None)
    found = (
        session.scalars(select(Person).where((Person.login == key) | by_address).order_by(Person.login != key))
        .unique()
        .first()
    )
    return found if found is not None and found.state == "active" else None


def alive(session: Session, person_id: int) -> list[Login]:
    """Return the person's sessions that have not ended, the last seen first."""
    rows = session.scalars(
        select(Login)
        .where(Login.person_id == person_id, Login.ended_at.is_(None))
        .order_by(Login.seen_at.desc(), Login.id.desc())
    )
    return [one for one in rows if is_alive(one)]


def places_of(session: Session, person: Person) -> list[Municipality]:
    """Return the municipalities where the person has a role, by name."""
    mine = select(Membership.municipality_id).where(Membership.person_id == person.id)
    found = session.scalars(select(Municipality).where(Municipality.id.in_(mine)))
    return sorted(found, key=lambda one: order_key(one.name))
