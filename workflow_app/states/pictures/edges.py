"""The lines of a diagram: straight where they can be, else in lanes of their own, so that no two lie on each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from workflow_app.states.pictures.labels import Area, Label, Point, width_of
from workflow_app.states.vocabulary import Transition

LEFT, ROAD, RIGHT = 0, 1, 2
_CENTRES = (100.0, 510.0, 920.0)  # of the three columns, in pixels
_WIDTHS = (190.0, 210.0, 190.0)
_PAD, _LINE, _SMALL = 20.0, 17.0, 15.0
_LANE, _SLOT, _SIDE = 14.0, 11.0, 16.0  # between two lanes, two ends at a box, a box and its first lane
_APART, _BRIDGE, _SHIFT = 26.0, 22.0, 30.0


@dataclass(slots=True)
class Node:
    """A box on its way to a place: first its column and row, then ``y``, the middle of it."""

    states: tuple[str, ...]
    lines: tuple[str, ...]
    notes: list[str] = field(default_factory=list)
    column: int = RIGHT
    row: int = -1
    y: float = 0.0

    @property
    def x(self) -> float:
        """The middle."""
        return _CENTRES[self.column]

    @property
    def width(self) -> float:
        """Boxes of a column are equally wide."""
        return _WIDTHS[self.column]

    @property
    def height(self) -> float:
        """As high as the words ask."""
        return _PAD + _LINE * len(self.lines) + _SMALL * len(self.notes)

    @property
    def top(self) -> float:
        """The upper edge."""
        return self.y - self.height / 2

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height / 2

    @property
    def area(self) -> Area:
        """What the box covers."""
        return self.x - self.width / 2, self.top, self.width, self.height


@dataclass(slots=True)
class Link:
    """Transitions between two boxes, and the corners of their line."""

    source: Node
    target: Node
    transitions: list[Transition] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)

    @property
    def is_step(self) -> bool:
        """Whether the boxes stand one under the other."""
        return self.source.column == self.target.column and abs(self.source.row - self.target.row) == 1

    @property
    def is_level(self) -> bool:
        """Whether the boxes stand side by side."""
        return self.source.row == self.target.row

    @property
    def side(self) -> tuple[int, str]:
        """On which side of the road the line runs, and along what: the road, the side column, or outside of it."""
        columns = {self.source.column, self.target.column}
        if columns == {ROAD}:
            return (RIGHT if self.target.row > self.source.row else LEFT), "road"
        return (RIGHT if RIGHT in columns else LEFT), "outer" if len(columns) == 1 else "inner"


def route(links: Sequence[Link]) -> None:
    """Give each arrow its corners."""
    steps = [one for one in links if one.is_step]
    pairs = {(id(one.source), id(one.target)) for one in steps}
    for one in steps:
        one.points = _upright(one, apart=(id(one.target), id(one.source)) in pairs)
    rest = [one for one in links if not one.is_step]
    bridges = [one for one in rest if {one.source.column, one.target.column} == {LEFT, RIGHT}]
    for one in bridges:
        one.points = _over(one)
    _in_lanes([one for one in rest if one not in bridges])


def _upright(link: Link, *, apart: bool) -> list[Point]:
    if link.target.row > link.source.row:
        x = link.source.x - (_APART if apart else 0)
        return [(x, link.source.bottom), (x, link.target.top)]
    x = link.source.x + (_APART if apart else 0)
    return [(x, link.source.top), (x, link.target.bottom)]


def _over(link: Link) -> list[Point]:
    """Lead a line from one side column to the other above the boxes of the road."""
    level = min(link.source.top, link.target.top) - _BRIDGE
    inward = _SHIFT if link.source.column == LEFT else -_SHIFT
    start, end = link.source.x + inward, link.target.x - inward
    return [(start, link.source.top), (start, level), (end, level), (end, link.target.top)]


def _in_lanes(links: Sequence[Link]) -> None:
    """Shortest first: they get the lanes nearest to the boxes."""
    slots = _slots(links)
    used: dict[tuple[int, str], list[list[tuple[float, float]]]] = {}
    for link in sorted(links, key=lambda one: abs(one.source.row - one.target.row)):
        side, lane = link.side
        start, end = slots[id(link), link.source.row], slots[id(link), link.target.row]
        ahead, behind = _edge(link.source, side, lane), _edge(link.target, side, lane)
        if link.is_level:
            link.points = [(ahead, start), (behind, start)]
            continue
        x = _lane_x(side, lane, _take(used.setdefault((side, lane), []), min(start, end), max(start, end)))
        link.points = [(ahead, start), (x, start), (x, end), (behind, end)]


def _edge(node: Node, side: int, lane: str) -> float:
    """Return the edge of the box that the line touches."""
    right = (side == RIGHT) == (node.column == ROAD or lane == "outer")
    return node.x + (node.width if right else -node.width) / 2


def _lane_x(side: int, lane: str, number: int) -> float:
    column = ROAD if lane == "road" else side
    outward = (1 if side == RIGHT else -1) * (-1 if lane == "inner" else 1)
    return _CENTRES[column] + outward * (_WIDTHS[column] / 2 + _SIDE + _LANE * number)


def _take(lanes: list[list[tuple[float, float]]], low: float, high: float) -> int:
    """Take the first lane in which nothing else runs between these heights."""
    for number, one in enumerate(lanes):
        if all(high + _SLOT < start or low - _SLOT > end for start, end in one):
            one.append((low, high))
            return number
    lanes.append([(low, high)])
    return len(lanes) - 1


def _slots(links: Sequence[Link]) -> dict[tuple[int, int], float]:
    """Return the height at which each line leaves or meets a row, by its id and the row; none is shared in one gap.

    Lines that go up leave at the top, those that go down at the bottom; a level line has one height.
    """
    gaps: dict[tuple[int, int, bool], list[tuple[tuple[int, int], Node, Link]]] = {}
    for link in links:
        side, lane = link.side
        ends = [(link.source, link.target), (link.target, link.source)]
        for node, other in ends[:1] if link.is_level else ends:
            order = (other.row - node.row, int(node is link.target))
            gaps.setdefault((node.row, side, lane == "outer"), []).append((order, node, link))
    found: dict[tuple[int, int], float] = {}
    for (row, _side, _outer), there in gaps.items():
        there.sort(key=lambda one: one[0])
        room = min(node.height for _, node, _ in there) - 12
        step = min(_SLOT, room / max(len(there) - 1, 1))
        for place, (_, node, link) in enumerate(there):
            found[id(link), row] = node.y + (place - (len(there) - 1) / 2) * step
    return found


def extent(nodes: Sequence[Node], links: Sequence[Link], labels: Sequence[Label]) -> tuple[float, float]:
    """Return the leftmost and the rightmost pixel of all."""
    edges = [edge for one in nodes for edge in (one.area[0], one.area[0] + one.width)]
    edges += [x for one in links for x, _ in one.points]
    for one in labels:
        wide = width_of(one.lines)
        left = one.x - {"start": 0.0, "middle": wide / 2, "end": wide}[one.anchor]
        edges += [left, left + wide]
    return min(edges), max(edges)


def path_of(points: Sequence[Point], radius: float = 7.0) -> str:
    """Return the line as an SVG path with round corners."""
    parts = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        one, two = _towards(corner, before, radius), _towards(corner, after, radius)
        parts.append(f"L{one[0]:.1f} {one[1]:.1f}Q{corner[0]:.1f} {corner[1]:.1f} {two[0]:.1f} {two[1]:.1f}")
    parts.append(f"L{points[-1][0]:.1f} {points[-1][1]:.1f}")
    return "".join(parts)


def _towards(start: Point, end: Point, length: float) -> Point:
    span = abs(end[0] - start[0]) + abs(end[1] - start[1])  # the lines are level or upright
    share = min(length, span / 2) / span if span else 0.0
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def head_of(points: Sequence[Point], size: float = 8.0) -> str:
    """Return the arrow's head as the points of a polygon."""
    (bx, by), (x, y) = list(pairwise(points))[-1]
    dx, dy = (x > bx) - (x < bx), (y > by) - (y < by)
    back = (x - dx * size, y - dy * size)
    corners = (
        (x, y),
        (back[0] - dy * size / 2, back[1] - dx * size / 2),
        (back[0] + dy * size / 2, back[1] + dx * size / 2),
    )
    return " ".join(f"{one:.1f},{two:.1f}" for one, two in corners)
