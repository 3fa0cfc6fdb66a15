"""The look at a Word file loses nothing that its reader sees, or says that it does."""

import pytest

from tests.core.files import kit
from workflow_app.files import sandbox
from workflow_app.web import file_viewer, word_formulas, word_inserts, word_markup
from workflow_app.web.file_viewer import Look, Unviewable

SPACES = (
    f'xmlns:w="{kit.WORD}" xmlns:r="{kit.OFFICE_RELATIONSHIPS}" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"'
)


@pytest.fixture
def look(tmp_path, monkeypatch):
    """How a file of this body is shown; ``parts``: name in word/ -> (id of its relationship, content)."""
    monkeypatch.setattr(sandbox, "call", lambda job, *args, **_limits: job(*args, b""))

    def look(body, **options):
        path = tmp_path / "blob"
        path.write_bytes(package(body, **options))
        return file_viewer.docx_look(path)

    return look


def package(body, parts=None):
    relations = "".join(
        f'<Relationship Id="{id_}" Type="{kit.OFFICE_RELATIONSHIPS}/any" Target="{name}"/>'
        for name, (id_, _) in (parts or {}).items()
    )
    changer = kit.Changer(kit.members(kit.word()))
    changer.put("word/document.xml", f"<w:document {SPACES}><w:body>{body}</w:body></w:document>")
    changer.put(
        "word/_rels/document.xml.rels", f'<Relationships xmlns="{kit.RELATIONSHIPS}">{relations}</Relationships>'
    )
    for name, (_, content) in (parts or {}).items():
        changer.put(f"word/{name}", content)
    return changer.done()


def par(*content):
    return f"<w:p>{''.join(content)}</w:p>"


def run(content):
    content = content if content.startswith("<") else f'<w:t xml:space="preserve">{content}</w:t>'
    return f"<w:r>{content}</w:r>"


def mark(kind, inside=""):
    return run(f'<w:fldChar w:fldCharType="{kind}">{inside}</w:fldChar>')


def code(words):
    return run(f"<w:instrText>{words}</w:instrText>")


def drawing(inside, about=""):
    named = f'<wp:docPr id="1" name="x" descr="{about}"/>'
    graphic = f"<a:graphic><a:graphicData>{inside}</a:graphicData></a:graphic>"
    return run(f"<w:drawing><wp:inline>{named}{graphic}</wp:inline></w:drawing>")


def test_the_stored_result_of_a_simple_field_is_text(look):
    simple = f'<w:fldSimple w:instr=" SEQ Рисунок ">{run("7")}</w:fldSimple>'
    assert look(par(run("Рисунок "), simple, run(" – Схема"))).body == "<p>Рисунок 7 – Схема</p>"


def test_of_a_complex_field_the_result_is_shown_and_the_code_is_not(look):
    inner = mark("begin") + code("PAGE") + mark("separate") + run("3") + mark("end")
    field = mark("begin") + code("IF ") + inner + code(" = 1 a b") + mark("separate") + run("итог") + mark("end")
    assert look(par(run("До "), field, run(" после"))).body == "<p>До итог после</p>"
    never_ended = mark("begin") + code("IF") + run("текст")
    assert look(par(never_ended)).body == "<p>текст</p>", "a broken field takes nothing away"


@pytest.mark.parametrize(("value", "sign"), [("1", "☒"), ("true", "☒"), ("0", "☐"), ("false", "☐")])
@pytest.mark.parametrize("drawn", ["<w:t>✓</w:t>", '<w:sym w:font="Unknown" w:char="F0AA"/>', ""])
def test_a_box_of_a_content_control_shows_whether_it_is_ticked(look, value, sign, drawn):
    box = f'<w:sdtPr><w14:checkbox><w14:checked w14:val="{value}"/></w14:checkbox></w:sdtPr>'
    control = f"<w:sdt>{box}<w:sdtContent>{run(drawn) if drawn else ''}</w:sdtContent></w:sdt>"
    assert look(par(control, run(" согласен"))).body == f"<p>{sign} согласен</p>"


@pytest.mark.parametrize(
    ("inside", "sign"),
    [
        ("<w:checked/>", "☒"), ('<w:checked w:val="0"/>', "☐"), ('<w:default w:val="1"/>', "☒"),
        ('<w:default w:val="1"/><w:checked w:val="0"/>', "☐"), ('<w:default w:val="0"/>', "☐"),
    ],
)  # fmt: skip
def test_a_box_of_an_old_form_shows_whether_it_is_ticked(look, inside, sign):
    box = mark("begin", f"<w:ffData><w:checkBox>{inside}</w:checkBox></w:ffData>") + code("FORMCHECKBOX") + mark("end")
    assert look(par(box, run(" первая"))).body == f"<p>{sign} первая</p>"


def test_a_list_of_an_old_form_shows_what_was_chosen(look):
    entries = '<w:result w:val="1"/><w:listEntry w:val="первая"/><w:listEntry w:val="высшая"/>'
    chosen = mark("begin", f"<w:ffData><w:ddList>{entries}</w:ddList></w:ffData>") + code("FORMDROPDOWN") + mark("end")
    assert look(par(run("Категория: "), chosen)).body == "<p>Категория: высшая</p>"


PART = (
    "<html><head><title>нет</title><style>p{}</style></head>"
    "<body><p>Весь &laquo;урок&raquo;</p><script>x()</script><div>конец</div></body></html>"
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("part.htm", PART),
        ("part.html", PART.encode("cp1251")),
        ("part.htm", PART.replace("<head>", "<head><meta charset='koi8-r'>").encode("koi8-r")),
        ("part.htm", PART.encode("utf-16")),
        ("part.mht", f"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{PART}"),
        ("part.txt", "Весь «урок»\r\n\r\nконец"),
    ],
)  # fmt: skip
def test_a_part_inserted_whole_is_shown_as_its_text(look, name, content):
    found = look('<w:altChunk r:id="rId7"/>', parts={name: ("rId7", content)})
    assert found == Look("<p>Весь «урок»</p><p>конец</p>")


def test_a_word_file_inserted_whole_is_shown_as_its_text(look):
    found = look(
        '<w:altChunk r:id="rId7"/>', parts={"part.docx": ("rId7", package(par(run("Урок")) + par(run("два"))))}
    )
    assert found.body == "<p>Урок</p><p>два</p>"


def test_an_inserted_part_that_is_not_read_is_told_at_its_place(look):
    found = look(par(run("До")) + '<w:altChunk r:id="rId7"/>', parts={"part.rtf": ("rId7", "{\\rtf1 x}")})
    assert found == Look("<p>До</p><p>[вставленный файл]</p>", {"parts": 1})
    assert look(par(run("До")) + '<w:altChunk r:id="rId9"/>').unshown == {"parts": 1}
    assert word_inserts.inserted_text("a.txt", b"x" * (word_inserts.MAX_PART + 1)) is None


def test_a_file_of_which_nothing_can_be_shown_is_no_empty_sheet_of_paper(look):
    with pytest.raises(Unviewable):
        look(par())


def omml(inside):
    return f"<m:oMath>{inside}</m:oMath>"


def m(name, *parts, settings=""):
    settings = f"<m:{name}Pr>{settings}</m:{name}Pr>" if settings else ""
    return f"<m:{name}>{settings}{''.join(parts)}</m:{name}>"


def t(words):
    return f"<m:r><m:t>{words}</m:t></m:r>"


@pytest.mark.parametrize(
    ("formula", "line"),
    [
        (m("f", m("num", t("a+b")), m("den", t("2"))), "(a+b)/2"),
        (m("sSup", m("e", t("x")), m("sup", t("2"))) + t("+1"), "x^2+1"),
        (m("sSub", m("e", t("a")), m("sub", t("i+1"))), "a_(i+1)"),
        (m("sSubSup", m("e", t("a")), m("sub", t("i")), m("sup", t("2"))), "a_i^2"),
        (m("rad", m("deg"), m("e", t("x+1"))), "√(x+1)"),
        (m("rad", m("deg", t("3")), m("e", t("x"))), "3√x"),
        (m("nary", m("sub", t("i=1")), m("sup", t("n")), m("e", t("i")), settings='<m:chr m:val="∑"/>'), "∑_(i=1)^n i"),
        (m("nary", m("sub"), m("sup"), m("e", t("x"))), "∫ x"),
        (m("d", m("e", t("a")), m("e", t("b"))), "(a|b)"),
        (m("d", m("e", t("x")), settings='<m:begChr m:val="["/><m:endChr m:val=""/>'), "[x"),
        (m("func", m("fName", t("sin")), m("e", t("x"))), "sin x"),
        (m("limLow", m("e", t("lim")), m("lim", t("n"))), "lim_n"),
        (m("limUpp", m("e", t("a")), m("lim", t("n"))), "a^n"),
        (m("m", m("mr", m("e", t("1")), m("e", t("2"))), m("mr", m("e", t("3")), m("e", t("4")))), "1 2; 3 4"),
        (m("eqArr", m("e", t("x=1")), m("e", t("y=2"))), "x=1; y=2"),
        (m("acc", m("e", t("v"))), "v"),
    ],
)
def test_a_formula_is_a_line_of_text(look, formula, line):
    assert look(par(run("Итак "), omml(formula))).body == f"<p>Итак {line}</p>"
    assert look(par(f"<m:oMathPara>{omml(formula)}</m:oMathPara>")).body == f"<p>{line}</p>"


def test_a_chart_stands_at_its_place_with_its_title(look):
    title = "<c:title><a:t>Рост </a:t><a:t>успеваемости</a:t></c:title>"
    chart = f"<c:chartSpace {SPACES}><c:chart>{title}<c:plotArea/></c:chart></c:chartSpace>"
    found = look(
        par(run("До "), drawing('<c:chart r:id="rId5"/>')),
        parts={"chart.bin": ("rId5", "x"), "chart.xml": ("rId6", chart)},
    )
    assert found == Look("<p>До [диаграмма]</p>", {"charts": 1})
    found = look(par(drawing('<c:chart r:id="rId6"/>')), parts={"chart.xml": ("rId6", chart)})
    assert found == Look("<p>[диаграмма: Рост успеваемости]</p>", {"charts": 1})
    assert look(par(drawing('<c:chart r:id="rId1"/>', "Итоги года"))).body == "<p>[диаграмма: Итоги года]</p>"


def test_a_scheme_is_told_by_its_words(look):
    points = "<dgm:pt><a:t>Цель</a:t></dgm:pt><dgm:pt/><dgm:pt><a:t>Итог</a:t></dgm:pt>"
    data = f"<dgm:dataModel {SPACES}><dgm:ptLst>{points}</dgm:ptLst></dgm:dataModel>"
    found = look(par(drawing('<dgm:relIds r:dm="rId6"/>')), parts={"data1.xml": ("rId6", data)})
    assert found == Look("<p>[диаграмма: Цель; Итог]</p>", {"charts": 1})


def test_the_text_of_a_drawn_box_is_read_once_and_a_picture_is_named(look):
    box = f"<wps:wsp><wps:txbx><w:txbxContent>{par(run('в рамке'))}</w:txbxContent></wps:txbx></wps:wsp>"
    older = f"<w:pict><v:textbox><w:txbxContent>{par(run('в рамке'))}</w:txbxContent></v:textbox></w:pict>"
    ways = f"<mc:Choice Requires='wps'>{drawing(box)[5:-6]}</mc:Choice><mc:Fallback>{older}</mc:Fallback>"
    both = f"<mc:AlternateContent>{ways}</mc:AlternateContent>"
    assert look(par(run("До "), run(both))).body == "<p>До </p><p>в рамке</p>"
    assert look(par(run("До "), run(older))).body == "<p>До </p><p>в рамке</p>"
    found = look(par(drawing('<a:blip r:embed="rId1"/>', "Кабинет"), drawing("<wps:wsp/>")))
    assert found == Look("<p>[рисунок: Кабинет]</p>", {"pictures": 1, "shapes": 1})


def test_drawings_and_objects_of_older_programs_are_named(look):
    letters = '<w:pict><v:shape><v:textpath string="ОБРАЗЕЦ"/></v:shape></w:pict>'
    picture = '<w:pict><v:shape><v:imagedata r:id="rId1" o:title="Схема"/></v:shape></w:pict>'
    line = "<w:pict><v:line/></w:pict>"
    programs = ("Excel.Sheet.12", "Equation.3")
    sheet, equation = (f'<w:object><o:OLEObject ProgID="{one}"/></w:object>' for one in programs)
    found = look(par(*(run(one) for one in (letters, picture, line, sheet, equation))))
    assert found.body == "<p>ОБРАЗЕЦ[рисунок: Схема][вставленный объект: Excel][формула]</p>"
    assert found.unshown == {"pictures": 1, "objects": 1, "formulas": 1}


def test_of_tracked_changes_what_came_is_shown_and_what_went_is_counted(look):
    gone = "".join(f"<w:{name}>{run('<w:delText>старое</w:delText>')}</w:{name}>" for name in ("del", "moveFrom"))
    came = "".join(f"<w:{name}>{run(' новое')}</w:{name}>" for name in ("ins", "moveTo"))
    assert look(par(run("Есть"), gone, came)) == Look("<p>Есть новое новое</p>", {"deleted": 2})


def test_comments_headers_and_footers_are_counted(look):
    comments = f'<w:comments {SPACES}><w:comment w:id="0"/><w:comment w:id="1"/></w:comments>'
    header, empty = (f"<w:hdr {SPACES}>{par(one)}</w:hdr>" for one in (run("Школа № 1"), ""))
    parts = {"comments.xml": ("rId1", comments), "header1.xml": ("rId2", header), "header2.xml": ("rId3", empty)}
    found = look(par(run("Текст")), parts=parts)
    assert found.unshown == {"comments": 2, "running": 1}
    assert [(word.msgid, number) for word, number in found.missing()] == [("примечания", 2), ("колонтитулы", 1)]


def test_words_over_others_and_words_of_another_direction_are_read(look):
    ruby = f"<w:ruby><w:rt>{run('あ')}</w:rt><w:rubyBase>{run('字')}</w:rubyBase></w:ruby>"
    assert look(par(f"<w:dir>{run('раз ')}</w:dir>", run(ruby))).body == "<p>раз 字</p>"


def test_a_file_too_heavy_for_a_look_is_cut_and_says_so(look, monkeypatch):
    monkeypatch.setattr(word_markup, "MAX_PIECES", 7)
    rows = "".join(f"<w:tr><w:tc>{par(run(str(number)))}</w:tc></w:tr>" for number in range(2_500))
    found = look(f"<w:tbl>{rows}</w:tbl>")
    assert found.cut
    assert "<td><p>2</p></td>" in found.body
    assert "<p>4</p>" not in found.body
    monkeypatch.setattr(word_markup, "MAX_CHARACTERS", 5)
    assert look(par(run("слово слово")) + par(run("дальше"))) == Look("<p>слово слово</p>", cut=True)


def test_a_part_with_a_document_type_is_not_read_under_any_name(look):
    evil = '<!DOCTYPE x [<!ENTITY e "x">]><c:chartSpace xmlns:c="urn:x"/>'
    with pytest.raises(Unviewable):
        look(par(drawing('<c:chart r:id="rId6"/>')), parts={"chart.txt": ("rId6", evil)})


def test_a_look_is_kept_and_read_back():
    found = Look("<p>x</p>", {"charts": 2}, cut=True)
    assert Look.unpacked(found.packed()) == found
    assert word_formulas.attribute(None, "val") is None
