"""A signature made outside the product, in a file of its own (CAdES): what it says, what it is worth, which file it signs.

Verdicts: ``verified`` (the mathematics holds, the certificate leads to a trusted one), ``intact`` (it holds, the issuer is not
trusted here), ``unverified`` (an algorithm that nothing here can compute: GOST). Only the first is shown without
«не проверено». A signature of other bytes, or one that does not hold, is refused. Whether a certificate was revoked is
nowhere asked: that needs the network of the certification authority.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from workflow_app.errors import N_, Sentence
from workflow_app.files import sandbox
from workflow_app.signatures import detached_child

MOST = 1 << 20  # bytes of a signature's file
WHY: Final[dict[str, Sentence]] = {
    "gost": N_("не проверено: алгоритм ГОСТ"),
    "algorithm": N_("не проверено: алгоритм не поддерживается"),
    "issuer": N_("не проверено: издатель неизвестен"),
    "expired": N_("не проверено: срок сертификата не идёт"),
    "chain": N_("не проверено: цепочка сертификатов не сошлась"),
}
UNCHECKED = N_("не проверено")
VERIFIED = N_("подпись проверена")


@dataclass(frozen=True, slots=True)
class Examined:
    """A signature that was read: ``verdict``, ``form`` of the document that it signs ("" unknown), and its fields.

    Beside those of ``certificates``: ``digest``, ``signed_at`` (ISO or ""), ``cades`` (whether the certificate is protected by
    the signature), ``attached`` (whether the file is inside), ``why`` (a key of ``WHY`` or "").
    """

    verdict: str
    form: str
    fields: dict[str, Any]


def examine(data: bytes, forms: dict[str, Path], trust: str = "") -> Examined:
    """Read a signature over one of ``forms``. ``trust``: absolute path of trusted certificates.

    Raises a WorkflowError when it is no signature, not of these files, or does not hold.
    """
    named = json.dumps({form: str(path) for form, path in forms.items()})
    told = json.loads(sandbox.call(detached_child.examine_job, named, trust, data=data))
    return Examined(told["verdict"], told["form"], told["fields"])


def standing(verdict: str, fields: dict[str, Any]) -> Sentence:
    """Return what is said of a stored signature: whatever is not verified says so."""
    return VERIFIED if verdict == "verified" else WHY.get(str(fields.get("why")), UNCHECKED)
