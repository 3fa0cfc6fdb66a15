"""The tables of the dashboard: each a question with its numbers, a sentence as its title, and what of it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from workflow_app.errors import N_, Sentence
from workflow_app.figures.cube import Where, where
from workflow_app.figures.sides import AGES, APPEALS, LONG, OPEN, STAGES, TURNS, VERDICTS
from workflow_app.pictures import Pile

Words = Sentence | str
Count = Callable[[Where], int | None]
"""The number of cases under a condition; None: it may not be told."""
FEW: Final = N_("скрыто")
TOTAL: Final = N_("Всего")


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a table: the condition that its rows meet (empty: it has no rows of cases), its value; None: not told."""

    where: Where
    value: int | None

    @property
    def said(self) -> Words:
        """The number as it is written."""
        return FEW if self.value is None else str(self.value)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table; ``total``: it sums the others."""

    label: Words
    cells: tuple[Number | Words, ...]
    total: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A question answered: the title is the answer in a sentence, the bars are drawn, the lines are the table behind them."""

    key: str
    title: Sentence
    hint: Sentence
    headers: tuple[Words, ...]
    lines: tuple[Line, ...]
    bars: tuple[Pile, ...]
    legend: tuple[tuple[Words, str], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(value for bar in self.bars for value, _tone in bar.parts)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is counted: the types with their words, the conditions that hold for the whole page, the year that is compared."""

    types: Mapping[str, Words]
    base: Mapping[str, str] = field(default_factory=dict)
    year: int = 0
    months: Sequence[tuple[str, Words]] = ()
    """Of the compared year: «09» … «08» with their names, as far as they have begun."""


@dataclass(frozen=True, slots=True)
class _Grid:
    """A table of conditions: rows by columns, with the sums at the right and below."""

    plan: Plan
    rows: Sequence[tuple[Words, Mapping[str, str]]]
    columns: Sequence[tuple[Words, Mapping[str, str]]]
    whole: Mapping[str, str] = field(default_factory=dict)

    def lines(self, count: Count) -> Iterator[Line]:
        for words, row in self.rows:
            yield Line(words, tuple(self._number(count, row, column) for column in self._sums()))
        yield Line(TOTAL, tuple(self._number(count, {}, column) for column in self._sums()), total=True)

    def _sums(self) -> list[Mapping[str, str]]:
        return [*(condition for _words, condition in self.columns), self.whole]

    def _number(self, count: Count, *parts: Mapping[str, str]) -> Number:
        condition = where(self.plan.base, self.whole, *parts)
        return Number(condition, count(condition))

    @property
    def headers(self) -> tuple[Words, ...]:
        return (*(words for words, _condition in self.columns), TOTAL)


def _types(plan: Plan) -> list[tuple[Words, Mapping[str, str]]]:
    return [(words, {"type": key}) for key, words in plan.types.items()]


def _of(side: str, words: Mapping[str, Sentence], keys: Sequence[str] = ()) -> list[tuple[Words, Mapping[str, str]]]:
    return [(words[key], {side: key}) for key in keys or words]


def by_stage(plan: Plan, count: Count) -> Figure:
    """Cases by stage and kind."""
    grid = _Grid(plan, _of("stage", STAGES), _types(plan))
    lines = tuple(grid.lines(count))
    open_, all_ = count(where(plan.base, {"open": "yes"})), _value(lines[-1], -1)
    under_way = [(_value(line, -1), line.label) for line, key in zip(lines, STAGES, strict=False) if key in OPEN]
    most = max(((many or 0, label) for many, label in under_way), key=lambda one: one[0])
    if open_ is None or all_ is None:
        title = N_("Дела по этапам и видам экспертизы")
    elif not open_:
        title = N_("Сейчас в работе нет ни одного дела, поданных всего: %(all)s", all=all_)
    elif any(many is None for many, _label in under_way):
        title = N_("В работе дел: %(n)s из %(all)s", n=open_, all=all_)
    else:
        title = N_("В работе дел: %(n)s из %(all)s, больше всего на этапе «%(stage)s» – %(most)s",
                   n=open_, all=all_, stage=most[1], most=most[0])  # fmt: skip
    return Figure(
        "stages", title, N_("Поданные дела: каждое стоит на одном этапе."), grid.headers, lines, _bars(lines[:-1], -1)
    )


def ageing(plan: Plan, count: Count) -> Figure:
    """How long the cases under way have stood in their present state."""
    grid = _Grid(plan, _of("age", AGES), _of("stage", STAGES, OPEN), {"open": "yes"})
    lines = tuple(grid.lines(count))
    long_ = [_value(line, -1) for line, key in zip(lines, AGES, strict=False) if key in LONG]
    all_ = _value(lines[-1], -1)
    if None in long_ or all_ is None:
        title = N_("Сколько дней дела стоят на одном месте")
    elif sum(filter(None, long_)):
        many = {"n": sum(filter(None, long_)), "all": all_}
        title = _agreed(all_, N_("Дольше месяца на одном месте %(n)s из %(all)s дела в работе", **many),
                        N_("Дольше месяца на одном месте %(n)s из %(all)s дел в работе", **many))  # fmt: skip
    else:
        title = N_("Ни одно дело в работе не стоит на одном месте дольше месяца")
    bars = _bars(lines[:-1], -1, ["work"] * (len(AGES) - len(LONG)) + ["attention"] * len(LONG))
    return Figure("ageing", title, N_("Календарные дни в нынешнем состоянии, только дела в работе."),
                  grid.headers, lines, bars)  # fmt: skip


def lateness(plan: Plan, count: Count) -> Figure:
    """Which turns are overdue, at which stage, and whose they are."""
    grid = _Grid(plan, _of("turn", TURNS), _of("stage", STAGES, OPEN), {"due": "overdue"})
    lines = tuple(grid.lines(count))
    all_ = _value(lines[-1], -1)
    title = N_("Просрочка по этапам и по тому, чей ход") if all_ is None else _late(lines[:-1], all_)
    shown = tuple(line for line in lines if line.total or any(_value(line, at) != 0 for at in range(len(line.cells))))
    return Figure(
        "lateness", title, N_("Дела, срок нынешнего шага которых прошёл: чей это ход и на каком этапе."), grid.headers, shown,
        _bars(shown[:-1], -1, ["overdue"] * len(shown)),
    )  # fmt: skip


def _late(lines: Sequence[Line], all_: int) -> Sentence:
    """Return who holds most of the overdue cases; two of them where they hold as many."""
    if not all_:
        return N_("Просроченных дел нет")
    if any(_value(line, -1) is None for line in lines):
        return N_("Просрочено дел: %(all)s", all=all_)
    known = sorted(((_value(line, -1) or 0, line.label) for line in lines), key=lambda one: -one[0])
    (most, who), (next_, other) = known[0], known[1]
    if most == next_:
        said = {"who": who, "other": other, "n": most, "all": all_}
        return _agreed(all_, N_("%(who)s и %(other)s держат по %(n)s из %(all)s просроченного дела", **said),
                       N_("%(who)s и %(other)s держат по %(n)s из %(all)s просроченных дел", **said))  # fmt: skip
    said = {"who": who, "n": most, "all": all_}
    one_holds = N_("За кем больше всего просроченных дел: %(who)s, %(n)s из %(all)s", **said)
    if who in (TURNS["director"], TURNS["panel"]):  # «держит», not «держат»
        return one_holds
    return _agreed(all_, N_("%(who)s держат %(n)s из %(all)s просроченного дела", **said),
                   N_("%(who)s держат %(n)s из %(all)s просроченных дел", **said))  # fmt: skip


def _agreed(many: int, one: Sentence, others: Sentence) -> Sentence:
    """Return the sentence whose words agree with «из 21 …» or with «из 22 …»."""
    return one if many % 10 == 1 and many % 100 != 11 else others  # noqa: PLR2004 - of the Russian grammar


def verdicts(plan: Plan, count: Count) -> Figure:
    """What approved conclusions come to, by kind."""
    grid = _Grid(plan, _types(plan), _of("verdict", VERDICTS), {"verdict": "any"})
    lines = tuple(grid.lines(count))
    good, all_ = _value(lines[-1], 0), _value(lines[-1], -1)
    if good is None or all_ is None:
        title = N_("Выводы утверждённых заключений по видам экспертизы")
    elif not all_:
        title = N_("Утверждённых заключений пока нет")
    else:
        title = N_("Утверждено заключений: %(all)s, из них положительных %(n)s", n=good, all=all_)
    tones = ("good", "attention", "stopped")
    return Figure(
        "verdicts", title, N_("Вывод последнего утверждённого заключения каждого дела."), grid.headers, lines,
        tuple(_stacked(line, range(len(VERDICTS)), tones) for line in lines[:-1]),
        tuple(zip(VERDICTS.values(), tones, strict=True)),
    )  # fmt: skip


def appeals(plan: Plan, count: Count) -> Figure:
    """Appeals by kind: those that are looked at now, and those that are over."""
    grid = _Grid(plan, _types(plan), _of("appeal", APPEALS, ("now", "over")), {"appeal": "any"})
    lines = tuple(grid.lines(count))
    now, all_ = _value(lines[-1], 0), _value(lines[-1], -1)
    if all_ is None:
        title = N_("Апелляции по видам экспертизы")
    elif not all_:
        title = N_("Апелляций не было")
    elif now is None:
        title = N_("Апелляции подавались по делам: %(all)s", all=all_)
    else:
        title = N_("Апелляции подавались по делам: %(all)s, сейчас рассматривается %(n)s", n=now, all=all_)
    tones = ("attention", "done")
    return Figure(
        "appeals", title, N_("Дела, по которым заявитель подавал апелляцию."), grid.headers, lines,
        tuple(_stacked(line, range(2), tones) for line in lines[:-1]),
        ((APPEALS["now"], tones[0]), (APPEALS["over"], tones[1])),
    )  # fmt: skip


def seasons(plan: Plan, count: Count) -> Figure:
    """Cases that came in by month, this school year beside the one before."""
    base = {name: value for name, value in plan.base.items() if name != "year"}
    years = (str(plan.year), str(plan.year - 1))

    def number(condition: Mapping[str, str]) -> Number:
        found = where(base, condition)
        return Number(found, count(found))

    lines = [
        Line(words, tuple(number({"month": month_of(int(year), month)}) for year in years))
        for month, words in plan.months
    ]
    total = Line(TOTAL, tuple(number({"year": year}) for year in years), total=True)
    so_far = [[_value(line, at) for line in lines] for at in (0, 1)]
    if any(None in many for many in so_far):
        title = N_("Сколько дел поступало по месяцам двух учебных лет")
    else:
        sums = [sum(filter(None, many)) for many in so_far]
        title = N_(
            "С начала учебного года поступило дел: %(n)s, за те же месяцы прошлого: %(before)s",
            n=sums[0],
            before=sums[1],
        )
    names = tuple(f"{year}/{int(year) + 1}" for year in years)
    bars = [
        Pile(line.label, tuple((_value(line, at) or 0, tone) for at, tone in ((0, "work"), (1, "before"))),
              N_("%(now)s / %(before)s", now=_plain(line, 0), before=_plain(line, 1)), beside=True)
        for line in lines
    ]  # fmt: skip
    return Figure(
        "seasons", title, N_("По дню регистрации, а до неё – подачи; в итоге весь учебный год."), names, (*lines, total), tuple(bars),
        tuple(zip(names, ("work", "before"), strict=True)),
    )  # fmt: skip


def month_of(year: int, month: str) -> str:
    """Return «2027-03» of March («03») of the school year that begins in 2026."""
    return f"{year if int(month) >= 9 else year + 1}-{month}"  # noqa: PLR2004 - September


GRIDS: Final[Mapping[str, Callable[[Plan, Count], Figure]]] = MappingProxyType({
    "stages": by_stage, "ageing": ageing, "lateness": lateness, "verdicts": verdicts, "appeals": appeals, "seasons": seasons,
})  # fmt: skip
STRIP: Final[Sequence[tuple[Sentence, Mapping[str, str]]]] = (
    (N_("в работе"), {"open": "yes"}), (N_("просрочено"), {"due": "overdue"}), (N_("срок близко"), {"due": "soon"}),
    (N_("на утверждении"), {"state": "on_approval"}), (N_("на апелляции"), {"appeal": "now"}),
)  # fmt: skip
"""The five numbers above everything."""


def strip(plan: Plan, count: Count) -> list[tuple[Sentence, Number]]:
    """Return the numbers above the pictures."""
    found = [(words, where(plan.base, condition)) for words, condition in STRIP]
    return [(words, Number(condition, count(condition))) for words, condition in found]


def conditions(plan: Plan) -> list[Where]:
    """Return every condition of which the page tells a number, the strip first, then the widest: what may be told is decided over all."""
    asked: list[Where] = []

    def note(condition: Where) -> int:
        asked.append(condition)
        return 0

    strip(plan, note)
    first = list(asked)
    for one in GRIDS.values():
        one(plan, note)
    return list(dict.fromkeys([*first, *sorted(asked, key=lambda one: (len(one), one))]))


def _value(line: Line, at: int) -> int | None:
    cell = line.cells[at]
    return cell.value if isinstance(cell, Number) else None


def _plain(line: Line, at: int) -> Words:
    value = _value(line, at)
    return str(value) if value is not None else FEW


def _bars(lines: Sequence[Line], at: int, tones: Sequence[str] = ()) -> tuple[Pile, ...]:
    return tuple(
        Pile(line.label, ((_value(line, at) or 0, tone),), _plain(line, at))
        for line, tone in zip(lines, tones or ["work"] * len(lines), strict=False)
    )


def _stacked(line: Line, places: Sequence[int], tones: Sequence[str]) -> Pile:
    said = _plain(line, -1)
    return Pile(line.label, tuple((_value(line, at) or 0, tone) for at, tone in zip(places, tones, strict=True)), said)
