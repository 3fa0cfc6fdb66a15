"""A Word file opened for ``check``, as far as it is safe: bounded sizes and depth, no DTD, no entity.

The file may come from anywhere, so nothing here trusts it: :func:`opened` gives a :class:`Package` or says in one
:class:`Unreadable` why there is none. ``docx`` is not used: the checker must not share its writer's mistakes.
"""

from __future__ import annotations

import io
import itertools
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

MAX_FILE: Final = 32 << 20  # bytes of the whole file
MAX_PARTS: Final = 500
MAX_PART: Final = 16 << 20  # bytes of one part, unpacked
MAX_TOTAL: Final = 64 << 20
MAX_DEPTH: Final = 50  # elements inside one another; a plain document has about fifteen
MAX_ELEMENTS: Final = 150_000  # in all parts together; forty pages of tables have ten thousand
MAX_BASES: Final = 12  # styles that one style is based on; Word allows eleven

_CHUNK: Final = 1 << 16
_READABLE: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED: Final = 0x1
_OFF: Final = frozenset({"0", "false", "off", "none"})
_PACKAGE: Final = "{http://schemas.openxmlformats.org/package/2006/"
_TYPES: Final = "[Content_Types].xml"
W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


class Unreadable(Exception):
    """No package of a Word document; the argument says in Russian where the reading ended."""


def value(element: Element | None, name: str = "val") -> str:
    """An attribute of WordprocessingML; empty when the element or the attribute is missing."""
    return "" if element is None else element.get(f"{W}{name}", "")


def number(element: Element | None, name: str = "val") -> int | None:
    """A whole number in an attribute, None when there is none."""
    said = value(element, name)
    return int(said) if len(said) < 10 and said.removeprefix("-").isdecimal() else None  # noqa: PLR2004 - 9 digits


def on(element: Element | None) -> bool:
    """Whether a property of the kind yes or no is there and not switched off."""
    return element is not None and value(element) not in _OFF


@dataclass(frozen=True, slots=True)
class Relation:
    """A link of a part: ``kind`` is the last word of its type, ``target`` a part's name or, outside, an address."""

    source: str
    key: str
    kind: str
    target: str
    external: bool


@dataclass(frozen=True, slots=True)
class Style:
    """A style with those it is based on: ``chain`` begins with itself. ``name`` is in lower case, as Word compares."""

    key: str
    name: str
    kind: str
    chain: tuple[Element, ...] = ()


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of one file: ``trees`` those in XML, ``types`` the content type of every part, ``main`` the text's."""

    names: frozenset[str]
    trees: Mapping[str, Element]
    types: Mapping[str, str]
    relations: tuple[Relation, ...]
    main: str
    styles: Mapping[str, Style]
    defaults: Element  # of paragraphs and runs
    memory: dict[str, Any] = field(default_factory=dict)  # what ``checks.text`` has found, so that rules share it

    @property
    def body(self) -> Element:
        """The text with the layout of its sections."""
        return self.trees[self.main][0]

    @property
    def sections(self) -> tuple[Element, ...]:
        """The layouts of the sections in order."""
        return tuple(self.body.iter(f"{W}sectPr"))

    def related(self, kind: str, key: str | None = None) -> Iterator[tuple[str, Element]]:
        """The parts in XML that the text is linked with: name and tree, of one kind, of one link when told."""
        for one in self.relations:
            fits = one.source == self.main and one.kind == kind and key in (None, one.key)
            if fits and not one.external and one.target in self.trees:
                yield one.target, self.trees[one.target]

    def tree(self, kind: str) -> Element:
        """The only part of this kind (``styles``, ``settings``); an empty element where there is none."""
        return next((tree for _, tree in self.related(kind)), Element("none"))

    def texts(self) -> Iterator[tuple[str, Element]]:
        """All parts that hold paragraphs: the body, then headers, footers and notes."""
        yield self.main, self.body
        for kind in ("header", "footer", "footnotes", "endnotes"):
            yield from self.related(kind)

    def style(self, key: str, kind: str = "paragraph") -> Style:
        """The style of this id; the default one where no id is given; a nameless one where it is not defined."""
        if key:
            return self.styles.get(key, Style(key, "", kind))
        return self.styles.get(f"default {kind}", Style("", "", kind))

    def named(self, name: str) -> Style | None:
        """The paragraph style of this name."""
        name = name.lower()
        return next((one for one in self.styles.values() if one.name == name and one.kind == "paragraph"), None)


def opened(data: bytes) -> Package:
    """The package in these bytes.

    Raises Unreadable: not a zip, damaged, too large, too deep, with a DTD, or without the parts of a Word document.
    """
    contents, count = _contents(data), itertools.count(1)
    trees = {
        name: _parsed(name, content, count)
        for name, content in contents.items()
        if name.lower().endswith((".xml", ".rels", ".vml"))
    }
    relations = tuple(_relations(trees))
    main = next((one.target for one in relations if not one.source and one.kind == "officeDocument"), "")
    document = trees.get(main)
    if document is None or document.tag != f"{W}document" or len(document) != 1 or document[0].tag != f"{W}body":
        raise Unreadable(f"{main or '_rels/.rels'}: нет текста документа Word")
    if len(relations) > MAX_PARTS:
        raise Unreadable("связей между частями слишком много")
    styles = trees.get(next((one.target for one in relations if (one.source, one.kind) == (main, "styles")), ""))
    if styles is None:
        raise Unreadable(f"{main}: нет части со стилями")
    defaults = styles.find(f"{W}docDefaults")
    return Package(
        names=frozenset(contents),
        trees=trees,
        types=_types(contents, trees.get(_TYPES)),
        relations=relations,
        main=main,
        styles=_styles(styles),
        defaults=Element("none") if defaults is None else defaults,
    )


def _contents(data: bytes) -> dict[str, bytes]:
    """The bytes of every part, proved while they are unpacked."""
    if len(data) > MAX_FILE:
        raise Unreadable("файл слишком велик")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            _bounded(members)
            return {one.filename: _unpacked(archive, one) for one in members}
    except (
        *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError),
        *(NotImplementedError, RuntimeError, ValueError, KeyError, IndexError, OverflowError),
    ) as error:
        raise Unreadable("файл повреждён или это не пакет") from error


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """A part in pieces: asked for the whole at once, the library inflates what lies beyond the declared size too."""
    with archive.open(member) as part:
        return b"".join(iter(lambda: part.read(_CHUNK), b""))


def _bounded(members: list[zipfile.ZipInfo]) -> None:
    names = [one.filename for one in members]
    if len(members) > MAX_PARTS or len({name.lower() for name in names}) != len(names):
        raise Unreadable("частей слишком много или их имена повторяются")
    if any(one.file_size > MAX_PART for one in members) or sum(one.file_size for one in members) > MAX_TOTAL:
        raise Unreadable("части слишком велики")
    for one in members:
        if one.compress_type not in _READABLE or one.flag_bits & _ENCRYPTED:
            raise Unreadable(f"{one.filename}: часть зашифрована или упакована неизвестным способом")
        if one.filename != posixpath.normpath(one.filename) or one.filename.startswith(("/", "..")):
            raise Unreadable(f"{one.filename}: недопустимое имя части")


class _Builder(TreeBuilder):
    """Stops at too many elements or too deep ones."""

    def __init__(self, name: str, count: Iterator[int]) -> None:
        super().__init__()
        self.name, self.depth, self.count = name, 0, count

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self.depth += 1
        if self.depth > MAX_DEPTH or next(self.count) > MAX_ELEMENTS:
            raise Unreadable(f"{self.name}: слишком сложная разметка")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self.depth -= 1
        return super().end(tag)


def _parsed(name: str, content: bytes, count: Iterator[int]) -> Element:
    """The tree of a part; ``count`` goes on over all parts.

    Text in another coding than UTF-8 could hide a DTD from the look for it: it is refused.
    """
    try:
        words = content.decode("utf-8-sig")
        if "<!DOCTYPE" in words or "<!ENTITY" in words:
            raise Unreadable(f"{name}: в разметке есть DTD")
        parser = XMLParser(target=_Builder(name, count))  # noqa: S314 - no DTD comes this far, and text is read as UTF-8
        for at in range(0, len(words), _CHUNK):
            parser.feed(words[at : at + _CHUNK])
        return parser.close()
    except (ParseError, ValueError, AssertionError) as error:
        raise Unreadable(f"{name}: разметка не читается") from error


def _relations(trees: Mapping[str, Element]) -> Iterator[Relation]:
    for name, tree in trees.items():
        folder, file = posixpath.split(name)
        if posixpath.basename(folder) != "_rels" or not file.endswith(".rels"):
            continue
        home = posixpath.dirname(folder)
        for one in tree.iter(f"{_PACKAGE}relationships}}Relationship"):
            external = one.get("TargetMode") == "External"
            target = one.get("Target", "")
            if not external:
                target = posixpath.normpath(posixpath.join("/", home, target)).lstrip("/")
            kind = one.get("Type", "").rpartition("/")[2]
            yield Relation(posixpath.join(home, file.removesuffix(".rels")), one.get("Id", ""), kind, target, external)


def _types(names: Mapping[str, bytes], declared: Element | None) -> dict[str, str]:
    """The content type of each part; a part without one is left out."""
    tree = Element("none") if declared is None else declared
    space = f"{_PACKAGE}content-types}}"
    own = {one.get("PartName", "").lstrip("/"): one.get("ContentType", "") for one in tree.iter(f"{space}Override")}
    usual = {one.get("Extension", "").lower(): one.get("ContentType", "") for one in tree.iter(f"{space}Default")}
    found = {name: own.get(name) or usual.get(name.rpartition(".")[2].lower(), "") for name in names}
    return {name: kind for name, kind in found.items() if kind}


def _styles(tree: Element) -> dict[str, Style]:
    """Styles by id; ``default paragraph`` and the like name those that hold where no style is given."""
    elements = {value(one, "styleId"): one for one in tree.iter(f"{W}style")}
    found: dict[str, Style] = {}
    for key, element in elements.items():
        chain: list[Element] = []
        at: Element | None = element
        while at is not None and at not in chain and len(chain) < MAX_BASES:
            chain.append(at)
            at = elements.get(value(at.find(f"{W}basedOn")))
        kind = value(element, "type")
        found[key] = style = Style(key, value(element.find(f"{W}name")).lower(), kind, tuple(chain))
        if element.get(f"{W}default") in {"1", "true", "on"}:
            found[f"default {kind}"] = style
    return found
