"""Recording a row: every act through the gate, once a row whatever happens, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy.orm import Session

from workflow_app import clock, gate
from workflow_app.db.models import Case, Document, ExpertCard, ImportRow, ImportTable, Job, Person
from workflow_app.errors import N_, Broken, Overtaken, Sentence, WorkflowError
from workflow_app.facts.directory import person_row
from workflow_app.features.imports import enter_case, table_store
from workflow_app.features.imports.lines import Line
from workflow_app.operations import job_kinds
from workflow_app.states.definitions.case.forms import BY_SCHOOL, NewCaseOfSchool, NewCaseOnBehalf, entered_for
from workflow_app.states.definitions.people import EnterRegister, NewPerson
from workflow_app.states.forms import asks
from workflow_app.states.vocabulary import Actor, Via

JOB: Final = "import"
SMALL: Final = 10  # rows that are recorded at once, while the person waits; more go in the background

_Came = tuple[str, int, Sentence]
"""What came of a row: its new state, the subject's id, what to say."""


def record(session: Session, actor: Actor, row_id: int) -> str:
    """Record one row of a table and say what came of it; a row that is recorded already says so again.

    The row is locked first and its end is written with the acts: two workers, or two presses, record it once.
    Raises WorkflowError when the row cannot be recorded as it stands now; nothing is changed then.
    """
    row = session.get(ImportRow, row_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise WorkflowError(N_("Строку убрали из таблицы."))
    if row.state != table_store.OPEN:
        return row.said
    table = session.get_one(ImportTable, row.table_id)
    (line,) = table_store.checked(session, actor, table, row).lines
    if line.problems:
        raise WorkflowError(next(iter(line.problems.values()))[0])
    if line.asked:
        raise WorkflowError(N_("Похожая запись уже есть: скажите, та же это или другая."))
    if line.double:
        row.state, row.said = "skipped", str(next(iter(line.notes.get("", [N_("Пропущено.")]))))
    else:
        with session.begin_nested():
            try:
                row.state, row.subject_id, said = _ENTER[table.kind](session, actor, line)
            except Overtaken as error:
                raise WorkflowError(N_("Такая запись уже есть: её успели добавить.")) from error
        row.said = str(said)
    session.flush()
    return row.said


def _do(session: Session, job: Job, row_id: int) -> str:
    return record(session, job_kinds.actor(session, job, via=Via.BULK), row_id)


def no_papers(_session: Session, _job: Job) -> Sequence[Document]:
    """Return the documents of a job that makes none."""
    return ()


job_kinds.KINDS[JOB] = job_kinds.Kind(
    N_("Запись таблицы"), _do, no_papers, card=lambda _job: "imports.row", rest="imports.rest"
)


def _person(session: Session, actor: Actor, line: Line) -> _Came:
    if not isinstance(line.sheet, NewPerson):
        raise Broken("a row of people that is ready has no card")
    return "done", _new_person(session, actor, line.sheet).id, N_("Человек добавлен.")


def _new_person(session: Session, actor: Actor, card: NewPerson) -> Person:
    return gate.begin(session, actor, person_row(actor.municipality_id, card.last_name, card.first_name), card)


def _applicant(session: Session, actor: Actor, line: Line) -> Person:
    """Return the row's person; one whom nobody knew is added."""
    if line.applicant is not None:
        return session.get_one(Person, line.applicant.id)
    if line.person is None:
        raise Broken("a row that is ready has no person")
    return _new_person(session, actor, line.person)


def _expert(session: Session, actor: Actor, line: Line) -> _Came:
    """Enter an expert into the register; what the table does not say stays as the register has it."""
    if not isinstance(line.sheet, EnterRegister):
        raise Broken("a row of experts that is ready has no entry")
    person = _applicant(session, actor, line)
    there, sheet = session.get(ExpertCard, person.id), line.sheet
    if there is not None:
        blank = {name for name in ("category", "education", "training", "profile") if not getattr(sheet, name)}
        kept = {name: getattr(there, name) for name in blank}
        kept |= {} if line.cell("load_limit") else {"load_limit": there.load_limit}
        sheet = replace(sheet, **kept)
        if all(_same(getattr(there, name), getattr(sheet, name)) for name in asks(EnterRegister)):
            return "skipped", person.id, N_("В реестре уже стоит то же самое.")
    gate.perform(session, actor, person, "enter_register", sheet, person.version)
    return (
        "done",
        person.id,
        N_("Внесён(а) в реестр экспертов.") if there is None else N_("Запись в реестре обновлена."),
    )


def _same(there: object, here: object) -> bool:
    return ([*there] == [*here]) if isinstance(there, list) and isinstance(here, (list, tuple)) else there == here


def _case(session: Session, actor: Actor, line: Line) -> _Came:
    """Open a case on behalf, attach its files, submit and register it; one that lacks something stays a draft and says what.

    What a school enters is submitted: the centre registers it.
    """
    if not isinstance(line.sheet, (NewCaseOnBehalf, NewCaseOfSchool)):
        raise Broken("a row of cases that is ready has no sheet")
    applicant = _applicant(session, actor, line)
    sheet = replace(line.sheet, applicant_id=applicant.id)
    _whose, channel = entered_for(sheet, None)
    case = Case(
        municipality_id=actor.municipality_id, type=sheet.case_type, applicant_id=applicant.id, title=sheet.title, channel=channel,
        organization_id=actor.organization_id if channel == BY_SCHOOL else None, created_at=clock.now(), state_since=clock.now(),
    )  # fmt: skip
    gate.begin(session, actor, case, sheet)
    for one in line.files:
        enter_case.attach(session, actor, case, one)
    form = {**case.form, **line.form}
    enter_case.keep(session, actor, case, "submit", form)  # what is missing is told by what was typed
    lacking = enter_case.submit(session, actor, case, form, line.lacks)
    if lacking:
        enter_case.keep(session, actor, case, "register", line.registration)
        return "draft", case.id, N_("Осталось черновиком. Не хватает: %(what)s", what=lacking)
    return "done", case.id, enter_case.register(session, actor, case, line.registration)


_ENTER: Mapping[str, Callable[[Session, Actor, Line], _Came]] = {
    "people": _person, "experts": _expert, "cases": _case, "school_cases": _case,
}  # fmt: skip
