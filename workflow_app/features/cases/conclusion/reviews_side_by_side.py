"""Sheets side by side: what the coordinator consolidates and the director looks through. Only for those who may see the reviews."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from workflow_app.assessment import outcome
from workflow_app.assessment.criteria import WORDS, CriteriaSheet, Criterion, VerdictRule, plain
from workflow_app.assessment.scoring import comma
from workflow_app.db.models import Assignment, Case
from workflow_app.documents.kinds.wording import discrepancy_words, role, third_review_words
from workflow_app.documents.russian.grammar import capitalised
from workflow_app.errors import N_, Sentence
from workflow_app.facts import assessment, document_snapshot

TEXTS = ("strengths", "remarks", "conclusions", "recommendations")
NOT_APPLICABLE = N_("н/п")


@dataclass(frozen=True, slots=True)
class Side:
    """One expert's sheet: the name for the office, the name in the document («Эксперт 1»), whether it counts."""

    assignment: Assignment
    name: str
    label: str
    counts: bool
    verdict: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that the consolidation shows. ``rows`` and ``total`` are those of the macro ``score_table``."""

    sides: tuple[Side, ...]
    words: bool
    rows: tuple[dict[str, Any], ...]
    total: dict[str, Any]
    rule: VerdictRule | None
    given: str  # the verdict that was given, which may deviate from the rule's; "" before it is proposed
    percent: str
    tone: str
    reasons: tuple[Sentence, ...]
    threshold: Sentence | None
    agreement: tuple[str, ...]
    rationales: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]  # criterion, (name, mark, rationale)


def tone_of(rule: VerdictRule | None, sheet: CriteriaSheet) -> str:
    """Return the tone of a verdict: a yes, a refusal, or something between."""
    if rule is None:
        return "attention"
    return "good" if rule.positive else "stopped" if rule == sheet.verdicts[-1] else "attention"


def side_by_side(session: Session, case: Case) -> Comparison:
    """Return the counted sheets of the present round side by side, with the outcome by the rule."""
    sheet, outcome = assessment.sheet_of(session, case), assessment.outcome(session, case)
    found = document_snapshot.consolidated(session, case)
    card = document_snapshot.case_card(session, case)
    kept = {one.id for one in assessment.counting(session, case)}
    sides = tuple(
        Side(one, one.expert.short_name, f"{capitalised(role(card))} {number}", one.id in kept, _verdict(sheet, one))
        for number, one in enumerate(assessment.counted(case), 1)
    )
    wide = assessment.disagreement(session, case)
    rule = sheet.verdict(outcome.verdict_key) if outcome.verdict_key else None
    agreement = [discrepancy_words(card, found.discrepancy)]
    agreement += [third_review_words(card, found.third_review, len(sides))] if found.third_review else []
    return Comparison(
        sides=sides,
        words=sheet.mode == "words",
        rows=tuple(_rows(sheet, sides, outcome, wide.criteria if wide else ())),
        total=_total(sides, outcome),
        rule=rule,
        given=sheet.verdict(case.verdict).text if case.verdict else "",
        percent=f"{comma(outcome.percent)} %" if outcome.percent is not None else "",
        tone=tone_of(rule, sheet),
        reasons=outcome.reasons,
        threshold=_threshold(sheet, rule),
        agreement=tuple(agreement),
        rationales=tuple(_rationales(sheet, sides)),
    )


def _verdict(sheet: CriteriaSheet, one: Assignment) -> str:
    return sheet.verdict(one.verdict).text if one.verdict else ""


def _threshold(sheet: CriteriaSheet, rule: VerdictRule | None) -> Sentence | None:
    if rule is None or sheet.mode == "words":
        return N_("Вывод большинства специалистов.") if rule else None
    return N_("Среднее по учтённым листам. Порог этого вывода: от %(n)s %%.", n=plain(rule.threshold).replace(".", ","))


def _mark(sheet: CriteriaSheet, criterion: Criterion, mark: outcome.Mark) -> str:
    if mark.is_skipped:
        return str(NOT_APPLICABLE)
    return str(WORDS[mark.word]) if sheet.mode == "words" else str(sum(mark.points.values()))


def _marks(side: Side, criterion: Criterion) -> outcome.Mark:
    return assessment.review_of(side.assignment).marks.get(criterion.key, outcome.Mark())


def _rows(
    sheet: CriteriaSheet, sides: Sequence[Side], outcome: outcome.Outcome, wide: Sequence[str]
) -> list[dict[str, Any]]:
    found = []
    for criterion in sheet.criteria:
        marks = [_marks(side, criterion) for side in sides]
        shown = [_mark(sheet, criterion, mark) for mark in marks]
        mean = outcome.criteria[criterion.key].mean
        far = criterion.key in wide
        if sheet.mode == "words":
            spread: str = str(N_("есть") if len(set(shown)) > 1 else N_("нет"))
        else:
            points = [sum(mark.points.values()) for mark in marks if not mark.is_skipped]
            spread = str(max(points) - min(points)) if points else "—"
        found.append({
            "title": criterion.title, "max": criterion.maximum, "points": shown, "mean": comma(mean) if mean is not None else "—",
            "spread": spread, "wide": far,
        })  # fmt: skip
    return found


def _total(sides: Sequence[Side], outcome: outcome.Outcome) -> dict[str, Any]:
    if outcome.percent is None:
        return {"title": str(N_("Вывод специалиста")), "max": "", "points": [one.verdict for one in sides], "mean": ""}
    shares = [one.assignment.percent for one in sides if one.assignment.percent is not None]
    return {
        "title": str(N_("Итого, %")), "max": 100, "points": [comma(one.assignment.percent or 0) for one in sides],
        "mean": comma(outcome.percent), "spread": comma(max(shares) - min(shares)) if shares else "",
    }  # fmt: skip


def _rationales(sheet: CriteriaSheet, sides: Sequence[Side]) -> list[tuple[str, tuple[tuple[str, str, str], ...]]]:
    found = []
    for criterion in sheet.criteria:
        said = []
        for side in sides:
            mark = _marks(side, criterion)
            said.append((side.name, _mark(sheet, criterion, mark), mark.reason if mark.is_skipped else mark.rationale))
        found.append((criterion.title, tuple(said)))
    return found


def merged(sides: Sequence[Side]) -> Mapping[str, str]:
    """Return the texts of the conclusion put together from the experts': labelled, what two of them say alike once."""
    return {name: _merged([(one.label, str(one.assignment.review.get(name) or "")) for one in sides]) for name in TEXTS}


def _merged(texts: Sequence[tuple[str, str]]) -> str:
    parts: list[tuple[str, list[str]]] = []
    seen: set[str] = set()
    for label, text in texts:
        new = [line.strip() for line in text.split("\n") if line.strip() and _bare(line) not in seen]
        seen |= {_bare(line) for line in new}
        if new:
            parts.append((label, new))
    if len(parts) == 1:
        return "\n".join(parts[0][1])
    return "\n\n".join("\n".join([f"{label}:", *lines]) for label, lines in parts)


def _bare(line: str) -> str:
    return line.strip(" .;–-—•\t").casefold()
