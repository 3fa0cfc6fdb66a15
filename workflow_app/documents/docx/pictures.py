"""Pictures in a Word file: what stands for one in the text, the links and the type that its package needs."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import Final
from xml.sax.saxutils import quoteattr

from workflow_app.documents.docx.parts import PICTURE_CLOSE, PICTURE_OPEN, packed

EMU: Final = 36_000  # of a millimetre
_SCHEMAS: Final = "http://schemas.openxmlformats.org"
_SPACES: Final = (
    f'xmlns:wp="{_SCHEMAS}/drawingml/2006/wordprocessingDrawing" xmlns:a="{_SCHEMAS}/drawingml/2006/main" '
    f'xmlns:pic="{_SCHEMAS}/drawingml/2006/picture" xmlns:r="{_SCHEMAS}/officeDocument/2006/relationships"'
)
_BODY: Final = "word/document.xml"
_MARK: Final = re.compile(f"{PICTURE_OPEN}Рисунок ([0-9]+){PICTURE_CLOSE}")
_FIRST: Final = 10  # numbers below belong to QR codes


def inline(relation: str, number: int, name: str, file: str, size: tuple[int, int], words: str) -> str:
    """Return a picture inside a run: ``size`` in mm; those who cannot see it hear the ``words``. Its ``number`` is its own in the file."""
    wide, high = (side * EMU for side in size)
    return (
        f"<w:drawing {_SPACES}><wp:inline>"
        f'<wp:extent cx="{wide}" cy="{high}"/><wp:docPr id="{number}" name={quoteattr(name)} descr={quoteattr(words)}/>'
        '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr><a:graphic>'
        f'<a:graphicData uri="{_SCHEMAS}/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
        f'<pic:cNvPr id="0" name="{file}"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
        f'<a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>'
        f'<a:off x="0" y="0"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )


def numbered(at: int, size: tuple[int, int], words: str) -> str:
    """Return the picture that :func:`parts` puts at this place, from nought."""
    return inline(_key(at), _FIRST + at, f"Рисунок {at + 1}", f"picture{at + 1}.png", size, words)


def parts(known: Mapping[str, bytes], made: Sequence[bytes]) -> dict[str, bytes]:
    """Return the parts of a package that change for the pictures of its text, PNG files in their order; none for no picture."""
    if not made:
        return {}
    links = "word/_rels/document.xml.rels"
    targets = {_key(at): f"media/picture{at + 1}.png" for at in range(len(made))}
    types = "[Content_Types].xml"
    return {
        links: linked(known.get(links, b""), targets),
        types: typed(known[types].decode()).encode(),
        **{f"word/{target}": data for target, data in zip(targets.values(), made, strict=True)},
    }


def placed(data: bytes, made: Sequence[tuple[bytes, tuple[int, int], str]]) -> bytes:
    """Return a template's file with pictures where their marks were left in its text: PNG, size in mm, words of each.

    A mark of a picture that there is not goes without a trace, and so does one outside the body.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        known = {name: package.read(name) for name in package.namelist()}
    marked = {
        name: text
        for name, content in known.items()
        if re.fullmatch(r"word/[^/]*\.xml", name) and PICTURE_OPEN in (text := content.decode())
    }
    if not marked:
        return data

    def shown(mark: re.Match[str]) -> str:
        at = int(mark[1]) - 1
        if at not in range(len(made)):
            return ""
        return f'</w:t>{numbered(at, made[at][1], made[at][2])}<w:t xml:space="preserve">'

    for name, text in marked.items():
        known[name] = _MARK.sub(shown if name == _BODY else "", text).encode()
    return packed(known | (parts(known, [one[0] for one in made]) if _BODY in marked else {}))


def _key(at: int) -> str:
    return f"rIdPicture{at + 1}"


def linked(known: bytes, targets: Mapping[str, str]) -> bytes:
    """Return the links of a part with those of pictures: the file of each by the key of its link; ``known`` may be empty."""
    kind = f"{_SCHEMAS}/officeDocument/2006/relationships/image"
    links = "".join(f'<Relationship Id="{key}" Type="{kind}" Target="{file}"/>' for key, file in targets.items())
    if not known:
        return f'<Relationships xmlns="{_SCHEMAS}/package/2006/relationships">{links}</Relationships>'.encode()
    text = known.decode()
    if "</Relationships>" not in text:  # an empty list may be one closed tag
        return re.sub(r"<Relationships([^>]*)/>", rf"<Relationships\1>{links}</Relationships>", text, count=1).encode()
    return text.replace("</Relationships>", f"{links}</Relationships>", 1).encode()


def typed(types: str) -> str:
    """Return the list of types with that of pictures."""
    if re.search(r'Extension="png"', types, re.IGNORECASE):
        return types
    return re.sub(r"(<Types[^>]*>)", r'\1<Default Extension="png" ContentType="image/png"/>', types, count=1)
