"""Panels: slices contribute to another slice's page by a declared tab, never by an import (decisions.md 10).

A card of a record shows those that its kind names: ``@panel("record", tab="people_of_organization")``, and ``panels=(…)`` there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask_babel import gettext as _

from workflow_app.errors import Broken
from workflow_app.web.formatting import counted


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a page: which page and tab, its place, the function that renders it; "" shows nothing."""

    page: str
    tab: str
    order: int
    render: Callable[..., str]


_PANELS: list[Panel] = []


def panel(page: str, *, tab: str, order: int = 50) -> Callable[[Callable[..., str]], Callable[..., str]]:
    """Declare a function of the page's subject as a panel: ``@panel("case", tab="review")``."""

    def declare(render: Callable[..., str]) -> Callable[..., str]:
        _PANELS.append(Panel(page, tab, order, render))
        return render

    return declare


def panels(page: str, tab: str, subject: Any) -> list[str]:
    """Return the rendered panels of a page's tab, in order."""
    if not page or not tab:
        raise Broken("a panel stands on a page, in a tab")
    mine = sorted((one for one in _PANELS if one.page == page and one.tab == tab), key=lambda one: one.order)
    return [text for one in mine if (text := one.render(subject))]


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell of a panel's list: its words, the address they lead to, the tone of a state."""

    text: str
    url: str = ""
    tone: str = ""


def listed(
    id_: str, title: str, columns: Sequence[str], lines: Sequence[Sequence[Shown]], total: int, url: str = ""
) -> str:
    """Render a short list, the first lines of ``total`` (of ``db.counts``); ``url``: where all of them are. Nothing for no line."""
    if not lines:
        return ""
    said = _("Показано %(shown)s из %(n)s.", shown=len(lines), n=counted(total)) if total > len(lines) else ""
    return render_template(
        "panel.html", id=id_, title=title, columns=columns, lines=lines, said=said, url=url if said else ""
    )
