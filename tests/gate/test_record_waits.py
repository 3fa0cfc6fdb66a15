"""What records wait for and whom letters tell, as the kinds declare it, on both databases."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.gate.test_records import agreement, begin, me, perform, state
from tests.gate.test_standings import NOWHERE, actors, other_rows, scatter
from tests.rows import findings
from workflow_app import clock
from workflow_app.content_types.acquaintance import Acquaintance, ReadOnPaper
from workflow_app.content_types.awaited import OFFICES, day_of, standing_as, todo_of
from workflow_app.content_types.declaration import ContentType, EndRecord, RestoreRecord
from workflow_app.content_types.event import CentreEvent
from workflow_app.content_types.local_act import LocalAct
from workflow_app.content_types.registration import Registration
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.keyset import Walk
from workflow_app.db.models import RECORDS, Outbox, Record, Waiting
from workflow_app.demo.actors import Stage
from workflow_app.facts import late_records, other_records, standing_rows, worklist
from workflow_app.facts.standings import Visible, visible
from workflow_app.facts.subjects import facts_of
from workflow_app.runtime import timers
from workflow_app.states import policy
from workflow_app.states.forms import Nothing
from workflow_app.states.vocabulary import Actor, Facts, Permission, Role, Who


def tasks(stage, who, moment=None):
    with clock.at(moment or stage.moment), stage.database.transaction(keep=False) as session:
        actor = me(session, stage, who)
        found = worklist.tasks(session, actor)
        assert worklist.count_waiting(session, actor) == len(found)
        return [(one.todo, one.subject_id, one.due_on) for one in found if isinstance(one, worklist.RecordTask)]


def letters(stage, who):
    with stage.database.transaction(keep=False) as session:
        mine = select(Outbox).where(Outbox.person_id == stage.people[who]).order_by(Outbox.id)
        return [(one.subject, one.body.replace("\xa0", " ")) for one in session.scalars(mine)]


def heads(stage, who):
    return [head.partition(":")[0] for head, _body in letters(stage, who)]


def tick(stage, *days):
    for day in days:
        with clock.at(datetime(*day, 9, tzinfo=UTC)):
            assert timers.tick(stage.database).failed == ()


def an_act(stage):
    return begin(
        stage,
        "local_act",
        LocalAct(title="Положение об экспертизе", act_kind="regulation", paper="12-од", on=date(2026, 9, 1)),
    )


def an_event(stage, **changed):
    wanted = {
        "title": "Практикум по оценке", "form": "practicum", "on": date(2026, 12, 10), "place": "Школа № 2", "capacity": 1,
        "responsible_id": stage.people["bondarenko"], "starts": "14:00",
    }  # fmt: skip
    return begin(stage, "centre_event", CentreEvent(**wanted | changed))


def to_read(stage, act, who, until=date(2026, 12, 20)):
    return begin(stage, "acquaintance", Acquaintance(person_id=stage.people[who], until=until), whole=act)


def test_an_act_waits_for_each_of_its_readers_until_they_have_read_it(stage):
    act = an_act(stage)
    mine, other = to_read(stage, act, "sokolova"), to_read(stage, act, "bondarenko", None)
    assert tasks(stage, "sokolova") == [("acquaintance.acquaint", mine, date(2026, 12, 20))]
    assert tasks(stage, "bondarenko") == [("acquaintance.acquaint", other, None)]
    assert tasks(stage, "morozova") == []
    perform(stage, "acquaintance", mine, "acquaint_on_paper", ReadOnPaper(on=date(2026, 11, 20)))
    assert tasks(stage, "sokolova") == []
    perform(stage, "local_act", act, "end", EndRecord(reason="Заменено другим"))
    assert tasks(stage, "bondarenko") == [], "nobody reads what serves no more"
    perform(stage, "local_act", act, "restore", RestoreRecord())
    assert tasks(stage, "bondarenko") == [("acquaintance.acquaint", other, None)]
    assert findings(stage) == []


def test_an_event_waits_after_its_day_for_who_is_responsible_else_for_the_coordinators(stage):
    theirs, nobodys = an_event(stage), an_event(stage, title="Без ответственного", responsible_id=None)
    day, after = (datetime(2026, 12, one, 9, tzinfo=UTC) for one in (10, 11))
    assert tasks(stage, "bondarenko", day) == tasks(stage, "morozova", day) == []
    assert tasks(stage, "bondarenko", after) == [("centre_event.hold", theirs, date(2026, 12, 13))]
    assert tasks(stage, "morozova", after) == [("centre_event.hold", nobodys, date(2026, 12, 13))]
    assert tasks(stage, "gradov", after) == []
    stage.moment = after
    perform(stage, "centre_event", theirs, "hold", Nothing(), "bondarenko")
    assert tasks(stage, "bondarenko", after) == []


def test_check_names_a_wait_that_differs_and_a_rebuild_mends_it(stage):
    mine = to_read(stage, an_act(stage), "sokolova")
    with stage.database.transaction(keep=True) as session:
        session.execute(update(Waiting).values(due_on=date(2027, 1, 1)))
    assert any("local_act" in one for one in findings(stage))
    assert standing_rows.rebuild(stage.database) == 2
    assert tasks(stage, "sokolova") == [("acquaintance.acquaint", mine, date(2026, 12, 20))]
    assert findings(stage) == []


def test_a_reader_is_invited_and_reminded_before_and_after_the_term_once_each(stage):
    act = an_act(stage)
    mine = to_read(stage, act, "sokolova")
    (invitation,) = letters(stage, "sokolova")
    assert invitation[0] == "Ознакомьтесь с документом"
    assert "Сделайте это до 20 декабря 2026 г. включительно." in invitation[1]
    assert f"/records/local-act/{act}" in invitation[1]
    assert "/do/" not in invitation[1], "a link does nothing by itself"
    tick(stage, (2026, 12, 16))
    assert heads(stage, "sokolova") == ["Ознакомьтесь с документом"]
    tick(stage, (2026, 12, 17), (2026, 12, 17), (2026, 12, 20))
    assert heads(stage, "sokolova") == ["Ознакомьтесь с документом", "Ждёт вас"]
    tick(stage, (2026, 12, 21), (2026, 12, 22), (2026, 12, 28), (2027, 2, 1))
    assert heads(stage, "sokolova") == ["Ознакомьтесь с документом", "Ждёт вас", "Ждёт вас"]
    perform(stage, "acquaintance", mine, "acquaint_on_paper", ReadOnPaper(on=date(2026, 11, 20)))
    assert len(letters(stage, "sokolova")) == 3


def test_after_a_week_of_standing_still_only_the_last_reminder_is_written(stage):
    to_read(stage, an_act(stage), "sokolova")
    tick(stage, (2026, 12, 22))
    assert heads(stage, "sokolova")[1:] == ["Ждёт вас"]


def test_who_is_invited_within_the_last_days_is_not_reminded_the_same_day(stage):
    day = stage.moment.date()
    to_read(stage, an_act(stage), "sokolova", date.fromordinal(day.toordinal() + 2))
    tick(stage, (day.year, day.month, day.day))
    assert heads(stage, "sokolova") == ["Ознакомьтесь с документом"]


def test_whoever_gets_a_place_waits_for_one_or_loses_the_event_is_told(stage):
    event = an_event(stage)
    first, second = (
        begin(stage, "registration", Registration(name=name, person_id=stage.people[who]), whole=event)
        for name, who in (("Соколова Ольга", "sokolova"), ("Лебедев Павел", "lebedev"))
    )
    assert heads(stage, "sokolova") == ["Вы записаны"]
    assert heads(stage, "lebedev") == ["Вы в листе ожидания"]
    perform(stage, "registration", first, "end", EndRecord(reason="Не сможет прийти"))
    assert state(stage, "registration", second) == "active"
    assert heads(stage, "lebedev") == ["Вы в листе ожидания", "Для вас есть место"]
    perform(stage, "centre_event", event, "end", EndRecord(reason="Болезнь ведущего"))
    head, body = letters(stage, "lebedev")[-1]
    assert head == "Мероприятие отменено"
    assert "Причина: Болезнь ведущего." in body
    assert heads(stage, "sokolova") == ["Вы записаны"], "who has left the event is told no more of it"


def test_an_event_that_was_held_is_put_away_without_a_word(stage):
    event = an_event(stage)
    begin(stage, "registration", Registration(name="Соколова О.", person_id=stage.people["sokolova"]), whole=event)
    stage.moment = datetime(2026, 12, 10, 15, tzinfo=UTC)
    perform(stage, "centre_event", event, "hold", Nothing())
    perform(stage, "centre_event", event, "end", EndRecord(reason="Прошёл год"))
    assert heads(stage, "sokolova") == ["Вы записаны"]


def test_a_lapsed_agreement_is_told_to_those_who_keep_it(stage):
    begin(stage, "agreement", agreement())
    tick(stage, (2026, 12, 2), (2026, 12, 3))
    assert heads(stage, "morozova") == heads(stage, "gradov") == ["Истёк срок соглашения"]
    assert "1 декабря 2026 г." in letters(stage, "morozova")[0][1]
    assert letters(stage, "sokolova") == []


@pytest.mark.parametrize("kind", [one for one in CONTENT_TYPES.values() if one.letters], ids=lambda one: one.key)
def test_every_letter_of_a_kind_names_fields_that_it_has(kind):
    whole = CONTENT_TYPES[kind.within].fields if kind.within else {}
    for letter in kind.letters:
        known = {*kind.fields, *whole, "called"}
        if letter.after != "begin":
            known |= set(vars(kind.workflow.transition(letter.after).asks).get("__dataclass_fields__", ()))
        for words in (letter.head, *letter.words):
            assert words % dict.fromkeys(known, "это")


def unlike_work(session: Session, stage: Stage, seed: int) -> tuple[list[str], set[str]]:
    """Where the work list differs from what the policy offers of the awaited acts of every record, and what waited for anybody."""
    chance = random.Random(seed)
    scatter(session, stage, chance)
    other_rows(session, stage, chance)
    standing_rows.rebuild_in(session)
    session.expire_all()
    known = [
        (kind, row, facts_of(row, session))
        for kind in CONTENT_TYPES.values()
        if kind.awaits
        for row in _rows(session, kind)
    ]
    found, waited = [], set()
    for actor in actors(session, stage):
        if actor.person_id is None or actor.municipality_id == NOWHERE:
            continue
        judged = sorted(one for kind, row, facts in known for one in _awaited(actor, kind, row, facts))
        told = [
            (one.todo, one.subject_id)
            for one in worklist.tasks(session, actor, Walk(10**6))
            if isinstance(one, worklist.RecordTask)
        ]
        waited.update(todo for todo, _ in judged)
        found += [f"{actor} {one}" for one in {*judged} ^ {*told}]
        assert len(told) == len({*told})
        found += [f"{actor} {one} in the second half" for one in _elsewhere(session, actor, known, {*told})]
        found += [f"{actor} {one} is late" for one in _otherwise_late(session, actor, known, {*judged})]
    return found, waited


def _elsewhere(session: Session, me: Actor, known: list, told: set) -> set:
    """Where the second half of the home differs from what the person keeps that waits for others alone."""
    wholes = {(one.todo, one.subject_id): (one.root_kind, one.root_id) for one in session.scalars(select(Waiting))}
    mine = {wholes[one] for one in told}
    kept = {
        wholes[todo, row.id]
        for kind, row, facts in known
        for todo in (todo_of(kind, one) for one in kind.awaits)
        if (todo, row.id) in wholes and _keeps(me, kind, facts) and _begun(session, todo, row, facts)
    }
    rows = other_records.found(session, me)
    there = [] if rows is None else [one[0] for one in other_records.page(session, rows, Walk(10**6))]
    assert len(there) == len({(one.root_kind, one.root_id) for one in there})
    return {(one.root_kind, one.root_id) for one in there} ^ (kept - mine)


def _otherwise_late(session: Session, me: Actor, known: list, judged: set) -> set:
    """Where the lists of the kinds, and the number above the home, differ from what is late of what one keeps or is to do."""
    if late_records.kept(me) is None:
        return {"counted"} if other_records.numbers(session, me)["overdue"] else set()
    waits = [one for one in session.scalars(select(Waiting)) if one.due_on is not None]
    known_ = {(todo_of(kind, one), row.id): (kind, facts) for kind, row, facts in known for one in kind.awaits}
    late = set()
    for one in waits:
        kind, facts = known_.get((one.todo, one.subject_id), (None, None))
        if kind is not None and one.due_on < facts.today and (one.since is None or one.since <= facts.today):
            whose = (one.todo, one.subject_id) in judged or _keeps(me, kind, facts)
            late |= {(one.root_kind, one.root_id)} if whose else set()
    shown = {
        (kind.key, id_)
        for kind in CONTENT_TYPES.values()
        if not kind.within and late_records.has_filter(me, kind)
        for id_ in session.scalars(_listed(session, me, kind).column(RECORDS[kind.key].id))
    }
    assert other_records.numbers(session, me)["overdue"] == len(shown)
    assert late_records.by_kind(session, me) == Counter(key for key, _id in shown)
    return shown ^ late


def _listed(session: Session, me: Actor, kind: ContentType) -> Visible:
    return visible(me, Permission.VIEW, RECORDS[kind.key]).among(late_records.of_kind(session, me, kind))


def _keeps(me: Actor, kind: ContentType, facts: Facts) -> bool:
    whole = CONTENT_TYPES[kind.within or kind.key].workflow
    by_office = not me.roles.isdisjoint({Role.COORDINATOR, Role.DIRECTOR})
    return by_office and policy.may(whole, me, facts.root or facts, Permission.EDIT)


def _begun(session: Session, todo: str, row: Record, facts: Facts) -> bool:
    here = select(Waiting.since).where(Waiting.todo == todo, Waiting.subject_id == row.id)
    return any(since is None or since <= facts.today for since in session.scalars(here))


def _rows(session: Session, kind: ContentType) -> list[Record]:
    model = RECORDS[kind.key]
    return list(session.scalars(select(model).order_by(model.id)))


def _awaited(me: Actor, kind: ContentType, row: Record, facts: Facts) -> Iterator[tuple[str, int]]:
    """What of a record waits for a person: offered, in a living whole, where it waits, begun, the first standing that is held."""
    offers, mine = policy.offers(kind.workflow, me, facts), policy.standing(me, facts)
    for one in kind.awaits:
        day = day_of(facts, one.due)
        early = day is not None and one.since is not None and facts.today < day + timedelta(days=one.since)
        first = next(
            (who for who in one.by if who in OFFICES or who is Who.SCHOOL_OFFICER or standing_as(facts, who)), None
        )
        dead = facts.root is not None and facts.root.state not in one.whole
        said = bool(one.states) and facts.state not in one.states
        if one.do in offers and not early and not dead and not said and first in mine:
            yield todo_of(kind, one), row.id


def test_the_work_list_of_records_says_what_the_policy_offers(stage):
    """On SQLite with every act that any kind awaits; on PostgreSQL the same question of fewer rows."""
    met: set[str] = set()
    on_sqlite = stage.database.engine.dialect.name == "sqlite"
    for seed in (17, 18, 19, 20) if on_sqlite else (17,):
        with clock.at(stage.moment), stage.database.transaction(keep=False) as session:
            found, waited = unlike_work(session, stage, seed)
            assert found == []
            met |= waited
    everything = {todo_of(kind, one) for kind in CONTENT_TYPES.values() for one in kind.awaits}
    assert met and (met == everything if on_sqlite else met <= everything)
