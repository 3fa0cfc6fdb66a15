"""Answers to surveys on both databases: double use of a code, closing beside answering, what the rows of the database give away."""

from collections import Counter

import pytest
from sqlalchemy import select, text

from tests.gate.races import race
from workflow_app import gate
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.content_types.survey import CloseSurvey, IssueCodes, OpenSurvey
from workflow_app.db import survey_answers
from workflow_app.db.models import RECORDS, SurveyAnswer, SurveyBox, SurveyCode
from workflow_app.errors import NotYet
from workflow_app.facts.record_rows import row_of
from workflow_app.features.surveys.effects import CODES
from workflow_app.operations import integrity
from workflow_app.states.forms import fill

KEEPER = "morozova"
TYPED = {
    "title": "Довольны ли вы", "audience": "parents", "stage": "1", "since": "2026-11-01", "until": "2026-12-20", "anonymous": "1",
    "by_code": "1", "asked": [{"name": "Что улучшить", "held": "text"}],
}  # fmt: skip


@pytest.fixture
def survey(stage):
    kind = CONTENT_TYPES["survey"]
    with stage.turn(KEEPER) as (session, actor):
        lists = {f"refers:{one}": () for one in ("person", "centre_event", "plan_item")}
        sheet = fill(kind.sheet, TYPED, lists)
        row = gate.begin(session, actor, row_of(kind, actor.municipality_id, sheet), sheet)
        gate.perform(session, actor, row, "open", OpenSurvey(), row.version)
        return row.id


@pytest.fixture
def codes(stage, survey):
    with stage.turn(KEEPER) as (session, actor):
        row = session.get_one(RECORDS["survey"], survey)
        gate.perform(session, actor, row, "issue_codes", IssueCodes(many=20), row.version)
        return session.info.pop(CODES)


def put(stage, survey, n, code=None):
    with stage.database.transaction(keep=True) as session:
        return survey_answers.put(session, survey, [{"q1": f"Мысль {n:02}"}], code)


def close(session, actor, survey):
    row = session.get_one(RECORDS["survey"], survey)
    gate.perform(session, actor, row, "close", CloseSurvey(), row.version)


def test_of_two_who_use_one_code_at_once_one_is_taken(stage, survey, codes):
    def work(session, _me, barrier):
        barrier.wait()
        return survey_answers.put(session, survey, [{"q1": "слово"}], codes[0])

    assert sorted(race(stage, [("sokolova", work), ("bondarenko", work), ("koval", work)])) == [False, False, True]
    with stage.database.transaction(keep=False) as session:
        assert survey_answers.counted(session, survey)[0] == 1


def test_an_answer_beside_the_closing_is_counted_or_refused(stage, survey):
    for n in range(7):
        put(stage, survey, n)

    def answers(session, _me, barrier):
        barrier.wait()
        return survey_answers.put(session, survey, [{"q1": "в последний миг"}])

    def closes(session, me, barrier):
        barrier.wait()
        return close(session, me, survey)

    told = race(stage, [("sokolova", answers), (KEEPER, closes), ("bondarenko", answers)])
    assert told[1] is None and all(one is True or isinstance(one, NotYet) for one in (told[0], told[2])), told
    with stage.database.transaction(keep=False) as session:
        row = session.get_one(RECORDS["survey"], survey)
        assert row.counted == 7 + sum(one is True for one in told)
        assert (row.counted, row.digest) == survey_answers.counted(session, survey)
        assert not integrity.findings(session, stage.database.blobs)


def test_codes_are_marked_by_a_lot_of_their_own_and_only_in_fives(stage, survey, codes):
    marked = []
    for n, code in enumerate(codes[:14]):
        assert put(stage, survey, n, code)
        with stage.database.transaction(keep=False) as session:
            marked.append(len(session.scalars(select(SurveyCode.hash).where(SurveyCode.used)).all()))
            kept = len(session.scalars(select(SurveyAnswer.id)).all())
            box = session.scalars(select(SurveyBox)).one()
            assert len(box.codes) == len(box.answers) and box.codes == sorted(box.codes)
        assert marked[-1] == kept
    assert marked == [0] * 9 + [5] * 5
    with stage.turn(KEEPER) as (session, actor):
        close(session, actor, survey)
        assert Counter(session.scalars(select(SurveyCode.used))) == {True: 14, False: 6}


def test_hidden_columns_group_five_or_more(stage, survey, codes):
    """On PostgreSQL ``xmin`` is the transaction that wrote a row and ``ctid`` its place, on SQLite a rowid counts rows.

    None of them says which of the five or more a row is.
    """
    for n, code in enumerate(codes[:16]):
        put(stage, survey, n, code)
    if stage.database.engine.dialect.name == "sqlite":
        with stage.database.transaction(keep=False) as session:
            for table in ("survey_answer", "survey_code"):
                made = session.scalar(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table})
                assert "WITHOUT ROWID" in made
        return
    with stage.database.transaction(keep=False) as session:
        groups = Counter(session.scalars(text("SELECT xmin::text FROM survey_answer")))
        assert sorted(groups.values()) == [5, 5]
        by_place = list(session.scalars(text("SELECT id FROM survey_answer ORDER BY xmin::text::bigint, ctid")))
        assert by_place[:5] == sorted(by_place[:5]) and by_place[5:] == sorted(by_place[5:])
        used = Counter(session.scalars(text("SELECT xmin::text FROM survey_code WHERE used")))
        assert sorted(used.values()) == [5, 5]
    with stage.turn(KEEPER) as (session, actor):
        close(session, actor, survey)
    with stage.database.transaction(keep=False) as session:
        for table in ("survey_answer", "survey_code"):
            assert len(set(session.scalars(text(f"SELECT xmin::text FROM {table}")))) == 1, table
