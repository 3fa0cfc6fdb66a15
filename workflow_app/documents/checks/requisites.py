"""What ``check`` demands of the requisites: who, when, which number, about what, signed and approved how.

Each function yields the places where its rule is broken. What kind of document it is stands at the foot of every page
(«Приказ от 24.11.2026 № 45-од. Версия 1.»); what a kind needs is asked of the register of kinds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Final

from workflow_app.documents.checks.content import described
from workflow_app.documents.checks.package import Package, R, W, value
from workflow_app.documents.checks.text import MARK, STAMP, Paragraph, all_paragraphs, paragraphs
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.documents.russian.grammar import MONTHS, NBSP, day
from workflow_app.documents.russian.unconfirmed import NOTE

_SHORT: Final = r"\d{2}\.\d{2}\.\d{4}"
_MARK_WORDS: Final = "ДОКУМЕНТ ПОДПИСАН ЭЛЕКТРОННОЙ ПОДПИСЬЮ"
_MARK_LINES: Final = re.compile(
    rf"{_MARK_WORDS}\nСертификат \S[^\n]*\nВладелец \S[^\n]*\nДействителен с ({_SHORT}) по ({_SHORT})"
)
_SIMPLE: Final = "Подписано простой электронной подписью"
_SIMPLE_LINE: Final = re.compile(rf"{_SIMPLE}: [^,]+, .+, \d{{1,2}} [а-я]+ \d{{4}} г\., \d{{2}}:\d{{2}}.*")
_APPROVED: Final = re.compile(r"УТВЕРЖД(АЮ|ЁН|ЕН[ОАЫ]?)")
_BLANK: Final = re.compile(r"«_+» _* ?20_+ г\.")
_ACT: Final = re.compile(r"(приказом|распоряжением|постановлением|решением|протоколом|письмом) \S.*")
_DAY: Final = rf"{_SHORT}|\d{{1,2}} [а-я]+ \d{{4}} г\."
_DATED: Final = rf"от ({_DAY}) № ?"
_OF_ACT: Final = re.compile(rf"{_DATED}\S+|\(протокол {_DATED}[^\s()]+\)")  # a body's decision names its protocol
_FOOT: Final = re.compile(rf"(?P<name>.+?) от (?P<date>{_DAY})( № (?P<number>\S+?))?\.? Версия [1-9]\d*\.")
_DRAFT: Final = re.compile(r"(?P<name>.+)\. Проект, документ не зарегистрирован\.")
_DRAWN: Final = re.compile(rf"(?P<name>.+)\. Сформировано ({_DAY})\.?")  # a list or a register, not a registered paper
_ABOUT: Final = re.compile(r"(О|Об|Обо) \S")
_SITTING: Final = re.compile(r"([А-Яа-яё]+ )?[А-Яа-яё]+(ания|ения) \S")
_SIGNATURES: Final = frozenset({"signature", "подпись на бумаге", MARK})
_CHECK: Final = re.compile(r"Проверка документа: (?P<address>https?://[^\s,]+)")
_LONGEST: Final = 500  # letters of a line at the foot
_STAMP_LINES: Final = 4  # by a person: word, position, name, date; by an act one less
_RIGHT_HALF: Final = 4800  # twips from the left margin


def _words(paragraph: Paragraph) -> str:
    return paragraph.text.replace(NBSP, " ").strip()


def _styled(package: Package, name: str) -> list[str]:
    """What paragraphs of a style say outside tables, without empty ones."""
    found = (_words(one) for one in paragraphs(package) if one.style.name == name and not one.in_table)
    return [words for words in found if words]


@dataclass(frozen=True, slots=True)
class _Named:
    """What the foot says of the document; ``register`` is "" for a kind without numbers, None for an unknown kind."""

    draft: bool = False
    on: date | None = None
    number: str = ""
    register: str | None = None


def _named(package: Package) -> _Named:
    match = _said_below(next((words for _, words in _feet(package)), ""))
    if match is None:
        return _Named()
    if match.re is _DRAWN:
        return _Named(register="")
    said = match.groupdict()
    kinds = [one for one in KINDS.values() if f"{one.title} ".startswith(f"{said['name']} ")]
    register = (kinds[0].register or "") if kinds else None
    return _Named("date" not in said, _day_of(said.get("date") or ""), said.get("number") or "", register)


def _said_below(words: str) -> re.Match[str] | None:
    first = words.split("\n", maxsplit=1)[0][:_LONGEST]
    return _FOOT.fullmatch(first) or _DRAFT.fullmatch(first) or _DRAWN.fullmatch(first)


def _short(words: str | None) -> date | None:
    with suppress(ValueError, OverflowError):
        at, month, year = (words or "").split(".")
        return date(int(year), int(month), int(at))
    return None


def _day_of(words: str) -> date | None:
    """The day that is written in figures or in words; None for anything else."""
    if found := _short(words):
        return found
    pieces = words.split(" ")
    with suppress(ValueError, IndexError, OverflowError):
        on = date(int(pieces[2]), MONTHS.index(pieces[1]) + 1, int(pieces[0]))
        return on if day(on).replace(NBSP, " ") == words else None
    return None


def _feet(package: Package) -> Iterator[tuple[str, str]]:
    """The feet of the default and the first page: which, words."""
    for section in package.sections[:1]:
        for reference in section.findall(f"{W}footerReference"):
            for part, _ in package.related("footer", reference.get(f"{R}id", "")):
                words = [_words(one) for one in all_paragraphs(package) if one.part == part]
                yield value(reference, "type"), "\n".join(filter(None, words))


def foot(package: Package) -> Iterable[str]:
    """The same small type under the first page and the others: kind, date, number, version; or that it is a draft."""
    feet = dict(_feet(package))
    for which in ("default", "first"):
        if not _said_below(feet.get(which, "")):
            yield f"нижний колонтитул ({which})"
    if len(set(feet.values())) > 1:
        yield "нижние колонтитулы первой и прочих страниц расходятся"
    named, line = _named(package), "\n".join(_styled(package, "дата и номер"))
    said = is_day(line.split("\t", maxsplit=1)[0].strip())
    if said and named.on and day(named.on).replace(NBSP, " ") not in line and f"{named.on:%d.%m.%Y}" not in line:
        yield "нижний колонтитул: дата не та, что в реквизитах"
    if named.number and "№" in line and f"№ {named.number}" not in line:
        yield "нижний колонтитул: номер не тот, что в реквизитах"


def qr(package: Package) -> Iterable[str]:
    """Where the foot names the page of verification, the first page shows the same address as a code; else there is none."""
    feet = dict(_feet(package))
    said = _CHECK.search(feet.get("first", ""))
    shown = [
        words
        for section in package.sections[:1]
        for reference in section.findall(f"{W}footerReference")
        if value(reference, "type") == "first"
        for part, _ in package.related("footer", reference.get(f"{R}id", ""))
        for words in described(package, part)
    ]
    wanted = [said["address"]] if said else []
    if [words.rpartition(" ")[2] for words in shown] != wanted:
        yield "нижний колонтитул (first): QR-код"


def unsure(package: Package) -> Iterable[str]:
    """Where a form of a name is highlighted, the foot says that nobody confirmed it; where it says so, one is."""
    shown = [
        one for one in paragraphs(package) if any(run.find(f"{W}rPr/{W}highlight") is not None for run, _ in one.runs)
    ]
    said = any(NOTE in words for _, words in _feet(package))
    if said and not shown:
        yield "нижний колонтитул: пометка о неподтверждённых формах"
    yield from () if said else (one.place for one in shown)


def organisation(package: Package) -> Iterable[str]:
    """Whose document it is."""
    if not _styled(package, "организация"):
        yield "организация"


def dated(package: Package) -> Iterable[str]:
    """A day, or a blank for it, in the line of date and number."""
    lines = _styled(package, "дата и номер")
    if len(lines) != 1 or not (is_day(lines[0].split("\t")[0].strip())):
        yield "дата"


def is_day(words: str) -> bool:
    """A day of the calendar in figures or in words, or a blank that is filled in by hand."""
    return _day_of(words) is not None or bool(_BLANK.fullmatch(words))


def numbered(package: Package) -> Iterable[str]:
    """A registered kind bears its number, unless the foot says that it is a draft."""
    named, lines = _named(package), _styled(package, "дата и номер")
    if named.register != "" and not named.draft and not any(re.search(r"№ \S", line) for line in lines):
        yield "номер"


def titled(package: Package) -> Iterable[str]:
    """The kind of the document above the text; a letter may go without."""
    found = _styled(package, "title")
    if len(found) > 1 or not (found or _named(package).register == "letters"):
        yield "наименование вида документа"


def placed(package: Package) -> Iterable[str]:
    """Where it was made; a letter has its address instead."""
    if _named(package).register != "letters" and not _styled(package, "место составления"):
        yield "место составления"


def addressed(package: Package) -> Iterable[str]:
    """To whom a letter goes."""
    if _named(package).register == "letters" and not _styled(package, "адресат"):
        yield "адресат"


def about(package: Package) -> Iterable[str]:
    """The heading to the text, always: «О чём», in words; a protocol's says of what sitting it is."""
    found = _styled(package, "subtitle")
    due = _SITTING if _named(package).register in ("protocols", "extracts") else _ABOUT
    if len(found) != 1 or not due.match(found[0]):
        yield "заголовок к тексту"


def signed(package: Package) -> Iterable[str]:
    """A signature or a place for one below the text."""
    below = False
    for paragraph in paragraphs(package):
        below = below or paragraph.style.name in {"дата и номер", "subtitle"}
        if below and paragraph.style.name in _SIGNATURES and _words(paragraph):
            return
    yield "подпись"


def certificate(package: Package) -> Iterable[str]:
    """R36: the mark of a qualified signature has number, owner and validity, or there is no mark."""
    for paragraph in paragraphs(package):
        words = _words(paragraph)
        if paragraph.style.name != MARK and words.split("\n")[0].strip() != _MARK_WORDS:
            continue
        match = _MARK_LINES.fullmatch(words)
        begins, ends = (_short(match[1]), _short(match[2])) if match else (None, None)
        if not begins or not ends or ends < begins:
            yield paragraph.place


def framed(package: Package) -> Iterable[str]:
    """R36: nothing but the mark of a qualified signature stands in a frame; a simple one is a plain line."""
    for paragraph in paragraphs(package):
        if paragraph.element.find(f"{W}pPr/{W}pBdr") is not None and paragraph.style.name != MARK:
            yield paragraph.place
    marks = {id(one.element) for one in paragraphs(package) if one.style.name == MARK}
    for at, cell in enumerate(package.body.iter(f"{W}tc"), 1):
        if cell.find(f"{W}tcPr/{W}tcBorders") is not None and not any(id(one) in marks for one in cell.iter(f"{W}p")):
            yield f"ячейка {at}"


def simple(package: Package) -> Iterable[str]:
    """The line of a simple signature says who signed, in what position and when."""
    for paragraph in paragraphs(package):
        words = _words(paragraph)
        if words.startswith(_SIMPLE) and not _SIMPLE_LINE.fullmatch(words):
            yield paragraph.place


def one_stamp(package: Package) -> Iterable[str]:
    """УТВЕРЖДАЮ by a person or УТВЕРЖДЕНО by an act, never both."""
    found = [one for one in paragraphs(package) if _APPROVED.fullmatch(_words(one))]
    yield from (one.place for one in found[1:])


def _stamps(package: Package) -> list[list[Paragraph]]:
    """The lines of each approval stamp; a new one begins with its word."""
    found: list[list[Paragraph]] = []
    for paragraph in paragraphs(package):
        if paragraph.style.name == STAMP:
            if not found or _APPROVED.fullmatch(_words(paragraph)):
                found.append([])
            found[-1].append(paragraph)
    return found


def stamp_words(package: Package) -> Iterable[str]:
    """By a person: position, name, day or a blank. By an act: its name in the instrumental, its day and number."""
    for stamp in _stamps(package):
        lines = [_words(one) for one in stamp]
        word = _APPROVED.fullmatch(lines[0])
        if word is None:
            sound = False
        elif word[1] == "АЮ":
            sound = len(lines) >= _STAMP_LINES and all(lines) and is_day(lines[-1])
        else:
            sound = len(lines) == _STAMP_LINES - 1 and bool(_ACT.fullmatch(lines[1]) and _OF_ACT.fullmatch(lines[2]))
        if not sound:
            yield stamp[0].place


def stamp_place(package: Package) -> Iterable[str]:
    """The stamp stands at the top on the right: above title and heading, in the right half of the line."""
    below = False
    for paragraph in paragraphs(package):
        below = below or paragraph.style.name in {"title", "subtitle"}
        if paragraph.style.name == STAMP:
            left = paragraph.said("ind", "left", "start")
            if below or not left.isdecimal() or int(left[:9]) < _RIGHT_HALF:
                yield paragraph.place
