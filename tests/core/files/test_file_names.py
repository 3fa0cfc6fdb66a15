"""File names cannot hurt (security.md 40)."""

import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow_app.files.file_names import clean_name, content_disposition, extension, inner_extensions

DIRTY = st.text(st.characters(), max_size=300) | st.lists(
    st.sampled_from(
        ["../", "\\", ".", " ", "con", "\0", "\r\n", '"', "\u202e", "й", "и\u0306", "<", "a", ".pdf", "ё" * 90]
    ),
    max_size=30,
).map("".join)


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("Отчёт за 2026 год.docx", "Отчёт за 2026 год.docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Анна\\план.pdf", "план.pdf"),
        ("план\0.pdf.exe", "план.pdf.exe"),
        ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie_ x=1.pdf"),
        ("акт\u202efdp.exe", "актfdp.exe"),
        ("zero\u200bwidth\ufeff.pdf", "zerowidth.pdf"),
        ("отчет\u0308.pdf", "отчет̈.pdf"),
        ("Программа «Чтение».docx", "Программа «Чтение».docx"),
        ('Школа "Ромашка".docx', "Школа 'Ромашка'.docx"),
        ("<img src=x>.png", "_img src=x_.png"),
        ("x.pdf::$DATA", "x.pdf__$DATA"),
        ("x.pdf. . ", "x.pdf"),
        ("con.pdf", "_con.pdf"),
        ("LPT1", "_LPT1"),
        ("конспект.pdf", "конспект.pdf"),
        ("...", "файл"),
        ("", "файл"),
        ("\u2028\u2029\ud800", "файл"),
    ],
)
def test_a_name_is_made_harmless_and_stays_readable(dirty, clean):
    assert clean_name(dirty) == clean


def test_decomposed_cyrillic_is_composed():
    assert clean_name(unicodedata.normalize("NFD", "Ёлкин й.pdf")) == "Ёлкин й.pdf"


def test_a_long_name_is_cut_and_keeps_its_extension():
    for letter in "aя\U0001f4c4":
        name = clean_name(letter * 10_000 + ".docx")
        assert name.endswith(letter + ".docx")
        assert len(name) <= 120
        assert len(name.encode()) <= 240


@given(DIRTY)
def test_any_name_is_safe_and_cleaning_twice_changes_nothing(dirty):
    name = clean_name(dirty)
    assert clean_name(name) == name
    assert name
    assert len(name) <= 120
    assert len(name.encode("utf-8")) <= 240
    assert not set(name) & set('/\\<>:"|?*')
    assert all(unicodedata.category(one)[0] != "C" for one in name)
    assert name == name.strip(" ")
    assert not name.startswith(".")
    assert not name.endswith(".")


@pytest.mark.parametrize(
    ("name", "last", "inner"),
    [
        ("a.PDF", "pdf", ()),
        ("счёт.exe.pdf", "pdf", ("exe",)),
        ("a.pdf .exe", "exe", ("pdf",)),
        ("без расширения", "", ()),
        ("Иванов И.И.docx", "docx", ("и",)),
        ("a.слишкомдлинноерасширение", "", ()),
    ],
)
def test_extensions_are_read_from_the_end(name, last, inner):
    assert extension(name) == last
    assert inner_extensions(name) == inner


def test_a_download_carries_an_ascii_name_and_the_true_one():
    value = content_disposition("Отчёт за год; итог.docx")
    assert value == (
        'attachment; filename="Otchet za god_ itog.docx"; '
        "filename*=UTF-8''%D0%9E%D1%82%D1%87%D1%91%D1%82%20%D0%B7%D0%B0%20%D0%B3%D0%BE%D0%B4%3B%20%D0%B8%D1%82%D0%BE%D0%B3.docx"
    )
    assert content_disposition("a.pdf", inline=True).startswith("inline; ")


def test_a_name_without_any_latin_letter_still_has_a_fallback():
    assert 'filename="file.pdf"' in content_disposition("\u4e2d\u6587.pdf")


@given(DIRTY)
def test_no_name_breaks_out_of_the_header(dirty):
    """RFC 6266: one line of ASCII, the quoted part has no quote inside, the long part gives the name back."""
    value = content_disposition(dirty)
    assert value.isascii()
    assert value.isprintable()
    plain, _, true = value.removeprefix("attachment; filename=").partition("; filename*=UTF-8''")
    assert plain[0] == plain[-1] == '"'
    assert not set(plain[1:-1]) & set('"\\%;')
    assert plain[1:-1].strip()
    assert unquote(true) == clean_name(dirty)
