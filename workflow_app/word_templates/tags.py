"""The tags of a Word template one by one, so that a person is told every mistake at once and each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from workflow_app.documents.template_fields.registry import Declared
from workflow_app.errors import N_, Sentence, Words
from workflow_app.word_templates.expressions import DEEPEST, faults
from workflow_app.word_templates.places import MARK, TAG, Spot

_SHAPE: Final = re.compile(r"\{([{%#])([-+]?)((?:tr|tc|p|r)(?=\s))?(.*?)([-+]?)[}%#]\}", re.DOTALL)
_STRAY: Final = re.compile(r"\}\}|%\}")
_CLOSED_BY: Final = {"for": "endfor", "if": "endif"}
_QUOTES: Final = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})  # what Word makes of straight ones


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong and where."""

    place: Words
    what: Sentence


@dataclass(frozen=True, slots=True)
class _Open:
    """A loop or a condition that is not closed yet."""

    word: str
    kind: str  # "", "p" or "tr"
    tag: str
    spot: Spot
    variable: str = ""
    rows: str = ""

    @property
    def holder(self) -> int:
        """What must hold its end too: the paragraph, what holds the paragraph, or the table."""
        return {"": self.spot.key, "p": self.spot.within, "tr": self.spot.table}[self.kind]


@dataclass(slots=True)
class _Reading:
    declared: Declared
    rows: dict[int, str] = field(default_factory=dict)  # a table row's whole text
    open: list[_Open] = field(default_factory=list)

    @property
    def scope(self) -> dict[str, str]:
        return {one.variable: one.rows for one in self.open if one.variable}


def problems(part: list[Spot], declared: Declared) -> Iterator[Problem]:
    """Yield the mistakes of one part of the file, in the order of its paragraphs."""
    reading = _Reading(declared)
    for spot in part:
        if spot.row:
            reading.rows[spot.row] = reading.rows.get(spot.row, "") + spot.text.strip()
    for spot in part:
        yield from _torn(spot)
        for tag in spot.tags:
            yield from (_at(spot, tag, what) for what in _tag(reading, spot, tag))
    for left in reading.open:
        yield _at(
            left.spot, left.tag, N_("Команда не закрыта: ниже должна стоять «%(end)s».", end=_CLOSED_BY[left.word])
        )


def _at(spot: Spot, tag: str, what: Sentence) -> Problem:
    return Problem(spot.place, N_("%(tag)s – %(what)s", tag=" ".join(tag.split())[:120], what=what))


def _torn(spot: Spot) -> Iterator[Problem]:
    rest = TAG.sub("", spot.text)
    if MARK.search(rest):
        yield Problem(spot.place, N_("Метка не закрыта в этом же абзаце: не хватает скобок в конце."))
    elif _STRAY.search(rest):
        yield Problem(spot.place, N_("Лишние скобки: метка закрыта, но не открыта."))


def _tag(reading: _Reading, spot: Spot, tag: str) -> Iterator[Sentence]:
    shape = _SHAPE.fullmatch(tag)
    if shape is None:
        yield N_("Метка написана с ошибкой: проверьте скобки, кавычки и слова.")
        return
    sign, before, kind, body, after = shape[1], shape[2], shape[3] or "", shape[4].translate(_QUOTES).strip(), shape[5]
    if sign == "#":
        return
    if before or after:
        yield N_("Знаки «-» и «+» у скобок метки не действуют.")
    if kind in ("r", "tc") or (sign == "{" and kind):
        yield N_("Буква после скобки не действует: можно только «p» и «tr» у команд.")
        return
    if sign == "{":
        if not body:
            yield N_("Метка пустая.")
            return
        yield from _said(reading, "{{ " + body + " }}")
        return
    yield from _alone(reading, spot, kind, tag)
    yield from _command(reading, spot, kind, tag, body)


def _said(reading: _Reading, source: str) -> Iterator[Sentence]:
    yield from (what for _line, what in faults(source, reading.declared, reading.scope))


def _alone(reading: _Reading, spot: Spot, kind: str, tag: str) -> Iterator[Sentence]:
    """A command of a paragraph or a row takes all of it away, with whatever else stands there."""
    if kind == "p" and spot.text.strip() != tag:
        yield N_("Рядом с командой на «p» в абзаце ничего не должно стоять: абзац с ней пропадает.")
    if kind == "tr" and not spot.row:
        yield N_("Команда на «tr» действует только в таблице.")
    elif kind == "tr" and reading.rows[spot.row] != tag:
        yield N_("Рядом с командой на «tr» в строке таблицы ничего не должно стоять: строка с ней пропадает.")


def _command(reading: _Reading, spot: Spot, kind: str, tag: str, body: str) -> Iterator[Sentence]:
    word = body.split(maxsplit=1)[0] if body else ""
    if word == "for":
        variable, rows = _loop_names(body)
        if sum(one.word == "for" for one in reading.open) >= DEEPEST:
            yield N_("Циклов друг в друге может быть не больше %(most)s.", most=DEEPEST)
        yield from _said(reading, "{% " + body + " %}{% endfor %}")
        known = rows in reading.declared.lists
        reading.open.append(_Open(word, kind, tag, spot, variable if known else "", rows))
    elif word == "if":
        yield from _said(reading, "{% " + body + " %}{% endif %}")
        reading.open.append(_Open(word, kind, tag, spot))
    elif word in ("elif", "else", "endif", "endfor"):
        yield from _continued(reading, spot, kind, body, word)
    else:
        yield N_("Такой команды нет: можно for, endfor, if, elif, else, endif.")


def _loop_names(body: str) -> tuple[str, str]:
    words = body.split()
    return (words[1], words[3]) if len(words) == 4 and words[2] == "in" else ("", "")  # noqa: PLR2004 - for x in y


def _continued(reading: _Reading, spot: Spot, kind: str, body: str, word: str) -> Iterator[Sentence]:
    wanted = "for" if word == "endfor" else "if"
    if not reading.open or reading.open[-1].word != wanted:
        yield N_("Перед этой командой нет открытой «%(word)s».", word=wanted)
        return
    begun = reading.open[-1]
    here = _Open(begun.word, kind, body, spot)
    if kind != begun.kind:
        yield N_(
            "Начата команда «%(begun)s», а здесь другая буква после скобки: пишите одинаково.",
            begun=" ".join(begun.tag.split())[:80],
        )
    elif here.holder != begun.holder:
        yield N_(
            "Команда начата в другом месте (%(place)s): обе должны стоять в одном абзаце, одной ячейке («p») или одной таблице («tr»).",
            place=begun.spot.place,
        )
    if word == "elif":
        yield from _said(reading, "{% if number %}{% " + body + " %}{% endif %}")
    elif word.startswith("end"):
        reading.open.pop()
