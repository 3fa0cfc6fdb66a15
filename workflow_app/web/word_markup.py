"""WordprocessingML made plainer before it becomes HTML, so that the look at a file loses nothing that its reader sees.

The library behind the view leaves out what it does not know. Here each construct of ECMA-376 that it leaves out has one
place: it is rebuilt from paragraphs and runs, or a placeholder stands for it and it is counted in ``Plain.unshown``. A
file that is too heavy is cut, and says so. Runs in the child (``files/sandbox``).
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

from workflow_app.files import xml_limits
from workflow_app.web.word_formulas import attribute, first, formula_text, local
from workflow_app.web.word_inserts import inserted_text

MAX_PIECES = 20_000  # paragraphs and runs: about 2 s of work
MAX_CHARACTERS = 1_000_000

_BODIES = {"document", "footnotes", "endnotes"}  # what is shown; headers, footers and comments are only counted
_AS_THEY_ARE = {"pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr", "sdtPr"}
_NO = {"0", "false", "off"}
_BOX = {True: "☒", False: "☐"}


class Plain:
    """The plainer parts of one file, what of it is not shown (kind -> how many) and whether its end was cut off."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self.unshown: Counter[str] = Counter()
        self.cut = False
        self.left, self.characters = MAX_PIECES, MAX_CHARACTERS
        self._given = parts
        self.parts = {name: self._rewritten(name, data) for name, data in parts.items()}

    def _rewritten(self, name: str, data: bytes) -> bytes:
        if not (name.startswith("word/") and name.endswith(".xml") and posixpath.dirname(name) == "word"):
            return data
        root = _tree(data)
        kind = local(root.tag)
        if kind in _BODIES:
            made: bytes = ET.tostring(_Part(self, name, root).rebuilt_root(root), "utf-8")
            return made
        if kind == "comments":
            self.unshown["comments"] += sum(local(one.tag) == "comment" for one in root)
        elif kind in {"hdr", "ftr"}:
            self.unshown["running"] += any(local(one.tag) == "t" and one.text for one in root.iter())
        return data

    def related(self, name: str, id_: str | None) -> tuple[str, bytes] | None:
        """Return the name and the bytes of the part that another one names by a relationship."""
        folder, file = posixpath.split(name)
        relations = self._given.get(f"{folder}/_rels/{file}.rels")
        for one in _tree(relations) if relations else ():
            if one.get("Id") == id_ and one.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, one.get("Target", ""))).lstrip("/")
                return (target, self._given[target]) if target in self._given else None
        return None


def _tree(data: bytes) -> Element:
    xml_limits.check_whole(data)
    return ET.fromstring(data)  # noqa: S314 - it has no document type, so no entities


class _Part:
    """One part while it is rebuilt, in the order of its text."""

    def __init__(self, file: Plain, name: str, root: Element) -> None:
        self.file, self.name = file, name
        self._space = root.tag.rpartition("}")[0] + "}"
        kinds = Counter(attribute(one, "fldCharType") for one in root.iter() if local(one.tag) == "fldChar")
        self.fields: list[str] | None = (
            [] if kinds["begin"] == kinds["end"] else None
        )  # phases; None: not to be trusted

    def rebuilt_root(self, root: Element) -> Element:
        root[:] = self.inside(root)
        return root

    def rebuilt(self, element: Element) -> list[Element]:
        """Return what stands for an element."""
        name = local(element.tag)
        if name in _AS_THEY_ARE:
            return [element]
        if name in {"p", "r"}:
            self.file.left -= 1
        if self.file.left < 0 or self.file.characters < 0:
            self.file.cut = True
            return []
        made = _CONSTRUCTS.get(name)
        return made(self, element) if made else [self.rebuilt_root(element)]

    def inside(self, element: Element | None) -> list[Element]:
        """Return what stands for the content of an element."""
        return [new for one in (element if element is not None else ()) for new in self.rebuilt(one)]

    def make(self, name: str, *content: Element) -> Element:
        """Return a new element of WordprocessingML."""
        made = Element(self._space + name)
        made.extend(content)
        return made

    def text(self, words: str) -> Element:
        made = self.make("t")
        made.text = words
        return made

    def placed(self, kind: str, word: str, about: str | None) -> list[Element]:
        """Return the placeholder of something that is not shown, and count it."""
        self.file.unshown[kind] += 1
        about = " ".join((about or "").split())
        return [self.text(f"[{word}: {about}]" if about else f"[{word}]")]


def _text(part: _Part, element: Element) -> list[Element]:
    """Return a text, unless it is a piece of a field's code, which nobody sees."""
    part.file.characters -= len(element.text or "")
    return [] if part.fields and "code" in part.fields else [element]


def _unwrapped(part: _Part, element: Element) -> list[Element]:
    """Return the content alone: a simple field's stored result, a run in the other direction, a formula on its own line."""
    return part.inside(element)


def _field_mark(part: _Part, element: Element) -> list[Element]:
    """Follow a complex field; an old form's box or list has its state in the first mark."""
    kind = attribute(element, "fldCharType")
    if part.fields is not None:
        if kind == "begin":
            part.fields.append("code")
        elif kind == "separate" and part.fields:
            part.fields[-1] = "result"
        elif kind == "end" and part.fields:
            part.fields.pop()
    box, choice = first(element, "checkBox"), first(element, "ddList")
    if box is not None:
        state = first(box, "checked")
        state = first(box, "default") if state is None else state
        return [element, part.text(_BOX[_on(state)])]
    if choice is not None:
        entries = [attribute(one, "val") or "" for one in choice if local(one.tag) == "listEntry"]
        number = attribute(first(choice, "result"), "val") or attribute(first(choice, "default"), "val") or "0"
        chosen = entries[int(number)] if number.isdecimal() and int(number) < len(entries) else ""
        return [element, part.text(chosen)]
    return [element]


def _on(element: Element | None) -> bool:
    """Whether a switch of the format is on: there, and not switched off."""
    return element is not None and (attribute(element, "val") or "1") not in _NO


def _control(part: _Part, element: Element) -> list[Element]:
    """Return a content control; a box that is ticked or not becomes its sign, whatever font it was drawn in."""
    settings = next((one for one in element if local(one.tag) == "sdtPr"), None)
    content = next((one for one in element if local(one.tag) == "sdtContent"), None)
    box = first(settings, "checkbox") if settings is not None else None
    made = part.inside(content)
    if box is None:
        return made
    sign = _BOX[_on(first(box, "checked"))]
    for run in (one for new in made for one in new.iter() if local(one.tag) == "r"):
        run[:] = [one for one in run if local(one.tag) == "rPr"] + ([part.text(sign)] if sign else [])
        sign = ""
    return [part.make("r", part.text(sign)), *made] if sign else made


def _deleted(part: _Part, element: Element) -> list[Element]:
    """Return nothing for what a tracked change took away; what it brought is text."""
    part.file.unshown["deleted"] += any(local(one.tag) in {"delText", "t", "drawing", "pict"} for one in element.iter())
    return []


def _formula(part: _Part, element: Element) -> list[Element]:
    return [part.make("r", part.text(formula_text(element)))]


def _alternatives(part: _Part, element: Element) -> list[Element]:
    """Return the newest of several ways to say the same, where it is one that is known here."""
    ways = sorted(element, key=lambda one: local(one.tag) != "Choice")
    known = [one for one in ways if local(one.tag) == "Choice" and first(one, "drawing") is not None]
    chosen = known or ways[::-1]
    return part.inside(chosen[0] if chosen else None)


def _drawing(part: _Part, element: Element) -> list[Element]:
    """Return a chart's title, a scheme's words, the text of a drawn box, or the name of a picture."""
    named = first(element, "docPr")
    about = attribute(named, "descr") or attribute(named, "title")
    if (chart := first(element, "chart")) is not None:
        return part.placed("charts", "диаграмма", _chart_title(part, chart) or about)
    if (scheme := first(element, "relIds")) is not None:
        return part.placed("charts", "диаграмма", _words(part, attribute(scheme, "dm")) or about)
    boxes = [part.make("txbxContent", *part.inside(one)) for one in _outermost(element, "txbxContent")]
    made = [_pict(part, one) for one in boxes]
    if first(element, "blip") is not None:
        return made + part.placed("pictures", "рисунок", about)
    part.file.unshown["shapes"] += not boxes
    return made


def _outermost(element: Element, name: str) -> Iterator[Element]:
    for one in element:
        if local(one.tag) == name:
            yield one
        else:
            yield from _outermost(one, name)


def _pict(part: _Part, box: Element) -> Element:
    """Return a drawn box in the older way, the only one whose text is read."""
    outer = Element("{urn:schemas-microsoft-com:vml}textbox")
    outer.append(box)
    return part.make("pict", outer)


def _chart_title(part: _Part, chart: Element) -> str:
    found = part.file.related(part.name, attribute(chart, "id"))
    title = first(_tree(found[1]), "title") if found else None
    return "".join(one.text or "" for one in title.iter() if local(one.tag) == "t") if title is not None else ""


def _words(part: _Part, id_: str | None) -> str:
    """Return the words of a scheme (SmartArt), a point after a point."""
    found = part.file.related(part.name, id_)
    root = _tree(found[1]) if found else None
    points = [one for one in root.iter() if local(one.tag) == "pt"] if root is not None else []
    said = ("".join(one.text or "" for one in point.iter() if local(one.tag) == "t").strip() for point in points)
    return "; ".join(one for one in said if one)


def _old_drawing(part: _Part, element: Element) -> list[Element]:
    """Return the words of a drawing of older programs (VML): its boxes, its ornamental letters, or its picture's name."""
    if first(element, "txbxContent") is not None:
        return [part.rebuilt_root(element)]
    letters = attribute(first(element, "textpath"), "string")
    if letters:
        return [part.text(letters)]
    picture = first(element, "imagedata")
    return part.placed("pictures", "рисунок", attribute(picture, "title")) if picture is not None else []


def _object(part: _Part, element: Element) -> list[Element]:
    program = attribute(first(element, "OLEObject"), "ProgID") or ""
    if program.startswith("Equation"):
        return part.placed("formulas", "формула", "")
    return part.placed("objects", "вставленный объект", program.partition(".")[0])


def _inserted(part: _Part, element: Element) -> list[Element]:
    """Return the paragraphs of another file that was inserted whole, or say that one stands here."""
    found = part.file.related(part.name, attribute(element, "id"))
    lines = inserted_text(*found) if found else None
    if lines is None:
        return [part.make("p", part.make("r", *part.placed("parts", "вставленный файл", "")))]
    made = [part.make("p", part.make("r", part.text(line))) for line in lines]
    return [new for one in made for new in part.rebuilt(one)]


_CONSTRUCTS: Mapping[str, Callable[[_Part, Element], list[Element]]] = {
    "t": _text,
    "fldSimple": _unwrapped,
    "dir": _unwrapped,
    "bdo": _unwrapped,
    "ruby": _unwrapped,
    "rubyBase": _unwrapped,
    "rt": lambda _part, _element: [],
    "fldChar": _field_mark,
    "sdt": _control,
    "del": _deleted,
    "moveFrom": _deleted,
    "oMathPara": _unwrapped,
    "oMath": _formula,
    "AlternateContent": _alternatives,
    "drawing": _drawing,
    "pict": _old_drawing,
    "object": _object,
    "altChunk": _inserted,
    "subDoc": _inserted,
}
