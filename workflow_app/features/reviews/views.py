"""The expert's list: own assignments, those that wait first, with the proof of work done as a table to take away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Response, render_template
from flask_babel import gettext as _

from workflow_app.case_types.registry import CASE_TYPES, case_type
from workflow_app.db.models import Assignment
from workflow_app.errors import N_, Sentence
from workflow_app.features.reviews import queries
from workflow_app.files.write_table import Cell
from workflow_app.states.definitions.assignment import ASSIGNMENT, OPEN
from workflow_app.states.vocabulary import Role
from workflow_app.stemming import answers
from workflow_app.web import deadline_words
from workflow_app.web.formatting import say, zone
from workflow_app.web.page import Menu, Slice, roles
from workflow_app.web.request_scope import here
from workflow_app.web.table_page import Asked, address, asked, exported, exports, heading, pagination, part_of

slice_ = Slice("reviews")
page = slice_.page

GROUPS: dict[str, Sentence] = {"open": N_("в работе"), "done": N_("подписаны"), "ended": N_("прекращены")}
_SORTS = ("due", "number", "signed", "percent")


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


def _rows() -> list[Row]:
    scope = here()
    mine = queries.mine(scope.session, scope.who.id)
    verdicts = queries.verdict_words(scope.session, mine)
    return [Row(one, _group(one), verdicts.get(one.id, "")) for one in mine]


def _group(assignment: Assignment) -> str:
    if assignment.state in OPEN or queries.answer_awaited(assignment):
        return "open"
    return "done" if assignment.signed_at is not None else "ended"


def _asked() -> Asked:
    return asked(_SORTS, "", ("type", "group"))


def _wanted(rows: list[Row], what: Asked) -> list[Row]:
    """Keep the rows that the address asks for, in the order it asks for; without an order, what waits comes first."""
    words, kind, group = what.q, what.chosen.get("type"), what.chosen.get("group")
    found = [
        one
        for one in rows
        if (not group or one.group == group)
        and (not kind or one.assignment.case.type == kind)
        and answers(words, f"{one.title} {one.assignment.case.number or ''}")
    ]
    if not what.sort:
        return sorted(found, key=_by_due)
    known = [one for one in found if _value(one, what.sort) is not None]
    unknown = [one for one in found if _value(one, what.sort) is None]
    return sorted(known, key=lambda one: _value(one, what.sort), reverse=what.descending) + unknown


def _by_due(row: Row) -> tuple[Any, ...]:
    order = tuple(GROUPS).index(row.group)
    due = row.assignment.due_on if row.group == "open" else None
    return order, due is None, due or 0, -row.assignment.id


def _value(row: Row, sort: str) -> Any:
    one = row.assignment
    return {
        "due": one.due_on,
        "number": one.case.number_order or None,
        "signed": one.signed_at,
        "percent": one.percent,
    }[sort]


@page("/reviews", readers=roles(Role.EXPERT), menu=Menu(15, N_("Мои экспертизы"), "scales", "examination"))
def listing() -> str:
    """List the person's own assignments."""
    rows, what = _rows(), _asked()
    shown = _wanted(rows, what)
    group = what.chosen.get("group")
    counts = [
        {
            "title": say(title),
            "count": sum(one.group == key for one in rows),
            "url": address(group=key),
            "current": key == group,
        }
        for key, title in GROUPS.items()
    ]
    return render_template(
        "reviews/listing.html", email=here().who.email,
        rows=part_of(shown, what), found=len(shown), total=len(rows), counts=counts, due_of=deadline_words.of_assignment,
        case_type=case_type, kinds=CASE_TYPES, columns=_columns(what), asked=what, day_of=_day_of, page=pagination(what, len(shown)),
        exports=exports("reviews.export"),
    )  # fmt: skip


def _columns(what: Asked) -> list[dict[str, Any]]:
    return [
        heading(what, _("Дело"), "number"),
        heading(what, _("Что оценивать")),
        heading(what, _("Состояние")),
        heading(what, _("Срок"), "due"),
        heading(what, _("Подписан"), "signed"),
        heading(what, _("Ваша оценка, %"), "percent", numeric=True),
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
    return exported(kind, header, [_cells(one) for one in _wanted(_rows(), _asked())], _("Мои экспертизы"))


def _cells(row: Row) -> list[Cell]:
    one = row.assignment
    signed = _day_of(one.signed_at) if one.signed_at else None
    return [
        one.case.number or "", row.title, say(case_type(one.case.type).title), one.round, say(row.state.title),
        _day_of(one.invited_at), one.due_on, signed, one.percent, row.verdict,
    ]  # fmt: skip
