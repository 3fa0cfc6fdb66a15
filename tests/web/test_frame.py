"""The frame of the pages: logging in, the menu, what a visitor sees."""

import flask
import pytest
from flask.templating import Environment as FlaskEnvironment
from markupsafe import Markup
from sqlalchemy import insert

from workflow_app.db import counts
from workflow_app.db.models import Waiting
from workflow_app.web import rendering


def test_a_visitor_is_sent_to_the_login_page_and_back(app):
    answer = app.test_client().get("/cases?q=1")
    assert answer.status_code == 302
    assert answer.location == "/login?next=/cases?q%3D1"


def test_everybody_has_a_work_list(client_as):
    for key in ("sokolova", "morozova", "bondarenko", "gradov", "kuzmin", "koroleva"):
        assert client_as(key).get("/").status_code == 200


@pytest.mark.parametrize(
    "values",
    [
        {"step": "title", "check": 1},
        {"check": 1, "step": "title"},
        {"check": True},
        {"check": 1},
        {"check": None},
        {"kind": ["a", "b"]},
    ],
)
def test_an_address_that_is_kept_is_the_one_that_flask_makes(app, values):
    with app.test_request_context("/"):
        for _ in range(2):
            assert rendering.url_for("cases.edit", id=7, **values) == flask.url_for("cases.edit", id=7, **values)
            assert rendering.url_for("cases.edit", id=7, _anchor="x", **values).endswith("#x")


def test_the_bell_counts_no_further_than_a_thousand(quick_stage, client_as):
    """A page that says «1 000+» has not read what it says nothing about."""
    with quick_stage.database.transaction(keep=True) as session:
        session.execute(insert(Waiting), [_waits(quick_stage, number) for number in range(counts.MOST + 200)])
    page = client_as("morozova").get("/people").get_data(as_text=True)
    assert '<span class="bell-count">1\u00a0000+</span>' in page
    drawn = page.count('<span class="menu-count">1\u00a0000+</span>')
    assert drawn == 2, "once in the menu, wherever that stands, once in the bar of a phone"


def _waits(stage, number):
    return {
        "person_id": stage.people["morozova"], "municipality_id": stage.municipality_id, "who": "applicant", "todo": "turn",
        "subject_kind": "case", "subject_id": number, "root_kind": "case", "root_id": number, "four_eyes": False,
    }  # fmt: skip


def test_the_menu_that_is_kept_is_that_of_its_reader_page_and_language(app, client_as):
    """Parts of pages are kept under all that they are drawn of: with and without the memory everybody sees the same."""
    pages = [
        (key, page, language)
        for key in ("morozova", "kuzmin", "sokolova")
        for page in ("/help", "/")
        for language in ("ru", "en")
    ]

    def menus(forget):
        found = {}
        for key, page, language in pages:
            client = client_as(key)
            client.post("/language", data={"language": language, "next": "/"})
            if forget:
                app.extensions["workflow_parts"].clear()
            text = client.get(page).get_data(as_text=True)
            found[key, page, language] = (
                text[text.index('<nav class="side"') : text.index("<main")] + text[text.index('<nav class="bar"') :]
            )
        return found

    drawn, kept = menus(forget=True), menus(forget=False)
    assert [one for one in pages if drawn[one] != kept[one]] == []
    assert len(set(drawn.values())) == len(pages)


def test_templates_mean_what_they_mean_in_jinja(app):
    """Short cuts on the way (``web/short_cuts.py``) change neither what is read of a row nor what is escaped."""
    text = (
        "{% macro said(words, more='!') %}<b>{{ words }}{{ more }}</b>{{ caller() if caller is defined }}{% endmacro %}"
        "{% for one in rows %}{{ one.title }}{{ one.keys()|list }}{{ one.absent|default('-') }}"
        "{% call said(one.title) %}{{ one.markup }}{{ one.number }}{{ none }}{% endcall %}{% endfor %}{{ said('&', more=absent) }}"
    )
    rows = [{"title": "<i>", "markup": Markup("<hr>"), "number": 5}]
    with app.test_request_context("/"):
        drawn = app.jinja_env.from_string(text).render(rows=rows)
        plain = FlaskEnvironment(app, autoescape=True).from_string(text).render(rows=rows)
    assert drawn == plain
    assert "<b>&lt;i&gt;!</b><hr>5None" in drawn
