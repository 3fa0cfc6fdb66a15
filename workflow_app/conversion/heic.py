"""Photographs of Apple's phones (HEIC) into JPEG by libheif's own program, when it is installed.

Browsers other than Safari do not show HEIC, and the Python packages that decode it carry an encoder under the GPL or are kept no
longer (ADR 10). Debian's ``libheif-examples`` has the program and gets its repairs.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from workflow_app.conversion import libreoffice
from workflow_app.files import sandbox

_PROGRAMS = ("heif-dec", "heif-convert")  # the new name and the old one
_QUALITY = "85"


def available() -> bool:
    """Whether the program is on this machine now."""
    return _program() is not None


def jpeg(path: Path, seconds: float = sandbox.SECONDS) -> bytes:
    """Return the first picture of the file as JPEG, turned as it was taken; ChildFailed when there is none to be had."""
    program = _program()
    if program is None:
        raise sandbox.NotTried
    with tempfile.TemporaryDirectory(prefix="workflow-heic-") as folder:
        command = (*libreoffice.without_network(), program, "-q", _QUALITY, str(path), str(Path(folder, "photo.jpg")))
        sandbox.program(*command, seconds=seconds)
        made = sorted(Path(folder).glob("photo*.jpg"))  # several pictures get a number each
        if not made:
            raise sandbox.ChildFailed
        return made[0].read_bytes()


def _program() -> str | None:
    return next(filter(None, map(shutil.which, _PROGRAMS)), None)
