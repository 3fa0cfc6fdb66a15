"""Records of content types behind the pages, on both databases: what lapses, what is compared, what two do at once."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, update

from tests.rows import findings
from workflow_app import clock, gate
from workflow_app.content_types.acquaintance import Acquaintance
from workflow_app.content_types.agreement import Agreement
from workflow_app.content_types.declaration import ContentType, Listing, fault_of
from workflow_app.content_types.event import CentreEvent
from workflow_app.content_types.local_act import LocalAct
from workflow_app.content_types.publication import PUBLICATION, Publication
from workflow_app.content_types.registration import Registration
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import RECORDS, Event, Organization, Person, Standing
from workflow_app.errors import Invalid, NotFound
from workflow_app.facts import standing_rows
from workflow_app.facts.actors import actor_of
from workflow_app.facts.record_rows import row_of
from workflow_app.runtime import timers


def me(session, stage, who):
    return actor_of(session, session.get_one(Person, stage.people[who]), stage.municipality_id)


def begin(stage, key, sheet, who="morozova", whole=None):
    with clock.at(stage.moment), stage.database.transaction(keep=True) as session:
        actor = me(session, stage, who)
        top = session.get_one(RECORDS[CONTENT_TYPES[key].within], whole) if whole else None
        return gate.begin(session, actor, row_of(CONTENT_TYPES[key], stage.municipality_id, sheet, top), sheet).id


def perform(stage, key, id_, name, sheet, who="morozova"):
    with clock.at(stage.moment), stage.database.transaction(keep=True) as session:
        row = session.get_one(RECORDS[key], id_)
        gate.perform(session, me(session, stage, who), row, name, sheet, row.version)


def state(stage, key, id_):
    with stage.database.transaction(keep=False) as session:
        return session.get_one(RECORDS[key], id_).state


def agreement(until=date(2026, 12, 1)):
    return Agreement(
        partner="Колледж искусств", partner_kind="university", subject="Мастер-классы для педагогов", since=date(2026, 1, 12), until=until
    )  # fmt: skip


def publication(author_id=None, title="Как мы считаем показатели"):
    return Publication(title=title, on=date(2026, 11, 1), channel="journal", level="regional", author_id=author_id)


def test_an_agreement_lapses_by_itself_the_day_after_its_last_and_is_renewed(stage):
    id_ = begin(stage, "agreement", agreement())
    endless = begin(stage, "agreement", agreement(None))
    for day, wanted in ((1, "active"), (2, "lapsed")):
        with clock.at(datetime(2026, 12, day, 9, tzinfo=UTC)):
            timers.tick(stage.database)
        assert state(stage, "agreement", id_) == wanted
    with clock.at(datetime(2026, 12, 3, 9, tzinfo=UTC)):
        assert not timers.tick(stage.database).done, "once"
    renew = CONTENT_TYPES["agreement"].workflow.transition("renew").asks
    perform(stage, "agreement", id_, "renew", renew(until=date(2027, 12, 1)))
    assert (state(stage, "agreement", id_), state(stage, "agreement", endless)) == ("active", "active")
    with stage.database.transaction(keep=False) as session:
        assert session.get_one(RECORDS["agreement"], id_).until == date(2027, 12, 1)
        names = session.scalars(select(Event.transition).where(Event.root_kind == "agreement", Event.root_id == id_))
        assert list(names) == ["begin", "lapse", "renew"]
    assert findings(stage) == []


def test_check_names_a_field_that_was_changed_past_the_gate(stage):
    id_ = begin(stage, "publication", publication())
    assert findings(stage) == []
    with stage.database.transaction(keep=True) as session:
        session.execute(update(RECORDS["publication"]).values(level="international"))
    assert any(("publication" in one and "level" in one) or "уровень" in one.lower() for one in findings(stage)), id_


def test_standings_follow_the_fields_and_a_rebuild_finds_nothing_to_mend(stage):
    author, other = stage.people["sokolova"], stage.people["bondarenko"]
    id_ = begin(stage, "publication", publication(author))
    edit = PUBLICATION.workflow.transition("edit").asks
    perform(stage, "publication", id_, "edit", edit(**vars(publication(other))))
    act = begin(
        stage,
        "local_act",
        LocalAct(title="Положение об экспертизе", act_kind="regulation", paper="12-од", on=date(2026, 9, 1)),
    )
    for person in (author, other):
        begin(stage, "acquaintance", Acquaintance(person_id=person), whole=act)
    with stage.database.transaction(keep=True) as session:
        rows = set(
            session.execute(
                select(Standing.subject_kind, Standing.who, Standing.person_id).where(
                    Standing.who.in_(["author", "reader"])
                )
            )
        )
        assert rows == {
            ("publication", "author", other),
            *(("acquaintance", "reader", one) for one in (author, other)),
            *(("local_act", "reader", one) for one in (author, other)),
        }  # fmt: skip
        assert list(standing_rows.differing(session)) == []


def test_the_same_title_is_refused_by_the_effect_too(stage):
    begin(stage, "publication", publication())
    other = begin(stage, "publication", publication(title="Другая заметка"))
    edit = PUBLICATION.workflow.transition("edit").asks
    with pytest.raises(Invalid):
        perform(stage, "publication", other, "edit", edit(**vars(publication(title="КАК МЫ СЧИТАЕМ ПОКАЗАТЕЛИ"))))
    assert findings(stage) == []


def test_nobody_reads_a_record_that_names_them_no_more(stage):
    id_ = begin(stage, "publication", publication(stage.people["sokolova"]))
    with clock.at(stage.moment), stage.database.transaction(keep=False) as session:
        assert gate.read(session, me(session, stage, "sokolova"), RECORDS["publication"], id_).title
        with pytest.raises(NotFound):
            gate.read(
                session,
                me(session, stage, "bondarenko"),
                RECORDS["publication"],
                id_,
            )


def test_a_declaration_with_a_mistake_is_told_with_every_mistake():
    wrong = ContentType(
        key="wrong", titles=PUBLICATION.titles, about=PUBLICATION.about, sheet=Publication, title="title", workflow=PUBLICATION.workflow,
        listing=Listing(("title", "colour"), ("state", "size"), ("smell",), "-taste"), within="nothing",
    )  # fmt: skip
    found = fault_of((PUBLICATION, wrong))
    for word in ("'colour'", "'size'", "'smell'", "'-taste'", "'nothing'"):
        assert word in found
    assert fault_of((PUBLICATION,)) == ""
    assert "one key" in fault_of((PUBLICATION, PUBLICATION))


def test_people_of_one_name_are_two_when_their_accounts_or_their_schools_differ(stage):
    """Who is entered twice is told from a namesake by what is known: an account, an organisation."""
    event = begin(
        stage,
        "centre_event",
        CentreEvent(title="Практикум по оценке", form="practicum", on=date(2026, 12, 10), place="Школа № 2"),
    )
    with stage.database.transaction(keep=False) as session:
        here, there = session.scalars(select(Organization.id).order_by(Organization.id).limit(2))
    one, other = stage.people["sokolova"], stage.people["lebedev"]

    def enter(name="Иванов Пётр Ильич", **told):
        try:
            begin(stage, "registration", Registration(name=name, **told), whole=event)
        except Invalid:
            return False
        return True

    assert enter(person_id=one, organization_id=here)
    assert not enter(person_id=one, organization_id=there), "an account is there once"
    assert enter(person_id=other, organization_id=here), "two accounts are two people, of one school, too"
    assert not enter(organization_id=here), "a name without an account may be either of them"
    assert not enter(name="Иванов Петр Ильич"), "nor is a name alone another one, however it is spelt"
    assert enter(organization_id=there)
    assert not enter(organization_id=there, position="Учитель")
    assert findings(stage) == []
