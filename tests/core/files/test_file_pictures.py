"""Pictures are judged by their outer structure: no decoder runs in the server's process."""

import io
import struct
import subprocess
import sys
import tracemalloc
import zlib
from pathlib import Path

import pytest
from PIL import Image

from tests.core.files import kit
from workflow_app.files.inspect_upload import Kind, Refused

JPG, PNG = kit.ACCEPTED["jpg"], kit.ACCEPTED["png"]


def test_a_huge_progressive_picture_is_taken_without_a_decoder_or_memory(look):
    """Measured before: 600 MB and 8 s in the server's own process for a file of 1.9 MB."""
    tracemalloc.start()
    try:
        assert look(kit.poster(), "плакат.jpg").kind is Kind.IMAGE
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()


def test_no_module_that_judges_uploads_holds_a_decoder():
    """Only jobs of a child may import one: the modules are read in a fresh interpreter, without the PDF reader's own."""
    code = (
        "import sys; sys.modules['pypdfium2'] = type(sys)('pypdfium2'); "
        "import workflow_app.files.inspect_upload; "
        "sys.exit(any(one.partition('.')[0] in {'PIL', 'pillow_heif', 'cv2'} for one in sys.modules))"
    )
    root = Path(__file__).parents[3]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


def test_a_size_beyond_the_bound_is_refused_by_the_header(look):
    with pytest.raises(Refused, match="слишком большой"):
        look(kit.poster(9000, 9000), "плакат.jpg")
    with pytest.raises(Refused, match="повреждён"):
        look(kit.poster(0, 9000), "плакат.jpg")


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("progressive", [False, True])
def test_every_way_of_writing_a_photo_passes_and_every_cut_of_it_does_not(look, mode, progressive):
    out = io.BytesIO()
    picture = Image.effect_noise((90, 70), 80).convert(mode)
    picture.save(out, "JPEG", progressive=progressive, exif=b"Exif\0\0" + JPG, comment="подпись".encode())
    data = out.getvalue()
    assert look(data, "фото.jpg").kind is Kind.IMAGE
    for length in range(4, len(data), 61):
        with pytest.raises(Refused):
            look(data[:length], "фото.jpg")


def test_restart_marks_fill_bytes_and_bytes_behind_the_end_are_no_fault(look):
    out = io.BytesIO()
    Image.effect_noise((200, 200), 90).save(out, "JPEG", restart_marker_rows=1)
    data = out.getvalue()
    assert b"\xff\xd3" in data
    padded = data.replace(b"\xff\xdb", b"\xff\xff\xff\xdb", 1)
    assert look(padded + b"\0" * 500, "фото.jpg").kind is Kind.IMAGE


def test_a_photo_of_a_kind_that_no_browser_shows_says_what_to_do(look):
    with pytest.raises(Refused, match="редким способом"):
        look(JPG.replace(b"\xff\xc0", b"\xff\xc3", 1), "фото.jpg")


def test_two_frames_or_no_scan_are_no_picture(look):
    at = JPG.index(b"\xff\xc0")
    frame = JPG[at : at + 2 + int.from_bytes(JPG[at + 2 : at + 4])]
    with pytest.raises(Refused, match="повреждён"):
        look(JPG[:at] + frame + JPG[at:], "фото.jpg")
    with pytest.raises(Refused, match="повреждён"):
        look(JPG[: JPG.index(b"\xff\xda")] + b"\xff\xd9", "фото.jpg")


def test_a_long_comment_of_a_png_is_not_read(look):
    """Case 17: two megabytes of text in a few kilobytes; a decoder refuses the picture for it."""
    long = b"Comment\0\0" + zlib.compress(b"x" * (2 << 20))
    bomb = b"Comment\0\0" + zlib.compress(b"\0" * (64 << 20))
    data = kit.png_with(kit.png_chunk(b"zTXt", long), kit.png_chunk(b"zTXt", bomb))
    tracemalloc.start()
    try:
        assert look(data, "схема.png").kind is Kind.IMAGE
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "data",
    [
        PNG[:-1],
        PNG[:20],
        PNG[:33] + b"\0\0\0\1xx" + PNG[33:],
        PNG.replace(b"IDAT", b"IDAX"),
        PNG[:33] + PNG[PNG.index(b"IEND") - 4 :],
        PNG[:8] + kit.png_chunk(b"tEXt", b"a\0b") + PNG[8:],
        PNG[:8] + kit.png_chunk(b"IHDR", struct.pack(">II", 0, 5) + b"\1\0\0\0\0") + PNG[33:],
        PNG[:33] + struct.pack(">I4s", 0xFFFFFFFF, b"tEXt") + PNG[33:],
    ],
)
def test_a_png_whose_chunks_are_not_whole_is_refused(look, data):
    with pytest.raises(Refused, match="повреждён"):
        look(data, "схема.png")


def test_a_picture_of_nothing_but_marks_is_not_walked_to_its_end(look):
    with pytest.raises(Refused, match="повреждён"):
        look(JPG[:-2] + b"\xff\x01" * 20_000 + b"\xff\xd9", "фото.jpg")
    with pytest.raises(Refused, match="повреждён"):
        look(kit.png_with(kit.png_chunk(b"tEXt", b"") * 20_000), "схема.png")
