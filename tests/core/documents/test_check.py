"""The structural checker: our own files keep every rule, and each rule sees the file that breaks it."""

import io
import re
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.core.documents import samples
from workflow_app.documents.checks import package
from workflow_app.documents.checks.requisites import is_day
from workflow_app.documents.checks.run import MAX_PLACES, RULES, check
from workflow_app.documents.docx import write
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.documents.russian.grammar import NBSP, day

BODY, STYLES, SETTINGS, CORE = "word/document.xml", "word/styles.xml", "word/settings.xml", "docProps/core.xml"
HEADER, LINKS, TYPES = "word/header1.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CONCLUSION, BY_ORDER, ORDER = "consolidated_conclusion", "expert_conclusion", "order"

Parts = dict[str, bytes]


@cache
def good(name: str) -> bytes:
    kind, material = samples.DOCUMENTS[name]
    return write.write(KINDS[kind].compose(material()))


def parts_of(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: Parts) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def replaced(part: str, pattern: str, by: str | Callable[[re.Match[str]], str], count: int = 1):
    """A mutation: the first place of a pattern in one part is written in another way."""

    def mutate(parts: Parts) -> None:
        text, made = re.subn(pattern, by, parts[part].decode(), count=count, flags=re.DOTALL)
        assert made, f"{pattern} is not in {part}"
        parts[part] = text.encode()

    return mutate


def added(part: str, content: str, kind: str = ""):
    """A mutation: one more part, linked with the text when a kind of link is told."""

    def mutate(parts: Parts) -> None:
        parts[part] = content.encode()
        replaced(TYPES, "(?=<Override)", '<Default Extension="bin" ContentType="application/octet-stream"/>')(parts)
        if kind:
            linked(kind, part.removeprefix("word/"))(parts)

    return mutate


def linked(kind: str, target: str, mode: str = ""):
    """A mutation: one more link of the text."""
    link = f'<Relationship Id="rId99" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>'
    return replaced(LINKS, "(?=</Relationships>)", link)


def styled(style: str) -> str:
    """The pattern of a paragraph of this style."""
    return rf'<w:p><w:pPr><w:pStyle w:val="{style}"/>(?:(?!</w:p>).)*</w:p>'


def paragraph(style: str, words: str, own: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{own}</w:pPr><w:r><w:t>{words}</w:t></w:r></w:p>'


def before(style: str, what: str):
    """A mutation: something stands before the first paragraph of this style."""
    return replaced(BODY, f"(?={styled(style)})", what)


def without(style: str):
    """A mutation: no paragraph of this style."""
    return replaced(BODY, styled(style), "", count=0)


def style_changed(style: str, old: str, new: str):
    return replaced(STYLES, rf'(<w:style [^>]*w:styleId="{style}">(?:(?!</w:style>).)*?){old}', rf"\g<1>{new}")


PICTURE = (
    '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
    '<wp:docPr id="1" name="Рисунок 1"{}/></wp:inline></w:drawing></w:r></w:p>'
)
SHAPE = '<w:p><w:r><w:pict xmlns:v="urn:schemas-microsoft-com:vml"><v:shape{}/></w:pict></w:r></w:p>'
FRAME = '<w:pBdr><w:top w:val="single" w:sz="4" w:space="0" w:color="auto"/></w:pBdr>'
OUTSIDE = ' TargetMode="External"'
FIRST_RUN = "<w:r><w:t"
FIELD = '<w:fldSimple w:instr="{}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
SPLIT_FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>DDE</w:instrText><w:instrText>AUTO x</w:instrText>'
    '<w:fldChar w:fldCharType="end"/></w:r>'
)
OTHER_STAMP = "".join(
    paragraph("Stamp", words) for words in ("УТВЕРЖДЕНО", "приказом МКУ ИМЦ", "от 24.11.2026 № 45-од")
)

# rule, sample, what is done to its file
BREACHES = [
    ("unsure", ORDER, replaced(BODY, FIRST_RUN, '<w:r><w:rPr><w:highlight w:val="yellow"/></w:rPr><w:t')),
    ("package", ORDER, replaced(LINKS, 'Target="numbering.xml"', 'Target="numbers.xml"')),
    ("package", ORDER, replaced(BODY, FIRST_RUN, '<w:r><w:rPr><w:rStyle w:val="Нет"/></w:rPr><w:t')),
    ("package", ORDER, lambda parts: parts.update({"word/stray.dat": b"?"})),
    ("nothing_outside", ORDER, linked("image", "https://example.org/a.png", OUTSIDE)),
    ("nothing_outside", ORDER, linked("attachedTemplate", "https://example.org/a.dotm", OUTSIDE)),
    ("nothing_active", ORDER, added("word/vbaProject.bin", "x", "vbaProject")),
    ("nothing_active", ORDER, added("word/embeddings/one.bin", "x")),
    ("nothing_active", ORDER, added("word/activeX/one.bin", "x")),
    ("nothing_active", ORDER, replaced(TYPES, "document.main[+]xml", "document.macroEnabled.main+xml")),
    ("nothing_active", ORDER, before("BodyText", "<w:p>" + FIELD.format("INCLUDETEXT x") + "</w:p>")),
    ("nothing_active", ORDER, before("BodyText", f"<w:p>{SPLIT_FIELD}</w:p>")),
    ("nothing_active", ORDER, before("BodyText", "<w:altChunk/>")),
    ("nothing_hidden", ORDER, replaced(BODY, FIRST_RUN, "<w:r><w:rPr><w:vanish/></w:rPr><w:t")),
    ("nothing_hidden", ORDER, before("BodyText", f"<w:ins>{paragraph('BodyText', 'Вставка')}</w:ins>")),
    ("language", ORDER, replaced(STYLES, 'w:lang w:val="ru-RU"', 'w:lang w:val="en-US"')),
    ("language", ORDER, replaced(CORE, "ru-RU", "en-US")),
    ("language", ORDER, style_changed("Title", "<w:b/>", '<w:b/><w:lang w:val="en-US"/>')),
    ("properties", ORDER, replaced(CORE, "<dc:subject>.*?</dc:subject>", "")),
    ("properties", ORDER, replaced(CORE, "<dc:title>.*?</dc:title>", "<dc:title> </dc:title>")),
    ("properties", ORDER, replaced(CORE, "<dc:creator>.*?</dc:creator>", "")),
    ("properties", ORDER, replaced(CORE, "(<dcterms:created[^>]*>)[^<]*", r"\1вчера")),
    ("properties", ORDER, replaced(CORE, "<cp:revision>1<", "<cp:revision>0<")),
    ("pictures", ORDER, before("BodyText", PICTURE.format(""))),
    ("pictures", ORDER, before("BodyText", SHAPE.format(""))),
    ("paper", ORDER, replaced(BODY, 'w:w="11906" w:h="16838"', 'w:w="11906" w:h="15840"')),
    ("margins", ORDER, replaced(BODY, 'w:left="1701"', 'w:left="1100"')),
    ("margins", ORDER, replaced(BODY, 'w:right="567"', 'w:right="560"')),
    ("margins", ORDER, replaced(BODY, 'w:top="1134"', 'w:top="много"')),
    ("fonts", ORDER, replaced(BODY, FIRST_RUN, '<w:r><w:rPr><w:rFonts w:ascii="Times New Roman"/></w:rPr><w:t')),
    ("fonts", ORDER, style_changed("Title", "<w:b/>", '<w:rFonts w:ascii="PT Astra Serif"/><w:b/>')),
    ("fonts", ORDER, replaced(STYLES, "<w:rFonts [^>]*/>", '<w:rFonts w:asciiTheme="minorHAnsi"/>')),
    ("no_font_inside", ORDER, replaced(SETTINGS, "(?=<w:defaultTabStop)", "<w:embedTrueTypeFonts/>")),
    ("no_font_inside", ORDER, added("word/fonts/one.bin", "x")),
    ("body_type", ORDER, replaced(BODY, FIRST_RUN, '<w:r><w:rPr><w:sz w:val="22"/></w:rPr><w:t')),
    ("body_type", ORDER, style_changed("BodyText", "<w:rPr/>", '<w:rPr><w:sz w:val="32"/></w:rPr>')),
    ("table_type", CONCLUSION, style_changed("TableText", '<w:sz w:val="24"/>', '<w:sz w:val="18"/>')),
    ("small_type", ORDER, style_changed("Footer", '<w:sz w:val="16"/>', '<w:sz w:val="12"/>')),
    ("small_type", ORDER, style_changed("SignatureMark", '<w:sz w:val="18"/>', '<w:sz w:val="14"/>')),
    ("line_spacing", ORDER, style_changed("BodyText", "<w:ind", '<w:spacing w:line="480" w:lineRule="auto"/><w:ind')),
    ("body_paragraph", ORDER, style_changed("BodyText", 'w:val="both"', 'w:val="left"')),
    ("body_paragraph", ORDER, style_changed("BodyText", 'w:firstLine="709"', 'w:firstLine="0"')),
    ("body_paragraph", ORDER, before("BodyText", paragraph("BodyText", "Текст.", '<w:ind w:firstLine="400"/>'))),
    ("page_number", ORDER, style_changed("Header", 'w:val="center"', 'w:val="right"')),
    ("page_number", ORDER, replaced(HEADER, "<w:fldSimple.*?</w:fldSimple>", "")),
    ("page_number", ORDER, replaced(BODY, "<w:headerReference.*?/>", "")),
    ("page_number", ORDER, replaced(BODY, 'w:header="567"', 'w:header="200"')),
    ("page_number", ORDER, replaced(BODY, "(?=<w:titlePg/>)", '<w:pgNumType w:start="3"/>')),
    ("page_number", ORDER, replaced("word/footer1.xml", "(?=</w:p>)", '<w:fldSimple w:instr="PAGE"/>')),
    ("first_page", ORDER, replaced(BODY, "<w:titlePg/>", "")),
    ("first_page", ORDER, replaced("word/footer2.xml", "(?=</w:p>)", '<w:fldSimple w:instr="PAGE"/>')),
    ("heading_styles", CONCLUSION, style_changed("Heading1", '<w:outlineLvl w:val="0"/>', "")),
    ("heading_styles", CONCLUSION, style_changed("Heading2", '(<w:outlineLvl w:val=)"1"', r'\g<2>"3"')),
    ("heading_styles", ORDER, before("BodyText", paragraph("BodyText", "Раздел", '<w:outlineLvl w:val="0"/>'))),
    ("heading_levels", CONCLUSION, replaced(BODY, 'w:val="Heading1"', 'w:val="Heading2"')),
    (
        "heading_words",
        CONCLUSION,
        before("Heading1", paragraph("BodyText", "Раздел").replace("<w:r>", "<w:r><w:rPr><w:b/></w:rPr>")),
    ),
    ("kept", ORDER, style_changed("Title", "<w:keepNext/>", "")),
    ("kept", CONCLUSION, style_changed("Heading1", "<w:keepNext/>", '<w:keepNext w:val="0"/>')),
    ("kept", CONCLUSION, style_changed("Caption", "<w:keepNext/>", "")),
    ("kept", CONCLUSION, style_changed("Stamp", "<w:keepNext/>", "")),
    ("kept", CONCLUSION, replaced(BODY, '(w:val="Small"/>)<w:keepNext/>', r"\1")),
    ("kept", CONCLUSION, replaced(BODY, "(?=<w:sectPr>)", paragraph("Heading1", "Приложение"))),
    ("signature_kept", "appeal_decision", before("PaperSignature", paragraph("BodyText", "Конец."))),
    ("table_header", CONCLUSION, replaced(BODY, "<w:tblHeader/>", "")),
    ("table_rows", CONCLUSION, replaced(BODY, "<w:cantSplit/>", "")),
    ("table_rows", CONCLUSION, replaced(BODY, "<w:cantSplit/>", '<w:cantSplit w:val="false"/>')),
    ("table_name", CONCLUSION, replaced(BODY, "<w:tblCaption [^>]*/>", "")),
    ("table_width", CONCLUSION, replaced(BODY, '<w:gridCol w:w="[0-9]+"/>', '<w:gridCol w:w="9000"/>')),
    ("table_width", CONCLUSION, replaced(BODY, 'w:tcW w:type="dxa" w:w="[0-9]+"', 'w:tcW w:type="dxa" w:w="9000"')),
    ("table_width", CONCLUSION, replaced(BODY, "(?=<w:tblLayout)", '<w:tblInd w:w="400" w:type="dxa"/>')),
    ("no_empty", CONCLUSION, before("Heading1", paragraph("BodyText", " "))),
    ("no_empty", CONCLUSION, replaced(BODY, "(?=</w:tc>)", "<w:p/>")),
    ("no_spaces", ORDER, replaced(BODY, "(ПРИКАЗ)(ЫВАЮ)", r"\1   \2")),
    ("tabs", ORDER, before("BodyText", paragraph("BodyText", "Число</w:t><w:tab/><w:t>имя"))),
    (
        "organisation",
        ORDER,
        replaced(BODY, rf"({styled('Organisation')})+(?={styled('Title')})", ""),
    ),
    ("titled", ORDER, without("Title")),
    ("dated", ORDER, replaced(BODY, "24.ноября.2026.г.", "вчера")),
    ("dated", "expert_sheet", without("DateLine")),
    ("numbered", ORDER, replaced(BODY, "<w:r><w:tab/></w:r>.*?(?=</w:p>)", "")),
    ("placed", ORDER, without("Place")),
    ("addressed", "covering_letter", without("Addressee")),
    ("about", ORDER, without("Subtitle")),
    ("about", ORDER, replaced(BODY, ">Об утверждении", ">Утверждение")),
    ("signed", "term_notice", without("PaperSignature")),
    ("certificate", ORDER, replaced(BODY, "Сертификат [^<]*", "Сертификат")),
    ("certificate", ORDER, replaced(BODY, "<w:t[^>]*>Владелец [^<]*</w:t><w:br/>", "")),
    ("certificate", ORDER, replaced(BODY, "по 01.05.2027", "по 01.05.2025")),
    ("certificate", ORDER, before("BodyText", paragraph("BodyText", "ДОКУМЕНТ ПОДПИСАН ЭЛЕКТРОННОЙ ПОДПИСЬЮ"))),
    ("framed", CONCLUSION, replaced(BODY, '(w:val="Small"/>(?:<w:keepNext/>)?)', rf"\1{FRAME}")),
    ("framed", CONCLUSION, replaced(BODY, "(?=</w:tcPr>)", "<w:tcBorders/>")),
    ("simple", CONCLUSION, replaced(BODY, "(Подписано простой электронной подписью): [^<]*", r"\1: Градов")),
    ("one_stamp", CONCLUSION, before("Title", OTHER_STAMP)),
    ("stamp_words", CONCLUSION, replaced(BODY, f"{styled('Stamp')}(?={styled('Title')})", "")),
    ("stamp_words", BY_ORDER, replaced(BODY, "приказом МКУ", "приказ МКУ")),
    ("stamp_words", BY_ORDER, replaced(BODY, "УТВЕРЖДЕНО", "УТВЕРЖДАЮ")),
    ("stamp_place", CONCLUSION, style_changed("Stamp", 'w:left="5103"', 'w:left="0"')),
    ("stamp_place", ORDER, before("BodyText", OTHER_STAMP)),
    ("foot", ORDER, replaced("word/footer1.xml", "Версия 1", "Версия 2")),
    (
        "qr",
        CONCLUSION,
        replaced("word/footer2.xml", r"descr=\"[^\"]*\"", 'descr="QR-код: https://example.org/check/0"'),
    ),
    ("qr", ORDER, replaced("word/footer2.xml", "$(?<=</w:ftr>)|(?=</w:ftr>)", PICTURE.format(' descr="Печать"'))),
    ("foot", ORDER, replaced(BODY, "<w:footerReference [^>]*first[^>]*/>", "")),
    ("foot", ORDER, replaced(BODY, "(№.)45(</w:t>)", r"\g<1>46\2")),
    ("foot", ORDER, replaced(BODY, "24(.ноября.2026)", r"25\1")),
]


@pytest.mark.parametrize("name", sorted(samples.DOCUMENTS))
def test_every_document_of_ours_keeps_every_rule(name):
    assert check(good(name)) == ()


@pytest.mark.parametrize(
    ("rule", "name", "mutate"), BREACHES, ids=[f"{rule}-{at}" for at, (rule, _, _) in enumerate(BREACHES)]
)
def test_a_rule_names_the_file_that_breaks_it_and_no_other_rule_does(rule, name, mutate):
    parts = parts_of(good(name))
    mutate(parts)
    found = check(packed(parts))

    assert {finding.rule for finding in found} == {rule}
    assert all(finding.sentence is RULES[rule].title and finding.place for finding in found)


def test_every_rule_has_a_file_that_breaks_it():
    assert {rule for rule, _, _ in BREACHES} == set(RULES)


def test_a_rule_says_what_it_demands_and_by_which_clause():
    for key, rule in RULES.items():
        assert rule.key == key
        assert str(rule.title).endswith(".")
        assert rule.source


@pytest.mark.parametrize(
    "allowed",
    [
        before("BodyText", PICTURE.format(' descr="План здания"')),
        before("BodyText", SHAPE.format(' alt="План здания"')),
        before("BodyText", "<w:p>" + FIELD.format("NUMPAGES") + "</w:p>"),
        replaced(BODY, "24.ноября.2026.г.", "24.11.2026"),
        replaced(BODY, 'w:left="1701"(.*?)w:gutter="0"', r'w:left="1134"\1w:gutter="567"'),
        before("BodyText", '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'),
        before(
            "BodyText",
            paragraph(
                "BodyText", "Подпись</w:t><w:tab/><w:t>имя", '<w:tabs><w:tab w:val="left" w:pos="4000"/></w:tabs>'
            ),
        ),
    ],
)
def test_what_the_rules_allow_is_no_finding(allowed):
    parts = parts_of(good(ORDER))
    allowed(parts)
    assert check(packed(parts)) == ()


@example(date(2026, 3, 29))
@example(date(2028, 2, 29))
@given(st.dates(date(2026, 1, 1), date(2036, 12, 31)))
def test_a_paper_of_any_day_of_ten_years_keeps_every_rule(on):
    parts = parts_of(good(ORDER))
    replaced(BODY, "24.ноября.2026.г.", day(on))(parts)
    for foot in ("word/footer1.xml", "word/footer2.xml"):
        replaced(foot, "24.ноября.2026.г.", day(on))(parts)
    assert check(packed(parts)) == ()


def test_every_day_of_ten_years_is_a_day_and_no_other_words_are():
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(366 * 11)]
    assert all(is_day(day(on).replace(NBSP, " ")) for on in days)
    for words in (
        "29 февраля 2026 г.",
        "31 апреля 2026 г.",
        "0 мая 2026 г.",
        "29 март 2026 г.",
        "029 марта 2026 г.",
        "29 марта 2026",
    ):
        assert not is_day(words), words


def test_a_draft_needs_no_number():
    parts = parts_of(good(ORDER))
    for foot in ("word/footer1.xml", "word/footer2.xml"):
        replaced(foot, "<w:r>.*</w:r>", "<w:r><w:t>Приказ. Проект, документ не зарегистрирован.</w:t></w:r>")(parts)
    replaced(BODY, "<w:r><w:tab/></w:r>.*?(?=</w:p>)", "")(parts)
    assert check(packed(parts)) == ()


def test_findings_of_one_rule_do_not_flood_the_answer():
    parts = parts_of(good(ORDER))
    before("BodyText", "<w:p/>" * 500)(parts)
    assert len(check(packed(parts))) == MAX_PLACES


# ------------------------------------------------------------------------------------------------------ hostile files
DTD = '<!DOCTYPE d [<!ENTITY a "лол"><!ENTITY b "&a;&a;&a;&a;">]>'


def hostile(part: str, content: bytes) -> bytes:
    return packed({**parts_of(good(ORDER)), part: content})


def lying_size() -> bytes:
    """A member of 100 MB that says it has ten bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(BODY, b"\0" * (100 << 20))
    size = (100 << 20).to_bytes(4, "little")
    assert out.getvalue().count(size) == 2
    return out.getvalue().replace(size, (10).to_bytes(4, "little"))


def bomb(parts: int, size: int) -> bytes:
    return packed({f"word/{at}.bin": b"\0" * size for at in range(parts)})


def unusual(data: bytes) -> bytes:
    """The same file, but one part says in the list of the package that it is packed by a method that nobody reads."""
    at = data.index(b"PK\x01\x02")
    return data[: at + 10] + (99).to_bytes(2, "little") + data[at + 12 :]


HOSTILE = {
    "nothing": lambda: b"",
    "not a zip": lambda: b"%PDF-1.7 " * 100,
    "the old format": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
    "cut in the middle": lambda: good(ORDER)[: len(good(ORDER)) // 2],
    "cut at the end": lambda: good(ORDER)[:-10],
    "a byte of the contents is changed": lambda: good(ORDER)[:200] + b"\xff\xff\xff" + good(ORDER)[203:],
    "a part too large": lambda: bomb(1, package.MAX_PART + 1),
    "too much together": lambda: bomb(5, package.MAX_PART),
    "too many parts": lambda: bomb(package.MAX_PARTS + 1, 0),
    "a size that lies": lying_size,
    "a file too large": lambda: bytes(package.MAX_FILE + 1),
    "a name that climbs out": lambda: hostile("../outside.xml", b"<a/>"),
    "the same name twice": lambda: hostile("WORD/document.xml", b"<a/>"),
    "a DTD in the text": lambda: hostile(BODY, f"{DTD}<d>&b;</d>".encode()),
    "an entity from outside": lambda: hostile(
        CORE, b'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]><d>&a;</d>'
    ),
    "a DTD in another coding": lambda: hostile(SETTINGS, f'<?xml version="1.0"?>{DTD}<d/>'.encode("utf-16")),
    "an undeclared entity": lambda: hostile(BODY, b"<d>&a;</d>"),
    "no XML": lambda: hostile(STYLES, b"no markup"),
    "an empty part": lambda: hostile(BODY, b""),
    "markup too deep": lambda: hostile(SETTINGS, b"<a>" * 100_000 + b"</a>" * 100_000),
    "too many elements": lambda: hostile(SETTINGS, b"<a>" + b"<b/>" * package.MAX_ELEMENTS + b"</a>"),
    "another document": lambda: hostile(BODY, b"<html><body/></html>"),
    "too many links": lambda: hostile(
        LINKS,
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        + b'<Relationship Id="a" Type="x/y" Target="z"/>' * (package.MAX_PARTS + 1)
        + b"</Relationships>",
    ),
    "a part packed in a way of its own": lambda: unusual(good(ORDER)),
    "a zip of something else": lambda: packed({"readme.txt": b"no document"}),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_file_is_one_finding(name):
    """Not a package, a bomb, a DTD, a cut file: said in one line, never by an exception."""
    (finding,) = check(HOSTILE[name]())
    assert finding.rule == "package"
    assert finding.place


def test_a_member_that_lies_about_its_size_is_not_inflated():
    data = lying_size()
    tracemalloc.start()
    try:
        check(data)
        assert tracemalloc.get_traced_memory()[1] < 10 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("part", [BODY, STYLES, "_rels/.rels", LINKS])
def test_a_file_without_a_needed_part_is_a_finding(part):
    parts = parts_of(good(ORDER))
    del parts[part]
    assert {finding.rule for finding in check(packed(parts))} == {"package"}


@pytest.mark.parametrize("part", [CORE, HEADER, SETTINGS, TYPES, "word/numbering.xml", "word/footer1.xml"])
def test_a_file_without_another_part_is_measured_all_the_same(part):
    parts = parts_of(good(ORDER))
    del parts[part]
    assert "package" in {finding.rule for finding in check(packed(parts))}


def test_styles_based_on_one_another_in_a_ring_are_measured():
    parts = parts_of(good(ORDER))
    style_changed("BodyText", '<w:basedOn w:val="Normal"/>', '<w:basedOn w:val="ListNumber"/>')(parts)
    assert isinstance(check(packed(parts)), tuple)


TAG = re.compile(r"<[^?!][^>]*>")
VALUES = st.sampled_from(["", "0", "-1", "9" * 5000, "²", "none", "а\tб", "31.02.2026", "«__» 20__ г.", "%s"])


@given(st.data())
def test_no_change_of_markup_makes_the_checker_fail(data):
    """Whatever attribute, word or element is lost or falsified, there is an answer."""
    parts = parts_of(good(data.draw(st.sampled_from([ORDER, CONCLUSION, "covering_letter"]))))
    part = data.draw(st.sampled_from([name for name in parts if name.endswith((".xml", ".rels"))]))
    text = parts[part].decode()
    for pattern in (r'(?<==")[^"]*(?=")', r"(?<=>)[^<>]+(?=<)", r"<w:\w+( [^>]*)?/>"):
        found = list(re.finditer(pattern, text))
        if found and data.draw(st.booleans()):
            place = data.draw(st.sampled_from(found))
            value = "" if pattern.startswith("<w") else data.draw(VALUES)
            text = text[: place.start()] + value + text[place.end() :]
    parts[part] = text.encode()

    for finding in check(packed(parts)):
        assert finding.rule in RULES


def test_a_text_without_a_section_has_no_paper_and_styles_without_a_font_say_so():
    parts = parts_of(good(ORDER))
    replaced(BODY, "<w:sectPr.*?</w:sectPr>", "", count=0)(parts)
    replaced(STYLES, "<w:rPrDefault>.*?</w:rPrDefault>", "")(parts)
    found = {(one.rule, one.place) for one in check(packed(parts))}
    assert ("paper", "word/document.xml: разделы") in found
    assert ("fonts", "стили: шрифт по умолчанию не назван") in found


def test_another_heading_of_even_pages_is_a_finding():
    parts = parts_of(good(ORDER))
    replaced(SETTINGS, "(?=</w:settings>)", "<w:evenAndOddHeaders/>")(parts)
    assert ("page_number", "чётные страницы: свой верхний колонтитул") in {
        (one.rule, one.place) for one in check(packed(parts))
    }


def test_type_whose_size_nobody_says_is_a_finding_of_each_place():
    parts = parts_of(good(ORDER))
    for part in (STYLES, BODY):
        parts[part] = re.sub(rb"<w:sz w:val=[^/]*/>", b"", parts[part])
    found = check(packed(parts))
    assert {one.rule for one in found} == {"body_type", "table_type", "small_type"}
    assert all(one.place.endswith("не задан") for one in found)


def test_findings_come_in_the_order_of_the_rules():
    parts = parts_of(good(ORDER))
    without("Title")(parts)
    replaced(BODY, 'w:left="1701"', 'w:left="100"')(parts)
    replaced(CORE, "ru-RU", "en-US")(parts)
    order = list(RULES)
    found = [order.index(finding.rule) for finding in check(packed(parts))]
    assert len(found) == 3
    assert all(one < other for one, other in pairwise(found))
