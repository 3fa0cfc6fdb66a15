"""What pictures of numbers are made of, whichever room draws them: rows of bars, and the frame of an SVG. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any, Final

_LETTERS: Final = 46  # that the words of a bar have room for


@dataclass(frozen=True, slots=True)
class Pile:
    """A row of numbers of one kind: its words (a Sentence or text), its parts with their tones, behind or ``beside`` one another.

    ``said``: the number as written.
    """

    title: Any
    parts: tuple[tuple[float, str], ...]
    said: Any
    beside: bool = False

    @property
    def length(self) -> float:
        """How long it is on the scale of all."""
        values = [value for value, _tone in self.parts]
        return max(values, default=0) if self.beside else sum(values)


def svg(about: str, inside: Iterable[str], said: str) -> str:
    """Return an SVG: its class and measures, what is drawn, what is read out instead of it; nothing: it is for the eye alone."""
    told = f'role="img" aria-label="{escape(said)}"' if said else 'aria-hidden="true"'
    return f'<svg {about} {told} xmlns="http://www.w3.org/2000/svg">{"".join(inside)}</svg>'


def label(words: str) -> str:
    """Return the words of a bar as they have room over it, escaped."""
    return escape(words if len(words) <= _LETTERS else f"{words[: _LETTERS - 1].rstrip()}…")
