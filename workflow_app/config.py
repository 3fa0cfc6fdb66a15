"""Settings of one instance: ``config.toml`` in its folder, overridden by ``WF_…`` variables.

A default is sensible in production and publicly known; a secret has none: it is made at the first start and kept in the
instance's folder with mode 0600, or given by ``WF_SECRET_KEY``. A short one is refused.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from workflow_app.errors import N_, WorkflowError

SECRET_LEAST = 32  # characters
SECRET_DIFFERENT = 10  # characters: a key of one letter, or a word over and over, is known however long it is
# What stands in examples, until somebody puts a key of their own there; and so do whole words with dashes between them.
_PLACEHOLDER = re.compile(
    r"(change|replace|set|put|paste|enter|insert)[\W_]*(me|this|it|here|in|your)|your[\W_]*(own|secret|key|random)|insecure|placeholder"
    r"|example|(super|very|top|my|the|some|random|long|app|flask|django|dev|test)[\W_]*secret|secret[\W_]*(key|string|value|here)"
    r"|not[\W_]*(so[\W_]*)?secret|keep[\W_]*it[\W_]*secret|(?<![a-z0-9])(todo|fixme)(?![a-z0-9])|замени|измени|секрет|пример|ваш",
    re.IGNORECASE,
)
LOCAL_SITE = "http://127.0.0.1:8000"  # where `serve` listens when nothing else is said
ARGON2_LEAST = 32  # KiB: less than the algorithm works with
PASSWORD_MOST = 1000  # characters of a person's password; what is longer is refused unread


@dataclass(frozen=True, slots=True)
class Config:
    """The settings. ``folder`` is absolute.

    ``database_url`` empty: SQLite in the folder. ``mail`` is ``files`` or ``smtp://user:password@host:port``. ``base_url`` is what
    links in letters begin with; empty: the address that ``serve`` listens on. ``seal_file`` is the organisation's PKCS#12 key,
    ``signature_trust`` a PEM file or a folder of certificates that are trusted: both beside ``config.toml`` unless absolute.
    ``scanner`` is the address of ClamAV's daemon, ``scanner_away`` what happens to a file while it does not answer.
    """

    folder: Path
    database_url: str = ""
    secret_key: str = ""
    base_url: str = ""
    trusted_hosts: tuple[str, ...] = ()
    secure_cookies: bool = False
    behind_proxy: bool = False
    mail: str = "files"
    mail_from: str = "noreply@localhost"
    upload_bytes: int = 25 * 1024 * 1024
    login_tries: int = 10
    account_tries: int = 100
    scanner: str = ""
    scanner_away: str = "refuse"
    scanner_seconds: int = 30
    address_limit: str = "1000 per 5 minutes"
    check_limit: str = "30 per 5 minutes"
    argon2_memory_kib: int = 65536
    tick_seconds: int = 300
    idle_minutes: int = 60
    session_hours: int = 12
    converters: int = 2
    converter_seconds: int = 60
    converter_megabytes: int = 2048
    seal_file: str = ""
    seal_password: str = field(default="", repr=False)
    seal_ltv: bool = False
    tsa_url: str = ""
    signature_trust: str = ""

    @property
    def hosts(self) -> tuple[str, ...]:
        """The host names that are answered: those that are named, else that of ``base_url``; none: whatever is asked for."""
        named = urlsplit(self.base_url).hostname if self.base_url else None
        return self.trusted_hosts or ((named,) if named else ())

    @property
    def url(self) -> str:
        """The database's URL."""
        return self.database_url or f"sqlite:///{self.folder / 'workflow.db'}"


def load(folder: Path, environ: Mapping[str, str] = os.environ) -> Config:
    """Return the settings of the instance in ``folder`` (made when missing). An unknown or malformed one is an error.

    The folder is made absolute here, once: what serves files looks for a relative one beside the package.
    """
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _keep_private(folder)
    found: dict[str, object] = {}
    file = folder / "config.toml"
    if file.exists():
        try:
            found.update(tomllib.loads(file.read_text(encoding="utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise WorkflowError(N_("Файл %(file)s не читается: %(why)s", file=file.name, why=error)) from error
    known = {one.name: one.type for one in fields(Config) if one.name != "folder"}
    for name in known:
        if (value := environ.get(f"WF_{name.upper()}")) is not None:
            found[name] = value
    if unknown := sorted(set(found) - set(known)):
        raise WorkflowError(N_("Неизвестная настройка: %(names)s", names=", ".join(unknown)))
    typed: dict[str, Any] = {name: _typed(name, str(known[name]), value) for name, value in found.items()}
    config = Config(folder, **typed)
    if config.secret_key and len(config.secret_key) < SECRET_LEAST:
        raise WorkflowError(N_("Секретный ключ короче %(n)s знаков: такой легко подобрать.", n=SECRET_LEAST))
    if config.secret_key and len(set(config.secret_key)) < SECRET_DIFFERENT:
        raise WorkflowError(N_("Секретный ключ состоит из повторов: такой легко подобрать."))
    if _PLACEHOLDER.search(config.secret_key):
        raise WorkflowError(
            N_("Секретный ключ взят из примера: такой легко подобрать. Уберите его, и создастся случайный.")
        )
    _demand_sense(config)
    return replace(config, secret_key=config.secret_key or _kept_secret(folder))


def _demand_sense(config: Config) -> None:
    """Refuse a value that no part of the program could work with: now, and not at the first file or letter."""
    senseless = {
        "tick_seconds": config.tick_seconds < 1,
        "argon2_memory_kib": config.argon2_memory_kib < ARGON2_LEAST,
        "base_url": bool(config.base_url) and not re.match(r"https?://[^/\s]+", config.base_url),
        "scanner": bool(config.scanner) and not re.fullmatch(r"(tcp://[^/\s]+:\d+|unix:/\S+)/?", config.scanner),
        "login_tries": config.login_tries < 1,
        "account_tries": config.account_tries < 1,
        "scanner_away": config.scanner_away not in ("refuse", "accept"),
        "scanner_seconds": config.scanner_seconds < 1,
        "mail": not is_way_of_mail(config.mail),
    }
    for name, wrong in senseless.items():
        if wrong:
            raise WorkflowError(N_("Настройка %(name)s: значение не распознано.", name=name))


def is_way_of_mail(mail: str) -> bool:
    """Tell whether letters can leave this way: into files, or through a server whose address is whole."""
    try:
        parts = urlsplit(mail)
        return mail == "files" or (parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and parts.port != 0)
    except ValueError:  # a port that is no number, a bracket that is not closed
        return False


def _keep_private(folder: Path) -> None:
    """Close an instance's folder to everybody but its owner, also one made by an older version.

    Whoever names the root, a home or a folder that all share has mistaken it for an instance: these are left alone.
    """
    mode, place = folder.stat().st_mode, folder.resolve()
    if mode & 0o077 and not mode & stat.S_ISVTX and place not in (Path(place.anchor), Path.home()):
        with suppress(PermissionError):  # another's folder
            folder.chmod(0o700)


def alone(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for an instance of play: it has its own database and never sends a letter, whatever is set."""
    return {name: value for name, value in environ.items() if name not in ("WF_DATABASE_URL", "WF_MAIL")}


def home(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of the instance when none is named: ``WF_INSTANCE``, else ``instance`` where one stands."""
    return Path(environ.get("WF_INSTANCE") or "instance")


def _typed(name: str, kind: str, value: object) -> object:
    try:
        if kind == "bool":
            return (
                value
                if isinstance(value, bool)
                else {"1": True, "true": True, "0": False, "false": False}[str(value).lower()]
            )
        if kind == "int":
            return int(str(value))
        if kind.startswith("tuple"):
            parts = value if isinstance(value, list) else str(value).split(",")
            return tuple(str(one).strip() for one in parts if str(one).strip())
    except (KeyError, ValueError) as error:
        raise WorkflowError(N_("Настройка %(name)s: значение не распознано.", name=name)) from error
    return str(value)


def _kept_secret(folder: Path) -> str:
    file = folder / "secret.key"
    if not file.exists():
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return file.read_text(encoding="ascii").strip()
        with os.fdopen(descriptor, "w", encoding="ascii") as handle:
            handle.write(secrets.token_urlsafe(48))
    return file.read_text(encoding="ascii").strip()
