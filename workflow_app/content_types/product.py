"""Products of the programme: what it leaves behind for others to use, whether it was examined, where it was published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow_app.case_types.declaration import with_https
from workflow_app.content_types.behaviors import FileKind, Files, Published
from workflow_app.content_types.declaration import ContentType, Listing, OfRecord, SchoolYear, record_workflow
from workflow_app.content_types.shared import AUTHOR, KEEPERS, STAFF, plan_item
from workflow_app.errors import N_, Sentence
from workflow_app.states.forms import Choice, ask
from workflow_app.states.vocabulary import Facts, Guard, State, Target, Tone, Transition

PRODUCTS = (
    Choice("recommendations", N_("методические рекомендации")), Choice("collection", N_("сборник")),
    Choice("card", N_("технологическая карта")), Choice("model", N_("модель")), Choice("programme", N_("программа")),
    Choice("kit", N_("учебно-методический комплект")), Choice("tools", N_("диагностические материалы")), Choice("other", N_("другое")),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Product(OfRecord):
    """What is made, by whom, by which case examined, by which publication told of."""

    title: str = ask(N_("Название"), least=5, most=300, unique=True)
    product_kind: str = ask(N_("Вид продукта"), choices=PRODUCTS)
    on: date = ask(N_("Дата готовности"), help=N_("Плановая, пока продукт в работе."))
    author_id: int | None = ask(N_("Автор"), refers="person", stands="author", required=False, default=None)
    with_whom: str = ask(N_("Соавторы"), required=False, most=300, default="")
    about: str = ask(N_("Для кого и о чём"), required=False, most=2000, default="", long=True)
    case_id: int | None = ask(N_("Дело экспертизы"), refers="case", required=False, default=None)
    publication_id: int | None = ask(N_("Публикация"), refers="publication", required=False, default=None)
    link: str = ask(N_("Ссылка"), required=False, most=500, default="", tidy=with_https, pattern=r"https?://\S+")
    plan_item_id: int | None = plan_item()


def _summary(facts: Facts) -> tuple[Sentence, ...]:
    case, publication = facts.values["case_id"], facts.values["publication_id"]
    return (
        N_("экспертиза: дело указано") if case else N_("экспертизы не было"),
        N_("публикация указана") if publication else N_("публикации нет"),
    )


PRODUCT = ContentType(
    key="product", titles=(N_("Продукт программы"), N_("Продукты программы"), N_("Новый продукт")), sheet=Product, title="title",
    about=N_("Здесь то, что остаётся после программы: рекомендации, сборники, карты. Видно, что прошло экспертизу и где вышло."),
    workflow=record_workflow(
        "product", N_("Продукт программы"), Product, sees=STAFF | {AUTHOR}, keeps=KEEPERS, serves=N_("В работе"), tone="waiting",
        states=(State("ready", N_("Готов"), N_("Готов"), {}, tone="good"),),
        transitions=(
            Transition("finish", N_("Отметить готовым"), ("active",), Guard(KEEPERS), (Target("ready"),),
                       tone=Tone.PRIMARY, past=N_("Продукт готов")),
            Transition("rework", N_("Вернуть в работу"), ("ready",), Guard(KEEPERS), (Target("active"),),
                       past=N_("Продукт возвращён в работу")),
        ),
    ),
    behaviors=(SchoolYear(by="on"),
               Files((FileKind("product", N_("Продукт"), 10), FileKind("proof", N_("Рецензии, заключения"), 10)), KEEPERS | {AUTHOR}),
               Published(("title", "product_kind", "on", "author_id", "about", "link"), ("product",))),
    group="programme", icon="archive", aside=True, summary=_summary,
    listing=Listing(("title", "product_kind", "author_id", "on"), ("state", "product_kind"), ("title", "about"), "title"),
)  # fmt: skip
