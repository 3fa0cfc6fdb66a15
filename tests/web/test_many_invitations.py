"""Accounts by list: who has an address gets a letter, the others a sheet with a link; and the profile that an expert fills in."""

import re

import pytest
from sqlalchemy import delete, select

from tests.rows import rows_of
from tests.statements import count_statements
from tests.web.accounts import letters, person
from tests.web.pages import plain
from workflow_app import clock, gate
from workflow_app.content_types.expert_profile import ProfileConfirmed
from workflow_app.db.models import RECORDS, Consent, Event, EventPayload, ExpertCard, Person, Token
from workflow_app.errors import Denied, NotYet
from workflow_app.facts import choices
from workflow_app.states.definitions.people import GiveConsent
from workflow_app.states.forms import fill

NAMES = ("sokolova", "bondarenko", "zorina", "morozova")


@pytest.fixture
def listed(quick_stage):
    """People without accounts: one with an address, two without; one of the office, too."""
    with quick_stage.database.transaction(keep=True) as session:
        for number, key in enumerate(NAMES):
            one = session.get_one(Person, quick_stage.people[key])
            one.state, one.login, one.password_hash = "listed", None, None
            one.email = "sokolova@example.ru" if not number else ""
    return {key: person(quick_stage, key) for key in NAMES}


def links(answer):
    return re.findall(r"/take/([\w-]+)", answer.get_data(as_text=True))


def invite(client, text, act="invite", **more):
    return client.post("/people/invite", data={"names": text, "act": act} | more)


def test_a_list_becomes_letters_and_sheets_and_a_second_press_invites_nobody(listed, quick_stage, client_as):
    keeper = client_as("kuzmin")
    text = "\n".join(
        [*(one.full_name for one in listed.values()), "Никто Никита Никитич", listed["sokolova"].full_name]
    )
    before = plain(keeper.post("/people/invite", data={"names": text, "act": "check"}))
    assert "Пригласить: 4" in before and "Такого человека нет" in before
    assert rows_of(quick_stage, Token) == []
    answer = invite(keeper, text)
    found = links(answer)
    assert (
        answer.headers["Cache-Control"] == "no-store" and len(set(found)) == 4
    )  # letters of tests lie in a folder: all on paper
    assert {person(quick_stage, key).state for key in NAMES} == {"invited"}
    again = invite(keeper, text)
    assert links(again) == [] and "Приглашено: 0" in plain(again) and plain(again).count("Уже приглашён(а)") == 4
    assert len(rows_of(quick_stage, Token)) == 4 and len(letters(quick_stage)) == 1
    assert [one.via for one in rows_of(quick_stage, Event, transition="invite_person")][-4:] == ["bulk"] * 4
    kept = repr([vars(one) for kind in (EventPayload, Token) for one in rows_of(quick_stage, kind)])
    assert not any(secret in kept for secret in found)  # only what tells that it was right is kept


def test_links_are_renewed_and_revoked(listed, quick_stage, client_as):
    keeper, guest = client_as("kuzmin"), client_as("gradov")
    name = listed["zorina"].full_name
    (first,) = links(invite(keeper, name))
    assert guest.get(f"/take/{first}").status_code == 200
    (second,) = links(invite(keeper, name, again="1"))
    assert guest.get(f"/take/{first}").status_code == 404 and guest.get(f"/take/{second}").status_code == 200
    assert "Приглашение отозвано" in plain(invite(keeper, name, act="revoke"))
    assert guest.get(f"/take/{second}").status_code == 404
    assert person(quick_stage, "zorina").state == "listed"
    assert len(links(invite(keeper, "Зорина"))) == 1  # a surname is enough where it means one person


def test_a_coordinator_invites_no_office_and_others_invite_nobody(listed, quick_stage, client_as):
    text = "\n".join(one.full_name for one in listed.values())
    with quick_stage.database.transaction(keep=True) as session:
        row = session.get_one(Person, quick_stage.people["morozova"])
        row.state, row.login = "active", "morozova"
    coordinator = client_as("morozova")
    kuzmin = person(quick_stage, "kuzmin").full_name
    page = plain(invite(coordinator, f"{text}\n{kuzmin}"))
    assert "Приглашено: 3" in page and page.count("Учётная запись уже есть") == 2
    assert client_as("koroleva").get("/people/invite").status_code == 403
    assert client_as("gradov").post("/people/invite", data={"names": text, "act": "invite"}).status_code == 403


def consent(session, actor):
    row = Consent(
        municipality_id=actor.municipality_id,
        person_id=actor.person_id,
        consent_kind="processing",
        text_version="1",
        given_at=clock.now(),
    )
    gate.begin(session, actor, row, GiveConsent(kind="processing", text_version="1"))


FILLED = {
    "directions": ["attestation"],
    "profile": "mathematics",
    "training": "№ У-7 от 15.05.2025, 72 ч.",
    "load_limit": "3",
}


def profile_of(stage):
    (row,) = rows_of(stage, RECORDS["expert_profile"])
    return row


def act(session, actor, row, name, raw):
    asks = row.content.workflow.transition(name).asks
    gate.perform(
        session, actor, row, name, fill(asks, raw, choices.general(session, actor.municipality_id)), row.version
    )


def test_an_expert_fills_the_profile_and_the_coordinator_returns_and_confirms_it(quick_stage, client_as):
    """Until it is confirmed the person is in no register; it waits for the one and then for the other, in their lists."""
    who = quick_stage.people["zorina"]
    with quick_stage.database.transaction(keep=True) as session:
        session.execute(delete(ExpertCard).where(ExpertCard.person_id == who))
    coordinator, expert = client_as("morozova"), client_as("zorina")
    answer = coordinator.post(
        "/records/expert-profile/new", data={"person_id": who, "word": "Заполните до пятницы", "load_limit": "5"}
    )
    assert answer.status_code == 303, plain(answer, 422)
    row = profile_of(quick_stage)
    card = f"/records/expert-profile/{row.id}"
    assert "Заполнить профиль эксперта" in plain(expert.get("/"))
    with quick_stage.turn("zorina") as (session, actor):
        for given in session.scalars(
            select(Consent).where(Consent.person_id == who, Consent.consent_kind == "processing")
        ):
            given.state = "ended"
        session.flush()
        mine = session.get_one(type(row), row.id)
        with pytest.raises(NotYet):
            act(session, actor, mine, "fill_profile", FILLED)
        consent(session, actor)
        with pytest.raises(Denied):
            gate.perform(session, actor, mine, "confirm_profile", ProfileConfirmed(), mine.version)
    answer = expert.post(f"{card}/do/fill_profile", data=FILLED | {"version": profile_of(quick_stage).version})
    assert answer.status_code == 303, plain(answer, 422)
    assert profile_of(quick_stage).state == "filled" and rows_of(quick_stage, ExpertCard, person_id=who) == []
    assert "Профиль эксперта заполнен, ждёт подтверждения" in plain(coordinator.get(card))
    assert "Проверить профиль эксперта" in plain(coordinator.get("/"))
    with quick_stage.turn("morozova") as (session, actor):
        mine = session.get_one(type(row), row.id)
        act(session, actor, mine, "return_profile", {"remark": "Уточните часы документа"})
    page = expert.get(f"{card}/do/fill_profile").get_data(as_text=True)
    assert "Уточните часы документа" in plain(expert.get(card)) and "№ У-7" in page  # what was typed is there again
    expert.post(
        f"{card}/do/fill_profile",
        data=FILLED | {"training": "№ У-7, 108 ч.", "version": profile_of(quick_stage).version},
    )
    with quick_stage.turn("morozova") as (session, actor):
        mine = session.get_one(type(row), row.id)
        gate.perform(session, actor, mine, "confirm_profile", ProfileConfirmed(), mine.version)
    (entry,) = rows_of(quick_stage, ExpertCard, person_id=who)
    assert (entry.directions, entry.training, entry.load_limit) == (["attestation"], "№ У-7, 108 ч.", 3)
    assert client_as("bondarenko").get(card).status_code == 404


def test_invited_experts_are_asked_for_their_profile_once(listed, quick_stage, client_as):
    who = quick_stage.people["bondarenko"]
    with quick_stage.database.transaction(keep=True) as session:
        session.execute(delete(ExpertCard).where(ExpertCard.person_id == who))
        row = session.get_one(Person, quick_stage.people["morozova"])
        row.state, row.login = "active", "morozova"
    keeper = client_as("morozova")
    text = "\n".join(listed[key].full_name for key in ("sokolova", "bondarenko", "zorina"))
    assert "Профиль эксперта попросили заполнить: 1" in plain(invite(keeper, text, profiles="1"))
    invite(keeper, text, profiles="1", again="1")
    assert profile_of(quick_stage).person_id == who


def test_the_preview_costs_the_same_for_many_and_few(listed, quick_stage, client_as):
    keeper = client_as("kuzmin")
    everybody = "\n".join(one.full_name for one in rows_of(quick_stage, Person))
    cost = []
    for text in (listed["zorina"].full_name, everybody):
        with count_statements(quick_stage.database.engine) as told:
            assert invite(keeper, text, act="check").status_code == 200
        cost.append(len(told))
    assert cost[0] == cost[1]
