"""Reading a signature made outside (CMS: .sig, .p7s) in a child process: a stranger's file, parsed with no right to anything.

Only ``detached`` calls this. The mathematics of RSA and of elliptic curves is pyHanko's; for GOST there is none, and none is
written here: such a signature is read and shown, and stays unverified.
"""
# ruff: noqa: PLC0415 - pyHanko takes a second to import, and only what can be verified needs it; the server loads this room without either

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from workflow_app.errors import N_, WorkflowError
from workflow_app.signatures.certificates import ALGORITHMS, GOST, fields_of, key_algorithm, trusted

if TYPE_CHECKING:
    from asn1crypto import cms, x509  # type: ignore[import-untyped]  # it has no types

NOT_ONE = N_("Это не файл электронной подписи: нужен .sig или .p7s, который дала программа подписи.")
MANY = N_("В файле подписи нескольких лиц. Приложите подпись каждого отдельным файлом.")
NO_CERTIFICATE = N_("В подписи нет сертификата подписавшего. Подпишите ещё раз с включением сертификата в подпись.")
FOREIGN = N_(
    "Подпись сделана не к этому документу: её отпечаток не совпал ни с одним из его файлов. Ничего не сохранено."
)
BROKEN = N_("Подпись не сходится: она повреждена или подделана. Ничего не сохранено.")
_STRONG: Final = ("sha224", "sha256", "sha384", "sha512")
_DIGESTS: Final = ("sha1", *_STRONG)  # by SHA-1 a file is still found, but nothing is proved
_DIGEST_NAMES: Final = {
    "1.2.643.7.1.1.2.2": "ГОСТ Р 34.11-2012 (256 бит)", "1.2.643.7.1.1.2.3": "ГОСТ Р 34.11-2012 (512 бит)",
    "1.2.643.2.2.9": "ГОСТ Р 34.11-94",
}  # fmt: skip
_MESSAGE_DIGEST, _SIGNING_TIME = "1.2.840.113549.1.9.4", "1.2.840.113549.1.9.5"
_PROTECTING = {"1.2.840.113549.1.9.16.2.12", "1.2.840.113549.1.9.16.2.47"}  # signing-certificate, the same with SHA-2
# What asn1crypto raises, somewhere deep, when bytes are not what their tags say.
_STRANGE = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)
_BASE64 = re.compile(rb"[A-Za-z0-9+/=\s]+")


def examine_job(forms: str, trust: str, data: bytes) -> bytes:
    """In the child: what a signature says and to which of ``forms`` (JSON: form -> path) it belongs; JSON ``Examined``."""
    try:
        return json.dumps(_examined(_signed_data(data), json.loads(forms), trust)).encode()
    except _STRANGE as error:
        raise WorkflowError(NOT_ONE) from error


def _examined(signed: cms.SignedData, forms: dict[str, str], trust: str) -> dict[str, Any]:
    signer = signed["signer_infos"][0]
    certificate = _certificate_of(signed, signer)
    attributes = {one["type"].dotted: one["values"][0] for one in signer["signed_attrs"] or () if len(one["values"])}
    files = {form: Path(path).read_bytes() for form, path in forms.items()}
    form = _form(signed, signer, attributes, files)
    told = {
        **fields_of(certificate),
        "digest": _named(signer["digest_algorithm"]["algorithm"].native, _DIGEST_NAMES),
        "signed_at": _signed_at(attributes),
        "cades": not _PROTECTING.isdisjoint(attributes),
        "attached": _content(signed) is not None,
    }
    verdict, why = _verdict(signed, signer, certificate, files.get(form, b""), trust)
    return {"fields": told | {"why": why}, "form": form, "verdict": verdict}


def _signed_data(data: bytes) -> cms.SignedData:
    """Read DER, PEM or bare base64, strictly: one signed structure, one signer, nothing after it."""
    from asn1crypto import cms, pem

    if pem.detect(data):
        _, _, data = pem.unarmor(data)
    elif _BASE64.fullmatch(data.removeprefix(b"\xef\xbb\xbf")):
        data = base64.b64decode(b"".join(data.removeprefix(b"\xef\xbb\xbf").split()), validate=True)
    whole = cms.ContentInfo.load(data, strict=True)
    if whole["content_type"].native != "signed_data":
        raise WorkflowError(NOT_ONE)
    signers = len(whole["content"]["signer_infos"])
    if signers != 1:
        raise WorkflowError(MANY if signers else NOT_ONE)
    return whole["content"]


def _certificate_of(signed: cms.SignedData, signer: cms.SignerInfo) -> x509.Certificate:
    """Return the certificate that the signer names, out of those in the file."""
    from asn1crypto import x509

    sid = signer["sid"]
    for one in signed["certificates"] or ():
        certificate = one.chosen
        if not isinstance(certificate, x509.Certificate):
            continue
        if sid.name == "subject_key_identifier":
            if certificate.key_identifier == sid.chosen.native:
                return certificate
        elif (
            certificate.serial_number == sid.chosen["serial_number"].native
            and certificate.issuer.dump() == sid.chosen["issuer"].dump()
        ):
            return certificate
    raise WorkflowError(NO_CERTIFICATE)


def _signed_at(attributes: dict[str, Any]) -> str:
    """Return when the signer's computer says it was signed: nobody vouches for it."""
    found = attributes[_SIGNING_TIME].native if _SIGNING_TIME in attributes else None
    return found.astimezone(UTC).isoformat() if isinstance(found, datetime) else ""


def _content(signed: cms.SignedData) -> bytes | None:
    """Return the signed bytes if they are inside the signature."""
    inside = signed["encap_content_info"]["content"]
    return inside.native if isinstance(inside.native, bytes) else None


def _form(signed: cms.SignedData, signer: cms.SignerInfo, attributes: dict[str, Any], files: dict[str, bytes]) -> str:
    """Return which file was signed; "" where only GOST could tell. Raises a WorkflowError when it is none of them."""
    content = _content(signed)
    algorithm = signer["digest_algorithm"]["algorithm"].native
    if content is not None:
        found = [form for form, data in files.items() if data == content]
    elif _MESSAGE_DIGEST in attributes and algorithm in _DIGESTS:
        stated = attributes[_MESSAGE_DIGEST].native
        found = [form for form, data in files.items() if hashlib.new(algorithm, data).digest() == stated]
    elif algorithm in _DIGESTS:  # no attributes: the signature is over the file itself, so try each
        found = [form for form, data in files.items() if _holds(signed, data)]
    else:
        return ""
    if not found:
        raise WorkflowError(FOREIGN)
    return found[0]


def _holds(signed: cms.SignedData, data: bytes) -> bool:
    try:
        return bool(_status(signed, data, []).intact)
    except Exception:  # noqa: BLE001 - pyHanko says «no» in many ways
        return False


def _verdict(
    signed: cms.SignedData, signer: cms.SignerInfo, certificate: x509.Certificate, data: bytes, trust: str
) -> tuple[str, str]:
    """Return the verdict and, where it is not «verified», why."""
    from pyhanko.sign.validation.errors import SignatureValidationError

    key, digest = key_algorithm(certificate), signer["digest_algorithm"]["algorithm"].native
    if key.startswith(GOST) or digest.startswith(GOST):
        return "unverified", "gost"
    if key not in ALGORITHMS or digest not in _STRONG:
        return "unverified", "algorithm"
    try:
        status = _status(signed, data, trusted(trust))
    except SignatureValidationError as error:
        raise WorkflowError(BROKEN) from error
    except Exception:  # noqa: BLE001 - pyHanko says in many ways that it does not know an algorithm
        return "unverified", "algorithm"
    if not (status.intact and status.valid):
        raise WorkflowError(BROKEN)
    if status.trusted:
        return "verified", ""
    return "intact", _why(certificate, str(status.trust_problem_indic))


def _why(certificate: x509.Certificate, problem: str) -> str:
    validity = certificate["tbs_certificate"]["validity"]
    if not validity["not_before"].native <= datetime.now(UTC) <= validity["not_after"].native:
        return "expired"
    return "issuer" if "NO_CERTIFICATE_CHAIN_FOUND" in problem else "chain"


def _status(signed: cms.SignedData, data: bytes, roots: list[x509.Certificate]) -> Any:
    """Let pyHanko verify: the digest, the signature over the attributes, the chain up to ``roots``, asking no network."""
    from pyhanko.sign.validation.generic_cms import async_validate_cms_signature, async_validate_detached_cms
    from pyhanko.sign.validation.settings import KeyUsageConstraints
    from pyhanko_certvalidator import ValidationContext

    context = ValidationContext(trust_roots=roots, allow_fetching=False, revocation_mode="soft-fail")
    usage = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)
    if _content(signed) is not None:  # the file is inside, and was found equal to ours
        inside = async_validate_cms_signature(signed, validation_context=context, key_usage_settings=usage)
        return asyncio.run(inside)
    return asyncio.run(async_validate_detached_cms(data, signed, context, key_usage_settings=usage))


def _named(algorithm: str, names: dict[str, str]) -> str:
    return names.get(algorithm, algorithm.upper().replace("SHA", "SHA-") if algorithm in _DIGESTS else algorithm)
