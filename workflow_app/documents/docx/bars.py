"""What a picture of a document shows, and its drawing: plan against fact, a row for each, as a PNG for print.

Each row has its own scale, the plan being one whole, so that percentages, counts and points stand in one picture: the plan is
at one place in all rows, the bar of a fact is as long as its part of the plan. A row without data or without a plan has no bar
and says so. Equal rows give equal bytes; the letters come from PT Sans (OFL), which a wheel brings.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

DPI: Final = 200
_FACES: Final = {False: "PT_Sans-Web-Regular.ttf", True: "PT_Sans-Web-Bold.ttf"}
_TYPE: Final = 8.5  # points
_LINE: Final = 3.6  # mm
_KEY, _WORDS, _TRACK, _SAID = (
    0.0,
    10.0,
    72.0,
    22.0,
)  # mm: number, words, begin of the bars; width of what is said at the right
_THICK: Final = 5.0  # mm of a bar
_GAP: Final = 2.4  # mm between rows
_HEAD, _FOOT = 7.0, 7.0  # mm: the word over the line of the plan; what the marks mean
_MOST: Final = Decimal(2)  # so many plans a bar may be long; a longer one is cut open at its end
_LEAST: Final = Decimal("1.15")
_INK, _GREY, _ROOM, _BAR = "#1d2830", "#4d5861", "#e4e8ea", "#0b5a52"
_COLOURS: Final = 32


@dataclass(frozen=True, slots=True)
class Bar:
    """A row: its number and words, plan and fact as numbers (None: there is none) and as people write them."""

    key: str
    title: str
    plan: Decimal | None
    fact: Decimal | None
    said_plan: str
    said_fact: str

    @property
    def part(self) -> Decimal | None:
        """Return the fact as a part of the plan, never below nought; None: nothing can be drawn."""
        if self.fact is None or not self.plan or self.plan < 0:
            return None
        return max(self.fact / self.plan, Decimal(0))


@lru_cache(maxsize=32)
def drawn(bars: tuple[Bar, ...], width: int) -> tuple[bytes, int]:
    """Return the picture as PNG and its height in mm; ``width`` in mm."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - a server starts without the library

    rows = [(one, list(_broken(one.title, _TRACK - _WORDS - 3))) for one in bars]
    heights = [max(len(lines) * _LINE, _THICK, 2 * _LINE) + _GAP for _one, lines in rows]
    high = round(_HEAD + sum(heights) + _FOOT)
    image = Image.new("RGB", (_dots(width), _dots(high)), "white")
    sheet = _Sheet(ImageDraw.Draw(image), width, _top(bars))
    sheet.words(sheet.plan, 0.4, "план", colour=_GREY, anchor="ma")
    at = _HEAD
    for (one, lines), tall in zip(rows, heights, strict=True):
        sheet.row(one, lines, at, tall - _GAP)
        at += tall
    sheet.foot(high - _FOOT + 2, cut=any(one.part is not None and one.part > _MOST for one in bars))
    buffer = io.BytesIO()
    flat = image.quantize(_COLOURS, dither=Image.Dither.NONE)
    flat.save(buffer, "PNG", optimize=True, dpi=(DPI, DPI))
    return buffer.getvalue(), high


def _top(bars: Sequence[Bar]) -> Decimal:
    """Return how many plans the room of a bar is wide."""
    return min(max([_LEAST, *(one.part for one in bars if one.part is not None)]), _MOST)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Draws on a picture ``width`` mm wide whose bars have room for ``top`` plans; all places in mm."""

    pen: ImageDraw
    width: int
    top: Decimal

    @property
    def room(self) -> float:
        return self.width - _TRACK - _SAID

    @property
    def plan(self) -> float:
        return _TRACK + self.room / float(self.top)

    def words(
        self, x: float, y: float, said: str, *, bold: bool = False, colour: str = _INK, anchor: str = "la"
    ) -> None:
        self.pen.text((_dots(x), _dots(y)), said, fill=colour, font=_font(bold), anchor=anchor)

    def box(self, x: float, y: float, wide: float, high: float, colour: str) -> None:
        edges = (_dots(x), _dots(y), max(_dots(x + wide) - 1, _dots(x)), _dots(y + high) - 1)
        self.pen.rectangle(edges, fill=colour)

    def row(self, one: Bar, lines: Sequence[str], y: float, high: float) -> None:
        """A row: number and words, the bar, what is said of fact and plan."""
        self.words(_KEY, y, one.key, bold=True)
        for at, line in enumerate(lines):
            self.words(_WORDS, y + at * _LINE, line)
        middle = y + (high - _THICK) / 2
        if one.part is None:
            why = (
                one.said_fact if one.fact is None else "план равен нулю" if one.plan is not None else "план не назначен"
            )
            self.words(_TRACK, middle + 0.6, why, colour=_GREY)
        else:
            self.box(self.plan - 0.1, y - _GAP, 0.2, high + _GAP, _GREY)
            self._bar(one.part, middle)
        x = _TRACK + self.room + 2
        if one.fact is not None:
            self.words(x, y + high / 2 - _LINE, one.said_fact, bold=True)
        if one.plan is not None:
            self.words(x, y + high / 2, f"план {one.said_plan}", colour=_GREY)

    def _bar(self, part: Decimal, y: float) -> None:
        self.box(_TRACK, y, self.room, _THICK, _ROOM)
        long = self.room * float(min(part, self.top) / self.top)
        if long > 0:
            self.box(_TRACK, y, long, _THICK, _BAR)
        if part > self.top:  # cut open: it goes on beyond the picture
            for gap in (5.0, 3.4):
                self.box(_TRACK + self.room - gap, y, 0.7, _THICK, "white")
        self.box(self.plan - 0.25, y - 0.6, 0.5, _THICK + 1.2, _INK)

    def foot(self, y: float, *, cut: bool) -> None:
        """What the marks mean; ``cut``: whether a bar is cut open."""
        self.box(_TRACK, y + 0.5, 5, 2.4, _BAR)
        self.words(_TRACK + 6.5, y, "факт")
        self.box(_TRACK + 18, y, 0.5, 3.4, _INK)
        self.words(_TRACK + 20, y, "план показателя")
        if cut:
            for at in (46.0, 47.4):
                self.box(_TRACK + at, y + 0.5, 0.7, 2.4, _BAR)
            self.words(_TRACK + 49.5, y, "больше двух планов")


def _dots(millimetres: float) -> int:
    return round(millimetres * DPI / 25.4)


@cache
def _font(bold: bool) -> Any:  # noqa: FBT001 - a key of the cache
    from PIL import ImageFont  # noqa: PLC0415 - see drawn

    face = files("fontpkg_pt_sans").joinpath("files", _FACES[bold])
    with face.open("rb") as file:
        letters = io.BytesIO(file.read())
    return ImageFont.truetype(letters, round(_TYPE * DPI / 72), layout_engine=ImageFont.Layout.BASIC)


def _broken(words: str, width: float) -> Iterator[str]:
    """Yield the lines of a text that is so many mm wide; a word is never cut."""
    line = ""
    for word in words.split():
        longer = f"{line} {word}".strip()
        if line and _font(bold=False).getlength(longer) > _dots(width):
            yield line
            line = word
        else:
            line = longer
    if line:
        yield line
