"""The documents of records: each obeys the rules of layout, says what its card says, and leaves out what is not known."""

import io
import zipfile
from dataclasses import replace
from datetime import date

import pytest

from tests.core.documents import samples
from workflow_app.documents.checks.run import check
from workflow_app.documents.content.snapshot import Issue, RecordMaterial, Reference
from workflow_app.documents.docx import plain_text, write
from workflow_app.documents.docx.blocks import Table
from workflow_app.documents.docx.qr_code import qr
from workflow_app.documents.kinds import event_announcement as a
from workflow_app.documents.kinds import event_papers as e
from workflow_app.documents.kinds import invented
from workflow_app.documents.kinds.acquaintance_sheet import Acquainted, Reader
from workflow_app.documents.kinds.programme_report import NO_DATA
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.documents.russian.grammar import PersonName

EVENT = e.EventCard(
    "семинар", "Портфолио без лишнего", "муниципальный", date(2026, 11, 8), "Школа № 4", 3, "10:00", "Морозова Любовь Петровна"
)  # fmt: skip
SOKOLOVA = e.Attendant("Соколова Ольга Викторовна", "МБОУ «Школа № 4»", "учитель")
READERS = (
    Reader("Бондаренко Ирина Львовна", "учитель", date(2026, 8, 20), "на бумаге"),
    Reader("Зорина Анна Павловна", "методист"),
)  # fmt: skip
MOROZOVA = PersonName("Морозова", "Любовь", "Петровна").settled()
HELD = replace(
    EVENT, audience="эксперты, кандидаты", capacity=40, about="Разбираем три папки.\n- что смотрят\n- чего не смотрят"
)
CARDS = {
    "event_letter": a.Announced(
        event=HELD,
        page="https://example.ru/open/centre-event/7",
        open_form=True,
        prepared_by=MOROZOVA,
        phone="8 (34346) 2-00-00",
    ),
    "event_order": a.Ordered(
        event=HELD,
        plan_code="2.4",
        plan_title="Семинары экспертов",
        executor=MOROZOVA,
        executor_position=invented.METHODIST,
    ),
    "participation_certificate": e.Attended(EVENT, SOKOLOVA),
    "registration_sheet": e.Registered(EVENT, (SOKOLOVA, e.Attendant("Ветрова Анна Ильинична")) * 30),
    "acquaintance_sheet": Acquainted("Положение об экспертизе", "12-од", date(2025, 7, 1), 2, READERS),
    "programme_report": KINDS["programme_report"].sample(samples.CENTRE, date(2026, 11, 29), 40),
    **{
        key: KINDS[key].sample(samples.CENTRE, date(2026, 11, 8), 3)
        for key in (
            "composition_order",
            "office_order",
            "office_letter",
            "body_plan",
            "commissions_order",
            "conclusions_order",
        )
    },
    **{
        key: KINDS[key].sample(samples.CENTRE, date(2026, 11, 8), 3) for key in ("meeting_protocol", "protocol_extract")
    },
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


@pytest.mark.parametrize("key", ["commissions_order", "conclusions_order"])
@pytest.mark.parametrize("attestation", [True, False])
def test_an_order_of_a_month_keeps_its_look_with_forty_cases(key, attestation):
    few = KINDS[key].sample(samples.CENTRE, date(2026, 11, 8), 40)
    card = replace(few, attestation=attestation)
    document = composed(key, card)
    assert [f"{one.rule}: {one.place}" for one in check(write.write(document))] == []
    words = plain_text.text(document).replace("\u00a0", " ")
    assert "всего 40 " in words
    assert "Контроль исполнения приказа оставляю за собой" in words
    assert ("Утвердить экспертные заключения" in words) is (key == "conclusions_order" and not attestation), "0a.5"
    assert sum(next(one for one in document.blocks if isinstance(one, Table)).widths) == 170


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


def test_a_report_has_a_picture_for_each_criterion_that_is_told_in_words():
    card = CARDS["programme_report"]
    first = card.indicators[0]
    second = replace(first, criterion="Удовлетворённость", key="К3.1", fact=NO_DATA, fact_number=None)
    document = composed("programme_report", replace(card, indicators=(first, second)))
    with zipfile.ZipFile(io.BytesIO(write.write(document))) as package:
        pictures = [name for name in package.namelist() if "media/picture" in name]
        body = package.read("word/document.xml").decode()
    assert pictures == ["word/media/picture1.png", "word/media/picture2.png"]
    assert 'descr="План и факт показателей критерия 1, полосы. К1.1: факт 75 %, план 80 %."' in body
    assert 'descr="План и факт показателей критерия 2, полосы. К3.1: нет данных, план 80 %."' in body
    assert "Рисунок 2 – План и факт показателей критерия 2" in plain_text.text(document)


def test_a_list_that_is_shown_in_part_says_of_how_many():
    card = replace(CARDS["programme_report"], totals=(("events", 341), ("products", 40)))
    assert told("programme_report", card).count("Показано строк: ") == 1
    assert "Показано строк: 40 из 341." in told("programme_report", card)


def test_a_letter_invites_leads_to_the_open_page_and_shows_its_code():
    words = told("event_letter").replace("\u00a0", " ")
    assert "О проведении семинара «Портфолио без лишнего»" in words
    assert "проводит семинар «Портфолио без лишнего» и приглашает к участию." in words
    assert "Учётная запись для этого не нужна." in words
    assert "Страница мероприятия https://example.ru/open/centre-event/7" in words
    assert words.index("– что смотрят") < words.index("Записаться можно")
    with zipfile.ZipFile(io.BytesIO(write.write(composed("event_letter")))) as package:
        assert package.read("word/media/qr.png") == qr("https://example.ru/open/centre-event/7")
        assert (
            "QR-код: Страница мероприятия https://example.ru/open/centre-event/7"
            in package.read("word/document.xml").decode()
        )


def test_a_letter_of_an_event_that_strangers_do_not_see_sends_them_nowhere():
    words = told("event_letter", a.Announced(event=HELD)).replace("\u00a0", " ")
    assert "Страница мероприятия" not in words
    assert "Просим сообщить ответственному за мероприятие (Морозова Любовь Петровна)" in words


@pytest.mark.parametrize(
    ("form", "title", "said"),
    [("деловая игра", "Экспертиза", "деловой игры «Экспертиза»"), ("конференция", "Опыт", "конференции «Опыт»"),
     ("семинар", "Семинар об опыте", "мероприятия «Семинар об опыте»"), ("слёт", "Опыт", "мероприятия «Опыт»")],
)  # fmt: skip
def test_the_form_of_an_event_is_declined(form, title, said):
    assert replace(HELD, form=form, title=title).named_in("g") == said


def test_an_order_names_the_ground_the_day_and_who_sees_to_it():
    words = told("event_order").replace("\u00a0", " ")
    for said in (
        "О проведении семинара «Портфолио без лишнего»", "планом программы инновационной деятельности (пункт 2.4 «Семинары экспертов»)",
        "ПРИКАЗЫВАЮ:", "1. Провести 8 ноября 2026 г. семинар", "методиста Морозову Л.П.", "Методисту Морозовой Л.П. подготовить",
        "С приказом ознакомлены:",
    ):  # fmt: skip
        assert said in words
    alone = told("event_order", a.Ordered(event=EVENT)).replace("\u00a0", " ")
    assert "В соответствии с планом работы" in alone
    assert "Назначить" not in alone


@pytest.mark.parametrize(("many", "words"), [(1, "Приложение: Программа"), (2, "Приложения:")])
def test_one_annex_is_told_in_a_line_and_several_are_a_list(many, words):
    card = KINDS["office_order"].sample(samples.CENTRE, date(2026, 11, 8), many)
    assert words in plain_text.text(composed("office_order", card)).replace("\xa0", " ")


def test_an_order_of_a_month_charges_nobody_who_is_not_named_and_bears_the_chairs_line():
    few = KINDS["conclusions_order"].sample(samples.CENTRE, date(2026, 11, 8), 2)
    card = replace(few, executor=None, chair=MOROZOVA)
    words = told("conclusions_order", card).replace("\u00a0", " ")
    assert "ознакомить" not in words
    assert "Председатель рабочей группы" in words
    signed = RecordMaterial(
        samples.CENTRE,
        Issue(number="12", date=date(2026, 11, 29)),
        card,
        replace(samples.DIRECTOR_PAPER, kind="simple", moment="29 ноября 2026 г., 10:00 (ЕКБ)", event="ПД-2026-1/4"),
    )
    assert "Подписано простой электронной подписью" in plain_text.text(KINDS["conclusions_order"].compose(signed))
    groups = replace(
        KINDS["commissions_order"].sample(samples.CENTRE, date(2026, 11, 8), 1), attestation=False, executor=None
    )
    assert "всего 1 группа" in told("commissions_order", groups).replace("\u00a0", " ")
    assert "передать" not in told("conclusions_order", replace(card, attestation=True))
