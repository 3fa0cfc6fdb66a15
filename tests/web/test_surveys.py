"""Surveys through their pages: opened, answered by strangers, closed, counted; nothing joins an answer to a person."""

import hashlib
import itertools
import json
import re

import pytest
from sqlalchemy import inspect, select, text, update

from tests.rows import findings, rows_of
from tests.web.pages import text_of
from tests.web.test_records import do, path
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db import survey_answers
from workflow_app.db.models import RECORDS, AccessLog, Base, Event, SurveyAnswer, SurveyBox, SurveyCode
from workflow_app.facts.satisfaction import satisfaction
from workflow_app.files.read_table import read_table
from workflow_app.surveys.tally import BY_PEOPLE

SURVEY = CONTENT_TYPES["survey"]
TYPED = {
    "title": "Довольны ли вы семинаром", "audience": "participants", "stage": "2", "since": "2026-11-01", "until": "2026-12-20",
    "anonymous": "1", "introduction": "Пять вопросов, две минуты.",
    "asked-0-name": "Откуда вы", "asked-0-held": "one", "asked-0-options": "Школа\nДетский сад", "asked-0-unsure": "1",
    "asked-1-name": "Согласны ли вы", "asked-1-held": "grid", "asked-1-options": "Было понятно\nБыло полезно", "asked-1-counts": "1",
    "asked-1-unsure": "1", "asked-2-name": "Что улучшить", "asked-2-held": "long", "asked-2-optional": "1",
}  # fmt: skip


def answer(n):
    return {
        "q1": "Школа" if n % 3 else "Детский сад",
        "q2.1": str(n % 5 + 1),
        "q2.2": "unsure" if n % 4 == 0 else "5",
        "q3": f"Мысль {n:02}",
    }


@pytest.fixture
def card(client_as):
    made = client_as("morozova").post(f"{path(SURVEY)}/new", data=TYPED)
    assert made.status_code == 303, text_of(made)
    return made.location


@pytest.fixture
def slug(client_as, card, quick_stage):
    return opened(client_as("morozova"), card, quick_stage)


def opened(client, card, stage):
    done = do(client, card, SURVEY, "open")
    assert done.status_code == 303, text_of(done)
    with stage.database.transaction(keep=False) as session:
        return session.scalar(select(SurveyBox.slug).where(SurveyBox.survey_id == int(card.rsplit("/", 1)[1])))


def given(app, slug, many, start=0):
    for n in range(start, start + many):
        done = app.test_client().post(f"/s/{slug}", data=answer(n))
        assert done.status_code == 303, text_of(done)


def test_a_survey_is_answered_by_strangers_closed_and_counted(client_as, app, card, slug, quick_stage):
    page = app.test_client().get(f"/s/{slug}")
    assert page.status_code == 200 and "Опрос анонимный" in text_of(page)
    given(app, slug, 12)
    assert len(rows_of(quick_stage, SurveyAnswer)) == 5
    client = client_as("morozova")
    assert do(client, card, SURVEY, "close").status_code == 303
    answers = [one.answers for one in rows_of(quick_stage, SurveyAnswer)]
    assert sorted(map(json.dumps, answers)) == sorted(json.dumps(answer(n)) for n in range(12)) or len(answers) == 12
    survey = rows_of(quick_stage, RECORDS["survey"])[0]
    assert (survey.state, survey.counted) == ("closed", 12)
    shown = text_of(client.get(f"/surveys/{survey.id}/results"))
    assert "Ответов: 12" in shown and survey.digest in shown and "Мысль 07" in shown
    assert not findings(quick_stage)


def test_the_last_few_are_never_shown_alone(client_as, app, card, slug, quick_stage):
    id_ = card.rsplit("/", 1)[1]
    given(app, slug, 4)
    client = client_as("morozova")
    assert "меньше пяти" in text_of(client.get(f"/surveys/{id_}/results"))
    assert not rows_of(quick_stage, SurveyAnswer)
    do(client, card, SURVEY, "close")
    shown = text_of(client.get(f"/surveys/{id_}/results"))
    assert (
        "меньше пяти" in shown and "Мысль" not in shown and "survey-bar" not in shown and "Согласны ли вы" not in shown
    )
    table = client.get(f"/surveys/{id_}/results.csv").get_data(as_text=True)
    assert "Мысль" not in table and len(table.strip().splitlines()) == 1


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(app, slug, quick_stage):
    wrong = app.test_client().post(f"/s/{slug}", data=answer(1) | {"q1": "", "q3": "Мои слова"})
    assert wrong.status_code == 422 and "Ответьте на этот вопрос" in text_of(wrong) and "Мои слова" in text_of(wrong)
    assert rows_of(quick_stage, SurveyBox)[0].answers == []


def test_a_program_that_fills_in_everything_is_thanked_and_forgotten(app, slug, quick_stage):
    done = app.test_client().post(f"/s/{slug}", data=answer(1) | {"website": "http://example.ru"})
    assert done.status_code == 303 and rows_of(quick_stage, SurveyBox)[0].answers == []


def test_a_survey_takes_nothing_before_it_is_open_and_after_it_is_closed(client_as, app, card, slug, quick_stage):
    assert app.test_client().get("/s/nosuchxx").status_code == 404
    do(client_as("morozova"), card, SURVEY, "close")
    late = app.test_client().post(f"/s/{slug}", data=answer(1))
    assert "не принимает ответы" in text_of(late) and rows_of(quick_stage, SurveyBox)[0].answers == []


def test_questions_stand_once_the_survey_is_open(client_as, card, slug):
    client = client_as("morozova")
    page = client.get(card)
    assert page.status_code == 200 and "Исправить" not in text_of(page) and f"/s/{slug}" in text_of(page)
    assert client.get(f"{card}/do/edit").status_code == 403


def test_a_code_is_taken_once(client_as, app, quick_stage):
    client = client_as("morozova")
    card = client.post(f"{path(SURVEY)}/new", data=TYPED | {"by_code": "1"}).location
    slug, id_ = opened(client, card, quick_stage), card.rsplit("/", 1)[1]
    page = client.get(f"/surveys/{id_}/codes")
    version = re.search(r'name="version" value="([^"]+)"', page.get_data(as_text=True))[1]
    made = client.post(f"/surveys/{id_}/codes", data={"many": "30", "version": version})
    codes = re.findall(r'<b class="num">([0-9A-Z]{5}-[0-9A-Z]{5})</b>', made.get_data(as_text=True))
    assert len(set(codes)) == 30
    assert {one.hash for one in rows_of(quick_stage, SurveyCode)}.isdisjoint(codes)
    for n, one in enumerate(codes[:12]):
        typed = one.lower().replace("-", " ") if n % 2 else one
        assert app.test_client().post(f"/s/{slug}", data=answer(n) | {"code": typed}).status_code == 303
    for one in (*codes[:12], "AAAAA-AAAAA", ""):
        again = app.test_client().post(f"/s/{slug}", data=answer(0) | {"code": one})
        assert again.status_code == 422 and "Код не подходит" in text_of(again)
    do(client, card, SURVEY, "close")
    assert sum(one.used for one in rows_of(quick_stage, SurveyCode)) == 12
    assert rows_of(quick_stage, RECORDS["survey"])[0].counted == 12


def test_check_sees_an_answer_that_was_changed_added_or_taken_away(client_as, app, card, slug, quick_stage):
    given(app, slug, 7)
    do(client_as("morozova"), card, SURVEY, "close")
    assert not findings(quick_stage)
    one = rows_of(quick_stage, SurveyAnswer)[0]
    with quick_stage.database.transaction(keep=True) as session:
        session.execute(
            update(SurveyAnswer).where(SurveyAnswer.id == one.id).values(answers=one.answers | {"q3": "Подмена"})
        )
    assert ["Ответы на опрос изменены" in one for one in findings(quick_stage)] == [True]


HEAD = (
    "Отметка времени\tОткуда вы\tСогласны ли вы [Было понятно]\tСогласны ли вы [Было полезно]\tЧто улучшить\tВаша почта"
)


def test_a_table_of_a_form_service_is_read_cell_by_cell_and_entered_whole(client_as, app, card, slug, quick_stage):
    client, url = client_as("morozova"), f"/surveys/{card.rsplit('/', 1)[1]}/table"
    line = "20.11.2026 10:00\tШкола\t5 - да\tЗатрудняюсь ответить\tВсё хорошо {n}\tanna@example.ru"
    version = re.search(r'name="version" value="([^"]+)"', client.get(url).get_data(as_text=True))[1]
    wrong = client.post(url, data={"rows": f"{HEAD}\n{line}\n1\tДача\t7\t5\t\tx", "do": "check", "version": version})
    assert wrong.status_code == 422 and "Такого ответа нет" in text_of(wrong) and "«Дача»" in text_of(wrong)
    right = "\n".join((HEAD, *(line.format(n=n) for n in range(11))))
    looked = client.post(url, data={"rows": right, "do": "check", "version": version})
    assert looked.status_code == 200 and "Будет записано: 11" in text_of(looked) and "Ваша почта" in text_of(looked)
    assert not rows_of(quick_stage, SurveyAnswer)
    done = client.post(url, data={"rows": right, "do": "keep", "version": version})
    assert done.status_code == 303, text_of(done)
    assert len(rows_of(quick_stage, SurveyAnswer)) == 6
    do(client, card, SURVEY, "close")
    assert rows_of(quick_stage, RECORDS["survey"])[0].counted == 11
    kept = json.dumps([one.answers for one in rows_of(quick_stage, SurveyAnswer)], ensure_ascii=False)
    assert "example.ru" not in kept and "20.11" not in kept and "Всё хорошо 10" in kept


# -- the attempt to join answers to people


def everything(stage):
    """Every row of every table, as plain values."""
    with stage.database.transaction(keep=False) as session:
        return {
            table.name: [dict(one._mapping) for one in session.execute(select(table))]
            for table in Base.metadata.sorted_tables
        }


def test_nothing_in_any_table_joins_an_answer_to_a_person_an_address_or_a_moment(
    client_as, app, card, slug, quick_stage
):
    before = everything(quick_stage)
    for n in range(23):
        visitor = client_as("sokolova") if n == 11 else app.test_client()  # one is even logged in
        done = visitor.post(
            f"/s/{slug}",
            data=answer(n),
            environ_base={"REMOTE_ADDR": f"203.0.113.{n}"},
            headers={"User-Agent": f"Trace{n}"},
        )
        assert done.status_code == 303
        assert "session" not in done.headers.get("Set-Cookie", "") or "Мысль" not in done.headers["Set-Cookie"]
    after = everything(quick_stage)
    changed = {name for name in after if after[name] != before[name]}
    assert changed <= {"survey_answer", "survey_box", "tries", "login"}, "an answer leaves a trace elsewhere"
    told = json.dumps(after, default=str, ensure_ascii=False)
    assert "203.0.113." not in told and "Trace" not in told
    for name, found in after.items():
        if name not in ("survey_answer", "survey_box"):
            assert "Мысль" not in json.dumps(found, default=str, ensure_ascii=False), name
    plain = {hashlib.sha256("\\0".join(("answers", f"203.0.113.{n}")).encode()).hexdigest() for n in range(23)}
    assert plain.isdisjoint(one["key"] for one in after["tries"]), "the throttle's keys are guessed without the secret"
    assert set(inspect(SurveyAnswer).columns.keys()) == {"id", "survey_id", "answers"}
    assert set(inspect(SurveyBox).columns.keys()) == {"survey_id", "slug", "answers", "codes"}


def test_the_order_of_the_rows_says_nothing_of_the_order_of_the_answers(app, slug, quick_stage):
    given(app, slug, 40)
    with quick_stage.database.transaction(keep=False) as session:
        physical = [one.id for one in session.execute(text("SELECT id, answers FROM survey_answer"))]
        waiting = session.scalars(select(SurveyBox.answers)).one()
        where = session.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'survey_answer'"))
    assert "WITHOUT ROWID" in where
    assert len(physical) == 35 and physical == sorted(physical)
    assert len(waiting) == 5
    texts = [json.dumps(one, sort_keys=True, ensure_ascii=False) for one in waiting]
    assert texts == sorted(texts)


def test_what_waits_and_what_is_kept_is_drawn_by_lot(app, client_as, quick_stage):
    """Whether an early answer still waits at the end is chance: in some of the surveys it does, in some it does not."""
    client, early = client_as("morozova"), set()
    for n in range(12):
        card = client.post(f"{path(SURVEY)}/new", data=TYPED | {"title": f"Опрос номер {n}"}).location
        slug = opened(client, card, quick_stage)
        with quick_stage.database.transaction(keep=True) as session:
            for m in range(10):
                survey_answers.put(session, int(card.rsplit("/", 1)[1]), [answer(m)])
            box = session.scalar(select(SurveyBox).where(SurveyBox.slug == slug))
            early.add(any(one["q3"] == "Мысль 00" for one in box.answers))
    assert early == {True, False}


def test_closing_writes_everything_anew_and_no_event_tells_of_an_answer(client_as, app, card, slug, quick_stage):
    given(app, slug, 13)
    old = {one.id for one in rows_of(quick_stage, SurveyAnswer)}
    do(client_as("morozova"), card, SURVEY, "close")
    found = rows_of(quick_stage, SurveyAnswer)
    assert len(found) == 13 and old.isdisjoint(one.id for one in found)
    assert rows_of(quick_stage, SurveyBox)[0].answers == []
    events = [one.transition for one in rows_of(quick_stage, Event) if one.subject_kind == "survey"]
    assert events == ["begin", "open", "close"]


def test_two_looks_at_running_results_differ_by_five_or_more(app, slug, quick_stage):
    seen = []
    for n in range(22):
        given(app, slug, 1, n)
        seen.append(len(rows_of(quick_stage, SurveyAnswer)))
    steps = {b - a for a, b in itertools.pairwise(seen)} - {0}
    assert steps == {5} and 22 - seen[-1] >= 5


def test_who_does_not_keep_surveys_sees_no_results(client_as, card, slug):
    id_ = card.rsplit("/", 1)[1]
    for page in ("results", "codes", "poster", "table", "results.csv"):
        assert client_as("sokolova").get(f"/surveys/{id_}/{page}").status_code in (403, 404), page
    assert client_as("bondarenko").post(f"/surveys/{id_}/codes", data={"many": "3"}).status_code in (403, 404)


def test_a_named_survey_says_so_asks_the_name_and_a_consent(client_as, app, quick_stage):
    client = client_as("morozova")
    card = client.post(f"{path(SURVEY)}/new", data={k: v for k, v in TYPED.items() if k != "anonymous"}).location
    slug = opened(client, card, quick_stage)
    page = text_of(app.test_client().get(f"/s/{slug}"))
    assert "не анонимный" in page and "Опрос анонимный" not in page
    refused = app.test_client().post(f"/s/{slug}", data=answer(1))
    assert refused.status_code == 422 and "Назовите себя" in text_of(refused)
    taken = app.test_client().post(f"/s/{slug}", data=answer(1) | {"who": "Зимина В. П.", "agrees": "1"})
    assert taken.status_code == 303 and rows_of(quick_stage, SurveyBox)[0].answers[0]["who"] == "Зимина В. П."
    do(client, card, SURVEY, "close")
    table = client.get(f"/surveys/{card.rsplit('/', 1)[1]}/results.csv").get_data(as_text=True)
    assert "Зимина В. П." in table and "Школа" in table
    assert any(one.what == "survey answers" for one in rows_of(quick_stage, AccessLog))


def test_stages_with_the_same_questions_stand_side_by_side(client_as, app, card, slug, quick_stage):
    client = client_as("morozova")
    other = client.post(f"{path(SURVEY)}/new", data=TYPED | {"title": "Тот же опрос весной", "stage": "1"}).location
    given(app, opened(client, other, quick_stage), 12)
    given(app, slug, 14)
    for one in (card, other):
        do(client, one, SURVEY, "close")
    first = client.get(f"/surveys/{card.rsplit('/', 1)[1]}/results")
    assert "Тот же опрос весной" in text_of(first)
    both = text_of(client.get(f"/surveys/{card.rsplit('/', 1)[1]}/results?with={other.rsplit('/', 1)[1]}"))
    assert "Ответов: 14" in both and "Ответов: 12" in both


def test_an_indicator_is_told_what_it_was_reckoned_from(client_as, app, card, slug, quick_stage):
    given(app, slug, 12)
    do(client_as("morozova"), card, SURVEY, "close")
    with quick_stage.database.transaction(keep=False) as session:
        found = satisfaction(session, quick_stage.municipality_id, stage="2")
        people = satisfaction(
            session, quick_stage.municipality_id, surveys=[int(card.rsplit("/", 1)[1])], way=BY_PEOPLE
        )
        assert satisfaction(session, quick_stage.municipality_id, stage="1").rows == ()
    marks = [one for n in range(12) for one in (answer(n)["q2.1"], answer(n)["q2.2"])]
    assert (found.numerator, found.denominator) == (
        sum(one in "45" for one in marks if one != "unsure"),
        sum(one != "unsure" for one in marks),
    )
    assert found.unsure == 3 and found.rows[0].n == 12 and people.denominator == 12


def split_survey(client_as, app, stage, *groups):
    """Return the id of an ended survey that is split by «Откуда вы»: so many answers of each group, all alike within it."""
    made = client_as("morozova").post(f"{path(SURVEY)}/new", data=TYPED | {"asked-0-splits": "1"})
    assert made.status_code == 303, text_of(made)
    slug = opened(client_as("morozova"), made.location, stage)
    for where, many, mark in groups:
        for n in range(many):
            said = {"q1": where, "q2.1": mark, "q2.2": mark, "q3": f"{where} {n}"}
            assert app.test_client().post(f"/s/{slug}", data=said).status_code == 303
    id_ = int(made.location.rsplit("/", 1)[1])
    assert client_as("morozova").get(f"/surveys/{id_}/groups").status_code == 404  # while it runs nothing is split
    assert do(client_as("morozova"), made.location, SURVEY, "close").status_code == 303
    return id_


def test_groups_stand_side_by_side_once_the_survey_is_over(client_as, app, quick_stage):
    id_ = split_survey(client_as, app, quick_stage, ("Школа", 7, "5"), ("Детский сад", 6, "2"))
    client = client_as("morozova")
    assert f"/surveys/{id_}/groups" in client.get(f"/surveys/{id_}/results").get_data(as_text=True)
    shown = text_of(client.get(f"/surveys/{id_}/groups"))
    assert (
        "Детский сад. Ответили: 6" in shown and "среднее 2" in shown and "среднее 5" in shown and "Скрыто" not in shown
    )
    assert "Школа 3" not in shown  # nobody's own words
    table = client.get(f"/surveys/{id_}/groups.csv").get_data(as_text=True)
    assert "Школа;7;5" in table.replace(",", ";").replace("\t", ";") and "Школа 3" not in table


def test_a_hidden_group_is_in_no_table_either(client_as, app, quick_stage):
    id_ = split_survey(client_as, app, quick_stage, ("Школа", 12, "5"), ("Детский сад", 6, "2"), ("unsure", 2, "1"))
    client = client_as("morozova")
    shown = text_of(client.get(f"/surveys/{id_}/groups"))
    assert (
        "Скрыто: Детский сад, Затрудняюсь ответить" in shown
        and "Школа. Ответили: 12" in shown
        and "среднее 2" not in shown
    )
    for kind in ("csv", "xlsx"):
        sent = client.get(f"/surveys/{id_}/groups.{kind}").data
        rows_ = [one.cells for one in read_table(sent, f"t.{kind}").rows]
        told = {row[2]: row[3] for row in rows_}
        assert told == {"Школа": "12", "Детский сад": "скрыто", "Затрудняюсь ответить": "скрыто"}
        assert all(not any(row[4:]) for row in rows_ if row[2] != "Школа")
    strange = client_as("sokolova")
    assert (
        strange.get(f"/surveys/{id_}/groups").status_code
        == strange.get(f"/surveys/{id_}/groups.csv").status_code
        == 404
    )


def test_a_survey_is_repeated_at_another_stage_and_compared_by_itself(client_as, app, card, slug, quick_stage):
    given(app, slug, 6)
    client, id_ = client_as("morozova"), card.rsplit("/", 1)[1]
    do(client, card, SURVEY, "close")
    assert f"/surveys/{id_}/repeat" in client.get(card).get_data(as_text=True)
    assert client_as("sokolova").get(f"/surveys/{id_}/repeat").status_code in (403, 404)
    wrong = client.post(
        f"/surveys/{id_}/repeat",
        data={"title": "Довольны ли вы семинаром", "stage": "3", "since": "2026-12-09", "until": "2026-12-01"},
    )
    assert wrong.status_code == 422 and "раньше первого" in text_of(wrong)
    done = client.post(
        f"/surveys/{id_}/repeat",
        data={"title": "Довольны ли вы семинаром", "stage": "3", "since": "2026-11-01", "until": "2026-12-28"},
    )
    assert done.status_code == 303, text_of(done)
    old, new = rows_of(quick_stage, RECORDS["survey"])
    assert (
        new.repeats_id == old.id
        and new.asked == old.asked
        and (new.state, new.stage, new.counted) == ("active", "3", None)
    )
    assert "Что было до и после" in text_of(client.get(card)) and "Что было до и после" in text_of(
        client.get(done.location)
    )
    later = opened(client, done.location, quick_stage)
    given(app, later, 7)
    do(client, done.location, SURVEY, "close")
    shown = text_of(client.get(f"/surveys/{new.id}/results"))
    assert "Ответов: 6" in shown and "Ответов: 7" in shown
    alone = text_of(client.get(f"/surveys/{new.id}/results?with=0"))
    assert "Ответов: 6" not in alone and "Сравнить с опросом" in alone
    assert not findings(quick_stage)
