"""Issuing: what a transition declares in ``issues``, ``numbers`` and ``signs`` is done here, in a fixed order.

Numbers first, then each document is composed, rendered, stored by its hash and entered as a row. Issued bytes never change.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.case_types.registry import case_type
from workflow_app.content_types.month_order import EnterOrder
from workflow_app.db import counters
from workflow_app.db.blobs import Blobs
from workflow_app.db.models import Assignment, Case, Document, Record, Subject, new_code
from workflow_app.documents.kinds import registry
from workflow_app.errors import Broken, Sentence
from workflow_app.facts import choices, deadlines
from workflow_app.gate.issuing import numbers, records
from workflow_app.gate.issuing.context import Scene, latest
from workflow_app.gate.issuing.render import draft_file, drawn, template_on
from workflow_app.gate.issuing.snapshot import preview, prove
from workflow_app.states.definitions.case.forms import Approve, Reissue, SignedSheet
from workflow_app.states.forms import Sheet
from workflow_app.states.vocabulary import Actor, Transition

__all__ = ["Scene", "blobs_of", "draft_file", "issue", "preview", "prove", "template_on"]


def blobs_of(session: Session) -> Blobs:
    """Return the blob store that belongs to the session's database."""
    found = session.info.get("blobs")
    if not isinstance(found, Blobs):
        raise Broken("the session has no blob store")
    return found


def issue(session: Session, transition: Transition, actor: Actor, subject: Subject, sheet: Sheet) -> list[Document]:
    """Give the number and issue the documents that the transition declares; return the new rows."""
    if transition.numbers == "case" and isinstance(subject, Case):
        _number_case(session, subject)
    wanted = transition.issues
    if isinstance(sheet, Reissue) and isinstance(subject, Case):
        known = [key for key in choices.renewed(subject, sheet.kind) if latest(session, subject, None, key)]
        wanted = tuple(known)
    if not wanted and not (isinstance(sheet, SignedSheet) and sheet.how == "paper"):
        return []
    if isinstance(subject, Record):
        signer = actor if isinstance(sheet, SignedSheet) and sheet.how == "simple" else None
        typed = sheet if isinstance(sheet, EnterOrder) else None
        return records.issue(session, subject, wanted, blobs_of(session), signer, typed)
    if isinstance(subject, Assignment):
        case, assignment = session.get_one(Case, subject.case_id), subject
    elif isinstance(subject, Case):
        case, assignment = subject, None
    else:
        raise Broken(f"{transition.name} issues documents of {subject.kind}")
    scene = Scene(session, case, assignment, actor, sheet, deadlines.today(session, case.municipality_id))
    issued = _issue_all(scene, wanted)
    if isinstance(sheet, SignedSheet) and sheet.how == "paper":
        issued.append(_signed_original(scene, transition))
    return issued


def _number_case(session: Session, case: Case) -> None:
    """Give a case its number once; a second registration keeps it (decisions.md 13)."""
    if case.number is None:
        letter = case_type(case.type).letter
        year = deadlines.today(session, case.municipality_id).year
        case.number = f"{letter}-{year}-{counters.take(session, case.municipality_id, f'case:{letter}', year)}"


def _issue_all(scene: Scene, wanted: tuple[str, ...]) -> list[Document]:
    """Enter the rows with their numbers first: an order names the conclusion, the conclusion names the order."""
    found = [_enter(scene, kind) for kind in wanted]
    for document in found:
        document.sha256, document.size = "pending", 0
    scene.session.add_all(found)
    by_kind = {one.document_kind: one for one in found}
    for document in found:
        blob = blobs_of(scene.session).put_bytes(drawn(scene, document, by_kind, blobs_of(scene.session)))
        document.sha256, document.size = blob.sha256, blob.size
    scene.session.flush()
    return found


def _enter(scene: Scene, key: str) -> Document:
    kind, case = registry.kind(key), scene.case
    assignment_id = scene.assignment.id if scene.assignment else None
    old = latest(scene.session, case, assignment_id, key)
    document = Document(
        municipality_id=case.municipality_id, case_id=case.id, assignment_id=assignment_id, document_kind=key,
        round=case.round, edition=old.edition + 1 if old else 1, register=kind.register, dated=scene.today,
        year=scene.today.year, issued_at=clock.now(), state="issued", version=1, replaces_id=old.id if old else None,
        file_name="", sha256="", size=0, code=new_code(),
    )  # fmt: skip
    typed = _typed(scene, kind.register)
    if typed is not None and typed.dated:
        document.dated, document.year = typed.dated, typed.dated.year
    if old is not None and not (typed and typed.number):
        document.number, document.year = old.number, old.year
    elif kind.register is not None:
        others = () if document.replaces_id is None else (Document.case_id != document.case_id,)
        document.number = numbers.take(scene.session, document, kind.register, typed.number if typed else "", *others)
    document.file_name = _file_name(case, kind.title, document)
    return document


def _typed(scene: Scene, register: str | None) -> Approve | None:
    """Return the approval whose number and date from the paper journal are meant for this register (0a.9)."""
    return scene.sheet if isinstance(scene.sheet, Approve) and register in ("orders", "letters") else None


def _file_name(case: Case, title: Sentence, document: Document) -> str:
    edition = f" (версия {document.edition})" if document.edition > 1 else ""
    return f"{title} {case.number}{edition}.docx"


def _signed_original(scene: Scene, transition: Transition) -> Document:
    """Enter the scan of the paper signed by hand as the signed original (0a.9)."""
    sheet, case = scene.sheet, scene.case
    if not isinstance(sheet, SignedSheet):
        raise Broken("only a signed sheet has a scan")
    key = f"signed_original:{transition.name}"
    assignment_id = scene.assignment.id if scene.assignment else None
    old = latest(scene.session, case, assignment_id, key)
    document = Document(
        municipality_id=case.municipality_id, case_id=case.id, assignment_id=assignment_id, document_kind=key, round=case.round,
        edition=old.edition + 1 if old else 1, dated=scene.today, issued_at=clock.now(), state="issued", version=1,
        file_name=sheet.scan_name or "скан.pdf", sha256=sheet.scan, size=blobs_of(scene.session).path(sheet.scan).stat().st_size,
    )  # fmt: skip
    scene.session.add(document)
    scene.session.flush()
    return document
