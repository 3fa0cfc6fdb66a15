"""The expert's list: own assignments, the newest first, with the proof of work done as a table to take away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Response, render_template
from flask_babel import gettext as _
from sqlalchemy import Select, false, or_

from workflow_app.case_types.registry import CASE_TYPES, case_type
from workflow_app.db import counts
from workflow_app.db.keyset import Order, Walk
from workflow_app.db.models import Assignment, Case
from workflow_app.errors import N_, Sentence
from workflow_app.facts import search
from workflow_app.facts.standings import visible
from workflow_app.features.reviews import queries
from workflow_app.files.write_table import Cell
from workflow_app.spelling import number_key
from workflow_app.states.definitions.assignment import ASSIGNMENT
from workflow_app.states.vocabulary import Permission, Role
from workflow_app.web import deadline_words
from workflow_app.web.formatting import say, zone
from workflow_app.web.page import Menu, Slice, roles
from workflow_app.web.request_scope import here
from workflow_app.web.table_page import EXPORT_MOST, Asked, address, asked, exported, exports, heading, stretch

slice_ = Slice("reviews")
page = slice_.page

GROUPS: dict[str, Sentence] = {"open": N_("в работе"), "done": N_("подписано"), "ended": N_("прекращено")}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list. An assignment that ended without a sheet keeps neither the title nor a way in (R18)."""

    assignment: Assignment
    group: str
    verdict: str

    @property
    def lost(self) -> bool:
        """Whether the person may no longer look at it."""
        return self.assignment.state in queries.LOST

    @property
    def title(self) -> str:
        """The case's title, where it may still be named."""
        return "" if self.lost else self.assignment.case.title

    @property
    def state(self) -> Any:
        """The state of the assignment; a conclusion that waits for an answer is work again."""
        return ASSIGNMENT.state(self.assignment.state)


def _rows(found: Sequence[Assignment]) -> list[Row]:
    verdicts = queries.verdict_words(here().session, found)
    return [Row(one, queries.group_of(one), verdicts.get(one.id, "")) for one in found]


def _wanted() -> tuple[Asked, Select[Assignment], Order]:
    """Return what the address asks for; without an order the newest stand first.

    Of what ended without a sheet only the number of the case is searched: the rest may not be read any more (R18).
    """
    what = asked(queries.SORTS, "", ("type", "group"))
    found = queries.mine(here().who.id, kind=what.chosen.get("type", ""), group=what.chosen.get("group", ""))
    if what.q:
        told = visible(here().me, Permission.VIEW).among(search.among(here().session, what.q, Case)).column(Case.id)
        found = found.where(
            or_(
                Assignment.case_id.in_(told),
                Case.number_key.contains(number_key(what.q), autoescape=True) if number_key(what.q) else false(),
            )
        )
    order = queries.SORTS[what.sort].turned(down=what.descending) if what.sort in queries.SORTS else queries.NEWEST
    return what, found, order


@page("/reviews", readers=roles(Role.EXPERT), menu=Menu(15, N_("Мои экспертизы"), "scales", "examination"))
def listing() -> str:
    """List the person's own assignments."""
    scope = here()
    what, found, order = _wanted()
    total = counts.count(scope.session, found.with_only_columns(Assignment.id, maintain_column_froms=True))
    rows, pager = stretch(what, order, total, lambda walk: queries.page(scope.session, found, order, walk))
    known, group = queries.counted(scope.session, scope.who.id), what.chosen.get("group")
    groups = [
        {"title": say(title), "count": min(known[key], counts.MOST), "url": address(group=key), "current": key == group}
        for key, title in GROUPS.items()
    ]
    return render_template(
        "reviews/listing.html", email=scope.who.email, rows=_rows(rows), found=total, total=sum(known.values()), counts=groups,
        due_of=deadline_words.of_assignment, case_type=case_type, kinds=CASE_TYPES, columns=_columns(what), asked=what, day_of=_day_of,
        page=pager, exports=exports("reviews.export"),
    )  # fmt: skip


def _columns(what: Asked) -> list[dict[str, Any]]:
    return [
        heading(what, _("Дело")),
        heading(what, _("Что оценивать")),
        heading(what, _("Состояние")),
        heading(what, _("Срок"), "due"),
        heading(what, _("Подписан"), "signed"),
        heading(what, _("Ваша оценка, %"), numeric=True),
    ]


def _day_of(moment: datetime) -> date:
    return moment.astimezone(zone()).date()


@page("/reviews/export.<any(csv, xlsx):kind>", readers=roles(Role.EXPERT))
def export(kind: str) -> Response:
    """Give exactly what the list shows, as CSV or XLSX: the expert's proof of work."""
    header = [
        _("Дело"),
        _("Название"),
        _("Вид экспертизы"),
        _("Раунд"),
        _("Состояние"),
        _("Приглашён"),
        _("Срок"),
        _("Подписан"),
        _("Оценка, %"),
        _("Вывод"),
    ]
    _what, found, order = _wanted()
    rows = _rows(queries.page(here().session, found, order, Walk(EXPORT_MOST)))
    return exported(kind, header, [_cells(one) for one in rows], _("Мои экспертизы"))


def _cells(row: Row) -> list[Cell]:
    one = row.assignment
    signed = _day_of(one.signed_at) if one.signed_at else None
    return [
        one.case.number or "", row.title, say(case_type(one.case.type).title), one.round, say(row.state.title),
        _day_of(one.invited_at), one.due_on, signed, one.percent, row.verdict,
    ]  # fmt: skip
