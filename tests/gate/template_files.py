"""Word templates for the tests, good and bad, and what the tests let a sealed child process do."""

import io
import os
import socket
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import docx

from tests.core.documents import samples
from workflow_app.documents.docx import write
from workflow_app.documents.template_fields.registry import values
from workflow_app.documents.template_fields.sample import sample
from workflow_app.documents.template_fields.starter import starter
from workflow_app.files import sandbox
from workflow_app.word_templates import render

KEY = "consolidated_conclusion"
DAY = date(2026, 11, 24)
ABOUT = render.About("Название", "Тема", "МКУ ИМЦ", "слова", datetime(2026, 11, 24, tzinfo=UTC), 2)
BODY = '<w:p><w:r><w:t xml:space="preserve">%s</w:t></w:r></w:p>'
MAIN = "word/document.xml"
LINKS = "word/_rels/document.xml.rels"
LINK = '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s"%s/>'
TYPE = '<Override PartName="%s" ContentType="%s"/>'


@cache
def good(key: str = KEY) -> bytes:
    """The starter of a kind."""
    return write.write(starter(key))


def values_of(key: str = KEY, rows: int = 4) -> render.Values:
    return values(key, sample(key, samples.CENTRE, DAY, rows=rows))


def paper(*paragraphs: str) -> bytes:
    """A template of these paragraphs alone."""
    word = docx.Document(io.BytesIO(good()))
    for one in [*word.element.body][:-1]:
        word.element.body.remove(one)
    for words in paragraphs:
        word.add_paragraph(words)
    return saved(word)


def saved(word: docx.document.Document) -> bytes:
    buffer = io.BytesIO()
    word.save(buffer)
    return buffer.getvalue()


def table(*rows: tuple[str, ...], above: tuple[str, ...] = ("Таблица",)) -> bytes:
    """A template with one table below some paragraphs."""
    word = docx.Document(io.BytesIO(paper(*above)))
    made = word.add_table(len(rows), len(rows[0]))
    for row, words in zip(made.rows, rows, strict=True):
        for cell, said in zip(row.cells, words, strict=True):
            cell.text = said
    word.add_paragraph("После таблицы")
    return saved(word)


def torn(*runs: str) -> bytes:
    """One paragraph whose text stands in many runs, as Word leaves it after corrections."""
    word = docx.Document(io.BytesIO(paper()))
    paragraph = word.add_paragraph()
    for one in runs:
        paragraph.add_run(one).bold = len(one) % 2 == 0
    return saved(word)


def changed(data: bytes, change: dict[str, Callable[[str], str]], add: dict[str, str | bytes] | None = None) -> bytes:
    """The package with parts changed and others added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, change[name](content.decode()) if name in change else content)
        for name, content in (add or {}).items():
            after.writestr(name, content)
    return out.getvalue()


def in_body(xml: str, data: bytes | None = None) -> bytes:
    """The template with this XML at the beginning of its text."""
    return changed(data or good(), {MAIN: lambda text: text.replace("<w:body>", f"<w:body>{xml}", 1)})


def linked(
    kind: str, target: str, *, external: bool = False, part: tuple[str, str, str | bytes] | None = None
) -> bytes:
    """The template with one more link of its text; ``part``: name, content type and content of a part beside it."""
    mode = ' TargetMode="External"' if external else ""
    change = {LINKS: lambda text: text.replace("</Relationships>", LINK % (kind, target, mode) + "</Relationships>")}
    if part is None:
        return changed(good(), change)
    name, type_, content = part
    change["[Content_Types].xml"] = lambda text: text.replace("</Types>", TYPE % (f"/{name}", type_) + "</Types>")
    return changed(good(), change, {name: content})


def in_header(words: str, *, footer: bool = False) -> bytes:
    word = docx.Document(io.BytesIO(good()))
    section = word.sections[0]
    (section.footer if footer else section.header).add_paragraph(words)
    return saved(word)


def in_title(words: str) -> bytes:
    word = docx.Document(io.BytesIO(good()))
    word.core_properties.title = words
    return saved(word)


def in_footnote(words: str) -> bytes:
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    note = f'<w:footnotes xmlns:w="{main}"><w:footnote w:id="2">{BODY % words}</w:footnote></w:footnotes>'
    return linked("footnotes", "footnotes.xml", part=("word/footnotes.xml", render.FOOTNOTES, note))


def typed(before: str, after: str) -> bytes:
    """The template with one content type changed."""
    return changed(good(), {"[Content_Types].xml": lambda text: text.replace(before, after)})


def declared(doctype: str, words: str = "") -> bytes:
    """The template whose text begins with a document type; ``words`` stand in it."""
    return changed(
        good(),
        {
            MAIN: lambda text: text.replace("<w:document", f"<!DOCTYPE d [{doctype}]><w:document", 1).replace(
                "<w:body>", f"<w:body>{BODY % words}", 1
            )
        },
    )


def with_part(kind: str, name: str, type_: str, content: str | bytes = b"x") -> bytes:
    """The template with one more part that its text is linked with; ``name`` is seen from the folder ``word``."""
    where = name.removeprefix("../") if name.startswith("../") else f"word/{name}"
    return linked(kind, name, part=(where, type_, content))


# ------------------------------------------------------------------------------------------------ jobs of a sealed child

DEEDS: dict[str, Callable[[str], object]] = {
    "reads a file": lambda path: Path(path).read_bytes(),
    "writes a file": lambda path: Path(path).write_bytes(b"x"),
    "deletes a file": lambda path: Path(path).unlink(),
    "runs a program": lambda _path: subprocess.run([sys.executable, "-V"], check=False),
    "runs a shell": lambda _path: os.system("true"),  # noqa: S605, S607 - it has to be refused
    "forks": lambda _path: os.fork(),
    "opens a connection": lambda _path: socket.create_connection(("127.0.0.1", 9), 0.1),
    "asks for an address": lambda _path: socket.getaddrinfo("localhost", 80),
}


def attempt(deed: str, path: str, _data: bytes) -> bytes:
    """In the child: do it after the seal."""
    sandbox.seal()
    try:
        DEEDS[deed](path)
    except PermissionError:
        return b"refused"
    return b"done"
