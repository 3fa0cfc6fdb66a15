"""The programme of the demo centre: passport, plan, targets, values from papers, old reports, entered as a centre brings its past in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app import data, gate
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import RECORDS, Record
from workflow_app.demo.timeline import OfficeStage, World
from workflow_app.facts.programme import stages
from workflow_app.facts.record_rows import row_of
from workflow_app.features.programme import preload
from workflow_app.features.records.reading import lists_of
from workflow_app.states.forms import fill
from workflow_app.states.vocabulary import Actor

_KEEPER = "morozova"
_PLANNED, _ENTERED = (
    21,
    2,
)  # working days ago: the plan before the other records, which name its items; the rest after them
_YEARS = (2024, 2025, 2026)
_FORMS = {"school": "oo1", "lyceum": "oo1", "kindergarten": "85k", "creativity": "1dop"}


def plan(world: World) -> None:
    """Enter the plan; records name its items by their numbers."""
    stage = OfficeStage(world, minute=10)
    stage.on(_PLANNED)
    with stage.turn(_KEEPER) as (session, actor):
        told = data.load("demo_programme")["responsible"]
        preload.enter(session, actor, {code: world.cast.people[key] for key, codes in told.items() for code in codes})
        world.records.update({code: row.id for code, row in _rows(session, actor, "plan_item", "code").items()})


def enter(world: World) -> None:
    """Enter the programme with everything that its December report tells, and the reports of before, on paper."""
    told = data.load("demo_programme")
    stage = OfficeStage(world, minute=170)
    stage.on(_ENTERED)
    people, places = world.cast.people, world.cast.organizations
    with stage.turn(_KEEPER) as (session, actor):
        passport = {**told["passport"], "leader_id": people[told["passport"]["leader_id"]]}
        programme = _begin(session, actor, "programme", {"title": data.load("programme")["title"], **passport})
        _play(session, actor, told["items"], people)
        _lists(session, actor, told)
        _numbers(session, actor, told, places)
        for one in told["reports"]:
            if not one.get("signed_by"):
                row = _begin(session, actor, "programme_report", {**one, "programme_id": programme.id})
                _do(session, actor, row, "keep_paper", {})


def report(world: World) -> None:
    """Write the report that counts what the cases have come to: fixed by the keeper, signed by the director."""
    stage = OfficeStage(world, minute=170)
    stage.on(0)
    for told in data.load("demo_programme")["reports"]:
        signer = told.pop("signed_by", "")
        if signer:
            with stage.turn(_KEEPER) as (session, actor):
                values = {**told, "programme_id": next(iter(_rows(session, actor, "programme", "id")))}
                row = _begin(session, actor, "programme_report", values)
                _do(session, actor, row, "fix", {})
                number = row.id
            with stage.turn(signer) as (session, actor):
                _do(session, actor, session.get_one(RECORDS["programme_report"], number), "sign_report", {})


def _begin(session: Session, actor: Actor, key: str, values: Mapping[str, Any], whole: Record | None = None) -> Record:
    kind = CONTENT_TYPES[key]
    typed = {name: _typed(value) for name, value in values.items() if value is not None}
    sheet = fill(kind.sheet, typed, lists_of(session, actor, kind))
    return gate.begin(session, actor, row_of(kind, actor.municipality_id, sheet, whole), sheet)


def _do(session: Session, actor: Actor, row: Record, act: str, values: Mapping[str, Any]) -> None:
    asked = row.content.workflow.transition(act).asks
    typed = {name: _typed(value) for name, value in values.items()}
    gate.perform(session, actor, row, act, fill(asked, typed, lists_of(session, actor, row.content)), row.version)


def _typed(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value if isinstance(value, (bool, list)) else str(value)


def _rows(session: Session, actor: Actor, key: str, name: str) -> dict[str, Any]:
    model: Any = RECORDS[key]
    found = session.scalars(select(model).where(model.municipality_id == actor.municipality_id, model.state != "ended"))
    return {getattr(one, name): one for one in found}


def _play(session: Session, actor: Actor, items: Mapping[str, Any], people: Mapping[str, int]) -> None:
    """Do with the items of the plan what was done, and enter what confirms them."""
    known = _rows(session, actor, "plan_item", "code")
    for code, told in items.items():
        for act in told.get("acts", ()):
            name, values = next(iter(act.items()))
            _do(session, actor, known[code], name, values)
        for one in told.get("evidence", ()):
            _begin(session, actor, "plan_evidence", one, known[code])
        for one in told.get("duties", ()):
            _begin(session, actor, "plan_duty", {**one, "person_id": people[one["person_id"]]}, known[code])


def _lists(session: Session, actor: Actor, told: Mapping[str, Any]) -> None:
    """Say which of the needed acts and resources are there."""
    acts = {title: row.id for title, row in _rows(session, actor, "local_act", "title").items()}
    for title, row in _rows(session, actor, "checklist_item", "title").items():
        there = title in acts if row.of == "acts" else title not in told["absent"]
        if there:
            values = {"title": title, "of": row.of, "there": "1" if row.of == "resources" else ""}
            _do(session, actor, row, "edit", values | ({"local_act_id": acts[title]} if row.of == "acts" else {}))


def _numbers(session: Session, actor: Actor, told: Mapping[str, Any], places: Mapping[str, int]) -> None:
    """Enter targets, values from papers, headcounts."""
    for key, numbers in told["targets"].items():
        for stage, number, planned in zip(stages(), numbers, told["planned"], strict=True):
            values = {"indicator": key, "stage": stage.key, "target": number, "ground": told["target_ground"]}
            _begin(session, actor, "indicator_target", values | ({"planned": planned} if key == "K3.1" else {}))
    periods = {one.key: one for one in stages()}
    for key, stage_key, value, numerator, denominator, paper in told["values"]:
        period = periods[stage_key]
        _begin(session, actor, "indicator_value", {
            "indicator": key, "since": period.since, "until": period.until, "value": value, "numerator": numerator,
            "denominator": denominator, "paper": paper,
        })  # fmt: skip
    there = {(row.organization_id, row.year) for row in session.scalars(select(RECORDS["headcount"]))}  # type: ignore[attr-defined]  # the columns of its kind
    for key, numbers in told["headcount"].items():
        for year, number in zip(_YEARS, numbers, strict=True):
            if (places[key], year) not in there:
                _begin(session, actor, "headcount", {
                    "organization_id": places[key], "year": year, "teachers": number, "on": date(year, 9, 20),
                    "source": next((name for start, name in _FORMS.items() if key.startswith(start)), "other"), "way": "imported",
                })  # fmt: skip
