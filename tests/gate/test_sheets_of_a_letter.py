"""A covering letter says how many sheets go with it, where somebody can count them."""

from __future__ import annotations

from tests.gate.kit import documents, words
from workflow_app.conversion.libreoffice import Absent, Converter

ATTESTATION = "attestation_portfolio"


class Counting(Converter):
    """A converter whose files have three pages each."""

    def pdf(self, docx, *, wait=True, seconds=None):
        assert docx.startswith(b"PK")
        assert not wait
        assert seconds < 10  # others wait to write meanwhile
        return b"%PDF-1.7\n1 0 obj\n<</Type/Pages\n/Resources 5 0 R\n/Kids[ 2 0 R ]\n/Count 3>>\nendobj"


class Nowhere(Converter):
    """A server without LibreOffice."""

    asked = 0

    def pdf(self, docx, *, wait=True, seconds=None):  # noqa: ARG002 - as the base has it
        self.asked += 1
        raise Absent


def letter(play, converter):
    road = play("on_approval", ATTESTATION)
    road.stage.database.converter = converter
    road.approve()
    return words(road, documents(road, "covering_letter")[0].sha256).replace("\u00a0", " ")


def test_the_letter_counts_the_sheets_of_what_it_encloses(play):
    said = letter(play, Counting())
    assert "на 3 л. в 1 экз." in said
    assert "Экспертные листы специалистов (всего 3) на 9 л. в 1 экз." in said


def test_what_nobody_could_count_is_a_blank_for_the_hand(play):
    for converter in (None, nowhere := Nowhere()):
        assert letter(play, converter).count("на ____ л. в 1 экз.") == 2
    assert nowhere.asked == 2  # a line: what hangs once is not waited for again
