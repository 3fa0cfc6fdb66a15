"""The cast: the demo's invented people and organisations, entered into an empty instance through the gate."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from workflow_app import clock, data, gate
from workflow_app.content_types.organization import ORGANIZATION, OrganizationCard
from workflow_app.db.models import Consent, Municipality, Person
from workflow_app.db.seeding import criteria_rows, new_municipality
from workflow_app.db.session import Database
from workflow_app.facts.consent_texts import version_of
from workflow_app.facts.naming import name_of
from workflow_app.facts.record_rows import row_of
from workflow_app.states.definitions import centre as c
from workflow_app.states.definitions import people as p
from workflow_app.states.forms import Nothing
from workflow_app.states.vocabulary import Actor, Role, Via
from workflow_app.wiring import wire

# Whose forms of the name still wait on the screen «Формы имён»; no paper of the demo declines these names.
_UNCONFIRMED = frozenset({"akhmetova", "pavlyuk", "vdovina"})


@dataclass(slots=True)
class Cast:
    """Ids by key; ``logins`` maps a person's key to the login."""

    municipality_id: int
    people: dict[str, int] = field(default_factory=dict)
    organizations: dict[str, int] = field(default_factory=dict)
    logins: dict[str, str] = field(default_factory=dict)


def enter(database: Database, password_hashes: dict[str, str] | None = None) -> Cast:
    """Enter the whole cast. ``password_hashes`` maps a person's key to the hash of their password; without one, no login."""
    wire()
    known = data.load("demo_people")
    home = next(one for one in known["municipalities"] if one["key"] == "home")
    with database.transaction(keep=True) as session:
        municipality = new_municipality(session, home["name"], home["zone"])
        cast = Cast(municipality.id)
        # The command line sets the instance up: the acts are recorded as via = command (decisions.md 34).
        keeper = Actor(None, municipality.id, frozenset({Role.ADMIN, Role.COORDINATOR, Role.DIRECTOR}), Via.COMMAND)
        _centre(session, keeper, municipality, home)
        for one in known["organizations"]:
            cast.organizations[one["key"]] = _organization(session, keeper, municipality.id, one)
        hashes = password_hashes or {}
        for one in known["people"]:
            cast.people[one["key"]] = _person(session, keeper, cast, one, known["programme"], hashes.get(one["key"]))
            cast.logins[one["key"]] = one["key"]
        for one in known["people"]:
            _deputy(session, keeper, cast, one)
    return cast


def _centre(session: Session, actor: Actor, municipality: Municipality, home: dict[str, Any]) -> None:
    sheet = c.Requisites(
        since=date(2024, 1, 1), short_name="МКУ ИМЦ", full_name="Муниципальное казённое учреждение «Информационно-методический центр»",
        municipality_genitive=home["genitive"], city=home["place"], address="624600, Свердловская область, г. Алапаевск",
        phone="8 (34346) 0-00-00", email="imc@example.ru", site="https://imc.example.ru/bank", director_position="director",
        ministry="Министерство образования Свердловской области",
        commission_n="Аттестационная комиссия Министерства образования Свердловской области",
        commission="аттестационной комиссии Министерства образования Свердловской области",
        founder=f"Администрация {home['genitive']}", registration="ИНН 0000000000, ОГРН 0000000000000",
        regulation="Положением о порядке проведения экспертизы и апелляции",
    )  # fmt: skip
    gate.perform(session, actor, municipality, "set_requisites", sheet, municipality.version)
    system = Actor(None, municipality.id, via=Via.SYSTEM)
    for row in criteria_rows(session, municipality.id):
        gate.begin(session, system, row, Nothing())
        gate.perform(session, system, row, "enter_force", Nothing(), None)


def _organization(session: Session, actor: Actor, municipality_id: int, one: dict[str, Any]) -> int:
    sheet = OrganizationCard(
        name=one["name"], short_name=one["short"], genitive=one["genitive"], type=one["type"], teachers=one.get("headcount"),
        outside=one.get("municipality", "home") != "home",
        **{name: one[name] for name in ("head", "head_position", "phone") if name in one},
    )  # fmt: skip
    return gate.begin(session, actor, row_of(ORGANIZATION, municipality_id, sheet), sheet).id


def _person(
    session: Session, actor: Actor, cast: Cast, one: dict[str, Any], programme: str, password_hash: str | None
) -> int:
    last, first, middle = [*one["name"], ""][:3]
    organization_id = cast.organizations[one["organization"]]
    roles = list(one["roles"])
    row = Person(municipality_id=cast.municipality_id, last_name=last, first_name=first)
    sheet = p.NewPerson(
        last_name=last, first_name=first, middle_name=middle, gender=one.get("gender", ""), email=f"{one['key']}@example.ru",
        organization_id=organization_id, position=one.get("position", ""), role=roles[0],
    )  # fmt: skip
    person = gate.begin(session, actor, row, sheet)
    for role in roles[1:]:
        if role != "expert":
            gate.perform(session, actor, person, "grant_role", p.GrantRole(role=role), person.version)
    if "expert" in roles:
        gate.perform(session, actor, person, "enter_register", _entry(one, programme), person.version)
    if one["key"] not in _UNCONFIRMED:
        _forms(session, actor, person)
    if password_hash is not None:
        _account(session, actor, person, one["key"], password_hash)
    _consents(session, person, signs=bool({"expert", "director", "coordinator"} & set(roles)))
    return person.id


def _forms(session: Session, actor: Actor, person: Person) -> None:
    """Confirm the forms of the name as they are: somebody of the centre has looked at them."""
    name = name_of(person)
    sheet = p.ConfirmForms(
        gender=name.gender or "", genitive=name.declined("g"), dative=name.declined("d"), accusative=name.declined("a"),
        instrumental=name.declined("i"),
    )  # fmt: skip
    gate.perform(session, actor, person, "confirm_forms", sheet, person.version)


def _entry(one: dict[str, Any], programme: str) -> p.EnterRegister:
    paper = one.get("pk_document") or {}
    told = f"{programme}: № {paper['number']}, {paper['hours']} ч." if paper else ""
    return p.EnterRegister(
        directions=tuple(one.get("directions", ())), category=str(one.get("category", "")), education=one.get("education", ""),
        training=told[:300], profile=one.get("subject_area", ""), load_limit=5,
    )  # fmt: skip


def _account(session: Session, actor: Actor, person: Person, login: str, password_hash: str) -> None:
    gate.perform(session, actor, person, "invite_person", p.Invited(), person.version)
    own = Actor(person.id, person.municipality_id, via=Via.LINK)
    person.password_hash = password_hash
    gate.perform(session, own, person, "take_account", p.TakeAccount(login=login), person.version)


def _consents(session: Session, person: Person, *, signs: bool) -> None:
    own = Actor(person.id, person.municipality_id, via=Via.COMMAND)
    texts = {"processing": "consent_processing"} | ({"simple_signature": "simple_signature_agreement"} if signs else {})
    for kind, text in texts.items():
        version = version_of(text)
        row = Consent(
            municipality_id=person.municipality_id,
            person_id=person.id,
            consent_kind=kind,
            text_version=version,
            given_at=clock.now(),
        )
        gate.begin(session, own, row, p.GiveConsent(kind=kind, text_version=version, ip=""))


def _deputy(session: Session, actor: Actor, cast: Cast, one: dict[str, Any]) -> None:
    if not one.get("deputy_for"):
        return
    person = session.get_one(Person, cast.people[one["key"]])
    this = clock.now().year
    for year in (this, this + 1):  # an order a year, and none is for longer
        sheet = p.AppointDeputy(
            order=f"приказ от 28.12.{year - 1} № {one['deputy_order']}",
            since=date(year, 1, 1),
            until=date(year, 12, 31),
        )
        gate.perform(session, actor, person, "appoint_deputy", sheet, person.version)
