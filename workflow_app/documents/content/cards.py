"""What letters, acts and protocols say beyond the case: one card per kind, re-exported by ``snapshot``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow_app.documents.content.assessment_cards import Expert, Reference, Signature
from workflow_app.documents.russian.grammar import PersonName
from workflow_app.errors import Broken


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A document sent with a letter: its name, sheets when counted, copies."""

    title: str
    sheets: int | None = None
    copies: int = 1


@dataclass(frozen=True, slots=True)
class LetterCard:
    """A covering letter: what goes with it, who signs it, who prepared it and by which telephone to ask."""

    conclusion: Reference
    enclosures: tuple[Enclosure, ...]
    signature: Signature
    prepared_by: PersonName
    phone: str = ""


@dataclass(frozen=True, slots=True)
class NoticeCard:
    """The notice of the attestation's term and form; ``documents_by``: the last day for more documents (R13)."""

    begins: date
    ends: date
    form: str
    place: str
    documents_by: date
    signature: Signature
    commission_on: date | None = None
    prepared_by: PersonName | None = None
    phone: str = ""


@dataclass(frozen=True, slots=True)
class RefusalCard:
    """A refusal to accept the documents (R7): the ground in the words of the closed list, what explains it.

    ``appeal_until``: the last day for an appeal; None where no term runs, the right is then named without a day. There is one
    appeal in a case: after it a refusal is not ``appealable``.
    """

    ground: str
    comment: str
    appeal_until: date | None
    signature: Signature
    prepared_by: PersonName | None = None
    phone: str = ""
    appealable: bool = True


@dataclass(frozen=True, slots=True)
class Votes:
    """How a body voted on what it decided: ``in_favour`` of the decision, whatever that says."""

    in_favour: int
    against: int
    abstained: int = 0


@dataclass(frozen=True, slots=True)
class Sitting:
    """When and where a body sits; ``at`` is the time of the day («14:00»)."""

    on: date
    at: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Ballot:
    """One sheet of a poll in absence: whose, what was answered, how and when it was signed, in words."""

    member: Expert
    answer: str
    signed: str


@dataclass(frozen=True, slots=True)
class AppealCard:
    """The appeal panel's decision. ``against`` is None when a refusal to accept the application is appealed.

    ``panel`` has its chair first, ``signatures`` stand in its order. Decided at a ``sitting``, or (None) by a poll in absence.
    """

    lodged_at: date
    against: Reference | None
    arguments: str
    reasons: str
    granted: bool
    panel: tuple[Expert, ...]
    signatures: tuple[Signature, ...]
    votes: Votes
    decided_on: date
    sitting: Sitting | None = None


@dataclass(frozen=True, slots=True)
class AppealNoticeCard:
    """An appeal is taken up: by how many members of the panel, not by whom, and by which day they decide.

    ``against`` as in the appeal's decision; ``sitting`` is None where the members are polled in absence.
    """

    lodged_at: date
    against: Reference | None
    members: int
    decide_by: date
    signature: Signature
    prepared_by: PersonName | None = None
    phone: str = ""
    sitting: Sitting | None = None


@dataclass(frozen=True, slots=True)
class IssuedRow:
    """A document of the case as a line of a table; ``state`` in words («Действует»), ``number`` empty where none is."""

    title: str
    number: str
    date: date
    state: str
    version: int = 1


@dataclass(frozen=True, slots=True)
class CompletionCard:
    """How a case ended. ``ended`` is the outcome in words: what was done, never that a category was given (R2).

    ``experts`` and ``sheets`` are counts over all rounds; how many rounds there were is said by the case. ``verdict`` is
    empty where the case ended without one. ``keeper`` signs for the case, ``director`` for the centre.
    """

    closed_at: date
    ended: str
    experts: int
    sheets: int
    keeper: Signature
    director: Signature
    verdict: str = ""
    documents: tuple[IssuedRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Speech:
    """What somebody said at a meeting, best in the present tense («предлагает …»): it has no gender."""

    person: PersonName
    words: str


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One item of a meeting's agenda.

    ``subject`` answers «о чём»; ``heard`` reported ``report`` (the subject, when it is empty); ``decided`` are points.
    """

    subject: str
    decided: tuple[str, ...]
    heard: Expert | None = None
    report: str = ""
    spoke: tuple[Speech, ...] = ()
    votes: Votes | None = None


@dataclass(frozen=True, slots=True)
class ProtocolCard:
    """A meeting of a panel, a jury, a council; or a poll of its members in absence, and never both.

    ``body_g`` is what the protocol is of, in the genitive («заседания апелляционной комиссии»); ``present`` and
    ``invited`` are those besides the chair and the secretary; ``member`` is the word before the position where a member
    signs («Член апелляционной комиссии»). ``sitting`` is the meeting's day, time and place; a meeting of a known day
    alone (``held_on``) says it when it is not the protocol's own date. ``ballots`` make it the record of a poll:
    nobody sat, was present or was heard then, and the chair and the secretary alone sign the count.
    """

    body_g: str
    chair: Expert
    agenda: tuple[AgendaItem, ...]
    signatures: tuple[Signature, ...]
    secretary: Expert | None = None
    present: tuple[Expert, ...] = ()
    invited: tuple[Expert, ...] = ()
    member: str = ""
    held_on: date | None = None
    sitting: Sitting | None = None
    ballots: tuple[Ballot, ...] = ()

    def __post_init__(self) -> None:
        """A poll in absence has no sitting, nobody present and nobody heard."""
        met = self.sitting or self.present or self.invited or any(one.heard for one in self.agenda)
        if self.ballots and met:
            raise Broken("a protocol is of a sitting or of a poll in absence, never of both")
