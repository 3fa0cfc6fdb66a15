"""An instance of an older version gets the data of new case types, and what its centre did with the old stays; both databases."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from workflow_app import gate
from workflow_app.case_types.registry import seed_sheets
from workflow_app.db import seeding
from workflow_app.db.models import CriteriaRow
from workflow_app.operations import integrity
from workflow_app.runtime import backfill
from workflow_app.states.forms import Nothing
from workflow_app.states.vocabulary import system


@pytest.fixture
def newer(monkeypatch):
    """The program of the next version, with one sheet more."""
    known = seed_sheets()
    grown = {**known, "z_later": replace(known["c_innovation"], key="z_later")}
    for module in (seeding, backfill):
        monkeypatch.setattr(module, "seed_sheets", lambda: grown)


def rows(stage):
    with stage.database.transaction(keep=False) as session:
        found = session.execute(select(CriteriaRow.key, CriteriaRow.state).order_by(CriteriaRow.id))
        return dict(found.all())


def test_a_new_types_sheet_comes_with_the_upgrade_once(stage, newer):
    before = rows(stage)
    assert backfill.seed_all(stage.database) == 1
    assert backfill.seed_all(stage.database) == 0
    assert rows(stage) == before | {"z_later": "in_force"}
    with stage.database.snapshot() as session:
        assert integrity.report(session, stage.database.blobs) == []


def test_a_sheet_that_the_centre_put_out_of_force_does_not_come_back(quick_stage):
    with quick_stage.database.transaction(keep=True) as session:
        row = session.scalars(select(CriteriaRow).where(CriteriaRow.key == "c_innovation")).one()
        gate.perform(session, system(row.municipality_id), row, "supersede_sheet", Nothing(), row.version)
    assert backfill.seed_all(quick_stage.database) == 0
    assert rows(quick_stage)["c_innovation"] == "superseded"
