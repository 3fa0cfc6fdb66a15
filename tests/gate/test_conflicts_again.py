"""Conflicts of interest are looked at again whenever they matter: who moves to the applicant's school, who heard the appeal."""

import pytest

from tests.gate import acts
from tests.gate.kit import REASON, actor, assignments, last, looking, offered, people, signed_ids, value
from tests.play import EXPERTS
from workflow_app import gate
from workflow_app.db.models import Case, CoAuthor, Person
from workflow_app.demo.steps import DIRECTOR, Road
from workflow_app.errors import Denied, Invalid, NotYet
from workflow_app.facts import assessment, worklist
from workflow_app.facts.candidates import candidates, panel_conflicts
from workflow_app.facts.subjects import facts_of
from workflow_app.features.cases.conclusion import approval_queue
from workflow_app.states import policy
from workflow_app.states.definitions.assignment import ASSIGNMENT
from workflow_app.states.definitions.case.forms import AppointPanel, Invite, InviteOne
from workflow_app.states.definitions.people import EditPerson

MATERIAL, ATTESTATION = "methodical_material", "attestation_portfolio"
SETTLE = "Разобрать конфликт интересов эксперта"
WHY = "Других специалистов по этому предмету в муниципалитете нет"


def moves(road: Road, key: str, to: str) -> None:
    """Let a person move to the organisation of another: the administrator corrects the card."""
    with road.stage.turn("kuzmin") as (session, me):
        person, other = (session.get_one(Person, road.stage.people[one]) for one in (key, to))
        same = {
            name: getattr(person, name)
            for name in ("last_name", "first_name", "middle_name", "gender", "email", "position")
        }
        sheet = EditPerson(**same, organization_id=other.organization_id)
        gate.perform(session, me, person, "edit_person", sheet, person.version)


def tasks_of(road: Road, key: str) -> list[str]:
    """The verbs of a person's work list; the counter says the same number."""
    with looking(road) as (session, _):
        me = actor(session, road, key)
        found = worklist.tasks(session, me)
        assert worklist.count_waiting(session, me) == len(found)
        return [str(one.verb) for one in found if one.case.id == road.case_id]


def points_of(road: Road) -> list[tuple[str, str]]:
    """What the director is told before signing."""
    with looking(road) as (session, case):
        return [
            (one.tone, str(one.text))
            for one in approval_queue.summary(
                session, actor(session, road, "gradov"), case, assessment.sheet_of(session, case)
            ).points
        ]


def warnings_of(road: Road, expert: str) -> list[str]:
    with looking(road) as (_, case):
        return [
            words for one in case.assignments if one.expert_id == road.stage.people[expert] for words in one.warnings
        ]


def lift(road: Road, expert: str, by: str = DIRECTOR) -> None:
    road.stage.office(by, road.case_id, expert, "lift_conflict", {"reason": WHY})


def test_who_moved_to_the_applicants_school_after_the_invitation_does_not_accept(play):
    road = play("assigning", MATERIAL)
    road.invite(["lebedev", "bondarenko"], REASON)
    assert tasks_of(road, "morozova") == []
    moves(road, "lebedev", road.applicant)
    with pytest.raises(NotYet, match="в одной организации"):
        road.accept(["lebedev"])
    road.accept(["bondarenko"])
    assert tasks_of(road, "morozova") == [SETTLE]
    assert tasks_of(road, DIRECTOR) == []
    lift(road, "lebedev")
    assert "Запрет снят решением директора" in warnings_of(road, "lebedev")[0]
    assert tasks_of(road, "morozova") == []
    road.accept(["lebedev"])
    assert road.state() == "in_review"


def test_a_later_conflict_stops_only_the_proposal_until_the_director_lifts_it(play):
    road, (first, second) = play("in_review", MATERIAL), EXPERTS[MATERIAL]
    moves(road, first, road.applicant)
    road.sign(first, (0.8,))  # the work goes on
    assert any("той же организации" in words for words in warnings_of(road, first))
    road.sign(second, (0.8,))
    road.consolidate([first, second])
    assert SETTLE in tasks_of(road, "morozova")
    with pytest.raises(NotYet, match="Конфликт интересов у экспертов: 1"):
        road.propose()
    with pytest.raises(Denied):
        lift(road, first, by="morozova")
    with pytest.raises(NotYet):  # there is nothing to lift with the other
        lift(road, second)
    lift(road, first)
    road.propose()
    assert ("attention", f"{_short(road, first)}: Запрет снят решением директора: {WHY}") in points_of(road)
    assert last(road, "lift_conflict").data["reason"] == WHY


def test_a_conflict_that_comes_up_at_the_last_moment_is_a_line_of_the_directors_summary(play):
    road, (first, _) = play("on_approval", MATERIAL), EXPERTS[MATERIAL]
    assert points_of(road)[0][0] == "good"
    moves(road, road.applicant, first)  # the applicant may be the one who moves
    told = f"{_short(road, first)}. Конфликт интересов: Работает в той же организации, что и заявитель или соавтор."
    assert points_of(road)[0] == ("stopped", told)
    assert SETTLE in tasks_of(road, "morozova")
    road.approve()
    assert any("Конфликт интересов" in words for words in warnings_of(road, first))  # it was known when it was approved


def _short(road: Road, key: str) -> str:
    with looking(road) as (session, _):
        return session.get_one(Person, road.stage.people[key]).short_name


def test_a_lifted_bar_is_lifted_for_one_organisation_only(play):
    road = play("assigning", MATERIAL)
    road.invite(["lebedev"], REASON)
    moves(road, "lebedev", road.applicant)
    lift(road, "lebedev")
    with road.stage.turn("kuzmin") as (session, _):
        session.add(CoAuthor(case_id=road.case_id, name="Пак", person_id=road.stage.people["pak"]))
    moves(road, "lebedev", "pak")
    with pytest.raises(NotYet):
        road.accept(["lebedev"])


def test_an_authors_own_part_and_an_attestation_are_never_lifted_but_the_expert_is_replaced(play):
    """0a.13: the director lifts «the same organisation» for a material alone; then only another expert helps."""
    road, experts = play("consolidation", ATTESTATION), EXPERTS[ATTESTATION]
    moves(road, experts[0], road.applicant)
    road.consolidate(experts)
    with pytest.raises(NotYet):
        road.propose()
    with pytest.raises(NotYet, match="снять директор"):
        lift(road, experts[0])
    old = signed_ids(road)[experts[0]]
    road.stage.act(road.office, road.case_id, "send_back", {"assignments": [old], "reason": REASON})
    assert [state for key, _, state in assignments(road) if key == experts[0]] == ["voided"]  # not asked again
    assert (road.state(), value(road, "turn")) == ("in_review", "coordinator")
    road.invite([acts.ONE_MORE], REASON)
    road.accept([acts.ONE_MORE])
    road.sign(acts.ONE_MORE, (0.8, 1.0))
    road.consolidate([*experts[1:], acts.ONE_MORE])
    road.propose()
    assert road.state() == "on_approval"


def test_who_is_barred_now_is_not_invited_to_the_next_round(play):
    road, (first, second) = play("on_revision", MATERIAL), EXPERTS[MATERIAL]
    moves(road, first, road.applicant)
    acts.resubmit(road)
    assert [(key, state) for key, number, state in assignments(road) if number == 2] == [(second, "invited")]


def test_who_heard_the_appeal_is_no_new_expert_of_the_case(play):
    road = play("appealed", MATERIAL)
    acts.grant_appeal(road)
    with looking(road) as (session, case):
        barred = {one.person.id: [str(words) for words in one.conflicts.bars] for one in candidates(session, case)}
    for one in people(road, *acts.PANEL):
        assert "Рассматривал апелляцию по этому делу." in barred[one]
    sheet = Invite(experts=(InviteOne(expert_id=people(road, acts.PANEL[0])[0], reason=REASON),))
    with pytest.raises(Invalid, match="Рассматривал апелляцию"), road.stage.turn(road.office) as (session, me):
        case = session.get_one(Case, road.case_id)
        gate.perform(session, me, case, "invite", sheet, case.version)


def appoint(road: Road, members: tuple[str, ...], lifted: str = "") -> None:
    with road.stage.turn(DIRECTOR) as (session, me):
        ids = people(road, *members)
        case = session.get_one(Case, road.case_id)
        sheet = AppointPanel(members=tuple(ids), chair=ids[0], lifted=lifted)
        gate.perform(session, me, case, "appoint_panel", sheet, case.version)


@pytest.mark.parametrize("kind", [MATERIAL, ATTESTATION])
def test_the_panels_candidates_are_barred_by_the_rules_of_experts(play, kind):
    road = play("appealed", kind)
    moves(road, acts.PANEL[1], road.applicant)
    with looking(road) as (session, case):
        asked = people(road, acts.PANEL[1])
        found = panel_conflicts(session, case, asked)[asked[0]]
    assert [str(one) for one in found.why] == ["Работает в той же организации, что и заявитель или соавтор."]
    with pytest.raises(Invalid) as refused:
        appoint(road, acts.PANEL)
    assert set(refused.value.problems) == {"lifted" if kind == MATERIAL else "members"}
    if kind == MATERIAL:
        appoint(road, acts.PANEL, lifted=WHY)
        assert value(road, "appeal")["lifted"] == WHY
        assert offered(road, acts.PANEL[1]) == {"vote"}
    else:
        with pytest.raises(Invalid):
            appoint(road, acts.PANEL, lifted=WHY)


def test_the_best_set_of_experts_knows_who_turned_the_case_down(play):
    """The candidate who refused or let the invitation lapse stands below every other who may be invited."""
    road = play("assigning", MATERIAL)
    road.invite(["lebedev"], REASON)
    road.stage.review("lebedev", road.case_id, "refuse", {"cause": "busy", "comment": ""})
    with looking(road) as (session, case):
        free = [(one.person.id, one.turned_down) for one in candidates(session, case) if not one.conflicts.why]
    lebedev = people(road, "lebedev")[0]
    assert [id_ for id_, turned_down in free if turned_down] == [lebedev]
    assert free[-1][0] == lebedev


def test_a_case_entered_late_with_a_known_co_author_bars_that_expert_at_once(play):
    """Whatever changes, the facts are read anew: a co-author who is linked afterwards is no expert of the work."""
    road = play("in_review", MATERIAL)
    with road.stage.turn("kuzmin") as (session, _):
        session.add(CoAuthor(case_id=road.case_id, name="Лебедев", person_id=road.stage.people["lebedev"]))
    with looking(road) as (session, case):
        facts = facts_of(case, session)
        assert (facts.barred, facts.liftable) == (frozenset(people(road, "lebedev")), frozenset())
        own = next(one for one in case.assignments if one.expert_id == road.stage.people["lebedev"])
        offers = policy.offers(ASSIGNMENT, actor(session, road, DIRECTOR), facts_of(own, session))
        assert not offers["lift_conflict"].open
