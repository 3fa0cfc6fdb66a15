"""The slice's name, which all its pages declare themselves under."""

from __future__ import annotations

from datetime import date
from typing import Final

from workflow_app import clock
from workflow_app.content_types.declaration import ContentType
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.facts import deadlines
from workflow_app.states import policy
from workflow_app.states.vocabulary import Facts, Role
from workflow_app.web.formatting import zone
from workflow_app.web.page import Slice, roles
from workflow_app.web.request_scope import here

slice_ = Slice("programme")
STAFF: Final = roles(Role.COORDINATOR, Role.DIRECTOR, Role.ADMIN, Role.DEPARTMENT)
"""Who reads the programme's pages: those who see its records by role."""


def today() -> date:
    """Return the day of the town."""
    scope = here()
    return deadlines.today(scope.session, scope.me.municipality_id)


def may_begin(key: str) -> bool:
    """Whether the reader may begin records of a kind: its button is shown to nobody else."""
    kind: ContentType = CONTENT_TYPES[key]
    me = here().me
    return policy.may_begin(
        kind.workflow, me, Facts(kind.workflow.initial, clock.now(), clock.today(zone().key), me.municipality_id)
    )
