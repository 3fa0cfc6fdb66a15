"""The list of content types. A new one is a file beside this and its name here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workflow_app.content_types.agreement import AGREEMENT
from workflow_app.content_types.approved_specialist import APPROVED_SPECIALIST
from workflow_app.content_types.association_member import ASSOCIATION_MEMBER
from workflow_app.content_types.body import BODY
from workflow_app.content_types.body_parts import BODY_MEMBERS, BODY_NAMES
from workflow_app.content_types.commission import COMMISSION, COMMISSION_MEMBERS
from workflow_app.content_types.contest_result import CONTEST_RESULT
from workflow_app.content_types.data_answer import DATA_ANSWER
from workflow_app.content_types.data_request import DATA_REQUEST
from workflow_app.content_types.declaration import ContentType, fault_of
from workflow_app.content_types.event import EVENT
from workflow_app.content_types.expert_profile import EXPERT_PROFILE
from workflow_app.content_types.expert_record import EXPERT_RECORD
from workflow_app.content_types.headcount import HEADCOUNT
from workflow_app.content_types.implementation_act import IMPLEMENTATION_ACT
from workflow_app.content_types.indicator_records import INDICATOR_TARGET, INDICATOR_VALUE
from workflow_app.content_types.local_act import ACQUAINTANCE, LOCAL_ACT
from workflow_app.content_types.meeting import MEETING
from workflow_app.content_types.meeting_decision import MEETING_DECISION
from workflow_app.content_types.meeting_parts import AGENDA_ITEM, MEETING_MEMBERS
from workflow_app.content_types.month_order import MONTH_ORDER, ORDERED_CASES
from workflow_app.content_types.office_paper import OFFICE_PAPER, PAPER_ACQUAINTANCE
from workflow_app.content_types.organization import ORGANIZATION
from workflow_app.content_types.plan_item import PLAN_ITEM
from workflow_app.content_types.plan_parts import PLAN_DUTY, PLAN_EVIDENCE
from workflow_app.content_types.product import PRODUCT
from workflow_app.content_types.programme import CHECKLIST_ITEM, PROGRAMME
from workflow_app.content_types.programme_report import PROGRAMME_REPORT
from workflow_app.content_types.publication import PUBLICATION
from workflow_app.content_types.registration import REGISTRATION
from workflow_app.content_types.subproject import SUBPROJECT
from workflow_app.content_types.survey import SURVEY
from workflow_app.errors import Broken

_ALL = (
    PROGRAMME, CHECKLIST_ITEM, INDICATOR_VALUE, INDICATOR_TARGET, PROGRAMME_REPORT, PLAN_ITEM, PLAN_EVIDENCE, PLAN_DUTY,
    SUBPROJECT, ORGANIZATION, EVENT, REGISTRATION, PUBLICATION, AGREEMENT, LOCAL_ACT, ACQUAINTANCE, EXPERT_RECORD, EXPERT_PROFILE,
    DATA_REQUEST, DATA_ANSWER, PRODUCT, IMPLEMENTATION_ACT, CONTEST_RESULT, ASSOCIATION_MEMBER, HEADCOUNT, BODY,
    BODY_MEMBERS, BODY_NAMES, MEETING, AGENDA_ITEM, MEETING_MEMBERS, MEETING_DECISION, OFFICE_PAPER, PAPER_ACQUAINTANCE,
    SURVEY, COMMISSION, COMMISSION_MEMBERS, APPROVED_SPECIALIST, MONTH_ORDER,
    ORDERED_CASES,
)  # fmt: skip
if _found := fault_of(_ALL):
    raise Broken(f"content types: {_found}")
for _one in _ALL:
    if not _one.within:  # a part is reminded of with its whole
        _one.let_remind([part for part in _ALL if part.within == _one.key])
CONTENT_TYPES: Mapping[str, ContentType] = MappingProxyType({one.key: one for one in _ALL})


def parts_of(key: str) -> tuple[ContentType, ...]:
    """Return the kinds that are parts of a kind."""
    return tuple(one for one in _ALL if one.within == key)
