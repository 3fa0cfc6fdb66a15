"""The kinds of documents that records issue, and every kind there is: a new one is a file beside this and its name here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from workflow_app.documents.kinds.kind import Kind
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.documents.record_kinds import acquaintance_sheet, event_papers
from workflow_app.documents.record_kinds.paper import RecordKind

_ALL: Final = (event_papers.CERTIFICATE, event_papers.REGISTRATION, acquaintance_sheet.KIND)
RECORD_KINDS: Final[Mapping[str, RecordKind]] = MappingProxyType({one.key: one for one in _ALL})
EVERY: Final[Mapping[str, Kind | RecordKind]] = MappingProxyType({**KINDS, **RECORD_KINDS})
"""Of cases and of records: what a document is called, and in which register it is numbered."""
