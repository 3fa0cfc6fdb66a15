"""How names of the directory are compared, and the row of a person before it is begun."""

from __future__ import annotations

import re

from workflow_app.db.models import Person


def plain(name: str) -> str:
    """Return a name as it is compared: case, ``ё``, quotation marks, dots and spaces do not matter."""
    return " ".join(re.findall(r"[\w№-]+", name.casefold().replace("ё", "е")))


def person_row(municipality_id: int, last_name: str, first_name: str) -> Person:
    """Return the row of a new person, not yet begun; the effect of the sheet fills in the rest."""
    return Person(municipality_id=municipality_id, last_name=last_name, first_name=first_name)
