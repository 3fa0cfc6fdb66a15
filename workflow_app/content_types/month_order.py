"""Orders of a month whose annex is cases: on the commissions before the review, on the conclusions after it (ADR 35)."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from workflow_app.content_types.awaited import Awaits
from workflow_app.content_types.behaviors import FileKind, Files, IssueDocument, Issues, Sole, TellsOfCases
from workflow_app.content_types.declaration import (
    ContentType,
    EndRecord,
    Listing,
    Numbered,
    OfRecord,
    SchoolYear,
    record_workflow,
)
from workflow_app.content_types.shared import KEEPERS, RESPONSIBLE
from workflow_app.errors import N_, Sentence
from workflow_app.states.definitions.case.forms_signed import Reason, SignedHere
from workflow_app.states.forms import Choice, Sheet, ask
from workflow_app.states.forms.plausibility import another_year
from workflow_app.states.standings import by_name
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
)

COMPOSITION, APPROVAL = "composition", "approval"
KINDS: Final = (
    Choice(COMPOSITION, N_("о составе комиссий, экспертных групп")), Choice(APPROVAL, N_("об утверждении заключений")),
)  # fmt: skip
ATTESTATION, EXPERTISE = "attestation", "expertise"
SCOPES: Final = (Choice(ATTESTATION, N_("аттестация")), Choice(EXPERTISE, N_("материалы, продукты, площадки")))
DOCUMENTS: Final = {COMPOSITION: "commissions_order", APPROVAL: "conclusions_order"}
"""The kind of document that an order of each kind is issued as."""
SIGNER: Final = by_name("order_signer", N_("подписывает приказ"))
_SEES: Final = KEEPERS | {SIGNER, RESPONSIBLE}
MOST: Final = 100  # cases in one order


@dataclass(frozen=True, kw_only=True)
class MonthOrder(OfRecord):
    """An order whose annex is cases. ``signer_id``: the chair of the working group, where the centre has set that; else the director."""

    title: str = ask(
        N_("Название"), least=5, most=300, help=N_("Для списков: «Об утверждении заключений, ноябрь 2026 г.».")
    )
    order_kind: str = ask(N_("О чём"), choices=KINDS)
    scope: str = ask(N_("По каким делам"), choices=SCOPES)
    month: date = ask(N_("Месяц"), widget="month", help=N_("Любой день этого месяца."))
    responsible_id: int | None = ask(
        N_("Исполнитель"), refers="person", stands="responsible", required=False, default=None,
        help=N_("Кому в приказе поручено ознакомить с ним или передать заключения. Пусто: такого пункта не будет."),
    )  # fmt: skip
    signer_id: int | None = ask(
        N_("Подписывает председатель рабочей группы"), refers="person", stands="order_signer", server=True, required=False, default=None
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class OrderedCase(OfRecord):
    """A case in the annex. ``once``: which place it takes, so that no other order in force takes the same."""

    case_id: int = ask(N_("Дело"), refers="case", unique=True)
    once: str | None = ask(N_("Место"), server=True, required=False, default=None)


@dataclass(frozen=True, kw_only=True)
class LeaveOrder(Sheet):
    """A case is taken out of the annex: it may stand in another order."""


@dataclass(frozen=True, kw_only=True)
class DropOrder(EndRecord):
    """A draft that nobody will sign: its cases are free."""


@dataclass(frozen=True, kw_only=True)
class EnterOrder(IssueDocument):
    """The order is signed by hand: it is issued under the number and the day of the paper journal, if they are typed (0a.9)."""

    number: str = ask(
        N_("Номер из бумажного журнала"),
        required=False,
        most=40,
        default="",
        help=N_("Пусто: следующий номер даст система."),
    )
    dated: date | None = ask(
        N_("Дата приказа"), required=False, default=None, doubt=another_year, help=N_("Пусто: сегодня.")
    )


@dataclass(frozen=True, kw_only=True)
class EnterComposition(EnterOrder):
    """The same of an order on commissions."""

    document: ClassVar[str] = DOCUMENTS[COMPOSITION]


@dataclass(frozen=True, kw_only=True)
class EnterApproval(EnterOrder):
    """The same of an order on conclusions: its cases are approved."""

    document: ClassVar[str] = DOCUMENTS[APPROVAL]


@dataclass(frozen=True, kw_only=True)
class SignComposition(SignedHere, EnterComposition):
    """An order on commissions signed by the password."""


@dataclass(frozen=True, kw_only=True)
class SignApproval(SignedHere, EnterApproval):
    """An order on conclusions signed by the password: its cases are approved."""


@dataclass(frozen=True, kw_only=True)
class ReissueComposition(SignedHere, IssueDocument):
    """Another version under the same number: the annex as it is today."""

    document: ClassVar[str] = DOCUMENTS[COMPOSITION]


@dataclass(frozen=True, kw_only=True)
class ReissueApproval(SignedHere, IssueDocument):
    """The same of an order on conclusions."""

    document: ClassVar[str] = DOCUMENTS[APPROVAL]


@dataclass(frozen=True, kw_only=True)
class CancelOrder(Reason):
    """A signed order is void, and with it what followed from it."""


_ACTS: Final = {
    COMPOSITION: (SignComposition, EnterComposition, ReissueComposition), APPROVAL: (SignApproval, EnterApproval, ReissueApproval),
}  # fmt: skip


def count(facts: Facts) -> int:
    """Return how many cases stand in an order."""
    return facts.parts.get(("ordered_case", "active"), 0)


def _summary(facts: Facts) -> tuple[Sentence, ...]:
    n = count(facts)
    return (N_("дел в приложении: %(n)s", n=n),) if n else (N_("дела не отобраны"),)


_FILLED = Condition(
    "it has cases", lambda facts: count(facts) > 0, N_("В приказе нет ни одного дела: отберите их."), N_("в приказе есть дела")
)  # fmt: skip
_DIRECTORS = Condition(
    "the director signs it", lambda facts: facts.values["signer_id"] is None,
    N_("Этот приказ подписывает председатель рабочей группы."), N_("приказ подписывает директор"),
)  # fmt: skip
_DRAFTED = Condition(
    "the order is a draft", lambda facts: (facts.root or facts).state == "active",
    N_("Состав приказа меняют, пока он проект. Верните его из подписания."), N_("приказ ещё проект"), of_whole=True,
)  # fmt: skip


def _is(kind: str) -> Condition:
    said = N_("Это приказ другого вида.")
    return Condition(f"it is an order of {kind}", lambda facts: facts.values["order_kind"] == kind, said, said)


def _signing(kind: str) -> tuple[Transition, ...]:
    """Return how an order of a kind is signed, entered as signed by hand, issued anew."""
    sign, enter, again = _ACTS[kind]
    by = Guard(frozenset({Who.DIRECTOR, SIGNER}), stops={Who.DIRECTOR: _DIRECTORS}, when=(_is(kind), _FILLED))
    to, issues = (Target("signed"),), (DOCUMENTS[kind],)
    return (
        Transition(f"sign_{kind}", N_("Подписать приказ"), ("offered",), by, to, asks=sign, signs=True, issues=issues, tone=Tone.PRIMARY,
                   past=N_("Приказ подписан"), done=N_("Приказ подписан.")),
        Transition(f"enter_{kind}", N_("Подписан на бумаге"), ("offered",),
                   dataclasses.replace(by, stops={}), to, asks=enter,
                   issues=issues, past=N_("Внесён приказ, подписанный на бумаге"), done=N_("Приказ внесён.")),
        Transition(f"reissue_{kind}", N_("Выпустить приказ заново"), ("signed",), by, asks=again, signs=True, issues=issues,
                   past=N_("Приказ выпущен заново"), done=N_("Приказ выпущен заново.")),
    )  # fmt: skip


def _for_good(flow: Workflow, *names: str) -> Workflow:
    """Return a workflow without these acts, whose archive is left by nothing: what was put away may not come back by itself."""
    kept = {name: one for name, one in flow.transitions.items() if name not in names}
    ended = dataclasses.replace(flow.states["ended"], final=True)
    return dataclasses.replace(flow, transitions=kept, states={**flow.states, "ended": ended})


def _workflow() -> Workflow:
    flow = record_workflow(
        "month_order", N_("Приказ по делам месяца"), MonthOrder, sees=_SEES, keeps=KEEPERS, serves=N_("Проект"), tone="draft",
        states=(State("offered", N_("На подписи"), N_("На подписи"), {}, tone="waiting"),
                State("signed", N_("Подписан"), N_("Подписан"), {}, tone="good"),
                State("void", N_("Отменён"), N_("Отменён"), {}, final=True, tone="stopped")),
        transitions=(
            Transition("offer", N_("Передать на подпись"), ("active",), Guard(KEEPERS, when=(_FILLED,)), (Target("offered"),),
                       tone=Tone.PRIMARY, past=N_("Приказ передан на подпись")),
            Transition("take_back", N_("Вернуть в проект"), ("offered",), Guard(KEEPERS | {SIGNER}), (Target("active"),),
                       past=N_("Приказ возвращён в проект")),
            *_signing(COMPOSITION), *_signing(APPROVAL),
            Transition("cancel_order", N_("Отменить приказ"), ("signed",), Guard(frozenset({Who.DIRECTOR})), (Target("void"),),
                       asks=CancelOrder, tone=Tone.DANGER, past=N_("Приказ отменён"),
                       means=N_("Документ станет недействителен. Дела, утверждённые этим приказом, вернутся на утверждение.")),
        ),
    )  # fmt: skip
    acts = flow.transitions
    kept = {
        "edit": dataclasses.replace(acts["edit"], sources=("active",)),
        "end": dataclasses.replace(acts["end"], sources=("active", "offered"), asks=DropOrder),
    }
    return dataclasses.replace(flow, transitions={**acts, **kept})


def _part() -> Workflow:
    flow = record_workflow(
        "ordered_case", N_("Дело приказа"), OrderedCase, sees=_SEES, keeps=KEEPERS, begin=Guard(KEEPERS, when=(_DRAFTED,)),
        serves=N_("В приказе"), away=N_("Исключено"),
        transitions=(
            Transition("exclude", N_("Исключить"), ("active",), Guard(KEEPERS, when=(_DRAFTED,)), (Target("ended"),), asks=LeaveOrder,
                       past=N_("Дело исключено из приказа")),
            Transition("free", N_("Освободить"), ("active",), Guard(frozenset({Who.SYSTEM})), (Target("ended"),), Trigger.CASCADE,
                       asks=LeaveOrder, past=N_("Дело больше не стоит в этом приказе")),
        ),
    )  # fmt: skip
    return _for_good(flow, "edit", "end", "restore")


MONTH_ORDER = ContentType(
    key="month_order", titles=(N_("Приказ по делам"), N_("Приказы по делам"), N_("Новый приказ по делам")), sheet=MonthOrder,
    title="title",
    about=N_("Здесь приказы месяца, у которых приложение – дела: о составе комиссий и об утверждении заключений. Дело, утверждённое таким "
             "приказом, своего приказа не выпускает."),
    workflow=_workflow(),
    behaviors=(Numbered(letter="ПД"), SchoolYear(by="month"),
               Files((FileKind("scan", N_("Приказ с подписью"), 3),)),
               Issues((), by=frozenset({Who.DIRECTOR}), readers=frozenset({SIGNER, RESPONSIBLE})),  # its own acts issue
               TellsOfCases("ordered_case", "case_id", issued=("signed", "void"))),
    group="documents", icon="stamp", summary=_summary, panels=("month_order",), presses=frozenset({"offer", "take_back"}),
    room=("papers.order_cases", N_("Дела приказа")),
    listing=Listing(("title", "number", "order_kind", "scope", "month"), ("state", "order_kind", "scope"), ("title",), "-month"),
    awaits=(
        Awaits(f"sign_{COMPOSITION}", (SIGNER, Who.DIRECTOR), N_("Подписать приказ по делам"), on_card=True),
    ),
)  # fmt: skip
ORDERED_CASES = ContentType(
    key="ordered_case", within="month_order", titles=(N_("Дело в приказе"), N_("Дела в приложении"), N_("Добавить дело")),
    sheet=OrderedCase, title="case_id",
    about=N_("Отберите дела на странице «Дела приказа»: там видно, какие готовы и почему не готовы другие."),
    workflow=_part(), behaviors=(Sole("once"),), presses=frozenset({"exclude"}),
    listing=Listing(("case_id",), ("state",), (), "id"),
)  # fmt: skip
