#!/usr/bin/env python3
"""Measure what the dashboard reads, without what a page keeps: processor milliseconds and statements of each part.

    python benchmarks/figures.py --folder build/bench/instance [--login gradov]

The instance is one that ``fill.py`` made. Each part is read RUNS times; the best is told.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import event, func, select

from workflow_app import config
from workflow_app.db.models import Case, Person, Stay
from workflow_app.db.session import open_database
from workflow_app.facts import figures
from workflow_app.facts.actors import actor_of
from workflow_app.wiring import wire

RUNS = 5


def main() -> None:
    """Measure and say."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path("build/bench/instance"))
    parser.add_argument("--login", default="gradov")
    asked = parser.parse_args()
    wire()
    database = open_database(config.load(asked.folder, {}).url, asked.folder / "blobs")
    with database.transaction(keep=False) as session:
        person = session.scalars(select(Person).where(Person.login == asked.login)).one()
        actor = actor_of(session, person, person.municipality_id)
        rows = [session.scalar(select(func.count()).select_from(one)) for one in (Case, Stay)]
        print(f"{rows[0]} cases, {rows[1]} stays")
        for name, what in (
            ("all", figures.Asked("", None, 0, 2026)), ("a kind", figures.Asked("methodical_material", None, 0, 2026)),
            ("a year", figures.Asked("", None, 2026, 2026)), ("outside", figures.Asked("", None, 2026, 2026, outside=True)),
        ):  # fmt: skip
            parts: dict[str, Callable[[], object]] = {
                one.__name__: lambda one=one, what=what: one(session, actor, what)
                for one in (figures.cube, figures.lasted, figures.busy)
            }
            said = []
            for part, read in parts.items():
                told: list[str] = []
                event.listen(database.engine, "before_cursor_execute", lambda *a, told=told: told.append(a[2]))
                best = min(_once(read) for _ in range(RUNS))
                said.append(f"{part} {best:.0f} ms, {len(told) / RUNS:.0f} statements")
            print(f"{name}: {'; '.join(said)}")


def _once(read: Callable[[], object]) -> float:
    began = time.process_time()
    read()
    return (time.process_time() - began) * 1000


if __name__ == "__main__":
    main()
