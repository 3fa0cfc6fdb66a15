"""ADR 23: kept standings and the pure policy say the same about every case, person, permission and transition."""

import random
from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tests.gate.work_pages import unlike_pages
from tests.play import open_stage
from tests.records import scattered
from workflow_app import clock, gate
from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.content_types.behaviors import Issues
from workflow_app.db.models import (
    RECORDS,
    Absence,
    Assignment,
    Case,
    CaseFile,
    CoAuthor,
    Consent,
    Document,
    LetterText,
    Municipality,
    Organization,
    PanelMember,
    Person,
    WordTemplate,
)
from workflow_app.demo.actors import Stage
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.facts import registers, standing_rows, standings, worklist
from workflow_app.facts.actors import actor_of
from workflow_app.facts.subjects import PARTS, PLAIN, facts_of, workflow_of
from workflow_app.states import policy
from workflow_app.states.actors import STRANGER
from workflow_app.states.definitions.absence import ABSENCE
from workflow_app.states.definitions.assignment import ASSIGNMENT
from workflow_app.states.definitions.document import DOCUMENT
from workflow_app.states.definitions.letter_text import LETTER_TEXT
from workflow_app.states.next_step import turn
from workflow_app.states.vocabulary import Actor, Facts, Permission, Role, Via, Who, Workflow, system

EACH = 22  # cases of a type
ODD = 6  # of the actors: who is nobody's idea of a person, the last
NOWHERE = 10**6  # a municipality that is not there
LIVE = ("invited", "accepted", "in_work", "signed", "consolidated")
PLACES = (*LIVE, "refused", "expired", "recused", "removed", "called_off", "voided", "past")


def scatter(session: Session, stage: Stage, chance: random.Random) -> None:
    """Cases in random states with random people around them, as rows: whatever the policy can meet."""
    people = list(session.scalars(select(Person.id)))
    organizations = [*session.scalars(select(Organization.id)), None]
    other = Municipality(name="Соседний", zone="UTC", state="working", version=1, switches={}, municipality_id=0)
    session.add(other)
    session.flush()
    other.municipality_id = other.id
    _group(session, stage, people)
    for kind, of_type in CASE_TYPES.items():
        for number in range(EACH):
            case = Case(
                municipality_id=chance.choice([stage.municipality_id] * 5 + [other.id]), type=kind, title="Дело",
                state=chance.choice(list(of_type.workflow.states)), version=1, applicant_id=chance.choice(people),
                organization_id=chance.choice(organizations), channel=chance.choice(["web", "paper", "officer"]),
                round=chance.choice([1, 1, 2, 3]),
                created_at=clock.now(), state_since=clock.now(), lead_id=chance.choice([*people, None]),
                required=chance.randrange(2), circulated=chance.random() < 0.5, circulation=1, returns=chance.randrange(3),
                due_on=chance.choice([None, date(2026, 8, 1), date(2026, 12, 1)]), verdict=chance.choice([None, "revise"]),
                form={"own_programme": number % 2 == 0},
            )  # fmt: skip
            session.add(case)
            session.flush()
            _people_of(session, case, chance, people)
            few = random.Random(case.id)
            case.composed_by, case.circulated_by, case.proposed_by = (few.choice([*people[:4], None]) for _ in range(3))
            _what_waits(session, case, few)


def _group(session: Session, stage: Stage, people: list[int]) -> None:
    """A working group of the centre, every third person in it and some who have left."""
    group = RECORDS["body"](municipality_id=stage.municipality_id)
    group.name, group.genitive, group.body_kind, group.state, group.version = "Группа", "группы", "group", "active", 1
    session.add(group)
    session.flush()
    for number, one in enumerate(people):
        member = RECORDS["body_member"](municipality_id=stage.municipality_id)
        member.within_id, member.person_id, member.name, member.version = group.id, one, str(one), 1
        member.state = ("active", "ended", "ended")[number % 3]
        session.add(member)


def _what_waits(session: Session, case: Case, chance: random.Random) -> None:
    """What makes a case wait for somebody: whose turn it is, terms of appeals, answers that are wanted, papers to issue anew."""
    case.appeals, case.appeal_waived = chance.choice([0, 0, 1]), chance.random() < 0.2
    case.appeal_until = chance.choice([None, date(2026, 8, 1), date(2026, 12, 1)])
    case.decline_proposed = chance.random() < 0.2
    if chance.random() < 0.5:
        case.common = {"verdict": "revise"}
    for one in case.assignments:
        one.common_answer = chance.choice(["", "agreed"])
    if chance.random() < 0.3:
        session.add(_paper(case, None, "conclusion", 9, state=chance.choice(["issued", "void"]), outdated=True))
    session.flush()
    who = turn(workflow_of(case), facts_of(case, session)).who
    case.turn = chance.choice([who.value if who else None] * 3 + ["lead", "panel"])
    working = [one.expert_id for one in case.assignments if one.round == case.round and one.state == "in_work"]
    if case.turn == "lead" and working:
        case.lead_id = chance.choice(working)


def _paper(case: Case, whose: int | None, kind: str, number: int, *, state: str, outdated: bool = False) -> Document:
    return Document(
        municipality_id=case.municipality_id, case_id=case.id, assignment_id=whose, document_kind=kind, round=1, edition=number,
        register="conclusions", year=2026, number=f"{case.id}-{number}", dated=date(2026, 9, 1), file_name="x", sha256="0", size=1,
        issued_at=clock.now(), state=state, version=1, outdated=outdated,
    )  # fmt: skip


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
    """Everybody of the centre, and some who are nobody's idea of a person; on PostgreSQL, which is only asked in other words, a third."""
    found = [
        actor_of(session, one, stage.municipality_id) for one in session.scalars(select(Person).order_by(Person.id))
    ]
    everything = replace(found[0], roles=frozenset(Role), organization_id=found[0].organization_id)
    officers = [  # parties of cases who are of the office too, and officers of a school with each role
        replace(one, roles=frozenset({role, Role.SCHOOL_OFFICER}))
        for one, role in zip(found, [*Role] * 9, strict=False)
    ]
    keeper = Actor(None, stage.municipality_id, frozenset(Role), Via.COMMAND)
    strangers = [Actor(10**6, stage.municipality_id), replace(found[1], municipality_id=NOWHERE), STRANGER]
    odd = [everything, keeper, *strangers, system(stage.municipality_id)]
    people = [*found, *officers]
    return [*(people[::3] if session.get_bind().dialect.name == "postgresql" else people), *odd]


def unlike_list(session: Session, seen: standings.Visible, judged: set[int]) -> set[int]:
    """Where a list, by whatever way it is asked, differs from what the policy says; no case stands in it twice."""
    if not seen.branches:  # then no statement is asked anywhere
        return judged
    shown = list(session.scalars(select(Case.id).where(seen.condition)))
    branches = [id_ for one in seen.branches for id_ in session.scalars(select(Case.id).where(one))]
    assert len(branches) == len(set(branches)) == seen.count(session) == len(shown)
    return (set(shown) ^ judged) | (set(branches) ^ judged) | (set(session.scalars(seen.column(Case.id))) ^ judged)


def differences(session: Session, stage: Stage, seed: int) -> list[str]:
    """Where the kept standings and the policy disagree."""
    chance = random.Random(seed)
    scatter(session, stage, chance)
    standing_rows.rebuild_in(session)
    session.expire_all()
    cases = session.scalars(select(Case).order_by(Case.id)).all()
    known = {one.id: (workflow_of(one), facts_of(one, session)) for one in cases}
    found, granted = [], 0
    everybody = actors(session, stage)
    for me in everybody:
        for permission in Permission:
            judged = {id_ for id_, (flow, facts) in known.items() if policy.may(flow, me, facts, permission)}
            granted += len(judged)
            unlike = unlike_list(session, standings.visible(me, permission), judged)
            found += [f"{me} {permission} case {id_}" for id_ in unlike]
        for who in Who:
            listed = set(session.scalars(select(Case.id).where(standings.stands(me, frozenset({who})))))
            judged = {id_ for id_, (_, facts) in known.items() if policy.stands(me, facts, who)}
            found += [f"{me} {who} case {id_}" for id_ in listed ^ judged]
    assert granted > len(everybody) * EACH  # the comparison was of something
    return found + _acts(session, known, chance.sample(everybody, 12))


def unlike_work(session: Session, stage: Stage, seed: int) -> list[str]:
    """Where the work list differs from what the policy says of every case and every expert's place."""
    scatter(session, stage, random.Random(seed))
    standing_rows.rebuild_in(session)
    session.expire_all()
    cases = session.scalars(select(Case).order_by(Case.id)).all()
    known = [(case, workflow_of(case), facts_of(case, session)) for case in cases]
    old = set(
        session.scalars(
            select(Document.case_id).join(Case).where(Document.outdated, Document.state == "issued", Case.round == 1)
        )
    )
    found, waited = [], Counter()
    for number, me in enumerate(actors(session, stage)):
        if me.person_id is None or me.municipality_id == NOWHERE:
            continue
        judged = sorted(one for case, flow, facts in known for one in _judged(session, me, case, flow, facts, old))
        listed = worklist.tasks(session, me)
        told = [(one.case.id, one.kind, one.assignment_id or 0) for one in listed]
        waited.update(kind for _, kind, _ in judged)
        found += [f"{me} {one}" for one in {*judged} ^ {*told}]
        if number % 7 == 0:  # every page of a few: each is a dozen statements
            whole = [(one.kind, worklist.ORDER.key_of(one)) for one in listed]
            found += [f"{me} {one}" for one in unlike_pages(session, me, whole)]
        assert len(told) == len(judged) == worklist.count_waiting(session, me)
    assert {"conflict", "reissue", "expert", "coordinator", "director", "applicant", "lead", "panel"} <= waited.keys()
    return found


def _judged(
    session: Session, me: Actor, case: Case, flow: Workflow, facts: Facts, old: set[int]
) -> Iterator[tuple[int, str, int]]:
    """What of a case waits for a person, by its definition: offers, standings, R30, four eyes, the appeals term."""
    mine, offers = policy.standing(me, facts), policy.offers(flow, me, facts)
    if _turn_is_mine(case, facts, mine, offers.keys()):
        yield case.id, case.turn or "", 0
    if facts.barred and Who.COORDINATOR in mine and Who.INVOLVED not in mine:
        yield case.id, "conflict", 0
    if "reissue" in offers and case.id in old:
        yield case.id, "reissue", 0
    for one in case.assignments:
        if one.expert_id != me.person_id or one.round != case.round:
            continue
        open_ = {name for name, offer in policy.offers(ASSIGNMENT, me, facts_of(one, session)).items() if offer.open}
        if one.state in ("invited", "in_work") or open_ & {"agree", "join_common"}:
            yield case.id, "expert", one.id


def _turn_is_mine(case: Case, facts: Facts, mine: frozenset[Who], offered: AbstractSet[str]) -> bool:
    school = facts.by_school and case.state in ("draft", "returned")
    on_behalf = Who.SCHOOL_OFFICER if school else Who.ON_BEHALF
    wanted = {"applicant": {Who.APPLICANT, on_behalf}}.get(case.turn, {Who(case.turn)} if case.turn else set())
    if case.turn == "expert" or not wanted & mine:
        return False
    if case.turn not in ("coordinator", "director"):
        return True
    waits_on = case.state == "approved" and not facts.appealed and not facts.appeal_waived
    if Who.INVOLVED in mine or (waits_on and facts.appeal_until and facts.appeal_until >= facts.today):
        return False
    if (case.state == "on_approval" or facts.decline_proposed) and Who.PREPARED in mine:
        return False
    act = "approve" if case.turn == "director" else "approve_outside"
    return case.state != "on_approval" or act in offered


def _acts(session: Session, known, some: list[Actor]) -> list[str]:
    found = []
    names = sorted({name for of_type in CASE_TYPES.values() for name in of_type.workflow.transitions})
    for me in some:
        offers = {id_: policy.offers(flow, me, facts) for id_, (flow, facts) in known.items()}
        for name in names:
            if me.is_system:
                continue  # offers are a person's; the system's acts are no list
            judged = {id_ for id_, open_ in offers.items() if name in open_}
            unlike = unlike_list(session, standings.performable(me, name), judged)
            found += [f"{me} {name} case {id_}" for id_ in unlike]
    return found


def unlike_papers(session: Session, stage: Stage, seed: int) -> list[str]:
    """Where ``registers.opens`` and ``gate.visible`` disagree about a document."""
    chance = random.Random(seed)
    scatter(session, stage, chance)
    kinds = [*(key for key, one in KINDS.items() if one.of == "case"), "signed_original:approve"]
    for case in session.scalars(select(Case).order_by(Case.id)).all():
        for number in range(3):
            whose = chance.choice([None, None, *(one.id for one in case.assignments)])
            state = chance.choice(list(DOCUMENT.states))
            session.add(_paper(case, whose, chance.choice(kinds), number + 1, state=state))
    papers_of_records(session, stage, chance)
    standing_rows.rebuild_in(session)
    session.expire_all()
    papers = session.scalars(select(Document).order_by(Document.id)).all()
    facts = {one.id: facts_of(one, session) for one in papers}
    found, opened = [], 0
    for me in actors(session, stage):
        listed = set(session.scalars(select(Document.id).outerjoin(Case).where(registers.opens(me))))
        judged = {one.id for one in papers if gate.visible(session, me, one, facts[one.id])}
        opened += len(judged)
        found += [f"{me} document {id_}" for id_ in listed ^ judged]
    assert opened > len(papers)
    return found


def papers_of_records(session: Session, stage: Stage, chance: random.Random) -> None:
    """Papers that records have issued, of the whole and of parts, in every state."""
    ids = {
        "person": list(session.scalars(select(Person.id))),
        "organization": list(session.scalars(select(Organization.id))),
        "case": list(session.scalars(select(Case.id))),
    }
    next_door = session.scalars(select(Municipality.id).where(Municipality.id != stage.municipality_id)).first()
    for lot in scattered(chance, [stage.municipality_id] * 3 + [next_door or stage.municipality_id], ids):
        session.add_all(lot)
        session.flush()
        issuing = [one for one in lot if one.content.behavior(Issues)]
        for number, one in enumerate(issuing):
            key = next(key for act in one.content.workflow.transitions.values() for key in act.issues)
            session.add(
                Document(
                    municipality_id=one.municipality_id, record_kind=one.kind, record_id=one.id, document_kind=key, round=1, edition=1,
                    register=KINDS[key].register, year=2026, number=f"{one.kind} {number}", dated=clock.now().date(), file_name="x",
                    sha256="0", size=1, issued_at=clock.now(), state=chance.choice(list(DOCUMENT.states)), version=1,
                )
            )  # fmt: skip
    session.flush()


def unlike_kinds(session: Session, stage: Stage, seed: int) -> list[str]:
    """Where the lists of people, consents, organisations … and of the parts of cases differ from the policy."""
    chance = random.Random(seed)
    scatter(session, stage, chance)
    other_rows(session, stage, chance)
    standing_rows.rebuild_in(session)
    session.expire_all()
    found, granted = [], Counter()
    everybody = actors(session, stage)
    for model, workflow in PLAIN.items():
        rows = session.scalars(select(model).order_by(model.id)).unique().all()
        known = {one.id: facts_of(one, session) for one in rows[-60:]}
        asked = select(model.id).where(model.id.in_(known))
        some = [*chance.sample(everybody[:-ODD], min(14, len(everybody) - ODD)), *everybody[-ODD:]]
        for me, permission in product(some, _told_of(model)):
            if issubclass(model, PARTS):
                condition = standings.visible_part(me, permission, model)
                listed = set(session.scalars(asked.join(Case, Case.id == model.case_id).where(condition)))
            else:
                listed = set(session.scalars(asked.where(standings.visible(me, permission, model).condition)))
            judged = {id_ for id_, facts in known.items() if policy.may(workflow, me, facts, permission)}
            granted[model.kind] += len(judged)
            found += [f"{me} {permission} {model.kind} {id_}" for id_ in listed ^ judged]
    assert granted.keys() == {one.kind for one in PLAIN} and all(granted.values())
    return found


def _told_of(model: type) -> list[Permission]:
    """Return the permissions that a kind's declaration names; of a part's, the case's may open it."""
    if issubclass(model, PARTS):
        return list(Permission)
    return sorted({one for state in PLAIN[model].states.values() for one in state.grants})


def other_rows(session: Session, stage: Stage, chance: random.Random) -> None:
    """What the invented centre has none of: consents, templates, files, an organisation next door."""
    people = list(session.scalars(select(Person.id)))
    next_door = session.scalars(select(Municipality.id).where(Municipality.id != stage.municipality_id)).first()
    now = clock.now()
    for number in range(12):
        where = chance.choice([stage.municipality_id, next_door])
        session.add_all(
            [
                Consent(
                    municipality_id=where, person_id=chance.choice(people), consent_kind=chance.choice(["processing", "distribution"]),
                    text_version="1", given_at=now, state=chance.choice(["given", "ended"]),
                ),
                WordTemplate(
                    municipality_id=where, document_kind="order", edition=number + 1, file_name="x", sha256="0", size=1, uploaded_at=now,
                    state=chance.choice(["off", "on", "retired"]),
                ),
                Organization(municipality_id=where, name=f"Школа {number}", genitive="школы", state="active"),
                LetterText(
                    municipality_id=where, template="case_registered", edition=number + 1, subject="x", body="x", written_at=now,
                    state=chance.choice(list(LETTER_TEXT.states)),
                ),
                Absence(
                    municipality_id=where, person_id=chance.choice(people), since=now.date(), until=now.date(), cause="leave",
                    asked_at=now, state=chance.choice(list(ABSENCE.states)),
                ),
            ]
        )  # fmt: skip
    for case in chance.sample(list(session.scalars(select(Case))), 30):
        whose = chance.choice([None, *people])
        session.add(
            CaseFile(
                municipality_id=case.municipality_id, case_id=case.id, attachment="material", name="x", media_type="x", size=1,
                sha256="0", uploaded_by_id=whose, uploaded_at=now, state=chance.choice(["attached", "removed"]),
            )
        )  # fmt: skip
        expert = chance.choice([None, *(one.id for one in case.assignments)])
        session.add(_paper(case, expert, "act", 8, state=chance.choice(list(DOCUMENT.states))))
    session.flush()
    ids = {
        "person": people,
        "organization": list(session.scalars(select(Organization.id))),
        "case": list(session.scalars(select(Case.id))),
    }
    for lot in scattered(chance, [stage.municipality_id] * 3 + [next_door or stage.municipality_id], ids):
        session.add_all(lot)
        session.flush()


def test_lists_of_every_other_kind_say_what_the_policy_says(quick_stage):
    with clock.at(quick_stage.moment), quick_stage.database.transaction(keep=False) as session:
        assert unlike_kinds(session, quick_stage, 11) == []


@pytest.mark.parametrize("seed", range(2))
def test_a_register_says_what_the_gate_says(quick_stage, seed):
    with clock.at(quick_stage.moment), quick_stage.database.transaction(keep=False) as session:
        assert unlike_papers(session, quick_stage, seed) == []


def test_lists_say_what_the_policy_says_on_sqlite(quick_stage):
    with clock.at(quick_stage.moment + timedelta(days=1)), quick_stage.database.transaction(keep=False) as session:
        assert differences(session, quick_stage, 1) == []


def test_the_work_list_says_what_the_policy_says(quick_stage):
    with clock.at(quick_stage.moment), quick_stage.database.transaction(keep=False) as session:
        assert unlike_work(session, quick_stage, 5) == []


def test_postgresql_looks_up_what_one_stands_to_by_name():
    """It would walk all cases for somebody who stands nowhere (docs/performance.md)."""
    oldest = standings.visible(
        Actor(person_id=1, municipality_id=1, roles=frozenset({Role.TEACHER})), Permission.VIEW
    ).first_ids()
    said = [str(oldest.compile(dialect=one.dialect())) for one in (postgresql, sqlite)]
    assert ["cases.id = ANY (array((SELECT" in one for one in said] == [True, False], said


@pytest.mark.postgres
@pytest.mark.parametrize("unlike", [differences, unlike_work, unlike_papers, unlike_kinds])
def test_lists_say_what_the_policy_says_on_postgresql(centre_postgres_url, tmp_path, unlike):
    with (
        open_stage(centre_postgres_url, tmp_path) as stage,
        clock.at(stage.moment),
        stage.database.transaction(keep=False) as session,
    ):
        assert unlike(session, stage, 99) == []
