"""PDF through pdfium: how many pages, and pictures of pages. Always in a child process (``sandbox``).

pdfium is not thread safe and is native code fed by strangers: one process per call settles both. The only module that
knows pypdfium2.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from workflow_app.errors import N_
from workflow_app.files import sandbox
from workflow_app.files.file_kinds import Refused
from workflow_app.files.zip_limits import BROKEN, LOCKED

if TYPE_CHECKING:
    import pypdfium2

MAX_PIXELS = 12_000_000
MIN_WIDTH = 100
MAX_WIDTH = 2400

_PASSWORD = 4  # FPDF_ERR_PASSWORD


def pages(path: Path, seconds: float = sandbox.SECONDS) -> int:
    """How many pages; raises a WorkflowError when the file is broken or locked by a password."""
    return int(sandbox.call(count_job, str(path), seconds=seconds))


def page_png(path: Path, page: int, width: int, seconds: float = sandbox.SECONDS) -> bytes:
    """A picture of a page (counted from 1), ``width`` pixels wide within bounds, as PNG."""
    return sandbox.call(picture_job, str(path), page, width, seconds=seconds)


def count_job(path: str, _data: bytes) -> bytes:
    """In the child: the number of pages in decimal digits."""
    with _opened(path) as document:
        return str(len(document)).encode()


def picture_job(path: str, page: int, width: int, _data: bytes) -> bytes:
    """In the child: one page as a PDF reader shows it, with what a form was filled in with, stamps and notes.

    Never more than MAX_PIXELS however long the page is.
    """
    with _opened(path) as document:
        document.init_forms()  # before a page is loaded; without it fields and signatures are not drawn
        if not 1 <= page <= len(document):
            raise Refused(N_("В файле нет страницы %(page)s.", page=page))
        sheet = document[page - 1]
        across, down = sheet.get_size()
        scale = min(max(width, MIN_WIDTH), MAX_WIDTH) / max(across, 1)
        scale = min(scale, (MAX_PIXELS / (max(across, 1) * max(down, 1))) ** 0.5)
        picture = sheet.render(scale=scale, may_draw_forms=True, draw_annots=True).to_pil()
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def texts(path: str) -> Iterator[str]:
    """In a child: yield the words of each page; a scan has none."""
    with _opened(path) as document:
        for page in document:
            yield page.get_textpage().get_text_range()


def _opened(path: str) -> pypdfium2.PdfDocument:
    import pypdfium2  # noqa: PLC0415 - only a child needs this native code

    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise Refused(LOCKED if error.err_code == _PASSWORD else BROKEN) from error
