"""Publications: how the experience of the programme is spread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow_app.case_types.declaration import with_https
from workflow_app.content_types.behaviors import FileKind, Files, Published
from workflow_app.content_types.declaration import ContentType, Listing, OfRecord, SchoolYear, record_workflow
from workflow_app.content_types.shared import AUTHOR, KEEPERS, LEVELS, STAFF, plan_item
from workflow_app.errors import N_
from workflow_app.states.forms import Choice, ask

CHANNELS = (
    Choice("site", N_("сайт центра")), Choice("vk", N_("ВКонтакте")), Choice("pedsovet66", N_("Педсовет66")),
    Choice("dppo", N_("DPPO.PRO")), Choice("newspaper", N_("газета")), Choice("journal", N_("журнал")),
    Choice("collection", N_("сборник")), Choice("talk", N_("выступление")),
    Choice("presentation", N_("презентация")), Choice("other", N_("другое издание")),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Publication(OfRecord):
    """What was published, where, by whom."""

    title: str = ask(N_("Название"), least=5, most=300, unique=True)
    on: date = ask(N_("Дата выхода"))
    channel: str = ask(N_("Где вышла"), choices=CHANNELS)
    level: str = ask(N_("Уровень"), choices=LEVELS)
    author_id: int | None = ask(N_("Автор"), refers="person", stands="author", required=False, default=None)
    with_whom: str = ask(N_("Соавторы"), required=False, most=300, default="")
    plan_item_id: int | None = plan_item()
    output: str = ask(
        N_("Выходные данные"), required=False, most=300, default="", help=N_("Издание, год, номер, страницы.")
    )
    link: str = ask(N_("Ссылка"), required=False, most=500, default="", tidy=with_https, pattern=r"https?://\S+",
                    help=N_("Адрес страницы, например https://example.ru/statya."))  # fmt: skip


PUBLICATION = ContentType(
    key="publication", titles=(N_("Публикация"), N_("Публикации"), N_("Новая публикация")), sheet=Publication, title="title",
    about=N_("Здесь копятся статьи, выступления и заметки о программе. Из них считаются показатели распространения опыта."),
    workflow=record_workflow("publication", N_("Публикация"), Publication, sees=STAFF | {AUTHOR}, keeps=KEEPERS),
    behaviors=(SchoolYear(by="on"),
               Files((FileKind("text", N_("Публикация"), 5), FileKind("proof", N_("Обложка, сертификат"), 5)), KEEPERS | {AUTHOR}),
               Published(("title", "on", "channel", "level", "author_id", "output", "link"), ("text",))),
    group="programme", icon="book", panels=("share_publication",),
    listing=Listing(("title", "channel", "level", "author_id", "on"), ("state", "channel", "level"), ("title", "output"), "-on"),
)  # fmt: skip
