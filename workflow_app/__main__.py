"""``python -m workflow_app``: the same as ``workflow-app``."""

from __future__ import annotations

from workflow_app.cli import main

if __name__ == "__main__":
    main(prog_name="workflow-app")
