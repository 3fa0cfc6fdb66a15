"""The sheets of an assignment: the declaration before the material opens, the review itself, the answer to the conclusion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workflow_app import data
from workflow_app.errors import N_
from workflow_app.states.definitions.case.forms import Reason, SignedSheet
from workflow_app.states.forms import Choice, Problems, Sheet, ask, rule

YES_NO = (Choice("no", N_("нет")), Choice("yes", N_("да")))
_DECLARED = {
    "kinship": N_("Состоите ли вы с заявителем в родстве или близких отношениях?"),
    "subordination": N_("Подчинены ли вы заявителю или он вам?"),
    "mentoring": N_("Были ли вы наставником заявителя в последние три года?"),
    "consulted": N_("Консультировали ли вы заявителя по этому делу?"),
    "interest": N_("Есть ли у вас иная личная заинтересованность в результате?"),
}


@dataclass(frozen=True, kw_only=True)
class Invitation(Sheet):
    """What an assignment begins with: recorded by the server from the coordinator's invitation."""

    expert_id: int = ask(N_("Эксперт"), server=True)
    reason: str = ask(N_("Почему, несмотря на предупреждение"), server=True, required=False, default="")
    warnings: tuple[str, ...] = ask(N_("Предупреждения"), server=True, required=False, default=())
    lifted_by: str = ask(N_("Решение директора"), server=True, required=False, default="")


@dataclass(frozen=True, kw_only=True)
class Declaration(Sheet):
    """The conflict-of-interest declaration. No answer is not "no": every question must be answered (R17)."""

    kinship: str = ask(_DECLARED["kinship"], choices=YES_NO, widget="radio")
    subordination: str = ask(_DECLARED["subordination"], choices=YES_NO, widget="radio")
    mentoring: str = ask(_DECLARED["mentoring"], choices=YES_NO, widget="radio")
    consulted: str = ask(_DECLARED["consulted"], choices=YES_NO, widget="radio")
    interest: str = ask(_DECLARED["interest"], choices=YES_NO, widget="radio")
    confirmed: bool = ask(N_("Подтверждаю сведения. О возникших обстоятельствах сообщу сразу."))
    agreement: bool = ask(
        N_("Принимаю соглашение об использовании простой электронной подписи"),
        required=False,
        default=False,
        help=N_("Без соглашения листы подписываются на бумаге со сканом."),
    )

    @property
    def declared(self) -> tuple[str, ...]:
        """The questions answered with yes: each one is a hard bar."""
        return tuple(name for name in _DECLARED if getattr(self, name) == "yes")

    @rule
    def nothing_declared(self) -> Problems:
        """A declared conflict bars acceptance (domain.md 4): the expert refuses instead."""
        told = N_("При таком ответе принять приглашение нельзя: откажитесь с причиной «Конфликт интересов».")
        return dict.fromkeys(self.declared, (told,))


@dataclass(frozen=True, kw_only=True)
class LiftConflict(Sheet):
    """The director's recorded decision to let a colleague of the author review (domain.md 0a.13)."""

    reason: str = ask(
        N_("Почему эксперт может продолжать"), least=20, most=2000, long=True,
        help=N_("Например, других специалистов по этому предмету в муниципалитете нет. Обоснование останется в истории дела."),
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Refuse(Sheet):
    """An expert's refusal with a reason from the list."""

    cause: str = ask(N_("Причина отказа"), choices="refusal_reasons", widget="radio")
    comment: str = ask(N_("Пояснение"), required=False, most=1000, long=True, default="")

    @rule
    def explained(self) -> Problems:
        """Some reasons of the list say nothing until they are explained."""
        asked = {one["key"] for one in data.load("refusal_reasons")["reasons"] if one["asks_text"]}
        if self.cause in asked and not self.comment:
            return {"comment": (N_("К этой причине нужно пояснение: в чём она состоит."),)}
        return {}


@dataclass(frozen=True, kw_only=True)
class Recuse(Reason):
    """Self-recusal: access ends at once (R18)."""


@dataclass(frozen=True, kw_only=True)
class Remove(Reason):
    """The coordinator replaces an expert who works on the sheet."""


@dataclass(frozen=True, kw_only=True)
class VoidSheet(Reason):
    """A signed sheet is annulled, never edited (R28)."""


@dataclass(frozen=True, kw_only=True)
class CancelInvitation(Reason):
    """The coordinator takes an invitation back."""

    reason: str = ask(N_("Причина"), required=False, most=2000, long=True, default="")


@dataclass(frozen=True, kw_only=True)
class CallOff(Reason):
    """The case ended before the review: the system's."""


@dataclass(frozen=True, kw_only=True)
class Annul(Reason):
    """A decision on the case made the sheet void: the system's."""


@dataclass(frozen=True, kw_only=True)
class MarkAnswer(Sheet):
    """One criterion: points per indicator or a word, or "not applicable" with a reason; and the rationale (R20 to R22)."""

    points: Mapping[str, int] = ask(N_("Баллы"), required=False, default=None)
    word: str = ask(N_("Вывод по критерию"), required=False, default="")
    not_applicable: bool = ask(N_("Не применимо"), required=False, default=False)
    reason: str = ask(N_("Почему не применимо"), required=False, most=2000, long=True, default="")
    rationale: str = ask(N_("Обоснование"), required=False, most=5000, long=True, default="")


@dataclass(frozen=True, kw_only=True)
class ReviewSheet(SignedSheet):
    """The expert's sheet and conclusion (0a.7). Which criteria there are, the pinned criteria sheet says."""

    marks: Mapping[str, MarkAnswer] = ask(N_("Критерии"))
    verdict: str = ask(N_("Ваш вывод"), required=False, most=60, default="")
    note: str = ask(
        N_("Если вы не согласны с вычисленным выводом: почему"), required=False, most=3000, long=True, default=""
    )
    strengths: str = ask(N_("Сильные стороны"), least=20, most=8000, long=True)
    remarks: str = ask(N_("Замечания"), required=False, most=8000, long=True, default="")
    conclusions: str = ask(N_("Выводы"), least=20, most=8000, long=True)
    recommendations: str = ask(N_("Рекомендации"), required=False, most=8000, long=True, default="")


@dataclass(frozen=True, kw_only=True)
class Agree(SignedSheet):
    """The expert co-signs the consolidated conclusion (0a.8)."""


@dataclass(frozen=True, kw_only=True)
class Dissent(SignedSheet):
    """The expert signs with a dissenting opinion, which is printed."""

    opinion: str = ask(N_("Особое мнение"), least=50, most=5000, long=True)


@dataclass(frozen=True, kw_only=True)
class JoinCommon(SignedSheet):
    """A specialist agrees with the common result of an attestation."""


@dataclass(frozen=True, kw_only=True)
class DissentCommon(SignedSheet):
    """A specialist dissents from the common result."""

    opinion: str = ask(N_("Особое мнение"), least=50, most=5000, long=True)
