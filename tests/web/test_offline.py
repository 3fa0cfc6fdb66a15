"""Work without internet: the sheet goes down as a file and comes back; the difference is shown, then confirmed."""

import io
import re

import pytest
from sqlalchemy import text

from tests.core.test_offline_sheet import filled
from tests.play import at
from tests.reviewing import WHY, place, words_of
from workflow_app.features.reviews import offline_sheet, offline_views
from workflow_app.features.reviews.offline_docx import read

DOWN, UP, TAKE = "/assignments/{}/offline.docx", "/assignments/{}/offline", "/assignments/{}/offline/take"
MINE = "Сильные стороны, набранные без интернета."


@pytest.fixture
def road(quick_stage):
    return at(quick_stage, "in_review")


@pytest.fixture
def id(quick_stage, road):
    return place(quick_stage, road, "bondarenko")


@pytest.fixture
def client(client_as):
    return client_as("bondarenko")


def tag(road, *path):
    return f"f{[one.path for one in offline_sheet.places(road.sheet())].index(path):03d}"


def sent(client, id, data):
    return client.post(
        UP.format(id), data={"file": (io.BytesIO(data), "Лист.docx")}, content_type="multipart/form-data"
    )


def form_of(answer):
    """The fields of the page of differences, as the browser would send them untouched."""
    text = answer.get_data(as_text=True)
    form = dict(re.findall(r'name="(version)" value="([^"]*)"', text))
    form |= dict(re.findall(r'name="(value-[^"]+)" value="([^"]*)"', text))
    return form | dict(re.findall(r'type="radio" name="([^"]+)" value="(\w+)" checked', text))


def test_the_filled_file_fills_the_sheet_after_the_difference_was_confirmed(client, id, road):
    key, indicator = road.sheet().criteria[0].key, road.sheet().criteria[0].indicators[0].key
    file = filled(client.get(DOWN.format(id)).data, tag(road, "strengths"), MINE)
    file = filled(file, tag(road, "marks", key, "points", indicator), "4")
    answer = sent(client, id, file)
    assert answer.status_code == 200
    assert MINE in words_of(answer)
    assert MINE not in words_of(client.get(f"/assignments/{id}")), "nothing is kept before it is confirmed"
    assert client.post(TAKE.format(id), data=form_of(answer)).location == f"/assignments/{id}"
    shown = client.get(f"/assignments/{id}").get_data(as_text=True)
    assert MINE in shown
    assert f'name="marks-{key}-points-{indicator}" value="4" checked' in shown or 'value="4" checked' in shown
    assert "Перенесено из файла полей: 2" in words_of(client.get(f"/assignments/{id}")) + shown


def test_a_newer_text_of_the_page_is_never_taken_over_in_silence(client, id, road):
    file = filled(client.get(DOWN.format(id)).data, tag(road, "strengths"), MINE)
    client.post(f"/assignments/{id}/autosave", data={"strengths": WHY, "remarks": "Новое на странице."})
    answer = sent(client, id, file)
    assert "решите сами" in words_of(answer)
    assert "на странице уже новое" in words_of(answer)
    client.post(TAKE.format(id), data=form_of(answer))
    kept = client.get(f"/assignments/{id}").get_data(as_text=True)
    assert WHY in kept and MINE not in kept, "what nobody decided stays as the page has it"


def test_a_page_that_changed_after_the_difference_was_shown_is_not_touched(client, id, road):
    answer = sent(client, id, filled(client.get(DOWN.format(id)).data, tag(road, "strengths"), MINE))
    client.post(f"/assignments/{id}/autosave", data={"strengths": WHY})
    late = client.post(TAKE.format(id), data=form_of(answer))
    assert late.status_code == 409
    assert "Ничего не перенесено" in words_of(late)
    assert MINE not in client.get(f"/assignments/{id}").get_data(as_text=True)


def test_a_file_without_a_difference_says_so(client, id):
    assert "переносить нечего" in words_of(sent(client, id, client.get(DOWN.format(id)).data))


def test_only_another_division_into_paragraphs_is_shown_and_left_to_the_person(client, id, road):
    client.post(f"/assignments/{id}/autosave", data={"strengths": "Первый абзац. Второй абзац."})
    split = "Первый абзац.\nВторой абзац."
    answer = sent(client, id, filled(client.get(DOWN.format(id)).data, tag(road, "strengths"), split))
    assert "разделён на абзацы иначе: решите сами" in words_of(answer)
    client.post(TAKE.format(id), data=form_of(answer) | {"take-strengths": "file", "value-strengths": split})
    assert split in client.get(f"/assignments/{id}").get_data(as_text=True)


def test_the_strangers_file_is_read_while_others_may_write(quick_stage, client, client_as, id, monkeypatch):
    """Reading it takes long; the write lock of the database is not held meanwhile. Only the sheet's expert has one read."""
    seen = []

    def slow(data):
        with quick_stage.database.transaction(keep=True) as session:  # waits in vain when the request holds the lock
            session.execute(text("UPDATE person SET version = version"))
        seen.append(len(data))
        return read(data)

    file = client.get(DOWN.format(id)).data
    monkeypatch.setattr(offline_views, "read", slow)
    assert "переносить нечего" in words_of(sent(client, id, file))
    assert seen == [len(file)]
    assert sent(client_as("lebedev"), id, file).status_code == 404
    monkeypatch.setattr(offline_views, "MOST_BYTES", len(file) - 1)
    assert "слишком большой для листа" in words_of(sent(client, id, file))
    assert seen == [len(file)]


def test_foreign_files_are_named(quick_stage, client, client_as, id, road):
    other = place(quick_stage, road, "lebedev")
    theirs = client_as("lebedev").get(DOWN.format(other)).data
    answer = sent(client, id, theirs)
    assert answer.status_code == 422
    assert "другого дела или другого эксперта" in words_of(answer)
    assert "не читается как документ Word" in words_of(sent(client, id, b"%PDF-1.7"))
    assert "Выберите файл" in words_of(client.post(UP.format(id)))


def test_only_the_expert_of_the_sheet_has_it(client_as, id):
    for key in ("lebedev", "morozova", "sokolova", "gradov"):
        other = client_as(key)
        assert other.get(DOWN.format(id)).status_code == 404
        assert other.get(UP.format(id)).status_code == 404
        assert other.post(TAKE.format(id)).status_code == 404


def test_a_signed_sheet_takes_nothing_back(quick_stage, client_as):
    road = at(quick_stage, "consolidation")
    id, client = place(quick_stage, road, "bondarenko"), client_as("bondarenko")
    assert client.get(DOWN.format(id)).status_code == 403
    assert client.post(TAKE.format(id), data={"version": "1"}).status_code in (403, 409)
