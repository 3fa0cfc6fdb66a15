"""The sheets of the ends: appeal, withdrawal, cancellation, corrections, re-issue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from workflow_app.errors import N_
from workflow_app.states.definitions.case.forms_signed import REASON, Reason, SignedSheet
from workflow_app.states.forms import Choice, Problems, Sheet, ask, rule


def _sits(values: Mapping[str, Any]) -> bool:
    """Whether the panel meets: a sitting has its day, hour and place, for the applicant learns them."""
    return bool(values["sitting"])


@dataclass(frozen=True, kw_only=True)
class Appeal(Sheet):
    """The applicant's appeal against the procedure of the centre."""

    text: str = ask(
        N_("С чем вы не согласны и почему"),
        least=50,
        most=10000,
        long=True,
        help=N_(
            "Апелляция на одно решение подаётся один раз. Её рассмотрят трое, не участвовавшие в деле; о решении придёт уведомление."
        ),
    )


@dataclass(frozen=True, kw_only=True)
class WaiveAppeal(Sheet):
    """The applicant will not appeal: the case need not wait for the term."""


@dataclass(frozen=True, kw_only=True)
class AppointPanel(Sheet):
    """Three uninvolved members of the appeal panel."""

    members: tuple[int, ...] = ask(
        N_("Члены апелляционной комиссии"), choices="panel_people", widget="checks", least=3, most=3
    )
    chair: int = ask(N_("Председатель комиссии"), choices="panel_people", widget="select")
    lifted: str = ask(
        N_("Почему включаете работника той же организации"), required=False, most=1000, long=True, default="",
        help=N_("Заполняется, если член комиссии работает там же, где заявитель или соавтор. Обоснование останется в истории дела."),
    )  # fmt: skip
    sitting: bool = ask(
        N_("Комиссия соберётся на заседание"), required=False, default=False,
        help=N_("Без отметки комиссия решает заочно, опросными листами. Заявитель узнает об этом из уведомления."),
    )  # fmt: skip
    sits_on: date | None = ask(N_("Дата заседания"), required=False, default=None, needed=_sits)
    sits_at: str = ask(
        N_("Время заседания"), required=False, default="", needed=_sits, help=N_("Например, 14:00."),
        pattern=r"([01]?\d|2[0-3]):[0-5]\d",
    )  # fmt: skip
    place: str = ask(N_("Место заседания"), required=False, most=300, default="", needed=_sits)

    @rule
    def chair_is_a_member(self) -> Problems:
        """The chair is one of the three."""
        if self.chair in self.members:
            return {}
        return {"chair": (N_("Председатель – один из трёх членов комиссии: отметьте и его."),)}

    @rule
    def a_poll_has_no_place(self) -> Problems:
        """A poll has neither a date nor a place."""
        if self.sitting or not (self.sits_on or self.sits_at or self.place):
            return {}
        return {"sitting": (N_("Отметьте, что будет заседание, или очистите его дату, время и место."),)}


@dataclass(frozen=True, kw_only=True)
class Vote(SignedSheet):
    """A panel member's vote with an opinion, signed."""

    grant: str = ask(
        N_("Ваше решение"),
        choices=(
            Choice("grant", N_("удовлетворить апелляцию")),
            Choice("dismiss", N_("отклонить апелляцию, решение оставить без изменения")),
        ),
        widget="radio",
    )
    opinion: str = ask(N_("Обоснование"), least=20, most=3000, long=True)


@dataclass(frozen=True, kw_only=True)
class DismissAppeal(Reason):
    """The panel leaves the conclusion as it is."""


@dataclass(frozen=True, kw_only=True)
class GrantAppeal(Reason):
    """The panel grants the appeal: new experts, the old ones barred, sheets annulled, the conclusion void."""


@dataclass(frozen=True, kw_only=True)
class WithdrawAppeal(Sheet):
    """The applicant takes the appeal back."""


@dataclass(frozen=True, kw_only=True)
class Withdraw(Sheet):
    """Withdrawal is free: a reason may be given."""

    reason: str = ask(REASON, required=False, most=2000, long=True, default="")


@dataclass(frozen=True, kw_only=True)
class Cancel(Reason):
    """An error of registration: nothing is deleted, the number stays taken (R34)."""


@dataclass(frozen=True, kw_only=True)
class AddDocuments(Sheet):
    """Additional documents in an attestation (R13): they join the materials as a new frozen version."""

    note: str = ask(N_("Что добавлено"), least=5, most=1000, long=True)


@dataclass(frozen=True, kw_only=True)
class Extend(Reason):
    """A longer term for the present step."""

    days: int = ask(N_("На сколько рабочих дней продлить"), least=1, most=60)


@dataclass(frozen=True, kw_only=True)
class HandOver(Sheet):
    """Who leads the case from now on; the same sheet serves one case and many."""

    coordinator_id: int | None = ask(
        N_("Кто ведёт дело дальше"), choices="coordinators", widget="select", required=False, default=None,
        help=N_("Пусто: дело увидят все координаторы, и никто не ведёт его один."),
    )  # fmt: skip
    reason: str = ask(N_("Почему"), required=False, most=1000, long=True, default="")


@dataclass(frozen=True, kw_only=True)
class Remind(Sheet):
    """A reminder by hand of what waits in a case: to everybody for whom it waits, or to the expert of one place."""

    only: int | None = ask(N_("Назначение эксперта"), server=True, required=False, default=None)


@dataclass(frozen=True, kw_only=True)
class Lapse(Sheet):
    """The author's term ran out."""


@dataclass(frozen=True, kw_only=True)
class Reissue(SignedSheet):
    """A new version of an issued document; the old one is replaced (R33)."""

    kind: str = ask(N_("Документ"), choices="issued_kinds", widget="radio")
    reason: str = ask(REASON, least=10, most=2000, long=True)
