"""The pictures of a report: plan against fact, each row on its own scale; what is not known is said and not drawn as nought."""

import io
from dataclasses import replace
from decimal import Decimal

import pytest
from PIL import Image

from workflow_app.documents.docx.bars import DPI, TONES, Bar, drawn
from workflow_app.documents.docx.blocks import Picture
from workflow_app.errors import Broken
from workflow_app.pictures import Pile

HALF = Bar("К1.1", "Систематичность рассмотрения вопросов", Decimal(80), Decimal(40), "80 %", "40 %")
_GREEN = (11, 90, 82)


def shown(*bars):
    data, high = drawn(bars, 160)
    return Image.open(io.BytesIO(data)).convert("RGB"), high


def greens(*bars):
    """How many dots of the picture have the colour of a fact, the legend's left out."""
    image, high = shown(*bars)
    above = image.crop((0, 0, image.width, round((high - 6) * DPI / 25.4)))
    return sum(many for many, colour in above.getcolors(1 << 20) if colour == _GREEN)


def test_a_picture_is_crisp_at_print_size_and_equal_rows_give_equal_bytes():
    data, high = drawn((HALF,), 160)
    image = Image.open(io.BytesIO(data))
    assert image.size == (round(160 * DPI / 25.4), round(high * DPI / 25.4))
    assert [round(one) for one in image.info["dpi"]] == [DPI, DPI]
    drawn.cache_clear()
    assert drawn((HALF,), 160) == (data, high)
    assert len(data) < 60_000


def test_a_bar_is_as_long_as_its_part_of_the_plan():
    whole = replace(HALF, fact=Decimal(80))
    assert greens(HALF) == pytest.approx(greens(whole) / 2, rel=0.03)
    assert greens(whole) == greens(replace(HALF, plan=Decimal(3), fact=Decimal(3))), "each row has its own scale"


@pytest.mark.parametrize(
    "without",
    [
        {"fact": None, "said_fact": "нет данных"},
        {"plan": None},
        {"plan": Decimal(0)},
        {"fact": Decimal(0)},
        {"fact": Decimal(-4)},
    ],
)
def test_what_has_no_data_or_no_plan_has_no_bar(without):
    assert greens(replace(HALF, **without)) == 0


def test_no_data_looks_otherwise_than_nought():
    nothing, nought = (shown(replace(HALF, fact=fact))[0] for fact in (None, Decimal(0)))
    assert nothing.tobytes() != nought.tobytes()


def test_a_fact_far_beyond_the_plan_is_cut_open_and_leaves_room_for_the_others():
    far, twice = (replace(HALF, fact=Decimal(80) * many) for many in (9, 2))
    assert 0 < greens(HALF, twice) - greens(HALF, far) < greens(HALF, twice) * 0.1


def test_long_titles_are_broken_at_words_and_make_the_row_taller():
    assert shown(replace(HALF, title="слово " * 30))[1] > shown(HALF)[1]


def test_a_picture_without_words_is_none():
    with pytest.raises(Broken):
        Picture((HALF,), "Рисунок 1", " ")


def test_a_bar_without_a_title_has_no_line_of_words():
    assert shown(replace(HALF, title=""))[1] <= shown(HALF)[1]


def dots(bars, tone, legend=()):
    """How many dots of a picture have the colour of a tone."""
    image = Image.open(io.BytesIO(drawn(bars, 160, legend)[0])).convert("RGB")
    wanted = tuple(bytes.fromhex(TONES[tone][1:]))
    return sum(many for many, colour in image.getcolors(1 << 20) if colour == wanted)


@pytest.mark.parametrize("beside", [False, True])
def test_numbers_of_one_kind_have_one_scale_behind_or_beside_one_another(beside):
    pile = Pile("Эксперты", ((6, "good"), (3, "attention")), "9", beside)
    assert dots((pile,), "good") == pytest.approx(2 * dots((pile,), "attention"), rel=0.1)
    alone, long = replace(pile, parts=((6, "good"),)), replace(pile, parts=((12, "stopped"),))
    assert dots((alone,), "good") == pytest.approx(2 * dots((alone, long), "good"), rel=0.03)


def test_nought_and_what_is_not_told_are_drawn_as_nothing_and_the_legend_shows_its_tones():
    nought = (Pile("Эксперты", ((0, "good"), (0, "attention")), "скрыто"),)
    assert dots(nought, "good") == 0
    assert dots(nought, "good", (("положительные", "good"),)) > 0
