"""All workflows with their terms and documents, for the pages and for the text kept in the project.

``python -m workflow_app.features.centre.handbook > docs/workflows.md`` writes the text anew.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

from workflow_app.calendar.terms import Term
from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.errors import Sentence
from workflow_app.facts.subjects import OF_RECORDS, PLAIN
from workflow_app.states.definitions.assignment import ASSIGNMENT
from workflow_app.states.pictures.tables import document, permission_table
from workflow_app.states.vocabulary import Workflow

SHOWN: Mapping[str, Workflow] = {one.key: one.workflow for one in CASE_TYPES.values()} | {ASSIGNMENT.name: ASSIGNMENT}
"""The workflows that have a page: each case type, and the expert's assignment."""


def workflows() -> tuple[Workflow, ...]:
    """Return every workflow of the product, the case types first."""
    return (*(one.workflow for one in CASE_TYPES.values()), *PLAIN.values(), *OF_RECORDS.values())


def document_titles() -> dict[str, Sentence]:
    """Return the titles of the kinds of documents that transitions issue."""
    return {key: one.title for key, one in KINDS.items()}


def default_terms() -> dict[str, Mapping[str, Term]]:
    """Return the lengths of the case types' terms by the name of the workflow."""
    return {one.workflow.name: one.policy.terms for one in CASE_TYPES.values()}


def workflows_text() -> str:
    """Return the text of ``docs/workflows.md``."""
    return document(workflows(), document_titles(), default_terms())


def permissions_text() -> str:
    """Return the golden table of permissions."""
    return permission_table(workflows())


if __name__ == "__main__":
    sys.stdout.write(workflows_text())
