"""What a document may consist of."""

from dataclasses import replace
from datetime import date

import pytest

from tests.core.documents import samples
from workflow_app.documents.content.snapshot import Signature
from workflow_app.documents.docx.blocks import Certificate, SignatureLine, Table, clean, text
from workflow_app.documents.kinds.registry import KINDS, kind
from workflow_app.errors import Broken

CERTIFICATE = Certificate("00A1", "Градов Игорь Алексеевич", date(2026, 2, 1), date(2027, 5, 1))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("а\x00б\x07в\x1f", "абв"),
        ("а\r\nб\rв\u2028г", "а\nб\nв\nг"),
        ("а\tб", "а б"),
        ("\u202eтсет\u202c \u2066x\u2069", "тсет x"),
        ("а\ud800б\uffffв", "абв"),
        ("<b>&amp; «текст» {{7*7}}", "<b>&amp; «текст» {{7*7}}"),
    ],
)
def test_only_characters_that_cannot_stand_in_a_document_are_dropped(typed, kept):
    assert clean(typed) == kept


def test_a_document_holds_only_clean_text_wherever_it_came_from():
    material = samples.material_sheet()
    case = replace(material.case, title="Сборник\x00 заданий\u202e")
    document = KINDS["expert_sheet"].compose(replace(material, case=case))

    assert "\x00" not in repr(document)
    assert "«Сборник заданий»" in document.heading


def test_a_table_with_rows_of_unequal_length_is_refused():
    with pytest.raises(Broken):
        Table("Оценки", ("№", "Критерий"), ((text("1"),),), (10, 160), ("center", "left"))


@pytest.mark.parametrize("fields", [{"number": " "}, {"owner": ""}])
def test_r36_a_certificate_without_its_data_is_refused(fields):
    """R36."""
    with pytest.raises(Broken):
        replace(CERTIFICATE, **fields)


def test_r36_only_a_certificate_gives_a_certificate_mark():
    """R36: neither a mark without data nor data under another kind of signature."""
    with pytest.raises(Broken):
        Signature("certificate", samples.GRADOV, samples.DIRECTOR)
    with pytest.raises(Broken):
        Signature("paper", samples.GRADOV, samples.DIRECTOR, certificate=CERTIFICATE)
    with pytest.raises(Broken):
        SignatureLine("Директор", "И.А. Градов", note="Подписано простой электронной подписью", certificate=CERTIFICATE)


@pytest.mark.parametrize("fields", [{"moment": "сегодня"}, {"event": "7"}])
def test_r35_a_simple_signature_names_its_moment_and_the_journals_entry(fields):
    """R35."""
    with pytest.raises(Broken):
        Signature("simple", samples.GRADOV, samples.DIRECTOR, **fields)


def test_an_unknown_kind_of_document_is_refused():
    assert kind("order").register == "orders"
    with pytest.raises(Broken):
        kind("certificate_of_nothing")


def test_every_kind_has_a_title_and_a_known_register():
    registers = {
        None,
        "conclusions",
        "orders",
        "plans",
        "letters",
        "decisions",
        "acts",
        "protocols",
        "extracts",
        "certificates",
        "sheets",
    }
    assert {one.register for one in KINDS.values()} == registers
    assert all(str(one.title) and one.key == key for key, one in KINDS.items())
