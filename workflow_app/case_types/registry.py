"""The case types: every folder beside this one that declares a ``TYPE``, in the order of their letters in domain.md 4."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from workflow_app import case_types
from workflow_app.assessment.criteria import CriteriaSheet
from workflow_app.case_types.declaration import CaseType
from workflow_app.errors import Broken


def _found() -> Iterator[CaseType]:
    for folder in iter_modules(case_types.__path__):
        if folder.ispkg:
            one = getattr(import_module(f"{case_types.__name__}.{folder.name}"), "TYPE", None)
            if not isinstance(one, CaseType) or one.key != folder.name:
                raise Broken(f"the folder case_types/{folder.name} declares no TYPE of the key {folder.name!r}")
            yield one


CASE_TYPES: Mapping[str, CaseType] = MappingProxyType(
    {one.key: one for one in sorted(_found(), key=lambda one: one.place)}
)


def case_type(key: str) -> CaseType:
    """Return a case type by key, or raise Broken."""
    if key not in CASE_TYPES:
        raise Broken(f"unknown case type {key!r}")
    return CASE_TYPES[key]


def seed_sheets() -> Mapping[str, CriteriaSheet]:
    """Return the criteria sheets of all types by key: version 1 of a new centre."""
    return {key: sheet for kind in CASE_TYPES.values() for key, sheet in kind.sheets.items()}
