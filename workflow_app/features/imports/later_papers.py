"""Papers that come after their rows were recorded: each goes to the draft of its own row, which is then submitted and registered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow_app.case_types.form_check import obstacles
from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Case, ImportRow, ImportTable, Job
from workflow_app.errors import N_, Sentence, WorkflowError
from workflow_app.facts import attachments, choices
from workflow_app.facts.subjects import beside, typed_form
from workflow_app.features.imports import archive, enter_case, table_store
from workflow_app.features.imports.apply_rows import no_papers
from workflow_app.features.imports.check_cases import lack
from workflow_app.features.imports.table_store import UNUSED
from workflow_app.operations import job_kinds
from workflow_app.states.vocabulary import Actor, Via

JOB: Final = "import_papers"
DRAFT: Final = "draft"


def drafts(session: Session, table: ImportTable) -> dict[int, Case]:
    """Return the cases of a table that are drafts still, by the row's id."""
    rows = {row.subject_id: row.id for row in table_store.rows_of(session, table, DRAFT)}
    found = session.scalars(select(Case).where(Case.id.in_(rows), Case.state == "draft")).unique()
    return {rows[case.id]: case for case in found}


def tables(session: Session, actor: Actor) -> list[tuple[ImportTable, int]]:
    """Return the person's tables of which drafts are left, the newest first, with how many."""
    found = (
        select(ImportTable, func.count())
        .join(ImportRow, ImportRow.table_id == ImportTable.id)
        .join(Case, Case.id == ImportRow.subject_id)
        .where(ImportTable.person_id == actor.person_id, ImportTable.municipality_id == actor.municipality_id)
        .where(ImportRow.state == DRAFT, Case.state == "draft")
        .group_by(ImportTable.id)
        .order_by(ImportTable.id.desc())
        .limit(20)
    )
    return [(table, count) for table, count in session.execute(found)]


def waiting(session: Session, table: ImportTable) -> list[ImportRow]:
    """Return the rows whose drafts have papers that are not attached yet."""
    mine = drafts(session, table)
    return [row for row in table_store.rows_of(session, table, DRAFT) if row.id in mine and waits(row)]


def waits(row: ImportRow) -> list[dict[str, Any]]:
    """Return the papers of a row's draft that are not attached yet."""
    return [one for one in row.files if one.get("waits")]


def place(session: Session, actor: Actor, table: ImportTable, unpacked: Sequence[archive.Found]) -> int:
    """Give files to the drafts whose rows they name; what names no row, several, or one that is no draft, is left. Return how many."""
    rows = {one.id: one for one in table_store.rows_of(session, table, table_store.OPEN, *table_store.CAME)}
    whose = archive.match((one for one in unpacked if not one.why), table_store.lines_of(session, actor, table))
    there, placed, loose = drafts(session, table), 0, []
    for file in unpacked:
        row = rows.get(whose.get(file.path, 0))
        if row is not None and row.id in there:
            placed += _give(session, row, there[row.id], file)
        else:
            loose.append(file.as_data() | ({"why": str(_refusal(row))} if row is not None else {}))
    had = {one["path"] for one in table.loose}
    table.loose = [*table.loose, *(one for one in loose if one["path"] not in had)]
    return placed


def _refusal(row: ImportRow) -> Sentence:
    if row.state == table_store.OPEN:
        return N_("Строка %(n)s ещё не записана: впишите её номер на странице проверки.", n=row.number)
    return _is_no_draft(row)


def _is_no_draft(row: ImportRow) -> Sentence:
    return N_("Строка %(n)s уже не черновик: приложите файл на карточке дела.", n=row.number)


def place_typed(session: Session, table: ImportTable, typed: Mapping[str, str]) -> tuple[int, int]:
    """Give the files that found no row to the drafts whose row numbers were typed beside them; «-» drops one. Return how many of each."""
    there = drafts(session, table)
    by_number = {str(row.number): row for row in table_store.rows_of(session, table, DRAFT) if row.id in there}
    left, placed, dropped = [], 0, 0
    for file in table.loose:
        said = typed.get(file["path"], "")
        row = by_number.get(said)
        if said == UNUSED:
            dropped += 1
        elif row is not None and file["sha256"]:
            placed += _give(session, row, there[row.id], archive.found_again(file))
        else:
            left.append(file)
    if len(left) != len(table.loose):
        table.loose = left
    return placed, dropped


def _give(session: Session, row: ImportRow, case: Case, file: archive.Found) -> bool:
    """Lay a file by for the draft of its row, unless the draft has it already."""
    attached = attachments.files_of(session, case)
    if file.sha256 in {one.sha256 for one in attached} | {one["sha256"] for one in waits(row)}:
        return False
    kinds = [one.attachment for one in attached] + [one["kind"] for one in waits(row)]
    row.files = [*row.files, file.as_data(archive.kind_of(file, case.type, kinds)) | {"waits": True}]
    return True


def finish(session: Session, actor: Actor, row_id: int) -> str:
    """Give a row's draft the papers that wait for it, submit and register it; return what came of it. One that lacks more stays a draft.

    The row is locked and its end written with the acts: whoever presses again goes on with the others.
    """
    row = session.get(ImportRow, row_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise WorkflowError(N_("Строку убрали из таблицы."))
    case = session.get(Case, row.subject_id or 0)
    if row.state != DRAFT or not waits(row):
        return row.said
    if case is None or case.state != "draft":
        raise WorkflowError(_is_no_draft(row))
    for one in waits(row):
        enter_case.attach(session, actor, case, one)
    row.files = [{key: value for key, value in one.items() if key != "waits"} for one in row.files]
    row.state, said = _enter(session, actor, case)
    row.said = str(said)
    session.flush()
    return row.said


def _enter(session: Session, actor: Actor, case: Case) -> tuple[str, Sentence]:
    kind, form = case_type(case.type), typed_form(session, case)
    papers = enter_case.kept(session, actor, case, "register")
    bars = obstacles(kind, kind.form, form, choices.of_case(session, case), beside(session, case))
    lacking = "; ".join(dict.fromkeys(str(lack(kind, one)) for one in bars))
    lacking = lacking or enter_case.submit(session, actor, case, form)
    if lacking:
        return DRAFT, N_("Осталось черновиком. Не хватает: %(what)s", what=lacking)
    return "done", enter_case.register(session, actor, case, papers)


def _do(session: Session, job: Job, row_id: int) -> str:
    return finish(session, job_kinds.actor(session, job, via=Via.BULK), row_id)


job_kinds.KINDS[JOB] = job_kinds.Kind(
    N_("Документы к черновикам"), _do, no_papers, card=lambda _job: "imports.row", rest="imports.rest"
)
