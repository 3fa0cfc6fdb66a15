"""The centre's own records: municipality with requisites and settings, versions of criteria sheets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from workflow_app.errors import N_, Sentence
from workflow_app.states import reminders
from workflow_app.states.forms import Choice, Moves, Problems, Sheet, ask, asks, rule
from workflow_app.states.forms.plausibility import latin
from workflow_app.states.vocabulary import Guard, State, Target, Tone, Transition, Trigger, Who, workflow
from workflow_app.states.vocabulary import Permission as P

WEIGHT_MOST: Final = 10  # a weight is a whole number from 0 to this


@dataclass(frozen=True, kw_only=True)
class Requisites(Sheet):
    """The centre's requisites for documents, in force from a date (they change: domain.md 0a.6)."""

    since: date = ask(N_("Действуют с"))
    short_name: str = ask(N_("Сокращённое наименование центра"), most=200, doubt=latin)
    full_name: str = ask(N_("Полное наименование центра"), most=500, doubt=latin)
    municipality_genitive: str = ask(N_("Муниципальное образование (кого, чего)"), most=300)
    city: str = ask(N_("Город для строки места составления"), most=100, help=N_("Например, «г. Алапаевск»."))
    address: str = ask(N_("Адрес"), most=500)
    phone: str = ask(N_("Телефон"), required=False, most=100, default="")
    email: str = ask(N_("Электронная почта"), required=False, most=200, default="")
    site: str = ask(
        N_("Сайт"), required=False, most=200, default="",
        help=N_("Адрес страницы, где публикуются сведения об экспертах: он входит в согласие на распространение."),
    )  # fmt: skip
    director_position: str = ask(N_("Должность руководителя"), choices="positions", default="director")
    ministry: str = ask(N_("Орган управления образованием региона"), most=300)
    commission: str = ask(N_("Аттестационная комиссия (кому, дательный падеж)"), most=400)
    commission_n: str = ask(N_("Аттестационная комиссия (именительный падеж)"), required=False, most=400, default="")
    founder: str = ask(N_("Учредитель (первая строка бланка)"), required=False, most=300, default="")
    registration: str = ask(N_("ИНН, ОГРН для бланка письма"), required=False, most=300, default="")
    regulation: str = ask(N_("Положение об экспертизе (чем, творительный падеж)"), required=False, most=400, default="")


@dataclass(frozen=True, kw_only=True)
class Switches(Sheet):
    """Settings of the centre that are questions of policy."""

    self_registration: bool = ask(N_("Педагоги могут регистрироваться сами"), required=False, default=False)
    attestation_points: bool = ask(N_("В аттестации ставить баллы, а не слова"), required=False, default=False)
    simplified_two: bool = ask(N_("Для награждённых достаточно двух специалистов"), required=False, default=False)
    second_factor: bool = ask(
        N_("Второй фактор при входе обязателен директору, заместителю и администратору"), required=False, default=False,
        help=N_("Кто его ещё не включил, включит при следующем входе; сеансы без него завершатся сразу."),
    )  # fmt: skip
    orders_chair_id: int | None = ask(
        N_("Приказы по делам подписывает председатель рабочей группы"), choices="people", required=False, default=None,
        help=N_("Пусто: их подписывает директор. Выбор действует на приказы, которые начаты после него."),
    )  # fmt: skip
    archive_months: int = ask(N_("Через сколько месяцев дело уходит в архив"), least=1, most=120, default=12)
    witness: str = ask(
        N_("Внешний адрес для контрольных точек журнала"), required=False, most=200, default="", pattern=r"[^@\s]+@[^@\s]+\.[^@\s]+",
        help=N_("Ящик вне центра: у учредителя, на личной почте директора. По письмам оттуда доказывают, что журнал не переписан."),
    )  # fmt: skip


def _weight(label: Sentence, means: Sentence, usual: int) -> Any:
    return ask(label, help=means, required=False, least=0, most=WEIGHT_MOST, default=usual)


@dataclass(frozen=True, kw_only=True)
class AffinityWeights(Sheet):
    """How much each fact counts where experts are ranked for a case (``matching.affinity``)."""

    direction: int = _weight(N_("Направление"), N_("Работает по этому направлению экспертизы."), 8)
    subject: int = _weight(N_("Предмет"), N_("Тот же предмет: целиком, смежный: наполовину."), 10)
    level: int = _weight(N_("Уровень образования"), N_("Его предмет этого уровня, или он оценивал такие работы."), 2)
    post: int = _weight(N_("Должность"), N_("Занимает ту же должность, о которой дело."), 1)
    category: int = _weight(N_("Категория"), N_("Высшая: целиком, первая: больше половины."), 1)
    grade: int = _weight(N_("Опыт"), N_("Сколько экспертных листов подписано: с десяти эксперт опытный."), 1)
    load: int = _weight(N_("Занятость"), N_("Меньше открытых дел сейчас, меньше взято за год."), 4)
    timeliness: int = _weight(N_("Сроки"), N_("Какая доля листов и ответов дана в срок."), 3)
    distance: int = _weight(
        N_("Независимость"), N_("Другая организация, чьи работы эксперт оценивал недавно редко."), 1
    )
    history: int = _weight(N_("Прежний раунд"), N_("Уже оценивал эту работу; кто от неё отказался, стоит ниже."), 2)
    text: int = _weight(N_("Близость текста"), N_("Слова работы похожи на слова работ, которые эксперт оценивал."), 2)

    @rule
    def says_something(self) -> Problems:
        """Some fact counts, or everybody would suit every case alike."""
        silent = not any(getattr(self, name) for name in asks(AffinityWeights))
        return {"subject": (N_("Хотя бы один вес должен быть больше нуля."),)} if silent else {}


@dataclass(frozen=True, kw_only=True)
class CalendarDay(Sheet):
    """One day of the centre's calendar that differs from the production calendar."""

    day: date = ask(N_("День"))
    working: bool = ask(N_("Рабочий"), required=False, default=False)
    why: str = ask(N_("Основание"), most=300)


UNITS = (Choice("working", N_("рабочих")), Choice("calendar", N_("календарных")))
KEEP, TAKE = "keep", "take"
RUNNING = (
    Choice(KEEP, N_("Оставить названные даты: новый срок только для шагов, которые начнутся позже")),
    Choice(TAKE, N_("Пересчитать даты идущих шагов от их начала")),
)


@dataclass(frozen=True, kw_only=True)
class TermChange(Sheet):
    """Another length of a term, from a day on; what becomes of the steps that run already (ADR 33)."""

    length: int = ask(N_("Сколько дней"), least=1, most=365)
    unit: str = ask(N_("Каких дней"), choices=UNITS, widget="radio")
    since: date = ask(N_("Действует с"), help=N_("Сегодня или позже: задним числом срок не меняют."))
    running: str = ask(N_("Дела, где этот шаг уже идёт"), choices=RUNNING, widget="radio", default=KEEP)
    why: str = ask(N_("Основание"), least=3, most=300, help=N_("Приказ или решение: номер и дата."))


@dataclass(frozen=True, kw_only=True)
class SetTerm(TermChange):
    """The change of one term of one kind of case: the server names both, and what becomes of the running steps.

    ``moved``: «12 2026-11-20 2026-11-27», the number of a case and its day before and after.
    """

    case_type: str = ask(N_("Вид экспертизы"), server=True)
    key: str = ask(N_("Срок"), server=True)
    moved: tuple[str, ...] = ask(N_("Новые даты дел"), server=True, required=False, default=())


@dataclass(frozen=True, kw_only=True)
class SendAgain(Sheet):
    """A letter of the outbox that is to be sent once more."""

    letter: int = ask(N_("Письмо"), server=True)


_SIDES: Final = (Choice("before", N_("до срока")), Choice("on", N_("в день срока")), Choice("after", N_("после срока")))


@dataclass(frozen=True, kw_only=True)
class LadderStep(Sheet):
    """One step of a ladder of reminders.

    Who types it says the side in words; without them ``days`` has a sign, as ``reminders.Step`` keeps it and as the events of
    before hold it.
    """

    days: int | None = ask(N_("Дней"), required=False, least=-reminders.MOST, most=reminders.MOST, default=None)
    when: str = ask(N_("Когда"), required=False, default="", choices=_SIDES, widget="select")
    whom: str = ask(
        N_("Кому"), choices=tuple(Choice(key, title) for key, title in reminders.WHOM.items()), widget="select"
    )
    at_once: bool = ask(N_("Сразу отдельным письмом"), required=False, default=False)

    @property
    def after(self) -> int:
        """The days after the term, those before it below nought."""
        return {"before": -1, "on": 0}.get(self.when, 1) * (self.days or 0)

    @rule
    def days_and_side_agree(self) -> Problems:
        """A day before or after the term is so many days from it, the day of the term is none."""
        if not self.when:
            return {"when": (N_("Выберите: до срока, в день срока или после него."),)}
        if self.when == "on":
            return {"days": (N_("В день срока: дни не нужны."),)} if self.days else {}
        return (
            {}
            if (self.days or 0) > 0
            else {"days": (N_("За сколько дней: число от 1 до %(most)s.", most=reminders.MOST),)}
        )


@dataclass(frozen=True, kw_only=True)
class SetLadder(Sheet):
    """When and whom what waits is reminded of, for one kind of turn; no step: it is not reminded of."""

    turn: str = ask(N_("О чём напоминать"), choices="turns", widget="select")
    steps: tuple[LadderStep, ...] = ask(
        N_("Шаги"), required=False, most=12, default=(),
        help=N_("Дни календарные. Без шагов об этом не напоминают."),
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class LetterHours(Sheet):
    """When letters of reminders may leave, in whole hours of the centre's day."""

    letters_since: int = ask(N_("Тихие часы: с какого часа"), least=0, most=23, default=21)
    letters_until: int = ask(
        N_("Тихие часы: до какого часа"), least=0, most=23, default=8,
        help=N_("В тихие часы напоминания не уходят, они ждут утра. Одинаковые часы: тихих часов нет."),
    )  # fmt: skip
    letters_daily: int = ask(
        N_("В котором часу уходит письмо дня"), least=0, most=23, default=8, help=N_("Часы – по времени муниципалитета."),
    )  # fmt: skip

    @rule
    def the_letter_of_the_day_can_leave(self) -> Problems:
        """Between its hour and midnight there is one that is not quiet: else the letter would never be written."""
        hours = reminders.Hours("UTC", self.letters_since, self.letters_until, self.letters_daily)
        if any(hours.may_write(hour) for hour in range(24)):
            return {}
        return {"letters_daily": (N_("С этого часа до полуночи тихо: письмо дня не ушло бы никогда."),)}


@dataclass(frozen=True, kw_only=True)
class DestroyRecords(Sheet):
    """An act of destruction (152-FZ, article 21): the contents of the events it names are gone, their digests stay."""

    act: str = ask(N_("Акт: номер и дата"), least=3, most=200)
    events: tuple[int, ...] = ask(N_("Записи журнала"), server=True)


@dataclass(frozen=True, kw_only=True)
class NewVersion(Sheet):
    """A draft of the next version of a criteria sheet, which begins as the version ``base`` stands."""

    base: int = ask(N_("С какой версии"), server=True)


@dataclass(frozen=True, kw_only=True)
class EditedSheet(Sheet):
    """What a draft holds from now on: the canonical JSON of ``assessment.criteria.CriteriaSheet``, free of faults."""

    content: str = ask(N_("Содержание"), server=True, most=300_000)


@dataclass(frozen=True, kw_only=True)
class PutInForce(Sheet):
    """From now on cases begin on this version; those that run keep theirs (R27)."""


@dataclass(frozen=True, kw_only=True)
class ReturnedSheet(Moves):
    """What is to be done about a proposed version."""

    reason: str = ask(N_("Что поправить"), least=3, most=2000, long=True)


_OFFICE = {P.VIEW: frozenset({Who.ADMIN, Who.COORDINATOR, Who.DIRECTOR})}
_STAFF = {P.VIEW: _OFFICE[P.VIEW] | {Who.DEPARTMENT}}
_KEEPERS = frozenset({Who.ADMIN, Who.COORDINATOR})
_SYSTEM = Guard(frozenset({Who.SYSTEM}))

CENTRE = workflow(
    name="centre",
    title=N_("Центр"),
    initial="working",
    begin=_SYSTEM,
    states=(
        State("working", N_("Работает"), N_("Работает"), _OFFICE, tone="good"),
        State("ended", N_("Закрыт"), N_("Закрыт"), _OFFICE, final=True, tone="stopped"),
    ),
    transitions=(
        Transition("set_requisites", N_("Изменить реквизиты"), ("working",), Guard(frozenset({Who.ADMIN, Who.DIRECTOR})),
                   asks=Requisites, past=N_("Изменены реквизиты"),
                   means=N_("Документы возьмут реквизиты, которые действуют в их день. Выпущенные не изменятся.")),
        Transition("set_switches", N_("Изменить настройки"), ("working",), Guard(frozenset({Who.ADMIN, Who.DIRECTOR})),
                   asks=Switches, past=N_("Изменены настройки")),
        Transition("set_day", N_("Изменить календарь"), ("working",), Guard(_KEEPERS), asks=CalendarDay,
                   past=N_("Изменён календарь")),
        Transition("set_term", N_("Изменить срок"), ("working",), Guard(frozenset({Who.ADMIN, Who.DIRECTOR})), asks=SetTerm,
                   past=N_("Изменён срок")),
        Transition("send_again", N_("Отправить ещё раз"), ("working",), Guard(_KEEPERS), asks=SendAgain,
                   past=N_("Письмо отправлено ещё раз")),
        Transition("set_ladder", N_("Изменить напоминания"), ("working",), Guard(_KEEPERS), asks=SetLadder,
                   past=N_("Изменены напоминания"), means=N_("Дальше напоминания пойдут по этим шагам.")),
        Transition("set_letter_hours", N_("Изменить часы писем"), ("working",), Guard(_KEEPERS), asks=LetterHours,
                   past=N_("Изменены часы писем"), means=N_("Дальше напоминания и письмо дня пойдут в эти часы.")),
        Transition("set_weights", N_("Изменить веса подбора"), ("working",), Guard(_KEEPERS | {Who.DIRECTOR}), asks=AffinityWeights,
                   past=N_("Изменены веса подбора экспертов"),
                   means=N_("Следующий подбор учтёт новые веса. Приглашённых это не меняет.")),
        Transition("destroy_records", N_("Уничтожить содержание записей"), ("working",), _SYSTEM, trigger=Trigger.CASCADE,
                   asks=DestroyRecords, past=N_("Содержание записей уничтожено по акту")),
        Transition("end_centre", N_("Закрыть"), ("working",), _SYSTEM, (Target("ended"),), Trigger.CASCADE,
                   past=N_("Центр закрыт")),
    ),
)  # fmt: skip

_DIRECTOR = frozenset({Who.DIRECTOR})
_MAKERS = frozenset({Who.COORDINATOR, Who.ADMIN})

CRITERIA_SHEET = workflow(
    name="criteria_sheet",
    title=N_("Критерии оценивания"),
    initial="draft",
    begin=Guard(_MAKERS | {Who.SYSTEM}),
    states=(
        State("draft", N_("Черновик новой версии"), N_("Черновик новой версии"), _OFFICE, tone="draft"),
        State("proposed", N_("Ждёт директора"), N_("Ждёт директора"), _OFFICE, tone="waiting"),
        State("entering", N_("Вводится в действие"), N_("Вводится в действие"), _OFFICE, tone="work"),
        State("in_force", N_("Действует"), N_("Действует"), _STAFF, tone="good"),
        State("superseded", N_("Заменена новой версией"), N_("Заменена новой версией"), _STAFF, final=True, tone="done"),
        State("dropped", N_("Не введена"), N_("Не введена"), _OFFICE, final=True, tone="stopped"),
    ),
    transitions=(
        Transition("edit_sheet", N_("Изменить черновик"), ("draft",), Guard(_MAKERS), asks=EditedSheet,
                   past=N_("Черновик изменён")),
        Transition("propose_sheet", N_("Передать директору"), ("draft",), Guard(_MAKERS), (Target("proposed"),),
                   past=N_("Версия передана директору")),
        Transition("put_in_force", N_("Ввести в действие"), ("proposed",), Guard(_DIRECTOR), (Target("entering"),), asks=PutInForce,
                   past=N_("Версия введена в действие")),
        Transition("return_sheet", N_("Вернуть в черновик"), ("proposed",), Guard(_DIRECTOR | _MAKERS), (Target("draft"),),
                   asks=ReturnedSheet, past=N_("Версия возвращена в черновик")),
        Transition("drop_sheet", N_("Отказаться от версии"), ("draft",), Guard(_MAKERS), (Target("dropped"),), tone=Tone.DANGER,
                   past=N_("От версии отказались")),
        Transition("enter_force", N_("Начать действовать"), ("draft", "entering"), _SYSTEM, (Target("in_force"),),
                   Trigger.CASCADE, past=N_("Версия начала действовать")),
        Transition("supersede_sheet", N_("Заменить новой версией"), ("in_force",), _SYSTEM, (Target("superseded"),),
                   Trigger.CASCADE, past=N_("Заменена новой версией")),
    ),
)  # fmt: skip
