"""The forecast of a case's present step, for the office: said only when it will probably be late, and by what history."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from workflow_app.facts import stage_history
from workflow_app.features.cases.header import Shown

_TEN = 10


def notice(shown: Shown) -> list[dict[str, Any]]:
    """Return the warning «не успеет» with what it is based on; nothing for who is not of the office."""
    found = stage_history.of_case(shown.session, shown.case) if shown.reading.office else None
    if found is None or not found.fails:
        return []
    base = _(
        "По истории центра: из %(n)s таких шагов половина длилась не больше %(median)s дн., восемь из десяти – не больше %(most)s дн. "
        "Здесь на шаг дано %(allowed)s дн.",
        n=found.n, median=found.median, most=found.most, allowed=found.allowed,
    )  # fmt: skip
    share = _(
        "Из тех, что шли столько же, сколько этот, в такой срок не уложились %(late)s из 10.",
        late=round(found.late * _TEN),
    )
    return [{"tone": "attention", "title": _("Скорее всего, не успеет к сроку"), "text": base, "points": [share]}]
