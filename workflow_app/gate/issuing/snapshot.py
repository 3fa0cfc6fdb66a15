"""What a document is composed from: the material of one document, read from the rows by its act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.case_types.registry import case_type
from workflow_app.db import hash_chain
from workflow_app.db.models import Assignment, Document, Person
from workflow_app.documents.content import snapshot as m
from workflow_app.documents.docx import blocks
from workflow_app.documents.kinds import registry
from workflow_app.documents.kinds.wording import referred
from workflow_app.documents.russian.grammar import Position
from workflow_app.errors import Broken
from workflow_app.facts import assessment, deadlines
from workflow_app.facts import document_snapshot as rows
from workflow_app.gate.issuing import appeals, notices, page_count
from workflow_app.gate.issuing.context import Scene, director_by_hand, latest
from workflow_app.states.definitions.case.forms import Reissue, SignedSheet

EXPERTS = frozenset({"expert_sheet", "expert_conclusion"})


def preview(scene: Scene, key: str, text: Mapping[str, str] | None = None) -> blocks.Document:
    """Return a document as it would be issued now, without number: nothing is written."""
    return registry.kind(key).compose(draft_material(scene, key, text))


def draft_material(scene: Scene, key: str, text: Mapping[str, str] | None = None) -> m.Material:
    """Return what a document would be made from now.

    ``text``: the parts of the conclusion that are being written, in place of those that stand in the case.
    """
    row = Document(document_kind=key, edition=1, dated=scene.today, number=None, sha256="", round=scene.case.round)
    order = Document(
        document_kind="order", edition=1, dated=scene.today, number="___", sha256="", round=scene.case.round
    )
    conclusion = Document(
        document_kind="consolidated_conclusion", edition=1, dated=scene.today, number="___", round=scene.case.round
    )
    together = {"order": order, "consolidated_conclusion": conclusion, key: row}
    found = material(scene, row, together, drafted=True)
    if text and found.consolidated is not None:
        written: dict[str, Any] = dict(text)
        found = replace(found, consolidated=replace(found.consolidated, **written))
    return found


def material(scene: Scene, document: Document, together: dict[str, Document], *, drafted: bool = False) -> m.Material:
    """Return what the document of a row is made from; ``together`` are the rows issued in the same act."""
    session, case, key = scene.session, scene.case, document.document_kind
    centre = rows.centre_card(session, case.municipality_id, document.dated)
    signed = _signature(scene, drafted=drafted)
    return m.Material(
        centre=centre,
        case=rows.case_card(session, case),
        issue=_issue_card(scene, document, drafted=drafted),
        sheet=_review(scene, drafted=drafted) if key in EXPERTS else None,
        consolidated=_consolidated(scene, document, signed) if key == "consolidated_conclusion" else None,
        approval=_approval(scene, key, together, signed, drafted=drafted),
        order=_order(scene, together, signed) if key == "order" else None,
        letter=_letter(scene, together, signed) if key == "covering_letter" else None,
        notice=_notice(scene) if key == "term_notice" else None,
        appeal=appeals.decision(scene) if key == "appeal_decision" else None,
        refusal=notices.refusal(scene) if key == "refusal_notice" else None,
        appeal_notice=appeals.notice(scene) if key == "appeal_notice" else None,
        completion=notices.completion(scene) if key == "completion_act" else None,
        protocol=_protocol(scene, key),
    )


def _consolidated(scene: Scene, document: Document, signed: m.Signature) -> m.Consolidated:
    """Return the common conclusion; of a re-issue, with the version in which its experts signed."""
    found = rows.consolidated(scene.session, scene.case)
    if not isinstance(scene.sheet, Reissue):
        return found
    first = document
    while first.replaces_id is not None:
        first = scene.session.get_one(Document, first.replaces_id)
    return replace(found, signed_in=m.Reference(first.number or "", first.dated, first.edition), reissued_by=signed)


def _protocol(scene: Scene, key: str) -> m.ProtocolCard | None:
    made = {"protocol": notices.discussion, "appeal_protocol": appeals.protocol}
    return made[key](scene) if key in made else None


def _issue_card(scene: Scene, document: Document, *, drafted: bool) -> m.Issue:
    if drafted:
        return m.Issue(made_at=clock.now())
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


def _signature(scene: Scene, *, drafted: bool) -> m.Signature:
    """Return the signature of the act: the actor's own; for acts that nobody signs, a line for the director's hand."""
    session, case, sheet = scene.session, scene.case, scene.sheet
    person = session.get(Person, scene.actor.person_id) if scene.actor.person_id and not drafted else None
    simple = isinstance(sheet, SignedSheet) and sheet.how == "simple" and not drafted
    if not simple or person is None:
        return director_by_hand(scene)
    words = rows.local_moment(session, case.municipality_id, clock.now())
    return m.Signature("simple", rows.name_of(person), _signing_position(scene, person), None, words, scene.entry())


def _signing_position(scene: Scene, person: Person) -> Position:
    """Return the position under a signature: the director's from the requisites, a deputy's own."""
    known = rows.requisites(scene.session, scene.case.municipality_id, scene.today)
    is_director = person.id == rows.director_of(scene.session, scene.case.municipality_id).id
    return rows.position_of(known["director_position"] if is_director else person.position)


def _review(scene: Scene, *, drafted: bool) -> m.ReviewSheet:
    one = scene.assignment
    if one is None:
        raise Broken("an expert's document belongs to an assignment")
    known = "" if drafted else rows.entries(scene.session, scene.case).get((one.id, "sign")) or scene.entry()
    return rows.review_sheet(scene.session, scene.case, one, one.review, known)


def _approval(
    scene: Scene, key: str, together: dict[str, Document], signed: m.Signature, *, drafted: bool
) -> m.Approval | None:
    """Approve by the order issued in the same act or before it; an attestation's conclusion has no stamp (0a.5)."""
    if key != "consolidated_conclusion" or case_type(scene.case.type).shape.attestation:
        return None
    if ground := scene.case.approval_ground:
        paper = m.Reference(str(ground["number"]), date.fromisoformat(str(ground["dated"])), 1)
        return m.ByBody(paper, ground["body"] == "council", str(ground["signatory"]))
    order = together.get("order") or latest(scene.session, scene.case, None, "order")
    if order is not None:
        return m.ByOrder(m.Reference(order.number or "", order.dated, 1))
    return m.ByDirector(signed, None if drafted else scene.today)


def _reference(scene: Scene, together: dict[str, Document], key: str) -> m.Reference:
    found = together.get(key) or latest(scene.session, scene.case, None, key)
    if found is None:
        raise Broken(f"{key} is not issued yet")
    return m.Reference(found.number or "", found.dated, found.edition)


def _order(scene: Scene, together: dict[str, Document], signed: m.Signature) -> m.OrderCard:
    clerk = scene.clerk()
    by = deadlines.due_from(scene.session, scene.case, "closing").day
    return m.OrderCard(
        _reference(scene, together, "consolidated_conclusion"), rows.name_of(clerk), rows.position_of(clerk.position), signed,
        by=by, acquainted=((rows.name_of(clerk), rows.position_of(clerk.position)),),
    )  # fmt: skip


def _letter(scene: Scene, together: dict[str, Document], signed: m.Signature) -> m.LetterCard:
    known = rows.requisites(scene.session, scene.case.municipality_id, scene.today)
    conclusion = _reference(scene, together, "consolidated_conclusion")
    common = together.get("consolidated_conclusion") or latest(
        scene.session, scene.case, None, "consolidated_conclusion"
    )
    papers = [_signed_sheet(scene, one) for one in assessment.counted(scene.case)]
    enclosures = (
        m.Enclosure(f"Сводное экспертное заключение {referred(conclusion)}", page_count.of(scene.session, [common])),
        m.Enclosure(f"Экспертные листы специалистов (всего {len(papers)})", page_count.of(scene.session, papers)),
    )
    return m.LetterCard(conclusion, enclosures, signed, rows.name_of(scene.clerk()), known.get("phone", ""))


def _signed_sheet(scene: Scene, one: Assignment) -> Document | None:
    """Return the sheet that an expert signed: the scan of the paper, or the file."""
    scan = latest(scene.session, scene.case, one.id, "signed_original:sign") if one.signed_how == "paper" else None
    return scan or latest(scene.session, scene.case, one.id, "expert_sheet")


def _notice(scene: Scene) -> m.NoticeCard:
    case, session = scene.case, scene.session
    if case.attestation_on is None or case.decision_due is None:
        raise Broken("a notice of term belongs to an attestation whose date is set")
    until = deadlines.additions_until(session, case) or case.attestation_on
    clerk = session.get(Person, scene.actor.person_id) if scene.actor.person_id else None
    known = rows.requisites(session, case.municipality_id, scene.today)
    return m.NoticeCard(
        begins=case.attestation_on, ends=case.decision_due, form="всесторонний анализ результатов профессиональной деятельности",
        place=case.attestation_place or known["short_name"], documents_by=until,
        signature=director_by_hand(scene),
        prepared_by=rows.name_of(clerk) if clerk else None, phone=known.get("phone", ""),
    )  # fmt: skip
