"""The attachments of a case as its author sees them: by kind, with what is still wanted and what was remarked on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import render_template, url_for

from workflow_app.case_types.declaration import Attachment
from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Case, CaseFile
from workflow_app.errors import Sentence
from workflow_app.facts.attachments import BYTES_MOST, FILES_MOST, files_of
from workflow_app.facts.subjects import facts_of, typed_form, workflow_of
from workflow_app.states import policy
from workflow_app.states.vocabulary import Permission
from workflow_app.web import file_previews
from workflow_app.web.attaching import EXTENSIONS
from workflow_app.web.formatting import say
from workflow_app.web.request_scope import here, settings


@dataclass(frozen=True, slots=True)
class Item:
    """One attached file as a row; ``before`` and ``after`` are the places that moving it up or down would give, or None."""

    file: CaseFile
    kind: str
    place: int
    viewable: bool
    before: int | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A kind of attachment: ``need`` is "required", "expected" or "", with the files of the kind and the remarks to it."""

    key: str
    title: Sentence
    help: Sentence | None
    need: str
    items: tuple[Item, ...]
    remarks: tuple[str, ...] = field(default=())

    @property
    def wanted(self) -> bool:
        """Whether something has to be done here."""
        return bool(self.remarks) or (bool(self.need) and not self.items)


def groups(case: Case, form: Mapping[str, Any], remarks: Mapping[str, tuple[str, ...]] | None = None) -> list[Group]:
    """Return the kinds of attachments of the case's type: the required ones, the expected ones, the rest."""
    there = files_of(here().session, case)
    found = [
        _group(one, form, there, (remarks or {}).get(f"attachment:{one.key}", ()))
        for one in case_type(case.type).attachments
    ]
    return sorted(found, key=lambda one: ("required", "expected", "").index(one.need))


def _group(one: Attachment, form: Mapping[str, Any], there: list[CaseFile], remarks: tuple[str, ...]) -> Group:
    need = "required" if one.required(form) else "expected" if one.expected(form) else ""
    mine = [(place, file) for place, file in enumerate(there, 1) if file.attachment == one.key]
    places = [place for place, _file in mine]
    items = [
        Item(
            file, _extension(file), place, bool(file_previews.way_of(file.media_type)),
            places[n - 1] if n else None, places[n + 1] if n + 1 < len(mine) else None,
        )
        for n, (place, file) in enumerate(mine)
    ]  # fmt: skip
    return Group(one.key, one.title, one.help, need, tuple(items), remarks)


def _extension(file: CaseFile) -> str:
    return file.name.rpartition(".")[2].lower()


def kinds(case: Case) -> list[tuple[str, str]]:
    """Return the kinds of attachments as choices of a select."""
    return [(one.key, say(one.title)) for one in case_type(case.type).attachments]


def item_context(row: CaseFile) -> dict[str, Any]:
    """Return what the template of one row needs: the answer to a script that has just sent a file."""
    scope = here()
    form = typed_form(scope.session, row.case)
    found = next(item for one in groups(row.case, form) for item in one.items if item.file.id == row.id)
    return {"item": found, "kinds": kinds(row.case), "editable": _editable(row.case)}


def _editable(case: Case) -> bool:
    scope = here()
    return policy.may(workflow_of(case), scope.me, facts_of(case, scope.session), Permission.EDIT)


def back_url(case: Case) -> str:
    """Return where the files of a case are changed by this person, else the case."""
    scope = here()
    facts = facts_of(case, scope.session)
    if policy.may(workflow_of(case), scope.me, facts, Permission.EDIT):
        return url_for("cases.edit", id=case.id, step="files", _anchor="files")
    if policy.may(workflow_of(case), scope.me, facts, Permission.ATTACH):
        return url_for("cases.files", id=case.id)
    return url_for("cases.show", id=case.id)


def section_context(
    case: Case, form: Mapping[str, Any], remarks: Mapping[str, tuple[str, ...]] | None = None
) -> dict[str, Any]:
    """Return what the template of the whole section needs."""
    session = here().session
    there = files_of(session, case)
    return {
        "groups": groups(case, form, remarks), "kinds": kinds(case), "editable": _editable(case), "extensions": EXTENSIONS,
        "removed": files_of(session, case, "removed"), "present": len(there),
        "bytes": sum(one.size for one in there), "files_most": FILES_MOST,
        "bytes_most": BYTES_MOST, "file_megabytes": settings().upload_bytes // 1024 // 1024,
    }  # fmt: skip


def files_page(case: Case, errors: list[str], kept: int) -> str:
    """Return the page of the attachments alone: after a refusal, and where files are added after the submission."""
    scope = here()
    form = typed_form(scope.session, case)
    workflow, facts = workflow_of(case), facts_of(case, scope.session)
    offer = policy.offers(workflow, scope.me, facts).get("add_documents")
    editable = _editable(case)
    back = url_for("cases.edit", id=case.id, step="files") if editable else url_for("cases.show", id=case.id)
    return render_template(
        "cases/files.html", case=case, errors=errors, kept=kept, back=back, offer=offer, **section_context(case, form)
    )
