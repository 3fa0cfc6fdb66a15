"""Ordinary orders and letters of the centre: the text is put together here, the number comes with the document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow_app.content_types.acquaintance import READER, acquaintance
from workflow_app.content_types.behaviors import FileKind, Files, Issues, Paper
from workflow_app.content_types.declaration import ContentType, Listing, OfRecord, record_workflow
from workflow_app.content_types.shared import KEEPERS, RESPONSIBLE, STAFF, plan_item
from workflow_app.errors import N_
from workflow_app.states.forms import Choice, Problems, ask, rule
from workflow_app.states.vocabulary import Condition, Facts, Guard, State, Target, Tone, Transition

KINDS = (Choice("order", N_("приказ по основной деятельности")), Choice("letter", N_("письмо")))
_LINES = N_("Каждый пункт с новой строки.")


@dataclass(frozen=True, kw_only=True)
class OfficePaper(OfRecord):
    """An order or a letter: about what, on what ground, its points or paragraphs, annexes, who sees to it."""

    title: str = ask(
        N_("Заголовок"), least=5, most=300, help=N_("Отвечает на «о чём»: «О проведении практикума экспертов».")
    )
    paper_kind: str = ask(N_("Вид документа"), choices=KINDS, default="order")
    addressee: str = ask(
        N_("Кому"), required=False, most=500, default="", long=True, needed=lambda values: values.get("paper_kind") == "letter",
        help=N_("Для письма, в дательном падеже: «Руководителям образовательных организаций»."),
    )  # fmt: skip
    ground: str = ask(
        N_("Основание"), required=False, most=2000, default="", long=True,
        help=N_("Для приказа, до слова «ПРИКАЗЫВАЮ»: «В соответствии с планом работы центра на 2026 год»."),
    )  # fmt: skip
    points: str = ask(N_("Пункты приказа или текст письма"), least=5, most=20000, long=True, help=_LINES)
    annexes: str = ask(
        N_("Приложения"),
        required=False,
        most=2000,
        default="",
        long=True,
        help=N_("Каждое с новой строки: название и число листов."),
    )
    control_id: int | None = ask(
        N_("Контроль исполнения"), refers="person", required=False, default=None, help=N_("Пусто: за директором.")
    )
    responsible_id: int | None = ask(
        N_("Исполнитель"), refers="person", stands="responsible", required=False, default=None
    )
    until: date | None = ask(N_("Исполнить до"), required=False, default=None)
    plan_item_id: int | None = plan_item()

    @rule
    def a_letter_is_written_to_somebody(self) -> Problems:
        """An order needs nobody to whom it is written."""
        wrong = self.paper_kind == "letter" and not self.addressee
        return {"addressee": (N_("Напишите, кому письмо."),)} if wrong else {}


def _of(kind: str) -> Condition:
    said = {"order": N_("Это письмо, а не приказ."), "letter": N_("Это приказ, а не письмо.")}[kind]
    return Condition(f"it is a {kind}", lambda facts: _is(facts, kind), said, said)


def _is(facts: Facts, kind: str) -> bool:
    return facts.values.get("paper_kind") == kind


OFFICE_PAPER = ContentType(
    key="office_paper", titles=(N_("Приказ, письмо"), N_("Приказы и письма"), N_("Новый приказ или письмо")), sheet=OfficePaper,
    title="title", about=N_("Здесь обычные приказы и письма центра: заголовок, основание, пункты; номер документ получит при выпуске."),
    workflow=record_workflow(
        "office_paper", N_("Приказ, письмо"), OfficePaper, sees=STAFF | {RESPONSIBLE, READER}, keeps=KEEPERS, serves=N_("Готовится"),
        tone="work", states=(State("sent", N_("Подписан, отправлен"), N_("Подписан, отправлен"), {}, tone="good"),),
        transitions=(
            Transition("send", N_("Подписан, отправлен"), ("active",), Guard(KEEPERS), (Target("sent"),), tone=Tone.PRIMARY,
                       past=N_("Документ подписан, отправлен")),
            Transition("reopen", N_("Вернуть к подготовке"), ("sent",), Guard(KEEPERS), (Target("active"),),
                       past=N_("Документ возвращён к подготовке")),
        ),
    ),
    behaviors=(Files((FileKind("annex", N_("Приложения")), FileKind("scan", N_("Скан с подписью"), 3))),
               Issues((Paper("office_order", N_("Выпустить приказ"), ("active",), _of("order")),
                       Paper("office_letter", N_("Выпустить письмо"), ("active",), _of("letter")),
                       Paper("acquaintance_sheet", N_("Лист ознакомления"))),
                      readers=frozenset({READER, RESPONSIBLE}))),
    group="documents", icon="stamp",
    listing=Listing(("title", "paper_kind", "responsible_id", "until"), ("state", "paper_kind"), ("title", "points"), "-id"),
)  # fmt: skip
PAPER_ACQUAINTANCE = acquaintance(
    "paper_acquaintance", "office_paper", N_("Ознакомиться с приказом"),
    N_("Внесите, кого ознакомить: каждый отметит это сам или распишется на листе."),
)  # fmt: skip
