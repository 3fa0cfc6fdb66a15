"""Files for tests, made on the spot: good ones of every accepted kind, and a kit of hostile ones."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence

import docx
import xlsxwriter
from fpdf import FPDF
from PIL import Image

from workflow_app.files.sample_pdf import pdf_from_text

TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ODF_TYPES = "application/vnd.oasis.opendocument."


def zipped(members: Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An honest zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


class Changer:
    """An office file with parts replaced, added or edited."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        self.parts = parts

    def put(self, name: str, data: bytes | str) -> Changer:
        self.parts[name] = data.encode() if isinstance(data, str) else data
        return self

    def edit(self, name: str, old: str, new: str) -> Changer:
        text = self.parts[name].decode()
        assert old in text
        return self.put(name, text.replace(old, new, 1))

    def done(self) -> bytes:
        return zipped(self.parts.items())


def word(*paragraphs: str) -> bytes:
    document = docx.Document()
    document.add_heading("Рабочая программа", level=1)
    for text in paragraphs or ("Пояснительная записка.",):
        document.add_paragraph(text)
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Тема", "Часы"
    out = io.BytesIO()
    document.save(out)
    parts = members(out.getvalue())
    for name in ("word/styles.xml", "word/stylesWithEffects.xml"):
        parts[name] = STYLE.sub(_kept, parts[name])
    return zipped(parts.items())


# python-docx's own template brings 800 KB of styles, whose reading took ten times as long as the tests themselves.
STYLE = re.compile(rb"<w:style\b.*?</w:style>", re.DOTALL)
KEPT = (b'"Normal"', b'"Heading1"', b'"TableNormal"', b'"DefaultParagraphFont"', b'"Heading1Char"')


def _kept(style: re.Match[bytes]) -> bytes:
    start = style[0].partition(b">")[0]
    return style[0] if any(b"w:styleId=" + one in start for one in KEPT) else b""


def excel(rows: Sequence[Sequence[object]] = (("ФИО", "Балл"), ("Смирнова А. П.", 7))) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def powerpoint(kind: str = "presentation") -> bytes:
    main = f"application/vnd.openxmlformats-officedocument.presentationml.{kind}.main+xml"
    presentation = "http://schemas.openxmlformats.org/presentationml/2006/main"
    return zipped(
        [
            (
                "[Content_Types].xml",
                f'<Types xmlns="{TYPES}"><Default Extension="rels" ContentType="application/xml"/>'
                f'<Override PartName="/ppt/presentation.xml" ContentType="{main}"/></Types>'.encode(),
            ),
            ("_rels/.rels", rels("officeDocument", "ppt/presentation.xml")),
            ("ppt/presentation.xml", f'<p:presentation xmlns:p="{presentation}"/>'.encode()),
        ],
    )


def rels(kind: str, target: str, mode: str = "Internal") -> bytes:
    return (
        f'<Relationships xmlns="{RELATIONSHIPS}"><Relationship Id="rId1" Type="{OFFICE_RELATIONSHIPS}/{kind}" '
        f'Target="{target}" TargetMode="{mode}"/></Relationships>'
    ).encode()


def opendocument(kind: str, body: str = "<office:text/>", manifest: str = "") -> bytes:
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", f"{ODF_TYPES}{kind}", zipfile.ZIP_STORED)
        archive.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body>{body}</office:body></office:document-content>",
        )
        space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        archive.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{space}">{manifest}</manifest:manifest>',
        )
    return out.getvalue()


def pdf() -> bytes:
    return pdf_from_text("Справка", "Первый абзац.\n\nВторой абзац.")


def form_pdf() -> bytes:
    """A form: the page itself says nothing, a text field and a signature field have appearances of their own."""

    def look(words: str, height: int) -> str:
        drawn = f"BT /F1 14 Tf 5 8 Td ({words}) Tj ET"
        return (
            f"<</Type/XObject/Subtype/Form/BBox[0 0 300 {height}]/Resources<</Font<</F1 3 0 R>>>>"
            f"/Length {len(drawn)}>>stream\n{drawn}\nendstream"
        )

    field = "<</Type/Annot/Subtype/Widget/F 4/P 4 0 R"
    objects = [
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 7 0 R]/DR<</Font<</F1 3 0 R>>>>/SigFlags 3>>>>",
        "<</Type/Pages/Count 1/Kids[4 0 R]>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Annots[5 0 R 7 0 R]>>",
        f"{field}/FT/Sig/T(S)/Rect[72 100 372 160]/AP<</N 6 0 R>>>>",
        look("SIGNED", 60),
        f"{field}/FT/Tx/T(N)/V(Kedrova)/Rect[72 300 372 330]/DA(/F1 14 Tf 0 g)/AP<</N 8 0 R>>>>",
        look("Kedrova", 30),
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    return out + f"{head}trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF".encode()


def locked_pdf() -> bytes:
    document = FPDF()
    document.set_encryption(owner_password="owner", user_password="user")
    document.add_page()
    return bytes(document.output())


def picture(form: str, size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, form)
    return out.getvalue()


def huge_png(side: int) -> bytes:
    """A picture of ``side`` x ``side`` pixels in a hundred bytes."""

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header)
    return start + png_chunk(b"IDAT", zlib.compress(b"\0" * 64)) + png_chunk(b"IEND", b"")


def heic(width: int = 4032, height: int = 3024) -> bytes:
    brands = struct.pack(">I4s4sI4s4s", 24, b"ftyp", b"heic", 0, b"mif1", b"heic")
    return brands + struct.pack(">I4sI4sIII", 28, b"meta", 0, b"ispe", 0, width, height) + b"\0" * 64


def rtf(inside: str = "Text") -> bytes:
    return b"{\\rtf1\\ansi " + inside.encode() + b"}\r\n"


def ole(streams: Mapping[str, bytes], storage: str = "") -> bytes:
    """A compound file: streams of at least 4096 bytes under the root, and perhaps an empty storage beside them."""
    sector, entries, body, fat = 512, [], b"", []
    first = 1 + 4  # sectors: the table, four of the folder, then the streams
    for name, data in streams.items():
        padded = data.ljust(max(4096, -(-len(data) // sector) * sector), b"\0")
        count = len(padded) // sector
        entries.append((name, 2, first, len(padded)))
        fat += [*range(first + 1, first + count), 0xFFFFFFFE]
        first += count
        body += padded
    if storage:
        entries.append((storage, 1, 0, 0))
    table = [0xFFFFFFFD, 2, 3, 4, 0xFFFFFFFE, *fat]
    table += [0xFFFFFFFF] * (128 - len(table))
    directory = _entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1, right=0xFFFFFFFF)
    for number, (name, kind, start, size) in enumerate(entries, start=1):
        right = number + 1 if number < len(entries) else 0xFFFFFFFF
        directory += _entry(name, kind, start, size, child=0xFFFFFFFF, right=right)
    directory += b"".join(_entry("", 0, 0, 0, 0xFFFFFFFF, 0xFFFFFFFF) for _ in range(16 - len(entries) - 1))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack(
        "<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0
    )
    return header + b"\xff" * (sector - len(header)) + struct.pack("<128I", *table) + directory + body


def _entry(name: str, kind: int, start: int, size: int, child: int, right: int) -> bytes:
    raw = name.encode("utf-16-le")
    length = len(raw) + 2 if name else 0
    fixed = struct.pack("<HBBIII", length, kind, 1, 0xFFFFFFFF, right, child)
    return raw.ljust(64, b"\0") + fixed + b"\0" * 36 + struct.pack("<IQ", start, size)


def old_excel(rows: Sequence[Sequence[str | float]] = (("A", "B"), ("x", 2.5)), *, locked: bool = False) -> bytes:
    """A BIFF8 workbook of text and numbers."""

    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    begin = struct.pack("<HHHHII", 0x0600, 0x0005, 0, 1997, 0, 6)
    name = b"\x05\x00Sheet"
    position = len(record(0x809, begin)) + len(record(0x85, b"\0" * 6 + name)) + 4
    lock = record(0x2F, b"\1\0\1\0\1\0" + b"x" * 48) if locked else b""
    book = record(0x809, begin) + lock + record(0x85, struct.pack("<IH", position, 0) + name) + record(0x0A, b"")
    sheet = record(0x809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 1997, 0, 6))
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            where = struct.pack("<HHH", number, place, 0)
            if isinstance(cell, str):
                sheet += record(0x204, where + struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le"))
            else:
                sheet += record(0x203, where + struct.pack("<d", cell))
    return ole({"Workbook": book + sheet + record(0x0A, b"")})


def old_word(flags: int = 0) -> bytes:
    return ole({"WordDocument": word_head(flags), "1Table": b""})


def word_head(flags: int = 0) -> bytes:
    """The first bytes of the main stream of an old Word file."""
    return struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0x419, 0, flags)


def old_powerpoint() -> bytes:
    return ole({"PowerPoint Document": b"\x0f", "Current User": b""})


ACCEPTED: dict[str, bytes] = {
    "pdf": pdf(),
    "docx": word(),
    "xlsx": excel(),
    "pptx": powerpoint(),
    "ppsx": powerpoint("slideshow"),
    "odt": opendocument("text"),
    "ods": opendocument("spreadsheet", "<office:spreadsheet/>"),
    "odp": opendocument("presentation", "<office:presentation/>"),
    "doc": old_word(),
    "xls": old_excel(),
    "ppt": old_powerpoint(),
    "rtf": rtf(),
    "txt": "План урока\r\n\tПервый пункт.\r\n".encode(),
    "csv": "ФИО;Балл\r\nСмирнова А. П.;7\r\n".encode("cp1251"),
    "jpg": picture("JPEG"),
    "jpeg": picture("JPEG"),
    "png": picture("PNG"),
    "heic": heic(),
    "epub": zipped(
        [("mimetype", b"application/epub+zip"), ("META-INF/container.xml", b"<a/>"), ("1.xhtml", b"<html/>")]
    ),
    "sb3": zipped([("project.json", b"{}"), ("1.svg", b"<svg/>"), ("2.wav", b"RIFF")]),
    "ggb": zipped([("geogebra.xml", b"<geogebra/>"), ("geogebra_javascript.js", b"function ggbOnInit() {}")]),
    "zip": zipped([("Отчёт.txt", "Текст".encode()), ("фото/1.jpg", picture("JPEG"))]),
}


def bomb(size: int = 300 << 20) -> bytes:
    """A zip of a few hundred kilobytes that unpacks to ``size`` bytes of zeros."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("zeros.txt", "w") as file:
        piece = b"\0" * (1 << 20)
        for _ in range(size >> 20):
            file.write(piece)
    return out.getvalue()


def lying(size: int) -> bytes:
    """A zip whose member says 100 bytes, with the checksum of the first 100, and unpacks to ``size``."""
    true = b"\0" * size
    data = zipped([("a.txt", true)])
    said, checksum = struct.pack("<I", 100), struct.pack("<I", zlib.crc32(true[:100]))
    return data.replace(struct.pack("<I", size), said).replace(struct.pack("<I", zlib.crc32(true)), checksum)


def overlapping() -> bytes:
    """Two names for the same packed bytes: the way of a flat bomb."""
    data = zipped([("a.txt", b"same"), ("b.txt", b"same")], zipfile.ZIP_STORED)
    second = data.index(b"PK\x03\x04", 4)
    at = data.rindex(b"PK\x01\x02") + 42
    assert data[at : at + 4] == struct.pack("<I", second)
    return data[:at] + struct.pack("<I", 0) + data[at + 4 :]


def encrypted_flag() -> bytes:
    data = bytearray(zipped([("a.txt", b"secret")]))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def poster(width: int = 9000, height: int = 8800) -> bytes:
    """A progressive JPEG in four colours that says it is huge: a decoder would need 600 MB for it."""
    out = io.BytesIO()
    Image.new("CMYK", (16, 16)).save(out, "JPEG", progressive=True)
    data = out.getvalue()
    at = data.index(b"\xff\xc2") + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]


def png_chunk(name: bytes, data: bytes) -> bytes:
    """One chunk of a PNG with its checksum."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_with(*chunks: bytes) -> bytes:
    """A picture with chunks between its header and its pixels."""
    data = picture("PNG")
    return data[:33] + b"".join(chunks) + data[33:]


def zip_named(names: Iterable[bytes], extra: bytes = b"") -> bytes:
    """A zip of files with one byte each, whose names stand in the bytes given and without the flag of UTF-8."""
    body = directory = b""
    names = tuple(names)
    for name in names:
        fixed = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 0x21, zlib.crc32(b"x"), 1, 1, len(name), len(extra))
        directory += b"PK\x01\x02\x14\0" + fixed + struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + name + extra
        body += b"PK\x03\x04" + fixed + name + extra + b"x"
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, len(names), len(names), len(directory), len(body), 0)
    return body + directory + end


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file whose streams may stand in storages: ``{"A/B/name": data}``; a name that ends in ``/`` is an empty one."""
    tree: dict[str, object] = {}
    for path, data in streams.items():
        *folders, name = path.split("/")
        place = tree
        for one in folders:
            place = place.setdefault(one, {})  # type: ignore[assignment]
        if name:
            place[name] = data
    sector, body, fat, entries = 512, b"", [], [b""]
    folder_sectors = 16
    first = 1 + folder_sectors

    def enter(children: dict[str, object]) -> int:
        """Write the entries of one storage, each the right neighbour of the one before; the number of the first."""
        nonlocal body, first
        numbers = range(len(entries), len(entries) + len(children))
        entries.extend(b"" for _ in numbers)
        for number, (name, value) in zip(numbers, children.items(), strict=True):
            right = number + 1 if number + 1 in numbers else 0xFFFFFFFF
            if isinstance(value, dict):
                entries[number] = _entry(name, 1, 0, 0, enter(value) if value else 0xFFFFFFFF, right)
                continue
            padded = value.ljust(max(4096, -(-len(value) // sector) * sector), b"\0")
            entries[number] = _entry(name, 2, first, len(padded), 0xFFFFFFFF, right)
            fat.extend([*range(first + 1, first + len(padded) // sector), 0xFFFFFFFE])
            first += len(padded) // sector
            body += padded
        return numbers[0]

    entries[0] = _entry("Root Entry", 5, 0xFFFFFFFE, 0, child=enter(tree), right=0xFFFFFFFF)
    table = [0xFFFFFFFD, *range(2, folder_sectors + 1), 0xFFFFFFFE, *fat]
    table += [0xFFFFFFFF] * (128 - len(table))
    directory = b"".join(entries) + _entry("", 0, 0, 0, 0xFFFFFFFF, 0xFFFFFFFF) * (folder_sectors * 4 - len(entries))
    return ole({"x": b""})[:sector] + struct.pack("<128I", *table) + directory + body


def packed_text(text: bytes) -> bytes:
    """A container of [MS-OVBA] with the text as it is, nothing copied: flags of zero before every eight bytes."""
    out = b"\1"
    for at in range(0, len(text), 3000):
        piece = text[at : at + 3000]
        data = b"".join(b"\0" + piece[n : n + 8] for n in range(0, len(piece), 8))
        out += struct.pack("<H", 0xB000 | len(data) - 1) + data
    return out
