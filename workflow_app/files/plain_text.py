"""The words of a file from strangers, for the search: of Word, PowerPoint, OpenDocument, PDF, tables and plain text.

Taken in a child process (``sandbox``). Whatever cannot be read has no words; pictures and scans have none.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final
from xml.parsers import expat

from workflow_app.errors import WorkflowError
from workflow_app.files import pdf_pages, sandbox, text_encoding, xml_limits, zip_limits

MOST: Final = 300_000  # characters: a hundred sheets
_MAX_PART: Final = 32 << 20  # bytes of an XML part
_SPACES: Final = re.compile(r"[\x00-\x1f\x7f \u00a0]+")  # and controls, of a line
_PARTS: Final[Mapping[str, re.Pattern[str]]] = {  # where the words of a package stand
    "docx": re.compile(r"word/(document|footnotes|endnotes)\.xml"), "pptx": re.compile(r"ppt/slides/slide\d+\.xml"),
    "odt": re.compile(r"content\.xml"), "odp": re.compile(r"content\.xml"),
}  # fmt: skip
_TABLES: Final = ("xlsx", "xls", "ods")
_PLAIN: Final = ("txt", "csv")
_SILENT: Final = frozenset(
    {"tracked-changes", "annotation", "delText", "instrText"}
)  # deleted text, comments, codes of fields


def is_read(extension: str) -> bool:
    """Whether files with this extension may have words."""
    return extension in (*_PARTS, *_TABLES, *_PLAIN, "pdf")


def words_of(path: Path, extension: str, seconds: float = sandbox.SECONDS) -> str:
    """Return the text of a file, at most MOST characters; empty when there is none or it cannot be read. ``NotTried`` is raised."""
    if not is_read(extension):
        return ""
    try:
        return sandbox.call(text_job, str(path), extension, seconds=seconds).decode()
    except sandbox.NotTried:
        raise
    except WorkflowError:
        return ""


def text_job(path: str, extension: str, _data: bytes) -> bytes:
    """In the child: the text in UTF-8, lines trimmed, no empty ones."""
    found = io.StringIO()
    for piece in _pieces(path, extension):
        found.write(f"{piece}\n")
        if found.tell() > MOST:
            break
    lines = (_SPACES.sub(" ", line).strip() for line in found.getvalue()[:MOST].splitlines())
    return "\n".join(line for line in lines if line).encode(errors="ignore")


def _pieces(path: str, extension: str) -> Iterator[str]:
    if extension == "pdf":
        yield from pdf_pages.texts(path)
    elif extension in _TABLES:
        yield from _cells(path)
    elif extension in _PLAIN:
        yield text_encoding.beginning(Path(path), MOST)
    else:
        yield from _package(path, _PARTS[extension])


def _package(path: str, wanted: re.Pattern[str]) -> Iterator[str]:
    with zip_limits.opened(Path(path)) as archive:
        parts = [one for one in archive.members if wanted.fullmatch(one.name)]
        for part in sorted(parts, key=lambda one: (len(one.name), one.name)):  # slide2 before slide10
            data = archive.read(part, _MAX_PART)
            xml_limits.check_whole(data)
            yield _markup(data)


def _markup(data: bytes) -> str:
    """Return what stands in the paragraphs of a part, a line each."""
    out, inside, silent = io.StringIO(), 0, 0

    def start(name: str, _attributes: Mapping[str, str]) -> None:
        nonlocal inside, silent
        local = name.rpartition(":")[2]
        inside += local in {"p", "h"}
        silent += local in _SILENT
        if local in {"tab", "br", "s", "line-break"}:
            out.write(" ")

    def end(name: str) -> None:
        nonlocal inside, silent
        local = name.rpartition(":")[2]
        inside -= local in {"p", "h"}
        silent -= local in _SILENT
        if local in {"p", "h"}:
            out.write("\n")

    def text(piece: str) -> None:
        if inside and not silent:
            out.write(piece)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.Parse(data, True)  # noqa: FBT003 - expat takes it by place only
    return out.getvalue()


def _cells(path: str) -> Iterator[str]:
    import python_calamine  # noqa: PLC0415 - only a child needs this native code

    book = python_calamine.load_workbook(path)
    for name in book.sheet_names:
        for row in book.get_sheet_by_name(name).iter_rows():
            yield " ".join(map(_cell, row))


def _cell(value: object) -> str:
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)
