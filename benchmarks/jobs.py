#!/usr/bin/env python3
"""Time a job of many papers: an archive of the demo centre's documents, item by item, then packed.

    python benchmarks/jobs.py [--items 500]

Builds the demo centre in a temporary folder (half a minute), orders an archive of N papers (the same ones over again), works it
off in this process, and prints the time of each hundred items, the packing, and the largest memory of the process.
"""

from __future__ import annotations

import argparse
import platform
import resource
import tempfile
import time
from pathlib import Path

from sqlalchemy import select

from workflow_app import config
from workflow_app.db.models import Document, Job, Person
from workflow_app.db.session import Database, open_database
from workflow_app.demo import instance
from workflow_app.operations import job_queue
from workflow_app.runtime import job_worker

HUNDRED = 100


def order(database: Database, many: int) -> int:
    """Order the archive in the director's name; return the job's number."""
    with database.transaction(keep=True) as session:
        director = session.scalars(select(Person).where(Person.login == "gradov")).one()
        papers = session.scalars(select(Document).where(Document.document_kind == "order")).all()
        chosen = [papers[at % len(papers)] for at in range(many)]
        items = [(one.id, f"{at}") for at, one in enumerate(chosen)]
        return job_queue.enqueue(session, director, director.municipality_id, "archive", "Проба", items).id


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--items", type=int, default=500)
    many = asked.parse_args().items
    with tempfile.TemporaryDirectory() as folder:
        instance.build(Path(folder), lambda *_told: None)
        settings = config.load(Path(folder), {})
        database = open_database(settings.url, settings.folder / "blobs")
        job_id = order(database, many)
        ended: list[float] = [time.perf_counter()]
        plain = job_queue.end_item

        def counted(*arguments: object, **more: object) -> None:
            plain(*arguments, **more)  # type: ignore[arg-type]  # passed on as they came
            ended.append(time.perf_counter())

        job_queue.end_item = counted  # type: ignore[assignment]  # the clock of this script
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        job_worker.work(database, settings)
        packed = time.perf_counter() - ended[-1]
        print(f"CPython {platform.python_version()}, {platform.machine()}, SQLite; {many} items")
        for at in range(HUNDRED, many + 1, HUNDRED):
            print(f"  items {at - 99:4} to {at:4}: {10 * (ended[at] - ended[at - HUNDRED]):6.1f} ms each")
        with database.transaction(keep=False) as session:
            job = session.get_one(Job, job_id)
            print(f"  packing: {packed:.2f} s, {job.size / 1e6:.1f} MB; failed: {job.failed}")
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"  largest memory: {before / 1024:.0f} MB before, {after / 1024:.0f} MB after")
        database.engine.dispose()


if __name__ == "__main__":
    main()
