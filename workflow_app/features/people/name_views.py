"""Confirming how names stand in documents: one screen for many people, and everybody's own name.

A form that nobody confirmed is printed highlighted; here a person looks at what the rules made, mends it and confirms it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app import gate
from workflow_app.db.models import Case, Person
from workflow_app.documents.russian.grammar import PersonName
from workflow_app.errors import N_, Invalid, WorkflowError
from workflow_app.facts.naming import doubtful
from workflow_app.facts.subjects import facts_of, workflow_of
from workflow_app.features.people import queries
from workflow_app.features.people.list_views import KEEPERS, listed, searched
from workflow_app.features.people.person_card import FORMS, confirm_start, forms_start
from workflow_app.features.people.views import page
from workflow_app.states import policy
from workflow_app.states.definitions.people import GENDERS, PERSON, ConfirmForms
from workflow_app.states.vocabulary import Permission
from workflow_app.web import table_page
from workflow_app.web.formatting import say
from workflow_app.web.next_page import go_to
from workflow_app.web.page import LOGGED_IN, Menu
from workflow_app.web.request_scope import here
from workflow_app.web.transition_view import act, filled

_SIZE = 50  # people on one screen
_FIELDS = ("gender", *(name for _case, name, _question in FORMS))


@dataclass(slots=True)
class Row:
    """One person of the screen: what stands in the fields, and what was wrong with it."""

    person: Person
    typed: dict[str, str]
    confirmed: bool
    chosen: bool = False  # what the library guessed is confirmed by nobody until a person ticks it
    wrong: dict[str, list[str]] = field(default_factory=dict)

    @property
    def fields(self) -> list[tuple[str, str, str, str, list[str]]]:
        """The four forms: case, name of the field on this screen, question, text, errors."""
        return [
            (case, f"{name}-{self.person.id}", say(question), self.typed[name], self.wrong.get(name, []))
            for case, name, question in FORMS
        ]


def _wanted() -> tuple[table_page.Asked, Sequence[Person], dict[str, Any], int]:
    """Read the people that the address asks for: those of a case, one person, all, only the unconfirmed, of them those in work."""
    scope = here()
    what = table_page.asked(("name",), "name", ("show", "case", "person"))
    if "size" not in request.args:
        what = replace(what, size=_SIZE)
    case_id, person_id = (table_page.row_id(what.chosen.get(name, "")) for name in ("case", "person"))
    case = gate.read(scope.session, scope.me, Case, case_id) if case_id is not None else None
    if person_id is not None:
        gate.read(scope.session, scope.me, Person, person_id)
    found = queries.to_confirm(
        scope.me, everybody=what.chosen.get("show") == "all" or person_id is not None, person=person_id,
        case=case, sees_experts=case is not None and _sees_experts(case),
    )  # fmt: skip
    if what.chosen.get("show") == "work":
        found = found.where(queries.in_work(scope.me))
    return what, *listed(what, searched(found, what), queries.BY_NAME)


def _sees_experts(case: Case) -> bool:
    scope = here()
    return policy.may(workflow_of(case), scope.me, facts_of(case, scope.session), Permission.SEE_EXPERTS)


def _row(person: Person) -> Row:
    return Row(person, {name: str(value) for name, value in confirm_start(person).items()}, not doubtful(person))


@page("/names", readers=KEEPERS, menu=Menu(62, N_("Формы имён"), "edit", "centre"), methods=("GET", "POST"))
def names() -> Response | str:
    """Show the forms of names to be confirmed; confirm those that are ticked, as they stand in the fields."""
    what, people, pager, total = _wanted()
    rows = [_row(one) for one in people]
    if request.method != "POST":
        return _page(what, rows, total, pager)
    asked = _posted()
    if request.form.get("recount"):
        for row in asked:
            _declined_anew(row)
        return make_response(_page(what, asked, total, pager))
    done = [row for row in asked if row.chosen and _confirm(row)]
    if done:
        flash(_("Подтверждены формы имён, человек: %(n)s.", n=len(done)), "success")
    left = [row for row in asked if row.wrong]
    if left:
        return make_response(_page(what, left, total - len(done), pager), 422)
    if not done:
        flash(_("Никто не отмечен: подтверждать нечего."), "info")
        return make_response(_page(what, asked, total, pager), 422)  # what was typed without a tick stays
    return go_to(table_page.address())


def _posted() -> list[Row]:
    """Return the rows of the form as they were typed; only people whom the present person may see."""
    scope = here()
    found = []
    for text in request.form.getlist("row")[: max(table_page.SIZES)]:
        number = table_page.row_id(text)
        if number is None:
            continue
        person = gate.read(scope.session, scope.me, Person, number)
        typed = {name: request.form.get(f"{name}-{number}", "") for name in _FIELDS}
        found.append(Row(person, typed, not doubtful(person), text in request.form.getlist("pick")))
    return found


def _declined_anew(row: Row) -> None:
    """Fill the forms by the rules for the gender that is chosen now; nothing is written."""
    gender: Any = row.typed["gender"] or None
    name = PersonName(row.person.last_name, row.person.first_name, row.person.middle_name, gender)
    row.typed = forms_start(name)


def _confirm(row: Row) -> bool:
    """Confirm one person's forms in a savepoint: what is wrong with one leaves the others confirmed."""
    scope = here()
    seen = request.form.get(f"version-{row.person.id}", "")
    try:
        sheet = filled(ConfirmForms, row.typed)
        with scope.session.begin_nested():
            version = int(seen) if seen.isdecimal() and len(seen) < 10 else -1  # noqa: PLR2004 - more digits are noise
            gate.perform(scope.session, scope.me, row.person, "confirm_forms", sheet, version)
    except Invalid as error:
        row.wrong = {name: [say(one) for one in told] for name, told in error.problems.items()}
    except WorkflowError as error:
        row.wrong = {"": [say(error.sentence)]}
    return not row.wrong


def _page(what: table_page.Asked, rows: Iterable[Row], total: int, pager: dict[str, Any]) -> str:
    chips = []
    if "case" in what.chosen:
        chips.append({"text": _("Люди одного дела"), "remove_url": table_page.address(case=None)})
    if "person" in what.chosen:
        chips.append({"text": _("Один человек"), "remove_url": table_page.address(person=None)})
    shown = [("", _("Только неподтверждённые")), ("work", _("Из них в открытых делах")), ("all", _("Все"))]
    return render_template(
        "people/names.html", rows=list(rows), total=total, what=what, chips=chips, shown=shown,
        page=pager, genders=[("", _("не указан")), *((one.value, say(one.label)) for one in GENDERS)],
    )  # fmt: skip


@page("/profile/names", readers=LOGGED_IN, methods=("GET", "POST"))
def own_names() -> Response | str:
    """Confirm how one's own name stands in documents."""
    who = here().who
    crumbs = [
        {"title": _("Мой профиль"), "url": url_for("people.profile")}, {"title": say(PERSON.transition("confirm_forms").title)},
    ]  # fmt: skip
    return act(
        who, "confirm_forms", lists={}, back=url_for("people.profile"), template="people/act.html", start=confirm_start(who),
        context={"forms": [], "asks_password": False, "breadcrumbs": crumbs},
    )  # fmt: skip
