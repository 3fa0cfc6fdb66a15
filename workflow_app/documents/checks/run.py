"""The structural checker of Word files: each rule of their look and content, and the places where a file breaks it.

It reads the file itself, not what made it, so that a change of ``docx.write``, a template of somebody else's or a file
mended by hand is measured by the same rules. A file that is no readable package is one finding, never an exception.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import Final

from workflow_app.documents.checks import content, layout, requisites
from workflow_app.documents.checks.package import Package, Unreadable, opened
from workflow_app.errors import N_, Sentence

MAX_PLACES: Final = 50  # of one rule: a broken style would repeat itself in every paragraph
_GOST: Final = "ГОСТ Р 7.0.97"
_READERS: Final = "domain.md 6: читается программой экранного доступа"


@dataclass(frozen=True, slots=True)
class Rule:
    """What is demanded, by which clause, and ``holds``: the places of a package where it is not so (none is good)."""

    key: str
    title: Sentence
    source: str
    holds: Callable[[Package], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken place: the rule's key, what it demands, and where it is not so, in Russian."""

    rule: str
    sentence: Sentence
    place: str


_PACKAGE: Final = (
    Rule(
        "package",
        N_("Файл читается целиком: все части на месте, все связи и стили ведут к тому, что в файле есть."),
        "ECMA-376, часть 2",
        content.whole,
    ),
    Rule(
        "nothing_outside",
        N_("Файл ни на что не ссылается вовне и не загружает шаблон при открытии."),
        "R33; domain.md 0a.14",
        content.nothing_outside,
    ),
    Rule(
        "nothing_active",
        N_("В файле нет макросов, элементов управления, вложенных объектов и полей, кроме номера страницы."),
        "R33; domain.md 0a.14",
        content.nothing_active,
    ),
    Rule(
        "nothing_hidden",
        N_("В файле нет скрытого текста, примечаний на полях и записанных исправлений."),
        "R33",
        content.nothing_hidden,
    ),
    Rule("language", N_("Язык документа – русский."), "domain.md 6", content.language),
    Rule(
        "properties",
        N_("В свойствах файла указаны название, тема, автор, время создания и номер редакции."),
        "domain.md 6",
        content.properties,
    ),
    Rule("pictures", N_("У каждого рисунка есть описание."), _READERS, content.pictures),
)
_PAGE: Final = (
    Rule("paper", N_("Лист формата А4, книжный."), f"{_GOST}, domain.md 6", layout.paper),
    Rule(
        "margins",
        N_("Поля не меньше положенных: левое 20 мм, правое 10 мм, верхнее и нижнее 20 мм."),
        f"{_GOST}, domain.md 6",
        layout.margins,
    ),
    Rule(
        "fonts",
        N_("Весь документ набран одним свободным шрифтом: PT Astra Serif или Liberation Serif."),
        f"{_GOST}, domain.md 6",
        layout.fonts,
    ),
    Rule(
        "no_font_inside",
        N_("Шрифт назван, но не встроен в файл."),
        "domain.md 0a.14",
        layout.no_font_inside,
    ),
    Rule(
        "body_type", N_("Текст набран шрифтом размером от 12 до 14 пунктов."), f"{_GOST}, domain.md 6", layout.body_type
    ),
    Rule(
        "table_type",
        N_("Таблицы набраны шрифтом размером от 10 до 14 пунктов."),
        f"{_GOST}, domain.md 6",
        layout.table_type,
    ),
    Rule("small_type", N_("Мелкий шрифт – не мельче 8 пунктов."), f"{_GOST}, domain.md 6", layout.small_type),
    Rule(
        "line_spacing",
        N_("Межстрочный интервал – от одинарного до полуторного."),
        f"{_GOST}, domain.md 6",
        layout.line_spacing,
    ),
    Rule(
        "body_paragraph",
        N_("Текст выровнен по ширине, первая строка абзаца – с отступом 1,25 см."),
        f"{_GOST}, domain.md 6",
        layout.body_paragraph,
    ),
    Rule(
        "page_number",
        N_("Страницы со второй пронумерованы посередине верхнего поля."),
        f"{_GOST}, domain.md 6",
        layout.page_number,
    ),
    Rule("first_page", N_("На первой странице номера нет."), f"{_GOST}, domain.md 6", layout.first_page),
)
_STRUCTURE: Final = (
    Rule(
        "heading_styles",
        N_("Уровни структуры есть только у стилей заголовков Word, у каждого свой."),
        _READERS,
        content.heading_styles,
    ),
    Rule("heading_levels", N_("Уровни заголовков идут подряд, без пропусков."), _READERS, content.heading_levels),
    Rule(
        "heading_words",
        N_("Заголовок набран стилем заголовка, а не полужирным шрифтом."),
        _READERS,
        content.heading_words,
    ),
    Rule(
        "kept",
        N_("Наименование, заголовки, подписи таблиц и гриф не отрываются от следующего за ними текста."),
        f"{_GOST}, domain.md 6",
        content.kept,
    ),
    Rule(
        "signature_kept",
        N_("Подпись не остаётся на странице одна, без текста."),
        f"{_GOST}, domain.md 6",
        content.signature_kept,
    ),
    Rule(
        "table_header",
        N_("Первая строка таблицы – заголовок, который повторяется на каждой странице."),
        _READERS,
        layout.table_header,
    ),
    Rule("table_rows", N_("Строка таблицы не делится между страницами."), "domain.md 6", layout.table_rows),
    Rule(
        "table_name", N_("У каждой таблицы есть название для тех, кто слушает документ."), _READERS, layout.table_name
    ),
    Rule("table_width", N_("Таблица не шире текста."), f"{_GOST}, domain.md 6", layout.table_width),
    Rule("no_empty", N_("Между абзацами нет пустых абзацев: расстояние задают стили."), _READERS, content.no_empty),
    Rule("no_spaces", N_("Текст не сдвинут пробелами."), _READERS, content.no_spaces),
    Rule("tabs", N_("Табуляций не больше, чем для них задано позиций."), _READERS, content.tabs),
)
_REQUISITES: Final = (
    Rule("organisation", N_("Указана организация – автор документа."), f"{_GOST}, реквизит 5", requisites.organisation),
    Rule("titled", N_("Указано наименование вида документа."), f"{_GOST}, реквизит 9", requisites.titled),
    Rule("dated", N_("Указана дата документа или оставлено место для неё."), f"{_GOST}, реквизит 10", requisites.dated),
    Rule("numbered", N_("Указан регистрационный номер документа."), f"{_GOST}, реквизит 11", requisites.numbered),
    Rule("placed", N_("Указано место составления документа."), f"{_GOST}, реквизит 13", requisites.placed),
    Rule("addressed", N_("У письма указан адресат."), f"{_GOST}, реквизит 15", requisites.addressed),
    Rule(
        "about",
        N_("У документа один заголовок к тексту, он отвечает на вопрос «о чём?», у протокола – «чего?»."),
        f"{_GOST}, реквизит 17",
        requisites.about,
    ),
    Rule(
        "signed",
        N_("Под текстом стоит подпись или оставлено место для неё."),
        f"{_GOST}, реквизит 22",
        requisites.signed,
    ),
    Rule(
        "certificate",
        N_("В отметке об электронной подписи указаны номер сертификата, владелец и срок действия."),
        "R36; ГОСТ Р 7.0.97, реквизит 23",
        requisites.certificate,
    ),
    Rule(
        "framed",
        N_("В рамке стоит только отметка об электронной подписи с сертификатом."),
        "R36; domain.md 6",
        requisites.framed,
    ),
    Rule(
        "simple",
        N_("В строке о простой электронной подписи указаны имя, должность и время."),
        "domain.md 6",
        requisites.simple,
    ),
    Rule(
        "one_stamp", N_("Гриф утверждения один: «УТВЕРЖДАЮ» или «УТВЕРЖДЕНО»."), "domain.md 0a.11", requisites.one_stamp
    ),
    Rule(
        "stamp_words",
        N_("В грифе утверждения указаны должность, имя и дата либо акт, его дата и номер."),
        f"{_GOST}, реквизит 16",
        requisites.stamp_words,
    ),
    Rule(
        "stamp_place",
        N_("Гриф утверждения стоит в правом верхнем углу, над наименованием документа."),
        f"{_GOST}, реквизит 16",
        requisites.stamp_place,
    ),
    Rule(
        "foot",
        N_("Внизу каждой страницы указаны вид документа, дата, номер и версия или то, что это проект."),
        "domain.md 6",
        requisites.foot,
    ),
    Rule(
        "qr",
        N_("На первом листе справа внизу стоит QR-код с адресом проверки, названным рядом."),
        "ГОСТ Р 7.0.97-2025, реквизит «QR-код»",
        requisites.qr,
    ),
    Rule(
        "unsure",
        N_("Неподтверждённые формы имён и должностей выделены, и внизу листа об этом сказано."),
        "domain.md 6: печатается только проверенное",
        requisites.unsure,
    ),
)

RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {rule.key: rule for rule in (*_PACKAGE, *_PAGE, *_STRUCTURE, *_REQUISITES)}
)


def check(data: bytes) -> tuple[Finding, ...]:
    """The broken places of a .docx file, by the order of :data:`RULES`; empty when it keeps them all."""
    try:
        package = opened(data)
    except Unreadable as error:
        return (Finding("package", RULES["package"].title, str(error)),)
    return tuple(
        Finding(rule.key, rule.title, place)
        for rule in RULES.values()
        for place in islice(rule.holds(package), MAX_PLACES)
    )
