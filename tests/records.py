"""Rows of every content type made at random, as the policy can meet them."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from workflow_app.content_types.behaviors import Published
from workflow_app.content_types.declaration import ContentType
from workflow_app.content_types.registry import CONTENT_TYPES, parts_of
from workflow_app.db.models import RECORDS, Record

FROM = date(2026, 1, 1)


def value(kind: ContentType, name: str, chance: random.Random, ids: dict[str, list[int]]) -> Any:
    """What a field of a kind may hold."""
    how, held = kind.fields[name], kind.kind_of(name)
    if kind.is_optional(name) and chance.random() < 0.3:
        return None
    if how.refers:
        found = ids.get(how.refers.partition(":")[0], [])
        if not found and kind.is_optional(name):  # nothing of that kind is there to be named
            return None
        return chance.choice(found) if held is int else chance.sample(found, 2)
    if isinstance(how.choices, tuple):
        one = chance.choice(how.choices).value
        return one if held is str else [one]
    made: dict[type, Any] = {
        str: f"Слово {chance.randrange(10**6)}", int: int(how.least or 0) + chance.randrange(5), bool: chance.random() < 0.5,
        Decimal: Decimal(chance.randrange(100)),
        date: FROM + timedelta(days=chance.randrange(500)), tuple: [],
    }  # fmt: skip
    return made[held]


def scattered(
    chance: random.Random, places: list[int], ids: dict[str, list[int]], many: int = 12
) -> Iterator[list[Record]]:
    """Yield rows of each whole kind in random states; the caller flushes each lot, and its parts come next."""
    for kind in CONTENT_TYPES.values():
        if kind.within:
            continue
        lot = [row(kind, chance, chance.choice(places), ids) for _ in range(many)]
        yield lot
        ids[kind.key] = ids.get(kind.key, []) + [one.id for one in lot]  # organisations are there already, with people
        for part in parts_of(kind.key):
            pieces = [row(part, chance, one.municipality_id, ids) for one in lot for _ in range(2)]
            for number, one in enumerate(pieces):
                one.within_id = lot[number // 2].id
            yield pieces


def row(kind: ContentType, chance: random.Random, municipality_id: int, ids: dict[str, list[int]]) -> Record:
    """A row of a kind, not yet added."""
    made = RECORDS[kind.key](municipality_id=municipality_id)
    made.state, made.version = chance.choice(list(kind.workflow.states)), 1
    if kind.behavior(Published):
        made.published = chance.random() < 0.5
    for name in kind.fields:
        setattr(made, name, value(kind, name, chance, ids))
    return made
