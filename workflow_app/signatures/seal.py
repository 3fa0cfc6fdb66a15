"""The organisation's seal on a PDF: PAdES by the key of ``seal_file``, with time stamps and validation data as configured.

The seal says «these bytes left this organisation and did not change since». It is not a person's signature, and never drawn
as the frame of a qualified one (R36). The key is a PKCS#12 file; a GOST key is not among those that can be used (ADR 10).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from workflow_app import clock
from workflow_app.config import Config
from workflow_app.errors import N_, Sentence, WorkflowError
from workflow_app.files import sandbox
from workflow_app.signatures import seal_child
from workflow_app.signatures.certificates import fields_of

SOON = timedelta(days=30)
SECONDS = 45  # two time stamps and the lists of revoked certificates are waited for


class NoSeal(WorkflowError):
    """There is no seal, or it cannot be used."""


@dataclass(frozen=True, slots=True)
class Seal:
    """The organisation's certificate; ``warning`` says what is wrong or soon will be, ``usable`` whether it can seal now."""

    owner: str
    number: str
    issuer: str
    valid_from: datetime
    valid_to: datetime
    warning: Sentence | None
    usable: bool


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed PDF and what is known of its seal (see ``seal_child.looked``)."""

    data: bytes
    fields: dict[str, Any]


def place(config: Config, name: str) -> str:
    """Return the absolute path of a file named in the settings: beside ``config.toml`` unless absolute; "" stays."""
    return str((config.folder / name).resolve()) if name else ""


def describe(config: Config) -> Seal | None:
    """Return the organisation's seal; None when none is configured. Raises NoSeal when its file cannot be read."""
    if not config.seal_file:
        return None
    from asn1crypto import x509  # type: ignore[import-untyped]  # noqa: PLC0415 - a server starts without either library
    from cryptography.hazmat.primitives.serialization import Encoding, pkcs12  # noqa: PLC0415 - as above

    try:
        data = Path(place(config, config.seal_file)).read_bytes()
        found = pkcs12.load_pkcs12(data, config.seal_password.encode() or None)
        if found.cert is None or found.key is None:
            raise NoSeal(seal_child.UNREADABLE)
        told = fields_of(x509.Certificate.load(found.cert.certificate.public_bytes(Encoding.DER)))
    except (OSError, ValueError) as error:
        raise NoSeal(seal_child.UNREADABLE) from error
    since, until = (datetime.fromisoformat(told[one]) for one in ("valid_from", "valid_to"))
    warning, usable = _standing(since, until)
    return Seal(told["owner"], told["number"], told["issuer"], since, until, warning, usable)


def _standing(since: datetime, until: datetime) -> tuple[Sentence | None, bool]:
    now = clock.now()
    if now > until:
        return N_("Срок действия сертификата печати истёк: заверять документы нельзя."), False
    if now < since:
        return N_("Сертификат печати ещё не действует: заверять документы нельзя."), False
    if until - now < SOON:
        return N_("Срок действия сертификата печати истекает через %(n)s дн.", n=(until - now).days), True
    return None, True


def seal(config: Config, pdf: bytes) -> Sealed:
    """Return the PDF sealed. Raises NoSeal or a WorkflowError with the reason; nothing half-written exists then."""
    found = describe(config)
    if found is None:
        raise NoSeal(N_("Печать организации не настроена. Обратитесь к администратору."))
    if not found.usable and found.warning is not None:
        raise NoSeal(found.warning)
    made = sandbox.call(
        seal_child.seal_job, place(config, config.seal_file), place(config, config.signature_trust), config.tsa_url,
        int(config.seal_ltv), data=config.seal_password.encode() + b"\0" + pdf, seconds=SECONDS,
    )  # fmt: skip
    told, _, data = made.partition(b"\n")
    return Sealed(data, json.loads(told))
