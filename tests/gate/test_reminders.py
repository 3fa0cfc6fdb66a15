"""Reminders of cases by their ladders: before and after the term, to whom, once each, as one letter a day or at once."""

import re
import threading
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import delete, select, update

from tests.gate.acts import RETURN
from tests.gate.kit import REASON, findings
from tests.gate.test_leading import hand_over
from tests.gate.test_record_waits import an_act, to_read
from tests.gate.test_records import findings as record_findings
from tests.gate.test_records import perform
from tests.play import at
from tests.rows import rows_of
from tests.statements import count_statements
from workflow_app import clock, gate
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.content_types.reminding import RemindRecord
from workflow_app.db.models import (
    RECORDS,
    Absence,
    Assignment,
    Case,
    Deputy,
    Event,
    LadderRow,
    Membership,
    Municipality,
    Outbox,
    Person,
    Reminder,
)
from workflow_app.errors import Denied, Invalid, NotYet
from workflow_app.features.centre import ladders
from workflow_app.gate import due_reminders, outbox
from workflow_app.runtime import reminders, timers
from workflow_app.states.definitions.centre import LadderStep, LetterHours, SetLadder
from workflow_app.states.forms import fill

TEMPLATES = Path(outbox.__file__).parents[2] / "templates" / "letters"


def due(road):
    with road.stage.database.transaction(keep=False) as session:
        case = session.get_one(Case, road.case_id)
        return case.due_on


def morning(road, days=0):
    """Stand at ten o'clock of the municipality, so many days after the term, and let the timers tick."""
    wanted = due(road) + timedelta(days=days)
    moment = road.stage.moment.replace(year=wanted.year, month=wanted.month, day=wanted.day, hour=5, minute=0)
    road.stage.moment = max(moment, road.stage.moment)
    with clock.at(road.stage.moment):
        assert timers.tick(road.stage.database).failed == ()


def letters(road, who):
    with road.stage.database.transaction(keep=False) as session:
        mine = select(Outbox).where(Outbox.person_id == road.stage.people[who]).order_by(Outbox.id)
        found = [
            SimpleNamespace(subject=one.subject, body=one.body, not_before=one.not_before)
            for one in session.scalars(mine)
        ]
        return [one for one in found if one.subject.startswith(("Ждёт вас", "Стоит без", "Срок прошёл", "Напоминание"))]


def heads(road, who):
    return [one.subject for one in letters(road, who)]


def test_experts_are_told_before_and_after_the_term_and_then_those_above_them(stage):
    road = at(stage, "in_review")
    morning(road, -4)
    assert heads(road, "bondarenko") == []
    morning(road, -3)
    assert heads(road, "bondarenko") == heads(road, "lebedev") == ["Ждёт вас: 1"]
    assert heads(road, "morozova") == []
    body = letters(road, "bondarenko")[0].body.replace("\u00a0", " ")
    assert "Заполнить экспертный лист" in body
    assert "/assignments/" in body
    assert "Срок:" in body
    assert not [name for name in ("Лебедев", "Соколова") if name in body]
    morning(road, 1)
    assert heads(road, "morozova") == ["Стоит без движения: 2"]
    assert "Бондаренко" not in letters(road, "morozova")[0].body
    assert heads(road, "gradov") == []
    morning(road, 5)
    assert heads(road, "gradov") == ["Стоит без движения: 2"]
    assert findings(road) == []


def test_a_reminder_is_written_once_and_what_was_done_is_told_no_more(stage):
    road = at(stage, "in_review")
    for _twice in range(3):
        morning(road, 0)
    assert heads(road, "bondarenko") == ["Ждёт вас: 1"]
    road.sign("bondarenko", (0.8, 1.0))
    morning(road, 1)
    assert heads(road, "bondarenko") == ["Ждёт вас: 1"]
    assert heads(road, "morozova") == ["Стоит без движения: 1"], "one of the two has signed"


def coming(stage):
    """What the next tick would look at, and by how many statements that was found."""
    with clock.at(stage.moment), stage.database.transaction(keep=False) as session:
        assert session.scalar(select(Municipality.id)) is not None  # the connection is there
        with count_statements(stage.database.engine) as told:
            found = list(due_reminders.due(session, (stage.moment + timedelta(hours=14)).date()))
        return [(kind, key[3]) for key, kind in found], len(told)


def test_what_was_told_and_what_tells_nobody_does_not_come_at_each_tick(stage):
    """A step without anybody to tell, a record that was begun after the day of its step: each cost a transaction a tick."""
    road, act = at(stage, "in_review"), an_act(stage)
    with stage.database.transaction(keep=True) as session:
        session.add(LadderRow(municipality_id=stage.municipality_id, turn="review", steps=[[0, "director"]]))
        office = session.execute(
            select(Membership.person_id, Membership.municipality_id, Membership.role).where(
                Membership.role == "director"
            )
        ).all()
        session.execute(delete(Membership).where(Membership.role == "director"))
        session.execute(delete(Deputy))
    wanted = due(road)
    stage.moment = stage.moment.replace(year=wanted.year, month=wanted.month, day=wanted.day, hour=3)
    to_read(stage, act, "sokolova", wanted + timedelta(days=2))
    found, one = coming(stage)
    assert found == []
    for who in ("bondarenko", "lebedev", "koval"):
        to_read(stage, act, who, wanted + timedelta(days=2))
    assert coming(stage) == ([], one), "as many statements, whatever waits"
    with stage.database.transaction(keep=True) as session:
        session.add_all(
            [Membership(person_id=person, municipality_id=home, role=role) for person, home, role in office]
        )
    stage.moment += timedelta(hours=1)
    assert coming(stage)[0] == [("assignment", "place")] * 2
    morning(road)
    assert heads(road, "gradov") == ["Стоит без движения: 2"]
    assert coming(stage)[0] == []


def test_r30_what_was_gathered_is_not_told_to_who_takes_part_by_then(stage):
    """R30: ershov leads the case while the reminder is gathered, and is invited to it before the letter of the day."""
    road = at(stage, "assigning", "innovation_product")
    hand_over(road, "ershov")
    road.invite(["nesterov"], REASON)
    with stage.database.transaction(keep=False) as session:
        wanted = session.scalars(select(Assignment.due_on).where(Assignment.case_id == road.case_id)).one()
    day = stage.moment.replace(year=wanted.year, month=wanted.month, day=wanted.day, hour=0, minute=0)
    stage.moment = day - timedelta(hours=3)
    with clock.at(stage.moment):  # two o'clock: it is quiet
        assert timers.tick(stage.database).failed == ()
    with stage.database.transaction(keep=False) as session:
        mine = select(Reminder.whom).where(Reminder.person_id == stage.people["ershov"], Reminder.gathered)
        assert session.scalars(mine).all() == ["coordinator"]
    road.invite(["ershov"], REASON)
    stage.moment = day.replace(hour=5)
    with clock.at(stage.moment):
        assert timers.tick(stage.database).failed == ()
    (told,) = letters(road, "ershov")
    assert told.subject == "Ждёт вас: 1"
    assert "Срок прошёл у других" not in told.body
    assert "Бюро" not in told.body


def test_after_an_outage_only_the_last_step_is_sent(quick_stage):
    road = at(quick_stage, "in_review")
    morning(road, 6)
    assert heads(road, "bondarenko") == ["Ждёт вас: 1"]
    assert {one.days for one in rows_of(quick_stage, Reminder)} == {5}


def test_two_servers_at_once_write_each_reminder_and_each_letter_once(stage):
    road = at(stage, "in_review")
    wanted = due(road)
    moment = stage.moment.replace(year=wanted.year, month=wanted.month, day=wanted.day, hour=5)
    gates, failed = threading.Barrier(2), []

    def server():
        with clock.at(moment):
            gates.wait()
            failed.extend(reminders.remind_all(stage.database)[1])

    both = [threading.Thread(target=server) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert [one for one in failed if "UNIQUE" not in one.upper()] == []
    assert heads(road, "bondarenko") == heads(road, "lebedev") == ["Ждёт вас: 1"]
    with stage.database.transaction(keep=False) as session:
        rows = session.scalars(select(Reminder)).all()
        assert len(rows) == 2
        assert all(one.outbox_id for one in rows)


def test_what_cannot_wait_and_who_chose_so_get_a_letter_of_their_own_after_the_quiet_hours(quick_stage):
    road = at(quick_stage, "in_review")
    with quick_stage.database.transaction(keep=True) as session:
        session.execute(update(Person).where(Person.id == quick_stage.people["lebedev"]).values(letters="at_once"))
    wanted = due(road)
    start = quick_stage.moment.replace(year=wanted.year, month=wanted.month, day=wanted.day, hour=0, minute=0)
    night = start - timedelta(hours=3)
    with clock.at(night):  # two o'clock of the day of the term
        timers.tick(quick_stage.database)
    assert heads(road, "bondarenko") == [], "the letter of the day has its hour"
    (mine,) = letters(road, "lebedev")
    assert mine.subject == "Напоминание о сроке"
    assert mine.not_before == night + timedelta(hours=6), "at eight"
    morning(road)
    assert heads(road, "bondarenko") == ["Ждёт вас: 1"]


def test_the_applicant_is_reminded_to_complete_and_nobody_of_a_draft(quick_stage):
    road = at(quick_stage, "registered")
    quick_stage.act("morozova", road.case_id, "return", RETURN)
    morning(road, -3)
    assert heads(road, "sokolova") == ["Ждёт вас: 1"]
    assert "Исправить замечания" in letters(road, "sokolova")[0].body


def test_the_leader_alone_is_reminded_of_what_waits_for_the_office(quick_stage):
    road = at(quick_stage, "registered")
    morning(road, 1)
    assert heads(road, "morozova") == ["Ждёт вас: 1"]
    assert heads(road, "subbotina") == []
    morning(road, 3)
    assert heads(road, "gradov") == ["Стоит без движения: 1"]


def away(stage, who, deputy=""):
    today = stage.moment.date()
    with stage.database.transaction(keep=True) as session:
        session.add(Absence(
            municipality_id=stage.municipality_id, person_id=stage.people[who], since=today, until=today + timedelta(days=60),
            deputy_id=stage.people[deputy] if deputy else None, cause="vacation", asked_at=stage.moment, state="confirmed", version=1,
        ))  # fmt: skip


def test_r52_who_stands_in_for_somebody_away_is_told_and_nothing_goes_nowhere(stage):
    """R52."""
    road = at(stage, "in_review")
    away(stage, "bondarenko", "subbotina")
    away(stage, "lebedev", "bondarenko")  # who has a part in the case stands in for nobody there
    away(stage, "morozova")
    morning(road, -3)
    assert heads(road, "bondarenko") == heads(road, "lebedev") == ["Ждёт вас: 1"], "nobody else can do it"
    assert heads(road, "subbotina") == ["Стоит без движения: 1"]
    body = letters(road, "subbotina")[0].body
    assert "замещаете" in body
    assert "Бондаренко" not in body
    assert heads(road, "morozova") == []
    morning(road, 1)
    assert heads(road, "morozova") == []
    assert heads(road, "subbotina")[1:] == ["Стоит без движения: 2"], (
        "of the leader's steps the others of the office hear"
    )
    with stage.database.transaction(keep=False) as session:
        office = session.scalars(select(Membership.person_id).where(Membership.role == "coordinator")).all()
        names = {id_: name for name, id_ in stage.people.items()}
    for one in {names[id_] for id_ in office} - {"morozova"}:
        away(stage, one, "morozova")
    morning(road, 3)
    assert heads(road, "morozova") == ["Стоит без движения: 2"], "all are away: whose case it is"


def test_a_record_is_reminded_of_once_a_day_and_nobody_who_may_not_see_it_is_told(stage):
    """A press by hand tells each reader once, whatever waits; who stands in hears of it as far as they may see the record (R52)."""
    act, road = an_act(stage), SimpleNamespace(stage=stage)
    for one in ("sokolova", "bondarenko"):
        to_read(stage, act, one)
    away(stage, "sokolova", "lebedev")  # an expert: sees no act of the centre
    away(stage, "bondarenko", "subbotina")
    perform(stage, "local_act", act, "remind", RemindRecord())
    with pytest.raises(NotYet, match="уже напоминали"):
        perform(stage, "local_act", act, "remind", RemindRecord())
    with pytest.raises(Denied):
        perform(stage, "local_act", act, "remind", RemindRecord(), "kuzmin")
    told = {
        one: [letter.subject for letter in letters(road, one)]
        for one in ("sokolova", "bondarenko", "subbotina", "lebedev")
    }
    assert told == {
        "sokolova": ["Напоминание из центра"], "bondarenko": ["Напоминание из центра"], "subbotina": ["Напоминание о сроке"], "lebedev": [],
    }  # fmt: skip
    to_read(stage, act, "lebedev")
    perform(stage, "local_act", act, "remind", RemindRecord())
    assert sorted(heads(road, "lebedev")) == ["Напоминание из центра", "Напоминание о сроке"], "now they see it"
    assert len(letters(road, "sokolova")) == 1
    with stage.database.transaction(keep=False) as session:
        events = session.scalars(select(Event).where(Event.transition == "remind")).all()
        assert [(one.subject_kind, one.subject_id, one.before == one.after) for one in events] == [
            ("local_act", act, True)
        ] * 2
        assert session.get_one(RECORDS["local_act"], act).version == 1, "it makes nobody's form stale"
    assert not [one for one in record_findings(stage) if "absence" not in one and "отсутств" not in one.lower()]


def test_a_centre_sets_its_own_ladder_and_hours_and_each_change_is_an_event(quick_stage):
    road = at(quick_stage, "in_review")
    with quick_stage.turn("morozova") as (session, me):
        centre = session.get_one(Municipality, quick_stage.municipality_id)
        typed = [
            {"days": days, "when": when, "whom": "coordinator", "at_once": True}
            for days, when in (("2", "after"), ("", "on"), ("3", "before"))
        ]
        for days, when, place in (
            ("", "before", "days"),
            ("-3", "before", "days"),
            ("2", "on", "days"),
            ("2", "", "when"),
        ):
            with pytest.raises(Invalid) as wrong:
                fill(LadderStep, {"days": days, "when": when, "whom": "self"})
            assert {*wrong.value.problems} == {place}
        lists = {"turns": ladders.turns()}
        gate.perform(
            session,
            me,
            centre,
            "set_ladder",
            fill(SetLadder, {"turn": "review", "steps": typed}, lists),
            centre.version,
        )
        kept = session.get_one(LadderRow, (centre.id, "review")).steps
        assert kept == [[days, "coordinator", "at_once"] for days in (-3, 0, 2)]
        steps = (LadderStep(days=2, whom="coordinator", at_once=True),)  # as the events of before have it
        gate.perform(session, me, centre, "set_ladder", SetLadder(turn="review", steps=steps), centre.version)
        hours = LetterHours(letters_since=9, letters_until=12, letters_daily=12)
        gate.perform(session, me, centre, "set_letter_hours", hours, centre.version)
        assert session.get_one(LadderRow, (centre.id, "review")).steps == [[2, "coordinator", "at_once"]]
    morning(road, 1)
    assert heads(road, "bondarenko") == heads(road, "morozova") == []
    morning(road, 2)
    told = letters(road, "morozova")
    assert [one.subject for one in told] == ["Срок прошёл"] * 2, "of each of the two experts"
    assert {one.not_before for one in told} == {quick_stage.moment + timedelta(hours=2)}, (
        "it is ten, and quiet until twelve"
    )
    assert findings(road) == []


def test_a_term_that_is_moved_is_reminded_of_anew(quick_stage):
    road = at(quick_stage, "in_review")
    morning(road, 0)
    quick_stage.act("morozova", road.case_id, "extend", {"days": 10, "reason": REASON})
    morning(road, -3)
    assert heads(road, "bondarenko") == ["Ждёт вас: 1", "Ждёт вас: 1"]


@pytest.mark.parametrize("name", sorted(one.name for one in TEMPLATES.glob("*.txt")))
def test_no_subject_of_a_letter_names_anybody_or_anything(name):
    """It is read on the way, on a locked telephone: a number may stand there, no name and no title."""
    words = (TEMPLATES / name).read_text(encoding="utf-8")
    subject = re.search(r"{% block subject %}(.*?){% endblock %}", words, re.DOTALL)
    told = set(re.findall(r"{{\s*([\w.]+)", subject[1])) if subject else set()
    assert told <= {"number", "row.id", "head", "total", "watched"}, name


def test_no_head_of_a_letter_of_records_names_anything():
    heads_of = [letter.head for kind in CONTENT_TYPES.values() for letter in kind.letters]
    assert heads_of
    assert not [one for one in heads_of if "%" in one]
