"""How a card says what a Word template may take from it: each field tells its words where it is declared.

``begins: date = told(N_("начало аттестации"))`` is the template's field ``begins``; a person is a field in every case, a list of
people or of rows a list for a loop. What a value becomes by its type stands in ``template_fields.derive``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from workflow_app.errors import Sentence

NAMELESS: Final = Sentence("")


@dataclass(frozen=True, slots=True)
class Say:
    """A field of templates: its words, its ``name`` where it is not the card's, ``of`` where its type does not say it.

    ``of`` gets the whole card, and each row of a list where the card is one.
    """

    about: Sentence
    name: str = ""
    of: Callable[[Any], str] | None = None


def told(*said: Say | Sentence, default: Any = dataclasses.MISSING) -> Any:
    """Declare a field of a card with what templates may take of it; without words it is a person in a row."""
    found = tuple(Say(one) if isinstance(one, Sentence) else one for one in said or (NAMELESS,))
    return dataclasses.field(default=default, metadata={"told": found})


def says(field: dataclasses.Field[Any]) -> tuple[Say, ...]:
    """Return what a field of a card tells; nothing where it keeps silent."""
    found: tuple[Say, ...] = field.metadata.get("told", ())
    return found
