"""Where the tags of a Word template stand: paragraph by paragraph, in words that a person finds again in Word.

Word tears a typed tag into many runs; here a paragraph is one text again. Whatever is written here is advice for the
person: what may be rendered is decided in ``expressions`` on the very text that is rendered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from workflow_app.documents.checks.package import Package, W
from workflow_app.errors import N_, Sentence

MARK: Final = re.compile(r"\{[{%#]")
TAG: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_SHOWN: Final = 60  # letters of a paragraph that are shown
_PROPERTIES: Final = "docProps/core.xml"  # tags in a title are judged, and the properties are written anew
_RENDERED: Final = (
    ("header", N_("Верхний колонтитул")), ("footer", N_("Нижний колонтитул")), ("footnotes", N_("Сноски")),
)  # fmt: skip
_BREAKS: Final = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n"}


@dataclass(frozen=True, slots=True)
class Spot:
    """A paragraph: its text, where it stands, what holds it. ``row``, ``table``: keys of those around it, 0 for none."""

    text: str
    place: Sentence
    key: int
    within: int
    row: int
    table: int

    @property
    def tags(self) -> list[str]:
        """The tags as they are typed, in order."""
        return TAG.findall(self.text)


def spots(package: Package) -> Iterator[list[Spot]]:
    """Yield the paragraphs of each part that is rendered: the body, then headers, footers and footnotes."""
    yield list(_Walk(None).inside(package.body, None, 0, 0))
    for kind, title in _RENDERED:
        for _name, tree in package.related(kind):
            yield list(_Walk(title).inside(tree, None, 0, 0))


def rendered(package: Package) -> frozenset[str]:
    """Return the names of those parts."""
    return frozenset({package.main, *(name for kind, _ in _RENDERED for name, _tree in package.related(kind))})


def misplaced(package: Package) -> Iterator[str]:
    """Yield where a tag stands outside of text: in a property, a picture's description, a field, a part that is not rendered."""
    shown = rendered(package)
    for name, tree in package.trees.items():
        for one in tree.iter() if name != _PROPERTIES else ():
            outside = [*one.attrib.values(), one.tail or ""]
            if one.tag != f"{W}t" or name not in shown:
                outside.append(one.text or "")
            if any(MARK.search(words) for words in outside):
                yield f"{name}: {one.tag.rpartition('}')[2]}"


class _Walk:
    """Counts paragraphs and tables while it goes through one part."""

    def __init__(self, title: Sentence | None) -> None:
        self.title = title
        self.paragraphs = self.tables = 0

    def inside(self, element: Element, cell: Sentence | None, row: int, table: int) -> Iterator[Spot]:
        for child in element:
            if child.tag == f"{W}p":
                yield from self._paragraph(child, element, cell, row, table)
            elif child.tag == f"{W}tbl":
                yield from self._table(child)
            else:
                yield from self.inside(child, cell, row, table)

    def _paragraph(
        self, element: Element, within: Element, cell: Sentence | None, row: int, table: int
    ) -> Iterator[Spot]:
        self.paragraphs += cell is None
        text = "".join(_own(element))
        place = cell or N_("Абзац %(n)s", n=self.paragraphs)
        if self.title:
            place = N_("%(part)s. %(place)s", part=self.title, place=place)
        if words := " ".join(text.split()):
            said = f"{words[:_SHOWN]}…" if len(words) > _SHOWN else words
            place = N_("%(place)s «%(words)s»", place=place, words=said)
        yield Spot(text, place, id(element), id(within), row, table)
        for one in element:  # a text box inside the paragraph
            yield from self.inside(one, cell, row, table)

    def _table(self, element: Element) -> Iterator[Spot]:
        self.tables += 1
        number = self.tables
        for at, row in enumerate(_children(element, f"{W}tr"), start=1):
            for column, cell in enumerate(_children(row, f"{W}tc"), start=1):
                place = N_("Таблица %(table)s, строка %(row)s, столбец %(cell)s", table=number, row=at, cell=column)
                yield from self.inside(cell, place, id(row), id(element))


def _children(element: Element, tag: str) -> Iterator[Element]:
    """Yield the nearest elements of a tag: Word may wrap rows and cells in a content control."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag != f"{W}tbl":
            yield from _children(child, tag)


def _own(element: Element) -> Iterator[str]:
    for child in element:
        if child.tag == f"{W}p":
            continue
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        else:
            yield from _own(child)
