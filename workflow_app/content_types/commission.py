"""Commissions and groups of experts: named once, with a period, a chair, a lead; an assignment takes its free members at one press."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from workflow_app.content_types.behaviors import FileKind, Files
from workflow_app.content_types.declaration import ContentType, Listing, OfRecord, Valid, record_workflow
from workflow_app.content_types.shared import KEEPERS, STAFF, Lasting
from workflow_app.errors import N_, Sentence
from workflow_app.states.forms import ask
from workflow_app.states.standings import by_name
from workflow_app.states.vocabulary import Facts

IN_COMMISSION: Final = by_name("in_commission", N_("член комиссии экспертов"))
_SEES: Final = STAFF | {IN_COMMISSION}


@dataclass(frozen=True, kw_only=True)
class Commission(Lasting):
    """A group of experts who work together: chair and lead are of it whether they stand among the members or not."""

    name: str = ask(
        N_("Название"), least=3, most=200, unique=True, help=N_("Например: «Комиссия № 1, начальная школа».")
    )
    directions: tuple[str, ...] = ask(
        N_("Направления экспертизы"), choices="directions", widget="checks", required=False, most=20, default=()
    )
    posts: str = ask(
        N_("Для каких должностей, предметов"), required=False, most=500, default="", help=N_("Как в приказе. Пусто: для любых.")
    )  # fmt: skip
    chair_id: int | None = ask(
        N_("Председатель"), refers="person", stands="in_commission", required=False, default=None
    )
    lead_id: int | None = ask(
        N_("Ведущий специалист"), refers="person", stands="in_commission", required=False, default=None,
        help=N_("Станет ведущим в деле аттестации, когда примет приглашение."),
    )  # fmt: skip
    since: date | None = ask(N_("Работает с"), required=False, default=None)
    until: date | None = ask(N_("По"), required=False, default=None, help=N_("Пусто: бессрочно."))
    paper: str = ask(N_("Приказ о составе: номер, дата"), required=False, most=200, default="")


@dataclass(frozen=True, kw_only=True)
class CommissionMember(OfRecord):
    """One of a commission."""

    person_id: int = ask(N_("Эксперт"), refers="person", stands="in_commission", unique=True)


def _summary(facts: Facts) -> tuple[Sentence, ...]:
    members = facts.parts.get(("commission_member", "active"), 0)
    return (N_("в списке членов: %(n)s", n=members),) if members else (N_("члены не внесены"),)


COMMISSION = ContentType(
    key="commission", titles=(N_("Комиссия экспертов"), N_("Комиссии экспертов"), N_("Новая комиссия")), sheet=Commission, title="name",
    about=N_("Здесь комиссии и группы экспертов. Назовите состав один раз: при назначении система отметит его свободных членов."),
    workflow=record_workflow(
        "commission", N_("Комиссия экспертов"), Commission, sees=_SEES, keeps=KEEPERS, until="until", serves=N_("Работает"),
    ),
    behaviors=(Valid(until="until"), Files((FileKind("order", N_("Приказы"), 5),))),
    group="community", icon="users", aside=True, summary=_summary,
    listing=Listing(("name", "chair_id", "lead_id", "posts", "since", "until"), ("state",), ("name", "posts"), "title"),
)  # fmt: skip
COMMISSION_MEMBERS = ContentType(
    key="commission_member", within="commission", titles=(N_("Член комиссии"), N_("Члены комиссии"), N_("Добавить члена комиссии")),
    sheet=CommissionMember, title="person_id", about=N_("Добавьте экспертов: по одному, сразу многих или списком."),
    workflow=record_workflow(
        "commission_member", N_("Член комиссии"), CommissionMember, sees=_SEES, keeps=KEEPERS,
        serves=N_("В составе"), away=N_("Вышел из состава"),
    ),
    listing=Listing(("person_id",), ("state",), (), "id"), many="person_id",
)  # fmt: skip
