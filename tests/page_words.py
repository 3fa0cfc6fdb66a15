"""The words that stand on a page."""

import html
import re

_UNSEEN = re.compile(r"<(script|style|svg|code|pre)\b.*?</\1>|<[^>]*\bvisually-hidden\b[^>]*>[^<]*", re.DOTALL)
_FIELD = re.compile(r'<input(?![^>]*type="(?:hidden|radio|checkbox|password|month|date)")[^>]*\bvalue="([^"]*)"[^>]*>')


def words(text: str) -> str:
    """What a person reads on a page: its text and what stands in its fields; no addresses, mailboxes, file names, hashes."""
    text = _FIELD.sub(r" \1 ", _UNSEEN.sub(" ", text[text.index("<body") :]))
    text = html.unescape(re.sub(r"<[^>]+>", " ", text))
    text = re.sub(r"\S*[/@]\S*|\b\S+\.(?:docx|pdf|xlsx|csv|json|eml|png|zip)\b|\b[0-9a-f]{10,}…?", " ", text)
    return " ".join(re.sub(r"\{\w+\}", " ", text).split())  # the places of a script's sentences
