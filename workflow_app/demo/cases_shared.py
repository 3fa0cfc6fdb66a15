"""What the scenes of the demo share: their form, and words that people would write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from workflow_app import data
from workflow_app.demo import sample_forms
from workflow_app.demo.timeline import Tale

HIGH, GOOD, FAIR, WEAK, POOR = (1.0, 0.8, 1.0), (0.8, 0.8, 1.0), (0.6, 0.8, 0.6), (0.6, 0.4, 0.6), (0.4, 0.4, 0.2)

DUPLICATE = (
    "Дело зарегистрировано дважды: заявление поступило и на бумаге, и через систему. Рассматривается более раннее."
)
UPHELD = "Порядок экспертизы соблюдён, каждая оценка обоснована; доводы апелляции не подтвердились."
COMMON = (
    "Специалисты обсудили показатель, по которому разошлись, и изучили справку о внешнем мониторинге. Результаты стабильны, спад объяснён "
    "и преодолён, поэтому общий вывод — результаты соответствуют требованиям."
)
DISSENT = (
    "С выводом согласна, но считаю, что раздел о методической работе подтверждён не полностью: протоколы двух заседаний не приложены. "
    "Прошу учесть это при рассмотрении."
)
DEVIATION = (
    "По баллам материал рекомендуется к публикации, однако часть рисунков взята без указания источника. До исправления предлагается вывод "
    "«к использованию с учётом замечаний»."
)
CHANGES = "Добавлены исходные данные апробации, указаны источники всех рисунков, описаны условия, при которых приём не работает."


@dataclass(frozen=True, slots=True)
class Scene:
    """One case of the demo: the work, when it was opened (working days ago), the state it comes to, and how.

    ``by`` enters it on behalf of the applicant, through ``channel``.
    """

    key: str
    opened: int
    state: str
    play: Callable[[Tale], object]
    by: str = ""
    channel: str = "web"


def said(what: str) -> Any:
    """Return what the demo's people say of appeals, from the data."""
    return data.load("demo_reviews")[what]


def appeal(tale: Tale, against: str = "") -> Tale:
    """Let the author appeal against the conclusion, or against the refusal."""
    word = {"m": "Не согласен", "f": "Не согласна"}[str(sample_forms.people()[tale.work.applicant]["gender"])]
    return tale.author("appeal", {"text": f"{word} {said('appeals')[against or tale.work.kind]}"})


def vote(tale: Tale, member: str, answer: str, against: str = "conclusion") -> Tale:
    """Let a member of the appeal panel vote."""
    opinion = said("votes")[against][answer]
    return tale.act(member, "vote", {"grant": answer, "opinion": opinion, "how": "simple"})


def panel(tale: Tale, *members: str) -> Tale:
    """Appoint the appeal panel."""
    people = [tale.stage.people[one] for one in members]
    return tale.director("appoint_panel", {"members": people, "chair": people[0]})


def partly(tale: Tale, *names: str) -> dict[str, Any]:
    """Return what is typed so far into the form: the named fields."""
    return {name: tale.work.form[name] for name in names if name in tale.work.form}
