"""Office files that are zips: OOXML (docx, pptx, xlsx) and OpenDocument (odt, odp, ods); and plain archives.

One pass over an archive proves sizes and checksums, refuses XML with a document type, macros, things to run, and finds
out what the file really is from its own declaration, never from its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from workflow_app.errors import N_
from workflow_app.store.file_kinds import ARCHIVES, RUNNABLE, Accepted, Kind, Refused
from workflow_app.store.names import extension
from workflow_app.store.ole_guard import MACROS
from workflow_app.store.xml_guard import DEEP, PROLOG, check_prolog, check_whole, looks_like_xml
from workflow_app.store.zip_guard import BROKEN, LOCKED, Archive, Member

MAX_XML = 32 << 20  # bytes of XML parsed as a whole: 33 MB of dense markup take 2 s

_TYPES = "[Content_Types].xml"
_RUNS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
_PACKED = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_OFFICE_IN_ZIP = frozenset({"docx", "xlsx", "pptx", "odt", "ods", "odp"})
_FETCHED_AND_RUN = ("/attachedtemplate", "/oleobject", "/frame", "/subdocument", "/aflchunk", "/afchunk")
_REMOTE = ("http:", "https:", "ftp:", "\\\\", "//", "file://", "mhtml:", "ms-")
_LOCAL_FILE = re.compile(r"file:///[a-z]:")  # Word writes the path of its own template into every document
_MACRO_TYPES = ("macroenabled", "vbaproject", "macrosheet", "activex")


@dataclass
class _Declared:
    """What an OOXML package says about itself: content types, and where its main part is."""

    types: list[str] = field(default_factory=list)
    main_parts: list[str] = field(default_factory=list)

    def see_type(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in {"Default", "Override"}:
            self.types.append(attributes.get("ContentType", ""))

    def see_relationship(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship" and attributes.get("Type", "").endswith("/officeDocument"):
            self.main_parts.append(attributes.get("Target", "").lstrip("/"))


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
    _check_parts(archive, whole=expected.kind is Kind.TEXT)
    known = any(one.endswith(f".{expected.mark}+xml") for one in declared.types)
    return known and bool(declared.main_parts) and all(part in archive.names for part in declared.main_parts)


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

    check_whole(archive.read(archive.names["META-INF/manifest.xml"], PROLOG * 16), see)
    _check_parts(archive, whole=expected.kind is Kind.TEXT)
    return True


def check_plain(archive: Archive) -> None:
    """A plain archive: listed for people and never unpacked here, so what it may hold is judged by name and head."""
    for member in archive.members:
        suffix = extension(member.name)
        if suffix in RUNNABLE:
            raise Refused(N_("В архиве есть файл недопустимого вида: %(name)s.", name=member.name))
        head = b""
        for number, piece in enumerate(archive.chunks(member)):
            head = head if number else piece[:8]
        if head.startswith(_RUNS):
            raise Refused(N_("В архиве есть файл недопустимого вида: %(name)s.", name=member.name))
        if suffix in ARCHIVES or (head.startswith(_PACKED) and suffix not in _OFFICE_IN_ZIP):
            raise Refused(N_("Внутри архива ещё один архив: %(name)s. Приложите его отдельно.", name=member.name))


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


def _check_parts(archive: Archive, *, whole: bool) -> None:
    """Prove every part while reading it once; parse those that are XML, as far as ``whole`` or their role asks."""
    budget = MAX_XML
    for member in archive.members:
        kept = bytearray()
        is_rels = member.name.endswith(".rels")
        is_text = False
        for number, piece in enumerate(archive.chunks(member)):
            if not number:
                is_text = looks_like_xml(piece[:PROLOG]) and extension(member.name) != "svg"
            if is_text and (whole or is_rels or len(kept) < PROLOG):
                kept += piece
                if len(kept) > budget:
                    raise Refused(DEEP)
        if is_text and (whole or is_rels):
            budget -= len(kept)
            check_whole(bytes(kept), _see_relationship if is_rels else None)
        elif is_text:
            check_prolog(bytes(kept))


def _see_relationship(name: str, attributes: Mapping[str, str]) -> None:
    """Links and linked pictures are left alone, nothing here follows them; remote templates and objects are attacks."""
    if name != "Relationship" or attributes.get("TargetMode", "").lower() != "external":
        return
    target = attributes.get("Target", "").strip().lower()
    if _LOCAL_FILE.match(target) or not target.startswith(_REMOTE):
        return
    if attributes.get("Type", "").lower().endswith(_FETCHED_AND_RUN):
        raise Refused(N_("Файл подгружает содержимое из интернета. Сохраните его заново без связанных объектов."))
