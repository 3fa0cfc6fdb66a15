"""Looking at attached files without leaving the page: DOCX and ODT as text, PDF as pictures of pages, ZIP as a list.

Knows no flask: functions from a path to bytes or text. What comes from a file is rendered in a child process
(``store/sandbox``); the HTML is rebuilt from a strict allow-list, without pictures, styles, ids or anything that a
browser would load by itself (decisions.md 23, security.md 31, 39, 41).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

import nh3

from workflow_app.errors import N_, WorkflowError
from workflow_app.store import pdf, sandbox, xml_guard, zip_guard

MAX_XML = 32 << 20
MAX_HTML = 4 << 20
MAX_LISTED = 1000

_TAGS = {"p", "h2", "h3", "h4", "h5", "h6", "br", "ul", "ol", "li", "strong", "em", "u", "s", "sup", "sub", "a"} | {
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
_ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
_HEADINGS = "\n".join(f"p[style-name='Heading {level}'] => h{min(level + 1, 6)}:fresh" for level in range(1, 7))
_STYLES = f"p[style-name='Title'] => h2:fresh\n{_HEADINGS}\nu => u\nstrike => s"


class Unviewable(WorkflowError):
    """The file cannot be shown here; it can still be downloaded."""

    def __init__(self) -> None:
        super().__init__(N_("Просмотр не получился, скачайте файл."))


@dataclass(frozen=True, slots=True)
class Entry:
    """A line in the list of an archive: a name and a size in bytes."""

    name: str
    size: int


def docx_html(path: Path) -> str:
    """The text of a DOCX as safe HTML: headings from h2 down, lists, tables, links; pictures are named, not shown."""
    with _viewing():
        return sandbox.call(docx_job, str(path)).decode()


def odt_text(path: Path) -> str:
    """The text of an ODT, a paragraph a line; deleted text and comments are left out."""
    with _viewing():
        return sandbox.call(odt_job, str(path)).decode()


def pdf_pages(path: Path) -> int:
    """How many pages a PDF has."""
    with _viewing():
        return pdf.pages(path)


def pdf_page_png(path: Path, page: int, width: int) -> bytes:
    """A picture of a page (from 1), ``width`` pixels wide (100 to 2400); takes about 0.3 s: keep it by hash."""
    with _viewing():
        return pdf.page_png(path, page, width)


def listing(path: Path) -> tuple[Entry, ...]:
    """What is in an archive, at most 1,000 files, in the order of the archive; nothing is unpacked."""
    with _viewing(), zip_guard.opened(path) as archive:
        return tuple(Entry(one.name, one.size) for one in archive.members if not one.folder)[:MAX_LISTED]


def docx_job(path: str, _data: bytes) -> bytes:
    """In the child: DOCX to HTML."""
    import mammoth  # noqa: PLC0415 - only the child needs it
    import mammoth.html as nodes  # noqa: PLC0415

    def named(image: object) -> list[object]:
        alt = getattr(image, "alt_text", None)
        return [nodes.text(f"[рисунок: {alt}]" if alt else "[рисунок]")]

    with zip_guard.opened(Path(path)) as archive:
        for member in archive.members:
            if member.name.endswith((".xml", ".rels")):
                xml_guard.check_whole(archive.read(member, MAX_XML))
    with Path(path).open("rb") as file:
        found = mammoth.convert_to_html(
            file,
            convert_image=named,
            style_map=_STYLES,
            include_embedded_style_map=False,
            external_file_access=False,
        )
    if len(found.value) > MAX_HTML:
        raise Unviewable
    return clean_html(found.value).encode()


def clean_html(html: str) -> str:
    """Only the allowed tags; links to http, https and mailto, without a referrer; no pictures, styles or ids."""
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )


def odt_job(path: str, _data: bytes) -> bytes:
    """In the child: the paragraphs of an ODT."""
    with zip_guard.opened(Path(path)) as archive:
        data = archive.read(archive.names["content.xml"], MAX_XML)
    xml_guard.check_whole(data)
    return "\n".join(_paragraphs(data)).encode()


_SILENT = frozenset({"tracked-changes", "annotation"})
_SPACES: Mapping[str, str] = {"tab": "\t", "line-break": "\n", "s": " "}


def _paragraphs(data: bytes) -> Iterator[str]:
    out = io.StringIO()
    silent = 0

    def start(name: str, _attributes: Mapping[str, str]) -> None:
        nonlocal silent
        local = name.rpartition(":")[2]
        silent += local in _SILENT
        if not silent:
            out.write(_SPACES.get(local, ""))

    def end(name: str) -> None:
        nonlocal silent
        local = name.rpartition(":")[2]
        silent -= local in _SILENT
        if local in {"p", "h"} and not silent:
            out.write("\n")

    def text(piece: str) -> None:
        if not silent:
            out.write(piece)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.Parse(data, True)  # noqa: FBT003 - expat takes it by place only
    return (line.rstrip() for line in out.getvalue().splitlines())


@contextmanager
def _viewing() -> Iterator[None]:
    """Whatever goes wrong is one sentence: a viewer is a convenience, the file itself stays available."""
    try:
        yield
    except (WorkflowError, OSError) as error:
        raise Unviewable from error
