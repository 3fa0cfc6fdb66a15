#!/usr/bin/env python3
"""Serve an instance for ``pages.py``: the product's own application behind waitress, a yardstick and a meter beside it.

    python benchmarks/serve.py --folder build/bench/instance --port 8899

``/__floor`` answers two bytes, ``/__yardstick`` is a bare Flask page with a Jinja table of 25 x 6, ``/__meter`` tells the
processor seconds of this process (from the operating system), the SQL statements so far and the memory in MB.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Engine
from waitress import serve
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from workflow_app import config, garbage

if TYPE_CHECKING:
    from workflow_app.db.session import Database

TABLE = (
    "<!doctype html><title>Yardstick</title><table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>"
    "{% endfor %}</tr>{% endfor %}</table>"
)


def yardstick() -> Flask:
    """What Flask and Jinja cost by themselves."""
    app = Flask("yardstick")
    template = app.jinja_env.from_string(TABLE)
    rows = [[f"{row}.{cell}" for cell in range(6)] for row in range(25)]
    app.add_url_rule("/", view_func=lambda: template.render(rows=rows))
    return app


class Meter:
    """What the process has used so far."""

    def __init__(self, engine: Engine) -> None:
        self.statements = 0
        event.listen(engine, "before_cursor_execute", self._count)

    def _count(self, *_given: object) -> None:
        self.statements += 1

    def __call__(self, _environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        """Answer with JSON."""
        told = {"cpu": time.process_time(), "statements": self.statements, "rss_mb": rss_mb()}
        start("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(told).encode()]


def rss_mb() -> float:
    """Resident memory of this process, MB; 0 where the system does not tell."""
    status = Path(f"/proc/{os.getpid()}/status")
    lines = status.read_text().splitlines() if status.is_file() else []
    return next((int(one.split()[1]) / 1024 for one in lines if one.startswith("VmRSS")), 0.0)


def floor(_environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    """Answer as little as the server can."""
    start("200 OK", [("Content-Type", "text/plain")])
    return [b"ok"]


def main() -> int:
    """Serve until killed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--url", default="")
    parser.add_argument("--port", type=int, required=True)
    asked = parser.parse_args()
    garbage.look_seldom()
    from workflow_app.app import create_app  # noqa: PLC0415 - after that, as the command line does it

    app = create_app(config.load(asked.folder, {"WF_DATABASE_URL": asked.url} if asked.url else {}))
    database: Database = app.extensions["workflow_database"]
    database.stay_open()
    beside = {"/__floor": floor, "/__yardstick": yardstick(), "/__meter": Meter(database.engine)}
    garbage.spare_loaded()
    serve(DispatcherMiddleware(app, beside), host="127.0.0.1", port=asked.port, threads=4, ident="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
