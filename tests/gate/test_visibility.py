"""Decisions 9: the SQL twin and the policy say the same about every case, person and permission."""

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.play import open_stage
from workflow_app import clock, gate
from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.db.models import Assignment, Case, CoAuthor, Document, Municipality, Organization, PanelMember, Person
from workflow_app.demo.actors import Stage
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.facts import involvement, registers, visibility_sql
from workflow_app.facts.actors import actor_of
from workflow_app.facts.subjects import facts_of, workflow_of
from workflow_app.states import policy
from workflow_app.states.definitions.document import DOCUMENT
from workflow_app.states.vocabulary import Actor, Permission, Role, Via, Who, system

EACH = 22  # cases of a type
LIVE = ("invited", "accepted", "in_work", "signed", "consolidated")
PLACES = (*LIVE, "refused", "expired", "recused", "removed", "called_off", "voided", "past")


def scatter(session: Session, stage: Stage, chance: random.Random) -> None:
    """Cases in random states with random people around them, as rows: whatever the policy can meet."""
    people = list(session.scalars(select(Person.id)))
    organizations = [*session.scalars(select(Organization.id)), None]
    other = Municipality(name="Соседний", zone="UTC", state="working", version=1, switches={}, municipality_id=0)
    session.add(other)
    session.flush()
    for kind, of_type in CASE_TYPES.items():
        for _ in range(EACH):
            case = Case(
                municipality_id=chance.choice([stage.municipality_id] * 5 + [other.id]), type=kind, title="Дело",
                state=chance.choice(list(of_type.workflow.states)), version=1, applicant_id=chance.choice(people),
                organization_id=chance.choice(organizations), channel=chance.choice(["web", "paper"]), round=chance.choice([1, 1, 2, 3]),
                created_at=clock.now(), state_since=clock.now(), lead_id=chance.choice([*people, None]),
                required=chance.randrange(2), circulated=chance.random() < 0.5, circulation=1, returns=chance.randrange(3),
                due_on=chance.choice([None, date(2026, 8, 1), date(2026, 12, 1)]), verdict=chance.choice([None, "revise"]),
            )  # fmt: skip
            session.add(case)
            session.flush()
            _people_of(session, case, chance, people)
            few = random.Random(case.id)
            case.composed_by, case.circulated_by, case.proposed_by = (few.choice([*people[:4], None]) for _ in range(3))


def _people_of(session: Session, case: Case, chance: random.Random, people: list[int]) -> None:
    taken = set()
    for expert in chance.choices(people, k=chance.randrange(9)):
        state, number = chance.choice(PLACES), chance.randrange(1, case.round + 1)
        if state in LIVE and (expert, number) in taken:
            continue
        taken |= {(expert, number)} if state in LIVE else set()
        row = Assignment(
            municipality_id=case.municipality_id,
            case_id=case.id,
            expert_id=expert,
            round=number,
            state=state,
            version=1,
            invited_at=clock.now(),
            declared_at=clock.now(),
            signed_at=clock.now(),
            answered=chance.randrange(2),
        )
        if expert % 2:
            row.lifted = {"organization": session.get_one(Person, expert).organization_id, "reason": "Решено"}  # fmt: skip
        session.add(row)
    for one in chance.sample(people, chance.randrange(3)):
        session.add(CoAuthor(case_id=case.id, name="Соавтор", person_id=chance.choice([one, None])))
    for one in chance.sample(people, chance.choice([0, 0, 3])):
        session.add(PanelMember(case_id=case.id, person_id=one, vote=chance.choice(["", "grant"])))
    session.flush()


def actors(session: Session, stage: Stage) -> list[Actor]:
    """Everybody of the centre, and some who are nobody's idea of a person."""
    found = [
        actor_of(session, one, stage.municipality_id) for one in session.scalars(select(Person).order_by(Person.id))
    ]
    everything = replace(found[0], roles=frozenset(Role), organization_id=found[0].organization_id)
    keeper = Actor(None, stage.municipality_id, frozenset(Role), Via.COMMAND)
    strangers = [Actor(10**6, stage.municipality_id), replace(found[1], municipality_id=10**6)]
    return [*found, everything, keeper, *strangers, system(stage.municipality_id)]


def differences(session: Session, stage: Stage, seed: int) -> list[str]:
    """Where the twins disagree."""
    chance = random.Random(seed)
    scatter(session, stage, chance)
    session.expire_all()
    cases = session.scalars(select(Case).order_by(Case.id)).all()
    known = {one.id: (workflow_of(one), facts_of(one, session)) for one in cases}
    found, granted = [], 0
    everybody = actors(session, stage)
    for me in everybody:
        for permission in Permission:
            listed = set(session.scalars(select(Case.id).where(visibility_sql.readable(me, permission))))
            judged = {id_ for id_, (flow, facts) in known.items() if policy.may(flow, me, facts, permission)}
            granted += len(judged)
            found += [f"{me} {permission} case {id_}" for id_ in listed ^ judged]
        for who in (Who.PREPARED, Who.DEPUTY):  # bars, which no state grants anything to
            listed = set(session.scalars(select(Case.id).where(visibility_sql.stands_as(who, me))))
            judged = {id_ for id_, (_, facts) in known.items() if policy.stands(me, facts, who)}
            found += [f"{me} {who} case {id_}" for id_ in listed ^ judged]
    assert granted > len(everybody) * EACH  # the comparison was of something
    tied = {
        case.id for case in cases for one in involvement.live(case) if one.id in involvement.unlifted(session, [case])
    }
    assert tied
    found += [
        f"conflict in case {id_}" for id_ in tied ^ set(session.scalars(select(Case.id).where(involvement.clashing())))
    ]
    return found + _acts(session, known, chance.sample(everybody, 12))


def _acts(session: Session, known, some: list[Actor]) -> list[str]:
    found = []
    names = sorted({name for of_type in CASE_TYPES.values() for name in of_type.workflow.transitions})
    for me in some:
        offers = {id_: policy.offers(flow, me, facts) for id_, (flow, facts) in known.items()}
        for name in names:
            if me.is_system:
                continue  # offers are a person's; the system's acts are no list
            listed = set(session.scalars(select(Case.id).where(visibility_sql.performable(me, name))))
            found += [
                f"{me} {name} case {id_}" for id_ in listed ^ {id_ for id_, open_ in offers.items() if name in open_}
            ]
    return found


def unlike_papers(session: Session, stage: Stage, seed: int) -> list[str]:
    """Where ``registers.opens`` and ``gate.visible`` disagree about a document."""
    chance = random.Random(seed)
    scatter(session, stage, chance)
    kinds = [*KINDS, "signed_original:approve"]
    for case in session.scalars(select(Case).order_by(Case.id)).all():
        for number in range(3):
            whose = chance.choice([None, None, *(one.id for one in case.assignments)])
            session.add(
                Document(
                    municipality_id=case.municipality_id, case_id=case.id, assignment_id=whose, document_kind=chance.choice(kinds),
                    round=1, edition=number + 1, register="conclusions", year=2026, number=f"{case.id}-{number}", dated=date(2026, 9, 1),
                    file_name="x", sha256="0", size=1, issued_at=clock.now(), state=chance.choice(list(DOCUMENT.states)), version=1,
                )
            )  # fmt: skip
    session.flush()
    session.expire_all()
    papers = session.scalars(select(Document).order_by(Document.id)).all()
    facts = {one.id: facts_of(one, session) for one in papers}
    found, opened = [], 0
    for me in actors(session, stage):
        listed = set(session.scalars(select(Document.id).join(Case).where(registers.opens(me))))
        judged = {one.id for one in papers if gate.visible(session, me, one, facts[one.id])}
        opened += len(judged)
        found += [f"{me} document {id_}" for id_ in listed ^ judged]
    assert opened > len(papers)
    return found


@pytest.mark.parametrize("seed", range(2))
def test_the_twin_of_a_register_says_what_the_gate_says(quick_stage, seed):
    with clock.at(quick_stage.moment), quick_stage.database.transaction(keep=False) as session:
        assert unlike_papers(session, quick_stage, seed) == []


@pytest.mark.parametrize("seed", range(2))
def test_the_twins_agree_on_sqlite(quick_stage, seed):
    with clock.at(quick_stage.moment + timedelta(days=seed)), quick_stage.database.transaction(keep=False) as session:
        assert differences(session, quick_stage, seed) == []


@pytest.mark.postgres
def test_the_twins_agree_on_postgresql(centre_postgres_url, tmp_path):
    with (
        open_stage(centre_postgres_url, tmp_path) as stage,
        clock.at(stage.moment),
        stage.database.transaction(keep=False) as session,
    ):
        assert differences(session, stage, 99) == []
