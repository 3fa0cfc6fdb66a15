"""Judgement: what experts' marks are worth, where they differ, and what comes out of a case. Pure and exact.

Three rooms: ``marks`` (what one expert says and whether it may be signed), ``scoring`` (per cents, verdicts, the
outcome), ``discrepancy`` (too great differences and their settlement).
The rules are R20 to R26 and decisions.md 16 to 20.
"""

from workflow_app.assessment.discrepancy import Discrepancy, Limits, Policy, counted, discrepancy, settle
from workflow_app.assessment.marks import Mark, Marks, Review, problems, score
from workflow_app.assessment.scoring import CriterionOutcome, Outcome, combine, own_verdict, percent, verdict

__all__ = [
    "CriterionOutcome",
    "Discrepancy",
    "Limits",
    "Mark",
    "Marks",
    "Outcome",
    "Policy",
    "Review",
    "combine",
    "counted",
    "discrepancy",
    "own_verdict",
    "percent",
    "problems",
    "score",
    "settle",
    "verdict",
]
