"""Long lists are searched by the keys of names, and what a search gives is what a form takes (ADR 30)."""

from dataclasses import dataclass

import pytest

from tests.statements import count_statements
from workflow_app import clock
from workflow_app.db.models import Membership, Municipality, Organization, Person
from workflow_app.errors import N_
from workflow_app.facts import choices, pickers
from workflow_app.states.forms import Sheet, ask, check

SCHOOLS = ("МАОУ «Школа № 12»", "МАОУ «Школа № 120»", "Детский сад «Ёлочка» № 2", "Лицей № 12 имени Ежова")


@pytest.fixture
def session(stage):
    with clock.at(stage.moment), stage.database.transaction(keep=False) as found:
        for name in SCHOOLS:
            found.add(Organization(municipality_id=stage.municipality_id, name=name, genitive=name, state="active"))
        for last, first in (("Ёжиков", "Пётр"), ("Ежов", "Андрей"), ("Иванова-Петрова", "Анна"), ("Иванов", "Ежи")):
            found.add(_person(stage.municipality_id, last, first))
        found.flush()
        yield found


def _person(municipality_id, last, first, **more):
    return Person(municipality_id=municipality_id, last_name=last, first_name=first, **{"state": "listed", **more})


def labels(found):
    return [str(one.label) for one in found]


@pytest.mark.parametrize(
    ("words", "right"),
    [
        ("12", [SCHOOLS[3], SCHOOLS[0]]), ("школа 12", [SCHOOLS[0]]), ("№120", [SCHOOLS[1]]), ("елочк", [SCHOOLS[2]]),
        ("лиц ЕЖ", [SCHOOLS[3]]), ("ёлочка", [SCHOOLS[2]]), ("очка", []), ("100%", []),
    ],
)  # fmt: skip
def test_a_school_is_found_by_its_number_and_by_the_beginning_of_any_word(session, stage, words, right):
    found = labels(pickers.organizations(session, stage.municipality_id).search(words))
    assert [one for one in found if one in SCHOOLS] == right


def test_people_stand_by_surname_first_then_by_their_other_names(session, stage):
    known = pickers.people(session, stage.municipality_id)
    assert labels(known.search("еж")) == ["Ёжиков Пётр", "Ежов Андрей", "Иванов Ежи"]
    assert labels(known.search("Петр Ежик")) == ["Ёжиков Пётр"]
    assert labels(known.search("петрова анна")) == ["Иванова-Петрова Анна"]


def test_no_more_than_one_above_twenty_is_read(session, stage):
    session.add_all([_person(stage.municipality_id, "Многая", f"Анна{chr(1072 + n)}") for n in range(30)])
    session.flush()
    assert len(pickers.people(session, stage.municipality_id).search("многая")) == pickers.MOST + 1


def test_what_is_found_may_be_chosen_and_nothing_else_has_a_name(session, stage):
    away = Municipality(name="Другой муниципалитет", state="working")
    session.add(away)
    session.flush()
    stranger, closed = (
        _person(away.id, "Чужая", "Анна"),
        _person(stage.municipality_id, "Ушедшая", "Анна", state="blocked"),
    )
    session.add_all([stranger, closed])
    session.flush()
    known = pickers.people(session, stage.municipality_id)
    barred = [str(stranger.id), str(closed.id), "0", "999999999", "9" * 40, "-1", "", "один"]
    assert known.search("чужая") == known.search("ушедшая") == known.known(barred) == []
    kept = known.keeping([closed.id, None])
    assert (labels(kept.known(barred)), kept.search("ушедшая")) == (["Ушедшая Анна"], [])


def test_a_role_narrows_the_search_and_the_check_alike(session, stage):
    known = pickers.people(session, stage.municipality_id, "expert")
    found = {one.value for one in known.search("")}
    experts = {
        str(one.person_id)
        for one in session.query(Membership).filter_by(role="expert", municipality_id=stage.municipality_id)
    }
    assert found == experts
    assert known.known([str(stage.people["sokolova"])]) == []


@dataclass(frozen=True, kw_only=True)
class Several(Sheet):
    """A field that holds many."""

    people: tuple[int, ...] = ask(N_("Люди"), choices="people")


def test_a_sheet_asks_once_however_many_are_chosen(session, stage):
    ids = [one.value for one in pickers.people(session, stage.municipality_id).search("")[:5]]
    lists = choices.general(session, stage.municipality_id)
    with count_statements(session.get_bind()) as told:
        assert check(Several, {"people": ids}, lists) == {}
    assert len(told) == 1
    assert set(check(Several, {"people": [*ids, "999999999"]}, lists)) == {f"people.{len(ids)}"}


def test_names_of_a_table_are_looked_up_at_once_and_namesakes_are_nobodys_guess(session, stage):
    session.add_all(
        [_person(stage.municipality_id, "Тёзкина", "Анна"), _person(stage.municipality_id, "Тезкина", "Анна")]
    )
    session.flush()
    known = pickers.people(session, stage.municipality_id)
    names = ["Ежов  Андрей", "тёзкина анна", "Никто Никакой", "", "Иванова-Петрова Анна"]
    with count_statements(session.get_bind()) as told:
        found = known.called(names)
        known.called(names[:2])
    assert (len(told), {name: len(many) for name, many in found.items()}) == (
        1,
        dict(zip(names, (1, 2, 0, 0, 1), strict=True)),
    )
    short = known.called(["Ежов А.", "ТЁЗКИНА А.", "Ежов Б.", "Ежо А.", "Иванова-Петрова А. Я."])
    assert [len(many) for many in short.values()] == [1, 2, 0, 0, 0], "surname and initials name one, too"


def test_the_beginning_of_a_name_is_a_range_of_an_index(session, stage):
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("the plan is read in the words of SQLite")
    with count_statements(session.get_bind()) as told:
        pickers.people(session, stage.municipality_id).search("ежов")
    plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {told[0]}", _like(told[0], stage.municipality_id))
    assert any("ix_person_order (municipality_id=? AND name_order>? AND name_order<?)" in one[3] for one in plan)


def _like(statement, municipality_id):
    """Values of the statement's kind: the plan does not depend on them."""
    return (municipality_id, *["ежов"] * (statement.count("?") - 1))
