"""Invitations to many cases: a draft that coordinators share, changed by plain buttons, and one press that invites all."""

import re

import pytest
from sqlalchemy import select

from tests.play import at
from tests.rows import rows_of
from tests.statements import count_statements
from tests.web.pages import links_of, text_of
from workflow_app import clock, config
from workflow_app.db.models import Assignment, AssignmentPlan, Case, Event, Person
from workflow_app.features.cases.office import batch_jobs
from workflow_app.operations.job_kinds import KINDS
from workflow_app.runtime.job_worker import work

PRODUCT = "innovation_product"


@pytest.fixture
def roads(quick_stage):
    return [at(quick_stage, "assigning"), at(quick_stage, "assigning", PRODUCT)]


def plan_of(stage):
    (found,) = rows_of(stage, AssignmentPlan)
    return found


def begun(client, roads):
    """The address of a draft of these cases."""
    answer = client.post("/cases/plans", data={"case": [str(one.case_id) for one in roads]})
    assert answer.status_code == 303
    return answer.location


def press(client, address, do, **more):
    """Press a button of the page as it stands."""
    seen = re.search(r'name="version" value="(\d+)"', client.get(address).get_data(as_text=True))[1]
    return client.post(address, data={"version": seen, "do": do, **more})


def invited(stage, road):
    with stage.database.transaction(keep=False) as session:
        rows = select(Assignment.expert_id).where(Assignment.case_id == road.case_id).order_by(Assignment.id)
        return sorted(session.scalars(rows))


def test_a_draft_proposes_experts_for_all_and_invites_nobody(quick_stage, client_as, roads):
    client = client_as("morozova")
    assert "/cases/plans" in links_of(client.get("/cases?state=assigning"))
    assert "/cases/plans" not in links_of(client_as("gradov").get("/cases?state=assigning"))
    assert client_as("gradov").get("/cases/plans").status_code == 403
    address = begun(client, roads)
    assert begun(client, roads) == address, "a second press finds the draft of the first"
    page = client.get(address)
    assert "Пригласить всех (5)" in text_of(page)
    assert re.search(r"предмет (тот же|смежный|другой) · 0 из 5 дел · ещё не оценивал", text_of(page))
    matrix = client.get(f"{address}?view=matrix").get_data(as_text=True)
    assert matrix.count("is-chosen") == 5
    assert "Матрица" in text_of(client.get(address))
    assert [invited(quick_stage, one) for one in roads] == [[], []]
    assert address in links_of(client_as("ershov").get("/cases/plans")), "a draft is everybody's of the office"


def test_pairs_are_held_moved_and_taken_out_by_plain_buttons(quick_stage, client_as, roads):
    client = client_as("morozova")
    address, (first, second) = begun(client, roads), [one.case_id for one in roads]
    mine = [person for case, person in plan_of(quick_stage).pairs if case == first]
    press(client, address, f"lock-{first}-{mine[0]}")
    assert plan_of(quick_stage).locked == [[first, mine[0]]]
    press(client, address, f"remove-{first}-{mine[1]}")
    assert [first, mine[1]] in plan_of(quick_stage).removed
    assert "место свободно" in text_of(client.get(address))
    press(client, address, "fill")
    now = [person for case, person in plan_of(quick_stage).pairs if case == first]
    assert mine[0] in now and mine[1] not in now and len(now) == 2
    press(client, address, f"pick-{first}", **{f"who-{first}": str(mine[1])})  # instead of the one who is not held
    assert sorted(one for case, one in plan_of(quick_stage).pairs if case == first) == sorted(mine)
    there = [person for case, person in plan_of(quick_stage).pairs if case == second]
    mover = next(one for one in mine if one not in there)
    press(client, address, f"move-{first}-{mover}", **{f"to-{first}-{mover}": str(second)})
    assert [second, mover] in plan_of(quick_stage).pairs or "Этого эксперта сюда нельзя" in text_of(client.get(address))
    press(client, address, f"out-{second}")
    assert plan_of(quick_stage).cases == [first]


def test_two_coordinators_do_not_overwrite_each_other(quick_stage, client_as, roads):
    client = client_as("morozova")
    address = begun(client, roads)
    old = plan_of(quick_stage)
    press(client, address, "again")
    late = client.post(address, data={"version": str(old.version), "do": f"remove-{old.pairs[0][0]}-{old.pairs[0][1]}"})
    assert late.status_code == 303
    assert "черновик изменил кто-то другой" in text_of(client.get(address))
    assert plan_of(quick_stage).removed == []
    refused = client.post(f"{address}/invite", data={"version": str(old.version)})
    assert refused.status_code == 303
    assert plan_of(quick_stage).job_id is None


def test_who_takes_part_in_a_case_neither_reads_nor_changes_it_in_a_draft(quick_stage, client_as, roads):
    """R30: ershov, a coordinator, is invited to one of the two cases; the draft tells and takes nothing of it."""
    road, other = roads
    client = client_as("morozova")
    road.invite(["ershov"], "Приглашён до черновика")
    address = begun(client, roads)
    press(client, address, "contest")
    before, involved = plan_of(quick_stage), client_as("ershov")
    case_id, expert = next(one for one in before.pairs if one[0] == road.case_id)
    pair = f"{case_id}-{expert}"
    for do in (
        f"out-{case_id}",
        f"remove-{pair}",
        f"move-{pair}",
        f"lock-{pair}",
        f"stay-{before.withdrawn[0][0]}-{before.withdrawn[0][1]}",
    ):
        press(involved, address, do, **{f"to-{pair}": str(other.case_id)})
        assert "менять его в черновике вам нельзя" in text_of(involved.get(address))
    assert plan_of(quick_stage).version == before.version
    press(involved, address, "contest")
    after, theirs = plan_of(quick_stage), sum(one[0] == other.case_id for one in before.pairs)
    assert after.version == before.version + 1
    assert [one for one in after.pairs if one[0] == case_id] == [one for one in before.pairs if one[0] == case_id]
    assert after.withdrawn == before.withdrawn
    assert f"Дел: 1, предложено экспертов: {theirs}" in text_of(involved.get("/cases/plans"))
    assert "Дел: 2" in text_of(client.get("/cases/plans"))


def test_other_weights_say_what_they_would_change_before_they_do(quick_stage, client_as, roads):
    client = client_as("morozova")
    address = begun(client, roads)
    before = plan_of(quick_stage)
    parts = "&".join(
        f"{one}=0"
        for one in (
            "direction",
            "subject",
            "level",
            "post",
            "grade",
            "load",
            "timeliness",
            "distance",
            "history",
            "text",
        )
    )
    page = text_of(client.get(f"{address}?try=1&{parts}&category=10&floor=total"))
    assert "Что изменят эти веса" in page and "Хуже всех обеспечено" in page
    assert plan_of(quick_stage).version == before.version
    press(client, address, "weigh", category="10", subject="0", floor="total")
    after = plan_of(quick_stage)
    assert (after.floor, after.weights["category"], after.weights["subject"]) == ("total", 10, 0)


def test_one_press_invites_all_case_by_case_and_a_second_goes_on_with_the_rest(quick_stage, client_as, roads, tmp_path):
    settings = config.load(tmp_path / "settings", {})
    client, (good, bad) = client_as("morozova"), roads
    address = begun(client, roads)
    asked = {road.case_id: sorted(p for c, p in plan_of(quick_stage).pairs if c == road.case_id) for road in roads}
    seen = plan_of(quick_stage).version
    assert client.post(f"{address}/invite", data={"version": str(seen)}).status_code == 303
    with quick_stage.database.transaction(
        keep=True
    ) as session:  # meanwhile one of them moves to the applicant's school
        expert = session.get_one(Person, asked[bad.case_id][0])
        home, expert.organization_id = expert.organization_id, session.get_one(Case, bad.case_id).organization_id
    with clock.at(quick_stage.moment):
        assert work(quick_stage.database, settings) == 2
    assert invited(quick_stage, good) == asked[good.case_id]
    assert invited(quick_stage, bad) == []
    with quick_stage.database.transaction(keep=True) as session:
        session.get_one(Person, asked[bad.case_id][0]).organization_id = home
        events = session.scalars(select(Event).where(Event.transition == "invite")).all()
        assert [(one.subject_id, one.via) for one in events] == [(good.case_id, "bulk")]
    page = text_of(client.get(address))
    assert "Не приглашены: Работает в той же организации" in page
    assert f"Пригласить всех ({len(asked[bad.case_id])})" in page
    client.post(f"{address}/invite", data={"version": str(plan_of(quick_stage).version)})
    with clock.at(quick_stage.moment):
        work(quick_stage.database, settings)
    assert invited(quick_stage, bad) == asked[bad.case_id]
    assert "Мест не осталось" in text_of(client.get(address))
    assert (
        client.post(f"{address}/drop", data={"version": str(plan_of(quick_stage).version)}).location == "/cases/plans"
    )


def test_a_draft_of_more_cases_asks_no_more(app, client_as, roads):
    engine = app.extensions["workflow_database"].engine
    assert batch_jobs.NAME in KINDS
    client, found = client_as("morozova"), []
    for some in (roads[:1], roads):
        address = begun(client, some)
        client.get(address)
        with count_statements(engine) as told:
            client.get(address)
        found.append(len(told))
    assert found[0] == found[1]


def test_what_nobody_has_answered_is_reckoned_anew_and_who_accepted_stays(quick_stage, client_as, roads, tmp_path):
    road, _other = roads
    client, people = client_as("morozova"), quick_stage.people
    road.invite(["koval", "pak"], "Приглашены до того, как стало видно лучших")
    road.accept(["koval"])
    address = begun(client, roads)
    press(client, address, "contest")
    pak, better = [road.case_id, people["pak"]], [road.case_id, people["lebedev"]]
    assert plan_of(quick_stage).withdrawn == [pak]
    assert better in plan_of(quick_stage).pairs
    page = text_of(client.get(address)).replace("\xa0", " ")
    assert "Пак Д. Е. не ответил(а): приглашение будет отозвано" in page
    assert "Коваль Н. К.: приглашение принято" in page
    press(client, address, f"stay-{pak[0]}-{pak[1]}")
    assert plan_of(quick_stage).withdrawn == []
    assert "Пригласить всех (3)" in text_of(client.get(address)), "the place is taken again"
    press(client, address, "contest")
    client.post(f"{address}/invite", data={"version": str(plan_of(quick_stage).version)})
    with clock.at(quick_stage.moment):
        work(quick_stage.database, config.load(tmp_path / "settings", {}))
    with quick_stage.database.transaction(keep=False) as session:
        rows = session.scalars(select(Assignment).where(Assignment.case_id == road.case_id))
        states = {one.expert_id: one.state for one in rows}
    assert states == {people["koval"]: "accepted", people["pak"]: "called_off", people["lebedev"]: "invited"}
