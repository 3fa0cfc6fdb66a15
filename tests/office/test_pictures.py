"""What a document looks like on paper: the golden pictures, as LibreOffice draws them with Liberation Serif.

`UPDATE_GOLDEN=1` writes them anew; then they are looked at. A difference leaves the new picture in `artefacts/pictures`.
"""

import os
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageFilter, ImageStat

from tests.core.documents import samples
from tests.office.conftest import converted, pages, png, strip
from workflow_app.documents.docx import write
from workflow_app.documents.kinds.registry import KINDS

GOLDEN = Path(__file__).parent.parent / "golden" / "pictures"
ARTEFACTS = Path("artefacts") / "pictures"
NEAR = 12  # of 255: what another version of the same font or of the renderer may change after softening
NAMES = sorted(samples.DOCUMENTS)


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """Every kind of document as PDF."""
    files = {}
    for name in NAMES:
        kind, material = samples.DOCUMENTS[name]
        files[name] = write.write(KINDS[kind].compose(material()))
    return converted(files, tmp_path_factory.mktemp("printed"))


@pytest.fixture(scope="module")
def drawn(printed):
    """The pages as pictures."""
    return {name: pages(pdf) for name, pdf in printed.items()}


def test_libreoffice_opens_every_kind_of_document(drawn):
    assert sorted(drawn) == NAMES
    assert all(drawn.values())


@pytest.mark.parametrize("name", NAMES)
def test_a_document_looks_as_agreed(drawn, name):
    picture, file = strip(drawn[name]), GOLDEN / f"{name}.png"
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.mkdir(parents=True, exist_ok=True)
        file.write_bytes(png(picture))
    agreed = Image.open(file).convert("L")
    assert picture.size == agreed.size, f"{name}: another number of pages"
    far = ImageChops.difference(*(one.filter(ImageFilter.BoxBlur(3)) for one in (picture, agreed)))
    if ImageStat.Stat(far).extrema[0][1] > 5 * NEAR or ImageStat.Stat(far).mean[0] > NEAR / 12:
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        (ARTEFACTS / f"{name}.png").write_bytes(png(picture))
        pytest.fail(f"{name} looks otherwise: compare artefacts/pictures/{name}.png with {file.name}")


@pytest.mark.parametrize("name", NAMES)
def test_no_page_is_nearly_empty_and_none_runs_over_its_edge(drawn, name):
    for number, page in enumerate(drawn[name], 1):
        ink = page.point(lambda grey: 255 if grey < 160 else 0).getbbox()
        assert ink is not None, f"{name}, page {number} is empty"
        left, _, right, bottom = ink
        assert left >= page.width * 18 / 210, f"{name}, page {number}: into the left margin"
        assert right <= page.width * 201 / 210, f"{name}, page {number}: into the right margin"
        assert bottom <= page.height * 292 / 297


@pytest.mark.parametrize("name", ["consolidated_conclusion", "expert_conclusion"])
def test_a_scanner_reads_the_code_off_the_printed_page(printed, name):
    """At 150 dots an inch, as a telephone sees it: the whole code is on the paper, nothing cut off."""
    _kind, material = samples.DOCUMENTS[name]
    with pypdfium2.PdfDocument(printed[name]) as document:
        first, *others = [page.render(scale=150 / 72).to_pil().convert("L") for page in document]
    assert [one.text for one in zxingcpp.read_barcodes(first)] == [material().issue.check_address]
    assert not [one for page in others for one in zxingcpp.read_barcodes(page)]


def test_a_changed_look_would_be_seen(drawn):
    """The comparison itself: a paragraph moved by a line, or a missing stamp, is far."""
    page = drawn["order"][0]
    moved = ImageChops.offset(page, 0, 10)
    far = ImageChops.difference(*(one.filter(ImageFilter.BoxBlur(3)) for one in (page, moved)))
    assert ImageStat.Stat(far).mean[0] > NEAR / 12
