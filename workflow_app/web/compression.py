"""Answers leave compressed where the browser can read that: a list of 70 KB travels as 9.

Flask-Compress chooses the algorithm. It is not asked where another site made the browser call: who sees the length of an answer to
what he put into the question can guess what else stands in it, a letter at a time (BREACH, CVE-2013-3587). Browsers say who
called (``Sec-Fetch-Site``); older ones do not send our session's cookie with a stranger's call (SameSite=Lax), and the token of
a form is signed anew each second.
"""

from __future__ import annotations

from flask import Flask, Response, request
from flask_compress import Compress

_STRANGERS = ("cross-site", "same-site")
_PARTIAL = 206  # a range of bytes is named by its places in the file: it stays as it is
_compress = Compress()


def init_app(app: Flask) -> None:
    """Compress after everything else was done to an answer: what is registered first is called last."""
    app.config.update(
        COMPRESS_REGISTER=False,
        COMPRESS_ALGORITHM=["zstd", "br", "gzip"],
        COMPRESS_ALGORITHM_STREAMING=["zstd", "br"],  # files of the program
    )
    _compress.init_app(app)
    app.after_request(_leave)


def _leave(answer: Response) -> Response:
    if answer.status_code == _PARTIAL or request.headers.get("Sec-Fetch-Site") in _STRANGERS:
        return answer
    if answer.is_streamed and (close := getattr(answer.response, "close", None)):
        answer.call_on_close(close)  # the library puts an iterator in its place, and forgets the file
    return _compress.after_request(answer)
