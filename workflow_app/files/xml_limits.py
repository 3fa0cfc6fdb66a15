"""XML from strangers: no document type (so no entities, no outside references), bounded depth, well formed.

The parts of office files never need a DTD; a part that has one is an attack (security.md 38), so it is refused rather
than parsed with care. The one exception are the bare names of document types that OpenOffice wrote into its parts: they
declare nothing here, and no parser of ours fetches what they name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from xml.parsers import expat

from workflow_app.errors import N_
from workflow_app.files.file_kinds import Refused
from workflow_app.files.zip_limits import BROKEN

_UNREADABLE = (expat.ExpatError, ValueError, LookupError)
PROLOG = 1 << 16  # bytes within which the first element must begin
MAX_DEPTH = 256

NO_TYPES: frozenset[tuple[str, str]] = frozenset()
_PARTS = "-//OpenOffice.org//DTD OfficeDocument 1.0//EN"
OPENOFFICE = frozenset(
    {
        ("-//OpenOffice.org//DTD Manifest 1.0//EN", "Manifest.dtd"),
        ("-//OpenOffice.org//DTD Modified W3C MathML 1.01//EN", "math.dtd"),
        ("-//W3C//DTD MathML 2.0//EN", "http://www.w3.org/Math/DTD/mathml2/mathml2.dtd"),
        *((_PARTS, f"{one}.dtd") for one in ("library", "libraries", "accelerator", "menubar", "toolbar", "statusbar")),
    }
)
"""Document types, by public and system identifier, that parts of OpenDocument may name without declaring anything."""

Types = frozenset[tuple[str, str]]
Watch = Callable[[str, Mapping[str, str]], None]

DOCTYPE = N_("В файле найдена опасная вставка (описание типа документа). Сохраните его заново в офисной программе.")
DEEP = N_("Файл устроен слишком сложно, его не удаётся проверить. Сохраните его заново в офисной программе.")


class _Begun(Exception):
    """The first element was reached: stop here."""


def looks_like_xml(head: bytes) -> bool:
    """Whether bytes begin as XML does, in any encoding that a parser would guess."""
    return head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")


def begins_as_xml(head: bytes) -> bool:
    """Whether a parser gets anywhere in what looks like XML: to an element, a document type, or the end of ``head``.

    Fonts and drawings are binary and may begin with the same byte; where a parser stops at once there is nothing to guard.
    """
    try:
        _element_begins(head, OPENOFFICE)
    except _UNREADABLE:
        return False
    except Refused:
        return True
    return True


def check_prolog(head: bytes, types: Types = NO_TYPES) -> None:
    """The beginning of a part: an element begins, and no document type but one of ``types`` stands before it."""
    try:
        begins = _element_begins(head, types)
    except _UNREADABLE as error:
        raise Refused(BROKEN) from error
    if not begins:
        raise Refused(BROKEN)


def _element_begins(head: bytes, types: Types) -> bool:
    def begun(_name: str, _attributes: Mapping[str, str]) -> None:
        raise _Begun

    parser = _parser(types)
    parser.StartElementHandler = begun
    try:
        parser.Parse(head[:PROLOG], False)  # noqa: FBT003 - expat takes it by place only
    except _Begun:
        return True
    return False


def check_whole(data: bytes, watch: Watch | None = None, types: Types = NO_TYPES) -> None:
    """A whole part, at once (expat 2.5 is quadratic on tokens cut in pieces). ``watch`` sees each element."""
    depth = 0

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise Refused(DEEP)
        if watch is not None:
            watch(name.rpartition(":")[2], attributes)

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser = _parser(types)
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(data, True)  # noqa: FBT003 - as above
    except _UNREADABLE as error:
        raise Refused(BROKEN) from error


def _parser(types: Types) -> expat.XMLParserType:
    def doctype(_name: str, system: str | None, public: str | None, has_subset: int) -> None:
        if has_subset or (public, system) not in types:
            raise Refused(DOCTYPE)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    return parser
