"""What honest programs write a little oddly is accepted, or refused with a way out."""

import pytest

from tests.core.files import kit
from workflow_app.files.inspect_upload import Kind, Refused

PDF, DOCX, ZIP = (kit.ACCEPTED[one] for one in ("pdf", "docx", "zip"))


@pytest.mark.parametrize("behind", [b"\n", b"\r\n", b"\0" * 4096, b" \t\n\0" * 100])
def test_white_space_and_zeros_behind_a_file_are_no_damage(look, behind):
    """Case 08: Word, LibreOffice and unzip open such files."""
    assert look(DOCX + behind, "план.docx").kind is Kind.TEXT
    assert look(ZIP + behind, "архив.zip").kind is Kind.ARCHIVE
    assert look(PDF + behind * 16, "план.pdf").kind is Kind.PDF
    assert look(kit.rtf() + behind, "план.rtf").kind is Kind.TEXT


@pytest.mark.parametrize("behind", [b"\0" * 4097, b"\nx", b"x\n", b"\n" + ZIP])
def test_anything_else_behind_an_archive_is_refused(look, behind):
    with pytest.raises(Refused):
        look(ZIP + behind, "архив.zip")


def test_an_archive_with_a_comment_and_a_line_behind_it_passes(look):
    data = bytearray(ZIP)
    data[-2:] = b"\4\0"
    assert look(bytes(data) + b"made" + b"\n", "архив.zip").kind is Kind.ARCHIVE


@pytest.mark.parametrize(
    "before",
    [
        b"\xef\xbb\xbf",
        b"\r\n",
        b"\0" * 128,
        b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n",
        b"@PJL ENTER LANGUAGE=PDF\r\n",
        "Выгрузка из журнала\n".encode(),
    ],
)
def test_whole_lines_before_a_pdf_are_no_other_kind(look, before):
    """Case 11: every reader of PDF looks for the mark in the first 1024 bytes."""
    assert look(before + PDF, "план.pdf").kind is Kind.PDF


@pytest.mark.parametrize(
    "before",
    [
        b"\n" * 1024,
        b"junk",
        b"\x00\x01\x02\n",
        b"<html>\n",
        b"\n<!-- -->\n",
        b"#!/bin/sh\n",
        b"@ECHO off\r\n",
        b"MZ \r\n",
        b"GIF89a\n",
        b"PK\x03\x04\n",
    ],
)
def test_another_meaning_before_a_pdf_is_refused(look, before):
    with pytest.raises(Refused, match="не соответствует"):
        look(before + PDF, "план.pdf")


def test_a_pdf_that_its_reader_cannot_open_stays_refused_behind_a_line(look):
    with pytest.raises(Refused, match="повреждён"):
        look(b"\n%PDF-1.7\n%%EOF", "план.pdf")


MATH = ("-//OpenOffice.org//DTD Modified W3C MathML 1.01//EN", "math.dtd")


def odt(part, public, system, subset="", root="math:math"):
    doctype = f'<?xml version="1.0"?><!DOCTYPE {root} PUBLIC "{public}" "{system}"{subset}>'
    return kit.Changer(kit.members(kit.ACCEPTED["odt"])).put(part, f'{doctype}<{root} xmlns:math="m"/>').done()


@pytest.mark.parametrize(
    ("part", "public", "system"),
    [
        ("Object 1/content.xml", *MATH),
        ("Object 2/content.xml", "-//W3C//DTD MathML 2.0//EN", "http://www.w3.org/Math/DTD/mathml2/mathml2.dtd"),
        ("Basic/script-lc.xml", "-//OpenOffice.org//DTD OfficeDocument 1.0//EN", "libraries.dtd"),
    ],
)
def test_a_document_type_that_openoffice_wrote_is_ignored(look, part, public, system):
    """Case 25."""
    assert look(odt(part, public, system), "план.odt").kind is Kind.TEXT


def test_the_manifest_of_openoffice_may_name_its_type(look):
    parts = kit.Changer(kit.members(kit.ACCEPTED["odt"]))
    doctype = '<!DOCTYPE manifest:manifest PUBLIC "-//OpenOffice.org//DTD Manifest 1.0//EN" "Manifest.dtd">'
    data = parts.edit("META-INF/manifest.xml", "<manifest:manifest", doctype + "<manifest:manifest").done()
    assert look(data, "план.odt").kind is Kind.TEXT


@pytest.mark.parametrize(
    ("public", "system", "subset"),
    [
        (*MATH, ' [<!ENTITY e SYSTEM "file:///etc/passwd">]'),
        (*MATH, " []"),
        (MATH[0], "http://evil.test/math.dtd", ""),
        (MATH[0], "file:///etc/passwd", ""),
        ("-//Evil//DTD x//EN", "math.dtd", ""),
    ],
)
def test_a_document_type_that_says_more_or_another_is_refused(look, public, system, subset):
    with pytest.raises(Refused, match="опасная вставка"):
        look(odt("Object 1/content.xml", public, system, subset), "план.odt")


def test_in_a_word_file_no_document_type_is_known(look):
    data = kit.Changer(kit.members(DOCX)).put("word/x.xml", f'<!DOCTYPE x PUBLIC "{MATH[0]}" "{MATH[1]}"><x/>').done()
    with pytest.raises(Refused, match="опасная вставка"):
        look(data, "план.docx")


@pytest.mark.parametrize("name", ["word/fonts/font1.odttf", "word/media/image1.emf", "customXml/item1.bin"])
@pytest.mark.parametrize("data", [b"<\x01\x02\x03", b"\xff\xfe<\0\x01\x02", b" \0\0<\xff\xff\xff", b"< 5\n"])
def test_a_binary_part_that_begins_like_markup_is_no_markup(look, name, data):
    """One font in a hundred does: its bytes are scrambled."""
    assert look(kit.Changer(kit.members(DOCX)).put(name, data * 50).done(), "план.docx").kind is Kind.TEXT


@pytest.mark.parametrize("name", ["word/x.xml", "word/_rels/x.rels", "word/x.vml"])
def test_a_part_that_is_called_xml_has_to_be_xml(look, name):
    with pytest.raises(Refused, match="повреждён"):
        look(kit.Changer(kit.members(DOCX)).put(name, b"<\x01\x02\x03").done(), "план.docx")


def test_a_part_that_is_declared_as_xml_has_to_be_xml(look):
    override = '<Override PartName="/word/x.bin" ContentType="application/x+xml"/></Types>'
    data = kit.Changer(kit.members(DOCX)).edit("[Content_Types].xml", "</Types>", override).put("word/x.bin", b"<\x01")
    with pytest.raises(Refused, match="повреждён"):
        look(data.done(), "план.docx")


def test_an_inserted_page_is_not_read_as_xml(look):
    page = '<Default Extension="htm" ContentType="text/html"/></Types>'
    parts = kit.Changer(kit.members(DOCX)).put("word/afchunk.htm", "<!DOCTYPE html><html><br>Текст</html>")
    with pytest.raises(Refused):
        look(parts.done(), "план.docx")
    assert look(parts.edit("[Content_Types].xml", "</Types>", page).done(), "план.docx").kind is Kind.TEXT


@pytest.mark.parametrize("name", ["word/document.svg", "word/document.htm"])
def test_the_main_part_is_never_one_that_is_left_unread(look, name):
    parts = kit.Changer(kit.members(DOCX)).put(name, '<!DOCTYPE x [<!ENTITY e "x">]><x>&e;</x>')
    kind = "image/svg+xml" if name.endswith("svg") else "text/html"
    parts.edit(
        "[Content_Types].xml", "</Types>", f'<Default Extension="{name[-3:]}" ContentType="{kind}"/></Types>'
    ).edit("_rels/.rels", "word/document.xml", name)
    with pytest.raises(Refused, match="не соответствует"):
        look(parts.done(), "план.docx")


def test_a_photo_that_chrome_saved_becomes_a_jpg(look):
    """Case 21."""
    found = look(kit.ACCEPTED["jpg"], "Фото.JFIF")
    assert (found.extension, found.clean_name, found.media_type) == ("jpg", "Фото.jpg", "image/jpeg")
    with pytest.raises(Refused, match="похоже на «png»"):
        look(kit.ACCEPTED["png"], "фото.jfif")


def test_rich_text_under_the_name_of_a_word_file_is_kept_as_what_it_is(look):
    """Case 19: reference systems write so, and Word opens it."""
    found = look(kit.rtf(), "Приказ № 5.doc")
    assert (found.extension, found.clean_name, found.media_type) == ("rtf", "Приказ № 5.rtf", "application/rtf")


@pytest.mark.parametrize("data", [b"<html><body>x", b"<?xml version='1.0'?><a/>", b"MIME-Version: 1.0\r\n\r\nx"])
def test_a_page_under_the_name_of_a_word_file_is_told_what_to_do(look, data):
    with pytest.raises(Refused, match=r"сохраните как \.docx"):
        look(data, "приказ.doc")


def test_a_file_under_a_wrong_name_is_told_the_right_one(look):
    with pytest.raises(Refused, match=r"кончаться на \.png"):
        look(kit.ACCEPTED["png"], "фото.jpg")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
@pytest.mark.parametrize("extension", ["txt", "csv"])
def test_text_is_taken_in_the_encodings_that_people_have(look, encoding, extension):
    data = "Ёлка; «план» № 5\r\n\tстрока <script>alert(1)</script>\r\n\x1a".encode(encoding)
    assert look(data, f"план.{extension}").media_type == {"txt": "text/plain", "csv": "text/csv"}[extension]


def test_lessons_books_and_slide_shows_may_lie_in_an_archive(look):
    """Case 18: what can be attached alone can be attached in an archive, and a lesson of pages too."""
    packed = [(f"урок.{one}", kit.ACCEPTED[one]) for one in ("sb3", "ggb", "epub", "ppsx", "docx", "odt")]
    assert look(kit.zipped(packed), "архив.zip").kind is Kind.ARCHIVE
    pages = [("index.html", b"<html>u</html>"), ("style.css", b"p{}"), ("a/1.svg", b"<svg/>"), ("b.xhtml", b"<html/>")]
    assert look(kit.zipped(pages), "урок.zip").kind is Kind.ARCHIVE
