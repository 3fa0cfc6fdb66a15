"""The bars of one question as an SVG: numbers stand in it, colours come from the page's style sheet by class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

_WIDE, _LINE, _TEXT, _END = 560, 30, 230, 92
_LETTERS: Final = 31  # that a label has room for


@dataclass(frozen=True, slots=True)
class Drawn:
    """A bar as it is drawn: the words before it, its part of the whole (0 to 1), the words behind it."""

    label: str
    part: float
    said: str


def bars(title: str, drawn: Sequence[Drawn]) -> str:
    """Return the picture; ``title`` with all numbers is read out instead of it. All bars have one scale: of all who answered."""
    rows, room = [], _WIDE - _TEXT - _END
    for n, one in enumerate(drawn):
        y, wide = n * _LINE, max(round(room * min(max(one.part, 0.0), 1.0), 1), 1)
        rows.append(
            f'<text class="bar-label" x="{_TEXT - 10}" y="{y + 20}" text-anchor="end">{escape(_short(one.label))}</text>'
            f'<rect class="bar-room" x="{_TEXT}" y="{y + 5}" width="{room}" height="20" rx="3"/>'
            f'<rect class="bar" x="{_TEXT}" y="{y + 5}" width="{wide}" height="20" rx="3"/>'
            f'<text class="bar-said" x="{_TEXT + room + 10}" y="{y + 20}">{escape(one.said)}</text>'
        )
    said = f"{title}: " + "; ".join(f"{one.label}: {one.said}" for one in drawn)
    return (
        f'<svg viewBox="0 0 {_WIDE} {len(drawn) * _LINE}" role="img" aria-label="{escape(said)}" '
        f'xmlns="http://www.w3.org/2000/svg">{"".join(rows)}</svg>'
    )


def _short(label: str) -> str:
    return label if len(label) <= _LETTERS else f"{label[: _LETTERS - 1].rstrip()}…"
