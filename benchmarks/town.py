"""Rows of a town for ``programme.py``: teachers, cases with reviews, and the records of some years with their events, by bulk inserts.

Repeatable: the same arguments make the same rows. Digests of the journal are made up: nothing here is to be proved, only read.
"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import (
    RECORDS,
    Assignment,
    Case,
    CaseVersion,
    CoAuthor,
    CriteriaRow,
    Event,
    EventPayload,
    Person,
    SurveyAnswer,
)  # fmt: skip
from workflow_app.db.models.base import Base
from workflow_app.monitoring.indicators import INDICATORS
from workflow_app.states.forms import to_json

SURNAMES = "Абрамова Белова Воронцова Громова Данилова Ждан Зуева Игнатова Казакова Лаптева Макарова Носова Орлова Юдина".split()
FIRST = "Анна Вера Галина Дарья Елена Жанна Зоя Ирина Лидия Марина Нина Ольга Полина Раиса Светлана Тамара Ульяна Юлия".split()
MIDDLE = (
    "Андреевна Борисовна Викторовна Глебовна Егоровна Ивановна Львовна Олеговна Павловна Романовна Сергеевна".split()
)
CAME = ("attended", "attended", "attended", "attended", "missed")
LEVELS = ("organization", "municipal", "municipal", "regional", "federal")
TYPES = ("methodical_material", "innovation_product", "attestation_portfolio")
STATES = ("approved", "closed", "closed", "archived", "in_review", "withdrawn")
ROAD = ("submit", "register", "start", "invite", "begin", "review_done", "circulate", "propose")
SCHOOL_TEACHERS: Final = 30  # to one organisation
Row = dict[str, Any]


class Rows:
    """Rows that wait to be written, with numbers of their own."""

    def __init__(self, session: Session, home: int) -> None:
        self.session, self.home = session, home
        self.waiting: dict[Any, list[Row]] = {}
        self.free: dict[Any, int] = {}
        self.lengths: dict[tuple[str, int], int] = {}

    def add(self, model: Any, **values: Any) -> int:
        """Put a row, the keys that it keeps made, and return its number."""
        if model not in self.free:
            self.free[model] = int(self.session.scalar(select(func.coalesce(func.max(model.id), 0))) or 0)
        self.free[model] += 1
        row = {"id": self.free[model], **values}
        for column in model.__table__.c:
            if "make" in column.info:
                row[column.key] = column.info["make"](*(row.get(one) or "" for one in column.info["of"]))
        self.waiting.setdefault(model, []).append(row)
        return int(row["id"])

    def event(
        self, root: tuple[str, int], subject: tuple[str, int], act: str, after: str, day: date, **told: Any
    ) -> None:
        """Put an event of a day, and its sheet, ``data``; ``facts`` as it stated them."""
        seq = self.lengths[root] = self.lengths.get(root, 0) + 1
        at = datetime.combine(day, time(6, 0, seq % 60), tzinfo=UTC)
        name = f"{root[0]}.{root[1]}.{seq}"
        id_ = self.add(
            Event, root_kind=root[0], root_id=root[1], seq=seq, subject_kind=subject[0], subject_id=subject[1],
            municipality_id=self.home, transition=act, before=None, after=after, subject_version=told.get("version", seq), via="command",
            ip="", at=at, sheet="", payload_sha256=name, issued=[], previous=name, digest=name, facts=told.get("facts", {}),
        )  # fmt: skip
        self.waiting.setdefault(EventPayload, []).append({"event_id": id_, "salt": name, "data": told.get("data", {})})

    def record(
        self, key: str, day: date, state: str = "active", within: int | None = None, edits: int = 0, **values: Any
    ) -> int:
        """Put a record begun on a day and corrected so many times, a fortnight each."""
        kind, table = CONTENT_TYPES[key], RECORDS[key].__table__.c
        fields = {
            one.name: one.default for one in dataclasses.fields(kind.sheet) if one.default is not dataclasses.MISSING
        }
        sheet = kind.sheet(**{name: value for name, value in (fields | values).items() if name in kind.fields})
        data = to_json(sheet)
        kept = {
            name: data[name] if isinstance(value, tuple) else value
            for name, value in vars(sheet).items()
            if name in table
        }
        more: Row = {"within_id": within} if within else {}
        more |= {"published": False} if "published" in table else {}
        id_ = self.add(RECORDS[key], municipality_id=self.home, state=state, version=edits + 1, **kept, **more)
        root = (kind.within or key, within or id_)
        for version in range(1, edits + 2):
            act = "edit" if version > 1 else "begin"
            self.event(root, (key, id_), act, "active", day + timedelta(14 * (version - 1)), version=version, data=data)
        if state != "active":
            self.event(root, (key, id_), "mark", state, day + timedelta(14 * edits + 1), version=edits + 1)
        return id_

    def flush(self) -> int:
        """Write everything, tables before those that refer to them; return how many rows."""
        models = {mapper.local_table: mapper.class_ for mapper in Base.registry.mappers}
        written = 0
        for table in Base.metadata.sorted_tables:
            for lot in _alike(self.waiting.pop(models.get(table), [])):
                self.session.execute(insert(models[table]), lot)
                written += len(lot)
        return written


def _alike(rows: list[Row]) -> Iterator[list[Row]]:
    """Yield rows with the same columns together."""
    lots: dict[frozenset[str], list[Row]] = {}
    for row in rows:
        lots.setdefault(frozenset(row), []).append(row)
    yield from lots.values()


class Town:
    """A town of so many teachers, and what was done there in the years before a day."""

    def __init__(self, session: Session, home: int, teachers: int, years: int, today: date) -> None:
        self.rows, self.chance = Rows(session, home), random.Random(11)  # noqa: S311 - a repeatable picture, no secret
        self.home, self.many, self.years, self.today = home, teachers, years, today
        self.first = today - timedelta(365 * years)
        self.schools: list[int] = []
        self.teachers: list[tuple[int, str, int]] = []
        self.sheets = list(session.execute(select(CriteriaRow.id, CriteriaRow.data)))

    def day(self, late: int = 40) -> date:
        """Return some day of the years, so many days before their end at least."""
        return self.first + timedelta(self.chance.randrange((self.today - self.first).days - late))

    def build(self) -> Mapping[str, int]:
        """Put and write everything; return how many rows there are by kind."""
        for part in (self.people, self.programme, self.cases, self.bodies, self.events, self.registers, self.surveys):
            part()
        found = {model.__tablename__: len(rows) for model, rows in self.rows.waiting.items()}
        self.rows.flush()
        return found

    def per_year(self, part: float) -> range:
        """Return as many steps as there are in all years, of a number a teacher and year."""
        return range(max(1, int(self.many * part * self.years)))

    def people(self) -> None:
        """Organisations, teachers, headcounts of each school year."""
        for n in range(max(1, self.many // SCHOOL_TEACHERS)):
            name = {"name": f"МАОУ «Школа № {n + 1}» (измерение)", "genitive": f"МАОУ «Школа № {n + 1}» (измерение)"}
            self.schools.append(self.rows.record("organization", self.first, **name))
        for n in range(self.many):
            last, first, middle = (self.chance.choice(one) for one in (SURNAMES, FIRST, MIDDLE))
            school = self.schools[n % len(self.schools)]
            id_ = self.rows.add(
                Person, municipality_id=self.home, state="listed", version=1, last_name=last, first_name=first, middle_name=middle,
                organization_id=school,
            )  # fmt: skip
            self.rows.event(("person", id_), ("person", id_), "begin", "listed", self.first)
            self.teachers.append((id_, f"{last} {first} {middle}", school))
        for school in self.schools:
            for year in range(self.first.year, self.today.year + 1):
                told = {"organization_id": school, "year": year, "teachers": SCHOOL_TEACHERS, "source": "oo1"}
                if (on := date(year, 9, 20)) <= self.today:
                    self.rows.record("headcount", on, on=on, **told)

    def somebody(self, free: float = 0.25) -> Row:
        """Return how a record names somebody: with an account, or now and then by name alone."""
        id_, name, school = self.chance.choice(self.teachers)
        known = self.chance.random() > free
        return {"name": name, "person_id": id_ if known else None, "organization_id": school}

    def programme(self) -> None:
        """Plan items with what confirms them, lists of acts and resources, targets, values from papers."""
        for n in range(25):
            day = self.day()
            item = self.rows.record(
                "plan_item", self.first, edits=2, code=f"{n % 3 + 1}.{n}", title=f"Мероприятие плана {n}", stage=str(n % 3 + 1),
                since=self.first, until=day, responsible_id=self.teachers[n % self.many][0],
            )  # fmt: skip
            for part in range(8):
                self.rows.record("plan_evidence", day, within=item, title=f"Подтверждение {part}")
        acts = [self.rows.record("local_act", on, title=f"Положение {n}", act_kind="regulation", paper=f"{n}-од", on=on, edits=n % 2)
                for n in range(40) for on in (self.day(),)]  # fmt: skip
        for n in range(30):
            self.rows.record("checklist_item", self.first, title=f"Нужное {n}", of="acts" if n % 2 else "resources",
                             local_act_id=acts[n] if n % 2 else None, there=n % 4 == 0, edits=1)  # fmt: skip
        for key in INDICATORS:
            for stage in "123":
                self.rows.record(
                    "indicator_target",
                    self.first,
                    indicator=key,
                    stage=stage,
                    target=50,
                    ground="Программа",
                    planned=900,
                )
        for n in range(12):
            self.rows.record("indicator_value", self.day(), indicator="K1.3", since=date(2020, 1, n + 1), until=date(2020, 2, n + 1),
                             value=n, paper="Отчёт")  # fmt: skip

    def cases(self) -> None:
        """Cases of several kinds in several states, two reviews each, with their events."""
        for n in self.per_year(0.5):
            begun, state = self.day(60), self.chance.choice(STATES)
            applicant, _name, school = self.chance.choice(self.teachers)
            approved, kind = state not in ("in_review", "withdrawn"), self.chance.choice(TYPES)
            criteria, data = self.chance.choice(self.sheets)
            verdict = self.chance.choice(data["verdicts"])["key"] if approved and data.get("verdicts") else None
            on, form = (
                begun + timedelta(30),
                {"co_authors": [self.chance.choice(self.teachers)[1]] if n % 3 == 0 else []},
            )
            at, done = (datetime.combine(one, time(7), tzinfo=UTC) for one in (begun, on))
            id_ = self.rows.add(
                Case, municipality_id=self.home, type=kind, number=f"И-{begun.year}-{n + 1}", title=f"Материал {n}", state=state,
                version=9, applicant_id=applicant, organization_id=school, created_at=at, state_since=done, registered_at=at,
                approved_at=done if approved else None, criteria_id=criteria, verdict=verdict, form=form, required=2,
            )  # fmt: skip
            self.rows.add(CaseVersion, case_id=id_, number=1, at=at, form=form, files=[], sha256=f"{id_}")
            for name in form["co_authors"]:
                self.rows.add(CoAuthor, case_id=id_, name=name, person_id=None)
            facts = {"type": kind, "applicant": applicant, "criteria": criteria, "verdict": None}
            for step, act in enumerate(("begin", *ROAD)):
                self.rows.event(("case", id_), ("case", id_), act, act, begun + timedelta(3 * step), facts=facts)
            self._reviews(id_, begun + timedelta(20))
            if approved:
                told = {"facts": facts | {"verdict": verdict}}
                self.rows.event(("case", id_), ("case", id_), "approve", "approved", on, **told)
            if state != "approved":
                end = min(on + timedelta(40), self.today)
                self.rows.event(("case", id_), ("case", id_), "close", state, end, facts=facts | {"verdict": verdict})

    def _reviews(self, case_id: int, day: date) -> None:
        at = datetime.combine(day, time(8), tzinfo=UTC)
        for expert, _name, _school in self.chance.sample(self.teachers[:120], 2):
            told = {"invited_at": at, "declared_at": at, "signed_at": at, "round": 1}
            id_ = self.rows.add(
                Assignment,
                municipality_id=self.home,
                case_id=case_id,
                expert_id=expert,
                state="consolidated",
                version=4,
                **told,
            )
            for act, state in (
                ("begin", "invited"),
                ("accept", "accepted"),
                ("sign", "signed"),
                ("agree", "consolidated"),
            ):
                self.rows.event(("case", case_id), ("assignment", id_), act, state, day, facts={"expert": expert})

    def bodies(self) -> None:
        """Councils and communities, their meetings with agendas."""
        for n in range(8):
            body = self.rows.record("body", self.first, name=f"Сообщество {n}", genitive=f"сообщества {n}", body_kind="expert_council",
                                    planned=10, edits=1)  # fmt: skip
            for _ in range(10 * self.years):
                on = self.day()
                meeting = self.rows.record(
                    "meeting", on, "held", title="Заседание о программе", body_id=body, on=on, edits=1
                )
                for place in range(4):
                    self.rows.record(
                        "agenda_item",
                        on,
                        "heard",
                        meeting,
                        title="О ходе программы",
                        place=place + 1,
                        is_programme=place == 0,
                    )

    def events(self) -> None:
        """Agreements, events and who was there."""
        agreements = [self.rows.record("agreement", on, partner=f"Партнёр {n}", partner_kind="university", subject="Совместная работа",
                                       since=on, edits=1) for n in range(40) for on in (self.day(),)]  # fmt: skip
        for n in self.per_year(0.06):
            on = self.day()
            event = self.rows.record(
                "centre_event", on, "held", title=f"Семинар {n}", form="seminar", on=on, place="Зал", edits=2,
                agreement_id=self.chance.choice(agreements), municipalities=("Реж", "Ирбит")[: n % 3],
            )  # fmt: skip
            for _ in range(30):
                self.rows.record("registration", on, self.chance.choice(CAME), event, **self.somebody())

    def registers(self) -> None:
        """Publications, products, contest results, membership, experts."""
        for n in self.per_year(0.15):
            on, channel = self.day(), self.chance.choice(("site", "talk", "vk", "journal"))
            self.rows.record("publication", on, title=f"Публикация {n}", on=on, channel=channel, level=self.chance.choice(LEVELS),
                             author_id=self.chance.choice(self.teachers)[0], edits=n % 3 == 0)  # fmt: skip
        for n in self.per_year(0.03):
            on = self.day()
            self.rows.record("product", on, title=f"Продукт {n}", product_kind="recommendations", on=on)
        for n in self.per_year(0.2):
            on, result = self.day(), self.chance.choice(("winner", "laureate", "participant"))
            self.rows.record(
                "contest_result",
                on,
                contest=f"Конкурс {n}",
                level=self.chance.choice(LEVELS),
                on=on,
                result=result,
                **self.somebody(),
            )
        for n in self.per_year(0.1):
            since = self.day()
            self.rows.record(
                "association_member",
                since,
                body="РУМО",
                level=self.chance.choice(LEVELS),
                since=since,
                edits=n % 4 == 0,
                **self.somebody(),
            )
        for n, (id_, _name, _school) in enumerate(self.teachers[:120]):
            since = self.day()
            self.rows.record("expert_record", since, person_id=id_, directions=("methodical",), order=str(n), since=since,
                             regional_bank=n % 3 == 0, edits=1)  # fmt: skip

    def surveys(self) -> None:
        """Closed surveys with answers: twelve questions, a mark each."""
        asked = [{"name": f"Утверждение {n}", "held": "scale", "counts": True, "unsure": True} for n in range(12)]
        for n in range(8 * self.years):
            until = self.day()
            id_ = self.rows.record("survey", until - timedelta(14), "closed", title=f"Опрос {n}", audience="teachers", stage=str(n % 3 + 1),
                                   since=until - timedelta(14), until=until, asked=(), counted=self.many // 10)  # fmt: skip
            self.rows.waiting[RECORDS["survey"]][-1] |= {"asked": asked, "digest": f"{n:064x}"}
            for _ in range(max(5, self.many // 10)):
                marks = {f"q{one}": self.chance.choice(("3", "4", "5", "5", "unsure")) for one in range(1, 13)}
                key = f"{self.chance.getrandbits(128):032x}"
                self.rows.waiting.setdefault(SurveyAnswer, []).append({"id": key, "survey_id": id_, "answers": marks})
