"""What a picture of a document shows, and its drawing: rows of bars as a PNG for print.

Plan against fact (:class:`Bar`): each row has its own scale, the plan being one whole, so that percentages, counts and points
stand in one picture: the plan is at one place in all rows, the bar of a fact is as long as its part of the plan. A row without
data or without a plan has no bar and says so. Numbers of one kind (:class:`Pile`): all rows have one scale, the parts of a row
stand behind or beside one another, the legend tells their tones.

Equal rows give equal bytes; the letters come from PT Sans (OFL), which a wheel brings.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final

from workflow_app.pictures import Pile

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
_SEAM: Final = 0.3  # mm between the parts of a bar
_LIGHT, _STOPPED, _BEFORE = "#e3b04b", "#b23a2e", "#97a1a9"
TONES: Final[Mapping[str, str]] = MappingProxyType({
    "work": _BAR, "good": _BAR, "attention": _LIGHT, "overdue": _STOPPED, "stopped": _STOPPED, "before": _BEFORE, "done": _BEFORE,
})  # fmt: skip
"""The colour of a tone; those that may stand in one row differ in lightness, too: many print without colours."""
_DARK: Final = frozenset({_BAR, _STOPPED})


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


Legend = tuple[tuple[str, str], ...]
"""Words and their tones."""


@lru_cache(maxsize=64)
def drawn(bars: tuple[Bar, ...] | tuple[Pile, ...], width: int, legend: Legend = ()) -> tuple[bytes, int]:
    """Return the picture as PNG and its height in mm; ``width`` in mm."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - a server starts without the library

    sheet: _Sheet = _Piles(width, bars, legend) if isinstance(bars[0], Pile) else _Plans(width, bars)
    rows = [(one, list(_broken(one.title, _TRACK - sheet.indent - 3))) for one in bars]
    heights = [max(len(lines) * _LINE, sheet.least) + _GAP for _one, lines in rows]
    high = round(sheet.head + sum(heights) + sheet.foot)
    image = Image.new("RGB", (_dots(width), _dots(high)), "white")
    sheet.pen = ImageDraw.Draw(image)
    sheet.above()
    at = sheet.head
    for (one, lines), tall in zip(rows, heights, strict=True):
        for number, line in enumerate(lines):
            sheet.words(sheet.indent, at + number * _LINE, line)
        sheet.row(one, at, tall - _GAP)
        at += tall
    sheet.below(high - sheet.foot + 2)
    buffer = io.BytesIO()
    flat = image.quantize(_COLOURS, dither=Image.Dither.NONE)
    flat.save(buffer, "PNG", optimize=True, dpi=(DPI, DPI))
    return buffer.getvalue(), high


class _Sheet:
    """A picture ``width`` mm wide that is drawn upon; all places in mm."""

    indent: ClassVar[float] = 0.0  # where the words of a row begin
    least: ClassVar[float] = _THICK  # of a row
    head: ClassVar[float] = 0.0
    foot: float = 0.0
    pen: ImageDraw

    def __init__(self, width: int) -> None:
        self.room = width - _TRACK - _SAID

    def above(self) -> None:
        """Draw what stands over all rows."""

    def row(self, one: Any, y: float, high: float) -> None:
        """Draw a row but for its words."""
        raise NotImplementedError

    def below(self, y: float) -> None:
        """Draw what the marks mean."""

    def words(
        self, x: float, y: float, said: str, *, bold: bool = False, colour: str = _INK, anchor: str = "la"
    ) -> None:
        self.pen.text((_dots(x), _dots(y)), said, fill=colour, font=_font(bold), anchor=anchor)

    def box(self, x: float, y: float, wide: float, high: float, colour: str) -> None:
        edges = (_dots(x), _dots(y), max(_dots(x + wide) - 1, _dots(x)), _dots(y + high) - 1)
        self.pen.rectangle(edges, fill=colour)


class _Plans(_Sheet):
    """Plan against fact; the longest bar is ``top`` plans long."""

    indent = _WORDS
    least = max(_THICK, 2 * _LINE)
    head = _HEAD
    foot = _FOOT

    def __init__(self, width: int, bars: Sequence[Any]) -> None:
        super().__init__(width)
        parts = [one.part for one in bars if one.part is not None]
        self.top = min(max([_LEAST, *parts]), _MOST)
        self.cut = any(part > _MOST for part in parts)
        self.plan = _TRACK + self.room / float(self.top)

    def above(self) -> None:
        self.words(self.plan, 0.4, "план", colour=_GREY, anchor="ma")

    def row(self, one: Bar, y: float, high: float) -> None:
        """A row: its number, the bar, what is said of fact and plan."""
        self.words(_KEY, y, one.key, bold=True)
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

    def below(self, y: float) -> None:
        self.box(_TRACK, y + 0.5, 5, 2.4, _BAR)
        self.words(_TRACK + 6.5, y, "факт")
        self.box(_TRACK + 18, y, 0.5, 3.4, _INK)
        self.words(_TRACK + 20, y, "план показателя")
        if self.cut:
            for at in (46.0, 47.4):
                self.box(_TRACK + at, y + 0.5, 0.7, 2.4, _BAR)
            self.words(_TRACK + 49.5, y, "больше двух планов")


class _Piles(_Sheet):
    """Numbers of one kind on one scale: the longest row fills the room."""

    def __init__(self, width: int, bars: Sequence[Any], legend: Legend) -> None:
        super().__init__(width)
        self.legend = legend
        self.foot = _FOOT if legend else 0.0
        self.scale = self.room / (max(one.length for one in bars) or 1)

    def row(self, one: Pile, y: float, high: float) -> None:
        """A row: the bar and its number; a part behind others that has room for it says its own."""
        top = y + (high - _THICK) / 2
        self.box(_TRACK, top, self.room, _THICK, _ROOM)
        thick = _THICK / len(one.parts) if one.beside else _THICK
        at = _TRACK
        for value, tone in one.parts:
            if wide := value * self.scale:
                self.box(
                    at, top, wide - (0 if one.beside else _SEAM), thick - (_SEAM if one.beside else 0), TONES[tone]
                )
            if not one.beside and len(one.parts) > 1:
                self._number(f"{value:g}", at, wide, top, tone)
            at, top = (at, top + thick) if one.beside else (at + wide, top)
        self.words(_TRACK + self.room + 2, y + high / 2, one.said, bold=True, anchor="lm")

    def _number(self, said: str, at: float, wide: float, y: float, tone: str) -> None:
        if _font(bold=False).getlength(said) < _dots(wide - 1):
            ink = "white" if TONES[tone] in _DARK else _INK
            self.words(at + wide / 2, y + _THICK / 2, said, colour=ink, anchor="mm")

    def below(self, y: float) -> None:
        at = _TRACK
        for words, tone in self.legend:
            self.box(at, y + 0.5, 2.4, 2.4, TONES[tone])
            self.words(at + 4, y, words)
            at += 9 + _font(bold=False).getlength(words) * 25.4 / DPI


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
