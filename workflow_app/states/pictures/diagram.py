"""The picture of a workflow: where each state and arrow stands, in pixels, for the page that draws it as SVG.

The ordinary road runs down the middle, so that it reads like a list; states beside the road stand left (the author's turn)
or right (everybody else's). Arrows run straight where they can and in lanes of their own where they cannot (``edges``). A
transition that leaves many states (withdraw, cancel) is written into the box where it ends: ten arrows to one place would
hide the rest.

A layered layout of a library was tried first: it takes the loops for the main thing and puts «approved» above the review.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Literal

from workflow_app.errors import N_, Sentence
from workflow_app.states.pictures.edges import LEFT, RIGHT, ROAD, Link, Node, extent, head_of, path_of, route
from workflow_app.states.pictures.labels import Label, place_labels, room_for
from workflow_app.states.vocabulary import Transition, Trigger, Who, Workflow

Words = Literal["staff", "applicant"]
Say = Callable[[Sentence], str]

MANY = 4  # a transition with more sources is written into its target's box
_TOP, _GAP, _MARGIN = 14.0, 72.0, 10.0
_TITLE_CHARS, _NOTE_CHARS = 23, 31


@dataclass(frozen=True, slots=True)
class Box:
    """A state, or several with one title for the applicant. ``x``, ``y``: the middle; ``notes``: what leads here from many."""

    states: tuple[str, ...]
    lines: tuple[str, ...]
    notes: tuple[str, ...]
    tone: str
    x: float
    y: float
    width: float
    height: float
    initial: bool
    final: bool


@dataclass(frozen=True, slots=True)
class Arrow:
    """Transitions from one box to another: the line as an SVG path, its head as a polygon, the words beside it.

    ``trigger`` is ``user`` when a person does one of them, else what sets the first off.
    """

    source: int
    target: int
    names: tuple[str, ...]
    trigger: str
    path: str
    head: str
    label: Label


@dataclass(frozen=True, slots=True)
class Picture:
    """A whole diagram: pixels from ``left`` and 0; the boxes stand in the order of the states."""

    left: float
    width: float
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True, slots=True)
class Walk:
    """What of a picture a case has passed: places in ``boxes`` and ``arrows``, and where it stands."""

    boxes: frozenset[int]
    arrows: frozenset[int]
    here: int


def picture(flow: Workflow, words: Words = "staff", say: Say = str) -> Picture:
    """Lay a workflow out. ``applicant``: in the applicant's titles, states that share one being one box.

    ``say`` turns a sentence into the reader's language: the boxes are as large as its words.
    """
    nodes = _nodes(flow, words, say)
    by_state = {state: node for node in nodes for state in node.states}
    links = _links(flow, by_state, say)
    _place(flow, nodes, by_state, links)
    bottom = _set_rows(nodes, links, say)
    route(links)
    return _finish(flow, nodes, links, bottom, say)


def walk(shown: Picture, steps: Iterable[tuple[str | None, str]], now: str) -> Walk:
    """Mark what was passed: ``steps`` are the moves (before, after) in order, ``now`` the present state."""
    place = {state: number for number, box in enumerate(shown.boxes) for state in box.states}
    known = [(before, after) for before, after in steps if after in place and (before is None or before in place)]
    moves = {(place[before], place[after]) for before, after in known if before is not None}
    arrows = {number for number, one in enumerate(shown.arrows) if (one.source, one.target) in moves}
    passed = {place[state] for move in known for state in move if state is not None} | {place[now]}
    return Walk(frozenset(passed), frozenset(arrows), place[now])


def _nodes(flow: Workflow, words: Words, say: Say) -> list[Node]:
    found: dict[str, Node] = {}
    for state in flow.states.values():
        title = say(state.title if words == "staff" else state.applicant_title)
        key = state.name if words == "staff" else title
        if key in found:
            found[key].states = (*found[key].states, state.name)
        else:
            found[key] = Node((state.name,), tuple(wrap(title, _TITLE_CHARS)))
    return list(found.values())


def _links(flow: Workflow, by_state: Mapping[str, Node], say: Say) -> list[Link]:
    """Return the arrows to draw; what comes from many states is noted in the box where it ends."""
    many = [one for one in flow.transitions.values() if len(one.sources) > MANY]
    endings = {id(by_state[target.state]) for one in many for target in one.targets}
    found: dict[tuple[int, int], Link] = {}
    for one in flow.transitions.values():
        for end in (by_state[target.state] for target in one.targets):
            if id(end) in endings:
                end.notes += wrap(_noted(one, say), _NOTE_CHARS)
                continue
            for start in (by_state[state] for state in one.sources):
                if start is not end:
                    link = found.setdefault((id(start), id(end)), Link(start, end))
                    link.transitions += [one] if one not in link.transitions else []
    return list(found.values())


def _noted(one: Transition, say: Say) -> str:
    if len(one.sources) == 1:
        return say(one.title)
    return say(N_("%(title)s (из %(n)s состояний)", title=one.title, n=len(one.sources)))


def _place(flow: Workflow, nodes: Sequence[Node], by_state: Mapping[str, Node], links: Sequence[Link]) -> None:
    """Give each box its column and row: the road first, then each other one beside the first step that leads to it."""
    road = dict.fromkeys(id(by_state[name]) for name in (*(flow.road or (flow.initial,)), *_closing(flow)))
    by_id = {id(node): node for node in nodes}
    for row, key in enumerate(road):
        by_id[key].column, by_id[key].row = ROAD, row
    taken: set[tuple[int, int]] = set()
    beside = [one for one in nodes if id(one) not in road]
    for node in (one for one in beside if not one.notes):
        node.column = LEFT if flow.state(node.states[0]).turn is Who.APPLICANT else RIGHT
        rows = [one.source.row for one in links if one.target is node and one.source.row >= 0]
        node.row = _free(taken, node.column, min(rows, default=0))
    for offset, node in enumerate(one for one in reversed(beside) if one.notes):
        node.column, node.row = RIGHT, _free(taken, RIGHT, max(len(road) - 1 - offset, 0))


def _closing(flow: Workflow) -> tuple[str, ...]:
    """Return the final state to which the end of the road leads by one step, if there is one: it closes the column."""
    last = flow.road[-1] if flow.road else flow.initial
    after = [target.state for one in flow.exits(last) for target in one.targets]
    return tuple(name for name in after if flow.states[name].final and len(flow.exits(last)) <= MANY)[:1]


def _free(taken: set[tuple[int, int]], column: int, row: int) -> int:
    while (column, row) in taken:
        row += 1
    taken.add((column, row))
    return row


def _set_rows(nodes: Sequence[Node], links: Sequence[Link], say: Say) -> float:
    """Give the boxes their heights on the page, far enough apart for the words between them; return the lowest bottom."""
    gaps: dict[int, float] = {}
    for link in (one for one in links if one.is_step):
        row = min(link.source.row, link.target.row)
        gaps[row] = max(gaps.get(row, _GAP), room_for(_titles(link, say)))
    top = _TOP
    last = max(one.row for one in nodes)
    for row in range(last + 1):
        here = [one for one in nodes if one.row == row]
        tallest = max((one.height for one in here), default=0.0)
        for one in here:
            one.y = top + tallest / 2
        top += tallest + (gaps.get(row, _GAP) if row < last else 0)
    return top


def _titles(link: Link, say: Say) -> tuple[str, ...]:
    return tuple(dict.fromkeys(say(each.title) for each in link.transitions))


def _finish(flow: Workflow, nodes: Sequence[Node], links: Sequence[Link], bottom: float, say: Say) -> Picture:
    boxes = tuple(
        Box(one.states, one.lines, tuple(one.notes), flow.state(one.states[0]).tone, one.x, one.y, one.width, one.height,
            flow.initial in one.states, flow.state(one.states[0]).final)
        for one in nodes
    )  # fmt: skip
    place = {id(node): number for number, node in enumerate(nodes)}
    ordered = sorted(links, key=lambda one: (len(one.points), one.source.row))
    texts = [(one.points, _titles(one, say)) for one in ordered]
    labels = place_labels(texts, [one.area for one in nodes])
    arrows = tuple(
        Arrow(place[id(one.source)], place[id(one.target)], tuple(each.name for each in one.transitions), _trigger(one),
              path_of(one.points), head_of(one.points), label)
        for one, label in zip(ordered, labels, strict=True)
    )  # fmt: skip
    left, right = extent(nodes, ordered, labels)
    return Picture(left - _MARGIN, right - left + 2 * _MARGIN, bottom + _TOP, boxes, arrows)


def _trigger(link: Link) -> str:
    kinds = [one.trigger for one in link.transitions]
    return (Trigger.USER if Trigger.USER in kinds else kinds[0]).value
