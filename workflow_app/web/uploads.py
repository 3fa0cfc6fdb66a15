"""Uploads: scanned for viruses, received into the blob store and inspected by content before any row is touched."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, request
from werkzeug.datastructures import FileStorage

from workflow_app.errors import N_, WorkflowError
from workflow_app.files import virus_scanner
from workflow_app.files.inspect_upload import inspect
from workflow_app.files.read_table import read_table
from workflow_app.web.request_scope import blobs, settings


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that passed: its clean name, type by content, size in bytes and hash."""

    name: str
    media_type: str
    size: int
    sha256: str


def scan() -> list[str]:
    """Let the virus scanner look at every file of the request, while no lock is held; return what it found.

    A page hears of it where it asks for the file (:func:`demand_clean`), so that its form can say so and keep the rest.
    """
    sent = [one for many in request.files.listvalues() for one in many if one.filename]
    if not settings().scanner:
        return []
    refused: dict[int, WorkflowError] = {}
    found = []
    g.refused, away = refused, None
    for file in sent:
        try:
            if away is not None:  # one wait is enough
                raise away
            virus_scanner.scan(settings(), file.stream)
        except virus_scanner.Infected as error:
            refused[id(file)] = error
            found.append(error.name)
        except virus_scanner.Away as error:
            refused[id(file)] = away = error
        file.stream.seek(0)
    return found


def demand_clean(file: FileStorage) -> None:
    """Raise what the scanner has against a file; every reader of an uploaded file asks this first."""
    if (error := g.get("refused", {}).get(id(file))) is not None:
        raise error


def read_sent_table(**_arguments: object) -> None:
    """Read the table of a request into ``g.sent_table``, or say in ``g.table_fault`` why there is none: ``before`` of a page.

    No lock is held then: a workbook is opened in a process of its own. Fields: ``file``, or pasted ``rows``.
    """
    g.sent_table = g.table_fault = None
    file, text = request.files.get("file"), request.form.get("rows", "")
    try:
        if file is not None and file.filename:
            demand_clean(file)
            g.sent_table = read_table(file.stream.read(), file.filename)
        elif text.strip():
            g.sent_table = read_table(text)
        else:
            g.table_fault = N_("Вставьте строки таблицы или выберите файл.")
    except WorkflowError as error:
        g.table_fault = error.sentence


def take(file: FileStorage) -> Taken:
    """Store and inspect one uploaded file. A refused one leaves at most a nameless blob, which a sweep removes."""
    if not file.filename:
        raise WorkflowError(N_("Файл не выбран."))
    demand_clean(file)
    blob = blobs().put(file.stream, settings().upload_bytes)
    found = inspect(blobs().path(blob.sha256), file.filename)
    return Taken(found.clean_name, found.media_type, blob.size, blob.sha256)
