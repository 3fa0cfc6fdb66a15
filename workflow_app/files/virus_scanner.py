"""The virus scanner: ClamAV's daemon, asked over its socket by its own protocol (clamd(8): ``zINSTREAM``, ``zVERSION``).

The file goes over the connection: the daemon needs no right on our folder, and may stand on another machine. What happens while
it does not answer is a setting; without one nothing is taken unseen. A file that it finds something in is refused, always.
"""

from __future__ import annotations

import logging
import socket
import struct
from contextlib import closing
from dataclasses import dataclass
from typing import IO
from urllib.parse import urlsplit

from workflow_app.config import Config
from workflow_app.errors import N_, Sentence, Unavailable
from workflow_app.files.file_kinds import Refused

_CHUNK = 1 << 16
_ANSWER_MOST = 4096
_ASK_SECONDS = 3  # for the state alone: a page waits for it
AWAY = N_("Проверка на вирусы сейчас не отвечает, и файл не принят. Попробуйте через несколько минут; набранное цело.")
_log = logging.getLogger(__name__)


class Infected(Refused):
    """The scanner knows what is in the file; ``name`` is its word for it."""

    def __init__(self, name: str) -> None:
        super().__init__(N_("В файле найден вирус или вредоносная программа (%(name)s). Файл не принят.", name=name))
        self.name = name


class Away(Unavailable):
    """The scanner does not answer, and the setting is to take nothing unseen."""

    def __init__(self) -> None:
        super().__init__(AWAY)


@dataclass(frozen=True, slots=True)
class State:
    """How the scanner stands: "none" when no setting names one, "well" with its version, or "away" with the reason."""

    key: str
    detail: str = ""
    takes: bool = True  # whether files are taken meanwhile

    @property
    def sentence(self) -> Sentence:
        """The state in words, for ``check`` and the settings page."""
        if self.key == "none":
            return N_("Антивирус не настроен: файлы на вирусы не проверяются.")
        if self.key == "well":
            return N_("Антивирус отвечает: %(version)s.", version=self.detail)
        if self.takes:
            return N_("Антивирус не отвечает (%(why)s). Файлы принимаются без проверки.", why=self.detail)
        return N_("Антивирус не отвечает (%(why)s). Файлы не принимаются.", why=self.detail)


def scan(settings: Config, content: IO[bytes]) -> None:
    """Let the scanner look at what ``content`` gives, from where it stands.

    Raises Infected; Away when it does not answer and nothing is taken unseen then.
    """
    if not settings.scanner:
        return
    try:
        answer = _stream(settings, content)
    except OSError as error:
        _log.warning("the virus scanner does not answer: %s", error)
        if settings.scanner_away == "refuse":
            raise Away from error
        return
    if answer.endswith(" FOUND"):
        name = answer.removesuffix(" FOUND").rpartition(": ")[2]
        raise Infected(name)
    if not answer.endswith(" OK"):  # «INSTREAM size limit exceeded. ERROR»: not looked at is not clean
        _log.warning("the virus scanner could not look at a file: %s", answer)
        if settings.scanner_away == "refuse":
            raise Away


def state(settings: Config) -> State:
    """Ask the scanner for its version."""
    if not settings.scanner:
        return State("none")
    try:
        with closing(_connected(settings, min(_ASK_SECONDS, settings.scanner_seconds))) as link:
            link.sendall(b"zVERSION\0")
            return State("well", _answer(link))
    except OSError as error:
        why = error.strerror or str(error) or type(error).__name__
        return State("away", why, takes=settings.scanner_away == "accept")


def _stream(settings: Config, content: IO[bytes]) -> str:
    with closing(_connected(settings, settings.scanner_seconds)) as link:
        try:
            link.sendall(b"zINSTREAM\0")
            while piece := content.read(_CHUNK):
                link.sendall(struct.pack("!L", len(piece)) + piece)
            link.sendall(struct.pack("!L", 0))
        except (BrokenPipeError, ConnectionResetError):
            return _answer(link)  # it has read enough, and said why before it closed
        return _answer(link)


def _connected(settings: Config, seconds: int) -> socket.socket:
    where = urlsplit(settings.scanner)
    if where.scheme == "unix":
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(seconds)
        try:
            link.connect(where.path)
        except OSError:
            link.close()
            raise
        return link
    return socket.create_connection((where.hostname or "", where.port or 0), timeout=seconds)


def _answer(link: socket.socket) -> str:
    found = b""
    while not found.endswith(b"\0") and len(found) < _ANSWER_MOST:
        piece = link.recv(_ANSWER_MOST)
        if not piece:
            break
        found += piece
    if not found:
        raise ConnectionError("no answer")
    return found.rstrip(b"\0\n").decode("utf-8", "replace")
