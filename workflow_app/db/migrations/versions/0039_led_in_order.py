"""Who leads a case stands in the indices that the counts above the home walk: they read no rows.

Revision 0039, after 0035, 2026-11-30 15:25:00.
Keep compatible with the code before it.
"""

from __future__ import annotations

from alembic import op

revision = "0039"
down_revision = "0036"
branch_labels = None
depends_on = None

_DUE = ["municipality_id", "due_on", "id", "state", "type", "channel"]
_FIGURES = ["municipality_id", "state", "type", "channel", "organization_id"]
_SUMMED = [
    "turn", "due_on", "state_since", "registered_at", "submitted_at", "created_at", "approved_at", "criteria_id", "verdict",
    "appeals", "applicant_id", "id",
]  # fmt: skip


def upgrade() -> None:
    """Go forward."""
    _made({"ix_case_due": [*_DUE, "coordinator_id"], "ix_case_figures": [*_FIGURES, "coordinator_id", *_SUMMED]})


def downgrade() -> None:
    """Go back."""
    _made({"ix_case_due": _DUE, "ix_case_figures": [*_FIGURES, *_SUMMED]})


def _made(wanted: dict[str, list[str]]) -> None:
    for name, columns in wanted.items():
        op.drop_index(name, table_name="cases")
        op.create_index(name, "cases", columns)
