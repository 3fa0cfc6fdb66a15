"""Lists of which all that is found may be meant, not only the page that is shown: each says by its address what it finds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from workflow_app.errors import Broken


@dataclass(frozen=True, slots=True)
class WholeList:
    """A list: the endpoint of its page, the kind of its rows, and the ids that its present address finds, at most so many."""

    endpoint: str
    kind: str
    ids: Callable[[int], Sequence[int]]


WHOLE: dict[str, WholeList] = {}
_Ids = Callable[[int], Sequence[int]]


def whole_list(name: str, endpoint: str, kind: str) -> Callable[[_Ids], _Ids]:
    """Declare what a list finds: ``@whole_list("listing", "cases.listing", "case")``; the function reads the present address."""

    def declare(ids: _Ids) -> _Ids:
        if name in WHOLE:
            raise Broken(f"the list {name} is declared twice")
        WHOLE[name] = WholeList(endpoint, kind, ids)
        return ids

    return declare
