"""A criteria sheet as a table that is typed into: what was typed, what is wrong in which cell, the sheet that comes of it.

What is typed is plain text in lists, so nothing of it is lost whatever is wrong with it. Keys are never typed: a row that was there
keeps its own, a new row gets one that names the version, so that marks of two versions are never taken for the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any, Final

from workflow_app.assessment.criteria import (
    HUNDRED,
    CriteriaSheet,
    Criterion,
    Indicator,
    Scale,
    VerdictRule,
    plain,
)
from workflow_app.errors import N_, Sentence

Typed = dict[str, Any]
"""``title``; ``scale`` of points and word; ``verdicts`` of key, threshold, text, means; ``criteria`` with their ``indicators``."""
Problems = dict[str, tuple[Sentence, ...]]
"""What is wrong, by the name of the cell; "" for what is wrong with the sheet as a whole."""

MEANS: Final[Mapping[str, Sentence]] = MappingProxyType({
    "positive": N_("положительный"), "revise": N_("на доработку"), "negative": N_("отрицательный"),
})  # fmt: skip
_MOST: Final = {"scale": 12, "verdicts": 8, "criteria": 40, "indicators": 12}
_TEXT_MOST: Final = 1000
_NUMBER = re.compile(r"\d{1,3}([.,]\d{1,2})?")
_WHOLE = re.compile(r"\d{1,3}")
_PLACE_MOST: Final = 3  # digits of a row's place
_NO_TEXT = N_("Заполните.")


def typed_of(sheet: CriteriaSheet) -> Typed:
    """Return a sheet as it is typed."""
    return {
        "title": sheet.title,
        "scale": [{"points": str(points), "word": word} for points, word in sheet.scale.words],
        "verdicts": [
            {"key": one.key, "threshold": _comma(one.threshold), "text": one.text, "means": _means(one)} for one in sheet.verdicts
        ],
        "criteria": [
            {
                "key": one.key, "title": one.title, "weight": _comma(one.weight), "may_skip": one.may_skip, "stop": one.stop,
                "minimum": "" if one.minimum is None else str(one.minimum),
                "indicators": [{"key": each.key, "text": each.text} for each in one.indicators],
            }
            for one in sheet.criteria
        ],
    }  # fmt: skip


def _comma(number: Decimal) -> str:
    return plain(number).replace(".", ",")


def _means(rule: VerdictRule) -> str:
    return "positive" if rule.positive else "revise" if rule.key == "revise" else "negative"


# --------------------------------------------------------------------------------------------------------- what was sent


def read(sent: Mapping[str, str]) -> Typed:
    """Return what was typed of the fields of a form: ``c-0-title``, ``i-0-1-text``, ``v-0-threshold``, ``s-0-word``."""
    return {
        "title": sent.get("title", "").strip(),
        "scale": [_row(sent, f"s-{at}-", ("points", "word")) for at in _places(sent, "s", "scale")],
        "verdicts": [
            _row(sent, f"v-{at}-", ("key", "threshold", "text", "means")) for at in _places(sent, "v", "verdicts")
        ],
        "criteria": [_criterion_typed(sent, at) for at in _places(sent, "c", "criteria")],
    }


def _criterion_typed(sent: Mapping[str, str], at: int) -> Typed:
    found: Typed = _row(sent, f"c-{at}-", ("key", "title", "weight", "minimum"))
    found |= {name: f"c-{at}-{name}" in sent for name in ("may_skip", "stop")}
    found["indicators"] = [
        _row(sent, f"i-{at}-{place}-", ("key", "text")) for place in _places(sent, f"i-{at}", "indicators")
    ]
    return found


def _row(sent: Mapping[str, str], prefix: str, names: Sequence[str]) -> dict[str, Any]:
    return {name: sent.get(f"{prefix}{name}", "").strip() for name in names}


def _places(sent: Mapping[str, str], prefix: str, kind: str) -> list[int]:
    """Return the places of the rows that were sent, in order; no more than a table may have."""
    found = set()
    for name in sent:
        place = name.removeprefix(f"{prefix}-").partition("-")[0] if name.startswith(f"{prefix}-") else ""
        if place.isascii() and place.isdigit() and len(place) <= _PLACE_MOST:
            found.add(int(place))
    return sorted(found)[: _MOST[kind]]


def changed(typed: Typed, do: str) -> Typed:
    """Return the table after a button was pressed: ``add-criterion``, ``drop-indicator-2-1``, ``up-criterion-3``; else as it is."""
    act, _dash, rest = do.partition("-")
    kind, _dash, places = rest.partition("-")
    at = [int(one) for one in places.split("-") if one.isascii() and one.isdigit() and len(one) <= _PLACE_MOST]
    rows, empty = _list(typed, kind, at)
    if rows is None:
        return typed
    if act == "add" and len(rows) < _MOST[_LISTS[kind]]:
        rows.append(empty())
    elif at and at[-1] < len(rows) and act == "drop":
        del rows[at[-1]]
    elif at and 0 < at[-1] < len(rows) and act == "up":
        rows[at[-1] - 1 : at[-1] + 1] = [rows[at[-1]], rows[at[-1] - 1]]
    return typed


_LISTS: Final = {"word": "scale", "verdict": "verdicts", "criterion": "criteria", "indicator": "indicators"}


def _list(typed: Typed, kind: str, at: Sequence[int]) -> tuple[list[Any] | None, Callable[[], dict[str, Any]]]:
    empty: Mapping[str, Callable[[], dict[str, Any]]] = {
        "word": lambda: {"points": "", "word": ""},
        "verdict": lambda: {"key": "", "threshold": "", "text": "", "means": "negative"},
        "criterion": lambda: {
            "key": "", "title": "", "weight": "1", "minimum": "", "may_skip": False, "stop": False, "indicators": [{"key": "", "text": ""}],
        },
        "indicator": lambda: {"key": "", "text": ""},
    }  # fmt: skip
    if kind == "indicator":
        there = bool(at) and at[0] < len(typed["criteria"])
        return (typed["criteria"][at[0]]["indicators"] if there else None), empty[kind]
    return (typed[_LISTS[kind]] if kind in empty else None), empty.get(kind, dict)


# ------------------------------------------------------------------------------------------------ the sheet that comes of it


def sheet_of(typed: Typed, base: CriteriaSheet) -> tuple[CriteriaSheet | None, Problems]:
    """Return the sheet that was typed, of the key, version and mode of ``base``; None with what is wrong by cell."""
    wrong: Problems = {}
    scale = _scale(typed, base, wrong)
    if not typed["title"]:
        wrong["title"] = (_NO_TEXT,)
    made = replace(
        base, title=typed["title"], scale=scale, verdicts=tuple(_verdicts(typed, base, wrong)),
        criteria=tuple(_criteria(typed, base, scale.maximum, wrong)),
    )  # fmt: skip
    if not wrong and (rest := made.check()):
        wrong[""] = rest
    return (None if wrong else made), wrong


def _scale(typed: Typed, base: CriteriaSheet, wrong: Problems) -> Scale:
    words: list[tuple[int, str]] = []
    for at, one in enumerate(typed["scale"]):
        if not _WHOLE.fullmatch(one["points"]):
            wrong[f"s-{at}-points"] = (N_("Целое число баллов, от 0."),)
        elif words and int(one["points"]) <= words[-1][0]:
            wrong[f"s-{at}-points"] = (N_("Больше, чем в строке выше."),)
        else:
            words.append((int(one["points"]), one["word"]))
    if words and words[0][0] != 0:
        wrong.setdefault("s-0-points", (N_("Шкала начинается с 0."),))
    same = tuple(words) == base.scale.words
    return base.scale if same else Scale(f"{base.key}_{base.version}"[:60], tuple(words))


def _verdicts(typed: Typed, base: CriteriaSheet, wrong: Problems) -> Iterator[VerdictRule]:
    if not typed["verdicts"]:
        wrong[""] = (*wrong.get("", ()), N_("Нужен хотя бы один вывод."))
    above: Decimal | None = None
    last = len(typed["verdicts"]) - 1
    taken = {one["key"] for one in typed["verdicts"]}
    for at, one in enumerate(typed["verdicts"]):
        number = _decimal(one["threshold"])
        if number is None or number > HUNDRED:
            wrong[f"v-{at}-threshold"] = (N_("Процент от 0 до 100."),)
        elif above is not None and number >= above:
            wrong[f"v-{at}-threshold"] = (N_("Меньше, чем порог выше."),)
        elif at == last and number:
            wrong[f"v-{at}-threshold"] = (N_("Последний порог – 0: ниже него выводов нет."),)
        above = number if number is not None else above
        if not one["text"]:
            wrong[f"v-{at}-text"] = (_NO_TEXT,)
        if one["means"] not in MEANS:
            wrong[f"v-{at}-means"] = (N_("Выберите."),)
        key = _verdict_key(one, base, at, taken)
        if key == "revise" and any(other["means"] == "revise" for other in typed["verdicts"][:at]):
            wrong[f"v-{at}-means"] = (N_("Вывод «на доработку» один."),)
        yield VerdictRule(number or Decimal(0), key, one["text"][:_TEXT_MOST], one["means"] == "positive")


def _verdict_key(one: Mapping[str, Any], base: CriteriaSheet, at: int, taken: set[str]) -> str:
    """Return the key of a verdict: ``revise`` means the same everywhere (decisions.md 18), so it goes and comes with the meaning."""
    if one["means"] == "revise":
        return "revise"
    known = one["key"] in {rule.key for rule in base.verdicts} or one["key"].startswith("v")
    return one["key"] if known and one["key"] != "revise" else _fresh(base, at, taken)


def _criteria(typed: Typed, base: CriteriaSheet, top: int, wrong: Problems) -> Iterator[Criterion]:
    if not typed["criteria"]:
        wrong[""] = (*wrong.get("", ()), N_("В листе нет критериев."))
    taken = {one["key"] for one in typed["criteria"]}
    for at, one in enumerate(typed["criteria"]):
        indicators = tuple(_indicators(one, base, at, wrong))
        weight = _decimal(one["weight"])
        if not one["title"]:
            wrong[f"c-{at}-title"] = (_NO_TEXT,)
        if weight is None or weight <= 0:
            wrong[f"c-{at}-weight"] = (N_("Число больше нуля."),)
        minimum, most = _minimum(one["minimum"]), top * len(indicators)
        if minimum == 0 or (minimum is not None and minimum > most):
            wrong[f"c-{at}-minimum"] = (N_("От 1 до %(most)s или пусто.", most=most),)
        if one["stop"] and one["may_skip"]:
            wrong[f"c-{at}-may_skip"] = (N_("СТОП-критерий нельзя пропускать."),)
        yield Criterion(
            one["key"] or _fresh(base, at, taken), one["title"][:_TEXT_MOST], indicators, weight or Decimal(1), minimum, one["may_skip"],
            one["stop"], top,
        )  # fmt: skip


def _indicators(one: Mapping[str, Any], base: CriteriaSheet, at: int, wrong: Problems) -> Iterator[Indicator]:
    if not one["indicators"]:
        wrong[f"c-{at}-title"] = (N_("Нужен хотя бы один показатель."),)
    taken = {each["key"] for each in one["indicators"]}
    for place, each in enumerate(one["indicators"]):
        if not each["text"]:
            wrong[f"i-{at}-{place}-text"] = (_NO_TEXT,)
        yield Indicator(each["key"] or _fresh(base, place, taken), each["text"][:_TEXT_MOST])


def _fresh(base: CriteriaSheet, at: int, taken: set[str]) -> str:
    """Return a key that no row has and no earlier version had."""
    number = at + 1
    while (key := f"v{base.version}_{number}") in taken:
        number += 1
    taken.add(key)
    return key


def _minimum(text: str) -> int | None:
    """Return a minimum; None where there is none, 0 for what is no number."""
    if not text:
        return None
    return int(text) if _WHOLE.fullmatch(text) else 0


def _decimal(text: str) -> Decimal | None:
    if not _NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
