"""The sheets of the way in: a new case, registration, return, refusal, the start, invitations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow_app.errors import N_
from workflow_app.states.definitions.case.forms_signed import Reason
from workflow_app.states.forms import Choice, Problems, Sheet, ask, rule
from workflow_app.states.forms.plausibility import another_year

CHANNELS = (
    Choice("web", N_("через систему")),
    Choice("paper", N_("лично, на бумаге")),
    Choice("post", N_("почтой")),
    Choice("gosuslugi", N_("Госуслуги")),
    Choice("kais", N_("КАИС «Аттестация»")),
    Choice("school", N_("через образовательную организацию")),
    Choice("officer", N_("через систему, ответственным от организации")),
)
BY_SCHOOL = "officer"
ENTERED = CHANNELS[1:-1]
"""The ways of what a coordinator enters: neither the applicant's own nor a school's."""


@dataclass(frozen=True, kw_only=True)
class NewCase(Sheet):
    """What opens a case: its type and a working title; the rest is filled in the draft."""

    case_type: str = ask(N_("Вид экспертизы"), choices="case_types", widget="cards")
    title: str = ask(N_("Название"), least=10, most=300, help=N_("Например, название материала или цель заявления."))


@dataclass(frozen=True, kw_only=True)
class NewCaseOnBehalf(NewCase):
    """A case entered by a coordinator for a teacher who came by another way (domain.md 0a.1)."""

    applicant_id: int = ask(N_("Заявитель"), choices="people")
    channel: str = ask(N_("Как поступило"), choices=ENTERED)


@dataclass(frozen=True, kw_only=True)
class NewCaseOfSchool(NewCase):
    """A case entered by the officer of a school for one of its own teachers (0a.18)."""

    applicant_id: int = ask(N_("Педагог"), choices="school_people", help=N_("Педагоги вашей организации."))


def entered_for(sheet: NewCase, me: int | None) -> tuple[int | None, str]:
    """Return whose case a sheet opens (a person's id; ``me`` where it names nobody) and by which way it came."""
    if isinstance(sheet, NewCaseOnBehalf):
        return sheet.applicant_id, sheet.channel
    return (sheet.applicant_id, BY_SCHOOL) if isinstance(sheet, NewCaseOfSchool) else (me, "web")


@dataclass(frozen=True, kw_only=True)
class Register(Sheet):
    """Registration: when the papers reached the centre and under what number of theirs."""

    received_at: date = ask(N_("Дата поступления"), doubt=another_year, help=N_("С этой даты идут сроки рассмотрения."))
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

    @rule
    def says_something(self) -> Problems:
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

    attestation_on: date = ask(
        N_("Дата аттестации"),
        help=N_("Уведомление о ней появится в деле сразу. Если в карточке заявителя есть почта, ему придёт письмо."),
    )
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
    lead_id: int | None = ask(N_("Ведущий по составу комиссии"), required=False, default=None)


@dataclass(frozen=True, kw_only=True)
class LeadOfCommission(Sheet):
    """The lead of the commission that was invited has accepted; nothing is asked."""


@dataclass(frozen=True, kw_only=True)
class NameLead(Sheet):
    """The lead specialist of an attestation's three."""

    expert_id: int = ask(N_("Ведущий специалист"), choices="case_experts", widget="radio")
