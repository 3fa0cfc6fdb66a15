"""The quick look at markup (tests/markup.py) accepts nothing that html5lib finds fault with, and finds the same elements."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.markup import INSIDE, KNOWN, Element, check_html, plain, thorough

NAMES = [*sorted(KNOWN | set(INSIDE) - {""}), "noscript", "iframe", "nobr", "font", "image", "b"]
TEXTS = [
    "",
    " ",
    "\n",
    "\r\n",
    "\r",
    "текст",
    "&amp;",
    "&nbsp;",
    "a & b",
    "&copy",
    "&#0;",
    "<",
    ">",
    "\x0b",
    "<!-- c -->",
    "<!-- a -- b -->",
    "<!--->",
]
ATTRIBUTES = [
    "",
    ' id="a"',
    ' ID="a" id="b"',
    " hidden",
    ' type="hidden"',
    ' for="a"',
    " x=1",
    ' title="&lt;"',
    ' title="&"',
    ' a="b"c="d"',
    " a='\"<'",
    " a='&'",
]


@st.composite
def elements(draw, depth=4):
    name = draw(st.sampled_from(NAMES))
    start = f"<{name}{draw(st.sampled_from(ATTRIBUTES))}{draw(st.sampled_from(['', '', '', '/', ' /']))}>"
    within = draw(st.lists(elements(depth=depth - 1) if depth else st.sampled_from(TEXTS), max_size=3))
    end = draw(st.sampled_from([f"</{name}>"] * 4 + ["", "</p>", "</div>"]))
    return start + draw(st.sampled_from(TEXTS)) + "".join(within) + end


@st.composite
def nested(draw):
    """What the rules of nesting allow, so that most of it is accepted, with one more element anywhere."""

    def grow(name, depth):
        inner = sorted(
            INSIDE.get(name, {"p", "div", "a", "b", "ul", "table", "form", "button", "h1", "select", "label", "svg"})
        )
        found = draw(st.lists(st.sampled_from(inner), max_size=2)) if inner and depth else []
        return f"<{name}>{''.join(grow(one, depth - 1) for one in found)}</{name}>"

    return grow(draw(st.sampled_from(["div", "table", "ul", "dl", "select", "p", "h2", "svg", "a", "form"])), 4)


def page(body: str, head: str = "<title>т</title>") -> str:
    return f'<!doctype html>\n<html lang="ru"><head>{head}</head><body>{body}</body></html>\n'


def agrees(text: str) -> bool:
    """Whether the quick look took the page; fails if html5lib sees it otherwise."""
    found = plain(text)
    if found is None:
        return False
    assert found == thorough(text, text)
    return True


@given(st.lists(elements(), max_size=3).map("".join))
@example("<p><div></div></p>")
@example("<p>a & b</p>")
@example("<table><tr><td></td></tr></table>")
@example("<a><a></a></a>")
@example("<ul><li><p>a</p></li> </ul>")
def test_what_is_plainly_right_has_no_fault(body):
    agrees(page(body))


@given(nested())
def test_every_nesting_that_is_taken_is_what_the_parser_makes_of_it(body):
    agrees(page(body))


@given(st.lists(elements(), max_size=2).map("".join))
def test_the_head_of_a_page_is_judged_alike(head):
    agrees(page("", head))


@pytest.mark.parametrize(
    "body",
    [
        '<h1>Дела</h1><p>Текст &amp; <a href="/x?a=1&amp;b=2">ссылка</a><br></p>',
        "<table><thead><tr><th>А</th></tr></thead><tbody><tr><td><ul><li>б</li></ul></td></tr></tbody></table>",
        '<form><label>Имя <input name="a"></label><select><option>1</option></select><textarea>\n</textarea></form>',
        '<div data-a=\'{"b": 1}\' hidden title="\'"></div>',
        '<iframe src="/files/1" title="файл"></iframe><textarea name="a">первая\r\nвторая</textarea>',
        '<svg viewBox="0 0 1 1"><path d="M0 0"/></svg><script>if (a < b && c) {}</script>',
    ],
)
def test_an_ordinary_page_needs_only_the_quick_look(body):
    assert agrees(page(body))


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("<h1>а</h1><p><div></div></p>", "end-tag"),
        ('<h1>а</h1><div id="a" id="b"></div>', "duplicate-attribute"),
        ("<h1>а</h1><b>", "expected"),
        ("<h1>а</h1><h1>б</h1>", "2 h1"),
        ("<p>а</p>", "0 h1"),
        ('<h1>а</h1><input name="n">', "unlabelled n"),
        ('<h1>а</h1><label for="b"></label><select id="a" name="n"></select>', "unlabelled n"),
        ('<h1 style="color: red">а</h1>', "inline style"),
    ],
)  # fmt: skip
def test_a_page_with_a_fault_is_refused_with_its_name(body, told):
    with pytest.raises(AssertionError, match=told):
        check_html(page(body), "here")


def test_a_label_around_a_field_or_for_it_is_enough():
    check_html(page('<h1>а</h1><label>б <input name="n"></label>'), "here")
    check_html(page('<h1>а</h1><label for="i">б</label><input id="i" name="n"><input type="hidden" name="h">'), "here")
    assert plain(page("<p>")) is None
    assert plain(page("<label>б <input></label>"))[-1] == Element("input", {}, labelled=True)
