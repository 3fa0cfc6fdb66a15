"""Reports on the programme: what people write in them, the values of the day on which they were fixed, the signed paper."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from workflow_app.content_types.awaited import Awaits
from workflow_app.content_types.behaviors import FileKind, Files, IssueDocument, Issues
from workflow_app.content_types.declaration import ContentType, Listing, Numbered, OfRecord, SchoolYear, record_workflow
from workflow_app.content_types.plan_item import STAGES
from workflow_app.content_types.shared import KEEPERS, STAFF
from workflow_app.errors import N_
from workflow_app.states.definitions.case.forms_signed import SignedHere
from workflow_app.states.forms import Choice, Problems, Sheet, ask, rule
from workflow_app.states.vocabulary import Condition, Guard, State, Target, Tone, Transition, Who

KINDS = (
    Choice("interim", N_("промежуточный отчёт")), Choice("final", N_("итоговый отчёт")),
    Choice("earlier", N_("отчёт прошлых лет, на бумаге")),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ProgrammeReport(OfRecord):
    """What a report covers, and the words that only people can write."""

    title: str = ask(N_("Название"), least=5, most=300, help=N_("Например: Промежуточный отчёт, декабрь 2026."))
    report_kind: str = ask(N_("Вид отчёта"), choices=KINDS)
    programme_id: int | None = ask(N_("Программа"), refers="programme", required=False, default=None)
    stage: str = ask(N_("Этап"), choices=STAGES)
    since: date = ask(N_("Период с"))
    until: date = ask(N_("Период по"))
    deviations: str = ask(N_("Отклонения, причины, корректировка"), required=False, most=5000, default="", long=True)
    difficulties: str = ask(N_("Трудности и риски"), required=False, most=5000, default="", long=True)
    conclusions: str = ask(N_("Выводы"), required=False, most=5000, default="", long=True)
    forecast: str = ask(N_("Прогноз"), required=False, most=5000, default="", long=True)
    following: str = ask(N_("План следующего этапа"), required=False, most=5000, default="", long=True)
    fixed: Mapping[str, str] = ask(N_("Зафиксированные значения"), server=True, required=False)

    @rule
    def begins_before_it_ends(self) -> Problems:
        """A report covers at least a day."""
        return {"until": (N_("Период кончается раньше, чем начинается."),)} if self.until < self.since else {}


@dataclass(frozen=True, kw_only=True)
class FixReport(Sheet):
    """The values of today are kept with the report, with the very rows that were counted and their versions."""


@dataclass(frozen=True, kw_only=True)
class PrintReport(IssueDocument):
    """The paper is issued for a signature by hand; a later edition replaces the one in force."""

    document: ClassVar[str] = "programme_report"


@dataclass(frozen=True, kw_only=True)
class SignReport(SignedHere, PrintReport):
    """The director signs by the password: the paper that is issued says so."""


def is_of(fixed: Mapping[str, str], since: date, until: date, stage: str) -> bool:
    """Whether values were fixed for exactly this period and stage."""
    whole = {"since": since.isoformat(), "until": until.isoformat(), "stage": stage}
    return bool(fixed) and all(whole.items() <= json.loads(one).items() for one in fixed.values())


_FIXED = Condition(
    "the values are of this period",
    lambda facts: is_of(facts.values["fixed"] or {}, facts.values["since"], facts.values["until"], facts.values["stage"]),
    N_("Период или этап изменены после фиксации: зафиксируйте значения снова."), N_("значения зафиксированы за этот период"),
)  # fmt: skip
_EARLIER = Condition(
    "the report was written before", lambda facts: facts.values["report_kind"] == "earlier",
    N_("Так вносят только прежний отчёт, который подписан на бумаге."), N_("отчёт прежний"),
)  # fmt: skip
_OURS = Condition(
    "the report is written here", lambda facts: facts.values["report_kind"] != "earlier",
    N_("У прежнего отчёта значения остаются на бумаге: внесите их в показатели по документу."), N_("отчёт готовится здесь"),
)  # fmt: skip

PROGRAMME_REPORT = ContentType(
    key="programme_report", titles=(N_("Отчёт программы"), N_("Отчёты программы"), N_("Новый отчёт")), sheet=ProgrammeReport, title="title",
    about=N_("Здесь отчёты о программе: система собирает план, показатели, события и публикации, люди пишут выводы и прогноз."),
    workflow=record_workflow(
        "programme_report", N_("Отчёт программы"), ProgrammeReport, sees=STAFF, keeps=KEEPERS, serves=N_("Готовится"), tone="waiting",
        states=(State("on_paper", N_("Подписан на бумаге"), N_("Подписан на бумаге"), {}, tone="done"),
                State("fixed", N_("Значения зафиксированы"), N_("Значения зафиксированы"), {}, tone="info"),
                State("signed", N_("Подписан"), N_("Подписан"), {}, tone="good")),
        transitions=(
            Transition("fix", N_("Зафиксировать значения"), ("active", "fixed"), Guard(KEEPERS, when=(_OURS,)), (Target("fixed"),),
                       asks=FixReport, tone=Tone.PRIMARY, past=N_("Значения зафиксированы")),
            Transition("renew", N_("Начать новую редакцию"), ("signed",), Guard(KEEPERS), (Target("fixed"),),
                       asks=FixReport, past=N_("Значения зафиксированы для новой редакции")),
            Transition("keep_paper", N_("Подписан на бумаге"), ("active",), Guard(KEEPERS, when=(_EARLIER,)), (Target("on_paper"),),
                       tone=Tone.PRIMARY, past=N_("Отчёт внесён, он подписан на бумаге")),
            Transition("reopen", N_("Вернуть в работу"), ("on_paper",), Guard(KEEPERS), (Target("active"),),
                       past=N_("Отчёт возвращён в работу")),
            Transition("sign_report", N_("Подписать и выпустить отчёт"), ("fixed",), Guard(frozenset({Who.DIRECTOR}), when=(_FIXED,)),
                       (Target("signed"),), asks=SignReport, signs=True,
                       issues=("programme_report",), tone=Tone.PRIMARY, past=N_("Отчёт подписан и выпущен")),
            Transition("print_report", N_("Выпустить для подписи на бумаге"), ("fixed",), Guard(frozenset({Who.DIRECTOR}), when=(_FIXED,)),
                       (Target("signed"),), asks=PrintReport, issues=("programme_report",),
                       past=N_("Отчёт выпущен: подпишите его на бумаге")),
        ),
    ),
    behaviors=(Numbered(letter="О"), SchoolYear(by="until"),
               Files((FileKind("paper", N_("Отчёт на бумаге"), 5), FileKind("annex", N_("Приложения")))),
               Issues((), by=frozenset({Who.DIRECTOR}))),  # its own act signs and issues; here it says who reads the paper
    group="programme", icon="file-text", panels=("fixed_report",),
    listing=Listing(("title", "report_kind", "stage", "until"), ("state", "report_kind", "stage"), ("title",), "-until"),
    awaits=(Awaits("sign_report", (Who.DIRECTOR,), N_("Прочитать и подписать отчёт программы"), on_card=True),),
)  # fmt: skip
