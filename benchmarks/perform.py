#!/usr/bin/env python3
"""Measure the act «register» through the gate beside the very same rows written by raw SQL with the same durability.

    python benchmarks/perform.py [--cases 1000] [--json build/bench/perform.json]

Fills an SQLite instance (``fill.py``), registers every submitted case of a municipality in a transaction of its own, and keeps
what the acts wrote: statement and values. Then it writes the same to an untouched copy by the driver alone: BEGIN IMMEDIATE, the
statements, COMMIT. Processor time of the process, and how many statements and writes one act has.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import fill
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from workflow_app import clock, config, gate
from workflow_app.db.models import Case, Membership, Person
from workflow_app.db.session import Database, open_database
from workflow_app.facts.actors import actor_of
from workflow_app.states.definitions.case.forms_intake import Register
from workflow_app.wiring import wire

WRITES = ("INSERT", "UPDATE", "DELETE")
Written = list[tuple[str, Any, bool]]
"""A statement, its values, and whether they are many."""


def acts(database: Database) -> tuple[list[int], int]:
    """The cases that wait to be registered, and a coordinator."""
    with database.transaction(keep=False) as session:
        ids = session.scalars(
            select(Case.id).where(Case.state == "submitted", Case.municipality_id == 1).order_by(Case.id)
        ).all()
        office = session.scalars(
            select(Membership.person_id).where(Membership.role == "coordinator", Membership.municipality_id == 1)
        )
        return list(ids), office.first() or 0


def register(session: Session, id_: int, office: int) -> None:
    """Register a case by the gate, as the page does."""
    actor = actor_of(session, session.get_one(Person, office), 1)
    case = session.get_one(Case, id_)
    gate.perform(session, actor, case, "register", Register(received_at=clock.now().date()), case.version)


def through_the_gate(database: Database) -> tuple[float, float, list[Written]]:
    """Return milliseconds of processor time and statements of an act, and what each act wrote."""
    ids, office = acts(database)
    many, began, kept, now = 0, 0.0, [], []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, executemany: bool) -> None:  # noqa: FBT001 - SQLAlchemy's own
        nonlocal many
        many += 1
        if statement.startswith(WRITES):
            now.append((statement, values, executemany))

    event.listen(database.engine, "before_cursor_execute", note)
    for id_ in ids:
        now = []
        with database.transaction(keep=True) as session:
            register(session, id_, office)
        kept.append(now)
        if len(kept) == 1:  # the first act compiles its statements
            many, began = 0, time.process_time()
    took = time.process_time() - began
    return took / (len(kept) - 1) * 1000, many / (len(kept) - 1), kept


def raw(path: Path, kept: Sequence[Written]) -> float:
    """Return milliseconds of processor time of the same rows by the driver alone."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON")
    began = 0.0
    for place, written in enumerate(kept):
        if place == 1:
            began = time.process_time()
        connection.execute("BEGIN IMMEDIATE")
        for statement, values, many in written:
            (connection.executemany if many else connection.execute)(statement, values)
        connection.execute("COMMIT")
    took = time.process_time() - began
    connection.close()
    return took / (len(kept) - 1) * 1000


def main() -> int:
    """Fill, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--template", type=Path, default=Path("build/bench/template"))
    parser.add_argument("--folder", type=Path, default=Path("build/bench/perform"))
    asked = parser.parse_args()
    fill.main(["--cases", str(asked.cases), "--template", str(asked.template), "--folder", str(asked.folder)])
    wire()
    settings = config.load(asked.folder, {})
    before = asked.folder / "before.db"
    with closing(sqlite3.connect(asked.folder / "workflow.db")) as source, closing(sqlite3.connect(before)) as copy:
        source.backup(copy)  # with what still stands in the log beside the file
    database = open_database(settings.url, asked.folder / "blobs")
    took, statements, kept = through_the_gate(database)
    database.engine.dispose()
    floor = raw(before, kept)
    found = {
        "operation": "perform(register)", "cases": asked.cases, "acts": len(kept), "cpu_ms": round(took, 2), "raw_ms": round(floor, 2),
        "times": round(took / floor, 1), "statements": round(statements, 1), "writes": round(sum(map(len, kept)) / len(kept), 1),
    }  # fmt: skip
    print(json.dumps(found))
    if asked.json:
        asked.json.parent.mkdir(parents=True, exist_ok=True)
        asked.json.write_text(json.dumps([found], indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
