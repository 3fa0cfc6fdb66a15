"""Indicators of a past day on both databases: whatever was done since, that day's numbers and rows are what they were."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from tests.gate import acts
from tests.gate.kit import REASON, form, looking
from tests.gate.test_meetings import a_body, a_meeting, an_item, came, heard
from tests.gate.test_records import begin, perform
from tests.play import EXPERTS, amend, at, cast_of
from tests.rows import row_of
from tests.statements import count_statements
from workflow_app import clock, gate
from workflow_app.content_types.agreement import Agreement
from workflow_app.content_types.association_member import AssociationMember
from workflow_app.content_types.contest_result import ContestResult
from workflow_app.content_types.declaration import EndRecord
from workflow_app.content_types.event import CentreEvent
from workflow_app.content_types.expert_record import ExpertRecord
from workflow_app.content_types.headcount import Headcount
from workflow_app.content_types.indicator_records import IndicatorTarget, IndicatorValue
from workflow_app.content_types.local_act import LocalAct
from workflow_app.content_types.meeting_course import MeetingHeld
from workflow_app.content_types.programme import ChecklistItem
from workflow_app.content_types.publication import Publication
from workflow_app.content_types.registration import Registration
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.content_types.survey import CloseSurvey, OpenSurvey, Survey, SurveyQuestion
from workflow_app.db import survey_answers
from workflow_app.db.models import RECORDS, Person
from workflow_app.facts import deadlines
from workflow_app.facts.programme import all_indicators, monitor, stages
from workflow_app.states.definitions.people import EditPerson
from workflow_app.states.forms import Nothing

SECOND = (stages()[1].since, stages()[1].until)
NOON = time(9, 0, tzinfo=UTC)
STRANGER, KNOWN = "Незнакомцева Анна Ильинична", "Ткач Вероника Андреевна"


def counted(stage, day=None):
    """All indicators over the stage and the whole programme: numbers, words, the very rows."""
    with clock.at(stage.moment), stage.database.transaction(keep=False) as session:
        now = monitor(session, stage.municipality_id, day)
        periods = (SECOND, (stages()[0].since, stages()[-1].until), (date(2026, 9, 1), date(2026, 9, 16)))
        return {(one.key, over): now.value(one, *over, "2") for one in all_indicators() for over in periods}


class Days:
    """The days that were lived through, and what the indicators were at the end of each."""

    def __init__(self, stage):
        self.stage, self.known = stage, {}

    def end(self):
        """Remember the day, and begin the next one at noon."""
        with clock.at(self.stage.moment), self.stage.database.transaction(keep=False) as session:
            day = deadlines.today(session, self.stage.municipality_id)
        self.known[day] = counted(self.stage)
        self.stage.moment = datetime.combine(day + timedelta(1), NOON)

    def same(self):
        """Hold each day that is over against what it was."""
        for day, then in self.known.items():
            now = counted(self.stage, day)
            assert {key: (then[key], now[key]) for key in then if then[key] != now[key]} == {}, day


def edited(stage, kind, id_, **changes):
    """Correct a record: the other fields stay as they stand."""
    stands = row_of(stage, RECORDS[kind], id_).values
    sheet = CONTENT_TYPES[kind].workflow.transition("edit").asks
    asked = {name: value for name, value in stands.items() if name in sheet.__dataclass_fields__}
    perform(stage, kind, id_, "edit", sheet(**asked | changes))


def ended(stage, kind, id_):
    perform(stage, kind, id_, "end", EndRecord(reason=REASON))


def renamed(stage, key, last_name, organization_id):
    with stage.turn("kuzmin") as (session, me):
        one = session.get_one(Person, stage.people[key])
        stands = {name: getattr(one, name) for name in ("first_name", "middle_name", "gender", "email", "position")}
        sheet = EditPerson(last_name=last_name, organization_id=organization_id, **stands)
        gate.perform(session, me, one, "edit_person", sheet, one.version)


@pytest.fixture
def town(stage):
    """A town in which every indicator that is counted has something to be counted from; the records by name."""
    places, people = cast_of(stage).organizations, stage.people
    school, garden = places["school_1"], places["kindergarten_2"]
    made = {
        "heads": begin(stage, "headcount", Headcount(
            organization_id=school, year=2026, teachers=40, on=date(2026, 9, 1), source="oo1")),
        "target": begin(stage, "indicator_target", IndicatorTarget(
            indicator="K3.1", stage="2", target=Decimal(80), ground="Программа, раздел 2", planned=30)),
        "talk": begin(stage, "publication", Publication(
            title="Что видит эксперт", on=date(2026, 8, 20), channel="talk", level="regional", author_id=people["bondarenko"])),
        "partner": begin(stage, "agreement", Agreement(
            partner="Колледж искусств", partner_kind="university", subject="Мастер-классы для педагогов", since=date(2026, 1, 12))),
        "act": begin(stage, "local_act", LocalAct(
            title="Положение об экспертизе", act_kind="regulation", paper="12-од", on=date(2026, 8, 1))),
        "member": begin(stage, "association_member", AssociationMember(
            name=KNOWN, person_id=people["tkach"], organization_id=garden, body="РУМО", level="regional", since=date(2026, 1, 1))),
        "named": begin(stage, "association_member", AssociationMember(
            name="Ткач В. А.", organization_id=garden, body="Ассоциация", level="federal", since=date(2026, 1, 1))),
        "won": begin(stage, "contest_result", ContestResult(
            name=STRANGER, organization_id=school, contest="Учитель года", level="municipal", on=date(2026, 8, 3), result="winner")),
        "expert": begin(stage, "expert_record", ExpertRecord(
            person_id=people["lebedev"], directions=("methodical",), order="5", since=date(2026, 1, 1), regional_bank=True)),
    }  # fmt: skip
    made["needed"] = begin(
        stage, "checklist_item", ChecklistItem(title="Положение", of="acts", local_act_id=made["act"])
    )
    made["room"] = begin(stage, "checklist_item", ChecklistItem(title="Зал на 40 мест", of="resources", there=True))
    made["event"] = begin(stage, "centre_event", CentreEvent(
        title="Семинар экспертов", form="seminar", on=date(2026, 8, 25), place="Зал", agreement_id=made["partner"]))  # fmt: skip
    for key, name, person, place in (("guest", KNOWN, people["tkach"], None), ("free", "Ткач В.А.", None, garden),
                                     ("other", STRANGER, None, None)):  # fmt: skip
        sheet = Registration(name=name, person_id=person, organization_id=place)
        made[key] = begin(stage, "registration", sheet, whole=made["event"])
        perform(stage, "registration", made[key], "attend", Nothing())
    perform(stage, "centre_event", made["event"], "hold", Nothing())
    made["body"] = a_body(stage, planned=6)
    made["meeting"] = a_meeting(stage, made["body"])
    came(stage, made["meeting"], 4)
    made["question"] = an_item(stage, made["meeting"], is_programme=True)
    made["asked"] = asked(stage)
    return made


def asked(stage):
    question = SurveyQuestion(name="Довольны ли вы", held="yes_no", counts=True)
    days = {"since": date(2026, 8, 1), "until": date(2026, 8, 30)}
    id_ = begin(
        stage, "survey", Survey(title="Довольны ли вы", audience="teachers", stage="2", asked=(question,), **days)
    )
    perform(stage, "survey", id_, "open", OpenSurvey())
    with clock.at(stage.moment), stage.database.transaction(keep=True) as session:
        survey_answers.put(session, id_, [{"q1": "yes" if n else "no"} for n in range(6)])
    return id_


def walked(days, road):
    """The road of a case to its approval, a day a stride, the experts' sheets a day each."""
    road.submit({**form(road), "co_authors": [KNOWN, STRANGER]})
    days.end()
    for step in (road.register, road.start, lambda: acts.begin(road)):
        step()
        days.end()
    for one in EXPERTS[road.kind]:
        road.sign(one, (0.8, 1.0))
        days.end()
    for step in (lambda: road.consolidate(EXPERTS[road.kind]), road.propose, road.approve):
        step()
        days.end()


def changed(days, stage, road, made):
    """Everything that may be done to rows afterwards, some of it a day."""
    school = cast_of(stage).organizations["school_1"]
    heard_, held = MeetingHeld(), ("meeting", made["meeting"], "hold")
    for lot in (
        [lambda: acts.appeal(road)],
        [lambda: perform(stage, "agenda_item", made["question"], "hear", heard()), lambda: perform(stage, *held, heard_),
         lambda: perform(stage, "survey", made["asked"], "close", CloseSurvey())],
        [lambda: amend(road, co_authors=[KNOWN]), lambda: renamed(stage, "tkach", "Новикова", school)],
        [lambda: edited(stage, "publication", made["talk"], level="municipal", author_id=stage.people["zorina"]),
         lambda: edited(stage, "headcount", made["heads"], teachers=55),
         lambda: edited(stage, "association_member", made["named"], level="municipal"),
         lambda: edited(stage, "contest_result", made["won"], result="participant")],
        [lambda: edited(stage, "expert_record", made["expert"], regional_bank=False),
         lambda: edited(stage, "checklist_item", made["room"], there=False),
         lambda: edited(stage, "indicator_target", made["target"], planned=90),
         lambda: edited(stage, "body", made["body"], planned=12),
         lambda: ended(stage, "local_act", made["act"]), lambda: ended(stage, "checklist_item", made["needed"])],
        [lambda: begin(stage, "publication", Publication(
            title="Новая статья", on=date(2026, 9, 1), channel="site", level="regional")),
         lambda: begin(stage, "indicator_value", IndicatorValue(
             indicator="K1.4", since=SECOND[0], until=SECOND[1], value=Decimal(9), paper="Отчёт за 2026 год")),
         lambda: ended(stage, "agreement", made["partner"])],
        [lambda: acts.grant_appeal(road)],
        [lambda: again(road)],
        [lambda: ended(stage, "publication", made["talk"])],
        [lambda: road.stage.act("gradov", road.case_id, "cancel", {"reason": REASON})],
        [lambda: acts.waited(road)],
    ):  # fmt: skip
        for one in lot:
            one()
        days.end()


def again(road):
    """The case goes its way anew, and another verdict is proposed."""
    others = ("nesterov", "koval")
    road.invite(others, REASON)
    road.accept(others)
    for one in others:
        road.sign(one, (0.8, 1.0))
    road.consolidate(others)
    with looking(road) as (_session, case):
        before = case.verdict
    assert before is None
    road.propose("revise", "Эксперты нашли, что материал следует доработать.")
    road.approve()


def test_the_numbers_and_rows_of_a_day_stay_whatever_is_done_later(stage, town):
    days = Days(stage)
    road = at(stage, "draft")
    walked(days, road)
    first = list(days.known.values())
    authors = [one["K2.7", SECOND] for one in first]
    assert [int(one.numerator) for one in authors] == [1] * (len(first) - 1) + [4], (
        "the speaker; then three authors, too"
    )
    changed(days, stage, road, town)
    last = days.known[max(days.known)]
    moved = {key for key, over in last if over == SECOND and last[key, over] != first[-1][key, over]}
    assert moved >= {"K1.1", "K1.2", "K1.4", "K1.5", "K1.6", "K2.3", "K2.6", "K2.7", "K2.8", "K3.1", "K3.2", "K3.3"}
    days.same()


def test_a_past_day_asks_no_more_the_more_was_done_since(stage, town):
    day = stage.moment.date()
    asked_ = []
    for many in (1, 9):
        stage.wait(days=1)
        for n in range(many):
            begin(stage, "publication", Publication(
                title=f"Статья {many}-{n}", on=date(2026, 8, 20), channel="site", level="regional"))  # fmt: skip
            edited(stage, "publication", town["talk"], title=f"Что видит эксперт, {many}-{n}")
        for edit in ({"teachers": 50 + many}, {"teachers": 40}):
            edited(stage, "headcount", town["heads"], **edit)
        with clock.at(stage.moment), stage.database.transaction(keep=False) as session:
            with count_statements(stage.database.engine) as told:
                monitor(session, stage.municipality_id, day)
            asked_.append(len(told))
    assert asked_[0] == asked_[1]
