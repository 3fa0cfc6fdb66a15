"""What every page of a case shows: the heading, the status and term, the road, the offers. Web words over the policy's answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from workflow_app import gate
from workflow_app.case_types.declaration import CaseType
from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Assignment, Case, Document, Person
from workflow_app.errors import N_, Sentence
from workflow_app.facts import deadlines, subjects
from workflow_app.facts.subjects import facts_of, facts_within, state_of, workflow_of
from workflow_app.features.cases import queries
from workflow_app.features.cases.audience import Reading, reading_of
from workflow_app.features.cases.urls import act_url, assignment_act_url, opening
from workflow_app.states import policy
from workflow_app.states.vocabulary import Facts, Permission, State, Tone, Transition, Workflow
from workflow_app.web import deadline_words
from workflow_app.web.formatting import say, short_day, zone
from workflow_app.web.forms import told
from workflow_app.web.request_scope import Scope, here

_ICONS = {
    "submit": "edit", "resubmit": "edit", "register": "stamp", "return": "return", "start": "arrow-right", "invite": "users",
    "circulate": "send", "propose": "arrow-right", "approve": "stamp", "return_text": "return", "send_back": "return", "appeal": "scales",
    "withdraw": "stop", "cancel": "stop", "discard": "trash", "decline": "stop", "send": "send", "record": "edit", "accept": "handshake",
    "sign": "edit", "agree": "sign", "reissue": "refresh", "extend": "calendar", "amend": "edit", "vote": "scales",
    "add_documents": "paperclip", "approve_outside": "stamp", "lift_conflict": "scales",
    "record_act": "edit", "hand_over": "users",
}  # fmt: skip
# What a case asks of its author before it is sent (again).
_SENDING = ("submit", "resubmit")
_FILLING = {"returned": N_("Исправить замечания"), "on_revision": N_("Внести изменения")}
_ORDER = {Tone.PRIMARY: 0, Tone.QUIET: 1, Tone.DANGER: 2}


@dataclass(slots=True)
class Shown:
    """One case as the present person sees it; ``may`` by permission, ``offers`` by transition."""

    scope: Scope
    case: Case
    kind: CaseType
    workflow: Workflow
    facts: Facts
    may: Mapping[str, bool]
    offers: Mapping[str, policy.Offer]
    people: Mapping[int, Person]
    documents: Sequence[Document]
    reading: Reading
    own: Sequence[Assignment]

    @property
    def session(self) -> Session:
        """The request's session."""
        return self.scope.session

    @property
    def state(self) -> State:
        """The state of the case."""
        return state_of(self.case, told=self.may[Permission.SEE_CONCLUSION])

    def state_title(self) -> str:
        """The status in the reader's words."""
        return say(self.state.applicant_title if self.reading.author else self.state.title)


def look(id: int) -> Shown:
    """Read a case for its pages, or raise NotFound. The number of statements does not grow with the case."""
    scope = here()
    case = gate.read(scope.session, scope.me, Case, id)
    facts, workflow = facts_of(case, scope.session), workflow_of(case)
    may = {one.value: policy.may(workflow, scope.me, facts, one) for one in Permission}
    people = queries.people_of(scope.session, case)
    documents = visible_documents(scope, queries.documents(scope.session, case), facts)
    return Shown(
        scope=scope, case=case, kind=case_type(case.type), workflow=workflow, facts=facts, may=may,
        offers=subjects.offers_of(case, scope.session, scope.me), people=people, documents=documents,
        reading=reading_of(scope.me, case, facts, may, people, documents),
        own=queries.own_assignments(case, scope.me.person_id),
    )  # fmt: skip


def visible_documents(scope: Scope, documents: Iterable[Document], facts: Facts) -> list[Document]:
    """Keep the documents that the person may open, by the gate's own rule."""
    session = scope.session
    return [one for one in documents if gate.visible(session, scope.me, one, facts_within(one, session, facts))]


def due_of(shown: Shown) -> dict[str, Any] | None:
    """Return the term that concerns the reader: an expert's own, else the one of the case's present step."""
    mine = next((one for one in shown.own if one.due_on is not None), None)
    return deadline_words.of_assignment(mine) if mine is not None else deadline_words.of_case(shown.case)


def offer_cards(shown: Shown) -> list[dict[str, Any]]:
    """Return the offers on the case and on the reader's own assignment, the one thing to do first."""
    alive = [one for one in shown.offers.values() if not _is_past(one.transition, shown.facts)]
    alive = [one for one in alive if one.transition.name != "remind"]  # it stands beside whom the case waits for
    found = [_card(one, shown.case) for one in alive]
    for assignment in shown.own:
        mine = subjects.offers_of(assignment, shown.session, shown.scope.me, shown.facts).values()
        found += [_card(one, assignment) for one in mine if one.open]
    merged = list({(one["title"], one["url"]): one for one in found}.values())
    merged.sort(key=lambda one: _ORDER[one["tone"]])
    if shown.may[Permission.EDIT]:  # the form comes before its sending, and says itself what is missing
        return [_filling(shown.case), *(one for one in merged if one["name"] not in _SENDING or not one["obstacles"])]
    open_first = [one for one in merged if one["tone"] is Tone.PRIMARY and not one["obstacles"]]
    if open_first:  # of two, the later one of the road: to pass on comes after to send out
        open_first[-1]["kind"] = "primary"
        merged.remove(open_first[-1])
        merged.insert(0, open_first[-1])
    return merged


def _filling(case: Case) -> dict[str, Any]:
    """Return the card that leads to the form of the case."""
    title, url = say(_FILLING.get(case.state, N_("Продолжить заполнение"))), url_for("cases.edit", id=case.id)
    return {
        "title": title,
        "url": url,
        "kind": "primary",
        "icon": "edit",
        "tone": Tone.PRIMARY,
        "obstacles": [],
        "name": "edit",
    }


_NO_MORE = frozenset(
    {
        "appeal term open",
        "no appeal yet",
        "verdict is revise",
        "the centre's own work",
        "the act is recorded",
        "the act is awaited",
    }
)


def _is_past(transition: Transition, facts: Facts) -> bool:
    """Whether the act cannot become possible any more: the reader is spared an obstacle that will not go away."""
    return any(one.name in _NO_MORE and not one.test(facts) for one in transition.guard.when)


def _card(offer: policy.Offer, subject: Case | Assignment) -> dict[str, Any]:
    transition = offer.transition
    kind = "danger" if transition.tone is Tone.DANGER else "quiet"
    url = act_url(subject, transition) if isinstance(subject, Case) else assignment_act_url(subject, transition)
    if transition.subject_of == "submit":  # what is sent is looked through first
        url = f"{url}?step=check"
    return {
        "title": say(opening(subject, transition)), "url": url, "kind": kind, "icon": _ICONS.get(transition.name, ""),
        "tone": transition.tone, "obstacles": told(offer.obstacles), "name": transition.name,
    }  # fmt: skip


def office_offers(shown: Shown, assignment: Assignment) -> list[tuple[Transition, str]]:
    """Return what the office may do to an assignment now, with the address of each."""
    found = subjects.offers_of(assignment, shown.session, shown.scope.me, shown.facts).values()
    return [
        (one.transition, assignment_act_url(assignment, one.transition))
        for one in found
        if one.open and assignment.expert_id != shown.scope.me.person_id
    ]


def may_open_tab(shown: Shown, tab: str) -> bool:
    """Whether a tab has anything for the reader; one that has not is absent, and its address forbidden."""
    if tab == "materials":
        return shown.may[Permission.SEE_MATERIALS]
    if tab == "history":
        return shown.may[Permission.SEE_HISTORY]
    if tab == "review":
        wanted = (Permission.SEE_EXPERTS, Permission.SEE_REVIEWS, Permission.SEE_CONCLUSION)
        return bool(shown.own or past_conclusions(shown)) or any(shown.may[one] for one in wanted)
    return tab == "show" or bool(shown.documents) or shown.may[Permission.SEE_MATERIALS]


def past_conclusions(shown: Shown) -> list[Document]:
    """Return the conclusions of former rounds that the reader was handed: they stay in sight while the work is judged again."""
    return [
        one for one in shown.documents if one.state == "superseded" and one.document_kind == "consolidated_conclusion"
    ]


def tabs(shown: Shown, current: str) -> list[dict[str, Any]]:
    """Return the tabs that the reader has, with how much is in them."""
    titles = {
        "show": _("Сведения"), "materials": _("Материалы"), "review": _("Экспертиза"), "documents": _("Документы"), "history": _("История"),
    }  # fmt: skip
    counts = {
        "materials": sum(one.state == "attached" for one in shown.case.files)
        if shown.may[Permission.SEE_MATERIALS]
        else 0,
        "documents": len(shown.documents),
    }
    return [
        {
            "title": title, "url": url_for(f"cases.{tab}", id=shown.case.id), "current": tab == current,
            "count": counts.get(tab) or None,
        }
        for tab, title in titles.items()
        if may_open_tab(shown, tab)
    ]  # fmt: skip


def frame(shown: Shown, tab: str) -> dict[str, Any]:
    """Return what the heading of every page of a case is drawn from."""
    cards = offer_cards(shown)
    return {
        "case": shown.case, "kind": shown.kind, "state": shown.state, "status_title": shown.state_title(), "due": due_of(shown),
        "tabs": tabs(shown, tab), "offer_cards": cards, "first": next((one for one in cards if one["kind"] == "primary"), None),
        "may": shown.may, "reading": shown.reading, "offers": shown.offers,
        "breadcrumbs": [
            {"title": _("Все дела"), "url": url_for("cases.listing")}, {"title": shown.case.number or _("Дело без номера"), "url": ""},
        ],
    }  # fmt: skip


# --------------------------------------------------------------------------------------------------------------- road

# A state off the road stands at the step that it interrupts.
_ASIDE = {
    "returned": "registered", "third_review": "in_review", "on_revision": "approved", "appealed": "approved", "archived": "closed",
}  # fmt: skip
# Short words for the line of steps; the status beside the title says it in full.
_STEPS: dict[str, Sentence] = {
    "draft": N_("Черновик"), "submitted": N_("Подано"), "registered": N_("Регистрация"), "assigning": N_("Эксперты"),
    "in_review": N_("Экспертиза"), "consolidation": N_("Заключение"), "on_approval": N_("Утверждение"), "approved": N_("Утверждено"),
    "sent_to_commission": N_("В комиссии"), "decided": N_("Решение"), "closed": N_("Завершено"), "appealed": N_("Апелляция"),
}  # fmt: skip
_STOPPED = ("declined", "withdrawn", "cancelled")


def steps(shown: Shown, arrivals: Mapping[str, datetime]) -> list[dict[str, Any]]:
    """Return the road of the case for the stepper: done with dates, the present one with its term, what is ahead."""
    road, now = shown.workflow.road, shown.case.state
    if now in _STOPPED:
        return _stopped(shown, road, arrivals)
    if now == "appealed" and shown.case.appealed_from == "declined":
        road, place = ("draft", "submitted", "registered", "appealed"), 3
    else:
        place = road.index(_ASIDE.get(now, now))
    found = []
    for number, name in enumerate(road):
        state = (
            "done"
            if number < place or (now == "archived" and number == place)
            else "current"
            if number == place
            else "ahead"
        )
        found.append(_step(shown, name, state, arrivals.get(name)))
    if now in _ASIDE and now != "archived":
        found[place]["note"] = shown.state_title()
        found[place]["date"] = _until(shown)
    if shown.case.round > 1:
        found[place]["note"] = " · ".join(
            filter(None, (found[place].get("note", ""), _("раунд %(n)s", n=shown.case.round)))
        )
    return found


def _step(shown: Shown, name: str, state: str, at: datetime | None) -> dict[str, Any]:
    when = short_day(at.astimezone(zone()).date()) if at is not None and state == "done" else ""
    title = say(_STEPS[name] if name in _STEPS else shown.workflow.state(name).title)
    return {"title": title, "state": state, "date": _until(shown) if state == "current" else when}


def _until(shown: Shown) -> str:
    on = shown.case.due_on if deadlines.binds(shown.case) else None
    return _("до %(day)s", day=short_day(on)) if on else ""


def _stopped(shown: Shown, road: Sequence[str], arrivals: Mapping[str, datetime]) -> list[dict[str, Any]]:
    """Return the road of a case that ended before its end: what was passed, and how it ended."""
    passed = [name for name in road if name in arrivals]
    found = [_step(shown, name, "done", arrivals[name]) for name in passed]
    at = arrivals.get(shown.case.state)
    when = short_day(at.astimezone(zone()).date()) if at else ""
    return [*found, {"title": shown.state_title(), "state": "current", "date": when}]
