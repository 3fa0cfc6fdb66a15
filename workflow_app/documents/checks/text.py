"""Paragraphs as ``check`` sees them: words, style, and what holds for them after styles and defaults are counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from workflow_app.documents.checks.package import Package, Style, W, number, on, value

SMALL_STYLES: Final = frozenset({"примечание", "отметка об электронной подписи", "footer"})
MARK: Final = "отметка об электронной подписи"
STAMP: Final = "гриф утверждения"

_SHOWN: Final = 40  # letters of a paragraph that a place quotes
_SIGNS: Final = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_EMPTY: Final = Element("none")
_THINGS: Final = tuple(f"{W}{name}" for name in ("drawing", "pict", "object", "fldSimple", "instrText"))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of one part.

    ``at`` counts from one in its part; ``obliged`` means that the format demands a paragraph here even without text:
    the only one of a cell, the one after a table that ends a cell or the body. ``last`` ends the body. ``runs`` come
    with their words: a tab, a line break and a hyphen as the signs that they are; no text of fields. ``style`` is the
    default one where none is named.
    """

    package: Package
    part: str
    at: int
    element: Element
    style: Style
    runs: tuple[tuple[Element, str], ...]
    text: str
    in_table: bool
    obliged: bool
    last: bool

    @property
    def place(self) -> str:
        """Where it is, for a finding."""
        words = " ".join(self.text.split())
        cut = f"{words[:_SHOWN]}…" if len(words) > _SHOWN else words
        return f"{self.part}, абзац {self.at}" + (f": «{cut}»" if cut else "")

    @property
    def bare(self) -> bool:
        """Whether nothing is seen in it: no word, no picture, no field, no break of a page or section."""
        breaks = any(value(one, "type") == "page" for one in self.element.iter(f"{W}br"))
        section = self.element.find(f"{W}pPr/{W}sectPr") is not None
        return not (self.text.strip() or breaks or section or any(True for one in self.element.iter() if _thing(one)))

    @property
    def small(self) -> bool:
        """Whether it is set in small type: notes, marks, what stands at the foot."""
        return self.style.name in SMALL_STYLES

    @property
    def _own(self) -> Element:
        found = self.element.find(f"{W}pPr")
        return _EMPTY if found is None else found

    def has(self, tag: str) -> bool:
        """Whether a property of the kind yes or no holds: the paragraph's own word, else the nearest style's."""
        return on(next((one for one in self.layers(tag)), None))

    def said(self, tag: str, *names: str) -> str:
        """An attribute of a property from the nearest layer that says it, empty when none does."""
        return next((word for layer in self.layers(tag) for name in names if (word := value(layer, name))), "")

    def layers(self, tag: str) -> Iterator[Element]:
        """A property from the paragraph to the document's defaults, wherever it stands."""
        yield from layers(self.package, self._own, self.style, f"{W}pPr", tag)

    def size(self, run: Element) -> int | None:
        """Half-points of a run's type."""
        own = run.find(f"{W}rPr")
        own = _EMPTY if own is None else own
        for style in (self.package.style(value(own.find(f"{W}rStyle")), "character"), self.style):
            for layer in layers(self.package, own, style, f"{W}rPr", "sz", defaults=style is self.style):
                return number(layer)
        return None

    def bold(self, run: Element) -> bool:
        """Whether a run is in bold."""
        own = run.find(f"{W}rPr")
        found = layers(self.package, _EMPTY if own is None else own, self.style, f"{W}rPr", "b")
        return on(next(found, None))


def layers(
    package: Package, own: Element, style: Style, group: str, tag: str, *, defaults: bool = True
) -> Iterator[Element]:
    """The elements ``tag`` in a paragraph's or run's own properties, in its style's chain, in the defaults."""
    found = [own.find(f"{W}{tag}"), *(one.find(f"{group}/{W}{tag}") for one in style.chain)]
    if defaults:
        found.append(package.defaults.find(f"{group}Default/{group}/{W}{tag}"))
    yield from (one for one in found if one is not None)


def paragraphs(package: Package) -> tuple[Paragraph, ...]:
    """Those of the body in order, in cells and text boxes too."""
    return _of(package, package.main, package.body)


def all_paragraphs(package: Package) -> Iterator[Paragraph]:
    """Those of every part."""
    for part, root in package.texts():
        yield from _of(package, part, root)


def _of(package: Package, part: str, root: Element) -> tuple[Paragraph, ...]:
    if part not in package.memory:
        package.memory[part] = tuple(_read(package, part, root))
    found: tuple[Paragraph, ...] = package.memory[part]
    return found


def _read(package: Package, part: str, root: Element) -> Iterator[Paragraph]:
    blocks = [one for one in root if one.tag != f"{W}sectPr"]
    end = blocks[-1] if blocks else None
    for at, (element, in_table, obliged) in enumerate(_walk(root, in_table=False), 1):
        style = package.style(value(element.find(f"{W}pPr/{W}pStyle")))
        runs = tuple((run, _words(run)) for run in _runs(element))
        text = "".join(words for _, words in runs)
        yield Paragraph(package, part, at, element, style, runs, text, in_table, obliged, element is end)


def _words(run: Element) -> str:
    return "".join(child.text or "" if child.tag == f"{W}t" else _SIGNS.get(child.tag, "") for child in run)


def _runs(parent: Element) -> Iterator[Element]:
    """The runs of one paragraph, in links and marked pieces too, without those of paragraphs inside it."""
    for child in parent:
        if child.tag == f"{W}r":
            yield child
        elif child.tag not in {f"{W}p", f"{W}pPr"}:
            yield from _runs(child)


def _walk(parent: Element, *, in_table: bool) -> Iterator[tuple[Element, bool, bool]]:
    """Paragraphs under an element; it is no deeper than the reader of packages lets it be."""
    blocks = [one for one in parent if one.tag in {f"{W}p", f"{W}tbl"}]
    before = None
    for child in parent:
        if child.tag == f"{W}p":
            last = child is blocks[-1]
            alone = parent.tag == f"{W}tc" and len(blocks) == 1
            closing = last and before is not None and before.tag == f"{W}tbl"
            yield child, in_table, alone or closing
        yield from _walk(child, in_table=in_table or child.tag == f"{W}tbl")
        before = child


def _thing(element: Element) -> bool:
    return element.tag in _THINGS


def fields(root: Element) -> Iterator[str]:
    """The instructions of the fields under an element, of both notations."""
    for one in root.iter(f"{W}fldSimple"):
        yield value(one, "instr").strip()
    pieces = ""
    for one in root.iter():
        if one.tag == f"{W}instrText":
            pieces += one.text or ""
        elif one.tag == f"{W}fldChar" and pieces:
            yield pieces.strip()
            pieces = ""
    if pieces:
        yield pieces.strip()


def tab_stops(paragraph: Paragraph) -> int:
    """How many tab stops are declared for it: its own and those of its style."""
    places: dict[str, bool] = {}
    for layer in paragraph.layers("tabs"):
        for stop in layer.iter(f"{W}tab"):
            places.setdefault(value(stop, "pos"), value(stop) != "clear")
    return sum(places.values())
