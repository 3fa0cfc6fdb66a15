"""The act «Напомнить»: every kind that waits for somebody, itself or in its parts, has it; who keeps the record presses."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from workflow_app.content_types import awaited
from workflow_app.errors import N_
from workflow_app.states.forms import Sheet
from workflow_app.states.vocabulary import Bulk, Condition, Facts, Guard, Permission, Transition

if TYPE_CHECKING:
    from workflow_app.content_types.declaration import ContentType

REMIND: Final = "remind"


@dataclass(frozen=True, kw_only=True)
class RemindRecord(Sheet):
    """A reminder by hand of what waits in a record and its parts, to everybody for whom it waits."""


def reminding(kind: ContentType, parts: Collection[ContentType]) -> Transition | None:
    """Return the act of a kind with these parts; None where it never waits for anybody.

    It is for the offices that correct the record in every state, and for whom the kind names besides (``reminds``).
    """
    sources = tuple(name for name in kind.workflow.states if any(_waiting(kind, parts, name)))
    granted = (one.grants.get(Permission.EDIT, frozenset()) for one in kind.workflow.states.values())
    by = awaited.OFFICES.intersection(*granted) | kind.reminds
    if not sources or not by:
        return None
    return Transition(
        REMIND, N_("Напомнить"), sources, Guard(by, when=(_somebody(kind, parts),)), asks=RemindRecord, past=N_("Отправлено напоминание"),
        done=N_("Напоминание отправлено. В тихие часы письмо подождёт утра."), quiet=True, bulk=Bulk(),
        means=N_("Каждому, кого ждёт запись, уйдёт письмо; об одном и том же – не чаще раза в день."),
    )  # fmt: skip


def _waiting(kind: ContentType, parts: Collection[ContentType], state: str) -> Iterator[bool]:
    """Yield for each wait whether it can be there while the record is in a state."""
    yield from (state in awaited.states_of(kind, one) for one in kind.awaits)
    yield from (state in one.whole for part in parts for one in part.awaits)


def _somebody(kind: ContentType, parts: Collection[ContentType]) -> Condition:
    def waits(facts: Facts) -> bool:
        begun = (one.since is None or one.since <= facts.today for one in awaited.waits(kind, facts))
        return any(begun) or any(
            facts.parts.get((part.key, state))
            for part in parts
            for one in part.awaits
            if facts.state in one.whole
            for state in awaited.states_of(part, one)
        )

    return Condition("somebody is waited for", waits, N_("Запись сейчас никого не ждёт."), N_("запись кого-то ждёт"))
