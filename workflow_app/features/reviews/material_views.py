"""The material as the expert sees it: the frozen files, looked at without leaving the page, and the words of the case form."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for

from workflow_app import gate
from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Assignment, Case, CaseFile
from workflow_app.errors import NotFound
from workflow_app.facts import choices
from workflow_app.facts.subjects import facts_of, workflow_of
from workflow_app.features.reviews import queries
from workflow_app.features.reviews.views import page
from workflow_app.states import policy
from workflow_app.states.vocabulary import Permission
from workflow_app.web import file_previews, form_summary
from workflow_app.web.file_viewer import Unviewable
from workflow_app.web.formatting import size
from workflow_app.web.page import LOGGED_IN
from workflow_app.web.request_scope import here
from workflow_app.web.table_page import row_id

# Said elsewhere on the page, or a formality of the submission that is no matter of the review.
_UNSAID = frozenset({"title", "declaration_authorship", "no_minors_data", "publish", "links"})


def pane(assignment: Assignment, own_page: str) -> dict[str, Any] | None:
    """Return the left pane: what there is, what is chosen by ``?file=`` (or ``?file=card``), and its look.

    None when the materials are not open to the person: before the declaration (R17), after a recusal (R18).
    """
    scope, case = here(), assignment.case
    if not policy.may(workflow_of(case), scope.me, facts_of(case, scope.session), Permission.SEE_MATERIALS):
        return None
    files = queries.material(scope.session, case)
    chosen = _chosen(case, files)
    version = queries.version_of(case)
    return {
        "card": {"url": url_for(own_page, id=assignment.id, file="card"), "current": chosen is None},
        "items": [_item(assignment, one, own_page, current=one is chosen) for one in files],
        "links": [str(one) for one in version.form.get("links") or []] if version else [],
        "view": _card(case) if chosen is None else _view(assignment, chosen, own_page),
        "version": version,
    }


def _chosen(case: Case, files: list[CaseFile]) -> CaseFile | None:
    """Return the chosen file, or None for the case form: an attestation's report stands in its form."""
    wanted = request.args.get("file", "")
    if (id_ := row_id(wanted)) is not None:
        return next((one for one in files if one.id == id_), None)
    if wanted == "card" or case_type(case.type).shape.attestation:
        return None
    return next((one for one in files if file_previews.way_of(one.media_type)), files[0] if files else None)


def _item(assignment: Assignment, file: CaseFile, own_page: str, *, current: bool) -> dict[str, Any]:
    return {
        "name": file.name, "kind": file.name.rpartition(".")[2].lower(), "size": size(file.size), "note": file.note,
        "current": current, "url": url_for(own_page, id=assignment.id, file=file.id),
    }  # fmt: skip


def _card(case: Case) -> dict[str, Any]:
    version = queries.version_of(case)
    form = version.form if version else case.form
    known = choices.of_case(here().session, case, form)
    return {"way": "card", "sections": form_summary.sections(case_type(case.type).form, form, known, without=_UNSAID)}


def _view(assignment: Assignment, file: CaseFile, own_page: str) -> dict[str, Any]:
    way = file_previews.way_of(file.media_type)
    found: dict[str, Any] = {"way": way, "first_way": way, "file": file}
    if way == "pdf" or (way != "pages" and file_previews.is_printed(file.media_type)):
        found["pages_url"] = url_for(own_page, id=assignment.id, file=file.id, view="pages")
        found["whole_url"] = url_for(own_page, id=assignment.id, file=file.id)
    try:
        found |= _content(file, way)
    except Unviewable as error:
        found |= {"way": "", "trouble": error.sentence}
    if way in ("docx", "odt", "table", "text", "zip"):
        here().note_reading("read", "file", file.id, "view")
    return found


def _content(file: CaseFile, way: str) -> dict[str, Any]:
    if way == "pages" or (file_previews.has_pages(file.media_type) and request.args.get("view") == "pages"):
        return file_previews.pictures(file)
    return file_previews.content(file, way)


@page("/assignments/<int:id>/material", readers=LOGGED_IN)
def material(id: int) -> str:
    """Show the material alone: for a second window beside the sheet, and for the script that changes the pane."""
    scope = here()
    assignment = gate.read(scope.session, scope.me, Assignment, id)
    found = pane(assignment, "reviews.material")
    if found is None:
        raise NotFound(gate.NO_SUCH)
    kind = case_type(assignment.case.type)
    return render_template("reviews/material.html", assignment=assignment, case=assignment.case, kind=kind, pane=found)
