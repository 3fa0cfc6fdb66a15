"""Pages of long work: what runs, how far it is, what came of each item, the archive, the button that stops it."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import func, select

from workflow_app import gate
from workflow_app.db.models import Document, Job, JobItem
from workflow_app.errors import N_, NotFound
from workflow_app.features.documents.views import page
from workflow_app.files.file_names import content_disposition
from workflow_app.gate import NO_SUCH
from workflow_app.operations import job_queue
from workflow_app.operations.job_kinds import KINDS
from workflow_app.states.vocabulary import Role
from workflow_app.web import table_page
from workflow_app.web.formatting import say
from workflow_app.web.next_page import go
from workflow_app.web.page import Menu, roles
from workflow_app.web.request_scope import blobs, here

_READERS = roles(Role.COORDINATOR, Role.DIRECTOR, Role.ADMIN)
_TONES = {"waiting": "waiting", "running": "work", "done": "good", "stopped": "stopped", "failed": "attention"}
_ITEM_TONES = {"waiting": "waiting", "done": "good", "failed": "attention"}
_SHOWN = 50  # jobs
_OWNERS = roles(
    Role.COORDINATOR, Role.DIRECTOR, Role.ADMIN, Role.SCHOOL_OFFICER
)  # a school's officer is led there from an import


def _own(id: int) -> Job:
    """Return a job of the present person; another's is not there."""
    scope = here()
    found = scope.session.get(Job, id) if table_page.row_id(str(id)) else None
    if found is None or found.person_id != scope.who.id or found.municipality_id != scope.me.municipality_id:
        raise NotFound(NO_SUCH)
    return found


@page("/jobs", readers=_READERS, menu=Menu(32, N_("Задания"), "work", "documents"), name="jobs")
def job_list() -> str:
    """List the person's own long work, the newest first."""
    scope = here()
    mine = select(Job).where(Job.person_id == scope.who.id, Job.municipality_id == scope.me.municipality_id)
    found = scope.session.scalars(mine.order_by(Job.id.desc()).limit(_SHOWN)).all()
    return render_template("documents/jobs.html", jobs=[_told(one) for one in found], kept=job_queue.KEPT.days)


@page("/jobs/<int:id>", readers=_OWNERS)
def job(id: int) -> str:
    """Show how far a job is and what came of each thing; the script asks for this very page again while it runs."""
    found = _own(id)
    what = table_page.asked({"seq": (JobItem.seq,)}, "seq", ("state",))
    items = select(JobItem).where(JobItem.job_id == found.id)
    if (state := what.chosen.get("state")) in job_queue.ITEM_STATES:
        items = items.where(JobItem.state == state)
    session = here().session
    total = session.scalar(select(func.count()).select_from(items.subquery())) or 0
    shown = session.scalars(items.order_by(JobItem.seq).limit(what.size).offset(what.offset())).all()
    return render_template(
        "documents/job.html", job=found, told=_told(found), what=what, total=total, page=table_page.pagination(what, total),
        items=[(one, say(job_queue.ITEM_STATES[one.state]), _ITEM_TONES[one.state], _card(found, one)) for one in shown],
        rest_url=_rest(found), onward=_onward(found),
        states=[(key, say(title)) for key, title in job_queue.ITEM_STATES.items()],
    )  # fmt: skip


def _card(found: Job, item: JobItem) -> str:
    """Return the address of what an item was about; nothing where its kind has no card."""
    endpoint = KINDS[found.name].card(found) if found.name in KINDS else ""
    return url_for(endpoint, id=item.subject_id) if endpoint else ""


def _rest(found: Job) -> str:
    """Return where one goes on with what an ended job has left; nothing where nothing is left, or its kind begins no second time."""
    endpoint = KINDS[found.name].rest if found.name in KINDS else ""
    left = found.total - found.done + found.failed
    return url_for(endpoint, id=found.id) if endpoint and left and found.state not in job_queue.OPEN else ""


def _onward(found: Job) -> tuple[str, str] | None:
    """Return where all that an ended job has done goes on together, and the words; None where it has done nothing, or goes nowhere."""
    onward = KINDS[found.name].onward if found.name in KINDS else None
    if onward is None or found.done == found.failed or found.state in job_queue.OPEN:
        return None
    return url_for(onward[0], id=found.id), say(onward[1])


def _told(found: Job) -> dict[str, Any]:
    return {
        "job": found, "kind": say(KINDS[found.name].title) if found.name in KINDS else "", "state": say(job_queue.STATES[found.state]),
        "tone": _TONES[found.state], "open": found.state in job_queue.OPEN, "percent": 100 * found.done // found.total,
        "url": url_for("papers.job", id=found.id),
    }  # fmt: skip


@page("/jobs/<int:id>/stop", readers=_OWNERS, methods=("POST",))
def stop_job(id: int) -> Response:
    """Stop a job between two items."""
    found = _own(id)
    if job_queue.stop(here().session, found):
        flash(_("Остановлено. Что сделано, остаётся."), "success")
    else:
        flash(_("Задание уже закончилось."), "info")
    return go("papers.job", id=found.id)


@page("/jobs/<int:id>/result.zip", readers=_READERS)
def job_result(id: int) -> Response:
    """Give the archive that a job ended with, whole or not at all: whoever may not read one of its papers any more has none."""
    found, scope = _own(id), here()
    if not found.sha256:
        raise NotFound(NO_SUCH)
    for paper in KINDS[found.name].papers(scope.session, found):
        gate.read(scope.session, scope.me, Document, paper.id)
    here().note_reading("read", "job", found.id)
    source = blobs().open(found.sha256)
    answer = Response(source, content_type="application/zip", direct_passthrough=True)
    answer.content_length = found.size
    answer.headers["Content-Disposition"] = content_disposition(found.file_name)
    return answer
