"""Attached files as LibreOffice prints them, each kind by the part of it that reads it, and HEIC by libheif's own program."""

import shutil
import subprocess
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from tests.core.files import kit
from tests.office.conftest import SOFFICE
from workflow_app.conversion import heic, libreoffice
from workflow_app.conversion.libreoffice import Busy, Converter, NotConverted

SLIDES = (
    '<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" office:version="1.2" '
    'office:mimetype="application/vnd.oasis.opendocument.presentation"><office:body><office:presentation>'
    '<draw:page draw:name="p1"><draw:frame svg:x="1cm" svg:y="1cm" svg:width="9cm" svg:height="2cm"><draw:text-box>'
    "<text:p>Урок физики</text:p></draw:text-box></draw:frame></draw:page></office:presentation></office:body></office:document>"
)
CELLS = (
    "<office:spreadsheet><table:table><table:table-row><table:table-cell office:value-type='string'>"
    "<text:p>Урок физики</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet>"
)


def listed(kind: str) -> str:
    """The list of parts, without which LibreOffice takes no file."""
    line = '<manifest:file-entry manifest:full-path="{}" manifest:media-type="{}"/>'
    return line.format("/", f"{kit.ODF_TYPES}{kind}") + line.format("content.xml", "text/xml")


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    """A file of each kind with the same words in it; what no kit of ours writes is written by LibreOffice."""
    folder = tmp_path_factory.mktemp("samples")
    (folder / "text.docx").write_bytes(kit.word("Урок физики"))
    (folder / "cells.xlsx").write_bytes(kit.excel([["Урок физики"]]))
    (folder / "slides.fodp").write_text(SLIDES, encoding="utf-8")
    found = {
        "docx": kit.word("Урок физики"), "xlsx": kit.excel([["Урок физики"]]),
        "odt": kit.opendocument("text", "<office:text><text:p>Урок физики</text:p></office:text>", listed("text")),
        "ods": kit.opendocument("spreadsheet", CELLS, listed("spreadsheet")),
        "rtf": "{\\rtf1\\ansi\\ansicpg1251 \\'d3\\'f0\\'ee\\'ea \\'f4\\'e8\\'e7\\'e8\\'ea\\'e8\\par}".encode("ascii"),
    }  # fmt: skip
    for source, target in (
        ("text.docx", "doc"),
        ("cells.xlsx", "xls"),
        ("slides.fodp", "pptx"),
        ("slides.fodp", "odp"),
    ):
        order = [
            SOFFICE,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            target,
            "--outdir",
            folder,
        ]
        subprocess.run([*order, folder / source], check=True, capture_output=True, timeout=180)
        found[target] = (folder / source).with_suffix(f".{target}").read_bytes()
    return found


@pytest.fixture(scope="module")
def office():
    pool = Converter(1, seconds=120)
    yield pool
    pool.close()


@pytest.mark.parametrize("extension", ["doc", "docx", "odp", "ods", "odt", "pptx", "rtf", "xls", "xlsx"])
def test_a_file_of_each_kind_is_printed_with_its_words(samples, office, extension):
    if not office.reads(extension):
        pytest.skip(f"the part of LibreOffice that reads {extension} is not installed")
    with pypdfium2.PdfDocument(office.look(samples[extension], extension)) as found:
        assert "Урок физики" in found[0].get_textpage().get_text_range()


def test_a_broken_file_is_refused_and_the_next_one_is_printed(samples, office):
    with pytest.raises(NotConverted):
        office.look(b"PK\x03\x04 this is no document", "docx")
    assert office.look(samples["docx"], "docx").startswith(b"%PDF-")


def test_who_looks_while_all_workers_are_busy_is_told_at_once(samples, office):
    with office._entered("another file", wait=True), pytest.raises(Busy):
        office.look(samples["docx"], "docx")


def test_a_part_that_is_not_installed_is_known_by_itself(tmp_path, monkeypatch):
    (tmp_path / "soffice").touch()
    (tmp_path / "libswlo.so").touch()
    monkeypatch.setattr(libreoffice, "_soffice", lambda: str(tmp_path / "soffice"))
    pool = Converter()
    assert {one for one in libreoffice.READERS if pool.reads(one)} == {"docx", "doc", "rtf", "odt"}
    assert not pool.reads("exe")
    with pytest.raises(libreoffice.Absent):
        pool.look(b"slides", "pptx")


ENCODER = shutil.which("heif-enc")


@pytest.mark.skipif(ENCODER is None, reason="libheif is not installed (Debian: libheif-examples)")
def test_a_photograph_of_an_iphone_becomes_a_jpeg(tmp_path):
    source, made = tmp_path / "photo.jpg", tmp_path / "photo.heic"
    source.write_bytes(kit.picture("JPEG"))
    subprocess.run([ENCODER, str(source), "-o", str(made)], check=True, capture_output=True, timeout=60)
    with Image.open(source) as before:
        size = before.size
    (tmp_path / "after.jpg").write_bytes(heic.jpeg(made))
    with Image.open(tmp_path / "after.jpg") as after:
        assert (after.format, after.size) == ("JPEG", size)


@pytest.mark.skipif(heic._program() is None, reason="libheif is not installed (Debian: libheif-examples)")
def test_a_broken_photograph_ends_in_a_sentence(tmp_path):
    broken = tmp_path / "photo.heic"
    broken.write_bytes(kit.heic())
    with pytest.raises(heic.sandbox.ChildFailed):
        heic.jpeg(Path(broken))
