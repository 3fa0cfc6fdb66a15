"""R51 by itself: what the approved roster says of a candidate on a day."""

from dataclasses import replace
from datetime import date

import pytest

from workflow_app.content_types.approved_specialist import ApprovedSpecialist
from workflow_app.content_types.behaviors import Sole
from workflow_app.content_types.commission import Commission
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.matching.conflicts import Approval, Candidate, Examined, find

ACT = "Приказ от 12.01.2026 № 15-Д"
WHO = Candidate(
    person_id=7, organization_id=1, outside=False, load=0, load_limit=5, recent=0, reviewed_before=False, declared=False, trained=True
)  # fmt: skip
CASE = Examined(frozenset({1}), frozenset({2}), "", may_lift=False, wants_training=True, approved_on=date(2026, 3, 2))
TERM = Approval(ACT, "учитель", date(2026, 1, 12), date(2026, 3, 2))


def bars(approval, case=CASE):
    return [str(one) for one in find(replace(WHO, approval=approval), case).bars]


@pytest.mark.parametrize(
    ("approval", "said"),
    [
        (None, "Не входит в утверждённый состав специалистов."),
        (replace(TERM, until=date(2026, 3, 1)), f"Срок в составе специалистов истёк 01.03.2026: {ACT}."),
        (replace(TERM, since=date(2026, 3, 3), until=None), f"В составе специалистов только с 03.03.2026: {ACT}."),
    ],
)
def test_r51_who_is_not_in_the_roster_that_day_is_barred_with_the_act(approval, said):
    assert bars(approval) == [said]


def test_the_last_day_counts_and_a_roster_without_an_end_holds():
    assert bars(TERM) == []
    assert bars(replace(TERM, until=None)) == []


def test_where_no_roster_is_asked_for_nobody_is_barred():
    assert bars(None, replace(CASE, approved_on=None)) == []


def test_what_is_sole_is_a_text_that_may_be_missing():
    assert list(Sole("once").faults(CONTENT_TYPES["ordered_case"])) == []
    for kind, name in (("ordered_case", "case_id"), ("month_order", "title"), ("month_order", "nothing")):
        assert len(list(Sole(name).faults(CONTENT_TYPES[kind]))) == 1


@pytest.mark.parametrize(("sheet", "more"), [(ApprovedSpecialist, {"person_id": 1, "act": "Приказ", "paper": "1", "on": date(2026, 1, 12)}),
                                             (Commission, {"name": "Комиссия № 1", "since": date(2026, 1, 12)})])  # fmt: skip
def test_a_term_does_not_end_before_it_begins(sheet, more):
    assert sheet(**more, until=date(2026, 1, 11)).problems().keys() == {"until"}
    assert sheet(**more, until=date(2026, 1, 12)).problems() == {}
