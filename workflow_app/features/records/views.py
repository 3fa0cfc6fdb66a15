"""The pages of the content types, made for every kind alike: ``records.publication`` is the card, ``…_list`` the list, and so on."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from flask import Response, abort, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app import clock, gate
from workflow_app.content_types.behaviors import Files, IssueEach, Published
from workflow_app.content_types.declaration import ContentType
from workflow_app.content_types.registry import CONTENT_TYPES, parts_of
from workflow_app.db.keyset import Walk
from workflow_app.db.models import RECORDS, Municipality, Record
from workflow_app.errors import Invalid, NotYet
from workflow_app.facts import late_records
from workflow_app.facts.changes import changes
from workflow_app.facts.naming import position_of
from workflow_app.facts.pickers import referred
from workflow_app.facts.record_names import names_of
from workflow_app.facts.record_rows import row_of
from workflow_app.facts.subjects import facts_of
from workflow_app.features.records import (
    cells,
    files,
    open_pages,
    papers,
    part_views,
    reading,
    referring,
    table_rows,
    table_views,
)
from workflow_app.features.records.acts import acts_of, back_of, may_begin, page_of, remind, waits_of
from workflow_app.features.records.effects import doubts_of
from workflow_app.states import policy, standings
from workflow_app.states.actors import STRANGER
from workflow_app.states.forms import to_json
from workflow_app.states.vocabulary import Facts, Permission, Role, Who
from workflow_app.web import pickers, uploads
from workflow_app.web.form_layout import sections, summary, with_one_more
from workflow_app.web.formatting import say, zone
from workflow_app.web.forms import form_of, raw_of, show_problems
from workflow_app.web.next_page import go, go_to, safe_next
from workflow_app.web.page import ANYONE, LOGGED_IN, Menu, Readers, Slice, roles
from workflow_app.web.panels import panels
from workflow_app.web.request_scope import here
from workflow_app.web.table_page import EXPORT_MOST, Asked, asked, exported, exports, heading, stretch
from workflow_app.web.transition_view import act, autosaved, demand_sure, filled, offered, take_turn
from workflow_app.web.whole_lists import ticks_url, whole_list

slice_ = Slice("records")


def readers_of(kind: ContentType) -> tuple[Readers, Readers]:
    """Return who may open the pages of a kind, and who has it in the menu: those who see it by a role."""
    staff = LOGGED_IN
    if Who.MEMBER not in kind.seen:
        known = {**standings.STAFF, Who.SCHOOL_OFFICER: Role.SCHOOL_OFFICER}
        staff = roles(*sorted(role for word, role in known.items() if word in kind.seen))
    return (LOGGED_IN if kind.seen & standings.PERSONAL else staff), staff


def _asked(kind: ContentType) -> Asked:
    sort = kind.listing.sort
    filters = (*kind.listing.filters, "school_year", "due")
    what = asked(kind.sorts, sort.removeprefix("-"), filters, descending=sort.startswith("-"))
    return reading.meant(here().me, kind, what)


def listing(kind: ContentType) -> str:
    """List the records that the reader may see: search, filters, order and page stand in the address."""
    scope, what = here(), _asked(kind)
    found = reading.wanted(scope.session, scope.me, kind, what)
    total, order = found.count(scope.session), reading.order_of(kind, what)
    rows, pager = stretch(what, order, total, lambda walk: reading.read(scope.session, found, order, walk))
    names = names_of(scope.session, rows)
    today = clock.today(zone().key)
    columns = [*dict.fromkeys((*kind.listing.columns, "state"))]
    return render_template(
        "records/list.html", kind=kind, asked=what, total=total, page=pager, may_add=may_begin(kind),
        rows=[(one, [cells.cell(one, name, names) for name in columns]) for one in rows],
        columns=[_heading(kind, name, what) for name in columns], filters=_filters(kind, what),
        years=[(str(one.start), str(one)) for one in reading.years(scope.session, scope.me, kind, today)],
        exports=exports(f"records.{kind.key}_export"),
        bulk_url=ticks_url(kind.key) if any(one.bulk for one in kind.workflow.transitions.values()) else "",
        open_url=url_for(f"records.{kind.key}_open_list") if kind.behavior(Published) else "",
    )  # fmt: skip


def _all_found(kind: ContentType, most: int) -> Sequence[int]:
    """Return the found records in the order of the list."""
    scope, what = here(), _asked(kind)
    found = reading.wanted(scope.session, scope.me, kind, what)
    return [one.id for one in reading.read(scope.session, found, reading.order_of(kind, what), Walk(most))]


def _heading(kind: ContentType, name: str, what: Asked) -> dict[str, Any]:
    sort = "title" if name == kind.title else name
    return heading(what, cells.label_of(kind, name), sort if sort in kind.sorts else "")


def _filters(kind: ContentType, what: Asked) -> list[dict[str, Any]]:
    """Return the filters of the list, by closed lists and by search; the state stands first."""
    states = [(one.name, say(one.title)) for one in kind.workflow.states.values()]
    found = [
        {"name": "state", "label": _("Состояние"), "value": what.chosen.get("state", reading.LIVING),
         "choices": [(reading.LIVING, _("без архива")), *states, ("all", _("все"))]}
    ]  # fmt: skip
    scope = here()
    if late_records.has_filter(scope.me, kind):
        terms = [("", _("все")), (reading.OVERDUE, _("просрочено"))]
        found.append({"name": "due", "label": _("Срок"), "value": what.chosen.get("due", ""), "choices": terms})
    for name in kind.listing.filters:
        if name in kind.fields and kind.fields[name].refers:
            picker = referred(scope.session, scope.me, kind.fields[name].refers)
            found.append({"box": pickers.filter_box(name, cells.label_of(kind, name), picker)})
        elif name in kind.fields and (known := _closed(kind, name)):
            choices = [("", _("все")), *known]
            label = cells.label_of(kind, name)
            found.append({"name": name, "label": label, "value": what.chosen.get(name, ""), "choices": choices})
    return found


def _closed(kind: ContentType, name: str) -> list[tuple[str, str]]:
    """Return the values of a field that a list is filtered by, in words; of an optional one also that nothing stands there."""
    if kind.kind_of(name) is bool:
        return [("1", _("да")), ("0", _("нет"))]
    how = kind.fields[name]
    known = how.choices if isinstance(how.choices, tuple) else ()
    blank = [] if how.required or not known else [(reading.NONE, _("не указано"))]
    return [*((one.value, say(one.label)) for one in known), *blank]


def export(content: ContentType, kind: str) -> Response:
    """Give exactly what the list shows, every field in a column."""
    scope, what = here(), _asked(content)
    found = reading.wanted(scope.session, scope.me, content, what)
    rows = reading.read(scope.session, found, reading.order_of(content, what), Walk(EXPORT_MOST))
    names = names_of(scope.session, rows)
    columns = [*(("number",) if "number" in content.sorts else ()), *content.typed, "state"]
    header = [cells.label_of(content, name) for name in columns]
    lines = [[cells.cell(one, name, names).text.replace(cells.NOTHING, "") for name in columns] for one in rows]
    return exported(kind, header, lines, say(content.titles[1]))


def _open(kind: ContentType, id_: int) -> Record:
    scope = here()
    return gate.read(scope.session, scope.me, RECORDS[kind.key], id_)


def _whole_of(row: Record) -> Record | None:
    """Return the record on whose card a record stands: its whole, or itself; None where the reader may not see the whole."""
    scope, kind = here(), row.content
    if not kind.within:
        return row
    whole = scope.session.get_one(RECORDS[kind.within], row.within_id)
    return whole if gate.visible(scope.session, scope.me, whole) else None


def _crumbs(row: Record | None, kind: ContentType, *more: str) -> list[dict[str, str]]:
    top = CONTENT_TYPES[kind.within] if kind.within else kind
    steps = [(say(top.titles[1]), url_for(f"records.{top.key}_list"))]
    if row is not None:
        steps.append((_title(row), url_for(f"records.{top.key}", id=row.id)))
    return [{"title": title, "url": url} for title, url in (*steps, *((one, "") for one in more))]


def _title(row: Record) -> str:
    how = row.content.fields[row.content.title]
    names = names_of(here().session, [row]) if how.refers else {}
    return cells.cell(row, row.content.title, names).text


def card(kind: ContentType, id: int) -> str:
    """Show a record: its facts, its parts, what may be done, what was done."""
    scope = here()
    row = _open(kind, id)
    facts = facts_of(row, scope.session)
    names = names_of(scope.session, [row])
    history = policy.may(kind.workflow, scope.me, facts, Permission.SEE_HISTORY)
    return render_template(
        "records/card.html", kind=kind, row=row, title=_title(row), state=kind.workflow.state(row.state),
        facts=cells.facts_of(row, names), acts=acts_of(row, facts), parts=[part_views.panel(one, row, facts) for one in parts_of(kind.key)],
        summary=_summary(kind, facts), waits=waits_of(row, facts),
        room={"title": say(kind.room[1]), "url": url_for(kind.room[0], id=row.id)} if kind.room and row.state != "ended" else None,
        panels=[*(text for name in kind.panels for text in panels("record", name, row)), *referring.panels_of(row)],
        files=files.panel(row, facts), papers=papers.panel(row, facts), open_url=_open_url(row, facts),
        changes=changes(scope.session, row) if history else None, breadcrumbs=_crumbs(row, kind),
    )  # fmt: skip


def _summary(kind: ContentType, facts: Facts) -> list[str]:
    """Return the line below the title, for those to whom it tells nothing that they may not count."""
    told = not kind.summary_for or policy.stands(here().me, facts, *kind.summary_for)
    return [say(one) for one in kind.summary(facts)] if kind.summary and told else []


def _open_url(row: Record, facts: Facts) -> str:
    """Return the open address of a record that strangers see now; empty: they see none."""
    shown = policy.may(row.content.workflow, STRANGER, facts, Permission.SEE_PUBLISHED)
    return url_for(f"records.{row.kind}_open", id=row.id) if shown else ""


def oneself(kind: ContentType, whole: int) -> Response:
    """Begin a part for the reader with one press, of what their account says."""
    scope, how = here(), kind.oneself
    top = _open(CONTENT_TYPES[kind.within], whole)
    if how is None:
        abort(404)
    take_turn(top)
    person = scope.who
    told = {
        how.person: person.id, how.name: person.full_name, how.organization: person.organization_id,
        how.position: position_of(person.position).n,
    }  # fmt: skip
    try:
        sheet = kind.sheet(**{name: value for name, value in told.items() if name in kind.fields})
        with scope.session.begin_nested():
            row = gate.begin(scope.session, scope.me, row_of(kind, top.municipality_id, sheet, top), sheet)
    except Invalid:  # a list of a school may have entered the same name, without the account
        if part_views.is_in(kind, top):
            flash(_("Вы уже в этом списке."), "info")
        else:
            flash(
                _(
                    "В списке уже есть человек с вашим именем. Если это не вы или вам нужна справка, напишите координатору."
                ),
                "danger",
            )
    except NotYet as error:
        flash(say(error.sentence), "danger")
    else:
        flash(say(kind.workflow.state(row.state).title), "success")
    return go(f"records.{top.kind}", id=top.id)


def new(kind: ContentType, whole: int | None = None) -> Response | str:
    """Begin a record; what was typed stays when it is refused."""
    scope = here()
    top = _open(CONTENT_TYPES[kind.within], whole) if whole is not None else None
    if not may_begin(kind):  # a form refused would offer its reader whom the fields may name
        abort(403)
    lists = reading.lists_of(scope.session, scope.me, kind)
    if request.method != "POST":
        rows: dict[str, Any] = {name: [{}] * 3 for name in kind.typed if table_rows.rows_of(kind, name)}
        own = {kind.school: scope.me.organization_id} if reading.of_own_school(scope.me, kind) else {}
        told = {name: request.args[name] for name in kind.typed if name in request.args}  # where a page leads here
        return _new_page(kind, top, form_of(kind.sheet, lists, {**kind.usual, **rows, **own, **told}))
    raw = raw_of(request.form, kind.sheet)
    if field := request.form.get("add"):  # one row more, without a script
        return _new_page(kind, top, form_of(kind.sheet, lists, with_one_more(raw, field)))
    take_turn(
        top or scope.session.get_one(Municipality, scope.me.municipality_id)
    )  # of two presses the second finds the first
    try:
        sheet = filled(kind.sheet, raw, lists)
        row = row_of(kind, scope.me.municipality_id, sheet, top)
        demand_sure(doubts_of(scope.session, row))
        with scope.session.begin_nested():
            gate.begin(scope.session, scope.me, row, sheet)
    except Invalid as error:
        form = form_of(kind.sheet, lists, raw)
        show_problems(form, error.problems)
        return make_response(_new_page(kind, top, form), 422)
    flash(_("Запись добавлена."), "success")
    shown = top or row
    return go(f"records.{shown.kind}", id=shown.id)


def _new_page(kind: ContentType, top: Record | None, form: Any) -> str:
    back = url_for(f"records.{top.kind}", id=top.id) if top is not None else url_for(f"records.{kind.key}_list")
    return render_template(
        "records/new.html", kind=kind, parts=sections(form, kind.sheet), errors=summary(form), back=back,
        breadcrumbs=_crumbs(top, kind, say(kind.titles[2])),
    )  # fmt: skip


def table(kind: ContentType, whole: int | None = None) -> Response | str:
    """Begin many records from a table, or many parts of one record."""
    top = _open(CONTENT_TYPES[kind.within], whole) if whole is not None else None
    if not may_begin(kind):
        abort(403)
    back = url_for(f"records.{top.kind}", id=top.id) if top is not None else url_for(f"records.{kind.key}_list")
    return table_views.show(kind, top, back, _crumbs(top, kind, _("Загрузить списком")))


def change(kind: ContentType, id: int, name: str) -> Response | str:
    """Do one act on a record: the form has what the record holds now."""
    scope = here()
    row = _open(kind, id)
    if name in kind.pages:
        return go_to(page_of(row, name), 302)
    if request.method == "POST" and not kind.within and any(how.unique for how in kind.fields.values()):
        take_turn(scope.session.get_one(Municipality, row.municipality_id))  # two records never get one name at once
    shown = _whole_of(row)
    lists = reading.lists_of(scope.session, scope.me, kind, row)
    start = {name: table_rows.whole_rows(kind, name, one) for name, one in to_json(kind.sheet(**row.values)).items()}
    start |= {name: f"{one.normalize():f}" for name, one in row.values.items() if isinstance(one, Decimal)}
    known = kind.workflow.transitions.get(name)
    back = safe_next(request.form.get("next"), back_of(kind, shown))
    if request.method == "POST" and (reminded := remind(row, name, back)) is not None:
        return reminded
    context = {
        "breadcrumbs": _crumbs(shown, kind, say(known.title) if known else ""),
        "autosave_url": url_for(f"records.{kind.key}_keep", id=id, name=name),
    } | files.to_read(row, shown, known)  # fmt: skip
    if kind.answers and name == kind.answers.act and shown is not None:
        own = part_views.answering(row, shown)
        return act(row, name, lists=lists, back=back, **own | {"context": context | own["context"]})
    done = papers.ordered if known and issubclass(known.asks, IssueEach) else None
    return act(row, name, lists=lists, back=back, start=start, context=context, done=done)


def keep(kind: ContentType, id: int, name: str) -> Response:
    """Keep what is being typed into the form of an act (decisions.md 3)."""
    row = _open(kind, id)
    take_turn(row)
    asks, shown = offered(row, name).transition.asks, _whole_of(row)
    if kind.answers and name == kind.answers.act and shown is not None:
        asks = part_views.answering(row, shown)["made"].asks
    return autosaved(row, name, asks)


def _top(kind: ContentType, whole: int) -> Record:
    """Return the whole of parts that the present person may begin."""
    if not may_begin(kind):
        abort(403)
    return _open(CONTENT_TYPES[kind.within], whole)


def many(kind: ContentType, whole: int) -> Response | str:
    """Begin many parts at once."""
    top = _top(kind, whole)
    back = url_for(f"records.{top.kind}", id=top.id)
    return part_views.many(kind, top, back, _crumbs(top, kind, _("Добавить сразу многих")))


def export_parts(content: ContentType, whole: int, kind: str) -> Response:
    """Give the parts of a record as a table."""
    return part_views.export(content, _open(CONTENT_TYPES[content.within], whole), kind)


def _declare(kind: ContentType) -> None:
    """Declare the pages of one kind; a part has no list and no card of its own."""
    readers, staff = readers_of(kind)
    path = kind.path

    def page(rule: str, name: str, view: Callable[..., Any], *methods: str, **more: Any) -> None:
        bound = functools.partial(view, kind)
        slice_.page(rule, readers=readers, methods=methods or ("GET",), name=name, **more)(bound)

    if not kind.within:
        menu = None if kind.front else Menu(40, kind.titles[1], kind.icon, kind.group, staff, kind.aside)
        page(path, f"{kind.key}_list", listing, menu=menu)
        whole_list(kind.key, f"records.{kind.key}_list", kind.key)(functools.partial(_all_found, kind))
        page(f"{path}/export.<any(csv, xlsx):kind>", f"{kind.key}_export", export)
        page(f"{path}/<int:id>", kind.key, card)
        page(f"{path}/new", f"{kind.key}_new", new, "GET", "POST")
        page(f"{path}/table", f"{kind.key}_table", table, "GET", "POST", before=uploads.read_sent_table)
    else:
        page(f"{path}/new/<int:whole>", f"{kind.key}_new", new, "GET", "POST")
        page(f"{path}/table/<int:whole>", f"{kind.key}_table", table, "GET", "POST", before=uploads.read_sent_table)
        page(f"{path}/of/<int:whole>/export.<any(csv, xlsx):kind>", f"{kind.key}_export", export_parts)
        if kind.many:
            page(f"{path}/many/<int:whole>", f"{kind.key}_many", many, "GET", "POST")
        if kind.oneself is not None:
            page(f"{path}/oneself/<int:whole>", f"{kind.key}_oneself", oneself, "POST")
    if kind.behavior(Files):
        page(f"{path}/<int:id>/files", f"{kind.key}_files", files.page)
        received = functools.partial(files.receive, kind)
        page(f"{path}/<int:id>/files", f"{kind.key}_attach", files.upload, "POST", before=received)
    if kind.behavior(Published):
        _declare_open(kind)
    page(f"{path}/table.xlsx", f"{kind.key}_template", table_views.template)
    page(f"{path}/<int:id>/do/<name>", f"{kind.key}_act", change, "GET", "POST")
    page(f"{path}/<int:id>/do/<name>/keep", f"{kind.key}_keep", keep, "POST")


def _declare_open(kind: ContentType) -> None:
    """Declare the open pages of a kind: they stand apart from the others, and everybody may open them."""
    path = f"/open/{kind.key.replace('_', '-')}"
    for rule, name, view in (
        ("", "open_list", open_pages.listing),
        ("/<int:id>", "open", open_pages.card),
        ("/<int:id>/files/<int:file>", "open_file", open_pages.file),
    ):
        bound: Callable[..., Any] = functools.partial(view, kind)
        slice_.page(f"{path}{rule}", readers=ANYONE, name=f"{kind.key}_{name}")(bound)


for _kind in CONTENT_TYPES.values():
    _declare(_kind)
