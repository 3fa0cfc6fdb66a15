"""The surveys of the demo centre: two that were counted, one that is answered now. Every answer in them is invented."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from random import Random
from typing import Any

from workflow_app import data, gate
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.content_types.survey import CloseSurvey, OpenSurvey
from workflow_app.db import survey_answers
from workflow_app.db.models import RECORDS
from workflow_app.demo.timeline import OfficeStage, World
from workflow_app.facts.record_rows import row_of
from workflow_app.features.records.reading import lists_of
from workflow_app.states.forms import fill
from workflow_app.surveys.questions import Item, items_of

_KEEPER = "morozova"
_OPENED, _CLOSED = 2, 2  # working days ago: after the other records
_LEFT_OUT = 0.35  # of the questions that may be
_SEED = 31


def hold(world: World) -> None:
    """Open each survey, let it be answered, close those that are over."""
    kind, chance = CONTENT_TYPES["survey"], Random(_SEED)  # noqa: S311 - invented answers, the same every time
    stage = OfficeStage(world, minute=150)
    stage.on(_OPENED)
    held: list[tuple[int, Mapping[str, Any]]] = []
    for told in data.load("demo_surveys")["surveys"]:
        values = dict(told["values"])
        for name in ("since", "until"):
            values[name] = (world.present.today + timedelta(days=values[name])).isoformat()
        values["responsible_id"] = world.cast.people[values["responsible_id"]]
        if "repeats" in told:
            values["repeats_id"] = held[told["repeats"] - 1][0]
        with stage.turn(_KEEPER) as (session, actor):
            sheet = fill(kind.sheet, {"anonymous": "1", **values}, lists_of(session, actor, kind))
            row: Any = gate.begin(session, actor, row_of(kind, actor.municipality_id, sheet), sheet)
            gate.perform(session, actor, row, "open", OpenSurvey(), row.version)
            answers = [_answer(items_of(row.asked), told, chance) for _ in range(told["many"])]
            survey_answers.put(session, row.id, answers)
            held.append((row.id, told))
    stage.on(_CLOSED)
    for id_, told in held:
        if told.get("closed"):
            with stage.turn(_KEEPER) as (session, actor):
                row = gate.read(session, actor, RECORDS["survey"], id_)
                gate.perform(session, actor, row, "close", CloseSurvey(), row.version)


def _answer(items: tuple[Item, ...], told: Mapping[str, Any], chance: Random) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in items:
        if item.optional and chance.random() < _LEFT_OUT:
            continue
        for line in item.lines:
            found[line.field] = _value(item, line.field, told, chance)
    return {name: value for name, value in found.items() if value}


def _value(item: Item, field: str, told: Mapping[str, Any], chance: Random) -> Any:
    if field in told.get("texts", {}):
        return chance.choice(told["texts"][field])
    weights = told["weights"][field]
    if item.kind == "many":
        return [one for one, weight in zip(item.values, weights, strict=True) if chance.random() * 100 < weight]
    values = item.values or tuple(str(n + 1) for n in range(len(weights)))
    return chance.choices(values, weights)[0]
