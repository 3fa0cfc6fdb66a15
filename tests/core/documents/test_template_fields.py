"""What a user's Word template may name: every kind has its fields, and nothing but plain strings leaves them."""

import io
import json
import zipfile
from datetime import date

import pytest

from tests.core.documents import samples
from workflow_app.documents.checks.run import check
from workflow_app.documents.docx import plain_text as as_text
from workflow_app.documents.docx import write
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.documents.russian.unconfirmed import marked
from workflow_app.documents.template_fields.field import plain
from workflow_app.documents.template_fields.registry import declared, groups, values
from workflow_app.documents.template_fields.sample import MANY, ROWS, sample
from workflow_app.documents.template_fields.starter import starter

DAY = date(2026, 11, 24)
# A finding of the look that a template may have and a document of ours may not.
LOOK = {
    "package",
    "nothing_outside",
    "nothing_active",
    "nothing_hidden",
    "no_font_inside",
    "fonts",
    "margins",
    "table_width",
}


@pytest.mark.parametrize("key", KINDS)
def test_every_declared_field_has_a_value_that_json_carries(key):
    found = values(key, sample(key, samples.CENTRE, DAY))
    known = declared(key)
    assert set(found) == known.fields | set(known.lists)
    assert json.loads(json.dumps(found)) == found
    for name, columns in known.lists.items():
        assert all(set(row) == columns and all(isinstance(one, str) for one in row.values()) for row in found[name])
    assert all(isinstance(found[name], str) for name in known.fields)


@pytest.mark.parametrize("key", KINDS)
def test_every_kind_can_say_its_day_in_words(key):
    assert values(key, sample(key, samples.CENTRE, DAY))["date_in_words"] == (
        "двадцать четвёртого ноября две тысячи двадцать шестого года"
    )


@pytest.mark.parametrize("key", KINDS)
def test_no_name_is_declared_twice_and_every_name_is_explained(key):
    names = [one.name for group in groups(key) for one in (*group.fields, *group.lists)]
    assert len(names) == len(set(names))
    assert all(str(one.about) for group in groups(key) for one in (*group.fields, *group.lists))
    assert all(str(words) for group in groups(key) for rows in group.lists for words in rows.columns.values())


@pytest.mark.parametrize("key", KINDS)
def test_no_column_has_the_name_of_something_that_a_dictionary_can_do(key):
    """Jinja looks for an attribute before it looks for a key."""
    columns = {one for found in declared(key).lists.values() for one in found}
    assert not columns & set(dir(dict))
    assert all(one.isidentifier() and not one.startswith("_") for one in columns | declared(key).fields)


@pytest.mark.parametrize("key", KINDS)
def test_the_large_sample_has_forty_rows(key):
    few, many = (values(key, sample(key, samples.CENTRE, DAY, rows=rows)) for rows in (ROWS, MANY))
    told = {"paragraphs", "text_before", "text_after", "signatures", "signed_first", "signed_after"}
    own = set(declared(key).lists) - told - {"dissents", "invited", "experts", "ballots"}
    assert {len(few[name]) for name in own} <= {ROWS}
    assert {len(many[name]) for name in own} <= {MANY}


@pytest.mark.parametrize(("key", "make"), samples.DOCUMENTS.values(), ids=list(samples.DOCUMENTS))
def test_every_material_that_a_document_is_made_of_gives_the_values_of_a_template(key, make):
    material = make()
    document = KINDS[key].compose(material)
    found = values(key, material)
    assert found["heading"] == document.heading
    assert found.get("applicant") == (material.case.applicant.full() if KINDS[key].of == "case" else None)
    assert found["paragraphs"]
    assert found["signatures"]


def test_a_form_of_a_name_that_nobody_confirmed_asks_to_be_checked():
    assert plain(f"для {marked('Соколовой Ольги')}, учителя") == "для Соколовой Ольги [проверьте], учителя"
    assert plain("Соколовой Ольги") == "Соколовой Ольги"


def test_what_cannot_stand_in_a_file_does_not_reach_a_template():
    assert plain("а\x07б\x0cв\u202eг\tд\r\nе") == "абвг д\nе"


@pytest.mark.parametrize("key", KINDS)
def test_a_starter_is_a_sound_file_of_our_own_look(key):
    found = [one for one in check(write.write(starter(key))) if one.rule in LOOK]
    assert found == []


def test_the_starter_signs_the_text_before_it_tells_who_was_acquainted():
    """The order: the director's signature, then «С приказом ознакомлены», then those who sign that."""
    found = values("order", samples.order())
    assert not any("ознакомлены" in one["text"] for one in found["text_before"])
    assert [one["person"] for one in found["signed_first"]] == ["И.А.\u00a0Градов"]
    assert [one["text"] for one in found["text_after"]] == ["С приказом ознакомлены:"]
    assert [(one["person"], bool(one["dated"])) for one in found["signed_after"]] == [("Л.П.\u00a0Морозова", True)]
    words = as_text.text(starter("order"))
    places = [words.index(f"in {name} ") for name in ("text_before", "signed_first", "text_after", "signed_after")]
    assert places == sorted(places)


@pytest.mark.parametrize(("key", "make"), samples.DOCUMENTS.values(), ids=list(samples.DOCUMENTS))
def test_what_stands_before_and_after_the_signatures_is_the_whole_document(key, make):
    found = values(key, make())
    texts = [one["text"] for name in ("text_before", "text_after") for one in found[name]]
    people = [one["person"] for name in ("signed_first", "signed_after") for one in found[name]]
    assert texts == [one["text"] for one in found["paragraphs"]]
    assert people == [one["person"] for one in found["signatures"]]


@pytest.mark.parametrize("key", KINDS)
def test_the_starter_has_a_place_for_the_qr_code_on_the_first_page_alone(key):
    parts = zipfile.ZipFile(io.BytesIO(write.write(starter(key))))
    assert ["{{ qr }}" in parts.read(f"word/footer{at}.xml").decode() for at in (1, 2)] == [False, True]
    assert not [name for name in parts.namelist() if "media" in name]
