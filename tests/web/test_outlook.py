"""«Не успеет»: the forecast of a step by the history of the centre, on the page of a case, for the office."""

from sqlalchemy import select

from tests.play import at
from tests.web.pages import plain
from workflow_app import clock
from workflow_app.db.models import Case, Event
from workflow_app.facts import stage_history

MATERIAL = "methodical_material"


def test_the_history_of_a_step_is_what_the_events_say(quick_stage):
    road = at(quick_stage, "consolidation", MATERIAL)
    states = ("registered", "assigning", "in_review")
    with clock.at(quick_stage.moment), quick_stage.database.transaction(keep=False) as session:
        mine = select(Event).where(Event.subject_kind == "case", Event.subject_id == road.case_id).order_by(Event.seq)
        moves = [(one.before, one.after, one.at) for one in session.scalars(mine) if one.before != one.after]
        found = stage_history.durations(session, quick_stage.municipality_id, {(MATERIAL, one) for one in states})
        for state in states:
            came = next(moment for _, after, moment in moves if after == state)
            left = next(moment for before, _, moment in moves if before == state)
            assert abs(found[MATERIAL, state][0] - (left - came).days) <= 1  # days of the zone, not spans of 24 hours
            assert len(found[MATERIAL, state]) == 1
        other = ("innovation_product", "in_review")
        assert stage_history.durations(session, quick_stage.municipality_id, {other}) == {other: []}
        assert stage_history.of_case(session, session.get_one(Case, road.case_id)) is None  # one case is no history


def test_the_office_is_warned_with_what_it_is_based_on_and_the_author_is_not(quick_stage, client_as, monkeypatch):
    road = at(quick_stage, "in_review", MATERIAL)
    known = [2, 30, 31, 32, 40]
    monkeypatch.setattr(stage_history, "durations", lambda _session, _place, steps: dict.fromkeys(steps, known))
    coordinator, author = client_as("morozova"), client_as(road.applicant)
    with clock.at(quick_stage.moment):
        page = plain(coordinator.get(f"/cases/{road.case_id}"))
        assert "Скорее всего, не успеет к сроку" in page
        assert "из 5 таких шагов половина длилась не больше 31 дн., восемь из десяти – не больше 32 дн." in page
        assert "Скорее всего" not in plain(author.get(f"/cases/{road.case_id}"))
        assert "Найдено 1 дело" in plain(coordinator.get("/cases?due=failing"))
        assert "не успеет" in plain(coordinator.get("/cases?cols=title&cols=outlook"))
        for page in ("/cases", "/cases?cols=title&cols=outlook&due=failing"):  # asked for in vain: not even offered
            told = plain(author.get(page))
            assert "скорее всего не успеют" not in told
            assert "Прогноз" not in told
        known[:] = [2, 2, 3, 3, 4]
        assert "Ничего не нашлось" in plain(coordinator.get("/cases?due=failing"))
