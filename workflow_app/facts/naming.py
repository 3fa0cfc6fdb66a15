"""How people, positions, organisations, moments and the centre itself are named in documents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app import data
from workflow_app.db.models import Membership, Municipality, Organization, Person
from workflow_app.db.models.people import FORMS
from workflow_app.documents.content import snapshot as m
from workflow_app.documents.russian.grammar import Organisation, PersonName, Position, moment, within
from workflow_app.errors import Broken
from workflow_app.facts import deadlines

_ZONES = {"Asia/Yekaterinburg": "ЕКБ", "Europe/Moscow": "МСК"}
NOWHERE = Organisation("", "")


@cache
def _positions() -> dict[str, Position]:
    return {
        one["key"]: Position(one["nominative"], one["genitive"], one["dative"], one["accusative"], one["instrumental"])
        for one in data.load("positions")["positions"]
    }


@cache
def subject_areas() -> dict[str, str]:
    """Return the titles of the subject areas by key."""
    return {one["key"]: one["title"] for one in data.load("subject_areas")["areas"]}


def subject_in_a_sentence(key: str) -> str:
    """Return a subject area as it stands behind other words: «начальные классы», «основы безопасности и защиты Родины»."""
    return within(subject_areas().get(key, ""))


def position_of(key: str) -> Position:
    """Return the five stored forms of a position; an unknown one stands unchanged, its oblique forms to be checked."""
    return _positions().get(key) or Position(key, key, key, key, key, stored=False)


def name_of(person: Person) -> PersonName:
    """Return a person's name with the confirmed forms."""
    gender = person.gender if person.gender in ("f", "m") else None
    forms = {case: text for case, text in person.forms.items() if text}
    return PersonName(person.last_name, person.first_name, person.middle_name, gender, forms)  # type: ignore[arg-type]  # the forms' keys are cases


def doubtful(person: Person) -> bool:
    """Whether some form of the name has nobody's confirmation."""
    return lacking(person.forms)


def lacking(forms: Mapping[str, str]) -> bool:
    """Whether some form is missing among the confirmed ones."""
    return not all(forms.get(case) for case in FORMS)


def name_from_text(text: str) -> PersonName:
    """Read «Фамилия Имя Отчество» as typed."""
    parts = [*text.split(), "", ""]
    return PersonName(parts[0], parts[1], " ".join(parts[2:]).strip())


def organisation_of(row: Organization | None) -> Organisation:
    """Return an organisation's two forms."""
    return Organisation(row.name, row.genitive) if row else NOWHERE


def requisites(session: Session, municipality_id: int, on: date) -> dict[str, str]:
    """Return the centre's requisites in force on a day (the earliest known before that)."""
    rows = session.get_one(Municipality, municipality_id).requisites
    if not rows:
        raise Broken("the centre has no requisites yet: run init")
    known = [one for one in rows if one.since <= on] or rows[:1]
    return dict(known[-1].data)


def director_of(session: Session, municipality_id: int) -> Person:
    """Return the municipality's director. None appointed: Broken, no document can be signed."""
    found = session.scalars(
        select(Person).join(Membership, Membership.person_id == Person.id)
        .where(Membership.municipality_id == municipality_id, Membership.role == "director").order_by(Person.id)
    ).first()  # fmt: skip
    if found is None:
        raise Broken("the centre has no director")
    return found


def centre_card(session: Session, municipality_id: int, on: date) -> m.CentreCard:
    """Return the centre as it is named in documents of that day."""
    known = requisites(session, municipality_id, on)
    phone = f"тел. {known['phone']}" if known.get("phone") else ""
    contacts = ", ".join(part for part in (phone, known.get("email"), known.get("site")) if part)
    settings = {
        "contacts": contacts, "commission_d": known.get("commission", ""), "commission_n": known.get("commission_n", ""),
        "founder": known.get("founder", ""),
        "registration": known.get("registration", ""), "regulation_i": known.get("regulation", ""),
    }  # fmt: skip
    return m.CentreCard(
        short=known["short_name"],
        full=known["full_name"],
        director=name_of(director_of(session, municipality_id)),
        director_position=position_of(known["director_position"]),
        city=known["city"],
        municipality=known["municipality_genitive"],
        address=known["address"],
        requisites=tuple(m.Setting(key, value) for key, value in settings.items() if value),
    )


def local_moment(session: Session, municipality_id: int, at: datetime) -> str:
    """Return «23 ноября 2026 г., 14:05 (ЕКБ)»: a UTC moment in the municipality's zone."""
    zone = deadlines.zone_of(session, municipality_id)
    local = at.astimezone(ZoneInfo(zone))
    return moment(local, _ZONES.get(zone) or local.tzname() or zone)
