"""A criteria sheet that is typed as a table: what comes of it, what is wrong in which cell, what differs from another version."""

from dataclasses import replace

import pytest

from workflow_app.assessment import comparing, editing
from workflow_app.case_types.registry import seed_sheets

SHEETS = seed_sheets()
SHEET = SHEETS["b_material"]
DRAFT = replace(SHEET, version=2)


def sent(typed):
    """What a form would send of a table."""
    found = {"title": typed["title"]}
    for at, one in enumerate(typed["scale"]):
        found |= {f"s-{at}-{name}": value for name, value in one.items()}
    for at, one in enumerate(typed["verdicts"]):
        found |= {f"v-{at}-{name}": value for name, value in one.items()}
    for at, one in enumerate(typed["criteria"]):
        found |= {f"c-{at}-{name}": one[name] for name in ("key", "title", "weight", "minimum")}
        found |= {f"c-{at}-{name}": "1" for name in ("stop", "may_skip") if one[name]}
        for place, each in enumerate(one["indicators"]):
            found |= {f"i-{at}-{place}-{name}": value for name, value in each.items()}
    return found


@pytest.mark.parametrize("key", SHEETS)
def test_a_sheet_that_nobody_changed_comes_back_as_it_was(key):
    typed = editing.typed_of(SHEETS[key])
    assert editing.read(sent(typed)) == typed
    assert editing.sheet_of(typed, SHEETS[key]) == (SHEETS[key], {})


def wrong(change):
    typed = editing.typed_of(DRAFT)
    change(typed)
    made, found = editing.sheet_of(typed, DRAFT)
    assert (made is None) == bool(found)
    return found


def put(*path):
    *way, last, value = path

    def change(typed):
        for one in way:
            typed = typed[one]
        typed[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "cell"),
    [
        (put("title", ""), "title"), (put("criteria", 0, "title", ""), "c-0-title"), (put("criteria", 1, "weight", "0"), "c-1-weight"),
        (put("criteria", 1, "weight", "-1"), "c-1-weight"), (put("criteria", 1, "weight", "много"), "c-1-weight"),
        (put("criteria", 2, "minimum", "6"), "c-2-minimum"), (put("criteria", 2, "minimum", "0"), "c-2-minimum"),
        (put("criteria", 2, "may_skip", True), "c-2-may_skip"), (put("criteria", 0, "indicators", 0, "text", ""), "i-0-0-text"),
        (put("criteria", 0, "indicators", []), "c-0-title"), (put("verdicts", 1, "threshold", "80"), "v-1-threshold"),
        (put("verdicts", 0, "threshold", "101"), "v-0-threshold"), (put("verdicts", 3, "threshold", "5"), "v-3-threshold"),
        (put("verdicts", 0, "text", ""), "v-0-text"), (put("verdicts", 3, "means", "revise"), "v-3-means"),
        (put("verdicts", 0, "means", "?"), "v-0-means"), (put("scale", 2, "points", "1"), "s-2-points"),
        (put("scale", 0, "points", "1"), "s-0-points"),
        (put("scale", 0, "points", "x"), "s-0-points"), (put("criteria", []), ""), (put("verdicts", []), ""),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_cell(change, cell):
    assert cell in wrong(change)


def test_keys_stay_with_their_rows_and_new_ones_name_the_version():
    typed = editing.typed_of(DRAFT)
    typed = editing.changed(editing.changed(typed, "up-criterion-1"), "add-criterion")
    typed["criteria"][-1] |= {"title": "Безопасность", "weight": "1,5"}
    typed["criteria"][-1]["indicators"][0]["text"] = "требования соблюдены"
    typed = editing.changed(typed, "add-indicator-0")
    typed["criteria"][0]["indicators"][1]["text"] = "ещё один"
    typed["criteria"][1]["title"] = "Другое название"
    made, found = editing.sheet_of(typed, DRAFT)
    assert found == {}
    assert [one.key for one in made.criteria][:3] == ["novelty", "relevance", "standards"]
    assert made.criteria[-1].key.startswith("v2_")
    assert made.criteria[0].indicators[1].key.startswith("v2_")
    assert made.criteria[-1].key not in {one.key for one in SHEET.criteria}


def test_the_verdict_of_revision_takes_its_key_with_its_meaning():
    typed = editing.typed_of(DRAFT)
    typed["verdicts"][2]["means"] = "negative"
    typed["verdicts"][3]["means"] = "revise"
    made, found = editing.sheet_of(typed, DRAFT)
    assert found == {}
    assert [one.key for one in made.verdicts] == ["recommend_publish", "recommend_use", "v2_3", "revise"]
    assert made.check() == ()


@pytest.mark.parametrize(
    "do", ["add-nothing", "drop-criterion-99", "up-criterion-0", "drop-indicator-99-0", "x", "", "drop-criterion-٣"]
)
def test_a_button_that_is_none_changes_nothing(do):
    assert editing.changed(editing.typed_of(DRAFT), do) == editing.typed_of(DRAFT)


@pytest.mark.parametrize(("kind", "rows"), [("criterion", "criteria"), ("verdict", "verdicts"), ("word", "scale")])
def test_rows_are_added_and_taken_by_buttons_up_to_a_limit(kind, rows):
    typed = editing.typed_of(DRAFT)
    many = len(typed[rows])
    assert len(editing.changed(typed, f"drop-{kind}-0")[rows]) == many - 1
    for _ in range(99):
        typed = editing.changed(typed, f"add-{kind}")
    assert many < len(typed[rows]) <= 40


def test_versions_are_compared_row_by_row_whatever_their_texts():
    first, second, *rest = SHEET.criteria
    newer = replace(
        DRAFT, title="Иной лист", criteria=(replace(second, weight=second.weight + 1), replace(first, title="Иначе", stop=True), *rest[1:]),
        verdicts=(replace(SHEET.verdicts[0], text="Рекомендовать"), *SHEET.verdicts[1:]),
    )  # fmt: skip
    told = [(one.kind, str(one.what)) for one in comparing.differences(SHEET, newer)]
    assert ("changed", "Название листа") in told
    assert ("changed", "Вывод") in told
    assert ("removed", "Критерий") in told
    assert ("changed", f"Критерий «{second.title}»: вес") in told
    assert ("changed", f"Критерий «{first.title}»: название") in told
    assert ("changed", "Порядок критериев") in told
    assert comparing.differences(SHEET, SHEET) == []
    back = {(one.kind, one.before, one.after) for one in comparing.differences(newer, SHEET)}
    turned = {"added": "removed", "removed": "added", "changed": "changed"}
    assert back == {(turned[one.kind], one.after, one.before) for one in comparing.differences(SHEET, newer)}
