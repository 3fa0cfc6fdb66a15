"""Typed text put back into a page that was made without it: the fields of one form get the values that were sent from it.

Pure work on markup, so that it holds for every form of the product, however its page makes the fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from urllib.parse import urlsplit

_CHOSEN = frozenset({"checkbox", "radio"})
# What a form carries for the server; of these only the version goes back: who sent it saw that version (decisions.md 5).
_UNTOUCHED = frozenset({"submit", "button", "image", "reset", "file", "password", "hidden"})


@dataclass(slots=True)
class _Tag:
    """A start tag of the page, by its place in the text; ``inner`` is the place of a text area's content."""

    tag: str
    attrs: dict[str, str | None]
    start: int
    end: int
    form: object = None
    name: str = ""
    inner: tuple[int, int] | None = None

    def drawn(self, **changed: str | bool) -> str:
        """Return the tag anew with other attributes; False takes one away."""
        attrs = {name: value for name, value in self.attrs.items() if name not in changed}
        attrs |= {name: "" if value is True else value for name, value in changed.items() if value is not False}
        return "".join([f"<{self.tag}", *(f' {name}="{escape(value or "")}"' for name, value in attrs.items()), ">"])


@dataclass
class _Page(HTMLParser):
    """The forms of a page and their fields."""

    text: str
    forms: list[_Tag] = field(default_factory=list)
    fields: list[_Tag] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines = [0]
        for line in self.text.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self._form: _Tag | None = None
        self._select: _Tag | None = None
        self._area: _Tag | None = None
        self.feed(self.text)
        self.close()

    def _place(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of forms and fields."""
        start = self._place()
        found = _Tag(tag, dict(attrs), start, start + len(self.get_starttag_text() or ""))
        if tag == "form":
            self._form = found
            self.forms.append(found)
        elif tag == "select":
            self._select = found
        elif tag in ("input", "textarea", "option"):
            owner = self._select if tag == "option" else found
            if owner is None:
                return
            found.form = owner.attrs.get("form") or self._form
            found.name = owner.attrs.get("name") or ""
            self.fields.append(found)
            self._area = found if tag == "textarea" else None

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take ``<input/>`` for ``<input>``."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Close what is open."""
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._area is not None:
            self._area.inner = (self._area.end, self._place())
            self._area = None


def refill(page: str, path: str, sent_to: str, sent: Sequence[tuple[str, str]]) -> tuple[str, int, int] | None:
    """Return the page at ``path`` with what was ``sent`` to the path ``sent_to`` in the form that sends there.

    Beside it the place after the form's start tag, and how many fields that people see were filled. None: no such form.
    """
    found, values = _Page(page), dict[str, list[str]]()
    for name, value in sent:
        values.setdefault(name, []).append(value)
    form = _form(found, path, sent_to, values)
    if form is None:
        return None
    mine = [one for one in found.fields if one.form is form or (form.attrs.get("id") and one.form == form.attrs["id"])]
    edits, seen, turns = [(form.start, form.end, form.drawn(**{"data-echo": True}))], set[str](), dict[str, int]()
    for one in mine:
        if (edit := _edit(one, values, turns)) is not None:
            edits.append(edit)
            if one.attrs.get("type") != "hidden":
                seen.add(one.name)
    filled = seen & values.keys()
    return _edited(page, edits), form.start + len(edits[0][2]), len(filled)


def _form(found: _Page, path: str, sent_to: str, values: Mapping[str, object]) -> _Tag | None:
    """Return the form that sends to ``sent_to``; of several the one which has most of the names that were sent."""

    def names(form: _Tag) -> int:
        return len({one.name for one in found.fields if one.form in (form, form.attrs.get("id"))} & values.keys())

    sending = [
        one
        for one in found.forms
        if (one.attrs.get("method") or "").lower() == "post" and urlsplit(one.attrs.get("action") or path).path == sent_to
    ]  # fmt: skip
    return max(sending, key=names, default=None)


def _edit(one: _Tag, values: Mapping[str, list[str]], turns: dict[str, int]) -> tuple[int, int, str] | None:
    """Return the change of one field: from where, to where, the new text."""
    given, kind = values.get(one.name, []), (one.attrs.get("type") or "text").lower()
    if one.tag == "option" or (one.tag == "input" and kind in _CHOSEN):
        mark = "selected" if one.tag == "option" else "checked"
        # A tick without a value sends «on»; a group of which nothing was sent keeps nothing.
        chosen = one.attrs.get("value", "on") in given
        return (one.start, one.end, one.drawn(**{mark: chosen})) if one.name else None
    turn = turns[one.name] = turns.get(one.name, -1) + 1
    if turn >= len(given) or (one.tag == "input" and kind in _UNTOUCHED and one.name != "version"):
        return None
    if one.tag == "textarea":
        return (*one.inner, "\n" + escape(given[turn])) if one.inner else None  # a browser drops the first line end
    return one.start, one.end, one.drawn(value=given[turn])


def _edited(page: str, edits: Iterable[tuple[int, int, str]]) -> str:
    parts, at = list[str](), 0
    for start, end, text in sorted(edits):
        parts += [page[at:start], text]
        at = end
    return "".join([*parts, page[at:]])
