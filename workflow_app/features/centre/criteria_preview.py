"""A criteria sheet as it will stand in the expert's sheet: invented people, the middle of every scale."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from workflow_app.assessment.criteria import CONFIRMED, WORDS, CriteriaSheet
from workflow_app.documents.content.assessment_cards import CriterionRow
from workflow_app.documents.docx.blocks import Document
from workflow_app.documents.kinds.expert_sheet import KIND
from workflow_app.documents.template_fields.sample import sample
from workflow_app.facts import deadlines, naming

_REASON = "Обоснование эксперта."


def paper(session: Session, municipality_id: int, sheet: CriteriaSheet) -> Document:
    """Return the expert's sheet with these criteria."""
    today = deadlines.today(session, municipality_id)
    made: Any = sample(KIND.key, naming.centre_card(session, municipality_id, today), today, rows=1)
    points = sheet.mode == "points"
    rows = tuple(
        CriterionRow(
            at, one.title, tuple(each.text for each in one.indicators), one.maximum, points=one.maximum // 2 if points else None,
            word="" if points else str(WORDS[CONFIRMED]), rationale=_REASON, weight=one.weight,
        )
        for at, one in enumerate(sheet.criteria, 1)
    )  # fmt: skip
    card = replace(made.card, rows=rows, verdict=sheet.verdicts[0].text, favourable=sheet.verdicts[0].positive)
    if points:
        most = sum((one.weight * one.maximum for one in sheet.criteria), Decimal())
        total = sum((one.weight * (one.maximum // 2) for one in sheet.criteria), Decimal())
        card = replace(card, total=total, maximum=most, percent=(100 * total / most).quantize(Decimal("0.1")))
    else:
        card = replace(card, total=None, maximum=None, percent=None)
    case = replace(made.case, criteria_sheet=f"«{sheet.title}», версия {sheet.version}")
    return KIND.compose(replace(made, card=card, case=case))
