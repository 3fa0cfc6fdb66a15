"""Lists on pages: search, filters, sorting and pages stand in the address; exports give exactly what is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Response, make_response, request, url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, false, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from workflow_app import clock
from workflow_app.files.file_names import content_disposition
from workflow_app.files.write_table import Cell, write_csv, write_xlsx
from workflow_app.spelling import clean, number_key, plain

SIZES = (25, 50, 100)
EXPORT_MOST = 20_000  # rows
WORDS_MOST = 6
_DIGITS = 9  # of a row's number; more than that no database of ours counts to
_PICTURES = 50  # of a file of 3,000 pages
_NEAR = 2  # links to pages on either side of the present one
_OFFICE = "application/vnd.openxmlformats-officedocument."
_MEDIA = {
    "xlsx": f"{_OFFICE}spreadsheetml.sheet",
    "docx": f"{_OFFICE}wordprocessingml.document",
    "csv": "text/csv",
}

T = TypeVar("T")
Column = InstrumentedAttribute[Any] | ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; whatever makes no sense in it counts as not asked."""

    q: str
    sort: str
    descending: bool
    number: int
    size: int
    chosen: Mapping[str, str]

    def offset(self) -> int:
        """Return how many rows stand before the page."""
        return (self.number - 1) * self.size


def asked(sorts: Iterable[str], default: str, filters: Iterable[str] = (), *, descending: bool = False) -> Asked:
    """Read the address of the present request: ``q``, ``sort`` («name», «-name»), ``page``, ``size``, and the named filters."""
    given = request.args.get("sort", "")
    known = given.removeprefix("-") in set(sorts)
    number, size = request.args.get("page", "1"), request.args.get("size", "")
    return Asked(
        q=clean(request.args.get("q", ""))[:200],
        sort=given.removeprefix("-") if known else default,
        descending=given.startswith("-") if known else descending,
        number=min(max(int(number), 1), 100_000)
        if number.isascii() and number.isdigit() and len(number) <= _DIGITS
        else 1,
        size=int(size) if size in {str(one) for one in SIZES} else SIZES[0],
        chosen={name: value for name in filters if (value := clean(request.args.get(name, ""))[:200])},
    )


def within(what: Asked, total: int) -> Asked:
    """Return the asked page of ``total`` rows: past the end, as after the last task of a page was done, the last one is meant."""
    return replace(what, number=min(what.number, -(-total // what.size) or 1))


def _given() -> dict[str, list[str]]:
    """The arguments of the address; one may be named several times."""
    return dict(request.args.lists())


def _with(path: str, arguments: Mapping[str, object]) -> str:
    """Return a path with arguments. They are a stranger's words: ``url_for`` would take some of them for its own."""
    query = urlencode(arguments, doseq=True)
    return f"{path}?{query}" if query else path


def row_id(text: str) -> int | None:
    """Return the number of a row that an address names; None for what cannot be one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None


def address(**changes: object) -> str:
    """Return the present address with some arguments changed; None takes one away. Page 1 is never named."""
    arguments: dict[str, Any] = {**_given(), **changes}
    if "page" not in changes:
        arguments.pop("page", None)
    kept = {
        name: value
        for name, value in arguments.items()
        if value not in (None, "", [""]) and (name, value) != ("page", 1)
    }
    return _with(url_for(request.endpoint or "", **(request.view_args or {})), kept)


def matches(q: str, *columns: Column) -> list[ColumnElement[bool]]:
    """Return the conditions of a search: every word stands in one of the columns, whatever its case; «е» finds «ё».

    A column that keeps the keys of numbers is searched by the key of the word: MM-2026-21 in Latin letters finds its case.
    """
    words = plain(q).split()[:WORDS_MOST]
    return [or_(false(), *(_holds(one, word) for one in columns)) for word in words]


def _holds(column: Column, word: str) -> ColumnElement[bool]:
    if _base(column).info.get("make") is number_key:
        key = number_key(word)
        return column.contains(key, autoescape=True) if key else true()
    return func.replace(func.lower(column), "ё", "е").contains(word, autoescape=True)


def _base(column: Column) -> Any:
    return column.property.columns[0] if isinstance(column, InstrumentedAttribute) else column


def page_of(session: Session, found: Select[Any], what: Asked) -> tuple[Sequence[Any], int]:
    """Return one page's rows of an ordered statement, and how many rows there are in all."""
    total = session.scalar(select(func.count()).select_from(found.order_by(None).subquery())) or 0
    return session.scalars(found.limit(what.size).offset(what.offset())).unique().all(), total


def part_of(rows: Sequence[T], what: Asked) -> Sequence[T]:
    """Return one page of rows that are all in memory: of a list that is short for everybody but needs words to be sorted."""
    return rows[what.offset() : what.offset() + what.size]


def pagination(what: Asked, total: int) -> dict[str, Any]:
    """Return what the macro ``pagination`` draws."""
    pages = max(1, -(-total // what.size))
    near = [one for one in range(1, pages + 1) if one in (1, pages) or abs(one - what.number) <= _NEAR]
    links: list[dict[str, Any]] = []
    for place, one in enumerate(near):
        if place and one - near[place - 1] > 1:
            links.append({"gap": True})
        links.append({"number": one, "url": address(page=one), "current": one == what.number})
    first, last = what.offset() + 1, min(what.offset() + what.size, total)
    return {
        "number": what.number, "pages": pages, "links": links,
        "prev_url": address(page=what.number - 1) if what.number > 1 else "",
        "next_url": address(page=what.number + 1) if what.number < pages else "",
        "text": _("%(first)s–%(last)s из %(total)s", first=first, last=last, total=total) if first <= total else "",
        "sizes": [{"n": one, "url": address(size=one), "current": one == what.size} for one in SIZES] if total > SIZES[0] else [],
    }  # fmt: skip


def pictures(total: int) -> dict[str, Any]:
    """Return the pictures of pages that stand on the asked page of fifty, and what the macro ``pagination`` draws."""
    what = within(replace(asked((), ""), size=_PICTURES), total)
    shown = range(what.offset() + 1, min(what.offset() + _PICTURES, total) + 1)
    return {"shown": shown, "pager": pagination(what, total) | {"sizes": []}}


def heading(what: Asked, title: str, sort: str = "", *, numeric: bool = False) -> dict[str, Any]:
    """Return a column's head for the macro ``table``; with ``sort`` it is a link that sorts, the second time backwards."""
    if not sort:
        return {"title": title, "numeric": numeric}
    mine = what.sort == sort
    return {
        "title": title, "numeric": numeric, "sorted": ("desc" if what.descending else "asc") if mine else "",
        "sort_url": address(sort=f"-{sort}" if mine and not what.descending else sort),
    }  # fmt: skip


def exports(endpoint: str, kinds: Sequence[str] = ("xlsx", "csv"), **values: Any) -> list[dict[str, str]]:
    """Return the links that export the present list; the page of the export takes ``kind``, and ``values``."""
    arguments = {name: value for name, value in _given().items() if name not in ("page", "size")}
    return [{"title": kind.upper(), "url": _with(url_for(endpoint, kind=kind, **values), arguments)} for kind in kinds]


def kept(endpoint: str, **values: Any) -> str:
    """Return the address of another page of the same list, with the present search and filters."""
    arguments = {name: value for name, value in _given().items() if name not in ("page", "size")}
    return _with(url_for(endpoint, **values), arguments)


def exported(kind: str, header: Sequence[str], rows: Iterable[Sequence[Cell]], title: str) -> Response:
    """Return a list as a file: ``xlsx``, or ``csv``."""
    return sent(kind, write_xlsx(header, rows, title) if kind == "xlsx" else write_csv(header, rows), title)


def sent(kind: str, body: bytes | str, title: str) -> Response:
    """Return a file that was made of a list; ``kind`` is its extension."""
    answer = make_response(body)
    answer.mimetype = _MEDIA[kind]
    answer.headers["Content-Disposition"] = content_disposition(f"{title} {clock.now():%Y-%m-%d}.{kind}")
    return answer
