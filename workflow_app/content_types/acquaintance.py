"""«Ознакомлен(а)»: who has to read a paper of the centre, and has, by the password or on paper; a part of each kind of papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow_app.content_types.awaited import Awaits, Letter
from workflow_app.content_types.behaviors import FileKind, Files
from workflow_app.content_types.declaration import ContentType, Listing, OfRecord, record_workflow
from workflow_app.content_types.shared import KEEPERS, STAFF
from workflow_app.errors import N_, Sentence
from workflow_app.states.definitions.case.forms_signed import SignedHere
from workflow_app.states.forms import Moves, ask
from workflow_app.states.standings import by_name
from workflow_app.states.vocabulary import Guard, State, Target, Tone, Transition

READER = by_name("reader", N_("кто знакомится"))


@dataclass(frozen=True, kw_only=True)
class Acquaintance(OfRecord):
    """One person who has to read the paper."""

    person_id: int = ask(N_("Кто знакомится"), refers="person", stands="reader", unique=True)
    until: date | None = ask(N_("До какого дня"), required=False, default=None)


@dataclass(frozen=True, kw_only=True)
class ReadHere(SignedHere, Moves):
    """Whoever reads the paper says so by the password typed again."""


@dataclass(frozen=True, kw_only=True)
class ReadOnPaper(OfRecord):
    """A signature on the paper list of acquaintance."""

    on: date = ask(N_("Дата подписи на листе"))


def acquaintance(key: str, within: str, verb: Sentence, about: Sentence) -> ContentType:
    """Return the kind of parts of ``within`` that say who reads such a paper; ``verb``: what waits for them."""
    return ContentType(
        key=key, within=within, titles=(N_("Ознакомление"), N_("Ознакомлены"), N_("Кого ознакомить")),
        sheet=Acquaintance, title="person_id", about=about,
        workflow=record_workflow(
            key, N_("Ознакомление"), Acquaintance, sees=STAFF | {READER}, keeps=KEEPERS, serves=N_("Ждёт ознакомления"),
            tone="waiting",
            states=(State("read", N_("Ознакомление подтверждено"), N_("Ознакомление подтверждено"), {}, tone="good"),),
            transitions=(
                Transition("acquaint", N_("Ознакомлен(а)"), ("active",), Guard(frozenset({READER})), (Target("read"),), asks=ReadHere,
                           signs=True, tone=Tone.PRIMARY, past=N_("Ознакомлен(а)")),
                Transition("acquaint_on_paper", N_("Подпись на листе"), ("active",), Guard(KEEPERS), (Target("read"),), asks=ReadOnPaper,
                           past=N_("Ознакомлен(а) под подпись на листе")),
            ),
        ),
        behaviors=(Files((FileKind("signed", N_("Лист с подписью"), 1),)),),
        listing=Listing(("person_id", "until", "state"), ("state",), (), "id"),
        many="person_id",
        awaits=(Awaits("acquaint", (READER,), verb, due="until", remind=(-3, 1)),),
        letters=(
            Letter("begin", frozenset({READER}), "Ознакомьтесь с документом",
                   ("Центр просит вас прочитать документ «%(called)s» и отметить это в системе.",
                    "Сделайте это до %(until)s включительно."),
                   "вас внесли в лист ознакомления с этим документом."),
        ),
    )  # fmt: skip
