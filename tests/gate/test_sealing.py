"""The organisation's seal: PAdES with a key, time stamps and lists of revoked certificates made for the test, checked by pyHanko."""

import asyncio
import io
import re
import shutil
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import docx
import pypdfium2
import pytest

from tests.authority import OWNER, PASSWORD, Authority, here, served
from workflow_app import clock
from workflow_app.config import Config
from workflow_app.conversion.libreoffice import Converter
from workflow_app.errors import WorkflowError
from workflow_app.files import sandbox
from workflow_app.signatures import seal, seal_child
from workflow_app.signatures.seal import NoSeal


@pytest.fixture
def child():
    """Asks for the real child process."""


@pytest.fixture(autouse=True)
def _at_once(request, monkeypatch):
    """The work is done in this process, but where a test asks for the real child."""
    if "child" not in request.fixturenames:
        monkeypatch.setattr(sandbox, "call", here)


@pytest.fixture(scope="module")
def pdf():
    """A small PDF."""
    document = pypdfium2.PdfDocument.new()
    document.new_page(200, 200)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.fixture
def network():
    """The services of the authority."""
    with served() as address:
        yield address


@pytest.fixture
def authority(network):
    """An authority whose certificates name the list of revoked ones."""
    found = Authority(url=f"{network}/crl")
    network.revokes(found.revoked())
    return found


@pytest.fixture
def config(authority, tmp_path):
    """Settings with a seal."""
    return Config(
        tmp_path,
        seal_file=authority.p12(tmp_path, authority.issue()),
        seal_password=PASSWORD,
        signature_trust=authority.pem(tmp_path),
    )


def looked(config, pdf):
    """What the seal of a PDF is worth, as the product looks at it before it keeps what it made."""
    return asyncio.run(seal_child.looked(pdf, seal.place(config, config.signature_trust)))


def with_stamps(config, network, authority, **more):
    network.stamps_as(authority.issue("Служба меток времени", stamping=True))
    fields = {one: getattr(config, one) for one in ("folder", "seal_file", "seal_password", "signature_trust")}
    return Config(**fields, tsa_url=f"{network}/tsa", **more)


def test_a_sealed_pdf_is_intact_whole_and_trusted(child, config, pdf):
    del child
    sealed = seal.seal(config, pdf)
    told = looked(config, sealed.data)
    assert (told["intact"], told["whole"], told["trusted"], told["level"]) == (True, True, True, "PAdES-B-B")
    assert (told["owner"], told["issuer"]) == (OWNER, "Пробный удостоверяющий центр")
    assert sealed.data.startswith(pdf)  # what was there stays, byte for byte
    assert PASSWORD.encode() not in sealed.data


def test_a_changed_byte_is_found(config, pdf):
    sealed = bytearray(seal.seal(config, pdf).data)
    sealed[sealed.index(b"200")] = ord("3")
    told = looked(config, bytes(sealed))
    assert (told["intact"], told["trusted"]) == (False, False)


def test_what_was_added_after_the_seal_is_found(config, pdf):
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(seal.seal(config, pdf).data))
    writer.root["/Lang"] = generic.pdf_string("xx")
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page["/MediaBox"] = generic.ArrayObject([generic.NumberObject(one) for one in (0, 0, 500, 500)])
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    assert looked(config, out.getvalue())["whole"] is False


def test_a_pdf_without_a_seal_and_what_is_no_pdf_bear_none(config, pdf):
    assert looked(config, pdf) == {}
    assert looked(config, b"not a pdf") == {}


@pytest.mark.parametrize("made", ["changed", "unsealed", "nothing"])
def test_a_seal_that_does_not_hold_is_refused_before_anything_is_stored(config, pdf, monkeypatch, made):
    """Whatever went wrong in the making: a changed byte, no seal at all, no PDF."""
    real = seal_child._sealed

    async def spoiled(*given, **more):
        sealed = await real(*given, **more)
        return {"changed": sealed.replace(b"200", b"300", 1), "unsealed": pdf, "nothing": b""}[made]

    monkeypatch.setattr(seal_child, "_sealed", spoiled)
    with pytest.raises(WorkflowError, match="файл PDF не принял подпись"):
        seal.seal(config, pdf)


def test_a_seal_of_another_organisation_is_not_trusted(config, pdf, tmp_path):
    folder = tmp_path / "other"
    folder.mkdir()
    other = Authority("Другой центр")
    theirs = seal.seal(Config(folder, seal_file=other.p12(folder, other.issue()), seal_password=PASSWORD), pdf)
    told = looked(config, theirs.data)
    assert (told["intact"], told["trusted"]) == (True, False)


def test_with_a_service_of_time_stamps_the_seal_bears_its_time(config, network, authority, pdf):
    told = seal.seal(with_stamps(config, network, authority), pdf).fields
    assert told["level"] == "PAdES-B-T"
    assert told["stamped_at"]


def test_with_validation_data_it_can_be_checked_when_the_authority_is_gone(config, network, authority, pdf):
    """Long-term validation: the list of revoked certificates and a last time stamp are inside."""
    sealed = seal.seal(with_stamps(config, network, authority, seal_ltv=True), pdf)
    assert (sealed.fields["level"], sealed.fields["whole"], sealed.fields["trusted"]) == ("PAdES-B-LTA", True, True)
    assert b"/DSS" in sealed.data
    assert b"/CRLs" in sealed.data
    network.revokes(b"")
    assert looked(config, sealed.data)["trusted"] is True


def test_validation_data_without_stamps(config, network, pdf):
    assert seal.seal(replace(config, seal_ltv=True), pdf).fields["level"] == "PAdES-B-LT"


def test_what_the_network_does_not_give_is_said_and_nothing_is_made(config, network, authority, pdf):
    with pytest.raises(WorkflowError, match="служба меток времени не ответила"):
        seal.seal(replace(config, tsa_url=f"{network}/tsa"), pdf)  # it answers with an error
    with pytest.raises(WorkflowError, match="служба меток времени не ответила"):
        seal.seal(replace(config, tsa_url="http://127.0.0.1:9/"), pdf)
    network.revokes(b"no list")
    with pytest.raises(WorkflowError, match="списки отозванных сертификатов"):
        seal.seal(replace(config, seal_ltv=True), pdf)


def test_a_revoked_seal_is_not_put_where_validation_data_is_kept(config, network, authority, pdf, tmp_path):
    holder = authority.issue()
    network.revokes(authority.revoked(holder.certificate))
    revoked = replace(config, seal_file=authority.p12(tmp_path, holder, "revoked.p12"), seal_ltv=True)
    with pytest.raises(WorkflowError, match="сертификат печати не прошёл проверку"):
        seal.seal(revoked, pdf)


def test_why_a_seal_was_not_put_comes_back_from_the_child(child, config):
    del child
    with pytest.raises(WorkflowError, match="файл PDF не принял подпись"):
        seal.seal(config, b"%PDF-1.7 but not really")


@pytest.mark.parametrize(
    "change", [{"seal_password": "wrong"}, {"seal_file": "no-such.p12"}, {"seal_file": "root.pem"}]
)
def test_a_key_that_cannot_be_read_is_said_in_words(config, pdf, change):
    with pytest.raises(NoSeal, match="не читается, или пароль к нему не подходит"):
        seal.seal(replace(config, **change), pdf)


def test_the_standing_of_the_seal_follows_its_dates(config, pdf):
    found = seal.describe(config)
    assert (found.owner, found.usable, found.warning) == (OWNER, True, None)
    with clock.at(found.valid_to - timedelta(days=10)):
        assert "истекает через 10 дн." in str(seal.describe(config).warning)
    with clock.at(found.valid_to + timedelta(days=1)), pytest.raises(NoSeal, match="истёк"):
        seal.seal(config, pdf)
    with clock.at(found.valid_from - timedelta(days=1)), pytest.raises(NoSeal, match="ещё не действует"):
        seal.seal(config, pdf)
    assert seal.describe(Config(config.folder)) is None
    assert PASSWORD not in repr(config)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed on this machine")
def test_a_sealed_pdf_a_still_says_that_it_is_one(config):
    """PDF/A-2 stands on PDF 1.7: sealing with a key of an elliptic curve does not make it 2.0."""
    document = docx.Document()
    document.add_paragraph("Заключение")
    out = io.BytesIO()
    document.save(out)
    with closing(Converter(1)) as pool:
        made = pool.pdf(out.getvalue())
    sealed = seal.seal(config, made)
    with pypdfium2.PdfDocument(sealed.data) as opened:
        assert "Заключение" in opened[0].get_textpage().get_text_range()
    last = sealed.data[len(made) :]
    assert b"pdfaid" not in last  # the metadata that say so are the very same
    assert not re.search(rb"/Version\s*/2", last)
    assert sealed.fields["whole"] is True
