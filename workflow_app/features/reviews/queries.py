"""What the expert's pages read: own assignments, the frozen material, earlier sheets, own documents, drafts of documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, cast, not_, or_, select
from sqlalchemy.orm import Session, joinedload

from workflow_app.assessment.criteria import CriteriaSheet, from_data
from workflow_app.calendar.terms import Term
from workflow_app.db import counts, keyset
from workflow_app.db.keyset import Order, Walk
from workflow_app.db.models import Assignment, Case, CaseFile, CaseVersion, CriteriaRow, Document
from workflow_app.documents.docx.blocks import Document as Composed
from workflow_app.documents.kinds.registry import OF_EXPERT
from workflow_app.facts import deadlines
from workflow_app.gate import issuing
from workflow_app.states.definitions.assignment import COUNTED, ENDED, OPEN
from workflow_app.states.forms import Nothing
from workflow_app.states.vocabulary import Actor

LOST = tuple(state for state in ENDED if state not in ("voided", "past"))
DRAFTS = OF_EXPERT
GROUPS = ("open", "done", "ended")


NEWEST = Order(Assignment, down=True)
SORTS = {"due": Order(Assignment, ("due_on",), blank=None), "signed": Order(Assignment, ("signed_at",), blank=None)}


def mine(person_id: int, *, kind: str = "", group: str = "") -> Select[Assignment]:
    """Return the assignments of a person."""
    found = select(Assignment).join(Case, Case.id == Assignment.case_id).where(Assignment.expert_id == person_id)
    if kind:
        found = found.where(Case.type == kind)
    return found.where(_in_group(group)) if group in GROUPS else found


def _in_group(group: str) -> ColumnElement[bool]:
    """Return the condition that an assignment belongs to a group, as :func:`group_of` says."""
    circulated = and_(Case.state == "consolidation", Case.circulated, Assignment.answered < Case.circulation)
    common = and_(Case.state == "third_review", cast(Case.common, Text) != "{}", Assignment.common_answer == "")
    awaited = and_(Assignment.round == Case.round, Assignment.state.in_(COUNTED), or_(circulated, common))
    is_open = or_(Assignment.state.in_(OPEN), awaited)
    if group == "open":
        return is_open
    signed = Assignment.signed_at.is_not(None)
    return and_(not_(is_open), signed if group == "done" else not_(signed))


def group_of(assignment: Assignment) -> str:
    """Return whether an assignment is in work (it may be a conclusion that waits for an answer), signed, or ended without a sheet."""
    if assignment.state in OPEN or answer_awaited(assignment):
        return "open"
    return "done" if assignment.signed_at is not None else "ended"


def counted(session: Session, person_id: int) -> dict[str, int]:
    """Return how many assignments each group has, as ``db.counts``, in one statement."""
    groups = [mine(person_id, group=one).with_only_columns(Assignment.id, maintain_column_froms=True) for one in GROUPS]
    return dict(zip(GROUPS, session.execute(select(*map(counts.capped, groups))).one(), strict=True))


def page(session: Session, found: Select[Assignment], order: Order, walk: Walk) -> Sequence[Assignment]:
    """Return a stretch of them with their cases."""
    rows = keyset.rows(keyset.stretch([found], order, walk), order).options(joinedload(Assignment.case))
    return session.scalars(rows).unique().all()


def answer_awaited(assignment: Assignment) -> bool:
    """Whether the case waits for this expert's answer: to the conclusion's text, or to the common result."""
    case = assignment.case
    if assignment.round != case.round:
        return False
    if case.state == "consolidation":
        return assignment.state in COUNTED and case.circulated and assignment.answered < case.circulation
    return (
        case.state == "third_review"
        and assignment.state in COUNTED
        and bool(case.common)
        and not assignment.common_answer
    )


def verdict_words(session: Session, rows: Sequence[Assignment]) -> Mapping[int, str]:
    """Return the own verdict of each signed row in words, by assignment id, in one statement."""
    wanted = {one.case.criteria_id for one in rows if one.verdict and one.case.criteria_id}
    sheets = session.scalars(select(CriteriaRow).where(CriteriaRow.id.in_(wanted))) if wanted else ()
    texts = {row.id: {rule.key: rule.text for rule in from_data(row.data).verdicts} for row in sheets}
    return {one.id: texts.get(one.case.criteria_id or 0, {}).get(one.verdict, "") for one in rows if one.verdict}


def review_term(session: Session, case: Case) -> Term:
    """Return how long a review of this case takes."""
    return deadlines.term_of(session, case.municipality_id, case.type, "review")


def co_author_names(case: Case) -> list[str]:
    """Return the co-authors by name: a conflict with one of them is a conflict too."""
    return [one.name for one in case.co_authors]


def version_of(case: Case) -> CaseVersion | None:
    """Return the last frozen version of what was submitted."""
    return case.versions[-1] if case.versions else None


def material(session: Session, case: Case) -> list[CaseFile]:
    """Return the files of the last frozen version, in their order. Whoever shows one asks the gate first."""
    version = version_of(case)
    ids = [int(one["id"]) for one in version.files] if version else []
    rows = {one.id: one for one in session.scalars(select(CaseFile).where(CaseFile.id.in_(ids)))}
    return [rows[one] for one in ids if one in rows]


def earlier(session: Session, assignment: Assignment) -> Assignment | None:
    """Return the person's own signed sheet on this case before the present one: of the last round, or sent back."""
    return session.scalars(
        select(Assignment)
        .where(Assignment.case_id == assignment.case_id, Assignment.expert_id == assignment.expert_id)
        .where(Assignment.id < assignment.id, Assignment.signed_at.is_not(None))
        .order_by(Assignment.id.desc())
    ).first()


def documents_of(session: Session, assignment: Assignment) -> list[Document]:
    """Return the documents issued with the signature of a sheet, and the scan of a paper one."""
    found = select(Document).where(Document.assignment_id == assignment.id).order_by(Document.id)
    return list(session.scalars(found))


def others(assignment: Assignment) -> list[Assignment]:
    """Return the counted assignments of the other experts, this round. Whoever shows them asks the gate first."""
    case = assignment.case
    return [
        one for one in case.assignments if one.round == case.round and one.id != assignment.id and one.state in COUNTED
    ]


def draft_document(
    session: Session, actor: Actor, assignment: Assignment, review: Mapping[str, Any], kind: str
) -> Composed:
    """Return an expert's document as it would be issued with this ``review``; ``kind`` is one of ``DRAFTS``."""
    return issuing.preview(_draft_scene(session, actor, assignment, review), kind)


def draft_file(session: Session, actor: Actor, assignment: Assignment, review: Mapping[str, Any], kind: str) -> bytes:
    """Return the same as a Word file, by the centre's own template where there is one: it may be signed by hand."""
    return issuing.draft_file(_draft_scene(session, actor, assignment, review), kind, issuing.blobs_of(session))


def _draft_scene(session: Session, actor: Actor, assignment: Assignment, review: Mapping[str, Any]) -> issuing.Scene:
    stand_in = Assignment(
        id=assignment.id,
        municipality_id=assignment.municipality_id,
        case_id=assignment.case_id,
        expert_id=assignment.expert_id,
        round=assignment.round,
        review=dict(review),
        signed_how="",
        signed_at=None,
    )  # fmt: skip - never added to the session: a draft changes no row
    return _scene(session, actor, assignment.case, stand_in)


def draft_conclusion(session: Session, actor: Actor, case: Case) -> Composed:
    """Return the consolidated conclusion as it stands now."""
    return issuing.preview(_scene(session, actor, case, None), "consolidated_conclusion")


def _scene(session: Session, actor: Actor, case: Case, assignment: Assignment | None) -> issuing.Scene:
    return issuing.Scene(session, case, assignment, actor, Nothing(), deadlines.today(session, case.municipality_id))


def scale_words(sheet: CriteriaSheet) -> list[tuple[int, str]]:
    """Return every point of the sheet's scale with its word, or an empty one."""
    words = dict(sheet.scale.words)
    return [(points, words.get(points, "")) for points in range(sheet.scale.maximum + 1)]
