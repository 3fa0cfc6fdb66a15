"""The sheets of a case's transitions: what each of them asks. One class per transition that has an effect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from workflow_app.errors import N_
from workflow_app.states.sheets import Choice, Problems, Sheet, ask

CHANNELS = (
    Choice("web", N_("через систему")),
    Choice("paper", N_("лично, на бумаге")),
    Choice("post", N_("почтой")),
    Choice("gosuslugi", N_("Госуслуги")),
    Choice("kais", N_("КАИС «Аттестация»")),
    Choice("school", N_("через образовательную организацию")),
)
HOW_SIGNED = (
    Choice("simple", N_("простой электронной подписью: ввести пароль ещё раз")),
    Choice("paper", N_("на бумаге: распечатать, подписать и приложить скан")),
)
_REASON = N_("Причина")


@dataclass(frozen=True, kw_only=True)
class NewCase(Sheet):
    """What opens a case: its type and a working title; the rest is filled in the draft."""

    case_type: str = ask(N_("Вид экспертизы"), choices="case_types", widget="cards")
    title: str = ask(N_("Название"), least=10, most=300, help=N_("Например, название материала или цель заявления."))


@dataclass(frozen=True, kw_only=True)
class NewCaseOnBehalf(NewCase):
    """A case entered by a coordinator for a teacher who came by another way (domain.md 0a.1)."""

    applicant_id: int = ask(N_("Заявитель"), choices="people")
    channel: str = ask(N_("Как поступило"), choices=CHANNELS[1:])


@dataclass(frozen=True, kw_only=True)
class SignedSheet(Sheet):
    """A sheet that is signed: by the password typed again, or on paper with the scan attached (R35, 0a.9)."""

    how: str = ask(N_("Как подписать"), choices=HOW_SIGNED, widget="radio", default="simple")
    scan: str = ask(N_("Скан листа с подписью, SHA-256"), required=False, server=True, default="")
    scan_name: str = ask(N_("Имя файла скана"), required=False, server=True, default="")

    def problems(self) -> Problems:
        """A paper original is nothing without its scan."""
        if self.how == "paper" and not self.scan:
            return {"scan": (N_("Приложите скан листа с подписью."),)}
        return {}


@dataclass(frozen=True, kw_only=True)
class Reason(Sheet):
    """A reason in words. Subclasses name the transition whose effect they carry."""

    reason: str = ask(_REASON, least=10, most=2000, long=True)


@dataclass(frozen=True, kw_only=True)
class Register(Sheet):
    """Registration: when the papers reached the centre and under what number of theirs."""

    received_at: date = ask(N_("Дата поступления"), help=N_("С этой даты идут сроки рассмотрения."))
    outside_number: str = ask(N_("Номер Госуслуг, КАИС или исходящий номер"), required=False, most=100, default="")


@dataclass(frozen=True, kw_only=True)
class FieldRemark(Sheet):
    """One remark to one field or attachment of the case form."""

    field: str = ask(N_("Поле или документ"), choices="form_fields")
    text: str = ask(N_("Что исправить"), least=5, most=1000, long=True)


@dataclass(frozen=True, kw_only=True)
class ReturnRemarks(Sheet):
    """Return for completion: a remark per field (domain.md 5)."""

    remarks: tuple[FieldRemark, ...] = ask(N_("Замечания по полям"), required=False, most=60, default=())
    general: str = ask(N_("Общее замечание"), required=False, most=2000, long=True, default="")

    def problems(self) -> Problems:
        """A return without a remark tells the teacher nothing."""
        if not self.remarks and not self.general:
            return {"general": (N_("Напишите хотя бы одно замечание."),)}
        return {}


@dataclass(frozen=True, kw_only=True)
class Decline(Sheet):
    """Refusal to accept the documents on a ground of the closed list (R7)."""

    ground: str = ask(N_("Основание отказа"), choices="decline_grounds", widget="radio")
    comment: str = ask(N_("Пояснение заявителю"), least=20, most=2000, long=True)


@dataclass(frozen=True, kw_only=True)
class ProposeDecline(Decline):
    """The coordinator's half of a refusal that the director confirms (attestation)."""


@dataclass(frozen=True, kw_only=True)
class ConfirmDecline(Sheet):
    """The director's half: the ground stands as proposed."""


@dataclass(frozen=True, kw_only=True)
class RefuseDecline(Reason):
    """The director does not agree with the proposed refusal."""


@dataclass(frozen=True, kw_only=True)
class NoExpert(Reason):
    """Nobody can review: every expert refused."""


@dataclass(frozen=True, kw_only=True)
class Start(Sheet):
    """The set is complete; experts may be invited."""

    names_checked: bool = ask(
        N_("Имена обучающихся обезличены или есть согласия законных представителей"),
        required=False,
        default=False,
        help=N_("Отметьте, если в материалах есть сведения об обучающихся."),
    )


@dataclass(frozen=True, kw_only=True)
class StartAttestation(Start):
    """The same for an attestation: its date is set and the notice goes out (R8, R13)."""

    attestation_on: date = ask(N_("Дата аттестации"), help=N_("Уведомление заявителю уйдёт сразу после сохранения."))
    place: str = ask(N_("Форма и место"), most=300, default="")


@dataclass(frozen=True, kw_only=True)
class InviteOne(Sheet):
    """One invitation; a warning needs a reason (R16), a bar that the director may lift needs the decision."""

    expert_id: int = ask(N_("Эксперт"))
    reason: str = ask(N_("Почему, несмотря на предупреждение"), required=False, most=1000, long=True, default="")
    lifted_by: str = ask(N_("Решение директора о снятии запрета: номер и дата"), required=False, most=200, default="")


@dataclass(frozen=True, kw_only=True)
class Invite(Sheet):
    """Invitations, several at once; the server computes the conflicts anew (R15)."""

    experts: tuple[InviteOne, ...] = ask(N_("Эксперты"), most=10)


@dataclass(frozen=True, kw_only=True)
class NameLead(Sheet):
    """The lead specialist of an attestation's three."""

    expert_id: int = ask(N_("Ведущий специалист"), choices="case_experts", widget="radio")


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
    reason: str = ask(_REASON, least=20, most=2000, long=True)


@dataclass(frozen=True, kw_only=True)
class ReturnText(Reason):
    """The director returns the text of the conclusion; the sheets stay."""


@dataclass(frozen=True, kw_only=True)
class Approve(SignedSheet):
    """The director's approval; number and date may be typed from the paper journal (0a.9)."""

    number: str = ask(N_("Номер приказа или письма из бумажного журнала"), required=False, most=40, default="")
    dated: date | None = ask(N_("Дата приказа или письма"), required=False, default=None)


@dataclass(frozen=True, kw_only=True)
class AskRevision(Sheet):
    """The author chooses to revise instead of to appeal."""

    plan: str = ask(N_("Что планируете доработать"), required=False, most=2000, long=True, default="")


@dataclass(frozen=True, kw_only=True)
class Send(Sheet):
    """Handing over to the attestation commission."""

    sent_on: date = ask(N_("Дата передачи"))
    note: str = ask(N_("Кому и как передано"), required=False, most=500, default="")


@dataclass(frozen=True, kw_only=True)
class RecordDecision(Sheet):
    """What the commission decided: recorded, never made here (R2)."""

    decision: str = ask(
        N_("Решение"),
        choices=(Choice("establish", N_("установить")), Choice("refuse", N_("отказать"))),
        widget="radio",
    )
    protocol_number: str = ask(N_("Номер протокола"), most=60)
    protocol_date: date = ask(N_("Дата протокола"))
    order_number: str = ask(N_("Номер распорядительного акта"), most=60)
    order_date: date = ask(N_("Дата распорядительного акта"))

    def problems(self) -> Problems:
        """An order cannot be older than the protocol it puts in force."""
        if self.order_date < self.protocol_date:
            return {"order_date": (N_("Распорядительный акт не может быть раньше протокола."),)}
        return {}


@dataclass(frozen=True, kw_only=True)
class CorrectRecord(RecordDecision):
    """A correction of the record, with a reason."""

    reason: str = ask(_REASON, least=10, most=2000, long=True)


@dataclass(frozen=True, kw_only=True)
class Recall(Reason):
    """The commission returned the set."""


@dataclass(frozen=True, kw_only=True)
class Appeal(Sheet):
    """The applicant's appeal against the procedure of the centre."""

    text: str = ask(N_("С чем вы не согласны и почему"), least=50, most=10000, long=True)


@dataclass(frozen=True, kw_only=True)
class WaiveAppeal(Sheet):
    """The applicant will not appeal: the case need not wait for the term."""


@dataclass(frozen=True, kw_only=True)
class AppointPanel(Sheet):
    """Three uninvolved members of the appeal panel."""

    members: tuple[int, ...] = ask(N_("Члены апелляционной комиссии"), choices="panel_people", widget="checks", least=3, most=3)


@dataclass(frozen=True, kw_only=True)
class Vote(SignedSheet):
    """A panel member's vote with an opinion, signed."""

    grant: str = ask(
        N_("Ваше решение"),
        choices=(Choice("grant", N_("удовлетворить апелляцию")), Choice("dismiss", N_("оставить заключение без изменения"))),
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

    reason: str = ask(_REASON, required=False, most=2000, long=True, default="")


@dataclass(frozen=True, kw_only=True)
class Cancel(Reason):
    """An error of registration: nothing is deleted, the number stays taken (R34)."""


@dataclass(frozen=True, kw_only=True)
class AddDocuments(Sheet):
    """Additional documents in an attestation (R13): they join the materials as a new frozen version."""

    note: str = ask(N_("Что добавлено"), least=5, most=1000, long=True)


@dataclass(frozen=True, kw_only=True)
class Amend(Reason):
    """A correction of the card by the coordinator, with what stood before."""

    title: str = ask(N_("Название"), least=10, most=300)
    outside_number: str = ask(N_("Внешний номер"), required=False, most=100, default="")


@dataclass(frozen=True, kw_only=True)
class Extend(Reason):
    """A longer term for the present step."""

    days: int = ask(N_("На сколько рабочих дней продлить"), least=1, most=60)


@dataclass(frozen=True, kw_only=True)
class Lapse(Sheet):
    """The author's term ran out."""


@dataclass(frozen=True, kw_only=True)
class Reissue(SignedSheet):
    """A new version of an issued document; the old one is replaced (R33)."""

    kind: str = ask(N_("Документ"), choices="issued_kinds", widget="radio")
    reason: str = ask(_REASON, least=10, most=2000, long=True)


Keyed = Mapping[str, str]
