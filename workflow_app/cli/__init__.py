"""The command line: ``workflow-app …``, and the same commands under ``flask --app workflow_app.app …``.

Everything heavy is imported inside the command that needs it: ``--help`` answers at once.
"""

from workflow_app.cli.commands import (
    backup,
    check,
    check_backup,
    check_document,
    create_admin,
    health,
    init,
    restore,
    sbom,
    serve,
    sweep,
    tick,
    work,
)
from workflow_app.cli.demo_commands import demo, story
from workflow_app.cli.journal_commands import audit
from workflow_app.cli.report_commands import report
from workflow_app.cli.shared import main

__all__ = [
    "audit",
    "backup",
    "check",
    "check_backup",
    "check_document",
    "create_admin",
    "demo",
    "health",
    "init",
    "main",
    "report",
    "restore",
    "sbom",
    "serve",
    "story",
    "sweep",
    "tick",
    "work",
]
