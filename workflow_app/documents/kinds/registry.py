"""The register of document kinds, of cases and of records alike: a new one is a file beside this and its name here.

A transition's ``issues`` names its key.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from workflow_app.documents.kinds import (
    acquaintance_sheet,
    appeal_decision,
    appeal_notice,
    body_plan,
    completion_act,
    consolidated_conclusion,
    covering_letter,
    event_announcement,
    event_papers,
    expert_conclusion,
    expert_sheet,
    meeting_papers,
    month_orders,
    office_papers,
    order,
    programme_report,
    protocol,
    refusal_notice,
    term_notice,
)
from workflow_app.documents.kinds.kind import Kind
from workflow_app.errors import Broken
from workflow_app.states.vocabulary import Permission

_ALL: Final = (
    expert_sheet.KIND, expert_conclusion.KIND, consolidated_conclusion.KIND, order.KIND, covering_letter.KIND, term_notice.KIND,
    appeal_decision.KIND, refusal_notice.KIND, appeal_notice.KIND, completion_act.KIND, protocol.KIND, protocol.OF_APPEAL,
    programme_report.KIND,
    event_papers.CERTIFICATE, event_papers.REGISTRATION, event_announcement.LETTER,
    event_announcement.ORDER, acquaintance_sheet.KIND,
    meeting_papers.PROTOCOL, meeting_papers.EXTRACT, office_papers.ORDER, office_papers.LETTER, office_papers.COMPOSITION,
    body_plan.KIND, month_orders.COMMISSIONS_ORDER, month_orders.CONCLUSIONS_ORDER,
)  # fmt: skip
KINDS: Final[Mapping[str, Kind]] = MappingProxyType({one.key: one for one in _ALL})

TO_APPLICANT: Final = tuple(one.key for one in _ALL if one.reader == "applicant")
"""Papers written to the applicant, there before any conclusion and whatever state the case is in: experts do not read them."""
OF_PANEL: Final = tuple(one.key for one in _ALL if one.reader == "panel")
"""What the panel said among itself: neither the applicant nor the experts whom it judged read it, the decision tells them enough."""
OF_EXPERT: Final = tuple(one.key for one in _ALL if one.signer == "expert")
"""An expert's own papers, which belong to an assignment."""


def kind(key: str) -> Kind:
    """The kind of this key; an unknown key is a Broken."""
    if key not in KINDS:
        raise Broken(f"unknown kind of document: {key!r}")
    return KINDS[key]


def permission_of(document_kind: str, *, of_expert: bool) -> Permission:
    """Return what reading a document of a case needs; ``of_expert``: it is an expert's signed sheet."""
    if document_kind in TO_APPLICANT:
        return Permission.SEE_LETTERS
    if document_kind in OF_PANEL:
        return Permission.SEE_MINUTES
    return Permission.SEE_REVIEWS if of_expert else Permission.SEE_CONCLUSION
