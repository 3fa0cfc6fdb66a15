"""The 17 indicators: each is what a second, naive count gives; no denominator is no data; what was typed for a period stands for it."""

import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow_app.monitoring.counting import HELD, TALKS, WIDE, WON, WORKS
from workflow_app.monitoring.indicators import INDICATORS, Typed, value_of
from workflow_app.monitoring.observed import Approved, Look, Period, Row, Satisfaction, Signed, Town
from workflow_app.monitoring.people import Directory, Mention, distinct
from workflow_app.monitoring.picture import Column, columns
from workflow_app.monitoring.values import NO_DATA, Ref, Value, amount, parts
from workflow_app.spelling import order_key

SINCE, UNTIL = date(2025, 9, 1), date(2026, 6, 30)
PERIOD = Period(SINCE, UNTIL, planned=12)
DAY = st.dates(SINCE - timedelta(40), UNTIL + timedelta(40))
MAYBE_DAY = st.none() | DAY
LEVEL = st.sampled_from(["organization", "municipal", "regional", "federal", "international"])
NAMES = [
    "Ёлкин Пётр Ильич",
    "ЕЛКИН ПЕТР ИЛЬИЧ",
    "Елкин П. И.",
    "П.И. Ёлкин",
    "Ёлкин П.",
    "Елкин Пётр Иванович",
    "Ли Анна",
    "Ли А.",
]
WORDS = ["", "МАОУ «Школа № 1»", "маоу школа №1", "Дом творчества"]
PERSON = {"person_id": st.none() | st.integers(1, 4), "name": st.sampled_from(NAMES),
          "organization_id": st.none() | st.integers(1, 2), "place_of_work": st.sampled_from(WORDS)}  # fmt: skip
PLACES = {order_key("МАОУ «Школа № 1»"): 1}
FIELDS = {
    "body": ({"planned": st.none() | st.integers(1, 12)}, ["active"]),
    "meeting": ({"on": DAY, "body_id": st.integers(1, 3)}, ["active", "invited", "held", "signed"]),
    "agenda_item": ({"within_id": st.integers(1, 6), "is_programme": st.booleans()}, ["active", "heard"]),
    "checklist_item": ({"of": st.sampled_from(["acts", "resources"]), "local_act_id": st.none() | st.integers(1, 4),
                        "there": st.booleans()}, ["active"]),
    "local_act": ({"on": DAY, "replaces_id": st.none() | st.integers(1, 4)}, ["active", "repealed"]),
    "publication": ({"on": DAY, "channel": st.sampled_from(["site", "talk", "vk"]), "level": LEVEL,
                     "author_id": st.none() | st.integers(1, 3)}, ["active"]),
    "association_member": ({**PERSON, "level": LEVEL, "since": DAY, "until": MAYBE_DAY}, ["active"]),
    "headcount": ({"organization_id": st.integers(1, 2), "year": st.sampled_from([2024, 2025]), "teachers": st.integers(0, 30),
                   "on": DAY}, ["active"]),
    "centre_event": ({"on": DAY, "agreement_id": st.none() | st.integers(1, 3),
                      "municipalities": st.lists(st.sampled_from(["Реж", "реж", "Ирбит"]), max_size=2)}, ["active", "held"]),
    "registration": ({**PERSON, "within_id": st.integers(1, 4)}, ["active", "attended", "missed"]),
    "agreement": ({"since": DAY, "until": MAYBE_DAY}, ["active", "lapsed"]),
    "contest_result": ({"on": DAY, "result": st.sampled_from(["winner", "laureate", "participant"]), "level": LEVEL}, ["active"]),
    "expert_record": ({"since": DAY, "until": MAYBE_DAY, "regional_bank": st.booleans()}, ["active", "lapsed"]),
}  # fmt: skip


@st.composite
def towns(draw):
    records = {}
    for kind, (fields, states) in FIELDS.items():
        ids = count(1)
        many = draw(st.integers(0, 4))
        records[kind] = [
            Row(kind, next(ids), 1, draw(st.sampled_from(states)), {name: draw(how) for name, how in fields.items()})
            for _ in range(many)
        ]
    types = st.sampled_from(["methodical_material", "innovation_product", "attestation_portfolio"])
    signed = [
        Signed(n, 1, draw(st.integers(1, 4)), draw(types), draw(DAY), draw(st.booleans()))
        for n in range(draw(st.integers(0, 5)))
    ]
    approved = [
        Approved(n, 1, draw(types), draw(st.frozensets(st.integers(1, 4), min_size=1, max_size=2)), draw(DAY), draw(st.booleans()),
                 tuple(draw(st.lists(st.sampled_from(NAMES), max_size=2))), draw(st.none() | st.integers(1, 2)))
        for n in range(draw(st.integers(0, 4)))
    ]  # fmt: skip
    told = [
        Satisfaction(Ref("survey", n, 1), draw(DAY), Decimal(a), Decimal(a + draw(st.integers(0, 9))))
        for n, a in enumerate(draw(st.lists(st.integers(0, 9), max_size=3)))
    ]
    return Town(draw(st.sampled_from([UNTIL, date(2026, 3, 1)])), records, signed, approved, told, draw(directories))


directories = st.builds(
    Directory, st.dictionaries(st.integers(1, 4), st.tuples(st.sampled_from(NAMES), st.none() | st.integers(1, 2))),
    st.just(PLACES),
)  # fmt: skip


def letters(name):
    """The words of a name, the naive way: letters without case and «ё», initials behind."""
    found = re.findall("[а-я]+", name.casefold().replace("ё", "е"))
    return [one for one in found if len(one) > 1] + [one for one in found if len(one) == 1]


def fits(short, whole):
    """Whether somebody of the whole name may be written so."""
    return len(short) <= len(whole) and all(
        w == s if len(s) > 1 else w[0] == s for s, w in zip(short, whole, strict=False)
    )


def people(mentions, known):
    """How many people (account, name, place) are, the naive way: place by place, each name held against all others there."""
    accounts = {account for account, _name, _place in mentions if account}
    there = [(letters(n), p) for a, n, p in mentions if a and n and p is not None]
    there += [(letters(n), p) for a, (n, p) in known.accounts.items() if a in accounts]
    free = [(letters(n), p) for a, n, p in mentions if not a]
    whole = [one for one in free if len(one[0][-1]) > 1]
    many = len(accounts)
    for name, place in whole + sorted((one for one in free if one not in whole), key=lambda one: -len(one[0])):
        met = [other for other, where in there if where == place]
        if name not in met and not (len(name[-1]) == 1 and any(fits(name, other) for other in met)):
            many += 1
            there.append((name, place))
    return many


def mention(row):
    v = row.values
    said = {"": None, WORDS[1]: 1, WORDS[2]: 1, WORDS[3]: order_key(WORDS[3])}[v["place_of_work"]]
    return v["person_id"], v["name"], said if v["organization_id"] is None else v["organization_id"]


def teachers(town, last):
    year = last.year if last.month >= 9 else last.year - 1
    newest = {}
    for row in town.records["headcount"]:
        v = row.values
        if v["year"] == year:
            before = newest.get(v["organization_id"])
            if before is None or (v["on"], row.id) > before[:2]:
                newest[v["organization_id"]] = (v["on"], row.id, v["teachers"])
    return sum(one[2] for one in newest.values()) if newest else None


def naive(key, town):  # noqa: C901, PLR0911, PLR0912 - seventeen answers in one place, on purpose without the product's parts
    """Numerator and denominator of an indicator counted a second way, straight from its words."""
    r, last = town.records, min(UNTIL, town.today)

    def inside(day):
        return SINCE <= day <= last

    if key == "K1.1":
        days = (last - SINCE).days + 1
        planned = 0
        for body in r["body"]:
            called = sum(1 for m in r["meeting"] if inside(m.values["on"]) and m.values["body_id"] == body.id)
            by_plan = int(Decimal((body.values["planned"] or 0) * days) / 365 + Decimal("0.5"))
            planned += max(by_plan, called)
        held = [m for m in r["meeting"] if inside(m.values["on"]) and m.state in HELD]
        held = [
            m for m in held if any(a.values["within_id"] == m.id and a.values["is_programme"] for a in r["agenda_item"])
        ]
        return len(held), planned
    if key == "K1.2":
        needed = [c for c in r["checklist_item"] if c.values["of"] == "acts"]
        acts = {a.id: a for a in r["local_act"] if a.values["on"] <= last}

        def serves(id_, seen=()):
            """It is in force itself, or one that replaces it serves."""
            if id_ not in acts or id_ in seen:
                return False
            heirs = [a.id for a in acts.values() if a.values["replaces_id"] == id_]
            return acts[id_].state == "active" or any(serves(one, (*seen, id_)) for one in heirs)

        return sum(serves(c.values["local_act_id"]) for c in needed), len(needed)
    if key == "K1.4":
        return sum(1 for p in r["publication"] if inside(p.values["on"]) and p.values["channel"] not in TALKS), None
    if key == "K1.5":
        needed = [c for c in r["checklist_item"] if c.values["of"] == "resources"]
        return len([c for c in needed if c.values["there"]]), len(needed)
    if key == "K1.6":
        rows = [m for m in r["association_member"] if m.values["level"] in WIDE and m.values["since"] <= last]
        rows = [
            m for m in rows if m.values["until"] is None or (m.values["until"] >= SINCE and m.values["until"] >= last)
        ]
        return people([mention(m) for m in rows], town.directory), teachers(town, last)
    if key == "K2.2":
        return len({s.expert_id for s in town.signed if s.own and SINCE <= s.on <= UNTIL}), teachers(town, last)
    if key == "K2.3":
        held = [e for e in r["centre_event"] if e.state == "held" and inside(e.values["on"])]
        known = {a.id for a in r["agreement"]}
        return len({e.values["agreement_id"] for e in held} & known) + len(
            {m.casefold() for e in held for m in e.values["municipalities"]}
        ), None
    if key == "K2.6":
        rows = [c for c in r["contest_result"] if inside(c.values["on"])]
        return sum(c.values["result"] in WON for c in rows), len(rows)
    if key == "K2.7":
        told = []
        for work in town.approved:
            if work.positive and work.case_type in WORKS and SINCE <= work.on <= UNTIL:
                told += [(who, "", None) for who in work.authors] + [
                    (None, name, work.organization) for name in work.named
                ]
        for p in r["publication"]:
            if p.values["channel"] in TALKS and inside(p.values["on"]) and p.values["author_id"]:
                told.append((p.values["author_id"], "", None))
        return people(told, town.directory), teachers(town, last)
    if key == "K2.8":
        rows = [e for e in r["expert_record"] if e.state == "active" and e.values["since"] <= last]
        rows = [
            e for e in rows if e.values["until"] is None or (e.values["until"] >= SINCE and e.values["until"] >= last)
        ]
        return sum(e.values["regional_bank"] for e in rows), len(rows)
    if key == "K3.1":
        events = {e.id for e in r["centre_event"] if inside(e.values["on"])}
        came = [mention(g) for g in r["registration"] if g.state == "attended" and g.values["within_id"] in events]
        partners = [a for a in r["agreement"] if a.values["since"] <= last and (a.values["until"] or UNTIL) >= SINCE]
        return people(came, town.directory) + len(partners), 12
    if key == "K3.2":
        rows = [s for s in town.satisfaction if SINCE <= s.on <= UNTIL]
        return sum(int(s.satisfied) for s in rows), sum(int(s.answered) for s in rows)
    if key == "K3.3":
        return sum(1 for p in r["publication"] if inside(p.values["on"]) and p.values["level"] in WIDE), None
    return None, None


@given(towns())
def test_an_indicator_is_what_a_second_count_gives(town):
    for key, indicator in INDICATORS.items():
        value = value_of(indicator, Look(town, PERIOD))
        numerator, denominator = naive(key, town)
        assert (value.numerator, value.denominator) == (numerator, denominator), key
        if indicator.unit == "percent" and not denominator:
            assert value.number is None, f"{key}: no denominator is no data, never nought"
        assert len(set(value.rows)) == len(value.rows), f"{key}: no row stands there twice"


MENTIONS = st.lists(st.builds(
    Mention, st.builds(Ref, st.just("registration"), st.integers(1, 99), st.just(1)), st.none() | st.integers(1, 4),
    st.sampled_from(NAMES), st.none() | st.integers(1, 2),
), max_size=8)  # fmt: skip


@given(MENTIONS, directories, st.randoms())
def test_who_is_one_person_does_not_depend_on_the_order_of_rows(mentions, known, chance):
    found = distinct(mentions, known)
    mixed = sorted(mentions, key=lambda _one: chance.random())
    assert distinct(mixed, known).keys() == found.keys()
    assert len(found) == people([(one.account, one.name, one.place) for one in mentions], known)
    assert set(found.values()) <= {one.row for one in mentions}


@given(MENTIONS, directories)
def test_two_accounts_are_never_one_person(mentions, known):
    accounts = {one.account for one in mentions} - {None}
    found = distinct(mentions, known)
    assert accounts <= found.keys()
    free = {(tuple(letters(one.name)), one.place) for one in mentions if one.account is None}
    assert len(accounts) <= len(found) <= len(accounts) + len(free)


@given(MENTIONS, directories, st.sampled_from(NAMES), st.integers(1, 2))
def test_a_name_without_an_account_is_the_account_of_that_name_there(mentions, known, name, place):
    known = Directory({**known.accounts, 1: (name, place)}, known.places)
    row = Ref("registration", 100, 1)
    with_account = [*mentions, Mention(row, 1)]
    again = [*with_account, Mention(Ref("registration", 101, 1), None, name.upper().replace("Ё", "Е"), place)]
    assert len(distinct(again, known)) == len(distinct(with_account, known))
    elsewhere = [*with_account, Mention(Ref("registration", 101, 1), None, name, 9)]
    assert len(distinct(elsewhere, known)) == len(distinct(with_account, known)) + 1


def test_nothing_observed_is_no_data_and_a_count_of_nought():
    look = Look(Town(UNTIL), Period(SINCE, UNTIL))
    told = {key: value_of(one, look).number for key, one in INDICATORS.items()}
    assert {key for key, number in told.items() if number is not None} == {"K1.4", "K2.3", "K3.3"}
    assert all(number in (None, 0) for number in told.values())


@pytest.mark.parametrize(("value", "words"), [
    (Value("percent", Decimal(6), Decimal(8)), "6 из 8"),
    (Value("percent", Decimal(0), Decimal(8)), "0 из 8"),
    (Value("percent", Decimal(0), Decimal(0)), "нет данных"),
    (Value("percent", Decimal(0)), "нет данных"),
    (Value("percent", None), "нет данных"),
    (Value("percent", Decimal(3), Decimal(0)), "3, знаменатель: нет данных"),
    (Value("count", Decimal(0)), "0"),
    (Value("count", None), "нет данных"),
    (Value("percent", None, typed=Decimal(70)), None),
    (Value("percent", Decimal(7), Decimal(10), typed=Decimal(70)), "7 из 10"),
])  # fmt: skip
def test_a_share_of_nothing_has_no_data_and_not_nought_of_nought(value, words):
    told = parts(value)
    assert (str(told) if told is not None else None) == words


@given(st.sampled_from(["percent", "points"]), st.none() | st.integers(0, 9), st.none() | st.just(0))
def test_no_denominator_never_reads_as_a_number(unit, top, down):
    value = Value(unit, *(None if one is None else Decimal(one) for one in (top, down)))
    assert value.number is None
    assert str(NO_DATA) in str(parts(value))


def test_a_value_is_rounded_half_up_to_a_tenth():
    assert Value("percent", Decimal(1), Decimal(800)).number == Decimal("0.1")
    assert Value("percent", Decimal(1), Decimal(3)).number == Decimal("33.3")
    assert Value("points", Decimal(156), Decimal(24)).number == Decimal("6.5")
    assert [amount(one, "percent") for one in (Decimal("100.0"), Decimal("6.50"))] == [
        "100\N{NO-BREAK SPACE}%",
        "6,5\N{NO-BREAK SPACE}%",
    ]


def test_what_was_typed_stands_for_exactly_its_days_and_names_its_paper():
    paper = Typed("K1.4", SINCE, UNTIL, Decimal(7), Decimal(7), None, "отчёт 2024 года", Ref("indicator_value", 3, 1))
    one, town = INDICATORS["K1.4"], Town(UNTIL)
    value = value_of(one, Look(town, Period(SINCE, UNTIL)), [paper])
    assert (value.number, value.paper, value.rows) == (Decimal(7), "отчёт 2024 года", (paper.row,))
    assert value_of(one, Look(town, Period(SINCE, UNTIL - timedelta(1))), [paper]).number == 0
    assert value_of(INDICATORS["K3.3"], Look(town, Period(SINCE, UNTIL)), [paper]).paper == ""


def test_the_picture_says_its_numbers_to_those_who_do_not_see_it():
    drawn = columns(
        "Доля <экспертов>",
        [Column("1 этап", Decimal(40), "40 %", Decimal(50)), Column("2 этап", None, "–")],
        Decimal(100),
    )
    assert 'aria-label="Доля &lt;экспертов&gt;: 1 этап: 40 %; 2 этап: –"' in drawn
    assert drawn.count("course-bar") == 1
    assert "style=" not in drawn
