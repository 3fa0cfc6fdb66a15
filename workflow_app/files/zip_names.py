"""The names in a zip as people wrote them, whatever their archiver thought of letters beyond ASCII.

The format knows two ways: UTF-8 with a flag, or CP437, which nobody writes in Russia. Finder and many libraries write UTF-8
and forget the flag, Windows writes CP866, some programs CP1251. A whole archive was written by one program, so its names
are judged together.
"""

from __future__ import annotations

import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Sequence

_UTF8_FLAG = 0x0800
_UNICODE_PATH = 0x7075  # Info-ZIP: version, CRC-32 of the plain name, the name in UTF-8
_ENCODINGS = ("utf-8", "cp866", "cp1251")  # in the order of trust: the first wins among equals
_RUSSIAN = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ«»№–—“”„…\n\u0306\u0308")
_ENOUGH = 1 << 17  # bytes of names that are judged; one name has half as many at most
_LATIN_ENDS = 0x250
_PAIRS = re.compile(  # the frequent ones in Russian; looked for at every letter
    "(?=ст|но|то|на|ен|ов|ни|ра|во|ко|ро|ос|го|пр|ре|не|ло|ал|ер|ол|та|ат|ли|по|ка|от|ет|ла|ле|ор|ва|те|ан|ом|од|ия|ис|"
    "ел|ин|ма|ри|да|ив|ик|ру|ок|ут|ур|ки|ес|ль|де)"
)


def raw_name(info: zipfile.ZipInfo) -> bytes:
    """The bytes of a name as they stand in the directory."""
    return info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8_FLAG else "cp437")


def shown(infos: Sequence[zipfile.ZipInfo]) -> list[str]:
    """The names for people, in the order of ``infos``: composed, and without characters that do not show."""
    encoding = encoding_of([raw_name(one) for one in infos if not one.flag_bits & _UTF8_FLAG])
    return [_showable(_said_in_unicode(one) or _decoded(one, encoding)) for one in infos]


def encoding_of(names: Sequence[bytes]) -> str:
    """What the names of one archive are written in: the reading with the fewest characters foreign to a Russian name.

    CP866 and CP1251 share the bytes of half the small letters («план» would read «яырэ»); there the pairs of letters that
    are frequent in Russian decide.
    """
    together = b"\n".join(names)
    if len(together) > _ENOUGH:  # whole names: a cut letter is no UTF-8
        together = together[:_ENOUGH].rpartition(b"\n")[0]

    def badness(encoding: str) -> tuple[int, int]:
        try:
            text = together.decode(encoding)
        except UnicodeDecodeError:
            return (len(together) + 1, 0)
        foreign = sum(not _is_usual(one) for one in text)
        return (foreign, -len(_PAIRS.findall(text.lower())))

    return min(_ENCODINGS, key=badness)


def _is_usual(one: str) -> bool:
    latin = one.isprintable() if one.isascii() else one.isalpha() and ord(one) < _LATIN_ENDS
    return latin or one in _RUSSIAN


def _decoded(info: zipfile.ZipInfo, encoding: str) -> str:
    return raw_name(info).decode("utf-8" if info.flag_bits & _UTF8_FLAG else encoding, "replace")


def _said_in_unicode(info: zipfile.ZipInfo) -> str:
    """The name in the extra field beside the plain one, which newer programs unpack by; empty when there is none."""
    at = 0
    while at + 4 <= len(info.extra):
        kind, length = struct.unpack_from("<HH", info.extra, at)
        data = info.extra[at + 4 : at + 4 + length]
        at += 4 + length
        if kind == _UNICODE_PATH and data[:1] == b"\1" and data[1:5] == struct.pack("<I", zlib.crc32(raw_name(info))):
            return data[5:].decode()
    return ""


def _showable(name: str) -> str:
    composed = unicodedata.normalize("NFC", name)
    return "".join(one if unicodedata.category(one)[0] != "C" else "\ufffd" for one in composed)
