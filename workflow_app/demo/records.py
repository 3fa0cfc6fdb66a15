"""The records of the demo centre: events, publications, agreements, local acts, the register of experts; entered through the gate."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from workflow_app import clock, data, gate
from workflow_app.content_types.declaration import ContentType
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import RECORDS, CaseFile, Person, Record
from workflow_app.demo.timeline import OfficeStage, World
from workflow_app.facts.attachments import belonging
from workflow_app.facts.record_rows import row_of
from workflow_app.features.records.reading import lists_of
from workflow_app.files.sample_pdf import pdf_from_text
from workflow_app.states.definitions.file import Attach
from workflow_app.states.forms import fill, hints
from workflow_app.states.forms.declare import unwrap
from workflow_app.states.vocabulary import Actor

_KEEPER = "morozova"
_ENTERED, _DONE = 20, 2  # working days ago
_MOST = 25 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Turn:
    """The turn of whoever keeps the records; ``today``: from which the days of the data are counted."""

    world: World
    session: Session
    actor: Actor
    today: date


_Begun = tuple[str, int, list[Any]]  # the kind, the row, what is done with it later
_OWN = "own"  # what the person of a record did, not its keeper


def enter(world: World) -> None:
    """Enter every record of the data, then do with each what the data say was done."""
    stage = OfficeStage(world, minute=40)
    stage.on(_ENTERED)
    begun: list[_Begun] = []
    own: list[tuple[str, _Begun]] = []
    for key, many in data.load("demo_records").items():
        for one in many:
            with stage.turn(_KEEPER) as (session, actor):
                made = _enter(_Turn(world, session, actor, world.present.today), key, one)
            begun += made
            own += (
                [(one["values"]["person_id"], (key, next(id_ for kind, id_, _acts in made if kind == key), one[_OWN]))]
                if _OWN in one
                else []
            )
    stage.on(_DONE)
    for who, acts in ((_KEEPER, begun), *((person, [act]) for person, act in own)):
        with stage.turn(who) as (session, actor):
            _play(_Turn(world, session, actor, world.present.today), acts)


def enter_one(stage: OfficeStage, today: date, key: str, told: Mapping[str, Any]) -> None:
    """Enter a record in the course of a case's scene, and do with it at once what the data say; days count from ``today``."""
    with stage.turn(_KEEPER) as (session, actor):
        turn = _Turn(stage.world, session, actor, today)
        _play(turn, _enter(turn, key, told))


def _enter(turn: _Turn, key: str, one: Mapping[str, Any]) -> list[_Begun]:
    """Enter a record with its parts and files; return what is to be done with each."""
    row = _begin(turn, CONTENT_TYPES[key], one["values"])
    turn.world.records[one.get("key", "")] = row.id
    begun: list[_Begun] = []
    later: list[_Begun] = []
    for part, pieces in one.get("parts", {}).items():
        for piece in pieces:
            made = _begin(turn, CONTENT_TYPES[part], piece["values"], row)
            begun.append((part, made.id, piece.get("acts", [])))
            later.append((part, made.id, piece.get("then", [])))
    for file in one.get("files", ()):
        _attach(turn, row, file)
    return [*begun, (key, row.id, one.get("acts", [])), *later]


def _play(turn: _Turn, begun: list[_Begun]) -> None:
    for key, id_, acts in begun:
        for name in acts:
            _act(turn, turn.session.get_one(RECORDS[key], id_), name)


def _begin(turn: _Turn, kind: ContentType, told: Mapping[str, Any], whole: Record | None = None) -> Record:
    sheet = fill(kind.sheet, _typed(turn, kind, told), lists_of(turn.session, turn.actor, kind))
    return gate.begin(turn.session, turn.actor, row_of(kind, turn.actor.municipality_id, sheet, whole), sheet)


def _attach(turn: _Turn, row: Record, told: Mapping[str, str]) -> None:
    """Attach a PDF of some words: the bytes go to the blob store first, as on the page."""
    blob = turn.world.database.blobs.put(
        io.BytesIO(pdf_from_text(told["name"].removesuffix(".pdf"), told["text"])), _MOST
    )
    sheet = Attach(
        kind=told["kind"], name=told["name"], media_type="application/pdf", size=blob.size, sha256=blob.sha256
    )
    file = CaseFile(
        municipality_id=row.municipality_id, attachment=sheet.kind, name=sheet.name, media_type=sheet.media_type, size=sheet.size,
        sha256=sheet.sha256, uploaded_at=clock.now(), **belonging(row),
    )  # fmt: skip
    gate.begin(turn.session, turn.actor, file, sheet)


def _typed(turn: _Turn, kind: ContentType, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as a person types them: days counted, people, organisations and records by their keys."""
    found = {**kind.usual, **told}
    known = {"person": turn.world.cast.people, "organization": turn.world.cast.organizations}
    for name, value in told.items():
        target = kind.fields[name].refers.partition(":")[0]
        if target:
            found[name] = known.get(target, turn.world.records)[value]
        elif kind.kind_of(name) is date:
            found[name] = (turn.today + timedelta(days=value)).isoformat()
    if "name" in kind.fields and "name" not in told and "person_id" in told:
        found["name"] = turn.session.get_one(Person, found["person_id"]).full_name
    return found


def _act(turn: _Turn, row: Record, act: str | Mapping[str, Mapping[str, Any]]) -> None:
    """Do one act: a name, or a name with what its sheet is filled with."""
    name, told = (act, {}) if isinstance(act, str) else next(iter(act.items()))
    asked = row.content.workflow.transition(name).asks
    filled = {"on": -_DONE} | dict(told) if "on" in asked.__dataclass_fields__ else dict(told)
    for field in filled:
        if unwrap(hints(asked)[field])[0] is date:
            filled[field] = (turn.today + timedelta(days=filled[field])).isoformat()
    gate.perform(
        turn.session,
        turn.actor,
        row,
        name,
        fill(asked, filled, lists_of(turn.session, turn.actor, row.content)),
        row.version,
    )
