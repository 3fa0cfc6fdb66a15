"""What the tests of the office's pages ask of the rows and of a page's form."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import html5lib
from sqlalchemy import func, select

from tests.play import START, Stage
from tests.rows import row_of, rows_of
from workflow_app import clock
from workflow_app.db.models import Assignment, Case, Event
from workflow_app.demo.steps import Road

LATER = START + timedelta(days=45)  # a Friday in October: every stride of the stage lies before it


@contextmanager
def later() -> Iterator[None]:
    """Hold the clock of the pages after all that the stage has played."""
    with clock.at(LATER):
        yield


def row(stage: Stage, road: Road) -> Case:
    """The case as it is kept now."""
    return row_of(stage, Case, road.case_id)


def version(stage: Stage, road: Road) -> str:
    """The version that a page would carry now."""
    return str(row(stage, road).version)


def done(stage: Stage, road: Road, transition: str) -> int:
    """How many times a transition of the case, or of a part of it, stands in the history."""
    with stage.database.transaction(keep=False) as session:
        found = select(func.count(Event.id)).where(Event.root_id == road.case_id, Event.transition == transition)
        return int(session.scalars(found.where(Event.root_kind == "case")).one())


def assigned(stage: Stage, road: Road) -> dict[int, Assignment]:
    """The assignments of the case by expert: the last one of each."""
    return {one.expert_id: one for one in rows_of(stage, Assignment, case_id=road.case_id)}


def fields(answer: Any, name: str) -> list[Any]:
    """The elements of a page's forms that carry a name."""
    tree = html5lib.parse(answer.get_data(as_text=True), namespaceHTMLElements=False)
    return [one for one in tree.iter() if one.tag in ("input", "textarea", "select") and one.get("name") == name]


def value(answer: Any, name: str) -> str:
    """What stands in a field."""
    found = fields(answer, name)[0]
    return (found.text or "").strip() if found.tag == "textarea" else found.get("value") or ""


def ticked(answer: Any, name: str) -> set[str]:
    """The chosen values of ticks or of a choice."""
    return {one.get("value") for one in fields(answer, name) if one.get("checked") is not None}


def address_of(answer: Any, name: str) -> str:
    """Where the script of a picker asks."""
    tree = html5lib.parse(answer.get_data(as_text=True), namespaceHTMLElements=False)
    return next(one.get("data-url") for one in tree.iter() if one.get("data-picker") == name)


def picked_by(client: Any, answer: Any, name: str, words: str) -> list[dict[str, str]]:
    """What a picker of a page offers for some words."""
    found: list[dict[str, str]] = client.get(address_of(answer, name), query_string={"q": words}).get_json()["found"]
    return found


def offered(answer: Any, name: str) -> set[str]:
    """All values that ticks or a choice offer."""
    return {one.get("value") for one in fields(answer, name)}
