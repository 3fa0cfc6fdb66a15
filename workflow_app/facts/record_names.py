"""What rows of every kind are called in words, and what those are called that a record refers to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app.db.models import Case, Person, Record
from workflow_app.facts.subjects import KINDS

Names = Mapping[tuple[str, int], str]


def names_of(session: Session, named: Iterable[Record], *only: str) -> Names:
    """Return what the rows refer to, in words, by kind and number: one statement a kind of reference; of ``only`` these fields."""
    asked: dict[str, set[int]] = {}
    for row in named:
        for name, how in row.content.fields.items():
            value = getattr(row, name)
            if how.refers and value is not None and (not only or name in only):
                asked.setdefault(how.refers.partition(":")[0], set()).update(
                    value if isinstance(value, list) else (value,)
                )
    found: dict[tuple[str, int], str] = {}
    for target, ids in asked.items():
        model = KINDS[target]
        if model is Person:  # names alone: a person comes with organisation and roles
            parts = (Person.last_name, Person.first_name, Person.middle_name)
            for id_, *words in session.execute(select(Person.id, *parts).where(Person.id.in_(ids))).all():
                found[target, id_] = " ".join(part for part in words if part)
            continue
        for one in session.scalars(select(model).where(model.id.in_(ids))).unique():
            found[target, one.id] = title_of(one)
    return found


def title_of(row: Any) -> str:
    """Return how a row is named in words, by its own columns."""
    if isinstance(row, Person):
        return row.full_name
    if isinstance(row, Case):
        return f"{row.number}: {row.title}" if row.number else row.title
    return str(getattr(row, row.content.title))


def titles_of(session: Session, rows: Iterable[Record]) -> dict[Record, str]:
    """Return what records are called; one named by what it refers to is called as that."""
    many = list(rows)
    names = names_of(session, many, *{one.content.title for one in many})
    found = {}
    for one in many:
        target = one.content.fields[one.content.title].refers.partition(":")[0]
        found[one] = names.get((target, getattr(one, one.content.title)), "") if target else title_of(one)
    return found


def chosen_words(row: Record, name: str) -> str:
    """Return what stands in a field with a closed list, in words."""
    value, known = getattr(row, name), row.content.fields[name].choices or ()
    return next((str(one.label) for one in known if not isinstance(one, str) and one.value == value), str(value))
