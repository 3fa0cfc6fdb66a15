"""Who registers for an event themselves: sees what comes, takes a place with one press, gives it back with one press."""

import re

import pytest
from sqlalchemy import select

from tests.play import PASSWORD
from tests.rows import findings, row_of
from tests.web.pages import links_of, text_of
from tests.web.test_records import begun, do, path, states, typed, version_of
from workflow_app import clock
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import Organization

EVENT, PART = CONTENT_TYPES["centre_event"], CONTENT_TYPES["registration"]
JOIN = "Записаться"


@pytest.fixture
def today(quick_stage):
    with clock.at(quick_stage.moment):
        yield


def an_event(client, stage, on="2026-12-20", **changed):
    return begun(client, stage, EVENT, on=on, responsible_id="", **changed)


def join(client, card):
    return client.post(f"{path(PART)}/oneself/{card.rsplit('/', 1)[1]}")


def press(client, card, name):
    """The button of an act on a card, with the version it carries."""
    words = client.get(card).get_data(as_text=True)
    url, version = re.search(rf'action="([^"]+/do/{name})".*?name="version" value="(\d+)"', words, re.DOTALL).groups()
    return client.post(url, data={"version": version})


def test_a_teacher_finds_a_coming_event_takes_a_place_and_gives_it_back(client_as, quick_stage, today):
    card = an_event(client_as("morozova"), quick_stage, capacity="2")
    teacher = client_as("sokolova")
    assert path(EVENT) in links_of(teacher.get("/")), "the menu leads there"
    assert card in links_of(teacher.get(path(EVENT)))
    page = text_of(teacher.get(card))
    assert JOIN in page
    assert "Свободно мест: 2 из 2" in page
    for words in ("Исправить", "Убрать в архив", "Записать участника", "История"):
        assert words not in page
    assert join(teacher, card).location == card
    page = text_of(teacher.get(card))
    assert "Ваше участие" in page
    assert "Соколова" in page
    assert "учитель" in page, "the post in words, which the certificate prints"
    assert "teacher" not in page
    assert JOIN not in page
    assert "Свободно мест: 1 из 2" in page
    assert "Вы уже в этом списке" in text_of(client_follow(teacher, join(teacher, card)))
    assert press(teacher, card, "withdraw").status_code == 303
    assert states(quick_stage, PART) == ["ended"]
    assert JOIN in text_of(teacher.get(card))
    assert join(teacher, card).status_code == 303
    assert states(quick_stage, PART) == ["ended", "active"]
    assert findings(quick_stage) == []


def test_a_namesake_is_not_told_that_they_have_a_place(client_as, quick_stage, today):
    keeper, teacher = client_as("morozova"), client_as("sokolova")
    card = an_event(keeper, quick_stage)
    number = card.rsplit("/", 1)[1]
    assert keeper.post(f"{path(PART)}/new/{number}", data={"name": "Соколова Ольга Викторовна"}).status_code == 303
    page = text_of(client_follow(teacher, join(teacher, card)))
    assert "уже есть человек с вашим именем" in page
    assert "Вы уже в этом списке" not in page
    assert states(quick_stage, PART) == ["active"]


def test_a_namesake_of_another_school_is_written_down_once_somebody_has_said_so(client_as, quick_stage, today):
    keeper = client_as("morozova")
    number = an_event(keeper, quick_stage, capacity="40").rsplit("/", 1)[1]
    one, other = (str(school) for school in schools(quick_stage)[:2])
    typed = {"name": "Соколова Ольга Викторовна", "organization_id": one}
    assert keeper.post(f"{path(PART)}/new/{number}", data=typed).status_code == 303
    same = keeper.post(f"{path(PART)}/new/{number}", data=typed | {"position": "Учитель"})
    assert same.status_code == 422
    assert "уже есть в списке. Если это тёзка" in text_of(same)
    typed["organization_id"] = other
    asked = keeper.post(f"{path(PART)}/new/{number}", data=typed)
    assert asked.status_code == 422
    assert "от другой организации" in text_of(asked)
    tick = re.search(r'name="confirmed" value="([^"]+)"', asked.get_data(as_text=True))[1]
    assert keeper.post(f"{path(PART)}/new/{number}", data=typed | {"confirmed": tick}).status_code == 303
    assert states(quick_stage, PART) == ["active", "active"]


def test_a_table_says_which_rows_are_namesakes_and_takes_them(client_as, quick_stage, today):
    keeper = client_as("morozova")
    number = an_event(keeper, quick_stage, capacity="40").rsplit("/", 1)[1]
    one, other = (row_of(quick_stage, Organization, id_).name for id_ in schools(quick_stage)[:2])
    rows = f"ФИО\tОрганизация\nИванова Вера Ильинична\t{one}\nИванова Вера Ильинична\t{other}"
    checked = keeper.post(f"{path(PART)}/table/{number}", data={"rows": rows, "do": "check"})
    assert checked.status_code == 200
    assert text_of(checked).count("от другой организации. Проверьте") == 1
    assert keeper.post(f"{path(PART)}/table/{number}", data={"rows": rows, "do": "keep"}).status_code == 303
    assert states(quick_stage, PART) == ["active", "active"]


def schools(stage):
    with stage.database.transaction(keep=False) as session:
        return list(
            session.scalars(select(Organization.id).where(Organization.state == "active").order_by(Organization.id))
        )


def test_whoever_registers_themselves_is_given_no_form_that_names_others(client_as, quick_stage, today):
    number = an_event(client_as("morozova"), quick_stage).rsplit("/", 1)[1]
    for data in ({}, {"add": "name"}, {"find-person_id": "а", "look": "person_id"}):
        assert client_as("sokolova").post(f"{path(PART)}/new/{number}", data=data).status_code == 403


def client_follow(client, answer):
    return client.get(answer.location)


def test_the_last_to_come_queues_and_moves_up_by_itself(client_as, quick_stage, today):
    card = an_event(client_as("morozova"), quick_stage, capacity="1")
    first, second = client_as("sokolova"), client_as("lebedev")
    join(first, card)
    assert "Встать в лист ожидания" in text_of(second.get(card)), "the button says that there is no place"
    assert "В листе ожидания" in text_of(client_follow(second, join(second, card)))
    press(first, card, "withdraw")
    assert states(quick_stage, PART) == ["ended", "active"]


def test_no_participant_learns_who_else_comes(client_as, quick_stage, today):
    card = an_event(client_as("morozova"), quick_stage)
    join(client_as("sokolova"), card)
    other = client_as("lebedev")
    assert "Соколова" not in text_of(other.get(card))
    join(other, card)
    assert "Соколова" not in text_of(other.get(card))
    assert other.get(f"{path(PART)}/1/do/withdraw").status_code == 404
    assert "Соколова" in text_of(client_as("morozova").get(card))


@pytest.mark.parametrize("when", ["2026-01-12", "2026-12-20"], ids=["its day has passed", "it was held"])
def test_what_is_over_takes_nobody(client_as, quick_stage, today, when):
    keeper, teacher = client_as("morozova"), client_as("sokolova")
    card = an_event(keeper, quick_stage, when)
    if when == "2026-12-20":
        card = an_event(keeper, quick_stage, clock.now().date().isoformat())
        assert do(keeper, card, EVENT, "hold").status_code == 303
        assert teacher.get(card).status_code == 404, "it is no announcement any more"
        assert join(teacher, card).status_code == 404
    else:
        assert "Запись на это мероприятие закрыта" in text_of(teacher.get(card))
        assert "Запись на это мероприятие закрыта" in text_of(client_follow(teacher, join(teacher, card)))
        assert keeper.post(f"{path(PART)}/new/1", data={"name": "Уварова Елена"}).status_code == 303, "the centre may"
    assert states(quick_stage, PART) in ([], ["active"])


def test_the_centre_marks_who_came_with_one_press_each(client_as, quick_stage, today):
    keeper = client_as("morozova")
    card = an_event(keeper, quick_stage)
    join(client_as("sokolova"), card)
    assert "Отметить присутствие" not in text_of(keeper.get(card)), "nobody has come yet"
    edit = typed(quick_stage, EVENT) | {"on": clock.now().date().isoformat(), "responsible_id": ""}
    assert do(keeper, card, EVENT, "edit", **edit).status_code == 303
    assert press(keeper, card, "attend").location == card
    assert states(quick_stage, PART) == ["attended"]
    old = keeper.post(f"{path(PART)}/1/do/miss", data={"version": "1"})
    assert old.status_code == 409, "a page of before does nothing"
    assert version_of(old)


def test_a_reader_acknowledges_by_the_password(client_as, quick_stage):
    kind, part = CONTENT_TYPES["local_act"], CONTENT_TYPES["acquaintance"]
    card = begun(client_as("morozova"), quick_stage, kind)
    for who in ("sokolova", "bondarenko"):
        typed = {"person_id": str(quick_stage.people[who])}
        client_as("morozova").post(f"{path(part)}/new/{card.rsplit('/', 1)[1]}", data=typed)
    reader = client_as("bondarenko")
    asked = reader.get(f"{path(part)}/2/do/acquaint")
    assert "Пароль ещё раз" in text_of(asked)
    assert "Скан подписанного листа" not in text_of(asked), "a signature on paper is told by another act"
    for typed, answer in (("", 422), ("не тот", 422), (PASSWORD, 303)):
        assert (
            reader.post(f"{path(part)}/2/do/acquaint", data={"version": "1", "password": typed}).status_code == answer
        )
    assert states(quick_stage, part) == ["active", "read"]


def test_the_page_of_a_part_opens_the_menu_group_of_its_whole(client_as, quick_stage):
    keeper = client_as("morozova")
    card = begun(keeper, quick_stage, EVENT)

    def opened(url):
        words = keeper.get(url).get_data(as_text=True)
        return re.findall(r"<details[^>]*open[^>]*>\s*<summary[^>]*>(.*?)</summary>", words, re.DOTALL)[:1]

    assert opened(f"{path(PART)}/new/{card.rsplit('/', 1)[1]}") == opened(card) != []
