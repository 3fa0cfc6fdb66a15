"""The sheet of a correction of the card: everything that was entered, as it shall stand, and what stood before.

One class per case form, made of the form itself: its questions, limits and rules between the fields (R3 to R5) hold for a
correction as they held for the submission.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, make_dataclass
from datetime import date
from typing import Any

from workflow_app.errors import N_
from workflow_app.states.definitions.case.forms_intake import CHANNELS
from workflow_app.states.definitions.case.forms_signed import REASON
from workflow_app.states.forms import Sheet, ask, asks, hints
from workflow_app.states.forms.plausibility import another_year

# What the applicant confirmed is not the office's to confirm: it is carried over.
CONFIRMED = ("declaration_authorship", "no_minors_data")


@dataclass(frozen=True, kw_only=True)
class Amend(Sheet):
    """A correction of the card by the coordinator. ``was``: name of a field to its value before, as JSON text."""

    applicant_id: int = ask(N_("Заявитель"), choices="people", section=N_("Кто и как обратился"))
    channel: str = ask(N_("Как поступило"), choices=CHANNELS)
    received_at: date | None = ask(N_("Дата поступления"), required=False, default=None, doubt=another_year)
    outside_number: str = ask(N_("Внешний номер"), required=False, most=100, default="")
    attestation_on: date | None = ask(N_("Дата аттестации"), required=False, default=None)
    attestation_place: str = ask(N_("Форма и место"), required=False, most=300, default="")
    reason: str = ask(
        REASON, least=10, most=2000, long=True, section=N_("Почему исправляется"), help=N_("Заявитель увидит это в истории дела.")
    )  # fmt: skip
    was: Mapping[str, str] = ask(N_("Было"), server=True, required=False, default=None)


def amend_of(form: type[Sheet]) -> type[Amend]:
    """Return the sheet by which a case of this form is corrected."""
    carried = [
        (name, hints(form)[name], ask(asks(form)[name].label, server=True, required=False, default=False))
        for name in CONFIRMED
    ]
    made: Any = make_dataclass(f"Amend{form.__name__}", carried, bases=(Amend, form), frozen=True, kw_only=True)
    made.__module__ = form.__module__
    made.__doc__ = "A correction of the card of such a case."
    return made  # type: ignore[no-any-return]  # a subclass of both, made here
