"""The preview: each row of a table with what it would become, what is wrong in which cell, and what is there already."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from workflow_app.errors import N_
from workflow_app.facts.directory import plain
from workflow_app.features.imports.check_cases import check_cases, check_school_cases
from workflow_app.features.imports.check_people import check_experts, check_people
from workflow_app.features.imports.known_records import Known
from workflow_app.features.imports.lines import Line, read_cells
from workflow_app.features.imports.table_kinds import Kind

_CHECKS: Mapping[str, Callable[[Line, Known], object]] = {
    "people": check_people, "experts": check_experts, "cases": check_cases,
    "school_cases": check_school_cases,
}  # fmt: skip


def check(kind: Kind, lines: Sequence[Line], known: Known, every: Iterable[Line] = ()) -> Sequence[Line]:
    """Check every row alone and against the others; what is found stands in the lines. ``every``: all rows that the table had."""
    known = replace(known, shared=_shared([*(every or lines)]))
    seen: dict[object, int] = {}
    for line in lines:
        if _is_example(kind, line):
            line.leave(N_("Строка примера из шаблона: пропускается."))
            continue
        read_cells(kind, line, known)
        key = _CHECKS[kind.key](line, known)
        if key is not None and key in seen and not line.problems:
            line.leave(N_("Повторяет строку %(n)s: пропускается.", n=seen[key]))
        elif key is not None and not line.double:
            seen.setdefault(key, line.number)
        if line.double:
            line.problems.clear()
            line.lacks.clear()
            line.notes = {"": line.notes[""]}
    _wait(kind, [line for line in lines if not line.double])
    return lines


def _wait(kind: Kind, lines: Sequence[Line]) -> None:
    """Let rows wait for what all of them lack and one choice for the whole table gives: that is no error of each of them."""
    waits = frozenset(
        one.key
        for one in kind.columns
        if one.choose and all(one.key in line.problems and not line.cell(one.key) for line in lines)
    )
    for line in lines:
        line.waits = waits & line.problems.keys()


def _shared(lines: Sequence[Line]) -> frozenset[str]:
    """Return the addresses that stand beside different names: a school's mailbox, nobody's own."""
    names: dict[str, set[str]] = {}
    for line in lines:
        names.setdefault(line.cell("email").lower(), set()).add(plain(line.cell("full_name")))
    return frozenset(address for address, many in names.items() if address and len(many) > 1)


def _is_example(kind: Kind, line: Line) -> bool:
    shown = {key: text for key, text in kind.example.items() if key in line.cells and key not in line.lent and text}
    return len(shown) > 1 and all(line.cells[key] == text or key == "received_at" for key, text in shown.items())
