"""Files of one archive find their rows: by the number of the row or of the paper, by the name of the person."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import takewhile
from typing import Any, Final

from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.db.blobs import Blobs
from workflow_app.errors import N_, Unavailable, WorkflowError
from workflow_app.facts.directory import plain
from workflow_app.features.imports.lines import Line
from workflow_app.files import zip_limits
from workflow_app.files.file_names import clean_name
from workflow_app.files.inspect_upload import inspect
from workflow_app.spelling import number_key

MOST: Final = 200  # files of one archive
_HIDDEN: Final = ("__macosx", ".ds_store", "thumbs.db")
_STEM: Final = 5  # letters by which «заявление» and «заявления» are one word
_LEAST: Final = 4  # signs of a number that is not taken for a row's


@dataclass(frozen=True, slots=True)
class Found:
    """A file of an archive, stored and looked at; ``path``: where it stood in it; ``why``: why it cannot be taken."""

    path: str
    name: str
    media_type: str = ""
    size: int = 0
    sha256: str = ""
    why: str = ""

    def as_data(self, kind: str = "") -> dict[str, Any]:
        """Return the file as a row keeps it; ``kind``: which document it is."""
        return asdict(self) | {"kind": kind}


def found_again(file: Mapping[str, Any]) -> Found:
    """Return a file that was kept as data."""
    return Found(**{one.name: file[one.name] for one in fields(Found)})


def unpack(content: bytes, blobs: Blobs, limit: int) -> list[Found]:
    """Store and inspect every file of an archive, folders and what systems leave apart; a refused one says why. No lock is held."""
    found: list[Found] = []
    with zip_limits.opened(content) as archive:
        members = [one for one in archive.members if not one.folder and not _is_hidden(one.name)]
        if not members:
            raise WorkflowError(N_("В архиве нет файлов."))
        if len(members) > MOST:
            raise WorkflowError(
                N_("В архиве %(n)s файлов, за один раз можно не больше %(most)s.", n=len(members), most=MOST)
            )
        for one in members:
            name = clean_name(one.name.rpartition("/")[2])
            try:
                blob = blobs.put(io.BytesIO(archive.read(one, limit)), limit)
                looked = inspect(blobs.path(blob.sha256), name)
                found.append(Found(one.name, looked.clean_name, looked.media_type, blob.size, blob.sha256))
            except Unavailable:  # nothing is wrong with the file: the whole archive is sent once more
                raise
            except WorkflowError as error:
                found.append(Found(one.name, name, why=str(error.sentence)))
    return found


def _is_hidden(name: str) -> bool:
    parts = name.casefold().split("/")
    return any(one in _HIDDEN for one in parts) or parts[-1].startswith(("._", "~$"))


def match(files: Iterable[Found], lines: Sequence[Line]) -> dict[str, int]:
    """Return to which row (its id) each file belongs, by path; one that fits no row, or several, is left out."""
    found: dict[str, int] = {}
    for one in files:
        scores = {line.id: _score(one.path, line) for line in lines}
        best = max(scores.values(), default=0)
        winners = [id_ for id_, score in scores.items() if score == best]
        if best and len(winners) == 1:
            found[one.path] = winners[0]
    return found


def _score(path: str, line: Line) -> int:
    """Say how surely a path names a row: the paper's number, the whole name, surname and initials, the row's number, the surname."""
    words = plain(path.rpartition(".")[0].replace("_", " ").replace("/", " ")).split()
    pieces = [piece for word in words for piece in (word, *word.split("-"))]
    number = number_key(line.cell("outside_number"))
    if len(number) >= _LEAST and number in {number_key(one) for one in pieces}:
        return 50
    last, *names = plain(line.cell("full_name")).split() or [""]
    if last and last in pieces:
        if names and all(one in pieces for one in names):
            return 40
        initials = "".join(one[0] for one in names)
        said = "".join(takewhile(lambda one: len(one) <= len(initials) and one.isalpha(), _after(words, last)))
        if initials and said and initials.startswith(said):
            return 30
        return 10 if not said else 0
    first = re.match(r"0*(\d+)(?!\d)", plain(path.rpartition("/")[2]))
    return 20 if first and int(first[1]) == line.number and len(first[1]) < _LEAST else 0


def _after(words: Sequence[str], last: str) -> Sequence[str]:
    at = next((place for place, word in enumerate(words) if last in (word, *word.split("-"))), len(words))
    return words[at + 1 : at + 3]


def kind_of(file: Found, case_type: str, there: Iterable[str]) -> str:
    """Say which document of a case a file is: by its name, else the first required one that is not there yet, else the first expected."""
    if case_type not in CASE_TYPES:
        return ""
    kinds = CASE_TYPES[case_type].attachments
    words = plain(file.path.replace("_", " ").replace("/", " ").replace(".", " ")).split()
    for one in kinds:
        stems = [word[:_STEM] for word in plain(str(one.title)).split() if len(word) > _STEM]
        if any(word.startswith(stem) for stem in stems[:2] for word in words):
            return one.key
    taken = set(there)
    usual = [one.key for one in kinds if one.required({})] + [one.key for one in kinds if one.expected({})]
    return next((one for one in usual if one not in taken), (usual or [kinds[0].key])[-1])
