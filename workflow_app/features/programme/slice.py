"""The slice's name, which all its pages declare themselves under."""

from __future__ import annotations

from typing import Final

from workflow_app.states.vocabulary import Role
from workflow_app.web.page import Slice, roles

slice_ = Slice("programme")
STAFF: Final = roles(Role.COORDINATOR, Role.DIRECTOR, Role.ADMIN, Role.DEPARTMENT)
"""Who reads the programme's pages: those who see its records by role."""
