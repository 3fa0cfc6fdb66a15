"""Who reads a case, and whom of its experts and panel the reader may know by name (decisions.md 33)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from workflow_app.db.models import Assignment, Case, Document, Person
from workflow_app.errors import N_, Sentence, Words
from workflow_app.facts.assessment import COUNTED
from workflow_app.states import policy
from workflow_app.states.vocabulary import Actor, Facts, Permission, Who


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads: as whom, which experts may be named, which documents may be opened.

    ``experts`` are numbered in the order of their invitations; ``named`` are those whose names the reader may know.
    """

    me: int | None
    office: bool = False
    author: bool = False
    panel: bool = False
    see_materials: bool = False
    see_reviews: bool = False
    named: frozenset[int] = frozenset()
    experts: tuple[int, ...] = ()
    members: frozenset[int] = frozenset()  # of the appeal panel
    people: Mapping[int, Person] = field(default_factory=dict)
    documents: Mapping[int, Document] = field(default_factory=dict)
    lists: Mapping[str, Mapping[str, Sentence]] = field(default_factory=dict)

    def expert(self, person_id: int) -> Words:
        """Return an expert's name, or the number that stands for it."""
        if person_id == self.me:
            return N_("вы")
        if person_id in self.people and (self.office or person_id in self.named):
            return self.people[person_id].short_name
        number = self.experts.index(person_id) + 1 if person_id in self.experts else 0
        return N_("эксперт № %(n)s", n=number) if number else N_("эксперт")

    def who(self, person_id: int) -> Words:
        """Return who acted, masked when the reader may not know."""
        if person_id in self.experts:
            return self.expert(person_id)
        if person_id == self.me:
            return N_("вы")
        if person_id in self.members and not (self.office or self.panel):
            return N_("член апелляционной комиссии")
        found = self.people.get(person_id)
        return found.short_name if found else N_("сотрудник центра")


def reading_of(
    actor: Actor,
    case: Case,
    facts: Facts,
    may: Mapping[str, bool],
    people: Mapping[int, Person],
    documents: Iterable[Document],
) -> Reading:
    """Return how ``actor`` reads a case. ``documents`` are those that the actor may open."""
    signed = {one.expert_id for one in case.assignments if one.state in (*COUNTED, "past")}
    return Reading(
        me=actor.person_id,
        office=policy.of_office(actor, facts),
        author=policy.stands(actor, facts, Who.APPLICANT, Who.CO_AUTHOR),
        panel=policy.stands(actor, facts, Who.PANEL),
        see_materials=may[Permission.SEE_MATERIALS],
        see_reviews=may[Permission.SEE_REVIEWS],
        named=frozenset(signed) if may[Permission.SEE_EXPERTS] else frozenset(),
        experts=tuple(dict.fromkeys(one.expert_id for one in case.assignments)),
        members=facts.panel,
        people=people,
        documents={one.id: one for one in documents},
    )


def shown_assignments(case: Case, reading: Reading, *, may_know: bool) -> list[Assignment]:
    """Return the assignments that a reader may know of: the office all, others the counted ones and their own."""
    if reading.office and may_know:
        return list(case.assignments)
    counted = [one for one in case.assignments if may_know and one.round == case.round and one.state in COUNTED]
    mine = [one for one in case.assignments if one.expert_id == reading.me and one not in counted]
    return [*counted, *mine]
