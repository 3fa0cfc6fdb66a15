"""What a customer reads first: the people of the rehearsal act in office hours, and their words say what their marks say."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from workflow_app import data
from workflow_app.assessment import outcome
from workflow_app.calendar.production import Calendar
from workflow_app.case_types.registry import seed_sheets
from workflow_app.demo import office_hours, roads, sample_reviews
from workflow_app.demo.timeline import Present
from workflow_app.errors import Broken
from workflow_app.facts import assessment

ZONE = ZoneInfo("Asia/Yekaterinburg")
KINDS = {"methodical_material": "b_material", "innovation_product": "c_innovation"}
# Words that belong to another type of case than the one they would stand in.
FOREIGN = {
    "attestation_portfolio": ("материал", "продукт", "эксперт", "апробаци"),
    "methodical_material": ("продукт", "специалист", "категори", "межаттестацион"),
    "innovation_product": ("специалист", "категори", "межаттестацион", "обучающегося"),
}
PRAISE = ("публиковать", "распространяться", "пригоден", "подробно", "полон:", "прошёл апробацию")
BLAME = ("нельзя", "не отвечает", "не измерен", "не подтвержд", "не описаны")


@pytest.mark.parametrize("kind", FOREIGN)
def test_the_words_are_of_the_right_type(kind):
    for level, told in data.load("demo_reviews")[kind].items():
        words = str(told).lower()
        assert [one for one in FOREIGN[kind] if one in words] == [], level
        texts = sample_reviews.texts(kind, level)
        assert all(len(texts[name]) >= 20 for name in ("strengths", "conclusions")), level  # what a conclusion asks


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [1.0, 0.8, 0.6, 0.4, 0.2])
def test_no_text_contradicts_its_scores(kind, share):
    sheet = seed_sheets()[KINDS[kind]]
    made = sample_reviews.review(sheet, kind, (share,), voice=1)
    verdict = outcome.own_verdict(sheet, outcome.Review("1", assessment.marks_of(made), None))
    words = " ".join(str(made[name]) for name in sample_reviews.TEXTS).lower()
    if verdict in ("revise", "reject"):
        assert not any(one in words for one in PRAISE)
        assert any(one in words for one in BLAME)
    else:
        assert not any(one in words for one in BLAME)
    for criterion in sheet.criteria:
        mark = made["marks"][criterion.key]
        full = sum(mark["points"].values()) == criterion.maximum
        praised = data.load("demo_reviews")["rationales"]["full"]
        said = {one.replace("{i}", it.text) for one in praised for it in criterion.indicators}
        assert (mark["rationale"] in said) is full
    common = sample_reviews.conclusion(kind, verdict)
    assert common == sample_reviews.texts(kind, sample_reviews.level(sheet, made["marks"], ""))


def test_experts_of_one_case_write_in_words_of_their_own():
    sheet = seed_sheets()["b_material"]
    said = [[mark["rationale"] for mark in sample_reviews.marks(sheet, (0.8,), voice).values()] for voice in range(3)]
    for one, other, third in zip(*said, strict=True):
        assert len({one, other, third}) == 3


@pytest.mark.parametrize(
    ("now", "latest"),
    [
        ("2026-11-24T03:10", "2026-11-23T17:50"),
        ("2026-11-24T10:15", "2026-11-24T10:15"),
        ("2026-11-24T23:40", "2026-11-24T17:50"),
        ("2026-11-22T12:00", "2026-11-20T17:50"),
        ("2026-11-04T12:00", "2026-11-03T17:50"),
    ],
)
def test_a_demo_that_is_built_at_night_has_no_signature_of_the_night(now, latest):
    present = Present(datetime.fromisoformat(now).replace(tzinfo=ZONE), ZONE)
    assert present.latest() == datetime.fromisoformat(latest).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("at", "then"),
    [
        ("2026-09-04T19:30", "2026-09-07T09:30"),
        ("2026-09-07T04:09", "2026-09-07T09:09"),
        ("2026-09-07T17:59", "2026-09-07T17:59"),
    ],
)
def test_what_would_fall_into_the_night_waits_for_the_morning(at, then):
    found = office_hours.next_open(datetime.fromisoformat(at).replace(tzinfo=ZONE), Calendar())
    assert found == datetime.fromisoformat(then).replace(tzinfo=ZONE)


def test_a_road_is_told_in_known_words_from_the_past_to_the_present():
    people = {one["key"] for one in data.load("demo_people")["people"]} | {"author"}
    for scene in roads.SCENES:
        days = [scene.opened, *scene.road]
        assert days == sorted(days, reverse=True), scene.key
        for act in (act for acts in scene.road.values() for act in acts):
            line = next(iter(act)) if isinstance(act, dict) else act
            word, *words = line.split()
            assert word in roads._WORDS, (scene.key, line)
            assert word not in ("invite", "accept", "agree", "panel", "do") or people.issuperset(
                words[:1] if word == "do" else words
            )


def test_an_unknown_word_stops_the_road():
    with pytest.raises(Broken, match="the road of x has no word 'fly'"):
        roads.Scene("x", 1, "draft", {1: ["fly away"]}).play(SimpleNamespace(on=lambda _day: None))
