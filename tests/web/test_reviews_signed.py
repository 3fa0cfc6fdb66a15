"""The expert's pages from the signature on: the preview, the signed sheet, the conclusion, rounds, the list of own work."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import select

from tests.play import EXPERTS, PASSWORD, Stage, assign, at, draft, sample
from tests.reviewing import (
    ClientAs,
    circulated,
    documents_of,
    events,
    filled,
    place,
    row,
    signing,
    words_of,
)
from workflow_app.db.models import WorkingCopy
from workflow_app.demo.steps import TEXTS, Road


@pytest.fixture
def road(quick_stage: Stage) -> Road:
    """A methodical material under review by bondarenko and lebedev."""
    return at(quick_stage, "in_review")


@pytest.fixture
def id(quick_stage: Stage, road: Road) -> int:
    """Bondarenko's assignment."""
    return place(quick_stage, road, "bondarenko")


# The signature


def test_the_check_leads_to_the_preview_of_both_documents_and_the_signature(
    quick_stage: Stage, road: Road, id: int, client_as: ClientAs
):
    client, sheet = client_as("bondarenko"), road.sheet()
    answer = client.post(f"/assignments/{id}/check", data=filled(sheet))
    assert answer.location == f"/assignments/{id}/sign"
    shown = words_of(client.get(answer.location))
    assert "ЭКСПЕРТНЫЙ ЛИСТ" in shown
    assert "80,0 %" in shown
    assert "Подписанный лист изменить нельзя" in shown
    assert "ЭКСПЕРТНОЕ ЗАКЛЮЧЕНИЕ" in words_of(client.get(f"/assignments/{id}/sign?document=expert_conclusion"))
    for kind in ("expert_sheet", "expert_conclusion"):
        assert client.get(f"/assignments/{id}/preview/{kind}").status_code == 200
        file = client.get(f"/assignments/{id}/preview/{kind}?format=docx")
        assert file.data.startswith(b"PK")
    assert client.get(f"/assignments/{id}/preview/order").status_code == 404
    assert documents_of(quick_stage, id) == []


def test_an_incomplete_sheet_has_no_preview(quick_stage: Stage, road: Road, id: int, client_as: ClientAs):
    client = client_as("bondarenko")
    for address in ("sign", "preview/expert_sheet"):
        answer = client.get(f"/assignments/{id}/{address}")
        assert answer.location == f"/assignments/{id}?check=1"
    assert "Оцените критерий" in words_of(client.get(f"/assignments/{id}?check=1"))


def test_signing_issues_both_documents_and_shows_the_sheet_for_reading(
    quick_stage: Stage, road: Road, id: int, client_as: ClientAs
):
    """R19: own sheet, own documents; nobody else's."""
    client, sheet = client_as("bondarenko"), road.sheet()
    client.post(f"/assignments/{id}/check", data=filled(sheet))
    answer = client.post(f"/assignments/{id}/sign", data=signing(quick_stage, id, sheet))
    assert answer.location == f"/assignments/{id}"
    issued = documents_of(quick_stage, id)
    assert {kind for _, kind in issued} == {"expert_sheet", "expert_conclusion"}
    shown = words_of(client.get(f"/assignments/{id}"))
    assert "Ждём листы других экспертов" in shown
    assert "80,0 %" in shown
    assert "Экспертное заключение" in shown
    for document, _ in issued:
        assert client.get(f"/documents/{document}").status_code == 200
    with quick_stage.database.transaction(keep=False) as session:
        assert (
            session.scalars(
                select(WorkingCopy).where(WorkingCopy.subject_kind == "assignment", WorkingCopy.subject_id == id)
            ).all()
            == []
        )


def test_a_wrong_password_signs_nothing_and_keeps_the_sheet(
    quick_stage: Stage, road: Road, id: int, client_as: ClientAs
):
    """R35: the agreement and the password again."""
    client, sheet = client_as("bondarenko"), road.sheet()
    answer = client.post(f"/assignments/{id}/sign", data=signing(quick_stage, id, sheet, password="не тот пароль"))
    assert answer.status_code == 422
    shown = answer.get_data(as_text=True)
    assert "Пароль не подходит" in shown
    assert 'name="strengths"' in shown
    assert row(quick_stage, id).state == "in_work"
    assert client.post(f"/assignments/{id}/sign", data=signing(quick_stage, id, sheet)).status_code == 303


def test_a_sheet_signed_by_hand_comes_with_its_scan(quick_stage: Stage, road: Road, id: int, client_as: ClientAs):
    client, sheet = client_as("bondarenko"), road.sheet()
    data = signing(quick_stage, id, sheet, how="paper", password="")
    without = client.post(f"/assignments/{id}/sign", data=data)
    assert without.status_code == 422
    assert "Приложите скан" in words_of(without)
    pdf = sample("Экспертный лист", "Подпись от руки.")
    answer = client.post(
        f"/assignments/{id}/sign",
        data={**data, "scan_file": (io.BytesIO(pdf), "Лист с подписью.pdf")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 303
    assert ("signed_original:sign") in [kind for _, kind in documents_of(quick_stage, id)]
    assert "на бумаге, приложен скан" in words_of(client.get(f"/assignments/{id}"))


def test_two_clicks_sign_once(quick_stage: Stage, road: Road, id: int, client_as: ClientAs):
    client, sheet = client_as("bondarenko"), road.sheet()
    data = signing(quick_stage, id, sheet)
    for _ in range(2):
        assert client.post(f"/assignments/{id}/sign", data=data).location == f"/assignments/{id}"
    assert events(quick_stage, id, "sign") == 1
    assert len(documents_of(quick_stage, id)) == 2


def test_a_signed_sheet_cannot_be_edited(quick_stage: Stage, road: Road, id: int, client_as: ClientAs):
    """R28: only voided with a reason."""
    client, sheet = client_as("bondarenko"), road.sheet()
    client.post(f"/assignments/{id}/sign", data=signing(quick_stage, id, sheet))
    before = row(quick_stage, id)
    changed = signing(quick_stage, id, sheet, strengths="Совсем другие сильные стороны материала.")
    for address in ("sign", "check", "autosave", "do/sign"):
        assert client.post(f"/assignments/{id}/{address}", data=changed).status_code in (403, 409), address
    after = row(quick_stage, id)
    assert (after.review, after.version) == (before.review, before.version)
    assert client.get(f"/assignments/{id}/sign").status_code in (302, 303, 403)


# The conclusion


def test_the_expert_reads_the_conclusion_and_signs_it(quick_stage: Stage, client_as: ClientAs):
    road = circulated(quick_stage)
    id, client = place(quick_stage, road, "bondarenko"), client_as("bondarenko")
    shown = words_of(client.get(f"/assignments/{id}"))
    assert "СВОДНОЕ ЭКСПЕРТНОЕ ЗАКЛЮЧЕНИЕ" in shown
    assert TEXTS["conclusions"].partition("\n")[0] in shown
    assert f"/assignments/{place(quick_stage, road, 'lebedev')}" in shown
    data = {"how": "simple", "password": PASSWORD, "version": str(row(quick_stage, id).version)}
    wrong = client.post(
        f"/assignments/{id}/do/agree", data=data | {"password": "мимо", "opinion": "Недописанное мнение"}
    )
    assert wrong.status_code == 422
    assert "Недописанное мнение" in words_of(wrong)
    assert row(quick_stage, id).state == "signed"
    assert client.post(f"/assignments/{id}/do/agree", data=data).location == f"/assignments/{id}"
    kept = row(quick_stage, id)
    assert (kept.state, kept.dissent) == ("consolidated", "")
    assert "Сводное заключение подписано" in words_of(client.get(f"/assignments/{id}"))
    assert client.post(f"/assignments/{id}/do/dissent", data=data | {"opinion": "ж" * 60}).status_code in (403, 409)


def test_a_dissent_that_was_typed_is_never_lost_by_the_wrong_button(quick_stage: Stage, client_as: ClientAs):
    road = circulated(quick_stage)
    id, client = place(quick_stage, road, "bondarenko"), client_as("bondarenko")
    opinion = "Выводы слишком мягкие: апробация описана без исходных данных и без сравнения."
    data = {"how": "simple", "password": PASSWORD, "version": str(row(quick_stage, id).version), "opinion": opinion}
    answer = client.post(f"/assignments/{id}/do/agree", data=data)
    assert answer.status_code == 422
    assert "Вы написали особое мнение" in words_of(answer)
    assert opinion in words_of(answer)
    assert row(quick_stage, id).state == "signed"
    assert client.post(f"/assignments/{id}/do/dissent", data=data).status_code == 303
    assert row(quick_stage, id).dissent == opinion
    assert "Вы подписали заключение с особым мнением" in words_of(client.get(f"/assignments/{id}"))


def test_a_dissenting_opinion_is_no_shorter_than_fifty_characters(quick_stage: Stage, client_as: ClientAs):
    road = circulated(quick_stage)
    id, client = place(quick_stage, road, "lebedev"), client_as("lebedev")
    data = {"how": "simple", "password": PASSWORD, "version": str(row(quick_stage, id).version), "opinion": "Я против."}
    answer = client.post(f"/assignments/{id}/do/dissent", data=data)
    assert answer.status_code == 422
    shown = answer.get_data(as_text=True)
    assert 'href="#opinion"' in shown
    assert "Я против." in shown
    opinion = "Выводы слишком мягкие: апробация описана без исходных данных и без сравнения."
    kept = client.post(f"/assignments/{id}/autosave?for=dissent", data={"opinion": opinion})
    assert kept.status_code == 200
    assert opinion in client.get(f"/assignments/{id}").get_data(as_text=True)
    assert client.post(f"/assignments/{id}/do/dissent", data=data | {"opinion": opinion}).status_code == 303
    assert row(quick_stage, id).dissent == opinion


# What comes back


def test_the_next_round_shows_what_changed_and_the_own_old_sheet(quick_stage: Stage, client_as: ClientAs):
    road, form = draft(quick_stage)
    road.submit(form)
    road.register()
    road.start()
    assign(road, EXPERTS["methodical_material"])
    old = place(quick_stage, road, "bondarenko")
    for key in EXPERTS["methodical_material"]:
        road.sign(key, (0.4, 0.6))
    road.consolidate(EXPERTS["methodical_material"])
    road.propose()
    road.approve()
    quick_stage.act("sokolova", road.case_id, "ask_revision")
    changed = "Переработан раздел 2, добавлены критерии оценивания и таблица результатов."
    quick_stage.act("sokolova", road.case_id, "resubmit", form | {"changes": changed})
    road.accept(EXPERTS["methodical_material"])
    id, client = place(quick_stage, road, "bondarenko"), client_as("bondarenko")
    shown = words_of(client.get(f"/assignments/{id}"))
    assert id != old
    assert changed in shown
    assert f"/assignments/{old}" in shown
    assert "Ваша прошлая оценка: 2 из 5" in shown
    assert "checked" not in shown
    assert "Лист прошлого раунда" in words_of(client.get(f"/assignments/{old}"))
    assert client_as("lebedev").get(f"/assignments/{old}").status_code == 404


def test_a_returned_sheet_begins_with_what_was_written(quick_stage: Stage, client_as: ClientAs):
    road = at(quick_stage, "consolidation")
    old = place(quick_stage, road, "bondarenko")
    quick_stage.act(
        "morozova",
        road.case_id,
        "send_back",
        {"assignments": [old], "reason": "Проверьте обоснование по первому критерию"},
    )
    id, client = place(quick_stage, road, "bondarenko"), client_as("bondarenko")
    shown = words_of(client.get(f"/assignments/{id}"))
    assert id != old
    assert "Проверьте обоснование по первому критерию" in shown
    assert shown.count("checked") == len(road.sheet().criteria)


# The list, the case


def test_the_list_shows_open_and_done_with_the_own_percent_and_exports_the_same(
    quick_stage: Stage, client_as: ClientAs
):
    road = at(quick_stage, "in_review")
    other = at(quick_stage, "in_review")
    road.sign("bondarenko", (0.8,))
    client = client_as("bondarenko")
    shown = words_of(client.get("/reviews"))
    assert "80,0" in shown
    assert "Показано: 2 из 2" in shown
    assert "Показано: 1 из 2" in words_of(client.get("/reviews?group=open"))
    assert "Показано: 0 из 2" in words_of(client.get("/reviews?q=такого+нет"))
    assert client.get("/reviews?sort=-percent&group=x&type=y").status_code == 200
    csv = client.get("/reviews/export.csv?group=done").data.decode("utf-8-sig")
    assert csv.count("\r\n") == 2
    assert "80,0" in csv
    assert client.get("/reviews/export.xlsx").data.startswith(b"PK")
    assert client.get("/reviews/export.pdf").status_code == 404
    assert client_as("sokolova").get("/reviews").status_code == 403
    assert place(quick_stage, other, "bondarenko") != place(quick_stage, road, "bondarenko")


def test_the_case_page_gives_the_expert_the_way_to_the_own_sheet(
    quick_stage: Stage, road: Road, id: int, client_as: ClientAs
):
    shown = words_of(client_as("bondarenko").get(f"/cases/{road.case_id}/review"))
    assert "Ваша экспертиза" in shown
    assert f'href="/assignments/{id}"' in shown
    assert "Ваша экспертиза" not in words_of(client_as("morozova").get(f"/cases/{road.case_id}/review"))
