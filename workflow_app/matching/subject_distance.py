"""How near an expert stands to the subject of a case: the same area, a kindred one, another (ranks, never bars)."""

from __future__ import annotations

from enum import IntEnum
from functools import cache

from workflow_app import data


class Nearness(IntEnum):
    """The greater, the nearer; ``UNKNOWN``: the expert's card or the case names no subject area."""

    UNKNOWN = -1
    OTHER = 0
    KINDRED = 1
    SAME = 2


def nearness(profile: str, area: str, level: str = "") -> Nearness:
    """Compare an expert's area with a case's ``area`` and ``level`` of education, all keys of the data.

    Kindred are areas of one kin, and the area that is a whole level (preschool, primary) for any case of that level.
    """
    if not profile or not area:
        return Nearness.UNKNOWN
    if profile == area:
        return Nearness.SAME
    mine_kin, mine_level = _areas().get(profile, ("", ""))
    kin = bool(mine_kin) and mine_kin == _areas().get(area, ("", ""))[0]
    return Nearness.KINDRED if kin or (level and mine_level == level) else Nearness.OTHER


def level_of(area: str) -> str:
    """Return the level of education that an area is the whole of (preschool, primary), or nothing."""
    return _areas().get(area, ("", ""))[1]


@cache
def _areas() -> dict[str, tuple[str, str]]:
    """Return the kin and the level of each area, empty where there is none."""
    return {one["key"]: (one.get("kin", ""), one.get("level", "")) for one in data.load("subject_areas")["areas"]}
