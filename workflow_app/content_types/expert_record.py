"""Records of the register of experts: who, by which order, for which directions, until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow_app.content_types.awaited import Letter
from workflow_app.content_types.behaviors import FileKind, Files, Published
from workflow_app.content_types.declaration import (
    ContentType,
    Listing,
    Numbered,
    OfRecord,
    SchoolYear,
    Valid,
    record_workflow,
)
from workflow_app.content_types.shared import KEEPERS, STAFF, Lasting
from workflow_app.errors import N_
from workflow_app.states.forms import ask
from workflow_app.states.standings import by_name
from workflow_app.states.vocabulary import Guard, State, Target, Tone, Transition

HOLDER = by_name("holder", N_("эксперт этой записи"))


@dataclass(frozen=True, kw_only=True)
class ExpertRecord(Lasting):
    """The inclusion of one expert in the register."""

    person_id: int = ask(N_("Эксперт"), refers="person", stands="holder", unique=True)
    directions: tuple[str, ...] = ask(N_("Направления экспертизы"), choices="directions", widget="checks", most=20)
    order: str = ask(N_("Приказ о включении: номер"), most=100)
    since: date = ask(N_("Дата приказа"))
    until: date | None = ask(N_("Действует по"), required=False, default=None, help=N_("Пусто: бессрочно."))
    training: str = ask(N_("Документ ДПП ПК: номер, дата, часы"), required=False, most=300, default="")
    regional_bank: bool = ask(N_("Состоит в региональном банке экспертов"), required=False, default=False)


@dataclass(frozen=True, kw_only=True)
class OutOfRegister(OfRecord):
    """The paper by which a record is suspended, resumed or ended."""

    paper: str = ask(N_("Основание: приказ, номер и дата"), least=3, most=300)


EXPERT_RECORD = ContentType(
    key="expert_record", titles=(N_("Запись реестра экспертов"), N_("Записи реестра экспертов"), N_("Новая запись реестра")),
    sheet=ExpertRecord, title="person_id",
    about=N_("Здесь записи муниципального реестра: приказ о включении, направления, срок. О конце срока система скажет сама."),
    workflow=record_workflow(
        "expert_record", N_("Запись реестра экспертов"), ExpertRecord, sees=STAFF | {HOLDER}, keeps=KEEPERS, until="until",
        states=(State("suspended", N_("Приостановлена"), N_("Приостановлена"), {}, tone="attention"),
                State("excluded", N_("Исключена из реестра"), N_("Исключена из реестра"), {}, final=True, tone="stopped")),
        transitions=(
            Transition("suspend", N_("Приостановить"), ("active",), Guard(KEEPERS), (Target("suspended"),), asks=OutOfRegister,
                       past=N_("Запись приостановлена")),
            Transition("resume", N_("Возобновить"), ("suspended",), Guard(KEEPERS), (Target("active"),), asks=OutOfRegister,
                       tone=Tone.PRIMARY, past=N_("Запись возобновлена")),
            Transition("exclude", N_("Исключить из реестра"), ("active", "lapsed", "suspended"), Guard(KEEPERS), (Target("excluded"),),
                       asks=OutOfRegister, tone=Tone.DANGER, past=N_("Запись исключена из реестра")),
        ),
    ),
    behaviors=(Numbered(letter="Э"), SchoolYear(by="since"), Valid(until="until"),
               Files((FileKind("order", N_("Приказ"), 3), FileKind("training", N_("Удостоверения ДПП ПК"), 10))),
               Published(("person_id", "directions", "since", "until"), whose="person_id")),
    group="community", icon="award",
    listing=Listing(("person_id", "number", "directions", "order", "since", "until"), ("state",), ("order",), "-id"),
    letters=(
        Letter("lapse", frozenset({HOLDER, *KEEPERS}), "Истёк срок записи в реестре экспертов",
               ("Срок записи в муниципальном реестре экспертов истёк %(until)s: %(called)s.",),
               "это ваша запись в реестре, или вы его ведёте."),
    ),
)  # fmt: skip
