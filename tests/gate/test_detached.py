"""A signature made outside: whose it is, which file it signs, what it is worth. Made by the test's own hand, not by the checker."""

import base64
import json
import random

import pytest
from asn1crypto import cms

from tests.authority import Authority, gost_signature, here, signature_of
from workflow_app.errors import WorkflowError
from workflow_app.files import sandbox
from workflow_app.signatures.detached import WHY, examine, standing
from workflow_app.signatures.detached_child import examine_job

DOCX, PDF = b"the issued file" * 1000, b"its PDF"


@pytest.fixture
def child():
    """Asks for the real child process."""


@pytest.fixture(autouse=True)
def _at_once(request, monkeypatch):
    """The work is done in this process, but where a test asks for the real child."""
    if "child" not in request.fixturenames:
        monkeypatch.setattr(sandbox, "call", here)


@pytest.fixture(scope="module")
def authority():
    """An authority."""
    return Authority()


@pytest.fixture(scope="module")
def holder(authority):
    """A person with a certificate such as Russian ones are."""
    return authority.issue(
        "ООО «Пример»", surname="Иванов", given_name="Иван Иванович", snils="11223344595", inn="027612345678"
    )


@pytest.fixture
def forms(tmp_path):
    """The files of a document."""
    for name, data in (("docx", DOCX), ("pdf", PDF)):
        tmp_path.joinpath(name).write_bytes(data)
    return {"docx": tmp_path / "docx", "pdf": tmp_path / "pdf"}


@pytest.fixture
def trust(authority, tmp_path):
    """The authority is trusted."""
    return authority.pem(tmp_path)


def test_a_signature_of_a_trusted_issuer_is_verified_and_says_whose_it_is(child, holder, forms, trust):
    del child
    found = examine(signature_of(holder, DOCX), forms, trust)
    assert (found.verdict, found.form, found.fields["why"]) == ("verified", "docx", "")
    told = found.fields
    assert (told["owner"], told["organisation"]) == ("Иванов Иван Иванович", "ООО «Пример»")
    assert (told["snils"], told["inn"], told["issuer"]) == (
        "11223344595",
        "027612345678",
        "Пробный удостоверяющий центр",
    )
    assert told["number"] == f"{holder.certificate.serial_number:X}"
    assert told["valid_to"] == holder.certificate.not_valid_after_utc.isoformat()
    assert (told["algorithm"], told["digest"], told["cades"], told["attached"]) == ("ECDSA", "SHA-256", True, False)
    assert told["signed_at"]


def test_the_trusted_may_stand_in_a_folder(holder, forms, authority, tmp_path):
    folder = tmp_path / "trusted"
    folder.mkdir()
    Authority("Ещё один").pem(folder, "a.crt")
    authority.pem(folder, "b.pem")
    assert examine(signature_of(holder, DOCX), forms, str(folder)).verdict == "verified"


def test_it_is_found_which_file_was_signed(holder, forms, trust):
    assert examine(signature_of(holder, PDF, digest="sha512"), forms, trust).form == "pdf"
    inside = examine(signature_of(holder, PDF, attached=True), forms, trust)
    assert (inside.form, inside.verdict, inside.fields["attached"]) == ("pdf", "verified", True)


@pytest.mark.parametrize("wrap", [
    base64.b64encode,
    base64.encodebytes,
    lambda der: b"-----BEGIN PKCS7-----\n" + base64.encodebytes(der) + b"-----END PKCS7-----\n",
    lambda der: b"\xef\xbb\xbf" + base64.encodebytes(der).replace(b"\n", b"\r\n"),
], ids=["base64", "lines", "pem", "windows"])  # fmt: skip
def test_the_ways_in_which_programs_write_signatures_are_read(holder, forms, trust, wrap):
    assert examine(wrap(signature_of(holder, DOCX)), forms, trust).verdict == "verified"


def test_only_a_chain_to_a_trusted_certificate_makes_it_verified(authority, holder, forms, trust, tmp_path):
    made = signature_of(holder, DOCX)
    other = Authority("Другой").pem(tmp_path, "other.pem")
    for place in ("", other):
        found = examine(made, forms, place)
        assert (found.verdict, found.fields["why"]) == ("intact", "issuer")
    namesake = Authority(authority.name)  # the same name, another key
    assert examine(signature_of(namesake.issue("Иванов"), DOCX), forms, trust).verdict == "intact"
    old = examine(signature_of(authority.issue("Иванов", days=(-300, -2)), DOCX), forms, trust)
    assert (old.verdict, old.fields["why"]) == ("intact", "expired")


def test_a_signature_by_gost_is_read_and_stays_unverified(authority, forms, trust):
    found = examine(gost_signature(authority, surname="Иванов", given_name="Иван Иванович"), forms, trust)
    assert (found.verdict, found.form, found.fields["why"]) == ("unverified", "", "gost")
    assert found.fields["owner"] == "Иванов Иван Иванович"
    assert (found.fields["algorithm"], found.fields["digest"]) == (
        "ГОСТ Р 34.10-2012 (256 бит)",
        "ГОСТ Р 34.11-2012 (256 бит)",
    )


def test_a_signature_of_other_bytes_is_foreign(holder, forms):
    for attached in (False, True):
        with pytest.raises(WorkflowError, match="Подпись сделана не к этому документу"):
            examine(signature_of(holder, b"other bytes", attached=attached), forms)


def test_a_changed_signature_does_not_hold(holder, forms, trust):
    made = bytearray(signature_of(holder, DOCX))
    made[-5] ^= 1
    with pytest.raises(WorkflowError, match="повреждена или подделана"):
        examine(bytes(made), forms, trust)


def test_the_certificate_of_another_cannot_be_put_beside_a_signature(authority, holder, forms, trust):
    """The owner shown is whoever's key made the signature, or nobody's."""
    whole = cms.ContentInfo.load(signature_of(holder, DOCX))
    signed = whole["content"]
    another = authority.issue("Петров Пётр").asn1
    signed["certificates"] = [another]
    identifier = {"issuer": another.issuer, "serial_number": another.serial_number}
    signed["signer_infos"][0]["sid"] = cms.SignerIdentifier(
        {"issuer_and_serial_number": cms.IssuerAndSerialNumber(identifier)}
    )
    with pytest.raises(WorkflowError, match="повреждена или подделана"):
        examine(whole.dump(force=True), forms, trust)


@pytest.mark.parametrize("spoil", [
    lambda _der: b"",
    lambda _der: b"words that anybody could type",
    lambda der: der[:-20],
    lambda der: der + b"more",
    lambda der: b"\x30\x82\xff\xff" + der[4:],
    lambda _der: b"\x30\x80" * 30000,
    lambda _der: b"-----BEGIN PKCS7-----\nnot base64\n-----END PKCS7-----\n",
], ids=["empty", "words", "cut", "longer", "length", "deep", "pem"])  # fmt: skip
def test_what_is_no_signature_is_said_to_be_none(holder, forms, spoil):
    with pytest.raises(WorkflowError, match="Это не файл электронной подписи"):
        examine(spoil(signature_of(holder, DOCX)), forms)


def test_every_bit_of_a_signature_may_be_wrong_without_a_crash(holder, forms):
    """Hundreds of spoiled files: each is refused in words or read; in this process, so that a crash would be seen."""
    made, chance = signature_of(holder, DOCX), random.Random(7)
    named = json.dumps({form: str(path) for form, path in forms.items()})
    seen = set()
    for _ in range(300):
        spoiled = bytearray(made)
        for _ in range(chance.randint(1, 4)):
            spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
        try:
            seen.add(json.loads(examine_job(named, "", bytes(spoiled)))["verdict"])
        except WorkflowError as error:
            seen.add(str(error))
    assert "verified" not in seen
    assert len(seen) > 1


def test_several_signers_and_a_missing_certificate_are_told(holder, forms):
    whole = cms.ContentInfo.load(signature_of(holder, DOCX))
    whole["content"]["signer_infos"] = [*whole["content"]["signer_infos"], *whole["content"]["signer_infos"]]
    with pytest.raises(WorkflowError, match="подписи нескольких лиц"):
        examine(whole.dump(force=True), forms)
    alone = cms.ContentInfo.load(signature_of(holder, DOCX))
    alone["content"]["certificates"] = []
    with pytest.raises(WorkflowError, match="нет сертификата подписавшего"):
        examine(alone.dump(force=True), forms)


def test_whatever_is_not_verified_says_so():
    assert str(standing("verified", {})) == "подпись проверена"
    for verdict in ("intact", "unverified", "anything"):
        for why in (*WHY, "", "unheard of"):
            assert str(standing(verdict, {"why": why})).startswith("не проверено")
