#!/usr/bin/env python3
"""Time the work list, the list of cases and one case's facts on an instance with many cases.

    python benchmarks/lists.py [--cases 3000]

Makes a fresh SQLite instance in a temporary folder with the invented centre and N cases written as rows, then measures each
query in one process: median of 15 runs, in milliseconds, with the number of SQL statements. Prints a table.
"""

from __future__ import annotations

import argparse
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from workflow_app import clock, config
from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.db.keyset import Order, Walk
from workflow_app.db.migrate import upgrade
from workflow_app.db.models import Assignment, Case, Person
from workflow_app.db.session import Database, open_database
from workflow_app.demo import people as cast
from workflow_app.facts.actors import actor_of
from workflow_app.facts.standing_rows import rebuild
from workflow_app.facts.standings import visible
from workflow_app.facts.subjects import facts_of
from workflow_app.facts.worklist import count_waiting, tasks
from workflow_app.states.vocabulary import Permission
from workflow_app.wiring import wire

RUNS = 15


def fill(database: Database, people: dict[str, int], municipality_id: int, many: int) -> None:
    """Write ``many`` cases in random states with two or three assignments each, as rows."""
    chance = random.Random(7)  # noqa: S311 - a repeatable picture, no secret
    teachers = [people[key] for key in ("sokolova", "tkach", "melnik", "polevaya", "savina")]
    experts = [people[key] for key in ("bondarenko", "lebedev", "dyachkova", "koval", "belykh", "pak")]
    with database.transaction(keep=True) as session:
        for number in range(many):
            kind = chance.choice(list(CASE_TYPES.values()))
            state = chance.choice([one for one in kind.workflow.states if one != "draft"])
            turn = kind.workflow.state(state).turn
            now = clock.now()
            case = Case(
                municipality_id=municipality_id, type=kind.key, number=f"{kind.letter}-2026-{number + 1}", state=state, version=1,
                title=f"Материал {number}", applicant_id=chance.choice(teachers), created_at=now, state_since=now,
                registered_at=now, required=2, turn=turn.value if turn else None, form={},
            )  # fmt: skip
            session.add(case)
            session.flush()
            for expert in chance.sample(experts, 2):
                session.add(
                    Assignment(
                        municipality_id=municipality_id, case_id=case.id, expert_id=expert, round=1, state="in_work", version=1,
                        invited_at=now, declared_at=now,
                    )
                )  # fmt: skip


def measure(database: Database, work: Callable[[Session], object]) -> tuple[float, int]:
    """Return (median milliseconds, SQL statements) of one query."""
    statements = 0

    def count(*_args: object) -> None:
        nonlocal statements
        statements += 1

    event.listen(database.engine, "before_cursor_execute", count)
    times = []
    for _ in range(RUNS):
        statements = 0
        with database.transaction(keep=False) as session:
            began = time.perf_counter()
            work(session)
            times.append((time.perf_counter() - began) * 1000)
    event.remove(database.engine, "before_cursor_execute", count)
    return statistics.median(times), statements


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=3000)
    many = parser.parse_args().cases
    wire()
    with tempfile.TemporaryDirectory() as folder:
        settings = config.load(Path(folder))
        upgrade(settings.url)
        database = open_database(settings.url, Path(folder) / "blobs")
        people = cast.enter(database)
        fill(database, people.people, people.municipality_id, many)
        rebuild(database)
        print(f"{platform.machine()}, Python {platform.python_version()}, SQLite, {many} cases, median of {RUNS}")
        for key in ("morozova", "bondarenko", "sokolova"):
            rows(database, people, key)
        database.engine.dispose()
    return 0


def rows(database: Database, people: cast.Cast, key: str) -> None:
    """Print one person's rows."""

    def me(session: Session) -> object:
        return actor_of(session, session.get_one(Person, people.people[key]), people.municipality_id)

    def listing(session: Session) -> object:
        page = visible(me(session), Permission.VIEW).page(select(Case), Order(Case, down=True), Walk(50))  # type: ignore[arg-type]
        return session.scalars(select(Case).join(page, page.c.id == Case.id).order_by(Case.id.desc())).all()

    def counted(session: Session) -> object:
        return visible(me(session), Permission.VIEW).count(session)  # type: ignore[arg-type]

    works: dict[str, Callable[[Session], object]] = {
        "work list": lambda session: tasks(session, me(session)),  # type: ignore[arg-type]
        "waiting counter": lambda session: count_waiting(session, me(session)),  # type: ignore[arg-type]
        "50 visible cases": listing,
        "count of visible cases": counted,
        "facts of one case": lambda session: facts_of(session.get_one(Case, 1), session),
    }
    for name, work in works.items():
        took, statements = measure(database, work)
        print(f"{key:12} {name:26} {took:9.1f} ms {statements:4} statements")


if __name__ == "__main__":
    sys.exit(main())
