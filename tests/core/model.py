"""A case without rows: the facts, and what each transition does to them, for walks over the pure workflows.

It follows the effects in so far as conditions read what they change; everything else of them is left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.states import engine, policy
from workflow_app.states.definitions.assignment import ASSIGNMENT
from workflow_app.states.vocabulary import Actor, Facts, Role, Trigger, Workflow, system

APPLICANT, COORDINATOR, DIRECTOR = 1, 10, 11
OTHERS = (
    12,
    13,
)  # coordinators too: two may prepare a conclusion of the centre's own, the third records who approved it
FIRST_EXPERT = 20  # and as many after it as are needed
PANEL = (5, 6, 7)
OFFICE = (
    Actor(DIRECTOR, 1, frozenset({Role.DIRECTOR})),
    *(Actor(one, 1, frozenset({Role.COORDINATOR})) for one in (COORDINATOR, *OTHERS)),
)  # fmt: skip
LIVE = ("invited", "accepted", "in_work", "signed", "consolidated")
TERM = 10  # days, of every step


@dataclass
class Place:
    """An expert's place."""

    expert: int
    state: str
    round: int
    declared: bool = False
    answered: int = 0
    decided: bool = False


@dataclass(frozen=True)
class Move:
    """Something that can be done now: ``place`` None means on the case."""

    name: str
    actor: Actor
    place: Place | None = None


@dataclass
class World:
    """A case of a type, and its places. ``differ`` is whether sheets will differ, ``grant`` how the panel votes.

    ``own``: the director is an author. ``office``: the staff there is. ``hands``: who of it did what, in the present round.
    """

    kind: str
    differ: bool = False
    grant: bool = False
    verdict_to_be: str = "conforms"
    own: bool = False
    meant: bool = False  # whether the first who is invited is the lead of a commission
    by_order: bool = False  # whether orders of a month approve, and are cancelled
    same_text: bool = False  # whether a text that came back is sent out again as it was
    office: tuple[Actor, ...] = OFFICE
    hands: list[tuple[str, int]] = field(default_factory=list)
    state: str = "draft"
    today: date = date(2026, 9, 1)
    due: date | None = None
    places: list[Place] = field(default_factory=list)
    told: dict[str, Any] = field(default_factory=dict)  # facts that the transitions set, by name
    circulation: int = 0
    past: list[str] = field(default_factory=list)
    votes: int = 0
    granted: bool = False

    @property
    def workflow(self) -> Workflow:
        return CASE_TYPES[self.kind].workflow

    @property
    def policy(self) -> Any:
        return CASE_TYPES[self.kind].policy

    def now(self, *states: str) -> frozenset[int]:
        """Experts of this round in one of the states."""
        return frozenset(one.expert for one in self.places if one.round == self.round and one.state in states)

    @property
    def round(self) -> int:
        return int(self.told.get("round", 1))

    def alive(self) -> list[Place]:
        """Places where something can still happen."""
        return [one for one in self.places if one.state in LIVE]

    def facts(self) -> Facts:
        signed = self.now("signed", "consolidated")
        here = [one for one in self.places if one.round == self.round]
        required = self.told.get("required", 0)
        everybody_in = bool(required) and len(signed) >= required and self.now(*LIVE) == signed
        return Facts(
            **{
                "state": self.state, "now": datetime(2026, 9, 1, tzinfo=UTC), "today": self.today, "municipality_id": 1,
                "applicant_id": APPLICANT, "invited": self.now("invited"), "accepted": self.now("accepted"),
                "working": self.now("in_work"), "signed": signed, "invited_ever": len(here),
                "former": frozenset(one.expert for one in self.places if one.state not in ("refused", "expired")) - self.now(*LIVE),
                "discrepancy": everybody_in and self.state == "in_review" and self.differ,
                "lapsed": self.due is not None and self.today > self.due,
                "unanswered": frozenset(one.expert for one in here if one.expert in signed and one.answered != self.circulation),
                "in_order": self.by_order and self.state == "on_approval" and not self.own,
                "own_work": self.own and self.state == "on_approval",
                "undecided": frozenset(one.expert for one in here if one.expert in signed and not one.decided),
                **{name: one for name, one in self.told.items() if name != "by_order"},
            }
        )  # fmt: skip

    def facts_of(self, place: Place, case: Facts | None = None) -> Facts:
        case = case or self.facts()
        return Facts(
            state=place.state, now=case.now, today=case.today, municipality_id=1, own_id=place.expert, root=case,
            root_workflow=self.workflow, lapsed=case.lapsed, declared=place.declared,
        )  # fmt: skip

    def actors(self) -> Iterator[Actor]:
        yield Actor(APPLICANT, 1, frozenset({Role.TEACHER}))
        yield from self.office
        yield from (
            Actor(one.expert, 1, frozenset({Role.EXPERT})) for one in self.alive() if self.state == "third_review"
        )
        yield from (Actor(one, 1, frozenset({Role.EXPERT})) for one in PANEL if self.state == "appealed")

    def moves(self) -> list[Move]:
        """Everything that somebody may do now, and the timers that are due."""
        found, facts = [], self.facts()
        for actor in self.actors():
            found += [
                Move(name, actor) for name, offer in policy.offers(self.workflow, actor, facts).items() if offer.open
            ]
        found += [Move(one.name, system(1)) for one in policy.due_timers(self.workflow, system(1), facts)]
        if self.by_order and self.state == "on_approval" and not self.own:
            found.append(Move("approve_by_order", system(1)))
        if self.by_order and self.state == "approved" and self.told.get("by_order"):
            found.append(Move("cancel_by_order", system(1)))
        if self.by_order:  # an order on the commissions states something of a case, and moves nothing
            known = (self.workflow.transition(name) for name in ("name_by_order", "unname_by_order"))
            found += [Move(one.name, system(1)) for one in known if self.state in one.sources]
        for place in self.alive():
            own = self.facts_of(place, facts)
            for actor in (
                Actor(place.expert, 1, frozenset({Role.EXPERT})),
                *self.office,
            ):
                offers = policy.offers(ASSIGNMENT, actor, own)
                found += [Move(name, actor, place) for name, offer in offers.items() if offer.open]
            found += [Move(one.name, system(1), place) for one in policy.due_timers(ASSIGNMENT, system(1), own)]
        return found

    def wait(self) -> None:
        """Let the running term pass."""
        self.today = max(self.today, self.due or self.today) + timedelta(days=1)

    def do(self, move: Move) -> None:
        """Perform a move and every automatic transition that follows."""
        self._perform(move)
        if move.name == "accept" and self.state == "assigning" and self._is_meant(move.place.expert):
            self._perform(Move("lead_of_commission", system(1)))
        while fired := self._automatic():
            self._perform(fired)
        if self.state in ("consolidation", "on_approval"):
            # R14: no conclusion stands on fewer sheets than the type asks for
            assert len(self.now("signed", "consolidated")) >= self.policy.experts, self.past[-15:]

    def _is_meant(self, expert: int) -> bool:
        return self.told.get("meant_lead_id") == expert and self.told.get("lead_id") is None

    def _automatic(self) -> Move | None:
        if one := policy.automatic(self.workflow, system(1), self.facts()):
            return Move(one.name, system(1))
        facts = self.facts()
        for place in self.alive():
            if one := policy.automatic(ASSIGNMENT, system(1), self.facts_of(place, facts)):
                return Move(one.name, system(1), place)
        return None

    def _perform(self, move: Move) -> None:
        subject = self.workflow if move.place is None else ASSIGNMENT
        facts = self.facts() if move.place is None else self.facts_of(move.place)
        transition = (
            policy.permit(subject, move.actor, facts, move.name)
            if not move.actor.is_system
            else subject.transition(move.name)
        )
        effect = getattr(self, f"_{move.name}", None)
        if effect is not None:
            effect(move)
        self.past.append(move.name)
        if move.actor.person_id in {one.person_id for one in self.office}:
            self.hands.append((move.name, move.actor.person_id))
        if move.place is not None:
            move.place.state = engine.next_state(
                subject, replace(self.facts_of(move.place), state=facts.state), move.name
            )
        elif transition.trigger is Trigger.USER or transition.targets:
            self._arrive(engine.next_state(subject, replace(self.facts(), state=facts.state), move.name))

    def _arrive(self, state: str) -> None:
        if state != self.state:
            self.due = self.today + timedelta(days=TERM) if self.workflow.state(state).term else None
            if self.workflow.state(state).term == "appeal":
                self.told["appeal_until"] = self.due
        self.state = state

    # -- what the effects change, by the name of the transition --------------------------------------------------------

    def _return(self, _move: Move) -> None:
        self.told["returns"] = self.told.get("returns", 0) + 1

    def _propose_decline(self, move: Move) -> None:
        self.told |= {"decline_proposed": True, "proposed_by": move.actor.person_id}

    def _lapse(self, _move: Move) -> None:
        self.told["decline_proposed"] = "propose_decline" in self.workflow.transitions

    def _decline(self, _move: Move) -> None:
        self.told |= {"decline_proposed": False, "proposed_by": None}

    def _refuse_decline(self, _move: Move) -> None:
        self.told |= {"decline_proposed": False, "proposed_by": None}
        self.due = self.today + timedelta(days=TERM)

    def _submit(self, _move: Move) -> None:
        self.told |= {"decline_proposed": False, "proposed_by": None}

    def _start(self, _move: Move) -> None:
        self.told["required"] = self.policy.experts

    def _invite(self, _move: Move) -> None:
        expert = FIRST_EXPERT + len({one.expert for one in self.places})
        self.places.append(Place(expert, "invited", self.round))
        if self.meant and "name_lead" in self.workflow.transitions:
            self.told.setdefault("meant_lead_id", expert)

    def _lead_of_commission(self, _move: Move) -> None:
        self.told["lead_id"] = self.told["meant_lead_id"]

    def _name_lead(self, _move: Move) -> None:
        self.told["lead_id"] = min(self.now("accepted", "in_work", "signed", "consolidated"))

    def _accept(self, move: Move) -> None:
        move.place.declared = True

    def _diverge(self, _move: Move) -> None:
        self.told |= {"third_held": True, "verdict": None}
        if self.policy.third == "expert":
            self.told["required"] += 1

    def _lost(self, move: Move) -> None:
        if self.told.get("lead_id") == move.place.expert:
            self.told["lead_id"] = None

    _recuse = _remove = _void_sheet = _cancel_invitation = _lost

    def _draft_common(self, move: Move) -> None:
        self.told["verdict"] = "conforms"
        for one in self.places:
            one.decided = one.expert == move.actor.person_id

    def _join_common(self, move: Move) -> None:
        move.place.decided = True

    _dissent_common = _join_common

    def _settle_without(self, _move: Move) -> None:
        self.told["required"] = len(self.now("signed", "consolidated"))

    def _circulate(self, move: Move) -> None:
        me = move.actor.person_id
        self.circulation += 1
        self.told |= {"circulated": True, "circulated_by": me, "proposed_by": None}
        if self.told.get("composed_by") is None or not self.same_text:
            self.told["composed_by"] = me

    def _agree(self, move: Move) -> None:
        move.place.answered = self.circulation

    _dissent = _agree

    def _propose(self, move: Move) -> None:
        self.told |= {"verdict": self.verdict_to_be, "proposed_by": move.actor.person_id}

    def _send_back(self, move: Move) -> None:
        self._return_text(move)
        self.told["verdict"] = None
        self.differ = not self.differ  # who writes anew may come to something else
        old = next(one for one in self.places if one.round == self.round and one.state in ("signed", "consolidated"))
        old.state = "voided"
        self.places.append(Place(old.expert, "invited", self.round, declared=True))

    def _return_text(self, _move: Move) -> None:
        self.told |= {"circulated": False, "circulated_by": None, "proposed_by": None}

    def _recall(self, move: Move) -> None:
        self._return_text(move)
        self._fall()

    def _approve_by_order(self, _move: Move) -> None:
        self.told["by_order"] = True

    def _cancel_by_order(self, _move: Move) -> None:
        self.told["by_order"] = False
        self._fall()

    def _fall(self) -> None:
        """The decision falls, and with it what was said of an appeal against it; one that was granted was the only one."""
        self.told |= {"appeal_until": None, "appeal_waived": False, "appealed": self.granted}

    def _record_act(self, _move: Move) -> None:
        self.told["act_recorded"] = True

    def _resubmit(self, _move: Move) -> None:
        again = sorted(self.now("signed", "consolidated"))[: self.policy.experts]
        for one in self.places:
            if one.state in ("signed", "consolidated"):
                one.state = "past"
        self.told = {"round": self.round + 1, "required": self.policy.experts, "appealed": self.granted}
        self.places += [Place(one, "invited", self.round) for one in again]

    def _appeal(self, _move: Move) -> None:
        self.votes = 0
        self.told |= {
            "appealed": True,
            "appealed_from": self.state,
            "panel": frozenset(),
            "votes_for": 0,
            "votes_against": 0,
        }

    def _waive_appeal(self, _move: Move) -> None:
        self.told["appeal_waived"] = True

    def _appoint_panel(self, _move: Move) -> None:
        self.told |= {"panel": frozenset(PANEL), "votes_for": 0, "votes_against": 0}
        self.votes = 0

    def _vote(self, _move: Move) -> None:
        self.votes = min(self.votes + 1, len(PANEL))
        self.told |= {"votes_for": self.votes if self.grant else 0, "votes_against": 0 if self.grant else self.votes}

    def _grant_appeal(self, _move: Move) -> None:
        self.granted = True
        if self.told["appealed_from"] == "declined":
            self._fall()
            return
        for one in self.places:
            if one.state in ("signed", "consolidated"):
                one.state = "voided"
        kept = {
            name: self.told[name]
            for name in ("round", "appealed", "appealed_from", "panel", "votes_for", "votes_against")
            if name in self.told
        }
        self.told = {**kept, "required": self.policy.experts}

    def _call_off(self) -> None:
        for one in self.places:
            if one.state in ("invited", "accepted", "in_work"):
                one.state = "called_off"

    def _withdraw(self, _move: Move) -> None:
        self._call_off()

    _cancel = _withdraw
