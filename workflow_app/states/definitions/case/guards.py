"""Who may set a case's transitions off, and what differs between the case types."""

from __future__ import annotations

from dataclasses import dataclass

from workflow_app.errors import N_, Sentence
from workflow_app.states.definitions.case.states import AUTHOR, ENTERER
from workflow_app.states.forms import Sheet
from workflow_app.states.vocabulary import Condition, Guard, Target, Who

BEFORE_APPROVAL = (
    "submitted", "registered", "returned", "assigning", "in_review", "third_review", "consolidation", "on_approval",
)  # fmt: skip
IN_WORK = ("registered", "assigning", "in_review", "third_review", "consolidation", "on_approval")
WITH_ASSIGNMENTS = ("assigning", "in_review", "third_review")


@dataclass(frozen=True, slots=True)
class Shape:
    """What differs between the case types: their forms, and the switches of domain.md 5."""

    key: str
    title: Sentence
    form: type[Sheet]
    revision_form: type[Sheet] | None = None
    attestation: bool = False
    blind: bool = False  # experts stay «Эксперт 1» in what the applicant reads
    rounds: int = 3
    returns: int = 2
    decision: type[Sheet] | None = None  # how the act of the body that decides is recorded; None: there is none
    own_programme: bool = False  # may be about the centre's own: brought by its leader, defended in public
    approval_issues: tuple[str, ...] = ("consolidated_conclusion", "order")

    @property
    def revised(self) -> bool:
        """Whether the author may take the work back and bring it again: only where there is a form for it."""
        return self.revision_form is not None


def author(*when: Condition) -> Guard:
    """Guard what the applicant does, or a coordinator on behalf."""
    return Guard(AUTHOR, when=when)


def enterer(*when: Condition) -> Guard:
    """Guard what opens and fills a case: the applicant, a coordinator on behalf, the officer of the applicant's school."""
    return Guard(AUTHOR | ENTERER, when=when)


def coordinator(*when: Condition) -> Guard:
    """Guard what a coordinator does who is not involved in the case (R30)."""
    return Guard(frozenset({Who.COORDINATOR}), frozenset({Who.INVOLVED}), when=when)


def director(*when: Condition) -> Guard:
    """Guard what a director does who is not involved in the case (R30)."""
    return Guard(frozenset({Who.DIRECTOR}), frozenset({Who.INVOLVED}), when=when)


PREPARED = N_(
    "Вы готовили это заключение: составили текст, направили его экспертам или передали на утверждение. "
    "Утверждает его другой сотрудник, в какой бы роли вы ни работали."
)


def other_eyes(who: Who, *when: Condition, unless: frozenset[Who] = frozenset(), why: Sentence = PREPARED) -> Guard:
    """Guard what makes final what others prepared: who prepared it does not, in no role and as nobody's deputy (four eyes)."""
    return Guard(frozenset({who}), unless | {Who.INVOLVED}, when=when, stops={Who.PREPARED: why})


def panel(*when: Condition) -> Guard:
    """Guard what a member of the appeal panel does."""
    return Guard(frozenset({Who.PANEL}), frozenset({Who.INVOLVED}), when=when)


def system(*when: Condition) -> Guard:
    """Guard what only the system does."""
    return Guard(frozenset({Who.SYSTEM}), when=when)


def to(state: str) -> tuple[Target, ...]:
    """Lead to one state."""
    return (Target(state),)
