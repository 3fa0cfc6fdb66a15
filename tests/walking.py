"""Walking the whole program as each of its people does: every kind of page that links lead to, and the words that stand there."""

import html
import re
from collections import Counter, deque
from collections.abc import Iterator
from urllib.parse import urlsplit

from flask import Flask

_ONE_OF_MANY = re.compile(r"(?<=/)(?:\d+|\d{4}-\d\d-\d\d|[0-9a-f]{8,})(?=/|$)")
_UNSEEN = re.compile(r"<(script|style|svg|code|pre)\b.*?</\1>|<[^>]*\bvisually-hidden\b[^>]*>[^<]*", re.DOTALL)
_FIELD = re.compile(r'<input(?![^>]*type="(?:hidden|radio|checkbox|password|month|date)")[^>]*\bvalue="([^"]*)"[^>]*>')


def walk(app: Flask, login: str, password: str, most: int = 1) -> Iterator[tuple[str, str]]:
    """Yield the address and the text of each page, at most ``most`` of a shape (``/cases/1`` and ``/cases/2`` have one)."""
    client = app.test_client()
    assert client.post("/login", data={"login": login, "password": password}).status_code == 303
    queue, seen, shapes = deque(["/"]), set(), Counter[str]()
    while queue:
        address = queue.popleft()
        shape = _ONE_OF_MANY.sub("*", urlsplit(address).path)
        if address in seen or shapes[shape] >= most or "logout" in address:
            continue
        seen.add(address)
        shapes[shape] += 1
        answer = client.get(address, buffered=True)  # read whole and closed, files too
        if answer.status_code in (301, 302, 303):
            queue.append(answer.location)
        elif answer.mimetype == "text/html":
            text = answer.get_data(as_text=True)
            yield address, text
            queue.extend(_links(text))


def _links(text: str) -> list[str]:
    found = (html.unescape(one) for one in re.findall(r'href="([^"#]+)', text))
    return [one for one in found if one.startswith("/") and not one.startswith(("/static", "/bootstrap"))]


def words(text: str) -> str:
    """What a person reads on a page: its text and what stands in its fields; no addresses, mailboxes, file names, hashes."""
    text = _FIELD.sub(r" \1 ", _UNSEEN.sub(" ", text[text.index("<body") :]))
    text = html.unescape(re.sub(r"<[^>]+>", " ", text))
    text = re.sub(r"\S*[/@]\S*|\b\S+\.(?:docx|pdf|xlsx|csv|json|eml|png|zip)\b|\b[0-9a-f]{10,}…?", " ", text)
    return " ".join(re.sub(r"\{\w+\}", " ", text).split())  # the places of a script's sentences
