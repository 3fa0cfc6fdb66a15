"""Putting the seal and looking at it with pyHanko, in a child process: the key is in memory only as long as that lives.

Only ``seal`` calls this. pyHanko takes a second to import, so it is imported where it works: the server never pays that.
"""
# ruff: noqa: PLC0415 - see above

from __future__ import annotations

import asyncio
import io
import json
from typing import TYPE_CHECKING, Any

from workflow_app.errors import N_, WorkflowError
from workflow_app.signatures.certificates import fields_of, trusted

if TYPE_CHECKING:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator import ValidationContext
    from pyhanko_certvalidator.fetchers import FetcherBackend

FIELD = "Seal"
_SECONDS = 8
_NEWEST = (1, 7)  # the PDF on which PDF/A-2 stands; keys of elliptic curves would make it 2.0
UNREADABLE = N_("Печать не поставлена: файл ключа организации не читается, или пароль к нему не подходит.")
NO_TIME = N_("Печать не поставлена: служба меток времени не ответила. Ничего не изменилось, повторите позже.")
NO_LTV = N_(
    "Печать не поставлена: сертификат печати не прошёл проверку, или не удалось получить списки отозванных сертификатов. "
    "Ничего не изменилось."
)
NOT_SEALED = N_("Печать не поставлена: файл PDF не принял подпись. Ничего не изменилось.")


def seal_job(key: str, trust: str, tsa_url: str, ltv: int, data: bytes) -> bytes:
    """In the child: ``data`` is the password, a zero byte, the PDF; the answer a line of JSON and the sealed PDF."""
    password, _, pdf = data.partition(b"\0")
    signer = _signer(key, password)
    sealed = asyncio.run(_sealed(signer, pdf, trust, tsa_url, ltv=bool(ltv)))
    told = asyncio.run(looked(sealed, trust))
    if not (told.get("intact") and told.get("whole")):  # nothing that was not looked at is ever stored
        raise WorkflowError(NOT_SEALED)
    return json.dumps(told).encode() + b"\n" + sealed


def _signer(key: str, password: bytes) -> SimpleSigner:
    from pyhanko.sign.signers import SimpleSigner

    signer: SimpleSigner | None = SimpleSigner.load_pkcs12(key, passphrase=password or None)  # type: ignore[no-untyped-call]
    if signer is None or signer.signing_cert is None:
        raise WorkflowError(UNREADABLE)
    return signer


async def _sealed(signer: SimpleSigner, pdf: bytes, trust: str, tsa_url: str, *, ltv: bool) -> bytes:
    """Return the PDF with the seal: B-B, with a time stamp B-T, with validation data B-LT or B-LTA."""
    from pyhanko.sign import PdfSignatureMetadata, PdfSigner, fields
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError
    from pyhanko_certvalidator.errors import PathError
    from pyhanko_certvalidator.fetchers.aiohttp_fetchers import AIOHttpFetcherBackend

    network = AIOHttpFetcherBackend(per_request_timeout=_SECONDS)
    stamper = HTTPTimeStamper(tsa_url, timeout=_SECONDS) if tsa_url else None
    how = PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES, embed_validation_info=ltv,
        use_pades_lta=ltv and stamper is not None, validation_context=_context(trust, signer, network) if ltv else None,
        signer_key_usage=set(),
    )  # fmt: skip
    out = io.BytesIO()
    try:
        writer = _writer(pdf)
        await PdfSigner(how, signer, timestamper=stamper).async_sign_pdf(writer, output=out)
    except TimestampRequestError as error:
        raise WorkflowError(NO_TIME) from error
    except OSError as error:  # aiohttp's, and a time that ran out
        raise WorkflowError(NO_TIME if tsa_url else NOT_SEALED) from error
    except Exception as error:  # whatever pyHanko says of a strange file or key
        chain = ltv and isinstance(error, (PathError, SigningError))
        raise WorkflowError(NO_LTV if chain else NOT_SEALED) from error
    finally:
        await network.close()  # type: ignore[no-untyped-call]
    return out.getvalue()


def _writer(pdf: bytes) -> IncrementalPdfFileWriter:
    """Return a writer that adds to a PDF/A-2 and leaves it one: no version after 1.7, its metadata as they are."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    class Faithful(IncrementalPdfFileWriter):
        def ensure_output_version(self, version: tuple[int, int]) -> None:
            super().ensure_output_version(min(version, _NEWEST))  # type: ignore[no-untyped-call]

        def register_extension(self, ext: Any) -> None:
            if ext.base_version == "/1.7":
                super().register_extension(ext)

        def _update_meta(self) -> None:
            pass

    return Faithful(io.BytesIO(pdf))


def _context(
    trust: str, signer: SimpleSigner | None = None, network: FetcherBackend | None = None
) -> ValidationContext:
    """Return what trust is measured by: the configured certificates, else the self-signed ones that came with the key."""
    from pyhanko_certvalidator import ValidationContext

    others = list(signer.cert_registry) if signer else []
    roots = trusted(trust) or [one for one in others if one.self_issued]
    return ValidationContext(
        trust_roots=roots, other_certs=others, allow_fetching=network is not None, fetcher_backend=network,
        revocation_mode="hard-fail" if network else "soft-fail", retroactive_revinfo=True,
    )  # fmt: skip


async def looked(pdf: bytes, trust: str) -> dict[str, Any]:
    """Return what the first signature of a PDF is worth, without asking any network; {} when it bears none.

    The fields of its certificate, ``intact``, ``whole`` (nothing but validation data came later), ``trusted`` (within ``trust``),
    ``level``, ``stamped_at``.
    """
    from pyhanko.pdf_utils.misc import PdfReadError
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import async_validate_pdf_signature

    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        signatures = reader.embedded_regular_signatures
    except (PdfReadError, ValueError, KeyError):
        return {}
    if not signatures:
        return {}
    context = _context(trust)
    found = signatures[0]
    found.compute_integrity_info()
    status = await async_validate_pdf_signature(found, context)
    certificate = status.signing_cert
    stamp = status.timestamp_validity
    return {
        **fields_of(certificate),
        "intact": bool(status.intact and status.valid),
        "trusted": bool(status.trusted),
        "whole": bool(status.intact and status.coverage is not None and _unchanged(status)),
        "stamped_at": stamp.timestamp.isoformat() if stamp is not None and stamp.intact and stamp.valid else "",
        "level": _level(reader, stamped=stamp is not None),
    }


def _unchanged(status: Any) -> bool:
    """Whether the signature covers all of the file, but for validation data and time stamps that came later."""
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    level = status.modification_level
    covered = status.coverage >= SignatureCoverageLevel.ENTIRE_REVISION
    return bool(covered and level is not None and level <= ModificationLevel.LTA_UPDATES)


def _level(reader: PdfFileReader, *, stamped: bool) -> str:
    """Return the level of PAdES by what is in the file: a stamp, validation data, a stamp over them."""
    from pyhanko.sign.validation.dss import DocumentSecurityStore
    from pyhanko.sign.validation.errors import NoDSSFoundError

    try:
        store = DocumentSecurityStore.read_dss(handler=reader)
    except NoDSSFoundError:
        store = None
    if store is not None and (store.crls or store.ocsps):
        return "PAdES-B-LTA" if reader.embedded_timestamp_signatures else "PAdES-B-LT"
    return "PAdES-B-T" if stamped else "PAdES-B-B"
