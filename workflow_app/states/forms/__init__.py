"""Sheets: what a person fills in, declared once with :func:`ask`.

One notation gives the HTML form (``web.forms``), the check (:func:`fill`), the JSON of the audit record (:func:`to_json`)
and the way back (:func:`from_json`). A sheet is a frozen dataclass; a field marked ``server=True`` is filled by the server
and never appears in a form.
"""

from workflow_app.spelling import clean
from workflow_app.states.forms.declare import (
    LONG_TEXT,
    Ask,
    Choice,
    Known,
    Lists,
    Moves,
    Nothing,
    Problems,
    Searched,
    Sheet,
    ask,
    asks,
    choices_of,
    chosen,
    hints,
    rule,
)
from workflow_app.states.forms.plausibility import doubts
from workflow_app.states.forms.serialize import from_json, to_json
from workflow_app.states.forms.validate import check, fill, is_unfilled, lines_of, parse_date

__all__ = [
    "LONG_TEXT",
    "Ask",
    "Choice",
    "Known",
    "Lists",
    "Moves",
    "Nothing",
    "Problems",
    "Searched",
    "Sheet",
    "ask",
    "asks",
    "check",
    "choices_of",
    "chosen",
    "clean",
    "doubts",
    "fill",
    "from_json",
    "hints",
    "is_unfilled",
    "lines_of",
    "parse_date",
    "rule",
    "to_json",
]
