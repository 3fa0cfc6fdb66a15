#!/usr/bin/env python3
"""Measure the programme's pages and the 17 indicators on a town of 1,000 teachers with three years of rows.

    python benchmarks/programme.py [--teachers 1000] [--years 3] [--json build/bench/programme.json] [--url postgresql://…/empty]

Writes the town (``town.py``) into a scratch SQLite file, or into an empty PostgreSQL database, and asks each page of the
application in this process, each run beside one of the login page. Milliseconds on the wall and of the processor are those of the
best run, less what other work on the machine disturbed; statements and rows read are those of one answer. L is the login page.
"""

from __future__ import annotations

import argparse
import json
import platform
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy
from flask.testing import FlaskClient
from rows import hurried
from sqlalchemy import event, select, text
from sqlalchemy.engine.cursor import CursorFetchStrategy
from town import Town

from workflow_app import clock, config
from workflow_app.app import create_app
from workflow_app.db.migrate import upgrade
from workflow_app.db.models import Login, Person
from workflow_app.db.session import Database, open_database
from workflow_app.demo import people
from workflow_app.facts.programme import KEPT, Monitor, all_indicators, monitor
from workflow_app.facts.standing_rows import rebuild
from workflow_app.features.programme.indicator_views import years
from workflow_app.web import login_session
from workflow_app.wiring import wire

RUNS, WARM_UP = 7, 2
READER = "morozova"


@dataclass
class Meter:
    """What the database was asked and what it gave, since :meth:`start`."""

    statements: int = 0
    rows: int = 0
    texts: list[str] = field(default_factory=list)

    def watch(self, engine: sqlalchemy.Engine) -> None:
        """Count from now on: every statement, every row that a cursor gives."""
        event.listen(engine, "before_cursor_execute", self._asked)
        for name in ("fetchone", "fetchmany", "fetchall"):
            setattr(CursorFetchStrategy, name, self._counting(getattr(CursorFetchStrategy, name)))

    def start(self) -> None:
        """Forget what was."""
        self.statements = self.rows = 0

    def _asked(self, *_told: object) -> None:
        self.statements += 1

    def _counting(self, fetch: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **named: Any) -> Any:
            found = fetch(*args, **named)
            self.rows += len(found) if isinstance(found, list) else found is not None
            return found

        return counted


@dataclass
class Bench:
    """One town and what is measured on it."""

    database: Database
    home: int
    meter: Meter
    login: float = 1.0
    found: list[dict[str, Any]] = field(default_factory=list)

    def measure(self, operation: str, work: Callable[[], object]) -> None:
        """Keep and show the best of some runs."""
        for _ in range(WARM_UP):
            work()
        taken = [self._once(work) for _ in range(RUNS)]
        row = {
            "operation": operation, "ms": round(min(one[0] for one in taken), 1), "cpu_ms": round(min(one[1] for one in taken), 1),
            "statements": taken[-1][2], "rows": taken[-1][3],
        }  # fmt: skip
        if operation == "login page":
            self.login = row["cpu_ms"]
        row["in_l"] = round(row["cpu_ms"] / self.login, 1)
        self.found.append(row)
        told = f"{row['ms']:8.1f} ms {row['cpu_ms']:8.1f} ms CPU {row['in_l']:7.1f} L {row['statements']:5} statements {row['rows']:7} rows"
        print(f"{operation:38}{told}", flush=True)

    def _once(self, work: Callable[[], object]) -> tuple[float, float, int, int]:
        self.meter.start()
        wall, used = time.perf_counter(), time.process_time()
        work()
        spent = (time.perf_counter() - wall) * 1000, (time.process_time() - used) * 1000
        return *spent, self.meter.statements, self.meter.rows

    def pages(self, client: FlaskClient, today: date) -> None:
        """Every page of the programme."""
        year, month = today - timedelta(365), (today - timedelta(200)).strftime("%Y-%m")
        self.measure("login page", lambda: got(client.application.test_client(), "/login"))
        whole = "/programme/indicators?period=all"
        for name, address in {
            "board, first after an act": "/programme", "board": "/programme", "board, last stage": "/programme?stage=3",
            "indicators, first after an act": whole, "indicators, whole": whole, "indicators, stage": "/programme/indicators",
            "indicators, school year": f"/programme/indicators?period=year{year.year}",
            "indicators, a fortnight ago, first": f"{whole}&on={today - timedelta(14)}",
            "indicators, a year ago, first": f"{whole}&on={year}", "indicators, a year ago": f"{whole}&on={year}",
            "indicators, export": "/programme/indicators/export.xlsx?period=all",
            "indicator K3.1 with its rows": "/programme/indicators/K3.1?period=all",
            "indicator K2.7 with its rows": "/programme/indicators/K2.7?period=all",
            "month": f"/programme/month?month={month}",
        }.items():  # fmt: skip
            self.measure(name, partial(got, client, address, afresh="first" in name))

    def indicators(self, today: date) -> None:
        """Reading a town, and the arithmetic alone: 17 indicators over a stage, by stages and by school years."""
        with self.database.transaction(keep=False) as session:
            self.measure("reading a town", lambda: monitor(session, self.home))
            self.measure("reading a town, a year ago", lambda: monitor(session, self.home, today - timedelta(365)))
            known = monitor(session, self.home)
        self.measure("17 indicators, pure", lambda: reckoned(Monitor(known.town, known.typed, known.targets), today))


def reckoned(now: Monitor, today: date) -> None:
    """Reckon every value that the pages show."""
    for one in all_indicators():
        now.trend(one)
        for year in years(today):
            now.value(one, year.first_day, year.last_day)


def got(client: FlaskClient, address: str, *, afresh: bool = False) -> None:
    """Ask for a page that has to be there; ``afresh``: nothing is known of the town yet, as after any act."""
    if afresh:
        KEPT.forget()
    answer = client.get(address)
    if answer.status_code != 200:  # noqa: PLR2004 - the status of a page that was shown
        raise SystemExit(f"GET {address}: {answer.status_code}")


def entered(database: Database, client: FlaskClient, home: int) -> None:
    """Let the reader be logged in."""
    token, now = secrets.token_urlsafe(32), clock.now()
    with database.transaction(keep=True) as session:
        person = session.scalars(select(Person).where(Person.login == READER)).one()
        session.add(Login(digest=login_session.digest(token), person_id=person.id, municipality_id=home, created_at=now, seen_at=now,
                          ip="", agent=""))  # fmt: skip
    with client.session_transaction() as cookie:
        cookie.update(_user_id=token, _fresh=True)


@contextmanager
def built(asked: argparse.Namespace, folder: Path) -> Iterator[tuple[config.Config, Database, int, str]]:
    """Build the town; yield what serves it, the number of its centre and the version of the database."""
    wire()
    settings = config.load(folder, {"WF_DATABASE_URL": asked.url} if asked.url else {})
    upgrade(settings.url)
    database = open_database(settings.url, folder / "blobs")
    hurried(database.engine)
    began = time.perf_counter()
    cast = people.enter(database, {READER: "x"})
    with database.transaction(keep=True) as session:
        made = Town(session, cast.municipality_id, asked.teachers, asked.years, clock.now().date()).build()
    rebuild(database)
    with database.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("ANALYZE"))
            connection.commit()
        version = str(connection.scalar(text("SHOW server_version" if asked.url else "SELECT sqlite_version()")))
    told = ", ".join(f"{many} {name}" for name, many in sorted(made.items(), key=lambda one: -one[1])[:8])
    print(f"{sum(made.values())} rows in {time.perf_counter() - began:.0f} s: {told} …", file=sys.stderr)
    yield settings, database, cast.municipality_id, f"{database.engine.dialect.name} {version}"
    database.engine.dispose()


def main() -> int:
    """Build, measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--teachers", type=int, default=1000)
    parser.add_argument("--years", type=int, default=3)
    parser.add_argument("--url", default="", help="an empty PostgreSQL database")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, built(asked, Path(folder)) as (settings, database, home, version):
        app = create_app(settings)
        app.extensions["workflow_database"] = database
        meter, today = Meter(), clock.now().date()
        meter.watch(database.engine)
        machine = (
            f"{platform.machine()}, Python {platform.python_version()}, SQLAlchemy {sqlalchemy.__version__}, {version}"
        )
        print(f"{machine}; {asked.teachers} teachers, {asked.years} years; best of {RUNS}")
        client = app.test_client()
        entered(database, client, home)
        bench = Bench(database, home, meter)
        bench.pages(client, today)
        bench.indicators(today)
    if asked.json:
        asked.json.parent.mkdir(parents=True, exist_ok=True)
        asked.json.write_text(
            json.dumps({"machine": machine, "found": bench.found}, ensure_ascii=False, indent=1), encoding="utf-8"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
