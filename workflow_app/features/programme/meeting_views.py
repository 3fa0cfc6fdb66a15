"""A meeting on one page while it sits: who is there by ticks, the agenda in order with what was decided, tasks, papers.

Nothing here is done beside the acts of the records: a saved list of ticks is «был(а)» and «не был(а)» of each member, saved decisions
are «Записать решение» of each question, all of them together or none (``gate.together``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from flask import Response, abort, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from workflow_app import gate
from workflow_app.content_types.meeting_course import turnout
from workflow_app.content_types.meeting_decision import MeetingDecision
from workflow_app.content_types.meeting_parts import AgendaHeard
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import RECORDS, Record
from workflow_app.errors import Invalid, Sentence, WorkflowError
from workflow_app.facts import pickers
from workflow_app.facts.record_names import names_of
from workflow_app.facts.record_rows import row_of
from workflow_app.facts.standings import visible
from workflow_app.facts.subjects import facts_of, offers_of
from workflow_app.features.programme.slice import may_begin, slice_
from workflow_app.states import policy
from workflow_app.states.forms import Nothing
from workflow_app.states.vocabulary import Facts, Permission
from workflow_app.web.formatting import say, short_day
from workflow_app.web.next_page import go
from workflow_app.web.page import LOGGED_IN
from workflow_app.web.panels import panels
from workflow_app.web.request_scope import here
from workflow_app.web.transition_view import attempt, filled, seen_version, take_turn

KIND: Final = CONTENT_TYPES["meeting"]
PRESSED: Final = ("list_members", "hold", "reopen", "entrust_all", "issue_meeting_protocol")
"""The acts on a meeting that are done from its page by one press."""
FOLLOWED: Final = ("hold_without", "sign", "invite", "invite_again")
"""Those that have a page of their own."""
VOTES: Final = ("in_favour", "against", "abstained")
_TOLD: Final = ("said", "decision", *VOTES)
MEMBER, ITEM, DECISION = "meeting_member", "agenda_item", "meeting_decision"


@dataclass(slots=True)
class Question:
    """A question of the agenda as it is shown: its words, what was typed into it, what is wrong by field."""

    row: Any
    speaker: str
    state: Any
    may: bool
    extract: bool
    typed: dict[str, str]
    problems: dict[str, list[str]] = field(default_factory=dict)
    note: str = ""
    tasks: list[dict[str, Any]] = field(default_factory=list)


@slice_.page("/meetings/<int:id>", readers=LOGGED_IN)
def meeting(id: int) -> str:
    """Show the meeting as the reader may see it; its forms to whoever keeps it."""
    return _page(_open(id))


@slice_.page("/meetings/<int:id>/presence", readers=LOGGED_IN, methods=("POST",))
def presence(id: int) -> Response:
    """Mark who was there: all members of the list at once."""
    scope, row = here(), _open(id)
    take_turn(row)
    every, ticked = request.form.get("do") == "all", set(request.form.getlist("there"))
    try:
        with gate.together(scope.session):
            for one in _parts(row, MEMBER):
                there = every or str(one.id) in ticked
                if one.state != ("attended" if there else "missed"):
                    gate.perform(scope.session, scope.me, one, "attend" if there else "miss", Nothing(), _seen(one))
    except WorkflowError as error:
        flash(say(error.sentence), "danger")
    else:
        flash(_("Присутствие отмечено."), "success")
    return _back(row, "presence")


@slice_.page("/meetings/<int:id>/decisions", readers=LOGGED_IN, methods=("POST",))
def decisions(id: int) -> Response | str:
    """Record how the questions ended: those alone in which something was typed anew."""
    row = _open(id)
    take_turn(row)
    wrong: dict[int, Mapping[str, Sequence[Sentence]]] = {}
    sheets: list[tuple[Any, AgendaHeard]] = []
    for one in _parts(row, ITEM):
        typed = {name: request.form.get(f"{name}-{one.id}", "") for name in _TOLD}
        if f"decision-{one.id}" not in request.form or typed == _kept(one):
            continue
        try:
            sheets.append((one, filled(AgendaHeard, typed)))
        except Invalid as error:
            wrong[one.id] = error.problems
    if not wrong:
        wrong = _hear(sheets)
    if wrong:
        return make_response(_page(row, wrong), 422)
    flash(_("Записано вопросов: %(n)s.", n=len(sheets)) if sheets else _("Ничего не изменилось."), "success")
    return _back(row, "agenda")


def _hear(sheets: Sequence[tuple[Any, AgendaHeard]]) -> dict[int, Mapping[str, Sequence[Sentence]]]:
    """Do the acts together; return what is wrong with the first that is refused, by its question: then nothing is kept."""
    scope, now = here(), 0
    try:
        with gate.together(scope.session):
            for one, sheet in sheets:
                now = one.id
                gate.perform(scope.session, scope.me, one, "hear", sheet, _seen(one))
    except Invalid as error:
        return {now: error.problems}
    except WorkflowError as error:
        return {now: {"": (error.sentence,)}}
    return {}


@slice_.page("/meetings/<int:id>/tasks", readers=LOGGED_IN, methods=("POST",))
def tasks(id: int) -> Response | str:
    """Enter what somebody has to do until a day."""
    scope, row = here(), _open(id)
    take_turn(row)
    kind = CONTENT_TYPES[DECISION]
    lists = {
        str(how.choices): pickers.referred(scope.session, scope.me, how.refers)
        for how in kind.typed.values()
        if how.refers
    }
    typed = {name: request.form.get(f"task-{name}", "") for name in ("title", "person_id", "until", "item")}
    try:
        sheet = filled(MeetingDecision, typed, lists)
        with scope.session.begin_nested():
            gate.begin(scope.session, scope.me, row_of(kind, row.municipality_id, sheet, row), sheet)
    except Invalid as error:
        return make_response(_page(row, task=(typed, error.problems)), 422)
    except WorkflowError as error:
        return make_response(_page(row, task=(typed, {"": (error.sentence,)})), 409)
    flash(_("Поручение добавлено."), "success")
    return _back(row, "tasks")


@slice_.page("/meetings/<int:id>/press/<name>", readers=LOGGED_IN, methods=("POST",))
def press(id: int, name: str) -> Response:
    """Do an act that asks nothing: on the meeting, or the extract of one question."""
    row = _open(id)
    subject = row
    if name == "issue_protocol_extract":
        found = [one for one in _parts(row, ITEM) if str(one.id) == request.form.get("item")]
        subject = found[0] if found else abort(404)
    elif name not in PRESSED:
        abort(404)
    take_turn(row)
    transition = subject.content.workflow.transition(name)
    try:
        attempt(subject, name, transition.asks())
    except WorkflowError as error:
        flash(" ".join(say(one) for one in getattr(error, "obstacles", ()) or (error.sentence,)), "danger")
    else:
        flash(say(transition.answer), "success")
    return _back(row, "papers" if name.startswith("issue_") else "")


def _open(id_: int) -> Any:
    scope = here()
    return gate.read(scope.session, scope.me, RECORDS["meeting"], id_)


def _back(row: Any, anchor: str) -> Response:
    return go("programme.meeting", id=row.id, fragment=anchor)


def _seen(row: Any) -> int:
    """Return the version of a part that the page showed."""
    return seen_version(row, f"version-{row.kind}-{row.id}")


def _parts(row: Any, key: str) -> list[Any]:
    """Return the living parts of a kind that the reader may see, in their order."""
    scope, model = here(), RECORDS[key]
    of: Any = model
    seen = visible(scope.me, Permission.VIEW, model).among(of.within_id == row.id, of.state != "ended")
    order = (of.place, of.id) if key == ITEM else (of.id,)
    return list(scope.session.scalars(select(of).where(seen.condition).order_by(*order)))


def _kept(row: Any) -> dict[str, str]:
    """Return what a question holds as its form shows it."""
    return {name: "" if (value := getattr(row, name)) is None else str(value) for name in _TOLD}


def _may(row: Record, facts: Facts, name: str) -> bool:
    offer = offers_of(row, here().session, here().me, facts).get(name)
    return offer is not None and offer.open


def _page(
    row: Any,
    wrong: Mapping[int, Mapping[str, Sequence[Sentence]]] | None = None,
    task: tuple[Mapping[str, str], Mapping[str, Sequence[Sentence]]] = ({}, {}),
) -> str:
    scope = here()
    facts = facts_of(row, scope.session)
    members, items, todo = (_parts(row, key) for key in (MEMBER, ITEM, DECISION))
    names = names_of(scope.session, [row, *members, *items, *todo])
    came, many, needed = turnout(facts)
    offers = offers_of(row, scope.session, scope.me)
    named = [one for one in members if one.person_id]
    return render_template(
        "programme/meeting.html", row=row, state=KIND.workflow.state(row.state), body=names.get(("body", row.body_id), ""),
        when=short_day(row.on), form=_choice(KIND, "form", row.form), came=came, many=many, needed=needed,
        members=[_member(one, names) for one in members],
        may_mark=any(_may(one, facts, "attend") or _may(one, facts, "miss") for one in members),
        questions=_questions(items, todo, facts, names, came, wrong or {}), rest=[_task(one, names) for one in todo if one.item is None],
        presses=[_pressed(offers[name]) for name in PRESSED if name in offers and name != "issue_meeting_protocol"],
        protocol=_pressed(offers["issue_meeting_protocol"]) if "issue_meeting_protocol" in offers else None,
        follows=[{"title": say(offers[name].transition.title), "url": url_for("records.meeting_act", id=row.id, name=name)}
                 for name in FOLLOWED if name in offers and offers[name].open],
        may_task=policy.may_begin(CONTENT_TYPES[DECISION].workflow, scope.me, _begun(facts)) and row.state != "ended",
        may_item=may_begin(ITEM) and row.state in ("active", "invited", "held"),
        people=[(one.person_id, one.name) for one in named],
        numbers=[(one.place, f"{one.place}. {one.title}"[:80]) for one in items], task=task[0],
        task_wrong={name: " ".join(say(one) for one in many) for name, many in task[1].items()},
        papers=panels("meeting", "papers", row),
        errors=[{"text": " ".join(say(one) for one in many), "target": f"f-{name or 'decision'}-{id_}"}
                for id_, told in (wrong or {}).items() for name, many in told.items()],
        breadcrumbs=[{"title": say(KIND.titles[1]), "url": url_for("records.meeting_list")},
                     {"title": row.title, "url": url_for("records.meeting", id=row.id)}, {"title": _("Ход заседания"), "url": ""}],
    )  # fmt: skip


def _begun(facts: Facts) -> Facts:
    """Return the facts of a part that is about to be begun in this meeting: who stands to the meeting stands to it, too."""
    return Facts("active", facts.now, facts.today, facts.municipality_id, root=facts)


def _pressed(offer: policy.Offer) -> dict[str, Any]:
    act = offer.transition
    return {
        "name": act.name,
        "title": say(act.title),
        "open": offer.open,
        "obstacles": [say(one) for one in offer.obstacles],
    }


def _choice(kind: Any, name: str, value: str) -> str:
    return next((say(one.label) for one in kind.fields[name].choices if one.value == value), "")


def _member(row: Any, names: Any) -> dict[str, Any]:
    place = names.get(("organization", row.organization_id), "") if row.organization_id else ""
    office = "" if row.office == "member" else _choice(row.content, "office", row.office)
    return {"row": row, "office": office, "note": ", ".join(one for one in (office, row.position, place) if one)}


def _task(row: Any, names: Any) -> dict[str, Any]:
    state = row.content.workflow.state(row.state)
    return {
        "title": row.title, "who": names.get(("person", row.person_id), "") if row.person_id else "",
        "until": short_day(row.until) if row.until else "",
        "state": say(state.title), "tone": state.tone, "outcome": row.outcome,
    }  # fmt: skip


def _questions(
    items: Sequence[Any], todo: Sequence[Any], facts: Facts, names: Any, came: int, wrong: Mapping[int, Mapping[str, Sequence[Sentence]]]
) -> list[Question]:  # fmt: skip
    found = []
    for one in items:
        typed = _kept(one)
        if wrong:  # what was typed stays
            typed = {name: request.form.get(f"{name}-{one.id}", typed[name]) for name in typed}
        told = {name: [say(each) for each in many] for name, many in wrong.get(one.id, {}).items()}
        speaker = names.get(("person", one.speaker_id), "") if one.speaker_id else one.speaker
        found.append(
            Question(
                one, speaker, one.content.workflow.state(one.state), _may(one, facts, "hear"),
                _may(one, facts, "issue_protocol_extract"), typed, told, _counted(one, came),
                [_task(each, names) for each in todo if each.item == one.place],
            )
        )  # fmt: skip
    return found


def _counted(row: Any, came: int) -> str:
    """Say whether everybody who was there has voted."""
    total = sum(getattr(row, name) or 0 for name in VOTES)
    if not total:
        return ""
    if total == came:
        return str(_("Голосовали все присутствующие: %(n)s.", n=total))
    return str(_("Голосов %(n)s, присутствующих %(of)s: не голосовали %(rest)s.", n=total, of=came, rest=came - total))
