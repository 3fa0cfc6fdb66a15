"""A draft of invitations to many cases as its page shows it: cases by term, experts by load, what each pair stands on, what is lacking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from workflow_app.case_types.registry import case_type
from workflow_app.db.models import AssignmentPlan, Job, JobItem, Person
from workflow_app.errors import N_, Sentence
from workflow_app.facts import assignment_plans, best_set
from workflow_app.facts.affinity import weights_of
from workflow_app.facts.assignment_plans import TOTAL, WORST, pairs_of
from workflow_app.facts.best_set import Pair, Quality, Row, Short
from workflow_app.facts.candidates import Ranked
from workflow_app.facts.involvement import live
from workflow_app.features.cases.office.expert_picker import parts_told
from workflow_app.matching.affinity import PARTS
from workflow_app.operations import job_queue
from workflow_app.states.definitions.assignment import ASSIGNMENT
from workflow_app.states.definitions.centre import WEIGHT_MOST, AffinityWeights
from workflow_app.states.forms import asks
from workflow_app.web import deadline_words
from workflow_app.web.formatting import say
from workflow_app.web.request_scope import here

VIEWS = {"": N_("По делам"), "matrix": N_("Матрица")}


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft with its rows: those that want experts yet and those that want nobody any more, and the pairs that may be asked for."""

    plan: AssignmentPlan
    rows: list[Row]
    done: list[Row]
    pairs: list[Pair]

    @classmethod
    def of(cls, plan: AssignmentPlan) -> Draft:
        """Read a draft for the present person."""
        scope = here()
        cases = assignment_plans.cases_of(scope.session, scope.me, plan.cases)
        every = assignment_plans.rows_of(scope.session, scope.me, cases, plan.weights, pairs_of(plan.withdrawn))
        rows = [one for one in every if one.need]
        return cls(plan, rows, [one for one in every if not one.need], best_set.sound(rows, pairs_of(plan.pairs)))


def context(draft: Draft) -> dict[str, Any]:
    """Return what the page of a draft shows."""
    plan, locked = draft.plan, frozenset(pairs_of(draft.plan.locked))
    failed, job = _job(plan)
    more = Counter(person_id for _, person_id in draft.pairs)
    by_case: dict[int, list[Ranked]] = {row.case.id: [] for row in draft.rows}
    known = {row.case.id: row for row in draft.rows}
    for case_id, person_id in draft.pairs:
        by_case[case_id].append(known[case_id].candidates[person_id])
    view = request.args.get("view", "")
    quality = best_set.measure(draft.rows, draft.pairs)
    return {
        "plan": plan, "cases": [_case(row, by_case[row.case.id], locked, more, failed) for row in draft.rows],
        "done": [_done(row) for row in draft.done], "experts": _experts(draft.rows, more), "job": job,
        "lacking": _lacking(best_set.short(draft.rows, draft.pairs)), "quality": _quality(quality),
        "count": len(draft.pairs), "matrix": view == "matrix", "views": _views(plan, view),
        "changed_by": here().session.get(Person, plan.changed_by),
        "weights": _weights(plan, _typed(request.args)), "floors": _floors(), "floor": request.args.get("floor") or plan.floor,
        "whatif": _whatif(draft) if request.args.get("try") else None, "gone": len(_gone(draft)),
    }  # fmt: skip


def _gone(draft: Draft) -> set[Pair]:
    """Return the proposed pairs that cannot be asked for any more, though nobody has invited them."""
    invited = {(row.case.id, one.expert_id) for row in (*draft.rows, *draft.done) for one in live(row.case)}
    mine = {row.case.id for row in draft.rows}
    return {one for one in pairs_of(draft.plan.pairs) if one[0] in mine} - {*draft.pairs} - invited


def _case(
    row: Row, chosen: Sequence[Ranked], locked: Collection[Pair], more: Mapping[int, int], failed: Mapping[int, str]
) -> dict[str, Any]:
    there = {one.person.id for one in chosen}
    ranked = sorted(row.candidates.values(), key=lambda one: one.order)
    case = row.case
    return {
        "id": case.id, "number": case.number or _("без номера"), "title": case.title, "kind": say(case_type(case.type).title),
        "due": deadline_words.of_case(case), "url": url_for("cases.assign", id=case.id), "need": row.need, "outside": row.outside,
        "invited": _invited(row), "leaving": _leaving(row), "failed": failed.get(case.id, ""),
        "pairs": [_pair(one, (case.id, one.person.id) in locked, more) for one in sorted(chosen, key=lambda one: one.order)],
        "others": [
            (one.person.id, f"{one.person.short_name}, {one.affinity.percent} %, {_load(one, more)}")
            for one in ranked if one.free and one.person.id not in there
        ],
        "cells": {one.person.id: _cell(one, one.person.id in there, (case.id, one.person.id) in locked) for one in ranked},
    }  # fmt: skip


def _pair(one: Ranked, locked: bool, more: Mapping[int, int]) -> dict[str, Any]:  # noqa: FBT001 - of a pair
    return {
        "id": one.person.id, "name": one.person.short_name, "fit": one.affinity.percent, "locked": locked, "outside": one.candidate.outside,
        "why": " · ".join(say(words) for words in one.why), "parts": parts_told(one.affinity), "load": _load(one, more),
    }  # fmt: skip


def _cell(one: Ranked, chosen: bool, locked: bool) -> dict[str, Any]:  # noqa: FBT001 - of a cell
    against = (
        *one.conflicts.why,
        *one.conflicts.warnings,
        *((N_("отказался или не ответил"),) if one.turned_down else ()),
    )
    why = against or one.why
    return {
        "chosen": chosen, "locked": locked, "free": one.free, "invited": bool(one.state), "fit": one.affinity.percent,
        "why": " · ".join(say(words) for words in why),
    }  # fmt: skip


def _load(one: Ranked, more: Mapping[int, int]) -> str:
    """Return the load as it will be, of the limit."""
    return say(
        N_("%(n)s из %(all)s дел", n=one.candidate.load + more.get(one.person.id, 0), all=one.candidate.load_limit)
    )


def _invited(row: Row) -> list[str]:
    return [
        f"{one.expert.short_name}: {say(ASSIGNMENT.state(one.state).title).lower()}"
        for one in sorted(live(row.case), key=lambda one: one.id)
        if one.expert_id not in row.reopened
    ]


def _leaving(row: Row) -> list[tuple[int, str]]:
    """Return those whose unanswered invitation will be withdrawn."""
    return [(id_, row.candidates[id_].person.short_name) for id_ in sorted(row.reopened) if id_ in row.candidates]


def _done(row: Row) -> dict[str, Any]:
    return {
        "number": row.case.number or _("без номера"), "title": row.case.title, "url": url_for("cases.assign", id=row.case.id),
        "invited": _invited(row),
    }  # fmt: skip


def _experts(rows: Sequence[Row], more: Mapping[int, int]) -> list[dict[str, Any]]:
    """Return the experts whom some case may take, the least loaded first."""
    people = {id_: one for row in rows for id_, one in row.candidates.items() if one.free}
    found = [
        {
            "id": id_, "name": one.person.short_name, "now": one.candidate.load, "more": more.get(id_, 0),
            "limit": one.candidate.load_limit, "outside": one.candidate.outside,
            "load": _load(one, more), "order": one.person.name_order,
        }
        for id_, one in people.items()
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one["now"] + one["more"], one["order"]))


def _lacking(found: Sequence[Short]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return what could not be met, each reason once with its cases: a month lacks the same for many."""
    told: dict[str, list[dict[str, Any]]] = {}
    for one in found:
        number = one.case.number or _("без номера")
        case = {
            "id": one.case.id,
            "words": _("%(case)s: %(have)s из %(need)s", case=number, have=one.have, need=one.need),
        }
        told.setdefault(say(_why_short(one)), []).append(case)
    return [*told.items()]


def _why_short(one: Short) -> Sentence:
    if one.outside:
        return N_("Место оставлено для эксперта не из нашего муниципалитета.")
    if not one.able:
        return N_("Тех, кого можно пригласить без объяснений, меньше, чем мест.")
    if not one.left:
        return N_("Остальные, кто подходит, дошли до своего предела: его меняют на карточке эксперта.")
    return N_("Свободные эксперты есть: добавьте их или нажмите «Заполнить пустые места».")


def _quality(found: Quality) -> list[tuple[str, str]]:
    """Return what the draft is worth as labels and values."""
    number = found.worst_case.number or _("без номера") if found.worst_case else ""
    return [
        (_("Места"), _("%(n)s из %(all)s", n=found.taken, all=found.places)),
        (_("Подходят в среднем"), f"{found.mean} %"),
        (_("Хуже всех обеспечено"), f"{found.worst} %, {number}" if number else "—"),
        (_("Нагрузка экспертов"), _("от %(least)s до %(most)s дел", least=found.least, most=found.most)),
    ]


# ------------------------------------------------------------------------------------------------------------ what if


def _typed(given: Mapping[str, Any]) -> dict[str, int]:
    """Return the weights among what was typed, whole numbers in their bounds; nothing where all of them are 0."""
    found = {}
    for part in PARTS:
        text = str(given.get(part) or "").strip()
        if text.isascii() and text.isdigit() and len(text) <= len(str(WEIGHT_MOST)) and int(text) <= WEIGHT_MOST:
            found[part] = int(text)
    return found if any(found.values()) else {}


def _weights(plan: AssignmentPlan, typed: Mapping[str, int]) -> list[dict[str, Any]]:
    now = {**weights_of(here().session, plan.municipality_id), **plan.weights, **typed}
    return [
        {"name": part, "label": say(how.label), "value": now[part], "help": say(how.help) if how.help else ""}
        for part, how in asks(AffinityWeights).items()
    ]


def _floors() -> list[tuple[str, str]]:
    return [
        (WORST, _("сначала хуже всех обеспеченное дело")),
        (TOTAL, _("наибольшее соответствие всех дел вместе")),
    ]


def asked_weights(plan: AssignmentPlan, given: Mapping[str, Any]) -> tuple[dict[str, int], str]:
    """Return the weights and what comes first, as a form of the page asks for them."""
    typed = _typed(given)
    floor = str(given.get("floor") or plan.floor)
    return ({**weights_of(here().session, plan.municipality_id), **typed} if typed else dict(plan.weights)), (
        floor if floor in (WORST, TOTAL) else plan.floor
    )


def _whatif(draft: Draft) -> dict[str, Any]:
    """Return what other weights would change: both proposals measured by the weights of the centre, and the pairs that differ."""
    weights, floor = asked_weights(draft.plan, request.args)
    centre = weights_of(here().session, draft.plan.municipality_id)
    rows = [row.under(weights) for row in draft.rows]
    then = best_set.sound(rows, assignment_plans.proposed(draft.plan, rows, floor=floor))
    before, after = (best_set.measure(draft.rows, pairs, centre) for pairs in (draft.pairs, then))
    changed = [one for one in draft.rows if _of(draft.pairs, one) != _of(then, one)]
    return {
        "rows": [(label, value, other) for (label, value), (_label, other) in zip(_quality(before), _quality(after), strict=True)],
        "changed": [
            (row.case.number or _("без номера"), _names(row, _of(draft.pairs, row)), _names(row, _of(then, row)))
            for row in changed
        ],
    }  # fmt: skip


def _of(pairs: Collection[Pair], row: Row) -> frozenset[int]:
    return frozenset(person_id for case_id, person_id in pairs if case_id == row.case.id)


def _names(row: Row, people: Collection[int]) -> str:
    return ", ".join(sorted(row.candidates[one].person.short_name for one in people)) or "—"


# ------------------------------------------------------------------------------------------------------------ the rest


def _views(plan: AssignmentPlan, now: str) -> list[dict[str, Any]]:
    return [
        {"title": say(title), "url": url_for("cases.plan", id=plan.id, view=key or None), "current": key == now}
        for key, title in VIEWS.items()
    ]


def _job(plan: AssignmentPlan) -> tuple[dict[int, str], dict[str, Any] | None]:
    """Return why cases of the last press were not invited to, and how far that job is."""
    session = here().session
    job = session.get(Job, plan.job_id) if plan.job_id else None
    if job is None:
        return {}, None
    failed = session.execute(
        select(JobItem.subject_id, JobItem.said).where(JobItem.job_id == job.id, JobItem.state == "failed")
    )
    told = {
        "url": url_for("papers.job", id=job.id) if job.person_id == here().who.id else "", "done": job.done, "total": job.total,
        "failed": job.failed, "open": job.state in job_queue.OPEN, "state": say(job_queue.STATES[job.state]),
    }  # fmt: skip
    return {case_id: said for case_id, said in failed}, told  # noqa: C416 - rows are not pairs for the type checker
