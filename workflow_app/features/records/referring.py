"""What refers to a record: the records of other kinds that name it, as its card shows them to who may see them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select

from workflow_app import gate
from workflow_app.content_types.declaration import ContentType
from workflow_app.content_types.meeting import DEFENCE
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db import counts
from workflow_app.db.models import RECORDS, Case, Record
from workflow_app.facts.involvement import of_the_centre
from workflow_app.facts.record_names import names_of, titles_of
from workflow_app.facts.standings import visible
from workflow_app.facts.succession import linked
from workflow_app.features.records.acts import may_begin
from workflow_app.features.records.cells import cell, label_of
from workflow_app.states.definitions.case.guards import BEFORE_APPROVAL
from workflow_app.states.vocabulary import Permission
from workflow_app.web.formatting import say
from workflow_app.web.panels import Shown, listed, panel
from workflow_app.web.request_scope import here

_MOST = 10
_TELLING = 3  # columns that tell apart what has no name of its own


def panels_of(row: Record) -> Iterator[str]:
    """Yield a list for each field of another kind that names the record, the newest first."""
    for kind in CONTENT_TYPES.values():
        for name, how in kind.fields.items():
            if how.refers == row.kind and kind.kind_of(name) is int:
                yield _succession(row) if kind.key == row.kind else _list(kind, name, row)


def _succession(row: Record) -> str:
    """Return what came before a record of its kind and after it, the oldest first: editions of an act, repetitions of a survey."""
    scope, kind, model = here(), row.content, RECORDS[row.kind]
    ids = linked(scope.session, row)
    if len(ids) == 1:
        return ""
    day = kind.listing.sort.removeprefix("-")
    seen = visible(scope.me, Permission.VIEW, model).condition
    found = scope.session.scalars(
        select(model).where(model.id.in_(ids), seen).order_by(getattr(model, day), model.id)
    ).all()
    titles, names = titles_of(scope.session, found), names_of(scope.session, found)
    lines = [
        [
            Shown(
                titles[one] if one is not row else _("%(title)s (эта запись)", title=titles[one]),
                "" if one is row else _card_of(one),
            ),
            Shown(cell(one, day, names).text),
            Shown(say(state.title), tone=state.tone),
        ]
        for one in found
        for state in (kind.workflow.state(one.state),)
    ]
    columns = [say(kind.titles[0]), label_of(kind, day), _("Состояние")]
    return listed("succession", _("Что было до и после"), columns, lines, len(found))


def _card_of(row: Record) -> str:
    return url_for(f"records.{row.kind}", id=row.id)


@panel("case", tab="show", order=60)
def defences_of(case: Case) -> str:
    """Show the meetings about a case of the centre's own programme; to who keeps meetings where the defence is entered, if none is."""
    if not of_the_centre(case):
        return ""
    kind = CONTENT_TYPES["meeting"]
    shown = _list(kind, "case_id", case)
    if shown or case.state not in BEFORE_APPROVAL or not may_begin(kind):
        return shown
    url = url_for(f"records.{kind.key}_new", case_id=case.id, form=DEFENCE)
    return render_template("records/no_defence.html", url=url)


def _list(kind: ContentType, name: str, row: Record | Case) -> str:
    scope, model = here(), RECORDS[kind.key]
    # few name one record: they are found by the index of the field, and sorted
    seen = visible(scope.me, Permission.VIEW, model).condition
    mine = select(model).where(getattr(model, name) == row.id, seen)
    found = scope.session.scalars(mine.order_by(*_newest(kind)).limit(_MOST)).all()
    if not found:
        return ""
    shown = [_whole_of(one) for one in found]
    own = titles_of(scope.session, found)
    titles = own | titles_of(scope.session, [one for one in shown if one is not None])
    # what is called as the record itself is told apart by its other columns; a part has a name of its own besides
    same = kind.fields[kind.title].refers == row.kind
    telling = (
        tuple(one for one in kind.listing.columns if one != kind.title)[:_TELLING] if same and not kind.within else ()
    )
    names = names_of(scope.session, found, *telling) if telling else {}
    lines = [
        [
            *_linked([cell(one, field, names).text for field in telling] or [titles[top]], _card_of(top)),
            *([Shown(own[one])] if kind.within and not same else []),
            Shown(say(state.title), tone=state.tone),
        ]
        for one, top in zip(found, shown, strict=True)
        if top is not None
        for state in (kind.workflow.state(one.state),)
    ]
    columns = [
        *([label_of(kind, field) for field in telling] or [say(CONTENT_TYPES[kind.within or kind.key].titles[0])]),
        *([label_of(kind, kind.title)] if kind.within and not same else []),
        _("Состояние"),
    ]
    filtered: dict[str, Any] = {name: row.id}
    has_list = name in kind.listing.filters and not kind.within
    url = url_for(f"records.{kind.key}_list", **filtered) if has_list else ""
    total = counts.count(scope.session, mine.with_only_columns(model.id))
    return listed(kind.key, say(kind.titles[1]), columns, lines, total, url)


def _newest(kind: ContentType) -> tuple[ColumnElement[Any], ...]:
    """Return the order of such a list: by the day or year by which the list of the kind has its newest first, else as begun."""
    model, sort = RECORDS[kind.key], kind.listing.sort
    by = sort.removeprefix("-")
    dated = (getattr(model, by).desc().nulls_last(),) if sort.startswith("-") and by in kind.fields else ()
    return (*dated, model.id.desc())


def _linked(words: Sequence[str], url: str) -> list[Shown]:
    return [Shown(one, "" if at else url) for at, one in enumerate(words)]


def _whole_of(row: Record) -> Record | None:
    """Return the record that has a card: a part's whole, where the reader may see it."""
    scope = here()
    if not row.content.within:
        return row
    whole = scope.session.get_one(RECORDS[row.content.within], row.within_id)
    return whole if gate.visible(scope.session, scope.me, whole) else None
