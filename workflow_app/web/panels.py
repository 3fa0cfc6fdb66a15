"""Panels: slices contribute to another slice's page by a declared tab, never by an import (decisions.md 10)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from workflow_app.errors import Broken


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
