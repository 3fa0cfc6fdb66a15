"""«Сбор сведений»: the centre asks chosen organisations for data; their answers are the parts (``data_answer``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow_app.content_types.answers import Question
from workflow_app.content_types.awaited import EARLY_MOST
from workflow_app.content_types.declaration import ContentType, Listing, OfRecord, SchoolYear, record_workflow
from workflow_app.content_types.shared import KEEPERS, OFFICER, RESPONSIBLE, STAFF
from workflow_app.errors import N_, Sentence
from workflow_app.spelling import order_key
from workflow_app.states.forms import Problems, ask, rule
from workflow_app.states.vocabulary import Facts, Guard, State, Target, Transition

KEEP = KEEPERS | {RESPONSIBLE}
WHY = "вы отвечаете за сведения от вашей организации."
WANTED, IN = ("active", "overdue", "returned"), ("answered", "accepted")
"""The states of an answer that is wanted, and of one that is there."""


@dataclass(frozen=True, kw_only=True)
class DataRequest(OfRecord):
    """What is asked, until when, on what ground."""

    title: str = ask(N_("Название"), least=5, most=300)
    what: str = ask(N_("Что нужно сообщить"), least=10, most=2000, long=True)
    asked: tuple[Question, ...] = ask(N_("Поля ответа"), most=40)
    until: date = ask(N_("Ответить до"))
    reminder: int | None = ask(
        N_("Напомнить за сколько дней"), required=False, least=1, most=EARLY_MOST, default=None, help=N_("Пусто: до срока не напоминать.")
    )  # fmt: skip
    ground: str = ask(N_("Основание"), required=False, most=500, default="")
    responsible_id: int | None = ask(
        N_("Ответственный в центре"), refers="person", stands="responsible", required=False, default=None
    )

    @rule
    def asks_nothing_twice(self) -> Problems:
        """Answers are kept by the first names of the questions: of two with one, one answer would be lost."""
        names = [order_key(one.name) for one in self.asked]
        doubled = next((one.name for n, one in enumerate(self.asked) if order_key(one.name) in names[:n]), "")
        if doubled:
            return {"asked": (N_("Поле «%(name)s» указано дважды: назовите поля по-разному.", name=doubled),)}
        keys = [one.key for one in self.asked]
        for one in self.asked:
            renamed = next((other for other in self.asked if other is not one and other.key == one.name), None)
            if one.name != one.key and (keys.count(one.key) > 1 or renamed):
                was, now = (one.name, renamed.name) if renamed else (one.key, one.name)
                return {
                    "asked": (
                        N_("«%(was)s» — прежнее название поля «%(now)s»: назовите новое поле иначе.", was=was, now=now),
                    )
                }
        return {}


def _count(facts: Facts, *states: str) -> int:
    return sum(facts.parts.get(("data_answer", one), 0) for one in states)


def _summary(facts: Facts) -> tuple[Sentence, ...]:
    answered, late = _count(facts, *IN), _count(facts, "overdue")
    said = N_("Ответили: %(n)s из %(of)s", n=answered, of=answered + _count(facts, *WANTED))
    return (said, N_("просрочили: %(n)s", n=late)) if late else (said,)


DATA_REQUEST = ContentType(
    key="data_request", titles=(N_("Сбор сведений"), N_("Сбор сведений"), N_("Новый запрос сведений")), sheet=DataRequest, title="title",
    about=N_("Здесь запросы центра к организациям: что сообщить, до какого дня, кто ответил. Ответы складываются в одну таблицу."),
    workflow=record_workflow(
        "data_request", N_("Сбор сведений"), DataRequest, sees=STAFF | OFFICER | {RESPONSIBLE}, keeps=KEEPERS, serves=N_("Идёт сбор"),
        states=(State("closed", N_("Сбор завершён"), N_("Сбор завершён"), {}, tone="done"),),
        transitions=(
            Transition("close", N_("Завершить сбор"), ("active",), Guard(KEEP), (Target("closed"),), past=N_("Сбор завершён")),
            Transition("reopen", N_("Возобновить сбор"), ("closed",), Guard(KEEP), (Target("active"),), past=N_("Сбор возобновлён")),
        ),
    ),
    behaviors=(SchoolYear(by="until"),), group="documents", icon="file-table",
    summary=_summary, summary_for=STAFF | {RESPONSIBLE}, reminds=frozenset({RESPONSIBLE}),
    listing=Listing(("title", "until", "responsible_id"), ("state",), ("title", "what"), "-until"),
)  # fmt: skip
