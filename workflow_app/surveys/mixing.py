"""How anonymous answers are mixed before they are kept, and what proves afterwards that none was changed (ADR 31).

Answers wait together until ten are there; then five of them, drawn by lot, are kept. So at least five always stay behind: an
answer that is kept was given by any of ten or more people, and the last ones at the end of the survey are never fewer than five, unless
all of them were.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256
from random import Random
from typing import Final, TypeVar

from workflow_app.surveys.questions import Answer

BATCH: Final = 5
"""So many leave together, and so many stay behind."""
V = TypeVar("V")


def canonical(answer: Answer) -> str:
    """Return an answer as one text that does not depend on the order in which it was filled in."""
    return json.dumps(answer, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def in_no_order(answers: Iterable[Answer]) -> list[Answer]:
    """Return answers in an order that tells nothing of when they came: that of their own texts."""
    return sorted(answers, key=canonical)


def drawn(held: Sequence[V], lot: Random) -> tuple[list[V], list[V]]:
    """Return what leaves and what stays: nothing leaves before ten are there, then five by lot."""
    if len(held) < 2 * BATCH:
        return [], list(held)
    leaving = set(lot.sample(range(len(held)), len(held) - BATCH))
    return [one for n, one in enumerate(held) if n in leaving], [one for n, one in enumerate(held) if n not in leaving]


def digest(answers: Iterable[Answer]) -> str:
    """Return the SHA-256 of all answers, sorted: the same in whatever order they are read."""
    return sha256("\n".join(sorted(canonical(one) for one in answers)).encode()).hexdigest()
