"""Lists of which all that is found may be meant, not only the page that is shown: each says by its address what it finds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from workflow_app.errors import Broken
from workflow_app.web import table_page
from workflow_app.web.page import PAGES, may_open
from workflow_app.web.request_scope import here


@dataclass(frozen=True, slots=True)
class WholeList:
    """A list: its page (endpoint, arguments), the kind of its rows, and the ids that its present address finds, at most so many."""

    endpoint: str
    kind: str
    ids: Callable[[int], Sequence[int]]
    arguments: Mapping[str, str]

    @property
    def url(self) -> str:
        """The address of the list with its present filter."""
        return table_page.kept(self.endpoint, **self.arguments)


WHOLE: dict[str, WholeList] = {}
_Ids = Callable[[int], Sequence[int]]


def whole_list(name: str, endpoint: str, kind: str, /, **arguments: str) -> Callable[[_Ids], _Ids]:
    """Declare what a list finds: ``@whole_list("listing", "cases.listing", "case")``; the function reads the present address."""

    def declare(ids: _Ids) -> _Ids:
        if name in WHOLE:
            raise Broken(f"the list {name} is declared twice")
        WHOLE[name] = WholeList(endpoint, kind, ids, arguments)
        return ids

    return declare


def ticks_url(name: str) -> str:
    """Return where a list sends its ticked rows for an act with many, with its present filter; nothing for who orders none."""
    if not may_open(PAGES["bulk.many"].readers, here()):
        return ""
    return table_page.kept("bulk.many", kind=WHOLE[name].kind, source=name)
