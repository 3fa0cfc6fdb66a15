"""Office files that are zips: OOXML (docx, pptx, xlsx) and OpenDocument (odt, odp, ods); lessons, books and plain archives.

One pass over an archive proves sizes and checksums, refuses XML with a document type, macros, things to run, and finds
out what the file really is from its own declaration, never from its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from workflow_app.errors import N_
from workflow_app.files.file_kinds import ARCHIVES, PAGES, RUNNABLE, SCRIPTS, ZIPPED, Accepted, Kind, Refused
from workflow_app.files.file_names import extension
from workflow_app.files.ole_limits import MACROS
from workflow_app.files.xml_limits import (
    DEEP,
    NO_TYPES,
    OPENOFFICE,
    PROLOG,
    Types,
    begins_as_xml,
    check_prolog,
    check_whole,
    looks_like_xml,
)
from workflow_app.files.zip_limits import BROKEN, LOCKED, Archive, Member

MAX_XML = 32 << 20  # bytes of XML parsed as a whole: 33 MB of dense markup take 2 s

_TYPES = "[Content_Types].xml"
_RUNS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
_PACKED = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_FETCHED_AND_RUN = ("/attachedtemplate", "/oleobject", "/frame", "/subdocument", "/aflchunk", "/afchunk")
_REMOTE = ("http:", "https:", "ftp:", "\\\\", "//", "file://", "mhtml:", "ms-")
_LOCAL_FILE = re.compile(r"file:///[a-z]:")  # Word writes the path of its own template into every document
_XML = frozenset({"xml", "rels", "vml", "rdf"})
_SHOWN_ONLY = {"svg": "image/svg+xml", "htm": "text/html", "html": "text/html"}  # parts no parser of office files reads
_MACRO_TYPES = ("macroenabled", "vbaproject", "macrosheet", "activex")


@dataclass
class _Declared:
    """What an OOXML package says about itself: content types of extensions and parts, and where its main part is."""

    by_extension: dict[str, str] = field(default_factory=dict)
    by_part: dict[str, str] = field(default_factory=dict)
    main_parts: list[str] = field(default_factory=list)

    def see_type(self, name: str, attributes: Mapping[str, str]) -> None:
        kind = attributes.get("ContentType", "")
        if name == "Default":
            self.by_extension[attributes.get("Extension", "").lower()] = kind
        elif name == "Override":
            self.by_part[attributes.get("PartName", "").lower()] = kind

    def see_relationship(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship" and attributes.get("Type", "").endswith("/officeDocument"):
            self.main_parts.append(attributes.get("Target", "").lstrip("/"))

    @property
    def types(self) -> list[str]:
        return [*self.by_extension.values(), *self.by_part.values()]

    def type_of(self, name: str) -> str:
        return self.by_part.get(f"/{name.lower()}") or self.by_extension.get(extension(name), "")


def check_ooxml(archive: Archive, expected: Accepted) -> bool:
    """Whether the package is what its extension promises. Raises Refused for anything dangerous in it."""
    if _TYPES not in archive.names or "_rels/.rels" not in archive.names:
        return False
    _check_names(archive.members)
    declared = _Declared()
    check_whole(archive.read(archive.names[_TYPES], PROLOG * 16), declared.see_type)
    if any(word in one.lower() for one in declared.types for word in _MACRO_TYPES):
        raise Refused(MACROS)
    check_whole(archive.read(archive.names["_rels/.rels"], PROLOG), declared.see_relationship)
    _check_parts(archive, declared.type_of, whole=expected.kind is Kind.TEXT)
    known = any(one.endswith(f".{expected.mark}+xml") for one in declared.types)
    main = declared.main_parts
    return known and bool(main) and all(one in archive.names and extension(one) not in _SHOWN_ONLY for one in main)


def check_odf(archive: Archive, expected: Accepted) -> bool:
    """Whether an OpenDocument is what its extension promises. Raises Refused for anything dangerous in it."""
    first = archive.names.get("mimetype")
    if first is None or archive.read(first, PROLOG).strip() != expected.media_type.encode():
        return False
    if "content.xml" not in archive.names or "META-INF/manifest.xml" not in archive.names:
        raise Refused(BROKEN)
    _check_names(archive.members)

    def see(name: str, _attributes: Mapping[str, str]) -> None:
        if name == "encryption-data":
            raise Refused(LOCKED)

    check_whole(archive.read(archive.names["META-INF/manifest.xml"], PROLOG * 16), see, OPENOFFICE)
    _check_parts(archive, _odf_type, whole=expected.kind is Kind.TEXT, types=OPENOFFICE)
    return True


def _odf_type(name: str) -> str:
    """A part of an OpenDocument has no declared type that matters; drawings are known by their name."""
    return _SHOWN_ONLY["svg"] if extension(name) == "svg" else ""


def check_packed(archive: Archive, expected: Accepted) -> bool:
    """Whether a lesson, drawing or book is what its extension promises: it holds the member that its program opens first.

    The program runs the pages and scripts inside in a world of its own; from here they are only downloaded as a whole.
    """
    said = archive.names.get("mimetype")
    if said is not None and archive.read(said, PROLOG).strip() != expected.media_type.encode():
        return False
    _check_inside(archive, PAGES | SCRIPTS)
    return expected.mark in archive.names


def check_plain(archive: Archive) -> None:
    """A plain archive: listed for people and never unpacked here, so what it may hold is judged by name and head."""
    _check_inside(archive, PAGES)


def _check_inside(archive: Archive, allowed: frozenset[str]) -> None:
    for member in archive.members:
        suffix = extension(member.name)
        if suffix in SCRIPTS - allowed:
            raise Refused(
                N_(
                    "В архиве есть программа: %(name)s. Уберите её; на урок с программами дайте ссылку.",
                    name=member.name,
                )
            )
        if suffix in RUNNABLE - allowed:
            raise Refused(N_("В архиве есть файл недопустимого вида: %(name)s.", name=member.name))
        head = b""
        for number, piece in enumerate(archive.chunks(member)):
            head = head if number else piece[:8]
        if head.startswith(_RUNS):
            raise Refused(N_("В архиве есть файл недопустимого вида: %(name)s.", name=member.name))
        if suffix in ARCHIVES or (head.startswith(_PACKED) and suffix not in ZIPPED):
            raise Refused(
                N_("Внутри архива ещё один архив: %(name)s. Распакуйте его и соберите архив заново.", name=member.name)
            )


def _check_names(members: Iterable[Member]) -> None:
    for one in members:
        path = one.info.filename.lower()
        base = path.rpartition("/")[2]
        script = path.startswith("scripts/") or (path.startswith("basic/") and not base.startswith("script-l"))
        if base.startswith("vbaproject") or path.startswith(("word/activex/", "xl/macrosheets/")):
            raise Refused(MACROS)
        if script and not one.folder and path.count("/") > 1:
            raise Refused(MACROS)
        if "\\" in path:
            raise Refused(BROKEN)
        if extension(base) in RUNNABLE - {"svg", "html", "htm"}:
            raise Refused(N_("Внутри файла есть вложение недопустимого вида: %(name)s.", name=one.name))


def _check_parts(archive: Archive, type_of: Callable[[str], str], *, whole: bool, types: Types = NO_TYPES) -> None:
    """Prove every part while reading it once; parse those that are XML, as far as ``whole`` or their role asks."""
    budget = MAX_XML
    for member in archive.members:
        kept = bytearray()
        is_rels = member.name.endswith(".rels")
        is_text = False
        for number, piece in enumerate(archive.chunks(member)):
            if not number:
                is_text = _is_markup(member.name, type_of(member.name), piece[:PROLOG])
            if is_text and (whole or is_rels or len(kept) < PROLOG):
                kept += piece
                if len(kept) > budget:
                    raise Refused(DEEP)
        if is_text and (whole or is_rels):
            budget -= len(kept)
            check_whole(bytes(kept), _see_relationship if is_rels else None, types)
        elif is_text:
            check_prolog(bytes(kept), types)


def _is_markup(name: str, declared: str, head: bytes) -> bool:
    """Whether a part is judged as XML: what looks so, unless it is a picture or page for browsers, or plainly binary."""
    suffix = extension(name)
    if not looks_like_xml(head) or declared == _SHOWN_ONLY.get(suffix, "-"):
        return False
    return suffix in _XML or declared.endswith(("+xml", "/xml")) or begins_as_xml(head)


def _see_relationship(name: str, attributes: Mapping[str, str]) -> None:
    """Links and linked pictures are left alone, nothing here follows them; remote templates and objects are attacks."""
    if name != "Relationship" or attributes.get("TargetMode", "").lower() != "external":
        return
    target = attributes.get("Target", "").strip().lower()
    if _LOCAL_FILE.match(target) or not target.startswith(_REMOTE):
        return
    if attributes.get("Type", "").lower().endswith(_FETCHED_AND_RUN):
        raise Refused(N_("Файл подгружает содержимое из интернета. Сохраните его заново без связанных объектов."))
