"""Limited places in what people are registered for: whoever comes late queues, and moves up when a place becomes free."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from workflow_app.content_types.declaration import OfRecord, record_workflow
from workflow_app.errors import N_, Sentence
from workflow_app.states.vocabulary import (
    Condition,
    Facts,
    Guard,
    State,
    Target,
    Tone,
    Transition,
    Trigger,
    Who,
    Workflow,
    negation,
)

TAKES: Final = ("active", "attended", "missed")
"""The states of a registration that take a place."""
_STATES: Final = (
    State("applied", N_("Записывается"), N_("Записывается"), {}),
    State("waiting", N_("В листе ожидания"), N_("В листе ожидания"), {}),
    State("attended", N_("Присутствие отмечено"), N_("Присутствие отмечено"), {}, tone="good"),
    State("missed", N_("Отсутствие отмечено"), N_("Отсутствие отмечено"), {}, tone="stopped"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Places:
    """The places of a whole whose parts ``part`` take one each.

    ``capacity``, ``on``, ``opened``: the fields with their number, the day, and whether strangers may register themselves.
    """

    part: str
    capacity: str = "capacity"
    on: str = "on"
    opened: str = "open_form"

    def left(self, whole: Facts) -> int:
        """Return how many places are free."""
        taken = sum(whole.parts.get((self.part, state), 0) for state in TAKES)
        return max(int(whole.values.get(self.capacity) or 0) - taken, 0)

    def verb(self, whole: Facts) -> Sentence:
        """Return what the button of whoever registers themselves says: without a free place they queue."""
        return N_("Записаться") if self.left(whole) else N_("Встать в лист ожидания")

    def _is_ahead(self, facts: Facts) -> bool:
        whole = facts.root or facts
        day = whole.values.get(self.on)
        return whole.state == "active" and isinstance(day, date) and facts.today <= day

    @property
    def _opened(self) -> Condition:
        return Condition(
            "strangers may register",
            self._is_open,
            N_("Открытой записи на это мероприятие нет."),
            N_("запись открыта всем"),
        )

    @property
    def _today(self) -> Condition:
        return Condition(
            "it is today", self._is_today, N_("Отметиться можно в день мероприятия."), N_("мероприятие сегодня")
        )

    @property
    def came(self) -> Condition:
        """The day of the whole has come: from then on it is marked who did, and that it was held."""
        return Condition(
            "the day has come", self._has_come, N_("Мероприятие ещё не началось."), N_("мероприятие началось")
        )

    def _has_come(self, facts: Facts) -> bool:
        day = (facts.root or facts).values.get(self.on)
        return isinstance(day, date) and day <= facts.today

    def _is_open(self, facts: Facts) -> bool:
        whole = facts.root or facts
        return self._is_ahead(facts) and whole.published and bool(whole.values.get(self.opened))

    def _is_today(self, facts: Facts) -> bool:
        whole = facts.root or facts
        return whole.state == "active" and whole.values.get(self.on) == facts.today

    def said(self, whole: Facts) -> Iterable[Sentence]:
        """Say how many places are left, and how many people wait."""
        left, of = self.left(whole), whole.values[self.capacity]
        yield (
            N_("Свободно мест: %(n)s из %(of)s", n=left, of=of)
            if left
            else N_("Свободных мест нет, всего %(of)s", of=of)
        )
        if waiting := whole.parts.get((self.part, "waiting"), 0):
            yield N_("в листе ожидания: %(n)s", n=waiting)

    def workflow(
        self, title: Sentence, sheet: type[OfRecord], *, keeps: frozenset[Who], marks: frozenset[Who], sees: frozenset[Who], oneself: Who
    ) -> Workflow:  # fmt: skip
        """Return the workflow of a registration: a place or the queue at once, then who came; ``marks`` say who did.

        Whoever stands as ``oneself`` begins and withdraws their own, as long as the whole serves and its day has not passed.
        """
        ahead = Condition(
            "the day is ahead", self._is_ahead, N_("Запись на это мероприятие закрыта."), N_("мероприятие впереди")
        )
        room = Condition(
            "places are left", lambda facts: self.left(facts.root or facts) > 0, N_("Свободных мест нет."), N_("есть свободные места"),
            of_whole=True,
        )  # fmt: skip
        system = frozenset({Who.SYSTEM})
        free, full = Guard(system, when=(room,)), Guard(system, when=(negation(room, N_("свободных мест нет")),))
        return record_workflow(
            self.part, title, sheet, sees=sees | marks | {oneself}, keeps=keeps, first="applied",
            serves=N_("Запись есть"), away=N_("Запись снята"),
            begin=Guard(keeps | {oneself} | system, stops={oneself: ahead, Who.SYSTEM: self._opened}), states=_STATES,
            transitions=(
                Transition("take_place", N_("Занять место"), ("applied",), free, (Target("active"),), Trigger.AUTOMATIC,
                           past=N_("Место занято")),
                Transition("queue", N_("Встать в лист ожидания"), ("applied",), full, (Target("waiting"),), Trigger.AUTOMATIC,
                           past=N_("Запись поставлена в лист ожидания")),
                Transition("move_up", N_("Занять освободившееся место"), ("waiting",), free, (Target("active"),), Trigger.AUTOMATIC,
                           past=N_("Освободилось место")),
                Transition("withdraw", N_("Отказаться от участия"), ("active", "waiting"), Guard(frozenset({oneself}), when=(ahead,)),
                           (Target("ended"),), past=N_("Отказ от участия")),
                Transition("check_in", N_("Отметиться на месте"), ("active",), Guard(system, when=(self._today,)), (Target("attended"),),
                           Trigger.CASCADE, past=N_("Отметка на месте по QR-коду")),
                Transition("attend", N_("Отметить присутствие"), ("active", "missed"), Guard(marks, when=(self.came,)),
                           (Target("attended"),), tone=Tone.PRIMARY, past=N_("Отмечено присутствие")),
                Transition("miss", N_("Отметить отсутствие"), ("active", "attended"), Guard(marks, when=(self.came,)), (Target("missed"),),
                           past=N_("Отмечено отсутствие")),
            ),
        )  # fmt: skip
