"""What the frame shows on every page: the menu, the bell, the person, the switches. Filled by one context processor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request
from flask import session as cookie

from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import WordTemplate
from workflow_app.errors import N_, Sentence
from workflow_app.facts.worklist import count_waiting
from workflow_app.gate.issuing import template_on
from workflow_app.states.vocabulary import Role
from workflow_app.web import login_session as logins
from workflow_app.web.formatting import say
from workflow_app.web.page import GROUPS, PAGES, is_open_to
from workflow_app.web.rendering import kept_of, language, url_for
from workflow_app.web.request_scope import Scope

ROLES: dict[Role, Sentence] = {
    Role.TEACHER: N_("педагог"), Role.EXPERT: N_("эксперт"), Role.COORDINATOR: N_("координатор"), Role.DIRECTOR: N_("директор"),
    Role.DEPARTMENT: N_("управление образования"), Role.REGIONAL: N_("региональный наблюдатель"), Role.ADMIN: N_("администратор"),
    Role.SCHOOL_OFFICER: N_("ответственный от организации"),
}  # fmt: skip
_ORDER = (
    Role.DIRECTOR, Role.COORDINATOR, Role.ADMIN, Role.EXPERT, Role.DEPARTMENT, Role.REGIONAL, Role.SCHOOL_OFFICER, Role.TEACHER,
)  # fmt: skip
_PLACES = list(GROUPS)
LANGUAGES = (("ru", "Русский"), ("en", "English"))


def init_app(app: Flask) -> None:
    """Register the context processor."""
    app.context_processor(_frame)
    app.jinja_env.globals["own_template"] = own_template


def own_template(key: str) -> WordTemplate | None:
    """Return the Word template by which the present centre makes documents of this kind: a preview says so."""
    scope = g.get("scope")
    if not isinstance(scope, Scope) or scope.actor is None:
        return None
    return template_on(scope.session, scope.me.municipality_id, key)


def roles_said(roles: frozenset[Role]) -> str:
    """Return the roles in words, the weightiest first."""
    return ", ".join(say(ROLES[one]) for one in _ORDER if one in roles)


def _frame() -> dict[str, Any]:
    scope = g.get("scope")
    found: dict[str, Any] = {
        "language": language(),
        "languages": [{"code": code, "title": title} for code, title in LANGUAGES],
        "vision": request.args.get("vision") or request.cookies.get("vision") or "",
        "theme": request.cookies.get("theme") or "",
        "centre": "", "home_url": "/", "help_url": url_for("centre.help_page"), "person": None, "menu": (),
    }  # fmt: skip
    if isinstance(scope, Scope) and scope.actor is not None:
        found |= _of_person(scope)
    return found


def _of_person(scope: Scope) -> dict[str, Any]:
    person, me = scope.who, scope.me
    waiting = count_waiting(scope.session, me) if scope.waiting is None else scope.waiting
    return {
        "person": {"id": person.id, "name": person.full_name, "short": person.short_name},
        "role_title": roles_said(me.roles),
        "municipality": scope.municipality.name if scope.municipality else "",
        "centre": scope.centre,
        "menu": menu_of(scope, waiting),
        "bell": {"count": waiting, "url": url_for("cases.work")},
        "profile_url": url_for("people.profile"),
        "logout_url": url_for("people.logout"),
        "switches": _switches(scope),
        "switch_url": url_for("people.switch"),
        "search_url": url_for("search.results"),
        # a list's own search has the same name: its words are not those of the search over everything
        "search_text": request.args.get("q", "") if request.endpoint == "search.results" else "",
        "me": me,
    }


def _switches(scope: Scope) -> list[dict[str, Any]]:
    """Return the municipalities to choose from; one alone is no choice."""
    if len({one.municipality_id for one in scope.who.memberships}) < 2:  # noqa: PLR2004 - as said
        return []
    return [
        {"title": one.name, "value": one.id, "current": one.id == scope.me.municipality_id}
        for one in logins.places_of(scope.session, scope.who)
    ]


_WHOLES = {f"records.{one.key}_": f"records.{one.within}" for one in CONTENT_TYPES.values() if one.within}
_FRONTS = {f"records.{one.key}": one.front for one in CONTENT_TYPES.values() if one.front}
_BEHIND = {"events.": "records.centre_event", "surveys.": "records.survey"}
"""Pages of features that lie behind the list of a kind of records."""
_FEW = 8  # entries that need no groups


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the menu; ``active``: it is the present one, ``near``: that lies behind it; ``count``: what waits there.

    ``aside``: it stands behind «Ещё».
    """

    title: str
    url: str
    icon: str
    active: bool
    near: bool
    count: int
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under a title, or without one; of several groups one is open."""

    title: str
    entries: tuple[Entry, ...]
    open: bool


@dataclass(frozen=True, eq=False, slots=True)
class Drawn:
    """A menu: its groups. Two of them are never equal, for each is kept, and so is what is drawn of it."""

    groups: tuple[Group, ...]


def menu_of(scope: Scope, waiting: int) -> Drawn:
    """Return the menu by groups: the declared pages that this person may open; the group of the present page is open.

    A menu of few entries is one group without a title. It is made once for all that it is made of.
    """
    roles, here = scope.me.roles, request.endpoint or ""
    return kept_of(("menu", roles, here, waiting), lambda: Drawn(_groups(roles, here, waiting)))


def _groups(roles: frozenset[Role], here: str, waiting: int) -> tuple[Group, ...]:
    entries = [
        (one, one.menu)
        for one in PAGES.values()
        if one.menu is not None
        and is_open_to(one.readers, roles)
        and is_open_to(one.menu.shown_to or one.readers, roles)
    ]
    entries.sort(key=lambda pair: (_PLACES.index(pair[1].group), pair[1].order))
    groups: dict[str, list[Entry]] = {}
    for one, menu in entries:
        entry = Entry(
            say(menu.title), url_for(one.endpoint), menu.icon, active=here == one.endpoint,
            near=_is_near(one.endpoint, here), count=waiting if one.endpoint == "cases.work" else 0,
            aside=menu.aside,
        )  # fmt: skip
        groups.setdefault(menu.group if len(entries) > _FEW else "", []).append(entry)
    opened = next((key for key, many in groups.items() if any(one.active for one in many)), "") or next(
        (key for key, many in groups.items() if any(one.near for one in many)), next(iter(groups), "")
    )
    return tuple(Group(say(GROUPS[key]) if key else "", tuple(many), key == opened) for key, many in groups.items())


def _is_near(endpoint: str, here: str) -> bool:
    """Whether a page lies behind an entry of the menu: a card behind its list, a part's page behind its whole's list."""
    here = next((whole for part, whole in (*_WHOLES.items(), *_BEHIND.items()) if here.startswith(part)), here)
    front = next((page for stem, page in _FRONTS.items() if here == stem or here.startswith(f"{stem}_")), "")
    if front:  # another page stands in the menu instead of the list
        return endpoint == front
    stem = endpoint.removesuffix("_list")
    return (
        here == stem
        or here.startswith(f"{stem}_")
        or (stem == endpoint and here.partition(".")[0] == stem.partition(".")[0])
    )


def chosen_language() -> str:
    """Return the language of this request: the switch in the cookie, else Russian."""
    language = cookie.get("language")
    return language if language in dict(LANGUAGES) else "ru"
