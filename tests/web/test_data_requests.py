"""«Сбор сведений»: asked of many at once, answered by the officer of each, seen as one table, sent back, accepted, reminded of."""

import csv
import io
import re
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from tests.rows import findings, row_of
from tests.statements import count_statements
from tests.web.pages import links_of, text_of
from tests.web.test_records import do, path, states, version_of
from tests.web.test_registration import press
from workflow_app import clock
from workflow_app.content_types.answers import field_of, form_for, told_by, typed_again
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import RECORDS, Organization, Outbox, Person
from workflow_app.errors import Invalid
from workflow_app.facts.subjects import facts_of, facts_of_records
from workflow_app.runtime import timers
from workflow_app.states.forms import fill

REQUEST, ANSWER = CONTENT_TYPES["data_request"], CONTENT_TYPES["data_answer"]
OFFICER = "koroleva"
ASKED = {
    "asked-0-name": "Первоклассников", "asked-0-held": "number", "asked-1-name": "Ответственный", "asked-1-held": "text",
    "asked-2-name": "Дата приказа", "asked-2-held": "date", "asked-2-optional": "1", "asked-3-name": "Есть кабинет", "asked-3-held": "flag",
}  # fmt: skip
A0, A1, A2, A3 = (field_of({"name": ASKED[f"asked-{n}-name"]}) for n in range(4))
GIVEN = {A0: "54", A1: "Зимина В. П.", A2: "", A3: "да"}


@pytest.fixture
def card(client_as, quick_stage):
    typed = {
        "title": "Набор в первые классы",
        "what": "Сколько первоклассников ждёте и кто отвечает.",
        "until": "2026-12-10",
        "reminder": "5",
    } | ASKED
    answer = client_as("morozova").post(f"{path(REQUEST)}/new", data=typed)
    assert answer.status_code == 303, text_of(answer)
    return answer.location


def ask(client, card, **data):
    return client.post(f"{path(ANSWER)}/many/{card.rsplit('/', 1)[1]}", data=data)


def school(stage):
    return row_of(stage, Person, stage.people[OFFICER]).organization_id


def another_school(stage):
    found = select(Organization.id).where(Organization.state == "active", Organization.id != school(stage)).limit(1)
    with stage.database.transaction(keep=False) as session:
        return session.scalar(found)


def mine(stage):
    """The address of the answer of the officer's organisation."""
    model = RECORDS[ANSWER.key]
    with stage.database.transaction(keep=False) as session:
        return (
            f"{path(ANSWER)}/{session.scalar(select(model.id).where(model.organization_id == school(stage)))}/do/answer"
        )


def heads(stage, who):
    with stage.database.transaction(keep=False) as session:
        found = session.scalars(select(Outbox.subject).where(Outbox.person_id == stage.people[who]).order_by(Outbox.id))
        return [one.partition(":")[0] for one in found]


def send(client, url, **data):
    return client.post(url, data={"version": version_of(client.get(url))} | data)


def test_all_organisations_are_asked_in_one_go_and_nobody_twice(client_as, quick_stage, card):
    keeper = client_as("morozova")
    form = keeper.get(f"{path(ANSWER)}/many/{card.rsplit('/', 1)[1]}")
    assert "школа (" in text_of(form)
    with quick_stage.database.transaction(keep=False) as session:
        every = list(session.scalars(select(Organization.id).where(Organization.state == "active")))
    assert ask(keeper, card, organization_id=[str(every[0]), str(every[1])]).location == card
    assert ask(keeper, card, group="all").status_code == 303
    assert len(states(quick_stage, ANSWER)) == len(every)
    assert ask(keeper, card, group="all").status_code == 422
    assert ask(keeper, card, organization_id=str(every[0])).status_code == 422
    assert ask(client_as("sokolova"), card, group="all").status_code == 403
    assert "Ответили: 0 из" in text_of(keeper.get(card))
    with clock.at(quick_stage.moment), quick_stage.database.transaction(keep=False) as session:
        for kind in (REQUEST, ANSWER):
            rows = session.scalars(select(RECORDS[kind.key])).all()
            one_by_one = {one.id: facts_of(one, session) for one in rows}
            assert facts_of_records(session, rows) == one_by_one, "read together they are what they are alone"


def test_more_organisations_than_one_press_may_ask_are_asked_in_turns(client_as, quick_stage, card, monkeypatch):
    monkeypatch.setattr("workflow_app.features.records.part_views._MOST", 1)
    keeper = client_as("morozova")
    page = f"{path(ANSWER)}/many/{card.rsplit('/', 1)[1]}"
    assert "Показаны первые 1 по алфавиту" in text_of(keeper.get(page))
    assert ask(keeper, card, group="all").status_code == 303
    assert ask(keeper, card, group="all").status_code == 303
    assert len(states(quick_stage, ANSWER)) == 2


def test_a_group_takes_all_organisations_of_one_kind(client_as, quick_stage, card, monkeypatch):
    monkeypatch.setattr(
        "workflow_app.features.records.part_views._MOST", 2
    )  # the ticks are others than those of the group
    assert ask(client_as("morozova"), card, group="kindergarten").status_code == 303
    with quick_stage.database.transaction(keep=False) as session:
        model = RECORDS[ANSWER.key]
        asked = list(session.scalars(select(model.organization_id)))
        wanted = list(session.scalars(select(Organization.id).where(Organization.type == "kindergarten")))
    assert sorted(asked) == sorted(wanted)
    assert wanted


def test_the_officer_finds_the_request_answers_it_and_the_centre_accepts(client_as, quick_stage, card):
    keeper, officer = client_as("morozova"), client_as(OFFICER)
    ask(keeper, card, group="all")
    url = mine(quick_stage)
    home = officer.get("/")
    assert "Ответить на запрос сведений" in text_of(home)
    assert "Ответили:" not in text_of(officer.get(card)), "how many others have answered is not theirs to know"
    assert {url, card} <= set(links_of(home))
    assert path(REQUEST) in links_of(home), "it stands in the menu"
    assert heads(quick_stage, OFFICER) == ["Нужны сведения"]
    page = text_of(officer.get(url))
    for words in ("Сколько первоклассников ждёте", "Первоклассников", "Есть кабинет", "Сохранить черновик"):
        assert words in page
    wrong = send(officer, url, **GIVEN | {A0: "много", A1: ""})
    assert wrong.status_code == 422
    assert "много" in wrong.get_data(as_text=True)
    assert "Обязательное поле" in text_of(wrong)
    assert send(officer, url, **GIVEN).location == card
    shown = text_of(officer.get(card))
    assert "Зимина В. П." in shown
    assert "Отвечено" in shown
    assert "Ответить на запрос" not in text_of(officer.get("/"))
    assert "Проверить ответ организации" in text_of(keeper.get("/"))
    assert "54" in text_of(keeper.get(card))
    assert press(keeper, card, "accept").location == card
    assert states(quick_stage, ANSWER).count("accepted") == 1
    assert findings(quick_stage) == []


def test_a_draft_is_the_officers_own_until_it_is_sent(client_as, quick_stage, card):
    keeper, officer = client_as("morozova"), client_as(OFFICER)
    ask(keeper, card, group="all")
    url = mine(quick_stage)
    assert send(officer, url, add="draft", **{A0: "5", A1: "Пока не всё"}).status_code == 200
    assert "Пока не всё" in officer.get(url).get_data(as_text=True)
    kept = officer.post(f"{url}/keep", data={"version": version_of(officer.get(url)), A1: "Ещё немного"})
    assert kept.status_code == 200
    assert "Ещё немного" in officer.get(url).get_data(as_text=True)
    assert "Ещё немного" not in text_of(keeper.get(card))
    assert set(states(quick_stage, ANSWER)) == {"active"}


def test_an_answer_is_sent_back_with_a_remark_and_comes_again(client_as, quick_stage, card):
    keeper, officer = client_as("morozova"), client_as(OFFICER)
    ask(keeper, card, organization_id=str(school(quick_stage)))
    url = mine(quick_stage)
    send(officer, url, **GIVEN)
    back = url.replace("answer", "send_back").replace("data-send_back", "data-answer")
    assert do(keeper, back, ANSWER, "send_back", remark="Уточните число по приказу").status_code == 303
    assert heads(quick_stage, OFFICER)[-1] == "Уточните ответ"
    page = officer.get(url)
    assert "Уточните число по приказу" in text_of(page)
    assert 'value="54"' in page.get_data(as_text=True), "what was answered stands in the form"
    assert send(officer, url, **GIVEN | {A0: "56"}).status_code == 303
    assert "56" in text_of(keeper.get(card))


def test_an_officer_sees_and_answers_for_the_own_organisation_alone(client_as, quick_stage, card):
    keeper, officer = client_as("morozova"), client_as(OFFICER)
    with quick_stage.database.transaction(keep=False) as session:
        other = session.scalar(select(Organization.id).where(Organization.id != school(quick_stage)).limit(1))
    ask(keeper, card, organization_id=str(other))
    assert officer.get(card).status_code == 404, "nothing is asked of them yet"
    assert officer.get(f"{path(ANSWER)}/1/do/answer").status_code == 404
    send(keeper, f"{path(ANSWER)}/1/do/answer", **GIVEN)
    ask(keeper, card, organization_id=str(school(quick_stage)))
    assert "Зимина В. П." not in text_of(officer.get(card))
    lines = officer.get(f"{path(ANSWER)}/of/1/export.csv").get_data().decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert client_as("sokolova").get(card).status_code == 404


def test_the_answers_leave_as_one_table(client_as, quick_stage, card):
    keeper = client_as("morozova")
    ask(keeper, card, group="all")
    send(keeper, mine(quick_stage), **GIVEN | {A2: "2026-11-20"})
    file = keeper.get(f"{path(ANSWER)}/of/{card.rsplit('/', 1)[1]}/export.csv").get_data().decode("utf-8-sig")
    head, *lines = csv.reader(io.StringIO(file), delimiter=";")
    assert head == ["Организация", "Состояние", "Первоклассников", "Ответственный", "Дата приказа", "Есть кабинет"]
    assert len(lines) == len(states(quick_stage, ANSWER))
    (answered,) = [one for one in lines if one[1] == "Отвечено"]
    assert answered[2:4] == ["54", "Зимина В. П."]
    assert answered[4].startswith("20.11")
    xlsx = keeper.get(f"{path(ANSWER)}/of/{card.rsplit('/', 1)[1]}/export.xlsx")
    assert xlsx.mimetype.endswith("spreadsheetml.sheet")


def test_all_who_have_not_answered_are_reminded_with_one_press(client_as, quick_stage, card):
    keeper, officer = client_as("morozova"), client_as(OFFICER)
    ask(keeper, card, organization_id=str(school(quick_stage)))
    button = f"{card}/do/remind"
    assert button in keeper.get(card).get_data(as_text=True)
    assert press(keeper, card, "remind").location == card
    assert heads(quick_stage, OFFICER) == ["Нужны сведения", "Напоминание из центра"]
    assert "напоминали" in text_of(keeper.get(card))
    assert button not in keeper.get(card).get_data(as_text=True), "once a day"
    assert keeper.post(button, data={"version": "1"}).status_code == 303
    assert "Сегодня об этом уже напоминали." in text_of(keeper.get(card))
    send(officer, mine(quick_stage), **GIVEN)
    assert button not in keeper.get(card).get_data(as_text=True), "nobody is left"
    assert heads(quick_stage, OFFICER) == ["Нужны сведения", "Напоминание из центра"]


def test_who_has_to_check_an_answer_is_reminded_of_that_and_reminds_the_others(client_as, quick_stage, card):
    keeper, officer = client_as("morozova"), client_as(OFFICER)
    typed = {"title": "Набор в первые классы", "what": "Сколько первоклассников ждёте.", "until": "2026-12-10"} | ASKED
    do(keeper, card, REQUEST, "edit", **typed, responsible_id=str(quick_stage.people["zorina"]))
    ask(keeper, card, organization_id=[str(school(quick_stage)), str(another_school(quick_stage))])
    send(officer, mine(quick_stage), **GIVEN)
    assert press(keeper, card, "remind").location == card
    assert heads(quick_stage, "zorina") == ["Напоминание из центра"]
    with quick_stage.database.transaction(keep=False) as session:
        mine_ = session.scalars(select(Outbox).where(Outbox.person_id == quick_stage.people["zorina"]))
        assert ["Проверить ответ организации" in one.body for one in mine_] == [True]


def test_a_question_asked_twice_is_refused_for_one_of_the_answers_would_be_lost(client_as):
    typed = {"title": "Набор в первые классы", "what": "Сколько первоклассников ждёте.", "until": "2026-12-10"} | ASKED
    answer = client_as("morozova").post(f"{path(REQUEST)}/new", data=typed | {"asked-1-name": "первоклассников"})
    assert answer.status_code == 422
    assert "указано дважды" in text_of(answer)


def test_an_answer_stays_readable_when_its_question_becomes_one_of_another_kind(client_as, quick_stage, card):
    keeper, officer = client_as("morozova"), client_as(OFFICER)
    ask(keeper, card, organization_id=str(school(quick_stage)))
    send(officer, mine(quick_stage), **GIVEN)
    typed = {"title": "Набор в первые классы", "what": "Сколько первоклассников ждёте.", "until": "2026-12-10"} | ASKED
    assert do(keeper, card, REQUEST, "edit", **typed | {"asked-1-held": "date"}).status_code == 303
    assert "Зимина В. П." in text_of(keeper.get(card))
    assert keeper.get(f"{path(ANSWER)}/of/{card.rsplit('/', 1)[1]}/export.csv").status_code == 200
    assert (
        do(keeper, mine(quick_stage).rsplit("/do/", 1)[0], ANSWER, "send_back", remark="Укажите день").status_code
        == 303
    )
    assert officer.get(mine(quick_stage)).status_code == 200


REQUESTED = {"title": "Набор в первые классы", "what": "Сколько первоклассников ждёте.", "until": "2026-12-10"}


def edited(client, card, questions):
    """Correct the questions of a request: (what is asked, its key) each; the form carries the keys."""
    rows = {}
    for number, (name, key) in enumerate(questions):
        rows |= {f"asked-{number}-name": name, f"asked-{number}-held": "text", f"asked-{number}-key": key}
    form = client.get(f"{card}/do/edit")
    return client.post(f"{card}/do/edit", data=REQUESTED | rows | {"version": version_of(form)})


def keys_in(client, card):
    """The hidden keys of the questions in the form of a correction."""
    return re.findall(r'name="asked-\d+-key"[^>]*value="([^"]+)"', client.get(f"{card}/do/edit").get_data(as_text=True))


def exported(client, card):
    file = client.get(f"{path(ANSWER)}/of/{card.rsplit('/', 1)[1]}/export.csv").get_data().decode("utf-8-sig")
    head, line = csv.reader(io.StringIO(file), delimiter=";")
    return dict(zip(head[2:], line[2:], strict=True))


def test_a_question_that_is_called_otherwise_and_stands_elsewhere_keeps_its_answers(client_as, quick_stage, card):
    keeper, officer = client_as("morozova"), client_as(OFFICER)
    ask(keeper, card, organization_id=str(school(quick_stage)))
    send(officer, mine(quick_stage), **GIVEN)
    assert keys_in(keeper, card) == ["Первоклассников", "Ответственный", "Дата приказа", "Есть кабинет"]
    assert edited(keeper, card, [("Кто отвечает", "Ответственный"), ("Детей", "Первоклассников")]).status_code == 303
    assert exported(keeper, card) == {"Кто отвечает": "Зимина В. П.", "Детей": "54"}
    assert keys_in(keeper, card) == ["Ответственный", "Первоклассников"]
    send(
        keeper,
        mine(quick_stage).replace("answer", "send_back").replace("data-send_back", "data-answer"),
        remark="Уточните",
    )
    assert send(officer, mine(quick_stage), **{A0: "56", A1: "Зимина В. П."}).status_code == 303
    questions = [("Детей", "Первоклассников"), ("Кто отвечает", "Ответственный"), ("Кабинет", "Есть кабинет")]
    assert edited(keeper, card, questions).status_code == 303
    assert exported(keeper, card) == {"Детей": "56", "Кто отвечает": "Зимина В. П.", "Кабинет": "да"}, (
        "nothing was lost"
    )


def test_a_new_question_does_not_take_the_former_name_of_another(client_as, card):
    keeper = client_as("morozova")
    answer = edited(keeper, card, [("Первоклассников", ""), ("Детей", "Первоклассников")])
    assert answer.status_code == 422
    assert "прежнее название поля «Детей»" in text_of(answer)


def test_a_row_is_taken_out_by_emptying_what_is_seen_of_it(client_as, card):
    keeper = client_as("morozova")
    rows = {
        "asked-0-name": "",
        "asked-0-held": "",
        "asked-0-key": "Первоклассников",
        "asked-1-name": "Кто",
        "asked-1-held": "text",
    }
    form = keeper.get(f"{card}/do/edit")
    assert keeper.post(f"{card}/do/edit", data=REQUESTED | rows | {"version": version_of(form)}).status_code == 303
    assert keys_in(keeper, card) == ["Кто"]


def test_questions_of_before_are_kept_by_their_names(client_as, quick_stage, card):
    keeper, officer = client_as("morozova"), client_as(OFFICER)
    ask(keeper, card, organization_id=str(school(quick_stage)))
    send(officer, mine(quick_stage), **GIVEN)
    with quick_stage.database.transaction(keep=True) as session:
        row = session.scalars(select(RECORDS[REQUEST.key])).one()
        row.asked = [{name: value for name, value in one.items() if name != "key"} for one in row.asked]
    assert keys_in(keeper, card)[0] == "Первоклассников"
    assert edited(keeper, card, [("Детей", "Первоклассников")]).status_code == 303
    assert exported(keeper, card) == {"Детей": "54"}


def test_after_its_term_an_answer_is_overdue_and_still_comes(client_as, quick_stage, card):
    keeper, officer = client_as("morozova"), client_as(OFFICER)
    ask(keeper, card, organization_id=str(school(quick_stage)))
    for day, wanted in ((4, "active"), (5, "active"), (10, "active"), (11, "overdue"), (12, "overdue")):
        with clock.at(datetime(2026, 12, day, 9, tzinfo=UTC)):
            assert timers.tick(quick_stage.database).failed == ()
        assert states(quick_stage, ANSWER) == [wanted]
        reminded = ["Ждёт вас"] * ((day >= 5) + (day >= 11))  # in the letter of the day
        assert heads(quick_stage, OFFICER) == ["Нужны сведения", *reminded], (
            "five days before, on the day after, once each"
        )
    assert "просрочили: 1" in text_of(keeper.get(card))
    assert send(officer, mine(quick_stage), **GIVEN).status_code == 303
    assert do(keeper, card, REQUEST, "close").status_code == 303
    assert "Проверить ответ" not in text_of(keeper.get("/"))


def test_what_is_closed_is_asked_of_nobody(client_as, quick_stage, card):
    keeper = client_as("morozova")
    assert do(keeper, card, REQUEST, "close").status_code == 303
    answer = ask(keeper, card, organization_id=str(school(quick_stage)))
    assert answer.status_code == 422
    assert "Сбор завершён" in text_of(answer)
    assert states(quick_stage, ANSWER) == []
    assert heads(quick_stage, OFFICER) == []


def test_what_is_closed_is_answered_no_more(client_as, quick_stage, card):
    keeper, officer = client_as("morozova"), client_as(OFFICER)
    ask(keeper, card, organization_id=str(school(quick_stage)))
    do(keeper, card, REQUEST, "close")
    assert "Ответить на запрос" not in text_of(officer.get("/"))
    late = officer.get(mine(quick_stage))
    assert "Сбор завершён" in text_of(late)
    assert send(officer, mine(quick_stage), **GIVEN).status_code == 409


def test_the_statements_of_a_card_do_not_grow_with_its_parts(client_as, quick_stage, app, card):
    keeper, engine, counted = client_as("morozova"), app.extensions["workflow_database"].engine, []
    for group in ("kindergarten", "all"):
        ask(keeper, card, group=group)
        with count_statements(engine) as told:
            keeper.get(card)
        counted.append(len(told))
    assert counted[0] == counted[1], counted


def test_a_row_more_is_asked_without_a_script_and_what_was_typed_stays(client_as):
    keeper = client_as("morozova")
    first = keeper.get(f"{path(REQUEST)}/new").get_data(as_text=True)
    assert first.count('name="asked-2-name"') == 1
    more = keeper.post(f"{path(REQUEST)}/new", data=ASKED | {"title": "Набор", "add": "asked"}).get_data(as_text=True)
    assert 'value="Набор"' in more
    assert 'name="asked-4-name"' in more


ROWS = [{"name": "Сколько", "held": "number", "optional": False}, {"name": "Когда", "held": "date", "optional": True}]


def test_a_form_of_questions_is_checked_by_their_kinds_and_read_back():
    made = form_for(ROWS)
    assert made is form_for([dict(one) for one in ROWS]), "made once"
    much, when = map(field_of, ROWS)
    told = told_by(ROWS, fill(made, {much: "12,5", when: "20.11.2026"}), {"Что раньше": "спрашивали"})
    assert told == {"Что раньше": "спрашивали", "Сколько": "12.5", "Когда": date(2026, 11, 20).isoformat()}
    assert fill(made, typed_again(ROWS, told)) == fill(made, {much: "12.5", when: "2026-11-20"})
    with pytest.raises(Invalid) as error:
        fill(made, {much: "x", when: "31.02.2026"})
    assert set(error.value.problems) == {much, when}


def test_two_questions_do_not_change_names_with_each_other(client_as, card):
    """The answers would stand under the wrong one."""
    keeper = client_as("morozova")
    answer = edited(keeper, card, [("Ответственный", "Первоклассников"), ("Первоклассников", "Ответственный")])
    assert answer.status_code == 422
    assert "прежнее название поля" in text_of(answer)


def test_a_group_that_nobody_has_declared_is_nobody(client_as, quick_stage, card):
    assert ask(client_as("morozova"), card, group="anything").status_code == 422
    with quick_stage.database.transaction(keep=False) as session:
        assert session.query(RECORDS["data_answer"]).count() == 0
