"""Choosing a password: two fields, the rules, and the hash, all made before the write transaction opens (ADR 7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import g, request

from workflow_app.db.models import Person
from workflow_app.errors import N_
from workflow_app.features.people.passwords import problems
from workflow_app.states.forms import Problems
from workflow_app.web import login_session as logins
from workflow_app.web.formatting import say

FIELD, AGAIN = "new_password", "new_again"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A password that may be set, as its hash; or what is wrong with it."""

    hash: str = ""
    problems: Problems = field(default_factory=dict)

    def told(self) -> dict[str, str]:
        """Return the problems in the reader's words, by field."""
        return {name: " ".join(say(one) for one in many) for name, many in self.problems.items()}


def choose(person: Person, *own: str) -> None:
    """Judge and hash what was typed; the view finds it by :func:`chosen`. ``own``: further words the password may not be."""
    typed, again = request.form.get(FIELD, ""), request.form.get(AGAIN, "")
    words = (person.last_name, person.first_name, person.middle_name, person.login or "", person.email, *own)
    found: Problems = {}
    if wrong := problems(typed, words):
        found[FIELD] = wrong
    elif typed != again:
        found[AGAIN] = (N_("Пароли не совпадают: наберите второй раз так же."),)
    g.chosen = Chosen(problems=found) if found else Chosen(hash=logins.hash_password(typed))


def chosen() -> Chosen:
    """Return what was chosen; nothing chosen is a problem, not a password."""
    found = g.get("chosen")
    return found if isinstance(found, Chosen) else Chosen(problems={FIELD: (N_("Обязательное поле: заполните его."),)})


def by_link(read: Callable[[str], Person | None]) -> Callable[..., None]:
    """Return the slow part of a page with a secret link: without a working link nothing is hashed."""

    def before(secret: str) -> None:
        person = read(secret)
        if person is not None:
            choose(person, request.form.get("login", ""))

    return before
