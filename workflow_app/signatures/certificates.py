"""What a certificate says of its owner, in plain values, whatever its algorithm: GOST ones too, without any cryptography.

Fields of a certificate everywhere below, all strings: ``number`` (hexadecimal), ``owner`` (a person's name, else the common
name), ``organisation``, ``snils``, ``inn``, ``ogrn``, ``issuer``, ``valid_from`` and ``valid_to`` (ISO, UTC), ``algorithm``.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from asn1crypto import x509  # type: ignore[import-untyped]  # it has no types

Fields = dict[str, Any]

# Names of algorithms as a clerk meets them in a certificate's window.
ALGORITHMS: Final = {
    "1.2.643.7.1.1.1.1": "ГОСТ Р 34.10-2012 (256 бит)",
    "1.2.643.7.1.1.1.2": "ГОСТ Р 34.10-2012 (512 бит)",
    "1.2.643.2.2.19": "ГОСТ Р 34.10-2001",
    "1.2.840.113549.1.1.1": "RSA",
    "1.2.840.113549.1.1.10": "RSA-PSS",
    "1.2.840.10045.2.1": "ECDSA",
    "1.3.101.112": "Ed25519",
    "1.3.101.113": "Ed448",
}
GOST: Final = "1.2.643."
_NUMBERS: Final = {
    "1.2.643.100.3": "snils", "1.2.643.3.131.1.1": "inn", "1.2.643.100.4": "inn_organisation", "1.2.643.100.1": "ogrn",
    "1.2.643.100.5": "ogrnip",
}  # fmt: skip
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_LONGEST = 300  # characters of a field


def fields_of(certificate: x509.Certificate) -> Fields:
    """Return the fields of a certificate. Raises ValueError when it is not one."""
    body = certificate["tbs_certificate"]
    subject, issuer = _names(body["subject"]), _names(body["issuer"])
    person = " ".join(subject[one] for one in ("surname", "given_name") if subject.get(one))
    common = subject.get("common_name", "")
    organisation = subject.get("organization_name", "")
    algorithm = key_algorithm(certificate)
    return {
        "number": f"{body['serial_number'].native:X}",
        "owner": person if subject.get("surname") and subject.get("given_name") else common or organisation,
        "organisation": organisation or (common if person and common != person else ""),
        "snils": subject.get("snils", ""),
        "inn": subject.get("inn") or subject.get("inn_organisation", ""),
        "ogrn": subject.get("ogrn") or subject.get("ogrnip", ""),
        "issuer": issuer.get("common_name") or issuer.get("organization_name", ""),
        "valid_from": body["validity"]["not_before"].native.isoformat(),
        "valid_to": body["validity"]["not_after"].native.isoformat(),
        "algorithm": ALGORITHMS.get(algorithm, algorithm),
    }


def key_algorithm(certificate: x509.Certificate) -> str:
    """Return the object identifier of the public key's algorithm; asn1crypto itself raises for one it does not know."""
    from asn1crypto import core  # noqa: PLC0415 - a server starts without it

    outer = core.SequenceOf.load(certificate["tbs_certificate"]["subject_public_key_info"].dump(), spec=core.Any)
    inner = core.SequenceOf.load(outer[0].dump(), spec=core.Any)
    return str(inner[0].parse(core.ObjectIdentifier).dotted)


def _names(name: x509.Name) -> dict[str, str]:
    """Return the first value of each attribute of a name; the numbers of Russian certificates under words."""
    found: dict[str, str] = {}
    for group in name.chosen:
        for pair in group:
            kind, value = pair["type"].native, pair["value"].native
            if isinstance(value, str):
                text = " ".join(_UNSEEN.sub(" ", value).split())[:_LONGEST]
                found.setdefault(_NUMBERS.get(kind, kind), text)
    return found


def trusted(place: str) -> list[x509.Certificate]:
    """Return the certificates of a PEM or DER file, or of every .pem, .crt and .cer of a folder; none for "".

    Raises OSError or ValueError.
    """
    if not place:
        return []
    from asn1crypto import pem, x509  # noqa: PLC0415 - as above

    path = Path(place)
    files = sorted(one for one in path.iterdir() if one.suffix in (".pem", ".crt", ".cer")) if path.is_dir() else [path]
    found: list[x509.Certificate] = []
    for one in files:
        data = one.read_bytes()
        parts = [der for _, _, der in pem.unarmor(data, multiple=True)] if pem.detect(data) else [data]
        found += [x509.Certificate.load(der, strict=True) for der in parts]
    return found
