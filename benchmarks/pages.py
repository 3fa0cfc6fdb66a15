#!/usr/bin/env python3
"""Measure pages over HTTP: processor time of the server, SQL statements and size of each, on instances of several sizes.

    python benchmarks/pages.py --cases 1000 10000 [--json build/bench/pages.json] [--url postgresql://…/bench{cases}]

Each size is filled by ``fill.py`` (one municipality, or ``--municipalities``) and served by a process of its own (``serve.py``);
requests go one after another. A page is asked three times to warm up, then in BATCHES, each beside one of the login page, and on
all sizes in turns: what else the machine does meets them alike. Its processor time is what the operating system counted for the
whole process in the best batch, less what the meter itself costs, and so is the login page's, L: compare the multiples of L. The
reader is a coordinator unless the operation names another. Writes a list of {"operation", "cases", "cpu_ms", "in_l", "statements",
"kilobytes"} (before compression), with ``rss_start_mb``, ``rss_end_mb`` and ``first_answer_s`` of each size.
"""

from __future__ import annotations

import argparse
import http.client
import json
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import fill
from sqlalchemy import Engine, text

from workflow_app import config
from workflow_app.db.session import open_engine

RUNS, BATCHES, WARM_UP = 5, 8, 3
HERE = Path(__file__).parent
ACTS = 20  # of the operations that write
PEOPLE = {"coordinator": "morozova", "expert": "bondarenko", "teacher": "sokolova", "director": "gradov"}


@dataclass
class Browser:
    """A person's connection: cookies, and the last page."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    line: http.client.HTTPConnection | None = None

    def ask(self, method: str, address: str, data: dict[str, str] | None = None) -> tuple[int, str, bytes]:
        """Return the status, the place of a redirect and the body."""
        idle = self.line is not None
        self.line = self.line or http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if data is not None:
            body, headers["Content-Type"] = urlencode(data), "application/x-www-form-urlencoded"
        try:
            self.line.request(method, address, body, headers)
            answer = self.line.getresponse()
        except ConnectionError:
            self.line = None
            if method != "GET" or not idle:
                raise
            return self.ask(method, address, data)  # the server closed a line that was idle for long
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return answer.status, answer.getheader("Location", ""), answer.read()

    def page(self, address: str) -> str:
        """Return a page that must be there; one that a form leads to has the form behind a space."""
        place, _, form = address.partition(" ")
        status, place, body = self.ask("POST" if form else "GET", place, dict(parse_qsl(form)) if form else None)
        if status != 200:  # noqa: PLR2004 - a page
            raise SystemExit(f"GET {address}: {status} {place} {body[:300]!r}")
        return body.decode()

    def log_in(self, login: str, password: str) -> None:
        """Log in as a browser does."""
        sent = {"login": login, "password": password, "csrf_token": hidden(self.page("/login"), "csrf_token")}
        status, *_rest = self.ask("POST", "/login", sent)
        if status != 303:  # noqa: PLR2004 - see other
            raise SystemExit(f"{login} could not log in: {status}")


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page) or re.search(
        rf'value="([^"]*)"[^>]*name="{name}"', page
    )
    return unescape(found[1]) if found else ""


@dataclass
class Server:
    """A process that serves an instance, and its meter."""

    port: int
    process: subprocess.Popen[bytes]
    first_answer_s: float
    meter: Browser

    def used(self) -> dict[str, float]:
        """Processor seconds, statements and memory so far."""
        found: dict[str, float] = json.loads(self.meter.ask("GET", "/__meter")[2])
        return found


@contextmanager
def serving(folder: Path, url: str, port: int) -> Iterator[Server]:
    """Serve, and end the process whatever happens."""
    order = [sys.executable, str(HERE / "serve.py"), "--folder", str(folder), "--port", str(port)]
    began = time.perf_counter()
    process = subprocess.Popen([*order, "--url", url] if url else order)  # noqa: S603 - our own script, no shell
    try:
        first = _first_answer(port, process, began)
        yield Server(port, process, first, Browser(port))
    finally:
        process.terminate()
        process.wait(timeout=30)


def _first_answer(port: int, process: subprocess.Popen[bytes], began: float) -> float:
    while process.poll() is None:
        try:
            if Browser(port).ask("GET", "/login")[0] == 200:  # noqa: PLR2004 - a page
                return time.perf_counter() - began
        except OSError:
            time.sleep(0.02)
    raise SystemExit("the server ended before its first answer")


Measured = dict[str, Any]
Turn = tuple["Bench", Browser, str, int]


@dataclass
class Bench:
    """The operations on one instance."""

    server: Server
    engine: Engine
    passwords: dict[str, str]
    cases: int
    known: dict[str, Browser] = field(default_factory=dict)
    found: list[Measured] = field(default_factory=list)

    def browser(self, role: str) -> Browser:
        """The signed-in browser of a role; "" is a visitor."""
        if role not in self.known:
            self.known[role] = Browser(self.server.port)
            if role:
                self.known[role].log_in(PEOPLE[role], self.passwords[PEOPLE[role]])
        return self.known[role]

    def one(self, query: str) -> Any:
        """The first column of the first row."""
        with self.engine.connect() as connection:
            return connection.scalar(text(query))

    def spent(self, browser: Browser, address: str) -> tuple[float, float]:
        """Processor seconds and statements of a page, the mean of a batch."""
        idle = [self.server.used() for _ in range(4)]
        for _ in range(RUNS):
            browser.page(address)
        after, own = self.server.used(), (idle[-1]["cpu"] - idle[0]["cpu"]) / 3
        seconds, statements = (after[one] - idle[-1][one] for one in ("cpu", "statements"))
        return (seconds - own) / RUNS, statements / RUNS

    def add(self, operation: str, seconds: float, statements: float, size: int, login: float) -> None:
        """Keep and show a figure."""
        row = {
            "operation": operation, "cases": self.cases, "cpu_ms": round(seconds * 1000, 2), "in_l": round(seconds / login, 2),
            "statements": round(statements, 1), "kilobytes": round(size / 1024, 1),
        }  # fmt: skip
        self.found.append(row)
        told = f"{row['cpu_ms']:9.2f} ms {row['in_l']:6.2f} L {row['statements']:6.1f} {row['kilobytes']:8.1f} KB"
        print(f"{self.cases:8} {operation:22} {told}", flush=True)

    def act(self, operation: str, role: str, forms: Sequence[tuple[str, dict[str, str]]]) -> None:
        """Measure the sending of forms, each opened before and sent once; only the sending counts, and not the first: it warms up."""
        browser, used = self.browser(role), []
        idle = [self.server.used()["cpu"] for _ in range(6)]
        own = (idle[-1] - idle[0]) / 5
        for address, typed in forms:
            page = browser.page(address)
            names = [name for name in ("csrf_token", "version", "opened_by") if hidden(page, name)]
            sent = {name: hidden(page, name) for name in names} | typed
            before = self.server.used()
            status, _place, body = browser.ask("POST", address, sent)
            after = self.server.used()
            if status != 303:  # noqa: PLR2004 - see other
                raise SystemExit(f"POST {address}: {status} {_said(body)}")
            used.append([after[one] - before[one] for one in ("cpu", "statements")])
        seconds, statements = (statistics.median(one) for one in zip(*(used[1:] or used), strict=True))
        login = statistics.median(self.spent(self.browser(""), "/login")[0] for _ in range(BATCHES))
        self.add(operation, seconds - own, statements, 0, login)


def _said(body: bytes) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", body.decode(errors="replace").partition("<main")[2]).split())[:600]


def pages(bench: Bench) -> Iterator[tuple[str, str, str]]:
    """Every operation that reads: its name, its address, who asks."""
    latest = "SELECT max(id) FROM cases WHERE municipality_id = 1 AND state = "
    case, assigning = bench.one(f"{latest}'approved'"), bench.one(f"{latest}'assigning'")
    office = bench.browser("coordinator")
    documents = re.findall(r'href="(/documents/\d+)"', office.page(f"/cases/{case}/documents"))  # light cases have none
    yield from (("floor", "/__floor", ""), ("yardstick", "/__yardstick/", ""), ("login_page", "/login", ""))
    yield from ((f"home_{role}", "/", role) for role in PEOPLE)
    found = {
        "help": "/help", "case": f"/cases/{case}", "history": f"/cases/{case}/history",
        **dict(zip(("document",), documents, strict=False)),
        "list_first": "/cases", "list_page_100": followed(office, "/cases", 99), "list_last": "/cases?page=-1",
        "list_by_title": "/cases?sort=title", "list_filtered": "/cases?state=in_review&type=methodical_material",
    }  # fmt: skip
    for name, words in (("words", "физике"), ("surname", "Савельева")):
        found[f"search_{name}"] = f"/cases?{urlencode({'q': words})}"
        found[f"search_page_{name}"] = f"/search?{urlencode({'q': words})}"
    found |= {
        "people": "/people", "register_conclusions": "/registers/conclusions", "assign_form": f"/cases/{assigning}/assign",
        "workflow_page": "/workflows/methodical_material", "dashboard": "/dashboard", "letters": "/letters",
        "letter_texts": "/letters/texts", "absences": "/absences", "bulk_50": _chosen(bench, office, 50),
    }  # fmt: skip
    yield from ((name, address, "coordinator") for name, address in found.items())


def _chosen(bench: Bench, office: Browser, many: int) -> str:
    """What can be done with so many submitted cases: the page that their ticks lead to."""
    query = "SELECT id FROM cases WHERE state = 'submitted' AND municipality_id = 1 ORDER BY id LIMIT :many"
    with bench.engine.connect() as connection:
        rows = " ".join(f"{id_}.1" for id_ in connection.scalars(text(query), {"many": many}))
    address = "/bulk/case/numbers"
    return f"{address} {urlencode({'csrf_token': hidden(office.page(address), 'csrf_token'), 'rows': rows})}"


def in_turns(benches: Sequence[Bench]) -> None:
    """Measure every page on all instances in turns, each beside the login page."""
    for asked in zip(*map(pages, benches), strict=True):
        turns: list[Turn] = []
        for bench, (_, address, role) in zip(benches, asked, strict=True):
            size = [len(bench.browser(role).page(address).encode()) for _ in range(WARM_UP)][-1]
            turns.append((bench, bench.browser(role), address, size))
        batches = [
            [
                (bench.spent(browser, address), bench.spent(bench.browser(""), "/login"))
                for bench, browser, address, _ in turns
            ]
            for _ in range(BATCHES)
        ]
        for (bench, _, _, size), (operation, _, _), told in zip(turns, asked, zip(*batches, strict=True), strict=True):
            (seconds, statements), (login, _) = (min(one) for one in zip(*told, strict=True))
            bench.add(operation, seconds, statements, size, login)


def followed(browser: Browser, address: str, times: int) -> str:
    """The address that stands so many links to the next page further, or the last that has a next one: a whole page."""
    before = address
    for _ in range(times + 1):
        found = re.search(r'<a href="([^"]+)" rel="next"', browser.page(address))
        if found is None:
            break
        before, address = address, unescape(found[1])
    return before


def acts(bench: Bench) -> None:
    """Every operation that writes."""
    new = {"case_type": "methodical_material", "title": "Сборник заданий по физике для седьмого класса"}
    bench.act("draft_create", "teacher", [("/cases/new", new)] * ACTS)
    with bench.engine.connect() as connection:
        query = "SELECT id FROM cases WHERE state = 'submitted' AND municipality_id = 1 AND type = 'methodical_material' ORDER BY id DESC"
        ids = connection.scalars(text(query)).all()[:ACTS]
    today = time.strftime("%Y-%m-%d")
    if ids:  # each is registered once: an instance that is measured again and again has none left
        bench.act("transition", "coordinator", [(f"/cases/{one}/do/register", {"received_at": today}) for one in ids])


@contextmanager
def opened(asked: argparse.Namespace, cases: int, port: int) -> Iterator[Bench]:
    """Fill and serve one size; what it used in all is noted at the end."""
    folder, url = asked.folder / str(cases), asked.url.format(cases=cases)
    if not (asked.keep and folder.exists()):
        named = {
            "--cases": cases,
            "--municipalities": asked.municipalities,
            "--folder": folder,
            "--template": asked.template,
        }
        fill.main([str(one) for pair in (named | ({"--url": url} if url else {})).items() for one in pair])
    accounts = json.loads((folder / "accounts-all.json").read_text(encoding="utf-8"))
    engine = open_engine(config.load(folder, {"WF_DATABASE_URL": url} if url else {}).url)
    with serving(folder, url, port) as server:
        bench = Bench(server, engine, {one["login"]: one["password"] for one in accounts}, cases)
        start = server.used()["rss_mb"]
        yield bench
        memory = {"rss_start_mb": round(start), "rss_end_mb": round(server.used()["rss_mb"])}
        bench.found.append(
            {"operation": "process", "cases": cases, "first_answer_s": round(server.first_answer_s, 2)} | memory
        )
        print(bench.found[-1])
    engine.dispose()


def measured(asked: argparse.Namespace) -> list[Measured]:
    """Measure all sizes."""
    with ExitStack() as stack:
        benches = [stack.enter_context(opened(asked, cases, asked.port + at)) for at, cases in enumerate(asked.cases)]
        in_turns(benches)
        for bench in benches:
            acts(bench)
    return [row for bench in benches for row in bench.found]


def main() -> int:
    """Measure each size and write what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, nargs="+", default=[1000, 10000])
    parser.add_argument("--municipalities", type=int, default=1)
    parser.add_argument("--url", default="", help="empty PostgreSQL databases, {cases} in their name")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--template", type=Path, default=Path("build/bench/template"))
    parser.add_argument("--folder", type=Path, default=Path("build/bench"))
    parser.add_argument("--port", type=int, default=8899)
    parser.add_argument("--keep", action="store_true", help="measure instances that are filled already")
    asked = parser.parse_args()
    found = measured(asked)
    if asked.json:
        asked.json.parent.mkdir(parents=True, exist_ok=True)
        asked.json.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
