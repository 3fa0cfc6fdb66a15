"""The page preview: the same blocks as HTML."""

import re
from dataclasses import replace
from pathlib import Path

import html5lib
import jinja2
import pytest

from tests.core.documents import samples
from tests.core.documents.test_docx import NAMES, ODD_ONES, composed
from workflow_app.documents.docx import plain_text
from workflow_app.documents.kinds.registry import KINDS

ROOT = Path(__file__).parents[3]
ENVIRONMENT = jinja2.Environment(
    loader=jinja2.FileSystemLoader(ROOT / "templates"), autoescape=True, undefined=jinja2.StrictUndefined
)
PAGE = ENVIRONMENT.from_string('{% from "macros/blocks.html" import document %}{{ document(doc, **options) }}')


def html(document, **options) -> str:
    return PAGE.render(doc=document, options=options)


def words(markup: str) -> str:
    tree = html5lib.HTMLParser(namespaceHTMLElements=False).parse(markup)
    return " ".join(" ".join(tree.itertext()).replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.mark.parametrize("document", [*map(composed, NAMES), *ODD_ONES.values()], ids=[*NAMES, *ODD_ONES])
def test_the_markup_is_correct_and_without_inline_styles(document):
    markup = html(document)
    html5lib.HTMLParser(strict=True).parseFragment(markup)

    assert "style=" not in markup
    assert "<script" not in markup


@pytest.mark.parametrize("name", NAMES)
def test_the_page_says_what_the_record_says(name):
    document = composed(name)
    said = words(html(document))
    expected = plain_text.text(document)
    for mark in ("#", "|", "[", "]", "–", "-----", "_______________"):
        expected = expected.replace(mark, " ")

    assert not [word for word in expected.split() if word not in said and not word.rstrip(".").isdigit()]


def test_typed_markup_is_shown_and_not_obeyed():
    material = samples.material_sheet()
    case = replace(material.case, title="<script>alert(1)</script> & {{ 7*7 }}")
    kind, _ = samples.DOCUMENTS["expert_sheet"]
    markup = html(KINDS[kind].compose(replace(material, case=case)))

    assert "<script" not in markup
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; {{ 7*7 }}" in markup


def test_headings_begin_at_the_level_of_the_page():
    markup = html(composed("expert_conclusion"), level=3)
    assert re.findall(r"<h(\d)", markup)[:2] == ["3", "4"]


def test_tables_name_their_columns_and_can_be_scrolled_by_keyboard():
    markup = html(composed("consolidated_conclusion"))
    assert "<caption>Оценки экспертов по критериям</caption>" in markup
    assert markup.count('<th scope="col">') == 8
    assert 'role="region"' in markup
    assert 'tabindex="0"' in markup
    assert "<tfoot>" in markup


def test_r36_the_frame_is_shown_only_for_a_certificate():
    """R36."""
    assert "doc-certificate" in html(composed("order"))
    assert "doc-certificate" not in html(composed("consolidated_conclusion"))


def test_every_class_of_the_page_and_of_its_look_is_described():
    macro = (ROOT / "templates/macros/blocks.html").read_text(encoding="utf-8")
    css = (ROOT / "workflow_app/static/css/document.css").read_text(encoding="utf-8")
    described = set(re.findall(r"doc(?:-[a-z0-9]+)*", macro[: macro.index("#}")]))
    pages = "".join(html(document) for document in (*map(composed, NAMES), *ODD_ONES.values()))
    used = {name for names in re.findall(r'class="([^"]+)"', pages) for name in names.split()}

    assert used - described == set()
    assert set(re.findall(r"\.(doc(?:-[a-z0-9]+)*)", css)) - described == set()
