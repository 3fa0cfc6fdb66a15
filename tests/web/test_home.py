"""The home in two halves: no case falls out of sight, its numbers are those of the lists, a reminder takes one press."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from tests.gate.kit import REASON
from tests.gate.test_records import begin
from tests.play import at
from tests.rows import rows_of
from tests.statements import count_statements
from tests.web.pages import links_of, submitted_rows, text_of
from tests.web.test_listing import ids_of
from workflow_app import clock
from workflow_app.content_types.plan_item import PlanItem
from workflow_app.db.models import Case, Event, Outbox, Person, Reminder
from workflow_app.facts import leading, others, worklist
from workflow_app.facts.actors import actor_of
from workflow_app.features.cases import home

PLACES = [
    ("submitted", "methodical_material"), ("registered", "innovation_product"), ("in_review", "methodical_material"),
    ("consolidation", "platform_results"), ("on_approval", "attestation_portfolio"), ("approved", "innovation_product"),
]  # fmt: skip
READERS = ("morozova", "subbotina", "gradov", "sokolova", "zhuravlyova", "bondarenko", "koroleva")


@pytest.fixture
def busy(quick_stage):
    """Cases at every stretch of the road, some of them late, one handed over, one returned."""
    roads = [at(quick_stage, state, kind) for state, kind in PLACES]
    quick_stage.act("morozova", roads[1].case_id, "hand_over", {"coordinator_id": str(quick_stage.people["subbotina"])})
    quick_stage.wait(days=20)
    roads.append(at(quick_stage, "registered"))
    with clock.at(quick_stage.moment):
        yield quick_stage, roads


def halves(stage, who, *, everyone=False, due=""):
    with stage.database.transaction(keep=False) as session:
        me = actor_of(session, session.get_one(Person, stage.people[who]), stage.municipality_id)
        mine = worklist.tasks(session, me, everyone=everyone, due=due)
        found = others.running(session, me, everyone=everyone, due=due)
        other = list(session.scalars(found.column(Case.id)))
        led = leading.led_by(me) if leading.leads(me) and not everyone else True
        running = select(Case.id).where(Case.state.in_(others.RUNNING), led)
        seen = set(session.scalars(running.where(others.visible(me, others.Permission.VIEW).condition)))
        return {one.case.id for one in mine}, other, seen


def test_every_running_case_that_one_sees_stands_in_exactly_one_half(busy):
    stage, roads = busy
    led = {one.case_id for number, one in enumerate(roads) if number != 1}
    for everyone in (False, True):
        for who in READERS:
            mine, other, seen = halves(stage, who, everyone=everyone)
            assert len(other) == len(set(other)), (who, everyone)
            assert mine & set(other) == set(), (who, everyone)
            assert seen <= mine | set(other), (who, everyone)
            if who == "morozova":
                assert led <= mine | set(other), "what she registered never leaves her sight"


def number(page, words):
    found = re.search(rf"<b>(\d+)</b> <span>(?:<svg.*?</svg>)?{words}", page.get_data(as_text=True), re.DOTALL)
    return int(found[1]) if found else 0


def test_a_statement_is_kept_for_roles_and_shows_nothing_without_a_person(busy):
    """Who asks, and on which day, comes with every question: what is kept is nobody's."""
    stage, _roads = busy
    today = clock.today("Asia/Yekaterinburg")
    days = (today, today + timedelta(days=3))
    with stage.database.transaction(keep=False) as session:
        place = stage.municipality_id
        one, other = (
            actor_of(session, session.get_one(Person, stage.people[key]), place) for key in ("sokolova", "zhuravlyova")
        )
        (kept, mine), (same, theirs) = home._counts(one, days, False), home._counts(other, (days[1], days[1]), False)
        assert kept is same
        assert (mine["me"], mine["now"], theirs["me"], theirs["now"]) == (
            one.person_id,
            days[0],
            other.person_id,
            days[1],
        )
        with pytest.raises(StatementError):
            session.execute(kept)


def test_overdue_at_home_is_overdue_in_the_list(busy, client_as, subtests):
    for who in READERS:
        with subtests.test(who):
            client = client_as(who)
            home, filtered = client.get("/"), client.get("/?due=overdue")
            listed = "/cases?due=overdue" + ("&coordinator=mine" if who in ("morozova", "subbotina") else "")
            ids = ids_of(client.get(listed))
            if home.get_data(as_text=True).count('class="counters"'):
                assert number(home, "дел[оа]? просрочено") == len(ids)
            found = re.findall(r'task-title"><a href="/cases/(\d+)"', filtered.get_data(as_text=True))
            assert {int(one) for one in found} == set(ids)
            if who in ("morozova", "gradov"):
                assert len(ids) > 1, "the stage is late enough to tell anything"


def test_a_coordinator_sees_whom_what_waits_for_and_reminds_once_a_day(busy, client_as):
    stage, roads = busy
    review = roads[2].case_id
    client = client_as("morozova")
    page = client.get("/")
    said = text_of(page)
    assert "Бондаренко" in said
    assert "Заполнить экспертный лист" in said
    answer = client.post(f"/cases/{review}/remind", data={"next": "/"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert "Напоминание отправлено" in text_of(client.get("/"))
    assert "напоминали" in text_of(client.get("/"))
    assert f"/cases/{review}/remind" not in client.get("/").get_data(as_text=True), "once a day"
    client.post(f"/cases/{review}/remind")
    assert "Сегодня об этом уже напоминали" in text_of(client.get("/"))
    with stage.database.transaction(keep=False) as session:
        letters = session.scalars(select(Outbox).where(Outbox.subject.startswith("Срок прошёл"))).all()
        assert len(letters) == session.query(Reminder).count() == 2
        assert all("Соколова" not in one.body.replace("Уважаемая", "") for one in letters)
        assert len(session.scalars(select(Event).where(Event.transition == "remind")).all()) == 1
        version = session.get_one(Case, review).version
    assert version == session_version(stage, review), "a reminder makes nobody's form stale"


def session_version(stage, case_id):
    with stage.database.transaction(keep=False) as session:
        rows = select(Event.subject_version).where(Event.subject_kind == "case", Event.subject_id == case_id)
        return session.scalars(rows.order_by(Event.id.desc())).first()


def test_one_expert_is_reminded_from_the_case_and_nobody_outside_the_office_may(busy, client_as):
    stage, roads = busy
    review = roads[2].case_id
    client = client_as("gradov")
    page = client.get(f"/cases/{review}/review").get_data(as_text=True)
    place = re.findall(r'name="only" value="(\d+)"', page)
    assert len(place) == 2
    client.post(f"/cases/{review}/remind", data={"only": place[0]})
    assert [one.subject_id for one in rows_of(stage, Reminder)] == [int(place[0])]
    assert client_as("sokolova").post(f"/cases/{review}/remind").status_code in (403, 404)
    assert client_as("bondarenko").post(f"/cases/{review}/remind").status_code in (403, 404)


def test_a_teacher_sees_the_running_cases_and_whose_turn_it_is_without_names(busy, client_as):
    said = text_of(client_as("sokolova").get("/"))
    assert "В работе у других" in said
    assert "Следующий шаг: эксперты" in said
    assert not [one for one in ("Бондаренко", "Лебедев", "Заполнить экспертный лист", "Напомнить") if one in said]


def test_a_coordinator_who_is_an_expert_of_the_case_is_not_told_the_others(quick_stage, client_as):
    """R30: experts work apart, in the second half of the home too."""
    road = at(quick_stage, "assigning", "innovation_product")
    experts = ["ershov", "nesterov", "koval"]
    road.invite(experts, REASON)
    road.accept(experts)
    road.sign("ershov", (0.8,))
    with clock.at(quick_stage.moment):
        assert "Коваль" in text_of(client_as("morozova").get("/?whose=all"))
        page = text_of(client_as("ershov").get("/?whose=all"))
    assert "Следующий шаг: эксперты" in page
    assert "Коваль" not in page


def test_a_coordinator_looks_at_the_cases_of_the_others_by_one_press(busy, client_as):
    _stage, roads = busy
    client = client_as("morozova")
    theirs = f"/cases/{roads[1].case_id}"
    assert theirs not in links_of(client.get("/"))
    assert theirs in links_of(client.get("/?whose=all"))


def test_the_statements_of_the_home_do_not_grow_and_its_second_half_has_pages(quick_stage, app, client_as):
    counted = []
    client = client_as("gradov")
    for many in (3, 40):
        submitted_rows(quick_stage, many)
        with count_statements(app.extensions["workflow_database"].engine) as statements:
            page = client.get("/")
        counted.append(len(statements))
    assert len(set(counted)) == 1, counted
    assert "Показать все: 43" in text_of(page)
    first = client.get("/?part=others")
    assert first.get_data(as_text=True).count('<li class="task') == 25


def planned(stage, many, **more):
    """Add items of the plan whose term has passed; of Bondarenko, unless somebody else is responsible."""
    usual = {
        "stage": "start",
        "until": stage.moment.date() - timedelta(days=3),
        "responsible_id": stage.people["bondarenko"],
    }
    return [begin(stage, "plan_item", PlanItem(title=f"Мероприятие {many}.{n}", **usual | more)) for n in range(many)]


def test_records_that_wait_for_others_stand_in_the_second_half_and_in_late_lists(quick_stage, app, client_as):
    """No record stands in both halves; what is late is counted as it is shown; the statements do not grow."""
    (own,) = planned(quick_stage, 1, responsible_id=quick_stage.people["morozova"])
    client, counted = client_as("morozova"), []
    with clock.at(quick_stage.moment):
        for many in (12, 15):
            planned(quick_stage, many)
            with count_statements(app.extensions["workflow_database"].engine) as statements:
                page = client.get("/")
            counted.append(len(statements))
        assert counted[0] == counted[1], counted
        links = links_of(page)
        mine = f"/records/plan-item/{own}"
        assert (mine in links, mine in links_of(client.get("/?part=records"))) == (True, False)
        assert "Показать все записи: 27" in text_of(page)
        assert client.get("/?part=records").get_data(as_text=True).count('<li class="task') == 25
        assert (number(page, "ждёт меня"), number(page, "жду других"), number(page, "записей просрочено")) == (
            1,
            27,
            28,
        )
        said = text_of(client.get("/?due=overdue&part=records"))
        assert "Бондаренко И. Л. Отметить, что сделано по плану" in said
        assert "просрочено на" in said
        assert "Открыть списком: План программы 28" in said, "the number leads to the lists that it counts"
        late = client.get("/records/plan-item?due=overdue")
        assert "Найдено: 28" in text_of(late)
        assert "Найдено: 28" in text_of(client_as("gradov").get("/records/plan-item?due=overdue"))
        export = client.get("/records/plan-item/export.csv?due=overdue").get_data(as_text=True)
        assert export.count("Мероприятие 1") == 28
        assert 'name="due"' not in client_as("pavlyuk").get("/records/plan-item").get_data(as_text=True), (
            "counted for nobody else"
        )
        others = client_as("pavlyuk").get("/records/plan-item?due=overdue")
        assert "Найдено: 28" in text_of(others), "what the reader may not ask for is as not asked"
        assert "Сбросить" not in text_of(others)
        missed = {"version": "1", "reason": "Площадку закрыли на ремонт."}
        assert client.post(f"/records/plan-item/{own}/do/miss", data=missed).status_code == 303
        assert mine not in links_of(client.get("/")), "how it ended is said: it waits for nobody"
        assert "Найдено: 27" in text_of(client.get("/records/plan-item?due=overdue"))
        client.post(f"/records/plan-item/{own}/do/remind", data={"version": "2"})
        assert "В состоянии «Не выполнено» это действие не выполняется" in text_of(client.get("/"))
        assert "Записи" not in text_of(client_as("bondarenko").get("/")), "what waits for oneself waits for nobody else"
        assert "Мероприятие" not in text_of(client_as("sokolova").get("/"))
        assert "Показать все записи: 27" in text_of(client_as("gradov").get("/"))


def test_a_record_of_the_second_half_is_reminded_of_once_a_day(quick_stage, client_as):
    first, *_rest = planned(quick_stage, 2)
    client, act = client_as("morozova"), f"/records/plan-item/{first}/do/remind"
    with clock.at(quick_stage.moment):
        pressed = {"version": "1", "next": "/?part=records"}
        assert act in client.get("/?part=records").get_data(as_text=True)
        assert client_as("kuzmin").post(act, data=pressed).status_code == 403
        assert client_as("bondarenko").post(act, data=pressed).status_code == 403, "who is waited for keeps no record"
        assert client_as("sokolova").post(act, data=pressed).status_code == 404
        page = client.get("/?part=records")
        assert "Напомнить обо всех сразу План программы: 2" in text_of(page)
        whole = {"act": "remind.RemindRecord", "all": "others-plan_item"}
        asked = text_of(client.post("/bulk/plan_item/others-plan_item?part=records", data=whole))
        assert "Напомнить: 2" in asked, "all of the kind, by one act with many"
        assert client.post(act, data=pressed).location.endswith("/?part=records")
        page = client.get("/?part=records")
        assert "напоминали сегодня" in text_of(page)
        assert act not in page.get_data(as_text=True), "once a day"
        again = client.post(act, data=pressed)
        assert again.location.endswith("/?part=records"), "a page that has grown old is answered by a sentence"
        assert "Сегодня об этом уже напоминали." in text_of(client.get(again.location))
        assert "Кого ждёт запись Бондаренко" in text_of(client.get(f"/records/plan-item/{first}"))
        assert "Кого ждёт запись" not in text_of(client_as("bondarenko").get(f"/records/plan-item/{first}"))
    with clock.at(quick_stage.moment + timedelta(days=1)):
        page = client.get("/?part=records")
        assert "напоминали вчера" in text_of(page)
        assert act in page.get_data(as_text=True)
    with quick_stage.database.transaction(keep=False) as session:
        (letter,) = session.scalars(select(Outbox).where(Outbox.template == "reminder_by_hand")).all()
        assert letter.person_id == quick_stage.people["bondarenko"]
        assert "Отметить, что сделано по плану: «Мероприятие 2.0»." in letter.body
        (event,) = session.scalars(select(Event).where(Event.transition == "remind")).all()
        assert (event.subject_kind, event.subject_id, event.subject_version) == ("plan_item", first, 1)
