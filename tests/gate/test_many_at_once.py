"""Many parts begun as one act: each with its event in the chain of the whole, and none dearer than the one before."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.event import listen, remove

from tests.gate.test_record_waits import an_event
from tests.gate.test_records import begin, me
from tests.rows import findings
from tests.statements import count_statements
from workflow_app import clock, gate
from workflow_app.content_types.data_answer import DataAnswer
from workflow_app.content_types.data_request import DataRequest
from workflow_app.content_types.declaration import EndRecord
from workflow_app.content_types.registration import Registration
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import RECORDS, Event, Organization, Waiting
from workflow_app.errors import Invalid
from workflow_app.facts import search_rows
from workflow_app.facts.record_rows import row_of


def begin_many(session, stage, key, whole, sheets, who="morozova"):
    """Begin a part for each sheet as one act; return the sheets that were refused."""
    actor, top, refused = me(session, stage, who), session.get_one(RECORDS[CONTENT_TYPES[key].within], whole), []
    with gate.together(session):
        for sheet in sheets:
            try:
                gate.begin(session, actor, row_of(CONTENT_TYPES[key], stage.municipality_id, sheet, top), sheet)
            except Invalid:
                refused.append(sheet)
    return refused


def a_request(stage, number=1):
    sheet = DataRequest(title=f"Набор {number}", what="Сколько детей ждёте.", asked=(), until=date(2026, 12, 10))
    return begin(stage, "data_request", sheet)


def schools(stage, many):
    with stage.database.transaction(keep=True) as session:
        mark = session.query(Organization).count()
        rows = [
            Organization(
                municipality_id=stage.municipality_id, name=f"Школа № {one}", genitive=f"школы № {one}", state="active"
            )
            for one in range(mark, mark + many)
        ]
        session.add_all(rows)
        session.flush()
        search_rows.rebuild_in(session)
        return [one.id for one in rows]


def people(many):
    return [Registration(name=f"Участник Номер{one}") for one in range(many)]


def cost(stage, key, whole, sheets):
    """How many statements it takes to begin so many parts of a whole that has none."""
    with clock.at(stage.moment), stage.database.transaction(keep=True) as session:
        begin_many(session, stage, key, whole, [])
        with count_statements(stage.database.engine) as told:
            assert begin_many(session, stage, key, whole, sheets) == []
        return len(told)


@pytest.mark.parametrize("key", ["data_answer", "registration"])
def test_a_part_costs_the_same_statements_among_ten_and_among_forty(stage, key):
    def ten_times(times):
        if key == "registration":
            return cost(stage, key, an_event(stage, title=f"Практикум {times}", capacity=50), people(10 * times))
        asked = [DataAnswer(organization_id=one, told={}) for one in schools(stage, 10 * times)]
        return cost(stage, key, a_request(stage, times), asked)

    few, more, many = ten_times(1), ten_times(2), ten_times(4)
    assert (many - more) / 20 <= (more - few) / 10 + 0.5, (few, more, many)
    assert [one for one in findings(stage) if not one.startswith("organization")] == []


def test_many_leave_what_one_after_the_other_leaves(stage):
    event = an_event(stage, capacity=2)
    with clock.at(stage.moment), stage.database.transaction(keep=True) as session:
        begin_many(session, stage, "registration", event, people(3))
    with stage.database.transaction(keep=False) as session:
        chain = select(Event.transition).where(Event.root_kind == "centre_event", Event.root_id == event)
        assert list(session.scalars(chain.order_by(Event.seq))) == [
            "begin", *("begin", "take_place") * 2, "begin", "queue",
        ]  # fmt: skip
        model = RECORDS["registration"]
        assert list(session.scalars(select(model.state).order_by(model.id))) == ["active", "active", "waiting"]
    assert findings(stage) == []


def test_one_that_is_refused_leaves_nothing_and_the_others_stay(stage):
    event = an_event(stage)
    one, other = people(2)
    with clock.at(stage.moment), stage.database.transaction(keep=True) as session:
        assert begin_many(session, stage, "registration", event, [one, one, other]) == [one]
    with stage.database.transaction(keep=False) as session:
        assert list(session.scalars(select(RECORDS["registration"].name))) == [one.name, other.name]
    assert findings(stage) == []


def test_an_error_among_many_leaves_none_and_the_next_act_is_an_ordinary_one(stage):
    event = an_event(stage)
    with clock.at(stage.moment), stage.database.transaction(keep=True) as session:
        top = session.get_one(RECORDS["centre_event"], event)
        with pytest.raises(RuntimeError), gate.together(session):
            for sheet in people(2):
                row = row_of(CONTENT_TYPES["registration"], stage.municipality_id, sheet, top)
                gate.begin(session, me(session, stage, "morozova"), row, sheet)
            raise RuntimeError
        assert session.scalar(select(RECORDS["registration"].id)) is None
    begin(stage, "registration", people(1)[0], whole=event)
    assert findings(stage) == []


def test_an_act_on_a_part_reads_one_of_those_who_wait_for_a_place(stage):
    event = an_event(stage, capacity=1)
    with clock.at(stage.moment), stage.database.transaction(keep=True) as session:
        begin_many(session, stage, "registration", event, people(12))
    model, read = RECORDS["registration"], []

    def note(row, _context):
        read.append(row.id)

    listen(model, "load", note)
    try:
        with clock.at(stage.moment), stage.database.transaction(keep=True) as session:
            row = session.get_one(model, 1)
            gate.perform(
                session, me(session, stage, "morozova"), row, "end", EndRecord(reason="Не придёт"), row.version
            )
    finally:
        remove(model, "load", note)
    assert sorted(set(read)) == [1, 2, 3], "who leaves, who moves up, who would be next"
    with stage.database.transaction(keep=False) as session:
        states = list(session.scalars(select(model.state).order_by(model.id)))
    assert states == ["ended", "active", *["waiting"] * 10]
    assert findings(stage) == []


def test_an_act_on_a_part_asks_as_much_among_three_as_among_twenty(stage):
    counted = []
    for many in (3, 20):
        request = a_request(stage, many)
        answers = [DataAnswer(organization_id=one, told={}) for one in schools(stage, many)]
        with clock.at(stage.moment), stage.database.transaction(keep=True) as session:
            begin_many(session, stage, "data_answer", request, answers)
        model = RECORDS["data_answer"]
        with clock.at(stage.moment), stage.database.transaction(keep=True) as session:
            row = session.scalars(select(model).where(model.within_id == request)).first()
            answer = CONTENT_TYPES["data_answer"].workflow.transition("answer").asks
            with count_statements(stage.database.engine) as told:
                gate.perform(session, me(session, stage, "morozova"), row, "answer", answer(told={}), row.version)
            counted.append(len(told))
    assert counted[0] == counted[1]
    with stage.database.transaction(keep=False) as session:
        assert len(set(session.scalars(select(Waiting.subject_id).where(Waiting.root_kind == "data_request")))) == 23


def test_all_who_wait_get_a_place_when_there_are_places_enough(quick_stage):
    """More people than one subject may ever move by itself: the bound is of each, not of the whole."""
    event = an_event(quick_stage, capacity=2)
    with clock.at(quick_stage.moment), quick_stage.database.transaction(keep=True) as session:
        begin_many(session, quick_stage, "registration", event, people(60))
        row = session.get_one(RECORDS["centre_event"], event)
        edit = row.content.workflow.transition("edit")
        sheet = edit.asks(**row.values | {"capacity": 100})
        gate.perform(session, me(session, quick_stage, "morozova"), row, "edit", sheet, row.version)
    with quick_stage.database.transaction(keep=False) as session:
        found = session.scalars(select(RECORDS["registration"].state).where(RECORDS["registration"].within_id == event))
        assert set(found) == {"active"}
    assert findings(quick_stage) == []
