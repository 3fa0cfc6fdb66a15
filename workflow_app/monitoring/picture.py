"""The course of an indicator as an SVG: a column for each period, the plan as a mark across it; colours come by class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Final

from workflow_app.pictures import svg

_STEP: Final = 120
_HIGH: Final = 150
_FOOT: Final = 44
_HEAD: Final = 22


@dataclass(frozen=True, slots=True)
class Column:
    """A period: its words, the value (None: no data), the value as people write it, the plan."""

    label: str
    number: Decimal | None
    said: str
    target: Decimal | None = None


def columns(title: str, drawn: Sequence[Column], most: Decimal | None = None) -> str:
    """Return the picture; ``title`` with all numbers is read out instead of it. ``most``: the top of the scale; None: the highest."""
    known = [one for column in drawn for one in (column.number, column.target) if one is not None]
    top = max([*known, most or Decimal(0), Decimal(1)])
    parts = []
    for at, one in enumerate(drawn):
        x = at * _STEP
        tall = float(max(one.number or Decimal(0), Decimal(0)) / top) * _HIGH
        parts.append(f'<rect class="course-room" x="{x + 20}" y="{_HEAD}" width="80" height="{_HIGH}" rx="3"/>')
        if one.number is not None:
            parts.append(
                f'<rect class="course-bar" x="{x + 20}" y="{_HEAD + _HIGH - tall:.1f}" width="80" height="{tall:.1f}" rx="3"/>'
            )
        if one.target is not None:
            y = _HEAD + _HIGH - float(one.target / top) * _HIGH
            parts.append(f'<path class="course-plan" d="M{x + 12} {y:.1f}h96"/>')
        parts.append(f'<text class="course-said" x="{x + 60}" y="{_HEAD - 7}">{escape(one.said)}</text>')
        parts.append(f'<text x="{x + 60}" y="{_HEAD + _HIGH + 20}">{escape(one.label)}</text>')
    said = f"{title}: " + "; ".join(f"{one.label}: {one.said}" for one in drawn)
    wide, high = max(len(drawn), 1) * _STEP, _HEAD + _HIGH + _FOOT
    return svg(f'class="course" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}"', parts, said)
