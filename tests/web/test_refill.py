"""Typed text put back into a page: every kind of field, the right one of several forms, and markup that stays whole."""

from workflow_app.web.refill import refill

PAGE = """<!doctype html><main><form method="get" action="/search"><input name="q" value="дела"></form>
<form method="post" action="/do/other"><input name="title" value="Чужая"></form>
<form method="post" class="form"><input type="hidden" name="version" value="4"><input type="hidden" name="step" value="a">
<input name="title" value="Было &amp; есть" required><textarea name="text" rows="4">
Старый &lt;текст&gt;</textarea><input type="checkbox" name="tick"><input type="checkbox" name="many" value="1" checked>
<input type="checkbox" name="many" value="2"><input type="radio" name="how" value="a" checked><input type="radio" name="how" value="b">
<select name="kind"><option value="">—</option><option value="x" selected>Икс</option><option value="y">Игрек</option></select>
<input type="password" name="password"><input type="file" name="scan"><input name="row-0" value="1"><input name="row-0" value="2">
<button name="do" value="save">Сохранить</button></form><input name="far" form="many" value="0"></main>"""
SENT = [
    ("version", "3"), ("step", "b"), ("title", "Стало <и> \"будет\" & 'есть'"), ("text", "\nНовый </textarea> текст"), ("tick", "on"),
    ("many", "2"), ("how", "b"), ("kind", "y"), ("password", "тайна"), ("row-0", "первый"), ("row-0", "второй"), ("unknown", "?"),
]  # fmt: skip


def test_every_kind_of_field_gets_what_was_sent():
    page, place, filled = refill(PAGE, "/page", "/page", SENT)
    assert page[place:].startswith('<input type="hidden" name="version" value="3">')
    assert '<input type="hidden" name="step" value="a">' in page
    assert 'value="Стало &lt;и&gt; &quot;будет&quot; &amp; &#x27;есть&#x27;"' in page
    assert "\n\nНовый &lt;/textarea&gt; текст</textarea>" in page
    assert '<input type="checkbox" name="tick" checked="">' in page
    assert '<input type="checkbox" name="many" value="1">' in page
    assert '<input type="checkbox" name="many" value="2" checked="">' in page
    assert '<input type="radio" name="how" value="a">' in page
    assert '<option value="x">Икс' in page
    assert '<option value="y" selected="">Игрек' in page
    assert page.index('value="первый"') < page.index('value="второй"')
    assert "тайна" not in page
    assert filled == 7


def test_the_form_is_the_one_that_sends_there_and_nothing_else_changes():
    page, _place, _filled = refill(PAGE, "/page", "/do/other", [("title", "Новое")])
    assert page == PAGE.replace(
        '<form method="post" action="/do/other"><input name="title" value="Чужая">',
        '<form method="post" action="/do/other" data-echo=""><input name="title" value="Новое">',
    )


def test_of_several_forms_the_one_with_the_names_that_were_sent():
    twice = '<form method="post"><button name="do"></button></form><form method="post"><input name="a" value=""></form>'
    page, _place, filled = refill(twice, "/p", "/p", [("a", "текст")])
    assert page.endswith('<form method="post" data-echo=""><input name="a" value="текст"></form>')
    assert filled == 1


def test_a_page_without_the_form_is_left():
    assert refill(PAGE, "/page", "/elsewhere", SENT) is None
    assert refill("", "/page", "/page", SENT) is None
