"""Lists on pages: search, filters, sorting and pages stand in the address; exports give exactly what is shown."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Response, request, url_for
from flask_babel import gettext as _

from workflow_app import clock
from workflow_app.db import counts
from workflow_app.db.keyset import Key, Order, Walk
from workflow_app.files.write_table import Cell, write_csv, write_xlsx
from workflow_app.spelling import clean
from workflow_app.web.file_answer import made
from workflow_app.web.formatting import counted

SIZES = (25, 50, 100)
EXPORT_MOST = 20_000  # rows
WORDS_MOST = 6
_LARGEST = 2**31 - 1  # what an id can be
_DIGITS = 9  # of a row's number; more than that no database of ours counts to
_PICTURES = 50  # of a file of 3,000 pages
_PLACE = ("page", "after", "before")  # where in a list one stands: any other change of it leads to its beginning
_KEY_MOST = 4096  # signs of a key in an address
_NEAR = 2  # links to pages on either side of the present one

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; whatever makes no sense in it counts as not asked."""

    q: str
    sort: str
    descending: bool
    number: int  # of the page; -1 is the last one, -2 the one before it
    size: int
    chosen: Mapping[str, str]
    after: str = ""  # the key behind which the page begins, as it stands in the address
    before: str = ""

    @property
    def is_first(self) -> bool:
        """Whether the first page is asked for."""
        return self.number == 1 and not (self.after or self.before)

    def offset(self) -> int:
        """Return how many rows stand before the page."""
        return (self.number - 1) * self.size


def asked(sorts: Iterable[str], default: str, filters: Iterable[str] = (), *, descending: bool = False) -> Asked:
    """Read the address of the present request: ``q``, ``sort`` («name», «-name»), ``page``, ``size``, and the named filters."""
    given = request.args.get("sort", "")
    known = given.removeprefix("-") in set(sorts)
    size = request.args.get("size", "")
    return Asked(
        q=clean(request.args.get("q", ""))[:200],
        sort=given.removeprefix("-") if known else default,
        descending=given.startswith("-") if known else descending,
        number=_page_number(request.args.get("page", "")),
        size=int(size) if size in {str(one) for one in SIZES} else SIZES[0],
        chosen={name: value for name in filters if (value := clean(request.args.get(name, ""))[:200])},
        after=request.args.get("after", ""),
        before=request.args.get("before", ""),
    )


def _page_number(text: str) -> int:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS):
        return 1
    return max(min(int(text), 100_000), -100_000) or 1


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
    left = {name: value for name, value in _given().items() if name.partition("-")[0] not in _PLACE}
    arguments: dict[str, Any] = left | changes
    kept = {
        name: value
        for name, value in arguments.items()
        if value not in (None, "", [""]) and (name.partition("-")[0], value) != ("page", 1)
    }
    return _with(url_for(request.endpoint or "", **(request.view_args or {})), kept)


def pages_of(name: str, total: int) -> dict[str, Any]:
    """Return which page of one of several lists of a page is asked in the argument ``name``, as the macro ``pagination`` draws it."""
    what = within(replace(asked((), ""), number=max(_page_number(request.args.get(name, "")), 1)), total)
    return pagination(what, total, name) | {"offset": what.offset(), "size": what.size}


def pagination(what: Asked, total: int, name: str = "page") -> dict[str, Any]:
    """Return what the macro ``pagination`` draws; ``name`` is the argument of the address with the number of the page."""
    pages = max(1, -(-total // what.size))
    first, last = what.offset() + 1, min(what.offset() + what.size, total)
    return {
        "number": what.number, "pages": pages, "links": _numbered(what.number, pages, pages, name),
        "prev_url": _leading(name, what.number - 1) if what.number > 1 else "",
        "next_url": _leading(name, what.number + 1) if what.number < pages else "",
        "text": _("%(first)s–%(last)s из %(total)s", first=first, last=last, total=total) if first <= total else "",
        "sizes": _sizes(what, total),
    }  # fmt: skip


def _leading(name: str, number: int) -> str:
    """Return the address of a page of a list; of one of several lists, «page-registration», with the place where it stands."""
    mark = name.partition("-")[2]
    return address(**{name: number}) + (f"#{mark}" if mark else "")


def _numbered(current: int, reach: int, pages: int, name: str = "page") -> list[dict[str, Any]]:
    """Return the links to the pages near the present one, up to ``reach``, to the first and, of as many ``pages``, to the last."""
    near = [one for one in range(1, reach + 1) if one in (1, pages) or abs(one - current) <= _NEAR]
    if current > reach:
        near.append(current)
    links: list[dict[str, Any]] = []
    for place, one in enumerate(near):
        if place and one - near[place - 1] > 1:
            links.append({"gap": True})
        url = "" if one > reach else _leading(name, one)
        links.append({"number": one, "url": url, "current": one == current})
    return links


def _sizes(what: Asked, total: int) -> list[dict[str, Any]]:
    return (
        [{"n": one, "url": address(size=one), "current": one == what.size} for one in SIZES] if total > SIZES[0] else []
    )


def _itself(row: Any) -> Any:
    return row


def stretch(
    what: Asked, order: Order, total: int, read: Callable[[Walk], Sequence[T]], *, of: Callable[[T], Any] = _itself
) -> tuple[Sequence[T], dict[str, Any]]:
    """Return the rows of the asked page of a list that is walked by its keys, and what the macro ``pagination`` draws.

    ``read`` gives the rows of a walk in the order of the list (``db.keyset``); ``of`` names the row of the order in one of them;
    ``total`` is a count of ``db.counts``. Pages among
    the first thousand rows have numbers to jump to; the neighbours and the last page of a longer list are reached by key.
    """
    reach = min(total, counts.MOST)
    walk = _walk(what, order, reach)
    found = read(walk)
    if not found and walk.place is not None:  # what stood there has gone
        what, walk = replace(what, number=-1), Walk(what.size + 1, back=True)
        found = read(walk)
    rows = found[-what.size :] if walk.back else found[: what.size]
    if walk.place is None and not walk.back:
        what = replace(what, number=walk.offset // what.size + 1)
    more = len(found) > what.size
    earlier, later = (more, walk.place is not None) if walk.back else (walk.place is not None or walk.offset > 0, more)
    ends = {
        "prev_url": _neighbour(what, -1, before=_key_text(order.key_of(of(rows[0])))) if earlier and rows else "",
        "next_url": _neighbour(what, 1, after=_key_text(order.key_of(of(rows[-1])))) if later and rows else "",
    }
    return rows, _pager(what, total, len(rows)) | ends


def _walk(what: Asked, order: Order, reach: int) -> Walk:
    limit = what.size + 1  # one more tells whether a page follows
    for text, back in ((what.after, False), (what.before, True)):
        if (place := _key(text, order)) is not None:
            return Walk(limit, place=place, back=back)
    if what.number == -1:
        return Walk(limit, back=True)
    number = min(max(what.number, 1), -(-reach // what.size) or 1)
    return Walk(limit, offset=(number - 1) * what.size)


def _neighbour(what: Asked, by: int, **place: str) -> str:
    return address(page=what.number + by or what.number, **place)


def _pager(what: Asked, total: int, shown: int) -> dict[str, Any]:
    known = total <= counts.MOST
    reach = -(-min(total, counts.MOST) // what.size) or 1
    links = _numbered(what.number, reach, reach if known else 0)
    if not known:
        last = {"title": _("последняя"), "url": address(page=-1), "current": what.number == -1}
        links += [{"gap": True}, last]
    return {
        "number": what.number,
        "pages": reach,
        "links": links,
        "text": _stands(what, total, shown),
        "sizes": _sizes(what, total),
    }


def _stands(what: Asked, total: int, shown: int) -> str:
    """Say where in the list the page stands."""
    if what.number < 0:
        return str(_("последняя страница") if what.number == -1 else _("%(n)s-я страница с конца", n=-what.number))
    first = what.offset() + 1
    last = first + shown - 1
    if total > counts.MOST:
        return str(_("%(first)s–%(last)s, всего %(total)s", first=first, last=last, total=counted(total)))
    return (
        _("%(first)s–%(last)s из %(total)s", first=first, last=min(last, total), total=total) if first <= total else ""
    )


def _key_text(key: Key) -> str:
    """Return a key as it stands in an address."""
    values = json.dumps([one.isoformat() if isinstance(one, date) else one for one in key], ensure_ascii=False)
    return urlsafe_b64encode(values.encode()).rstrip(b"=").decode()


def _key(text: str, order: Order) -> Key | None:
    """Return the key that an address names; None for what cannot be one of this order."""
    if not text or len(text) > _KEY_MOST:
        return None
    try:
        found = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        types = [getattr(order.of, name).type.python_type for name in order.all_names]
        return tuple(_value(one, kind) for one, kind in zip(found, types, strict=True))
    except (ValueError, TypeError, RecursionError):
        return None


def _value(given: object, kind: type[Any]) -> Any:
    """Return a value of a key as its column has it; ValueError or TypeError for what it cannot have."""
    if given is None:
        return None
    if isinstance(given, str) and issubclass(kind, date):
        value = kind.fromisoformat(given)
        if isinstance(value, datetime) and value.tzinfo is None:
            raise ValueError("a moment without a zone")
        return value
    if type(given) is not kind or (isinstance(given, int) and abs(given) > _LARGEST):
        raise TypeError(given)
    return clean(given) if isinstance(given, str) else given


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
    arguments = {name: value for name, value in _given().items() if name not in (*_PLACE, "size")}
    return [{"title": kind.upper(), "url": _with(url_for(endpoint, kind=kind, **values), arguments)} for kind in kinds]


def kept(endpoint: str, **values: Any) -> str:
    """Return the address of another page of the same list, with the present search and filters."""
    arguments = {name: value for name, value in _given().items() if name not in (*_PLACE, "size")}
    return _with(url_for(endpoint, **values), arguments)


def exported(kind: str, header: Sequence[str], rows: Iterable[Sequence[Cell]], title: str) -> Response:
    """Return a list as a file: ``xlsx``, or ``csv``."""
    return sent(kind, write_xlsx(header, rows, title) if kind == "xlsx" else write_csv(header, rows), title)


def sent(kind: str, body: bytes | str, title: str) -> Response:
    """Return a file that was made of a list; ``kind`` is its extension."""
    return made(body, f"{title} {clock.now():%Y-%m-%d}.{kind}")
