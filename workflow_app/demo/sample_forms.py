"""Works of the demo: whole case forms, from the long entries of ``demo_cases.yaml`` or the short ones of ``demo_works.yaml``."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from workflow_app import data
from workflow_app.demo.people import Cast
from workflow_app.demo.sample_form import entries, form_of
from workflow_app.errors import Broken

ATTESTATION, MATERIAL, PRODUCT, RESULTS = (
    "attestation_portfolio",
    "methodical_material",
    "innovation_product",
    "platform_results",
)
_CATEGORIES = {"first": "первую квалификационную категорию", "highest": "высшую квалификационную категорию"}
_LEVELS = {
    "preschool": "preschool", "speech": "preschool", "primary": "primary", "additional_technical": "additional",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Work:
    """A work: its case type, the applicant's key, and what is typed into the form."""

    key: str
    kind: str
    applicant: str
    form: dict[str, Any]

    @property
    def title(self) -> str:
        """The title in the form."""
        return str(self.form["title"])


def work(key: str, cast: Cast, today: date) -> Work:
    """Return the work ``key``; its dates lie before ``today``."""
    if key in entries():
        one = entries()[key]
        return Work(key, one["type"], one["applicant"], _in_time(form_of(key, cast), today))
    for kind, section, build in _SHORT:
        for short in _works()[section]:
            if short["key"] == key:
                dice = random.Random(key)  # noqa: S311 - the same numbers every time
                return Work(key, kind, short["applicant"], _shared(short, cast) | build(short, dice, today))
    raise Broken(f"no demo work {key!r}")


@cache
def _works() -> Mapping[str, Any]:
    found: Mapping[str, Any] = data.load("demo_works")
    return found


@cache
def people() -> Mapping[str, Mapping[str, Any]]:
    """Return the entries of the cast by key."""
    return {one["key"]: one for one in data.load("demo_people")["people"]}


def _shared(one: Mapping[str, Any], cast: Cast) -> dict[str, Any]:
    person = people()[one["applicant"]]
    area = str(person["subject_area"])
    return {
        "title": one.get("title", ""), "organization_id": cast.organizations[person["organization"]], "position": person["position"],
        "subject_area": area, "education_level": _LEVELS.get(area, "basic"), "annotation": one.get("annotation", ""),
        "keywords": one.get("keywords", []), "co_authors": [], "declaration_authorship": True, "no_minors_data": True,
    }  # fmt: skip


def _numbers(dice: random.Random) -> dict[str, int]:
    low = dice.randint(24, 46)
    return {
        "n": dice.randint(19, 88),
        "m": dice.randint(5, 9),
        "x": low,
        "y": low + dice.randint(17, 34),
        "z": dice.choice([3, 4, 22]),
    }


def _attestation(one: Mapping[str, Any], dice: random.Random, today: date) -> dict[str, Any]:
    person = people()[one["applicant"]]
    begins = _years_before(today, 5)
    held = {"first": "none", "highest": "first"}[one["category"]]
    education, _, year = str(person["education"]).split(";")[0].rpartition(", ")
    form: dict[str, Any] = {
        "title": f"Заявление на {_CATEGORIES[one['category']]}: {one['teaches']}", "target_category": one["category"],
        "attested_position": person["position"], "current_category": held, "education": f"{education}, {year} год",
        "experience_total": person["experience"], "experience_position": min(person["experience"], max(3, person["experience"] - 2)),
        "interattestation_from": begins, "interattestation_to": today + timedelta(days=40),
        "wants_presence": dice.choice([True, False, False]),
        "report": {key: text.format(**_numbers(dice)) for key, text in _works()["report"].items() if _belongs(key, one)},
    }  # fmt: skip
    if held != "none":
        form |= {"current_on": begins, "current_act": f"приказ от {begins:%d.%m.%Y} № {dice.randint(200, 480)}-Д"}
        form |= {"current_position": one["teaches"]}
    return form


def _belongs(criterion: str, one: Mapping[str, Any]) -> bool:
    return criterion != "methodical_work" or one["category"] == "highest"


def _material(one: Mapping[str, Any], dice: random.Random, today: date) -> dict[str, Any]:
    numbers = _numbers(dice)
    person = people()[one["applicant"]]
    place = next(o["name"] for o in data.load("demo_people")["organizations"] if o["key"] == person["organization"])
    return {
        "material_type": one["material_type"], "audience": one["audience"], "pages": one["pages"], "approbation_place": place,
        "approbation_period": f"сентябрь {today.year - 1} – май {today.year}",
        "approbation_result": _works()["approbation"].format(**numbers, measured=one["measured"]),
        "desired_level": dice.choice(["organization", "municipal", "municipal", "regional"]),
        "originality_percent": dice.randint(74, 96), "licence": dice.choice(["cc_by", "cc_by_nc", "view_only"]), "publish": True,
    }  # fmt: skip


def _product(one: Mapping[str, Any], dice: random.Random, today: date) -> dict[str, Any]:
    words = {**_numbers(dice), "about": one["about"], "gain": one["gain"]}
    said = {name: text.format(**words) for name, text in _works()["product"].items()}
    return {
        **said, "product_type": one["product_type"], "platform_status": "municipal",
        "platform_act": f"приказ управления образования от 30.08.{today.year - 1} № {dice.randint(150, 260)}",
        "term": f"сентябрь {today.year - 1} – август {today.year + 2}",
    }  # fmt: skip


_SHORT = (
    (ATTESTATION, "attestations", _attestation),
    (MATERIAL, "materials", _material),
    (PRODUCT, "products", _product),
)


def _in_time(form: dict[str, Any], today: date) -> dict[str, Any]:
    """Let the period of an attestation end soon after ``today``."""
    return form | {"interattestation_to": today + timedelta(days=40)} if "interattestation_to" in form else form


def _years_before(day: date, years: int) -> date:
    return day - timedelta(days=365 * years + 1)
