"""R35 to R37: signatures and consents; and what is nobody's to do in another's name."""

import hashlib
from dataclasses import replace

import pytest

from tests.gate.kit import documents, events, form, last, looking, may, scan, words
from tests.play import EXPERTS, PDF
from workflow_app import gate
from workflow_app.db.models import Case, Consent, Person
from workflow_app.demo.steps import DIRECTOR, Road
from workflow_app.errors import Denied, Invalid, NotYet
from workflow_app.facts.actors import actor_of, proved
from workflow_app.facts.consent_texts import version_of
from workflow_app.states.definitions.case.forms import Approve
from workflow_app.states.definitions.people import GiveConsent, RevokeRole, WithdrawConsent
from workflow_app.states.vocabulary import Permission

MATERIAL, ATTESTATION = "methodical_material", "attestation_portfolio"


def test_r35_a_simple_signature_needs_the_agreement_and_the_password_again(play):
    """R35: no proof, no signature; a proof without an accepted agreement is none."""
    road = play("on_approval", MATERIAL)
    with pytest.raises(Invalid) as found, road.stage.turn(DIRECTOR) as (session, me):
        case = session.get_one(Case, road.case_id)
        gate.perform(session, replace(me, proof=None), case, "approve", Approve(how="simple"), case.version)
    assert set(found.value.problems) == {"password"}
    _withdraw_agreement(road, DIRECTOR)
    with pytest.raises(Invalid):
        road.approve()
    assert (road.state(), documents(road, "order")) == ("on_approval", [])
    road.stage.act(DIRECTOR, road.case_id, "approve", scan(road))
    assert last(road, "approve").signature.startswith("paper:")


def _withdraw_agreement(road: Road, key: str) -> None:
    with road.stage.turn(key) as (session, me):
        found = next(
            one
            for one in session.query(Consent).filter_by(person_id=me.person_id)
            if one.consent_kind == "simple_signature"
        )
        gate.perform(session, me, found, "withdraw_consent", WithdrawConsent(), found.version)


def test_r35_the_event_names_the_version_of_the_agreement(play):
    """R35."""
    road = play("approved", MATERIAL)
    version = version_of("simple_signature_agreement")
    signed = [one for one in events(road) if one.signature]
    assert {one.transition for one in signed} == {"sign", "agree", "approve"}
    assert {one.signature for one in signed} == {f"simple:{version}"}


def test_r35_a_paper_signature_needs_its_scan(play):
    """R35, domain.md 0a.9."""
    road = play("on_approval", MATERIAL)
    with pytest.raises(Invalid) as found:
        road.stage.act(DIRECTOR, road.case_id, "approve", {"how": "paper"})
    assert set(found.value.problems) == {"scan"}
    road.stage.act(DIRECTOR, road.case_id, "approve", scan(road))
    (original,) = documents(road, "signed_original:approve")
    assert original.sha256 == hashlib.sha256(PDF).hexdigest()


@pytest.mark.parametrize("kind", EXPERTS)
def test_r36_no_document_bears_a_certificates_mark(play, kind):
    """R36: nothing here knows certificates, so nothing draws their frame."""
    road = play("approved", kind)
    for one in documents(road):
        told = words(road, one.sha256).upper()
        assert "ДОКУМЕНТ ПОДПИСАН ЭЛЕКТРОННОЙ ПОДПИСЬЮ" not in told
        assert "СЕРТИФИКАТ" not in told


def test_r37_a_consent_is_a_document_of_its_own_with_version_date_and_address(play):
    """R37: each kind apart; the record keeps the version of the text, the moment and the IP address."""
    road = play("draft", MATERIAL)
    with road.stage.turn("sokolova") as (session, me):
        seen = replace(me, ip="10.1.2.3")
        row = Consent(
            municipality_id=me.municipality_id,
            person_id=me.person_id,
            consent_kind="",
            text_version="",
            given_at=road.stage.moment,
        )
        given = GiveConsent(kind="distribution", text_version=version_of("consent_distribution"), ip=seen.ip)
        id_ = gate.begin(session, seen, row, given).id
    with looking(road) as (session, _):
        found = session.get_one(Consent, id_)
        assert (found.consent_kind, found.text_version, found.ip) == (
            "distribution",
            version_of("consent_distribution"),
            "10.1.2.3",
        )
        assert found.given_at == road.stage.moment


def _withdraw_processing(road: Road) -> None:
    with road.stage.turn(road.applicant) as (session, me):
        found = next(
            one for one in session.query(Consent).filter_by(person_id=me.person_id) if one.consent_kind == "processing"
        )
        gate.perform(session, me, found, "withdraw_consent", WithdrawConsent(), found.version)


def test_r37_without_the_processing_consent_a_material_is_not_submitted(play):
    """R37: its scan does as well; the refusal of distribution bars nothing (nobody of the cast has given it)."""
    road = play("draft", MATERIAL)
    _withdraw_processing(road)
    with pytest.raises(NotYet, match="согласие на обработку"):
        road.submit(form(road))
    road.stage.attach(road.applicant, road.case_id, "consent_scan", "Согласие.pdf", PDF)
    road.submit(form(road))
    assert road.state() == "submitted"


def test_r37_an_attestation_has_another_legal_basis(play):
    """R37, domain.md 0a.2."""
    road = play("draft", ATTESTATION)
    _withdraw_processing(road)
    road.submit(form(road))
    assert road.state() == "submitted"


def test_somebody_elses_consent_is_nobodys_to_give(play):
    """R37: not even the administrator's."""
    road = play("draft", MATERIAL)
    given = GiveConsent(kind="processing", text_version="1", ip="")
    for key in ("kuzmin", "morozova", "gradov"):
        with pytest.raises(Denied), road.stage.turn(key) as (session, me):
            row = Consent(
                municipality_id=me.municipality_id, person_id=road.stage.people["chernykh"], consent_kind="", text_version="",
                given_at=road.stage.moment,
            )  # fmt: skip
            gate.begin(session, me, row, given)


def test_a_case_on_behalf_is_the_coordinators_to_open(play):
    """domain.md 0a.1: a teacher opens only the own case, whatever the request says."""
    road = play("draft", MATERIAL)
    for key in ("lebedev", "kuzmin", "koroleva", DIRECTOR):
        with pytest.raises(Denied):
            road.stage.open(key, MATERIAL, "Чужой материал от моего имени", applicant="chernykh", channel="paper")
    case_id = road.stage.open(
        "morozova", MATERIAL, "Материал, принятый на бумаге", applicant="chernykh", channel="paper"
    )
    found = Road(road.stage, case_id, MATERIAL, "chernykh")
    assert may(found, "chernykh", Permission.EDIT)
    assert may(found, "morozova", Permission.EDIT)
    assert not may(found, "lebedev", Permission.VIEW)


def test_a_role_taken_away_acts_with_the_next_act(play):
    """R32: rights are read anew for every act."""
    road = play("submitted", MATERIAL)
    with road.stage.turn("kuzmin") as (session, me):
        person = session.get_one(Person, road.stage.people["morozova"])
        gate.perform(session, me, person, "revoke_role", RevokeRole(role="coordinator"), person.version)
    with pytest.raises(Denied):
        road.register()
    with looking(road) as (session, _):
        person = session.get_one(Person, road.stage.people["morozova"])
        me = actor_of(session, person, road.stage.municipality_id)
        assert (me.roles, proved(session, me).proof is not None) == (frozenset(), True)
