"""The sheet for work without internet, saved by LibreOffice: its marks are lost there, the values are not."""

import subprocess

import pytest

from tests.core.test_offline_sheet import POINTS, WORDS, back, filled, given_out, raw_of, tag_of
from tests.office.conftest import SOFFICE


def saved_by_libreoffice(file, folder):
    source, out = folder / "sheet.docx", folder / "out"
    source.write_bytes(file)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    order = [SOFFICE, profile, "--headless", "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(out), str(source)]
    subprocess.run(order, check=True, capture_output=True, timeout=120)
    return (out / "sheet.docx").read_bytes()


@pytest.mark.parametrize("sheet", [POINTS, WORDS], ids=["points", "words"])
def test_a_sheet_that_was_only_opened_and_saved_changes_nothing(sheet, tmp_path):
    raw = raw_of(sheet)
    _, changes, wrong = back(saved_by_libreoffice(given_out(sheet, raw), tmp_path), sheet, raw)
    assert (changes, wrong) == ({}, [])


def test_what_was_typed_there_is_found(tmp_path):
    file = filled(given_out(POINTS, {}), tag_of(POINTS, ("strengths",)), "Набрано без интернета.\nВторой абзац.")
    _, changes, wrong = back(saved_by_libreoffice(file, tmp_path), POINTS, {})
    assert (changes, wrong) == ({("strengths",): ("Набрано без интернета.\nВторой абзац.", "file")}, [])


def test_a_paragraph_that_was_split_there_is_found(tmp_path):
    raw = raw_of(POINTS, "Первый абзац. Второй.")
    file = filled(given_out(POINTS, raw), tag_of(POINTS, ("strengths",)), "Первый абзац.\nВторой.")
    _, changes, wrong = back(saved_by_libreoffice(file, tmp_path), POINTS, raw)
    assert (changes, wrong) == ({("strengths",): ("Первый абзац.\nВторой.", "lines")}, [])
