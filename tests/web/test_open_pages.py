"""Open pages of records: what strangers see of what is published, of every kind that has such pages alike."""

import functools
import re

from sqlalchemy import select

from tests.rows import findings, rows_of
from tests.web.pages import links_of, text_of
from tests.web.test_record_files import a_pdf, send
from tests.web.test_records import begun, do, path, typed
from workflow_app import clock, gate
from workflow_app.content_types.behaviors import Files, Published
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import RECORDS, CaseFile, Consent, Event, Person
from workflow_app.facts.actors import actor_of
from workflow_app.runtime import timers
from workflow_app.states.definitions.people import GiveConsent, WithdrawConsent
from workflow_app.states.vocabulary import Who

OPEN = [one for one in CONTENT_TYPES.values() if one.behavior(Published)]


def open_path(kind):
    return path(kind).replace("/records/", "/open/")


def give(stage, key, *, take=False):
    """The person gives the consent to distribution, or takes it back."""
    with clock.at(stage.moment), stage.database.transaction(keep=True) as session:
        person = session.get_one(Person, stage.people[key])
        me = actor_of(session, person, stage.municipality_id)
        if take:
            row = session.scalars(
                select(Consent).where(Consent.person_id == person.id, Consent.consent_kind == "distribution")
            ).one()
            gate.perform(session, me, row, "withdraw_consent", WithdrawConsent(), row.version)
            return
        row = Consent(
            municipality_id=person.municipality_id, person_id=person.id, consent_kind="distribution", text_version="1", given_at=clock.now()
        )  # fmt: skip
        gate.begin(session, me, row, GiveConsent(kind="distribution", text_version="1", ip=""))


def published(client, stage, kind, **changed):
    """A published record: its card, and its open address."""
    if kind.behavior(Published).whose:
        give(stage, "sokolova")
    card = begun(client, stage, kind, **changed)
    answer = do(client, card, kind, "publish")
    assert answer.status_code == 303, text_of(answer)
    return card, card.replace("/records/", "/open/")


def called(stage, kind):
    return "Соколова" if kind.fields[kind.title].refers else typed(stage, kind)[kind.title]


def test_a_record_is_open_from_its_publication_until_it_is_taken_back(client_as, app, quick_stage, subtests):
    client, stranger = client_as("morozova"), app.test_client()
    give(quick_stage, "sokolova")
    for kind in OPEN:
        with subtests.test(kind.key):
            _published_and_taken_back(client, stranger, quick_stage, kind)
    assert findings(quick_stage) == []


def _published_and_taken_back(client, stranger, quick_stage, kind):
    card = begun(client, quick_stage, kind)
    address = card.replace("/records/", "/open/")
    assert stranger.get(address).status_code == 404
    assert called(quick_stage, kind) not in text_of(stranger.get(open_path(kind)))
    assert do(client, card, kind, "publish").status_code == 303
    shown = client.get(card)
    assert address in links_of(shown)
    assert "Опубликовать" not in text_of(shown)
    page, many = stranger.get(address), stranger.get(open_path(kind))
    assert (page.status_code, many.status_code) == (200, 200)
    assert called(quick_stage, kind) in text_of(page)
    assert address in links_of(many)
    assert do(client, card, kind, "unpublish", reason="Опубликовано по ошибке").status_code == 303
    assert stranger.get(address).status_code == 404
    assert address not in links_of(stranger.get(open_path(kind)))
    with quick_stage.database.transaction(keep=False) as session:
        names = list(session.scalars(select(Event.transition).where(Event.subject_kind == kind.key)))
        assert names == ["begin", "publish", "unpublish"]


def test_strangers_see_the_declared_fields_and_files_and_nothing_else(client_as, app, quick_stage, subtests):
    """While the record is open, that is; who does not keep records is such a stranger, and the archive is not open."""
    client, other, stranger = client_as("morozova"), client_as("bondarenko"), app.test_client()
    for kind in sorted(
        OPEN, key=lambda one: bool(one.behavior(Published).whose)
    ):  # those that need a consent come last
        card, address = published(client, quick_stage, kind)
        with subtests.test(f"{kind.key}: fields"):
            _declared_fields_alone(stranger.get(address), quick_stage, kind)
        with subtests.test(f"{kind.key}: who does not keep it"):
            assert other.get(f"{card}/do/unpublish").status_code in (403, 404)
            if Who.MEMBER not in kind.seen:
                assert other.get(card).status_code in (403, 404), "what is open to all is not the card"
            assert other.get(address).status_code == 200
        with subtests.test(f"{kind.key}: files"):
            _declared_files_alone(client, stranger, quick_stage, card, kind)
        with subtests.test(f"{kind.key}: archive"):
            assert stranger.get(address).status_code == 200
            assert do(client, card, kind, "end", reason="Больше не нужна").status_code == 303
            assert stranger.get(address).status_code == 404


def _declared_fields_alone(page, quick_stage, kind):
    shows, values = kind.behavior(Published).shows, typed(quick_stage, kind)
    for name, how in kind.fields.items():
        if name == kind.title:
            continue
        is_person = how.refers.startswith("person") and name != kind.behavior(Published).whose
        assert (f"<dt>{how.label.msgid}</dt>" in page.get_data(as_text=True)) == (name in shows and not is_person), name
        if name not in shows and how.long:
            assert values[name] not in text_of(page)
    assert not re.search(r"/(do|files/\d+/do|people|records)/", page.get_data(as_text=True)), (
        "nothing can be done there"
    )
    personal = any(kind.fields[name].refers.startswith("person") for name in shows)
    assert (page.headers.get("X-Robots-Tag") == "noindex") == personal
    assert ('name="robots"' in page.get_data(as_text=True)) == personal


def _declared_files_alone(client, stranger, quick_stage, card, kind):
    address = card.replace("/records/", "/open/")
    declared = kind.behavior(Files).kinds if kind.behavior(Files) else ()
    for one in declared:
        assert send(client, f"{card}/files?kind={one.key}", f"{one.key}.pdf", a_pdf(one.key)).status_code == 201
    files = {one.attachment: one.id for one in rows_of(quick_stage, CaseFile, CaseFile.record_kind == kind.key)}
    page = text_of(stranger.get(address))
    for key, id_ in files.items():
        shown = key in kind.behavior(Published).files
        assert (f"{key}.pdf" in page) == shown
        assert stranger.get(f"{address}/files/{id_}").status_code == (200 if shown else 404)
        assert stranger.get(f"/files/{id_}").status_code == 302, "the other way asks who it is"
    assert stranger.get(f"{address}/files/999").status_code == 404
    do(client, card, kind, "unpublish", reason="Больше не нужно")
    for id_ in files.values():
        assert stranger.get(f"{address}/files/{id_}").status_code == 404
    assert do(client, card, kind, "publish").status_code == 303


PERSONAL = CONTENT_TYPES["expert_record"]


def test_a_record_about_a_person_is_not_published_without_consent_and_vanishes_with_it(client_as, app, quick_stage):
    client, stranger = client_as("morozova"), app.test_client()
    card = begun(client, quick_stage, PERSONAL)
    form = client.get(f"{card}/do/publish")
    assert "Нет согласия на распространение персональных данных" in text_of(form)
    give(quick_stage, "sokolova")
    assert do(client, card, PERSONAL, "publish").status_code == 303
    address = card.replace("/records/", "/open/")
    assert stranger.get(address).status_code == 200
    give(quick_stage, "sokolova", take=True)
    assert stranger.get(address).status_code == 404, "at once"
    assert "Соколова" not in text_of(stranger.get(open_path(PERSONAL)))
    with clock.at(quick_stage.moment):
        assert timers.tick(quick_stage.database).done
        assert not timers.tick(quick_stage.database).done
    assert [one.published for one in rows_of(quick_stage, RECORDS[PERSONAL.key])] == [False]
    assert "согласие отозвано" in text_of(client.get(card))
    assert findings(quick_stage) == []


def test_an_author_is_named_to_strangers_only_with_their_consent(client_as, app, quick_stage):
    kind = CONTENT_TYPES["publication"]
    _card, address = published(client_as("morozova"), quick_stage, kind)
    see = functools.partial(app.test_client().get, address)
    assert "Соколова" not in text_of(see())
    give(quick_stage, "sokolova")
    assert "Соколова" in text_of(see())
    assert "Соколова" in text_of(app.test_client().get(open_path(kind)))
    give(quick_stage, "sokolova", take=True)
    assert "Соколова" not in text_of(see())


def test_an_open_list_is_searched_by_what_strangers_see_alone(client_as, app, quick_stage):
    kind = CONTENT_TYPES["centre_event"]
    client, stranger = client_as("morozova"), app.test_client()
    published(client, quick_stage, kind)
    begun(client, quick_stage, kind, "Вторая запись")
    assert "Найдено: 1" in text_of(stranger.get(f"{open_path(kind)}?q=запись"))
    assert "Ничего не нашлось" in text_of(stranger.get(f"{open_path(kind)}?q=вторая"))
    for asked in ("page=99", "sort=-responsible_id", "q=%00", "after=x", "size=9"):
        assert stranger.get(f"{open_path(kind)}?{asked}").status_code == 200
