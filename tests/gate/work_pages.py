"""The work list by pages, by steps and by colours, beside the whole of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.orm import Session

from workflow_app.db import counts
from workflow_app.db.keyset import Walk
from workflow_app.facts import worklist
from workflow_app.states.vocabulary import Actor

Rows = list[tuple[str, Any]]  # kind and key of each task


def unlike_pages(session: Session, me: Actor, whole: Rows) -> Iterator[str]:
    """What of the work list differs from the whole of it: pages forwards and backwards, steps, colours, the long way of counting."""
    yield from (f"pages back {back}" for back in (False, True) if _walked(session, me, back=back) != whole)
    there = worklist.summary(session, me)
    by_step = [worklist.tasks(session, me, step=one.key) for one in there.steps]
    if sorted(_key(one) for page in by_step for one in page) != sorted(map(_key, worklist.tasks(session, me))):
        yield "steps"
    for one, page in zip(there.steps, by_step, strict=True):
        if len(page) != one.count or one.verb not in [task.verb for task in page]:
            yield one.key
    pressing = {one: len(worklist.tasks(session, me, due=one)) for one in ("overdue", "soon")}
    if there.colours != pressing or there.total != len(whole):
        yield "colours"
    dated = sum(pressing.values()) + len(worklist.tasks(session, me, due="normal"))
    if dated != sum(key[0] is not None for _, key in whole):
        yield "days"
    yield from _unlike_when_long(session, me, there)


def _walked(session: Session, me: Actor, *, back: bool) -> Rows:
    walk, walked = Walk(9, back=back), []
    while page := worklist.tasks(session, me, walk):
        rows = [(one.kind, worklist.ORDER.key_of(one)) for one in page]
        walked = rows + walked if back else walked + rows
        walk = Walk(9, place=rows[0 if back else -1][1], back=back)
    return walked


def _unlike_when_long(session: Session, me: Actor, there: worklist.Summary) -> Iterator[str]:
    """What is longer than one counts is counted by looks into the index, and says the same up to there."""
    most = 2
    if there.total <= most:
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counts, "MOST", most)
        long = worklist.summary(session, me)
    if (long.total, long.colours) != (most + 1, {name: min(one, most + 1) for name, one in there.colours.items()}):
        yield "long"
    if {one.key: one.count for one in long.steps} != {one.key: min(one.count, most + 1) for one in there.steps}:
        yield "long steps"


def _key(task: worklist.Task) -> tuple[int, str, int]:
    return task.root_id, task.todo, task.subject_id
