"""Councils, the bureau, communities and groups of the centre: name of the day, charter, composition, how often they meet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow_app.content_types.behaviors import FileKind, Files, Issues, Paper
from workflow_app.content_types.declaration import ContentType, Listing, OfRecord, record_workflow
from workflow_app.content_types.shared import KEEPERS, STAFF, plan_item
from workflow_app.errors import N_, Sentence
from workflow_app.states.forms import Choice, ask
from workflow_app.states.standings import by_name
from workflow_app.states.vocabulary import Facts, Guard, Transition

KINDS = (
    Choice("coordination", N_("координационный совет")), Choice("expert_council", N_("экспертный совет")),
    Choice("bureau", N_("экспертное бюро")), Choice("community", N_("сообщество по направлению")),
    Choice("association", N_("методическое объединение")), Choice("group", N_("рабочая группа")),
    Choice("regional", N_("региональный орган, РУМО")),
)  # fmt: skip
BODY_MEMBER = by_name("body_member", N_("член совета, сообщества"))
_GENITIVE = N_("Как в протоколе, после слова «заседание»: «координационного совета программы».")


@dataclass(frozen=True, kw_only=True)
class Body(OfRecord):
    """A body of the centre, or one with which it sits. ``quorum``: the share of the members, percent, that has to be there."""

    name: str = ask(N_("Наименование"), least=5, most=300, unique=True)
    genitive: str = ask(N_("Наименование в родительном падеже"), least=5, most=300, help=_GENITIVE)
    body_kind: str = ask(N_("Вид"), choices=KINDS)
    direction: str = ask(N_("Направление"), choices="directions", required=False, default="")
    charter_id: int | None = ask(N_("Положение"), refers="local_act", required=False, default=None)
    paper: str = ask(N_("Приказ о создании: номер, дата"), required=False, most=200, default="")
    since: date | None = ask(N_("Действует с"), required=False, default=None)
    quorum: int = ask(
        N_("Кворум, % состава"), least=1, most=100, default=50, required=False,
        help=N_("Столько процентов членов должно быть на заседании.")
    )  # fmt: skip
    planned: int | None = ask(N_("Заседаний в год по плану"), least=1, most=100, required=False, default=None)
    plan_item_id: int | None = plan_item()
    about: str = ask(N_("Задачи"), required=False, most=2000, default="", long=True)


@dataclass(frozen=True, kw_only=True)
class BodyRenamed(OfRecord):
    """Another name from a day on: the one of before stays for the papers of its time."""

    name: str = ask(N_("Новое наименование"), least=5, most=300)
    genitive: str = ask(N_("Оно же в родительном падеже"), least=5, most=300, help=_GENITIVE)
    since: date = ask(N_("С какого дня"))


def _summary(facts: Facts) -> tuple[Sentence, ...]:
    members = facts.parts.get(("body_member", "active"), 0)
    planned = facts.values["planned"]
    said = N_("в составе: %(n)s", n=members) if members else N_("состав не внесён")
    return (said, N_("заседаний в год по плану: %(n)s", n=planned)) if planned else (said,)


BODY = ContentType(
    key="body", titles=(N_("Совет, сообщество"), N_("Советы и сообщества"), N_("Новый совет или сообщество")), sheet=Body, title="name",
    about=N_("Здесь советы, бюро, сообщества и рабочие группы: положение, состав, заседания."),
    workflow=record_workflow(
        "body", N_("Совет, сообщество"), Body, sees=STAFF | {BODY_MEMBER}, keeps=KEEPERS,
        transitions=(
            Transition("rename", N_("Переименовать"), ("active",), Guard(KEEPERS), asks=BodyRenamed, past=N_("Наименование изменено")),
        ),
    ),
    behaviors=(Files((FileKind("order", N_("Приказы"), 10), FileKind("plan", N_("Планы работы")), FileKind("report", N_("Отчёты")))),
               Issues((Paper("composition_order", N_("Приказ о составе")), Paper("body_plan", N_("План работы на учебный год"))),
                      readers=frozenset({BODY_MEMBER}))),
    group="community", icon="users", summary=_summary,
    listing=Listing(("name", "body_kind", "direction", "since"), ("state", "body_kind"), ("name", "about"), "title"),
)  # fmt: skip
