"""The sides by which cases are counted, with their words. A number is a count of cases under a condition on sides.

The filters of the list of cases have the same names and values, so that every number leads to its rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from workflow_app.errors import N_, Sentence

ALL: Final = "all"
"""The value of ``stage`` that asks for whatever was submitted: a draft is counted nowhere."""

_STAGES: Final[tuple[tuple[str, Sentence, tuple[str, ...]], ...]] = (
    ("intake", N_("Приём документов"), ("submitted", "registered", "returned")),
    ("assigning", N_("Назначение экспертов"), ("assigning",)),
    ("review", N_("Экспертиза"), ("in_review", "third_review")),
    ("conclusion", N_("Заключение"), ("consolidation", "on_approval")),
    ("after", N_("После утверждения"), ("approved", "sent_to_commission", "decided", "on_revision")),
    ("appeal", N_("Апелляция"), ("appealed",)),
    ("ended", N_("Завершено"), ("closed", "archived")),
    ("stopped", N_("Отказано, отозвано, аннулировано"), ("declined", "withdrawn", "cancelled")),
)
STAGES: Final[Mapping[str, Sentence]] = MappingProxyType({key: words for key, words, _states in _STAGES})
"""Stages of the road: states that people tell in one word."""
STATES_OF: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({key: states for key, _words, states in _STAGES})
STAGE_OF: Final[Mapping[str, str]] = MappingProxyType({one: key for key, _words, many in _STAGES for one in many})
OPEN: Final = ("intake", "assigning", "review", "conclusion", "after", "appeal")
"""The stages of cases under way."""
OPEN_STATES: Final = tuple(state for stage in OPEN for state in STATES_OF[stage])
TIMED: Final[Mapping[str, Sentence]] = MappingProxyType({
    "submitted": N_("Регистрация"), "registered": N_("Проверка комплектности"), "returned": N_("Устранение замечаний"),
    "assigning": N_("Назначение экспертов"), "in_review": N_("Экспертиза"), "third_review": N_("Дополнительная экспертиза"),
    "consolidation": N_("Подготовка заключения"), "on_approval": N_("Утверждение"),
    "sent_to_commission": N_("Решение комиссии"), "on_revision": N_("Доработка"), "appealed": N_("Апелляция"),
})  # fmt: skip
"""The states whose lengths are compared: somebody works there."""

AGES: Final[Mapping[str, Sentence]] = MappingProxyType({
    "week": N_("до недели"), "fortnight": N_("8–14 дней"), "month": N_("15–30 дней"), "two": N_("31–60 дней"),
    "more": N_("больше 60 дней"),
})  # fmt: skip
"""How long a case has stood in its state, in calendar days."""
AGE_DAYS: Final[Mapping[str, int]] = MappingProxyType({"week": 7, "fortnight": 14, "month": 30, "two": 60})
"""The last day of each of them; ``more`` has none."""
LONG: Final = ("two", "more")

TURNS: Final[Mapping[str, Sentence]] = MappingProxyType({
    "coordinator": N_("координаторы"), "expert": N_("эксперты"), "lead": N_("ведущие специалисты"), "director": N_("директор"),
    "applicant": N_("заявители"), "panel": N_("апелляционная комиссия"),
    "on_behalf": N_("координаторы за заявителей"), "nobody": N_("другие органы"),
})  # fmt: skip
"""Whose turn it is; ``nobody``: no role of the centre's."""

VERDICTS: Final[Mapping[str, Sentence]] = MappingProxyType({
    "positive": N_("Положительные"), "revise": N_("На доработку"), "negative": N_("Отрицательные"),
})  # fmt: skip
"""What an approved conclusion comes to, whatever its criteria call it."""

APPEALS: Final[Mapping[str, Sentence]] = MappingProxyType({
    "any": N_("Апелляция подавалась"), "now": N_("Рассматривается"), "over": N_("Рассмотрена или отозвана"),
})  # fmt: skip


def side_words(name: str, value: str) -> Sentence | None:
    """Return the words of a filter that has come from a number; None for what is no value of that side."""
    told: Mapping[str, Mapping[str, Sentence]] = {
        "stage": {ALL: N_("Поданные"), **STAGES}, "open": {"yes": N_("В работе")}, "age": AGES, "turn": TURNS,
        "verdict": {"any": N_("Заключение утверждено"), **VERDICTS}, "appeal": APPEALS,
    }  # fmt: skip
    return told.get(name, {}).get(value)
