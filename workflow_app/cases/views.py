"""Pages of cases: the work list, the list, the case."""

from __future__ import annotations

from flask import Response, render_template, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from workflow_app import gate
from workflow_app.case_types.registry import case_type
from workflow_app.errors import N_
from workflow_app.states import policy
from workflow_app.states.vocabulary import Permission
from workflow_app.store import lists
from workflow_app.store.models import Case
from workflow_app.store.subjects import facts_of, workflow_of
from workflow_app.store.twin import readable
from workflow_app.store.worklist import tasks
from workflow_app.web.acting import act
from workflow_app.web.page import LOGGED_IN, Menu, Slice
from workflow_app.web.scope import here

slice_ = Slice("cases")
page = slice_.page


@page("/", readers=LOGGED_IN, menu=Menu(10, N_("Мои дела"), "inbox"))
def work() -> str:
    """Show what waits for the person, overdue first."""
    scope = here()
    return render_template("cases/work.html", tasks=tasks(scope.session, scope.me))


@page("/cases", readers=LOGGED_IN, menu=Menu(20, N_("Все дела"), "folder"))
def listing() -> str:
    """List the cases that the person may see."""
    scope = here()
    found = select(Case).where(readable(scope.me, Permission.VIEW)).options(joinedload(Case.applicant)).order_by(Case.id.desc())
    return render_template("cases/listing.html", cases=scope.session.scalars(found).unique().all(), case_type=case_type)


@page("/cases/<int:id>", readers=LOGGED_IN)
def show(id: int) -> str:
    """Show a case."""
    scope = here()
    case = gate.read(scope.session, scope.me, Case, id)
    facts, workflow = facts_of(case, scope.session), workflow_of(case)
    return render_template(
        "cases/show.html", case=case, kind=case_type(case.type), state=workflow.state(case.state),
        offers=policy.offers(workflow, scope.me, facts),
        may={one.value: policy.may(workflow, scope.me, facts, one) for one in Permission},
    )  # fmt: skip


@page("/cases/<int:id>/do/<name>", readers=LOGGED_IN, methods=("GET", "POST"))
def do(id: int, name: str) -> Response | str:
    """Show or do a transition of a case."""
    scope = here()
    case = gate.read(scope.session, scope.me, Case, id)
    return act(case, name, lists=lists.of_case(scope.session, case), back=url_for("cases.show", id=id))
