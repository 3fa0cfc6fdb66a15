"""The words of files, as the search takes them; whatever cannot be read has none."""

import io

import docx
import pytest

from tests.core.files.kit import zipped
from workflow_app.files import plain_text
from workflow_app.files.sample_pdf import pdf_from_text
from workflow_app.files.write_table import write_xlsx

PARAGRAPHS = ("Конспект урока", "Цели: решать уравнения")
SLIDE = '<p:sld xmlns:p="x" xmlns:a="y"><a:p><a:r><a:t>{}</a:t></a:r></a:p></p:sld>'
ODT = (
    '<office:document-content xmlns:office="o" xmlns:text="t"><text:tracked-changes><text:p>Удалено</text:p></text:tracked-changes>'
    "<text:p>Конспект<text:s/>урока</text:p><office:annotation><text:p>Примечание</text:p></office:annotation></office:document-content>"
)


def word():
    document, out = docx.Document(), io.BytesIO()
    for one in PARAGRAPHS:
        document.add_paragraph(one)
    document.add_table(1, 1).cell(0, 0).text = "Таблица"
    document.save(out)
    return out.getvalue()


def taken(tmp_path, extension, data):
    path = tmp_path / "file"
    path.write_bytes(data)
    return plain_text.text_job(str(path), extension, b"").decode()


def test_a_word_file_has_its_paragraphs_and_cells(tmp_path):
    assert taken(tmp_path, "docx", word()).split("\n") == [*PARAGRAPHS, "Таблица"]


def test_slides_stand_in_their_order(tmp_path):
    slides = [(f"ppt/slides/slide{number}.xml", SLIDE.format(f"Слайд {number}").encode()) for number in (10, 2, 1)]
    assert taken(tmp_path, "pptx", zipped(slides)) == "Слайд 1\nСлайд 2\nСлайд 10"


def test_an_odt_has_no_deleted_words_and_comments(tmp_path):
    assert taken(tmp_path, "odt", zipped([("content.xml", ODT.encode())])) == "Конспект урока"


def test_a_pdf_a_table_and_a_plain_text_have_theirs(tmp_path):
    assert "уравнения" in taken(tmp_path, "pdf", pdf_from_text("Конспект", "Решаем уравнения"))
    assert taken(tmp_path, "xlsx", write_xlsx(("Имя", "Балл"), [("Анна", 5)], "Лист")).split() == [
        "Имя",
        "Балл",
        "Анна",
        "5",
    ]
    assert taken(tmp_path, "txt", "Привет,\r\n\r\n  мир".encode("cp1251")) == "Привет,\nмир"


def test_no_more_is_taken_than_a_hundred_sheets(tmp_path):
    assert len(taken(tmp_path, "txt", b"word " * 100_000)) <= plain_text.MOST


@pytest.mark.parametrize("extension", ["docx", "pptx", "odt", "pdf", "xlsx", "jpg", "", "exe"])
def test_what_cannot_be_read_has_no_words(tmp_path, extension):
    """In a child, as the worker asks: nothing is raised."""
    path = tmp_path / "broken"
    path.write_bytes(b"\x00PK\x03\x04 broken \xff")
    assert plain_text.words_of(path, extension) == ""
