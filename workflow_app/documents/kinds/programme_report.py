"""Отчёт о реализации программы: паспорт, план, показатели трёх критериев, события, публикации, выводы людей."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Final, NamedTuple

from workflow_app.documents.content.snapshot import CentreCard, Material, RecordMaterial, needed
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
from workflow_app.documents.docx.parts import picture_mark
from workflow_app.documents.kinds.kind import Kind, Said
from workflow_app.documents.kinds.shared_record import compose
from workflow_app.documents.russian.grammar import NBSP, day, quoted, short_day
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
class ProductLine:
    """A product of the period."""

    title: str = told(N_("продукт"))
    sort: str = told(N_("вид продукта"))
    examined: str = told(N_("экспертиза: номер дела"))


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event that was held."""

    date: str = told(N_("дата цифрами"))
    title: str = told(N_("событие"))
    sort: str = told(N_("уровень и форма"))
    came: str = told(N_("сколько участников"))


@dataclass(frozen=True, slots=True)
class PublicationLine:
    """A publication or a talk."""

    date: str = told(N_("дата цифрами"))
    title: str = told(N_("публикация"))
    where: str = told(N_("где вышла, уровень"))
    output: str = told(N_("выходные данные или ссылка"))


@dataclass(frozen=True, slots=True)
class ActLine:
    """An act of implementation or a response."""

    date: str = told(N_("дата цифрами"))
    title: str = told(N_("о чём акт или отзыв"))
    sort: str = told(N_("вид и номер"))
    whose: str = told(N_("от кого"))


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """An agreement that lasted in the period."""

    title: str = told(N_("партнёр"))
    subject: str = told(N_("предмет соглашения"))
    term: str = told(N_("срок соглашения"))


@dataclass(frozen=True, slots=True)
class Told:
    """The card of a report; ``sort`` is «промежуточный отчёт», «итоговый отчёт»."""

    title: str = told(N_("название отчёта"))
    sort: str = told(Say(N_("вид отчёта"), "report_sort"))
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
    products: tuple[ProductLine, ...] = told(Say(N_("продукты"), "products_list"))
    events: tuple[EventLine, ...] = told(Say(N_("события"), "events_list"))
    publications: tuple[PublicationLine, ...] = told(Say(N_("публикации"), "publications_list"))
    dissemination: tuple[ActLine, ...] = told(Say(N_("акты внедрения и отзывы"), "dissemination_list"))
    partners: tuple[PartnerLine, ...] = told(Say(N_("партнёры"), "partners_list"))
    deviations: str = told(N_("отклонения и корректировка"))
    difficulties: str = told(N_("трудности и риски"))
    conclusions: str = told(Say(N_("выводы"), "report_conclusions"))
    forecast: str = told(N_("прогноз"))
    following: str = told(N_("план следующего этапа"))
    missing: tuple[str, ...] = told(N_("чего не хватает"))
    totals: tuple[
        tuple[str, int], ...
    ] = ()  # by the name of a list: how many lines there are, of which it may show a part


def _words(kind: Kind, material: RecordMaterial) -> Document:
    """Tell what the programme has come to: what was planned, done, counted, what people conclude."""
    card = needed(material, Told)
    parts: list[tuple[str, list[Block]]] = [
        ("Паспорт программы", [Facts(tuple(one for one in _passport(material.centre, card) if one[1]))]),
        ("Выполнение плана", [*_listed(card, "items", _ITEMS, [_item(one) for one in card.items])]),
        *_criteria(card),
    ]
    for title, name, columns in _LISTS:
        cells = [astuple(one) for one in getattr(card, name)]
        parts.append((title, [*_listed(card, name, columns, cells)]))
    for title, words in (
        ("Отклонения, причины, корректировка", card.deviations), ("Трудности и риски", card.difficulties), ("Выводы", card.conclusions),
        ("Прогноз", card.forecast), ("План следующего этапа", card.following),
    ):  # fmt: skip
        if words:
            parts.append((title, [Paragraph(text(line)) for line in words.split("\n") if line.strip()]))
    if card.missing:
        parts.append(("Чего в отчёте нет", [Items(tuple(text(_ended(one)) for one in card.missing))]))
    blocks = [block for at, (title, body) in enumerate(parts, start=1) for block in (Heading(f"{at}. {title}"), *body)]
    heading = f"О реализации инновационной программы за период с {day(card.since)} по {day(card.until)}"
    return compose(kind, material, card.sort.upper() or "ОТЧЁТ", heading, card.title, *_counted(blocks))


def _ended(words: str) -> str:
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _counted(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the blocks with numbers before the captions of tables and pictures, each sort counted on its own."""
    tables, pictures = count(1), count(1)
    for one in blocks:
        if isinstance(one, Table):
            yield replace(one, caption=f"Таблица {next(tables)} – {one.caption}")
        elif isinstance(one, Picture):
            yield replace(one, caption=f"Рисунок {next(pictures)} – {one.caption}")
        else:
            yield one


def _item(one: ItemLine) -> tuple[str, ...]:
    """Return the cells of an item: term and what came of it under one another, the state above what confirms it."""
    term = "\n".join(part for part in (one.planned, f"факт {one.fact}" if one.fact[:1].isdigit() else one.fact) if part)
    known = f"подтверждений:{NBSP}{one.evidence}" if one.evidence[:1].isdigit() else "не подтверждено"
    proof = known if one.evidence else ""
    return one.code, one.title, term, one.outcome, "\n".join(part for part in (one.state, proof) if part)


def _criteria(card: Told) -> Iterator[tuple[str, list[Block]]]:
    """Yield for each criterion its title, the table of its indicators and their picture."""
    for at, criterion in enumerate(dict.fromkeys(one.criterion for one in card.indicators), start=1):
        mine = [one for one in card.indicators if one.criterion == criterion]
        lines = [
            (one.key, one.title, one.target, "\n".join(part for part in (one.fact, one.parts) if part), one.trend, one.source)
            for one in mine
        ]  # fmt: skip
        columns = Columns(f"Показатели критерия {at}", _INDICATORS)
        yield f"Критерий {at}. {criterion}", [*_table(columns, lines), _picture(at, mine)]


def _picture(at: int, lines: Sequence[IndicatorLine]) -> Picture:
    """Return plan against fact of a criterion's indicators; its words have all that is drawn."""
    bars = tuple(Bar(one.key, one.title, one.plan_number, one.fact_number, one.target, one.fact) for one in lines)
    said = (f"{one.key}: {_spoken(one)}" for one in lines)
    title = f"План и факт показателей критерия {at}"
    return Picture(bars, title, f"{title}, полосы. {'; '.join(said)}.")


def _spoken(one: IndicatorLine) -> str:
    fact = one.fact if one.fact_number is None else f"факт {one.fact}"
    return f"{fact}, план {one.target}"


def _passport(centre: CentreCard, card: Told) -> tuple[tuple[str, str], ...]:
    return (
        ("Организация", centre.full), ("Тема", card.theme), ("Статус площадки", card.status), ("Срок программы", card.term),
        ("Этап", card.stage), ("Руководитель", card.leader), ("Рабочая группа", card.team), ("Страница с программой", card.link),
        ("Данные на", day(card.counted_on)),
    )  # fmt: skip


class Columns(NamedTuple):
    """A table: what its caption says, its headings with their widths in mm, together 170."""

    caption: str
    columns: tuple[tuple[str, int], ...]


_ITEMS: Final = Columns(
    "Мероприятия: срок по плану и факт, результат",
    (("№", 12), ("Мероприятие", 48), ("Срок, факт", 33), ("Результат, продукт", 41), ("Статус", 36)),
)
_INDICATORS: Final = (
    ("№", 14),
    ("Показатель", 49),
    ("План", 16),
    ("Факт, из чего", 24),
    ("По этапам", 27),
    ("Источник", 40),
)
_LISTS: Final = (
    ("Продукты программы", "products", Columns("Готовые и начатые продукты", (("Продукт", 90), ("Вид", 36), ("Экспертиза", 44)))),
    ("События", "events", Columns("Состоялись за период", (("Дата", 24), ("Событие", 75), ("Уровень, форма", 40), ("Участников", 31)))),
    ("Публикации и представление опыта", "publications", Columns("Вышли за период", (
        ("Дата", 24), ("Публикация", 59), ("Где вышла, уровень", 38), ("Ссылка, выходные данные", 49)))),
    ("Внедрение", "dissemination", Columns("Акты внедрения, рецензии, отзывы", (
        ("Дата", 24), ("О чём", 60), ("Вид, номер", 36), ("От кого", 50)))),
    ("Партнёры", "partners", Columns("Соглашения, которые действовали в период", (("Партнёр", 60), ("Предмет", 78), ("Срок", 32)))),
)  # fmt: skip
"""Of each list: the title of its section, its name in the card, its table."""


def _listed(card: Told, name: str, columns: Columns, rows: Sequence[tuple[str, ...]]) -> Iterator[Block]:
    """Yield a list of the card as a table, and of how many lines it is a part."""
    yield from _table(columns, rows)
    if (total := dict(card.totals).get(name, 0)) > len(rows):
        yield Paragraph(
            text(f"Показано строк: {len(rows)} из {total}. Остальные – в записях системы."), small=True, indent=False
        )


def _table(columns: Columns, rows: Sequence[tuple[str, ...]]) -> list[Block]:
    """Return the rows as a table, or that there are none."""
    if not rows:
        return [Paragraph(text("За период записей нет."))]
    heads, widths = zip(*columns.columns, strict=True)
    lines = tuple(tuple(text(_glued(words)) for words in row) for row in rows)
    left: Align = "left"
    return [Table(columns.caption, heads, lines, widths, tuple(left for _one in heads))]


def _glued(words: str) -> str:
    """Return the words in which a number stays with its sign on one line, and a date with its dash."""
    return _TORN.sub(NBSP, words)


_TORN: Final = re.compile(
    r"(?<=№) (?=\S)|(?<=\d) (?=[%–→] ?)|(?<=%) (?=→)|(?<=\bс\.) (?=\d)|(?<=\d) (?=из \d)|(?<=\d\sиз) (?=\d)"
)


def _sample(centre: CentreCard, today: date, rows: int) -> Told:
    del centre
    places = range(1, rows + 1)
    items = tuple(
        ItemLine(f"1.{at}", f"Мероприятие плана {at}", "30.06.2026", short_day(today), "сделано", "2", "выполнено") for at in places
    )  # fmt: skip
    found = tuple(_sample_indicator((at - 1) * len(_SAMPLED) // rows, at) for at in places)
    on = short_day(today)
    return Told(
        title="Промежуточный отчёт: образец", sort="промежуточный отчёт",
        theme=f"Развитие экспертного уровня {quoted('образец')}", status="Площадка, приказ № 1",
        term="2024–2027", leader="Образцова Анна Петровна", team="", link="https://example.ru/programma", stage="2 этап",
        since=today, until=today, counted_on=today, items=items, indicators=found,
        products=tuple(ProductLine(f"Сборник памяток, часть {at}", "сборник", "не проводилась") for at in places),
        events=tuple(EventLine(on, f"Семинар экспертов № {at}", "муниципальный, семинар", "25") for at in places),
        publications=tuple(PublicationLine(on, f"Статья {at}", "сайт центра, региональный", "example.ru/statya") for at in places),
        dissemination=tuple(ActLine(on, f"Сборник памяток, часть {at}", f"акт внедрения № {at}", "Школа № 1") for at in places),
        partners=tuple(PartnerLine(f"Колледж № {at}", "Практика студентов", f"{on} – бессрочно") for at in places),
        deviations="Срок двух мероприятий перенесён.", difficulties="Загрузка экспертов.",
        conclusions="Этап выполнен.", forecast="Продолжить.", following="Обобщение опыта.", missing=("К2.4: нет данных",),
    )  # fmt: skip


_SAMPLED: Final = ("Эффективность условий", "Рост экспертов", "Удовлетворённость участников")


def _sample_indicator(criterion: int, at: int) -> IndicatorLine:
    known = criterion < len(_SAMPLED) - 1  # of the last there are no data, so that a sample shows that, too
    return IndicatorLine(
        _SAMPLED[criterion], f"К{criterion + 1}.{at}", f"Показатель {at}", "80 %", "75 %" if known else NO_DATA,
        "6 из 8" if known else "", "журнал", "50 % → 75 %" if known else "", Decimal(80), Decimal(75) if known else None,
    )  # fmt: skip


def _picture_field(at: int) -> Said:
    """Return the field of the picture of a criterion; empty where the report has no such one."""
    about = N_("рисунок: план и факт показателей критерия %(n)s", n=at)
    return Said(f"picture_{at}", about, lambda material: picture_mark(at) if at <= _many(material) else "")


def _many(material: Material) -> int:
    return len({one.criterion for one in needed(material, Told).indicators})


KIND: Final = Kind(
    key="programme_report", title=N_("Отчёт о реализации программы"), of="record", register="acts", card=Told, words=_words, sample=_sample,
    says=tuple(_picture_field(at) for at in (1, 2, 3)),
)  # fmt: skip
