"""Rows of the directory before they are begun: a double is found before the database refuses it.

``gate.begin`` flushes the row before its effect runs, so what is unique has to be asked here first.
"""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app.db.models import Organization, Person
from workflow_app.errors import N_, Invalid
from workflow_app.states.definitions.centre import OrganizationCard


def plain(name: str) -> str:
    """Return a name as it is compared: case, ``ё``, quotation marks, dots and spaces do not matter."""
    return " ".join(re.findall(r"[\w№-]+", name.casefold().replace("ё", "е")))


def organization_row(session: Session, municipality_id: int, sheet: OrganizationCard) -> Organization:
    """Return the row of a new organisation, not yet begun. Invalid when the directory has one of this name."""
    known = session.scalars(select(Organization.name).where(Organization.municipality_id == municipality_id))
    if plain(sheet.name) in map(plain, known):
        raise Invalid({"name": (N_("Организация с таким наименованием уже есть."),)})
    return Organization(municipality_id=municipality_id, name=sheet.name, genitive=sheet.genitive)


def person_row(municipality_id: int, last_name: str, first_name: str) -> Person:
    """Return the row of a new person, not yet begun; the effect of the sheet fills in the rest."""
    return Person(municipality_id=municipality_id, last_name=last_name, first_name=first_name)
