"""The ordinary road of each case type, through the gate, on both databases."""

import pytest

from tests.play import at
from workflow_app.operations import integrity


@pytest.mark.parametrize("kind", ["methodical_material", "innovation_product", "attestation_portfolio"])
def test_a_case_goes_from_draft_to_approved(stage, kind):
    road = at(stage, "approved", kind)
    assert road.state() == "approved"
    with stage.database.transaction(keep=False) as session:
        assert integrity.findings(session, stage.database.blobs) == []
