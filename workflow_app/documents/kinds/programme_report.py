"""Отчёт о реализации программы: паспорт, план, показатели трёх критериев, события, публикации, выводы людей."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from workflow_app.documents.content.snapshot import CentreCard, RecordMaterial, needed
from workflow_app.documents.content.told import Say, told
from workflow_app.documents.docx.blocks import Align, Block, Document, Facts, Heading, Items, Paragraph, Table, text
from workflow_app.documents.kinds.kind import Kind
from workflow_app.documents.kinds.shared_record import compose
from workflow_app.documents.russian.grammar import day, quoted, short_day
from workflow_app.errors import N_

NO_DATA: Final = "нет данных"


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item of the plan as the report tells it."""

    code: str = told(N_("№ мероприятия"))
    title: str = told(Say(N_("мероприятие"), "item_title"))
    planned: str = told(N_("срок по плану"))
    fact: str = told(N_("срок, факт"))
    outcome: str = told(N_("результат, продукт"))
    evidence: str = told(N_("подтверждение"))
    state: str = told(N_("статус"))


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """An indicator: plan, fact, of what it was counted, how it has moved; ``criterion`` as its heading says."""

    criterion: str = told(N_("критерий"))
    key: str = told(N_("№ показателя"))
    title: str = told(Say(N_("показатель"), "indicator_title"))
    target: str = told(N_("план"))
    fact: str = told(N_("факт"))
    parts: str = told(N_("числитель и знаменатель"))
    source: str = told(N_("источник"))
    trend: str = told(N_("динамика по этапам"))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table of two to four columns."""

    first: str = told(N_("первая колонка"))
    second: str = told(N_("вторая колонка"), default="")
    third: str = told(N_("третья колонка"), default="")
    fourth: str = told(N_("четвёртая колонка"), default="")


@dataclass(frozen=True, slots=True)
class Told:
    """The card of a report."""

    title: str = told(N_("название отчёта"))
    theme: str = told(N_("тема программы"))
    status: str = told(Say(N_("статус площадки и акт о нём"), "platform_status"))
    term: str = told(N_("срок программы"))
    leader: str = told(N_("руководитель программы"))
    team: str = told(N_("рабочая группа"))
    link: str = told(N_("адрес страницы с программой"))
    stage: str = told(N_("этап"))
    since: date = told(Say(N_("начало периода"), "since_date"))
    until: date = told(Say(N_("конец периода"), "until_date"))
    counted_on: date = told(Say(N_("на какой день посчитано"), "counted_on_date"))
    items: tuple[ItemLine, ...] = told(N_("мероприятия плана"))
    indicators: tuple[IndicatorLine, ...] = told(N_("показатели"))
    products: tuple[Line, ...] = told(Say(N_("продукты"), "products_list"))
    events: tuple[Line, ...] = told(Say(N_("события"), "events_list"))
    publications: tuple[Line, ...] = told(Say(N_("публикации"), "publications_list"))
    partners: tuple[Line, ...] = told(Say(N_("партнёры"), "partners_list"))
    deviations: str = told(N_("отклонения и корректировка"))
    difficulties: str = told(N_("трудности и риски"))
    conclusions: str = told(Say(N_("выводы"), "report_conclusions"))
    forecast: str = told(N_("прогноз"))
    following: str = told(N_("план следующего этапа"))
    missing: tuple[str, ...] = told(N_("чего не хватает"))


def _words(kind: Kind, material: RecordMaterial) -> Document:
    """Tell what the programme has come to: what was planned, done, counted, what people conclude."""
    card = needed(material, Told)
    items = [(one.code, one.title, one.planned, one.fact, one.outcome, one.evidence, one.state) for one in card.items]
    parts: list[tuple[str, list[Block]]] = [
        ("Паспорт программы", [Facts(tuple(one for one in _passport(material.centre, card) if one[1]))]),
        ("Выполнение плана", _table("Мероприятия плана", _ITEMS, items)),
    ]
    for at, criterion in enumerate(dict.fromkeys(one.criterion for one in card.indicators), start=1):
        mine = [one for one in card.indicators if one.criterion == criterion]
        lines = [(one.key, one.title, one.target, one.fact, one.parts, one.source, one.trend) for one in mine]
        parts.append((f"Критерий {at}. {criterion}", _table(f"Показатели критерия {at}", _INDICATORS, lines)))
    for title, columns, rows in (
        ("Продукты программы", _PRODUCTS, card.products), ("События", _EVENTS, card.events),
        ("Публикации и представление опыта", _PUBLICATIONS, card.publications), ("Партнёры, соглашения", _PARTNERS, card.partners),
    ):  # fmt: skip
        cells = [(one.first, one.second, one.third, one.fourth)[: len(columns)] for one in rows]
        parts.append((title, _table(title, columns, cells)))
    for title, words in (
        ("Отклонения, причины, корректировка", card.deviations), ("Трудности и риски", card.difficulties), ("Выводы", card.conclusions),
        ("Прогноз", card.forecast), ("План следующего этапа", card.following),
    ):  # fmt: skip
        if words:
            parts.append((title, [Paragraph(text(line)) for line in words.split("\n") if line.strip()]))
    if card.missing:
        parts.append(("Чего в отчёте нет", [Items(tuple(text(one) for one in card.missing))]))
    blocks = [block for at, (title, body) in enumerate(parts, start=1) for block in (Heading(f"{at}. {title}"), *body)]
    heading = f"О реализации инновационной программы за период с {day(card.since)} по {day(card.until)}"
    return compose(kind, material, "ОТЧЁТ", heading, card.title, *blocks)


def _passport(centre: CentreCard, card: Told) -> tuple[tuple[str, str], ...]:
    return (
        ("Организация", centre.full), ("Тема", card.theme), ("Статус площадки", card.status), ("Срок программы", card.term),
        ("Этап", card.stage), ("Руководитель", card.leader), ("Рабочая группа", card.team), ("Страница с программой", card.link),
        ("Данные на", day(card.counted_on)),
    )  # fmt: skip


_ITEMS: Final = (
    ("№", 12), ("Мероприятие", 41), ("Срок", 24), ("Факт", 24), ("Результат, продукт", 30), ("Подтв.", 13), ("Статус", 26),
)  # fmt: skip
_INDICATORS: Final = (
    ("№", 12), ("Показатель", 48), ("План", 15), ("Факт", 18), ("Из чего", 22), ("Источник", 30), ("Динамика", 25),
)  # fmt: skip
_PRODUCTS: Final = (("Продукт", 90), ("Вид", 36), ("Экспертиза", 44))
_EVENTS: Final = (("Дата", 24), ("Событие", 82), ("Уровень, форма", 38), ("Участников", 26))
_PUBLICATIONS: Final = (("Дата", 24), ("Публикация", 72), ("Где вышла, уровень", 38), ("Ссылка, выходные данные", 36))
_PARTNERS: Final = (("Партнёр", 60), ("Предмет", 76), ("Срок", 34))


def _table(caption: str, columns: tuple[tuple[str, int], ...], rows: Sequence[tuple[str, ...]]) -> list[Block]:
    if not rows:
        return [Paragraph(text("За период записей нет."))]
    heads, widths = zip(*columns, strict=True)
    lines = tuple(tuple(text(words) for words in row) for row in rows)
    left: Align = "left"
    return [Table(caption, heads, lines, widths, tuple(left for _one in columns))]


def _sample(centre: CentreCard, today: date, rows: int) -> Told:
    del centre
    places = range(1, rows + 1)
    items = tuple(
        ItemLine(f"1.{at}", f"Мероприятие плана {at}", "30.06.2026", short_day(today), "сделано", "2", "выполнено") for at in places
    )  # fmt: skip
    found = tuple(
        IndicatorLine("Эффективность условий", f"К1.{at}", f"Показатель {at}", "80", "75,0 %", "6 из 8", "журнал", "50,0 → 75,0")
        for at in places
    )  # fmt: skip
    lines = tuple(Line(f"Строка {at}", "вторая", "третья", "4") for at in places)
    return Told(
        title="Промежуточный отчёт: образец", theme=f"Развитие экспертного уровня {quoted('образец')}", status="Площадка, приказ № 1",
        term="2024–2027", leader="Образцова Анна Петровна", team="", link="https://example.ru/programma", stage="2 этап",
        since=today, until=today, counted_on=today, items=items, indicators=found, products=lines, events=lines, publications=lines,
        partners=lines, deviations="Срок двух мероприятий перенесён.", difficulties="Загрузка экспертов.",
        conclusions="Этап выполнен.", forecast="Продолжить.", following="Обобщение опыта.", missing=("К2.4: нет данных",),
    )  # fmt: skip


KIND: Final = Kind(
    key="programme_report", title=N_("Отчёт о реализации программы"), of="record", register="acts", card=Told, words=_words, sample=_sample,
)  # fmt: skip
