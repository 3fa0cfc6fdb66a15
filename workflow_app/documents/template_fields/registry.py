"""The declared fields of users' Word templates, by kind of document, and their values from the material.

The same :class:`~workflow_app.documents.content.snapshot.Material` that a compose function gets goes in; strings and lists of
rows of strings come out, which cross a process border as JSON (ADR 0011).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from workflow_app.documents.content.snapshot import Material, RecordMaterial
from workflow_app.documents.kinds.registry import kind
from workflow_app.documents.template_fields.common import CASE, CENTRE, ISSUE, of_document
from workflow_app.documents.template_fields.derive import group_of
from workflow_app.documents.template_fields.field import Group, Values, plain

__all__ = ["Declared", "Values", "declared", "groups", "values"]


@dataclass(frozen=True, slots=True)
class Declared:
    """The names that a template of one kind may use: single fields, and lists with the names of their rows."""

    fields: frozenset[str]
    lists: Mapping[str, frozenset[str]]


@cache
def groups(key: str) -> tuple[Group, ...]:
    """What may stand in a template of this kind of document, in the order in which it is explained."""
    of_kind = kind(key)
    case = (CASE,) if of_kind.of == "case" else ()
    return (ISSUE, group_of(of_kind), *case, CENTRE, of_document(of_kind.compose))


@cache
def declared(key: str) -> Declared:
    """The names alone."""
    found = groups(key)
    return Declared(
        frozenset(one.name for group in found for one in group.fields),
        {one.name: frozenset(one.columns) for group in found for one in group.lists},
    )


def values(key: str, material: Material | RecordMaterial) -> Values:
    """Every declared field of this kind with its value; a missing part of the material gives empty values.

    Raises Broken when the material lacks what the kind cannot be composed without.
    """
    found: Values = {}
    for group in groups(key):
        for one in group.fields:
            found[one.name] = plain(one.value(material))
        for rows in group.lists:
            found[rows.name] = [{name: plain(words) for name, words in row.items()} for row in rows.rows(material)]
    return found
