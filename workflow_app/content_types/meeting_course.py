"""The course of a meeting: called, held with its quorum or openly without one, the protocol signed; what decides and what is said."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date
from typing import Final

from workflow_app.content_types.declaration import OfRecord, record_workflow
from workflow_app.content_types.shared import KEEPERS, RESPONSIBLE, STAFF
from workflow_app.errors import N_, Sentence
from workflow_app.states.forms import Sheet, ask
from workflow_app.states.standings import by_name
from workflow_app.states.vocabulary import Condition, Facts, Guard, State, Target, Tone, Transition, Workflow

DOES: Final = KEEPERS | {RESPONSIBLE}
MEETING_MEMBER: Final = by_name("meeting_member", N_("участник заседания"))
SPEAKER: Final = by_name("speaker", N_("докладчик"))
INVITED: Final = frozenset({MEETING_MEMBER, SPEAKER})
"""Who is called to a meeting: its members, who read the whole agenda, and speakers, who read their own questions."""
EXECUTOR: Final = by_name("executor", N_("исполнитель решения"))
AHEAD, HELD = ("active", "invited"), ("held", "signed")
"""The states of a meeting that is ahead, and of one that has been held."""
SEES: Final = STAFF | {RESPONSIBLE} | INVITED
"""Who sees what stands in a meeting."""


@dataclass(frozen=True, kw_only=True)
class ListMembers(Sheet):
    """The members of the body on the meeting's day enter the list of who takes part."""


@dataclass(frozen=True, kw_only=True)
class AllCame(Sheet):
    """Everybody of whom nothing is marked was there: then only who was absent is marked one by one."""


@dataclass(frozen=True, kw_only=True)
class EntrustAll(Sheet):
    """Every decision with somebody to carry it out becomes that person's task."""


@dataclass(frozen=True, kw_only=True)
class MeetingHeld(OfRecord):
    """The meeting took place, and there was a quorum."""


@dataclass(frozen=True, kw_only=True)
class MeetingHeldWithout(MeetingHeld):
    """The meeting took place without a quorum; what follows from that."""

    ground: str = ask(
        N_("Почему без кворума"), least=5, most=500, long=True,
        help=N_("Что с решениями: вопросы перенесены, решения носят рекомендательный характер.")
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ProtocolSigned(OfRecord):
    """The protocol was signed by the chair and the secretary."""

    signed_on: date = ask(N_("Дата подписания"))
    paper: str = ask(
        N_("Номер протокола на бумаге"),
        required=False,
        most=50,
        default="",
        help=N_("Только если протокол составлен не в системе."),
    )


def turnout(facts: Facts) -> tuple[int, int, int]:
    """Return how many members of a meeting are there, how many there are, and how many its quorum needs."""
    parts = {state: n for (kind, state), n in facts.parts.items() if kind == "meeting_member" and state != "ended"}
    members = sum(parts.values())
    return parts.get("attended", 0), members, -(-members * int(facts.values.get("quorum") or 0) // 100)


def _is_there(facts: Facts) -> bool:
    came, members, needed = turnout(facts)
    return members > 0 and came >= max(needed, 1)


def _lacking(facts: Facts) -> Sentence:
    came, members, needed = turnout(facts)
    if not members:
        return N_("Участники заседания не внесены: о кворуме сказать нечего.")
    return N_(
        "Кворума нет: присутствующих %(n)s из %(of)s, нужно не меньше %(needed)s.", n=came, of=members, needed=needed
    )


QUORUM: Final = Condition("there is a quorum", _is_there, _lacking, N_("есть кворум"))
WITHOUT: Final = Condition(
    "there is no quorum", lambda facts: not _is_there(facts), N_("Кворум есть: отметьте, что заседание состоялось."), N_("кворума нет")
)  # fmt: skip
_COME: Final = Condition(
    "its day has come", lambda facts: facts.values["on"] <= facts.today, N_("День заседания ещё не наступил."),
    N_("день заседания наступил"),
)  # fmt: skip
_LISTED: Final = Condition(
    "somebody is invited", lambda facts: turnout(facts)[1] > 0, N_("Приглашать некого: внесите состав или добавьте участников."),
    N_("есть кого пригласить"),
)  # fmt: skip
_UNMARKED: Final = Condition(
    "somebody is not marked", lambda facts: facts.parts.get(("meeting_member", "active"), 0) > 0, N_("Отмечены все."),
    N_("есть неотмеченные"),
)  # fmt: skip
_GIVEN: Final = Condition(
    "decisions are not tasks yet", lambda facts: facts.parts.get(("meeting_decision", "active"), 0) > 0, N_("Новых решений нет."),
    N_("есть неотправленные решения"),
)  # fmt: skip
IS_AHEAD: Final = Condition(
    "the meeting is ahead", lambda facts: (facts.root or facts).state in AHEAD, N_("Заседание уже проведено."), N_("заседание не проведено")
)  # fmt: skip
WAS_HELD: Final = Condition(
    "the meeting was held", lambda facts: (facts.root or facts).state in HELD, N_("Заседание ещё не проведено."), N_("заседание проведено")
)  # fmt: skip
NOT_SIGNED: Final = Condition(
    "the protocol is not signed", lambda facts: (facts.root or facts).state != "signed", N_("Протокол уже подписан."),
    N_("протокол не подписан"),
)  # fmt: skip


def said_of(facts: Facts) -> tuple[Sentence, ...]:
    """Say in a line how many are there and whether that is a quorum."""
    came, members, needed = turnout(facts)
    said: list[Sentence] = []
    if members and (facts.state in HELD or came):
        said.append(N_("присутствующих: %(n)s из %(of)s", n=came, of=members))
        said.append(N_("кворум есть") if _is_there(facts) else N_("кворума нет, нужно %(n)s", n=needed))
    elif members:
        said.append(N_("участников: %(n)s", n=members))
    if facts.values.get("ground"):
        said.append(N_("без кворума: %(why)s", why=facts.values["ground"]))
    if facts.values.get("paper"):
        said.append(N_("протокол на бумаге № %(n)s", n=facts.values["paper"]))
    return tuple(said)


def kept_while(condition: Condition, acts: tuple[str, ...], flow: Workflow) -> Workflow:
    """Return a workflow some of whose acts need a condition besides: what a protocol tells is corrected before it is signed alone."""
    made = dict(flow.transitions)
    for one in acts:
        guard = made[one].guard
        made[one] = dataclasses.replace(made[one], guard=dataclasses.replace(guard, when=(*guard.when, condition)))
    return dataclasses.replace(flow, transitions=made)


def meeting_workflow(sheet: type[OfRecord]) -> Workflow:
    """Return the workflow of a meeting whose fields are those of ``sheet``."""
    return record_workflow(
        "meeting", N_("Заседание"), sheet, sees=SEES | {EXECUTOR}, keeps=KEEPERS,
        serves=N_("Запланировано"), tone="waiting",
        states=(
            State("invited", N_("Участники приглашены"), N_("Участники приглашены"), {}, tone="info"),
            State("held", N_("Проведено"), N_("Проведено"), {}, tone="attention"),
            State("signed", N_("Протокол подписан"), N_("Протокол подписан"), {}, tone="good"),
        ),
        transitions=(
            Transition("list_members", N_("Внести состав"), AHEAD, Guard(DOES), asks=ListMembers, past=N_("Внесён состав")),
            Transition("invite", N_("Пригласить"), ("active",), Guard(DOES, when=(_LISTED,)), (Target("invited"),),
                       past=N_("Участники приглашены")),
            Transition("invite_again", N_("Напомнить о заседании"), ("invited",), Guard(DOES), past=N_("Отправлено напоминание")),
            Transition("all_came", N_("Присутствуют все"), AHEAD, Guard(DOES, when=(_COME, _UNMARKED)), asks=AllCame,
                       past=N_("Отмечены все, кто не был отмечен")),
            Transition("hold", N_("Заседание состоялось"), AHEAD, Guard(DOES, when=(_COME, QUORUM)), (Target("held"),), asks=MeetingHeld,
                       tone=Tone.PRIMARY, past=N_("Заседание проведено, кворум есть")),
            Transition("hold_without", N_("Состоялось без кворума"), AHEAD, Guard(DOES, when=(_COME, WITHOUT)), (Target("held"),),
                       asks=MeetingHeldWithout, past=N_("Заседание проведено без кворума")),
            Transition("reopen", N_("Исправить ход заседания"), ("held",), Guard(DOES), (Target("active"),),
                       past=N_("Заседание возвращено к исправлению")),
            Transition("entrust_all", N_("Поручить исполнителям"), HELD, Guard(DOES, when=(_GIVEN,)), asks=EntrustAll,
                       past=N_("Решения поручены исполнителям")),
            Transition("sign", N_("Протокол подписан"), ("held",), Guard(DOES), (Target("signed"),), asks=ProtocolSigned,
                       tone=Tone.PRIMARY, past=N_("Протокол подписан")),
        ),
    )  # fmt: skip
