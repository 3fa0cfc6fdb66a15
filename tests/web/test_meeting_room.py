"""The page of a meeting while it sits: presence by ticks, votes against who is there, tasks, papers; one act for all of it."""

import re

import pytest
from sqlalchemy import select

from tests.gate.test_meetings import a_body, a_meeting, an_item
from tests.gate.test_records import perform
from tests.rows import findings, rows_of
from tests.web.pages import text_of
from workflow_app.content_types.meeting_course import ListMembers
from workflow_app.db.models import RECORDS, Event


@pytest.fixture
def room(quick_stage, client_as):
    meeting = a_meeting(quick_stage, a_body(quick_stage))
    perform(quick_stage, "meeting", meeting, "list_members", ListMembers())
    an_item(quick_stage, meeting, place=2, title="О сборнике материалов")
    an_item(quick_stage, meeting, place=1, title="О выполнении плана", speaker="Полякова Римма Степановна, доцент")
    return f"/meetings/{meeting}"


def hidden(page):
    """The versions that the page has shown, as its forms send them."""
    return dict(re.findall(r'name="(version(?:-[a-z_]+-\d+)?)" value="([^"]*)"', page.get_data(as_text=True)))


def send(client, room, where, **data):
    return client.post(f"{room}/{where}", data=hidden(client.get(room)) | data)


def ids(stage, kind):
    return [str(one.id) for one in rows_of(stage, RECORDS[kind])]


def test_presence_is_one_form_and_the_quorum_is_said_at_once(client_as, room, quick_stage):
    client = client_as("morozova")
    assert "Участников: 4. Для кворума нужно не меньше 3." in text_of(client.get(room))
    assert send(client, room, "presence", there=ids(quick_stage, "meeting_member")[:2]).status_code == 303
    assert [one.state for one in rows_of(quick_stage, RECORDS["meeting_member"])] == [
        "attended",
        "attended",
        "missed",
        "missed",
    ]
    assert "Присутствующих: 2 из 4. Кворума нет" in text_of(client.get(room))
    assert send(client, room, "presence", there=ids(quick_stage, "meeting_member")[1:]).status_code == 303
    assert [one.state for one in rows_of(quick_stage, RECORDS["meeting_member"])] == [
        "missed",
        "attended",
        "attended",
        "attended",
    ]
    assert send(client, room, "presence", do="all").status_code == 303
    assert "Присутствующих: 4 из 4. Кворум есть: нужно не меньше 3." in text_of(client.get(room))
    with quick_stage.database.transaction(keep=False) as session:
        acts = session.scalars(
            select(Event.transition).where(Event.subject_kind == "meeting_member", Event.transition != "begin")
        ).all()
    assert sorted(acts) == ["attend"] * 5 + ["miss"] * 3, (
        "each mark is an act of its own, and nobody is marked twice the same"
    )
    assert not findings(quick_stage)


def test_two_who_mark_at_once_do_not_overwrite_each_other(client_as, room, quick_stage):
    client = client_as("morozova")
    old = hidden(client.get(room))
    send(client, room, "presence", do="all")
    late = client.post(f"{room}/presence", data=old)
    assert late.status_code == 303 and {one.state for one in rows_of(quick_stage, RECORDS["meeting_member"])} == {
        "attended"
    }
    assert "изменил" in text_of(client.get(room))


def test_the_agenda_stands_in_order_and_all_decisions_are_kept_together_or_none(client_as, room, quick_stage):
    client = client_as("morozova")
    send(client, room, "presence", there=ids(quick_stage, "meeting_member")[:3])
    shown = text_of(client.get(room))
    assert (
        shown.index("О выполнении плана") < shown.index("О сборнике материалов")
        and "Докладчик: Полякова Римма Степановна" in shown
    )
    second, first = ids(quick_stage, "agenda_item")
    told = {
        f"decision-{first}": "Принять к сведению.",
        f"in_favour-{first}": "3",
        f"decision-{second}": "Одобрить состав.",
    }
    over = send(client, room, "decisions", **told | {f"in_favour-{second}": "3", f"against-{second}": "1"})
    assert over.status_code == 422 and "Голосов больше, чем присутствовавших: 4 из 3." in text_of(over)
    assert 'value="3"' in over.get_data(as_text=True) and "Одобрить состав." in text_of(over), "what was typed stays"
    assert [one.state for one in rows_of(quick_stage, RECORDS["agenda_item"])] == ["active", "active"]
    assert send(client, room, "decisions", **told | {f"in_favour-{second}": "2"}).status_code == 303
    assert [(one.state, one.voted) for one in rows_of(quick_stage, RECORDS["agenda_item"])] == [
        ("heard", "за 2, против 0, воздержались 0"), ("heard", "за 3, против 0, воздержались 0"),
    ]  # fmt: skip
    shown = text_of(client.get(room))
    assert "Голосовали все присутствующие: 3." in shown and "Голосов 2, присутствующих 3: не голосовали 1." in shown
    versions = [one.version for one in rows_of(quick_stage, RECORDS["agenda_item"])]
    again = {}
    for one in rows_of(quick_stage, RECORDS["agenda_item"]):
        for name in ("said", "decision", "in_favour", "against", "abstained"):
            again[f"{name}-{one.id}"] = "" if getattr(one, name) is None else getattr(one, name)
    assert send(client, room, "decisions", **again).status_code == 303
    assert [one.version for one in rows_of(quick_stage, RECORDS["agenda_item"])] == versions, (
        "what did not change is not done again"
    )


def test_a_meeting_is_led_to_its_protocol_from_its_page(client_as, room, quick_stage):
    client = client_as("morozova")
    send(client, room, "presence", do="all")
    second, first = ids(quick_stage, "agenda_item")
    send(client, room, "decisions", **{f"decision-{one}": "Принять к сведению." for one in (first, second)})
    empty = send(client, room, "tasks", **{"task-title": "", "task-item": "1"})
    assert empty.status_code == 422
    todo = {
        "task-title": "Собрать замечания к сборнику",
        "task-person_id": str(quick_stage.people["zorina"]),
        "task-until": "2026-12-10",
        "task-item": "2",
    }
    assert send(client, room, "tasks", **todo).status_code == 303
    assert "Собрать замечания" in text_of(client.get(room)) and "до 10" in text_of(client.get(room))
    for name, state in (("hold", "held"), ("entrust_all", "held"), ("issue_meeting_protocol", "held")):
        done = client.post(
            f"{room}/press/{name}", data={"version": str(rows_of(quick_stage, RECORDS["meeting"])[0].version)}
        )
        assert done.status_code == 303 and rows_of(quick_stage, RECORDS["meeting"])[0].state == state
    assert rows_of(quick_stage, RECORDS["meeting_decision"])[0].state == "given"
    item = rows_of(quick_stage, RECORDS["agenda_item"])[0]
    assert (
        client.post(
            f"{room}/press/issue_protocol_extract", data={"version": str(item.version), "item": str(item.id)}
        ).status_code
        == 303
    )
    shown = text_of(client.get(room))
    assert "Протокол" in shown and client.get(room).get_data(as_text=True).count(" download ") == 2
    assert client.post(f"{room}/press/end", data={"version": "1"}).status_code == 404, "what asks is never pressed"
    assert not findings(quick_stage)


def test_a_member_reads_the_page_and_a_stranger_does_not(client_as, room, quick_stage):
    member = client_as("zorina")
    shown = member.get(room)
    assert shown.status_code == 200 and "О выполнении плана" in text_of(shown)
    assert "Зорина Майя Олеговна" in text_of(shown) and "Бондаренко" not in text_of(shown), (
        "of the list a member sees themselves"
    )
    assert "<textarea" not in shown.get_data(as_text=True) and 'name="there"' not in shown.get_data(as_text=True)
    assert member.post(f"{room}/presence", data=hidden(shown) | {"do": "all"}).status_code in (303, 403)
    assert {one.state for one in rows_of(quick_stage, RECORDS["meeting_member"])} == {"active"}
    assert client_as("sokolova").get(room).status_code == 404
    card = room.replace("/meetings/", "/records/meeting/")
    assert f'href="{room}"' in client_as("morozova").get(card).get_data(as_text=True)
