"""Uploads: received into the blob store and inspected by content before any row is touched."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.datastructures import FileStorage

from workflow_app.errors import N_, WorkflowError
from workflow_app.store.inspection import inspect
from workflow_app.web.scope import blobs, settings


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that passed: its clean name, type by content, size in bytes and hash."""

    name: str
    media_type: str
    size: int
    sha256: str


def take(file: FileStorage) -> Taken:
    """Store and inspect one uploaded file. A refused one leaves at most a nameless blob, which a sweep removes."""
    if not file.filename:
        raise WorkflowError(N_("Файл не выбран."))
    blob = blobs().put(file.stream, settings().upload_bytes)
    found = inspect(blobs().path(blob.sha256), file.filename)
    return Taken(found.clean_name, found.media_type, blob.size, blob.sha256)
