"""What the papers of an appeal say of the vote, the sitting and the signatures: the same in all of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.documents import samples
from tests.core.documents.test_composition import said
from workflow_app.documents.content.snapshot import Expert, Votes
from workflow_app.documents.kinds.protocol import ProtocolCard
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.documents.kinds.wording import resolution, voted
from workflow_app.errors import Broken


def lines(kind, material):
    """The places of signatures: the word before the position, and whether a mark stands there."""
    blocks = KINDS[kind].compose(material).blocks
    return [(one.position.split(",")[0], bool(one.note)) for one in blocks if one.name == "signature"]


@pytest.mark.parametrize("granted", [True, False])
@pytest.mark.parametrize("against", [samples.CONCLUSION, None])
def test_decision_and_protocol_say_the_same_votes_about_the_same_points(granted, against):
    votes, points = Votes(2, 1), resolution(against, granted=granted)
    decision, protocol = samples.appeal_decision(), samples.protocol()
    decision = replace(decision, card=replace(decision.card, granted=granted, against=against, votes=votes))
    item = replace(protocol.card.agenda[0], decided=points, votes=votes)
    protocol = replace(protocol, card=replace(protocol.card, agenda=(item,)))
    for words in (said("appeal_decision", decision), said("appeal_protocol", protocol)):
        assert words.count(voted(votes).replace("\u00a0", " ")) == 1
        assert all(one.replace("\u00a0", " ") in words for one in points)
        resolved, counted = words.index(points[-1].replace("\u00a0", " ")), words.index("Результаты голосования")
        assert resolved < counted  # the vote is on what stands above it


def test_a_protocol_is_of_a_sitting_or_of_a_poll_and_never_both():
    sitting, poll = samples.protocol(), samples.protocol_of_a_poll()
    sat, polled = said("appeal_protocol", sitting), said("appeal_protocol", poll)
    assert "Форма проведения: заседание Дата и место проведения: 3 декабря 2026 г. в 14:00, МКУ ИМЦ, кабинет 12" in sat
    assert "Присутствовали:" in sat
    assert "опрос" not in sat.lower()
    for word in ("Присутствовали", "СЛУШАЛИ", "ВЫСТУПИЛИ", "ПОВЕСТКА", "Заседания"):
        assert word not in polled
    assert "заочный опрос (опросные листы), заседание не проводилось" in polled
    assert polled.count("подписан простой электронной подписью") == 3
    for changes in (
        {"sitting": samples.SITTING},
        {"present": sitting.card.present},
        {"invited": samples.EXPERTS[:1]},
        {"agenda": (replace(poll.card.agenda[0], heard=Expert(samples.KOVAL, samples.TEACHER, samples.LYCEUM)),)},
    ):
        with pytest.raises(Broken, match="never of both"):
            replace(poll.card, **changes)
    assert isinstance(poll.card, ProtocolCard)


def test_the_lines_of_all_members_are_alike_and_the_chair_stands_first():
    member = ("Член апелляционной комиссии", False)
    assert lines("appeal_decision", samples.appeal_decision()) == [
        ("Председатель апелляционной комиссии", False),
        member,
        member,
    ]
    assert lines("appeal_protocol", samples.protocol()) == [
        ("Председатель", False),
        ("Секретарь", False),
        member,
        member,
    ]
    assert lines("appeal_protocol", samples.protocol_of_a_poll()) == [("Председатель", False), ("Секретарь", False)]


def test_the_notice_of_a_sitting_has_its_date_time_and_place():
    material = samples.appeal_notice()
    words = said("appeal_notice", material)
    assert "Заседание комиссии состоится 3 декабря 2026 г. в 14:00, МКУ ИМЦ, кабинет 12. Вы вправе на нём" in words
    poll = replace(material, card=replace(material.card, sitting=None))
    assert "Комиссия примет решение заочно, опросными листами; заседание не проводится." in said("appeal_notice", poll)


def test_the_decision_says_how_it_was_taken():
    material = samples.appeal_decision()
    assert "рассмотрела на заседании 3 декабря 2026 г. в 14:00, МКУ ИМЦ, кабинет 12, апелляцию" in said(
        "appeal_decision", material
    )
    poll = replace(material, card=replace(material.card, sitting=None))
    assert "рассмотрела 3 декабря 2026 г. заочно (опросными листами) апелляцию" in said("appeal_decision", poll)
