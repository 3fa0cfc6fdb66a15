"""Letters leave: the outbox is drained into files or an SMTP server, after the commit and outside every transaction.

A letter is leased, sent, and marked sent, each in its own short transaction: a crash in between sends it again (at least
once; the Message-ID stays the same). A sick server delays letters and nothing else (security.md 64), and so do a folder that
takes no file and a setting that nobody understands: only what refused this very letter counts against it.
"""

from __future__ import annotations

import os
import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy import or_, select, update

from workflow_app import clock, config
from workflow_app.db.models import Outbox
from workflow_app.db.session import Database
from workflow_app.errors import N_, WorkflowError

SITE = "\x1e"  # stands for the instance's address in a letter's text; typed text cannot hold it (sheets.clean)
LEASE = timedelta(minutes=10)
ATTEMPTS_MOST = 10
AGAIN_AFTER = timedelta(seconds=30)  # the server was not reached: nothing is wrong with the letter
SECONDS = 10  # of patience with a server
TOO_BIG = 552  # a server that names the size at the sender's address speaks of the letter
FILE_MODE, FOLDER_MODE = 0o600, 0o700
_ONE_ADDRESS = re.compile(r"[^\s@,;:<>()\"\\]+@[^\s@,;:<>()\"\\]+\.[^\s@,;:<>()\"\\]+")
_SECRET = re.compile(r"(/(?:take|reset)/)[\w-]{20,}")

Send = Callable[[EmailMessage, int], None]


class Unreachable(Exception):
    """The server did not answer or is not ready for any letter."""


class Refused(Exception):
    """The server took the connection and refused this letter."""


@dataclass(frozen=True, slots=True)
class Leased:
    """A letter taken out for sending."""

    id: int
    attempts: int
    to: str
    subject: str
    body: str
    created_at: datetime


def drain(
    database: Database,
    mail: str,
    folder: Path,
    limit: int = 50,
    *,
    sender: str = "noreply@localhost",
    base_url: str = "",
) -> int:
    """Send at most ``limit`` waiting letters; return how many left.

    ``mail`` is ``files`` (into ``folder/mail``) or ``smtp://user:password@host:port`` (``smtps://`` for TLS from the start).
    ``base_url`` is the address that links in letters begin with.
    """
    demand_way(mail)
    waiting = _lease(database, limit)
    if not waiting:
        return 0
    sent, since = 0, clock.now()
    try:
        with _opened(mail, folder) as send:
            for place, one in enumerate(waiting):
                if clock.now() - since > LEASE / 2:  # a slow server: nobody else may take what still waits for its turn
                    _keep(database, waiting[place:])
                    since = clock.now()
                try:
                    send(_message(one, sender, base_url, readable=mail == "files"), one.id)
                except Refused as error:
                    _failed(database, one, str(error))
                except Unreachable as error:
                    _give_back(database, waiting[place:], str(error))
                    break
                else:
                    _sent(database, one)
                    sent += 1
    except Unreachable as error:
        _give_back(database, waiting, str(error))
    return sent


def _lease(database: Database, limit: int) -> list[Leased]:
    """Take out the next letters in their order; none while the server has just been found sick: later ones would overtake."""
    now = clock.now()
    given_back = (Outbox.attempts == 0, Outbox.error != "", Outbox.not_before > now)
    is_sick = select(Outbox.id).where(Outbox.sent_at.is_(None), *given_back).exists()
    found = (
        select(Outbox)
        .where(Outbox.sent_at.is_(None), Outbox.not_before <= now, Outbox.attempts < ATTEMPTS_MOST)
        .where(or_(Outbox.leased_until.is_(None), Outbox.leased_until < now), ~is_sick)
        .order_by(Outbox.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    with database.transaction(keep=True) as session:
        rows = session.scalars(found).all()
        for row in rows:
            row.leased_until, row.attempts = now + LEASE, row.attempts + 1
        return [Leased(one.id, one.attempts, one.to_address, one.subject, one.body, one.created_at) for one in rows]


def _keep(database: Database, letters: list[Leased]) -> None:
    """Hold the letters whose turn has not come for another while."""
    ids = [one.id for one in letters]
    with database.transaction(keep=True) as session:
        session.execute(update(Outbox).where(Outbox.id.in_(ids)).values(leased_until=clock.now() + LEASE))


def _sent(database: Database, one: Leased) -> None:
    """Mark a letter sent; the secret of its link is not kept."""
    with database.transaction(keep=True) as session:
        row = session.get_one(Outbox, one.id)
        row.sent_at, row.leased_until, row.error = clock.now(), None, ""
        row.body = _SECRET.sub(r"\1…", row.body)


def _failed(database: Database, one: Leased, why: str) -> None:
    """Wait twice as long after each refusal: 1, 2, 4 minutes …, at most 6 hours; after ten refusals the letter stays."""
    with database.transaction(keep=True) as session:
        row = session.get_one(Outbox, one.id)
        row.error, row.leased_until = why[:500], None
        row.not_before = clock.now() + min(timedelta(minutes=2 ** (one.attempts - 1)), timedelta(hours=6))


def _give_back(database: Database, letters: list[Leased], why: str) -> None:
    """Give letters back that were not even tried: soon again, and not counted."""
    with database.transaction(keep=True) as session:
        for one in letters:
            row = session.get_one(Outbox, one.id)
            row.error, row.leased_until, row.attempts = why[:500], None, one.attempts - 1
            row.not_before = clock.now() + AGAIN_AFTER


def _message(one: Leased, sender: str, base_url: str, *, readable: bool) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = _address(one.to)
    message["Subject"] = one.subject
    message["Date"] = format_datetime(one.created_at)
    message["Message-ID"] = (
        f"<letter-{one.id}.{one.created_at:%Y%m%d%H%M%S}@{sender.rpartition('@')[2].strip('>') or 'localhost'}>"
    )
    message["Auto-Submitted"] = "auto-generated"
    text = one.body.replace(SITE, base_url.rstrip("/"))
    message.set_content(text, cte="8bit" if readable else "base64")
    return message


def _address(text: str) -> str:
    """Return an address for the envelope: one address, its domain in ASCII; anything else is Refused."""
    if not _ONE_ADDRESS.fullmatch(text):
        raise Refused("not an address")
    local, _, domain = text.rpartition("@")
    try:
        return Address(username=local, domain=domain.encode("idna").decode()).addr_spec
    except (ValueError, IndexError) as error:
        raise Refused(f"not an address: {error}") from error


@contextmanager
def _opened(mail: str, folder: Path) -> Iterator[Send]:
    if mail == "files":
        yield _into(folder / "mail")
        return
    with _server(mail) as server:
        yield lambda message, _id: _hand_over(server, message)


def _into(folder: Path) -> Send:
    """Write a letter as a file: whole or not at all, again under the same name. A disk that takes none is Unreachable."""

    def write(message: EmailMessage, number: int) -> None:
        draft = folder / f".{number}.part"
        try:
            folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE)
            with os.fdopen(descriptor, "wb") as file:
                file.write(bytes(message))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(folder / f"{number}.eml")
        except OSError as error:
            raise Unreachable(f"mail folder: {_why(error)}") from error

    return write


def demand_way(mail: str) -> None:
    """Raise WorkflowError when nothing can be sent this way, before any letter is touched."""
    if not config.is_way_of_mail(mail):
        raise WorkflowError(N_("Настройка mail: нужно «files» или smtp://пользователь:пароль@сервер:порт."))


@contextmanager
def _server(mail: str) -> Iterator[smtplib.SMTP]:
    parts = urlsplit(mail)
    try:
        server = _connect(parts.scheme, parts.hostname or "", parts.port or 0)
    except (OSError, smtplib.SMTPException) as error:
        raise Unreachable(_why(error)) from error
    try:
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        yield server
    except (OSError, smtplib.SMTPException) as error:
        raise Unreachable(_why(error)) from error
    finally:
        _leave(server)


def _connect(scheme: str, host: str, port: int) -> smtplib.SMTP:
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=ssl.create_default_context())
    server = smtplib.SMTP(host, port, timeout=SECONDS)
    server.ehlo()
    return server


def _leave(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()


def _hand_over(server: smtplib.SMTP, message: EmailMessage) -> None:
    """Send one letter. An answer that speaks of the server, not of the letter, and a lost connection are Unreachable."""
    try:
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise _kind(code)(f"{code} {words!r}") from error
    except smtplib.SMTPSenderRefused as error:  # of our own address: every letter has it
        raise (Refused if error.smtp_code == TOO_BIG else Unreachable)(_why(error)) from error
    except smtplib.SMTPResponseException as error:
        raise _kind(error.smtp_code)(_why(error)) from error
    except (smtplib.SMTPNotSupportedError, ValueError) as error:
        raise Refused(_why(error)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise Unreachable(_why(error)) from error


def _kind(code: int) -> type[Unreachable | Refused]:
    """Return what an answer means: 421 closes the channel (RFC 5321, 4.2.3), and what is no refusal at all was not understood."""
    return Refused if code >= 400 and code != 421 else Unreachable  # noqa: PLR2004 - the codes of SMTP


def _why(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
