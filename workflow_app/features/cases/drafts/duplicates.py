"""A second case about the same: warned of, never barred. A colleague may have entered it, or it went out twice by mistake."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Case
from workflow_app.errors import N_, Sentence
from workflow_app.facts.others import ENDED
from workflow_app.facts.standings import visible
from workflow_app.states.vocabulary import Actor, Permission

_NOT_OPEN = ("draft", "decided", *ENDED)  # a draft is not asked for yet; after the decision one asks anew


def twins(session: Session, reader: Actor, case: Case, form: Mapping[str, object]) -> tuple[Sentence, ...]:
    """Say which open cases of the same applicant ask for what this form asks, those that the reader may see; one statement."""
    kind = case_type(case.type)
    key = kind.twin_key({"title": case.title, **form})
    if key is None:
        return ()
    rows = session.execute(
        select(Case.number, Case.title, Case.form)
        .where(Case.applicant_id == case.applicant_id, Case.municipality_id == case.municipality_id)
        .where(Case.type == case.type, Case.id != case.id, Case.state.not_in(_NOT_OPEN))
        .where(visible(reader, Permission.VIEW).condition)
        .order_by(Case.id)
    )
    return tuple(
        N_("Уже рассматривается %(number)s: «%(title)s».", number=number, title=title)
        if number
        else N_("Уже подано и ждёт регистрации: «%(title)s».", title=title)
        for number, title, other in rows
        if kind.twin_key({**other, "title": title}) == key
    )
