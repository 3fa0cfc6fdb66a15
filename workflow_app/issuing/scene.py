"""From an act to a document: the scene, and the material that one document is composed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.case_types.registry import case_type
from workflow_app.documents import blocks, kinds
from workflow_app.documents import material as m
from workflow_app.documents.grammar import Position
from workflow_app.documents.wording import referred
from workflow_app.errors import Broken
from workflow_app.issuing import along, appeals
from workflow_app.states.case_sheets import Reissue, SignedSheet
from workflow_app.states.sheets import Sheet
from workflow_app.states.vocabulary import Actor
from workflow_app.store import chain, judging, sheets, terms
from workflow_app.store import material as rows
from workflow_app.store.models import Assignment, Case, Document, Event, Person

EXPERTS = frozenset({"expert_sheet", "expert_conclusion"})


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a document is issued: the case, the assignment when it is an expert's, the act that issues it."""

    session: Session
    case: Case
    assignment: Assignment | None
    actor: Actor
    sheet: Sheet
    today: date

    def clerk(self) -> Person:
        """Return the coordinator who keeps the case."""
        return _clerk(self)

    def entry(self) -> str:
        """Return the name of the journal's entry that this very act will have."""
        return _next_entry(self)


def latest(session: Session, case: Case, assignment_id: int | None, key: str) -> Document | None:
    """Return the newest edition of a document of this round, if there is one; where that is void, all begins anew."""
    found = select(Document).where(
        Document.case_id == case.id, Document.document_kind == key, Document.round == case.round
    )
    found = found.where(
        Document.assignment_id.is_(None) if assignment_id is None else Document.assignment_id == assignment_id
    )
    newest = session.scalars(found.order_by(Document.id.desc()).limit(1)).first()
    return newest if newest is not None and newest.state != "void" else None


def preview(scene: Scene, key: str, text: Mapping[str, str] | None = None) -> blocks.Document:
    """Return a document as it would be issued now, without number: nothing is written."""
    return kinds.kind(key).compose(draft_material(scene, key, text))


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
        refusal=along.refusal(scene) if key == "refusal_notice" else None,
        appeal_notice=appeals.notice(scene) if key == "appeal_notice" else None,
        completion=along.completion(scene) if key == "completion_act" else None,
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
    made = {"protocol": along.discussion, "appeal_protocol": appeals.protocol}
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
        check_address=check_address(scene.session, document.code), code=document.code, digest=chain.payload_hash("", state),
    )  # fmt: skip


def check_address(session: Session, code: str) -> str:
    """Return where anybody checks the paper with this code; empty when nobody told the instance its address."""
    site = str(session.info.get("site") or "").rstrip("/")
    return f"{site}/check/{code}" if site else ""


def _next_entry(scene: Scene) -> str:
    """Return the name of the journal's entry that this very act will have: the root is locked, so it is known."""
    last = scene.session.scalar(
        select(func.max(Event.seq)).where(Event.root_kind == "case", Event.root_id == scene.case.id)
    )
    return rows.entry_name(scene.case, (last or 0) + 1)


def _signature(scene: Scene, *, drafted: bool) -> m.Signature:
    """Return the signature of the act: the actor's own; for acts that nobody signs, a line for the director's hand."""
    session, case, sheet = scene.session, scene.case, scene.sheet
    person = session.get(Person, scene.actor.person_id) if scene.actor.person_id and not drafted else None
    simple = isinstance(sheet, SignedSheet) and sheet.how == "simple" and not drafted
    if not simple or person is None:
        return along.director_by_hand(scene)
    words = rows.local_moment(session, case.municipality_id, clock.now())
    return m.Signature(
        "simple", rows.name_of(person), _signing_position(scene, person), None, words, _next_entry(scene)
    )


def _signing_position(scene: Scene, person: Person) -> Position:
    """Return the position under a signature: the director's from the requisites, a deputy's own."""
    known = rows.requisites(scene.session, scene.case.municipality_id, scene.today)
    is_director = person.id == rows.director_of(scene.session, scene.case.municipality_id).id
    return rows.position_of(known["director_position"] if is_director else person.position)


def _review(scene: Scene, *, drafted: bool) -> m.ReviewSheet:
    one = scene.assignment
    if one is None:
        raise Broken("an expert's document belongs to an assignment")
    known = "" if drafted else rows.entries(scene.session, scene.case).get((one.id, "sign")) or _next_entry(scene)
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


def _clerk(scene: Scene) -> Person:
    """Return the coordinator who keeps the case: who proposed it last, else the director."""
    session = scene.session
    found = session.scalars(
        select(Event.actor_id).where(Event.root_kind == "case", Event.root_id == scene.case.id)
        .where(Event.transition.in_(("propose", "circulate", "start", "register")), Event.actor_id.is_not(None))
        .order_by(Event.seq.desc())
    ).first()  # fmt: skip
    return session.get_one(Person, found) if found else rows.director_of(session, scene.case.municipality_id)


def _order(scene: Scene, together: dict[str, Document], signed: m.Signature) -> m.OrderCard:
    clerk = _clerk(scene)
    by = terms.due_from(scene.session, scene.case, "closing").day
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
    papers = [_signed_sheet(scene, one) for one in judging.counted(scene.case)]
    enclosures = (
        m.Enclosure(f"Сводное экспертное заключение {referred(conclusion)}", sheets.of(scene.session, [common])),
        m.Enclosure(f"Экспертные листы специалистов (всего {len(papers)})", sheets.of(scene.session, papers)),
    )
    return m.LetterCard(conclusion, enclosures, signed, rows.name_of(_clerk(scene)), known.get("phone", ""))


def _signed_sheet(scene: Scene, one: Assignment) -> Document | None:
    """Return the sheet that an expert signed: the scan of the paper, or the file."""
    scan = latest(scene.session, scene.case, one.id, "signed_original:sign") if one.signed_how == "paper" else None
    return scan or latest(scene.session, scene.case, one.id, "expert_sheet")


def _notice(scene: Scene) -> m.NoticeCard:
    case, session = scene.case, scene.session
    if case.attestation_on is None or case.decision_due is None:
        raise Broken("a notice of term belongs to an attestation whose date is set")
    until = terms.additions_until(session, case) or case.attestation_on
    clerk = session.get(Person, scene.actor.person_id) if scene.actor.person_id else None
    known = rows.requisites(session, case.municipality_id, scene.today)
    return m.NoticeCard(
        begins=case.attestation_on, ends=case.decision_due, form="всесторонний анализ результатов профессиональной деятельности",
        place=case.attestation_place or known["short_name"], documents_by=until,
        signature=along.director_by_hand(scene),
        prepared_by=rows.name_of(clerk) if clerk else None, phone=known.get("phone", ""),
    )  # fmt: skip
