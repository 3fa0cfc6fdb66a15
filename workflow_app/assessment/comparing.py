"""What differs between two versions of a criteria sheet, row by row: rows are the same by their keys, whatever their texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from workflow_app.assessment.criteria import CriteriaSheet, Criterion, VerdictRule, plain
from workflow_app.errors import N_, Sentence

Kind = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: of what kind, in which row, what stood and what stands (empty where there was or is nothing)."""

    kind: Kind
    what: Sentence
    before: str = ""
    after: str = ""


def differences(old: CriteriaSheet, new: CriteriaSheet) -> list[Difference]:
    """Return every difference in the order of the sheet."""
    return list(_differences(old, new))


def _differences(old: CriteriaSheet, new: CriteriaSheet) -> Iterator[Difference]:
    yield from _pair(N_("Название листа"), old.title, new.title)
    yield from _pair(N_("Шкала"), _scale(old), _scale(new))
    yield from _rows(
        N_("Вывод"), {one.key: _verdict(one) for one in old.verdicts}, {one.key: _verdict(one) for one in new.verdicts}
    )
    before, after = {one.key: one for one in old.criteria}, {one.key: one for one in new.criteria}
    for key in [*after, *(one for one in before if one not in after)]:
        yield from _criterion(before.get(key), after.get(key))
    common = [one for one in before if one in after]
    if common != [one for one in after if one in before]:
        yield Difference(
            "changed",
            N_("Порядок критериев"),
            _names(before, common),
            _names(after, [one for one in after if one in before]),
        )


def _criterion(old: Criterion | None, new: Criterion | None) -> Iterator[Difference]:
    if old is None or new is None:
        one = new or old
        if one is not None:
            kind: Kind = "added" if old is None else "removed"
            said = f"{one.title} ({'; '.join(each.text for each in one.indicators)})"
            yield Difference(kind, N_("Критерий"), *(("", said) if old is None else (said, "")))
        return
    name = new.title
    yield from _pair(N_("Критерий «%(name)s»: название", name=old.title), old.title, new.title)
    yield from _pair(N_("Критерий «%(name)s»: вес", name=name), _comma(old), _comma(new))
    yield from _pair(N_("Критерий «%(name)s»: минимум", name=name), _number(old.minimum), _number(new.minimum))
    yield from _pair(N_("Критерий «%(name)s»: СТОП", name=name), _yes(old.stop), _yes(new.stop))
    yield from _pair(N_("Критерий «%(name)s»: «не применимо»", name=name), _yes(old.may_skip), _yes(new.may_skip))
    what = N_("Критерий «%(name)s»: показатель", name=name)
    yield from _rows(what, {one.key: one.text for one in old.indicators}, {one.key: one.text for one in new.indicators})


def _rows(what: Sentence, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Difference]:
    for key, text in new.items():
        if key not in old:
            yield Difference("added", what, "", text)
        elif old[key] != text:
            yield Difference("changed", what, old[key], text)
    yield from (Difference("removed", what, text, "") for key, text in old.items() if key not in new)


def _pair(what: Sentence, old: str, new: str) -> Iterator[Difference]:
    if old != new:
        yield Difference("changed", what, old, new)


def _scale(sheet: CriteriaSheet) -> str:
    return "; ".join(f"{points} – {word}" for points, word in sheet.scale.words)


def _verdict(one: VerdictRule) -> str:
    return f"{plain(one.threshold).replace('.', ',')} %: {one.text}{' (+)' if one.positive else ''}"


def _comma(one: Criterion) -> str:
    return plain(one.weight).replace(".", ",")


def _number(value: int | None) -> str:
    return "–" if value is None else str(value)


def _yes(value: bool) -> str:  # noqa: FBT001 - a flag of a criterion
    return "✓" if value else "–"


def _names(rows: Mapping[str, Any], keys: list[str]) -> str:
    return " → ".join(rows[key].title for key in keys)
