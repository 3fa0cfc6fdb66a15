"""What kinds of files people may attach: the allow-list, and the word for a refusal (domain.md 4 and 0a.14)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workflow_app.errors import WorkflowError


class Refused(WorkflowError):
    """The file may not be attached; the sentence says why and what to do."""


class Kind(StrEnum):
    """What a file is for the person who reads it."""

    PDF = "pdf"
    TEXT = "text"
    SLIDES = "slides"
    TABLE = "table"
    IMAGE = "image"
    ARCHIVE = "archive"


class Form(StrEnum):
    """How a file is built, and so how its content is checked."""

    PDF = "pdf"
    OOXML = "ooxml"
    ODF = "odf"
    OLE = "ole"
    RTF = "rtf"
    RASTER = "raster"
    HEIC = "heic"
    ZIP = "zip"
    PACKED = "packed"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Accepted:
    """One line of the allow-list. ``mark`` is what the content must name: a main content type, a format, a member."""

    extension: str
    kind: Kind
    form: Form
    media_type: str
    mark: str = ""


def _words(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."

_LIST = (
    Accepted("pdf", Kind.PDF, Form.PDF, "application/pdf"),
    Accepted("docx", Kind.TEXT, Form.OOXML, f"{_OFFICE}wordprocessingml.document", "wordprocessingml.document.main"),
    Accepted(
        "pptx", Kind.SLIDES, Form.OOXML, f"{_OFFICE}presentationml.presentation", "presentationml.presentation.main"
    ),
    Accepted("ppsx", Kind.SLIDES, Form.OOXML, f"{_OFFICE}presentationml.slideshow", "presentationml.slideshow.main"),
    Accepted("xlsx", Kind.TABLE, Form.OOXML, f"{_OFFICE}spreadsheetml.sheet", "spreadsheetml.sheet.main"),
    Accepted("odt", Kind.TEXT, Form.ODF, f"{_OPEN}text"),
    Accepted("odp", Kind.SLIDES, Form.ODF, f"{_OPEN}presentation"),
    Accepted("ods", Kind.TABLE, Form.ODF, f"{_OPEN}spreadsheet"),
    Accepted("doc", Kind.TEXT, Form.OLE, "application/msword"),
    Accepted("ppt", Kind.SLIDES, Form.OLE, "application/vnd.ms-powerpoint"),
    Accepted("xls", Kind.TABLE, Form.OLE, "application/vnd.ms-excel"),
    Accepted("rtf", Kind.TEXT, Form.RTF, "application/rtf"),
    Accepted("txt", Kind.TEXT, Form.PLAIN, "text/plain"),
    Accepted("csv", Kind.TABLE, Form.PLAIN, "text/csv"),
    Accepted("jpg", Kind.IMAGE, Form.RASTER, "image/jpeg", "JPEG"),
    Accepted("jpeg", Kind.IMAGE, Form.RASTER, "image/jpeg", "JPEG"),
    Accepted("png", Kind.IMAGE, Form.RASTER, "image/png", "PNG"),
    Accepted("heic", Kind.IMAGE, Form.HEIC, "image/heic"),
    Accepted("epub", Kind.ARCHIVE, Form.PACKED, "application/epub+zip", "META-INF/container.xml"),
    Accepted("sb3", Kind.ARCHIVE, Form.PACKED, "application/x.scratch.sb3", "project.json"),
    Accepted("ggb", Kind.ARCHIVE, Form.PACKED, "application/vnd.geogebra.file", "geogebra.xml"),
    Accepted("zip", Kind.ARCHIVE, Form.ZIP, "application/zip"),
)
ACCEPTED = {one.extension: one for one in _LIST}
ACCEPTED["jfif"] = ACCEPTED["jpg"]  # Chrome on Windows saves photographs so; kept under the name that all programs know

WITH_MACROS = frozenset({"docm", "dotm", "xlsm", "xltm", "xlam", "xlsb", "pptm", "potm", "ppsm", "ppam"})
RUNNABLE = WITH_MACROS | frozenset(
    _words(
        "exe scr pif bat cmd msi msp msix dll cpl sys vbs vbe js jse mjs wsf wsh hta ps1 psm1 jar apk app lnk url reg",
        "scf inf chm iso img vhd html htm xhtml xht mht mhtml shtml svg svgz swf php phtml asp aspx jsp py sh pl rb",
    ),
)
"""Extensions that never pass: as the second extension of a name, or inside an archive."""
PAGES = _words("html htm xhtml svg")
"""Runnable in a browser only: a lesson packed as an archive holds them, and they are never shown from here."""
SCRIPTS = _words("js mjs")
ZIPPED = frozenset(one.extension for one in _LIST if one.form in {Form.OOXML, Form.ODF, Form.PACKED})
"""Kinds of files that are zips themselves and may lie in an archive."""
ARCHIVES = _words("zip rar 7z tar gz tgz bz2 xz lzma zst cab arj lzh ace z jar")
