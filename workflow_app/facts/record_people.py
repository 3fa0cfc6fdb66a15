"""Who stands towards a record by its fields and by those of its living parts: whoever is in a part is in the whole (ADR 25).

A whole may have hundreds of parts: one person is looked up by an index, and all of them are read only where all are wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from workflow_app.content_types.declaration import ContentType
from workflow_app.content_types.registry import parts_of
from workflow_app.db.models import RECORDS, Record
from workflow_app.states.vocabulary import Who

Field = tuple[ContentType, str]


class Named(AbstractSet[int]):
    """Numbers that a record names itself, ``own``, and those in fields of its living parts: asked for when needed, once each."""

    __slots__ = ("_every", "_fields", "_known", "_session", "_whole")

    def __init__(self, session: Session, whole: int, own: frozenset[int], fields: Sequence[Field]) -> None:
        self._session, self._whole, self._fields = session, whole, fields
        self._known: dict[object, bool] = dict.fromkeys(own, True)
        self._every: frozenset[int] | None = None

    @classmethod
    def _from_iterable(cls, it: Iterable[Any]) -> Any:
        return frozenset(it)  # what is made of it is plain

    def __contains__(self, one: object) -> bool:
        if one not in self._known:
            found = (
                one in self._every if self._every is not None else any(self._has(field, one) for field in self._fields)
            )
            self._known[one] = found
        return self._known[one]

    def __iter__(self) -> Iterator[int]:
        if self._every is None:
            own = frozenset(one for one, there in self._known.items() if there and isinstance(one, int))
            self._every = own.union(*(self._read(field) for field in self._fields))
        return iter(self._every)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _has(self, field: Field, one: object) -> bool:
        if _is_list(field):
            return one in self._read(field)
        key = (field[0].key, field[1])
        return self._session.scalar(_whether_named(*key), {"whole": self._whole, "one": one}) is not None

    def _read(self, field: Field) -> frozenset[int]:
        asked = _living(field[0].key, field[1])
        found = [one for one in self._session.scalars(asked, {"whole": self._whole}) if one is not None]
        return frozenset().union(*found) if _is_list(field) else frozenset(found)


@cache  # a statement a field, made once: making it takes longer than asking it
def _living(key: str, name: str) -> Select[Any]:
    model = RECORDS[key]
    return select(getattr(model, name)).where(model.within_id == bindparam("whole"), model.state != "ended")


@cache
def _whether_named(key: str, name: str) -> Select[Any]:
    return _living(key, name).where(getattr(RECORDS[key], name) == bindparam("one")).limit(1)


def _is_list(field: Field) -> bool:
    return field[0].kind_of(field[1]) is tuple


Standing = tuple[Mapping[Who, AbstractSet[int]], AbstractSet[int]]
"""Who stands where, and the schools whose officers do."""


def stands_in(record: Record, session: Session) -> Standing:
    """Return who stands where by the fields of a record and of its parts; those of the parts are read when they are asked for."""

    def both(own: frozenset[int], beneath: Sequence[Field]) -> AbstractSet[int]:
        return Named(session, record.id, own, beneath) if beneath else own

    return _standing(record, both)


def stand_in(session: Session, records: Sequence[Record]) -> dict[int, Standing]:
    """Return the same of many records of one kind by id: a statement for each field of their parts, however many there are."""
    read: dict[tuple[str, str], dict[int, set[int]]] = {}
    ids = [one.id for one in records]

    def beneath_of(field: Field) -> dict[int, set[int]]:
        key = (field[0].key, field[1])
        if key not in read:
            model, found = RECORDS[key[0]], dict[int, set[int]]()
            living = (model.within_id.in_(ids), model.state != "ended")
            for whole, value in session.execute(select(model.within_id, getattr(model, key[1])).where(*living)):
                found.setdefault(whole, set()).update(() if value is None else value if _is_list(field) else (value,))
            read[key] = found
        return read[key]

    def standing(record: Record) -> Standing:
        def both(own: frozenset[int], beneath: Sequence[Field]) -> AbstractSet[int]:
            return own.union(*(beneath_of(one).get(record.id, ()) for one in beneath))

        return _standing(record, both)

    return {one.id: standing(one) for one in records}


def _standing(record: Record, both: Callable[[frozenset[int], Sequence[Field]], AbstractSet[int]]) -> Standing:
    """Return who stands where; ``both`` puts together who is in the record's own fields and in those of its parts."""
    kind = record.content
    parts = parts_of(record.kind) if record.id else ()
    named = {
        who: both(_own(record, [name for name, one in kind.stands.items() if one == who]),
                  [(part, name) for part in parts for name, one in part.stands.items() if one == who])
        for who in dict.fromkeys((*kind.stands.values(), *(one for part in parts for one in part.stands.values())))
    }  # fmt: skip
    schools = [(part, part.school) for part in parts if part.school]
    return named, both(_own(record, [kind.school] * bool(kind.school)), schools)


def _own(record: Record, fields: Iterable[str]) -> frozenset[int]:
    held = [getattr(record, name) for name in fields]
    return frozenset[int]().union(*(one if isinstance(one, list) else () if one is None else (one,) for one in held))


def living_parts(session: Session, record: Record, key: str) -> Sequence[Record]:
    """Return the parts of a kind that a record has, without those that were put away, in the order they were begun."""
    model = RECORDS[key]
    return session.scalars(
        select(model).where(model.within_id == record.id, model.state != "ended").order_by(model.id)
    ).all()
