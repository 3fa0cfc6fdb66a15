"""How a field of a record is shown: in words, with the address of what it refers to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import format_decimal
from flask_babel import gettext as _
from sqlalchemy import select

from workflow_app.content_types.answers import KINDS
from workflow_app.content_types.declaration import ContentType
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import RECORDS, Case, Record
from workflow_app.errors import N_, Sentence
from workflow_app.facts import choices
from workflow_app.facts.month_orders import month_words
from workflow_app.facts.record_names import Names
from workflow_app.facts.standings import visible
from workflow_app.states import standings
from workflow_app.states.definitions.case.states import OFFICE
from workflow_app.states.forms import Ask
from workflow_app.states.vocabulary import Permission
from workflow_app.surveys import questions
from workflow_app.web.formatting import say, short_day
from workflow_app.web.page import PAGES, may_open
from workflow_app.web.request_scope import here

NOTHING = "—"
_PAGES = {"person": "people.person", "case": "cases.show"}
_LABELS: dict[str, Sentence] = {"state": N_("Состояние"), "number": N_("Номер")}


@dataclass(frozen=True, slots=True)
class Cell:
    """A field in words; ``url`` of what it refers to, ``tone`` of a state."""

    label: str
    text: str
    url: str = ""
    tone: str = ""
    numeric: bool = False
    nowrap: bool = False
    long: bool = False


def label_of(kind: ContentType, name: str) -> str:
    """Return the words above a column."""
    return say(kind.fields[name].label if name in kind.fields else _LABELS[name])


def cell(row: Record, name: str, names: Names) -> Cell:
    """Return one field of a row; ``names`` say what rows refer to (``facts.record_names``)."""
    kind, label = row.content, label_of(row.content, name)
    if name == "state":
        state = kind.workflow.state(row.state)
        return Cell(label, say(state.title), tone=state.tone)
    if name == "number":
        return Cell(label, row.number or NOTHING, nowrap=True)
    how, value = kind.fields[name], getattr(row, name)
    if how.refers and isinstance(value, int):
        target = how.refers.partition(":")[0]
        return Cell(label, names.get((target, value), NOTHING), address_of(target, value))
    words = in_words(how, value, names)
    is_link = isinstance(value, str) and value.startswith(("https://", "http://"))
    held = kind.kind_of(name)
    return Cell(
        label,
        words,
        value if is_link else "",
        numeric=held in (int, Decimal) and not how.refers,
        nowrap=held is date,
        long=how.long or "\n" in words,
    )


def in_words(how: Ask, value: Any, names: Names) -> str:
    """Return a value as people write it."""
    if value is None or value in ("", []):
        return NOTHING
    if isinstance(value, (bool, date, Decimal)):
        return month_words(value) if how.widget == "month" and isinstance(value, date) else _plain(value)
    if isinstance(value, (list, tuple)) and value and isinstance(value[0], Mapping):
        return "\n".join(row_words(one) for one in value)
    if isinstance(value, (list, tuple)):
        target = how.refers.partition(":")[0]
        return ", ".join(names.get((target, one), NOTHING) if target else _choice(how, one) for one in value)
    return _choice(how, value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("да") if value else _("нет"))
    return short_day(value) if isinstance(value, date) else str(format_decimal(value.normalize()))


def row_words(row: Mapping[str, Any]) -> str:
    """Return a question in a line: «Число первоклассников (число)»."""
    held = next((say(one.label) for one in (*KINDS, *questions.KINDS) if one.value == row["held"]), "")
    return f"{row['name']} ({held}, {_('по желанию')})" if row["optional"] else f"{row['name']} ({held})"


def _choice(how: Ask, value: Any) -> str:
    known = how.choices or ()
    known = choices.of_file(known) if isinstance(known, str) and not how.refers else known
    return next((say(one.label) for one in known if not isinstance(one, str) and one.value == str(value)), str(value))


def address_of(target: str, id_: int) -> str:
    """Return the page of a row of another kind; empty where the present person has none."""
    endpoint = _PAGES.get(target, f"records.{target}")
    if endpoint not in PAGES or not may_open(PAGES[endpoint].readers, here()):
        return ""
    return url_for(endpoint, id=id_) if _is_seen(target, id_) else ""


def _is_seen(target: str, id_: int) -> bool:
    """Whether the present person sees what a link would lead to: who sees the kind by office sees all of the centre.

    Members of a meeting read what is defended there, and may not see its case.
    """
    scope = here()
    if target not in CONTENT_TYPES and target != "case":
        return True
    by_office = OFFICE if target == "case" else CONTENT_TYPES[target].seen
    if {standings.STAFF.get(who) for who in by_office} & set(scope.me.roles):
        return True
    model: Any = Case if target == "case" else RECORDS[target]
    seen = select(model.id).where(model.id == id_, visible(scope.me, Permission.VIEW, model).condition)
    return scope.session.scalar(seen) is not None


def facts_of(row: Record, names: Names, skip: Iterable[str] = ()) -> list[Cell]:
    """Return the filled fields of a card, the title left out; what acts have left in a row stands with what was typed."""
    left = (name for name, how in row.content.fields.items() if not isinstance(getattr(row, name), Mapping))
    wanted = [name for name in left if name not in {row.content.title, *skip}]
    return [one for name in wanted if (one := cell(row, name, names)).text != NOTHING]
