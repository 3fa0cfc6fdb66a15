"""Pages by key partition a list: walked forwards or backwards, in every order, each row stands on one page, whatever else changes."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise, product

import pytest
from sqlalchemy import delete, func, select, text, update

from tests.statements import count_statements
from workflow_app import clock
from workflow_app.db import keyset
from workflow_app.db.keyset import Order, Walk
from workflow_app.db.models import AccessLog, Assignment, Case, Document, Person
from workflow_app.facts import registers, standing_rows
from workflow_app.facts.actors import actor_of
from workflow_app.facts.standings import visible
from workflow_app.features.cases import queries as case_queries
from workflow_app.features.people import queries as people_queries
from workflow_app.features.reviews import queries as review_queries
from workflow_app.spelling import order_key
from workflow_app.states.vocabulary import Permission

SIZE = 7
TITLES = ("Ёж", "Ель", "Ящик", "№ 2", "№ 10", "")


@dataclass
class Listed:
    """A list as its page reads it."""

    order: Order
    found: list
    session: object

    def read(self, **walk):
        page = keyset.stretch(self.found, self.order, Walk(**walk))
        return list(self.session.scalars(keyset.rows(page, self.order)).unique())

    def pages(self, *, back):
        found = []
        rows = self.read(limit=SIZE, back=back)
        while rows:
            found.append([one.id for one in rows])
            rows = self.read(limit=SIZE, back=back, place=self.order.key_of(rows[0 if back else -1]))
        return found


@pytest.fixture
def session(stage):
    with clock.at(stage.moment), stage.database.transaction(keep=False) as found:
        _fill(found, stage, random.Random(11))
        yield found


def _fill(session, stage, chance):
    """Cases with titles, numbers, dates and applicants that are often the same or missing, papers, people, an access log."""
    people = list(session.scalars(select(Person.id)))
    coordinator = stage.people["morozova"]
    for number in range(60):
        numbered = chance.random() < 0.6
        case = Case(
            municipality_id=stage.municipality_id, type="methodical_material", title=chance.choice(TITLES), version=1,
            state=chance.choice(["draft", "submitted", "in_review", "approved"]), channel=chance.choice(["web", "paper"]),
            applicant_id=chance.choice([*people, coordinator, coordinator]), created_at=stage.moment, state_since=stage.moment,
            number=f"ММ-2026-{number}" if numbered else None, registered_at=stage.moment if numbered else None, circulation=1,
            due_on=chance.choice([None, date(2026, 9, 1), date(2026, 9, 1), date(2026, 9, number % 20 + 1)]),
        )  # fmt: skip
        session.add(case)
        session.flush()
        session.add(
            Document(
                municipality_id=stage.municipality_id, case_id=case.id, document_kind="order", round=1, edition=chance.choice([1, 2]),
                register="orders", year=chance.choice([None, 2025, 2026]), number=str(number), dated=date(2026, 9, number % 5 + 1),
                file_name="x", sha256="0", size=1, issued_at=stage.moment, state="issued", version=1,
            )
        )  # fmt: skip
        session.add(_assignment(stage, case, chance))
        if number % 4 == 0:
            last = chance.choice(["Ежова", "Ёжикова", "Юдина"])
            session.add(
                Person(municipality_id=stage.municipality_id, last_name=last, first_name=f"Я{number}", state="listed")
            )
        place = chance.choice([None, stage.municipality_id])
        session.add(AccessLog(at=stage.moment + timedelta(hours=number // 3), municipality_id=place, what="login"))
    standing_rows.rebuild_in(session)


def _assignment(stage, case, chance):
    """A review of one expert, open, signed, ended or waiting for an answer to a text."""
    state = chance.choice(["invited", "in_work", "signed", "consolidated", "refused", "past"])
    signed = (
        stage.moment + timedelta(hours=chance.randrange(5)) if state in ("signed", "consolidated", "past") else None
    )
    if state == "signed":
        case.state, case.circulated = chance.choice(
            [("consolidation", True), ("consolidation", False), ("third_review", False)]
        )
        case.common = chance.choice([{}, {"verdict": "positive"}])
    return Assignment(
        municipality_id=stage.municipality_id, case_id=case.id, expert_id=stage.people["bondarenko"], round=1, state=state, version=1,
        invited_at=stage.moment, declared_at=stage.moment, signed_at=signed,
        due_on=chance.choice([None, date(2026, 9, chance.randrange(1, 9))]),
        answered=chance.choice([0, 1]), common_answer=chance.choice(["", "agreed"]),
    )  # fmt: skip


def lists(session, stage):
    """Every list that is walked by keys, in every order it offers, both ways."""
    me = actor_of(session, session.get_one(Person, stage.people["morozova"]), stage.municipality_id)
    seen = [select(Case).where(one) for one in visible(me, Permission.VIEW).branches]
    found = [(f"cases {name}", order, seen) for name, order in case_queries.SORTS.items()]
    found += [("cases newest", case_queries.order_of(case_queries.Wanted()), seen)]
    found += [(f"orders {name}", order, [registers.papers(me, "orders")]) for name, order in registers.SORTS.items()]
    found += [(f"people {name}", order, [people_queries.people(me)]) for name, order in people_queries.SORTS.items()]
    found += [("experts", people_queries.BY_NAME, [people_queries.experts(me)])]
    found += [("names", people_queries.BY_NAME, [people_queries.to_confirm(me, everybody=False)])]
    own = review_queries.mine(stage.people["bondarenko"])
    found += [(f"reviews {name}", order, [own]) for name, order in review_queries.SORTS.items()]
    found += [("reviews newest", review_queries.NEWEST, [own])]
    found += [("access", Order(AccessLog, ("at",)), people_queries.access(me))]
    for (name, order, parts), down in product(found, (False, True)):
        yield f"{name} {down}", Listed(order.turned(down=down), parts, session)


def test_walking_by_keys_meets_every_row_once_in_the_order_of_the_list(session, stage):
    for name, listed in lists(session, stage):
        whole = [one.id for one in listed.read(limit=10_000)]
        there = sum(
            session.scalar(one.with_only_columns(func.count(), maintain_column_froms=True)) for one in listed.found
        )
        assert len(whole) == len(set(whole)) == there > SIZE, name
        forwards, backwards = listed.pages(back=False), listed.pages(back=True)
        assert [id_ for page in forwards for id_ in page] == whole, name
        assert [id_ for page in reversed(backwards) for id_ in page] == whole, name
        assert {len(page) for page in forwards[:-1] + backwards[:-1]} == {SIZE}, name


def test_the_order_is_that_of_the_values_and_what_is_empty_stands_last(session, stage):
    for name, listed in lists(session, stage):
        order = listed.order
        keys = [order.key_of(one) for one in listed.read(limit=10_000)]
        empty = [order.blank is not keyset.NEVER and key[0] in (None, order.blank) for key in keys]
        assert empty == sorted(empty), name
        for part in (False, True):
            same = [key[part and 1 :] for key, blank in zip(keys, empty, strict=True) if blank is part]
            assert same == sorted(same, reverse=order.down), name


def test_what_happens_on_other_pages_moves_no_row_of_the_next_one(session, stage):
    """Rows before the place come, go and change; the next page begins where the last one ended."""
    listed = Listed(Order(Case, down=True), [select(Case).where(Case.state != "draft")], session)
    first = listed.read(limit=SIZE)
    place = listed.order.key_of(first[-1])
    due = [one.id for one in listed.read(limit=SIZE, place=place)]
    gone = first[2].id
    session.execute(delete(Document).where(Document.case_id == gone))
    session.execute(delete(Assignment).where(Assignment.case_id == gone))
    session.execute(delete(Case).where(Case.id == gone))
    session.execute(update(Case).where(Case.id == first[0].id).values(state="draft"))
    assert [one.id for one in listed.read(limit=SIZE, place=place)] == due
    assert gone not in [
        one.id for one in listed.read(limit=SIZE, place=listed.order.key_of(session.get_one(Case, due[0])), back=True)
    ]


def test_the_groups_of_an_experts_list_are_those_that_each_line_says(session, stage):
    expert = stage.people["bondarenko"]
    every = session.scalars(review_queries.mine(expert)).all()
    said = {one: {row.id for row in every if review_queries.group_of(row) == one} for one in review_queries.GROUPS}
    read = {
        one: {row.id for row in session.scalars(review_queries.mine(expert, group=one))}
        for one in review_queries.GROUPS
    }
    assert read == said
    assert all(said.values())
    assert review_queries.counted(session, expert) == {one: len(ids) for one, ids in said.items()}


def test_a_case_keeps_the_order_of_its_applicants_name(session, stage):
    case = session.scalars(select(Case).where(Case.applicant_id == stage.people["sokolova"])).first()
    assert case.applicant_order == order_key("Соколова", "Ольга", "Викторовна")
    case.applicant.last_name = "Ёлкина"
    session.flush()
    session.expire_all()
    assert case.applicant_order == order_key("Ёлкина", "Ольга", "Викторовна")
    case.applicant_id = stage.people["bondarenko"]
    session.flush()
    assert case.applicant_order == session.get_one(Person, stage.people["bondarenko"]).name_order


def test_every_order_of_a_list_walks_an_index_and_sorts_nothing(session, stage):
    """SQLite says how it would read: a part of a list that sorts its rows would read them all, but for what one stands to by name."""
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("how PostgreSQL reads hangs on the size of the tables")
    walked = 0
    for name, listed in lists(session, stage):
        for one, place in product(listed.found, (None, listed.order.key_of(listed.read(limit=SIZE)[-1]))):
            page = select(keyset.stretch([one], listed.order, Walk(SIZE, place=place)))
            sql = page.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
            plan = [row[3] for row in session.execute(text(f"EXPLAIN QUERY PLAN {sql}"))]
            if any("INTEGER PRIMARY KEY" in step for step in plan):
                continue  # by the numbers of one's own
            walked += 1
            assert not any(step.startswith("SCAN") and " anon" not in step and step != "SCAN page" for step in plan), (
                name,
                plan,
            )
            sorts = [
                after
                for step, after in pairwise(plan)
                if step.startswith("USE TEMP B-TREE") and after.startswith("SCAN anon")
            ]
            assert not sorts, (name, plan)
    assert walked > len(case_queries.SORTS) * 4


def test_drafts_on_paper_are_looked_up_by_their_state_and_not_among_all_cases(session, stage):
    """A list of a coordinator holds the few drafts of others on paper: whoever walks the whole list for them reads every case."""
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("how PostgreSQL reads hangs on the size of the tables")
    me = actor_of(session, session.get_one(Person, stage.people["morozova"]), stage.municipality_id)
    order = Order(Case, ("title_order",))
    plans = []
    for branch in visible(me, Permission.VIEW).branches:
        page = select(keyset.stretch([select(Case).where(branch)], order, Walk(SIZE)))
        sql = page.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        plans.append([row[3] for row in session.execute(text(f"EXPLAIN QUERY PLAN {sql}"))])
    of_drafts = "SEARCH cases USING COVERING INDEX ix_case_state_due (municipality_id=? AND state=?)"
    assert [of_drafts in plan for plan in plans].count(True) == 1


@pytest.mark.parametrize("who", ["morozova", "gradov", "bondarenko", "sokolova"])
def test_ones_own_cases_and_a_few_of_a_page_are_looked_up_by_their_numbers(session, stage, who):
    """Whoever asks for ten cases is not to read all of the municipality: SQLite would, where a condition is written as `… = 1`."""
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("how PostgreSQL reads hangs on the size of the tables")
    me = actor_of(session, session.get_one(Person, stage.people[who]), stage.municipality_id)
    shown = session.scalars(select(Case).limit(3)).all()
    for one in shown:
        one.state = "approved"  # of those the verdict may be told
    with session.no_autoflush, count_statements(session.get_bind()) as told:
        session.execute(select(Case.id).where(visible(me, Permission.VIEW).branches[-1]))
        case_queries.verdicts_told(session, me, shown)
    assert len(told) == 2
    for sql in told:
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", (1,) * sql.count("?")).all()
        looked_up = [step for *_, step in plan if " cases " in step]
        assert looked_up == ["SEARCH cases USING INTEGER PRIMARY KEY (rowid=?)"], (sql, plan)
