"""The register of document kinds: a transition's ``issues`` names a key, ``issuing`` finds here what to do with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from workflow_app.documents.content.snapshot import Material
from workflow_app.documents.docx.blocks import Document
from workflow_app.documents.kinds import (
    appeal_decision,
    appeal_notice,
    completion_act,
    consolidated_conclusion,
    covering_letter,
    expert_conclusion,
    expert_sheet,
    order,
    protocol,
    refusal_notice,
    term_notice,
)
from workflow_app.errors import N_, Broken, Sentence

Register = Literal["conclusions", "orders", "letters", "decisions", "acts", "protocols"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of document; ``register`` is the counter of its numbers, None where the case's number is enough."""

    key: str
    title: Sentence
    register: Register | None
    compose: Callable[[Material], Document]


_ALL: Final = (
    Kind(expert_sheet.KEY, N_("Экспертный лист"), None, expert_sheet.compose),
    Kind(expert_conclusion.KEY, N_("Экспертное заключение"), "conclusions", expert_conclusion.compose),
    Kind(
        consolidated_conclusion.KEY,
        N_("Сводное экспертное заключение"),
        "conclusions",
        consolidated_conclusion.compose,
    ),
    Kind(order.KEY, N_("Приказ об утверждении"), "orders", order.compose),
    Kind(covering_letter.KEY, N_("Сопроводительное письмо"), "letters", covering_letter.compose),
    Kind(term_notice.KEY, N_("Уведомление о сроке и форме аттестации"), "letters", term_notice.compose),
    Kind(appeal_decision.KEY, N_("Решение по апелляции"), "decisions", appeal_decision.compose),
    Kind(refusal_notice.KEY, N_("Уведомление об отказе в приёме документов"), "letters", refusal_notice.compose),
    Kind(appeal_notice.KEY, N_("Уведомление о рассмотрении апелляции"), "letters", appeal_notice.compose),
    Kind(completion_act.KEY, N_("Акт о завершении экспертизы"), "acts", completion_act.compose),
    Kind(protocol.KEY, N_("Протокол заседания"), "protocols", protocol.compose),
    Kind(protocol.OF_APPEAL, N_("Протокол апелляционной комиссии"), "protocols", protocol.compose_of_appeal),
)

KINDS: Final[Mapping[str, Kind]] = MappingProxyType({kind.key: kind for kind in _ALL})


def kind(key: str) -> Kind:
    """The kind of this key; an unknown key is a Broken."""
    if key not in KINDS:
        raise Broken(f"unknown kind of document: {key!r}")
    return KINDS[key]
