"""What an act would refuse, said in advance. The door asks it before the effect, a preview of many before anything is done.

A check is declared by the class of the sheet, as its effect is, and reads of many subjects in a constant number of statements what
it reads of one. What only the change itself can find out stays in the effect.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import singledispatch
from typing import Any

from sqlalchemy.orm import Session

from workflow_app.db.models import Subject
from workflow_app.errors import Invalid, NotYet
from workflow_app.states.forms import Problems, Sheet
from workflow_app.states.vocabulary import Actor

NOTHING: Mapping[int, Problems] = {}


@singledispatch
def refusals(sheet: Sheet, session: Session, actor: Actor, subjects: Sequence[Any]) -> Mapping[int, Problems]:
    """Return what the filled ``sheet`` would be refused for, by the id of the subject and by field ("": whatever is typed)."""
    return NOTHING


def declared(kind: type[Sheet]) -> bool:
    """Whether anything is declared of a sheet: of one without it nothing need be read."""
    return refusals.dispatch(kind) is not refusals.dispatch(object)


def demand(sheet: Sheet, session: Session, actor: Actor, subject: Subject) -> None:
    """Raise what is refused: NotYet where nothing that is typed would change it, else Invalid at its fields."""
    if wrong := refusals(sheet, session, actor, [subject]).get(subject.id):
        raise NotYet(wrong[""]) if wrong.keys() == {""} else Invalid(wrong)
