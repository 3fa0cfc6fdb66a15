#!/usr/bin/env python3
"""Measure how long people who save at the same moment wait: four coordinators, one server, SQLite.

    python benchmarks/writers.py [--cases 1000] [--writers 4] [--rounds 10]

Each writer registers cases in a connection of their own, one request after another: most forms are refused and come back as a
page (422), each fifth one is taken (303). Wall time of the POSTs as the browser sees it, p50, p95 and the longest.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import fill
from pages import Browser, hidden, serving

OFFICE = "morozova"
EACH = 5  # of which one is taken
Took = list[tuple[int, float]]
"""The status and the milliseconds of each POST."""


def waiting(folder: Path) -> list[int]:
    """The cases that wait to be registered."""
    with closing(sqlite3.connect(folder / "workflow.db")) as connection:
        found = connection.execute("SELECT id FROM cases WHERE state = 'submitted' AND municipality_id = 1 ORDER BY id")
        return [id_ for (id_,) in found]


def registered(browser: Browser, id_: int, day: str) -> tuple[int, float]:
    """Open the form, send it, and tell what came of it."""
    address = f"/cases/{id_}/do/register"
    page = browser.page(address)
    sent = {name: hidden(page, name) for name in ("csrf_token", "version")} | {"received_at": day, "outside_number": ""}
    began = time.perf_counter()
    status, *_rest = browser.ask("POST", address, sent)
    return status, (time.perf_counter() - began) * 1000


def work(port: int, password: str, ids: Sequence[int], rounds: int) -> Took:
    """Register as one coordinator: the day of receipt lies in the future but for each fifth time."""
    browser, left, took = Browser(port), list(ids), []
    browser.log_in(OFFICE, password)
    for place in range(rounds):
        taken = place % EACH == EACH - 1
        took.append(registered(browser, left.pop() if taken else left[0], "2026-08-03" if taken else "2099-01-01"))
    return took


def main() -> int:
    """Fill, serve, let them work."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--writers", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--port", type=int, default=8898)
    parser.add_argument("--template", type=Path, default=Path("build/bench/template"))
    parser.add_argument("--folder", type=Path, default=Path("build/bench/writers"))
    asked = parser.parse_args()
    fill.main(["--cases", str(asked.cases), "--template", str(asked.template), "--folder", str(asked.folder)])
    accounts = json.loads((asked.folder / "accounts.json").read_text(encoding="utf-8"))
    password = next(one["password"] for one in accounts if one["login"] == OFFICE)
    ids = waiting(asked.folder)
    with serving(asked.folder, "", asked.port) as server, ThreadPoolExecutor(asked.writers) as pool:
        mine = [ids[place :: asked.writers] for place in range(asked.writers)]
        found = pool.map(lambda one: work(server.port, password, one, asked.rounds), mine)
        took = [one for many in found for one in many]
    for status in sorted({status for status, _ in took}):
        times = sorted(ms for known, ms in took if known == status)
        p50, p95 = (times[int((len(times) - 1) * part)] for part in (0.5, 0.95))
        told = {
            "status": status,
            "posts": len(times),
            "p50_ms": round(p50),
            "p95_ms": round(p95),
            "longest_ms": round(times[-1]),
        }
        print(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
