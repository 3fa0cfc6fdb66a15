"""The sheet as a Word file with places to fill in, for work without internet. The way back is ``offline_import``.

Knows no flask. Each place's tag carries a digest of the value it was given out with, and the whole a signed mark; so three
things are told apart: what the expert changed in the file, what was changed meanwhile on the page, and what somebody changed
in the file that is no place to fill in.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from workflow_app.assessment.criteria import NOT_APPLICABLE, WORDS, CriteriaSheet, Criterion
from workflow_app.documents.docx import blocks as b
from workflow_app.documents.docx import write
from workflow_app.documents.docx.blocks import text
from workflow_app.documents.russian.grammar import numbered
from workflow_app.features.reviews.review_draft import TEXTS, typed
from workflow_app.states.definitions.review_forms import MarkAnswer, ReviewSheet
from workflow_app.states.forms import asks

CODED: Final = "sheet"
CODE_LABEL: Final = "Код листа"
_YES: Final = "не применимо"
SPACE: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Place:
    """One place to fill in: the path of its value, what it is called, its criterion's number (0: none), its choices."""

    path: tuple[str, ...]
    label: str
    number: int = 0
    options: tuple[tuple[str, str], ...] = ()

    def shown(self, kept: str) -> str:
        """The words for a kept value; a value that is no choice any more is shown as it is."""
        return dict(self.options).get(kept, kept)

    def meant(self, words: str) -> str | None:
        """The value that the words mean; None when they are none of the choices."""
        if not self.options or not words:
            return words
        known = {label.casefold(): key for key, label in self.options} | {
            key.casefold(): key for key, _ in self.options
        }
        return known.get(words.casefold())


def places(sheet: CriteriaSheet) -> tuple[Place, ...]:
    """Return the places of a sheet, in the order of the page."""
    found = [place for number, one in enumerate(sheet.criteria, 1) for place in _of_criterion(sheet, number, one)]
    known = asks(ReviewSheet)
    found += [Place((name,), str(known[name].label)) for name in TEXTS]
    if sheet.mode == "words":
        verdicts = tuple((one.key, one.text) for one in sheet.verdicts)
        found.append(Place(("verdict",), str(known["verdict"].label), options=verdicts))
    found.append(Place(("note",), str(known["note"].label)))
    return tuple(found)


def _of_criterion(sheet: CriteriaSheet, number: int, criterion: Criterion) -> Iterator[Place]:
    base = ("marks", criterion.key)
    known = asks(MarkAnswer)
    if sheet.mode == "words":
        words = tuple(
            (key, str(title)) for key, title in WORDS.items() if key != NOT_APPLICABLE or sheet.may_skip(criterion)
        )
        yield Place((*base, "word"), str(known["word"].label), number, words)
    else:
        points = tuple((str(one), str(one)) for one in range(criterion.top + 1))
        for one in criterion.indicators:
            yield Place((*base, "points", one.key), one.text, number, points)
        if sheet.may_skip(criterion):
            yield Place((*base, "not_applicable"), "Применимость", number, (("1", _YES), ("", "применим")))
    if sheet.may_skip(criterion):
        yield Place((*base, "reason"), str(known["reason"].label), number)
    yield Place((*base, "rationale"), str(known["rationale"].label), number)


def value_of(raw: Mapping[str, Any], path: Sequence[str]) -> str:
    """Return a value of the typed review by its path, as text."""
    found: Any = typed(raw)
    for step in path:
        found = found.get(step) if isinstance(found, Mapping) else None
    if isinstance(found, bool):
        return "1" if found else ""
    return "" if found is None else str(found)


def lines_of(words: str) -> list[str]:
    """The lines of a value, by which two are compared: the spaces in a line are the editor's, the paragraphs the person's."""
    plain = words.replace("\r\n", "\n").replace("\r", "\n").strip()
    return [SPACE.sub(" ", one).strip() for one in plain.split("\n")]


def digest(words: str) -> str:
    """A few letters by which a value is known again, whatever an editor does to its spaces and line ends."""
    return hashlib.sha256(SPACE.sub(" ", words).strip().encode()).hexdigest()[:8]


def mark(secret: str, words: str) -> str:
    """The program's signature under what the file is: nobody else can make one (RFC 2104)."""
    return hmac.new(secret.encode(), f"offline-sheet|{words}".encode(), hashlib.sha256).hexdigest()[:32]


def said(assignment_id: int, criteria_id: int, digests: Sequence[str]) -> str:
    """What the program signs."""
    return f"{assignment_id}|{criteria_id}|{'.'.join(digests)}"


@dataclass(frozen=True, slots=True)
class About:
    """What the file says above the places: whose sheet of which case it is."""

    number: str
    title: str
    expert: str
    centre: str
    due: str = ""


def written(sheet: CriteriaSheet, raw: Mapping[str, Any], ids: tuple[int, int], secret: str, about: About) -> bytes:
    """Return the file. ``ids``: of the assignment and of the pinned criteria sheet's row."""
    known = places(sheet)
    digests = [digest(value_of(raw, one.path)) for one in known]
    code = f"{ids[0]}-{ids[1]}-{mark(secret, said(*ids, digests))}"
    return write.write(document(sheet, raw, about, code, list(zip(known, digests, strict=True))))


def heading(sheet: CriteriaSheet, number: int) -> str:
    """The heading above a criterion's places, or with 0 above the texts."""
    return f"{number}. {sheet.criteria[number - 1].title}" if number else "Экспертное заключение"


def document(
    sheet: CriteriaSheet, raw: Mapping[str, Any], about: About, code: str, known: list[tuple[Place, str]]
) -> b.Document:
    """The file as blocks."""
    blocks: list[b.Block] = [
        b.Facts(
            (
                ("Дело", f"{numbered(about.number)}, «{about.title}»"),
                ("Эксперт", about.expert),
                ("Срок", about.due or "не задан"),
            )
        ),
        b.Paragraph(
            text(
                "Заполняйте только поля после двоеточий. Другой текст, порядок и сами поля не меняйте: система это заметит."
            )
        ),
        b.Control(CODED, CODE_LABEL, code, fixed=True),
    ]
    before = -1
    for at, (place, short) in enumerate(known):
        if place.number != before:
            before = place.number
            blocks.append(b.Heading(heading(sheet, before)))
        shown = place.shown(value_of(raw, place.path))
        blocks.append(b.Control(f"f{at:03d}.{short}", place.label, shown, tuple(label for _, label in place.options)))
    return b.Document(
        kind="offline_sheet", form="record", title="ЭКСПЕРТНЫЙ ЛИСТ", heading="Для заполнения без интернета", organisation=(about.centre,),
        number=None, date="", place="", blocks=tuple(blocks),
        properties=b.Properties("Лист для заполнения без интернета", about.centre, datetime(1980, 1, 1, tzinfo=UTC),
            description=".".join(one for _, one in known)),
        foot=("Рабочий файл. Это не подписанный лист: загрузите его на странице экспертизы и подпишите там.",),
    )  # fmt: skip
