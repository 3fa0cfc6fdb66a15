"""Reviews of the demo: marks for a criteria sheet and the expert's texts, believable and complete."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workflow_app import data
from workflow_app.states.criteria import CriteriaSheet

_WORDS = {
    "confirmed": "Материалы дела подтверждают показатель: приведены документы и данные за весь период.",
    "partly": "Показатель подтверждён частично: часть данных приведена без источника и без сравнения по годам.",
    "not_confirmed": "Подтверждающих документов по показателю нет, вывод отчёта ни на чём не основан.",
}
_SHARES = {
    "high": "Показатель раскрыт полностью, приведены данные и примеры, на которые можно опереться.",
    "middle": "Показатель раскрыт в основном, отдельные выводы требуют подтверждения.",
    "low": "Показатель раскрыт слабо: нет исходных данных и описания того, как получен результат.",
}


def marks(sheet: CriteriaSheet, shares: Sequence[float]) -> dict[str, Any]:
    """Return marks for every criterion; ``shares`` of the maximum are taken in turn (1 is the most)."""
    found: dict[str, Any] = {}
    for number, criterion in enumerate(sheet.criteria):
        share = shares[number % len(shares)]
        if sheet.mode == "words":
            word = "confirmed" if share >= 0.75 else "partly" if share >= 0.4 else "not_confirmed"  # noqa: PLR2004
            found[criterion.key] = {"word": word, "rationale": _WORDS[word]}
        else:
            points = {one.key: round(criterion.top * share) for one in criterion.indicators}
            level = "high" if share >= 0.8 else "middle" if share >= 0.6 else "low"  # noqa: PLR2004
            found[criterion.key] = {"points": points, "rationale": _SHARES[level]}
    return found


def review(sheet: CriteriaSheet, kind: str, shares: Sequence[float], verdict: str = "") -> dict[str, Any]:
    """Return a whole review of a case of type ``kind``: marks and texts; words mode takes the ``verdict``."""
    known = data.load("phrases")

    def pick(name: str, many: int) -> str:
        fitting = [one["text"] for one in known[name] if kind in one["types"]]
        return "\n".join(f"– {text}." for text in fitting[:many])

    return {
        "marks": marks(sheet, shares),
        "verdict": verdict if sheet.mode == "words" else "",
        "strengths": pick("strengths", 3),
        "remarks": pick("remarks", 2),
        "conclusions": "Материал рассмотрен полностью. Содержание отвечает заявленной цели, выводы опираются на представленные данные.",
        "recommendations": pick("recommendations", 2),
        "how": "simple",
    }
