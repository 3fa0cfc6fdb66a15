"""``tick``: terms end by the working-day calendar (R8 to R13), each once, whatever runs beside it; on both databases."""

import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import select, update

from tests.databases import START
from tests.play import at
from tests.rows import count_of
from workflow_app import clock, config
from workflow_app.db import leases
from workflow_app.db.models import Assignment, Case, Event, Lease, Municipality, Outbox
from workflow_app.runtime import timers
from workflow_app.states.definitions.centre import Switches


def tick_at(stage, moment: datetime, settings=None):
    with clock.at(moment):
        return timers.tick(stage.database, settings)


def local(text: str) -> datetime:
    """A moment of a day, noon in Yekaterinburg."""
    return datetime.fromisoformat(f"{text}T12:00+05:00")


def told(done) -> dict[str, int]:
    """What the timers did; reminders have tests of their own."""
    reminded = ("Напоминание о сроке", "Письмо дня")
    return {str(words): count for words, count in done.done.items() if str(words) not in reminded}


def case_of(stage, case_id: int) -> SimpleNamespace:
    with stage.database.transaction(keep=False) as session:
        case = session.get_one(Case, case_id)
        return SimpleNamespace(**{one.name: getattr(case, one.name) for one in Case.__table__.columns})


def returned(stage, kind: str):
    road = at(stage, "registered", kind)
    road.stage.act("morozova", road.case_id, "return", {"general": "Приложите недостающие данные.", "remarks": []})
    return road


def test_a_returned_material_lapses_after_ten_working_days_and_not_before(stage):
    """R10, R11: returned on Tuesday 1 September 2026; the tenth working day is 15 September."""
    road = returned(stage, "methodical_material")
    assert case_of(stage, road.case_id).due_on.isoformat() == "2026-09-15"
    assert told(tick_at(stage, local("2026-09-15"))) == {}
    assert told(tick_at(stage, local("2026-09-16"))) == {"Срок устранения замечаний истёк": 1}
    assert road.state() == "withdrawn"


def test_a_returned_attestation_is_not_withdrawn_but_its_decline_is_proposed(stage):
    """R7: the director decides; the term is five working days, for the legal thirty run on (R8)."""
    road = returned(stage, "attestation_portfolio")
    assert told(tick_at(stage, local("2026-09-09"))) == {"Срок истёк, предложен отказ в приёме": 1}
    case = case_of(stage, road.case_id)
    assert (case.state, case.decline_proposed, case.turn) == ("returned", True, "director")
    assert told(tick_at(stage, local("2026-09-10"))) == {}


def test_an_invitation_expires_after_two_working_days_and_its_place_is_free_again(stage):
    road = at(stage, "assigning")
    road.invite(("bondarenko", "lebedev"), "Специалисты по предмету заявителя")
    with stage.database.transaction(keep=False) as session:
        due = session.scalars(select(Assignment.due_on)).first()
    assert told(tick_at(stage, local(f"{due}"))) == {}
    assert told(tick_at(stage, local(f"{due + timedelta(days=1)}"))) == {"Эксперт не ответил в срок": 2}
    with stage.database.transaction(keep=False) as session:
        assert set(session.scalars(select(Assignment.state))) == {"expired"}
        assert session.get_one(Case, road.case_id).turn == "coordinator"


def test_a_weekend_is_no_working_day_of_a_term(stage):
    """R10: invited on Friday 4 September 2026, the answer is due on Tuesday."""
    road = at(stage, "assigning")
    stage.moment = local("2026-09-04")
    road.invite(("bondarenko",), "Специалист по предмету заявителя")
    with stage.database.transaction(keep=False) as session:
        assert session.scalars(select(Assignment.due_on)).one().isoformat() == "2026-09-08"


def test_a_case_closes_when_the_term_of_appeal_is_over(stage):
    road = at(stage, "approved")
    until = case_of(stage, road.case_id).appeal_until
    assert told(tick_at(stage, local(f"{until}"))) == {}
    assert told(tick_at(stage, local(f"{until + timedelta(days=1)}"))) == {"Дело завершено": 1}
    assert road.state() == "closed"


def test_a_waived_appeal_need_not_be_waited_for(stage):
    road = at(stage, "approved")
    stage.act("sokolova", road.case_id, "waive_appeal")
    assert told(tick_at(stage, stage.moment)) == {"Дело завершено": 1}


def test_an_approved_attestation_never_closes_by_itself(stage):
    """R2: it waits for the commission, not for a date."""
    at(stage, "approved", "attestation_portfolio")
    assert told(tick_at(stage, local("2027-06-01"))) == {}


def test_a_decided_attestation_closes_when_its_own_term_is_over(stage):
    road = at(stage, "approved", "attestation_portfolio")
    stage.wait(days=10)
    stage.act("morozova", road.case_id, "send", {"sent_on": road.today(), "note": ""})
    stage.wait(days=20)
    day = road.today()
    raw = {
        "decision": "establish",
        "protocol_number": "1",
        "protocol_date": day,
        "order_number": "2",
        "order_date": day,
    }
    stage.act("morozova", road.case_id, "record", raw)
    assert told(tick_at(stage, stage.moment)) == {}
    due = case_of(stage, road.case_id).due_on
    assert told(tick_at(stage, local(f"{due + timedelta(days=1)}"))) == {"Дело завершено": 1}


WEAK = {"bondarenko": (0.6, 0.4, 0.6), "lebedev": (0.6, 0.4, 0.6)}


def test_a_revision_that_is_not_sent_in_time_closes_the_case(stage):
    road = at(stage, "approved", shares=WEAK)
    stage.act("sokolova", road.case_id, "ask_revision", {"plan": ""})
    due = case_of(stage, road.case_id).due_on
    assert told(tick_at(stage, local(f"{due}"))) == {}
    assert told(tick_at(stage, local(f"{due + timedelta(days=1)}"))) == {"Срок доработки истёк": 1}
    assert road.state() == "closed"


def test_a_revision_that_nobody_asks_for_closes_the_case(stage):
    road = at(stage, "approved", shares=WEAK)
    until = case_of(stage, road.case_id).appeal_until
    assert told(tick_at(stage, local(f"{until + timedelta(days=1)}"))) == {"Дело завершено без доработки": 1}


@contextmanager
def acting(stage):
    with stage.turn("kuzmin") as (session, actor):
        yield session, actor, session.get_one(Municipality, stage.municipality_id)


def test_a_closed_case_is_archived_after_the_centres_own_number_of_months(stage):
    from workflow_app import gate

    with acting(stage) as (session, actor, centre):
        gate.perform(session, actor, centre, "set_switches", Switches(archive_months=6), centre.version)
    road = at(stage, "approved")
    stage.act("sokolova", road.case_id, "waive_appeal")
    stage.act("morozova", road.case_id, "close")
    assert told(tick_at(stage, stage.moment + timedelta(days=170))) == {}
    assert told(tick_at(stage, stage.moment + timedelta(days=190))) == {"Передано в архив": 1}


def test_a_second_tick_has_nothing_left_to_do(stage):
    returned(stage, "methodical_material")
    late = local("2026-10-01")
    assert told(tick_at(stage, late)) == {"Срок устранения замечаний истёк": 1}
    before = count_of(stage, Event)
    assert told(tick_at(stage, late)) == {}
    assert count_of(stage, Event) == before


def test_two_ticks_at_once_do_everything_once(stage):
    """The lease lets one in; should it not, the locked row has nothing due for the other."""
    for _ in range(3):
        returned(stage, "methodical_material")
    start, results = threading.Barrier(2), []

    def run() -> None:
        start.wait()
        results.append(tick_at(stage, local("2026-10-01")))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(sum(told(one).values()) for one in results) == 3
    with stage.database.transaction(keep=False) as session:
        lapsed = session.scalars(select(Event.subject_id).where(Event.transition == "lapse")).all()
    assert len(lapsed) == len(set(lapsed)) == 3


def test_a_tick_that_finds_the_lease_taken_leaves_everything_alone(stage):
    road = returned(stage, "methodical_material")
    with clock.at(local("2026-10-01")), leases.held(stage.database, timers.LEASE) as hold:
        assert hold is not None
        assert timers.tick(stage.database).busy
    assert road.state() == "returned"


def test_the_lease_of_a_tick_that_died_runs_out(stage):
    returned(stage, "methodical_material")
    with clock.at(local("2026-10-01")):
        with leases.held(stage.database, timers.LEASE):
            pass
        with stage.database.transaction(keep=True) as session:  # a process that was killed gives nothing back
            session.execute(update(Lease).values(holder="dead", until=clock.now() + leases.LENGTH))
        assert timers.tick(stage.database).busy
    assert told(tick_at(stage, local("2026-10-01") + leases.LENGTH + timedelta(seconds=1))) != {}


def test_a_row_that_raises_is_told_and_does_not_stop_the_others(stage, monkeypatch):
    first, second = returned(stage, "methodical_material"), returned(stage, "methodical_material")
    perform = timers.gate.perform

    def broken(session, actor, subject, *rest):
        if isinstance(subject, Case) and subject.id == first.case_id:
            raise timers.Broken("this row is bad")
        return perform(session, actor, subject, *rest)

    monkeypatch.setattr(timers.gate, "perform", broken)
    done = tick_at(stage, local("2026-10-01"))
    assert (len(done.failed), first.state(), second.state()) == (1, "returned", "withdrawn")
    assert f"case {first.case_id}" in done.failed[0]


def test_a_tick_does_not_read_cases_that_cannot_be_due(quick_stage):
    at(quick_stage, "in_review")
    with quick_stage.database.transaction(keep=False) as session, clock.at(local("2027-06-01")):
        assert list(timers.due(session)) == []


def test_the_acts_of_a_tick_are_the_systems_own(quick_stage):
    """R31: who, and via what."""
    returned(quick_stage, "methodical_material")
    tick_at(quick_stage, local("2026-10-01"))
    with quick_stage.database.transaction(keep=False) as session:
        event = session.scalars(select(Event).where(Event.transition == "lapse")).one()
        assert (event.actor_id, event.via, event.at) == (None, "system", local("2026-10-01").astimezone(UTC))


def test_a_tick_sends_the_letters_that_wait(quick_stage, tmp_path: Path):
    at(quick_stage, "registered")
    settings = config.load(tmp_path / "instance", {})
    done = tick_at(quick_stage, START + timedelta(days=3), settings)
    with quick_stage.database.transaction(keep=False) as session:
        assert session.scalars(select(Outbox.id).where(Outbox.sent_at.is_(None))).all() == []
    assert done.letters == len(list((tmp_path / "instance" / "mail").glob("*.eml"))) > 0
    assert tick_at(quick_stage, START + timedelta(days=4), settings).letters == 0


@pytest.mark.parametrize("moment", ["2026-12-30", "2027-01-05"])
def test_a_tick_may_come_on_a_holiday(quick_stage, moment):
    returned(quick_stage, "methodical_material")
    assert sum(told(tick_at(quick_stage, local(moment))).values()) == 1
