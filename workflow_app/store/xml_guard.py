"""XML from strangers: no document type (so no entities, no outside references), bounded depth, well formed.

The parts of office files never need a DTD; a part that has one is an attack (security.md 38), so it is refused rather
than parsed with care.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from xml.parsers import expat

from workflow_app.errors import N_
from workflow_app.store.file_kinds import Refused
from workflow_app.store.zip_guard import BROKEN

PROLOG = 1 << 16  # bytes within which the first element must begin
MAX_DEPTH = 256

Watch = Callable[[str, Mapping[str, str]], None]

DOCTYPE = N_("В файле найдена опасная вставка (описание типа документа). Сохраните его заново в офисной программе.")
DEEP = N_("Файл устроен слишком сложно, его не удаётся проверить. Сохраните его заново в офисной программе.")


class _Begun(Exception):
    """The first element was reached: stop here."""


def looks_like_xml(head: bytes) -> bool:
    """Whether bytes begin as XML does, in any encoding that a parser would guess."""
    return head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")


def check_prolog(head: bytes) -> None:
    """The beginning of a part: an element begins, and no document type stands before it."""

    def begun(_name: str, _attributes: Mapping[str, str]) -> None:
        raise _Begun

    parser = _parser()
    parser.StartElementHandler = begun
    try:
        parser.Parse(head[:PROLOG], False)  # noqa: FBT003 - expat takes it by place only
    except _Begun:
        return
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Refused(BROKEN) from error
    raise Refused(BROKEN)


def check_whole(data: bytes, watch: Watch | None = None) -> None:
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

    parser = _parser()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(data, True)  # noqa: FBT003 - as above
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Refused(BROKEN) from error


def _parser() -> expat.XMLParserType:
    def doctype(*_args: object) -> None:
        raise Refused(DOCTYPE)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    return parser
