"""What the tests of the expert's pages share: the rows behind a page, a filled sheet as form fields, cases brought to a point."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.play import EXPERTS, PASSWORD, Client, Stage, at, draft
from tests.rows import row_of
from workflow_app.assessment.criteria import CriteriaSheet
from workflow_app.db.models import Assignment, CaseFile, Document, Event
from workflow_app.demo import sample_reviews as rehearsed
from workflow_app.demo.steps import NO_CONFLICT, TEXTS, Road

ClientAs = Callable[[str], Client]
WHY = "Опора на раздел 2: приведены данные за весь период, источники указаны."


def place(stage: Stage, road: Road, key: str) -> int:
    """The id of a person's latest assignment on the case."""
    with stage.database.transaction(keep=False) as session:
        found = select(func.max(Assignment.id)).where(
            Assignment.case_id == road.case_id, Assignment.expert_id == stage.people[key]
        )
        return int(session.scalars(found).one())


def row(stage: Stage, id: int) -> Assignment:
    """The assignment as it is kept now."""
    return row_of(stage, Assignment, id)


def files_of(stage: Stage, road: Road) -> list[int]:
    with stage.database.transaction(keep=False) as session:
        return list(session.scalars(select(CaseFile.id).where(CaseFile.case_id == road.case_id)))


def documents_of(stage: Stage, id: int) -> list[tuple[int, str]]:
    with stage.database.transaction(keep=False) as session:
        rows = session.execute(select(Document.id, Document.document_kind).where(Document.assignment_id == id))
        return [(one.id, one.document_kind) for one in rows]


def events(stage: Stage, id: int, transition: str) -> int:
    with stage.database.transaction(keep=False) as session:
        found = select(func.count(Event.id)).where(
            Event.subject_kind == "assignment", Event.subject_id == id, Event.transition == transition
        )
        return int(session.scalars(found).one())


def filled(
    sheet: CriteriaSheet, kind: str = "methodical_material", share: float = 0.8, verdict: str = "conforms"
) -> dict[str, str]:
    """A whole review as the fields of the form."""
    review = rehearsed.review(sheet, kind, (share,), verdict)
    found = {
        name: str(review[name]) for name in ("strengths", "remarks", "conclusions", "recommendations") if review[name]
    }
    if review["verdict"]:
        found["verdict"] = review["verdict"]
    for key, mark in review["marks"].items():
        found |= {
            f"marks-{key}-points-{indicator}": str(points) for indicator, points in mark.get("points", {}).items()
        }
        found |= {f"marks-{key}-{name}": str(mark[name]) for name in ("word", "rationale") if name in mark}
    return found


def words_of(answer: TestResponse) -> str:
    return " ".join(answer.get_data(as_text=True).split())


def invited(stage: Stage, kind: str = "methodical_material") -> Road:
    """A case whose experts are invited and have not answered."""
    road, form = draft(stage, kind)
    road.submit(form)
    road.register()
    road.start()
    road.invite(EXPERTS[kind], "Специалисты по предмету заявителя")
    return road


def declaration(stage: Stage, id: int, **change: str) -> dict[str, str]:
    answers = {name: "no" for name, value in NO_CONFLICT.items() if value == "no"}
    return {**answers, "confirmed": "y", "version": str(row(stage, id).version), **change}


def signing(stage: Stage, id: int, sheet: CriteriaSheet, **change: str) -> dict[str, str]:
    return {**filled(sheet), "how": "simple", "password": PASSWORD, "version": str(row(stage, id).version), **change}


def circulated(stage: Stage) -> Road:
    road = at(stage, "consolidation")
    stage.act("morozova", road.case_id, "circulate", TEXTS)
    return road
