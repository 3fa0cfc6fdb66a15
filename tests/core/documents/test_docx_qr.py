"""A QR code comes into a file that a template made, wherever the template left its mark."""

import io
import zipfile

import docx

from tests.core.documents import samples
from workflow_app.documents.checks.content import described
from workflow_app.documents.checks.package import opened
from workflow_app.documents.docx import qr_code, write
from workflow_app.documents.docx.parts import qr_mark
from workflow_app.documents.kinds.registry import KINDS

ADDRESS = "https://expertise.example.org/check/K7QF2M9X4TPD"


def marked(where):
    """A file with the mark in a part, as a rendered template has it."""
    word = docx.Document()
    section = word.sections[0]
    place = {"body": word, "footer": section.footer, "first": section.first_page_footer}[where]
    section.different_first_page_header_footer = True
    (place.paragraphs[0] if where != "body" else word.add_paragraph()).add_run(f"до {qr_mark(ADDRESS)} после")
    buffer = io.BytesIO()
    word.save(buffer)
    return buffer.getvalue()


def test_the_mark_becomes_a_picture_that_reads_its_address_aloud():
    for where in ("body", "footer", "first"):
        data = qr_code.pictured(marked(where))
        package = opened(data)
        said = [
            words
            for name in package.trees
            if name.startswith("word/") and name.endswith(".xml")
            for words in described(package, name)
        ]
        assert said == [f"{qr_code.QR_WORDS} {ADDRESS}"], where
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            assert parts.read("word/media/qr.png") == qr_code.qr(ADDRESS)
            assert not any("\ue010" in parts.read(name).decode("utf-8", "ignore") for name in parts.namelist())
        docx.Document(io.BytesIO(data))
        assert qr_code.shows(data)


def test_a_file_without_the_mark_stays_as_it_is():
    data = write.write(KINDS["order"].compose(samples.order()))
    assert qr_code.pictured(data) is data
    assert not qr_code.shows(data)
    assert qr_code.shows(write.write(KINDS["consolidated_conclusion"].compose(samples.material_conclusion())))
