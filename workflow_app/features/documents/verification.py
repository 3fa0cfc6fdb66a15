"""What anybody may learn of an issued paper who holds it: whether it is in force, how it was signed, what replaced it.

Minimal on purpose: no applicant, no title, no expert's name, nothing of the case (152-ФЗ; R44). An answer «unknown»
takes the same one statement whether the code, the number or both are wrong.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from workflow_app.db import checkpoints
from workflow_app.db.models import AttachedSignature, Case, Document, Event, Person, Rendition
from workflow_app.db.models.papers import CODE_LENGTH, CODE_LETTERS
from workflow_app.documents.kinds.registry import KINDS, OF_EXPERT
from workflow_app.documents.kinds.wording import spelled
from workflow_app.errors import N_, Sentence
from workflow_app.facts import issued_documents, naming
from workflow_app.spelling import number_key

# How people misread a code, and what Russian letters look like on paper.
_MISREAD: Final = str.maketrans("OILАВСЕНКМРТХОУ", "011ABCEHKMPTX0Y")
_SIGNED_ORIGINAL: Final = "signed_original:"


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature: who as far as everybody may know, what kind it is, when it was put."""

    who: str
    what: Sentence
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a paper. ``state`` is that of the document's workflow; ``form`` of the dropped file, if any."""

    title: Sentence
    number: str
    dated: date
    edition: int
    state: str
    centre: str
    code: str
    sha256: str
    signatures: tuple[Signed, ...]
    successor: tuple[str, date, int] | None
    form: str = ""
    checkpoint: tuple[int, datetime] | None = None  # number and moment of the first one that covers the act of issue
    doubt: Sentence | None = None  # what differs from the journal: then nothing else that is told can be relied on


def normal(code: str) -> str:
    """Return a typed code as it is kept: capitals without dashes, look-alikes resolved; empty when it cannot be a code."""
    found = "".join(one for one in code.upper() if one.isalnum()).translate(_MISREAD)
    return found if len(found) == CODE_LENGTH and set(found) <= set(CODE_LETTERS) else ""


def by_code(session: Session, code: str, number: str | None = None) -> Document | None:
    """Return the paper of a code and, when given, of the number that is typed beside it."""
    wanted = select(Document, Case.number).outerjoin(Case, Case.id == Document.case_id)
    row = session.execute(wanted.where(Document.code == (normal(code) or "?"))).first()
    shown = (row[0].number or row[1] or "") if row else ""
    typed = number_key(shown if number is None else number)
    same = hmac.compare_digest(number_key(shown).encode(), typed.encode())
    return row[0] if row is not None and same else None


def by_digest(session: Session, sha256: str) -> tuple[Document, str] | None:
    """Return the paper whose bytes these are, and in which form: the issued file, its PDF, the sealed PDF."""
    issued = select(Document.id, Document.file_name).where(Document.sha256 == sha256)
    made = select(Rendition.document_id, Rendition.form).where(Rendition.sha256 == sha256)
    found = session.execute(union_all(issued, made).limit(1)).first()
    if found is None:
        return None
    form = found[1] if found[1] in ("pdf", "sealed") else "docx"
    return session.get_one(Document, found[0]), form


def number_of(session: Session, document: Document) -> str:
    """Return the number that a paper shows: its own, or the case's where its kind has none."""
    case = session.get(Case, document.case_id) if document.case_id else None
    return document.number or (case.number if case else None) or ""


def told(session: Session, document: Document, form: str = "") -> Told:
    """Return what is said of a paper."""
    after = session.scalar(select(Document).where(Document.replaces_id == document.id))
    event = issued_documents.origin(session, document)
    covered = checkpoints.covering(session, event) if event is not None else None
    requisites = naming.requisites(session, document.municipality_id, document.dated)
    original = document.document_kind.startswith(_SIGNED_ORIGINAL)
    return Told(
        title=N_("Подписанный на бумаге оригинал") if original else KINDS[document.document_kind].title,
        number=number_of(session, document),
        dated=document.dated,
        edition=document.edition,
        state=document.state,
        centre=requisites["full_name"],
        code=spelled(document.code),
        sha256=document.sha256,
        signatures=(*_inside(session, document, event), *_outside(session, document)),
        successor=(number_of(session, after), after.dated, after.edition) if after else None,
        form=form,
        checkpoint=(covered[0].id, covered[0].at) if covered else None,
        doubt=issued_documents.doubt(session, session.info["blobs"], document, event)
        or (covered[1] if covered else None),
    )


def _inside(session: Session, document: Document, event: Event | None) -> list[Signed]:
    """Return the signature of the act that issued the paper."""
    if event is None or not event.signature:
        return []
    paper = event.signature.startswith("paper:")
    what = N_("собственноручная подпись на бумаге") if paper else N_("простая электронная подпись")
    return [Signed(_signer(session, document, event), what, event.at)]


def _signer(session: Session, document: Document, event: Event) -> str:
    """Return the signer of the centre by name and position; an expert is named in the paper itself and nowhere else."""
    kind = KINDS.get(document.document_kind)
    signer = kind.signer if kind else None  # of a protocol nobody's: an expert or the panel signs it
    if _is_experts(document) or event.subject_kind == "assignment" or signer != "director":
        return "эксперт" if signer == "expert" else ""
    person = session.get(Person, event.actor_id) if event.actor_id else None
    if person is None:
        return ""
    return f"{naming.name_of(person).short()}, {naming.position_of(person.position).n}"


def _is_experts(document: Document) -> bool:
    return document.document_kind in OF_EXPERT or document.assignment_id is not None


def _outside(session: Session, document: Document) -> list[Signed]:
    """Return the centre's seal and the signatures that were made outside and attached.

    Whose signature it is stands here only when it was verified: a name that nobody proved would be published as a signer's.
    """
    found = []
    seal = session.get(Rendition, (document.id, "sealed"))
    if seal is not None:
        found.append(
            Signed(str(seal.fields.get("owner", "")), N_("электронная печать организации на PDF"), seal.made_at)
        )
    rows = select(AttachedSignature).where(AttachedSignature.document_id == document.id).order_by(AttachedSignature.id)
    for one in session.scalars(rows):
        if one.fields.get("withdrawn"):
            continue
        sure = one.verdict == "verified"
        what = N_("отсоединённая подпись, проверена") if sure else N_("отсоединённая подпись, не проверено")
        owner = str(one.fields.get("owner", "")) if sure and not _is_experts(document) else ""
        found.append(Signed(owner, what, one.added_at))
    return found
