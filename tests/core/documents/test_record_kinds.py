"""The documents of records: each obeys the rules of layout, says what its card says, and leaves out what is not known."""

from dataclasses import replace
from datetime import date

import pytest

from tests.core.documents import samples
from workflow_app.documents.checks.run import check
from workflow_app.documents.content.snapshot import Issue, RecordMaterial, Reference
from workflow_app.documents.docx import plain_text, write
from workflow_app.documents.kinds import event_papers as e
from workflow_app.documents.kinds.acquaintance_sheet import Acquainted, Reader
from workflow_app.documents.kinds.programme_report import NO_DATA
from workflow_app.documents.kinds.registry import KINDS

EVENT = e.EventCard(
    "семинар", "Портфолио без лишнего", "муниципальный", date(2026, 11, 8), "Школа № 4", 3, "10:00", "Морозова Любовь Петровна"
)  # fmt: skip
SOKOLOVA = e.Attendant("Соколова Ольга Викторовна", "МБОУ «Школа № 4»", "учитель")
READERS = (
    Reader("Бондаренко Ирина Львовна", "учитель", date(2026, 8, 20), "на бумаге"),
    Reader("Зорина Анна Павловна", "методист"),
)  # fmt: skip
CARDS = {
    "participation_certificate": e.Attended(EVENT, SOKOLOVA),
    "registration_sheet": e.Registered(EVENT, (SOKOLOVA, e.Attendant("Ветрова Анна Ильинична")) * 30),
    "acquaintance_sheet": Acquainted("Положение об экспертизе", "12-од", date(2025, 7, 1), 2, READERS),
    "programme_report": KINDS["programme_report"].sample(samples.CENTRE, date(2026, 11, 29), 40),
}


def composed(key, card=None, **issue):
    told = Issue(
        number="12", date=date(2026, 11, 29), check_address="https://example.ru/check/K7QF2M9X4TPD", code="K7QF2M9X4TPD",
        digest="0" * 64, **issue
    )  # fmt: skip
    made = RecordMaterial(samples.CENTRE, told, card or CARDS[key])
    return KINDS[key].compose(made)


def test_every_kind_has_a_card_here_and_a_name_of_its_own():
    assert CARDS.keys() == {one.key for one in KINDS.values() if one.of == "record"}
    assert len({str(one.title) for one in KINDS.values()}) == len(KINDS)


@pytest.mark.parametrize("key", CARDS)
def test_a_document_of_a_record_obeys_the_rules_of_layout(key):
    for issue in ({}, {"version": 2, "replaces": Reference("12", date(2026, 11, 20), 1)}):
        assert check(write.write(composed(key, **issue))) == ()


def told(key, card=None):
    return plain_text.text(composed(key, card))


def test_a_certificate_says_who_was_where_for_how_many_hours():
    words = told("participation_certificate")
    for said in (
        "Соколова Ольга Викторовна",
        "учитель",
        "МБОУ «Школа № 4»",
        "семинар «Портфолио без лишнего»",
        "8 ноября 2026",
        "3 (три) часа",
    ):
        assert said in words.replace("\u00a0", " ")


def test_what_is_not_known_of_a_person_is_left_out_and_a_form_is_not_said_twice():
    event = e.EventCard("семинар", "Семинар о портфолио", "муниципальный", date(2026, 11, 8), "Школа № 4", 21)
    words = told("participation_certificate", e.Attended(event, e.Attendant("Ветрова Анна Ильинична"))).replace(
        "\u00a0", " "
    )
    assert "Должность" not in words
    assert "Организация" not in words
    assert "Мероприятие: Семинар о портфолио" in words
    assert "21 (двадцать один) час" in words


def test_an_empty_sheet_says_so():
    assert "Никто не записан" in told("registration_sheet", e.Registered(EVENT, ()))
    assert "пока некого" in told("acquaintance_sheet", Acquainted("Положение", "1", date(2026, 1, 12), 1, ()))


def test_a_report_says_what_has_no_data_and_what_is_missing():
    card = replace(
        CARDS["programme_report"],
        indicators=(replace(CARDS["programme_report"].indicators[0], fact=NO_DATA),),
        events=(),
    )
    words = told("programme_report", card)
    assert NO_DATA in words
    assert "Чего в отчёте нет" in words
    assert "К2.4: нет данных" in words
    assert "За период записей нет." in words
    assert "Критерий 1. Эффективность условий" in words
