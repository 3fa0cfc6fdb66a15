"""How long each stage of a case lasted, and whether a sheet was signed in time: kept by the gate as the events tell it (ADR 34)."""

from datetime import date

from sqlalchemy import select

from tests.play import EXPERTS, at
from workflow_app.db.models import Assignment, Stay
from workflow_app.facts import stays
from workflow_app.operations import integrity


def test_the_gate_notes_stays_as_the_events_tell_them(stage):
    road = at(stage, "approved")
    with stage.database.snapshot() as session:
        rows = session.scalars(select(Stay).where(Stay.case_id == road.case_id).order_by(Stay.seq)).all()
        assert [one.state for one in rows][:3] == ["submitted", "registered", "assigning"]
        assert sum(one.days for one in rows) > 0
        assert list(stays.differing(session)) == []
        assert all(one.signed_late is False for one in session.scalars(select(Assignment)) if one.signed_at)


def test_a_stay_that_was_changed_is_found_and_mended(quick_stage):
    road = at(quick_stage, "in_review")
    with quick_stage.database.transaction(keep=True) as session:
        session.scalars(select(Stay).where(Stay.case_id == road.case_id)).first().days = 99
    with quick_stage.database.snapshot() as session:
        found = [one for one in integrity.findings(session, quick_stage.database.blobs) if one.kind == "stay"]
        assert [one.row for one in found] == [f"case {road.case_id}"]
    assert stays.rebuild(quick_stage.database) == 2  # the wrong row goes, the right one comes
    assert stays.rebuild(quick_stage.database) == 0


def test_a_sheet_signed_after_its_term_is_kept_as_late(quick_stage):
    road = at(quick_stage, "in_review")
    with quick_stage.database.transaction(keep=True) as session:
        for one in session.scalars(select(Assignment).where(Assignment.case_id == road.case_id)):
            one.due_on = date(2026, 1, 1)
    for one in EXPERTS["methodical_material"]:
        road.sign(one, (0.8, 1.0))
    with quick_stage.database.snapshot() as session:
        signed = session.scalars(select(Assignment).where(Assignment.signed_at.is_not(None))).all()
        assert signed
        assert all(one.signed_late for one in signed)
