"""The plan of the programme, entered as it was approved: 25 items, the acts and resources that it needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app import data, gate
from workflow_app.content_types.plan_item import PLAN_ITEM, PlanItem
from workflow_app.content_types.programme import CHECKLIST_ITEM, ChecklistItem
from workflow_app.db.models import RECORDS
from workflow_app.facts.programme import stages
from workflow_app.facts.record_rows import row_of
from workflow_app.states.vocabulary import Actor


def enter(session: Session, actor: Actor, responsible: Mapping[str, int] | None = None) -> int:
    """Begin what is not there yet, as one act; return how much it was. ``responsible``: people by the item's number."""
    told = data.load("programme")
    items, needed = _there(session, actor, "plan_item", "code"), _there(session, actor, "checklist_item", "title")
    made = [
        (PLAN_ITEM, _item(one, (responsible or {}).get(one["code"])))
        for one in told["items"] if one["code"] not in items
    ] + [
        (CHECKLIST_ITEM, ChecklistItem(title=title, of=of))
        for of in ("acts", "resources") for title in told[of] if title not in needed
    ]  # fmt: skip
    with gate.together(session):
        for kind, sheet in made:
            gate.begin(session, actor, row_of(kind, actor.municipality_id, sheet), sheet)
    return len(made)


def _item(one: Mapping[str, Any], responsible_id: int | None) -> PlanItem:
    stage = next(each for each in stages() if each.key == one["code"].partition(".")[0])
    return PlanItem(
        code=one["code"], title=one["title"], stage=stage.key, since=one.get("since", stage.plan_since),
        until=one.get("until", stage.plan_until), expected=one["expected"], at_least=one.get("at_least"), responsible_id=responsible_id,
    )  # fmt: skip


def _there(session: Session, actor: Actor, key: str, name: str) -> frozenset[str]:
    model: Any = RECORDS[key]
    mine = (model.municipality_id == actor.municipality_id, model.state != "ended")
    return frozenset(session.scalars(select(getattr(model, name)).where(*mine)))
