"""Sample files of the demo are real ones: they pass the same inspection as anybody's."""

from datetime import UTC, datetime

import pypdfium2

from workflow_app import clock
from workflow_app.files.inspect_upload import Kind, inspect
from workflow_app.files.sample_pdf import pdf_from_text

TEXT = "Съешь ещё этих мягких французских булок, да выпей чаю.\n\n" + "Второй абзац «с кавычками» — и тире. " * 200


def test_a_sample_is_a_pdf_whose_russian_text_can_be_read_and_copied(tmp_path):
    path = tmp_path / "sample.pdf"
    path.write_bytes(pdf_from_text("Рабочая программа № 1", TEXT))
    assert inspect(path, "Программа.pdf").kind is Kind.PDF
    with pypdfium2.PdfDocument(path) as document:
        assert len(document) > 1
        text = document[0].get_textpage().get_text_range()
    assert "Рабочая программа № 1" in text
    assert "Съешь ещё этих мягких французских булок" in text


def test_the_same_moment_gives_the_same_bytes():
    with clock.at(datetime(2026, 9, 1, 9, tzinfo=UTC)):
        assert pdf_from_text("Справка", TEXT) == pdf_from_text("Справка", TEXT)
