"""The list of case types. A new one is a file beside this and its name here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workflow_app.case_types.attestation_portfolio import ATTESTATION
from workflow_app.case_types.base import CaseType
from workflow_app.case_types.innovation_product import INNOVATION
from workflow_app.case_types.methodical_material import MATERIAL
from workflow_app.errors import Broken

CASE_TYPES: Mapping[str, CaseType] = MappingProxyType({one.key: one for one in (ATTESTATION, MATERIAL, INNOVATION)})


def case_type(key: str) -> CaseType:
    """Return a case type by key, or raise Broken."""
    if key not in CASE_TYPES:
        raise Broken(f"unknown case type {key!r}")
    return CASE_TYPES[key]
