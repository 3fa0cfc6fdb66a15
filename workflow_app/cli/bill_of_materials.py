"""The bill of materials: what is installed beside the program, as CycloneDX 1.6 JSON (ECMA-424; security.md 76).

Read from what Python itself keeps of each installed package, so that it says what is there and not what was wished for. The
library of CycloneDX would bring seven packages more than the sixty lines it would save.
"""

from __future__ import annotations

import json
import platform
import re
import uuid
from collections.abc import Iterable
from importlib import metadata
from typing import Any

from workflow_app import clock

OWN = "workflow-app"
_NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
_LICENSE_MOST = 100  # characters: some packages put the whole text of the licence where its name belongs


def bill() -> dict[str, Any]:
    """Return the bill as CycloneDX tells it: components with package URLs and licences, and who needs whom."""
    known = {_key(one): one for one in reversed([*metadata.distributions()])}  # the first on the path is the one in use
    parts = [_component(one) for key, one in sorted(known.items()) if key != OWN]
    own = _component(known[OWN]) if OWN in known else {"type": "application", "name": OWN, "bom-ref": OWN}
    body: dict[str, Any] = {
        "components": [*parts, _python()],
        "dependencies": [_needs(one, known) for _key, one in sorted(known.items())],
    }
    told = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(body, sort_keys=True))  # the same for the same installation
    return {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": f"urn:uuid:{told}", "version": 1,
        "metadata": {
            "timestamp": clock.now().isoformat(timespec="seconds"),
            "tools": {"components": [{"type": "application", "name": f"{OWN} sbom"}]},
            "component": own | {"type": "application"},
        },
    } | body  # fmt: skip


def _key(one: metadata.Distribution) -> str:
    return _normal(one.metadata["Name"])


def _normal(name: str) -> str:
    """Return a package's name as the index writes it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _ref(one: metadata.Distribution) -> str:
    return f"pkg:pypi/{_key(one)}@{one.version}"


def _component(one: metadata.Distribution) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": "library", "bom-ref": _ref(one), "name": one.metadata["Name"], "version": one.version, "purl": _ref(one),
    }  # fmt: skip
    if licences := _licences(one):
        found["licenses"] = licences
    return found


def _licences(one: metadata.Distribution) -> list[dict[str, Any]]:
    said = {name: one.metadata.get_all(name) or [] for name in ("License-Expression", "License", "Classifier")}
    if said["License-Expression"]:
        return [{"expression": said["License-Expression"][0]}]
    named = [text for text in said["License"] if text and len(text) <= _LICENSE_MOST and "\n" not in text]
    named = named or [text.rpartition(" :: ")[2] for text in said["Classifier"] if text.startswith("License ::")]
    return [{"license": {"name": text}} for text in named]


def _python() -> dict[str, Any]:
    name, version = platform.python_implementation(), platform.python_version()
    return {"type": "platform", "bom-ref": f"{name}@{version}", "name": name, "version": version}


def _needs(one: metadata.Distribution, known: dict[str, metadata.Distribution]) -> dict[str, Any]:
    """Return whom a package needs, of those that are there; what only an extra asks for is left out."""
    return {
        "ref": _ref(one),
        "dependsOn": sorted({_ref(known[name]) for name in _wanted(one.requires or ()) if name in known}),
    }


def _wanted(requires: Iterable[str]) -> Iterable[str]:
    for text in requires:
        wanted, _, marker = text.partition(";")
        if "extra" not in marker and (found := _NAME.match(wanted)):
            yield _normal(found[1])
