"""The case, its frozen versions and files, the assignments with their reviews, the appeal panel."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    Numeric,
    UniqueConstraint,
    event,
    inspect,
    select,
    text,
    update,
)  # fmt: skip
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from workflow_app.db.models.base import Base, Belonging, Key, Subject, kept_key, of_one
from workflow_app.db.models.content import Organization
from workflow_app.db.models.people import Person
from workflow_app.spelling import number_key, order_key

_JUDGED = ("state", "type", "channel")  # what grants look at: a walk need not read the rows
_LIVE = text("state in ('invited', 'accepted', 'in_work', 'signed', 'consolidated')")


class Case(Subject, Base):
    """A case (экспертиза). ``form`` is the JSON of the type's case form; ``turn`` and ``due_on`` are written by the gate."""

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("municipality_id", "number"),
        CheckConstraint("round between 1 and 9", "round"),
        CheckConstraint("(number is null) or (registered_at is not null)", "numbered_when_registered"),
        Index("ix_case_state", "municipality_id", "state"),
        # what a branch of a list walks in its order without looking at the rows (facts.standings)
        Index("ix_case_newest", "municipality_id", "id", *_JUDGED),
        Index("ix_case_due", "municipality_id", "due_on", "id", *_JUDGED, "coordinator_id"),
        Index("ix_case_state_due", "municipality_id", "state", "due_on", "id", "type", "channel"),
        Index("ix_case_number", "municipality_id", "number_order", "id", *_JUDGED),
        Index("ix_case_title", "municipality_id", "title_order", "id", *_JUDGED),
        Index("ix_case_applicant", "municipality_id", "applicant_order", "id", *_JUDGED),
        # what the dashboard sums without reading the rows (facts.figures)
        Index(
            "ix_case_figures", "municipality_id", "state", "type", "channel", "organization_id", "coordinator_id", "turn", "due_on",
            "state_since", "registered_at", "submitted_at", "created_at", "approved_at", "criteria_id", "verdict", "appeals",
            "applicant_id", "id",
        ),
        Index("ix_case_school", "organization_id", "municipality_id", "id", *_JUDGED),
        Index("ix_case_coordinator", "coordinator_id", "municipality_id", "due_on", "id", *_JUDGED),
    )  # fmt: skip
    kind: ClassVar[str] = "case"
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    type: Mapped[str]
    number: Mapped[str | None]
    number_order: Mapped[str] = kept_key(order_key, "number")
    number_key: Mapped[str] = kept_key(number_key, "number")
    title: Mapped[str]
    title_order: Mapped[str] = kept_key(order_key, "title")
    applicant_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    applicant_order: Mapped[str] = mapped_column(Key, default="")  # the applicant's ``name_order``, kept below
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # who leads it: no right follows from it, only whose list it stands in; None: every coordinator's
    coordinator_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    channel: Mapped[str] = mapped_column(default="web")
    form: Mapped[dict[str, Any]] = mapped_column(default=dict)
    touched: Mapped[int] = mapped_column(default=1)  # bumped by every act on the case or a part of it
    round: Mapped[int] = mapped_column(default=1)
    # whose turn it is, until when
    turn: Mapped[str | None]
    due_on: Mapped[date | None]
    due_provisional: Mapped[bool] = mapped_column(default=False)
    state_since: Mapped[datetime]
    # dates of the road
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    received_at: Mapped[date | None]
    registered_at: Mapped[datetime | None]
    outside_number: Mapped[str] = mapped_column(default="")
    returns: Mapped[int] = mapped_column(default=0)
    remarks: Mapped[dict[str, Any]] = mapped_column(default=dict)
    refusal: Mapped[dict[str, Any]] = mapped_column(default=dict)
    decline_proposed: Mapped[bool] = mapped_column(default=False)
    attestation_on: Mapped[date | None]
    attestation_place: Mapped[str] = mapped_column(default="")
    consideration_due: Mapped[date | None]
    decision_due: Mapped[date | None]
    # review
    criteria_id: Mapped[int | None] = mapped_column(ForeignKey("criteria_sheet.id"), index=True)
    criteria_mode: Mapped[str] = mapped_column(default="points")
    required: Mapped[int] = mapped_column(default=0)
    third_held: Mapped[bool] = mapped_column(default=False)
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    meant_lead_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # of the commission that was invited
    common: Mapped[dict[str, Any]] = mapped_column(default=dict)
    settled_without: Mapped[str] = mapped_column(default="")
    # conclusion
    circulation: Mapped[int] = mapped_column(default=0)
    circulated: Mapped[bool] = mapped_column(default=False)
    conclusion: Mapped[dict[str, Any]] = mapped_column(default=dict)
    percent: Mapped[Decimal | None] = mapped_column(Numeric(5, 1))
    rule_verdict: Mapped[str | None]
    verdict: Mapped[str | None]
    deviation: Mapped[str] = mapped_column(default="")
    # who prepared it: none of them approves it (four eyes)
    composed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    circulated_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None]
    approval_ground: Mapped[dict[str, Any]] = mapped_column(default=dict)  # the protocol or letter of another body
    # commission, appeal
    sent_on: Mapped[date | None]
    decision: Mapped[dict[str, Any]] = mapped_column(default=dict)
    appeal: Mapped[dict[str, Any]] = mapped_column(default=dict)
    appeals: Mapped[int] = mapped_column(default=0)
    appeal_waived: Mapped[bool] = mapped_column(default=False)
    appeal_until: Mapped[date | None]
    appealed_from: Mapped[str | None]

    applicant: Mapped[Person] = relationship(foreign_keys=[applicant_id], lazy="select")
    organization: Mapped[Organization | None] = relationship(Organization, lazy="select")
    assignments: Mapped[list[Assignment]] = relationship(back_populates="case", order_by="Assignment.id", lazy="select")
    files: Mapped[list[CaseFile]] = relationship(
        back_populates="case", order_by="CaseFile.place, CaseFile.id", lazy="select"
    )
    co_authors: Mapped[list[CoAuthor]] = relationship(
        order_by="CoAuthor.id", lazy="select", cascade="all, delete-orphan"
    )
    panel: Mapped[list[PanelMember]] = relationship(order_by="PanelMember.id", lazy="select")
    versions: Mapped[list[CaseVersion]] = relationship(order_by="CaseVersion.number", lazy="select")

    @property
    def appealed(self) -> bool:
        """Whether the decision in force was appealed against: each may be, once."""
        return self.appeals > 0 and not self.appeal.get("past")

    @property
    def chair_id(self) -> int | None:
        """The chair of the appeal panel: whom the director named, else the first member."""
        return self.appeal.get("chair") or next((one.person_id for one in self.panel), None)

    @property
    def panel_in_order(self) -> list[PanelMember]:
        """The appeal panel, its chair first."""
        return sorted(self.panel, key=lambda one: (one.person_id != self.chair_id, one.person_id))


@event.listens_for(Case, "before_insert")
@event.listens_for(Case, "before_update")
def _keep_applicant(_mapper: Mapper[Case], connection: Connection, case: Case) -> None:
    if inspect(case).attrs.applicant_id.history.has_changes():
        named = select(Person.name_order).where(Person.id == case.applicant_id)
        case.applicant_order = connection.scalar(named) or ""


@event.listens_for(Person, "after_update")
def _rename_applicant(_mapper: Mapper[Person], connection: Connection, person: Person) -> None:
    if inspect(person).attrs.name_order.history.has_changes():
        theirs = update(Case).where(Case.applicant_id == person.id, Case.applicant_order != person.name_order)
        connection.execute(theirs.values(applicant_order=person.name_order))


class CoAuthor(Base):
    """A co-author by name, linked to a person when the centre knows one of that name."""

    __tablename__ = "co_author"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    name: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)


class CaseVersion(Base):
    """What was submitted, frozen: the form and the list of files with their hashes."""

    __tablename__ = "case_version"
    __table_args__ = (UniqueConstraint("case_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    number: Mapped[int]
    at: Mapped[datetime]
    form: Mapped[dict[str, Any]]
    files: Mapped[list[Any]]
    sha256: Mapped[str]


class CaseFile(Subject, Belonging, Base):
    """An attachment of a case or of a record; the bytes stand in the blob store under ``sha256``."""

    __tablename__ = "case_file"
    __table_args__ = of_one(__tablename__)
    kind: ClassVar[str] = "file"
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    attachment: Mapped[str]
    name: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(index=True)
    place: Mapped[int] = mapped_column(default=0)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime]
    names_confirmed: Mapped[bool] = mapped_column(default=False)
    case: Mapped[Case] = relationship(back_populates="files")  # None where it belongs to a record


class Assignment(Subject, Base):
    """An expert's place on a case in a round, and the review made there. A signed review is never edited (R28)."""

    __tablename__ = "assignment"
    __table_args__ = (
        Index(
            "uq_assignment_live",
            "case_id",
            "round",
            "expert_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        CheckConstraint("state not in ('signed', 'consolidated') or signed_at is not null", "signed_at"),
        CheckConstraint(
            "state not in ('accepted', 'in_work', 'signed', 'consolidated') or declared_at is not null", "declared"
        ),
        Index("ix_assignment_work", "expert_id", "state", "due_on"),
        Index("ix_assignment_newest", "expert_id", "id", "state", "case_id"),
        Index("ix_assignment_due", "expert_id", "due_on", "id"),
        Index("ix_assignment_signed", "expert_id", "signed_at", "id"),
        Index("ix_assignment_figures", "municipality_id", "case_id", "expert_id", "state", "due_on", "signed_late"),
    )
    kind: ClassVar[str] = "assignment"
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    expert_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    round: Mapped[int]
    outside: Mapped[bool] = mapped_column(default=False)
    added: Mapped[bool] = mapped_column(default=False)  # the sheet of the third review
    invited_at: Mapped[datetime]
    due_on: Mapped[date | None]
    warnings: Mapped[list[Any]] = mapped_column(default=list)
    reason: Mapped[str] = mapped_column(default="")
    # the bar that the director lifted: the organisation at which it stood, why, when; {} when none was (0a.13)
    lifted: Mapped[dict[str, Any]] = mapped_column(default=dict)
    declared_at: Mapped[datetime | None]
    declaration: Mapped[dict[str, Any]] = mapped_column(default=dict)
    refusal: Mapped[dict[str, Any]] = mapped_column(default=dict)
    ended: Mapped[str] = mapped_column(default="")  # why it was removed, voided or recused, in words
    review: Mapped[dict[str, Any]] = mapped_column(default=dict)
    percent: Mapped[Decimal | None] = mapped_column(Numeric(5, 1))
    verdict: Mapped[str | None]
    signed_at: Mapped[datetime | None]
    signed_how: Mapped[str] = mapped_column(default="")
    signed_late: Mapped[bool | None]  # whether its term was over then; None where that was not kept, or it had none
    common_answer: Mapped[str] = mapped_column(default="")  # "agreed" or the dissenting opinion, on the common result
    common_opinion: Mapped[str] = mapped_column(default="")
    answered: Mapped[int] = mapped_column(default=0)  # the circulation of the conclusion that was answered
    answered_at: Mapped[datetime | None]
    answered_how: Mapped[str] = mapped_column(default="")
    dissent: Mapped[str] = mapped_column(default="")

    def circulation_answered(self, circulation: int) -> bool:
        """Whether the expert answered this circulation of the conclusion's text."""
        return circulation > 0 and self.answered == circulation

    case: Mapped[Case] = relationship(back_populates="assignments")
    expert: Mapped[Person] = relationship(lazy="select")


class PanelMember(Base):
    """A member of the appeal panel and the vote."""

    __tablename__ = "panel_member"
    __table_args__ = (UniqueConstraint("case_id", "person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    vote: Mapped[str] = mapped_column(default="")
    opinion: Mapped[str] = mapped_column(default="")
    voted_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(lazy="select")


class AssignmentPlan(Base):
    """A draft of whom to invite to many cases, shared by the coordinators of a centre: it changes nothing of the cases.

    ``cases``: their ids; ``weights``: those of the draft, empty for the centre's; ``floor``: maximin or total;
    ``pairs``, ``locked``, ``removed``: [case, expert]
    that are proposed, held by a person, taken out by one; ``withdrawn``: invitations without an answer that others are to take the
    place of. ``version`` tells two coordinators who edit it at once.
    """

    __tablename__ = "assignment_plan"
    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    cases: Mapped[list[Any]] = mapped_column(default=list)
    weights: Mapped[dict[str, Any]] = mapped_column(default=dict)
    floor: Mapped[str] = mapped_column(default="maximin")
    pairs: Mapped[list[Any]] = mapped_column(default=list)
    locked: Mapped[list[Any]] = mapped_column(default=list)
    removed: Mapped[list[Any]] = mapped_column(default=list)
    withdrawn: Mapped[list[Any]] = mapped_column(default=list)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))  # the last press of «Пригласить всех»
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]
    changed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
