"""Old Office files: streams in any case of letters, and projects of macros in which nothing can run."""

import struct

import pytest

from tests.core.files import kit
from workflow_app.files import ole_limits, vba_limits
from workflow_app.files.inspect_upload import Kind, Refused

ATTRIBUTES = (
    b'Attribute VB_Name = "ThisWorkbook"\r\nAttribute VB_Base = "0{00020819-0000-0000-C000-000000000046}"\r\n'
    b"Attribute VB_GlobalNameSpace = False\r\nAttribute VB_Exposed = True\r\n\r\n"
)
BOOK = struct.pack("<HH", 0x809, 0)
CODE = ATTRIBUTES + b'Sub Workbook_Open()\r\n  Shell "calc"\r\nEnd Sub\r\n'


def project(**streams):
    """A workbook with a project: by keyword its streams, ``__`` for the storage of the modules."""
    named = {name.replace("__", "VBA/", 1): data for name, data in streams.items()}
    return kit.compound({"Workbook": BOOK} | {f"_VBA_PROJECT_CUR/{name}": data for name, data in named.items()})


def directory(offset):
    return kit.packed_text(b"\x19\0\4\0\0\0Mod1" + struct.pack("<HII", 0x31, 4, offset))


@pytest.mark.parametrize("name", ["Workbook", "WORKBOOK", "workbook", "BOOK"])
def test_names_of_streams_do_not_depend_on_case(look, name):
    """Case 22: other programs write capitals; the names of a compound file do not depend on case ([MS-CFB] 2.6.4)."""
    assert look(kit.ole({name: struct.pack("<HH", 0x809, 0)}), "ведомость.xls").kind is Kind.TABLE


def test_a_lock_is_seen_in_a_stream_of_capitals_too(look):
    assert look(kit.ole({"WORDDOCUMENT": kit.word_head(), "1Table": b""}), "приказ.doc").kind is Kind.TEXT
    for data, name in (
        (kit.ole({"WORKBOOK": struct.pack("<HHHHH", 0x809, 0, 0x2F, 2, 0)}), "а.xls"),
        (kit.ole({"WORDDOCUMENT": kit.word_head(0x0100)}), "а.doc"),
        (kit.ole({"POWERPOINT DOCUMENT": b"", "ENCRYPTEDSUMMARY": b""}), "а.ppt"),
    ):
        with pytest.raises(Refused, match="защищён паролем"):
            look(data, name)


@pytest.mark.parametrize(
    "streams",
    [
        {"__ThisWorkbook": kit.packed_text(ATTRIBUTES)},
        {"PROJECT": b'ID="{0}"\r\n', "PROJECTwm": b"\0", "__ThisWorkbook": kit.packed_text(ATTRIBUTES)},
        {"__dir": directory(0), "___VBA_PROJECT": b"\xcc\x61\xff\xff\0\0\0", "__Mod1": kit.packed_text(ATTRIBUTES)},
        {"__Mod1": kit.packed_text(b"")},
    ],
)
def test_a_project_without_a_line_of_code_is_accepted(look, streams):
    """Case 23: Excel shows no macro in such a file."""
    assert look(project(**streams), "без-макросов.xls").kind is Kind.TABLE


@pytest.mark.parametrize(
    "streams",
    [
        {"__Mod1": kit.packed_text(CODE)},
        {"__ThisWorkbook": kit.packed_text(ATTRIBUTES), "__Mod1": kit.packed_text(CODE)},
        {"__Mod1": kit.packed_text(ATTRIBUTES + b"x" * 5000)},
        {"__Mod1": kit.packed_text(b'Attribute VB_Name = "a": Shell "calc"')},
        {"__Mod1": kit.packed_text(b"Rem Attribute VB_Name = 1")},
        # compiled code where the text was taken away
        {"__Mod1": b"\xfe\xca\1\0\5\0" + kit.packed_text(ATTRIBUTES)},
        {"__dir": directory(900), "__Mod1": kit.packed_text(ATTRIBUTES)},
        {"__dir": b"no container", "__Mod1": kit.packed_text(ATTRIBUTES)},
        {"__Mod1": kit.packed_text(ATTRIBUTES), "____SRP_0": kit.packed_text(ATTRIBUTES)},
        {"__Mod1": kit.packed_text(ATTRIBUTES) + b"behind"},
        # what is not known
        {"__Mod1": kit.packed_text(ATTRIBUTES), "UserForm1/o": b"x"},
        {"__Mod1": kit.packed_text(ATTRIBUTES), "other": b"x"},
        {"__Mod1": b""},
        {"__Mod1": b"\1" + b"\xff\xbf" + b"\xff" * 4096},
        {"__": b""},
        {},
        {f"__Mod{number}": b"" for number in range(3)},
    ],
)
def test_a_project_that_might_run_is_refused_with_a_way_out(look, streams):
    with pytest.raises(Refused, match=r"есть макросы.*\.xlsx"):
        look(
            project(**streams) if streams else kit.compound({"Workbook": b"", "_VBA_PROJECT_CUR/": b""}), "макросы.xls"
        )


@pytest.mark.parametrize(
    "place", ["Macros/VBA/Mod1", "_VBA_PROJECT_CUR/VBA/Mod1", "ObjectPool/_1/Macros/VBA/Mod1", "vba/Mod1"]
)
def test_every_place_of_a_project_is_looked_at(look, place):
    with pytest.raises(Refused, match="есть макросы"):
        look(kit.compound({"WordDocument": kit.word_head(), place: kit.packed_text(CODE)}), "макросы.doc")


def test_a_second_project_or_a_nested_one_is_refused_even_when_empty(look):
    empty = kit.packed_text(ATTRIBUTES)
    for place in ("Macros/VBA/Mod1", "ObjectPool/Macros/VBA/Mod1"):
        with pytest.raises(Refused, match="есть макросы"):
            look(kit.compound({"Workbook": b"", "_VBA_PROJECT_CUR/VBA/Mod1": empty, place: empty}), "макросы.xls")


def test_too_many_streams_are_not_half_looked_at(look, monkeypatch):
    monkeypatch.setattr(ole_limits, "MAX_STREAMS", 1)
    with pytest.raises(Refused, match="повреждён"):
        look(kit.old_word(), "приказ.doc")
    monkeypatch.setattr(ole_limits, "MAX_STREAMS", 99)
    monkeypatch.setattr(vba_limits, "MAX_MODULES", 0)
    with pytest.raises(Refused, match="есть макросы"):
        look(project(__Mod1=kit.packed_text(ATTRIBUTES)), "много.xls")


@pytest.mark.parametrize(
    ("packed", "text"),
    [
        ("0119b000616263646566676800696a6b6c6d6e6f70007172737475762e", "abcdefghijklmnopqrstuv."),
        (
            "012fb000236161616263646582660070616768696a013808616b6c00306d6e6f700671027004107273747576107778797a003c",
            "#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa",
        ),
        ("0103b002614500", "a" * 73),
    ],
)
def test_the_examples_of_the_specification_are_unpacked(packed, text):
    """[MS-OVBA] 3.2.1 to 3.2.3."""
    assert vba_limits.unpacked(bytes.fromhex(packed)) == text.encode()


@pytest.mark.parametrize(
    "packed", [b"\1" + b"\0" * (1 << 16), b"\1" + b"\x03\xb0\x02aE\x00" * 4000, b"\1\x03\xb0\x02a\xff\xff", b"\2"]
)
def test_unpacking_is_bounded_and_strict(packed):
    with pytest.raises(vba_limits.NotPacked):
        vba_limits.unpacked(packed)
