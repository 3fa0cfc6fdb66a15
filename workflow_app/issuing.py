"""Issuing: what a transition declares in ``issues``, ``numbers`` and ``signs`` is done here, in a fixed order.

Numbers first, then each document is composed, rendered, stored by its hash and entered as a row. Issued bytes never change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.case_types.registry import case_type
from workflow_app.documents import blocks, docx_file, kinds
from workflow_app.documents import material as m
from workflow_app.documents.grammar import Position
from workflow_app.errors import Broken, Sentence
from workflow_app.states.case_sheets import Approve, Reissue, SignedSheet, StartAttestation
from workflow_app.states.sheets import Sheet
from workflow_app.states.vocabulary import Actor, Transition
from workflow_app.store import chain, judging, numbers, terms
from workflow_app.store import material as rows
from workflow_app.store.blobs import Blobs
from workflow_app.store.models import Assignment, Case, Document, Event, Person, Subject

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
    if isinstance(sheet, Reissue):
        wanted = (sheet.kind,)
    if not wanted and not (isinstance(sheet, SignedSheet) and sheet.how == "paper"):
        return []
    if isinstance(subject, Assignment):
        case, assignment = session.get_one(Case, subject.case_id), subject
    elif isinstance(subject, Case):
        case, assignment = subject, None
    else:
        raise Broken(f"{transition.name} issues documents of {subject.kind}")
    scene = Scene(session, case, assignment, actor, sheet, terms.today(session, case.municipality_id))
    issued = _issue_all(scene, wanted)
    if isinstance(sheet, SignedSheet) and sheet.how == "paper":
        issued.append(_signed_original(scene, transition))
    return issued


def _number_case(session: Session, case: Case) -> None:
    """Give a case its number once; a second registration keeps it (decisions.md 13)."""
    if case.number is None:
        letter = case_type(case.type).letter
        year = terms.today(session, case.municipality_id).year
        case.number = f"{letter}-{year}-{numbers.take(session, case.municipality_id, f'case:{letter}', year)}"


def _issue_all(scene: Scene, wanted: tuple[str, ...]) -> list[Document]:
    """Enter the rows with their numbers first: an order names the conclusion, the conclusion names the order."""
    found = [_enter(scene, kind) for kind in wanted]
    for document in found:
        document.sha256, document.size = "pending", 0
    scene.session.add_all(found)
    by_kind = {one.document_kind: one for one in found}
    for document in found:
        composed = compose(scene, document, by_kind)
        blob = blobs_of(scene.session).put_bytes(docx_file.write(composed))
        document.sha256, document.size = blob.sha256, blob.size
    scene.session.flush()
    return found


def _enter(scene: Scene, key: str) -> Document:
    kind, case = kinds.kind(key), scene.case
    assignment_id = scene.assignment.id if scene.assignment else None
    old = _latest(scene.session, case, assignment_id, key)
    document = Document(
        municipality_id=case.municipality_id, case_id=case.id, assignment_id=assignment_id, document_kind=key,
        round=case.round, edition=old.edition + 1 if old else 1, register=kind.register, dated=scene.today,
        year=scene.today.year, issued_at=clock.now(), state="issued", version=1, replaces_id=old.id if old else None,
        file_name="", sha256="", size=0,
    )  # fmt: skip
    if old is not None:
        document.number, document.year = old.number, old.year
    elif kind.register is not None:
        _number(scene, document, kind.register)
    document.file_name = _file_name(case, kind.title, document)
    return document


def _number(scene: Scene, document: Document, register: str) -> None:
    sheet, municipality_id = scene.sheet, document.municipality_id
    typed = sheet.number if isinstance(sheet, Approve) and register in ("orders", "letters") else ""
    if isinstance(sheet, Approve) and sheet.dated and register in ("orders", "letters"):
        document.dated, document.year = sheet.dated, sheet.dated.year
    if typed:
        numbers.skip_to(scene.session, municipality_id, register, document.dated.year, typed)
        document.number = typed
    else:
        document.number = str(numbers.take(scene.session, municipality_id, register, document.dated.year))


def _latest(session: Session, case: Case, assignment_id: int | None, key: str) -> Document | None:
    found = select(Document).where(Document.case_id == case.id, Document.document_kind == key, Document.round == case.round)
    found = found.where(Document.assignment_id.is_(None) if assignment_id is None else Document.assignment_id == assignment_id)
    return session.scalars(found.order_by(Document.edition.desc())).first()


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
    old = _latest(scene.session, case, assignment_id, key)
    document = Document(
        municipality_id=case.municipality_id, case_id=case.id, assignment_id=assignment_id, document_kind=key, round=case.round,
        edition=old.edition + 1 if old else 1, dated=scene.today, issued_at=clock.now(), state="issued", version=1,
        file_name=sheet.scan_name or "скан.pdf", sha256=sheet.scan, size=blobs_of(scene.session).path(sheet.scan).stat().st_size,
    )  # fmt: skip
    scene.session.add(document)
    scene.session.flush()
    return document


def compose(scene: Scene, document: Document, together: dict[str, Document]) -> blocks.Document:
    """Return the composed document of a row; ``together`` are the rows issued in the same act."""
    return kinds.kind(document.document_kind).compose(_material(scene, document, together))


def preview(scene: Scene, key: str) -> blocks.Document:
    """Return a document as it would be issued now, without number: nothing is written."""
    row = Document(document_kind=key, edition=1, dated=scene.today, number=None, sha256="", round=scene.case.round)
    order = Document(document_kind="order", edition=1, dated=scene.today, number="___", sha256="", round=scene.case.round)
    conclusion = Document(document_kind="consolidated_conclusion", edition=1, dated=scene.today, number="___", round=scene.case.round)
    together = {"order": order, "consolidated_conclusion": conclusion, key: row}
    return kinds.kind(key).compose(_material(scene, row, together, drafted=True))


def _material(scene: Scene, document: Document, together: dict[str, Document], *, drafted: bool = False) -> m.Material:
    session, case, key = scene.session, scene.case, document.document_kind
    centre = rows.centre_card(session, case.municipality_id, document.dated)
    signed = _signature(scene, drafted=drafted)
    return m.Material(
        centre=centre,
        case=rows.case_card(session, case),
        issue=_issue_card(scene, document, drafted=drafted),
        sheet=_review(scene, drafted=drafted) if key in EXPERTS else None,
        consolidated=rows.consolidated(session, case) if key == "consolidated_conclusion" else None,
        approval=_approval(scene, key, together, signed, drafted=drafted),
        order=_order(scene, together, signed) if key == "order" else None,
        letter=_letter(scene, together, signed) if key == "covering_letter" else None,
        notice=_notice(scene) if key == "term_notice" else None,
        appeal=_appeal(scene, signed) if key == "appeal_decision" else None,
    )


def _issue_card(scene: Scene, document: Document, *, drafted: bool) -> m.Issue:
    if drafted:
        return m.Issue(made_at=clock.now())
    old = scene.session.get(Document, document.replaces_id) if document.replaces_id else None
    replaced = m.Reference(old.number or scene.case.number or "", old.dated, old.edition) if old else None
    state = {"case": scene.case.number, "kind": document.document_kind, "round": scene.case.round, "form": scene.case.form}
    return m.Issue(
        number=document.number or "", date=document.dated, version=document.edition, replaces=replaced, made_at=clock.now(),
        digest=chain.payload_hash("", state),
    )  # fmt: skip


def _next_entry(scene: Scene) -> str:
    """Return the name of the journal's entry that this very act will have: the root is locked, so it is known."""
    last = scene.session.scalar(select(func.max(Event.seq)).where(Event.root_kind == "case", Event.root_id == scene.case.id))
    return rows.entry_name(scene.case, (last or 0) + 1)


def _signature(scene: Scene, *, drafted: bool) -> m.Signature:
    """Return the signature of the act: the actor's own; for acts that nobody signs, a line for the director's hand."""
    session, case, sheet = scene.session, scene.case, scene.sheet
    director = rows.director_of(session, case.municipality_id)
    person = session.get(Person, scene.actor.person_id) if scene.actor.person_id and not drafted else None
    simple = isinstance(sheet, SignedSheet) and sheet.how == "simple" and not drafted
    if not simple or person is None:
        return _paper(scene, director)
    words = rows.local_moment(session, case.municipality_id, clock.now())
    return m.Signature("simple", rows.name_of(person), _signing_position(scene, person), None, words, _next_entry(scene))


def _paper(scene: Scene, director: Person) -> m.Signature:
    known = rows.requisites(scene.session, scene.case.municipality_id, scene.today)
    return m.Signature("paper", rows.name_of(director), rows.position_of(known["director_position"]))


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
    order = together.get("order") or _latest(scene.session, scene.case, None, "order")
    if order is not None:
        return m.ByOrder(m.Reference(order.number or "", order.dated, 1))
    return m.ByDirector(signed, None if drafted else scene.today)


def _reference(scene: Scene, together: dict[str, Document], key: str) -> m.Reference:
    found = together.get(key) or _latest(scene.session, scene.case, None, key)
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
    sheets = len(judging.counted(scene.case))
    enclosures = (m.Enclosure("Сводное экспертное заключение"), m.Enclosure("Экспертные листы специалистов", copies=sheets))
    conclusion = _reference(scene, together, "consolidated_conclusion")
    return m.LetterCard(conclusion, enclosures, signed, rows.name_of(_clerk(scene)), known.get("phone", ""))


def _notice(scene: Scene) -> m.NoticeCard:
    case, sheet, session = scene.case, scene.sheet, scene.session
    if not isinstance(sheet, StartAttestation) or case.decision_due is None:
        raise Broken("a notice of term belongs to the start of an attestation")
    until = terms.additions_until(session, case) or sheet.attestation_on
    clerk = session.get(Person, scene.actor.person_id) if scene.actor.person_id else None
    known = rows.requisites(session, case.municipality_id, scene.today)
    return m.NoticeCard(
        begins=sheet.attestation_on, ends=case.decision_due, form="всесторонний анализ результатов профессиональной деятельности",
        place=sheet.place or known["short_name"], documents_by=until,
        signature=_paper(scene, rows.director_of(session, case.municipality_id)),
        prepared_by=rows.name_of(clerk) if clerk else None, phone=known.get("phone", ""),
    )  # fmt: skip


def _appeal(scene: Scene, signed: m.Signature) -> m.AppealCard:
    del signed
    case, session = scene.case, scene.session
    known = _latest(session, case, None, "consolidated_conclusion")
    panel = [(one, rows.expert_of(session, one.person_id)) for one in case.panel]
    return m.AppealCard(
        lodged_at=date.fromisoformat(str(case.appeal["on"])),
        against=m.Reference(known.number or "", known.dated, known.edition) if known else None,
        arguments=str(case.appeal.get("text", "")),
        reasons=getattr(scene.sheet, "reason", ""),
        granted=sum(one.vote == "grant" for one in case.panel) > sum(one.vote == "dismiss" for one in case.panel),
        panel=tuple(expert for _, expert in panel),
        signatures=tuple(m.Signature("paper", expert.person, expert.position, expert.organisation) for _, expert in panel),
        votes_for=sum(one.vote == "grant" for one in case.panel),
        votes_against=sum(one.vote == "dismiss" for one in case.panel),
        sitting_at=scene.today,
    )



