"""The few ways in which the product says no, and the sentences it says it with.

A sentence is a Russian msgid and its parameters. Pure modules build sentences with :func:`N_`; only ``web`` translates
them. ``str(sentence)`` is the Russian text, which is also what documents, letters and the command line use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """A translatable text: ``msgid`` in Russian with ``%(name)s`` places, and what stands in them."""

    msgid: str
    params: tuple[tuple[str, object], ...] = ()

    def __str__(self) -> str:
        return self.msgid % dict(self.params) if self.params else self.msgid


Words = Sentence | str
"""A sentence to be translated, or words that nobody translates: a name, a title, what a person wrote."""


def N_(msgid: str, **params: object) -> Sentence:  # noqa: N802 - the name by which gettext tools find strings
    """Mark a string for translation and keep its parameters beside it."""
    return Sentence(msgid, tuple(params.items()))


class WorkflowError(Exception):
    """Base of every error that a person is told about."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


class NotFound(WorkflowError):
    """No such subject, or the actor may not know that there is one: the two look the same (decisions.md 11)."""


class Denied(WorkflowError):
    """The actor may see the subject and may not do this to it."""


class TooMuch(WorkflowError):
    """More than the system takes, of text or of bytes."""


class NotYet(WorkflowError):
    """The actor may do this, but something is missing; ``obstacles`` says what."""

    def __init__(self, obstacles: tuple[Sentence, ...]) -> None:
        super().__init__(obstacles[0])
        self.obstacles = obstacles

    def __str__(self) -> str:
        return " ".join(str(one) for one in self.obstacles)


class Conflict(WorkflowError):
    """The subject changed since the person looked at it: ``seen`` against the ``current`` version."""

    def __init__(self, seen: int, current: int) -> None:
        super().__init__(
            N_("Пока страница была открыта, запись изменилась. Ваш текст сохранён, проверьте его и повторите.")
        )
        self.seen = seen
        self.current = current


class Overtaken(Conflict):
    """Somebody else did the same at the same moment, and the database let them go first; nothing of the act is left."""

    def __init__(self) -> None:
        super(Conflict, self).__init__(
            N_("В ту же секунду это же делал кто-то другой и успел раньше. Ваш текст цел: проверьте его и повторите.")
        )
        self.seen = self.current = 0


class Unavailable(WorkflowError):
    """A cause outside the program: a full disk, a database that is locked or away. ``retry_after``: seconds."""

    def __init__(self, sentence: Sentence, retry_after: int = 60) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class Invalid(WorkflowError):
    """What was filled in does not pass; ``problems`` maps a field's path (``""`` for the whole) to sentences."""

    def __init__(self, problems: Mapping[str, tuple[Sentence, ...]]) -> None:
        super().__init__(next(iter(problems.values()))[0])
        self.problems = dict(problems)

    def __str__(self) -> str:
        return "; ".join(
            f"{field}: {one}" if field else str(one) for field, many in self.problems.items() for one in many
        )


class Unsure(Invalid):
    """What was filled in passes and still looks like a slip: taken once the person has said that it is right."""


class Broken(Exception):
    """The program contradicts itself (unknown state, sheet, document): it stops rather than guesses."""
