"""Files as answers: an attached one under its own name, never from a cache, a damaged one not at all; one that we have made."""

from __future__ import annotations

from flask import Response, request, send_file

from workflow_app.db.blobs import Damaged
from workflow_app.db.models import CaseFile
from workflow_app.files.file_kinds import ACCEPTED
from workflow_app.files.file_names import content_disposition, extension
from workflow_app.web.request_scope import blobs, here


def sent(row: CaseFile, *, inline: bool) -> Response:
    """Answer with the file's bytes. A damaged one is refused rather than given."""
    partial = "Range" in request.headers
    if not (blobs().exists(row.sha256) if partial else blobs().verify(row.sha256)):
        here().note("damaged", "file", row.id, row.sha256)
        raise Damaged(row.sha256)
    answer = send_file(blobs().path(row.sha256), mimetype=row.media_type, etag=row.sha256)
    answer.headers["Content-Disposition"] = content_disposition(row.name, inline=inline)
    answer.headers["Cache-Control"] = (
        "no-store"  # not the library's no-cache: a personal file stays in no cache (ASVS 14.3.2)
    )
    return answer


def made(body: bytes | str, name: str, media: str = "", *, apart: bool = False) -> Response:
    """Answer with what we have made, to be saved under a name; what it is, its extension says where ``media`` does not.

    ``apart``: others had a hand in it; opened in a browser it runs nothing and asks for nothing.
    """
    answer = Response(body, mimetype=media or ACCEPTED[extension(name)].media_type)
    answer.headers["Content-Disposition"] = content_disposition(name)
    if apart:
        answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
