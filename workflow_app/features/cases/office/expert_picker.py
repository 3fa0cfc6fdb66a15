"""The choice of experts as the page shows it: a card each, the barred ones with why, who is invited already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from flask import request, url_for
from sqlalchemy.orm import Session
from wtforms import Form

from workflow_app import data
from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Assignment, Case
from workflow_app.errors import N_, Sentence
from workflow_app.facts import choices, commissions, deadlines, involvement, naming, roster, subjects
from workflow_app.facts.best_set import best, needed
from workflow_app.facts.candidates import Ranked, candidates
from workflow_app.facts.commissions import Proposal
from workflow_app.facts.subjects import facts_of
from workflow_app.features.cases.office.shared import offers_of, rows_of
from workflow_app.matching.affinity import Affinity
from workflow_app.matching.subject_distance import Nearness
from workflow_app.states import policy
from workflow_app.states.definitions.assignment import ASSIGNMENT
from workflow_app.states.definitions.centre import AffinityWeights
from workflow_app.states.forms import asks, clean
from workflow_app.states.vocabulary import Tone
from workflow_app.stemming import answers
from workflow_app.web import deadline_words, table_page
from workflow_app.web.formatting import say
from workflow_app.web.forms import form_of
from workflow_app.web.request_scope import here

SHOWN = 40  # cards on one page; the search finds the others


def typed(session: Session, case: Case) -> list[dict[str, str]]:
    """Return the invitations of the form: the ticked experts with their reasons, or the set that we would choose."""
    if (chosen := _pressed(session, case)) is not None:
        return [{"expert_id": str(one.person.id), "reason": "", "lifted_by": ""} for one in chosen]
    ids = [one for one in request.form.getlist("expert") if one.isdecimal()]
    return [
        {"expert_id": one, "reason": clean(request.form.get(f"why-{one}", "")), "lifted_by": clean(request.form.get(f"lifted-{one}", ""))}
        for one in dict.fromkeys(ids)
    ]  # fmt: skip


def lead_typed(session: Session, case: Case) -> str:
    """Return the lead of the commission whose members the form ticks, as the form sends it."""
    if request.form.get("add") != "commission":
        return clean(request.form.get("lead_id", ""))
    found = _proposal(session, case)
    return str(found.lead_id or "") if found else ""


def _proposal(session: Session, case: Case) -> Proposal | None:
    id_ = request.form.get("commission", "")
    return (
        commissions.proposed(session, here().me, case, int(id_), needed(case)[0])
        if table_page.row_id(id_) is not None
        else None
    )


def _pressed(session: Session, case: Case) -> Sequence[Ranked] | None:
    """Return whom the button that was pressed ticks: the best, or a commission; None: no such button was."""
    if request.form.get("add") == "best":
        return best(session, case, here().who.id)
    if request.form.get("add") == "commission" and (found := _proposal(session, case)) is not None:
        return found.chosen
    return None


def around(session: Session, case: Case) -> dict[str, Any]:
    """Return everything that stands around the form of invitations."""
    ranked = [one for one in candidates(session, case, reader=here().who.id) if not one.state]
    words = clean(request.values.get("q", ""))
    free = [one for one in ranked if not one.conflicts.bars]
    proposal = _proposal(session, case) if request.form.get("add") == "commission" else None
    chosen = proposal.chosen if proposal else _pressed(session, case)
    kept = {
        *request.form.getlist("expert"),
        *(str(one.person.id) for one in chosen or ()),
    }  # the search never loses a tick
    found = [one for one in free if _matches(one, words) or str(one.person.id) in kept]
    found.sort(key=lambda one: str(one.person.id) not in kept)  # what is ticked stands first, in sight
    need, outside = needed(case)
    offers = offers_of(case)
    return {
        "ranked": found, "card_of": _card(case), "picked_of": picked_of, "shown": SHOWN, "q": words, "all": len(free),
        "barred": [one for one in ranked if one.conflicts.bars and _matches(one, words)],
        "need": need, "engaged": len(involvement.live(case)), "outside_needed": outside,
        "chosen": chosen, "lacking": _lacking(chosen, need, outside) if chosen is not None and proposal is None else [],
        "table": request.args.get("view") == "table", "here_url": address(case), "views": _views(case),
        "invited": invited(session, case), "lead": _lead(session, case, offers), "lead_id": case.lead_id,
        **_of_commissions(session, case, proposal, need),
    }  # fmt: skip


def _of_commissions(session: Session, case: Case, proposal: Proposal | None, need: int) -> dict[str, Any]:
    """Return which commissions may be ticked, what the ticked one gave and whom it left out, whether the roster is missing."""
    known = commissions.of_case(session, case) if need else ()
    lead = str(proposal.lead_id or "") if proposal else clean(request.form.get("lead_id", ""))
    return {
        "commissions": [(str(one.id), one.name) for one in known],
        "commission": request.form.get("commission", ""),
        "proposal": proposal,
        "left_out": [f"{name}: {' '.join(map(say, why))}" for name, why in proposal.left_out] if proposal else [],
        "meant_lead": lead,
        "no_roster": bool(need) and _no_roster(session, case),
    }


def _no_roster(session: Session, case: Case) -> bool:
    """Whether the case asks for specialists of the approved roster, and the centre has entered none (R51)."""
    today = deadlines.today(session, case.municipality_id)
    return case_type(case.type).shape.attestation and roster.approvals(session, case.municipality_id, today) is None


VIEWS: Final = {"": N_("Карточки"), "table": N_("Таблица")}


def address(case: Case, **changed: str) -> str:
    """Return the address of this page as it is looked at: cards or a table, which a press of any button keeps."""
    view = changed.get("view", request.args.get("view", ""))
    return url_for("cases.assign", id=case.id, view=view if view in VIEWS and view else None)


def _views(case: Case) -> list[dict[str, Any]]:
    now = request.args.get("view", "")
    now = now if now in VIEWS else ""
    return [
        {"title": say(title), "url": f"{address(case, view=key)}#candidates", "current": key == now}
        for key, title in VIEWS.items()
    ]


def _lacking(chosen: Sequence[Ranked], need: int, outside: int) -> list[Sentence]:
    """Say what the best set lacks: nothing is filled up with people whom something speaks against."""
    found = []
    if len(chosen) < need:
        found.append(
            N_(
                "Без замечаний нашлось экспертов: %(have)s из %(need)s. Остальных выберите сами: на карточке сказано, что против.",
                have=len(chosen), need=need,
            )
        )  # fmt: skip
    if sum(one.candidate.outside for one in chosen) < outside:
        found.append(N_("Свободного эксперта не из нашего муниципалитета нет: место для него оставлено."))
    return found


def _matches(one: Ranked, words: str) -> bool:
    place = one.person.organization.name if one.person.organization else ""
    subject = naming.subject_areas().get(one.candidate.profile, "")
    return answers(words, f"{one.person.full_name} {place} {subject}")


def picked_of(form: Form) -> Mapping[int, dict[str, Any]]:
    """Return what was typed for each ticked expert, with the errors found there, by person id."""
    told: Mapping[str, list[str]] = getattr(form, "told", {})
    found = {}
    for number, entry in enumerate(rows_of(form, "experts")):
        path = f"experts.{number}"
        errors = [words for key, many in told.items() if key == path or key.startswith(f"{path}.") for words in many]
        values = {name: entry.form[name].data or "" for name in ("reason", "lifted_by")}
        found[int(entry.form["expert_id"].data)] = values | {"errors": errors}
    return found


def _card(case: Case) -> Any:
    """Return the function that makes the card of a candidate."""
    before = {
        one.expert_id: one for one in case.assignments if one.state in ("refused", "expired", "called_off", "past")
    }

    def card(one: Ranked, picked: Mapping[int, dict[str, Any]]) -> dict[str, Any]:
        mine = picked.get(one.person.id, {})
        return {
            "id": one.person.id, "name": one.person.full_name, "note": _place(one), "rank": _rank(one),
            "line": " · ".join(say(words) for words in one.why), "fit": one.affinity.percent, "parts": parts_told(one.affinity),
            "place": one.person.organization.name if one.person.organization else "", "year": one.past.year,
            "subject": naming.subject_areas().get(one.candidate.profile, ""), "near": say(_NEAR[one.nearness]),
            "in_time": say(N_("%(n)s из %(all)s", n=one.past.in_time, all=one.past.ended)) if one.past.ended else "",
            "reasons": [say(words) for words in _reasons(one)], "notes": [say(words) for words in _notes(one)],
            "warnings": [say(words) for words in (*one.conflicts.liftable, *one.conflicts.warnings, *_history(before.get(one.person.id)))],
            "bars": [say(words) for words in one.conflicts.bars],
            "load_short": say(N_("%(n)s из %(all)s", n=one.candidate.load, all=one.candidate.load_limit)),
            "load": say(N_("открыто %(n)s из %(limit)s", n=one.candidate.load, limit=one.candidate.load_limit)),
            "needs": say(N_("Почему всё же приглашаете: не меньше 10 знаков")) if one.conflicts.warnings else "",
            "lift": say(N_("Решение директора о снятии запрета: номер и дата")) if one.conflicts.liftable else "",
            "why": mine.get("reason", ""), "lifted": mine.get("lifted_by", ""), "errors": mine.get("errors", []),
        }  # fmt: skip

    return card


_NEAR: Final = {
    Nearness.SAME: N_("тот же"), Nearness.KINDRED: N_("смежный"), Nearness.OTHER: N_("другой"), Nearness.UNKNOWN: N_("не указан"),
}  # fmt: skip


def parts_told(found: Affinity) -> str:
    """Return the parts of an affinity in one line, for whoever asks what the number is made of."""
    named = asks(AffinityWeights)
    return "; ".join(f"{say(named[key].label)} {round(100 * value)} %" for key, value in found.parts.items())


def _place(one: Ranked) -> str:
    organization, subject = one.person.organization, naming.subject_in_a_sentence(one.candidate.profile)
    parts = (naming.position_of(one.person.position).n, organization.name if organization else "", subject)
    return ", ".join(part for part in parts if part)


def _rank(one: Ranked) -> str:
    return say(N_("не из нашего муниципалитета")) if one.candidate.outside else ""


def _reasons(one: Ranked) -> Iterable[Sentence]:
    """Yield what speaks for the expert: the subject, the position, the direction, the category, the training."""
    card = one.card
    if card is None:
        return
    subject = naming.subject_in_a_sentence(one.candidate.profile)
    if one.nearness is Nearness.SAME:
        yield N_("Предмет: %(what)s", what=subject)
    elif one.nearness is Nearness.KINDRED:
        yield N_("Смежный предмет: %(what)s", what=subject)
    if one.peer:
        yield N_("Та же должность: %(what)s", what=naming.position_of(one.person.position).n)
    if one.serves:
        yield N_("Работает по этому направлению экспертизы")
    if held := _category(card.category):
        yield N_("Квалификационная категория: %(what)s", what=held)
    if card.training:
        yield N_("ДПП ПК: %(what)s", what=_short(card.training))
    if one.candidate.approval and not one.conflicts.bars:
        yield N_("В составе специалистов: %(what)s", what=one.candidate.approval.act)


def _notes(one: Ranked) -> Iterable[Sentence]:
    """Yield what neither speaks against the expert nor asks for a reason, but should be known before choosing."""
    if one.nearness is Nearness.OTHER:
        yield N_("Предмет не совпадает")
    if one.candidate.approval and one.candidate.approval.posts:
        yield N_("В составе по должностям, предметам: %(what)s", what=one.candidate.approval.posts)


def _category(key: str) -> str:
    known = {one["key"]: one["title"] for one in data.load("categories")["held"]}
    return "" if key in ("", "none") else str(known.get(key, key))


def _short(training: str) -> str:
    """Return the number of a training document without the name of its programme."""
    return (training.partition(": № ")[2] and f"№ {training.partition(': № ')[2]}") or training


def _history(old: Assignment | None) -> Iterable[Sentence]:
    """Yield how an earlier invitation to this case ended."""
    if old is None or old.state == "past":
        return
    cause = {one.value: one.label for one in choices.of_file("refusal_reasons")}.get(
        str(old.refusal.get("cause") or "")
    )
    title = ASSIGNMENT.state(old.state).title
    yield (
        N_("Раньше по этому делу: %(what)s (%(why)s)", what=title, why=cause)
        if cause
        else N_("Раньше по этому делу: %(what)s", what=title)
    )


def invited(session: Session, case: Case) -> list[dict[str, Any]]:
    """Return this round's assignments with their state, date and what the office may do with each."""
    me, root = here().me, facts_of(case, session)
    kept = involvement.invited_with(session, me.person_id, case.assignments)
    found = []
    for one in case.assignments:
        if one.round != case.round:
            continue
        offers = subjects.offers_of(one, session, me, root)
        acts = [
            {
                "title": say(way.transition.title),
                "url": url_for("reviews.do", id=one.id, name=name),
                "danger": way.transition.tone is Tone.DANGER,
            }
            for name, way in offers.items() if way.open
        ]  # fmt: skip
        state = ASSIGNMENT.state(one.state)
        found.append({
            "name": one.expert.full_name, "state": state, "acts": acts, "lead": one.expert_id == case.lead_id, "outside": one.outside,
            "due": None if state.final else deadline_words.of_assignment(one),
            "why": one.ended or str(one.refusal.get("comment") or ""), "reason": kept[one.id].reason, "warnings": kept[one.id].warnings,
        })  # fmt: skip
    return found


def _lead(session: Session, case: Case, offers: Mapping[str, policy.Offer]) -> dict[str, Any] | None:
    """Return the form that names the lead specialist, or the obstacles to it; None where there is none to name."""
    offer = offers.get("name_lead")
    if offer is None:
        return None
    known = case.lead_id or case.meant_lead_id
    start: Sequence[tuple[str, Any]] = (("expert_id", known),) if known else ()
    form = form_of(offer.transition.asks, choices.of_case(session, case), dict(start))
    return {"form": form, "title": offer.transition.title, "obstacles": offer.obstacles}
