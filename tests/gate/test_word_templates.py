"""Attacks on users' Word templates, and mistakes in them: what is refused, with which words, in which place (ADR 0011)."""

import io
import json
from pathlib import Path

import docx
import pytest

from tests.gate import template_files as files
from tests.gate.template_files import (
    ABOUT,
    BODY,
    KEY,
    changed,
    good,
    in_body,
    linked,
    paper,
    table,
    torn,
    values_of,
    with_part,
)
from workflow_app.documents.docx.blocks import clean
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.documents.template_fields.registry import declared
from workflow_app.errors import WorkflowError
from workflow_app.files import sandbox
from workflow_app.word_templates import render
from workflow_app.word_templates.render import problems_of

KNOWN = declared(KEY)


def said(data: bytes, key: str = KEY) -> list[str]:
    """What is wrong with a template: «place: what»."""
    return [f"{one.place}: {one.what}" for one in problems_of(data, declared(key))]


def text(data: bytes) -> list[str]:
    return [one.text for one in docx.Document(io.BytesIO(data)).paragraphs]


def cells(data: bytes) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in docx.Document(io.BytesIO(data)).tables[0].rows]


def filled(data: bytes, values=None, key: str = KEY) -> bytes:
    assert said(data, key) == []
    return render.filled(data, values or values_of(key), ABOUT)


# ------------------------------------------------------------------------------------------------------- what may be done


@pytest.mark.parametrize("key", KINDS)
def test_the_starter_of_every_kind_is_a_good_template(key):
    assert said(good(key), key) == []


def test_a_template_that_was_checked_in_a_child_has_no_problems_and_is_rendered_there(tmp_path):
    path = tmp_path / "template"
    path.write_bytes(good())
    assert render.check(path, KEY, [values_of(), values_of(rows=40)]) == ()
    made = render.render(good(), KEY, values_of(), ABOUT)
    assert "СВОДНОЕ ЭКСПЕРТНОЕ ЗАКЛЮЧЕНИЕ" in text(made)


def test_fields_conditions_filters_and_loops_are_filled():
    made = text(
        filled(
            paper(
                "№ {{ number }} {{ title | upper }} {{ position|cap }}",
                "{% if verdict == 'x' %}да{% elif not dissents %}без мнений{% else %}с мнениями{% endif %}",
                "{%p for one in experts %}",
                "{{ one.n }}. {{ one.name }}",
                "{%p endfor %}",
                "{%p if dissents %}",
                "Особые мнения",
                "{%p endif %}",
            )
        )
    )
    assert made == [
        "№ 000 СБОРНИК ЗАДАНИЙ: ОБРАЗЕЦ Учитель",
        "без мнений",
        "1. Первый Иван Сергеевич",
        "2. Вторая Ольга Фёдоровна",
        "3. Третья Нина Львовна",
    ]


def test_a_row_of_a_table_repeats_for_each_row_of_a_list():
    rows = table(
        ("№", "Имя"), ("{%tr for one in experts %}", ""), ("{{ one.n }}", "{{ one.short }}"), ("{%tr endfor %}", "")
    )
    assert [row[0] for row in cells(filled(rows))] == ["№", "1", "2", "3"]


def test_a_tag_that_word_tore_into_runs_is_one_tag():
    assert text(filled(torn("Кому: {", "{ appli", "cant_", "d }", "}."))) == ["Кому: Образцовой Анне Петровне."]


def test_the_same_values_give_the_same_bytes_and_the_properties_are_the_issuers():
    once, again = filled(good()), filled(good())
    assert once == again
    core = docx.Document(io.BytesIO(once)).core_properties
    assert (core.title, core.author, core.language, core.revision) == ("Название", "МКУ ИМЦ", "ru-RU", 2)


def test_two_loops_may_stand_in_one_another():
    made = filled(
        paper(
            "{%p for a in experts %}", "{%p for b in experts %}", "{{ a.n }}{{ b.n }}", "{%p endfor %}", "{%p endfor %}"
        )
    )
    assert len(text(made)) == 9


# ----------------------------------------------------------------------------------------------- mistakes with their place


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (
            "Кому: {{ applicnt }}",
            "Абзац 1 «Кому: {{ applicnt }}»: {{ applicnt }} – Поля «applicnt» нет. Возможно, «applicant»?",
        ),
        ("{{ experts }}", "«experts» – это список: его перебирают циклом «for»."),
        ("{% for one in experts %}{{ one }}{% endfor %}", "«one» – это целая строка списка «experts»"),
        ("{% for one in experts %}{{ one.nam }}{% endfor %}", "нет поля «nam». Возможно, «name»?"),
        ("{% for one in expert %}{% endfor %}", "Списка «expert» нет. Возможно, «experts»?"),
        ("{% for one in title %}{% endfor %}", "«title» – не список"),
        ("{{ applicant", "Метка не закрыта"),
        ("applicant }}", "Лишние скобки"),
        ("{{ }}", "Метка пустая."),
        ("{% if verdict %}да", "Команда не закрыта: ниже должна стоять «endif»."),
        ("{% endfor %}", "нет открытой «for»"),
        ("{% if verdict == «да» %}x{% endif %}", "прямые кавычки"),
        ("слово {%p if verdict %}", "Рядом с командой на «p»"),
        ("{%tr for one in experts %}", "только в таблице"),
        ("{{ title|trim }}", "Преобразования «trim» нет: можно upper, cap."),
        ("{% for title in experts %}{% endfor %}", "Имя «title» занято"),
        ("{{ title }} {%- if title -%}x{% endif %}", "Знаки «-» и «+»"),
    ],
)
def test_a_mistake_is_told_with_its_place(words, found):
    assert any(found in one for one in said(paper(words))), said(paper(words))


def test_all_mistakes_are_told_at_once_each_in_its_own_place():
    data = in_body(
        BODY % "{{ one }}" + BODY % "{{ two }}",
        table(("Имя", "Должность"), ("{{ three }}", "{{ four }}")),
    )
    places = [one.partition(": {{")[0] for one in said(data)]
    assert places == [
        "Абзац 1 «{{ one }}»",
        "Абзац 2 «{{ two }}»",
        "Таблица 1, строка 2, столбец 1 «{{ three }}»",
        "Таблица 1, строка 2, столбец 2 «{{ four }}»",
    ]


def test_a_command_that_is_closed_elsewhere_is_told():
    found = said(paper("{% if verdict %}начало", "конец{% endif %}"))
    assert any("Команда начата в другом месте (Абзац 1" in one for one in found)


def test_a_place_in_a_header_a_footer_and_a_footnote_is_named():
    assert said(files.in_header("{{ x_y }}"))[0].startswith("Верхний колонтитул. Абзац")
    assert said(files.in_header("{{ x_y }}", footer=True))[0].startswith("Нижний колонтитул. Абзац")
    assert said(files.in_footnote("{{ x_y }}"))[0].startswith("Сноски. Абзац 1")


# ---------------------------------------------------------------------------------------------------------------- attacks

TAGS = (
    "{{ ''.__class__.__mro__ }}",
    "{{ config }}",
    "{{ self }}",
    "{{ self.__init__.__globals__ }}",
    "{{ range(10**9) }}",
    "{{ 'a'*10**9 }}",
    "{{ 7*7 }}",
    "{{ 10**10**10 }}",
    "{% for x in range(9) %}{% endfor %}",
    "{% for x in range %}{% endfor %}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% from 'os' import system %}",
    "{% extends '/etc/passwd' %}",
    "{{ applicant.__class__ }}",
    "{{ applicant['__class__'] }}",
    "{{ applicant|attr('__class__') }}",
    "{{ applicant.upper() }}",
    "{{ lipsum }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ cycler }}",
    "{{ joiner }}",
    "{{ namespace() }}",
    "{{ dict }}",
    "{% set x = 1 %}",
    "{% macro m() %}x{% endmacro %}",
    "{% call m() %}x{% endcall %}",
    "{% filter upper %}x{% endfilter %}",
    "{% raw %}{{ x }}{% endraw %}",
    "{% block b %}x{% endblock %}",
    "{% with x = 1 %}x{% endwith %}",
    "{% autoescape false %}x{% endautoescape %}",
    "{% do x %}",
    "{% debug %}",
    "{{ title|safe }}",
    "{{ title|map('upper') }}",
    "{{ title|upper(1) }}",
    "{{ title ~ title }}",
    "{{ title if title else title }}",
    "{{ [1, 2, 3] }}",
    "{{ {'a': 1} }}",
    "{{ title[0] }}",
    "{{ not title }}",
    "{{ title == 'x' }}",
    "{{ 1 }}",
    "{{ true }}",
    "{{ 'text' }}",
    "{% if title is defined %}x{% endif %}",
    "{% if title in 'abc' %}x{% endif %}",
    "{% if title == title %}x{% endif %}",
    "{% if title > 'a' %}x{% endif %}",
    "{% if 1 == '1' %}x{% endif %}",
    "{% for one in experts recursive %}{% endfor %}",
    "{% for one in experts if one.name %}{% endfor %}",
    "{% for a, b in experts %}{% endfor %}",
    "{% for one in experts %}{{ loop.index }}{% endfor %}",
    "{% for one in experts %}{{ one.__class__ }}{% endfor %}",
    "{% for one in experts %}{{ one.items }}{% endfor %}",
    "{% for one in experts %}{{ one['name'] }}{% endfor %}",
    "{% for __x in experts %}{% endfor %}",
    "{% for a in experts %}{% for b in experts %}{% for c in experts %}x{% endfor %}{% endfor %}{% endfor %}",
    "{{r applicant }}",
    "{{p applicant }}",
    "{{tr applicant }}",
    "{%r if title %}",
    "{%tc if title %}",
    "{% colspan title %}",
    "{% cellbg title %}",
    "{% vm %}",
    "{% hm %}",
    "{{ " + "(" * 400 + "title" + ")" * 400 + " }}",
    "{% if " + "not " * 3000 + "title %}x{% endif %}",
    "{{ _ }}",
    "{{ g }}",
    "{{ request.application.__globals__ }}",
    "{{ url_for.__globals__ }}",
    "{{ get_flashed_messages }}",
    "{{ caller() }}",
    "{{ varargs }}",
    "{{ context }}",
    "{{ title.format(title) }}",
    "{{ '%s' % title }}",
    "{{ undefined_thing or title }}",
    "{{ title }} }} {{",
)


@pytest.mark.parametrize("tag", TAGS)
def test_what_is_not_a_declared_name_is_refused(tag):
    found = said(paper(tag))
    assert found
    assert all(one.partition(": ")[2].strip() for one in found)


@pytest.mark.parametrize("tag", TAGS[:12])
def test_it_is_refused_in_headers_footers_footnotes_cells_and_properties_too(tag):
    escaped = tag.replace("&", "&amp;").replace("<", "&lt;")
    for data in (
        files.in_header(tag),
        files.in_header(tag, footer=True),
        files.in_footnote(escaped),
        table((tag, "")),
        files.in_title(tag),
    ):
        assert said(data)


def test_it_is_refused_when_it_is_torn_into_runs():
    assert said(torn("{", "{ ''.__cl", "ass__ }", "}"))
    assert said(torn("{%", " set x ", "= 1 %", "}"))
    assert said(paper("{", "{ config }", "}")), "the library would join these paragraphs"
    assert said(paper("{", "% set x = 1 %", "}"))


VML = "urn:schemas-microsoft-com:vml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
PICTURE = f'<w:p><w:r><w:pict xmlns:v="{VML}"><v:shape alt="{{{{ applicant }}}}"/></w:pict></w:r></w:p>'
HTML = with_part("aFChunk", "a.htm", "text/html", "<b>x</b>")
OLE = "application/vnd.openxmlformats-officedocument.oleObject"


def field(command: str) -> bytes:
    return in_body(f'<w:p><w:fldSimple w:instr="{command}"><w:r><w:t>x</w:t></w:r></w:fldSimple></w:p>')


ATTACKS = {
    "a tag in an attribute": lambda: in_body(PICTURE),
    "a tag in a hidden field": lambda: in_body("<w:p><w:r><w:instrText>{{ applicant }}</w:instrText></w:r></w:p>"),
    "a tag in a custom part": lambda: with_part(
        "customXml", "../customXml/item1.xml", "application/xml", "<a>{{ x }}</a>"
    ),
    "a tag between two paragraphs": lambda: in_body("{{ applicant }}"),
    "a field that reads a file": lambda: field("INCLUDETEXT /etc/passwd"),
    "a field that runs a program": lambda: field("DDEAUTO c:\\\\cmd"),
    "a picture from outside": lambda: linked("image", "http://example.org/a.png", external=True),
    "a template from outside": lambda: linked("attachedTemplate", "http://example.org/a.dotm", external=True),
    "a piece from outside": lambda: linked("aFChunk", "http://example.org/a.htm", external=True),
    "a piece of another format": lambda: in_body(f'<w:altChunk r:id="rId99" xmlns:r="{OFFICE}"/>', HTML),
    "an embedded object": lambda: with_part("oleObject", "embeddings/a.bin", OLE),
    "a control": lambda: with_part("control", "activeX/a.xml", "application/vnd.ms-office.activeX+xml", "<a/>"),
    "a macro": lambda: with_part("vbaProject", "vbaProject.bin", "application/vnd.ms-office.vbaProject"),
    "hidden text": lambda: in_body("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>x</w:t></w:r></w:p>"),
    "an entity": lambda: files.declared('<!ENTITY a "aaaa">'),
    "a bomb of entities": lambda: files.declared('<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">', "&b;"),
    "a file of the system": lambda: files.declared('<!ENTITY a SYSTEM "file:///etc/passwd">', "&a;"),
    "a bomb of zeros": lambda: changed(good(), {}, {"word/media/image1.png": b"\0" * (64 << 20)}),
    "no zip": lambda: b"PK\x03\x04" + b"x" * 100,
    "no Word file": lambda: files.typed("wordprocessingml.document.main", "spreadsheetml.sheet.main"),
    "a template with macros": lambda: files.typed(WORD, "application/vnd.ms-word.document.macroEnabled.main+xml"),
    "far too many elements": lambda: in_body("<w:p/>" * 200_000),
    "far too deep": lambda: in_body("<w:sdt>" * 300 + "</w:sdt>" * 300),
    "a row without its table": lambda: in_body("<w:p><w:r><w:t>{%tr for one in experts %}</w:t></w:r></w:p>"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_file_that_is_more_than_text_is_refused(attack):
    assert said(ATTACKS[attack]())


def test_the_path_of_somebodys_own_template_is_taken_out_and_not_refused():
    settings = "word/settings.xml"
    link = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'
    target = files.LINK % ("attachedTemplate", "file:///C:\\Users\\Anna\\letter.dotx", ' TargetMode="External"')
    attached = '<w:attachedTemplate xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rId99"/>'
    data = changed(
        good(),
        {settings: lambda text: text.replace("<w:zoom", f"{attached}<w:zoom", 1)},
        {"word/_rels/settings.xml.rels": link % target},
    )
    made = filled(data)
    parts = docx.Document(io.BytesIO(made)).part.package.parts
    assert b"attachedTemplate" not in b"".join(part.blob for part in parts)
    assert not [link for part in parts for link in part.rels.values() if link.is_external]


# ------------------------------------------------------------------------------------------- values are only text

VECTORS = (
    "{{ 7*7 }}",
    "{% for x in y %}",
    "{{ ''.__class__ }}",
    "{_{ 7*7 }_}",
    "{_% raw %_}",
    "</w:t></w:r></w:p><w:p><w:r><w:t>ПОДПИСАНО ДИРЕКТОРОМ",
    "A & B <b>жирно</b>",
    "&lt;w:p/&gt; &amp; &#60;",
    "]]><!--",
    "\"кавычки\" и 'апострофы'",
    "строка\nвторая\nтретья",
    "таб\tуляция",
    "звонок\x07 и \x0c",
    "\u202eперевёрнуто",
    "эмодзи 🙂 и é",
    "{#комментарий#}",
    "%s %(a)s {0}",
    "№\u00a012-од",
    "",
    "я" * 5000,
)


@pytest.mark.parametrize("key", ["consolidated_conclusion", "order", "protocol"])
@pytest.mark.parametrize("vector", VECTORS)
def test_whatever_a_value_holds_is_printed_as_it_is(key, vector):
    """security.md 44: in each field of the kind, and in each column of each of its lists."""
    known = declared(key)
    names = sorted(known.fields)
    lists = sorted(known.lists)
    data = paper(
        *(f"[{{{{ {one} }}}}]" for one in names),
        *(
            f"{{% for row in {one} %}}"
            + "".join(f"[{{{{ row.{c} }}}}]" for c in sorted(known.lists[one]))
            + "{% endfor %}"
            for one in lists
        ),
    )
    values = {one: clean(vector) for one in names} | {
        one: [dict.fromkeys(known.lists[one], clean(vector))] for one in lists
    }
    wanted = [f"[{clean(vector)}]"] * len(names) + [f"[{clean(vector)}]" * len(known.lists[one]) for one in lists]
    assert text(filled(data, values, key)) == wanted


def test_a_value_in_a_footnote_is_not_taken_for_a_template_in_the_next_section():
    """The library renders footnotes once for every section of the text."""
    section = "<w:p><w:pPr><w:sectPr/></w:pPr></w:p>"
    data = in_body(section * 3, files.in_footnote("{{ title }}"))
    odd = "{{ 7*7 }} {% set x = 1 %} {# нет #} {_{ x }_}"
    made = filled(data, values_of() | {"title": odd})
    parts = docx.Document(io.BytesIO(made)).part.package.parts
    (notes,) = [one for one in parts if one.content_type == render.FOOTNOTES]
    assert [one.text for one in docx.oxml.parse_xml(notes.blob).iter("{*}t")] == [odd]


# ------------------------------------------------------------------------------------------------------------- limits


def test_a_template_that_grows_without_end_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(render, "SECONDS", 3)
    path = tmp_path / "template"
    inner = ["{{ a.text }}{{ b.text }}" * 40] * 60
    path.write_bytes(
        paper("{%p for a in paragraphs %}", "{%p for b in paragraphs %}", *inner, "{%p endfor %}", "{%p endfor %}")
    )
    found = render.check(path, KEY, [values_of(rows=40)])
    assert [str(one.what) for one in found] in (
        [str(render.TOO_LONG)],
        ["Документ получается слишком большим."],
    )


def test_a_template_that_is_too_slow_when_a_document_is_issued_is_stopped(monkeypatch):
    monkeypatch.setattr(render, "SECONDS", 0.01)
    with pytest.raises(WorkflowError, match="слишком долго"):
        render.render(good(), KEY, values_of(), ABOUT)


def test_a_file_that_is_too_big_is_not_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(render, "MAX_TEMPLATE", 1 << 10)
    path = tmp_path / "template"
    path.write_bytes(good())
    assert "слишком большой" in str(render.check(path, KEY, [])[0].what)


def test_what_was_refused_at_the_upload_is_refused_when_a_document_is_issued_too():
    with pytest.raises(WorkflowError, match="Поля «config» нет"):
        render.render(paper("{{ config }}"), KEY, values_of(), ABOUT)


def test_a_problem_comes_back_from_the_child_with_its_words(tmp_path):
    path = tmp_path / "template"
    path.write_bytes(paper("Кому: {{ applicnt }}"))
    (found,) = render.check(path, KEY, [])
    assert str(found.place) == "Абзац 1 «Кому: {{ applicnt }}»"
    assert str(found.what) == "{{ applicnt }} – Поля «applicnt» нет. Возможно, «applicant»?"


def test_a_condition_that_tears_what_word_put_around_it_is_found_by_trying(tmp_path):
    path = tmp_path / "template"
    run = "<w:r><w:t>%s</w:t></w:r>"
    wrapped = f'<w:smartTag w:element="a">{run % "{% endif %}"}</w:smartTag>'
    path.write_bytes(in_body(f"<w:p>{run % '{% if dissents %}x'}{wrapped}</w:p>"))
    found = render.check(path, KEY, [values_of()])
    assert ["После подстановки файл испорчен" in str(one.what) for one in found] == [True]


@pytest.mark.parametrize("deed", files.DEEDS)
def test_the_sealed_process_touches_nothing_but_its_memory(deed, tmp_path):
    target = tmp_path / "secret"
    target.write_text("тайна", encoding="utf-8")
    assert sandbox.call(files.attempt, deed, str(target)) == b"refused"
    assert target.read_text(encoding="utf-8") == "тайна"


def test_only_strings_reach_the_child():
    assert all(isinstance(one, str | list) for one in json.loads(json.dumps(values_of())).values())
    assert Path(render.__file__).read_text(encoding="utf-8").count("DocxTemplate") == 2
