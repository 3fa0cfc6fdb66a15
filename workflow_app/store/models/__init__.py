"""The rows. Import them from here; the modules beside only divide them by subject."""

from workflow_app.store.models.base import Base, Subject
from workflow_app.store.models.cases import Assignment, Case, CaseFile, CaseVersion, CoAuthor, PanelMember
from workflow_app.store.models.centre import (
    CalendarOverride,
    CriteriaRow,
    Municipality,
    Organization,
    RequisitesRow,
    TermOverride,
)
from workflow_app.store.models.people import Consent, Deputy, ExpertCard, Login, Membership, Person, Token
from workflow_app.store.models.records import (
    AccessLog,
    Counter,
    Document,
    Event,
    EventPayload,
    Lease,
    Outbox,
    WorkingCopy,
)

__all__ = [
    "AccessLog", "Assignment", "Base", "CalendarOverride", "Case", "CaseFile", "CaseVersion", "CoAuthor", "Consent",
    "Counter", "CriteriaRow", "Deputy", "Document", "Event", "EventPayload", "ExpertCard", "Lease", "Login", "Membership",
    "Municipality", "Organization", "Outbox", "PanelMember", "Person", "RequisitesRow", "Subject", "TermOverride",
    "Token", "WorkingCopy",
]  # fmt: skip
