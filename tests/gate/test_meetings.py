"""Bodies and their meetings behind the pages, on both databases: quorum, votes, tasks, names of the day, who sees what."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from tests.gate.test_record_waits import heads
from tests.gate.test_records import begin, me, perform, state
from tests.rows import findings, rows_of
from tests.statements import count_statements
from workflow_app import clock, gate
from workflow_app.content_types.body import Body, BodyRenamed
from workflow_app.content_types.body_parts import BodyMember
from workflow_app.content_types.meeting import Meeting
from workflow_app.content_types.meeting_course import AllCame, EntrustAll, ListMembers, MeetingHeld, MeetingHeldWithout
from workflow_app.content_types.meeting_decision import DecisionDone, MeetingDecision
from workflow_app.content_types.meeting_parts import AgendaHeard, AgendaItem, MeetingMember
from workflow_app.content_types.office_paper import OfficePaper
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import RECORDS, Document, Waiting
from workflow_app.documents.content.snapshot import RecordMaterial
from workflow_app.documents.docx import plain_text
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.errors import Denied, Invalid, NotYet
from workflow_app.facts import naming
from workflow_app.gate.issuing import records
from workflow_app.states.forms import Nothing, Problems

DAY = date(2026, 8, 20)
PROTOCOL = CONTENT_TYPES["meeting"].workflow.transition("issue_meeting_protocol").asks
EXTRACT = CONTENT_TYPES["agenda_item"].workflow.transition("issue_protocol_extract").asks
COMPOSITION = CONTENT_TYPES["body"].workflow.transition("issue_composition_order").asks
ORDER = CONTENT_TYPES["office_paper"].workflow.transition("issue_office_order").asks
LETTER = CONTENT_TYPES["office_paper"].workflow.transition("issue_office_letter").asks
MEMBERS = (("gradov", "chair"), ("morozova", "secretary"), ("bondarenko", "member"), ("zorina", "member"))


def a_body(stage, **more):
    told = {
        "name": "Экспертный совет",
        "genitive": "экспертного совета",
        "body_kind": "expert_council",
        "quorum": 60,
    } | more
    body = begin(stage, "body", Body(**told))
    for who, office in MEMBERS:
        begin(stage, "body_member", BodyMember(person_id=stage.people[who], office=office), whole=body)
    begin(stage, "body_member", BodyMember(name="Ушедшая Анна Ильинична", until=date(2025, 1, 1)), whole=body)
    return body


def a_meeting(stage, body, **more):
    return begin(
        stage, "meeting", Meeting(**{"title": "О ходе программы", "body_id": body, "on": DAY, "form": "present"} | more)
    )


def rows(stage, kind):
    with stage.database.transaction(keep=False) as session:
        model = RECORDS[kind]
        return [(one.id, one.state) for one in session.scalars(select(model).order_by(model.id))]


def came(stage, meeting, many):
    """The body is listed, and the first so many were there."""
    perform(stage, "meeting", meeting, "list_members", ListMembers())
    for at, (id_, _state) in enumerate(rows(stage, "meeting_member")):
        perform(stage, "meeting_member", id_, "attend" if at < many else "miss", Nothing())


def an_item(stage, meeting, **more):
    return begin(stage, "agenda_item", AgendaItem(**{"title": "О выполнении плана", "place": 1} | more), whole=meeting)


def heard(**votes):
    return AgendaHeard(decision="Принять к сведению.", **votes)


def words_of(stage, kind, id_, document):
    with clock.at(stage.moment), stage.database.transaction(keep=False) as session:
        row = session.get_one(RECORDS[kind], id_)
        card = records.GATHER[KINDS[document].card](session, row)
        centre = naming.centre_card(session, stage.municipality_id, DAY)
        return plain_text.text(KINDS[document].compose(RecordMaterial(centre, card=card))).replace("\u00a0", " ")


def test_the_members_of_the_day_are_listed_once_and_invited(stage):
    meeting = a_meeting(stage, a_body(stage), on=date(2026, 12, 20))
    with pytest.raises(NotYet):
        perform(stage, "meeting", meeting, "invite", Nothing())
    perform(stage, "meeting", meeting, "list_members", ListMembers())
    assert len(rows(stage, "meeting_member")) == 4, "who left the body before is not among them"
    with pytest.raises(NotYet):
        perform(stage, "meeting", meeting, "list_members", ListMembers())
    assert heads(stage, "bondarenko") == [], "nobody is told before the invitation"
    perform(stage, "meeting", meeting, "invite", Nothing())
    assert heads(stage, "bondarenko") == ["Приглашаем на заседание"]
    with pytest.raises(NotYet):
        perform(stage, "meeting", meeting, "hold", MeetingHeld())
    assert findings(stage) == []


@pytest.mark.parametrize(("many", "there"), [(4, True), (3, True), (2, False), (0, False)])
def test_a_quorum_is_said_and_never_passed_over(stage, many, there):
    """60 % of four members are three."""
    meeting = a_meeting(stage, a_body(stage))
    came(stage, meeting, many)
    without = MeetingHeldWithout(ground="Вопросы перенесены.")
    wrong = ("hold_without", without) if there else ("hold", MeetingHeld())
    with pytest.raises(NotYet):
        perform(stage, "meeting", meeting, *wrong)
    perform(stage, "meeting", meeting, *(("hold", MeetingHeld()) if there else ("hold_without", without)))
    assert state(stage, "meeting", meeting) == "held"
    with pytest.raises(NotYet):
        perform(stage, "meeting_member", rows(stage, "meeting_member")[0][0], "miss", Nothing())


def test_who_is_not_marked_was_there_with_one_press(stage):
    meeting = a_meeting(stage, a_body(stage))
    perform(stage, "meeting", meeting, "list_members", ListMembers())
    perform(stage, "meeting_member", rows(stage, "meeting_member")[3][0], "miss", Nothing())
    perform(stage, "meeting", meeting, "all_came", AllCame())
    assert [one for _id, one in rows(stage, "meeting_member")] == ["attended"] * 3 + ["missed"]


def test_there_are_never_more_votes_than_people(stage):
    meeting = a_meeting(stage, a_body(stage))
    came(stage, meeting, 3)
    item = an_item(stage, meeting)
    with pytest.raises(Invalid):
        perform(stage, "agenda_item", item, "hear", heard(in_favour=3, against=1))
    perform(stage, "agenda_item", item, "hear", heard(in_favour=2, abstained=1))
    perform(stage, "meeting_member", rows(stage, "meeting_member")[0][0], "miss", Nothing())
    perform(stage, "meeting_member", rows(stage, "meeting_member")[3][0], "attend", Nothing())
    perform(stage, "meeting", meeting, "hold", MeetingHeld())
    assert findings(stage) == []


def test_a_meeting_is_not_held_while_a_question_has_more_votes_than_people(stage):
    meeting = a_meeting(stage, a_body(stage))
    came(stage, meeting, 4)
    perform(stage, "agenda_item", an_item(stage, meeting), "hear", heard(in_favour=4))
    perform(stage, "meeting_member", rows(stage, "meeting_member")[0][0], "miss", Nothing())
    with pytest.raises(NotYet):
        perform(stage, "meeting", meeting, "hold", MeetingHeld())


def test_decisions_become_tasks_with_one_press_and_end_with_what_was_done(stage):
    meeting = a_meeting(stage, a_body(stage))
    came(stage, meeting, 4)
    told = {"title": "Подготовить практикум", "until": date(2026, 12, 20)}
    mine = begin(
        stage, "meeting_decision", MeetingDecision(**told, person_id=stage.people["bondarenko"]), whole=meeting
    )
    nobodys = begin(stage, "meeting_decision", MeetingDecision(**told | {"title": "Найти зал"}), whole=meeting)
    with pytest.raises(NotYet):
        perform(stage, "meeting_decision", mine, "entrust", Nothing())
    perform(stage, "meeting", meeting, "hold", MeetingHeld())
    perform(stage, "meeting", meeting, "entrust_all", EntrustAll())
    assert rows(stage, "meeting_decision") == [(mine, "given"), (nobodys, "active")]
    assert heads(stage, "bondarenko") == ["Вам поручено"]
    with stage.database.transaction(keep=False) as session:
        waits = session.scalars(select(Waiting).where(Waiting.todo == "meeting_decision.carry_out")).all()
        assert [(one.person_id, one.due_on) for one in waits] == [(stage.people["bondarenko"], date(2026, 12, 20))]
    with pytest.raises(Denied):
        perform(stage, "meeting_decision", mine, "carry_out", DecisionDone(outcome="Готово."), "zorina")
    perform(stage, "meeting_decision", mine, "carry_out", DecisionDone(outcome="Проведён."), "bondarenko")
    assert state(stage, "meeting_decision", mine) == "done"
    assert findings(stage) == []


def test_a_meeting_is_seen_by_those_who_are_in_it_and_by_the_office(stage):
    body = a_body(stage)
    meeting = a_meeting(stage, body)
    came(stage, meeting, 4)
    with stage.database.transaction(keep=False) as session:
        for kind, id_ in (("meeting", meeting), ("body", body)):
            row = session.get_one(RECORDS[kind], id_)
            seen = {
                who
                for who in ("gradov", "bondarenko", "sokolova", "kuzmin")
                if gate.visible(session, me(session, stage, who), row)
            }
            assert seen == {"gradov", "bondarenko", "kuzmin"}


def test_a_protocol_calls_the_body_as_on_its_day_and_says_who_decided_what(stage):
    body = a_body(stage)
    meeting = a_meeting(stage, body, joint_body="региональным объединением")
    came(stage, meeting, 3)
    item = an_item(stage, meeting, speaker_id=stage.people["bondarenko"])
    perform(stage, "agenda_item", item, "hear", heard(in_favour=2, abstained=1))
    told = {
        "title": "Подготовить практикум",
        "until": date(2026, 12, 20),
        "item": 1,
        "person_id": stage.people["zorina"],
    }
    begin(stage, "meeting_decision", MeetingDecision(**told), whole=meeting)
    with pytest.raises(NotYet):
        perform(stage, "agenda_item", item, "issue_protocol_extract", EXTRACT())
    perform(stage, "meeting", meeting, "hold", MeetingHeld())
    perform(
        stage,
        "body",
        body,
        "rename",
        BodyRenamed(name="Новый совет", genitive="нового совета", since=date(2026, 8, 25)),
    )
    perform(stage, "meeting", meeting, "issue_meeting_protocol", PROTOCOL())
    said = words_of(stage, "meeting", meeting, "meeting_protocol")
    for words in (
        "Заседания экспертного совета совместно с региональным объединением", "присутствуют 3 из 4 членов, кворум имеется",
        "СЛУШАЛИ: Бондаренко Ирину Львовну", "за – 2, против – 0, воздержались – 1",
        "Ответственный – Зорина М.О. Срок – до 20 декабря 2026 г.",
    ):  # fmt: skip
        assert words in said
    perform(stage, "agenda_item", item, "issue_protocol_extract", EXTRACT())
    extract = words_of(stage, "agenda_item", item, "protocol_extract")
    assert "Выписка верна" in extract
    assert "№ 1" in extract
    assert {one.register for one in rows_of(stage, Document)} == {"protocols", "extracts"}
    assert findings(stage) == []


def test_a_protocol_needs_a_chair_and_something_decided(stage):
    meeting = a_meeting(stage, a_body(stage))
    came(stage, meeting, 4)
    perform(stage, "meeting", meeting, "hold", MeetingHeld())
    with pytest.raises(NotYet, match="нет рассмотренных"):
        perform(stage, "meeting", meeting, "issue_meeting_protocol", PROTOCOL())


def test_an_order_on_the_composition_names_who_is_in_the_body_now(stage):
    said = words_of(stage, "body", a_body(stage), "composition_order")
    assert "О составе экспертного совета" in said
    assert "Бондаренко Ирина Львовна" in said
    assert "Ушедшая" not in said


def test_the_plan_of_a_body_has_the_meetings_of_the_school_year_that_is_ahead(stage):
    body = a_body(stage)
    with pytest.raises(NotYet):
        words_of(stage, "body", body, "body_plan")
    a_meeting(stage, body, title="Прошлогоднее заседание", on=date(2026, 5, 20))
    later = a_meeting(
        stage, body, title="Об итогах года", on=date(2027, 5, 20), form="video", responsible_id=stage.people["morozova"]
    )
    a_meeting(stage, body, title="О плане экспертизы", on=date(2026, 12, 15))
    an_item(stage, later, place=2, title="О плане следующего года")
    an_item(stage, later, place=1, title="О выполнении плана", speaker_id=stage.people["gradov"])
    said = words_of(stage, "body", body, "body_plan")
    assert "План работы экспертного совета на 2026/27 учебный год. Заседаний: 2." in said
    assert "Прошлогоднее" not in said and said.index("15.12.2026") < said.index("20.05.2027")
    assert said.index("1. О выполнении плана (И.А. Градов)") < said.index("2. О плане следующего года")
    assert "видео-конференц-связь" in said and "Морозова Любовь Петровна" in said


def test_an_order_is_no_letter_and_a_letter_is_written_to_somebody(stage):
    order = begin(
        stage,
        "office_paper",
        OfficePaper(title="О проведении практикума", paper_kind="order", points="Провести практикум."),
    )
    with pytest.raises(NotYet):
        perform(stage, "office_paper", order, "issue_office_letter", LETTER())
    perform(stage, "office_paper", order, "issue_office_order", ORDER())
    assert "Контроль исполнения приказа оставляю за собой" in words_of(stage, "office_paper", order, "office_order")
    nobody: Problems = OfficePaper(title="О плане", paper_kind="letter", points="Направляем план.").problems()
    assert set(nobody) == {"addressee"}
    assert findings(stage) == []


def test_an_act_on_a_meeting_of_many_costs_no_more_statements_than_on_one_of_few(quick_stage):
    stage, told = quick_stage, []
    body = a_body(stage)
    for many in (3, 60):
        meeting = a_meeting(stage, body, title=f"Заседание {many}")
        for at in range(many):
            begin(stage, "meeting_member", MeetingMember(name=f"Членова Анна {at}"), whole=meeting)
        item = an_item(stage, meeting)
        with count_statements(stage.database.engine) as statements:
            perform(stage, "agenda_item", item, "hear", heard())
        told.append(len(statements))
    assert told[1] <= told[0]


def test_the_days_of_a_meeting_are_those_of_its_centre(stage):
    """A meeting of tomorrow is not held today."""
    meeting = a_meeting(stage, a_body(stage), on=date(2026, 12, 24))
    perform(stage, "meeting", meeting, "list_members", ListMembers())
    with pytest.raises(NotYet):
        perform(stage, "meeting", meeting, "all_came", AllCame())
    stage.moment = datetime(2026, 12, 24, 12, tzinfo=UTC)
    perform(stage, "meeting", meeting, "all_came", AllCame())
