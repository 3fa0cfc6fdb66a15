"""Names in archives are readable, whatever program packed them."""

import struct
import unicodedata
import zlib

import pytest

from tests.core.files import kit
from workflow_app.files.inspect_upload import Kind, Refused, inspect
from workflow_app.files.zip_names import encoding_of
from workflow_app.web import file_viewer

NAMES = ["Конспект урока Ёлка.txt", "Папка/Йод.txt", "план.txt", "Отчёт № 2 «Чтение» — итог.txt"]


@pytest.fixture
def listed(tmp_path):
    def listed(data):
        path = tmp_path / "a.zip"
        path.write_bytes(data)
        assert inspect(path, "архив.zip").kind is Kind.ARCHIVE
        return [one.name for one in file_viewer.listing(path)]

    return listed


@pytest.mark.parametrize("encoding", ["utf-8", "cp866", "cp1251"])
def test_russian_names_are_read_in_each_of_the_three_encodings(listed, encoding):
    names = [one.replace("№", "N").replace("«", "(").replace("»", ")").replace("—", "-") for one in NAMES]
    assert listed(kit.zip_named([one.encode(encoding) for one in names])) == names


def test_what_finder_packs_is_composed(listed):
    """Case 09: UTF-8 without its flag, letters and their marks apart."""
    assert listed(kit.zip_named([unicodedata.normalize("NFD", one).encode() for one in NAMES])) == NAMES


@pytest.mark.parametrize("encoding", ["cp866", "cp1251"])
@pytest.mark.parametrize(
    "name",
    [
        "план", "дело", "имена", "хруст", "соль", "Раб", "рабочий лист", "текст", "урок", "Задание 3", "ПРИКАЗ", "фото",
        "Сценарий", "мышь", "чтение", "дневник наблюдений", "Ответы", "класс", "грамота", "список", "ёлка", "щука",
    ],
)  # fmt: skip
def test_one_short_name_is_enough_to_tell_two_encodings_apart(encoding, name):
    assert encoding_of([f"{name}.txt".encode(encoding)]) == encoding


def test_names_in_latin_letters_and_names_with_the_flag_stay_what_they_are(listed):
    assert listed(kit.zipped([("Été 2026.txt", b"x"), ("plan.txt", b"x")])) == ["Été 2026.txt", "plan.txt"]
    assert encoding_of([]) == encoding_of([b"plan.txt"]) == "utf-8"


def test_a_name_that_does_not_show_is_marked(listed):
    assert listed(kit.zip_named([b"a\x07b\x1b.txt"])) == ["a\ufffdb\ufffd.txt"]


def unicode_path(raw, said):
    return struct.pack("<HHBI", 0x7075, 5 + len(said.encode()), 1, zlib.crc32(raw)) + said.encode()


def test_the_name_in_unicode_beside_the_plain_one_is_shown(listed):
    """What newer programs unpack by (APPNOTE 4.6.9); with another name's checksum it counts for nothing."""
    raw = "план урока ?.txt".encode("cp866")
    assert listed(kit.zip_named([raw], unicode_path(raw, "план урока ☀.txt"))) == ["план урока ☀.txt"]
    assert listed(kit.zip_named([raw], unicode_path(b"other", "план урока ☀.txt"))) == ["план урока ?.txt"]


@pytest.mark.parametrize("said", ["план.exe", "план", "../план.txt"])
def test_a_second_name_that_says_another_kind_or_leaves_the_folder_is_refused(tmp_path, said):
    raw = "план.txt".encode("cp866")
    path = tmp_path / "a.zip"
    path.write_bytes(kit.zip_named([raw], unicode_path(raw, said)))
    with pytest.raises(Refused, match="недопустимым именем"):
        inspect(path, "архив.zip")


def test_a_heading_behind_a_dot_is_no_other_kind(listed):
    assert listed(kit.zip_named(["1.Введение".encode()])) == ["1.Введение"]


def test_of_very_many_names_the_first_are_judged():
    names = [f"Ответы ученика {number}.txt".encode("cp1251") for number in range(9000)]
    assert encoding_of(names) == "cp1251"
    assert encoding_of([f"я{'ё' * 30_000}.txt".encode()] * 3) == "utf-8"


def test_an_extra_field_of_many_empty_parts_costs_little(listed):
    assert listed(kit.zip_named([b"a.txt"], b"\1\1\0\0" * 16_000)) == ["a.txt"]
