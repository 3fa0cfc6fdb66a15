"""Lists have one order on both databases, that of Russian dictionaries; numbers are found however they are typed."""

import pytest
from sqlalchemy import select

from tests.gate.kit import actor
from tests.play import at
from workflow_app import clock, gate
from workflow_app.content_types.organization import ORGANIZATION, OrganizationCard
from workflow_app.db.keyset import Walk
from workflow_app.db.models import Case, Document, Organization, Person
from workflow_app.facts import pickers, registers, search, standing_rows
from workflow_app.facts.actors import actor_of
from workflow_app.facts.candidates import candidates
from workflow_app.facts.directory import person_row
from workflow_app.facts.record_rows import row_of
from workflow_app.features.cases import queries as case_queries
from workflow_app.features.people import queries as people_queries
from workflow_app.states.definitions.people import EditPerson, NewPerson
from workflow_app.states.forms import fill

NAMES = ("Яхонтова", "Ёжикова", "Ежова")
RIGHT = ["Ёжикова", "Ежова", "Яхонтова"]


@pytest.fixture
def session(stage):
    with clock.at(stage.moment), stage.database.transaction(keep=False) as found:
        yield found


def office(session, stage):
    return actor_of(session, session.get_one(Person, stage.people["morozova"]), stage.municipality_id)


def ours(names):
    return [one for one in names if one in NAMES]


@pytest.fixture
def entered(session, stage):
    """Three people whose order tells «ё», as the pages enter them; the last two are experts."""
    me = office(session, stage)
    for name in NAMES:
        card = NewPerson(last_name=name, first_name="Анна", role="expert")
        gate.begin(session, me, person_row(stage.municipality_id, name, "Анна"), card)
    return session


def test_people_stand_in_one_order_in_every_list(entered, stage):
    me = office(entered, stage)
    listed = entered.scalars(people_queries.people(me).order_by(Person.name_order)).unique()
    assert ours(one.last_name for one in listed) == RIGHT
    experts = entered.scalars(people_queries.experts(me).order_by(Person.name_order)).unique()
    assert ours(one.last_name for one in experts) == RIGHT
    for known in (
        pickers.people(entered, stage.municipality_id),
        pickers.people(entered, stage.municipality_id, "expert"),
    ):
        assert ours(str(one.label).split()[0] for one in known.search("анна")) == RIGHT


def test_the_candidates_of_a_case_stand_in_the_same_order_when_nothing_else_decides(stage):
    road = at(stage, "registered")
    with clock.at(stage.moment), stage.database.transaction(keep=False) as session:
        me = office(session, stage)
        for name in NAMES:
            card = NewPerson(last_name=name, first_name="Анна", role="expert")
            gate.begin(session, me, person_row(stage.municipality_id, name, "Анна"), card)
        ranked = candidates(session, session.get_one(Case, road.case_id))
        assert ours(one.person.last_name for one in ranked) == RIGHT


def test_organisations_stand_by_name_and_by_number(session, stage):
    me = office(session, stage)
    for name in ("Школа № 10", "Школа № 2", "Ёлочка", "Единство"):
        sheet = OrganizationCard(name=name, genitive=name)
        gate.begin(session, me, row_of(ORGANIZATION, stage.municipality_id, sheet), sheet)
    right = ["Единство", "Ёлочка", "Школа № 2", "Школа № 10"]
    named = [str(one.label) for one in pickers.organizations(session, stage.municipality_id).search("")]
    assert [one for one in named if one in right] == right
    assert (
        list(
            session.scalars(
                select(Organization.name).where(Organization.name.in_(right)).order_by(Organization.title_order)
            )
        )
        == right
    )


def test_cases_stand_by_applicant_by_title_and_by_number(session, stage):
    for number, (name, title) in enumerate(zip(NAMES, ("Ящик", "Ёж", "Ель"), strict=True)):
        person = person_row(stage.municipality_id, name, "Анна")
        session.add(person)
        person.state = "listed"
        session.flush()
        session.add(
            Case(
                municipality_id=stage.municipality_id, type="methodical_material", applicant_id=person.id, title=title, state="registered",
                number=f"ММ-2026-{(100, 20, 3)[number]}", created_at=clock.now(), state_since=clock.now(), registered_at=clock.now(),
            )
        )  # fmt: skip
    session.flush()
    standing_rows.rebuild_in(session)
    coordinator = actor_of(session, session.get_one(Person, stage.people["morozova"]), stage.municipality_id)

    def listed(sort, *, descending=False):
        wanted = case_queries.Wanted(sort=sort, descending=descending)
        return case_queries.cases(
            session, case_queries.found(session, coordinator, wanted), case_queries.order_of(wanted), Walk(50)
        )

    assert [one.applicant.last_name for one in listed("applicant")] == RIGHT
    assert [one.title for one in listed("title")] == ["Ёж", "Ель", "Ящик"]
    assert [one.number for one in listed("number")] == ["ММ-2026-3", "ММ-2026-20", "ММ-2026-100"]
    assert [one.number for one in listed("number", descending=True)] == ["ММ-2026-100", "ММ-2026-20", "ММ-2026-3"]


def test_a_register_counts_a_typed_number_among_the_others(stage):
    road = at(stage, "approved")
    with clock.at(stage.moment), stage.database.transaction(keep=False) as session:
        me = actor(session, road, "morozova")
        paper = session.scalars(select(Document).where(Document.register == "conclusions")).first()
        for number in ("1000", "999-од", "902", "945/1"):
            copied = {
                one.key: getattr(paper, one.key) for one in Document.__table__.columns if one.key not in ("id", "code")
            }
            session.add(Document(**copied | {"number": number, "edition": 1, "round": int(number[:3])}))
        session.flush()
        found = registers.lines(me, registers.papers(me, "conclusions"), registers.SORTS["number"], Walk(50))
        numbers = [one.number for one, *_ in session.execute(found)]
    assert [one for one in numbers if one in ("1000", "999-од", "902", "945/1")] == ["902", "945/1", "999-од", "1000"]


@pytest.mark.parametrize("typed", ["MM-2026-1", "ММ–2026–1", "№ мм—2026−1", "mm-2026"])
def test_a_case_is_found_by_its_number_in_any_letters_and_dashes(stage, typed):
    road = at(stage, "registered")
    with stage.database.transaction(keep=False) as session:
        found = session.scalars(select(Case).where(search.among(session, typed, Case)))
        assert [one.id for one in found] == [road.case_id]


def test_a_key_follows_the_name(entered, stage):
    """The model keeps it: nobody who changes a name has to think of it."""
    me = office(entered, stage)
    person = entered.scalars(select(Person).where(Person.last_name == "Яхонтова")).one()
    card = fill(EditPerson, {"last_name": "Абрамова", "first_name": "Анна"}, {"organizations": [], "positions": []})
    gate.perform(entered, me, person, "edit_person", card, person.version)
    entered.refresh(person)
    assert person.name_order == "абрамова анна "
