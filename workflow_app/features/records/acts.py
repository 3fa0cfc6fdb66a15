"""What the present person may do with a record, as its card offers it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, flash, request, url_for

from workflow_app import clock, gate
from workflow_app.content_types.declaration import ContentType
from workflow_app.content_types.reminding import REMIND, RemindRecord
from workflow_app.db.models import Record
from workflow_app.errors import NotYet
from workflow_app.facts import other_records
from workflow_app.facts.subjects import offers_of
from workflow_app.states import policy
from workflow_app.states.vocabulary import Facts, Tone
from workflow_app.web import awaited_words
from workflow_app.web.formatting import say, zone
from workflow_app.web.next_page import go_to
from workflow_app.web.request_scope import here


@dataclass(frozen=True, slots=True)
class Act:
    """An act as a card offers it: ``version`` when one press does it, else its address is a page; the first is in sight.

    ``open``: nothing stands in its way now.
    """

    title: str
    url: str
    name: str
    primary: bool = False
    version: int = 0
    open: bool = True


def acts_of(row: Record, facts: Facts) -> list[Act]:
    """Return what the reader may do with a record; what is done by one press only when nothing stands in its way.

    Of acts of one name, each for another kind of the record, those that are not this record's are left out.
    """
    found = []
    offers = offers_of(row, here().session, here().me, facts.root)
    named = {offer.transition.title for offer in offers.values() if offer.open}
    for name, offer in offers.items():
        pressed = name in row.content.presses
        if name == REMIND:  # it stands beside whom the record waits for
            continue
        if not offer.open and offer.transition.title in named:
            continue
        if offer.open or not pressed:
            act = offer.transition
            url = page_of(row, name)
            version = row.version if pressed else 0
            found.append(Act(say(act.title), url, name, act.tone is Tone.PRIMARY, version, offer.open))
    return found


def waits_of(row: Record, facts: Facts) -> dict[str, Any]:
    """Return whom a record waits for and the address of «Напомнить», for those who may press it."""
    scope = here()
    offer = offers_of(row, scope.session, scope.me, facts.root).get(REMIND)
    found = other_records.waits(scope.session, scope.me, [row]).get(row, []) if offer is not None and offer.open else []
    url = url_for(f"records.{row.kind}_act", id=row.id, name=REMIND) if any(one.open for one in found) else ""
    return {"lines": [awaited_words.of_record(scope, one, None) for one in found], "url": url}


def remind(row: Record, name: str, back: str) -> Response | None:
    """Remind by one press of whom a record waits for, and go back, or say why not where the page has grown old; None: it is another act."""
    scope = here()
    if name != REMIND or name not in row.content.workflow.transitions:
        return None
    try:
        gate.perform(scope.session, scope.me, row, REMIND, RemindRecord(), row.version)
    except NotYet as error:
        flash(say(error.sentence), "attention")
    else:
        flash(say(row.content.workflow.transition(REMIND).answer), "success")
    return go_to(back)


def back_of(kind: ContentType, whole: Record | None) -> str:
    """Return where one goes after an act: to the whole, at the place of its parts, or to one's tasks."""
    if whole is None:
        return url_for("cases.work")
    place = place_in(kind)
    return url_for(f"records.{whole.kind}", id=whole.id, **place, _anchor=kind.key if place else None)


def page_of(row: Record, name: str) -> str:
    """Return the page of an act: the one that a feature has for it, or that of every act."""
    own = row.content.pages.get(name)
    return (
        url_for(own, id=row.id)
        if own
        else url_for(f"records.{row.kind}_act", id=row.id, name=name, **place_in(row.content))
    )


def place_in(kind: ContentType) -> dict[str, Any]:
    """Return the arguments of the address that say where one stands in a list of parts: an act on one of them leads back there."""
    names = (f"page-{kind.key}", "size") if kind.within else ()
    return {name: request.args[name] for name in names if request.args.get(name, "").isdecimal()}


def may_begin(kind: ContentType) -> bool:
    """Whether the present person begins records of a kind by a role, or for their organisation: its button is shown to nobody else."""
    scope = here()
    mine = scope.me.organization_id
    own = frozenset({mine}) if mine is not None and kind.school and not kind.within else frozenset[int]()
    nothing = Facts(kind.workflow.initial, clock.now(), clock.today(zone().key), scope.me.municipality_id, schools=own)
    return policy.may_begin(kind.workflow, scope.me, nothing)
