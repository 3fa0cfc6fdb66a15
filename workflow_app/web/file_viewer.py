"""Looking at attached files without leaving the page: text, tables, pictures of pages, a list of what is in an archive.

Knows no flask: functions from a path to bytes or text. What comes from a file is rendered in a child process
(``files/sandbox``); the HTML is rebuilt from a strict allow-list, without pictures, styles, ids or anything that a
browser would load by itself (ADR 2, security.md 31, 39, 41).
"""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

import nh3

from workflow_app.conversion import heic, libreoffice
from workflow_app.conversion.libreoffice import Converter
from workflow_app.errors import N_, Sentence, WorkflowError
from workflow_app.files import pdf_pages as pdf
from workflow_app.files import sandbox, xml_limits, zip_limits
from workflow_app.files import text_encoding as text_files
from workflow_app.web import table_look as table_sheets
from workflow_app.web.word_inserts import MAX_PART
from workflow_app.web.word_markup import Plain

MAX_XML = 32 << 20
MAX_HTML = 4 << 20
MAX_TEXT = 2_000_000  # characters of an ODT on one page
MAX_LISTED = 1000
SECONDS = 8  # a reader waits no longer for a look; what takes more is downloaded
MAX_PLAIN = 300_000  # characters of a text file: a hundred sheets

_TAGS = {"p", "h2", "h3", "h4", "h5", "h6", "br", "ul", "ol", "li", "strong", "em", "u", "s", "sup", "sub", "a"} | {
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
_INSERTED = (".htm", ".html", ".xhtml", ".mht", ".mhtml", ".txt", ".docx", ".rtf", ".dat")  # parts inserted whole
_ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
_HEADINGS = "\n".join(f"p[style-name='Heading {level}'] => h{min(level + 1, 6)}:fresh" for level in range(1, 7))
_STYLES = f"p[style-name='Title'] => h2:fresh\n{_HEADINGS}\nu => u\nstrike => s"


UNSHOWN: Mapping[str, Sentence] = {  # what a look may leave out, in the order in which it is told
    "pictures": N_("рисунки"), "charts": N_("диаграммы"), "shapes": N_("фигуры и линии"),
    "formulas": N_("формулы старого вида"), "objects": N_("вставленные объекты"), "parts": N_("вставленные файлы"),
    "sheets": N_("скрытые листы"), "comments": N_("примечания"), "running": N_("колонтитулы"), "deleted": N_("удалённое в режиме правки"),
}  # fmt: skip


_FAILED = N_("Просмотр не получился, скачайте файл.")
BUSY = N_("Просмотр ещё готовится: сейчас открыто много файлов. Обновите страницу через минуту или скачайте файл.")


class Unviewable(WorkflowError):
    """The file cannot be shown here; it can still be downloaded. ``lasting``: it is the file's fault, not the moment's."""

    def __init__(self, sentence: Sentence = _FAILED, *, lasting: bool = True) -> None:
        super().__init__(sentence)
        self.lasting = lasting


@dataclass(frozen=True, slots=True)
class Look:
    """What is shown of a text: safe HTML of a DOCX or plain text of an ODT, what is left out of it, whether it was cut."""

    body: str
    unshown: Mapping[str, int] = field(default_factory=dict)  # key of UNSHOWN -> how many
    cut: bool = False

    def packed(self) -> bytes:
        """Return the look as JSON."""
        return json.dumps([self.body, self.unshown, self.cut], ensure_ascii=False).encode()

    @classmethod
    def unpacked(cls, data: bytes) -> Look:
        """Return what was packed."""
        return cls(*json.loads(data))

    def missing(self) -> list[tuple[Sentence, int]]:
        """Return what is left out, each with its number."""
        return [(word, self.unshown[key]) for key, word in UNSHOWN.items() if self.unshown.get(key)]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line in the list of an archive: a name and a size in bytes."""

    name: str
    size: int


def docx_html(path: Path) -> str:
    """The text of a DOCX as safe HTML, for a document that the program itself made."""
    return docx_look(path).body


def docx_look(path: Path) -> Look:
    """A DOCX as safe HTML: headings from h2 down, lists, tables, links; a picture or a chart is named, not shown."""
    with _viewing():
        return Look.unpacked(sandbox.call(docx_job, str(path), seconds=SECONDS))


def odt_look(path: Path) -> Look:
    """The text of an ODT, a paragraph a line; deleted text and comments are left out."""
    with _viewing():
        return Look.unpacked(sandbox.call(odt_job, str(path), seconds=SECONDS))


def table_look(path: Path) -> Look:
    """A workbook or a CSV as tables of safe HTML."""
    with _viewing():
        return Look.unpacked(sandbox.call(table_job, str(path), seconds=SECONDS))


def heic_jpeg(path: Path) -> bytes:
    """A HEIC photograph as JPEG."""
    with _viewing():
        return heic.jpeg(path, SECONDS)


def printed(path: Path, extension: str, office: Converter) -> bytes:
    """A PDF of an office file as LibreOffice prints it, of its first pages."""
    with _viewing():
        try:
            return office.look(path.read_bytes(), extension)
        except (libreoffice.Busy, libreoffice.Absent) as error:
            raise Unviewable(BUSY, lasting=False) from error


def plain_text(path: Path) -> str:
    """The beginning of a text file, at most MAX_PLAIN characters: a template shows it escaped."""
    with _viewing():
        try:
            text = text_files.beginning(path, MAX_PLAIN + 1)
        except text_files.NotText as error:
            raise Unviewable from error
    return text if len(text) <= MAX_PLAIN else f"{text[:MAX_PLAIN]}\n[дальше не показано: скачайте файл]"


def pdf_pages(path: Path) -> int:
    """How many pages a PDF has."""
    with _viewing():
        return pdf.pages(path, SECONDS)


def pdf_page_png(path: Path, page: int, width: int) -> bytes:
    """A picture of a page (from 1), ``width`` pixels wide (100 to 2400); takes about 0.3 s: keep it by hash."""
    with _viewing():
        return pdf.page_png(path, page, width, SECONDS)


def listing(path: Path) -> tuple[Entry, ...]:
    """What is in an archive, at most 1,000 files, in the order of the archive; nothing is unpacked."""
    with _viewing(), zip_limits.opened(path) as archive:
        return tuple(Entry(one.name, one.size) for one in archive.members if not one.folder)[:MAX_LISTED]


def table_job(path: str, _data: bytes) -> bytes:
    """In the child: a table to HTML."""
    return Look(*table_sheets.look(path)).packed()


def docx_job(path: str, _data: bytes) -> bytes:
    """In the child: DOCX to HTML."""
    import mammoth  # noqa: PLC0415 - only the child needs it
    import mammoth.html as nodes  # noqa: PLC0415 - as above

    def named(image: object) -> list[object]:
        alt = getattr(image, "alt_text", None)
        return [nodes.text(f"[рисунок: {alt}]" if alt else "[рисунок]")]

    plain = Plain(_parts(Path(path)))
    found = mammoth.convert_to_html(
        _packed(plain.parts),
        convert_image=named,
        style_map=_STYLES,
        include_embedded_style_map=False,
        external_file_access=False,
    )
    if len(found.value) > MAX_HTML:
        raise Unviewable
    html = clean_html(found.value)
    if not nh3.clean(html, tags=set()).strip():  # an empty sheet of paper would be a lie
        raise Unviewable
    return Look(html, plain.unshown, plain.cut).packed()


def _parts(path: Path) -> dict[str, bytes]:
    """The parts of a Word file that text may come from, each XML checked; pictures and fonts stay where they are."""
    with zip_limits.opened(path) as archive:
        markup = [one for one in archive.members if one.name.endswith((".xml", ".rels"))]
        other = [one for one in archive.members if one.name.endswith(_INSERTED) and one.size <= MAX_PART]
        parts = {one.name: archive.read(one, MAX_XML) for one in markup + other}
    for one in markup:
        xml_limits.check_whole(parts[one.name])
    return parts


def _packed(parts: Mapping[str, bytes]) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    out.seek(0)
    return out


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
    with zip_limits.opened(Path(path)) as archive:
        data = archive.read(archive.names["content.xml"], MAX_XML)
    xml_limits.check_whole(data)
    unshown: Counter[str] = Counter()
    text = "\n".join(_paragraphs(data, unshown))
    if not text.strip():
        raise Unviewable
    return Look(text[:MAX_TEXT], unshown, cut=len(text) > MAX_TEXT).packed()


_SILENT = frozenset({"tracked-changes", "annotation"})
_SPACES: Mapping[str, str] = {"tab": "\t", "line-break": "\n", "s": " "}
_COUNTED: Mapping[str, str] = {
    "annotation": "comments",
    "deletion": "deleted",
    "object": "objects",
    "image": "pictures",
}
_PLACED: Mapping[str, str] = {"objects": "[вставленный объект]", "pictures": "[рисунок]"}


def _paragraphs(data: bytes, unshown: Counter[str]) -> Iterator[str]:
    """Yield the lines of an ODT, and count what has no place among them."""
    out = io.StringIO()
    silent = 0
    stands_for_object = False  # the picture after an object, in the same frame, is how the object looks

    def count(local: str) -> None:
        nonlocal stands_for_object
        kind = _COUNTED.get(local)
        if kind and not (local == "image" and stands_for_object):
            unshown[kind] += 1
            out.write("" if silent else _PLACED.get(kind, ""))
        if local in {"frame", "object"}:
            stands_for_object = local == "object"

    def start(name: str, _attributes: Mapping[str, str]) -> None:
        nonlocal silent
        local = name.rpartition(":")[2]
        silent += local in _SILENT
        count(local)
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
    except sandbox.NotTried as error:
        raise Unviewable(BUSY, lasting=False) from error
    except OSError as error:
        raise Unviewable(lasting=False) from error
    except Unviewable:
        raise
    except WorkflowError as error:
        raise Unviewable from error
