"""File names that people send, made harmless, and file names put into an HTTP header.

A name is only ever shown and offered for download; files are stored under their hash (``blobs``), so nothing here
guards a path on disk. What it guards: the person who reads the name (bidi tricks), the header (CRLF, quotes), the
disk of the person who downloads (reserved names, separators). security.md 40; RFC 6266, RFC 8187.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

MAX_CHARACTERS = 120
MAX_BYTES = 240  # NAME_MAX of common file systems is 255; a browser adds " (1)"
MAX_EXTENSION = 10
NAMELESS = "файл"

_UNSHOWABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_FORBIDDEN = str.maketrans({**dict.fromkeys("<>:|?*\\/\u2044\u2215\uff0f\uff3c", "_"), '"': "'"})
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?=\s*(?:\.|$))", re.IGNORECASE)
_SUFFIX = re.compile(rf"\.([^.\s]{{1,{MAX_EXTENSION}}})$")
_HEADER_SAFE = "!#$&+-.^_`|~"  # attr-char of RFC 8187 beside letters and digits
_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya".replace("_", "").split(" "),
        strict=True,
    ),
)


def clean_name(name: str) -> str:
    """The last part of ``name`` in NFC, at most 120 characters and 240 bytes of UTF-8, its extension kept.

    Without control, bidi and other unshowable characters, characters and device names that Windows refuses, dots and
    spaces at the ends. Never empty. Cleaning twice changes nothing.
    """
    text = re.sub(r"[\t\r\n\v\f]", " ", re.split(r"[/\\]", name)[-1])
    text = "".join(one for one in text if unicodedata.category(one) not in _UNSHOWABLE)
    text = unicodedata.normalize("NFC", text).translate(_FORBIDDEN)
    text = _trim(" ".join(text.split()))
    if _RESERVED.match(text):
        text = "_" + text
    return _shorten(text) or NAMELESS


def extension(name: str) -> str:
    """The last extension of a cleaned name in small letters and without its dot; empty when there is none."""
    found = _SUFFIX.search(name)
    return found[1].lower() if found else ""


def inner_extensions(name: str) -> tuple[str, ...]:
    """What stands between dots before the last extension: ``счёт.exe.pdf`` gives ``("exe",)``."""
    return tuple(part.strip().lower() for part in name.split(".")[1:-1])


def content_disposition(name: str, *, inline: bool = False) -> str:
    """The value of a Content-Disposition header: an ASCII name for old programs, then the true one (RFC 6266)."""
    name = clean_name(name)
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{_ascii(name)}\"; filename*=UTF-8''{quote(name, safe=_HEADER_SAFE)}"


def _trim(text: str) -> str:
    return text.strip().lstrip(". ").rstrip(". ")


def _shorten(text: str) -> str:
    if _fits(text):
        return text
    found = _SUFFIX.search(text)
    ending = found[0] if found and len(found[0].encode()) < MAX_BYTES // 2 else ""
    stem = text.removesuffix(ending)[: MAX_CHARACTERS - len(ending)]
    while not _fits(stem + ending):
        stem = stem[:-1]
    return (_trim(stem) or NAMELESS) + ending


def _fits(text: str) -> bool:
    return len(text) <= MAX_CHARACTERS and len(text.encode()) <= MAX_BYTES


def _ascii(name: str) -> str:
    spelled = "".join(_spell(one) for one in name)
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    # without the per cent sign, which some browsers would decode
    plain = re.sub(r"[^A-Za-z0-9 ._()+,=@!#$&'\[\]{}~-]", "_", plain)
    return plain if re.sub(r"\.[^.]*$", "", plain).strip(" .") else f"file{plain.strip()}"


def _spell(character: str) -> str:
    latin = _LATIN.get(character.lower())
    if latin is None:
        return character
    return latin.capitalize() if character.isupper() else latin
