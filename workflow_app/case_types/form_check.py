"""The one check of a case form: what bars its submission. The steps, the checklist, the guard and the act all ask here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from workflow_app.case_types.declaration import CaseType
from workflow_app.errors import N_, Sentence
from workflow_app.states.forms import Lists, Sheet, check

CONSENT = "consent"
NO_CONSENT = N_("согласие на обработку персональных данных (отдельным документом)")


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A reason why a case cannot be submitted. ``place``: a field path (``awards.0.name``), ``attachment:kind``, or ``consent``."""

    place: str
    text: Sentence

    @property
    def field(self) -> str:
        """The field of the form that is concerned; the place itself for what stands beside the form."""
        return self.place.split(".")[0]


@dataclass(frozen=True, slots=True)
class Beside:
    """What a case has beside its form: the kinds of attached files, whether the applicant's consent stands, today."""

    kinds: frozenset[str]
    consent: bool
    today: date


def obstacles(
    kind: CaseType, form: type[Sheet], raw: Mapping[str, Any], lists: Lists, beside: Beside
) -> tuple[Obstacle, ...]:
    """Return everything that bars the submission of ``raw``, each once: in the fields, between them, beside them."""
    fields = (Obstacle(path, text) for path, many in check(form, raw, lists).items() for text in many)
    return tuple(dict.fromkeys([*fields, *missing(kind, raw, beside)]))


def missing(kind: CaseType, raw: Mapping[str, Any], beside: Beside) -> Iterator[Obstacle]:
    """Yield what bars the submission beside the fields: attachments, the bars of the type, the consent (R6, R37)."""
    for one in kind.attachments:
        if one.required(raw) and one.key not in beside.kinds:
            yield Obstacle(f"attachment:{one.key}", one.title)
    for path, many in kind.bars(raw, beside.today).items():
        yield from (Obstacle(path, text) for text in many)
    if kind.policy.consent_bars and not beside.consent:
        yield Obstacle(CONSENT, NO_CONSENT)
