"""An expert's own profile becomes the entry in the register when it is confirmed; whom the centre asks for one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app import gate
from workflow_app.content_types.declaration import OfRecord
from workflow_app.content_types.expert_profile import ExpertProfile, ProfileConfirmed, ProfileFilled
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import RECORDS, Consent, ExpertCard, Person
from workflow_app.errors import N_, NotYet
from workflow_app.facts.record_rows import row_of
from workflow_app.gate import effect
from workflow_app.states.definitions.people import EnterRegister
from workflow_app.states.vocabulary import Actor, Role

_KEY: Final = "expert_profile"
_WORD: Final = N_("Укажите направления, предмет и документ о подготовке.")


@effect.register
def _filled(sheet: ProfileFilled, session: Session, actor: Actor, subject: Any) -> None:
    """Take over what the expert says, who has agreed that it is processed (R37)."""
    given = select(Consent.id).where(
        Consent.person_id == subject.person_id, Consent.consent_kind == "processing", Consent.state == "given"
    )
    if session.scalar(given.limit(1)) is None:
        raise NotYet(
            (N_("Сначала дайте согласие на обработку персональных данных: «Мой профиль», «Согласия и соглашения»."),)
        )
    effect.dispatch(OfRecord)(sheet, session, actor, subject)
    subject.remark = ""


@effect.register
def _confirmed(sheet: ProfileConfirmed, session: Session, actor: Actor, subject: Any) -> None:
    """Enter the expert into the register as the profile says; the role comes with it."""
    del sheet
    entry = EnterRegister(
        directions=tuple(subject.directions), category=subject.category, education=subject.education, training=subject.training,
        profile=subject.profile, load_limit=subject.load_limit,
    )  # fmt: skip
    gate.entail(session, actor, session.get_one(Person, subject.person_id), "enter_register", entry)


def ask_profiles(session: Session, actor: Actor, people: Sequence[Person]) -> set[int]:
    """Ask those of the people who are experts without an entry in the register for their profile, each once; return who was asked."""
    model: Any = RECORDS[_KEY]
    ids = [one.id for one in people if any(role.role == Role.EXPERT.value for role in one.memberships)]
    entered = set(session.scalars(select(ExpertCard.person_id).where(ExpertCard.person_id.in_(ids))))
    asked = set(session.scalars(select(model.person_id).where(model.person_id.in_(ids), model.state != "ended")))
    new = [id_ for id_ in ids if id_ not in entered | asked]
    for id_ in new:
        sheet = ExpertProfile(person_id=id_, word=str(_WORD))
        gate.begin(session, actor, row_of(CONTENT_TYPES[_KEY], actor.municipality_id, sheet), sheet)
    return set(new)
