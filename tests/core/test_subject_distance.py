"""How near an expert stands to the subject of a case."""

import pytest

from workflow_app.matching.subject_distance import Nearness, nearness


@pytest.mark.parametrize(
    ("profile", "area", "level", "expected"),
    [
        ("speech", "speech", "preschool", Nearness.SAME),
        ("psychology", "speech", "preschool", Nearness.KINDRED),
        ("preschool", "speech", "preschool", Nearness.KINDRED),  # a kindergarten's case, an expert of kindergartens
        ("preschool", "speech", "basic", Nearness.OTHER),
        ("history", "speech", "preschool", Nearness.OTHER),
        ("management", "methodical", "", Nearness.OTHER),  # areas without kin are not each other's kin
        ("", "speech", "preschool", Nearness.UNKNOWN),
        ("speech", "", "", Nearness.UNKNOWN),
        ("no such area", "speech", "preschool", Nearness.OTHER),
    ],
)
def test_the_same_area_is_nearest_then_a_kindred_one(profile, area, level, expected):
    assert nearness(profile, area, level) is expected
