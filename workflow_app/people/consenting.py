"""Consents and agreements: the text of each kind with the operator's data, and how it stands with a person (R37, R38)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from workflow_app.errors import N_, Sentence
from workflow_app.people import queries
from workflow_app.states.people_workflow import CONSENTS
from workflow_app.store import terms
from workflow_app.store.models import Consent, Person
from workflow_app.store.naming import requisites
from workflow_app.store.texts import text_of

TEXTS = {
    "processing": "consent_processing",
    "distribution": "consent_distribution",
    "simple_signature": "simple_signature_agreement",
}
ABOUT: Mapping[str, Sentence] = {
    "processing": N_("Нужно, чтобы подать материалы на экспертизу и состоять в реестре экспертов."),
    "distribution": N_("Только для публикации на сайте. Отказ не влияет на экспертизу и её результат."),
    "simple_signature": N_(
        "Нужно, чтобы подписывать документы в системе паролем. Подписать на бумаге можно и без него."
    ),
}
# Documents stay Russian (decisions.md 15), so do the words put into their places.
_DATA = "фамилия, имя, отчество, должность, место работы, квалификационная категория, направления экспертизы, опубликованные материалы"
_CONDITIONS = "передача неограниченному кругу лиц не ограничивается, изменение данных запрещается"
_BLANK = "не указано"


@dataclass(frozen=True, slots=True)
class Standing:
    """A kind of consent with a person: the consents that stand, whether the present version of the text is accepted."""

    kind: str
    title: str
    about: Sentence
    text: str
    version: str
    given: tuple[Consent, ...]
    former: tuple[Consent, ...]

    @property
    def latest(self) -> Consent | None:
        """The consent that stands."""
        return self.given[0] if self.given else None

    @property
    def current(self) -> bool:
        """Whether the present version of the text is accepted."""
        return any(one.text_version == self.version for one in self.given)


def standings(session: Session, person: Person) -> list[Standing]:
    """Return every kind of consent as it stands with the person."""
    rows = queries.consents(session, person.id)
    return [
        _standing(session, person, one.value, [row for row in rows if row.consent_kind == one.value])
        for one in CONSENTS
    ]


def standing(session: Session, person: Person, kind: str) -> Standing | None:
    """Return one kind as it stands; None for an unknown kind."""
    return next((one for one in standings(session, person) if one.kind == kind), None)


def _standing(session: Session, person: Person, kind: str, rows: list[Consent]) -> Standing:
    known = text_of(TEXTS[kind])
    places = _places(session, person)
    text = known["text"]
    for name, words in places.items():
        text = text.replace("{" + name + "}", words)
    return Standing(
        kind, known["title"], ABOUT[kind], text, known["version"],
        tuple(one for one in rows if one.state == "given"), tuple(one for one in rows if one.state != "given"),
    )  # fmt: skip


def _places(session: Session, person: Person) -> dict[str, str]:
    known = requisites(session, person.municipality_id, terms.today(session, person.municipality_id))
    return {
        "operator": known["full_name"], "address": known["address"], "site": known.get("site") or _BLANK, "data_list": _DATA,
        "conditions": _CONDITIONS, "person": person.full_name,
    }  # fmt: skip
