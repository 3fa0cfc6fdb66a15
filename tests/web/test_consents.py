"""Consents and agreements: separate documents, given and withdrawn by the person alone (R35, R37, R38)."""

import pytest
from sqlalchemy import select

from tests.rows import rows_of
from tests.web.pages import text_of
from workflow_app.db.models import Consent, Event, RequisitesRow
from workflow_app.facts import consent_texts
from workflow_app.facts.subjects import has_consent
from workflow_app.features.people.consents import TEXTS

KINDS = tuple(TEXTS)


def given(stage, key, kind):
    return rows_of(stage, Consent, person_id=stage.people[key], consent_kind=kind)


def stands(stage, key, kind):
    with stage.database.transaction(keep=False) as session:
        return has_consent(session, stage.people[key], kind)


def accept(client, kind):
    return client.post(f"/consents/{kind}", data={"version": consent_texts.version_of(TEXTS[kind])})


@pytest.mark.parametrize("kind", KINDS)
def test_the_text_names_the_person_the_operator_and_its_address(client_as, kind):
    """R37: each is a document of its own; no place in it stays unfilled."""
    page = text_of(client_as("sokolova").get(f"/consents/{kind}"))
    assert not [
        one for one in ("person", "operator", "address", "site", "data_list", "conditions") if "{" + one + "}" in page
    ]
    assert ("редакция 2026-11" in page) == (kind != "processing"), "the present edition, accepted, needs no name"
    if kind != "simple_signature":
        for words in ("Соколова Ольга Викторовна", "Информационно-методический центр", "г. Алапаевск"):
            assert words in page


def test_a_consent_is_given_with_its_version_date_and_address(client_as, quick_stage):
    """R37: the version and the address are the server's, whatever the form says."""
    client = client_as("sokolova")
    data = {
        "version": consent_texts.version_of("consent_distribution"),
        "text_version": "чужая",
        "ip": "1.2.3.4",
        "kind": "processing",
    }
    assert client.post("/consents/distribution", data=data).status_code == 303
    (row,) = given(quick_stage, "sokolova", "distribution")
    assert (row.text_version, row.ip, row.state) == (
        consent_texts.version_of("consent_distribution"),
        "127.0.0.1",
        "given",
    )
    (event,) = rows_of(quick_stage, Event, root_kind="consent", root_id=row.id)
    assert (event.transition, event.actor_id, event.ip) == ("begin", quick_stage.people["sokolova"], "127.0.0.1")


def test_the_consent_to_distribution_holds_what_the_order_asks(client_as):
    """Приказ Роскомнадзора от 24.02.2021 № 18: who, how to be reached, the operator, the page, why, what, on which terms, how long."""
    page = text_of(client_as("sokolova").get("/consents/distribution"))
    for words in (
        "Соколова Ольга Викторовна. Контакт: sokolova@example.ru.",
        "Информационно-методический центр», адрес: 624600, Свердловская область, г. Алапаевск, ИНН 0000000000, ОГРН 0000000000000",
        "доступны всем: https://imc.example.ru/bank",
        "Цель: представить банк экспертов",
        "Категория данных: общие персональные данные; специальные и биометрические не распространяются. Перечень: фамилия",
        "Запреты и условия для неограниченного круга лиц: изменение данных запрещается",
        "Условия передачи данных оператором по его сети:",
        "Срок: три года",
        "Отозвать его можно здесь же",
    ):
        assert words in page


@pytest.mark.parametrize("name", ["site", "registration"])
def test_a_consent_that_would_not_say_what_the_law_asks_cannot_be_given(client_as, quick_stage, name):
    with quick_stage.database.transaction(keep=True) as session:
        row = session.scalars(select(RequisitesRow)).first()
        row.data = {**row.data, name: ""}
    client = client_as("sokolova")
    page = client.get("/consents/distribution")
    assert "Принять пока нельзя" in text_of(page)
    assert ("ИНН и ОГРН центра" if name == "registration" else "адрес страницы сайта") in text_of(page)
    accept(client, "distribution")
    assert given(quick_stage, "sokolova", "distribution") == []
    accept(client, "processing")
    assert stands(quick_stage, "sokolova", "processing")


def test_opening_a_text_accepts_nothing(client_as, quick_stage):
    client_as("sokolova").get("/consents/distribution")
    client_as("sokolova").get("/consents")
    assert given(quick_stage, "sokolova", "distribution") == []


def test_a_double_click_gives_it_once(client_as, quick_stage):
    client = client_as("sokolova")
    assert {accept(client, "distribution").status_code for _ in range(3)} == {303}
    assert len(given(quick_stage, "sokolova", "distribution")) == 1


def test_a_text_that_changed_meanwhile_is_read_again_first(client_as, quick_stage):
    answer = client_as("sokolova").post("/consents/distribution", data={"version": "consent-distribution-2025-01"})
    assert answer.location == "/consents/distribution"
    assert given(quick_stage, "sokolova", "distribution") == []


def test_withdrawing_ends_it_at_once_and_it_can_be_given_again(client_as, quick_stage):
    """R38: whatever asks for a standing consent no longer finds one with the next look."""
    client = client_as("sokolova")
    accept(client, "distribution")
    assert stands(quick_stage, "sokolova", "distribution")
    assert client.post("/consents/distribution", data={"act": "withdraw"}).status_code == 303
    assert not stands(quick_stage, "sokolova", "distribution")
    accept(client, "distribution")
    assert [one.state for one in given(quick_stage, "sokolova", "distribution")] == ["ended", "given"]


def test_one_kind_is_withdrawn_without_the_others(client_as, quick_stage):
    client = client_as("sokolova")
    accept(client, "distribution")
    client.post("/consents/distribution", data={"act": "withdraw"})
    assert stands(quick_stage, "sokolova", "processing")


def test_an_acceptance_of_an_older_text_stands_beside_the_new_one_and_both_are_withdrawn(client_as, quick_stage):
    with quick_stage.database.transaction(keep=True) as session:
        row = session.scalars(select(Consent).where(Consent.person_id == quick_stage.people["sokolova"])).one()
        row.text_version = "consent-processing-2025-01"
    client = client_as("sokolova")
    assert "Текст изменился" in text_of(client.get("/consents/processing"))
    accept(client, "processing")
    assert [one.state for one in given(quick_stage, "sokolova", "processing")] == ["given", "given"]
    client.post("/consents/processing", data={"act": "withdraw"})
    assert not stands(quick_stage, "sokolova", "processing")


def test_an_unknown_kind_is_not_there_and_withdrawing_nothing_is_no_error(client_as):
    client = client_as("sokolova")
    assert client.get("/consents/everything").status_code == 404
    assert client.post("/consents/everything").status_code == 404
    assert client.post("/consents/distribution", data={"act": "withdraw"}).status_code == 303


def test_a_visitor_is_sent_to_log_in(app):
    assert app.test_client().get("/consents/processing").status_code == 302
    assert app.test_client().post("/consents/processing", data={"act": "withdraw"}).status_code == 302


def test_the_office_sees_how_the_consents_of_a_person_stand_and_gives_none(client_as, quick_stage):
    page = text_of(client_as("morozova").get(f"/people/{quick_stage.people['sokolova']}"))
    assert "Согласие на обработку персональных данных" in page
    assert "Прочитать и принять" not in page
