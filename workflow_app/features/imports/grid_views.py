"""The grid: rows with what each would become, wrong cells to type over, unknown words to explain, values for the whole table.

Everything of it is one form: whatever was typed anywhere is kept by each of its buttons, and checked anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.db.models import ImportRow, ImportTable
from workflow_app.errors import N_, WorkflowError
from workflow_app.facts.directory import plain
from workflow_app.features.imports import table_store
from workflow_app.features.imports.apply_rows import JOB, SMALL, record
from workflow_app.features.imports.column_guess import guesses
from workflow_app.features.imports.grid_typed import ASKED_MOST, keep_typed
from workflow_app.features.imports.known_records import known
from workflow_app.features.imports.lines import OTHER, SAME, Line
from workflow_app.features.imports.slice import ENTERERS, crumbs, opened, page, steps
from workflow_app.features.imports.table_kinds import KINDS, Column
from workflow_app.features.imports.table_store import Checked
from workflow_app.operations import job_queue
from workflow_app.states.forms import Choice
from workflow_app.states.vocabulary import Via
from workflow_app.web.formatting import say
from workflow_app.web.grid_cells import typed_cells
from workflow_app.web.next_page import go
from workflow_app.web.request_scope import here
from workflow_app.web.table_page import row_id

_EDITED_MOST = 60  # rows whose wrong cells can be typed over at a time
_HELD = 3  # words of an unknown column that are shown beside its heading
_SHORT = 40  # a longer list is typed with suggestions instead of unfolded
SHOWN = ("wrong", "ask", "wait", "draft", "ready", "skip")
ALL = "all"
_NO_HEADS: Mapping[str, str] = MappingProxyType({})


def index_url() -> str:
    """Return the address of all imports."""
    return url_for("imports.index")


@page("/imports/<kind>/<int:id>", readers=ENTERERS, methods=("GET", "POST"))
def grid(kind: str, id: int) -> Response | str:
    """Show what each row would become; a POST keeps what was typed, and on «Записать» records what is right."""
    one, scope = opened(kind), here()
    table = table_store.own(scope.session, scope.me, one, id)
    if request.method != "POST":
        heads, means = _heads(table)
        guessed = {one["head"]: one["guess"] for one in heads if one["guess"]}
        found = table_store.checked(scope.session, scope.me, table, guessed=guessed)
        return _grid_page(found, heads=heads, means=means) if found.lines else go("imports.result", kind=kind, id=id)
    table_store.lock(scope.session, table)
    if table_store.is_busy(scope.session, table):
        return go("imports.result", kind=kind, id=id)
    seen = request.form.get("seen") == str(table.version)
    changed = keep_typed(one, table)
    if changed:
        table_store.change(scope.session, table)
    found = table_store.checked(scope.session, scope.me, table)
    if request.form.get("act") != "record":
        show = request.args.get("show") or None  # the rows that were chosen to be shown stay chosen
        return go("imports.grid", kind=kind, id=id, show=show, fragment=_place(found))
    if not found.lines:
        return go("imports.result", kind=kind, id=id)
    if fault := _unfit(found, seen=seen, changed=changed):
        return make_response(_grid_page(found, fault), 409)
    return _record(found)


def _unfit(found: Checked, *, seen: bool, changed: bool) -> str | None:
    """Say why the rows are not recorded as the person saw them; None when they are."""
    if not seen:
        return say(
            N_(
                "Пока страница была открыта, таблицу изменили в другом окне. Ничего не записано: проверьте строки ещё раз."
            )
        )
    if changed:
        return say(
            N_("Вы что-то исправили: таблица проверена заново. Посмотрите, что получилось, и нажмите «Записать».")
        )
    if not found.ready and not found.count("skip"):
        return say(N_("Записывать нечего: верных строк нет."))
    return None


def _record(found: Checked) -> Response:
    """Record the rows that are right: a few at once, many in the background, each in a transaction of its own."""
    scope, kind, table = here(), found.kind, found.table
    wanted = [one for one in found.lines if one.is_ready or one.outcome == "skip"]
    if len(wanted) > SMALL:
        job = job_queue.enqueue(
            scope.session, scope.who, scope.me.municipality_id, JOB, _("Импорт: %(what)s", what=say(kind.title).lower()),
            [(one.id, _("Строка %(n)s: %(who)s", n=one.number, who=one.cell("full_name"))) for one in wanted],
            {"ip": scope.me.ip},
        )  # fmt: skip
        table.job_id = job.id
        table_store.change(scope.session, table)
        return go("imports.result", kind=kind.key, id=table.id)
    failed = []
    for line in wanted:
        try:
            with scope.session.begin_nested():
                record(scope.session, replace(scope.me, via=Via.BULK), line.id)
        except WorkflowError as error:
            failed.append(line)
            row = scope.session.get_one(ImportRow, line.id, populate_existing=True)
            row.said = say(error.sentence)
    if failed:
        flash(_("Не записано строк: %(n)s. Они остались в таблице с причиной.", n=len(failed)), "warning")
    table_store.change(scope.session, table)
    return go("imports.result", kind=kind.key, id=table.id)


@page("/imports/<kind>/<int:id>/forget", readers=ENTERERS, methods=("POST",))
def forget(kind: str, id: int) -> Response:
    """Drop the rows that wait: nothing of them was recorded."""
    one, scope = opened(kind), here()
    table = table_store.own(scope.session, scope.me, one, id)
    table_store.lock(scope.session, table)
    if table_store.is_busy(scope.session, table):
        return go("imports.result", kind=kind, id=id)
    table_store.drop(scope.session, table)
    flash(_("Строки, которые ждали, убраны: они не записаны."), "info")
    return go("imports.index")


# -- the page ----------------------------------------------------------------------------------------------------------


def _grid_page(
    found: Checked,
    fault: str | None = None,
    heads: Sequence[Mapping[str, str]] = (),
    means: Mapping[str, str] = _NO_HEADS,
) -> str:
    counts, failed = {key: found.count(key) for key in SHOWN}, _failed(found)
    show, edit = _show(counts, failed), row_id(request.args.get("edit", "")) or 0
    lines = [one for one in found.lines if show in (ALL, one.outcome) or one.id == edit]
    words, shared = _asked_words(found), _shared(found)
    lent = {one["column"].key: dict(one["choices"]).get(one["chosen"], one["chosen"]) for one in shared}
    explained = {(row, one["column"].key) for one in words for row in one["rows"]}
    mended = [
        one for one in lines if any(key not in one.waits and (one.number, key) not in explained for key in one.problems)
    ]
    typed = {one.id for one in mended[:_EDITED_MOST]}
    return render_template(
        "imports/grid.html", kind=found.kind, table=found.table, columns=_columns(found), lines=lines, counts=counts, fault=fault,
        show=show, typed=typed, edit=edit, total=len(found.lines), ready=len(found.ready),
        left=counts["wrong"] + counts["ask"] + counts["wait"], heads=heads, words=words,
        explained=explained, asked=any(one["guess"] for one in heads) or any(one["near"] for one in words),
        needed=[one for one in shared if one["wanted"]], shared=[one for one in shared if not one["wanted"]], lent=lent,
        unused=[say(one) for one in found.match.repeated], failed=failed, options=_options(found, typed, edit),
        means=means, steps=steps(found.kind, 1, found.table.id),
        breadcrumbs=crumbs(found.kind), same=SAME, other=OTHER, kinds=_file_kinds(found), what=_what(found, lines),
    )  # fmt: skip


def _show(counts: Mapping[str, int], failed: Mapping[int, str]) -> str:
    """Return which rows are shown: those that were asked for, else those that somebody has to mend, else all."""
    asked = request.args.get("show", "")
    mended = [one for one in ("wrong", "ask") if counts[one] and not failed]
    return asked if asked in (*SHOWN, ALL) else next(iter(mended), ALL)


def _place(found: Checked) -> str:
    """Return the place on the page where who mends cells goes on: the row that was mended, or the next one that is shown."""
    typed = typed_cells()
    numbers = [one.number for one in found.lines if one.id in typed]
    show = _show({key: found.count(key) for key in SHOWN}, _failed(found))
    shown = [one.number for one in found.lines if show in (ALL, one.outcome)]
    after = [one for one in shown if numbers and one >= numbers[0]]
    return f"row-{(after or shown)[0 if after else -1]}" if numbers and shown else ""


def _what(found: Checked, lines: Sequence[Line]) -> dict[int, str]:
    """Return what each row is beside its name, in a word or two: the kind of case, the role, the directions."""
    column = found.kind.column(found.kind.tells)
    if column is None:
        return {}
    titles = dict(_short(found.known.list_of(column)))
    return {one.id: titles.get(one.values.get(column.key, ""), one.cell(column.key)) for one in lines}


def _columns(found: Checked) -> list[Column]:
    """Return the columns that hold something, or whose cells are wrong, as they follow in the kind."""
    used = {*found.match.columns} | {
        key for one in found.lines for key in (*one.problems, *one.cells) if key not in one.lent
    }
    return [one for one in found.kind.columns if one.key in used - _wanted(found)]


def _wanted(found: Checked) -> frozenset[str]:
    """Return the columns whose value for the whole table is still to be chosen: every row lacks it."""
    return frozenset(key for one in found.lines for key in one.waits)


def _heads(table: ImportTable) -> tuple[list[dict[str, str]], dict[str, str]]:
    """Return the headings that nobody knows, with the column each most probably means, and the columns it can mean."""
    scope = here()
    cells = table_store.beneath_unknown(scope.session, scope.me, table)
    if not cells:
        return [], {}
    free = table_store.free_columns(scope.session, scope.me, table)
    guessed = guesses(free, cells, known(scope.session, scope.me, KINDS[table.kind], ()))
    heads = [
        {"head": head, "guess": guessed.get(head, ""), "held": ", ".join([*dict.fromkeys(filter(None, many))][:_HELD])}
        for head, many in cells.items()
    ]
    return heads, {one.key: one.titles[0] for one in free}


def _asked_words(found: Checked) -> list[dict[str, Any]]:
    """Return the unknown words, each once, with the rows that have it, what it may mean and what it most probably does."""
    asked: dict[tuple[str, str], dict[str, Any]] = {}
    for line in () if found.kind.of_school else found.lines:
        for key, words in line.unknown.items():
            for word in words:
                one = asked.setdefault((key, plain(word)), {"word": word, "column": found.kind.column(key), "rows": []})
                one["rows"].append(line.number)
    seen: set[str] = set()
    for one in asked.values():
        near = found.known.near(one["word"], one["column"])
        known = found.known.list_of(one["column"])
        one |= {
            "near": near.value if near else "",
            "near_said": say(near.label) if near else "",
            "choices": _short(known),
            "long": len(known) > _SHORT,
            "first": one["column"].key not in seen,
        }
        seen.add(one["column"].key)
    return [*asked.values()][:ASKED_MOST]


def _short(known: Any) -> list[tuple[str, str]]:
    """Return a list for a select: each value once."""
    found: dict[str, str] = {}
    for one in known:
        found.setdefault(one.value, say(one.label))
    return [*found.items()]


def _shared(found: Checked) -> list[dict[str, Any]]:
    """Return the values for the whole table that make sense: of columns in which a cell is empty."""
    empty = {
        one.key
        for one in found.kind.columns
        if one.whole and any(not line.cell(one.key) or one.key in line.lent for line in found.lines)
    }
    wanted = _wanted(found)
    return [
        {"column": one, "value": found.table.shared.get(one.key, ""), "absent": one.key not in found.match.columns,
         "wanted": one.key in wanted, "chosen": _chosen(found, one),
         "choices": _short(found.known.list_of(one)) if one.widget == "list" else []}
        for one in found.kind.columns if one.key in empty and not one.other
    ]  # fmt: skip


def _chosen(found: Checked, column: Column) -> str:
    """Return the value of a list that stands for the whole table."""
    text = str(found.table.shared.get(column.key, ""))
    return found.known.find(text, column)[0] if text and column.widget == "list" else text


def _options(found: Checked, typed: set[int], edit: int) -> dict[str, list[str]]:
    """Return the words of the lists that cells on the page are typed from, by list."""
    if not typed and not edit:
        return {}
    return {
        one.key: [words for _value, words in _short(found.known.list_of(one))]
        for one in _columns(found)
        if one.widget == "list"
    }


def _failed(found: Checked) -> dict[int, str]:
    """Return what recording said of rows that did not go in, by row."""
    said = {one.id: one.said for one in table_store.rows_of(here().session, found.table) if one.said}
    job = table_store.job_of(here().session, found.table)
    if job is not None:
        said |= {one.subject_id: one.said for one in job.items if one.state == "failed"}
    return said


def _file_kinds(found: Checked) -> dict[str, str]:
    every: list[Choice] = [Choice(part.key, part.title) for one in CASE_TYPES.values() for part in one.attachments]
    return {one.value: say(one.label) for one in every} if found.kind.files else {}
