"""From rows to the pure judgement: the pinned criteria sheet, the counted reviews, their outcome and discrepancy."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from workflow_app.assessment import outcome as judgement
from workflow_app.assessment.criteria import CriteriaSheet, from_data
from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Assignment, Case, CriteriaRow
from workflow_app.errors import Broken

COUNTED = ("signed", "consolidated")


def sheet_of(session: Session, case: Case) -> CriteriaSheet:
    """Return the criteria sheet that the case is pinned to (R27), in the case's mode."""
    if case.criteria_id is None:
        raise Broken(f"case {case.id} has no criteria sheet yet")
    row = session.get_one(CriteriaRow, case.criteria_id)
    return from_data(row.data).in_mode("words" if case.criteria_mode == "words" else "points")


def marks_of(review: dict[str, object]) -> judgement.Marks:
    """Return the marks of a stored or a typed review."""
    marks = review.get("marks")
    if not isinstance(marks, dict):
        return {}
    return {key: judgement.Mark.from_data(_whole(one)) for key, one in marks.items() if isinstance(one, dict)}


def _whole(mark: dict[str, object]) -> dict[str, object]:
    points = mark.get("points")
    return {
        "points": points if isinstance(points, dict) else {},
        "word": mark.get("word") or "",
        "not_applicable": bool(mark.get("not_applicable")),
        "reason": mark.get("reason") or "",
        "rationale": mark.get("rationale") or "",
    }


def review_of(assignment: Assignment) -> judgement.Review:
    """Return an assignment's signed review in the terms of the judgement."""
    verdict = assignment.review.get("verdict") or None
    return judgement.Review(str(assignment.expert_id), marks_of(assignment.review), verdict)


def counted(case: Case) -> list[Assignment]:
    """Return this round's signed, not voided assignments (R23)."""
    return [one for one in case.assignments if one.round == case.round and one.state in COUNTED]


def disagreement(session: Session, case: Case) -> judgement.Discrepancy | None:
    """Return the discrepancy between the first sheets of the round, computed when all of them are signed (R26)."""
    first = [one for one in counted(case) if not one.added]
    if len(first) < 2:  # noqa: PLR2004 - a difference takes two
        return None
    return judgement.discrepancy(sheet_of(session, case), [review_of(one) for one in first])


def counting(session: Session, case: Case) -> list[Assignment]:
    """Return the assignments whose sheets count: after a third review, those that the policy keeps (decisions.md 19)."""
    everyone = counted(case)
    added = next((one for one in everyone if one.added), None)
    if added is None:
        return everyone
    earlier = [one for one in everyone if not one.added]
    policy = case_type(case.type).policy.resolution
    if policy not in ("mean_of_two_closest", "third_is_final", "mean_all"):
        raise Broken(f"unknown resolution {policy!r}")
    kept = judgement.counted(sheet_of(session, case), [review_of(one) for one in earlier], review_of(added), policy)  # type: ignore[arg-type]  # checked above
    keys = {one.expert for one in kept}
    return [one for one in everyone if str(one.expert_id) in keys]


def outcome(session: Session, case: Case) -> judgement.Outcome:
    """Return the case's outcome by the rule; a signed common result replaces the majority (decisions.md 19)."""
    common = case.common.get("verdict") if case.common.get("signed") else None
    reviews = [review_of(one) for one in counting(session, case)]
    return judgement.combine(sheet_of(session, case), reviews, common)


def own(session: Session, case: Case, assignment: Assignment) -> tuple[object, str]:
    """Return (percent or None, verdict key) of one review."""
    sheet, review = sheet_of(session, case), review_of(assignment)
    percent = judgement.percent(sheet, review.marks) if sheet.mode == "points" else None
    return percent, judgement.own_verdict(sheet, review)


def voters(rows: Iterable[Assignment]) -> frozenset[int]:
    """Return the experts of assignments, as person ids."""
    return frozenset(one.expert_id for one in rows)
