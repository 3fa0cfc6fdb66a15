"""The words of the workflow: actor, facts, who, permission, state, guard, transition, workflow.

Everything here is frozen data. ``policy`` decides with it, ``engine`` moves with it, ``verify`` proves it sound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from workflow_app.errors import Broken, Sentence
from workflow_app.states.actors import Actor, Proof, Role, Via, system
from workflow_app.states.forms import Nothing, Sheet

__all__ = [
    "Actor",
    "Bulk",
    "Condition",
    "Facts",
    "Guard",
    "Permission",
    "Proof",
    "Role",
    "State",
    "Target",
    "Tone",
    "Transition",
    "Trigger",
    "Via",
    "Who",
    "Workflow",
    "negation",
    "system",
    "workflow",
]


class _Words(type):
    """Iterating over ``Who`` gives every word that is declared, in the order of the declarations."""

    _known: dict[str, Who]

    def __iter__(cls) -> Iterator[Who]:
        return iter(tuple(cls._known.values()))


class Who(str, metaclass=_Words):
    """A standing of an actor towards a subject: by name (``states.standings.places``) or by role (``policy.standing``).

    An open list of interned words: a content type declares its own (``states.standings.by_name``). ``Who("own")`` finds a
    word; one that nobody has declared is a ValueError.
    """

    __slots__ = ()
    _known: ClassVar[dict[str, Who]] = {}
    ANYONE: ClassVar[Who]
    PUBLIC: ClassVar[Who]  # anybody at all, logged in or not, towards a record that is published
    SYSTEM: ClassVar[Who]
    OWN: ClassVar[Who]  # the person whose assignment, account, consent this is
    APPLICANT: ClassVar[Who]
    CO_AUTHOR: ClassVar[Who]
    ON_BEHALF: ClassVar[Who]  # a coordinator, for a case that was entered on behalf of the applicant
    INVITEE: ClassVar[Who]  # invited, has not answered
    ACCEPTED: ClassVar[Who]  # accepted and declared, the review has not begun
    EXPERT: ClassVar[Who]  # works on the sheet or has signed it, this round
    COUNTED: ClassVar[Who]  # signed, this round
    LEAD: ClassVar[Who]  # the lead specialist of an attestation
    PANEL: ClassVar[Who]  # the appeal panel
    COORDINATOR: ClassVar[Who]
    DIRECTOR: ClassVar[Who]
    DEPARTMENT: ClassVar[Who]
    REGIONAL: ClassVar[Who]
    ADMIN: ClassVar[Who]
    SCHOOL_OFFICER: ClassVar[Who]
    FOR_SCHOOL: ClassVar[Who]  # the school's officer, for a case that the school has entered for its teacher
    INVOLVED: ClassVar[Who]  # applicant, co-author, expert of any round, of the programme's group: no staff acts (R30)
    PREPARED: ClassVar[Who]  # composed, circulated or proposed what waits: makes it final in no role (four eyes)
    DEPUTY: ClassVar[Who]  # acts as the director by an order alone
    MEMBER: ClassVar[Who]  # has a role in the municipality, whichever

    def __new__(cls, word: str) -> Who:  # noqa: PYI034 - the word itself, as it is kept
        """Find a declared word; ValueError for another."""
        if word not in cls._known:
            raise ValueError(f"no standing is called {word!r}")
        return cls._known[word]

    @classmethod
    def declare(cls, word: str) -> Who:
        """Return the standing of this name, which is known from now on."""
        return cls._known.setdefault(word, str.__new__(cls, word))

    @property
    def value(self) -> str:
        """The word as rows keep it."""
        return str(self)

    def __repr__(self) -> str:
        return f"Who.{self.upper()}"


for _name in tuple(Who.__annotations__):
    if _name.isupper():
        setattr(Who, _name, Who.declare(_name.lower()))


class Permission(StrEnum):
    """What may be seen or touched without a transition."""

    VIEW = "view"
    EDIT = "edit"
    ATTACH = "attach"
    SEE_MATERIALS = "see_materials"
    SEE_EXPERTS = "see_experts"
    SEE_REVIEWS = "see_reviews"
    SEE_CONCLUSION = "see_conclusion"
    SEE_HISTORY = "see_history"
    SEE_MINUTES = "see_minutes"  # a document's: what the appeal panel said and how each of it voted
    SEE_PUBLISHED = "see_published"  # a published record's: what its kind shows at an open address
    SEE_LETTERS = "see_letters"  # a document's: what was written to the applicant


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules may know about a subject. A fact is here only because a condition or a standing reads it.

    Sets hold person ids. ``root`` holds the facts of that to which the subject belongs: of the case for an assignment or a file of
    it, of the whole for a part of a record, of the record or the part for a file of it.
    """

    state: str
    now: datetime
    today: date
    municipality_id: int
    own_id: int | None = None
    root: Facts | None = None
    root_workflow: Workflow | None = None
    # who stands where
    applicant_id: int | None = None
    co_authors: frozenset[int] = frozenset()
    organization_id: int | None = None
    on_behalf: bool = False
    by_school: bool = False  # the officer of the applicant's school entered it
    invited: frozenset[int] = frozenset()
    accepted: frozenset[int] = frozenset()
    working: frozenset[int] = frozenset()
    signed: frozenset[int] = frozenset()
    former: frozenset[int] = frozenset()
    barred: frozenset[int] = frozenset()  # experts of this round with a conflict of interest that nobody lifted
    liftable: frozenset[int] = frozenset()  # those of them whom the director may let go on (0a.13)
    lead_id: int | None = None
    meant_lead_id: int | None = None  # of the commission that was invited: leads once accepted
    panel: frozenset[int] = frozenset()
    group: frozenset[int] = frozenset()  # in a working group of the centre, where its own programme is judged
    # how far it is
    required: int = 0
    invited_ever: int = 0
    round: int = 1
    returns: int = 0
    missing: tuple[Sentence, ...] = ()
    lapsed: bool = False
    decline_proposed: bool = False
    discrepancy: bool = False
    third_held: bool = False
    undecided: frozenset[int] = frozenset()  # specialists who neither agreed to nor dissented from the common result
    circulated: bool = False
    unanswered: frozenset[int] = frozenset()  # counted experts who neither co-signed nor dissented
    verdict: str | None = None
    composed_by: int | None = None
    circulated_by: int | None = None
    proposed_by: int | None = None
    act_recorded: bool = False  # of the body that decides on what the conclusion advises
    in_order: bool = False  # stands in an order of the month that is to approve it
    led: bool = True  # False: the applicant is not the leader of the centre's own programme, which the case is about
    defended: bool = True  # in public; False: the centre's own programme waits for it
    own_work: bool = False  # the director is the applicant or an author: the centre's own programme
    attestation_on: date | None = None
    additions_until: date | None = None
    # appeal
    appealed: bool = False  # the decision in force was appealed against
    appeal_until: date | None = None
    appeal_waived: bool = False
    appealed_from: str | None = None
    votes_for: int = 0
    votes_against: int = 0
    sits_on: date | None = None  # the day for which the panel's sitting is called; None: a poll in absence

    declared: bool = False  # an invitation whose declaration holds from before (a sheet sent back)
    # a record of a content type: who stands where by its fields, what its fields hold, how many parts of a kind are in a state
    published: bool = False  # its column says that strangers may see it
    consented: bool = True  # so does whom it is about
    standings: Mapping[Who, AbstractSet[int]] = field(default_factory=dict)
    judging: AbstractSet[int] = frozenset()  # who takes part in a case that it tells of and that is judged now (R30)
    schools: AbstractSet[int] = frozenset()  # the organisations whose officers stand as such
    values: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def top(self) -> Facts:
        """The facts of what belongs to nothing else."""
        return self if self.root is None else self.root.top

    @property
    def engaged(self) -> int:
        """How many places of the wanted number are taken, this round."""
        return len(self.invited) + len(self.accepted) + len(self.working) + len(self.signed)

    @property
    def prepared(self) -> frozenset[int]:
        """Who prepared the conclusion that stands."""
        return frozenset({self.composed_by, self.circulated_by, self.proposed_by} - {None})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Condition:
    """A test of the facts and the sentence shown when it fails. ``words`` say in the pictures when it holds.

    ``of_whole``: of a part it asks nothing but its whole, so that it holds for all its parts or for none.
    """

    name: str
    test: Callable[[Facts], bool]
    sentence: Sentence | Callable[[Facts], Sentence]
    words: Sentence | None = None
    of_whole: bool = False

    def obstacle(self, facts: Facts) -> Sentence:
        """Say in words why the condition does not hold."""
        return self.sentence if isinstance(self.sentence, Sentence) else self.sentence(facts)


def negation(condition: Condition, words: Sentence | None = None) -> Condition:
    """Return the exact opposite, with its own words: automatic siblings use a pair, so that ``verify`` can prove them exclusive."""
    inner = condition.test
    sentence, of_whole = condition.sentence, condition.of_whole
    return Condition(f"not {condition.name}", lambda facts: not inner(facts), sentence, words, of_whole=of_whole)


@dataclass(frozen=True, slots=True)
class Guard:
    """All criteria must hold; inside ``by`` and ``unless`` any match is enough. ``unless`` wins over ``by``.

    ``stops`` bars a standing as ``unless`` does, but openly: the act is offered, with the sentence that says why not; a
    condition bars it as long as it does not hold.
    """

    by: frozenset[Who]
    unless: frozenset[Who] = frozenset()
    permission: Permission | None = None
    when: tuple[Condition, ...] = ()
    stops: Mapping[Who, Sentence | Condition] = field(default_factory=dict)


class Trigger(StrEnum):
    """What sets a transition off."""

    USER = "user"
    AUTOMATIC = "automatic"
    TIMER = "timer"
    CASCADE = "cascade"  # by the system, as the consequence of an act on another subject


class Tone(StrEnum):
    """How an offer looks: the one thing to do, an ordinary act, one that hurts."""

    PRIMARY = "primary"
    QUIET = "quiet"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a transition leads when ``when`` holds on the facts after the effect; None always holds."""

    state: str
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Bulk:
    """An act that is done with many subjects at once, by one form for all.

    ``apart``: the fields that are each subject's own. They are not in that form and hold what its own form would begin with
    (``facts.in_bulk``); whatever else that form suggests fills a field that was left empty.
    """

    apart: tuple[str, ...] = ()
    means: Sentence | None = None  # what is not seen before it is done: how the fields apart are filled


@dataclass(frozen=True, slots=True)
class Transition:
    """A named move. ``targets`` empty: the subject stays where it is. ``issues`` names document kinds, ``signs`` a signature."""

    name: str
    title: Sentence
    sources: tuple[str, ...]
    guard: Guard
    targets: tuple[Target, ...] = ()
    trigger: Trigger = Trigger.USER
    asks: type[Sheet] = Nothing
    issues: tuple[str, ...] = ()
    numbers: str | None = None  # the register that gives the subject its number
    signs: bool = False
    tone: Tone = Tone.QUIET
    past: Sentence | None = None  # the line in the history; the title when None
    done: Sentence | None = None  # what the page says to who did it; the line in the history when None
    means: Sentence | None = None  # a consequence that no state and no document tells of
    subject_of: str = ""  # a page of its own instead of the generic form, by name
    bulk: Bulk | None = None  # None: only one by one
    quiet: bool = False  # it changes nothing of the row: no version grows, no open form of somebody else goes stale

    @property
    def told(self) -> Sentence:
        """The words of the history for this transition (domain.md 0a.15)."""
        return self.past or self.title

    @property
    def answer(self) -> Sentence:
        """What the person who did it is told."""
        return self.done or self.told


@dataclass(frozen=True, slots=True)
class State:
    """A state: two titles, who may what in it, whose turn it is, for what, and the key of the term that runs."""

    name: str
    title: Sentence
    applicant_title: Sentence
    grants: Mapping[Permission, frozenset[Who]]
    turn: Who | None = None
    todo: Sentence | None = None
    term: str | None = None
    final: bool = False
    tone: str = "waiting"


@dataclass(frozen=True, slots=True)
class Workflow:
    """Named states and transitions; ``initial`` is where :func:`gate.begin` puts a new subject."""

    name: str
    title: Sentence
    initial: str
    states: Mapping[str, State]
    transitions: Mapping[str, Transition]
    begin: Guard
    road: tuple[str, ...] = field(default=())  # the states of the ordinary way, for the stepper
    _exits: Mapping[str, tuple[Transition, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sort the transitions by the states that they leave: everything that is asked of a policy begins with them."""
        found: dict[str, list[Transition]] = {}
        for one in self.transitions.values():
            for source in dict.fromkeys(one.sources):
                found.setdefault(source, []).append(one)
        object.__setattr__(self, "_exits", {source: tuple(many) for source, many in found.items()})

    def state(self, name: str) -> State:
        """Return a state, or raise Broken for one that the workflow does not know."""
        try:
            return self.states[name]
        except KeyError as error:
            raise Broken(f"workflow {self.name} has no state {name!r}") from error

    def transition(self, name: str) -> Transition:
        """Return a transition, or raise Broken for an unknown name."""
        try:
            return self.transitions[name]
        except KeyError as error:
            raise Broken(f"workflow {self.name} has no transition {name!r}") from error

    def exits(self, state: str) -> tuple[Transition, ...]:
        """Return the transitions that leave or stay in ``state``, in their declared order."""
        return self._exits.get(state, ())


def workflow(
    *,
    name: str,
    title: Sentence,
    initial: str,
    states: tuple[State, ...],
    transitions: tuple[Transition, ...],
    begin: Guard,
    road: tuple[str, ...] = (),
) -> Workflow:
    """Build a workflow from tuples; a name used twice raises Broken."""
    by_state = {one.name: one for one in states}
    by_name = {one.name: one for one in transitions}
    if len(by_state) != len(states) or len(by_name) != len(transitions):
        raise Broken(f"workflow {name} uses a name twice")
    return Workflow(name, title, initial, by_state, by_name, begin, road)
