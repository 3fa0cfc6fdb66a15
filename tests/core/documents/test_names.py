"""Forms of names: our rules on the hard list, what nobody has confirmed on paper, numbers and dates in words."""

import io
from dataclasses import fields, is_dataclass, replace
from datetime import date
from pathlib import Path

import docx
import pytest

from tests.core.documents import samples
from tests.core.documents.test_preview import html
from workflow_app.documents.checks.run import check
from workflow_app.documents.docx import plain_text, write
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.documents.kinds.wording import lowered, sentence
from workflow_app.documents.russian.grammar import CASES, PersonName, Position, capitalised, quoted
from workflow_app.documents.russian.name_match import unlike
from workflow_app.documents.russian.name_rules import mended, special
from workflow_app.documents.russian.names import forms
from workflow_app.documents.russian.numerals import day_in_words, in_words
from workflow_app.documents.russian.unconfirmed import CLOSE, NOTE, OPEN, marked, pieces, unmarked
from workflow_app.facts.naming import position_of

OBLIQUE = CASES[1:]
HARD = [
    [cell.strip() for cell in line.split("|")]
    for line in Path(__file__).with_name("hard_names.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
NAMES = sorted(samples.DOCUMENTS)


# ---------------------------------------------------------------------------------------------------------- the grammar


@pytest.mark.parametrize("row", HARD, ids=lambda row: row[0])
def test_every_name_of_the_hard_list_is_declined_by_the_rules(row):
    last, first, middle, gender = (word.strip() for word in row[0].split(";"))
    person = PersonName(last, first, middle, gender)
    assert [person.declined(case) for case in OBLIQUE] == row[1:]


def test_the_hard_list_is_long_and_has_men_and_women():
    genders = [row[0].rsplit(";", 1)[1].strip() for row in HARD]
    assert len(HARD) >= 120
    assert min(genders.count("m"), genders.count("f")) >= 40


@pytest.mark.parametrize(
    ("word", "genitive"),
    [("МАКДОНАЛЬД", "МАКДОНАЛЬДА"), ("МакКей", "МакКея"), ("КУЗНЕЦ", "КУЗНЕЦА"), ("БОНЧ-БРУЕВИЧ", "БОНЧ-БРУЕВИЧА")],
)
def test_capital_letters_stay_where_they_were(word, genitive):
    assert forms("last", word, "m")[1] == genitive


@pytest.mark.parametrize(
    ("word", "oblique"),
    [
        ("Кий", "Кия Кию Кия Кием"),
        ("Топчий", "Топчия Топчию Топчия Топчием"),
        ("Пугачий", "Пугачия Пугачию Пугачия Пугачием"),
    ],
)
def test_a_noun_on_iy_is_no_adjective(word, oblique):
    assert list(forms("last", word, "m")[1:]) == oblique.split()
    assert set(forms("last", word, "f")) == {word}


@pytest.mark.parametrize("row", HARD, ids=lambda row: row[0])
def test_every_form_of_a_hard_name_can_be_of_that_name(row):
    last, first, middle, gender = (word.strip() for word in row[0].split(";"))
    person = PersonName(last, first, middle, gender)
    assert [unlike(person, form) for form in row[1:]] == [None] * len(row[1:])


@pytest.mark.parametrize(
    ("name", "form"),
    [
        (("Лев", "Павел", "Львович"), "Льва Павла Львовича"), (("Огонь", "Пётр", "Ильич"), "Огня Петра Ильича"),
        (("Козёл", "Любовь", "Петровна"), "КОЗЛА ЛЮБОВИ ПЕТРОВНЫ"), (("Алиев", "Рашид", "Мамед оглы"), "Алиева Рашида Мамед Оглы"),
        (("Уголь", "О.", "В."), "Угля О. В."), (("О’Коннор", "Семён", ""), "О'Коннора Семена"), (("Бек", "Ян", ""), "Бека Яна"),
    ],
)  # fmt: skip
def test_a_fleeting_vowel_capitals_and_initials_make_no_other_name(name, form):
    assert unlike(PersonName(*name), form) is None


@pytest.mark.parametrize(
    ("name", "form", "told"),
    [
        (("Ткач", "Вероника", "Андреевна"), "Наполеона Бонапарта", "столько же"),
        (("Ткач", "Вероника", "Андреевна"), "Ткач Марины Андреевны", "«Марины» не похоже на «Вероника»"),
        (("Алиев", "Рашид", "Мамед оглы"), "Алиева Рашида Мамеда кызы", "«кызы» не похоже на «оглы»"),
    ],
)
def test_somebody_elses_name_and_a_slip_are_told(name, form, told):
    assert told in str(unlike(PersonName(*name), form))


@pytest.mark.parametrize(
    ("number", "kind", "words"),
    [
        (0, "m", "ноль"), (1, "f", "одна"), (2, "n", "два"), (11, "m", "одиннадцать"), (40, "m", "сорок"),
        (91, "m", "девяносто один"), (100, "m", "сто"), (1002, "f", "одна тысяча две"),
        (21_848, "m", "двадцать одна тысяча восемьсот сорок восемь"),
        (999_999, "f", "девятьсот девяносто девять тысяч девятьсот девяносто девять"),
    ],
)  # fmt: skip
def test_numbers_are_said_in_words(number, kind, words):
    assert in_words(number, kind) == words


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("g", "двух тысяч трёхсот восьми"), ("d", "двум тысячам трёмстам восьми"), ("a", "две тысячи триста восемь"),
        ("i", "двумя тысячами тремястами восемью"),
    ],
)  # fmt: skip
def test_every_word_of_a_number_declines(case, words):
    assert in_words(2308, case=case) == words


@pytest.mark.parametrize("number", [-1, 1_000_000])
def test_a_number_without_words_is_refused(number):
    with pytest.raises(ValueError, match="no words"):
        in_words(number)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (date(2026, 11, 23), "двадцать третьего ноября две тысячи двадцать шестого года"),
        (date(2000, 1, 3), "третьего января двухтысячного года"), (date(2030, 2, 10), "десятого февраля две тысячи тридцатого года"),
        (date(1999, 5, 30), "тридцатого мая тысяча девятьсот девяносто девятого года"),
        (date(2100, 5, 11), "одиннадцатого мая две тысячи сотого года"),
    ],
)  # fmt: skip
def test_a_day_is_said_in_words(value, words):
    assert day_in_words(value) == words


# ------------------------------------------------------------------------------------------------------------ the marks


def test_an_oblique_form_is_marked_until_somebody_confirmed_it():
    person = PersonName("Ткач", "Вероника", "Андреевна", overrides={"d": "Ткач Веронике Андреевне"})
    assert OPEN not in person.full() + person.short() + person.full("d") + person.short("d")
    assert person.full("g") == marked("Ткач Вероники Андреевны")
    assert unmarked(person.short("i", surname_first=True)).startswith("Ткач")
    assert OPEN in person.short("i")
    assert not any(OPEN in person.settled().full(case) for case in CASES)


def test_a_position_outside_the_list_is_marked_in_every_case_but_the_nominative():
    typed = position_of("Старший по музею")
    assert typed.form("n") == "Старший по музею"
    assert all(typed.form(case) == marked("Старший по музею") for case in OBLIQUE)
    assert not any(OPEN in position_of("teacher").form(case) for case in CASES)


def test_phrases_are_made_of_marked_forms_as_of_others():
    form = marked("учителю")
    assert capitalised(form) == marked("Учителю")
    assert lowered(marked("Учителю")) == form
    assert quoted(form) == marked("«учителю»")
    assert sentence(marked("Ткач В.А.")) == marked("Ткач В.А.")
    assert [*pieces(f"Дано {form}, да")] == [("Дано ", False), ("учителю", True), (", да", False)]


def changed(value, change):
    """The same material with every person's name and position changed."""
    if isinstance(value, PersonName | Position):
        return change(value)
    if isinstance(value, tuple):
        return tuple(changed(one, change) for one in value)
    if is_dataclass(value):
        return replace(value, **{one.name: changed(getattr(value, one.name), change) for one in fields(value)})
    return value


def forget(value):
    """Nobody has confirmed anything; the position is one that no typed text speaks of."""
    if isinstance(value, PersonName):
        return replace(value, overrides={})
    return Position("хранитель", "хранителя", "хранителю", "хранителя", "хранителем", stored=False)


def oblique(value, found):
    """Every oblique form of every name and position of a material that differs from the nominative."""
    if isinstance(value, PersonName):
        for case in OBLIQUE:
            for form in (
                value.declined(case),
                unmarked(value.short(case)),
                unmarked(value.short(case, surname_first=True)),
            ):
                found.add(form)
        found -= {value.full(), value.short(), value.short(surname_first=True)}
    elif isinstance(value, Position):
        found |= {getattr(value, case) for case in OBLIQUE if getattr(value, case) != value.n}
    elif isinstance(value, tuple):
        for one in value:
            oblique(one, found)
    elif is_dataclass(value):
        for one in fields(value):
            oblique(getattr(value, one.name), found)
    return found


def runs_of(document):
    """The words of the file: of each run, and whether it is highlighted."""
    word = docx.Document(io.BytesIO(write.write(document)))
    body = word.element.body
    for run in body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}r"):
        words = "".join(one.text or "" for one in run.iter() if one.tag.endswith("}t"))
        yield words, run.rPr is not None and run.rPr.find(docx.oxml.ns.qn("w:highlight")) is not None


@pytest.mark.parametrize("name", NAMES)
def test_no_unconfirmed_form_is_printed_unmarked(name):
    """Of every kind of document: file, page and foot."""
    kind, made = samples.DOCUMENTS[name]
    material = changed(made(), forget)
    document = KINDS[kind].compose(material)
    known = oblique(material, set())
    sure = "\n".join(words for words, unsure in runs_of(document) if not unsure)
    shown = [words for words, unsure in runs_of(document) if unsure]
    assert not [form for form in known if form in sure]
    assert bool(shown) == (NOTE in document.foot) == bool(document.unsure)
    assert not [one for one in check(write.write(document)) if one.rule == "unsure"]
    page = html(document)
    assert page.count('<mark class="doc-unsure" title="проверьте">') >= len(set(shown))
    assert OPEN not in page + plain_text.text(document)
    assert CLOSE not in page + plain_text.text(document)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_marked_where_all_forms_are_confirmed(name):
    kind, made = samples.DOCUMENTS[name]
    document = KINDS[kind].compose(made())
    assert document.unsure == ()
    assert NOTE not in document.foot
    assert not any(unsure for _, unsure in runs_of(document))
    assert "doc-unsure" not in html(document)


def test_most_kinds_do_decline_a_name():
    """So the two tests above do not hold for want of forms."""
    declined = set()
    for name in NAMES:
        kind, made = samples.DOCUMENTS[name]
        if KINDS[kind].compose(changed(made(), forget)).unsure:
            declined.add(kind)
    assert len(declined) >= 8


def test_marks_that_somebody_typed_do_nothing():
    made = samples.material_conclusion()
    typed = f"Сборник {OPEN}заданий{CLOSE} и {CLOSE}{OPEN}"
    case = replace(made.case, title=typed, applicant=replace(made.case.applicant, last=f"{OPEN}Ткач"))
    document = KINDS["consolidated_conclusion"].compose(replace(made, case=case))
    assert document.unsure == ()
    assert "Сборник заданий и" in plain_text.text(document)
    assert OPEN not in repr(document)


@pytest.mark.parametrize("left_out", ["foot", "highlight"])
def test_the_checker_sees_a_mark_without_its_line_and_a_line_without_a_mark(left_out):
    made = changed(samples.DOCUMENTS["order"][1](), forget)
    document = KINDS["order"].compose(made)
    broken = replace(document)
    if left_out == "foot":
        object.__setattr__(broken, "foot", tuple(line for line in document.foot if line != NOTE))
    else:
        confirmed = KINDS["order"].compose(samples.DOCUMENTS["order"][1]())
        broken = replace(confirmed, foot=(*confirmed.foot, NOTE))
    assert [one.rule for one in check(write.write(broken))][:1] == ["unsure"]


@pytest.mark.parametrize(
    ("word", "declined"),
    [
        ("петро", ("петра", "петру", "петра", "петром")),
        ("марек", ("марека", "мареку", "марека", "мареком")),
        ("лоренц", None),
        ("гарец", ("гареца", "гарецу", "гареца", "гарецем")),
    ],
)
def test_first_names_from_elsewhere_keep_their_stem(word, declined):
    assert special("first", word, "m") == declined


def test_the_librarys_ending_is_mended_where_the_letter_before_it_does_not_bear_it():
    assert mended("высоких", ("высокого", "высокому", "высокого", "высокым"), "m")[-1] == "высоким"
    assert mended("рэй", ("рэй", "рэй", "рэй", "рэй"), "m") == ("рэя", "рэю", "рэя", "рэем")
