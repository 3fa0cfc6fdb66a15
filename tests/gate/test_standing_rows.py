"""ADR 23: the kept standings and waits are those of a rebuild after every act, and ``check`` sees when they are not."""

from sqlalchemy import delete

from tests.play import CASES, amend, at, draft, steps
from workflow_app import clock, gate
from workflow_app.db.models import Counter, Person, Standing, Waiting
from workflow_app.demo.actors import Stage
from workflow_app.facts import standing_rows, worklist
from workflow_app.operations import integrity
from workflow_app.runtime import backfill
from workflow_app.states.definitions.people import EditPerson


def test_every_act_leaves_what_would_be_reckoned_anew(stage):
    """R30 and every list hang on it: after each stride of a road the kept rows are those of a rebuild."""
    for kind in CASES:
        road, form = draft(stage, kind)
        for step in steps(road, form).values():
            step()
            assert kept_wrong(stage) == []
    amend(road, title="Другое название работы")
    assert kept_wrong(stage) == []


def kept_wrong(stage: Stage) -> list[str]:
    with clock.at(stage.moment), stage.database.transaction(keep=False) as session:
        return [f"{kind} {id_}: {words}" for kind, id_, words in standing_rows.differing(session)]


def test_an_expert_who_changes_places_is_the_coordinators_at_once(quick_stage):
    """0a.13: the case itself is not touched by the correction of a person's card."""
    road = at(quick_stage, "in_review")
    with quick_stage.turn("kuzmin") as (session, me):
        expert, author = (session.get_one(Person, quick_stage.people[one]) for one in ("bondarenko", "sokolova"))
        sheet = EditPerson(
            last_name=expert.last_name, first_name=expert.first_name, middle_name=expert.middle_name, gender=expert.gender,
            email=expert.email, organization_id=author.organization_id, position=expert.position,
        )  # fmt: skip
        gate.perform(session, me, expert, "edit_person", sheet, expert.version)
    with quick_stage.turn("morozova") as (session, me):
        assert [one.case.id for one in worklist.tasks(session, me) if one.kind == "conflict"] == [road.case_id]
    assert kept_wrong(quick_stage) == []


def test_check_names_the_standings_that_are_not_the_policys_and_a_rebuild_mends_them(stage):
    road = at(stage, "in_review")
    with stage.database.transaction(keep=True) as session:
        session.execute(delete(Standing).where(Standing.who == "expert"))
        session.execute(delete(Waiting).where(Waiting.todo == "place"))
        session.add_all(  # of a kind of which there is nothing, too
            Standing(person_id=stage.people["kuzmin"], subject_kind=kind, who="applicant", subject_id=id_)
            for kind, id_ in (("case", road.case_id), ("publication", 77))
        )
    with clock.at(stage.moment), stage.database.transaction(keep=False) as session:
        found = [one for one in integrity.findings(session, stage.database.blobs) if one.kind == "standing"]
        kuzmin = stage.people["kuzmin"]
    assert [one.row for one in found] == [f"case {road.case_id}", "publication 77"]
    assert f"applicant {kuzmin}" in str(found[0].sentence)
    assert "expert" in str(found[0].sentence)
    with clock.at(stage.moment):
        assert standing_rows.rebuild(stage.database) == 6  # two experts, their two sheets, two intruders
        assert standing_rows.rebuild(stage.database) == 0
    assert kept_wrong(stage) == []


def test_a_migration_asks_once_for_the_standings_of_before(quick_stage):
    at(quick_stage, "in_review")
    with quick_stage.database.transaction(keep=True) as session:
        session.execute(delete(Standing))
        session.execute(delete(Waiting))
        session.add(Counter(municipality_id=quick_stage.municipality_id, register="standings", year=0, last=0))
    assert backfill.reckon_all(quick_stage.database) > 0
    assert backfill.reckon_all(quick_stage.database) == 0
    assert kept_wrong(quick_stage) == []
