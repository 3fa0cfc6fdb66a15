"""What honest programs write a little oddly is accepted, or refused with a way out (issue 8, C12)."""

import pytest

from tests.core.files import kit
from workflow_app.store.inspection import Kind, Refused, inspect

PDF, DOCX, ZIP = (kit.ACCEPTED[one] for one in ("pdf", "docx", "zip"))


@pytest.fixture
def look(tmp_path):
    def look(data, name):
        path = tmp_path / "upload"
        path.write_bytes(data)
        return inspect(path, name)

    return look


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
