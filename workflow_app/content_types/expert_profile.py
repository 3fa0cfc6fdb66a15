"""What an expert says of themselves before the register has them: filled in by the expert, confirmed or sent back by the coordinator."""

from __future__ import annotations

from dataclasses import dataclass

from workflow_app.content_types.awaited import Awaits, Letter
from workflow_app.content_types.declaration import ContentType, Listing, OfRecord, record_workflow
from workflow_app.content_types.expert_record import HOLDER
from workflow_app.content_types.shared import KEEPERS, STAFF
from workflow_app.errors import N_
from workflow_app.states.forms import ask
from workflow_app.states.vocabulary import Guard, State, Target, Tone, Transition, Who

_WHY = "это ваш профиль эксперта."


@dataclass(frozen=True, kw_only=True)
class ExpertProfile(OfRecord):
    """The profile of one expert: the centre names the person, the rest is the expert's."""

    person_id: int = ask(N_("Эксперт"), refers="person", stands="holder", unique=True)
    word: str = ask(N_("Просьба эксперту"), least=3, most=500, help=N_("Что указать и до какого дня."))
    directions: tuple[str, ...] = ask(
        N_("Направления экспертизы"), choices="directions", server=True, required=False, default=()
    )
    profile: str = ask(N_("Предметная область"), choices="subject_areas", server=True, required=False, default="")
    category: str = ask(N_("Категория"), choices="held_categories", server=True, required=False, default="")
    education: str = ask(N_("Образование"), server=True, required=False, default="")
    training: str = ask(N_("Документ ДПП ПК: номер и дата"), server=True, required=False, default="")
    load_limit: int = ask(N_("Предел открытых экспертиз"), least=1, most=50, default=5)
    remark: str = ask(N_("Что уточнить"), server=True, required=False, default="")


@dataclass(frozen=True, kw_only=True)
class ProfileFilled(OfRecord):
    """What the expert fills in; the consents have a page of their own (R37)."""

    directions: tuple[str, ...] = ask(N_("Направления экспертизы"), choices="directions", widget="checks", most=20)
    profile: str = ask(N_("Предметная область"), choices="subject_areas", required=False, default="")
    category: str = ask(N_("Категория"), choices="held_categories", required=False, default="")
    education: str = ask(N_("Образование"), required=False, most=500, default="")
    training: str = ask(N_("Документ ДПП ПК: номер и дата"), required=False, most=300, default="",
                        help=N_("Например: «№ У-0101 от 15.05.2025, 72 ч.»"))  # fmt: skip
    load_limit: int = ask(
        N_("Предел открытых экспертиз"), least=1, most=50, default=5, help=N_("Сколько экспертиз вы готовы вести сразу.")
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ProfileConfirmed(OfRecord):
    """The coordinator agrees: the profile becomes the entry in the register."""


@dataclass(frozen=True, kw_only=True)
class ProfileReturned(OfRecord):
    """What has to be made clearer, or has changed."""

    remark: str = ask(N_("Что уточнить"), least=3, most=1000, long=True)


_KEEP = Guard(frozenset({Who.COORDINATOR}), stops={HOLDER: N_("Свой профиль подтверждает другой координатор.")})

EXPERT_PROFILE = ContentType(
    key="expert_profile", titles=(N_("Профиль эксперта"), N_("Профили экспертов"), N_("Попросить заполнить профиль")),
    sheet=ExpertProfile, title="person_id",
    about=N_("Эксперт сам указывает направления, предмет, документ о подготовке и предел. Пока профиль не подтверждён, в реестре его нет."),
    workflow=record_workflow(
        "expert_profile", N_("Профиль эксперта"), ExpertProfile, sees=STAFF | {HOLDER}, keeps=KEEPERS, first="asked",
        begin=Guard(frozenset({Who.COORDINATOR})), serves=N_("Подтверждён"),
        states=(
            State("asked", N_("Ждёт заполнения"), N_("Заполните профиль"), {}, tone="waiting"),
            State("filled", N_("Профиль эксперта заполнен, ждёт подтверждения"), N_("Заполнен, ждёт подтверждения"), {}, tone="info"),
            State("returned", N_("Возвращён на уточнение"), N_("Уточните профиль"), {}, tone="attention"),
        ),
        transitions=(
            Transition("fill_profile", N_("Заполнить профиль"), ("asked", "returned", "filled"), Guard(frozenset({HOLDER})),
                       (Target("filled"),), asks=ProfileFilled, tone=Tone.PRIMARY, past=N_("Профиль заполнен")),
            Transition("confirm_profile", N_("Подтвердить профиль"), ("filled",), _KEEP, (Target("active"),), asks=ProfileConfirmed,
                       tone=Tone.PRIMARY, past=N_("Профиль подтверждён"),
                       means=N_("Эксперт появится в реестре, его можно будет приглашать.")),
            Transition("return_profile", N_("Вернуть на уточнение"), ("filled", "active"), _KEEP, (Target("returned"),),
                       asks=ProfileReturned, past=N_("Профиль возвращён на уточнение")),
        ),
    ),
    group="community", icon="award", aside=True,
    listing=Listing(("person_id", "word", "directions", "profile"), ("state",),
                    ("training", "word"), "-id"),
    awaits=(
        Awaits("fill_profile", (HOLDER,), N_("Заполнить профиль эксперта"), on_card=True),
        Awaits("confirm_profile", (Who.COORDINATOR,), N_("Проверить профиль эксперта"), on_card=True),
    ),
    letters=(
        Letter("return_profile", frozenset({HOLDER}), "Уточните профиль эксперта", ("Координатор просит уточнить: %(remark)s",), _WHY),
        Letter("confirm_profile", frozenset({HOLDER}), "Профиль эксперта подтверждён",
               ("Профиль подтверждён: вас могут приглашать на экспертизу. Приглашение придёт письмом.",), _WHY),
    ),
)  # fmt: skip
