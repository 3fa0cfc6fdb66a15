"""The first hour of an instance: the municipality with its centre, the director, the organisations, an administrator.

Everything is asked by the same sheets as in the web and passes the gate, with ``via = command line``. The criteria sheets
come with it; positions, grounds, phrases and texts are data of the program. ``init`` reads a plan from a TOML or YAML file
or asks for it; decisions.md 30.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app import clock, gate
from workflow_app.content_types.organization import ORGANIZATION, OrganizationCard
from workflow_app.db.models import Municipality, Person
from workflow_app.db.seeding import criteria_rows, new_municipality
from workflow_app.db.session import Database
from workflow_app.errors import N_, Invalid, Sentence, WorkflowError
from workflow_app.facts import choices
from workflow_app.facts.record_rows import row_of
from workflow_app.features.people import tokens
from workflow_app.states.definitions import centre as c
from workflow_app.states.definitions import people as p
from workflow_app.states.forms import Ask, Lists, Nothing, Sheet, ask, asks, fill, rule
from workflow_app.states.vocabulary import Actor, Role, Via, system
from workflow_app.wiring import wire

S = TypeVar("S", bound=Sheet)
ZONE = "Asia/Yekaterinburg"


class Dialogue(Protocol):
    """Who asks the operator: the command line, or a test."""

    def heading(self, title: Sentence) -> None:
        """Say what the next questions are about."""

    def ask(self, how: Ask, before: str) -> str:
        """Ask one field; ``before`` is what stands there already."""

    def refuse(self, why: Sentence) -> None:
        """Say why an answer does not pass; it is asked again."""

    def more(self, what: Sentence) -> bool:
        """Ask whether there is another one."""


@dataclass(frozen=True, kw_only=True)
class Place(Sheet):
    """The municipality itself."""

    name: str = ask(N_("Муниципалитет: полное название"), least=3, most=300)
    zone: str = ask(
        N_("Часовой пояс"), most=60, default=ZONE, required=False, help=N_("Имя зоны, например Asia/Yekaterinburg.")
    )

    @rule
    def known_zone(self) -> dict[str, tuple[Sentence, ...]]:
        """The zone has to be one that the system knows."""
        try:
            ZoneInfo(self.zone or ZONE)
        except (ZoneInfoNotFoundError, ValueError):
            return {"zone": (N_("Такой зоны нет. Пример: Asia/Yekaterinburg."),)}
        return {}


@dataclass(frozen=True, kw_only=True)
class Head(Sheet):
    """A person of the first hour: the director, the administrator."""

    last_name: str = ask(N_("Фамилия"), most=100)
    first_name: str = ask(N_("Имя"), most=100)
    middle_name: str = ask(N_("Отчество"), required=False, most=100, default="")
    email: str = ask(
        N_("Электронная почта"), required=False, most=200, default="",
        pattern=r"[^@\s]+@[^@\s]+\.[^@\s]+", help=N_("Адрес вида name@example.ru."),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """What to found."""

    place: Place
    requisites: c.Requisites
    director: Head
    administrator: Head
    organizations: tuple[OrganizationCard, ...] = ()


@dataclass(frozen=True, slots=True)
class Founded:
    """The new municipality's id, and the path of the administrator's link, which works once."""

    municipality_id: int
    link: str


SECTIONS: Mapping[str, tuple[Sentence, type[Sheet]]] = {
    "municipality": (N_("Муниципалитет"), Place), "centre": (N_("Центр"), c.Requisites), "director": (N_("Директор"), Head),
    "administrator": (N_("Администратор учётных записей"), Head),
}  # fmt: skip


def read_plan(file: Path) -> Plan:
    """Return the plan of a TOML or YAML file with the tables of :data:`SECTIONS` and a list ``organizations``."""
    try:
        text = file.read_text(encoding="utf-8")
        raw = tomllib.loads(text) if file.suffix.lower() == ".toml" else yaml.safe_load(text)
    except FileNotFoundError as error:
        raise WorkflowError(N_("Файла %(file)s нет.", file=file.name)) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, yaml.YAMLError) as error:
        raise WorkflowError(N_("Файл %(file)s не читается: %(why)s", file=file.name, why=error)) from error
    if not isinstance(raw, dict) or set(raw) - {*SECTIONS, "organizations"}:
        raise WorkflowError(N_("В файле нужны разделы %(names)s.", names=", ".join([*SECTIONS, "organizations"])))
    made = {name: _filled(kind, raw.get(name) or {}, name) for name, (_title, kind) in SECTIONS.items()}
    others = tuple(
        _filled(OrganizationCard, one, f"organizations[{n}]") for n, one in enumerate(raw.get("organizations") or ())
    )
    return _plan(made, others)


_OF_ORGANIZATION = ("name", "genitive", "type", "outside", "teachers")  # the rest can wait for the first working day


def ask_plan(talk: Dialogue) -> Plan:
    """Return a plan from answers."""
    made: dict[str, Sheet] = {}
    for name, (title, kind) in SECTIONS.items():
        talk.heading(title)
        made[name] = ask_sheet(kind, talk)
    others = []
    while talk.more(N_("Добавить организацию, где работают педагоги?")):
        others.append(ask_sheet(OrganizationCard, talk, _OF_ORGANIZATION))
    return _plan(made, tuple(others))


def ask_sheet(kind: type[S], talk: Dialogue, only: tuple[str, ...] = ()) -> S:
    """Ask the fields of a sheet, or ``only`` these, until it passes; only what does not pass is asked again."""
    fields = {name: how for name, how in asks(kind).items() if name in only or not (only or how.server)}
    raw = _offered()
    wanted = list(fields)
    while True:
        for name in wanted:
            raw[name] = talk.ask(fields[name], str(raw.get(name) or ""))
        try:
            return fill(kind, raw, _lists())
        except Invalid as error:
            wanted = [name for name in fields if name in error.problems] or list(fields)
            for why in error.problems.values():
                talk.refuse(why[0])
            raw |= dict.fromkeys(wanted, "")


def _plan(made: Mapping[str, Any], organizations: tuple[OrganizationCard, ...]) -> Plan:
    return Plan(made["municipality"], made["centre"], made["director"], made["administrator"], organizations)


def _filled(kind: type[S], raw: Mapping[str, Any], where: str) -> S:
    if unknown := sorted(set(raw) - set(asks(kind))):
        raise WorkflowError(N_("Раздел %(where)s: лишнее — %(names)s.", where=where, names=", ".join(unknown)))
    try:
        return fill(kind, {**_offered(), **raw}, _lists())
    except Invalid as error:
        told = "; ".join(f"{field}: {many[0]}" for field, many in error.problems.items())
        raise WorkflowError(N_("Раздел %(where)s: %(told)s", where=where, told=told)) from error


def _offered() -> dict[str, Any]:
    """Return what stands in a field until something else is answered."""
    return {"since": clock.now().date().isoformat(), "zone": ZONE, "director_position": "director"}


def _lists() -> Lists:
    return {"positions": choices.of_file("positions"), "organizations": ()}


# -- founding ----------------------------------------------------------------------------------------------------------


def found(database: Database, plan: Plan) -> Founded:
    """Found the municipality of the plan in one transaction. One of the same name is refused."""
    wire()
    with database.transaction(keep=True) as session:
        if session.scalar(select(Municipality.id).where(Municipality.name == plan.place.name)) is not None:
            raise WorkflowError(N_("Муниципалитет «%(name)s» уже заведён.", name=plan.place.name))
        row = new_municipality(session, plan.place.name, plan.place.zone or ZONE)
        actor = keeper(row.id)
        gate.perform(session, actor, row, "set_requisites", plan.requisites, row.version)
        for sheet in criteria_rows(session, row.id):
            gate.begin(session, actor, sheet, Nothing())
            gate.perform(session, system(row.id), sheet, "enter_force", Nothing(), None)
        for one in plan.organizations:
            gate.begin(session, actor, row_of(ORGANIZATION, row.id, one), one)
        enter_person(session, row.id, plan.director, Role.DIRECTOR, plan.requisites.director_position)
        administrator = enter_person(session, row.id, plan.administrator, Role.ADMIN)
        return Founded(row.id, invite(session, administrator))


def add_administrator(database: Database, municipality_id: int, head: Head) -> str:
    """Enter one more administrator; return the path of the link, which works once."""
    wire()
    with database.transaction(keep=True) as session:
        return invite(session, enter_person(session, municipality_id, head, Role.ADMIN))


def only_municipality(database: Database, name: str = "") -> int:
    """Return the municipality of this name; without one, the only one there is."""
    with database.transaction(keep=False) as session:
        query = select(Municipality.id, Municipality.name).order_by(Municipality.id)
        rows = session.execute(query.where(Municipality.name == name) if name else query).all()
    if not rows:
        raise WorkflowError(N_("Такого муниципалитета нет.") if name else N_("Экземпляр пуст: сначала выполните init."))
    if len(rows) > 1:
        raise WorkflowError(
            N_("Муниципалитетов несколько, укажите: %(names)s", names="; ".join(one.name for one in rows))
        )
    return int(rows[0].id)


def keeper(municipality_id: int) -> Actor:
    """Return the operator at the command line: in a fresh instance nobody else could act."""
    roles = frozenset({Role.ADMIN, Role.COORDINATOR, Role.DIRECTOR})
    return Actor(None, municipality_id, roles, Via.COMMAND)


def enter_person(session: Session, municipality_id: int, head: Head, role: Role, position: str = "") -> Person:
    """Enter a person with one role."""
    row = Person(municipality_id=municipality_id, last_name=head.last_name, first_name=head.first_name)
    sheet = p.NewPerson(
        last_name=head.last_name, first_name=head.first_name, middle_name=head.middle_name, email=head.email,
        position=position, role=role.value,
    )  # fmt: skip
    return gate.begin(session, keeper(municipality_id), row, sheet)


def invite(session: Session, person: Person) -> str:
    """Invite a person to an account; return the path of the link. It is told once, and kept only as a digest."""
    gate.perform(session, keeper(person.municipality_id), person, "invite_person", p.Invited(), person.version)
    return f"/take/{tokens.make(session, person, tokens.INVITATION)}"
