"""The rows. Import them from here; the modules beside only divide them by subject."""

from workflow_app.db.models.access import CalendarFeed, RecoveryCode, SecondFactor, Tries
from workflow_app.db.models.base import Base, Belonging, Subject
from workflow_app.db.models.cases import Assignment, AssignmentPlan, Case, CaseFile, CaseVersion, CoAuthor, PanelMember
from workflow_app.db.models.centre import (
    AffinityWeight,
    CalendarOverride,
    CriteriaRow,
    Municipality,
    RequisitesRow,
    TermOverride,
)
from workflow_app.db.models.content import RECORDS, Organization, Record
from workflow_app.db.models.figures import PastWork, Stay
from workflow_app.db.models.imports import ImportRow, ImportTable, ImportWord
from workflow_app.db.models.papers import AttachedSignature, Job, JobItem, Rendition, WordTemplate, new_code
from workflow_app.db.models.people import Absence, Consent, Deputy, ExpertCard, Login, Membership, Person, Token
from workflow_app.db.models.records import (
    AccessLog,
    Checkpoint,
    Counter,
    Document,
    Event,
    EventPayload,
    Lease,
    LetterText,
    LogLeaf,
    Outbox,
    WorkingCopy,
)
from workflow_app.db.models.reminders import LadderRow, Reminder
from workflow_app.db.models.search import FileText, SearchRow
from workflow_app.db.models.standings import Standing, Waiting
from workflow_app.db.models.surveys import SurveyAnswer, SurveyBox, SurveyCode

__all__ = [
    "RECORDS", "Absence", "AccessLog", "AffinityWeight", "Assignment", "AssignmentPlan", "AttachedSignature", "Base", "Belonging",
    "CalendarFeed", "CalendarOverride", "Case", "CaseFile", "CaseVersion",
    "Checkpoint", "CoAuthor", "Consent",
    "Counter", "CriteriaRow", "Deputy", "Document", "Event", "EventPayload", "ExpertCard", "FileText", "ImportRow", "ImportTable",
    "ImportWord", "Job", "JobItem", "LadderRow", "Lease", "LetterText", "LogLeaf", "Login", "Membership",
    "Municipality", "Organization", "Outbox",
    "PanelMember", "PastWork", "Person", "Record", "RecoveryCode", "Reminder", "Rendition", "RequisitesRow", "SearchRow", "SecondFactor",
    "Standing", "Stay", "Subject", "SurveyAnswer", "SurveyBox", "SurveyCode",
    "TermOverride", "Token", "Tries", "Waiting", "WordTemplate", "WorkingCopy", "new_code",
]  # fmt: skip
