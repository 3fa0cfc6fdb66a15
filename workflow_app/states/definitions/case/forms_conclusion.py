"""The sheets of review and conclusion: a discrepancy, the text, the verdict, the approval, the commission."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow_app.errors import N_
from workflow_app.states.definitions.case.forms_signed import REASON, Reason, SignedSheet
from workflow_app.states.forms import Choice, Moves, Problems, Sheet, ask, rule
from workflow_app.states.forms.plausibility import another_year


@dataclass(frozen=True, kw_only=True)
class Diverge(Sheet):
    """The system's: a discrepancy was found; nothing is asked."""


@dataclass(frozen=True, kw_only=True)
class DraftCommonResult(Sheet):
    """The reasoned common result that the lead specialist proposes to the others."""

    verdict: str = ask(N_("Общий вывод"), choices="verdicts", widget="radio")
    reasoning: str = ask(N_("Обоснование общего вывода"), least=50, most=5000, long=True)


@dataclass(frozen=True, kw_only=True)
class CommonResult(SignedSheet):
    """The common result takes effect once every specialist has agreed or dissented."""


@dataclass(frozen=True, kw_only=True)
class SettleWithout(Reason):
    """The director settles a discrepancy for want of an expert."""


@dataclass(frozen=True, kw_only=True)
class ConclusionText(Sheet):
    """The text of the consolidated conclusion, sent to every counted expert to sign."""

    strengths: str = ask(N_("Сильные стороны"), least=20, most=8000, long=True)
    remarks: str = ask(N_("Замечания"), required=False, most=8000, long=True, default="")
    conclusions: str = ask(N_("Выводы"), least=20, most=8000, long=True)
    recommendations: str = ask(N_("Рекомендации"), required=False, most=8000, long=True, default="")


@dataclass(frozen=True, kw_only=True)
class Propose(Sheet):
    """The verdict that goes to the director; another than the rule's needs a reason (R29)."""

    verdict: str = ask(N_("Вывод"), choices="verdicts", widget="radio")
    deviation: str = ask(
        N_("Почему вывод отличается от правила"), required=False, most=3000, long=True, default="",
        help=N_("Заполняется, если вывод не совпадает с вычисленным. Директор увидит это объяснение."),
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class SendBack(Sheet):
    """Sheets named here become void and their experts write them anew."""

    assignments: tuple[int, ...] = ask(N_("Какие листы вернуть"), choices="signed_sheets", widget="checks", most=10)
    reason: str = ask(REASON, least=20, most=2000, long=True)


@dataclass(frozen=True, kw_only=True)
class ReturnText(Reason):
    """The director returns the text of the conclusion; the sheets stay."""


@dataclass(frozen=True, kw_only=True)
class Approve(SignedSheet):
    """The director's approval; number and date may be typed from the paper journal (0a.9)."""

    number: str = ask(N_("Номер приказа или письма из бумажного журнала"), required=False, most=40, default="")
    dated: date | None = ask(N_("Дата приказа или письма"), required=False, default=None, doubt=another_year)


@dataclass(frozen=True, kw_only=True)
class ApprovedByOrder(Sheet):
    """An order of the month that names the case was signed; which one."""

    order_id: int = ask(N_("Приказ"), server=True)
    order: str = ask(N_("Приказ"), server=True)


@dataclass(frozen=True, kw_only=True)
class NamedByOrder(Moves):
    """An order of the month on the commissions names the case: its number and day, as it was issued; or it was cancelled."""

    order_id: int = ask(N_("Приказ"), server=True)
    number: str = ask(N_("Номер приказа"), server=True)
    dated: date = ask(N_("Дата приказа"), server=True)


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(Reason):
    """The order that approved the case was cancelled: it waits for its approval again."""


APPROVING_BODIES = (
    Choice("council", N_("экспертный совет: протокол")),
    Choice("department", N_("управление образования: письмо")),
    Choice("person", N_("другое лицо, не из рабочей группы: письмо")),
)


@dataclass(frozen=True, kw_only=True)
class ApproveOutside(Sheet):
    """The approval of the centre's own work: given by a body or a person outside it, and recorded here with its ground."""

    body: str = ask(N_("Кто утвердил"), choices=APPROVING_BODIES, widget="radio")
    number: str = ask(
        N_("Номер протокола или письма"), most=40, pattern=r"[\w/.-]+", help=N_("Без знака №, например «7» или «01-12/345»."),
    )  # fmt: skip
    dated: date = ask(N_("Дата протокола или письма"))
    signatory: str = ask(
        N_("Кто подписал"),
        least=5,
        most=200,
        help=N_("Должность и фамилия: председатель совета, начальник управления. Не из рабочей группы и не автор."),
    )
    authority: str = ask(
        N_("Почему утверждает это лицо"), required=False, most=300, default="",
        help=N_("Для другого лица: кто и каким документом ему это поручил, номер и дата."),
    )  # fmt: skip

    @rule
    def a_person_has_authority(self) -> Problems:
        """Whoever approves as a person was entrusted with it by a paper."""
        if self.body == "person" and len(self.authority) < 10:  # noqa: PLR2004 - a word is no ground
            return {"authority": (N_("Назовите, кто и каким документом поручил этому лицу утвердить заключение."),)}
        return {}


@dataclass(frozen=True, kw_only=True)
class AskRevision(Sheet):
    """The author chooses to revise instead of to appeal."""

    plan: str = ask(N_("Что планируете доработать"), required=False, most=2000, long=True, default="")


@dataclass(frozen=True, kw_only=True)
class Send(Sheet):
    """Handing over to the attestation commission."""

    sent_on: date = ask(N_("Дата передачи"), doubt=another_year)
    note: str = ask(N_("Кому и как передано"), required=False, most=500, default="")


@dataclass(frozen=True, kw_only=True)
class RecordDecision(Sheet):
    """What the commission decided: recorded, never made here (R2)."""

    decision: str = ask(
        N_("Решение"),
        choices=(
            Choice("establish", N_("категория установлена")),
            Choice("refuse", N_("в установлении категории отказано")),
        ),
        widget="radio",
    )
    protocol_number: str = ask(N_("Номер протокола"), most=60)
    protocol_date: date = ask(N_("Дата протокола"), doubt=another_year)
    order_number: str = ask(N_("Номер распорядительного акта"), most=60)
    order_date: date = ask(N_("Дата распорядительного акта"), doubt=another_year)

    @rule
    def order_after_protocol(self) -> Problems:
        """An order cannot be older than the protocol it puts in force."""
        if self.order_date < self.protocol_date:
            return {"order_date": (N_("Распорядительный акт не может быть раньше протокола."),)}
        return {}


@dataclass(frozen=True, kw_only=True)
class CorrectRecord(RecordDecision):
    """A correction of the record, with a reason."""

    reason: str = ask(REASON, least=10, most=2000, long=True)


FOLLOWED = (
    Choice("yes", N_("принято по рекомендации экспертов")),
    Choice("partly", N_("принято с отступлениями от рекомендации")),
    Choice("no", N_("решено иначе, чем рекомендовали эксперты")),
)


@dataclass(frozen=True, kw_only=True)
class RecordAct(Sheet):
    """The act of the body that decides on what a conclusion only advises: recorded, never made here."""

    body: str = ask(
        N_("Кто принял решение"), least=3, most=300, help=N_("Орган или должностное лицо, например «Управление образования»."),
    )  # fmt: skip
    number: str = ask(N_("Номер акта"), most=40, pattern=r"[\w/.-]+", help=N_("Без знака №."))
    dated: date = ask(N_("Дата акта"), doubt=another_year)
    decision: str = ask(N_("Что решено"), least=10, most=3000, long=True)
    followed: str = ask(N_("Решение и рекомендация"), choices=FOLLOWED, widget="radio")


@dataclass(frozen=True, kw_only=True)
class CorrectAct(RecordAct):
    """A correction of the record, with a reason."""

    reason: str = ask(REASON, least=10, most=2000, long=True)


@dataclass(frozen=True, kw_only=True)
class Recall(Reason):
    """The commission returned the set."""
