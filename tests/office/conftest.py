"""Tests that open what we write in LibreOffice. Where it is not installed they are skipped, and say so."""

import io
import shutil
import subprocess
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

SOFFICE = shutil.which("soffice")
DPI = 50
MARGIN = 6  # pixels between the pages of a picture


def pytest_collection_modifyitems(items):
    if SOFFICE is None:
        absent = pytest.mark.skip(
            reason="LibreOffice is not installed (Debian: apt-get install libreoffice-writer-nogui)"
        )
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(absent)


def converted(files: dict[str, bytes], folder: Path) -> dict[str, bytes]:
    """The files, as PDF, by one start of LibreOffice."""
    source, target = folder / "docx", folder / "pdf"
    source.mkdir()
    for name, data in files.items():
        (source / f"{name}.docx").write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    order = [
        SOFFICE,
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(target),
        *map(str, sorted(source.iterdir())),
    ]
    subprocess.run(order, check=True, capture_output=True, timeout=180)
    return {one.stem: one.read_bytes() for one in target.iterdir()}


def pages(pdf: bytes) -> list[Image.Image]:
    """Grey pictures of the pages."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=DPI / 72).to_pil().convert("L") for page in document]


def strip(pictures: list[Image.Image]) -> Image.Image:
    """The pages side by side on a grey ground."""
    width = sum(one.width for one in pictures) + MARGIN * (len(pictures) + 1)
    whole = Image.new("L", (width, max(one.height for one in pictures) + 2 * MARGIN), 128)
    at = MARGIN
    for one in pictures:
        whole.paste(one, (at, MARGIN))
        at += one.width + MARGIN
    return whole


def png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.quantize(16).save(out, "PNG", optimize=True)
    return out.getvalue()
