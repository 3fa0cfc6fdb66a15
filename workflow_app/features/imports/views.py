"""Pages of imports: choose, paste or upload, look at what would become of each row, confirm, see what was entered.

Between the steps the table stands on the server as a working copy of the person, not in hidden fields.
"""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.errors import N_, Sentence
from workflow_app.features.imports import draft_table
from workflow_app.features.imports.apply_rows import Failed, enter
from workflow_app.features.imports.check_rows import Line, check
from workflow_app.features.imports.known_records import known
from workflow_app.features.imports.table_kinds import KINDS, MOST, Kind
from workflow_app.files.file_names import content_disposition
from workflow_app.files.read_table import Table
from workflow_app.files.table_columns import Match, match_columns
from workflow_app.files.write_table import write_template
from workflow_app.states import standings
from workflow_app.states.vocabulary import Role
from workflow_app.web import uploads
from workflow_app.web.formatting import say
from workflow_app.web.page import Menu, Readers, Slice, may_open, roles
from workflow_app.web.request_scope import here

slice_ = Slice("imports")
page = slice_.page

KEEPERS = roles(Role.ADMIN, Role.COORDINATOR)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_STEPS = (N_("Таблица"), N_("Проверка"), N_("Готово"))


def _open(kind: str) -> Kind:
    """Return a kind of import that the person may do; 404 for what does not exist or is not theirs."""
    found = KINDS.get(kind)
    if found is None or not may_open(Readers(roles=found.roles), here()):
        abort(404)
    return found


@page("/imports", readers=KEEPERS, menu=Menu(80, N_("Импорт"), "upload", "centre"))
def index() -> str:
    """Choose what to bring in."""
    mine = [one for one in KINDS.values() if may_open(Readers(roles=one.roles), here())]
    office = standings.office(here().me)
    records = [one for one in CONTENT_TYPES.values() if not one.within and one.workflow.begin.by & office]
    return render_template(
        "imports/index.html", kinds=mine, waiting={one.key: draft_table.kept(one) for one in mine}, records=records
    )  # fmt: skip


@page("/imports/<kind>", readers=KEEPERS, methods=("GET", "POST"), before=uploads.read_sent_table)
def table(kind: str) -> Response | str:
    """Take the table: pasted rows or a file. What was pasted stays on the page when it cannot be read."""
    one = _open(kind)
    if request.method != "POST":
        copy = draft_table.kept(one)
        return _table_page(one, draft_table.as_text(copy) if copy else "", [])
    found: Table | None = g.sent_table
    if found is None:
        return make_response(_table_page(one, request.form.get("rows", ""), [say(g.table_fault)]), 422)
    match = match_columns(found.header, one.wanted, one.optional)
    faults = _faults(found, match)
    if faults:
        return make_response(_table_page(one, draft_table.table_text(found), faults), 422)
    draft_table.keep(one, found)
    return _go("imports.preview", kind)


def _faults(found: Table, match: Match) -> list[str]:
    faults: list[Sentence] = [*match.missing]
    if faults and not match.columns:
        faults = [N_("Первой строкой таблицы должны стоять заголовки столбцов: возьмите их из шаблона."), *faults]
    if len(found.rows) > MOST:
        faults.append(N_("Строк %(have)s, за один раз можно не больше %(most)s.", have=len(found.rows), most=MOST))
    return [say(one) for one in faults]


def _table_page(kind: Kind, text: str, faults: list[str]) -> str:
    return render_template(
        "imports/table.html", kind=kind, text=text, errors=[{"text": one, "target": "f-rows"} for one in faults], most=MOST,
        steps=_steps(kind, 0), breadcrumbs=_crumbs(kind),
    )  # fmt: skip


def _steps(kind: Kind, now: int) -> list[dict[str, str]]:
    urls = (url_for("imports.table", kind=kind.key), url_for("imports.preview", kind=kind.key) if now else "", "")
    states = ["done" if number < now else "current" if number == now else "ahead" for number in range(len(_STEPS))]
    over = now == len(_STEPS) - 1
    return [
        {"title": say(title), "url": "" if over else url, "state": state}
        for title, url, state in zip(_STEPS, urls, states, strict=True)
    ]


def _crumbs(kind: Kind) -> list[dict[str, str]]:
    return [{"title": _("Импорт"), "url": url_for("imports.index")}, {"title": say(kind.title), "url": ""}]


@page("/imports/<kind>/template", readers=KEEPERS)
def template(kind: str) -> Response:
    """Give an empty table with the headings and one example row."""
    one = _open(kind)
    heads = (_("Столбец"), _("Обязателен"), _("Что в нём стоит"), _("Как ещё может называться"))
    notes: list[tuple[str, ...]] = [
        (
            each.titles[0],
            _("да") if each.required else _("нет"),
            say(each.help) if each.help else "",
            ", ".join(each.titles[1:]),
        )
        for each in one.columns
    ]
    notes.append((_("Строка примера"), "", _("Её можно удалить или оставить: она не записывается."), ""))
    titles, example = [each.titles[0] for each in one.columns], [each.example for each in one.columns]
    body = write_template(titles, example, (_("Пояснения"), heads, notes), say(one.title))
    answer = make_response(body)
    answer.mimetype = _XLSX
    answer.headers["Content-Disposition"] = content_disposition(f"{say(one.title)}: шаблон.xlsx", inline=False)
    return answer


@page("/imports/<kind>/check", readers=KEEPERS, methods=("GET", "POST"))
def preview(kind: str) -> Response | str:
    """Show what each row would become; a POST enters all of them, or none."""
    one, scope = _open(kind), here()
    copy = draft_table.kept(one)
    if copy is None:
        flash(_("Таблицы для проверки нет: вставьте её заново."), "info")
        return _go("imports.table", kind)
    found = draft_table.restored(copy)
    match = match_columns(found.header, one.wanted, one.optional)
    lines = check(one, found.rows, match.columns, known(scope.session, scope.me))
    if request.method != "POST":
        return _preview_page(one, match, lines, copy.saved_at.isoformat())
    fault = _unfit(lines, copy.saved_at.isoformat())
    if fault is None:
        try:
            entered = enter(scope.session, scope.me, one, lines)
        except Failed as error:
            error.line.wrong("", error.sentence)
            fault = say(
                N_("Строка %(n)s не прошла: %(why)s Ничего не записано.", n=error.line.number, why=error.sentence)
            )
        else:
            draft_table.finish(one, copy, entered, sum(line.double for line in lines))
            return _go("imports.done", kind)
    return make_response(_preview_page(one, match, lines, copy.saved_at.isoformat(), fault), 409)


def _unfit(lines: list[Line], stamp: str) -> str | None:
    """Say why the table cannot be entered as the person saw it; None when it can."""
    if request.form.get("seen") != stamp:
        return say(
            N_(
                "Пока страница была открыта, таблицу заменили в другом окне. Ничего не записано: проверьте строки ещё раз."
            )
        )
    wrong = sum(bool(line.problems) for line in lines)
    if wrong:
        return say(N_("Строк с ошибками: %(n)s. Ничего не записано.", n=wrong))
    if not any(line.is_ready for line in lines):
        return say(N_("Записывать нечего: все строки пропускаются."))
    return None


def _preview_page(kind: Kind, match: Match, lines: list[Line], stamp: str, fault: str | None = None) -> str:
    columns = [one for one in kind.columns if one.key in match.columns]
    wrong = [line for line in lines if line.problems]
    return render_template(
        "imports/preview.html", kind=kind, columns=columns, lines=lines, wrong=wrong, fault=fault, seen=stamp,
        ready=sum(line.is_ready for line in lines), doubles=sum(line.double for line in lines),
        unused=[say(one) for one in (*match.unknown, *match.repeated)], steps=_steps(kind, 1), breadcrumbs=_crumbs(kind),
    )  # fmt: skip


@page("/imports/<kind>/done", readers=KEEPERS)
def done(kind: str) -> Response | str:
    """List what the last import entered, with links."""
    one = _open(kind)
    copy = draft_table.finished(one)
    if copy is None:
        return _go("imports.table", kind)
    rows: list[dict[str, Any]] = draft_table.entered(copy)
    return render_template(
        "imports/done.html",
        kind=one,
        rows=rows,
        skipped=copy.data.get("skipped", 0),
        at=copy.saved_at,
        steps=_steps(one, 2),
        breadcrumbs=_crumbs(one),
    )


@page("/imports/<kind>/forget", readers=KEEPERS, methods=("POST",))
def forget(kind: str) -> Response:
    """Drop the table: nothing of it was entered."""
    draft_table.drop(_open(kind))
    flash(_("Таблица убрана, ничего не записано."), "info")
    return _go("imports.index")


def _go(endpoint: str, kind: str = "") -> Response:
    values: dict[str, Any] = {"kind": kind} if kind else {}
    return redirect(url_for(endpoint, **values), code=303)  # type: ignore[return-value]  # werkzeug's response class
