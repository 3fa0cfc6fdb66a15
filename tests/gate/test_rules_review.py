"""R20 to R29: what an expert may sign, what comes of the sheets, what is pinned, through the gate.

The arithmetic itself is tested in ``tests/core/test_assessment.py``; here it meets the rows.
"""

from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.gate import acts
from tests.gate.kit import REASON, assignments, documents, findings, form, last, looking, offered, signed_ids, value
from tests.play import EXPERTS, PDF
from workflow_app import clock, gate
from workflow_app.db.models import Assignment, Case, CriteriaRow
from workflow_app.demo import sample_reviews
from workflow_app.demo.steps import DIRECTOR, TEXTS, Road
from workflow_app.errors import Broken, Denied, Invalid, NotYet
from workflow_app.facts import assessment
from workflow_app.states.definitions.assignment import ASSIGNMENT
from workflow_app.states.definitions.centre import CRITERIA_SHEET
from workflow_app.states.forms import Nothing
from workflow_app.states.vocabulary import Who, system

MATERIAL, ATTESTATION = "methodical_material", "attestation_portfolio"
FIRST, SECOND = EXPERTS[MATERIAL]
WHY = "Приведены источники и данные за три года, выводы из них следуют."


def sheet(road, share: float = 0.8, verdict: str = "conforms") -> dict:
    """A review that passes; tests spoil it."""
    return sample_reviews.review(road.sheet(), road.kind, (share,), verdict)


def refused(road, raw: dict) -> set[str]:
    """Paths of what keeps the sheet from being signed."""
    with pytest.raises(Invalid) as found:
        road.stage.review(FIRST, road.case_id, "sign", raw)
    assert "signed" not in {state for _, _, state in assignments(road)}
    return set(found.value.problems)


def key(road, number: int = 0) -> str:
    return road.sheet().criteria[number].key


@pytest.mark.parametrize(
    ("points", "rationale", "asked"), [(2, "коротко", True), (5, "коротко", True), (3, "", False), (2, WHY, False)]
)
def test_r20_low_and_highest_scores_need_a_rationale(play, points, rationale, asked):
    """R20."""
    road = play("in_review", MATERIAL)
    raw, one = sheet(road), key(road, 4)
    inner = {indicator.key: points for indicator in road.sheet().criterion(one).indicators}
    raw["marks"][one] = {"points": inner, "rationale": rationale}
    if asked:
        assert refused(road, raw) == {f"marks.{one}.rationale"}
    else:
        road.stage.review(FIRST, road.case_id, "sign", raw)
        assert assignments(road)[0][2] == "signed"


def test_r20_in_an_attestation_every_word_is_explained_and_the_verdict_chosen(play):
    """R20, domain.md 0a.3."""
    road = play("in_review", ATTESTATION)
    raw, one = sheet(road), key(road)
    raw["marks"][one]["rationale"] = "мало"
    assert refused(road, raw) == {f"marks.{one}.rationale"}
    assert refused(road, {**sheet(road), "verdict": ""}) == {"verdict"}


@pytest.mark.parametrize("points", [-1, 6, "2.5", "пять", None, True])
def test_r21_a_score_is_whole_and_within_the_scale(play, points):
    """R21."""
    road = play("in_review", MATERIAL)
    raw, one = sheet(road), key(road)
    indicator = road.sheet().criterion(one).indicators[0].key
    raw["marks"][one]["points"] = {indicator: points}
    assert refused(road, raw) == {f"marks.{one}.points.{indicator}"}


def test_r22_not_applicable_only_where_allowed_with_a_reason_and_not_everywhere(play):
    """R22: nothing of a material may be skipped; all of an attestation may, but not everything at once."""
    road = play("in_review", MATERIAL)
    raw, one = sheet(road), key(road)
    raw["marks"][one] = {"not_applicable": True, "reason": "Апробации не было"}
    assert refused(road, raw) == {f"marks.{one}.not_applicable"}
    road = play("in_review", ATTESTATION)
    raw, one = sheet(road), key(road)
    raw["marks"][one] = {"not_applicable": True, "reason": ""}
    assert refused(road, raw) == {f"marks.{one}.reason"}
    raw["marks"] = {each: {"not_applicable": True, "reason": "Не подаётся"} for each in raw["marks"]}
    assert refused(road, raw) == {"marks"}


def test_unknown_criteria_and_indicators_are_refused(play):
    """Security 23: nothing gets into a sheet that the criteria do not know."""
    road = play("in_review", MATERIAL)
    raw, one = sheet(road), key(road)
    raw["marks"]["чужой"] = {"points": {}}
    raw["marks"][one]["points"] = {**raw["marks"][one]["points"], "чужой": 5}
    assert refused(road, raw) == {"marks.чужой", f"marks.{one}.points.чужой"}


def test_r23_the_mean_ignores_a_voided_sheet(play):
    """R23: 40 % is void, 80 % and 100 % count."""
    road = play("in_review", MATERIAL)
    road.sign(FIRST, (0.4,))
    road.stage.office(road.office, road.case_id, FIRST, "void_sheet", {"reason": REASON})
    road.invite([acts.ONE_MORE], REASON)
    road.accept([acts.ONE_MORE])
    road.sign(acts.ONE_MORE, (0.8,))
    road.sign(SECOND, (1.0,))
    assert road.state() == "consolidation"
    with looking(road) as (session, case):
        assert assessment.outcome(session, case).percent == Decimal("90.0")
    assert {one.state for one in documents(road) if one.assignment_id == first_id(road)} == {"void"}


def first_id(road) -> int:
    with looking(road) as (_, case):
        return case.assignments[0].id


def test_r24_a_zero_in_a_stop_criterion_rejects_whatever_the_sum(play):
    """R24: both experts give borrowings nothing and everything else the most."""
    road = play("in_review", MATERIAL)
    stop = next(one for one in reversed(road.sheet().criteria) if one.stop)
    for expert in EXPERTS[MATERIAL]:
        raw = sheet(road, 1.0)
        raw["marks"][stop.key] = {"points": dict.fromkeys((one.key for one in stop.indicators), 0), "rationale": WHY}
        road.stage.review(expert, road.case_id, "sign", raw)
    assert road.rule() == "reject"
    with looking(road) as (_, case):
        assert {one.verdict for one in case.assignments} == {"reject"}
        assert {one.percent for one in case.assignments} == {Decimal("90.5")}


def test_r24_a_missed_minimum_caps_the_verdict(play):
    """R24: correctness has a minimum of 3 points."""
    road = play("in_review", MATERIAL)
    least = next(one for one in road.sheet().criteria if one.minimum and not one.stop)
    for expert in EXPERTS[MATERIAL]:
        raw = sheet(road, 1.0)
        raw["marks"][least.key] = {"points": dict.fromkeys((one.key for one in least.indicators), 2), "rationale": WHY}
        road.stage.review(expert, road.case_id, "sign", raw)
    assert road.rule() == "revise"


def test_r25_a_threshold_is_inclusive(play):
    """R25: exactly 60.0 is enough for use."""
    road = play("in_review", MATERIAL)
    for expert in EXPERTS[MATERIAL]:
        road.sign(expert, (0.6,))
    with looking(road) as (session, case):
        assert assessment.outcome(session, case).percent == Decimal("60.0")
    assert road.rule() == "recommend_use"


def test_r26_the_discrepancy_is_found_with_the_last_signature(play):
    """R26: and by the system, as the consequence of the signature."""
    road = play("in_review", MATERIAL)
    road.sign(FIRST, (1.0,))
    assert road.state() == "in_review"
    road.sign(SECOND, (0.4,))
    assert road.state() == "third_review"
    event = last(road, "diverge")
    assert (event.via, event.actor_id, event.caused_by) == ("system", None, last(road, "sign").id)
    assert value(road, "required") == 3


def test_r27_a_case_keeps_the_version_of_criteria_that_it_began_with(play):
    """R27: a new version in force changes nothing for it, and the next case gets the new one."""
    road = play("in_review", MATERIAL)
    before = value(road, "criteria_id")
    with clock.at(road.stage.moment), road.stage.database.transaction(keep=True) as session:
        old = session.get_one(CriteriaRow, before)
        by = system(road.stage.municipality_id)
        gate.perform(session, by, old, "supersede_sheet", Nothing(), None)
        data = {**old.data, "version": 2, "title": "Другой лист"}
        row = CriteriaRow(municipality_id=old.municipality_id, key=old.key, number=2, data=data, created_at=clock.now())
        newer = gate.begin(session, by, row, Nothing()).id
        gate.perform(session, by, row, "enter_force", Nothing(), None)
    for expert in EXPERTS[MATERIAL]:
        road.sign(expert, (0.8,))
    assert (value(road, "criteria_id"), road.sheet().version) == (before, 1)
    again = Road(road.stage, road.stage.open("chernykh", MATERIAL, "Следующий материал"), MATERIAL, "chernykh")
    road.stage.attach("chernykh", again.case_id, "material", "Материал.pdf", PDF)
    again.submit({**form(road), "title": "Следующий материал"})
    again.register()
    again.start()
    assert (value(again, "criteria_id"), again.sheet().version, again.sheet().title) == (newer, 2, "Другой лист")


def test_r27_a_version_of_criteria_has_no_way_to_be_edited():
    """R27: once it is in force, all that can happen to it is to be superseded; only a draft, on which no case is, is edited."""
    in_force = {
        one.name for one in CRITERIA_SHEET.transitions.values() if {"in_force", "superseded"} & set(one.sources)
    }
    assert in_force == {"supersede_sheet"}
    assert CRITERIA_SHEET.transition("supersede_sheet").asks is Nothing
    assert CRITERIA_SHEET.transition("edit_sheet").sources == ("draft",)
    assert {
        one.name for one in CRITERIA_SHEET.transitions.values() for target in one.targets if target.state == "draft"
    } == {"return_sheet"}


def test_r28_a_signed_sheet_is_not_edited_only_voided_with_a_reason(play):
    """R28."""
    road = play("in_review", MATERIAL)
    road.sign(FIRST, (0.8,))
    with pytest.raises(NotYet):
        road.sign(FIRST, (1.0,))
    with pytest.raises(Invalid):
        road.stage.office(road.office, road.case_id, FIRST, "void_sheet", {"reason": ""})
    review = [
        one.name for one in ASSIGNMENT.transitions.values() if Who.OWN in one.guard.by and "signed" in one.sources
    ]
    assert set(review) == {"agree", "dissent", "join_common", "dissent_common"}
    with pytest.raises((Denied, NotYet)):
        road.stage.office(DIRECTOR, road.case_id, FIRST, "void_sheet", {"reason": REASON})
    road.stage.office(road.office, road.case_id, FIRST, "void_sheet", {"reason": REASON})
    with looking(road) as (session, case):
        sheet_row = session.get_one(Assignment, case.assignments[0].id)
        assert (sheet_row.state, sheet_row.ended, bool(sheet_row.review)) == ("voided", REASON, True)


def test_r29_another_verdict_than_the_rules_needs_a_reason_which_the_director_is_shown(play):
    """R29."""
    road = play("consolidation", MATERIAL)
    road.consolidate(EXPERTS[MATERIAL])
    with pytest.raises(Invalid) as found:
        road.propose("revise", "слово")
    assert set(found.value.problems) == {"deviation"}
    road.propose("revise", "Список литературы оформлен не по стандарту, его исправят до публикации.")
    assert (value(road, "verdict"), value(road, "rule_verdict")) == ("revise", road.rule())
    assert "Список литературы" in value(road, "deviation")
    assert "approve" in offered(road, DIRECTOR)
    assert last(road, "propose").data["deviation"].startswith("Список литературы")
    with pytest.raises(Broken):
        judging_verdict(road, "nonsense")


def judging_verdict(road, name: str):
    with looking(road) as (session, case):
        return assessment.sheet_of(session, case).verdict(name)


def test_r29_a_reason_without_a_deviation_is_not_kept(play):
    """R29: a deviation is only what deviates."""
    road = play("consolidation", MATERIAL)
    road.consolidate(EXPERTS[MATERIAL])
    road.propose(road.rule(), "Всё сошлось, но объяснение написано.")
    assert value(road, "deviation") == ""


def test_decisions_16_the_stored_per_cents_are_those_of_the_rule(play):
    """Decisions 16: a sheet's per cent is rounded to 0.1, the final is the mean of the rounded ones."""
    road = play("consolidation", MATERIAL)
    road.stage.act(road.office, road.case_id, "circulate", TEXTS)
    with looking(road) as (session, case):
        own = [one.percent for one in case.assignments]
        total = sum(own, Decimal(0)) / len(own)
        assert case.percent == assessment.outcome(session, case).percent
        assert abs(case.percent - total) <= Decimal("0.05")
        assert all(one == one.quantize(Decimal("0.1")) for one in own)


@pytest.mark.parametrize(("third", "expected"), [(0.8, "90.0"), (0.6, "50.0")])
def test_decisions_19_the_added_sheet_counts_with_the_nearest_earlier_one(play, third, expected):
    """Decisions 19: of 100 and 40 the nearer one; 60 is nearer to 40, 80 to 100."""
    road = play("in_review", MATERIAL)
    road.sign(FIRST, (1.0,))
    road.sign(SECOND, (0.4,))
    road.invite([acts.ONE_MORE], REASON)
    road.accept([acts.ONE_MORE])
    road.sign(acts.ONE_MORE, (third,))
    assert road.state() == "consolidation"
    with looking(road) as (session, case):
        assert assessment.outcome(session, case).percent == Decimal(expected)
    assert set(signed_ids(road)) == {FIRST, SECOND, acts.ONE_MORE}


def test_decisions_19_the_substitute_of_a_first_sheet_is_not_the_added_one(play):
    """A first sheet voided in the third review is replaced, and the added one is still asked for after it."""
    road = play("third_review", MATERIAL)
    road.stage.office(road.office, road.case_id, FIRST, "void_sheet", {"reason": REASON})
    road.invite(["kravchuk", "galkina"], REASON)
    with looking(road) as (session, _):
        found = session.execute(select(Assignment.added, Assignment.state).order_by(Assignment.id)).all()
    assert [one for one, _ in found] == [False, False, False, True]
    for expert in ("kravchuk", "galkina"):
        road.accept([expert])
        road.sign(expert, (0.4,))
    assert road.state() == "consolidation"
    assert findings(road) == []
    with looking(road) as (session, case):
        assert session.get_one(Case, case.id).required == 3
