"""The three criteria and 17 indicators of the programme (its section 2.3), each declared once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from workflow_app.errors import N_, Sentence
from workflow_app.monitoring import counting as c
from workflow_app.monitoring.observed import Look
from workflow_app.monitoring.people import HOW
from workflow_app.monitoring.values import Ref, Unit, Value

CRITERIA: Final[Mapping[str, Sentence]] = MappingProxyType({
    "1": N_("Эффективность условий для реализации проекта"),
    "2": N_("Эффективность созданной системы непрерывного профессионального роста педагогов-экспертов"),
    "3": N_("Удовлетворённость субъектов инновационной деятельности результатами реализации проекта"),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator: ``how`` it is counted, in words, and the function that counts it; None: it is typed or imported alone.

    ``source`` says whose rows are counted, ``people`` who is one person, where people are counted.
    """

    key: str
    title: Sentence
    unit: Unit
    how: Sentence
    source: Sentence
    count: Callable[[Look], Value] | None = None
    people: Sentence | None = None

    @property
    def name(self) -> str:
        """How papers call it: «К1.1», in Russian letters."""
        return f"К{self.key[1:]}"

    @property
    def criterion(self) -> str:
        """The number of its criterion: «1»."""
        return self.key[1]


_TYPED: Final = N_("вносится центром по документу")
_ALL: Final = (
    Indicator("K1.1", N_("Систематичность рассмотрения вопросов реализации проекта"), "percent",
              N_("заседания с вопросом программы / заседания по плану × 100"), N_("заседания советов и сообществ"), c.meetings),
    Indicator("K1.2", N_("Необходимость и достаточность созданных локальных актов"), "percent",
              N_("действующие акты перечня / акты перечня × 100"), N_("перечень необходимых актов, реестр локальных актов"), c.acts),
    Indicator("K1.3", N_("Количество субъектов образовательных отношений, прошедших обучение"), "count",
              N_("число людей, завершивших обучение"), _TYPED),
    Indicator("K1.4", N_("Количество публикаций опыта реализации проекта"), "count",
              N_("число публикаций, по каналам"), N_("реестр публикаций"), c.publications),
    Indicator("K1.5", N_("Достаточность материально-технических ресурсов"), "percent",
              N_("имеющиеся ресурсы перечня / ресурсы перечня × 100"), N_("перечень ресурсов"), c.resources),
    Indicator("K1.6", N_("Доля педагогов, принимающих участие в методических объединениях и сообществах региона"), "percent",
              N_("участники региональных объединений / педагоги × 100"), N_("участие в объединениях, численность педагогов"), c.members,
              HOW),
    Indicator("K2.1", N_("Динамика экспертного уровня педагогов"), "points",
              N_("среднее изменение результата диагностики, баллы"), _TYPED),
    Indicator("K2.2", N_("Доля педагогов, принимающих участие в экспертизе профессионального мастерства"), "percent",
              N_("подписавшие хотя бы один экспертный лист / педагоги × 100"), N_("экспертные листы, численность педагогов"), c.experts,
              N_("Каждый эксперт – один раз, по учётной записи.")),
    Indicator("K2.3", N_("Масштаб взаимодействия муниципальной методической службы и организаций-партнёров"), "count",
              N_("партнёры и муниципалитеты, с которыми было хотя бы одно совместное событие"), N_("мероприятия, соглашения"), c.partners),
    Indicator("K2.4", N_("Доля педагогов – участников программы наставничества в экспертном сообществе"), "percent",
              N_("участники пар / эксперты и резерв × 100"), _TYPED),
    Indicator("K2.5", N_("Доля экспертов – участников программ сетевого взаимодействия"), "percent",
              N_("эксперты с сетевой активностью / эксперты × 100"), _TYPED),
    Indicator("K2.6", N_("Результативность участия педагогов в конкурсах профессионального мастерства"), "percent",
              N_("победители и лауреаты / участники × 100, по уровням"), N_("результаты педагогов в конкурсах"), c.contests),
    Indicator("K2.7", N_("Доля педагогов, представляющих инновационный опыт работы"), "percent",
              N_("авторы утверждённых работ и выступлений / педагоги × 100"),
              N_("утверждённые дела, публикации, численность педагогов"), c.authors,
              N_("%(how)s Соавтор дела без учётной записи – из организации, от которой подано дело. Соавторы публикаций не считаются.",
                 how=HOW)),
    Indicator("K2.8", N_("Доля экспертов, включённых в региональный банк экспертов"), "percent",
              N_("эксперты регионального банка / действующие эксперты × 100"), N_("реестр экспертов"), c.bank),
    Indicator("K3.1", N_("Вовлечённость субъектов образовательных отношений и организаций-партнёров"), "percent",
              N_("участники и партнёры / запланировано × 100"), N_("мероприятия, соглашения"), c.involved, HOW),
    Indicator("K3.2", N_("Доля субъектов образовательных отношений, удовлетворённых результатами реализации проекта"), "percent",
              N_("удовлетворённые / ответившие × 100"), N_("закрытые опросы"), c.satisfied),
    Indicator("K3.3", N_("Публикации и представление опыта работы на региональном уровне"), "count",
              N_("число публикаций и выступлений регионального уровня и выше"), N_("реестр публикаций"), c.regional),
)  # fmt: skip
INDICATORS: Final[Mapping[str, Indicator]] = MappingProxyType({one.key: one for one in _ALL})


@dataclass(frozen=True, slots=True)
class Typed:
    """A value that people typed or imported for exactly these days, with the paper that it stands in; ``row`` is its record."""

    indicator: str
    since: date
    until: date
    value: Decimal
    numerator: Decimal | None
    denominator: Decimal | None
    paper: str
    row: Ref


def value_of(one: Indicator, look: Look, typed: Iterable[Typed] = ()) -> Value:
    """Return the value of an indicator over a period: what was typed for exactly these days, else what is counted."""
    period = look.period
    for paper in typed:
        if paper.indicator == one.key and (paper.since, paper.until) == (period.since, period.until):
            rows = (paper.row,)
            return Value(one.unit, paper.numerator, paper.denominator, rows, paper=paper.paper, typed=paper.value)
    return one.count(look) if one.count else Value(one.unit, None)
