"""Отчёт о реализации программы: паспорт, план, показатели трёх критериев, события, публикации, выводы людей."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from workflow_app.documents.content.snapshot import CentreCard, RecordMaterial, needed
from workflow_app.documents.content.told import Say, told
from workflow_app.documents.docx.bars import Bar
from workflow_app.documents.docx.blocks import (
    Align,
    Block,
    Document,
    Facts,
    Heading,
    Items,
    Paragraph,
    Picture,
    Table,
    text,
)
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
    plan_number: Decimal | None = None  # for the picture: None where nothing is planned, or nothing known
    fact_number: Decimal | None = None


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
    dissemination: tuple[Line, ...] = told(Say(N_("акты внедрения и отзывы"), "dissemination_list"))
    partners: tuple[Line, ...] = told(Say(N_("партнёры"), "partners_list"))
    deviations: str = told(N_("отклонения и корректировка"))
    difficulties: str = told(N_("трудности и риски"))
    conclusions: str = told(Say(N_("выводы"), "report_conclusions"))
    forecast: str = told(N_("прогноз"))
    following: str = told(N_("план следующего этапа"))
    missing: tuple[str, ...] = told(N_("чего не хватает"))
    totals: tuple[tuple[str, int], ...] = ()  # by the name of a list: how many lines there are, of which it may show a part


def _words(kind: Kind, material: RecordMaterial) -> Document:
    """Tell what the programme has come to: what was planned, done, counted, what people conclude."""
    card = needed(material, Told)
    totals = dict(card.totals)
    items = [(one.code, one.title, one.planned, one.fact, one.outcome, one.evidence, one.state) for one in card.items]
    parts: list[tuple[str, list[Block]]] = [
        ("Паспорт программы", [Facts(tuple(one for one in _passport(material.centre, card) if one[1]))]),
        ("Выполнение плана", _table("Мероприятия плана", _ITEMS, items, totals.get("items", 0))),
        *_criteria(card),
    ]
    for title, columns, name in (
        ("Продукты программы", _PRODUCTS, "products"), ("События", _EVENTS, "events"),
        ("Публикации и представление опыта", _PUBLICATIONS, "publications"),
        ("Внедрение: акты и отзывы", _DISSEMINATION, "dissemination"), ("Партнёры, соглашения", _PARTNERS, "partners"),
    ):  # fmt: skip
        cells = [(one.first, one.second, one.third, one.fourth)[: len(columns)] for one in getattr(card, name)]
        parts.append((title, _table(title, columns, cells, totals.get(name, 0))))
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


def _criteria(card: Told) -> Iterator[tuple[str, list[Block]]]:
    """Yield for each criterion its title, the table of its indicators and their picture."""
    for at, criterion in enumerate(dict.fromkeys(one.criterion for one in card.indicators), start=1):
        mine = [one for one in card.indicators if one.criterion == criterion]
        lines = [(one.key, one.title, one.target, one.fact, one.parts, one.source, one.trend) for one in mine]
        yield (
            f"Критерий {at}. {criterion}",
            [*_table(f"Показатели критерия {at}", _INDICATORS, lines), _picture(at, mine)],
        )


def _picture(at: int, lines: Sequence[IndicatorLine]) -> Picture:
    """Return plan against fact of a criterion's indicators; its words have all that is drawn."""
    bars = tuple(Bar(one.key, one.title, one.plan_number, one.fact_number, one.target, one.fact) for one in lines)
    said = (f"{one.key}: {_spoken(one)}" for one in lines)
    title = f"План и факт показателей критерия {at}"
    return Picture(bars, f"Рисунок {at} – {title}", f"{title}, полосы. {'; '.join(said)}.")


def _spoken(one: IndicatorLine) -> str:
    fact = one.fact if one.fact_number is None else f"факт {one.fact}"
    return f"{fact}, план {one.target}"


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
_DISSEMINATION: Final = (("Дата", 24), ("О чём", 72), ("Вид, номер", 36), ("От кого", 38))
_PARTNERS: Final = (("Партнёр", 60), ("Предмет", 76), ("Срок", 34))


def _table(
    caption: str, columns: tuple[tuple[str, int], ...], rows: Sequence[tuple[str, ...]], total: int = 0
) -> list[Block]:
    """Return the rows as a table, or that there are none; ``total``: how many there are where these are a part of them."""
    if not rows:
        return [Paragraph(text("За период записей нет."))]
    heads, widths = zip(*columns, strict=True)
    lines = tuple(tuple(text(words) for words in row) for row in rows)
    left: Align = "left"
    table = Table(caption, heads, lines, widths, tuple(left for _one in columns))
    more = f"Показано строк: {len(rows)} из {total}. Остальные – в записях системы."
    return [table, Paragraph(text(more), small=True, indent=False)] if total > len(rows) else [table]


def _sample(centre: CentreCard, today: date, rows: int) -> Told:
    del centre
    places = range(1, rows + 1)
    items = tuple(
        ItemLine(f"1.{at}", f"Мероприятие плана {at}", "30.06.2026", short_day(today), "сделано", "2", "выполнено") for at in places
    )  # fmt: skip
    found = tuple(
        IndicatorLine("Эффективность условий", f"К1.{at}", f"Показатель {at}", "80 %", "75 %", "6 из 8", "журнал", "50 % → 75 %",
                      Decimal(80), Decimal(75))
        for at in places
    )  # fmt: skip
    lines = tuple(Line(f"Строка {at}", "вторая", "третья", "4") for at in places)
    return Told(
        title="Промежуточный отчёт: образец", theme=f"Развитие экспертного уровня {quoted('образец')}", status="Площадка, приказ № 1",
        term="2024–2027", leader="Образцова Анна Петровна", team="", link="https://example.ru/programma", stage="2 этап",
        since=today, until=today, counted_on=today, items=items, indicators=found, products=lines, events=lines, publications=lines,
        dissemination=lines, partners=lines, deviations="Срок двух мероприятий перенесён.", difficulties="Загрузка экспертов.",
        conclusions="Этап выполнен.", forecast="Продолжить.", following="Обобщение опыта.", missing=("К2.4: нет данных",),
    )  # fmt: skip


KIND: Final = Kind(
    key="programme_report", title=N_("Отчёт о реализации программы"), of="record", register="acts", card=Told, words=_words, sample=_sample,
)  # fmt: skip
