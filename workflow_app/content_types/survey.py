"""Surveys: whom the centre asks what, and when. The answers are no records: ``db.survey_answers``, ADR 31."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date

from workflow_app.content_types.answers import Question
from workflow_app.content_types.awaited import Awaits
from workflow_app.content_types.declaration import ContentType, Listing, OfRecord, SchoolYear, record_workflow
from workflow_app.content_types.plan_item import STAGES
from workflow_app.content_types.shared import KEEPERS, RESPONSIBLE, STAFF, plan_item
from workflow_app.errors import N_, Sentence
from workflow_app.spelling import order_key
from workflow_app.states.forms import Choice, Problems, Sheet, ask, rule
from workflow_app.states.vocabulary import Facts, Guard, State, Target, Tone, Transition, Who
from workflow_app.surveys.questions import KINDS, LISTED, options_in
from workflow_app.surveys.splits import SPLITTING

AUDIENCES = (
    Choice("participants", N_("участники мероприятий")), Choice("teachers", N_("педагоги")), Choice("parents", N_("родители")),
    Choice("partners", N_("партнёры")), Choice("experts", N_("эксперты")),
)  # fmt: skip
DOES = KEEPERS | {RESPONSIBLE}
CODES_MOST = 500


@dataclass(frozen=True, kw_only=True)
class SurveyQuestion(Question):
    """One question of a survey: what is offered, whether it may be left out, whether it speaks of satisfaction."""

    name: str = ask(N_("Вопрос"), least=3, most=300)
    held: str = ask(N_("Вид ответа"), choices=KINDS)
    options: str = ask(
        N_("Варианты или утверждения"), required=False, most=3000, default="", long=True,
        help=N_("Каждый с новой строки. Нужны для списков и для утверждений с оценкой."),
    )  # fmt: skip
    optional: bool = ask(N_("Можно не отвечать"), required=False, default=False)
    unsure: bool = ask(N_("Предлагать «Затрудняюсь ответить»"), required=False, default=False)
    counts: bool = ask(N_("Считать в удовлетворённости"), required=False, default=False)
    splits: bool = ask(
        N_("Показывать результаты по группам этого вопроса"), required=False, default=False,
        help=N_("Например, «Кто вы»: ответы родителей и педагогов встанут рядом. Группы меньше пяти человек скрыты."),
    )  # fmt: skip

    @rule
    def offers_something(self) -> Problems:
        """A list has at least two options, a grid at least one statement."""
        least = 2 if self.held in LISTED else 1 if self.held == "grid" else 0
        if len(options_in(self.options)) < least:
            return {"options": (N_("Перечислите варианты ответа, каждый с новой строки."),)}
        return {}

    @rule
    def parts_people_into_groups(self) -> Problems:
        """Everybody is in one group: one answer from a list, or yes and no."""
        wrong = self.splits and self.held not in SPLITTING
        return (
            {"splits": (N_("По группам делит только вопрос с одним ответом из списка или «да и нет»."),)}
            if wrong
            else {}
        )


@dataclass(frozen=True, kw_only=True)
class Survey(OfRecord):
    """Who is asked what. ``counted`` and ``digest`` say at the end how many answers there are and that none was changed."""

    title: str = ask(N_("Название"), least=5, most=300)
    audience: str = ask(N_("Кого опрашиваем"), choices=AUDIENCES)
    stage: str = ask(N_("Этап"), choices=STAGES)
    since: date = ask(N_("Первый день"))
    until: date = ask(N_("Последний день"))
    anonymous: bool = ask(
        N_("Анонимный"), required=False, default=True,
        help=N_("Ответы хранятся без имени, времени и адреса. Если снять, опрос попросит назвать себя и предупредит об этом."),
    )  # fmt: skip
    by_code: bool = ask(
        N_("Только по кодам"), required=False, default=False,
        help=N_("Каждый код принимается один раз. Коды печатаются после открытия опроса."),
    )  # fmt: skip
    introduction: str = ask(N_("Вступление"), required=False, most=2000, default="", long=True)
    asked: tuple[SurveyQuestion, ...] = ask(N_("Вопросы"), most=60)
    responsible_id: int | None = ask(
        N_("Ответственный"), refers="person", stands="responsible", required=False, default=None
    )
    event_id: int | None = ask(N_("Мероприятие центра"), refers="centre_event", required=False, default=None)
    plan_item_id: int | None = plan_item()
    repeats_id: int | None = ask(N_("Повторяет опрос"), refers="survey", server=True, required=False, default=None)
    counted: int | None = ask(N_("Ответов"), server=True, required=False, default=None)
    digest: str = ask(N_("Отпечаток ответов"), server=True, required=False, default="")

    @rule
    def begins_before_it_ends(self) -> Problems:
        """The last day is not before the first."""
        return {"until": (N_("Последний день раньше первого."),)} if self.until < self.since else {}

    @rule
    def asks_nothing_twice(self) -> Problems:
        """Surveys are compared by the words of their questions."""
        names = [order_key(one.name) for one in self.asked]
        doubled = next((one.name for n, one in enumerate(self.asked) if order_key(one.name) in names[:n]), "")
        return {"asked": (N_("Вопрос «%(name)s» задан дважды.", name=doubled),)} if doubled else {}

    @rule
    def is_split_once(self) -> Problems:
        """Two splits together would tell of a small group what neither tells."""
        many = sum(bool(one.splits) for one in self.asked) > 1
        return (
            {"asked": (N_("По группам делит только один вопрос опроса: по двум сразу можно узнать ответы немногих."),)}
            if many
            else {}
        )


@dataclass(frozen=True, kw_only=True)
class OpenSurvey(Sheet):
    """Answers are taken from now on, and the questions stand."""


@dataclass(frozen=True, kw_only=True)
class IssueCodes(Sheet):
    """Codes are made, to be printed and given out; the program keeps only their hashes."""

    many: int = ask(N_("Сколько кодов"), least=1, most=CODES_MOST, default=30)


@dataclass(frozen=True, kw_only=True)
class EnterAnswers(Sheet):
    """Answers that were given elsewhere are entered from a table: how many, from which file."""

    many: int = ask(N_("Сколько ответов"), least=1)
    file: str = ask(N_("Файл"), required=False, most=200, default="")


@dataclass(frozen=True, kw_only=True)
class CloseSurvey(Sheet):
    """No more answers: they are mixed for the last time and counted."""


@dataclass(frozen=True, kw_only=True)
class ProlongSurvey(OfRecord):
    """Another last day."""

    until: date = ask(N_("Последний день"))


def _summary(facts: Facts) -> tuple[Sentence, ...]:
    said = N_("до %(day)s", day=f"{facts.values['until']:%d.%m.%Y}")
    counted = facts.values["counted"]
    return (said, N_("ответов: %(n)s", n=counted)) if counted is not None else (said,)


_WORKFLOW = record_workflow(
    "survey", N_("Опрос"), Survey, sees=STAFF | {RESPONSIBLE}, keeps=KEEPERS, serves=N_("Готовится"), tone="draft",
    states=(
        State("open", N_("Идёт опрос"), N_("Идёт опрос"), {}, tone="good"),
        State("closed", N_("Завершён"), N_("Завершён"), {}, final=True, tone="done"),
    ),
    transitions=(
        Transition("open", N_("Открыть опрос"), ("active",), Guard(DOES), (Target("open"),), asks=OpenSurvey, tone=Tone.PRIMARY,
                   past=N_("Опрос открыт")),
        Transition("issue_codes", N_("Выпустить коды"), ("open",), Guard(DOES), asks=IssueCodes, past=N_("Выпущены коды")),
        Transition("enter_answers", N_("Загрузить ответы"), ("open",), Guard(DOES), asks=EnterAnswers,
                   past=N_("Загружены ответы из таблицы")),
        Transition("prolong", N_("Продлить опрос"), ("open",), Guard(DOES), asks=ProlongSurvey, past=N_("Опрос продлён")),
        Transition("close", N_("Завершить опрос"), ("open",), Guard(DOES), (Target("closed"),), asks=CloseSurvey,
                   means=N_("Ответов больше не примут: открыть опрос снова нельзя."),
                   tone=Tone.PRIMARY, past=N_("Опрос завершён")),
    ),
)  # fmt: skip
_SOURCES = {"edit": ("active",), "end": ("active",)}
"""Questions that were asked stand, and a survey that was opened stays where it is: nobody asks anew over its answers."""
_ACTS = {
    name: dataclasses.replace(one, sources=_SOURCES.get(name, one.sources))
    for name, one in _WORKFLOW.transitions.items()
}

SURVEY = ContentType(
    key="survey", titles=(N_("Опрос"), N_("Опросы"), N_("Новый опрос")), sheet=Survey, title="title",
    about=N_("Здесь опросы центра: кого и о чём спрашивают, сколько человек ответило и сколько из них довольны."),
    workflow=dataclasses.replace(_WORKFLOW, transitions=_ACTS),
    behaviors=(SchoolYear(by="until"),), group="programme", icon="chart", summary=_summary, panels=("survey",),
    pages={"issue_codes": "surveys.codes", "enter_answers": "surveys.table"},
    listing=Listing(("title", "audience", "stage", "until", "counted"), ("state", "audience", "stage"), ("title",), "-until"),
    awaits=(
        Awaits("close", (RESPONSIBLE, Who.COORDINATOR), N_("Завершить опрос и посчитать ответы"), due="until", since=1, on_card=True),
    ),
)  # fmt: skip
