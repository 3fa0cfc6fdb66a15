"""One part of the instance as the health page tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from workflow_app.errors import N_, Sentence

STATES: Final[Mapping[str, tuple[Sentence, str]]] = {
    "well": (N_("В порядке"), "good"), "attention": (N_("Требует внимания"), "attention"),
    "unknown": (N_("Неизвестно"), "draft"),
    "off": (N_("Не настроено"), "draft"),
}  # fmt: skip
"""How a part stands: words and tone. Only «attention» is counted; «off»: no setting asks for it."""

PROBED: Final = frozenset({"database", "storage", "disk", "scanner", "versions"})  # tried at every look
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Part:
    """A part: its key, title, state (a key of :data:`STATES`), what is the case, when it last did what it is for, what to do.

    ``at`` is aware; None where the part was looked at just now, or nothing is known. ``page``: where it is mended, an endpoint.
    """

    key: str
    title: Sentence
    state: str
    said: Sentence
    at: datetime | None = None
    todo: Sentence | None = None
    page: str = ""

    @property
    def live(self) -> bool:
        """Whether the part was tried just now."""
        return self.key in PROBED and self.state not in ("unknown", "off")


def size(count: int) -> Sentence:
    """Return a number of bytes in words."""
    if count >= 1 << 30:
        return N_("%(n)s ГБ", n=f"{count / (1 << 30):.1f}".replace(".", ","))
    return N_("%(n)s МБ", n=f"{count / (1 << 20):.1f}".replace(".", ","))
