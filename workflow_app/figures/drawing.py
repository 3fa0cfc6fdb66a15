"""Bars as an SVG: every bar of a picture has one scale, numbers stand beside them, colours come by class from the style sheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any, Final

from workflow_app.pictures import Pile, label, svg

_WIDE, _END = 360, 72  # units that are about pixels on a telephone; room for what is said
_LINE: Final = 40
_THIN: Final = 9


def bars(title: str, drawn: Sequence[Pile], say: Callable[[Any], str]) -> str:
    """Return the picture; ``title`` with all that is said is read out instead of it. ``say`` gives the words of a sentence."""
    top = max([one.length for one in drawn], default=0) or 1
    room, rows = _WIDE - _END, []
    for number, one in enumerate(drawn):
        y = number * _LINE
        rows.append(f'<text x="0" y="{y + 13}">{label(say(one.title))}</text>')
        rows.append(f'<rect class="bar-room" x="0" y="{y + 19}" width="{room}" height="{_LINE - 22}" rx="2"/>')
        at = 0.0
        for place, (value, tone) in enumerate(one.parts):
            wide = round(room * value / top, 1)
            high, down = (_THIN, place * _THIN) if one.beside else (_LINE - 22, 0)
            if wide:
                rows.append(
                    f'<rect class="bar-part is-{tone}" x="{0 if one.beside else round(at, 1)}" y="{y + 19 + down}" width="{wide}" '
                    f'height="{high}" rx="2"/>'
                )
            at += wide
        rows.append(f'<text class="bar-said" x="{room + 8}" y="{y + 33}">{escape(say(one.said))}</text>')
    measures = f'class="bars" viewBox="0 0 {_WIDE} {max(len(drawn), 1) * _LINE}"'
    return svg(measures, rows, spoken(title, drawn, say))


def spoken(title: str, drawn: Sequence[Pile], say: Callable[[Any], str]) -> str:
    """Return in words what a picture shows, wherever it is drawn."""
    return f"{title}. " + "; ".join(f"{say(one.title)}: {say(one.said)}" for one in drawn)
