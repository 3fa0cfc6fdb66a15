"""What each subject is to the gate: its workflow, its root, its facts.

A part of a case (assignment, file, document) has the case as its root: the root is locked, and its chain keeps the events. A
file of a record, or of a part of one, is judged by what grants that record, or that part (ADR 28).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import singledispatch
from typing import Any, Final, TypeVar, cast

from sqlalchemy import exists, func, literal, select, union_all
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.case_types.form_check import Beside, missing
from workflow_app.case_types.registry import case_type
from workflow_app.content_types.behaviors import Published
from workflow_app.content_types.meeting import DEFENCE
from workflow_app.content_types.meeting_course import HELD
from workflow_app.content_types.registry import CONTENT_TYPES, parts_of
from workflow_app.db.models import (
    RECORDS,
    Absence,
    Assignment,
    Belonging,
    Case,
    CaseFile,
    Consent,
    CriteriaRow,
    Document,
    LetterText,
    Municipality,
    Person,
    Record,
    Subject,
    WordTemplate,
    WorkingCopy,
)
from workflow_app.errors import N_, Broken, Sentence
from workflow_app.facts import assessment, deadlines, involvement, month_orders, published, record_people
from workflow_app.facts.case_standing import standing_facts
from workflow_app.matching.conflicts import Conflicts
from workflow_app.states import policy
from workflow_app.states.definitions.absence import ABSENCE
from workflow_app.states.definitions.assignment import ASSIGNMENT
from workflow_app.states.definitions.case.states import as_shown
from workflow_app.states.definitions.centre import CENTRE, CRITERIA_SHEET
from workflow_app.states.definitions.document import DOCUMENT
from workflow_app.states.definitions.file import FILE, RECORD_FILE
from workflow_app.states.definitions.letter_text import LETTER_TEXT
from workflow_app.states.definitions.people import CONSENT, PERSON
from workflow_app.states.definitions.template import WORD_TEMPLATE
from workflow_app.states.vocabulary import Actor, Facts, State, Workflow

PLAIN: dict[type[Subject], Workflow] = {
    Assignment: ASSIGNMENT, CaseFile: FILE, Document: DOCUMENT, Person: PERSON, Consent: CONSENT, Municipality: CENTRE,
    CriteriaRow: CRITERIA_SHEET, WordTemplate: WORD_TEMPLATE,
    LetterText: LETTER_TEXT, Absence: ABSENCE,
    **{RECORDS[key]: one.workflow for key, one in CONTENT_TYPES.items()},
}  # fmt: skip
_ALL: tuple[type[Subject], ...] = (Case, *PLAIN)
KINDS: dict[str, type[Subject]] = {one.kind: one for one in _ALL}
PARTS = (Assignment, CaseFile, Document)
"""What belongs to a case: the case is its root; of a file, to a case or to a record."""
OF_RECORDS: dict[type[Subject], Workflow] = {CaseFile: RECORD_FILE}
"""The workflows of what belongs to a record, where it moves otherwise than what belongs to a case, as documents do not."""
_ANY_OF_KIND: Final = union_all(
    *(select(literal(kind)).where(exists().select_from(one)) for kind, one in KINDS.items())
)
_ONCE = "once"  # what a transition that only reads has computed
T = TypeVar("T")


def inhabited(session: Session) -> frozenset[str]:
    """Return the kinds of which there is any row: who goes through all of them leaves the others out, and most are others."""
    return frozenset(session.scalars(_ANY_OF_KIND))


def workflow_of(subject: Subject) -> Workflow:
    """Return the workflow of a subject; a class without one is Broken."""
    if isinstance(subject, Case):
        return case_type(subject.type).workflow
    if isinstance(subject, Belonging) and subject.record_id is not None:
        return OF_RECORDS.get(type(subject)) or PLAIN[type(subject)]
    try:
        return PLAIN[type(subject)]
    except KeyError as error:
        raise Broken(f"{type(subject).__name__} has no workflow") from error


def state_of(case: Case, *, told: bool) -> State:
    """Return the state of a case for its reader; ``told``: one who may see the conclusion, and so its verdict."""
    verdict = case.verdict if told else None
    return as_shown(workflow_of(case).state(case.state), verdict, favourable=case_type(case.type).favourable(verdict))


def root_of(session: Session, subject: Subject) -> Subject:
    """Return the subject whose row is locked and whose chain keeps the events: the whole of a part, else itself."""
    if isinstance(subject, PARTS):
        owner = owner_of(session, subject)
        return owner if isinstance(owner, Case) else root_of(session, owner)
    if isinstance(subject, Record) and subject.content.within:
        return session.get_one(RECORDS[subject.content.within], subject.within_id)
    return subject


def owner_of(session: Session, part: Part) -> Case | Record:
    """Return to what a part belongs: the case, or the record or part of one whose file it is."""
    if isinstance(part, Belonging) and part.record_kind is not None:
        return session.get_one(RECORDS[part.record_kind], part.record_id)
    return session.get_one(Case, part.case_id)


def compute_once(session: Session) -> None:
    """Compute facts and offers once from here on: for a page that only reads, where no act of its own can make them stale."""
    session.info[_ONCE] = {}


def _once(session: Session, what: object, subject: Subject, make: Callable[[], T]) -> T:
    known = session.info.get(_ONCE)
    if known is None:
        return make()
    place = (what, id(subject))
    if place not in known:
        known[place] = subject, make()  # the subject is held: nothing else gets its number
    found: T = known[place][1]
    return found


def facts_of(subject: Subject, session: Session) -> Facts:
    """Return what the rules may know about a subject."""
    return _once(session, Facts, subject, lambda: _facts_of(subject, session))


def offers_of(
    subject: Subject, session: Session, actor: Actor, root: Facts | None = None
) -> Mapping[str, policy.Offer]:
    """Return what the actor may do with a subject; ``root``: the facts of its owner, where they are known already."""
    facts = facts_of(subject, session) if root is None else facts_within(subject, session, root)
    return _once(session, actor, subject, lambda: policy.offers(workflow_of(subject), actor, facts))


@singledispatch
def _facts_of(subject: Subject, session: Session) -> Facts:
    """The default raises: no facts, no permission."""
    raise Broken(f"no facts for {type(subject).__name__}")


@_facts_of.register
def _case(subject: Case, session: Session) -> Facts:
    return facts_of_cases(session, [subject])[subject.id]


def facts_of_cases(session: Session, cases: Sequence[Case]) -> dict[int, Facts]:
    """Return the facts of cases by id, in a constant number of statements where their parts are read already.

    One by one are asked only an unsent form, a fresh discrepancy and what concerns the centre's own programme.
    """
    tied, groups = involvement.unlifted(session, cases), involvement.groups(session, cases)
    waiting = [one for one in cases if one.state == "on_approval"]
    own = {one.id for one in waiting if involvement.of_the_centre(one)}
    if foreign := [one.id for one in waiting if one.id not in own]:
        own |= set(session.scalars(select(Case.id).where(Case.id.in_(foreign), involvement.of_a_director())))
    ordered = month_orders.approving(session, cases)
    return {one.id: _facts_of_case(session, one, tied, groups, ordered, own_work=one.id in own) for one in cases}


def _facts_of_case(
    session: Session,
    subject: Case,
    tied: Mapping[int, Conflicts],
    groups: Mapping[int, frozenset[int]],
    ordered: Collection[int],
    *,
    own_work: bool,
) -> Facts:
    today = deadlines.today(session, subject.municipality_id)
    facts = standing_facts(subject, today, tied, groups, ordered)
    now = [one for one in subject.assignments if one.round == subject.round]
    live = facts.signed | facts.invited | facts.accepted | facts.working
    all_in = bool(subject.required) and len(facts.signed) >= subject.required and live == facts.signed
    return replace(
        facts,
        required=subject.required,
        round=subject.round,
        returns=subject.returns,
        missing=_missing(session, subject),
        lapsed=subject.due_on is not None and today > subject.due_on,
        third_held=subject.third_held,
        act_recorded=bool(subject.decision),
        **_of_own_programme(session, subject),
        own_work=own_work,
        attestation_on=subject.attestation_on,
        additions_until=deadlines.additions_until(session, subject),
        appealed_from=subject.appealed_from,
        votes_for=sum(one.vote == "grant" for one in subject.panel),
        votes_against=sum(one.vote == "dismiss" for one in subject.panel),
        sits_on=_sits_on(subject),
        invited_ever=len(now),
        discrepancy=all_in and subject.state == "in_review" and assessment.disagreement(session, subject) is not None,
    )


def _of_own_programme(session: Session, case: Case) -> dict[str, Any]:
    """Return what is asked of a case about the centre's own programme, in the state in which it is asked."""
    if not involvement.of_the_centre(case):
        return {}
    if case.state == "consolidation":
        return {"defended": _defended(session, case)}
    return {"led": _led(session, case)} if case.state == "registered" else {}


def _led(session: Session, case: Case) -> bool:
    """Whether the applicant leads a programme of the centre; so it is as long as the centre has entered none."""
    programme: Any = RECORDS["programme"]
    living = (programme.municipality_id == case.municipality_id, programme.state != "ended")
    leaders = set(session.scalars(select(programme.leader_id).where(*living)))
    return not leaders or case.applicant_id in leaders


def _defended(session: Session, case: Case) -> bool:
    """Whether a public defence of the case was held: with its programme, the count of visitors, questions and answers."""
    meeting: Any = RECORDS["meeting"]
    held = select(meeting.id).where(meeting.case_id == case.id, meeting.form == DEFENCE, meeting.state.in_(HELD))
    told = held.where(meeting.programme != "", meeting.visitors.is_not(None), meeting.questions != "")
    return session.scalar(told.limit(1)) is not None


def _sits_on(case: Case) -> date | None:
    """Return the day for which the sitting of the appeal panel is called; None where its members are polled."""
    held = case.appeal.get("sitting")
    return date.fromisoformat(str(held["on"])) if held else None


def typed_form(session: Session, case: Case) -> dict[str, object]:
    """Return the case form as it stands in the draft: the last working copy over what was submitted before."""
    rows = session.scalars(
        select(WorkingCopy)
        .where(WorkingCopy.subject_kind == "case", WorkingCopy.subject_id == case.id)
        .where(WorkingCopy.transition.in_(("submit", "resubmit")))
        .order_by(WorkingCopy.saved_at)
    ).all()
    return {**case.form, **(rows[-1].data if rows else {})}


def volume_of(case: Case) -> tuple[Sentence, ...]:
    """Return how much there is to read of what was submitted last: files, and pages where the form says it."""
    files = len(case.versions[-1].files) if case.versions else 0
    pages = case.form.get("pages")
    return (N_("файлов: %(n)s", n=files), *((N_("страниц: %(n)s", n=pages),) if pages else ()))


def has_consent(session: Session, person_id: int, kind: str) -> bool:
    """Whether the person's consent or agreement of this kind stands."""
    found = select(Consent.id).where(
        Consent.person_id == person_id, Consent.consent_kind == kind, Consent.state == "given"
    )
    return session.scalar(found.limit(1)) is not None


def _missing(session: Session, case: Case) -> tuple[Sentence, ...]:
    if case.state not in ("draft", "returned", "on_revision"):
        return ()
    return missing_with(session, case, typed_form(session, case))


def missing_with(session: Session, case: Case, form: dict[str, object]) -> tuple[Sentence, ...]:
    """Return what bars the submission of a case with this form: attachments, the type's bars, the consent (R37)."""
    return tuple(one.text for one in missing(case_type(case.type), form, beside(session, case)))


def beside(session: Session, case: Case) -> Beside:
    """Return what the check of a case form knows beside the form."""
    kinds = frozenset(one.attachment for one in case.files if one.state == "attached")
    consent = "consent_scan" in kinds or has_consent(session, case.applicant_id, "processing")
    return Beside(kinds, consent, deadlines.today(session, case.municipality_id))


Part = Assignment | CaseFile | Document
Piece = Part | Record
"""What belongs to another subject, its root."""


@_facts_of.register(Assignment)
@_facts_of.register(CaseFile)
@_facts_of.register(Document)
def _part(subject: Part, session: Session) -> Facts:
    return facts_within(subject, session, facts_of(owner_of(session, subject), session))


def facts_within(subject: Subject, session: Session, root: Facts) -> Facts:
    """The facts of a part whose owner's facts are known already: a page of many parts reads its case, or its record, once."""
    return _once(session, Facts, subject, lambda: _within(cast("Piece", subject), session, root))


def _within(subject: Piece, session: Session, root: Facts) -> Facts:
    if isinstance(subject, Record):
        return _of_record(subject, session, root)
    facts = Facts(
        state=subject.state, now=root.now, today=root.today, municipality_id=subject.municipality_id, root=root,
        root_workflow=workflow_of(owner_of(session, subject)), additions_until=root.additions_until, attestation_on=root.attestation_on,
    )  # fmt: skip
    if isinstance(subject, Assignment):
        lapsed = subject.due_on is not None and root.today > subject.due_on
        return replace(facts, own_id=subject.expert_id, lapsed=lapsed, declared=subject.declared_at is not None)
    if isinstance(subject, CaseFile):
        return replace(facts, own_id=subject.uploaded_by_id)
    own = session.get_one(Assignment, subject.assignment_id).expert_id if subject.assignment_id else None
    return replace(facts, own_id=own)


def _alone(subject: Subject, session: Session, own_id: int | None) -> Facts:
    return Facts(
        state=subject.state, now=clock.now(), today=deadlines.today(session, subject.municipality_id),
        municipality_id=subject.municipality_id, own_id=own_id,
    )  # fmt: skip


@_facts_of.register
def _person(subject: Person, session: Session) -> Facts:
    return replace(_alone(subject, session, subject.id), organization_id=subject.organization_id)


@_facts_of.register
def _of_person(subject: Absence | Consent, session: Session) -> Facts:
    return _alone(subject, session, subject.person_id)


@_facts_of.register
def _centre(subject: Municipality | CriteriaRow | WordTemplate | LetterText, session: Session) -> Facts:
    return _alone(subject, session, None)


@_facts_of.register
def _record(subject: Record, session: Session) -> Facts:
    whole = root_of(session, subject)
    return _of_record(subject, session, facts_of(whole, session) if whole is not subject else None)


def facts_of_records(session: Session, records: Sequence[Record]) -> dict[int, Facts]:
    """Return the facts of records of one kind by id, in a number of statements that their number does not change."""
    if not records:
        return {}
    within, wholes = records[0].content.within, dict[int, Facts]()
    if within:
        model: Any = RECORDS[within]
        ids = {one.within_id for one in records}
        wholes = facts_of_records(session, session.scalars(select(model).where(model.id.in_(ids))).all())
    stand = record_people.stand_in(session, records)
    known = stand, published.consenting(session, records), _parts(session, records)
    return {
        one.id: _record_facts(one, session, wholes.get(one.within_id) if within else None, *known) for one in records
    }


def _of_record(subject: Record, session: Session, root: Facts | None) -> Facts:
    stand = {subject.id: record_people.stands_in(subject, session)}
    return _record_facts(
        subject, session, root, stand, published.consenting(session, [subject]), _parts(session, [subject])
    )


def _record_facts(
    subject: Record,
    session: Session,
    root: Facts | None,
    stand: Mapping[int, record_people.Standing],
    consented: Collection[int],
    parts: Mapping[int, Mapping[tuple[str, str], int]],
) -> Facts:
    """The facts of a record; of a part only the people carry over from its whole, never what the whole grants (ADR 25)."""
    named, schools = stand[subject.id]
    return replace(
        _alone(subject, session, None),
        root=root,
        standings=named,
        judging=involvement.judging(session, subject),
        schools=schools,
        values=subject.values,
        published=bool(subject.content.behavior(Published)) and subject.published,
        consented=subject.id in consented,
        parts=parts[subject.id],
    )


def _parts(session: Session, records: Sequence[Record]) -> Mapping[int, Mapping[tuple[str, str], int]]:
    """Return how many parts of records of one kind stand in each state, by the record, by kind and state."""
    found: dict[int, dict[tuple[str, str], int]] = {one.id: {} for one in records}
    for part in parts_of(records[0].kind):
        model = RECORDS[part.key]
        counted = select(model.within_id, model.state, func.count()).group_by(model.within_id, model.state)
        for whole, state, many in session.execute(counted.where(model.within_id.in_(found))):
            found[whole][part.key, state] = many
    return found
