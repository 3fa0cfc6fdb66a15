"""Parts of a record: how its card shows them, many begun at once, all of them as a file, the form by which one answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import false, func, select

from workflow_app import gate
from workflow_app.content_types.answers import form_for, key_of, told_by, typed_again
from workflow_app.content_types.declaration import ContentType, many_of
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.keyset import Order, Walk
from workflow_app.db.keyset import rows as rows_of
from workflow_app.db.models import RECORDS, Record
from workflow_app.errors import N_, Invalid, NotYet
from workflow_app.facts import pickers
from workflow_app.facts.record_names import names_of, title_of, titles_of
from workflow_app.facts.record_rows import row_of
from workflow_app.facts.standings import Visible
from workflow_app.facts.subjects import facts_within
from workflow_app.features.records import cells, files, papers, reading
from workflow_app.features.records.acts import acts_of, may_begin
from workflow_app.states import policy
from workflow_app.states.forms import Choice, Lists, Sheet, fill, to_json
from workflow_app.states.vocabulary import Facts, Who
from workflow_app.web import deadline_words
from workflow_app.web.form_layout import sections, summary
from workflow_app.web.formatting import say, short_day
from workflow_app.web.forms import form_of, raw_of, show_problems
from workflow_app.web.next_page import go_to
from workflow_app.web.request_scope import here
from workflow_app.web.table_page import exported, exports, pages_of
from workflow_app.web.transition_view import Made, filled, take_turn

_ALL = "all"
_MOST = 300  # ticks on one page, more than a municipality has organisations: each is an event under the writer's lock


def panel(kind: ContentType, whole: Record, facts: Facts) -> dict[str, Any]:
    """Return what the card shows of one kind of parts: a page of those that the reader may see, each with its acts."""
    scope = here()
    seen = reading.parts_of(scope.me, kind, whole)
    total = reading.how_many(scope.session, seen)
    pager = pages_of(f"page-{kind.key}", total)
    rows = reading.in_turn(scope.session, seen, pager)
    found = [(row, facts_within(row, scope.session, facts)) for row in rows]
    names = names_of(scope.session, rows)
    attached = files.links(rows)
    issued = papers.links([row for row, own in found if papers.may_read(row, own)])
    columns, spread = columns_of(kind), spread_of(kind, whole)
    takes = all(one.test(facts) for one in kind.workflow.begin.when if one.of_whole)
    may_add = may_begin(kind) and whole.state != "ended" and takes
    mine = _mine(kind, whole)
    own_alone = kind.oneself is not None and not may_add and len(mine) == total
    return {
        "kind": kind, "columns": [*(cells.label_of(kind, one) for one in columns), *spread.questions],
        "title": kind.oneself.mine if kind.oneself and own_alone else kind.titles[1],
        "lines": [
            (
                [*(cells.cell(row, name, names) for name in columns), *spread.cells(row)],
                acts_of(row, own),
                [*issued.get(row.id, ()), *attached.get(row.id, ())],
            )
            for row, own in found
        ],
        "total": total, "page": pager, "own": own_alone and any(one.state != "ended" for one in mine),
        "exports": exports(f"records.{kind.key}_export", whole=whole.id) if total and not own_alone else [],
        "many_url": url_for(f"records.{kind.key}_many", whole=whole.id) if may_add and kind.many else "",
        "oneself": None if may_add else _oneself_of(kind, whole, facts, mine),
        "new_url": url_for(f"records.{kind.key}_new", whole=whole.id) if may_add else "",
        "table_url": url_for(f"records.{kind.key}_table", whole=whole.id) if may_add else "",
    }  # fmt: skip


def _mine(kind: ContentType, whole: Record) -> Sequence[Record]:
    """Return the parts of a whole in which the reader is named as themselves."""
    if kind.oneself is None:
        return ()
    model = RECORDS[kind.key]
    person = getattr(model, kind.oneself.person)
    return here().session.scalars(select(model).where(model.within_id == whole.id, person == here().who.id)).all()


def is_in(kind: ContentType, whole: Record) -> bool:
    """Whether the reader has a living part of their own there."""
    return any(one.state != "ended" for one in _mine(kind, whole))


def _oneself_of(kind: ContentType, whole: Record, facts: Facts, mine: Sequence[Record]) -> dict[str, Any] | None:
    """Return how the reader begins a part for themselves, or why not now; None where that is not theirs, or they are in one already."""
    scope = here()
    if kind.oneself is None or whole.state == "ended" or any(one.state != "ended" for one in mine):
        return None
    standing = Who(kind.fields[kind.oneself.person].stands)
    asked = Facts(
        kind.workflow.initial, facts.now, facts.today, facts.municipality_id, root=facts, standings={standing: frozenset({scope.who.id})}
    )  # fmt: skip
    if not policy.may_begin(kind.workflow, scope.me, asked):
        return None
    obstacles = policy.begin_obstacles(kind.workflow, scope.me, asked)
    url = url_for(f"records.{kind.key}_oneself", whole=whole.id)
    return {"verb": say(kind.oneself.verb(facts)), "url": url, "obstacles": [say(one) for one in obstacles]}


def many(kind: ContentType, top: Record, back: str, crumbs: Sequence[Mapping[str, str]]) -> Response | str:
    """Begin a part for each of those who are ticked, or for all of a group; whoever is there already is not offered."""
    scope, sheet = here(), many_of(kind)
    take_turn(top)
    group = request.form.get("group", "")
    offered = _offered(kind, top, "" if group == _ALL else group)
    lists = {**reading.lists_of(scope.session, scope.me, kind), "many": offered}
    form = form_of(sheet, lists, {})
    status = 200
    if request.method == "POST":
        raw = raw_of(request.form, sheet)
        if group:
            raw[kind.many] = [one.value for one in offered]
        form, status = form_of(sheet, lists, raw), 422
        try:
            count = _begin_each(kind, top, filled(sheet, raw, lists), lists)
        except Invalid as error:
            show_problems(form, error.problems)
        except NotYet as error:
            show_problems(form, {"": error.obstacles})
        else:
            flash(_("Добавлено: %(n)s.", n=count), "success")
            return go_to(back)
    page = render_template(
        "records/many.html", kind=kind, parts=sections(form, sheet), errors=summary(form), back=back, breadcrumbs=crumbs,
        groups=_groups(kind, top), most=_MOST if len(offered) == _MOST else 0, limit=_MOST,
    )  # fmt: skip
    return make_response(page, status)


def _may(kind: ContentType, top: Record) -> tuple[Visible, ContentType | None]:
    """Return who may be chosen and is not there yet, and their kind where it is declared."""
    scope, model, refers = here(), RECORDS[kind.key], kind.fields[kind.many].refers
    there = select(getattr(model, kind.many)).where(model.within_id == top.id, model.state != "ended")
    may = pickers.referred(scope.session, scope.me, refers).rows
    return may.among(may.of.id.not_in(there)), CONTENT_TYPES.get(refers)


def _offered(kind: ContentType, top: Record, group: str = "") -> list[Choice]:
    """Return the first whom the ticks offer, by name; of a ``group`` these alone."""
    may, theirs = _may(kind, top)
    name, _known = _group_of(theirs)
    only = may.among(getattr(may.of, name) == group if name else false()) if group else may
    order = Order(may.of, ("title_order" if theirs else "name_order",))
    found = here().session.scalars(rows_of(only.page(select(may.of), order, Walk(_MOST)), order)).unique()
    return [Choice(str(one.id), N_(title_of(one))) for one in found]


def _group_of(kind: ContentType | None) -> tuple[str, tuple[Choice, ...]]:
    """Return by what those who may be chosen are taken together: the field with a closed list that their own list is filtered by."""
    for name in kind.listing.filters if kind else ():
        known = kind.fields[name].choices if kind and name in kind.fields else ()
        if isinstance(known, tuple) and known:
            return name, known
    return "", ()


def _groups(kind: ContentType, top: Record) -> list[tuple[str, str, int]]:
    """Return the buttons that take a whole group: its value, its words, how many are in it."""
    session = here().session
    may, theirs = _may(kind, top)
    every = may.count(session)
    found = [(_ALL, str(_("Все")), every)] if every else []
    name, known = _group_of(theirs)
    if name:
        field = getattr(may.of, name)
        rows = session.execute(select(field, func.count()).where(may.condition).group_by(field))
        many = {str(value): int(n) for value, n in rows}
        found += [(one.value, say(one.label), many[one.value]) for one in known if one.value in many]
    return found


def _begin_each(kind: ContentType, top: Record, sheet: Sheet, lists: Lists) -> int:
    scope, told = here(), to_json(sheet)
    with gate.together(scope.session):
        for value in told[kind.many]:
            asked = fill(kind.sheet, told | {kind.many: value}, lists)
            gate.begin(scope.session, scope.me, row_of(kind, top.municipality_id, asked, top), asked)
    return len(told[kind.many])


@dataclass(frozen=True, slots=True)
class Spread:
    """The columns of what the parts answer: the questions of their whole, and the answers of a part in words."""

    asked: Sequence[Mapping[str, Any]] = ()

    @property
    def questions(self) -> tuple[str, ...]:
        """The words above the columns."""
        return tuple(one["name"] for one in self.asked)

    def cells(self, row: Record) -> list[cells.Cell]:
        """Return the answers of a part in the order of the questions."""
        told = (row.values.get(row.content.answers.told) if row.content.answers else None) or {}
        return [cells.Cell(one["name"], _said(one, told.get(key_of(one), "")) or cells.NOTHING) for one in self.asked]


def _said(question: Mapping[str, Any], value: str) -> str:
    if value and question["held"] == "date":
        with suppress(ValueError):  # the question was of another kind when it was answered
            return short_day(date.fromisoformat(value))
    return value


def spread_of(kind: ContentType, whole: Record) -> Spread:
    """Return the columns that the questions of a whole give to its parts; none where nothing is asked."""
    return Spread(getattr(whole, kind.answers.asked) if kind.answers else ())


def columns_of(kind: ContentType) -> list[str]:
    """Return the columns of a list of parts on the card of their whole."""
    return [*dict.fromkeys((*kind.listing.columns, "state"))]


def export(content: ContentType, top: Record, kind: str) -> Response:
    """Give the parts that the reader sees as a table: what the card shows, every typed field and every answer."""
    scope = here()
    rows = reading.in_turn(scope.session, reading.parts_of(scope.me, content, top))
    names, spread = names_of(scope.session, rows), spread_of(content, top)
    columns = [*dict.fromkeys((*content.typed, "state"))]
    header = [*(cells.label_of(content, one) for one in columns), *spread.questions]
    lines = [
        [one.text.replace(cells.NOTHING, "") for one in (*(cells.cell(row, name, names) for name in columns), *spread.cells(row))]
        for row in rows
    ]  # fmt: skip
    return exported(kind, header, lines, say(content.titles[1]))


def answering(row: Record, whole: Record) -> dict[str, Any]:
    """Return what the page of the answering act needs beside that of any act: the form of the questions, what stands already."""
    kind, scope = row.content, here()
    how = kind.answers
    if how is None:
        return {}
    asked, told = getattr(whole, how.asked), getattr(row, how.told) or {}

    def made(sheet: Sheet) -> Sheet:
        act = kind.workflow.transition(how.act).asks
        return act(**{how.told: told_by(asked, sheet, told)})

    titles = titles_of(scope.session, [whole, row])
    context = {
        "whole_title": titles[whole], "organization": titles[row], "what": getattr(whole, how.what), "drafts": True,
        "due": deadline_words.shown(row.municipality_id, whole.values.get("until"), whose=deadline_words.YOURS),
        "remark": row.values.get("remark") if row.state == "returned" else "",
    }  # fmt: skip
    return {
        "made": Made(form_for(asked), made), "start": typed_again(asked, told), "context": context,
        "template": "records/answer.html",
    }  # fmt: skip
