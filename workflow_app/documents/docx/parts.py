"""The still parts of a Word file, as text: styles, numbering, settings, fonts, and the package that holds them.

A file is built on this skeleton and not on a library's default template, so that nothing foreign is in it: no unused
styles, no ``stylesWithEffects``, no thumbnail, no strange author or date. Measures follow ГОСТ Р 7.0.97 (domain.md 6):
lengths are in twips (1 mm = 56.7), type in half-points, spacing in twentieths of a point.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from typing import Final

FONT: Final = "Liberation Serif"
DASHED: Final = 1  # ids of the lists in the numbering part
NUMBERED: Final = 2  # of the style; the lists of a document follow it

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_MAIN: Final = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def _style(key: str, name: str, based: str = "Normal", paragraph: str = "", run: str = "", *, after: str = "") -> str:
    """One paragraph style; ``after`` names the style of the paragraph that a person types next."""
    following = f'<w:next w:val="{after}"/>' if after else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/><w:basedOn w:val="{based}"/>{following}'
        f"<w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


_INDENT: Final = '<w:ind w:firstLine="709"/>'  # 1.25 cm
_RIGHT_HALF: Final = '<w:ind w:left="5103"/>'  # the last 80 mm of the line
_KEEP: Final = "<w:keepNext/><w:keepLines/>"
_RIGHT_TAB: Final = '<w:tabs><w:tab w:val="right" w:pos="9638"/></w:tabs>'
_SINGLE: Final = 'w:line="240" w:lineRule="auto"'
_BOLD: Final = "<w:b/><w:bCs/>"


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


_DEFAULTS: Final = (
    f"<w:docDefaults><w:rPrDefault><w:rPr>"
    f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT}" w:cs="{FONT}"/>'
    f'{_size(28)}<w:lang w:val="ru-RU" w:eastAsia="ru-RU" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
    "<w:pPrDefault><w:pPr><w:widowControl/>"
    '<w:spacing w:before="0" w:after="0" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault>'
    "</w:docDefaults>"
)
_NORMAL: Final = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/>'
    '<w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
    '<w:name w:val="Normal Table"/><w:uiPriority w:val="99"/>'
    '<w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/>'
    '<w:left w:w="80" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar>'
    "</w:tblPr></w:style>"
)
_BORDERS: Final = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_TABLE: Final = (
    '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/>'
    f"<w:tblPr><w:tblBorders>{_BORDERS}</w:tblBorders></w:tblPr></w:style>"
)
_PARAGRAPHS: Final = (
    _style("BodyText", "Body Text", paragraph=f'{_INDENT}<w:jc w:val="both"/>'),
    _style(
        "Title",
        "Title",
        paragraph=f'{_KEEP}<w:spacing w:before="240" w:after="120"/><w:jc w:val="center"/>',
        run=_BOLD,
        after="BodyText",
    ),
    _style(
        "Subtitle",
        "Subtitle",
        paragraph=f'{_KEEP}<w:spacing w:before="120" w:after="240" {_SINGLE}/><w:jc w:val="center"/>',
        run=_BOLD,
        after="BodyText",
    ),
    _style(
        "Heading1",
        "heading 1",
        paragraph=f'{_KEEP}<w:spacing w:before="200" w:after="80"/>{_INDENT}<w:outlineLvl w:val="0"/>',
        run=_BOLD,
        after="BodyText",
    ),
    _style(
        "Heading2",
        "heading 2",
        paragraph=f'{_KEEP}<w:spacing w:before="160" w:after="60"/>{_INDENT}<w:outlineLvl w:val="1"/>',
        run=f"{_BOLD}<w:i/><w:iCs/>",
        after="BodyText",
    ),
    _style("ListNumber", "List Number", "BodyText", f'<w:numPr><w:numId w:val="{NUMBERED}"/></w:numPr>'),
    _style("ListBullet", "List Bullet", "BodyText", f'<w:numPr><w:numId w:val="{DASHED}"/></w:numPr>'),
    _style("Caption", "caption", paragraph=f'{_KEEP}<w:spacing w:before="120" w:after="80" {_SINGLE}/>', run=_size(24)),
    _style("TableText", "Текст таблицы", paragraph=f"<w:spacing {_SINGLE}/>", run=_size(24)),
    _style("TableHead", "Заголовок таблицы", "TableText", '<w:jc w:val="center"/>', _BOLD),
    _style("Organisation", "Организация", paragraph=f'<w:spacing {_SINGLE}/><w:jc w:val="center"/>'),
    _style("Stamp", "Гриф утверждения", paragraph=f"<w:keepNext/><w:spacing {_SINGLE}/>{_RIGHT_HALF}"),
    _style("Addressee", "Адресат", paragraph=f"<w:spacing {_SINGLE}/>{_RIGHT_HALF}"),
    _style("DateLine", "Дата и номер", paragraph=f'<w:keepNext/>{_RIGHT_TAB}<w:spacing w:before="120"/>'),
    _style("Place", "Место составления", paragraph='<w:keepNext/><w:jc w:val="center"/>'),
    _style("Facts", "Сведения", paragraph=f'<w:spacing w:after="80" {_SINGLE}/>'),
    _style("Signature", "Signature", paragraph=f'<w:keepLines/>{_RIGHT_TAB}<w:spacing w:before="320" {_SINGLE}/>'),
    _style(
        "PaperSignature",
        "Подпись на бумаге",
        "Signature",
        '<w:tabs><w:tab w:val="left" w:pos="4820"/><w:tab w:val="left" w:leader="underscore" w:pos="7088"/></w:tabs>',
    ),
    _style("Small", "Примечание", paragraph=f'<w:keepLines/><w:spacing w:before="40" {_SINGLE}/>', run=_size(20)),
    _style(
        "SignatureMark",
        "Отметка об электронной подписи",
        paragraph=f'<w:keepNext/><w:keepLines/><w:spacing {_SINGLE}/><w:jc w:val="center"/>',
        run=_size(18),
    ),
    _style("Header", "header", paragraph=f'<w:spacing {_SINGLE}/><w:jc w:val="center"/>', run=_size(24)),
    _style("Footer", "footer", paragraph=f"<w:spacing {_SINGLE}/>", run=_size(16)),
)
STYLES: Final = f"{HEAD}<w:styles {_MAIN}>{_DEFAULTS}{_NORMAL}{_TABLE}{''.join(_PARAGRAPHS)}</w:styles>"

# The name of a style, as people see it -> its id in the file.
STYLE_IDS: Final = {
    "Table Grid": "TableGrid",
    "Normal Table": "TableNormal",
    **{name: key for key, name in re.findall(r'w:styleId="(\w+)"><w:name w:val="([^"]+)"', "".join(_PARAGRAPHS))},
}


def _list(key: int, kind: str, mark: str) -> str:
    """One list as in typed Russian documents: the mark at the first line's indent, the text back to the margin."""
    return (
        f'<w:abstractNum w:abstractNumId="{key}"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0">'
        f'<w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{mark}"/><w:lvlJc w:val="left"/><w:pPr>'
        '<w:tabs><w:tab w:val="num" w:pos="1134"/></w:tabs><w:ind w:left="0" w:firstLine="709"/></w:pPr></w:lvl>'
        "</w:abstractNum>"
    )


def _numbering(numbered_lists: int) -> str:
    """The two kinds of lists, and for each numbered list an instance of its own that begins with one."""
    dashes = f'<w:num w:numId="{DASHED}"><w:abstractNumId w:val="{DASHED}"/></w:num>'
    numbers = "".join(
        f'<w:num w:numId="{NUMBERED + at}"><w:abstractNumId w:val="{NUMBERED}"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        for at in range(numbered_lists + 1)
    )
    kinds = _list(DASHED, "bullet", "–") + _list(NUMBERED, "decimal", "%1.")
    return f"{HEAD}<w:numbering {_MAIN}>{kinds}{dashes}{numbers}</w:numbering>"


_SETTINGS: Final = (
    f'{HEAD}<w:settings {_MAIN}><w:zoom w:percent="100"/><w:defaultTabStop w:val="709"/>'
    '<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting w:name="compatibilityMode" '
    'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    '<w:themeFontLang w:val="ru-RU"/></w:settings>'
)
# Where the font is not installed, its metric twin stands in.
_FONTS: Final = (
    f'{HEAD}<w:fonts {_MAIN}><w:font w:name="{FONT}"><w:altName w:val="Times New Roman"/>'
    '<w:panose1 w:val="02020603050405020304"/><w:charset w:val="CC"/><w:family w:val="roman"/>'
    '<w:pitch w:val="variable"/>'
    "</w:font></w:fonts>"
)
_DOCUMENT: Final = (
    f'{HEAD}<w:document {_MAIN}><w:body><w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1134" w:right="567" w:bottom="1134" w:left="1701" w:header="567" w:footer="454" w:gutter="0"/>'
    "</w:sectPr></w:body></w:document>"
)
_COLOURS: Final = {
    "dk1": "000000",
    "lt1": "FFFFFF",
    "dk2": "1D2830",
    "lt2": "F0EBE0",
    "hlink": "1C4C5C",
    "folHlink": "474F86",
    "accent1": "0B5A52",
    "accent2": "1D5873",
    "accent3": "474F86",
    "accent4": "7A4D00",
    "accent5": "2C6132",
    "accent6": "94321F",
}


def _theme() -> str:
    """Colours and fonts that Word offers to who edits the file; nothing in the document refers to them."""
    order = ("dk1", "lt1", "dk2", "lt2", *(f"accent{at}" for at in range(1, 7)), "hlink", "folHlink")
    colours = "".join(f'<a:{name}><a:srgbClr val="{_COLOURS[name]}"/></a:{name}>' for name in order)
    face = f'<a:latin typeface="{FONT}"/><a:ea typeface=""/><a:cs typeface=""/>'
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    return (
        f'{HEAD}<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Документ">'
        f'<a:themeElements><a:clrScheme name="Документ">{colours}</a:clrScheme><a:fontScheme name="Документ">'
        f"<a:majorFont>{face}</a:majorFont><a:minorFont>{face}</a:minorFont></a:fontScheme>"
        f'<a:fmtScheme name="Документ"><a:fillStyleLst>{fill * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{f'<a:ln>{fill}</a:ln>' * 3}</a:lnStyleLst>"
        f"<a:effectStyleLst>{'<a:effectStyle><a:effectLst/></a:effectStyle>' * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )


_TYPES: Final = {
    "document": f"{_WORD}.document.main+xml",
    "styles": f"{_WORD}.styles+xml",
    "numbering": f"{_WORD}.numbering+xml",
    "settings": f"{_WORD}.settings+xml",
    "fontTable": f"{_WORD}.fontTable+xml",
    "theme": "application/vnd.openxmlformats-officedocument.theme+xml",
}


def _content_types() -> str:
    parts = "".join(f'<Override PartName="/word/{name}.xml" ContentType="{kind}"/>' for name, kind in _TYPES.items())
    return (
        f'{HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{parts}</Types>'
    )


def _relations(targets: dict[str, str]) -> str:
    body = "".join(
        f'<Relationship Id="rId{at}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(targets.items(), 1)
    )
    return f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{body}</Relationships>'


def skeleton(numbered_lists: int) -> io.BytesIO:
    """An empty document with this product's styles and so many numbered lists, as a package to be opened."""
    parts = {
        "styles": STYLES,
        "numbering": _numbering(numbered_lists),
        "settings": _SETTINGS,
        "fontTable": _FONTS,
        "theme": _theme(),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", _content_types())
        package.writestr("_rels/.rels", _relations({"officeDocument": "word/document.xml"}))
        package.writestr("word/document.xml", _DOCUMENT)
        package.writestr("word/_rels/document.xml.rels", _relations({name: f"{name}.xml" for name in parts}))
        for name, content in parts.items():
            package.writestr(f"word/{name}.xml", content)
    buffer.seek(0)
    return buffer


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The parts as a package, with one fixed time for all of them, so that equal documents are equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def settled(buffer: io.BytesIO) -> bytes:
    """The same package, packed as ours are."""
    with zipfile.ZipFile(buffer) as before:
        return packed({name: before.read(name) for name in before.namelist()})


QR_OPEN, QR_CLOSE = "\ue010", "\ue011"  # around an address: here stands its QR code


def qr_mark(address: str) -> str:
    """The address as the place of its QR code in a template's file; nothing stays nothing."""
    return f"{QR_OPEN}{address}{QR_CLOSE}" if address else ""


PICTURE_OPEN, PICTURE_CLOSE = "\ue012", "\ue013"  # around «Рисунок 2»: here stands the second picture of the document


def picture_mark(number: int) -> str:
    """The place of a picture of the product's own composition in a template's file, by its number."""
    return f"{PICTURE_OPEN}Рисунок {number}{PICTURE_CLOSE}"


PAGE_NUMBER: Final = f'<w:fldSimple {_MAIN} w:instr="PAGE"><w:r><w:t>2</w:t></w:r></w:fldSimple>'


def sides() -> str:
    """A thin line on four sides: of a paragraph's frame, of a cell's."""
    return "".join(
        f'<w:{side} w:val="single" w:sz="6" w:space="0" w:color="auto"/>' for side in ("top", "left", "bottom", "right")
    )
