"""What ``check`` demands of the structure and of what the file says about itself: headings, spacing, safety, properties.

Each function yields the places where its rule is broken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from typing import Final

from workflow_app.documents.checks.package import Package, R, W, number, on, value
from workflow_app.documents.checks.text import STAMP, all_paragraphs, fields, paragraphs, tab_stops

LANGUAGE: Final = "ru-RU"
_TYPES: Final = "[Content_Types].xml"
_HEADING: Final = re.compile(r"heading ([1-9])")
_KEPT: Final = frozenset({"title", "subtitle", "caption", STAMP, "дата и номер", "место составления"})
_HELD: Final = 2  # signatures of a row that stay with the end of the text
_NOTE: Final = "примечание"
_SIGNATURES: Final = frozenset({"signature", "подпись на бумаге"})
_SPACES: Final = re.compile("[ \N{NO-BREAK SPACE}\u2000-\u200a\u202f\u3000]{3,}")  # two are a slip of the hand
_FIELDS: Final = frozenset({"PAGE", "NUMPAGES"})
_ACTIVE_TYPE: Final = re.compile(
    "macro|vba|activex|oleobject|ms-office|package/2006/relationships/package", re.IGNORECASE
)
_ACTIVE_NAME: Final = re.compile("vba|activex|embeddings/|customui|attachedtoolbars", re.IGNORECASE)
_ACTIVE_LINK: Final = frozenset({"oleObject", "package", "control", "vbaProject", "aFChunk", "keyMapCustomizations"})
_HIDDEN: Final = ("vanish", "specVanish", "ins", "del", "moveFrom", "moveTo", "commentReference")
_ACTIVE_TAGS: Final = ("object", "control", "altChunk", "subDoc")
_CORE: Final = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"
_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_TERMS: Final = "{http://purl.org/dc/terms/}"
_PROPERTIES: Final = ((f"{_DC}title", "title"), (f"{_DC}subject", "subject"), (f"{_DC}creator", "author"))
_DRAWN: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_VML: Final = "{urn:schemas-microsoft-com:vml}"


def whole(package: Package) -> Iterable[str]:
    """Every link inside leads to a part, every part has a type, every link and style that is used is there."""
    yield from (f"{name}: нет типа содержимого" for name in sorted(package.names - package.types.keys() - {_TYPES}))
    links = {(one.source, one.key) for one in package.relations}
    for one in package.relations:
        if not one.external and one.target not in package.names:
            yield f"{one.source}: связь {one.key} никуда не ведёт"
    for part, tree in package.trees.items():
        used = {key for one in tree.iter() for name, key in one.attrib.items() if name.startswith(R)}
        yield from (f"{part}: нет связи {key}" for key in sorted(used) if (part, key) not in links)
        for kind in ("pStyle", "rStyle", "tblStyle"):
            named = {value(one) for one in tree.iter(f"{W}{kind}")}
            yield from (f"{part}: нет стиля {key}" for key in sorted(named - package.styles.keys()))


def nothing_outside(package: Package) -> Iterable[str]:
    """No link leaves the file, and no template is fetched when it is opened."""
    for one in package.relations:
        if one.external or one.kind == "attachedTemplate":
            yield f"{one.source}: {one.kind}"


def nothing_active(package: Package) -> Iterable[str]:
    """No macro, control, embedded object or imported piece, and no field but a page's number."""
    for name in sorted(package.names):
        if _ACTIVE_NAME.search(name) or _ACTIVE_TYPE.search(package.types.get(name, "")):
            yield name
    yield from (f"{one.source}: {one.kind}" for one in package.relations if one.kind in _ACTIVE_LINK)
    for part, tree in package.trees.items():
        yield from (f"{part}: {name}" for name in _ACTIVE_TAGS for _ in tree.iter(f"{W}{name}"))
        for field in fields(tree):
            if field.split()[:1] and field.split()[0] not in _FIELDS:
                yield f"{part}: поле {field.split()[0]}"


def nothing_hidden(package: Package) -> Iterable[str]:
    """No hidden text, no comments, no tracked changes: what is read is all there is."""
    for part, tree in package.trees.items():
        for name in _HIDDEN:
            if any(on(one) for one in tree.iter(f"{W}{name}")):
                yield f"{part}: {name}"


def heading_styles(package: Package) -> Iterable[str]:
    """Outline levels belong to Word's styles of headings, each to its own."""
    for key, style in package.styles.items():
        if style.kind != "paragraph" or key.startswith("default "):
            continue
        level = number(style.chain[0].find(f"{W}pPr/{W}outlineLvl"))
        match = _HEADING.fullmatch(style.name)
        if level != (int(match[1]) - 1 if match else None):
            yield f"стиль «{style.name}»"
    for paragraph in paragraphs(package):
        if paragraph.element.find(f"{W}pPr/{W}outlineLvl") is not None:
            yield paragraph.place


def heading_levels(package: Package) -> Iterable[str]:
    """The first heading is of the first level, and none is more than one level below the last."""
    found = [(one, int(match[1])) for one in paragraphs(package) if (match := _HEADING.fullmatch(one.style.name))]
    for (_, before), (paragraph, level) in pairwise([(None, 0), *found]):
        if paragraph is not None and level > before + 1:
            yield paragraph.place


def heading_words(package: Package) -> Iterable[str]:
    """A heading is one by its style: no paragraph looks like one by bold type. What ends in a colon is a lead-in."""
    for paragraph in paragraphs(package):
        name = paragraph.style.name
        if paragraph.in_table or name in _KEPT or _HEADING.fullmatch(name) or paragraph.text.rstrip().endswith(":"):
            continue
        spoken = [run for run, words in paragraph.runs if words.strip()]
        if spoken and all(paragraph.bold(run) for run in spoken):
            yield paragraph.place


def kept(package: Package) -> Iterable[str]:
    """Titles, headings, captions and stamps stay on one page with what follows, and something follows."""
    for paragraph in paragraphs(package):
        name = paragraph.style.name
        if (name in _KEPT or _HEADING.fullmatch(name)) and (not paragraph.has("keepNext") or paragraph.last):
            yield paragraph.place
    for before, paragraph in pairwise(paragraphs(package)):
        if before.small and paragraph.style.name == STAMP and not before.has("keepNext"):
            yield before.place


def signature_kept(package: Package) -> Iterable[str]:
    """A signature does not stand on a page alone: the paragraph before it stays with it.

    That holds of the first two of a row of signatures: were all of a long row kept, they would leave half a page empty.
    """
    row = 0
    for before, paragraph in pairwise(paragraphs(package)):
        if paragraph.style.name not in _SIGNATURES or paragraph.in_table:
            row = row if paragraph.style.name == _NOTE else 0
            continue
        row += 1
        if row <= _HELD and not before.in_table and not before.has("keepNext"):
            yield paragraph.place


def no_empty(package: Package) -> Iterable[str]:
    """Space between paragraphs is a property of styles. A paragraph that the format demands may be empty."""
    yield from (one.place for one in paragraphs(package) if one.bare and not one.obliged)


def no_spaces(package: Package) -> Iterable[str]:
    """Text is not moved with spaces."""
    yield from (one.place for one in all_paragraphs(package) if _SPACES.search(one.text))


def tabs(package: Package) -> Iterable[str]:
    """A line has no more tabs than there are tab stops declared for it."""
    for paragraph in all_paragraphs(package):
        most = max(line.count("\t") for line in paragraph.text.split("\n"))
        if most and most > tab_stops(paragraph):
            yield paragraph.place


def language(package: Package) -> Iterable[str]:
    """Russian, for those who hear the text: in the defaults, in the styles, in the properties."""
    if value(package.defaults.find(f"{W}rPrDefault/{W}rPr/{W}lang")) != LANGUAGE:
        yield "стили: язык по умолчанию"
    for key, style in package.styles.items():
        own = value(style.chain[0].find(f"{W}rPr/{W}lang"))
        if own not in {"", LANGUAGE} and not key.startswith("default "):
            yield f"стиль «{style.name}»"
    if _property(package, f"{_DC}language") != LANGUAGE:
        yield "свойства: язык"


def properties(package: Package) -> Iterable[str]:
    """Title, subject, author and time of creation are there; the number of the edition is one or more."""
    yield from (f"свойства: {name}" for tag, name in _PROPERTIES if not _property(package, tag))
    created = _property(package, f"{_TERMS}created")
    try:
        datetime.fromisoformat(created)
    except ValueError:
        yield "свойства: created"
    revision = _property(package, f"{_CORE}revision")
    if not (revision.isdecimal() and revision.strip("0")):
        yield "свойства: revision"


def _property(package: Package, tag: str) -> str:
    core = next((one.target for one in package.relations if not one.source and one.kind == "core-properties"), "")
    tree = package.trees.get(core)
    return ("" if tree is None else tree.findtext(tag) or "").strip()


def pictures(package: Package) -> Iterable[str]:
    """A picture says in words what it shows."""
    for part, tree in package.trees.items():
        for at, one in enumerate(tree.iter(_DRAWN), 1):
            if not one.get("descr", "").strip():
                yield f"{part}, рисунок {at}"
        for drawn in tree.iter(f"{W}pict"):
            shapes = [one for one in drawn if one.tag.startswith(_VML) and one.tag != f"{_VML}shapetype"]
            yield from (f"{part}, фигура" for one in shapes if not one.get("alt", "").strip())


def described(package: Package, part: str) -> list[str]:
    """What the pictures of a part say in words."""
    tree = package.trees.get(part)
    return [] if tree is None else [one.get("descr", "") for one in tree.iter(_DRAWN)]
