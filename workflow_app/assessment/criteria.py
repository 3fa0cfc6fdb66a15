"""Criteria sheets (оценочные листы): scales, criteria, indicators, weights, minimums, verdicts. Data with versions.

A case pins the version it began with; an edit makes a new version (R27). The ``criteria.yaml`` of each case type is the
first fill; afterwards a centre edits its own. :func:`from_data` and :meth:`CriteriaSheet.to_data` speak one shape, the
same in YAML, in rows and in the audit record: keys and texts are strings, weights and thresholds decimal strings.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal, TypeVar

from workflow_app import data
from workflow_app.errors import N_, Broken, Sentence

Mode = Literal["points", "words"]

HUNDRED = 100
_KEY = re.compile(r"[a-z][a-z0-9_]*")
_Keyed = TypeVar("_Keyed", "Criterion", "VerdictRule")

CONFIRMED, PARTLY, NOT_CONFIRMED, NOT_APPLICABLE = "confirmed", "partly", "not_confirmed", "not_applicable"

WORDS: Mapping[str, Sentence] = {
    CONFIRMED: N_("подтверждено"),
    PARTLY: N_("подтверждено частично"),
    NOT_CONFIRMED: N_("не подтверждено"),
    NOT_APPLICABLE: N_("не применимо"),
}


@dataclass(frozen=True, slots=True)
class Scale:
    """Whole points of one indicator, from 0 to ``maximum``, and the words of those points that have one."""

    key: str
    words: tuple[tuple[int, str], ...]

    @property
    def maximum(self) -> int:
        """The most points of one indicator."""
        return max((points for points, _ in self.words), default=0)


@dataclass(frozen=True, slots=True)
class Indicator:
    """A thing that is looked at (показатель); its points are given by the expert."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion: the sum of its indicators, times ``weight``.

    ``minimum``: the fewest points for a positive verdict (R24), or None. ``may_skip``: «не применимо» is allowed (R22).
    ``stop``: zero here forces the worst verdict (R24). ``top``: the most points of one indicator, from the scale.
    """

    key: str
    title: str
    indicators: tuple[Indicator, ...]
    weight: Decimal
    minimum: int | None
    may_skip: bool
    stop: bool
    top: int

    @property
    def maximum(self) -> int:
        """The most points of the criterion, unweighted."""
        return self.top * len(self.indicators)


@dataclass(frozen=True, slots=True)
class VerdictRule:
    """From ``threshold`` per cent on, inclusive (R25), the verdict is ``key``, worded ``text``; ``positive``: it is a yes.

    The key ``revise`` has a meaning everywhere: the author may take the work back and bring it again (decisions.md 18).
    """

    threshold: Decimal
    key: str
    text: str
    positive: bool = False


@dataclass(frozen=True, slots=True)
class CriteriaSheet:
    """One version of one sheet. ``verdicts`` stand from the highest threshold to the lowest, which is 0.

    ``mode``: ``points`` gives points to indicators; ``words`` states for each criterion a word and lets the specialist
    choose the verdict (attestation: order 196 has no points, domain.md 0a.3).
    """

    key: str
    version: int
    title: str
    scale: Scale
    mode: Mode
    criteria: tuple[Criterion, ...]
    verdicts: tuple[VerdictRule, ...]

    def criterion(self, key: str) -> Criterion:
        """Return the criterion ``key``. Raises Broken when the sheet has none."""
        return _find(self.criteria, key, self.key)

    def verdict(self, key: str) -> VerdictRule:
        """Return the verdict rule ``key``. Raises Broken when the sheet has none."""
        return _find(self.verdicts, key, self.key)

    def rank(self, key: str) -> int:
        """Return the place of a verdict: 0 is the best, the last is the worst."""
        return self.verdicts.index(self.verdict(key))

    def may_skip(self, criterion: Criterion) -> bool:
        """Tell whether «не применимо» is allowed: in words mode everywhere, else where the criterion says so (R22)."""
        return self.mode == "words" or criterion.may_skip

    def in_mode(self, mode: Mode) -> CriteriaSheet:
        """Return the same sheet in the other mode: a setting of the centre, for attestation."""
        return replace(self, mode=mode)

    def check(self) -> tuple[Sentence, ...]:
        """Return what makes the sheet unusable, in words for its editor; empty when it is well formed."""
        return tuple(_sheet_faults(self))

    def to_data(self) -> dict[str, Any]:
        """Return the sheet as mappings, lists, strings, whole numbers and truths: no floats."""
        return {
            "key": self.key,
            "version": self.version,
            "title": self.title,
            "mode": self.mode,
            "scale": {"key": self.scale.key, "words": [[points, word] for points, word in self.scale.words]},
            "verdicts": [
                {"threshold": plain(v.threshold), "key": v.key, "text": v.text, "positive": v.positive}
                for v in self.verdicts
            ],
            "criteria": [_criterion_data(criterion) for criterion in self.criteria],
        }

    def to_json(self) -> str:
        """Return the canonical JSON: sorted keys, no spaces, no floats. Equal sheets give equal texts."""
        return json.dumps(self.to_data(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_data(mapping: Mapping[str, Any]) -> CriteriaSheet:
    """Build a sheet from the shape of :meth:`CriteriaSheet.to_data`; ``weight``, ``minimum`` and flags may be left out.

    ``scale`` may be the key of one in ``data/scales.yaml``. Raises Broken for a float, which would not be exact, and KeyError
    for a missing part.
    """
    given = mapping["scale"]
    known = {"key": given, "words": data.load("scales")["scales"][given]} if isinstance(given, str) else given
    scale = Scale(known["key"], tuple((int(points), str(word)) for points, word in known["words"]))
    return CriteriaSheet(
        key=mapping["key"],
        version=mapping["version"],
        title=mapping["title"],
        scale=scale,
        mode=mapping["mode"],
        criteria=tuple(_criterion(one, scale.maximum) for one in mapping["criteria"]),
        verdicts=tuple(_verdict(one) for one in mapping["verdicts"]),
    )


def from_json(text: str) -> CriteriaSheet:
    """Build a sheet from the text of :meth:`CriteriaSheet.to_json`."""
    return from_data(json.loads(text))


def plain(number: Decimal) -> str:
    """Return a decimal without exponent and needless zeros: «1.5», «60»."""
    return format(number.normalize(), "f")


def _verdict(one: Mapping[str, Any]) -> VerdictRule:
    """Build a verdict; versions of before 2026-12 do not say whether it is a yes: there the key did."""
    before = one["key"] == "conforms" or one["key"].startswith("recommend_")
    return VerdictRule(_decimal(one["threshold"]), one["key"], one["text"], one.get("positive", before))


def _criterion(one: Mapping[str, Any], top: int) -> Criterion:
    return Criterion(
        key=one["key"],
        title=one["title"],
        indicators=tuple(Indicator(i["key"], i["text"]) for i in one["indicators"]),
        weight=_decimal(one.get("weight", 1)),
        minimum=one.get("minimum"),
        may_skip=one.get("may_skip", False),
        stop=one.get("stop", False),
        top=top,
    )


def _criterion_data(criterion: Criterion) -> dict[str, Any]:
    return {
        "key": criterion.key,
        "title": criterion.title,
        "weight": plain(criterion.weight),
        "minimum": criterion.minimum,
        "may_skip": criterion.may_skip,
        "stop": criterion.stop,
        "indicators": [{"key": i.key, "text": i.text} for i in criterion.indicators],
    }


def _decimal(value: object) -> Decimal:
    if isinstance(value, float):
        raise Broken(f"a criteria sheet holds no floats: write {value} as a string")
    return Decimal(str(value))


def _find(many: Iterable[_Keyed], key: str, sheet: str) -> _Keyed:
    for one in many:
        if one.key == key:
            return one
    raise Broken(f"criteria sheet {sheet} has no {key}")


def _sheet_faults(sheet: CriteriaSheet) -> Iterator[Sentence]:
    if not sheet.title.strip():
        yield N_("У листа нет названия.")
    if not sheet.criteria:
        yield N_("В листе нет критериев.")
    yield from _key_faults([sheet.key])
    yield from _key_faults([one.key for one in sheet.criteria])
    yield from _scale_faults(sheet.scale)
    for criterion in sheet.criteria:
        yield from _criterion_faults(criterion)
    yield from _verdict_faults(sheet)


def _key_faults(keys: list[str]) -> Iterator[Sentence]:
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield N_("Ключ «%(key)s» повторяется.", key=key)
    for key in keys:
        if not _KEY.fullmatch(key):
            yield N_("Ключ «%(key)s» должен состоять из строчных латинских букв, цифр и «_».", key=key)


def _scale_faults(scale: Scale) -> Iterator[Sentence]:
    points = [number for number, _ in scale.words]
    if scale.maximum < 1 or min(points) != 0 or points != sorted(set(points)):
        yield N_("Шкала должна идти от 0 вверх без повторов.")


def _criterion_faults(criterion: Criterion) -> Iterator[Sentence]:
    title = criterion.title
    if not title.strip() or any(not indicator.text.strip() for indicator in criterion.indicators):
        yield N_("У критерия «%(key)s» пустое название или пустой показатель.", key=criterion.key)
    if not criterion.indicators:
        yield N_("У критерия «%(title)s» нет показателей.", title=title)
    yield from _key_faults([indicator.key for indicator in criterion.indicators])
    if criterion.weight <= 0:
        yield N_("Вес критерия «%(title)s» должен быть больше нуля.", title=title)
    if criterion.minimum is not None and not 1 <= criterion.minimum <= criterion.maximum:
        yield N_("Минимум критерия «%(title)s» вне пределов от 1 до %(most)s.", title=title, most=criterion.maximum)
    if criterion.stop and criterion.may_skip:
        yield N_("Стоп-критерий «%(title)s» нельзя отмечать «не применимо».", title=title)


def _verdict_faults(sheet: CriteriaSheet) -> Iterator[Sentence]:
    thresholds = [rule.threshold for rule in sheet.verdicts]
    yield from _key_faults([rule.key for rule in sheet.verdicts])
    if thresholds != sorted(set(thresholds), reverse=True) or thresholds[-1:] != [0] or thresholds[0] > HUNDRED:
        yield N_("Пороги выводов должны идти по убыванию от не более чем 100 до 0 без повторов.")
    if any(not rule.text.strip() for rule in sheet.verdicts):
        yield N_("У вывода нет текста.")
    if sheet.mode == "words" and {rule.positive for rule in sheet.verdicts} != {True, False}:
        yield N_("Для оценки словами нужны положительный и отрицательный выводы.")
