"""What cards of several documents hold; a card of one document stands in that document's file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Votes:
    """How a body voted on what it decided: ``in_favour`` of the decision, whatever that says."""

    in_favour: int
    against: int
    abstained: int = 0


@dataclass(frozen=True, slots=True)
class Sitting:
    """When and where a body sits; ``at`` is the time of the day («14:00»)."""

    on: date
    at: str = ""
    place: str = ""
