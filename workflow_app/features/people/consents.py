"""Consents and agreements: the text of each kind with the operator's data, and how it stands with a person (R37, R38)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from workflow_app.db.models import Consent, Person
from workflow_app.errors import N_, Sentence
from workflow_app.facts import deadlines
from workflow_app.facts.consent_texts import text_of
from workflow_app.facts.naming import requisites
from workflow_app.features.people import queries
from workflow_app.states.definitions.people import CONSENTS

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
_FILLED = {
    "data_list": "фамилия, имя, отчество, должность, место работы, квалификационная категория, направления экспертизы, "
    "опубликованные материалы",
    "conditions": "изменение данных запрещается, других запретов и условий субъект не устанавливает",
    "network": "субъект не устанавливает",
    "term": "три года со дня, когда согласие дано, или до отзыва, если он раньше",
}
# What a place of a text stands for: without it the text would not be the document that the law asks for.
_PLACES: Mapping[str, Sentence] = {
    "contact": N_("ваша электронная почта"),
    "operator": N_("наименование центра"),
    "address": N_("адрес центра"),
    "registration": N_("ИНН и ОГРН центра"),
    "site": N_("адрес страницы сайта, где сведения публикуются"),
}


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
    lacking: tuple[Sentence, ...] = ()  # what the text has to say and nobody has entered: it cannot be given so

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
    known, lacking = text_of(TEXTS[kind]), []
    text = known["text"]
    for name, words in _places(session, person).items():
        place = "{" + name + "}"
        if place in text and not words:
            lacking.append(_PLACES[name])
        text = text.replace(place, words or "______")
    return Standing(
        kind, known["title"], ABOUT[kind], text, known["version"],
        tuple(one for one in rows if one.state == "given"), tuple(one for one in rows if one.state != "given"), tuple(lacking),
    )  # fmt: skip


def _places(session: Session, person: Person) -> dict[str, str]:
    known = requisites(session, person.municipality_id, deadlines.today(session, person.municipality_id))
    return {
        "person": person.full_name, "contact": person.email or "", "operator": known["full_name"], "address": known["address"],
        "registration": known.get("registration") or "", "site": known.get("site") or "", **_FILLED,
    }  # fmt: skip
