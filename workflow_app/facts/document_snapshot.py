"""From rows to a document's material: the snapshot that ``documents`` composes from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app.assessment import outcome as judgement
from workflow_app.assessment.criteria import WORDS, CriteriaSheet
from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Assignment, Case, Event, Organization, Person
from workflow_app.documents.content import snapshot as m
from workflow_app.documents.russian.grammar import NBSP, quoted
from workflow_app.errors import Broken
from workflow_app.facts import assessment, deadlines
from workflow_app.facts.naming import (
    centre_card,
    director_of,
    local_moment,
    name_from_text,
    name_of,
    organisation_of,
    position_of,
    requisites,
    subject_in_a_sentence,
)

__all__ = [
    "case_card", "centre_card", "consolidated", "director_of", "entries", "entry_name", "expert_of", "local_moment",
    "name_from_text", "name_of", "organisation_of", "position_of", "requisites", "review_sheet", "rows_of", "signature",
]  # fmt: skip


TEXTS: Final = ("strengths", "remarks", "conclusions", "recommendations")  # what is written besides marks (0a.7)


def case_card(session: Session, case: Case) -> m.CaseCard:
    """Return the case as it is named in documents."""
    applicant = session.get_one(Person, case.applicant_id)
    organization = session.get(Organization, case.organization_id) if case.organization_id else applicant.organization
    if case.received_at is None or case.registered_at is None or case.number is None:
        raise Broken(f"case {case.id} is not registered: no document can name it")
    kind, attested = case_type(case.type), case.form.get("attested_position")
    sheet = assessment.sheet_of(session, case) if case.criteria_id else None
    return m.CaseCard(
        number=case.number,
        type_title=str(kind.title),
        examined=kind.examined,
        title=case.title,
        applicant=name_of(applicant),
        position=position_of(str(case.form.get("position") or applicant.position)),
        organisation=organisation_of(organization),
        received_at=case.received_at,
        registered_at=case.registered_at.astimezone(ZoneInfo(deadlines.zone_of(session, case.municipality_id))).date(),
        target_category=str(case.form.get("target_category") or ""),
        attested_position=position_of(str(attested)) if attested else None,
        subject_area=subject_in_a_sentence(str(case.form.get("subject_area") or "")),
        round=case.round,
        co_authors=tuple(name_from_text(one.name) for one in case.co_authors),
        criteria_sheet=f"оценочный лист {quoted(sheet.title)}, версия{NBSP}{sheet.version}" if sheet else "",
        simplified=bool(case.form.get("awards")),
        blind=kind.shape.blind,
        attestation=kind.shape.attestation,
    )


def expert_of(session: Session, expert_id: int) -> m.Expert:
    """Return an expert as named in documents."""
    person = session.get_one(Person, expert_id)
    return m.Expert(name_of(person), position_of(person.position), organisation_of(person.organization))


def signature(
    session: Session, person_id: int, how: str, at: datetime | None, entry: str, municipality_id: int
) -> m.Signature:
    """Return a signature: the plain line of a simple one with the journal's entry, or a line for the hand."""
    expert = expert_of(session, person_id)
    if how != "simple" or at is None:
        return m.Signature("paper", expert.person, expert.position, expert.organisation)
    words = local_moment(session, municipality_id, at)
    return m.Signature("simple", expert.person, expert.position, expert.organisation, words, entry)


def entries(session: Session, case: Case) -> dict[tuple[int, str], str]:
    """Return journal entries of the case's signatures: (assignment id, transition) -> «ММ-2026-7/12»."""
    rows = session.execute(
        select(Event.subject_id, Event.transition, Event.seq)
        .where(
            Event.root_kind == "case",
            Event.root_id == case.id,
            Event.subject_kind == "assignment",
            Event.signature != "",
        )
        .order_by(Event.seq)
    )
    return {(row.subject_id, row.transition): entry_name(case, row.seq) for row in rows}


def entry_name(case: Case, seq: int) -> str:
    """Return the name of an entry of the case's journal."""
    return f"{case.number}/{seq}"


def rows_of(sheet: CriteriaSheet, marks: judgement.Marks) -> tuple[m.CriterionRow, ...]:
    """Return the criteria of one review as the documents print them."""
    found = []
    for number, criterion in enumerate(sheet.criteria, 1):
        mark = marks.get(criterion.key, judgement.Mark())
        points = None if sheet.mode == "words" or mark.is_skipped else sum(mark.points.values())
        found.append(
            m.CriterionRow(
                number, criterion.title, tuple(one.text for one in criterion.indicators), criterion.maximum, points,
                str(WORDS[mark.word]) if mark.word in WORDS else "", mark.is_skipped,
                mark.reason if mark.is_skipped else mark.rationale, criterion.weight,
            )
        )  # fmt: skip
    return tuple(found)


def review_sheet(
    session: Session, case: Case, assignment: Assignment, review: dict[str, object], entry: str
) -> m.ReviewSheet:
    """Return one expert's sheet, signed or (``entry`` empty) as a preview."""
    sheet, marks = assessment.sheet_of(session, case), assessment.marks_of(review)
    chosen = str(review.get("verdict") or "")
    typed = judgement.Review(str(assignment.expert_id), marks, chosen or None)
    complete = not judgement.problems(sheet, marks, chosen or None)
    verdict = sheet.verdict(judgement.own_verdict(sheet, typed)) if complete else None
    points = sheet.mode == "points" and complete
    counted = [one for one in rows_of(sheet, marks) if not one.not_applicable and one.points is not None]
    text = {key: str(review.get(key) or "") for key in TEXTS}
    return m.ReviewSheet(
        expert=expert_of(session, assignment.expert_id),
        rows=rows_of(sheet, marks),
        verdict=verdict.text if verdict else "",
        favourable=bool(verdict and verdict.positive),
        signature=signature(
            session,
            assignment.expert_id,
            assignment.signed_how if entry else "",
            assignment.signed_at,
            entry,
            case.municipality_id,
        ),
        signed_at=_local_day(session, case, assignment.signed_at),
        total=sum((one.points or 0) * one.weight for one in counted) if points else None,  # type: ignore[arg-type]
        maximum=sum(one.maximum * one.weight for one in counted) if points else None,  # type: ignore[arg-type]
        percent=judgement.percent(sheet, marks) if points else None,
        **text,
    )


def _local_day(session: Session, case: Case, at: datetime | None) -> date | None:
    """Return the day of a moment where the centre is: after midnight there it is still yesterday in UTC."""
    return at.astimezone(ZoneInfo(deadlines.zone_of(session, case.municipality_id))).date() if at else None


def _compared(
    sheet: CriteriaSheet, reviews: Sequence[judgement.Review], outcome: judgement.Outcome
) -> tuple[m.ComparedRow, ...]:
    found = []
    for number, criterion in enumerate(sheet.criteria, 1):
        marks: list[int | str | None] = []
        reasons = []
        for review in reviews:
            mark = review.marks.get(criterion.key, judgement.Mark())
            reasons.append(mark.reason if mark.is_skipped else mark.rationale)
            if mark.is_skipped:
                marks.append(None)
            else:
                marks.append(str(WORDS[mark.word]) if sheet.mode == "words" else sum(mark.points.values()))
        found.append(
            m.ComparedRow(
                number,
                criterion.title,
                criterion.maximum,
                tuple(marks),
                outcome.criteria[criterion.key].mean,
                criterion.weight,
                tuple(reasons),
            )
        )
    return tuple(found)


def _discrepancy(session: Session, case: Case, sheet: CriteriaSheet) -> m.Discrepancy | None:
    found = assessment.disagreement(session, case)
    if found is None:
        return None
    keys = [one.key for one in sheet.criteria]
    first = [assessment.review_of(one) for one in assessment.counted(case) if not one.added]
    signs = {sheet.verdict(judgement.own_verdict(sheet, one)).positive for one in first}
    return m.Discrepancy(
        spread=found.spread, criteria=tuple(keys.index(key) + 1 for key in found.criteria), opposite=len(signs) > 1
    )


def _third(session: Session, case: Case, everyone: Sequence[Assignment]) -> m.ThirdReview | None:
    if not case.third_held:
        return None
    if case.settled_without:
        return m.ThirdReview("without", reason=case.settled_without)
    if case_type(case.type).policy.third == "meeting":
        agreed = all(one.common_answer != "dissent" for one in everyone)
        held = case.common.get("held_on")
        return m.ThirdReview("meeting", held_on=date.fromisoformat(held) if held else None, agreed=agreed)
    added = next((one for one in everyone if one.added), None)
    person = name_of(session.get_one(Person, added.expert_id)) if added else None
    return m.ThirdReview("expert", expert=person)


def consolidated(session: Session, case: Case) -> m.Consolidated:
    """Return the experts' common conclusion of the present round."""
    sheet, everyone = assessment.sheet_of(session, case), assessment.counted(case)
    outcome = assessment.outcome(session, case)
    reviews = [assessment.review_of(one) for one in everyone]
    known = entries(session, case)
    given = case.verdict or outcome.verdict_key
    verdict = sheet.verdict(given) if given else None

    def answer(one: Assignment) -> m.Signature:
        entry = known.get((one.id, "dissent" if one.dissent else "agree"), "")
        return signature(
            session, one.expert_id, one.answered_how if entry else "", one.answered_at, entry, case.municipality_id
        )

    notes = [(one, one.dissent) for one in everyone if one.dissent]
    notes += [(one, one.common_opinion) for one in everyone if one.common_opinion and not one.dissent]
    text: dict[str, Any] = {key: str(case.conclusion.get(key) or "") for key in TEXTS}
    deviates = outcome.verdict_key is not None and given != outcome.verdict_key
    return m.Consolidated(
        experts=tuple(expert_of(session, one.expert_id) for one in everyone),
        rows=_compared(sheet, reviews, outcome),
        verdict=verdict.text if verdict else "",
        favourable=bool(verdict and verdict.positive),
        signatures=tuple(answer(one) for one in everyone if not one.dissent),  # a dissenter signs under the opinion
        percents=tuple(one.percent for one in everyone if one.percent is not None),
        percent=outcome.percent,
        verdict_by_rule=sheet.verdict(outcome.verdict_key).text if outcome.verdict_key else "",
        deviation=case.deviation if deviates else "",
        discrepancy=_discrepancy(session, case, sheet),
        third_review=_third(session, case, everyone),
        declared=all(one.declared_at for one in everyone),
        dissents=tuple(
            m.DissentNote(expert=expert_of(session, one.expert_id), text=words, signature=answer(one))
            for one, words in notes
        ),
        **text,
    )
