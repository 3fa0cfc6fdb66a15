"""What ``check`` demands of the page and of type: paper, margins, fonts, sizes, page numbers, tables.

Each function yields the places where its rule is broken. Lengths in the file are twips (1 mm = 56.7), type is in
half-points.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final
from xml.etree.ElementTree import Element

from workflow_app.documents.checks.package import Package, R, W, number, on, value
from workflow_app.documents.checks.text import Paragraph, all_paragraphs, fields, paragraphs

FONTS: Final = frozenset({"PT Astra Serif", "Liberation Serif"})

_MM: Final = 1440 / 25.4  # twips
_ROUNDING: Final = 2  # twips: 10 mm are 566.9 of them
_A4: Final = (11906, 16838)
_MARGINS: Final = (("left", 20), ("right", 10), ("top", 20), ("bottom", 20))  # at least so many mm
_HEADER: Final = 10  # mm from the upper edge of the paper to a page's number
_BODY, _TABLE, _SMALL = (24, 28), (20, 28), (16, 28)  # least and greatest type, in half-points
_LINE: Final = range(240, 361)  # from one to one and a half
_FIRST_LINE: Final = (709, 8)  # 1.25 cm and what rounding may add
_CELLS: Final = 60  # twips by which rounded columns may exceed the text's width: one millimetre
_FACES: Final = ("ascii", "hAnsi", "eastAsia", "cs")
_THEMED: Final = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")


def paper(package: Package) -> Iterable[str]:
    """A4, upright."""
    if not package.sections:
        yield f"{package.main}: разделы"
    for at, section in enumerate(package.sections, 1):
        size = section.find(f"{W}pgSz")
        sides = (number(size, "w"), number(size, "h"))
        if any(side is None or abs(side - due) > _ROUNDING for side, due in zip(sides, _A4, strict=True)):
            yield f"раздел {at}: {sides[0]} × {sides[1]}"


def margins(package: Package) -> Iterable[str]:
    """Not less than the standard's; the binding's share counts to the left one."""
    for at, section in enumerate(package.sections, 1):
        found = section.find(f"{W}pgMar")
        for side, least in _MARGINS:
            length = number(found, side)
            if side == "left" and length is not None:
                length += number(found, "gutter") or 0
            if length is None or length < least * _MM - _ROUNDING:
                yield f"раздел {at}: {side} {length}"


def fonts(package: Package) -> Iterable[str]:
    """One family of the allowed ones, named by itself and not through a theme."""
    if package.defaults.find(f"{W}rPrDefault/{W}rPr/{W}rFonts") is None:
        yield "стили: шрифт по умолчанию не назван"
    seen: set[str] = set()
    for part, tree in package.trees.items():
        for one in tree.iter(f"{W}rFonts"):
            if any(value(one, name) for name in _THEMED):
                yield f"{part}: шрифт темы"
            seen |= {face for name in _FACES if (face := value(one, name))}
        seen |= {value(one, "font") for one in tree.iter(f"{W}sym")}
    yield from sorted(seen - FONTS)
    if len(seen & FONTS) > 1:
        yield ", ".join(sorted(seen & FONTS))


def no_font_inside(package: Package) -> Iterable[str]:
    """Fonts are named and never travel with the file."""
    for name in ("embedTrueTypeFonts", "embedSystemFonts"):
        if on(package.tree("settings").find(f"{W}{name}")):
            yield name
    yield from (one.tag.removeprefix(W) for one in package.tree("fontTable").iter() if _embedded(one))
    for name in sorted(package.names):
        if "/fonts/" in name or name.lower().endswith((".odttf", ".ttf", ".otf")):
            yield name


def _embedded(element: Element) -> bool:
    return element.tag.startswith(f"{W}embed")


def body_type(package: Package) -> Iterable[str]:
    """12 to 14 points in the text."""
    yield from _sizes((one for one in paragraphs(package) if not one.in_table and not one.small), *_BODY)


def table_type(package: Package) -> Iterable[str]:
    """10 to 14 points in tables."""
    yield from _sizes((one for one in paragraphs(package) if one.in_table and not one.small), *_TABLE)


def small_type(package: Package) -> Iterable[str]:
    """8 points or more in notes, marks, headers and feet."""
    yield from _sizes((one for one in all_paragraphs(package) if one.small or one.part != package.main), *_SMALL)


def _sizes(those: Iterable[Paragraph], least: int, greatest: int) -> Iterator[str]:
    for paragraph in those:
        for run, words in paragraph.runs:
            size = paragraph.size(run) if words.strip() else least
            if size is None or not least <= size <= greatest:
                yield f"{paragraph.place}: {'не задан' if size is None else f'{size / 2:g} пт'}"
                break


def line_spacing(package: Package) -> Iterable[str]:
    """From one line to one and a half, and never in points."""
    for paragraph in paragraphs(package):
        line = paragraph.said("spacing", "line") or "240"
        rule = paragraph.said("spacing", "lineRule") or "auto"
        fits = rule == "auto" and line.isdecimal() and len(line) < len("10000") and int(line) in _LINE
        if paragraph.text.strip() and not fits:
            yield paragraph.place


def body_paragraph(package: Package) -> Iterable[str]:
    """The text is justified; its first line begins 1.25 cm to the right, or at the margin after a break in sense."""
    style = package.named("body text")
    if style is None or value(style.chain[0].find(f"{W}pPr/{W}jc")) != "both":
        yield "стиль «Body Text»: выравнивание"
    due, tolerance = _FIRST_LINE
    first = None if style is None else number(style.chain[0].find(f"{W}pPr/{W}ind"), "firstLine")
    if first is None or abs(first - due) > tolerance:
        yield "стиль «Body Text»: отступ первой строки"
    for paragraph in paragraphs(package):
        own = number(paragraph.element.find(f"{W}pPr/{W}ind"), "firstLine")
        if style is not None and paragraph.style is style and own and abs(own - due) > tolerance:
            yield paragraph.place


def page_number(package: Package) -> Iterable[str]:
    """One number in the middle of the top margin of every page but the first."""
    if on(package.tree("settings").find(f"{W}evenAndOddHeaders")):
        yield "чётные страницы: свой верхний колонтитул"
    shown = ""
    for at, section in enumerate(package.sections, 1):
        shown = _reference(section, "header", "default") or shown
        place = f"раздел {at}"
        yield from _numbered(package, shown, place)
        if any("PAGE" in field.split() for field in _in(package, section, "footer", "default")):
            yield f"{place}: нижний колонтитул"
        distance = number(section.find(f"{W}pgMar"), "header")
        if distance is None or distance < _HEADER * _MM - _ROUNDING:
            yield f"{place}: расстояние до номера {distance}"
        numbering = section.find(f"{W}pgNumType")
        if value(numbering, "start") not in {"", "1"} or value(numbering, "fmt") not in {"", "decimal"}:
            yield f"{place}: нумерация страниц"
        if at > 1 and on(section.find(f"{W}titlePg")):
            yield f"{place}: своя первая страница"


def _numbered(package: Package, key: str, place: str) -> Iterator[str]:
    for part, tree in package.related("header", key):
        numbers = [one for one in all_paragraphs(package) if one.part == part and "PAGE" in fields_of(one)]
        if len([one for one in fields(tree) if "PAGE" in one.split()]) != 1 or len(numbers) != 1:
            yield f"{place}, {part}: номер страницы"
        elif numbers[0].said("jc", "val") != "center":
            yield f"{place}, {part}: номер не посередине"
        break
    else:
        yield f"{place}: нет верхнего колонтитула"


def fields_of(paragraph: Paragraph) -> set[str]:
    """The names of the fields in a paragraph."""
    return {words for field in fields(paragraph.element) for words in field.split()[:1]}


def first_page(package: Package) -> Iterable[str]:
    """The first page has a header of its own, and no number anywhere."""
    for section in package.sections[:1]:
        if not on(section.find(f"{W}titlePg")):
            yield "раздел 1: первая страница не отличается"
        for kind in ("header", "footer"):
            if any("PAGE" in field.split() for field in _in(package, section, kind, "first")):
                yield f"раздел 1: колонтитул первой страницы ({kind})"


def _reference(section: Element, kind: str, which: str) -> str:
    """The link to a section's header or foot, empty when the section names none."""
    found = section.findall(f"{W}{kind}Reference")
    return next((one.get(f"{R}id", "") for one in found if (value(one, "type") or "default") == which), "")


def _in(package: Package, section: Element, kind: str, which: str) -> Iterator[str]:
    key = _reference(section, kind, which)
    for _, tree in package.related(kind, key) if key else ():
        yield from fields(tree)


def table_header(package: Package) -> Iterable[str]:
    """A table of more than one row repeats its first row on every page."""
    for place, table in tables(package):
        heads = [on(row.find(f"{W}trPr/{W}tblHeader")) for row in _rows(table)]
        if len(heads) > 1 and (not heads[0] or heads != sorted(heads, reverse=True) or all(heads)):
            yield place


def table_rows(package: Package) -> Iterable[str]:
    """No row is divided between two pages."""
    for place, table in tables(package):
        for at, row in enumerate(_rows(table), 1):
            if not on(row.find(f"{W}trPr/{W}cantSplit")):
                yield f"{place}, строка {at}"


def table_name(package: Package) -> Iterable[str]:
    """A table says what it is to those who hear the document."""
    for place, table in tables(package):
        if not value(table.find(f"{W}tblPr/{W}tblCaption")).strip():
            yield place


def table_width(package: Package) -> Iterable[str]:
    """Neither the columns nor the cells of a row are wider than the text."""
    room = min((_width(section) for section in package.sections), default=0) + _CELLS
    for place, table in tables(package):
        properties = table.find(f"{W}tblPr")
        indent = number(properties.find(f"{W}tblInd"), "w") if properties is not None else None
        widths = [_twips(properties.find(f"{W}tblW"))] if properties is not None else []
        widths.append(sum(number(one, "w") or 0 for one in table.findall(f"{W}tblGrid/{W}gridCol")))
        widths += [sum(_twips(cell) for cell in row.iter(f"{W}tcW")) for row in _rows(table)]
        if max(widths) + (indent or 0) > room:
            yield f"{place}: {max(widths) + (indent or 0)} из {room - _CELLS}"


def _twips(width: Element | None) -> int:
    """A width; one in percent or left to the program counts as none."""
    return (number(width, "w") or 0) if value(width, "type") == "dxa" else 0


def _width(section: Element) -> int:
    """The width of a section's text."""
    found = section.find(f"{W}pgMar")
    taken = sum(number(found, side) or 0 for side in ("left", "right", "gutter"))
    return (number(section.find(f"{W}pgSz"), "w") or 0) - taken


def tables(package: Package) -> Iterator[tuple[str, Element]]:
    """The tables of the text with their places, those inside cells too."""
    for at, table in enumerate(package.body.iter(f"{W}tbl"), 1):
        yield f"таблица {at}", table


def _rows(table: Element) -> list[Element]:
    return table.findall(f"{W}tr")
