"""What templates call hundreds of times a page, made cheap: words, addresses, icons.

Each is a pure function of its arguments and of the language, or of the folder the program is served under, so it is kept:
nothing of a row is in it. A part of a page is kept (``drawn_of``) under everything that it is drawn from, said in full where it stands.
``benchmarks/pages.py`` shows what it is worth.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache, partial
from typing import Any, TypeVar

import flask
from babel.support import NullTranslations
from flask import Flask, current_app, request
from flask_babel import get_domain, get_locale
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from jinja2.utils import LRUCache
from markupsafe import Markup

from workflow_app.web.request_scope import kept

_KEPT = 8192  # addresses; icons are some hundred
_ADDRESSES = "workflow_addresses"
_PARTS = "workflow_parts"
_MANY = 1024  # parts of pages: menus of the roles by page and count
# Of Flask's, which depend on more than their arguments.
_OWN = frozenset({"_anchor", "_external", "_method", "_scheme"})
T = TypeVar("T")


def init_app(app: Flask) -> None:
    """Let the templates use these instead of what the libraries put there. Called after Babel, which puts its own words."""
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.extensions[_ADDRESSES] = lru_cache(_KEPT, typed=True)(_address)  # of this application: it ends with it
    app.extensions[_PARTS] = LRUCache(_MANY)
    app.jinja_env.globals |= {"_": _said, "url_for": url_for, "icon_markup": icon, "drawn_of": drawn_of}


def words() -> NullTranslations:
    """Return the catalogue of this request's language, looked up once a request."""
    try:
        here = kept()
    except RuntimeError:  # nobody asks
        return NullTranslations()
    found: NullTranslations | None = here.get("words")
    if found is None:
        found = here["words"] = get_domain().get_translations()
    return found


def language() -> str:
    """Return the language of this request, «ru» where nobody asks; looked up once a request."""
    try:
        here = kept()
    except RuntimeError:
        return "ru"
    found: str | None = here.get("language")
    if found is None:
        found = here["language"] = str(get_locale() or "ru")
    return found


@pass_eval_context
def _said(where: EvalContext, text: str, /, **named: Any) -> str:
    """Return a text of a template with what it names: as Jinja's own ``_``, in a sixth of its steps."""
    if not where.autoescape:
        return gettext(text) % named
    return Markup(gettext(text)) % named if named else _whole(words(), text)  # noqa: S704 - our own words


@lru_cache(_KEPT)
def _whole(catalogue: NullTranslations, text: str) -> Markup:
    """Return a text that names nothing; «%%» is a per cent in it, too."""
    return Markup(catalogue.gettext(text)) % {}  # noqa: S704 - our own words


def gettext(text: str) -> str:
    """Return a text in the reader's language; Jinja fills in what it names."""
    return str(words().gettext(text))


def ngettext(singular: str, plural: str, number: int) -> str:
    """Return a text that counts something, in the reader's language."""
    return str(words().ngettext(singular, plural, number))


def url_for(endpoint: str, /, **values: Any) -> str:
    """Return the address of a page, as Flask does."""
    if endpoint.startswith(".") or not _OWN.isdisjoint(values):
        return flask.url_for(endpoint, **values)
    here = kept()
    known = here.get(_ADDRESSES)
    if known is None:  # by the folder that serves it; 1 and True are two addresses
        known = here[_ADDRESSES] = partial(current_app.extensions[_ADDRESSES], request.script_root)
    try:
        found: str = known(endpoint, **values)
    except TypeError:  # a value that cannot be kept, such as a list
        return flask.url_for(endpoint, **values)
    return found


def _address(_root: str, endpoint: str, /, **values: Any) -> str:
    return flask.url_for(endpoint, **values)


def drawn_of(*of: Hashable, caller: Callable[[], Markup]) -> Markup:
    """Return a part of a page, drawn once for all that it is drawn ``of``, beside the language and the folder that serves it.

    ``{% call drawn_of('menu', menu) %}…{% endcall %}``: what stands inside may read nothing but the menu.
    """
    return kept_of(of, caller)


def kept_of(of: tuple[Hashable, ...], make: Callable[[], T]) -> T:
    """Return what is made of these alone, beside the language and the folder that serves it: made once."""
    parts, key = current_app.extensions[_PARTS], (language(), request.script_root, *of)
    found: T | None = parts.get(key)
    if found is None:
        found = parts[key] = make()
    return found


def icon(name: str, label: str = "", size: str = "") -> Markup:
    """Return a stroke icon of icons.svg; ``size`` is '', 'small' or 'big', a label makes it speak."""
    here = kept()
    sprite = here.get("sprite") or here.setdefault("sprite", url_for("static", filename="icons/icons.svg"))
    return _icon(sprite, str(name), str(label), size)


@lru_cache(_KEPT)
def _icon(sprite: str, name: str, label: str, size: str) -> Markup:
    spoken = Markup(' role="img" aria-label="{}"').format(label) if label else Markup(' aria-hidden="true"')
    kind = Markup("icon icon-{}").format(size) if size else "icon"
    return Markup('<svg class="{}"{}><use href="{}#{}"></use></svg>').format(kind, spoken, sprite, name)
