"""What of a case says who stands where and what waits for whom: read from its rows, without a statement."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Final

from workflow_app import clock
from workflow_app.db.models import Case
from workflow_app.facts import assessment
from workflow_app.matching.conflicts import Conflicts
from workflow_app.states.definitions.case.forms import BY_SCHOOL
from workflow_app.states.vocabulary import Facts

_OPEN: Final = ("invited", "accepted", "in_work", "signed", "consolidated")


def standing_facts(
    case: Case,
    today: date,
    tied: Mapping[int, Conflicts],
    groups: Mapping[int, frozenset[int]],
    ordered: Collection[int],
) -> Facts:
    """Return what of a case's facts says who stands where and what waits for whom, from its rows and ``involvement``."""
    now = [one for one in case.assignments if one.round == case.round]
    by_state = {state: assessment.voters(one for one in now if one.state == state) for state in _OPEN}
    signed = by_state["signed"] | by_state["consolidated"]
    live = signed | by_state["invited"] | by_state["accepted"] | by_state["in_work"]
    return Facts(
        state=case.state, now=clock.now(), today=today, municipality_id=case.municipality_id,
        applicant_id=case.applicant_id,
        co_authors=frozenset(one.person_id for one in case.co_authors if one.person_id is not None),
        organization_id=case.organization_id, on_behalf=case.channel != "web", by_school=case.channel == BY_SCHOOL,
        invited=by_state["invited"],
        accepted=by_state["accepted"], working=by_state["in_work"], signed=signed,
        former=assessment.voters(one for one in case.assignments if one.state not in ("refused", "expired")) - live,
        barred=frozenset(one.expert_id for one in now if one.id in tied),
        liftable=frozenset(one.expert_id for one in now if one.id in tied and not tied[one.id].bars),
        lead_id=case.lead_id, meant_lead_id=case.meant_lead_id, panel=frozenset(one.person_id for one in case.panel),
        group=groups.get(case.id, frozenset()), decline_proposed=case.decline_proposed, circulated=case.circulated,
        in_order=case.id in ordered, undecided=signed - {one.expert_id for one in now if one.common_answer},
        unanswered=signed - {one.expert_id for one in now if one.circulation_answered(case.circulation)},
        verdict=case.common.get("verdict") if case.state == "third_review" else case.verdict,
        composed_by=case.composed_by, circulated_by=case.circulated_by, proposed_by=case.proposed_by,
        appealed=case.appealed, appeal_until=case.appeal_until, appeal_waived=case.appeal_waived,
    )  # fmt: skip
