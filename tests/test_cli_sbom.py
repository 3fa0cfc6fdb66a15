"""The bill of materials says what is installed, in the form of CycloneDX (security.md 76)."""

import json
import re
from importlib import metadata

from tests.command import done


def test_the_bill_names_every_installed_package_once_with_its_version(tmp_path):
    told = json.loads(done("sbom", cwd=tmp_path))
    assert (told["bomFormat"], told["specVersion"], told["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", told["serialNumber"])
    assert told["metadata"]["component"]["name"] == "workflow-app"
    said = {(normal(one["name"]), one["version"]) for one in told["components"] if one["type"] == "library"}
    there = {(normal(one.metadata["Name"]), one.version) for one in metadata.distributions()}
    assert said == {one for one in there if one[0] != "workflow-app"}
    assert {"flask", "sqlalchemy", "zxcvbn", "pyotp"} <= {name for name, _ in said}
    assert [one["name"] for one in told["components"] if one["type"] == "platform"] == ["CPython"]


def test_references_are_unique_and_lead_to_components(tmp_path):
    file = tmp_path / "bom.json"
    done("sbom", "--out", file, cwd=tmp_path)
    told = json.loads(file.read_text(encoding="utf-8"))
    refs = [one["bom-ref"] for one in told["components"]] + [told["metadata"]["component"]["bom-ref"]]
    assert len(refs) == len(set(refs))
    assert all(one["purl"] == one["bom-ref"] for one in told["components"] if one["type"] == "library")
    edges = {one["ref"]: one["dependsOn"] for one in told["dependencies"]}
    assert len(edges) == len(told["dependencies"])
    assert {ref for ref, needs in edges.items() for ref in (ref, *needs)} <= set(refs)
    flask = next(ref for ref in edges if ref.startswith("pkg:pypi/flask@"))
    assert any(ref.startswith("pkg:pypi/werkzeug@") for ref in edges[flask])
    assert flask in edges[told["metadata"]["component"]["bom-ref"]]
    for one in told["components"]:
        for licence in one.get("licenses", ()):
            assert set(licence) in ({"expression"}, {"license"})


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()
