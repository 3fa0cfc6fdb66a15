"""How long stages last and how experts keep their terms: medians, loads, shares, as figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from workflow_app.errors import N_, Sentence
from workflow_app.figures.cube import where
from workflow_app.figures.grids import FEW, Figure, Line, Number, Words
from workflow_app.figures.hiding import LEAST
from workflow_app.figures.sides import TIMED
from workflow_app.pictures import Pile


@dataclass(frozen=True, slots=True)
class Lasted:
    """How long a stage lasted, over the stays that are over: how many stays of each length in days; of how many cases, people."""

    state: str
    days: Mapping[int, int]
    cases: int
    people: int = 0


def added_stays(found: Iterable[Lasted], people: Mapping[str, int]) -> tuple[Lasted, ...]:
    """Return the stays of several municipalities as those of one; ``people``: whose they are in all, by stage."""
    days: dict[str, Counter[int]] = {}
    cases: Counter[str] = Counter()
    for one in found:
        days.setdefault(one.state, Counter()).update(one.days)
        cases[one.state] += one.cases
    return tuple(Lasted(state, days[state], cases[state], people.get(state, 0)) for state in sorted(days))


def median(days: Mapping[int, int]) -> Fraction | None:
    """Return the median of lengths, each counted so many times; None of nothing."""
    return quantile(days, Fraction(1, 2))


def quantile(days: Mapping[int, int], part: Fraction) -> Fraction | None:
    """Return the value below which ``part`` of them lie: the middle of two where it falls between them."""
    total = sum(days.values())
    if not total:
        return None
    place = part * total
    seen, before = 0, None
    for value in sorted(days):
        if before is not None:
            return Fraction(before + value, 2)
        seen += days[value]
        if seen > place:
            return Fraction(value)
        if seen == place:
            before = value
    return Fraction(before or 0)


def said_days(value: Fraction | None) -> Words:
    """Return a number of days as people write it: «2,5»."""
    if value is None:
        return "–"
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.1f}".replace(".", ",")


def medians(
    lasted: Iterable[Lasted], base: Mapping[str, str], period: str, *, outside: bool = False, most: int = 8
) -> Figure:
    """Medians of the stages, the longest of which is the title. ``period``: «» or the school year in which the stays ended.

    Those outside the centre are not told of how many cases: what left one stage less what left the next is a number of the few between.
    """
    known = {one.state: one for one in lasted if one.state in TIMED}
    lines: list[Line] = []
    bars: list[Pile] = []
    longest: tuple[Fraction, Sentence] | None = None
    for state in TIMED:
        one = known.get(state)
        if one is None:
            continue
        hidden = outside and one.people < LEAST
        middle = None if hidden else median(one.days)
        nine = None if hidden else quantile(one.days, Fraction(9, 10))
        condition = where(base, {"passed": f"{state}.{period}" if period else state})
        many = () if outside else (Number(condition, one.cases),)
        lines.append(
            Line(TIMED[state], (FEW if hidden else said_days(middle), FEW if hidden else said_days(nine), *many))
        )
        bars.append(Pile(TIMED[state], ((float(middle or 0), "work"),), FEW if hidden else _days(middle)))
        if middle is not None and (longest is None or middle > longest[0]):
            longest = middle, TIMED[state]
    title = (
        N_("Дольше всего длится этап «%(stage)s»: половина дел проходит его за %(days)s дн.", stage=longest[1], days=said_days(longest[0]))
        if longest
        else N_("Сколько длятся этапы, станет видно, когда дела их пройдут")
    )  # fmt: skip
    headers: tuple[Words, ...] = (N_("Медиана, дней"), N_("Девять из десяти, дней"), *(() if outside else (N_("Дел"),)))
    return Figure("medians", title, N_("Календарные дни законченных этапов: от входа в состояние до выхода из него."), headers,
                  tuple(lines), tuple(sorted(bars, key=lambda one: -one.length)[:most]))  # fmt: skip


def _days(value: Fraction | None) -> Words:
    return N_("%(n)s дн.", n=said_days(value))


@dataclass(frozen=True, slots=True)
class Busy:
    """An expert's sheets, in cases: under way, overdue, signed; of the signed sheets how many in time and late, as far as known."""

    id: int
    name: str
    now: int
    late: int
    signed: int
    in_time: int
    out_of_time: int


def added_work(found: Iterable[Busy]) -> tuple[Busy, ...]:
    """Return the work of experts in several municipalities as that in one: who works in two is one expert."""
    known: dict[int, Busy] = {}
    for one in found:
        other = known.get(one.id, Busy(one.id, one.name, 0, 0, 0, 0, 0))
        sums = {
            name: getattr(one, name) + getattr(other, name)
            for name in ("now", "late", "signed", "in_time", "out_of_time")
        }
        known[one.id] = replace(other, **sums)
    return tuple(known.values())


def experts(found: Sequence[Busy], base: Mapping[str, str], most: int = 12) -> Figure:
    """Load and timeliness of the experts by name: for the centre alone."""
    busy = sorted(found, key=lambda one: (-one.late, -one.now, -one.signed, one.name))

    def number(one: Busy, work: str, value: int) -> Number:
        return Number(where(base, {"expert": str(one.id), "work": work}), value)

    lines = [
        Line(one.name, (
            number(one, "now", one.now), number(one, "late", one.late), number(one, "signed", one.signed),
            share(one.in_time, one.in_time + one.out_of_time),
        ))
        for one in busy
    ]  # fmt: skip
    late, held = sum(1 for one in busy if one.late), sum(1 for one in busy if one.now)
    if late:
        title = N_("Занято экспертов: %(all)s, с просроченными листами: %(n)s", n=late, all=held)
    elif held:
        title = N_("Занято экспертов: %(n)s, просроченных листов нет", n=held)
    else:
        title = N_("Сейчас никто из экспертов не занят")
    bars = tuple(
        Pile(one.name, ((one.late, "overdue"), (one.now - one.late, "work")), str(one.now))
        for one in busy[:most]
        if one.now
    )
    return Figure("experts", title, N_("Листы, которые ждут эксперта сейчас, подписанные им и доля подписанных в срок."),
                  _HEADERS, tuple(lines), bars, ((N_("просрочено"), "overdue"), (N_("в работе"), "work")))  # fmt: skip


_HEADERS: tuple[Words, ...] = (N_("В работе"), N_("Просрочено"), N_("Подписано"), N_("Подписано в срок"))


def experts_in_all(found: Sequence[Busy]) -> Figure:
    """The same for those outside the centre: how many experts there are of each kind, and nobody by name."""
    counts: Counter[str] = Counter()
    for one in found:
        counts["now"] += bool(one.now)
        counts["late"] += bool(one.late)
        counts["signed"] += bool(one.signed)
    rows = (("now", N_("Сейчас заняты")), ("late", N_("Есть просроченные листы")), ("signed", N_("Подписывали листы")))
    told = {key: _apart(counts, key) for key, _words in rows}
    lines = tuple(Line(words, (Number((), told[key]),)) for key, words in rows)
    bars = tuple(
        Pile(
            words,
            ((told[key] or 0, "overdue" if key == "late" else "work"),),
            FEW if told[key] is None else str(told[key]),
        )
        for key, words in rows
    )
    number = told["now"]
    title = N_("Загрузка экспертов") if number is None else N_("Занято экспертов: %(n)s", n=number)
    hint = N_("Сколько экспертов заняты, опаздывают и работали; имён здесь нет.")
    return Figure("experts", title, hint, (N_("Экспертов"),), lines, bars)


def _apart(counts: Counter[str], key: str) -> int | None:
    """Return a count of experts unless it, or those it is less than the busy ones by, are too few."""
    many = counts[key]
    rest = counts["now"] - many if key == "late" else 0
    return None if 0 < many < LEAST or (many and 0 < rest < LEAST) else many


def share(part: int, whole: int) -> Words:
    """Return «92 %»; a dash of nothing."""
    return f"{round(100 * part / whole)} %" if whole else "–"
