"""Surveys through their pages: opened, answered by strangers, closed, counted; nothing joins an answer to a person."""

import json
import re

import pytest
from sqlalchemy import select, update

from tests.web.pages import text_of
from tests.web.test_records import do, integrity_faults, path
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import RECORDS, SurveyAnswer, SurveyBox, SurveyCode

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


def rows(stage, model):
    with stage.database.transaction(keep=False) as session:
        found = session.scalars(select(model)).all()
        session.expunge_all()
        return found


def test_a_survey_is_answered_by_strangers_closed_and_counted(client_as, app, card, slug, quick_stage):
    page = app.test_client().get(f"/s/{slug}")
    assert page.status_code == 200 and "Опрос анонимный" in text_of(page)
    given(app, slug, 12)
    assert len(rows(quick_stage, SurveyAnswer)) == 5
    client = client_as("morozova")
    assert do(client, card, SURVEY, "close").status_code == 303
    answers = [one.answers for one in rows(quick_stage, SurveyAnswer)]
    assert sorted(map(json.dumps, answers)) == sorted(json.dumps(answer(n)) for n in range(12)) or len(answers) == 12
    survey = rows(quick_stage, RECORDS["survey"])[0]
    assert (survey.state, survey.counted) == ("closed", 12)
    shown = text_of(client.get(f"/surveys/{survey.id}/results"))
    assert "12 ответов" in shown and survey.digest in shown and "Мысль 07" in shown
    assert not integrity_faults(quick_stage)


def test_the_last_few_are_never_shown_alone(client_as, app, card, slug, quick_stage):
    id_ = card.rsplit("/", 1)[1]
    given(app, slug, 4)
    client = client_as("morozova")
    assert "меньше пяти" in text_of(client.get(f"/surveys/{id_}/results"))
    assert not rows(quick_stage, SurveyAnswer)
    do(client, card, SURVEY, "close")
    shown = text_of(client.get(f"/surveys/{id_}/results"))
    assert (
        "меньше пяти" in shown
        and "Мысль" not in shown
        and 'svg viewBox="0 0 560' not in shown
        and "Согласны ли вы" not in shown
    )
    table = client.get(f"/surveys/{id_}/results.csv").get_data(as_text=True)
    assert "Мысль" not in table and len(table.strip().splitlines()) == 1


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(app, slug, quick_stage):
    wrong = app.test_client().post(f"/s/{slug}", data=answer(1) | {"q1": "", "q3": "Мои слова"})
    assert wrong.status_code == 422 and "Ответьте на этот вопрос" in text_of(wrong) and "Мои слова" in text_of(wrong)
    assert rows(quick_stage, SurveyBox)[0].answers == []


def test_a_program_that_fills_in_everything_is_thanked_and_forgotten(app, slug, quick_stage):
    done = app.test_client().post(f"/s/{slug}", data=answer(1) | {"website": "http://example.ru"})
    assert done.status_code == 303 and rows(quick_stage, SurveyBox)[0].answers == []


def test_a_survey_takes_nothing_before_it_is_open_and_after_it_is_closed(client_as, app, card, slug, quick_stage):
    assert app.test_client().get("/s/nosuchxx").status_code == 404
    do(client_as("morozova"), card, SURVEY, "close")
    late = app.test_client().post(f"/s/{slug}", data=answer(1))
    assert "не принимает ответы" in text_of(late) and rows(quick_stage, SurveyBox)[0].answers == []


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
    assert {one.hash for one in rows(quick_stage, SurveyCode)}.isdisjoint(codes)
    for n, one in enumerate(codes[:12]):
        typed = one.lower().replace("-", " ") if n % 2 else one
        assert app.test_client().post(f"/s/{slug}", data=answer(n) | {"code": typed}).status_code == 303
    for one in (*codes[:12], "AAAAA-AAAAA", ""):
        again = app.test_client().post(f"/s/{slug}", data=answer(0) | {"code": one})
        assert again.status_code == 422 and "Код не подходит" in text_of(again)
    do(client, card, SURVEY, "close")
    assert sum(one.used for one in rows(quick_stage, SurveyCode)) == 12
    assert rows(quick_stage, RECORDS["survey"])[0].counted == 12


def test_check_sees_an_answer_that_was_changed_added_or_taken_away(client_as, app, card, slug, quick_stage):
    given(app, slug, 7)
    do(client_as("morozova"), card, SURVEY, "close")
    assert not integrity_faults(quick_stage)
    one = rows(quick_stage, SurveyAnswer)[0]
    with quick_stage.database.transaction(keep=True) as session:
        session.execute(
            update(SurveyAnswer).where(SurveyAnswer.id == one.id).values(answers=one.answers | {"q3": "Подмена"})
        )
    assert ["Ответы на опрос изменены" in one for one in integrity_faults(quick_stage)] == [True]


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
    assert not rows(quick_stage, SurveyAnswer)
    done = client.post(url, data={"rows": right, "do": "keep", "version": version})
    assert done.status_code == 303, text_of(done)
    assert len(rows(quick_stage, SurveyAnswer)) == 6
    do(client, card, SURVEY, "close")
    assert rows(quick_stage, RECORDS["survey"])[0].counted == 11
    kept = json.dumps([one.answers for one in rows(quick_stage, SurveyAnswer)], ensure_ascii=False)
    assert "example.ru" not in kept and "20.11" not in kept and "Всё хорошо 10" in kept
