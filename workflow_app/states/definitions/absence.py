"""When an expert or a coordinator is away: asked, then confirmed by who has seen what it leaves undone (R52)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow_app.calendar.terms import add_years
from workflow_app.errors import N_
from workflow_app.states.forms import Choice, Moves, Problems, Sheet, ask, rule
from workflow_app.states.vocabulary import Guard, State, Target, Tone, Transition, Who, workflow
from workflow_app.states.vocabulary import Permission as P

CAUSES = (
    Choice("vacation", N_("отпуск")), Choice("trip", N_("командировка")), Choice("study", N_("учёба")),
    Choice("other", N_("другая причина")),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class AskAbsence(Sheet):
    """The days on which a person is away, the first and the last of them included; the server names the person."""

    since: date = ask(N_("Первый день"))
    until: date = ask(N_("Последний день"))
    cause: str = ask(N_("Причина"), choices=CAUSES, widget="radio", default="vacation")
    deputy_id: int | None = ask(
        N_("Кто заменит"), choices="deputies", widget="select", required=False, default=None,
        help=N_("Кому перейдут дела, которые ведёт координатор. Решает тот, кто подтверждает."),
    )  # fmt: skip
    person_id: int = ask(N_("Кто отсутствует"), server=True)

    @rule
    def lasts_a_day_and_no_year(self) -> Problems:
        """An absence does not end before it begins, nor last longer than a year."""
        if self.until < self.since:
            return {"until": (N_("Последний день раньше первого."),)}
        longest = add_years(self.since, 1)
        return (
            {"until": (N_("Отсутствие – не дольше года: не позже %(day)s.", day=f"{longest:%d.%m.%Y}"),)}
            if self.until > longest
            else {}
        )


@dataclass(frozen=True, kw_only=True)
class ConfirmAbsence(Sheet):
    """What was left undone was seen; the cases that the person leads go to the deputy, if there is one."""

    deputy_id: int | None = ask(
        N_("Кому передать дела, которые ведёт сотрудник"), choices="deputies", widget="select", required=False, default=None,
        help=N_("Пусто: дела останутся за сотрудником. Обратно они сами не вернутся."),
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class EndAbsence(Moves):
    """The person is not away, or is back."""


_OFFICE = frozenset({Who.COORDINATOR, Who.DIRECTOR})
_ALL = _OFFICE | {Who.OWN}
_SEEN = {P.VIEW: _ALL}

ABSENCE = workflow(
    name="absence",
    title=N_("Отсутствие"),
    initial="asked",
    begin=Guard(frozenset({Who.OWN, Who.COORDINATOR})),
    states=(
        State("asked", N_("Ждёт подтверждения"), N_("Ждёт подтверждения"), _SEEN, tone="waiting"),
        State("confirmed", N_("Подтверждено"), N_("Подтверждено"), _SEEN, tone="good"),
        State("ended", N_("Отменено или закончено"), N_("Отменено или закончено"), _SEEN, final=True, tone="done"),
    ),
    transitions=(
        Transition("confirm_absence", N_("Подтвердить отсутствие"), ("asked",), Guard(_OFFICE, frozenset({Who.OWN})),
                   (Target("confirmed"),), asks=ConfirmAbsence, tone=Tone.PRIMARY, past=N_("Отсутствие подтверждено"),
                   means=N_("В эти дни человека нельзя пригласить к экспертизе.")),
        Transition("end_absence", N_("Отменить или закончить раньше"), ("asked", "confirmed"), Guard(_ALL), (Target("ended"),),
                   asks=EndAbsence, past=N_("Отсутствие отменено или закончено раньше")),
    ),
)  # fmt: skip
