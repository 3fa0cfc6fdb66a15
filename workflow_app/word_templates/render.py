"""Users' Word templates: checked when they come, rendered when a document is issued; always in a child process.

The only importer of ``docxtpl``, which by itself runs whatever a template says (its issues 549, 632) and lets a value add
paragraphs of its own. Four walls stand around it (ADR 0011): the grammar, the sandbox of jinja2, a child process with
limits of time and memory, and the seal of that process (``sandbox.seal``), which refuses files, programs and the network.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from workflow_app.documents.checks import run as look
from workflow_app.documents.checks.package import Package, Unreadable, opened
from workflow_app.documents.docx.parts import settled
from workflow_app.documents.template_fields.registry import Declared, Values, declared
from workflow_app.errors import N_, Sentence, Words, WorkflowError
from workflow_app.files import sandbox, zip_limits
from workflow_app.files.file_kinds import ACCEPTED
from workflow_app.files.office_limits import check_ooxml
from workflow_app.files.xml_limits import check_whole
from workflow_app.word_templates.expressions import environment, faults
from workflow_app.word_templates.places import misplaced, spots
from workflow_app.word_templates.tags import Problem, problems

SECONDS: Final = 10.0  # for one document; the large sample shows at the upload that it is enough
MAX_TEMPLATE: Final = 5 << 20  # bytes of the file
MAX_PART: Final = 12 << 20  # characters of one part of the result
MAX_RESULT: Final = 10 << 20  # bytes of the result
MOST: Final = 100  # problems that are told
_PROPERTY: Final = 255
_SAFE: Final = ("package", "nothing_outside", "nothing_active", "nothing_hidden", "no_font_inside")
_TEXT: Final = re.compile(r"<w:t(?: [^<>]*)?>[^<>]*\Z")
FOOTNOTES: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"

TOO_LONG: Final = N_("Шаблон обрабатывался слишком долго или занял слишком много памяти.")
_TORN: Final = N_("После подстановки файл испорчен: цикл или условие разрывают абзац, ячейку или таблицу.")
_WHOLE: Final = N_("Весь файл")
_MISPLACED: Final = N_("Метка стоит не в тексте: её место – абзац, таблица, колонтитул или сноска.")


@dataclass(frozen=True, slots=True)
class About:
    """What a rendered file says of itself; ``created`` is aware."""

    title: str
    subject: str
    author: str
    keywords: str
    created: datetime
    version: int = 1


def check(path: Path, key: str, samples: Sequence[Values]) -> tuple[Problem, ...]:
    """Return what is wrong with the template at ``path`` for documents of kind ``key``; nothing, when it may be used.

    Besides its text, its work is tried: it has to render each of ``samples``. What a child cannot do is one problem.
    """
    if path.stat().st_size > MAX_TEMPLATE:
        return (Problem(_WHOLE, N_("Файл слишком большой: можно не больше %(limit)s МБ.", limit=MAX_TEMPLATE >> 20)),)
    try:
        found = sandbox.call(check_job, str(path), key, data=json.dumps(list(samples)).encode(), seconds=SECONDS * 2)
    except sandbox.ChildFailed:
        return (Problem(_WHOLE, TOO_LONG),)
    except WorkflowError as error:
        return (Problem(_WHOLE, error.sentence),)
    return tuple(Problem(_said(place), _sentence(what)) for place, what in json.loads(found))


def render(template: bytes, key: str, values: Values, about: About) -> bytes:
    """Return the file that the template makes of these values. Raises WorkflowError when it does not do it in its limits."""
    made = {"key": key, "values": values, "about": vars_of(about)}
    try:
        return sandbox.call(render_job, data=json.dumps(made).encode() + b"\n" + template, seconds=SECONDS)
    except sandbox.ChildFailed as error:
        raise WorkflowError(TOO_LONG) from error


def says(data: bytes, words: str) -> bool:
    """Whether a rendered file says these words somewhere: in its text, a header, a footer or a note."""
    return any(words in "".join(tree.itertext()) for _name, tree in opened(data).texts())


def vars_of(about: About) -> dict[str, Any]:
    """Return what a file says of itself as JSON has it."""
    return {name: getattr(about, name) for name in About.__slots__} | {"created": about.created.isoformat()}


# ------------------------------------------------------------------------------------------------------- in the child


def check_job(path: str, key: str, data: bytes) -> bytes:
    """In the child: the problems as JSON."""
    template = Path(path).read_bytes()
    _load()
    sandbox.seal()
    found = list(islice(problems_of(template, declared(key)), MOST))
    if not found:
        found = [Problem(_WHOLE, one) for one in _tried(template, json.loads(data))]
    return json.dumps([[_record(one.place), _record(one.what)] for one in found]).encode()


def render_job(data: bytes) -> bytes:
    """In the child: the rendered file. What is not allowed is refused here too, whatever was found at the upload."""
    head, _, template = data.partition(b"\n")
    told = json.loads(head)
    _load()
    sandbox.seal()
    for one in problems_of(template, declared(told["key"])):
        raise WorkflowError(N_("%(place)s: %(what)s", place=str(one.place), what=str(one.what)))
    about = About(**told["about"] | {"created": datetime.fromisoformat(told["about"]["created"])})
    return filled(template, told["values"], about)


def _tried(template: bytes, samples: list[Values]) -> Iterator[Sentence]:
    about = About("", "", "", "", datetime(2000, 1, 1, tzinfo=UTC))
    for one in samples:
        try:
            filled(template, one, about)
        except WorkflowError as error:
            yield error.sentence
            return


def problems_of(template: bytes, known: Declared) -> Iterator[Problem]:
    """Yield what is wrong. The package first; then every tag with its place; then the law: the very text that will be rendered."""
    try:
        package = _opened(template)
    except WorkflowError as error:
        yield Problem(_WHOLE, error.sentence)
        return
    found = [*_unsafe(template), *_outside(package)]
    found += [one for part in spots(package) for one in problems(part, known)]
    yield from found or _against_the_law(template, known)


def _opened(template: bytes) -> Package:
    """The package, as far as uploads and the checker of documents would open it. Raises WorkflowError."""
    with zip_limits.opened(template) as archive:
        if not check_ooxml(archive, ACCEPTED["docx"]):
            raise WorkflowError(N_("Это не документ Word (.docx)."))
    try:
        return opened(template)
    except Unreadable as error:
        raise WorkflowError(N_("Файл не читается: %(why)s", why=str(error))) from error


def _unsafe(data: bytes) -> Iterator[Problem]:
    for one in look.check(data):
        local = one.rule == "nothing_outside" and one.place.endswith(
            ": attachedTemplate"
        )  # taken out when it is rendered
        if one.rule in _SAFE and not local:
            yield Problem(one.place, one.sentence)


def _outside(package: Package) -> Iterator[Problem]:
    for place in misplaced(package):
        yield Problem(place, _MISPLACED)


def _against_the_law(template: bytes, known: Declared) -> Iterator[Problem]:
    for source in _sources(template):
        lines = source.splitlines()
        for number, what in faults(source, known):
            words = re.sub("<[^>]*>", "", lines[number - 1] if number <= len(lines) else "")
            yield Problem(words[:80] or _WHOLE, what)
        if source.lstrip().startswith("<"):  # not a property of the file, which is plain text
            yield from (Problem(words, _MISPLACED) for words in _bare(source))


def _bare(source: str) -> Iterator[str]:
    """Yield the values that would stand outside of a run's text: in an attribute, between two paragraphs."""
    for mark in re.finditer(r"\{\{.{0,60}", source):
        before = source.rfind("<", 0, mark.start())
        if not _TEXT.match(source, before, mark.start()):
            yield mark[0]


def _sources(template: bytes) -> Iterator[str]:
    """The texts exactly as the library gives them to jinja2."""
    opened_template = _library()(io.BytesIO(template))
    opened_template.init_docx()
    yield _broken(opened_template.patch_xml(opened_template.get_xml()))
    for uri in (opened_template.HEADER_URI, opened_template.FOOTER_URI):
        for _key, part in opened_template.get_headers_footers(uri):
            yield _broken(opened_template.patch_xml(opened_template.get_part_xml(part)))
    for part in opened_template.docx.part.package.parts:
        if part.content_type == FOOTNOTES:
            yield _broken(opened_template.patch_xml(part.blob.decode()))
    core = opened_template.docx.core_properties
    for name in ("author", "comments", "identifier", "language", "subject", "title"):
        yield str(getattr(core, name))


def _broken(source: str) -> str:
    """A paragraph a line, as the library does before it renders."""
    return re.sub(r"<w:p([ >])", r"\n<w:p\1", source)


def _load() -> None:
    """Import what rendering needs while files may still be read."""
    _library()
    "".encode("cp437")  # what zipfile reads names with


def _library() -> Any:
    """Return the library's class with a result that is proved to be whole: by itself it mends what is torn, silently."""
    from docxtpl import DocxTemplate  # type: ignore[import-untyped]  # noqa: PLC0415 - only the child needs it

    class Whole(DocxTemplate):  # type: ignore[misc]  # the library has no types
        def render_properties(self, context: Any, jinja_env: Any = None) -> None:
            """Leave them: they are written anew afterwards, and a long value does not fit in one."""

        def render_xml_part(self, src_xml: str, part: Any, context: Any, jinja_env: Any = None) -> str:
            made: str = super().render_xml_part(src_xml, part, context, jinja_env)
            if len(made) > MAX_PART:
                raise WorkflowError(N_("Документ получается слишком большим."))
            try:
                check_whole(made.encode())
            except WorkflowError as error:
                raise WorkflowError(_TORN) from error
            return made

    return Whole


def filled(template: bytes, values: Values, about: About) -> bytes:
    """Return the file that a template without problems makes; only in the child, only after :func:`problems_of`."""
    made = _library()(io.BytesIO(template))
    try:
        made.render(values, environment(), autoescape=True)
    except (MemoryError, RecursionError, WorkflowError):
        raise
    except Exception as error:
        raise WorkflowError(N_("Подстановка не удалась: %(why)s", why=type(error).__name__)) from error
    _signed(made.docx, about)
    _cut_off(made.docx)
    buffer = io.BytesIO()
    made.docx.save(buffer)
    data = settled(buffer)
    if len(data) > MAX_RESULT:
        raise WorkflowError(N_("Документ получается слишком большим."))
    for one in look.check(data):
        if one.rule in _SAFE:
            raise WorkflowError(N_("%(rule)s (%(place)s)", rule=str(one.sentence), place=one.place))
    return data


def _signed(word: Any, about: About) -> None:
    core = word.core_properties
    core.title, core.subject = about.title[:_PROPERTY], about.subject[:_PROPERTY]
    core.author = core.last_modified_by = about.author[:_PROPERTY]
    core.keywords, core.comments, core.category, core.language = about.keywords[:_PROPERTY], "", "", "ru-RU"
    core.created = core.modified = about.created.astimezone(UTC).replace(tzinfo=None)
    core.revision = about.version


def _cut_off(word: Any) -> None:
    """Take out the link to the file's own template, which Word writes down as a path of somebody's computer."""
    for part in word.part.package.parts:
        if part.content_type.endswith(".settings+xml"):
            for one in [each for each in part.element if each.tag.endswith("}attachedTemplate")]:
                part.element.remove(one)
            for key in [key for key, link in part.rels.items() if link.reltype.endswith("/attachedTemplate")]:
                del part.rels[key]


def _record(what: Words) -> Any:
    """A sentence as JSON has it, with the sentences in it; words that nobody translates as they are."""
    if isinstance(what, str):
        return what
    return [what.msgid, [[name, _record(one) if isinstance(one, Sentence) else one] for name, one in what.params]]


def _said(told: Any) -> Words:
    return told if isinstance(told, str) else _sentence(told)


def _sentence(told: Sequence[Any]) -> Sentence:
    return Sentence(told[0], tuple((name, _sentence(one) if isinstance(one, list) else one) for name, one in told[1]))
