"""Pages of a draft: opening a case, filling its form by steps, autosave, looking at it as the experts will, submitting.

Every step saves what is typed, right or wrong, as the working copy. Nothing typed is lost to a mistake, to another window
or to the end of a session: what is refused is shown again with the reason beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from workflow_app import gate
from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Case
from workflow_app.errors import N_, Conflict, Denied, Invalid, NotYet, WorkflowError
from workflow_app.facts import choices
from workflow_app.features.cases.blueprint import page
from workflow_app.features.cases.drafts import draft as drafting
from workflow_app.features.cases.drafts import open_case
from workflow_app.features.cases.drafts.draft import CHECK, Draft, Step, plain
from workflow_app.features.cases.drafts.draft_page import criteria_of, is_checking, marks, step_page
from workflow_app.features.cases.files import attachments
from workflow_app.states.definitions.case.forms import NewCase, NewCaseOfSchool, NewCaseOnBehalf
from workflow_app.states.forms import asks
from workflow_app.states.vocabulary import Role
from workflow_app.web import form_summary, pickers
from workflow_app.web.formatting import say, zone
from workflow_app.web.forms import form_of, raw_of, show_problems
from workflow_app.web.next_page import go, go_to
from workflow_app.web.page import LOGGED_IN, PAGES, Menu, address, may_open, roles
from workflow_app.web.request_scope import here
from workflow_app.web.transition_view import filled, save_copy, signing_actor, take_turn

_OFTEN = N_("Этот шаг изменили в другом окне, пока страница была открыта. Ваш текст цел и стоит в полях.")


# ------------------------------------------------------------------------------------------------------------- opening


@page(
    "/cases/new",
    readers=roles(Role.TEACHER, Role.COORDINATOR),
    menu=Menu(15, N_("Новая экспертиза"), "plus", "examination"),
    methods=("GET", "POST"),
)
def new() -> Response | str:
    """Choose the kind of the case and its working title; the rest is filled in the draft."""
    return _open(NewCase, "cases/new.html")


@page("/cases/new/on-behalf", readers=roles(Role.COORDINATOR), methods=("GET", "POST"))
def new_on_behalf() -> Response | str:
    """Enter a case for a teacher who came on paper, by post or through another system (domain.md 0a.1)."""
    return _open(NewCaseOnBehalf, "cases/new.html")


@page(
    "/cases/new/of-school", readers=roles(Role.SCHOOL_OFFICER), menu=Menu(16, N_("Дело педагога"), "plus", "examination"),
    methods=("GET", "POST"),
)  # fmt: skip
def new_of_school() -> Response | str:
    """Enter a case for a teacher of the officer's own organisation; the centre registers it."""
    return _open(NewCaseOfSchool, "cases/new.html")


def _open(kind: type[NewCase], template: str) -> Response | str:
    scope = here()
    known = choices.opening(scope.session, scope.me)
    form = form_of(kind, known, raw_of(request.form if request.method == "POST" else request.args, kind))
    status = 200
    if request.method == "POST":
        try:
            case, is_new = open_case.open_case(filled(kind, raw_of(request.form, kind), known))
            flash(
                _("Черновик создан.") if is_new else _("Такой черновик уже есть: мы открыли его."),
                "success" if is_new else "info",
            )
            return go("cases.edit", id=case.id)
        except Denied:
            raise
        except WorkflowError as error:
            status = 422
            show_problems(form, error.problems if isinstance(error, Invalid) else {"": (error.sentence,)})
    kinds = open_case.kinds(scope.session, scope.me.municipality_id)
    may_enter = may_open(PAGES["cases.new_on_behalf"].readers, scope)
    return make_response(
        render_template(
            template, form=form, kinds=kinds, on_behalf=kind is NewCaseOnBehalf, of_school=kind is NewCaseOfSchool,
            people_new=address("people.new"), colleague_new=address("people.new_colleague"),
            behalf_url=url_for("cases.new_on_behalf") if may_enter else "",
        ),
        status,
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------------------- filling


@page("/cases/<int:id>/edit", readers=LOGGED_IN, methods=("GET", "POST"))
def edit(id: int) -> Response | str:
    """Fill the form of a case, step by step, and submit it."""
    scope = here()
    case = gate.read(scope.session, scope.me, Case, id)
    take_turn(case)
    try:
        draft = drafting.open_draft(case)
    except Denied:
        if request.method == "POST" and _is_done(case):
            flash(_("Эти материалы уже отправлены: второй раз отправлять не нужно."), "info")
            return go("cases.show", id=id)
        raise
    if request.method == "POST":
        return _typed(draft, draft.step(request.form.get("step", CHECK)), whole="step" in request.form)
    return step_page(draft, draft.step(request.args.get("step")))


def _is_done(case: Case) -> bool:
    """Say whether a second press of «Подать» came after the first had done it."""
    version = _seen(case)[0]
    return request.form.get("do") == "submit" and 0 < version < case.version and case.submitted_at is not None


def _seen(case: Case) -> tuple[int, str]:
    """Return the version of the case and the digest of the step that the page was made from; no version is a stale one."""
    number, _dot, digest = request.form.get("version", "").partition(".")
    known = number.isdecimal() and len(number) < 10  # noqa: PLR2004 - more digits are noise
    return (int(number) if known else -case.version), digest[:64]


def _typed(draft: Draft, step: Step, *, whole: bool) -> Response | str:
    """Save what was sent, then go where the pressed button leads. ``whole``: the step's unticked boxes were sent too."""
    form = MultiDict(request.form)
    if dropped := form.get("drop"):
        _drop(form, dropped)
    values = draft.laid_over(form, step if whole else None)
    seen, digest = _seen(draft.case)
    others = {} if digest in ("", draft.digest(step)) else _others(draft, step, values)
    if others or (seen != draft.case.version and form.get("do") != "submit"):
        token = draft.token(step)
        draft.hold(values)
        here().let_go()
        return make_response(step_page(draft, step, others=others, stale=token), 409)
    _save(draft, values)
    if form.get("do") == "submit":
        return _submit(draft, seen)
    return go_to(_onward(draft, step, form))


def _drop(form: MultiDict[str, str], dropped: str) -> None:
    """Take the fields of one row out of what was sent: ``awards-1`` goes with all that stands in it."""
    for name in [one for one in form if one == dropped or one.startswith(f"{dropped}-")]:
        del form[name]


def _others(draft: Draft, step: Step, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what another window has typed in the fields of this step, where it differs from what was typed here."""
    names = asks(draft.kind) if step.key == CHECK else step.fields
    return {name: draft.values.get(name) for name in names if plain(draft.values.get(name)) != plain(values.get(name))}


def _save(draft: Draft, values: dict[str, Any]) -> Any:
    row = save_copy(draft.case, draft.transition.name, draft.kind, values)
    draft.hold(values)
    return row


def _onward(draft: Draft, step: Step, form: MultiDict[str, str]) -> str:
    """Return where to go after saving: on, or back to the same step with a row more."""
    if form.get("do") == "preview":
        return url_for("cases.preview", id=draft.case.id)
    place: dict[str, Any] = {"id": draft.case.id, "step": step.key, "check": 1 if is_checking() else None}
    if looking := pickers.unsettled(step.fields):
        return url_for("cases.edit", **place, **looking, _anchor=next(iter(looking)).removeprefix(pickers.WORDS))
    if field := form.get("add"):
        return url_for("cases.edit", **place, add=field, _anchor=field)
    if dropped := form.get("drop"):
        return url_for("cases.edit", **place, _anchor=dropped.partition("-")[0])
    if form.get("do") == "save":
        flash(_("Черновик сохранён."), "success")
        return url_for("cases.edit", **place)
    return url_for("cases.edit", **place | {"step": draft.following(step).key})


def _following(draft: Draft) -> str:
    """Say who goes on: after a revision the same experts, who are invited at once."""
    if draft.transition.name == "resubmit":
        return say(N_("Прежние эксперты приглашены снова, координатор следит за сроком."))
    return say(N_("Теперь дело у координатора, он ответит по сроку."))


def _submit(draft: Draft, seen: int) -> Response | str:
    scope = here()
    failed: WorkflowError
    if draft.obstacles:
        scope.let_go()
        in_fields = any(one.field in asks(draft.kind) for one in draft.obstacles)
        return make_response(step_page(draft, draft.step(CHECK), refused=True), 422 if in_fields else 409)
    try:
        sheet = filled(draft.kind, draft.submission, draft.lists)
        gate.perform(scope.session, signing_actor(scope.me), draft.case, draft.transition.name, sheet, seen)
    except Denied:
        raise
    except WorkflowError as error:
        failed = error
    else:
        flash(f"{say(draft.transition.told)}. {_following(draft)}", "success")
        return go("cases.show", id=draft.case.id)
    scope.let_go()
    scope.session.refresh(draft.case)
    return make_response(
        step_page(draft, draft.step(CHECK), failed=failed), 409 if isinstance(failed, (Conflict, NotYet)) else 422
    )


@page("/cases/<int:id>/autosave/<name>", readers=LOGGED_IN, methods=("POST",))
def autosave(id: int, name: str) -> Response:
    """Keep what is typed, unchecked; answer with the time and the new token of the step, or 409 when another window was first."""
    scope = here()
    case = gate.read(scope.session, scope.me, Case, id)
    take_turn(case)
    draft = drafting.open_draft(case)
    if name != draft.transition.name:
        raise Denied(N_("Сейчас заполнять эту форму нельзя."))
    step = draft.step(request.form.get("step", CHECK))
    values = draft.laid_over(request.form, step if "step" in request.form else None)
    seen, digest = _seen(case)
    stale = digest not in ("", draft.digest(step)) and bool(_others(draft, step, values))
    if stale or seen != case.version:
        return make_response({"error": say(_OFTEN)}, 409)
    row = _save(draft, values)
    return make_response(
        {
            "saved_at": f"{row.saved_at.astimezone(zone()):%H:%M}", "version": draft.token(step),
            "steps": render_template("cases/steps.html", steps=marks(draft, step, checking=is_checking())),
            "wrong": sorted({path.split(".")[0] for path in draft.troubles(step)}),
        }
    )  # fmt: skip


@page("/cases/<int:id>/preview", readers=LOGGED_IN)
def preview(id: int) -> str:
    """Show the draft as the experts will see it: the answers and the files, nothing to press but back."""
    scope = here()
    case = gate.read(scope.session, scope.me, Case, id)
    draft = drafting.open_draft(case)
    parts = form_summary.sections(draft.kind, draft.submission, draft.lists)
    return render_template(
        "cases/preview.html", draft=draft, case=case, kind=case_type(case.type), parts=parts,
        files=attachments.groups(case, draft.submission), criteria=criteria_of(draft),
    )  # fmt: skip
