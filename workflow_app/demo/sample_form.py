"""Case forms of the demo: from an entry of ``data/demo_cases.yaml`` to what is typed into the form."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from workflow_app import data
from workflow_app.case_types.registry import case_type
from workflow_app.demo.people import Cast
from workflow_app.errors import Broken
from workflow_app.states.forms import asks

_SHARED = ("title", "position", "subject_area", "education_level", "annotation")


@cache
def entries() -> Mapping[str, dict[str, Any]]:
    """Return the demo's case entries by key."""
    return {one["key"]: one for one in data.load("demo_cases")["cases"]}


def form_of(key: str, cast: Cast) -> dict[str, Any]:
    """Return what the applicant types into the form of the demo case ``key``."""
    if key not in entries():
        raise Broken(f"no demo case {key!r}")
    one = entries()[key]
    person = next(p for p in data.load("demo_people")["people"] if p["key"] == one["applicant"])
    form: dict[str, Any] = {name: one[name] for name in _SHARED if name in one}
    form |= {
        "organization_id": cast.organizations[person["organization"]],
        "keywords": one.get("keywords", []),
        "co_authors": [_name(co_author) for co_author in one.get("co_authors", [])],
        "declaration_authorship": True,
        "no_minors_data": True,
    }
    fields = set(asks(case_type(one["type"]).form)) - set(form)
    form |= {name: one[name] for name in fields & set(one) if one[name] is not None}
    if case_type(one["type"]).shape.attestation:
        form |= _attestation(one)
    if one["type"] == "methodical_material":
        form["publish"] = True
    return form


def _name(key: str) -> str:
    for one in data.load("demo_people")["people"]:
        if one["key"] == key:
            return " ".join(one["name"])
    return key


def _attestation(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "education": f"{one['education']}, {one['education_year']} год",
        "current_on": one.get("current_category_date"),
        "current_act": one.get("current_category_act", ""),
        "current_position": one.get("current_category_position", ""),
        "report": one.get("sections", {}),
        "awards": one.get("awards", []),
    }
