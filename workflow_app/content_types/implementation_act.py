"""«Акты внедрения» and responses: who has put a product of the programme to use, and what they say of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow_app.content_types.behaviors import FileKind, Files
from workflow_app.content_types.declaration import ContentType, Listing, OfRecord, SchoolYear, record_workflow
from workflow_app.content_types.shared import KEEPERS, STAFF, plan_item
from workflow_app.errors import N_
from workflow_app.states.forms import Choice, Problems, ask, rule

KINDS = (
    Choice("act", N_("акт внедрения")), Choice("review", N_("рецензия")), Choice("response", N_("отзыв")),
    Choice("thanks", N_("благодарственное письмо")),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ImplementationAct(OfRecord):
    """A paper from outside on a product: from an organisation of the directory, or from whom it says."""

    about_what: str = ask(N_("О чём"), least=5, most=300, help=N_("Какой продукт внедрён или оценён."))
    act_kind: str = ask(N_("Вид"), choices=KINDS)
    product_id: int | None = ask(N_("Продукт программы"), refers="product", required=False, default=None)
    organization_id: int | None = ask(N_("От какой организации"), refers="organization", required=False, default=None)
    from_whom: str = ask(
        N_("От кого"), required=False, most=300, default="", help=N_("Если организации нет в справочнике или пишет человек.")
    )  # fmt: skip
    on: date = ask(N_("Дата"))
    paper: str = ask(N_("Номер"), required=False, most=100, default="")
    gist: str = ask(N_("Главное из текста"), required=False, most=2000, default="", long=True)
    plan_item_id: int | None = plan_item()

    @rule
    def is_from_somebody(self) -> Problems:
        """A response of nobody shows nothing."""
        nobody = self.organization_id is None and not self.from_whom
        return {"from_whom": (N_("Укажите, от кого: организацию из справочника или словами."),)} if nobody else {}


IMPLEMENTATION_ACT = ContentType(
    key="implementation_act", titles=(N_("Акт или отзыв"), N_("Акты внедрения и отзывы"), N_("Новый акт или отзыв")),
    sheet=ImplementationAct, title="about_what",
    about=N_("Здесь акты внедрения, рецензии и отзывы о продуктах программы: от кого, когда, о чём."),
    workflow=record_workflow("implementation_act", N_("Акт или отзыв"), ImplementationAct, sees=STAFF, keeps=KEEPERS),
    behaviors=(SchoolYear(by="on"), Files((FileKind("scan", N_("Скан"), 5),))),
    group="programme", icon="stamp", aside=True,
    listing=Listing(("about_what", "act_kind", "organization_id", "from_whom", "on"), ("state", "act_kind", "product_id"),
                    ("about_what", "from_whom", "gist"), "-on"),
)  # fmt: skip
