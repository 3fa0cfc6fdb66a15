"""What a document is composed from: its material, read from the rows by its act; each card by what ``reads`` it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.case_types.registry import case_type
from workflow_app.db import hash_chain
from workflow_app.db.models import Document
from workflow_app.documents.content import snapshot as m
from workflow_app.documents.docx import blocks
from workflow_app.documents.kinds import registry
from workflow_app.errors import Broken
from workflow_app.facts import document_snapshot as rows
from workflow_app.gate.issuing import appeals, notices
from workflow_app.gate.issuing.context import READERS, Paper, Scene, reads
from workflow_app.states.definitions.case.forms import Reissue

__all__ = [
    "appeals",
    "check_address",
    "draft_material",
    "material",
    "notices",
    "preview",
    "prove",
]  # with the readers of the others


def preview(scene: Scene, key: str, text: Mapping[str, str] | None = None) -> blocks.Document:
    """Return a document as it would be issued now, without number: nothing is written."""
    return registry.kind(key).compose(draft_material(scene, key, text))


def draft_material(scene: Scene, key: str, text: Mapping[str, str] | None = None) -> m.Material:
    """Return what a document would be made from now.

    ``text``: the parts of its card that are being written, in place of those that stand in the case.
    """
    together = {one: _unissued(scene, one, "___") for one in registry.KINDS} | {key: _unissued(scene, key, None)}
    found = material(Paper(scene, together[key], together, drafted=True))
    return replace(found, card=replace(found.card, **text)) if text else found


def _unissued(scene: Scene, key: str, number: str | None) -> Document:
    return Document(document_kind=key, edition=1, dated=scene.today, number=number, sha256="", round=scene.case.round)


def material(paper: Paper) -> m.Material:
    """Return what a document is made from: the centre, the case, the act, and the card that its kind wants."""
    scene, kind = paper.scene, registry.kind(paper.row.document_kind)
    return m.Material(
        centre=rows.centre_card(scene.session, scene.case.municipality_id, paper.row.dated),
        case=rows.case_card(scene.session, scene.case),
        issue=_issue_card(paper),
        card=READERS[kind.card](paper) if kind.card else None,
        approval=_approval(paper) if kind.stamped else None,
    )


def prove() -> None:
    """Raise Broken for a kind of document whose card nothing reads."""
    for one in registry.KINDS.values():
        if one.of == "case" and one.card is not None and one.card not in READERS:
            raise Broken(f"document {one.key}: nothing reads its {one.card.__name__} in gate/issuing")


def _issue_card(paper: Paper) -> m.Issue:
    if paper.drafted:
        return m.Issue(made_at=clock.now())
    scene, document = paper.scene, paper.row
    old = scene.session.get(Document, document.replaces_id) if document.replaces_id else None
    replaced = m.Reference(old.number or scene.case.number or "", old.dated, old.edition) if old else None
    state = {
        "case": scene.case.number,
        "kind": document.document_kind,
        "round": scene.case.round,
        "form": scene.case.form,
    }
    return m.Issue(
        number=document.number or "", date=document.dated, version=document.edition, replaces=replaced, made_at=clock.now(),
        check_address=check_address(scene.session, document.code), code=document.code, digest=hash_chain.payload_hash("", state),
    )  # fmt: skip


def check_address(session: Session, code: str) -> str:
    """Return where anybody checks the paper with this code; empty when nobody told the instance its address."""
    site = str(session.info.get("site") or "").rstrip("/")
    return f"{site}/check/{code}" if site else ""


@reads(m.ReviewSheet)
def _review(paper: Paper) -> m.ReviewSheet:
    scene, one = paper.scene, paper.scene.assignment
    if one is None:
        raise Broken("an expert's document belongs to an assignment")
    known = "" if paper.drafted else rows.entries(scene.session, scene.case).get((one.id, "sign")) or scene.entry()
    return rows.review_sheet(scene.session, scene.case, one, one.review, known)


@reads(m.Consolidated)
def _consolidated(paper: Paper) -> m.Consolidated:
    """Return the common conclusion; of a re-issue, with the version in which its experts signed."""
    scene, first = paper.scene, paper.row
    found = rows.consolidated(scene.session, scene.case)
    if not isinstance(scene.sheet, Reissue):
        return found
    while first.replaces_id is not None:
        first = scene.session.get_one(Document, first.replaces_id)
    signed_in = m.Reference(first.number or "", first.dated, first.edition)
    return replace(found, signed_in=signed_in, reissued_by=paper.signed())


def _approval(paper: Paper) -> m.Approval | None:
    """Approve by the order issued in the same act or before it; neither an attestation's conclusion (0a.5) nor an expert's."""
    scene = paper.scene
    if scene.assignment is not None or case_type(scene.case.type).shape.attestation:
        return None
    if (ground := scene.case.approval_ground) and ground.get("order"):
        return m.ByOrder(m.Reference(str(ground["number"]), date.fromisoformat(str(ground["dated"])), 1))
    if ground:
        reference = m.Reference(str(ground["number"]), date.fromisoformat(str(ground["dated"])), 1)
        return m.ByBody(reference, ground["body"] == "council", str(ground["signatory"]), ground.get("authority", ""))
    if (order := paper.other("order")) is not None:
        return m.ByOrder(m.Reference(order.number or "", order.dated, 1))
    return m.ByDirector(paper.signed(), None if paper.drafted else scene.today)
