"""The Word file: its look, its soundness, and that it says only what was typed."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import docx
import ooxml_integrity
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from hypothesis import example, given
from hypothesis import strategies as st
from openxml_audit import OpenXmlValidator

from tests.core.documents import samples
from workflow_app.documents.docx import pictures, plain_text, qr_code, write
from workflow_app.documents.docx.bars import Bar
from workflow_app.documents.docx.blocks import (
    Certificate,
    Code,
    Document,
    Heading,
    Items,
    OrderStamp,
    PageBreak,
    Paragraph,
    PersonStamp,
    Picture,
    Properties,
    Run,
    SignatureLine,
    Table,
    clean,
    text,
)
from workflow_app.documents.docx.parts import PICTURE_CLOSE, PICTURE_OPEN
from workflow_app.documents.kinds.registry import KINDS

CERTIFICATE = Certificate("00A1B2", "Градов Игорь Алексеевич", date(2026, 2, 1), date(2027, 5, 1))
NAMES = sorted(samples.DOCUMENTS)


def composed(name: str) -> Document:
    kind, material = samples.DOCUMENTS[name]
    return KINDS[kind].compose(material())


def opened(document: Document):
    return docx.Document(io.BytesIO(write.write(document)))


def part(document: Document, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(write.write(document))) as package:
        return package.read(name).decode()


def everything(word) -> str:
    """All words of the body in order, tables included, and what pictures say instead of themselves."""
    found = []
    for item in word.iter_inner_content():
        if hasattr(item, "rows"):
            found += [cell.text for row in item.rows for cell in row.cells]
        else:
            found += [item.text, *item._element.xpath(".//wp:docPr/@descr")]
    return "\n".join(found)


def bare(*blocks, **changes) -> Document:
    properties = Properties("Предмет", "МКУ ИМЦ", datetime(2026, 11, 23, tzinfo=UTC))
    document = Document(
        kind="order",
        form="order",
        title="ПРИКАЗ",
        heading="О проверке",
        organisation=("МКУ ИМЦ",),
        number="№ 1",
        date="23 ноября 2026 г.",
        place="г. Алапаевск",
        blocks=blocks,
        properties=properties,
    )
    return replace(document, **changes)


PICTURE = Picture(
    (Bar("К1.1", "Показатель", Decimal(80), Decimal(75), "80 %", "75 %"),), "Рисунок 1 – План и факт", "Факт 75 %, план 80 %."
)  # fmt: skip
CERTIFIED = SignatureLine("Директор МКУ ИМЦ", "И.А. Градов", certificate=CERTIFICATE)
ODD_ONES = {
    "certificate at the end": bare(CERTIFIED),
    "certificate first of all": bare(Heading("Раздел", level=2), CERTIFIED, CERTIFIED),
    "certificate in the stamp": bare(stamp=PersonStamp(CERTIFIED, "23 ноября 2026 г.")),
    "paper in the stamp": bare(stamp=PersonStamp(SignatureLine("Директор", "И.А. Градов"), "«____» 20___ г.")),
    "order in the stamp": bare(stamp=OrderStamp("УТВЕРЖДЕНА", "приказом МКУ ИМЦ", "от 24.11.2026 № 45-од")),
    "page break, lists, runs": bare(
        Items((text("первое"), text("второе")), numbered=True),
        PageBreak(),
        Items((text("снова первое"),), numbered=True),
        Paragraph((Run("а", bold=True), Run("б", italic=True)), align="right", keep_with_next=True),
    ),
    "two pictures and a code": bare(PICTURE, Code("https://example.org/open", "Страница"), PICTURE),
    "nothing but a head": bare(number=None),
}


@pytest.mark.parametrize("document", [*map(composed, NAMES), *ODD_ONES.values()], ids=[*NAMES, *ODD_ONES])
def test_the_file_is_sound(document, tmp_path):
    """Schema by openxml-audit, references between parts by ooxml-integrity."""
    path = tmp_path / "document.docx"
    path.write_bytes(write.write(document))
    verdict = OpenXmlValidator().validate(path)

    assert not verdict.errors
    assert not [finding for finding in ooxml_integrity.check(path) if finding.severity != "INFO"]


@pytest.mark.parametrize("name", NAMES)
def test_r33_the_file_says_what_the_record_says(name):
    """R33: every word of the plain text stands in the file."""
    document = composed(name)
    said = " ".join(everything(opened(document)).replace("\N{NO-BREAK SPACE}", " ").split())
    expected = plain_text.text(document).split("-----")[0]
    for mark in ("#", "|", "[", "]", "–", "_______________"):
        expected = expected.replace(mark, " ")

    missing = [word for word in expected.split() if word not in said and not word.rstrip(".").isdigit()]
    assert not missing


@pytest.mark.parametrize("name", NAMES)
def test_equal_documents_are_equal_bytes(name):
    assert write.write(composed(name)) == write.write(composed(name))


def test_the_page_is_a4_with_margins_for_long_storage():
    """domain.md 6: 30, 10, 20, 20 mm."""
    section = opened(composed("order")).sections[0]
    lengths = (section.page_width, section.page_height, section.left_margin, section.right_margin)
    assert [round(length.mm) for length in lengths] == [210, 297, 30, 10]
    assert [round(length.mm) for length in (section.top_margin, section.bottom_margin)] == [20, 20]


def test_type_is_a_free_serif_of_14_points_and_12_in_tables():
    word = opened(composed("expert_sheet"))
    styles = part(composed("expert_sheet"), "word/styles.xml")
    defaults = styles[: styles.index("</w:docDefaults>")]
    assert 'w:ascii="Liberation Serif"' in defaults
    assert '<w:sz w:val="28"/>' in defaults
    assert 'w:line="276"' in defaults
    assert word.styles["Текст таблицы"].font.size == Pt(12)
    assert word.styles["Body Text"].paragraph_format.first_line_indent.mm == pytest.approx(12.5, abs=0.1)
    assert {cell.paragraphs[0].style.name for row in word.tables[0].rows for cell in row.cells} == {
        "Заголовок таблицы",
        "Текст таблицы",
    }


def test_where_the_font_is_missing_its_twin_stands_in():
    assert '<w:altName w:val="Times New Roman"/>' in part(composed("order"), "word/fontTable.xml")


def test_the_language_is_russian_for_those_who_hear_the_text():
    assert '<w:lang w:val="ru-RU"' in part(composed("order"), "word/styles.xml")


def test_pages_are_numbered_from_the_second_in_the_middle_of_the_top_margin():
    section = opened(composed("order")).sections[0]
    assert section.different_first_page_header_footer
    header = section.header.paragraphs[0]
    assert header.style.name == "Header"
    assert 'w:instr="PAGE"' in part(composed("order"), "word/header1.xml")
    assert section.first_page_header.is_linked_to_previous
    assert round(section.header_distance.mm) == 10


def test_the_foot_of_every_page_names_the_document_and_its_version():
    document = composed("order")
    section = opened(document).sections[0]
    for footer in (section.footer, section.first_page_footer):
        assert footer.paragraphs[0].text.split("\n") == list(document.foot)


def test_the_first_page_shows_beside_its_foot_the_code_that_leads_to_the_check():
    """ГОСТ Р 7.0.97-2025: at the bottom right of the first sheet."""
    document = composed("consolidated_conclusion")
    section = opened(document).sections[0]
    assert section.footer.paragraphs[0].text.split("\n") == list(document.foot)
    said, shown = section.first_page_footer.tables[0].rows[0].cells
    assert said.paragraphs[0].text.split("\n") == list(document.foot)
    assert "код K7QF-2M9X-4TPD" in said.paragraphs[0].text
    words = shown._element.xpath(".//wp:docPr/@descr")
    assert words == [f"{qr_code.QR_WORDS} {document.check_address}"]
    (picture,) = section.first_page_footer.part.package.image_parts
    assert picture.blob == qr_code.qr(document.check_address)


def test_table_headers_repeat_and_rows_do_not_split():
    table = opened(composed("expert_sheet")).tables[0]
    rows = [row._element.trPr for row in table.rows]
    assert rows[0].find(qn("w:tblHeader")) is not None
    assert all(row.find(qn("w:tblHeader")) is None for row in rows[1:])
    assert all(row.find(qn("w:cantSplit")) is not None for row in rows)
    assert sum(cell.width for cell in table.rows[0].cells) == pytest.approx(Mm(170), rel=0.01)
    assert table._element.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == "Оценка по критериям"


def test_sections_are_real_headings_kept_with_their_text():
    word = opened(composed("consolidated_conclusion"))
    headings = [one.text for one in word.paragraphs if one.style.name == "Heading 1"]
    assert headings[:2] == ["Результаты", "Обоснования оценок по критериям"]
    assert word.styles["Heading 1"].paragraph_format.keep_with_next


@pytest.mark.parametrize("document", [*map(composed, NAMES), ODD_ONES["certificate first of all"]])
def test_no_empty_paragraph_stands_in_for_a_space(document):
    for paragraph in opened(document).paragraphs[:-1]:
        xml = paragraph._element.xml
        assert paragraph.text.strip() or 'w:br w:type="page"' in xml or "<w:drawing" in xml


def test_a_table_at_the_end_is_closed_by_a_paragraph_of_one_point():
    last = opened(ODD_ONES["certificate at the end"]).paragraphs[-1]
    assert (last.text, last.paragraph_format.line_spacing) == ("", Pt(1))


def test_every_numbered_list_begins_with_one():
    word = opened(ODD_ONES["page break, lists, runs"])
    numbers = [one._element.pPr.numPr.numId.val for one in word.paragraphs if one.style.name == "List Number"]
    assert len(set(numbers)) == 2
    assert part(composed("order"), "word/numbering.xml").count("startOverride") == 2


def test_a_signature_does_not_stand_on_a_page_alone_and_a_row_of_them_leaves_no_page_half_empty():
    """The first two of a row stay with the end of the text, the others may go over the page."""
    paragraphs = opened(composed("appeal_decision")).paragraphs
    lines = [at for at, one in enumerate(paragraphs) if one.style.name == "Подпись на бумаге"]
    assert len(lines) == 3
    assert [bool(paragraphs[at - 1].paragraph_format.keep_with_next) for at in lines] == [True, True, False]


def test_the_number_of_a_document_is_not_divided_at_its_hyphen():
    body = part(composed("order"), "word/document.xml")
    assert body.count("<w:noBreakHyphen/>") >= 2
    assert "№ 45-од" in everything(opened(composed("order"))).replace("\N{NO-BREAK SPACE}", " ")


def test_properties_name_the_centre_and_the_day_of_issue():
    document = replace(
        composed("order"),
        properties=Properties(
            "Методический материал", "МКУ ИМЦ", datetime(2026, 11, 24, 2, 30, tzinfo=timezone(timedelta(hours=5)))
        ),
    )
    core = opened(document).core_properties
    assert core.title == "ПРИКАЗ №\N{NO-BREAK SPACE}45-од"
    assert (core.author, core.last_modified_by, core.language) == ("МКУ ИМЦ", "МКУ ИМЦ", "ru-RU")
    assert core.created == core.modified == datetime(2026, 11, 23, 21, 30, tzinfo=UTC)


def test_nothing_of_the_librarys_template_is_left():
    with zipfile.ZipFile(io.BytesIO(write.write(composed("order")))) as package:
        names = package.namelist()
        whole = b"".join(package.read(name) for name in names)
    assert "word/stylesWithEffects.xml" not in names
    assert not [name for name in names if "thumbnail" in name or "customXml" in name]
    assert b"python-docx" not in whole


def test_r36_the_frame_is_drawn_only_for_a_certificate():
    """R36: a simple signature is a plain line."""
    framed, plain_line = composed("order"), composed("consolidated_conclusion")
    assert "ДОКУМЕНТ ПОДПИСАН ЭЛЕКТРОННОЙ ПОДПИСЬЮ" in everything(opened(framed))
    assert "w:tcBorders" in part(framed, "word/document.xml")
    body = part(plain_line, "word/document.xml")
    assert "Подписано простой электронной подписью: " in body
    assert "ДОКУМЕНТ ПОДПИСАН" not in body
    assert "w:tcBorders" not in body
    assert "w:pBdr" not in body
    assert "w:pBdr" in part(ODD_ONES["certificate in the stamp"], "word/document.xml")


def seen(words):
    """What the library reads of a text: a soft hyphen is an element that it does not know."""
    return clean(words).replace("\N{SOFT HYPHEN}", "")


@given(st.text(max_size=60), st.text(st.characters(max_codepoint=0x2070), max_size=60))
@example("\x00\x08\ud800\uffff\U0001fffe", "<w:p/>&amp;]]>\u202eтсет\r\n\t")
@example("\N{SOFT HYPHEN}", "сло\N{SOFT HYPHEN}во")
@example("</w:t></w:r></w:p><w:p>", "{{7*7}} {%raw%} №\N{NO-BREAK SPACE}1-2-3 -")
def test_any_text_stays_literal_and_never_breaks_the_file(first, second):
    """Control characters, markup, turned directions: the file opens, and its text is the typed one."""
    cell = (Run(second),)
    document = bare(
        Paragraph((Run(first), Run(second, bold=True))),
        Table(second, (first, second), ((cell, cell),), (85, 85), ("left", "left")),
        SignatureLine(first, second, note=second),
        heading=first,
        foot=(first, second),
    )
    word = opened(document)
    paragraphs = [one for one in word.paragraphs if one.style.name == "Body Text"]

    assert len(paragraphs) == 1
    assert paragraphs[0].text == seen(first) + seen(second)
    assert [cell.text for cell in word.tables[0].rows[1].cells] == [seen(second)] * 2


def template(body: str, links: bytes = b"") -> bytes:
    """A Word file of a template, as far as pictures are concerned: its text and the links of it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("[Content_Types].xml", '<Types xmlns="t"><Default Extension="xml" ContentType="x"/></Types>')
        package.writestr("word/document.xml", f"<w:t>{body}</w:t>")
        if links:
            package.writestr("word/_rels/document.xml.rels", links)
    return out.getvalue()


@pytest.mark.parametrize("links", [b"", b'<Relationships xmlns="r"/>', b'<Relationships xmlns="r"></Relationships>'])
def test_a_template_gets_its_pictures_whatever_links_it_had(links):
    mark = f"{PICTURE_OPEN}Рисунок {{}}{PICTURE_CLOSE}"
    picture = (b"png", (160, 40), "Выполнено 3 из 4")
    made = pictures.placed(template(f"Итог {mark.format(1)} и {mark.format(2)}", links), [picture])
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        body, known = package.read("word/document.xml").decode(), package.read("word/_rels/document.xml.rels").decode()
        assert package.read("word/media/picture1.png") == b"png"
        assert 'Extension="png"' in package.read("[Content_Types].xml").decode()
    assert body.count("<w:drawing") == 1
    assert "Выполнено 3 из 4" in body
    assert PICTURE_OPEN not in body, "the mark of a picture that there is not goes without a trace"
    assert known.count("<Relationship ") == 1


def test_a_template_without_marks_stays_byte_for_byte():
    data = template("Итог")
    assert pictures.placed(data, [(b"png", (160, 40), "Слова")]) is data


def test_the_words_of_a_document_tell_where_a_page_ends():
    assert plain_text.text(bare(PageBreak())).count("-----") == 1
