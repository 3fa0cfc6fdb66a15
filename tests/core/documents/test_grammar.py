"""Names, numbers and dates in the forms that documents need."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from workflow_app.documents.russian import grammar
from workflow_app.documents.russian.grammar import NBSP, PersonName
from workflow_app.documents.russian.unconfirmed import unmarked

HARD_NAMES = [
    [cell.strip() for cell in line.split("|")]
    for line in Path(__file__).with_name("names.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize("row", HARD_NAMES, ids=lambda row: row[0])
def test_hard_names_are_declined(row):
    person = PersonName(*(word.strip() for word in row[0].split(";")))

    assert [person.declined(case) for case in ("g", "d", "a", "i")] == row[1:]


def test_a_persons_own_preference_wins_over_the_rules():
    person = PersonName("Заяц", "Илья", "Лукич", overrides={"d": "Заяцу Илье Лукичу"})

    assert person.full("d") == "Заяцу Илье Лукичу"
    assert person.short("d") == f"И.Л.{NBSP}Заяцу"
    assert person.declined("g") == "Зайца Ильи Лукича"


@pytest.mark.parametrize(
    ("middle", "gender"),
    [("Ильич", "m"), ("Ильинична", "f"), ("Рашид-оглы", "m"), ("Рашид кызы", "f"), ("", None), ("Ли", None)],
)
def test_gender_is_taken_from_the_patronymic(middle, gender):
    assert PersonName("Ким", "Саша", middle).gender == gender


def test_a_name_without_a_known_gender_is_not_declined():
    assert PersonName("Мартин", "Рут").declined("d") == "Мартин Рут"


def test_a_given_gender_is_enough_without_a_patronymic():
    assert PersonName("Ким", "Саша", gender="m").declined("d") == "Киму Саше"


@pytest.mark.parametrize(
    ("last", "first", "middle", "expected"),
    [
        ("Smith", "Anna", "Ивановна", "Smith Anna Ивановне"),
        ("Петров", "О.", "В.", "Петров О. В."),
        ("Петров", "О.В.", "", "Петров О.В."),
        ("Ли", "Е", "Ивановна", "Ли Е Ивановне"),
    ],
)
def test_latin_words_and_initials_are_left_as_they_are(last, first, middle, expected):
    assert PersonName(last, first, middle).declined("d") == expected


@pytest.mark.parametrize(
    ("person", "signature", "address"),
    [
        (PersonName("Соколова", "Ольга", "Викторовна"), "О.В. Соколовой", "Соколовой О.В."),
        (PersonName("Мамедов", "Рашид", "Эльдар-оглы"), "Р.Э. Мамедову", "Мамедову Р.Э."),
        (PersonName("Иванова", "Анна-Мария", "Петровна"), "А.-М.П. Ивановой", "Ивановой А.-М.П."),
        (PersonName("Петров", "О. В.", gender="m"), "О.В. Петрову", "Петрову О.В."),
        (PersonName("Ким", "Рут"), "Р. Ким", "Ким Р."),
    ],
)
def test_short_names_keep_initials_and_surname_on_one_line(person, signature, address):
    assert unmarked(person.short("d")) == signature.replace(" ", NBSP)
    assert unmarked(person.short("d", surname_first=True)) == address.replace(" ", NBSP)


def test_spaces_around_a_name_are_trimmed():
    assert PersonName("  Соколова ", "Ольга\t", " Викторовна ").full() == "Соколова Ольга Викторовна"


def test_the_salutation_uses_name_and_patronymic():
    assert PersonName("Соколова", "Ольга", "Викторовна").called == "Ольга Викторовна"


@pytest.mark.parametrize(
    ("number", "form"),
    [
        *((number, "балл") for number in (1, 21, 101)),
        *((number, "балла") for number in (2, 4, 104)),
        *((number, "баллов") for number in (0, 5, 11, 14, 111)),
    ],
)
def test_nouns_agree_with_whole_numbers(number, form):
    assert grammar.plural(number, "балл", "балла", "баллов") == form


@pytest.mark.parametrize(
    ("number", "words"), [(Decimal("62.5"), "62,5 балла"), (Decimal("13.0"), "13 баллов"), (1, "1 балл")]
)
def test_fractions_take_the_genitive_singular(number, words):
    assert grammar.counted(number, "балл", "балла", "баллов") == words.replace(" ", NBSP)


def test_numbers_are_written_in_the_russian_way():
    assert grammar.decimal(Decimal("4.50")) == "4,5"
    assert grammar.decimal(Decimal(40)) == "40"
    assert grammar.percent(Decimal(80)) == f"80,0{NBSP}%"
    assert grammar.numbered("45-од") == f"№{NBSP}45-од"
    assert grammar.numbered("") == f"№{NBSP}______"


def test_a_date_may_break_only_before_the_year():
    assert grammar.day(date(2026, 11, 23)) == f"23{NBSP}ноября 2026{NBSP}г."
    assert grammar.short_day(date(2026, 3, 5)) == "05.03.2026"
    assert grammar.moment(datetime(2026, 11, 23, 14, 5), "ЕКБ") == f"23{NBSP}ноября 2026{NBSP}г., 14:05{NBSP}(ЕКБ)"  # noqa: DTZ001


def test_quotation_marks_inside_others_are_of_the_second_kind():
    assert grammar.quoted("Мастер-класс «Читаем схемы»") == "«Мастер-класс „Читаем схемы“»"
    assert grammar.quoted(" «Родник» ") == "«Родник»"
    assert grammar.quoted("«Школа» и «Дом»") == "«„Школа“ и „Дом“»"


@pytest.mark.parametrize(
    ("key", "case", "words"),
    [
        ("first", "a", "первую квалификационную категорию"),
        ("highest", "g", "высшей квалификационной категории"),
        ("methodist", "n", "квалификационная категория «педагог-методист»"),
        ("methodist", "a", "квалификационную категорию «педагог-методист»"),
        ("mentor", "d", "квалификационной категории «педагог-наставник»"),
        ("mentor", "i", "квалификационной категорией «педагог-наставник»"),
    ],
)
def test_categories_are_named_in_every_case(key, case, words):
    assert grammar.category(key, case) == words


def test_r1_there_are_no_other_categories():
    """R1: confirming that a person suits the position held is not an expertise of this product."""
    with pytest.raises(KeyError):
        grammar.category("suitability")


def test_words_agree_with_a_person_or_stay_neutral():
    assert [grammar.by_gender(one, "включён", "включена", "включён(а)") for one in ("m", "f", None)] == [
        "включён",
        "включена",
        "включён(а)",
    ]
