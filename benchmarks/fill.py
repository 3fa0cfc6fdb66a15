#!/usr/bin/env python3
"""Fill an instance with believable cases: copies of the demo's, each with its own number, title, people, dates and chain of events.

    python benchmarks/fill.py --cases 10000 [--municipalities 42] [--light] [--url postgresql://…] --folder build/bench

The demo is built once (``--template``, a minute) and copied to ``--folder``; with ``--url`` its rows go to that empty database.
Its cases in all states, some 20 events each, are then copied until there are N, as rows of the driver's own values: every
municipality has 100 experts and a teacher for each five cases. ``--light`` leaves out events but the first three, letters,
documents and files' versions, and keeps the first words of long texts: some 10 kB a case. Standings, work lists, experts' past and what is
searched are computed as ``db rebuild`` does. Prints what it made and how fast.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from rows import Row, Writer, hurried, of_cases, short
from sqlalchemy import Engine, func, select, text

from workflow_app import config
from workflow_app.db import hash_chain, migrate, search_index
from workflow_app.db.models import Case, Event
from workflow_app.db.session import open_database, open_engine
from workflow_app.demo import instance
from workflow_app.facts import past_work, search_rows, standing_rows
from workflow_app.operations import database_dump
from workflow_app.spelling import number_key, order_key
from workflow_app.wiring import wire

EXPERTS, CASES_A_TEACHER = 100, 5
LIGHT_EVENTS = 3
LOT = 250  # cases written at a time
SURNAMES = tuple(
    "Абрамова Белова Воронцова Громова Данилова Жданова Игнатова Казакова Макарова Орлова Савельева Юдина".split()
)
FIRST = tuple("Анна Вера Галина Дарья Елена Жанна Зоя Ирина Лидия Марина Нина Ольга Полина Раиса Светлана Юлия".split())
MIDDLE = tuple("Андреевна Борисовна Викторовна Глебовна Егоровна Ивановна Львовна Олеговна Павловна Сергеевна".split())
TOPICS = (
    "по физике для седьмого класса", "по математике для начальной школы", "по русскому языку для пятого класса",
    "по развитию речи дошкольников", "по биологии с цифровой лабораторией", "по истории родного края", "по технологии и робототехнике",
    "по английскому языку для восьмого класса", "по читательской грамотности", "по химии для профильных классов",
)  # fmt: skip
FORMS = (
    "Сборник заданий",
    "Рабочая программа",
    "Методические рекомендации",
    "Цикл открытых уроков",
    "Учебный проект",
    "Портфолио",
)
KINDS = {"case": "cases", "assignment": "assignment", "document": "document", "file": "case_file"}
"""Which table keeps the subjects of a kind of events."""
SCAFFOLDING = ("requisites", "calendar_day", "term", "criteria_sheet", "organization")
"""What every municipality has of its own, beside people."""


@dataclass
class Home:
    """A municipality: its id, and what the ids of the first one have become in it."""

    id: int
    became: dict[tuple[str, int], int] = field(default_factory=dict)
    teachers: list[tuple[int, int | None]] = field(default_factory=list)
    experts: list[int] = field(default_factory=list)
    last_root: int = 0
    root_digest: str = hash_chain.GENESIS


@dataclass
class Pattern:
    """A case of the demo: its rows by table, its events as typed values with their payloads."""

    rows: dict[str, list[Row]]
    events: list[Row]
    payloads: dict[int, Row]


def patterns(writer: Writer, *, light: bool) -> list[Pattern]:
    """The demo's cases; a light pattern keeps the row, its parts and the first events."""
    owned = of_cases(writer.tables)
    skipped = {"document", "attached_signature", "rendition", "case_version"} if light else set()
    found = []
    for case in writer.read("cases", order="id"):
        rows: dict[str, list[Row]] = {"cases": [short(case) if light else case]}
        for name, column, owner in owned:
            ids = ", ".join(str(one["id"]) for one in rows.get(owner, []))
            parts = writer.read(name, f'"{column}" IN ({ids})', "1") if ids and name not in skipped else []
            rows[name] = [short(one) for one in parts] if light else parts
        mine = (Event.root_kind == "case", Event.root_id == case["id"])
        typed = writer.connection.execute(select(Event.__table__).where(*mine).order_by(Event.seq)).mappings()
        events = [dict(one) for one in typed][: LIGHT_EVENTS if light else None]
        ids = ", ".join(str(one["id"]) for one in events)
        raw = {one["id"]: one for one in writer.read("event", f"id IN ({ids})")}
        payloads = {one["event_id"]: one for one in writer.read("event_payload", f"event_id IN ({ids})")}
        rows["event"] = [raw[one["id"]] for one in events]
        rows["outbox"] = [] if light else writer.read("outbox", f"case_id = {case['id']}", "id")
        rows["stay"] = writer.read("stay", f"case_id = {case['id']}", "seq")
        found.append(Pattern(rows, events, payloads))
    return found


class Copier:
    """Copies cases into a home; repeatable: the same arguments make the same rows."""

    def __init__(self, writer: Writer) -> None:
        self.writer, self.chance, self.made = writer, random.Random(42), 0  # noqa: S311 - a repeatable picture, no secret
        self.issued: dict[int, Row] = {}  # what the events of the present case say of its documents
        self.orders: dict[int, str] = {}  # of people's names
        self.stated: Row = {}  # and of the case itself
        self.owned = [name for name, _column, _owner in of_cases(writer.tables)]
        self.references = {
            name: [(c.name, next(iter(c.foreign_keys)).column.table.name) for c in table.columns if c.foreign_keys]
            for name, table in writer.tables.items()
        }

    def home(self, first: Home | None, number: int) -> Home:
        """Return the first municipality as it is, or a further one with scaffolding of its own."""
        if first is None:
            found = Home(1)
        else:
            found = Home(self.writer.take("municipality"))
            pattern = self.writer.read("municipality", "id = 1")[0]
            self.writer.put("municipality", pattern | {"id": found.id, "name": f"Муниципальное образование № {number}"})
            found.became["municipality", 1] = found.id
            for name in SCAFFOLDING:
                for row in self.writer.read(name, "municipality_id = 1"):
                    self._copied(name, row, found.became)
        return found

    def people(self, home: Home, teachers: int) -> None:
        """Write 100 experts and the teachers; staff is copied from the first municipality, without accounts."""
        patterns_ = self.writer.read("person", "municipality_id = 1 AND organization_id IS NOT NULL", "id")
        roles = {one["person_id"]: one["role"] for one in self.writer.read("membership", "municipality_id = 1")}
        cards = {one["person_id"]: one for one in self.writer.read("expert_card")}
        expert = next(one for one in patterns_ if one["id"] in cards)
        for key in roles if home.id != 1 else ():
            staff = self.writer.read("person", f"id = {key}")[0]
            id_ = home.became["person", key] = self._person(staff, home)  # who acted there acts here
            self.writer.put("membership", {"person_id": id_, "municipality_id": home.id, "role": roles[key]})
        for _ in range(EXPERTS):
            id_ = self._person(expert, home)
            self.writer.put("membership", {"person_id": id_, "municipality_id": home.id, "role": "expert"})
            self.writer.put("expert_card", cards[expert["id"]] | {"person_id": id_})
            home.experts.append(id_)
        for _ in range(teachers):
            pattern = self.chance.choice(patterns_)
            id_ = self._person(pattern, home)
            self.writer.put("membership", {"person_id": id_, "municipality_id": home.id, "role": "teacher"})
            home.teachers.append(
                (id_, home.became.get(("organization", pattern["organization_id"]), pattern["organization_id"]))
            )

    def _person(self, pattern: Row, home: Home) -> int:
        last, first, middle = (self.chance.choice(one) for one in (SURNAMES, FIRST, MIDDLE))
        id_ = self.writer.take("person")
        own = {
            "id": id_, "municipality_id": home.id, "last_name": last, "first_name": first, "middle_name": middle, "gender": "female",
            "name_order": order_key(last, first, middle), "login": None, "password_hash": None, "email": "", "forms": "{}",
            "organization_id": home.became.get(("organization", pattern["organization_id"]), pattern["organization_id"]),
        }  # fmt: skip
        self.writer.put("person", pattern | own)
        self.orders[id_] = order_key(last, first, middle)
        return id_

    def case(self, pattern: Pattern, home: Home) -> None:
        """Write one copy of a case with everything that belongs to it."""
        self.made += 1
        became = dict(home.became)
        (row,) = pattern.rows["cases"]
        teacher, school = self.chance.choice(home.teachers)
        became["person", row["applicant_id"]] = teacher
        experts = list(dict.fromkeys(one["expert_id"] for one in pattern.rows["assignment"]))
        became |= {
            ("person", old): new
            for old, new in zip(experts, self.chance.sample(home.experts, len(experts)), strict=True)
        }
        title = f"{self.chance.choice(FORMS)} {self.chance.choice(TOPICS)}, {self.made}"
        number = f"{row['number'].rpartition('-')[0]}-{10_000 + self.made}" if row["number"] else None
        own = {
            "title": title,
            "title_order": order_key(title),
            "due_on": self._due(row["due_on"]),
            "organization_id": school,
            "applicant_order": self.orders[teacher],
        }
        numbers = {"number": number, "number_order": order_key(number or ""), "number_key": number_key(number or "")}
        self.stated = {"applicant": teacher} | ({"number": number} if number else {})
        self._copied("cases", row, became, own | (numbers if number else {}))
        for name in self.owned:
            for one in pattern.rows[name]:
                self._copied(name, one, became, self._own(name, one, became))
        for one in pattern.rows["stay"]:
            self.writer.put("stay", one | {"case_id": became["cases", row["id"]], "municipality_id": home.id})
        self._events(pattern, home, became)
        for one in pattern.rows["outbox"]:
            self._copied(
                "outbox",
                one | {"sent_at": one["sent_at"] or one["created_at"]},
                became,
                {"case_id": became["cases", row["id"]]},
            )

    def _own(self, name: str, row: Row, became: Mapping[tuple[str, int], int]) -> Row:
        if name == "document":
            id_ = self.writer.next["document"]
            number = str(10_000 + id_) if row["number"] else row["number"]
            code = f"{id_:012d}" if row["code"] else row["code"]
            self.issued[row["id"]] = {
                "document": id_, "number": number or "", "code": hashlib.sha256((code or "").encode()).hexdigest(),
            }  # fmt: skip
            return {
                "number": number,
                "code": code,
                "number_order": order_key(number or ""),
                "number_key": number_key(number or ""),
            }
        if name == "case_version":
            files = [one | {"id": became.get(("case_file", one["id"]), one["id"])} for one in json.loads(row["files"])]
            return {"files": json.dumps(files)}
        return {}

    def _due(self, due: Any) -> Any:
        if due is None:
            return None
        moved = date.today() + timedelta(days=self.chance.randint(-20, 40))  # noqa: DTZ011 - a day, wherever it is
        return moved if isinstance(due, date) else moved.isoformat()

    def _copied(
        self, name: str, row: Row, became: dict[tuple[str, int], int], own: Mapping[str, Any] | None = None
    ) -> None:
        new = row | {column: became.get((to, row[column]), row[column]) for column, to in self.references[name]}
        if "id" in row:
            new["id"] = became[name, row["id"]] = self.writer.take(name)
        self.writer.put(name, new | (own or {}))

    def _events(self, pattern: Pattern, home: Home, became: dict[tuple[str, int], int]) -> None:
        previous = hash_chain.GENESIS
        for typed, raw in zip(pattern.events, pattern.rows["event"], strict=True):
            id_ = became["event", typed["id"]] = self.writer.take("event")
            changed = {
                "root_id": became["cases", typed["root_id"]], "municipality_id": home.id, "previous": previous,
                "subject_id": became.get((KINDS.get(typed["subject_kind"], ""), typed["subject_id"]), typed["subject_id"]),
                "actor_id": became.get(("person", typed["actor_id"]), typed["actor_id"]),
                "caused_by": became.get(("event", typed["caused_by"]), typed["caused_by"]),
            }  # fmt: skip
            if typed["root_no"] is not None:
                home.last_root += 1
                changed |= {"root_no": home.last_root, "root_previous": home.root_digest}
            said = self._said(typed, became)
            previous = hash_chain.digest(typed | changed | said)
            if typed["root_no"] is not None:
                home.root_digest = previous
            texts = {key: json.dumps(value, ensure_ascii=False) for key, value in said.items()}
            self.writer.put("event", raw | changed | texts | {"id": id_, "digest": previous})
            if typed["id"] in pattern.payloads:
                self.writer.put("event_payload", pattern.payloads[typed["id"]] | {"event_id": id_})

    def _said(self, typed: Row, became: Mapping[tuple[str, int], int]) -> Row:
        """What an event states of rows, of these rows: pages refuse a document that no event issued."""
        issued = [one | self.issued[one["document"]] for one in typed["issued"] if one["document"] in self.issued]
        facts = typed["facts"]
        if facts is not None and typed["subject_kind"] == "case":
            facts = facts | {key: value for key, value in self.stated.items() if facts.get(key) is not None}
        if facts is not None and "expert" in facts:
            facts = facts | {"expert": became.get(("person", facts["expert"]), facts["expert"])}
        return {"issued": issued} | ({"facts": facts} if facts is not None else {})


def last_root(writer: Writer, home: Home) -> None:
    """Where the numbering of roots goes on in a home that has some."""
    rows = writer.read("event", f"municipality_id = {home.id} AND root_no IS NOT NULL", "root_no DESC LIMIT 1")
    if rows:
        home.last_root, home.root_digest = rows[0]["root_no"], rows[0]["digest"]


def counted(writer: Writer, homes: Iterable[Home]) -> None:
    """Let the counter of roots go on behind the copies."""
    for home in homes:
        where = f"municipality_id = {home.id} AND register = '{hash_chain.ROOTS}'"
        writer.connection.execute(text(f"DELETE FROM counter WHERE {where}"))  # noqa: S608 - our own names
        writer.put(
            "counter", {"municipality_id": home.id, "register": hash_chain.ROOTS, "year": 0, "last": home.last_root}
        )
    writer.flush()


def fill(engine: Engine, cases: int, municipalities: int, *, light: bool) -> Iterator[int]:
    """Copy until there are ``cases`` cases; yields how many there are, lot by lot."""
    with closing(engine.connect()) as connection, connection.execution_options(keep=True).begin():
        writer = Writer(engine, connection)
        copier, found = Copier(writer), patterns(writer, light=light)
        homes: list[Home] = []
        for number in range(1, municipalities + 1):
            home = copier.home(homes[0] if homes else None, number)
            last_root(writer, home)
            copier.people(home, max(1, cases // municipalities // CASES_A_TEACHER))
            writer.flush()
            homes.append(home)
        for number in range(len(found), cases):
            copier.case(found[number % len(found)], homes[number % len(homes)])
            if number % LOT == 0:
                writer.flush()
                yield number
        writer.flush()
        counted(writer, homes)
        writer.advance()
    yield cases


def prepare(template: Path, folder: Path, url: str) -> config.Config:
    """An instance that is a copy of the demo, in ``folder`` or in an empty database."""
    instance.prepare(template, fresh=False)
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(template, folder)
    if url:
        source = open_engine(config.load(folder, {}).url)
        with source.connect() as connection:
            database_dump.fill(url, database_dump.lines(connection), migrate.head() or "")
        source.dispose()
    return config.load(folder, {"WF_DATABASE_URL": url} if url else {})


def reckoned(settings: config.Config, blobs: Path) -> Iterator[str]:
    """Reckon standings and what is searched as ``db rebuild`` does; yields what was made.

    The search's index is made at the end: row by row it takes ten times as long.
    """
    database = open_database(settings.url, blobs)
    hurried(database.engine)
    yield f"{standing_rows.rebuild(database)} standings and waits"
    yield f"{past_work.rebuild(database)} sums of experts' work"
    with database.engine.connect() as connection, connection.execution_options(keep=True).begin():
        if connection.dialect.name == "postgresql":
            search_index.remove(connection)
        for name in ("in", "out", "anew") if connection.dialect.name == "sqlite" else ():
            connection.execute(text(f"DROP TRIGGER search_row_{name}"))
    yield f"{search_rows.rebuild(database)} rows of the search"
    with database.engine.connect() as connection, connection.execution_options(keep=True).begin():
        search_index.install(connection)
        if connection.dialect.name == "postgresql":
            connection.execute(text("ANALYZE"))  # as its own service does where a server runs for long
    database.engine.dispose()


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill and say how fast."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--municipalities", type=int, default=1)
    parser.add_argument("--light", action="store_true")
    parser.add_argument("--url", default="")
    parser.add_argument("--template", type=Path, default=Path("build/bench/template"))
    parser.add_argument("--folder", type=Path, default=Path("build/bench/instance"))
    asked = parser.parse_args(arguments)
    wire()
    settings = prepare(asked.template, asked.folder, asked.url)
    engine = hurried(open_engine(settings.url))
    began = last = time.perf_counter()
    for done in fill(engine, asked.cases, asked.municipalities, light=asked.light):
        print(f"\r{done} of {asked.cases}", end="", file=sys.stderr)
    with engine.connect() as connection:
        made = [
            f"{connection.scalar(select(func.count()).select_from(one))} {one.__tablename__}" for one in (Case, Event)
        ]
    engine.dispose()
    for what in chain([", ".join(made)], reckoned(settings, asked.folder / "blobs")):
        now = time.perf_counter()
        print(f"\n{what} in {now - last:.1f} s", end="", file=sys.stderr)
        last = now
    print(f"\n{asked.cases / (time.perf_counter() - began):.0f} cases a second", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
