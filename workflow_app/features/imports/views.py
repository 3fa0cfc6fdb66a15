"""Pages of imports: choose, paste or upload a table, take the template, look through the words that the centre has explained."""

from __future__ import annotations

from flask import Response, flash, g, make_response, render_template, request
from flask_babel import gettext as _
from sqlalchemy import select

from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import ImportWord
from workflow_app.errors import N_
from workflow_app.features.imports import file_views, grid_views, later_papers, result_views, table_store
from workflow_app.features.imports.known_records import closed_lists
from workflow_app.features.imports.slice import ENTERERS, KEEPERS, crumbs, opened, page, slice_, steps
from workflow_app.features.imports.table_kinds import KINDS, MOST, Column, Kind
from workflow_app.files.read_table import Table
from workflow_app.files.write_table import write_template
from workflow_app.states import standings
from workflow_app.web import uploads
from workflow_app.web.file_answer import made
from workflow_app.web.formatting import say
from workflow_app.web.next_page import go
from workflow_app.web.page import GROUPS, Menu, Readers, may_open
from workflow_app.web.request_scope import here
from workflow_app.web.table_page import row_id

__all__ = ["file_views", "grid_views", "result_views", "slice_"]


@page("/imports", readers=ENTERERS, menu=Menu(80, N_("Импорт"), "upload", "centre"))
def index() -> str:
    """Choose what to bring in; find again the tables in which rows wait."""
    scope = here()
    mine = [one for one in KINDS.values() if may_open(Readers(roles=one.roles), scope)]
    office = standings.office(scope.me)
    lists = [one for one in CONTENT_TYPES.values() if not one.within and one.workflow.begin.by & office]
    grouped = [(title, [one for one in lists if one.group == group]) for group, title in GROUPS.items()]
    waiting = [
        (row, KINDS[row.kind], count)
        for row, count in table_store.waiting(scope.session, scope.me)
        if row.kind in KINDS
    ]
    drafts = [
        (row, KINDS[row.kind], count)
        for row, count in later_papers.tables(scope.session, scope.me)
        if row.kind in KINDS
    ]
    return render_template(
        "imports/index.html",
        kinds=mine,
        waiting=waiting,
        drafts=drafts,
        records=[(title, found) for title, found in grouped if found],
        explains=may_open(KEEPERS, scope),
    )


@page("/imports/<kind>", readers=ENTERERS, methods=("GET", "POST"), before=uploads.read_sent_table)
def table(kind: str) -> Response | str:
    """Take the table: pasted rows or a file. What was pasted stays on the page when it cannot be read."""
    one, scope = opened(kind), here()
    if request.method != "POST":
        return _table_page(one, "", [])
    found: Table | None = g.sent_table
    if found is None:
        return make_response(_table_page(one, request.form.get("rows", ""), [say(g.table_fault)]), 422)
    found = table_store.headings(found)
    faults = table_store.faults(one, found, table_store.learned_heads(scope.session, scope.me.municipality_id, one))
    if faults:
        return make_response(_table_page(one, table_text(found), [say(fault) for fault in faults]), 422)
    return go("imports.grid", kind=kind, id=table_store.keep(scope.session, scope.me, one, found).id)


def _table_page(kind: Kind, text: str, faults: list[str]) -> str:
    usual = [one for one in kind.columns if one.required or one.whole or one.help or one.example]
    return render_template(
        "imports/table.html", kind=kind, text=text, errors=[{"text": one, "target": "f-rows"} for one in faults], most=MOST,
        columns=usual, others=[one for one in kind.columns if one not in usual],
        wanted=[one.titles[0] for one in kind.columns if one.required and not one.whole],
        chosen=[one.titles[0] for one in kind.columns if one.required and one.whole],
        steps=steps(kind, 0), breadcrumbs=crumbs(kind),
    )  # fmt: skip


def table_text(found: Table) -> str:
    """Return a table as text with tabs; a line break inside a cell becomes a space, a quotation mark is doubled."""
    lines = (found.header, *(row.cells for row in found.rows))
    return "\n".join("\t".join(_cell(cell) for cell in line) for line in lines)


def _cell(cell: str) -> str:
    text = " ".join(cell.split())
    return '"' + text.replace('"', '""') + '"' if '"' in text else text


@page("/imports/<kind>/template", readers=ENTERERS)
def template(kind: str) -> Response:
    """Give an empty table with the headings and one example row."""
    one = opened(kind)
    columns = [each for each in one.columns if not each.other]
    heads = (_("Столбец"), _("Обязателен"), _("Что в нём стоит"), _("Как ещё может называться"))
    notes: list[tuple[str, ...]] = [
        (
            each.titles[0],
            _("да") if each.required else _("нет"),
            say(each.help) if each.help else "",
            ", ".join(each.titles[1:]),
        )
        for each in columns
    ]
    others = ", ".join(each.titles[0] for each in one.columns if each.other)
    said = _("Её можно удалить или оставить: она не записывается.")
    notes.append(
        (
            _("Строка примера"),
            "",
            f"{said} {_('Понимаются и столбцы: %(names)s.', names=others)}" if others else said,
            "",
        )
    )
    titles, example = [each.titles[0] for each in columns], [each.example for each in columns]
    body = write_template(titles, example, (_("Пояснения"), heads, notes), say(one.title))
    return made(body, f"{say(one.title)}: шаблон.xlsx")


@page("/imports/words", readers=KEEPERS, methods=("GET", "POST"))
def words() -> Response | str:
    """List what the words of tables mean in the centre; a POST forgets one."""
    scope = here()
    mine = select(ImportWord).where(ImportWord.municipality_id == scope.me.municipality_id)
    if request.method == "POST":
        row = scope.session.scalars(mine.where(ImportWord.id == row_id(request.form.get("forget", "")))).first()
        if row is not None:
            flash(_("Слово «%(word)s» забыто: в следующей таблице о нём спросят снова.", word=row.shown), "success")
            scope.session.delete(row)
        return go("imports.words")
    told = scope.session.scalars(mine.order_by(ImportWord.of_list, ImportWord.word)).all()
    places = {int(one.value) for one in told if one.of_list == "organizations" and one.value.isdecimal()}
    lists = closed_lists(scope.session, scope.me.municipality_id, places)
    rows = [_said(one, lists) for one in told]
    trail = [{"title": _("Импорт"), "url": grid_views.index_url()}, {"title": _("Слова"), "url": ""}]
    return render_template("imports/words.html", rows=rows, breadcrumbs=trail)


def _said(row: ImportWord, lists: dict[str, dict[str, str]]) -> dict[str, object]:
    """Return a word with the column that it stands in and what it means."""
    kind = KINDS.get(row.of_list.removeprefix("columns:"))
    if kind is not None:
        column = kind.column(row.value)
        return {"id": row.id, "word": row.shown, "where": _("заголовок столбца: %(kind)s", kind=say(kind.title)),
                "means": column.titles[0] if column else _("не нужен"), "at": row.at}  # fmt: skip
    column = _column(row.of_list)
    own = {one.value: say(one.label) for one in column.choices} if column else {}
    means = (lists.get(row.of_list) or own).get(row.value, row.value)
    return {
        "id": row.id,
        "word": row.shown,
        "where": column.titles[0] if column else row.of_list,
        "means": means,
        "at": row.at,
    }


def _column(of_list: str) -> Column | None:
    every = (column for kind in KINDS.values() for column in kind.columns)
    return next((one for one in every if of_list in (one.of_list, one.key)), None)
