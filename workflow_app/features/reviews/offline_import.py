"""The sheet comes back from Word: what the file says, checked against what was given out, compared with what is kept now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from workflow_app.assessment.criteria import CriteriaSheet
from workflow_app.documents.docx import write
from workflow_app.errors import N_, Sentence
from workflow_app.features.reviews.offline_docx import File, Foreign, plain, read
from workflow_app.features.reviews.offline_sheet import (
    CODE_LABEL,
    CODED,
    SPACE,
    About,
    Place,
    digest,
    document,
    heading,
    lines_of,
    mark,
    places,
    said,
    value_of,
)
from workflow_app.features.reviews.review_draft import typed

Way = Literal["file", "page", "both", "lines"]
_TAG: Final = re.compile(r"f(\d{3})\.([0-9a-f]{8})")
_CODE: Final = re.compile(r"(\d{1,10})-(\d{1,10})-([0-9a-f]{32})")
_ABOUT: Final = re.compile(r"(Дело|Эксперт|Срок): ")


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file says: its values by place, and what is strange about the file, in words."""

    values: Mapping[tuple[str, ...], str]
    given: Mapping[tuple[str, ...], str]  # digests of the values that the file was given out with
    remarks: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A place where file and page differ. ``way``: changed in the file, on the page since, in both, or only the paragraphs."""

    place: Place
    file: str
    page: str
    way: Way


def brought(file: File, sheet: CriteriaSheet, ids: tuple[int, int], secret: str) -> Brought:
    """Return what a file that was read says; Foreign when it is not the sheet that was given out for this very review."""
    known = places(sheet)
    code = _coded(file, ids)
    if not any(_TAG.fullmatch(tag) for tag, _ in file.controls):
        return _untagged(file, sheet, known, ids, code, secret)
    given, values, order, strange = {}, {}, [], 0
    for tag, words in file.controls:
        match = _TAG.fullmatch(tag)
        at = int(match[1]) if match else -1
        if match is None or at >= len(known) or known[at].path in values:
            strange += tag != CODED
            continue
        values[known[at].path], given[known[at].path] = words, match[2]
        order.append(at)
    missing = [one for one in known if one.path not in values]
    if not missing and mark(secret, said(*ids, [given[one.path] for one in known])) != code:
        raise Foreign(N_("Код листа не подходит к его полям: файл выдан другой системой или его собрали из двух."))
    return Brought(values, given, tuple(_remarks(file, sheet, known, missing, order, strange)))


def _coded(file: File, ids: tuple[int, int]) -> str:
    """Return the mark of the file's code when the code is of this very review."""
    spoken = (line.partition(f"{CODE_LABEL}: ")[2].strip() for line in file.lines if line.startswith(CODE_LABEL))
    code = _CODE.fullmatch(next(spoken, ""))
    if code is None:
        raise Foreign(N_("Это не лист для работы без интернета: в файле нет кода листа или он испорчен."))
    if int(code[1]) != ids[0]:
        raise Foreign(N_("Это лист другого дела или другого эксперта. Загрузите его на странице того дела."))
    if int(code[2]) != ids[1]:
        raise Foreign(N_("Лист выдан по другой редакции критериев. Скачайте новый и перенесите текст в него."))
    return code[3]


def _untagged(
    file: File, sheet: CriteriaSheet, known: Sequence[Place], ids: tuple[int, int], code: str, secret: str
) -> Brought:
    """Read a file whose editor dropped the marks of the places (LibreOffice before 7.5): by the labels in their order.

    The digests stand in the file's description too; without them nothing is known of what changed where, and every difference
    is put to the person.
    """
    digests = file.description.split(".")
    is_ours = len(digests) == len(known) and mark(secret, said(*ids, digests)) == code
    if file.description and not is_ours:
        raise Foreign(N_("Код листа не подходит к его полям: файл выдан другой системой или его собрали из двух."))
    given = {one.path: short for one, short in zip(known, digests, strict=True)} if is_ours else {}
    values: dict[tuple[str, ...], str] = {}
    number, place = -1, None
    gathered: list[str] = []
    headings = {_bare(heading(sheet, at)): at for at in range(len(sheet.criteria) + 1)}
    for line in (*file.lines, heading(sheet, 0)):
        found = next(
            (one for one in known if one.number == number and one.path not in values and _opens(one, line)), None
        )
        if found is None and _bare(line) not in headings:
            gathered.append(line)
            continue
        if place is not None:
            values[place.path] = plain("\n".join(gathered))
        number = headings.get(_bare(line), number) if found is None else number
        place, gathered = found, [line.strip()[len(found.label) + 1 :]] if found else []
    missing = [one for one in known if one.path not in values]
    return Brought(values, given, tuple(_remarks(file, sheet, known, missing, (), 0, marked=False)))


def _opens(place: Place, line: str) -> bool:
    """Whether a line begins a place: a choice stands beside its label, a text begins below it."""
    words = line.strip()
    return words.startswith(f"{place.label}:") if place.options else words == f"{place.label}:"


def _bare(words: str) -> str:
    return SPACE.sub("", words)


def _remarks(
    file: File,
    sheet: CriteriaSheet,
    known: Sequence[Place],
    missing: Sequence[Place],
    order: Sequence[int],
    strange: int,
    *,
    marked: bool = True,
) -> Iterator[Sentence]:
    """Say what was done to the file besides filling it in; the values stand by their own marks, wherever they are."""
    if missing:
        names = "; ".join(_called(sheet, one) for one in missing[:5])
        yield N_("Удалены поля: %(n)s (%(names)s). Их значения останутся как на странице.", n=len(missing), names=names)
    if strange:
        yield N_("Лишние или повторённые поля: %(n)s. Они не читаются.", n=strange)
    if list(order) != sorted(order):
        yield N_("Поля переставлены. Значения взяты по меткам полей, а не по месту.")
    if not marked:
        yield N_(
            "Редактор, в котором заполнен лист, не сохранил метки полей: значения взяты по подписям. Проверьте их."
        )
        return
    if added := _outside(file, known, sheet):
        quoted = "; ".join(f"«{one[:80]}»" for one in added[:3])
        yield N_("Текст вне полей изменён и не будет перенесён: %(n)s (%(words)s).", n=len(added), words=quoted)


def _called(sheet: CriteriaSheet, place: Place) -> str:
    return f"{sheet.criteria[place.number - 1].title}: {place.label}" if place.number else place.label


def _outside(file: File, known: Sequence[Place], sheet: CriteriaSheet) -> list[str]:
    """Return lines of the file that stand in no place and are none of the lines that were given out."""
    blank = document(sheet, {}, About("", "", "", ""), "0-0-0", [(one, "0" * 8) for one in known])
    ours = {_bare(one) for one in read(write.write(blank)).outside}
    return [one for one in file.outside if _bare(one) not in ours and not _ABOUT.match(one)]


def changes(sheet: CriteriaSheet, file: Brought, raw: Mapping[str, Any]) -> tuple[list[Change], list[Sentence]]:
    """Compare a file with what is kept now: the changes, and what in the file is no possible value."""
    found, wrong = [], []
    for place in places(sheet):
        if place.path not in file.values:
            continue
        words, page = file.values[place.path], value_of(raw, place.path)
        meant = place.meant(words)
        if meant is None:
            wrong.append(
                N_("«%(place)s»: нет такого значения – «%(said)s».", place=_called(sheet, place), said=words[:80])
            )
            continue
        if lines_of(meant) != lines_of(page):
            found.append(Change(place, meant, page, _way(meant, page, file.given.get(place.path, ""))))
    return found, wrong


def _way(meant: str, page: str, given: str) -> Way:
    """Tell who changed a value that was given out with the digest ``given``.

    A digest knows no paragraphs: when only these differ, nobody knows whose are newer, and the person decides.
    """
    if digest(meant) == digest(page):
        return "lines"
    in_file, on_page = digest(meant) != given, digest(page) != given
    return "both" if in_file and on_page else "file" if in_file else "page"


def merged(raw: Mapping[str, Any], taken: Mapping[tuple[str, ...], str]) -> dict[str, Any]:
    """Return the kept values with those of the file put in their places."""
    whole = typed(raw)
    for path, words in taken.items():
        at = whole
        for step in path[:-1]:
            at[step] = dict(at.get(step) or {})
            at = at[step]
        at[path[-1]] = words
    return whole


def named(change: Change, sheet: CriteriaSheet) -> Change:
    """Return the change with words instead of keys, for the page."""
    place = change.place
    return replace(
        change,
        place=replace(place, label=_called(sheet, place)),
        file=place.shown(change.file),
        page=place.shown(change.page),
    )
