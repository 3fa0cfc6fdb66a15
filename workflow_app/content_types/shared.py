"""Who sees and who keeps the centre's records, the lists that several kinds name, the rule that several have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from workflow_app.content_types.declaration import OfRecord
from workflow_app.errors import N_
from workflow_app.states.forms import Choice, Problems, ask, rule
from workflow_app.states.standings import by_name
from workflow_app.states.vocabulary import Who

KEEPERS: Final = frozenset({Who.COORDINATOR, Who.DIRECTOR})
STAFF: Final = KEEPERS | {Who.ADMIN, Who.DEPARTMENT}
AUTHOR: Final = by_name("author", N_("автор"))
OFFICER: Final = frozenset({Who.SCHOOL_OFFICER})
TOLD_OF: Final = by_name("told_of", N_("о ком запись"))
RESPONSIBLE: Final = by_name("responsible", N_("ответственный"))
LEVELS: Final = (
    Choice("organization", N_("образовательная организация")), Choice("municipal", N_("муниципальный")),
    Choice("regional", N_("региональный")), Choice("federal", N_("всероссийский")), Choice("international", N_("международный")),
)  # fmt: skip


def plan_item() -> Any:
    """Return the question of which item of the programme's plan a record is evidence: a field ``plan_item_id: int | None``."""
    return ask(N_("Мероприятие плана"), refers="plan_item", required=False, default=None)


@dataclass(frozen=True, kw_only=True)
class Lasting(OfRecord):
    """Base of the sheets that ask ``since`` and ``until``: a record lasts a day at least."""

    @rule
    def does_not_end_before_it_begins(self: Any) -> Problems:
        """A day that is not known is before none."""
        wrong = self.since is not None and self.until is not None and self.until < self.since
        return {"until": (N_("Окончание раньше начала."),)} if wrong else {}
