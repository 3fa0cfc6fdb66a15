"""How each indicator is counted from what was observed: one function an indicator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Final

from workflow_app.errors import N_
from workflow_app.monitoring.observed import Look, Row
from workflow_app.monitoring.people import Mention, distinct
from workflow_app.monitoring.values import Ref, Value, of_rows
from workflow_app.spelling import order_key

WIDE: Final = frozenset({"regional", "federal", "international"})
"""Levels from the region's upwards."""
WORKS: Final = frozenset({"methodical_material", "innovation_product", "practice_event"})
"""Case types whose approved works show innovative experience (K2.7)."""
TALKS: Final = frozenset({"talk"})
"""Channels by which experience is told, not printed."""
HELD: Final = frozenset({"held", "signed"})
YEAR: Final = 365  # days, in which a yearly plan is to be held
WON: Final = frozenset({"winner", "laureate"})


def _people(look: Look, rows: Iterable[Row]) -> tuple[Ref, ...]:
    """Return the first row of each person."""
    return tuple(distinct(map(look.town.mention, rows), look.town.directory).values())


def _refs(rows: Iterable[Row]) -> tuple[Ref, ...]:
    return tuple(row.ref for row in rows)


def _groups(words: Iterable[object]) -> Mapping[str, Decimal]:
    return {str(word): Decimal(n) for word, n in sorted(Counter(map(str, words)).items())}


def meetings(look: Look) -> Value:
    """K1.1: held meetings with a question of the programme among those that were planned; the longest gap between them.

    Planned are those of each body's yearly plan, in proportion to the days of the period, and never fewer than were called.
    """
    of_programme = {row["within_id"] for row in look.of("agenda_item") if row["is_programme"]}
    called = list(look.within("meeting"))
    found = [row for row in called if row.state in HELD and row.id in of_programme]
    each = Counter(row["body_id"] for row in called)
    days = (look.last_day - look.period.since).days + 1
    planned = sum(max(each[row.id], _rounded(Decimal((row["planned"] or 0) * days) / YEAR)) for row in look.of("body"))
    ends = sorted([look.period.since, *(row["on"] for row in found), look.last_day])
    gap = max((later - earlier).days for earlier, later in pairwise(ends))
    note = N_("самый долгий перерыв: %(n)s дн.", n=gap) if found else None
    return of_rows("percent", _refs(found), max(planned, 0), note=note)


def _rounded(number: Decimal) -> int:
    return int(number.quantize(Decimal(1), ROUND_HALF_UP))


def acts(look: Look) -> Value:
    """K1.2: of the acts that the centre needs, those that are in force, or that one in force has taken the place of."""
    needed = [row for row in look.of("checklist_item") if row["of"] == "acts"]
    known = {row.id: row for row in look.of("local_act") if row["on"] is not None and row["on"] <= look.last_day}
    serving: set[object] = set()
    for row in known.values():
        one: Row | None = row if row.state != "repealed" else None
        while one is not None and one.id not in serving:
            serving.add(one.id)
            one = known.get(one["replaces_id"])
    return of_rows("percent", _refs(row for row in needed if row["local_act_id"] in serving), len(needed))


def resources(look: Look) -> Value:
    """K1.5: of the resources that the programme needs, those that are there."""
    needed = [row for row in look.of("checklist_item") if row["of"] == "resources"]
    return of_rows("percent", _refs(row for row in needed if row["there"]), len(needed))


def publications(look: Look) -> Value:
    """K1.4: what was published, by channel; talks are counted in K3.3."""
    found = list(look.within("publication", only=lambda row: row["channel"] not in TALKS))
    return of_rows("count", _refs(found), groups=_groups(row["channel"] for row in found))


def members(look: Look) -> Value:
    """K1.6: teachers who are members of a body of the region or a wider one on the last day, each once."""
    found = _people(look, look.at_end("association_member", lambda row: row["level"] in WIDE))
    return of_rows("percent", found, look.teachers)


def experts(look: Look) -> Value:
    """K2.2: experts of the town who signed at least one review, each once; by type of case."""
    first: dict[int, Ref] = {}
    kinds: dict[str, set[int]] = {}
    for one in look.town.signed:
        if one.own and one.on in look.period:
            first.setdefault(one.expert_id, Ref("assignment", one.id, one.version))
            kinds.setdefault(one.case_type, set()).add(one.expert_id)
    groups = {kind: Decimal(len(people)) for kind, people in sorted(kinds.items())}
    return of_rows("percent", tuple(first.values()), look.teachers, groups=groups)


def partners(look: Look) -> Value:
    """K2.3: partners of agreements and municipalities with which at least one event was held."""
    held = list(look.within("centre_event", only=lambda row: row.state == "held"))
    by_id = {row.id: row for row in look.of("agreement")}
    met = {row["agreement_id"] for row in held if row["agreement_id"] in by_id}
    places: dict[str, Row] = {}
    for row in held:
        for name in row["municipalities"] or ():
            places.setdefault(order_key(str(name)), row)
    rows = tuple(dict.fromkeys((*_refs(by_id[one] for one in sorted(met)), *_refs(places.values()))))
    groups = {"partners": Decimal(len(met)), "municipalities": Decimal(len(places))}
    return Value("count", Decimal(len(met) + len(places)), None, rows, groups=groups)


def contests(look: Look) -> Value:
    """K2.6: winners and laureates among all who took part, by level."""
    all_ = list(look.within("contest_result"))
    found = [row for row in all_ if row["result"] in WON]
    return of_rows("percent", _refs(found), len(all_), groups=_groups(row["level"] for row in found))


def authors(look: Look) -> Value:
    """K2.7: authors of works approved with a positive verdict, co-authors among them, and of talks, each once."""
    works = [one for one in look.town.approved if one.case_type in WORKS and one.positive and one.on in look.period]
    talks = look.within("publication", only=lambda row: bool(row["author_id"]) and row["channel"] in TALKS)
    told = [*(who for one in works for who in one.mentions()), *(Mention(row.ref, row["author_id"]) for row in talks)]
    found = distinct(told, look.town.directory)
    down = None if look.teachers is None else Decimal(look.teachers)  # one work may have several authors
    return Value("percent", Decimal(len(found)), down, tuple(dict.fromkeys(found.values())))


def bank(look: Look) -> Value:
    """K2.8: of the experts whose record serves on the last day, those in the bank of the region."""
    serving = list(look.at_end("expert_record", lambda row: row.state == "active"))
    return of_rows("percent", _refs(row for row in serving if row["regional_bank"]), len(serving))


def involved(look: Look) -> Value:
    """K3.1: people who were at events of the period, each once, and partners of agreements, of how many were planned."""
    on: dict[int, date] = {row.id: row["on"] for row in look.within("centre_event")}
    came = _people(look, (row for row in look.of("registration") if row.state == "attended" and row["within_id"] in on))
    with_us = list(look.valid("agreement"))
    note = None if look.period.planned else N_("не внесено, сколько участников запланировано")
    return of_rows("percent", (*came, *_refs(with_us)), look.period.planned, note=note)


def satisfied(look: Look) -> Value:
    """K3.2: of those who answered closed surveys, the satisfied ones; «затрудняюсь ответить» as the survey's tally has it."""
    found = [one for one in look.town.satisfaction if one.on in look.period]
    answered = sum((one.answered for one in found), Decimal(0))
    satisfied_ = sum((one.satisfied for one in found), Decimal(0))
    return Value(
        "percent",
        satisfied_,
        answered,
        tuple(one.survey for one in found),
        note=N_("ответили: %(n)s", n=answered) if found else None,
    )


def regional(look: Look) -> Value:
    """K3.3: publications and talks of the region's level and wider."""
    found = list(look.within("publication", only=lambda row: row["level"] in WIDE))
    return of_rows("count", _refs(found), groups=_groups(row["level"] for row in found))
