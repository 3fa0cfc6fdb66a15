"""Reviews of the demo: marks for a criteria sheet and the expert's texts, which say what the marks say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from workflow_app import data
from workflow_app.assessment.criteria import CriteriaSheet, Criterion

_LEVELS: Final = (
    (0.8, "high"),
    (0.6, "good"),
    (0.4, "weak"),
    (0.0, "poor"),
)  # of the share of all points, as the verdicts
_GRADES: Final = ((1.0, "full"), (0.75, "good"), (0.5, "middle"), (0.001, "low"), (0.0, "none"))  # of one criterion
_WORDS: Final = ((0.75, "confirmed"), (0.4, "partly"), (0.0, "not_confirmed"))
TEXTS: Final = ("strengths", "remarks", "conclusions", "recommendations")


@cache
def _known() -> dict[str, Any]:
    known: dict[str, Any] = data.load("demo_reviews")
    return known


def _of(share: float, steps: Sequence[tuple[float, str]]) -> str:
    return next(name for least, name in steps if share >= least)


def _said(criterion: Criterion, grade: str, voice: int) -> str:
    """Return why a criterion was marked so, in the words of one voice of several."""
    wordings = _known()["rationales"][grade]
    indicator = criterion.indicators[voice % len(criterion.indicators)].text
    return str(wordings[voice % len(wordings)]).replace("{i}", indicator)


def marks(sheet: CriteriaSheet, shares: Sequence[float], voice: int = 0) -> dict[str, Any]:
    """Return marks for every criterion; ``shares`` of the maximum are taken in turn (1 is the most)."""
    found: dict[str, Any] = {}
    for number, criterion in enumerate(sheet.criteria):
        share = shares[number % len(shares)]
        if sheet.mode == "words":
            word = _of(share, _WORDS)
            found[criterion.key] = {"word": word, "rationale": _said(criterion, word, voice)}
        else:
            points = {one.key: round(criterion.top * share) for one in criterion.indicators}
            grade = _of(sum(points.values()) / criterion.maximum, _GRADES)
            found[criterion.key] = {"points": points, "rationale": _said(criterion, grade, voice)}
    return found


def level(sheet: CriteriaSheet, made: Mapping[str, Any], verdict: str) -> str:
    """Return the level of marks: what the texts beside them may say."""
    if sheet.mode == "words":
        full = all(one["word"] == "confirmed" for one in made.values())
        return "full" if full and verdict == "conforms" else verdict or "conforms"
    most = sum(one.weight * one.maximum for one in sheet.criteria)
    gained = sum(one.weight * sum(made[one.key]["points"].values()) for one in sheet.criteria)
    return _of(float(gained / most), _LEVELS)


def texts(kind: str, at: str) -> dict[str, str]:
    """Return what is written besides marks in a case of this type at this level, as typed paragraphs."""
    told = _known()[kind][at]
    return {name: told[name] if isinstance(told[name], str) else "\n".join(told[name]) for name in TEXTS}


def review(
    sheet: CriteriaSheet, kind: str, shares: Sequence[float], verdict: str = "", voice: int = 0
) -> dict[str, Any]:
    """Return a whole review of a case of type ``kind``: marks and texts; words mode takes the ``verdict``."""
    made = marks(sheet, shares, voice)
    return {
        "marks": made, "verdict": verdict if sheet.mode == "words" else "", **texts(kind, level(sheet, made, verdict)), "how": "simple",
    }  # fmt: skip


# The verdict of a case as a level of the words: the common conclusion says no more than was found.
_BY_VERDICT: Final = {
    "recommend_publish": "high", "recommend_scale": "high", "recommend_use": "good", "recommend_pilot": "good", "revise": "weak",
    "reject": "poor", "continue": "high", "keep_status": "high", "continue_adjusted": "weak", "refine_plan": "weak",
    "stop": "poor", "end_status": "poor",
}  # fmt: skip


def conclusion(kind: str, verdict: str) -> dict[str, str]:
    """Return the text of the common conclusion of a case whose marks give this verdict."""
    return texts(kind, _BY_VERDICT.get(verdict, verdict))
