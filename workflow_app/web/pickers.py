"""Choosing of a list too long to be shown: what stands chosen, what the words typed beside it find, where a script asks (ADR 30).

Without a script «Найти» sends the form back with what was found as radio buttons, and with all that was typed; with one,
``static/js/picker.js`` asks the address as one types. The address names the question, signed for who was given the form, in the
roles of then: whoever lost them is not answered. What may be chosen is asked anew each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, g, request, url_for
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer
from markupsafe import Markup
from wtforms import Field

from workflow_app.db.models import Case, Person
from workflow_app.errors import N_, Invalid, Sentence
from workflow_app.facts.pickers import MOST, Picker, again
from workflow_app.spelling import clean
from workflow_app.states.forms import Choice, Searched, Sheet, asks
from workflow_app.web import interrupted_form
from workflow_app.web.formatting import say
from workflow_app.web.request_scope import here

WORDS, LOOK = "find-", "look"  # what is typed beside a field, and the button that looks for it
_LIVES = 3 * 24 * 3600  # seconds: as long as a page left open still takes its form
_WORDS_MOST = 200
_UNSETTLED = N_("Вы искали, но не выбрали: отметьте найденное или очистите поиск.")


class Looking(Invalid):
    """«Найти» was pressed: the form comes back with what was found, and nothing is wrong with it."""

    def __init__(self) -> None:
        super().__init__({"": (_UNSETTLED,)})
        self.problems = {}


def _signer() -> URLSafeTimedSerializer:
    actor = here().actor
    whose = f"{actor.person_id} {actor.municipality_id} {sorted(actor.roles)}" if actor is not None else ""
    return URLSafeTimedSerializer(current_app.secret_key or "", salt=f"picker {whose}")


def address(picker: Picker) -> str:
    """Return where a script asks this question."""
    return url_for("pickers.find", key=_signer().dumps([picker.name, picker.of])) if picker.name else ""


def asked(key: str) -> Picker | None:
    """Return the question of an address, if it was given to the present person as they are now."""
    try:
        name, of = _signer().loads(key, max_age=_LIVES)
    except (BadData, ValueError, TypeError):
        return None
    scope = here()
    return again(scope.session, scope.actor, str(name), int(of))


def said(found: Sequence[Choice]) -> str:
    """Say how many were found."""
    if len(found) > MOST:
        return str(_("Показаны первые %(n)s, уточните.", n=MOST))
    return str(_("Найдено: %(n)s", n=len(found)) if found else _("Ничего не нашлось: измените запрос."))


def typed(name: str) -> str:
    """Return the words that were typed beside a field and have found no choice yet."""
    return clean(request.values.get(f"{WORDS}{name}", ""))[:_WORDS_MOST]


def settle(kind: type[Sheet]) -> None:
    """Raise Looking when «Найти» was pressed, and Invalid where words were left beside a field of the sheet without a choice."""
    if request.form.get(LOOK):
        raise Looking
    left = [
        name.removeprefix(WORDS) for name in request.form if name.startswith(WORDS) and typed(name.removeprefix(WORDS))
    ]
    if wrong := {name.replace("-", "."): (_UNSETTLED,) for name in left if name.partition("-")[0] in asks(kind)}:
        raise Invalid(wrong)


def unsettled(names: Sequence[str]) -> dict[str, Any]:
    """Return the words typed beside these fields, as arguments of an address: a page of steps comes back with what they find."""
    return {f"{WORDS}{one}": words for one in names if (words := typed(one))}


@dataclass(frozen=True, slots=True)
class Box:
    """What the macro ``picker`` draws: the chosen ones, the words, what they find; ``by``: what to type."""

    name: str
    label: str
    many: bool
    required: bool
    url: str
    chosen: Sequence[Choice]
    words: str = ""
    found: Sequence[Choice] = ()
    told: str = ""
    by: str = ""


def _by(known: Searched) -> str:
    """Return what is typed to find a row: the words that stand in the empty field."""
    of = known.rows.of if isinstance(known, Picker) else None
    return str(_("Фамилия") if of is Person else _("Номер или название") if of is Case else _("Название") if of else "")


def box_of(
    name: str, label: str, known: Searched, values: Sequence[str], *, many: bool = False, required: bool = False
) -> Box:
    """Return the box of a field or of a filter that holds ``values``."""
    words, url = typed(name), address(known) if isinstance(known, Picker) else ""
    chosen = known.known(values)
    if not words:
        return Box(name, label, many, required, url, chosen, by=_by(known))
    every = known.search(words)
    found = [one for one in every[:MOST] if one not in chosen]
    return Box(name, label, many, required, url, chosen, words, found, said(every), _by(known))


def filter_box(name: str, label: Sentence | str, picker: Picker) -> Box:
    """Return the box of a list's filter: its value stands in the address."""
    return box_of(name, say(label), picker, request.args.getlist(name)[:1])


def words_of(picker: Picker, value: str) -> str:
    """Return what is chosen in words; of what may not be chosen, nothing but its number."""
    found = picker.known([value])
    return str(say(found[0].label)) if found else value


class PickerField(Field):
    """A field of a form that is chosen by search: one value, or many."""

    def __init__(self, known: Searched, *, many: bool, required: bool, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.known, self.many = known, many
        self.flags.required = required

    @property
    def values(self) -> list[str]:
        """What stands chosen: of an interrupted form what was sent then, else what the form holds."""
        data: Any = interrupted_form.sent_before(self.name) if g.get("typed_before") else self.data
        many = data if isinstance(data, (list, tuple)) else [data]
        return [str(one) for one in many if one not in (None, "")]

    @property
    def box(self) -> Box:
        """What the macro draws."""
        return box_of(
            self.name, self.label.text, self.known, self.values, many=self.many, required=bool(self.flags.required)
        )

    def __call__(self, **_attributes: object) -> Markup:
        """Refuse to be drawn as other fields are."""
        raise NotImplementedError("a picker is drawn by its macro")
