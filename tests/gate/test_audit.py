"""R31, security F: one event an act, whole or not at all, and nothing of an act that failed (test_proof.py looks for forgeries)."""

from contextlib import suppress

import pytest
from sqlalchemy import func, select

from tests.gate import acts
from tests.gate.kit import REASON, documents, events, findings, last, looking, value
from tests.play import EXPERTS, at
from workflow_app import clock, gate
from workflow_app.db import hash_chain
from workflow_app.db.models import (
    Assignment,
    Case,
    Counter,
    CriteriaRow,
    Document,
    Event,
    EventPayload,
    Organization,
    WorkingCopy,
)
from workflow_app.demo.steps import DIRECTOR
from workflow_app.errors import Broken, Denied, Invalid, NotFound
from workflow_app.gate import audit, issuing
from workflow_app.states.definitions.case.forms import Approve, Cancel, ConclusionText, NewCase, Register
from workflow_app.states.forms import Nothing
from workflow_app.states.vocabulary import Actor, Role, Via

MATERIAL = "methodical_material"


def everything(stage) -> dict[str, int]:
    """How many rows there are of what an act could leave behind."""
    with stage.database.transaction(keep=False) as session:
        found = {
            one.__tablename__: session.scalar(select(func.count()).select_from(one))
            for one in (Event, EventPayload, Document, Assignment, Case)
        }
        found["numbers"] = session.scalar(select(func.coalesce(func.sum(Counter.last), 0)))
        return found


def test_each_act_of_a_person_is_one_event_and_what_follows_names_its_cause(play):
    """Decisions 5: the person's act first, the system's under it."""
    road = play("on_approval", MATERIAL)
    seen = len(events(road))
    acts.send_back(road)
    first, *followed = events(road)[seen:]
    assert (first.transition, first.caused_by, first.actor_id is not None) == ("send_back", None, True)
    assert [one.transition for one in followed] == ["annul", "void", "void", "begin", "resume", "begin_work"]
    assert {one.via for one in followed} == {"system"}
    known = {first.id, *(one.id for one in followed)}
    assert all(one.caused_by in known for one in followed)


@pytest.mark.parametrize("kind", EXPERTS)
def test_the_state_is_the_last_events_after_the_whole_road(play, kind):
    """Security 49."""
    road = play("approved", kind)
    chain_of = [one for one in events(road) if one.subject_kind == "case"]
    assert [one.before for one in chain_of[1:]] == [one.after for one in chain_of[:-1]]
    assert [one.subject_version for one in chain_of] == list(range(1, len(chain_of) + 1))
    assert chain_of[-1].after == road.state()
    assert findings(road) == []


def test_the_digest_covers_every_column_but_the_rows_own_key():
    """Decisions 1: a column added later has to be covered too."""
    assert set(hash_chain.COVERED) == {one.name for one in Event.__table__.columns} - {"id", "digest"}


def test_a_canonical_form_is_one_form():
    assert hash_chain.canonical({"б": 1, "а": ["e\u0301", None, True]}) == hash_chain.canonical(
        {"а": ["é", None, True], "б": 1}
    )
    with pytest.raises(Broken):
        hash_chain.canonical({"a": [1.0]})
    assert hash_chain.payload_hash("1", {}) != hash_chain.payload_hash("2", {})


BREAKABLE = {"effect": gate, "issue": issuing, "append": audit, "_settle": gate}


@pytest.fixture(params=BREAKABLE)
def breakdown(request, monkeypatch):
    """Whatever the gate calls on its way breaks down after its work is done; ``breakdown()`` ends it."""
    name, module = request.param, BREAKABLE[request.param]
    original = getattr(module, name)

    def breaking(*given, **named):
        original(*given, **named)
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(module, name, breaking)
    return lambda: monkeypatch.setattr(module, name, original)


@pytest.fixture
def waiting(stage, request):
    """A case on approval, played before anything breaks."""
    return at(stage, "on_approval", MATERIAL)


def approve(session, me, road) -> None:
    case = session.get_one(Case, road.case_id)
    gate.perform(session, me, case, "approve", Approve(how="simple"), case.version)


def untouched(road, before, version) -> None:
    """Nothing happened, and the next attempt gets the first number."""
    assert everything(road.stage) == before
    assert (road.state(), value(road, "version"), value(road, "approved_at")) == ("on_approval", version, None)
    road.approve()
    assert documents(road, "order")[0].number == "1"
    assert findings(road) == []


def test_nothing_is_left_of_an_act_that_breaks_down(waiting, breakdown):
    """No event, no row, no number taken; on both databases."""
    before, version = everything(waiting.stage), value(waiting, "version")
    with pytest.raises(RuntimeError), waiting.stage.turn(DIRECTOR) as (session, me):
        approve(session, me, waiting)
    breakdown()
    untouched(waiting, before, version)


def test_nothing_is_left_even_when_the_caller_goes_on(waiting, breakdown):
    """As a page does that shows the form again and keeps the typed text."""
    before, version = everything(waiting.stage), value(waiting, "version")
    with waiting.stage.turn(DIRECTOR) as (session, me), suppress(RuntimeError):
        approve(session, me, waiting)
    breakdown()
    untouched(waiting, before, version)


def test_nothing_is_left_of_a_beginning_that_is_refused_or_breaks(stage, monkeypatch):
    before = everything(stage)
    with stage.turn("sokolova") as (session, me):
        row = Case(
            municipality_id=me.municipality_id, type=MATERIAL, applicant_id=stage.people["lebedev"], title="Чужое дело",
            created_at=stage.moment, state_since=stage.moment,
        )  # fmt: skip
        with pytest.raises(Denied):
            gate.begin(session, me, row, NewCase(case_type=MATERIAL, title="Чужое дело, открытое за другого"))
    assert everything(stage) == before
    monkeypatch.setattr(gate, "_touch", lambda _root: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        stage.open("sokolova", MATERIAL, "Дело, которое не открылось")
    assert everything(stage) == before


def test_what_a_failed_act_wanted_is_not_done_by_the_next_one(play):
    """An effect may have asked for acts on other subjects before it failed."""
    road = play("consolidation", MATERIAL)
    with road.stage.turn(road.office) as (session, me):
        case = session.get_one(Case, road.case_id)
        gate.entail(session, me, case, "cancel", Cancel(reason=REASON))  # left over
        text = ConclusionText(
            strengths="Сильные стороны.", remarks="", conclusions="Выводы сделаны.", recommendations=""
        )
        gate.perform(session, me, case, "circulate", text, case.version)
    assert road.state() == "consolidation"


def test_the_sheet_must_be_the_one_that_the_transition_asks(play):
    """Security 23: nobody smuggles the effect of another transition in."""
    road = play("submitted", MATERIAL)
    with road.stage.turn(road.office) as (session, me):
        case = session.get_one(Case, road.case_id)
        for wrong in (Cancel(reason=REASON), Nothing()):
            with pytest.raises(Broken):
                gate.perform(session, me, case, "register", wrong, case.version)
    assert road.state() == "submitted"


@pytest.mark.parametrize("id_", [0, -1, 10**6, 2**31, 10**30])
@pytest.mark.parametrize("kind", [Case, Assignment, Document])
def test_what_is_not_there_looks_like_what_may_not_be_seen(stage, kind, id_):
    """Decisions 11, security 25: whatever number stands in the address."""
    road = at(stage, "registered", MATERIAL)
    told = set()
    for key, wanted in (("sokolova", id_), ("lebedev", road.case_id)):
        with pytest.raises(NotFound) as found, stage.turn(key) as (session, me):
            gate.read(session, me, kind if key == "sokolova" else Case, wanted)
        told.add(str(found.value))
    assert len(told) == 1


def test_an_event_keeps_the_channel_and_the_address_without_control_characters(play):
    """Security 53."""
    road = play("submitted", MATERIAL)
    with clock.at(road.stage.moment), road.stage.database.transaction(keep=True) as session:
        me = Actor(road.stage.people["morozova"], 1, frozenset({Role.COORDINATOR}), Via.API, "::1\x00\n" + "9" * 100)
        case = session.get_one(Case, road.case_id)
        gate.perform(session, me, case, "register", Register(received_at=road.today(), outside_number=""), case.version)
    event = last(road, "register")
    assert (event.via, event.ip) == ("api", ("::1" + "9" * 100)[:64])


def test_a_working_copy_is_consumed_by_the_act_that_it_was_for(play):
    """Decisions 3."""
    road = play("registered", MATERIAL)
    with road.stage.turn("morozova") as (session, me):
        for key, name in (("morozova", "return"), ("subbotina", "return"), ("morozova", "decline")):
            copy = WorkingCopy(
                person_id=road.stage.people[key], subject_kind="case", subject_id=road.case_id, transition=name, data={},
                saved_at=road.stage.moment,
            )  # fmt: skip
            session.add(copy)
        assert me.person_id
    acts.ACTS["return"](road)
    with looking(road) as (session, _):
        left = [(one.person_id, one.transition) for one in session.scalars(select(WorkingCopy))]
    assert left == [(road.stage.people["morozova"], "decline")]


def test_every_subject_has_its_own_chain_or_its_cases(stage):
    """Decisions 4: parts join the chain of their case; people, organisations and criteria have one each."""
    road = at(stage, "approved", MATERIAL)
    with looking(road) as (session, _):
        roots = session.execute(select(Event.root_kind, Event.subject_kind).distinct()).all()
        assert {one.subject_kind for one in roots if one.root_kind == "case"} == {"case", "assignment", "file"}
        assert all(one.root_kind == one.subject_kind for one in roots if one.root_kind != "case")
        for kind, acts in ((Organization, [1]), (CriteriaRow, [1, 2])):  # a sheet is drafted, then put in force (R27)
            first = session.scalars(select(kind.id)).first()
            chain_of = session.scalars(
                select(Event.seq).where(Event.root_kind == kind.kind, Event.root_id == first)
            ).all()
            assert chain_of == acts


def test_invalid_sheets_leave_no_event(play):
    road = play("submitted", MATERIAL)
    seen = len(events(road))
    with pytest.raises(Invalid):
        road.stage.act(road.office, road.case_id, "register", {"received_at": ""})
    assert len(events(road)) == seen
