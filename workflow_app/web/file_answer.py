"""The bytes of an attached file as an answer: always under its own name, never from a cache, a damaged one not at all."""

from __future__ import annotations

from flask import Response, request, send_file

from workflow_app.db.blobs import Damaged
from workflow_app.db.models import CaseFile
from workflow_app.files.file_names import content_disposition
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
