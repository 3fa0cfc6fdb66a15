"""The questions of a survey and what counts as an answer: the same from an open page and from a table of a form service.

An answer is a mapping of fields to texts: «q1» of a question, «q2.3» of the third statement of a grid; a list of texts where
many may be chosen. Nothing that was left empty stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from workflow_app.errors import N_, Sentence
from workflow_app.spelling import comparable
from workflow_app.states.forms import Choice

KINDS: Final = (
    Choice("one", N_("один из списка")), Choice("many", N_("несколько из списка")), Choice("scale", N_("оценка от 1 до 5")),
    Choice("grid", N_("утверждения, оценка от 1 до 5")), Choice("yes_no", N_("да или нет")), Choice("number", N_("число")),
    Choice("text", N_("текст")), Choice("long", N_("развёрнутый текст")),
)  # fmt: skip
MARKS: Final = ("1", "2", "3", "4", "5")
YES, NO, UNSURE = "yes", "no", "unsure"
WORDS: Final[Mapping[str, Sentence]] = {YES: N_("Да"), NO: N_("Нет"), UNSURE: N_("Затрудняюсь ответить")}
"""The answers that are kept as words of the program."""
WHO: Final = "who"
"""The field with the name of who answered, in surveys that say so; an anonymous answer has none."""
LISTED, MARKED, WRITTEN = frozenset({"one", "many"}), frozenset({"scale", "grid"}), frozenset({"text", "long"})
_LONGEST: Final = {"text": 300, "long": 4000}
_TYPED: Final = {comparable(word): value for value, words in (
    (YES, ("да", "yes")), (NO, ("нет", "no")), (UNSURE, ("затрудняюсь ответить", "затрудняюсь", "не знаю", UNSURE)),
) for word in words}  # fmt: skip
_NUMBER_MOST: Final = Decimal(10) ** 9

Answer = Mapping[str, Any]


class Wrong(Exception):
    """What was typed is no answer to the question; ``sentence`` says why."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Line:
    """What is answered by itself: a question, or one statement of a grid; ``field`` is its name in an answer."""

    field: str
    name: str


@dataclass(frozen=True, slots=True)
class Item:
    """A question as it is asked. ``options``: of a list, or the statements of a grid; ``counts``: it speaks of satisfaction.

    ``splits``: results are told by the groups of its answers, too (``surveys.splits``).
    """

    key: str
    name: str
    kind: str
    options: tuple[str, ...] = ()
    optional: bool = False
    unsure: bool = False
    counts: bool = False
    splits: bool = False

    @property
    def lines(self) -> tuple[Line, ...]:
        """Return what is answered: the question itself, or each statement of a grid."""
        if self.kind != "grid":
            return (Line(self.key, self.name),)
        return tuple(Line(f"{self.key}.{n}", one) for n, one in enumerate(self.options, 1))

    @property
    def values(self) -> tuple[str, ...]:
        """Return the answers of a closed question in their order; empty for numbers and texts."""
        closed = {"scale": MARKS, "grid": MARKS, "yes_no": (YES, NO)}.get(self.kind, ())
        known = self.options if self.kind in LISTED else closed
        return (*known, UNSURE) if self.unsure and known else known


def items_of(asked: Iterable[Mapping[str, Any]]) -> tuple[Item, ...]:
    """Return the kept rows of a survey as questions, numbered in their order."""
    return tuple(
        Item(
            f"q{n}", one["name"], one["held"], options_in(one.get("options", "")), bool(one.get("optional")),
            bool(one.get("unsure")), bool(one.get("counts")), bool(one.get("splits")),
        )
        for n, one in enumerate(asked, 1)
    )  # fmt: skip


def options_in(text: str) -> tuple[str, ...]:
    """Return the lines of a typed list, each once."""
    return tuple(dict.fromkeys(one for line in text.splitlines() if (one := " ".join(line.split()))))


def taken(item: Item, typed: Sequence[str]) -> str | list[str] | None:
    """Return what is kept of the texts typed for a line of a question; None for nothing. :class:`Wrong` when it is no answer."""
    words = [one.strip() for one in typed if one.strip()]
    if not words:
        return None
    if item.kind == "many":
        return _many(item, words)
    word = words[0]
    if item.kind in WRITTEN:
        return _text(item, word)
    if item.kind == "number":
        return _number(word)
    if item.kind in MARKED and (found := re.match(r"([1-5])(?!\d|[.,]\d)", word)):
        return found[1]
    return _known(item, word)


def _text(item: Item, word: str) -> str:
    if len(word) > _LONGEST[item.kind]:
        raise Wrong(N_("Слишком длинный ответ: не больше %(n)s знаков.", n=_LONGEST[item.kind]))
    return word


def _number(word: str) -> str:
    plain = re.sub(r"\s", "", word).replace(",", ".")
    try:
        value = Decimal(plain) if re.fullmatch(r"-?\d{1,12}(\.\d{1,4})?", plain) else None
    except InvalidOperation:  # pragma: no cover - the pattern lets only numbers through
        value = None
    if value is None or abs(value) > _NUMBER_MOST:
        raise Wrong(N_("Нужно число, например 12 или 3,5."))
    return f"{value.normalize():f}"


def _many(item: Item, words: Sequence[str]) -> list[str]:
    """Return the chosen options in the order in which they are offered; a table holds them in one cell."""
    if len(words) == 1 and comparable(words[0]) not in {comparable(one) for one in item.values}:
        words = _parted(item, words[0])
    chosen = {_known(item, one) for one in words}
    if UNSURE in chosen and len(chosen) > 1:
        raise Wrong(N_("«Затрудняюсь ответить» не отмечают вместе с другими ответами."))
    return [one for one in item.values if one in chosen]


def _parted(item: Item, cell: str) -> list[str]:
    """Part a cell of a table: by semicolons, else by commas that do not stand inside an option."""
    if ";" in cell:
        return [one.strip() for one in cell.split(";") if one.strip()]
    parts, found = [one.strip() for one in cell.split(",")], []
    known = {comparable(one) for one in item.options}
    while parts:
        n = next((n for n in range(len(parts), 0, -1) if comparable(", ".join(parts[:n])) in known), 1)
        found.append(", ".join(parts[:n]))
        parts = parts[n:]
    return [one for one in found if one]


def _known(item: Item, word: str) -> str:
    said = comparable(word)
    found = next((one for one in item.values if comparable(one) == said), None)
    if found is None and _TYPED.get(said) in item.values:
        found = _TYPED[said]
    if found is None:
        raise Wrong(N_("Такого ответа нет среди предложенных: «%(word)s».", word=word[:80]))
    return found


def entered(items: Iterable[Item], typed: Mapping[str, Sequence[str]]) -> tuple[dict[str, Any], dict[str, Sentence]]:
    """Return the answer in a filled form, and what is wrong with it by field."""
    answer: dict[str, Any] = {}
    wrong: dict[str, Sentence] = {}
    for item in items:
        for line in item.lines:
            try:
                value = taken(item, typed.get(line.field, ()))
            except Wrong as error:
                wrong[line.field] = error.sentence
                continue
            if value is not None:
                answer[line.field] = value
            elif not item.optional:
                wrong[line.field] = N_("Ответьте на этот вопрос.")
    return answer, wrong
