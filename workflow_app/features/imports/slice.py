"""The pages of imports as one slice; who may open which kind."""

from __future__ import annotations

from flask import abort, url_for
from flask_babel import gettext as _

from workflow_app.errors import N_
from workflow_app.features.imports.table_kinds import KINDS, Kind
from workflow_app.states.vocabulary import Role
from workflow_app.web.formatting import say
from workflow_app.web.page import Readers, Slice, may_open, roles
from workflow_app.web.request_scope import here

slice_ = Slice("imports")
page = slice_.page

KEEPERS = roles(Role.ADMIN, Role.COORDINATOR)  # of the words that the centre has explained
ENTERERS = roles(Role.ADMIN, Role.COORDINATOR, Role.SCHOOL_OFFICER)
_STEPS = (N_("Таблица"), N_("Проверка"), N_("Готово"))


def opened(kind: str) -> Kind:
    """Return a kind of import that the person may do; 404 for what does not exist or is not theirs."""
    found = KINDS.get(kind)
    if found is None or not may_open(Readers(roles=found.roles), here()):
        abort(404)
    return found


def steps(kind: Kind, now: int, id: int = 0) -> list[dict[str, str]]:
    """Return the steps of the way for the macro ``wizard_steps``."""
    urls = (
        url_for("imports.table", kind=kind.key),
        url_for("imports.grid", kind=kind.key, id=id) if id else "",
        url_for("imports.result", kind=kind.key, id=id) if id else "",
    )
    states = ["done" if number < now else "current" if number == now else "ahead" for number in range(len(_STEPS))]
    return [
        {"title": say(title), "url": url if state == "done" else "", "state": state}
        for title, url, state in zip(_STEPS, urls, states, strict=True)
    ]


def crumbs(kind: Kind) -> list[dict[str, str]]:
    """Return the way back to all imports."""
    return [{"title": _("Импорт"), "url": url_for("imports.index")}, {"title": say(kind.title), "url": ""}]
