"""People: accounts by invitation, roles and deputies, consents. An administrator keeps accounts, never cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow_app.calendar.terms import add_years
from workflow_app.errors import N_
from workflow_app.states.forms import Choice, Moves, Problems, Sheet, ask, rule
from workflow_app.states.forms.plausibility import latin
from workflow_app.states.vocabulary import Guard, State, Target, Tone, Transition, Trigger, Who, workflow
from workflow_app.states.vocabulary import Permission as P

ROLES = (
    Choice("teacher", N_("педагог")),
    Choice("expert", N_("эксперт")),
    Choice("coordinator", N_("координатор")),
    Choice("director", N_("директор")),
    Choice("department", N_("управление образования")),
    Choice("regional", N_("региональный наблюдатель")),
    Choice("admin", N_("администратор")),
    Choice("school_officer", N_("ответственный от организации")),
)
GENDERS = (Choice("f", N_("женский")), Choice("m", N_("мужской")))
CONSENTS = (
    Choice("processing", N_("согласие на обработку персональных данных")),
    Choice("distribution", N_("согласие на распространение персональных данных")),
    Choice("simple_signature", N_("соглашение о простой электронной подписи")),
)


@dataclass(frozen=True, kw_only=True)
class Named(Sheet):
    """How a person is called."""

    last_name: str = ask(N_("Фамилия"), most=100, doubt=latin)
    first_name: str = ask(N_("Имя"), most=100, doubt=latin)
    middle_name: str = ask(N_("Отчество"), required=False, most=100, default="", doubt=latin)
    gender: str = ask(N_("Пол"), choices=GENDERS, widget="radio", required=False, default="")


@dataclass(frozen=True, kw_only=True)
class Card(Named):
    """A person's card; the address is where the invitation goes, when there is one."""

    email: str = ask(
        N_("Электронная почта"), required=False, most=200, default="",
        pattern=r"[^@\s]+@[^@\s]+\.[^@\s]+", help=N_("Адрес вида name@example.ru."),
    )  # fmt: skip
    organization_id: int | None = ask(N_("Организация"), choices="organizations", required=False, default=None)
    position: str = ask(N_("Должность"), choices="positions", required=False, default="")


@dataclass(frozen=True, kw_only=True)
class NewPerson(Card):
    """A new person's card with the role."""

    role: str = ask(N_("Роль"), choices=ROLES, default="teacher")


@dataclass(frozen=True, kw_only=True)
class NewColleague(Named):
    """The card of a teacher that the officer of a school enters: no role, no account, and no address that could open one."""

    position: str = ask(N_("Должность"), choices="positions")
    organization_id: int = ask(N_("Организация"), choices="organizations", server=True)


LETTERS = (
    Choice("digest", N_("Одним письмом в день: всё, что меня ждёт")),
    Choice("at_once", N_("Сразу, по письму на каждое дело")),
)


@dataclass(frozen=True, kw_only=True)
class ChooseLetters(Sheet):
    """How reminders come to a person: as the letter of the day, or each at once."""

    letters: str = ask(
        N_("Как присылать напоминания"), choices=LETTERS, default="digest",
        help=N_("Приглашения, решения и письма о вашей учётной записи приходят сразу при любом выборе."),
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class EditPerson(Card):
    """A correction of a person's card, the forms of the name included (a form typed here wins over the library)."""

    genitive: str = ask(N_("ФИО в родительном падеже"), required=False, most=300, default="", doubt=latin)
    dative: str = ask(N_("ФИО в дательном падеже"), required=False, most=300, default="", doubt=latin)
    accusative: str = ask(N_("ФИО в винительном падеже"), required=False, most=300, default="", doubt=latin)
    instrumental: str = ask(N_("ФИО в творительном падеже"), required=False, most=300, default="", doubt=latin)


@dataclass(frozen=True, kw_only=True)
class ConfirmForms(Sheet):
    """How a person's name stands in documents, confirmed by a person: from now on these forms are printed unmarked."""

    gender: str = ask(N_("Пол"), choices=GENDERS, widget="radio", required=False, default="")
    genitive: str = ask(N_("ФИО в родительном падеже"), most=300, doubt=latin)
    dative: str = ask(N_("ФИО в дательном падеже"), most=300, doubt=latin)
    accusative: str = ask(N_("ФИО в винительном падеже"), most=300, doubt=latin)
    instrumental: str = ask(N_("ФИО в творительном падеже"), most=300, doubt=latin)


@dataclass(frozen=True, kw_only=True)
class Invited(Sheet):
    """An invitation to an account: a link that works once."""


@dataclass(frozen=True, kw_only=True)
class RevokeInvitation(Sheet):
    """The link of an invitation works no more, though nobody has used it."""


@dataclass(frozen=True, kw_only=True)
class TakeAccount(Sheet):
    """The person chose a login and a password by the link. Only the fact is recorded, never the password."""

    login: str = ask(
        N_("Логин"),
        least=3,
        most=100,
        pattern=r"[\w.@+-]+",
        help=N_("Латинские или русские буквы, цифры, точка, дефис."),
    )


@dataclass(frozen=True, kw_only=True)
class ChangePassword(Sheet):
    """The password was changed; every other session ended."""


@dataclass(frozen=True, kw_only=True)
class ResetPassword(Sheet):
    """The password was reset by a link from a letter; every session ended."""


@dataclass(frozen=True, kw_only=True)
class AddSecondFactor(Moves):
    """A second factor was added. Only the fact is recorded, never the secret."""


@dataclass(frozen=True, kw_only=True)
class RenewCodes(Moves):
    """New recovery codes were made; the old ones stopped working."""


@dataclass(frozen=True, kw_only=True)
class MakeCalendar(Moves):
    """A secret address of the own terms was made; an earlier one stopped working. The secret is not recorded."""


@dataclass(frozen=True, kw_only=True)
class DropCalendar(Moves):
    """The address of the own terms stopped working."""


@dataclass(frozen=True, kw_only=True)
class DropSecondFactor(Sheet):
    """The person gave the second factor up."""


@dataclass(frozen=True, kw_only=True)
class ResetSecondFactor(Sheet):
    """An administrator took the second factor away: a lost telephone. The password stays, sessions end."""

    reason: str = ask(N_("Причина"), least=3, most=500, help=N_("Как вы убедились, что просит сам человек."))


@dataclass(frozen=True, kw_only=True)
class Block(Sheet):
    """The account is blocked at once; sessions end."""

    reason: str = ask(N_("Причина"), least=3, most=500)


@dataclass(frozen=True, kw_only=True)
class GrantRole(Sheet):
    """A role in the municipality."""

    role: str = ask(N_("Роль"), choices=ROLES)


@dataclass(frozen=True, kw_only=True)
class RevokeRole(Sheet):
    """A role is taken away; it acts with the next request."""

    role: str = ask(N_("Роль"), choices=ROLES)


@dataclass(frozen=True, kw_only=True)
class AppointDeputy(Sheet):
    """The director's deputy under a recorded order (R30), for a year at most: a longer term is a new order."""

    order: str = ask(N_("Приказ: номер и дата"), most=200)
    since: date = ask(N_("С какого дня"))
    until: date = ask(N_("По какой день"), help=N_("Не дольше года. Потом понадобится новый приказ."))

    @rule
    def lasts_a_year_at_most(self) -> Problems:
        """A term cannot end before it begins, nor last longer than a year."""
        if self.until < self.since:
            return {"until": (N_("Окончание раньше начала."),)}
        longest = add_years(self.since, 1)
        if self.until > longest:
            return {
                "until": (
                    N_("Заместитель назначается не больше чем на год: не позже %(day)s.", day=f"{longest:%d.%m.%Y}"),
                )
            }
        return {}


@dataclass(frozen=True, kw_only=True)
class EnterRegister(Sheet):
    """The expert's entry in the register: directions, load, documents."""

    directions: tuple[str, ...] = ask(N_("Направления экспертизы"), choices="directions", widget="checks", most=20)
    category: str = ask(N_("Категория"), choices="held_categories", required=False, default="")
    education: str = ask(N_("Образование"), required=False, most=500, default="")
    training: str = ask(N_("Документ ДПП ПК: номер и дата"), required=False, most=300, default="")
    profile: str = ask(N_("Предметная область"), choices="subject_areas", required=False, default="")
    load_limit: int = ask(N_("Предел открытых экспертиз"), least=1, most=50, default=5)


@dataclass(frozen=True, kw_only=True)
class GiveConsent(Sheet):
    """A consent or agreement of its own, with the version of its text (R37)."""

    kind: str = ask(N_("Документ"), choices=CONSENTS)
    text_version: str = ask(N_("Версия текста"), server=True)
    ip: str = ask(N_("Адрес"), server=True, required=False, default="")


@dataclass(frozen=True, kw_only=True)
class WithdrawConsent(Moves):
    """A consent is withdrawn; what it allowed ends at once (R38)."""


_ADMIN = frozenset({Who.ADMIN, Who.COORDINATOR})
_CARD = {
    P.VIEW: frozenset({Who.OWN, Who.ADMIN, Who.COORDINATOR, Who.DIRECTOR}),
    P.EDIT: frozenset({Who.OWN, Who.ADMIN, Who.COORDINATOR}),
}


PERSON = workflow(
    name="person",
    title=N_("Человек"),
    initial="listed",
    # by the system: a teacher registered, where the centre lets them; by a school's officer: a colleague of the own school
    begin=Guard(_ADMIN | {Who.SYSTEM, Who.SCHOOL_OFFICER}),
    states=(
        State("listed", N_("Без учётной записи"), N_("Без учётной записи"), _CARD, tone="draft"),
        State("invited", N_("Приглашение отправлено"), N_("Приглашение отправлено"), _CARD),
        State("active", N_("Учётная запись действует"), N_("Учётная запись действует"), _CARD, tone="good"),
        State("blocked", N_("Учётная запись закрыта"), N_("Учётная запись закрыта"), _CARD, tone="stopped"),
    ),
    transitions=(
        Transition("invite_person", N_("Пригласить"), ("listed", "invited"), Guard(_ADMIN), (Target("invited"),), asks=Invited,
                   tone=Tone.PRIMARY, past=N_("Отправлено приглашение")),
        Transition("revoke_invitation", N_("Отозвать приглашение"), ("invited",), Guard(_ADMIN), (Target("listed"),),
                   asks=RevokeInvitation, past=N_("Приглашение отозвано")),
        Transition("register_oneself", N_("Зарегистрироваться"), ("listed",), Guard(frozenset({Who.SYSTEM})), (Target("invited"),),
                   Trigger.CASCADE, asks=Invited, past=N_("Педагог зарегистрировался сам")),
        Transition("take_account", N_("Создать учётную запись"), ("invited",), Guard(frozenset({Who.OWN})),
                   (Target("active"),), asks=TakeAccount, tone=Tone.PRIMARY, past=N_("Учётная запись создана")),
        Transition("change_password", N_("Сменить пароль"), ("active",), Guard(frozenset({Who.OWN})), asks=ChangePassword,
                   past=N_("Пароль изменён")),
        Transition("reset_password", N_("Восстановить пароль"), ("active",), Guard(frozenset({Who.OWN})), asks=ResetPassword,
                   past=N_("Пароль восстановлен по ссылке из письма")),
        Transition("rehash_password", N_("Обновить хранение пароля"), ("active",), Guard(frozenset({Who.SYSTEM})), trigger=Trigger.CASCADE,
                   past=N_("Пароль сохранён более надёжным способом")),
        Transition("edit_person", N_("Исправить карточку"), ("listed", "invited", "active"),
                   Guard(_ADMIN | {Who.OWN}), asks=EditPerson, past=N_("Карточка исправлена")),
        Transition("choose_letters", N_("Выбрать, как приходят напоминания"), ("listed", "invited", "active"),
                   Guard(frozenset({Who.OWN})), asks=ChooseLetters, past=N_("Выбрано, как приходят напоминания")),
        Transition("confirm_forms", N_("Подтвердить формы имени"), ("listed", "invited", "active", "blocked"),
                   Guard(_ADMIN | {Who.OWN, Who.DIRECTOR}), asks=ConfirmForms, past=N_("Подтверждены формы имени")),
        Transition("grant_role", N_("Дать роль"), ("listed", "invited", "active"), Guard(frozenset({Who.ADMIN})), asks=GrantRole,
                   past=N_("Дана роль")),
        Transition("revoke_role", N_("Снять роль"), ("listed", "invited", "active"), Guard(frozenset({Who.ADMIN})),
                   asks=RevokeRole, past=N_("Роль снята")),
        Transition("appoint_deputy", N_("Назначить заместителем директора"), ("listed", "invited", "active"),
                   Guard(frozenset({Who.ADMIN, Who.DIRECTOR}), frozenset({Who.DEPUTY})), asks=AppointDeputy,
                   past=N_("Назначен заместителем директора")),
        Transition("enter_register", N_("Внести в реестр экспертов"), ("listed", "invited", "active"),
                   Guard(frozenset({Who.COORDINATOR})), asks=EnterRegister, past=N_("Запись в реестре экспертов изменена")),
        Transition("add_second_factor", N_("Включить второй фактор"), ("active",), Guard(frozenset({Who.OWN})), asks=AddSecondFactor,
                   past=N_("Включён второй фактор при входе")),
        Transition("renew_recovery_codes", N_("Сделать новые коды восстановления"), ("active",), Guard(frozenset({Who.OWN})),
                   asks=RenewCodes, past=N_("Сделаны новые коды восстановления")),
        Transition("drop_second_factor", N_("Выключить второй фактор"), ("active",), Guard(frozenset({Who.OWN})),
                   asks=DropSecondFactor, past=N_("Второй фактор выключен")),
        Transition("reset_second_factor", N_("Сбросить второй фактор"), ("active",), Guard(frozenset({Who.ADMIN})),
                   asks=ResetSecondFactor, tone=Tone.DANGER, past=N_("Второй фактор сброшен администратором")),
        Transition("make_calendar", N_("Создать адрес календаря"), ("active",), Guard(frozenset({Who.OWN})), asks=MakeCalendar,
                   past=N_("Создан адрес календаря со сроками")),
        Transition("drop_calendar", N_("Отозвать адрес календаря"), ("active",), Guard(frozenset({Who.OWN})), asks=DropCalendar,
                   past=N_("Адрес календаря отозван")),
        Transition("block", N_("Закрыть учётную запись"), ("active",), Guard(frozenset({Who.ADMIN})),
                   (Target("blocked"),), asks=Block, tone=Tone.DANGER, past=N_("Учётная запись закрыта")),
        Transition("unblock", N_("Открыть учётную запись"), ("blocked",), Guard(frozenset({Who.ADMIN})), (Target("active"),),
                   past=N_("Учётная запись открыта")),
    ),
)  # fmt: skip

CONSENT = workflow(
    name="consent",
    title=N_("Согласие"),
    initial="given",
    begin=Guard(frozenset({Who.OWN})),
    states=(
        State("given", N_("Дано"), N_("Дано"), {P.VIEW: frozenset({Who.OWN, Who.ADMIN, Who.COORDINATOR})}, tone="good"),
        State("ended", N_("Отозвано"), N_("Отозвано"), {P.VIEW: frozenset({Who.OWN, Who.ADMIN, Who.COORDINATOR})},
              final=True, tone="stopped"),
    ),
    transitions=(
        Transition("withdraw_consent", N_("Отозвать"), ("given",), Guard(frozenset({Who.OWN})), (Target("ended"),),
                   asks=WithdrawConsent, tone=Tone.DANGER, past=N_("Согласие отозвано")),
    ),
)  # fmt: skip
