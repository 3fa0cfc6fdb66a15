"""Cells of a shown table that are typed over: how their fields are called, and what was typed. The fields: ``macros/grid.html``."""

from __future__ import annotations

from flask import request

from workflow_app.web.table_page import row_id


def typed_cells() -> dict[int, dict[str, str]]:
    """Return what was typed over, by row and column: cells of which the page showed something else."""
    typed: dict[int, dict[str, str]] = {}
    for name, text in request.form.items():
        what, _sign, rest = name.partition("-")
        number, _sign, key = rest.partition("-")
        if what == "cell" and row_id(number) and text.strip() != request.form.get(f"was-{rest}", "").strip():
            typed.setdefault(int(number), {})[key] = text
    return typed
