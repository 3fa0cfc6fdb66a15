"""The bars of one question as an SVG: numbers stand in it, colours come from the page's style sheet by class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from workflow_app.pictures import label, svg

_WIDE, _LINE, _END = 360, 46, 92  # units that are about pixels on a telephone


@dataclass(frozen=True, slots=True)
class Drawn:
    """A bar as it is drawn: the words before it, its part of the whole (0 to 1), the words behind it."""

    label: str
    part: float
    said: str


def bars(title: str, drawn: Sequence[Drawn]) -> str:
    """Return the picture; ``title`` with all numbers is read out instead of it. All bars have one scale: of all who answered."""
    rows, room = [], _WIDE - _END
    for n, one in enumerate(drawn):
        y, wide = n * _LINE, round(room * min(max(one.part, 0.0), 1.0), 1)
        rows.append(
            f'<text x="0" y="{y + 16}">{label(one.label)}</text>'
            f'<rect class="survey-room" x="0" y="{y + 23}" width="{room}" height="14" rx="3"/>'
            f'<rect class="survey-bar" x="0" y="{y + 23}" width="{wide}" height="14" rx="3"/>'
            f'<text x="{room + 10}" y="{y + 35}">{escape(one.said)}</text>'
        )
    said = f"{title}: " + "; ".join(f"{one.label}: {one.said}" for one in drawn)
    return svg(f'viewBox="0 0 {_WIDE} {len(drawn) * _LINE}"', rows, said)
