"""Entering a checked table: every row through the gate, all in one transaction or none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from workflow_app import clock, gate
from workflow_app.db import working_copies
from workflow_app.db.models import Case, Person, Subject
from workflow_app.errors import N_, Broken, Overtaken, Sentence, WorkflowError
from workflow_app.facts.directory import person_row, plain
from workflow_app.features.imports.check_rows import Line
from workflow_app.features.imports.table_kinds import Kind
from workflow_app.states.definitions.case.forms import NewCaseOnBehalf
from workflow_app.states.definitions.people import NewPerson
from workflow_app.states.vocabulary import Actor


class Failed(WorkflowError):
    """A row did not go in: which, and why. Nothing of the table is kept."""

    def __init__(self, line: Line, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.line = line


def enter(session: Session, actor: Actor, kind: Kind, lines: Sequence[Line]) -> list[Subject]:
    """Enter the rows that are ready, in a savepoint; raises Failed, and then nothing is changed."""
    entered: list[Subject] = []
    added: dict[str, Person] = {}
    with session.begin_nested():
        for line in (one for one in lines if one.is_ready):
            try:
                entered.append(_ENTER[kind.key](session, actor, line, added))
            except Overtaken as error:
                raise Failed(line, N_("Такая запись уже есть: её успели добавить.")) from error
            except WorkflowError as error:
                raise Failed(line, error.sentence) from error
    return entered


def _person(session: Session, actor: Actor, line: Line, added: dict[str, Person]) -> Person:
    if not isinstance(line.sheet, NewPerson):
        raise Broken("a row of people that is ready has no card")
    return _new_person(session, actor, line.sheet)


def _new_person(session: Session, actor: Actor, card: NewPerson) -> Person:
    return gate.begin(session, actor, person_row(actor.municipality_id, card.last_name, card.first_name), card)


def _case(session: Session, actor: Actor, line: Line, added: dict[str, Person]) -> Case:
    """Open a draft for the applicant, who is added when nobody of the name is known; two rows of one new name are one."""
    if not isinstance(line.sheet, NewCaseOnBehalf):
        raise Broken("a row of cases that is ready has no sheet")
    applicant_id = line.applicant.id if line.applicant else _added(session, actor, line, added).id
    sheet = replace(line.sheet, applicant_id=applicant_id)
    case = Case(
        municipality_id=actor.municipality_id, type=sheet.case_type, applicant_id=applicant_id, title=sheet.title, channel=sheet.channel,
        created_at=clock.now(), state_since=clock.now(),
    )  # fmt: skip
    gate.begin(session, actor, case, sheet)
    _keep(session, actor, case, "submit", {**case.form, **line.prefill})
    _keep(session, actor, case, "register", line.registration)
    return case


def _added(session: Session, actor: Actor, line: Line, added: dict[str, Person]) -> Person:
    if line.person is None:
        raise Broken("a row of cases that is ready has no applicant")
    card = line.person
    key = plain(f"{card.last_name} {card.first_name} {card.middle_name} {card.email}")
    if key not in added:
        added[key] = _new_person(session, actor, card)
    return added[key]


def _keep(session: Session, actor: Actor, case: Case, transition: str, typed: Mapping[str, object]) -> None:
    """Let a form of the draft begin with what the table said: typed, and not yet performed (decisions.md 3)."""
    if typed and actor.person_id is not None:
        working_copies.keep(session, (actor.person_id, case.kind, case.id, transition), typed)


_ENTER: Mapping[str, Callable[[Session, Actor, Line, dict[str, Person]], Subject]] = {
    "people": _person, "cases": _case,
}  # fmt: skip
