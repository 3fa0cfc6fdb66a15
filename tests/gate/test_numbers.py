"""R34: numbers neither repeat nor skip, whatever runs in parallel, fails, or is typed from the paper journal."""

from collections import Counter
from datetime import timedelta

import pytest

from tests.gate import acts
from tests.gate.kit import documents, form, scan, value
from tests.gate.races import doing, outcome, race
from tests.play import PDF, at
from workflow_app.db import counters
from workflow_app.db.models import Case
from workflow_app.demo.steps import DIRECTOR, Road
from workflow_app.errors import Invalid

MATERIAL = "methodical_material"
MANY = 8


def submitted(stage) -> list[Road]:
    """Several submitted materials."""
    model = at(stage, "submitted", MATERIAL)
    roads = [model]
    for number in range(MANY - 1):
        title = f"Материал под номером {number}"
        case_id = stage.open("sokolova", MATERIAL, title)
        stage.attach("sokolova", case_id, "material", "Материал.pdf", PDF)
        road = Road(stage, case_id, MATERIAL, "sokolova")
        road.submit({**form(model), "title": title})
        roads.append(road)
    return roads


def test_r34_parallel_registrations_neither_repeat_nor_skip(stage):
    """R34: eight coordinators at once, on both databases."""
    roads = submitted(stage)
    raw = {"received_at": roads[0].today()}
    found = race(stage, [("morozova", doing(Case, one.case_id, "register", raw)) for one in roads])
    assert outcome(found) == {"registered": MANY}
    assert sorted(value(one, "number") for one in roads) == [f"ММ-2026-{n}" for n in range(1, MANY + 1)]


def test_r34_a_registration_that_fails_gives_its_number_back(stage):
    """R34: three of eight break down after they took their number."""
    roads = submitted(stage)
    raw = {"received_at": roads[0].today()}

    def breaking(case_id):
        def work(session, me, barrier):
            doing(Case, case_id, "register", raw)(session, me, barrier)
            raise RuntimeError("the power went out")

        return work

    jobs = [
        breaking(one.case_id) if n < 3 else doing(Case, one.case_id, "register", raw) for n, one in enumerate(roads)
    ]
    found = race(stage, [("morozova", one) for one in jobs])
    assert outcome(found) == {"registered": MANY - 3, "RuntimeError": 3}
    for one in roads[:3]:
        assert (value(one, "number"), one.state()) == (None, "submitted")
        one.register()
    assert sorted(value(one, "number") for one in roads) == [f"ММ-2026-{n}" for n in range(1, MANY + 1)]


def test_r34_each_register_and_year_counts_for_itself(play):
    """R34: orders do not take the numbers of conclusions, nor 2027 those of 2026."""
    road = play("draft", MATERIAL)
    with road.stage.database.transaction(keep=True) as session:
        taken = [
            counters.take(session, road.stage.municipality_id, register, year)
            for register, year in (
                ("orders", 2026),
                ("orders", 2026),
                ("letters", 2026),
                ("orders", 2027),
                ("orders", 2026),
            )
        ]
    assert taken == [1, 2, 1, 1, 3]


AFTER = [("45-од", 46), (" 7", 8), ("без номера", 1), ("0", 1), ("3/12", 4), ("999999999", 1_000_000_000)]


@pytest.mark.parametrize(("typed", "following"), AFTER)
def test_a_register_goes_on_after_what_was_typed(play, typed, following):
    """domain.md 0a.9."""
    road = play("draft", MATERIAL)
    with road.stage.database.transaction(keep=True) as session:
        counters.skip_to(session, 1, "orders", 2026, typed)
        counters.skip_to(session, 1, "orders", 2026, "2-од")
        assert counters.take(session, 1, "orders", 2026) == max(following, 3)


ONE = [("45", "45-од"), ("045", " 45 - ОД "), ("А-1", "а-1")]
TWO = [("45", "45/1"), ("45", "46"), ("45-1", "45")]


@pytest.mark.parametrize(
    ("one", "other", "same"), [*((*pair, True) for pair in ONE), *((*pair, False) for pair in TWO)]
)
def test_when_two_numbers_are_one(one, other, same):
    assert (counters.core(one) == counters.core(other)) is same


def test_an_order_takes_the_number_of_the_paper_journal_and_the_register_goes_on_after_it(play):
    """domain.md 0a.9."""
    road = play("on_approval", MATERIAL)
    raw = {**scan(road), "number": "45-од", "dated": road.today() - timedelta(days=1)}
    road.stage.act(DIRECTOR, road.case_id, "approve", raw)
    (order,) = documents(road, "order")
    assert (order.number, order.dated) == ("45-од", raw["dated"])
    again = second_case(road)
    again.approve()
    assert documents(again, "order")[0].number == "46"


def second_case(road: Road) -> Road:
    """One more material of the same applicant on the same database, waiting for the approval."""
    title = "Второй материал того же автора"
    case_id = road.stage.open(road.applicant, road.kind, title)
    road.stage.attach(road.applicant, case_id, "material", "Материал.pdf", PDF)
    again = Road(road.stage, case_id, road.kind, road.applicant)
    again.submit({**form(road), "title": title})
    again.register()
    again.start()
    acts.begin(again)
    acts.review_done(again)
    acts.propose(again)
    return again


@pytest.mark.parametrize("typed", ["1", "1-од", "01 - ОД"])
def test_r34_a_number_of_the_paper_journal_is_taken_once(play, typed):
    """R34: the register gave number 1 already; the director is told, nothing is issued."""
    road = play("approved", MATERIAL)
    assert documents(road, "order")[0].number == "1"
    again = second_case(road)
    with pytest.raises(Invalid) as found:
        again.stage.act(DIRECTOR, again.case_id, "approve", {"how": "simple", "number": typed})
    assert set(found.value.problems) == {"number"}
    assert (again.state(), documents(again, "order")) == ("on_approval", [])
    again.stage.act(DIRECTOR, again.case_id, "approve", {"how": "simple", "number": "1/1"})
    assert documents(again, "order")[0].number == "1/1"


def test_an_order_is_not_dated_tomorrow(play):
    road = play("on_approval", MATERIAL)
    with pytest.raises(Invalid):
        road.stage.act(DIRECTOR, road.case_id, "approve", {"how": "simple", "dated": road.today() + timedelta(days=2)})


def test_a_recalled_set_may_get_a_new_number_of_the_paper_journal(play):
    """R33: what was typed is not silently left for the old number; its own old number is no obstacle."""
    for typed, expected in (("77-исх", "77-исх"), ("", None)):
        road = play("sent_to_commission", "attestation_portfolio")
        (old,) = documents(road, "covering_letter")
        acts.ACTS["recall"](road)
        acts.propose(road)
        road.stage.act(DIRECTOR, road.case_id, "approve", {"how": "simple", "number": typed})
        new = documents(road, "covering_letter")[-1]
        assert (new.number, new.edition, new.replaces_id) == (expected or old.number, 2, old.id)


def test_r34_numbers_of_conclusions_are_counted_once_for_all_experts(play):
    """R34: no two documents in force have one number of one register."""
    road = play("approved", "innovation_product")
    second_sheet = Counter((one.register, one.year, one.number) for one in documents(road) if one.register)
    assert set(second_sheet.values()) == {1}
    given = sorted(int(one.number) for one in documents(road) if one.register == "conclusions")
    assert given == list(range(1, len(given) + 1))
