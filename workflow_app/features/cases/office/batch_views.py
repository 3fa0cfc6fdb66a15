"""Pages of the drafts of invitations to many cases: make one, change it, see what other weights would do, invite all at once."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from typing import Any, Final

from flask import Response, flash, g, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app.db.models import Person
from workflow_app.errors import N_, Conflict, WorkflowError
from workflow_app.facts import assignment_plans
from workflow_app.facts.assignment_plans import pairs_of
from workflow_app.facts.best_set import Row
from workflow_app.facts.involvement import judged_with
from workflow_app.features.cases.blueprint import page
from workflow_app.features.cases.office import batch_jobs, batch_page
from workflow_app.features.cases.office.batch_page import Draft
from workflow_app.operations import job_queue
from workflow_app.states.vocabulary import Role
from workflow_app.web import deadline_words
from workflow_app.web.formatting import say
from workflow_app.web.next_page import go_to
from workflow_app.web.page import Menu, roles
from workflow_app.web.request_scope import here
from workflow_app.web.table_page import row_id

_READERS = roles(Role.COORDINATOR)
_TITLE = N_("Назначение по многим делам")
_PROPOSING: Final = frozenset({"again", "fill", "weigh", "contest"})
_NOT_YOURS: Final = N_("К этому делу вы экспертов не приглашаете: менять его в черновике вам нельзя.")


def _crumbs(*more: dict[str, str]) -> list[dict[str, str]]:
    return [{"title": say(_TITLE), "url": url_for("cases.plans")}, *more]


def _ticked() -> list[int]:
    """Return the cases that were ticked here, or on the list from which one came."""
    sent = [*request.form.getlist("case"), *(one.partition(".")[0] for one in request.form.get("rows", "").split())]
    return [one for one in map(row_id, sent) if one is not None]


def _find_first(**_arguments: object) -> None:
    """Find the proposal of a new draft while nobody waits for it: where many cases want the same experts, it takes long."""
    g.pairs = assignment_plans.first(here().session, here().me, _ticked())


@page(
    "/cases/plans", readers=_READERS, methods=("GET", "POST"), before=_find_first, menu=Menu(72, _TITLE, "handshake", "examination")
)  # fmt: skip
def plans() -> Response | str:
    """Show the drafts of the centre and the cases with free places; make a draft of the ticked ones."""
    scope = here()
    if request.method == "POST":
        try:
            plan = assignment_plans.begin(scope.session, scope.me, _ticked(), g.pairs)
        except WorkflowError as error:
            flash(say(error.sentence), "danger")
            return _to(url_for("cases.plans"))
        return _to(url_for("cases.plan", id=plan.id))
    waiting = assignment_plans.waiting(scope.session, scope.me)
    known = assignment_plans.plans(scope.session, scope.me.municipality_id)
    taken = {id_ for one in known for id_ in one.cases}
    unseen = set(scope.session.scalars(judged_with(scope.who.id, taken)))  # R30
    return render_template(
        "cases/plans.html", title=say(_TITLE), plans=[_told(one, unseen) for one in known], most=assignment_plans.MOST,
        cases=[(one, deadline_words.of_case(one), one.id in taken) for one in waiting],
    )  # fmt: skip


def _told(plan: Any, unseen: Collection[int]) -> dict[str, Any]:
    by = here().session.get(Person, plan.changed_by)
    return {
        "url": url_for("cases.plan", id=plan.id), "cases": sum(one not in unseen for one in plan.cases),
        "pairs": sum(case_id not in unseen for case_id, _person in plan.pairs), "at": plan.changed_at,
        "by": by.short_name if by else "",
    }  # fmt: skip


def _find(id: int) -> None:
    """Find what a press proposes anew while nobody waits for it; what is wrong with the press is said when it is done."""
    g.found = None
    word = _pressed()[0]
    if word in _PROPOSING:
        with suppress(WorkflowError):
            plan = assignment_plans.plan_of(here().session, here().me.municipality_id, id)
            g.found = plan.version, _proposal(Draft.of(plan), word)


def _pressed() -> tuple[str, str]:
    word, _dash, rest = request.form.get("do", "").partition("-")
    return word, rest


@page("/cases/plans/<int:id>", readers=_READERS, methods=("GET", "POST"), before=_find)
def plan(id: int) -> Response | str:
    """Show a draft: cases by term, experts by load, the proposal with reasons; POST changes it by one press."""
    scope = here()
    back = url_for("cases.plan", id=id, view=request.args.get("view") or None)
    if request.method == "POST":
        try:
            _change(id)
        except Conflict:
            flash(
                _(
                    "Пока вы смотрели, черновик изменил кто-то другой. Ваше нажатие не выполнено: посмотрите, что стало."
                ),
                "warning",
            )
        except WorkflowError as error:
            flash(say(error.sentence), "danger")
        return _to(back)
    draft = Draft.of(assignment_plans.plan_of(scope.session, scope.me.municipality_id, id))
    return render_template(
        "cases/plan.html",
        here_url=back,
        breadcrumbs=_crumbs({"title": _("Черновик"), "url": ""}),
        **batch_page.context(draft),
    )


def _change(id: int) -> None:
    """Do what the pressed button says: «add-12-7» puts expert 7 into case 12, «move-12-7» takes the case from a field, and so on."""
    scope = here()
    found = assignment_plans.plan_of(scope.session, scope.me.municipality_id, id, _seen())
    word, rest = _pressed()
    numbers = [row_id(one) or 0 for one in rest.split("-")] if rest else []
    if numbers and not assignment_plans.open_to(scope.session, scope.me, numbers[0]):
        raise WorkflowError(_NOT_YOURS)
    if word in _PROPOSING:
        version, values = g.found or (0, {})
        if version != found.version:
            raise Conflict(version, found.version)
        assignment_plans.keep(scope.session, found, scope.me, **values)
    elif word == "stay" and len(numbers) > 1:
        leaving = [one for one in pairs_of(found.withdrawn) if one != (numbers[0], numbers[1])]
        assignment_plans.keep(scope.session, found, scope.me, withdrawn=leaving)
    elif word in ("add", "pick", "move", "remove", "lock", "unlock") and numbers:
        _change_pair(Draft.of(found), word, numbers)
    elif word == "out" and numbers:
        kept = [one for one in found.cases if one != numbers[0]]
        assignment_plans.keep(
            scope.session, found, scope.me, cases=kept, pairs=[one for one in pairs_of(found.pairs) if one[0] in kept]
        )


def _seen() -> int:
    return row_id(request.form.get("version", "")) or 0


def _proposal(draft: Draft, word: str) -> dict[str, object]:
    """Return what is proposed anew: all but what is held, only the free places, by other weights, or with unanswered places as free."""
    found, rows, more = draft.plan, draft.rows, dict[str, object]()
    if word == "contest":
        rows = [*draft.rows, *draft.done]
        pairs, leaving = assignment_plans.contested(found, rows)
        shown = {row.case.id for row in rows}
        return {
            "pairs": pairs,
            "withdrawn": [*(one for one in pairs_of(found.withdrawn) if one[0] not in shown), *leaving],
        }
    if word == "weigh":
        weights, floor = batch_page.asked_weights(found, request.form)
        rows, more = [one.under(weights) for one in rows], {"weights": weights, "floor": floor}
    pairs = assignment_plans.proposed(found, rows, all_stay=word == "fill", floor=str(more.get("floor", "")))
    return {"pairs": pairs, **more}


def _change_pair(draft: Draft, word: str, numbers: list[int]) -> None:
    """Put, take out, move, hold or let go one expert of one case."""
    scope, found = here(), draft.plan
    case_id = numbers[0]
    person_id = numbers[1] if len(numbers) > 1 else row_id(request.form.get(f"who-{case_id}", "")) or 0
    pair = (case_id, person_id)
    pairs, locked, removed = (pairs_of(one) for one in (found.pairs, found.locked, found.removed))
    if word == "lock":
        locked = [*locked, pair] if pair in pairs and pair not in locked else locked
    elif word in ("unlock", "remove", "move"):
        locked = [one for one in locked if one != pair]
    if word in ("remove", "move"):
        pairs = [one for one in pairs if one != pair]
    if word == "remove" and pair not in removed:
        removed = [*removed, pair]
    if word == "move":
        case_id = row_id(request.form.get(f"to-{case_id}-{person_id}", "")) or 0
    if word in ("add", "pick", "move"):
        pairs, locked = assignment_plans.put(pairs, locked, _row(draft, case_id), person_id)
        removed = [one for one in removed if one != (case_id, person_id)]
    assignment_plans.keep(scope.session, found, scope.me, pairs=pairs, locked=locked, removed=removed)


def _row(draft: Draft, case_id: int) -> Row:
    row = next((one for one in draft.rows if one.case.id == case_id), None)
    if row is None:
        raise WorkflowError(N_("В этом деле свободных мест уже нет."))
    return row


@page("/cases/plans/<int:id>/invite", readers=_READERS, methods=("POST",))
def invite_all(id: int) -> Response:
    """Order the invitations that the draft proposes: in the background, case by case; a second press goes on with the rest."""
    scope = here()
    try:
        found = assignment_plans.plan_of(scope.session, scope.me.municipality_id, id, _seen())
        draft = Draft.of(found)
        asked: dict[int, list[int]] = {}
        for case_id, person_id in draft.pairs:
            asked.setdefault(case_id, []).append(person_id)
        cases = {row.case.id: row.case for row in draft.rows}
        leaving = {row.case.id: row.leaving(len(asked.get(row.case.id, ()))) for row in draft.rows}
        args = batch_jobs.arguments(asked, leaving, {id_: cases[id_].version for id_ in asked}, scope.me.ip)
        items = [(id_, f"{cases[id_].number or ''} {cases[id_].title}".strip()) for id_ in asked]
        job = job_queue.enqueue(
            scope.session, scope.who, scope.me.municipality_id, batch_jobs.NAME, say(_TITLE), items, args
        )
        assignment_plans.keep(scope.session, found, scope.me, job_id=job.id)
    except Conflict:
        flash(
            _("Пока вы смотрели, черновик изменил кто-то другой. Никто не приглашён: посмотрите, что стало."), "warning"
        )
    except WorkflowError as error:
        flash(say(error.sentence), "danger")
    else:
        flash(_("Приглашения отправляются: дел %(n)s. Что вышло с каждым, будет видно здесь.", n=len(items)), "success")
    return _to(url_for("cases.plan", id=id))


@page("/cases/plans/<int:id>/drop", readers=_READERS, methods=("POST",))
def drop_plan(id: int) -> Response:
    """Delete a draft: nothing else depends on it."""
    scope = here()
    try:
        scope.session.delete(assignment_plans.plan_of(scope.session, scope.me.municipality_id, id, _seen()))
        scope.session.flush()
        flash(_("Черновик удалён. Уже направленные приглашения остались."), "success")
    except WorkflowError as error:
        flash(say(error.sentence), "danger")
        return _to(url_for("cases.plan", id=id))
    return _to(url_for("cases.plans"))


def _to(address: str) -> Response:
    return go_to(address)
