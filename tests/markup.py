"""Whether a page is written as a browser expects it: a quick look first, and html5lib for whatever is not plainly right.

html5lib says every fault that HTML's own parser knows, and took an eighth of the time of the tests of pages. ``plain``
knows no fault: it only recognises the simple part of the language, where every element is closed where it was opened,
every attribute is quoted, every character reference is a common one, and nothing stands where the parser would move it.
Whatever lies outside is left to html5lib, so that a doubt costs time and never a fault. A property test compares the two.
"""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import html5lib

HARMLESS = {"non-void-element-with-trailing-solidus"}


@dataclass
class Element:
    """A start tag of a page: its name and attributes, and whether it stands inside a label."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    labelled: bool = False


def check_html(text: str, where: str) -> None:
    """Fail on markup that a browser would have to mend, on a page without its one h1, on an unlabelled field."""
    elements = plain(text)
    if elements is None:
        elements = thorough(text, where)
    headings, labelled, fields = 0, set(), []
    for one in elements:
        headings += one.name == "h1"
        assert not one.attributes.get("style"), f"{where}: inline style of {one.name}"
        if one.name == "label":
            labelled.add(one.attributes.get("for"))
        elif one.name in ("input", "select", "textarea"):
            fields.append(one)
    assert headings == 1, f"{where}: {headings} h1"
    for one in fields:
        given = one.attributes.get
        if given("type") not in ("hidden", "submit"):
            named = given("id") in labelled or given("aria-label") or given("aria-labelledby") or one.labelled
            assert named, f"{where}: unlabelled {given('name')}"


def thorough(text: str, where: str) -> list[Element]:
    """The elements of a page as html5lib finds them; fails on every fault."""
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    tree = parser.parse(text)
    told = sorted({str(code) for _, code, _ in parser.errors if code not in HARMLESS})
    assert not told, f"{where}: {told}"
    inside = {id(one) for label in tree.iter("label") for one in label.iter()}
    return [
        Element(_bare(one.tag), {_bare(name).lower(): value for name, value in one.attrib.items()}, id(one) in inside)
        for one in tree.iter()
        if isinstance(one.tag, str)  # comments have no name
    ]


def _bare(name: str) -> str:
    """A name without the namespace that elements of pictures have."""
    return name.rpartition("}")[2]


# -- the simple part of HTML -------------------------------------------------------------------------------------------


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


VOID = _names("area br col hr img input link meta source wbr")
RAW = _names("iframe script style title textarea")
# Inside p, and inside everything that holds a line of text.
PHRASES = _names(
    "abbr b bdi bdo cite code data del dfn em i iframe img input ins kbd label link meta mark meter object output progress q s samp "
    "script select small span strong sub sup svg template textarea time u var wbr br"
)
LINKS = frozenset({"a", "button"})
BLOCKS = _names(
    "address article aside blockquote details dialog div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr main "
    "menu nav ol p pre search section table ul"
)
HEADINGS = _names("h1 h2 h3 h4 h5 h6")
FLOW = PHRASES | LINKS | BLOCKS
# What may stand directly inside; an element that is not named here holds FLOW.
INSIDE = {
    "": frozenset({"html"}),
    "html": frozenset({"head", "body"}),
    "head": _names("title meta link script style"),
    "ul": frozenset({"li"}), "ol": frozenset({"li"}), "menu": frozenset({"li"}),
    "dl": frozenset({"dt", "dd", "div"}),
    "table": _names("caption colgroup thead tbody tfoot"),
    "colgroup": frozenset({"col"}),
    "thead": frozenset({"tr"}), "tbody": frozenset({"tr"}), "tfoot": frozenset({"tr"}),
    "tr": frozenset({"th", "td"}),
    "select": frozenset({"option", "optgroup"}), "optgroup": frozenset({"option"}), "option": frozenset[str](),
    "details": FLOW | {"summary"}, "fieldset": FLOW | {"legend"}, "figure": FLOW | {"figcaption"},
    "svg": _names("circle defs g line path polygon polyline rect symbol text use"),
}  # fmt: skip
INSIDE |= dict.fromkeys(("g", "defs", "symbol"), INSIDE["svg"])
INSIDE |= dict.fromkeys(("circle", "line", "path", "polygon", "polyline", "rect", "text", "use"), frozenset())
NO_TEXT = frozenset(
    ("", "html", "head", "table", "colgroup", "thead", "tbody", "tfoot", "tr", "select", "optgroup", "ul", "ol", "dl")
)
KNOWN = FLOW.union(*INSIDE.values())
DIV_IN_DL = frozenset({"dt", "dd"})

_REFERENCE = r"&(?:amp|lt|gt|quot|nbsp|shy|laquo|raquo|ndash|mdash|hellip|times|#39|#34|#43|#x27|#x2F);"
_TEXT = re.compile(rf"(?=[^<])[^<&]*(?:{_REFERENCE}[^<&]*)*")
_NAME = r"[a-zA-Z][a-zA-Z0-9:-]*"
_START = re.compile(
    rf"""<([a-z][a-z0-9]*)((?:[ \n\t\f]+{_NAME}(?:="[^"&]*(?:{_REFERENCE}[^"&]*)*"|='[^'&]*(?:{_REFERENCE}[^'&]*)*')?)*)"""
    r"[ \n\t\f]*(/?)>"
)
_ATTRIBUTE = re.compile(rf"""({_NAME})(?:=(?:"([^"]*)"|'([^']*)'))?""")
_END = re.compile(r"</([a-z][a-z0-9]*)>")
_COMMENT = re.compile(r"<!--(?!-?>)(?:[^-]|-(?!-))*-->")
_BREAK = re.compile(r"(?<=>\n)(?=\s*<(?!/textarea))")
_DOCTYPE = re.compile(r"\s*<!doctype html>", re.IGNORECASE)
_UNUSUAL = re.compile(
    "[\x00-\x08\x0b\x0d-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U0001fffe-\U0010ffff]"
)  # what no page should hold, and the carriage return by itself, which the parser turns into something else


class _Doubt(Exception):
    """The page may be right, but this is not the place to say so."""


def plain(text: str) -> list[Element] | None:
    """The elements of a page that is plainly right; None for one that somebody else has to judge.

    Looked at piece by piece, for most of them stood on another page already. A piece that ends inside of a tag, a comment or a
    field of text is in doubt like any other that is not plain.
    """
    text = text.replace("\r\n", "\n")  # as the parser does: forms send their lines so
    begun = _DOCTYPE.match(text)
    if begun is None:
        return None
    elements: list[Element] = []
    place = OUTSIDE
    for piece in _BREAK.split(text[begun.end() :]):
        found = _piece(place, piece)
        if found is None:
            return None
        elements += found[0]
        place = found[1]
    return elements if place == Place(("",), frozenset({"html", "head", "body"})) else None


class Place(NamedTuple):
    """Where in a page one stands: inside which elements, and which of its three great parts have begun."""

    stack: tuple[str, ...]
    seen: frozenset[str]


OUTSIDE = Place(("",), frozenset())


@lru_cache(30_000)
def _piece(place: Place, text: str) -> tuple[tuple[Element, ...], Place] | None:
    """The elements of a piece that begins at a place, and where it ends; None in doubt."""
    stack, seen = list(place.stack), set(place.seen)
    try:
        elements = tuple(_elements(text, stack, seen))
    except _Doubt:
        return None
    return elements, Place(tuple(stack), frozenset(seen))


def _elements(text: str, stack: list[str], seen: set[str]) -> Iterator[Element]:
    _sure(not _UNUSUAL.search(text))
    at, end = 0, len(text)
    while at < end:
        if text[at] != "<":
            found = _TEXT.match(text, at)
            _sure(
                bool(found and found[0]) and (not found[0].strip(" \n\t") or _may_hold_text(stack))
            )  # a bare & is no text
        elif found := _END.match(text, at):
            _sure(stack.pop() == found[1])
        elif found := _START.match(text, at):
            name = found[1]
            one = Element(name, _attributes(found[2]), name == "label" or "label" in stack)
            _enter(stack, name, one.attributes, foreign="svg" in stack, solidus=bool(found[3]))
            if name in ("html", "head", "body"):
                _sure(name not in seen and (name != "body" or "head" in seen))
                seen.add(name)
            yield one
            if name in RAW and "svg" not in stack:
                at = _raw(text, found.end(), name)
                stack.pop()
                continue
        else:
            found = _COMMENT.match(text, at)
            _sure(found is not None)
        assert found
        at = found.end()


def _sure(right: bool) -> None:
    if not right:
        raise _Doubt


def _may_hold_text(stack: list[str]) -> bool:
    return stack[-1] not in NO_TEXT and ("svg" not in stack or stack[-1] == "text")


@lru_cache(20_000)  # the frame of every page is the same
def _attributes(written: str) -> dict[str, str]:
    found = [(name.lower(), double or single) for name, double, single in _ATTRIBUTE.findall(written)]
    attributes = {name: html.unescape(value) if "&" in value else value for name, value in found}
    _sure(len(attributes) == len(found))
    return attributes


def _enter(stack: list[str], name: str, attributes: Iterable[str], *, foreign: bool, solidus: bool) -> None:
    """Open an element where the parser would leave it."""
    parent = stack[-1]
    allowed = DIV_IN_DL if parent == "div" and stack[-2] == "dl" else INSIDE.get(parent, FLOW)
    _sure(name in allowed and name in KNOWN)
    if foreign:
        if not solidus:
            stack.append(name)
        return
    _sure(not (name in BLOCKS and "p" in stack))
    _sure(not (name in HEADINGS and parent in HEADINGS))
    _sure(not (name in ("a", "button", "form", "select", "label") and name in stack))
    _sure(not (name in LINKS and LINKS.intersection(stack)))
    if name in VOID:
        return
    _sure(not solidus or name == "svg")
    if not solidus:
        stack.append(name)


def _raw(text: str, start: int, name: str) -> int:
    """Where an element ends whose content is only text."""
    end = text.find(f"</{name}", start)
    inner = text[start:end]
    _sure(end >= 0 and text.startswith(f"</{name}>", end) and "<!--" not in inner)
    if inner and name in ("title", "textarea"):
        _sure(_TEXT.fullmatch(inner) is not None)
    return end + len(name) + 3
